"""A prompt is a file with a header and two sections. Its reference, name@version#hash, says exactly which words ran."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.frozen import Origin
from callsheet.prompts.quoting import quote

NAME = r"[a-z]+(?:/[a-z_]+)+"
_PARTS = re.compile(r"\A---\n(?P<header>.*?)\n---\n\s*# system\n(?P<system>.*?)\n# user\n(?P<user>.*)\Z", re.DOTALL)
_SLOT = re.compile(r"<<([a-z_]+)>>")
_FIELDS = {
    "name": re.compile(NAME),
    "version": re.compile(r"[1-9]\d{0,3}"),
    "inputs": re.compile(r"\[(?: *[a-z_]+ *(?:, *[a-z_]+ *)*)?\]"),
    "output": re.compile(r"[A-Za-z][A-Za-z0-9]*"),
}
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_SEEN_ALL_THE_SAME = "\t\n\u200c\u200d"
"""White space, and the joiners without which Persian, Hindi and many a sign are not written as they should be."""
_TAGS = range(0xE0000, 0xE0FFF)
"""Tags and selectors that draw nothing and can spell out a whole sentence."""
_EXAMPLES = {"name": "director/shot", "version": "1", "inputs": "[campaign, shot]", "output": "ShotDraft"}


class PromptInvalid(WrongUse):
    """A prompt file does not say what it must: a header with name, version, inputs and output, and two sections."""


@dataclass(frozen=True)
class Prompt:
    """One version of one prompt. `inputs` are the names of its slots, each written `<<name>>` in the text.

    A campaign's own prompt has the version of the shipped one that it stands for, and `origin` says whose it is.
    """

    name: str
    version: int
    inputs: tuple[str, ...]
    output: str
    system: str
    user: str
    digest: str
    origin: Origin = "callsheet"

    @property
    def ref(self) -> str:
        """Name, version and the first twelve digits of the hash: `director/storyboard@v1#0123456789ab`.

        A campaign's own: `campaign:director/storyboard@v1#0123456789ab`.
        """
        whose = "campaign:" if self.origin == "campaign" else ""
        return f"{whose}{self.name}@v{self.version}#{self.digest[:12]}"

    def blocks(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Each input of the prompt as a quoted block; what else was given stays out of it.

        Raises PromptInvalid when an input is not given: an old version may ask for what nobody gathers any more.
        """
        if missing := [name for name in self.inputs if name not in given]:
            raise PromptInvalid(
                f"{self.ref} wants {', '.join(missing)}; this program gives {', '.join(sorted(given)) or 'nothing'}. "
                f"Take the pin of {self.name} out of the campaign's prompts, or pin a version that wants less"
            )
        return {name: quote(name, given[name]) for name in self.inputs}

    def fill(self, blocks: Mapping[str, str]) -> tuple[str, str]:
        """The system and user text with every slot filled once; what a block contains is never looked at again."""
        if set(blocks) != set(self.inputs):
            raise WrongUse(f"{self.ref} takes {', '.join(self.inputs)}; it was given {', '.join(sorted(blocks))}")
        system, user = (_SLOT.sub(lambda slot: blocks[slot[1]], text) for text in (self.system, self.user))
        return system, user


def load_prompt(address: str) -> Prompt:
    """The prompt of an address such as `director/storyboard@v1`, as shipped with the package."""
    return read_prompt(shipped_text(address).encode(), address)


@cache
def shipped_text(address: str) -> str:
    """The whole text of a shipped prompt. Raises NotFound, and WrongUse for what is no address."""
    match = re.fullmatch(rf"({NAME})@v([1-9]\d*)", address)
    if match is None:
        raise WrongUse(f"{address!r} names no prompt; write it as role/task@v1")
    found = files("callsheet.prompts").joinpath(*f"{match[1]}.v{match[2]}.md".split("/"))
    if not found.is_file():
        raise NotFound(f"there is no prompt {address}; `callsheet prompts list` names those there are")
    return normalise(found.read_bytes())


def read_prompt(content: bytes, address: str) -> Prompt:
    """Understand a prompt file, and refuse one whose header and text disagree or that is not the one of its address."""
    prompt = parse_prompt(content, address)
    if f"{prompt.name}@v{prompt.version}" != address:
        raise PromptInvalid(f"{address} calls itself {prompt.name}@v{prompt.version}")
    return prompt


def parse_prompt(content: bytes, called: str, origin: Origin = "callsheet") -> Prompt:
    """Understand a prompt file, whatever it is called. Raises PromptInvalid, which says what is wrong with it."""
    try:
        text = normalise(content)
    except UnicodeDecodeError as error:
        raise PromptInvalid(f"{called} is not UTF-8 text (byte {error.start}); save it as a text file") from None
    parts = _PARTS.match(text)
    if parts is None:
        raise PromptInvalid(f"{called} needs a header between two `---` lines, then `# system` and `# user`")
    header = _header(parts["header"], called)
    prompt = Prompt(
        name=header["name"],
        version=int(header["version"]),
        inputs=tuple(part.strip() for part in header["inputs"].strip("[]").split(",") if part.strip()),
        output=header["output"],
        system=parts["system"].strip(),
        user=parts["user"].strip(),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        origin=origin,
    )
    slots = {slot for text in (prompt.system, prompt.user) for slot in _SLOT.findall(text)}
    if slots != set(prompt.inputs):
        raise PromptInvalid(f"{called} declares {sorted(prompt.inputs)} but its text uses {sorted(slots)}")
    return prompt


def normalise(content: bytes) -> str:
    """The text with line ends as LF, so that a checkout on another system has the same hash."""
    return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def unseen_in(text: str) -> tuple[tuple[int, str], ...]:
    """Characters that nobody who reads a prompt can see and a model reads all the same, each with its line from 1."""
    return tuple(
        (number, mark)
        for number, line in enumerate(text.split("\n"), 1)
        for mark in dict.fromkeys(line)
        if mark not in _SEEN_ALL_THE_SAME and (unicodedata.category(mark) in _UNSEEN or ord(mark) in _TAGS)
    )


def _header(text: str, called: str) -> dict[str, str]:
    """Four lines of `key: value`, and nothing that a parser of anything larger could unfold."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        key, _, value = line.partition(":")
        if key not in _FIELDS:
            raise PromptInvalid(f"the header of {called} has a line {line[:60]!r}; it takes {', '.join(_FIELDS)}")
        if key in found:
            raise PromptInvalid(f"the header of {called} says {key} twice")
        if _FIELDS[key].fullmatch(value.strip()) is None:
            raise PromptInvalid(
                f"the header of {called} says {key}: {value.strip()[:60]}; write it as {key}: {_EXAMPLES[key]}"
            )
        found[key] = value.strip()
    if lacking := [key for key in _FIELDS if key not in found]:
        raise PromptInvalid(f"the header of {called} lacks {', '.join(lacking)}")
    return found
