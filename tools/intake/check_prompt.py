"""Which words the crew is given: pinned versions and prompt files of the campaign's own, frozen with the rest."""

import re
from datetime import date

from callsheet.domain.claim import LegalBook
from callsheet.domain.error import NotFound
from callsheet.domain.frozen import FrozenPrompt
from callsheet.domain.words.vet import Asked, vet_line
from callsheet.prompts.lint import lint
from callsheet.prompts.prompt import Prompt, PromptInvalid, load_prompt, normalise, parse_prompt, unseen_in
from callsheet.prompts.shelf import freeze, frozen, names, newest, versions
from callsheet.tools.intake.asset import Unusable, read_bytes
from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.problem import nearest_of
from callsheet.tools.rules.shipped import shipped_rules

MAX_BYTES = 24 * 1024
"""A prompt is read by a model for every shot; the longest one that is shipped has a quarter of this."""
_PIN = re.compile(r"(?:(?P<name>[a-z/_]*)@)?v(?P<version>[1-9]\d{0,3})(?:#(?P<hash>[0-9a-f]{12,64}))?")


def check_prompts(desk: Desk) -> tuple[FrozenPrompt, ...]:
    """The words of every task as this campaign has them: its own, pinned, or the newest that is shipped today."""
    if desk.is_doubtful("prompts"):
        return ()
    chosen: list[FrozenPrompt] = []
    for name, wish in desk.form.written.prompts.items():
        where = ("prompts", name)
        if name not in names():
            desk.wrong(where, "is no prompt", name, ", ".join(names()), nearest_of(name, names()))
            continue
        try:
            pin = _PIN.fullmatch(wish)
            chosen.append(_pinned(desk, name, pin) if pin else _own(desk, name, wish))
        except (Unusable, PromptInvalid, NotFound) as reason:
            desk.wrong(where, str(reason), wish)
    return freeze(chosen)


def _pinned(desk: Desk, name: str, pin: re.Match[str]) -> FrozenPrompt:
    if pin["name"] and pin["name"] != name:
        raise Unusable(f"pins another prompt, {pin['name']}")
    version, wanted = int(pin["version"]), pin["hash"] or ""
    if version not in versions(name):
        shipped = ", ".join(f"v{one}" for one in versions(name))
        raise Unusable(f"pins a version that is not shipped; there are {shipped}")
    prompt = load_prompt(f"{name}@v{version}")
    if not prompt.digest.startswith(wanted):
        raise Unusable(
            f"pins other words than are shipped as v{version}, which is {prompt.ref}; copy that, or keep the words "
            "you mean as a file in this folder and name the file here"
        )
    if version < newest(name):
        desk.note(("prompts", name), f"{name} stays at v{version}; v{newest(name)} is shipped")
    return frozen(name, version)


def _own(desk: Desk, name: str, path: str) -> FrozenPrompt:
    """A prompt file inside the folder that takes the place of a shipped version: same inputs, same output."""
    if not path.endswith(".md"):
        raise Unusable("is neither a version such as v1 nor a Markdown file such as prompts/my_words.md")
    _, data = read_bytes(desk.gathered.folder, path)
    if len(data) > MAX_BYTES:
        raise Unusable(f"is {len(data):,} bytes long; a prompt has at most {MAX_BYTES:,}")
    mine = parse_prompt(data, path, "campaign")
    text = normalise(data)
    for line, mark in unseen_in(text):
        raise Unusable(f"holds a character on line {line} that nobody can see (U+{ord(mark):04X}); take it out")
    _check_stands_for(mine, name)
    for flaw in lint(data, path, {mine.output}, promises):
        desk.note(("prompts", name), f"{path}, {flaw}")
    desk.note(("prompts", name), f"{name} is written with the campaign's own words: {mine.ref}")
    return FrozenPrompt(name=name, origin="campaign", text=text)


def _check_stands_for(mine: Prompt, name: str) -> None:
    if mine.name != name:
        raise Unusable(f"is the prompt {mine.name} by its header; write name: {name}")
    if mine.version not in versions(name):
        known = ", ".join(map(str, versions(name)))
        raise Unusable(f"stands for version {mine.version}, which is not shipped; write version: one of {known}")
    shipped = load_prompt(f"{name}@v{mine.version}")
    if set(mine.inputs) != set(shipped.inputs):
        raise Unusable(f"takes {_list(mine.inputs)}; as {shipped.ref} it must take {_list(shipped.inputs)}")
    if mine.output != shipped.output:
        raise Unusable(f"asks for a {mine.output}; as {shipped.ref} it must ask for a {shipped.output}")


def promises(line: str) -> tuple[str, ...]:
    """The words of a line that claim something, with nothing approved anywhere: what an example may not show."""
    found = vet_line(line, LegalBook(), shipped_rules(), Asked(markets=("US",), day=date.min))
    return tuple(dict.fromkeys(one.words for one in found))


def _list(inputs: tuple[str, ...]) -> str:
    return f"[{', '.join(inputs)}]"
