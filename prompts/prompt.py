"""A prompt is a file with a header and two sections. Its reference, name@version#hash, says exactly which words ran."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from callsheet.domain.error import NotFound, WrongUse

_PARTS = re.compile(r"\A---\n(?P<header>.*?)\n---\n\s*# system\n(?P<system>.*?)\n# user\n(?P<user>.*)\Z", re.DOTALL)
_SLOT = re.compile(r"<<([a-z_]+)>>")


class PromptInvalid(WrongUse):
    """A prompt file does not say what it must: a header with name, version, inputs and output, and two sections."""


@dataclass(frozen=True)
class Prompt:
    """One version of one prompt. `inputs` are the names of its slots, each written `<<name>>` in the text."""

    name: str
    version: int
    inputs: tuple[str, ...]
    output: str
    system: str
    user: str
    digest: str

    @property
    def ref(self) -> str:
        """Name, version and the first twelve digits of the hash: `director/storyboard@v1#0123456789ab`."""
        return f"{self.name}@v{self.version}#{self.digest[:12]}"

    def fill(self, blocks: Mapping[str, str]) -> tuple[str, str]:
        """The system and user text with every slot filled once; what a block contains is never looked at again."""
        if set(blocks) != set(self.inputs):
            raise WrongUse(f"{self.ref} takes {', '.join(self.inputs)}; it was given {', '.join(sorted(blocks))}")
        system, user = (_SLOT.sub(lambda slot: blocks[slot[1]], text) for text in (self.system, self.user))
        return system, user


@cache
def load_prompt(address: str) -> Prompt:
    """The prompt of an address such as `director/storyboard@v1`, as shipped with the package."""
    match = re.fullmatch(r"([a-z]+(?:/[a-z_]+)*)@v([1-9]\d*)", address)
    if match is None:
        raise WrongUse(f"{address!r} names no prompt; write it as role/task@v1")
    found = files("callsheet.prompts").joinpath(*f"{match[1]}.v{match[2]}.md".split("/"))
    if not found.is_file():
        raise NotFound(f"there is no prompt {address}; a new version is a new file under prompts/")
    return read_prompt(found.read_bytes(), address)


def read_prompt(content: bytes, address: str) -> Prompt:
    """Understand a prompt file, and refuse one whose header and text disagree."""
    text = normalise(content)
    parts = _PARTS.match(text)
    if parts is None:
        raise PromptInvalid(f"{address} needs a header between two `---` lines, then `# system` and `# user`")
    header: dict[str, Any] = yaml.safe_load(parts["header"])
    try:
        prompt = Prompt(
            name=header["name"],
            version=header["version"],
            inputs=tuple(header["inputs"]),
            output=header["output"],
            system=parts["system"].strip(),
            user=parts["user"].strip(),
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
    except KeyError as missing:
        raise PromptInvalid(f"the header of {address} lacks {missing}") from None
    slots = set(_SLOT.findall(prompt.system + prompt.user))
    if slots != set(prompt.inputs):
        raise PromptInvalid(f"{address} declares {sorted(prompt.inputs)} but its text uses {sorted(slots)}")
    if f"{prompt.name}@v{prompt.version}" != address:
        raise PromptInvalid(f"{address} calls itself {prompt.name}@v{prompt.version}")
    return prompt


def normalise(content: bytes) -> str:
    """The text with line ends as LF, so that a checkout on another system has the same hash."""
    return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
