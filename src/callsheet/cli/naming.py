"""Recognises what was typed: an answer, a run or a gate, in any order, each by its name or the beginning of it."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from callsheet.domain.error import NotFound, WrongUse

AnswerWord = Literal["approve", "edit", "reject"]
ANSWERS: tuple[AnswerWord, ...] = get_args(AnswerWord)


@dataclass(frozen=True)
class Question:
    """An open gate as the command line names it."""

    gate: str
    kind: str
    run: str


@dataclass(frozen=True)
class Asked:
    """What the words of a command meant."""

    run: str | None = None
    gate: str | None = None
    answer: AnswerWord | None = None


def recognise(words: Sequence[str], runs: Iterable[str], questions: Sequence[Question]) -> Asked:
    """Sort the words. Raises NotFound for one that is nothing known, and WrongUse for one that could be two things."""
    known = tuple(runs)
    asked = Asked()
    for word in words:
        meant = _meaning(word, known, questions)
        doubled = [field for field in ("run", "gate", "answer") if getattr(asked, field) and getattr(meant, field)]
        if doubled:
            raise WrongUse(f"{word} is a second {doubled[0]} beside {getattr(asked, doubled[0])}; name one")
        asked = Asked(meant.run or asked.run, meant.gate or asked.gate, meant.answer or asked.answer)
    return asked


def choose(asked: Asked, questions: Sequence[Question]) -> Question:
    """The one open gate that was meant. Raises WrongUse when none or several would do, and lists them."""
    fits = [
        one
        for one in questions
        if asked.run in (None, one.run) and (asked.gate in (None, one.gate) or asked.gate == one.kind)
    ]
    if len(fits) == 1:
        return fits[0]
    if not fits:
        where = f" of {asked.run}" if asked.run else ""
        what = f" {asked.gate}" if asked.gate else ""
        raise WrongUse(f"No gate{what}{where} waits for an answer; `callsheet status` says where the runs stand.")
    lines = [f"  {one.run}  {one.gate}" for one in fits]
    answer = asked.answer or "approve"
    raise WrongUse(
        "\n".join(
            ["Several gates are open; name the run or the gate:", *lines, f"callsheet decide {fits[0].run} {answer}"]
        )
    )


def run_named(word: str, runs: Iterable[str]) -> str:
    """The run of that name, or the only one that begins so. Raises NotFound or WrongUse."""
    known = tuple(runs)
    found = _named(word, known)
    if found is None:
        raise NotFound(_unknown(word, known, "run"))
    return found


def _meaning(word: str, runs: Sequence[str], questions: Sequence[Question]) -> Asked:
    gates = [one.gate for one in questions]
    kinds = sorted({one.kind for one in questions})
    if word in ANSWERS:
        return Asked(answer=word)
    if word in runs:
        return Asked(run=word)
    if word in gates or word in kinds:
        return Asked(gate=word)
    as_run, as_gate = _begins(word, runs), _begins(word, gates) or _begins(word, kinds)
    if as_run and as_gate:
        raise WrongUse(f"{word} could be {' or '.join([*as_run, *as_gate])}; type more of it")
    if as_run:
        return Asked(run=_named(word, runs))
    if as_gate:
        return Asked(gate=_named(word, as_gate))
    raise NotFound(_unknown(word, (*ANSWERS, *runs, *kinds, *gates), "answer, run or open gate"))


def _named(word: str, names: Sequence[str]) -> str | None:
    found = [word] if word in names else _begins(word, names)
    if len(found) > 1:
        raise WrongUse(f"{word} could be {', '.join(found)}; type more of it")
    return found[0] if found else None


def _begins(word: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if word and name.startswith(word)]


def _unknown(word: str, names: Sequence[str], what: str) -> str:
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    if close:
        return f"There is no {what} {word}; did you mean {close[0]}?"
    return f"There is no {what} {word}; there are: {', '.join(names) or 'none yet'}."
