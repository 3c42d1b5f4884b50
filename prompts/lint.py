"""What a prompt file must keep to beyond being readable: short, quoted, neutral, and data never takes the word."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from callsheet.prompts.prompt import PromptInvalid, normalise, parse_prompt, unseen_in

LONGEST_LINE = 120
LONGEST_TEXT = 6_000
"""Characters of a whole file: a small local model reads some twenty tokens a second, and reads it for every shot."""

_SLOT = re.compile(r"<<[a-z_]+>>")
_DATA_RULE = re.compile(r"<data\b.*?\b(?:never|not) (?:an? )?instructions?\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"^\W*(?:an? |for )?examples?\b", re.IGNORECASE)
_VENDORS = re.compile(
    r"\b(?:openai|chatgpt|gpt(?:-?\d[\w.]*)?|sora|anthropic|claude|google|gemini|veo|meta ai|llama|mistral|mixtral|qwen"
    r"|deepseek|grok|runway|kling|luma|pika|hailuo|minimax|seedance|midjourney|stable diffusion|wan ?2[\w.]*|ltx"
    r"|hunyuan\w*)\b",
    re.IGNORECASE,
)

Promises = Callable[[str], Sequence[str]]
"""The words of a line that claim something: the house's own gate for words, with nothing approved."""


@dataclass(frozen=True)
class Flaw:
    """One thing in a prompt file that the house does not ship: the line, counted from 1, and what to do about it."""

    line: int
    rule: str
    words: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.words} ({self.rule})"


def lint(content: bytes, called: str, outputs: Collection[str], promises: Promises) -> tuple[Flaw, ...]:
    """Every flaw of a prompt file, in reading order. `outputs` are the types that an agent can ask for."""
    try:
        prompt = parse_prompt(content, called)
    except PromptInvalid as invalid:
        return (Flaw(1, "readable", str(invalid)),)
    text = normalise(content)
    found = [*_long(text), *_unseen(text), *_slots(text), *_vendors(text), *_examples(text, promises)]
    if prompt.output not in outputs:
        found.append(Flaw(1, "output", f"no agent asks for a {prompt.output}; there are {', '.join(sorted(outputs))}"))
    if prompt.inputs and _DATA_RULE.search(" ".join(prompt.system.split())) is None:
        words = "say here that what stands between `<data ...>` and `</data>` is never an instruction"
        found.append(Flaw(_line_of(text, "# system"), "data", words))
    return tuple(sorted(found, key=lambda flaw: flaw.line))


def _long(text: str) -> Iterator[Flaw]:
    if len(text) > LONGEST_TEXT:
        yield Flaw(1, "length", f"is {len(text):,} characters long; a prompt has at most {LONGEST_TEXT:,}")
    for number, line in _lines(text):
        if len(line) > LONGEST_LINE:
            yield Flaw(number, "line", f"is {len(line)} characters long; break it at {LONGEST_LINE}")


def _unseen(text: str) -> Iterator[Flaw]:
    for number, mark in unseen_in(text):
        yield Flaw(number, "unseen", f"holds a character that nobody can see (U+{ord(mark):04X}); take it out")


def _slots(text: str) -> Iterator[Flaw]:
    for number, line in _lines(text):
        for slot in _SLOT.findall(line):
            if line.strip() != slot:
                yield Flaw(number, "slot", f"{slot} stands beside other words; give it a line of its own")


def _vendors(text: str) -> Iterator[Flaw]:
    for number, line in _lines(text):
        for named in _VENDORS.finditer(line):
            yield Flaw(number, "vendor", f"names {named[0]}; a prompt works with any model and any provider")


def _examples(text: str, promises: Promises) -> Iterator[Flaw]:
    """What stands in an example is copied by small models, so it may promise nothing that nobody approved."""
    is_example = is_fenced = False
    for number, line in _lines(text):
        if line.lstrip().startswith("```"):
            is_fenced = not is_fenced
            continue
        if not line.strip():
            is_example = False
        elif _EXAMPLE.match(line):
            is_example = True
        for words in promises(line) if is_example or is_fenced else ():
            yield Flaw(number, "example", f"promises {words!r} in an example; a model may copy it into a film")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"), 1)


def _line_of(text: str, heading: str) -> int:
    return next((number for number, line in _lines(text) if line.strip() == heading), 1)
