"""Two runs side by side: what each cost, and where their plans, cuts, files and decisions part.

Read from their records alone; a run that was forked is held against what it shares with the other as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any, TypeVar

from callsheet.domain.count import counted
from callsheet.domain.cut import Clip, Cut, Super
from callsheet.domain.gate import Verdict
from callsheet.domain.identity import RunId
from callsheet.domain.money import nothing
from callsheet.domain.purchase import PAID
from callsheet.domain.quote import seconds_text
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Panel, Storyboard, VariantPlan
from callsheet.domain.writing import Words
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage import words
from callsheet.storage.database import Transaction
from callsheet.studio.story import Story, gather

P = TypeVar("P", Panel, Clip)
ABSENT = "-"
_WORDED = ("prompt", "negative_prompt")
"""What the Director writes from the other fields of a shot: said only where nothing else explains it."""


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same: where, what of it, and how it is in either run."""

    place: str
    what: str
    one: str
    other: str


@dataclass(frozen=True)
class Answered:
    """A gate on a run's way, those of the runs it was forked from included: its kind and the answer in words."""

    kind: str
    answer: str


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    story: Story
    answers: tuple[Answered, ...] = ()
    words: Words | None = None


@dataclass(frozen=True)
class Comparison:
    """What is different between two runs. `costs` has every row, the same or not; the rest only what differs."""

    one: str
    other: str
    relation: str
    costs: tuple[Difference, ...]
    storyboard: tuple[Difference, ...]
    cuts: tuple[Difference, ...]
    files: tuple[Difference, ...]
    same_files: tuple[str, ...]
    gates: tuple[Difference, ...]

    @property
    def is_same_film(self) -> bool:
        """Whether both have finished files, and every one of them is the same picture and sound."""
        return bool(self.same_files) and not self.files

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "is_same_film": self.is_same_film}


def compare_runs(tx: Transaction, one: RunId, other: RunId) -> Comparison:
    """Read two runs of the workspace and compare them. Raises NotFound."""
    return compare(_side(tx, one), _side(tx, other))


def compare(one: Side, other: Side) -> Comparison:
    """Hold one run against another."""
    first, second = one.story, other.story
    files, same = _files(first, second)
    return Comparison(
        one=first.run.id,
        other=second.run.id,
        relation=_relation(first, second) or _relation(second, first),
        costs=tuple(_costs(one, other)),
        storyboard=tuple(_storyboards(_board(first), _board(second))),
        cuts=tuple(_cuts(first, second)),
        files=files,
        same_files=same,
        gates=tuple(_gates(one.answers, other.answers)),
    )


def _side(tx: Transaction, run: RunId) -> Side:
    return Side(gather(tx, run), tuple(_answers(tx, run)), words.of_run(tx, run))


def _answers(tx: Transaction, run: RunId, until: str = "") -> list[Answered]:
    fork, mine = runs.find(tx, run).forked_from, gates.gates_of(tx, run)
    names = [str(one.id) for one in mine]
    before = _answers(tx, fork.run, fork.gate) if fork else []
    shown = mine[: names.index(until)] if until in names else mine
    return [*before, *(Answered(one.kind, _in_words(gates.verdict_at(tx, one.id))) for one in shown)]


def _in_words(verdict: Verdict) -> str:
    edits = [f"{key}={value}" for one in verdict.decisions for key, value in sorted(one.edits.items())]
    notes = [one.note for one in verdict.decisions if one.note and not one.edits]
    by = ["by written policy"] if any(one.by.authenticated == "policy" for one in verdict.decisions) else []
    said = ", ".join([*by, *edits, *notes])
    return f"{verdict.answer} ({said})" if said else verdict.answer


def _relation(fork: Story, parent: Story) -> str:
    origin = fork.run.forked_from
    if origin is None or origin.run != parent.run.id:
        return ""
    return f"{fork.run.id} was forked from {origin.run} at {origin.gate}"


def _costs(one: Side, other: Side) -> Iterable[Difference]:
    for (what, here), (_, there) in zip(_bill(one), _bill(other), strict=True):
        yield Difference("costs", what, here, there)


def _bill(side: Side) -> list[tuple[str, str]]:
    story = side.story
    own = {one.key for one in story.purchases}
    adopted = [take for take in story.takes.values() if take.purchase not in own]
    currency = story.book.spent.currency
    return [
        ("takes bought", str(sum(one.state in PAID for one in story.purchases))),
        ("seconds bought", f"{story.book.spent_seconds} s"),
        ("spent on takes", str(story.book.spent)),
        ("takes adopted", str(len(adopted))),
        ("seconds adopted", f"{sum(take.seconds for take in adopted)} s"),
        ("worth of what was adopted", str(reduce(add, (take.price for take in adopted), nothing(currency)))),
        ("words", str(side.words.spent) if side.words else str(nothing(currency))),
        ("finished film", seconds_text(story.finished_seconds)),
    ]


def _board(story: Story) -> Storyboard | None:
    """The storyboard of the finished film, or else the one that was planned last."""
    has_cuts = story.last is not None and story.run.status == "finished"
    return story.last.storyboard if has_cuts and story.last else story.storyboard


def _storyboards(one: Storyboard | None, other: Storyboard | None) -> Iterable[Difference]:
    if one is None or other is None:
        if one is not other:
            yield Difference(
                "storyboard", "plan", *(ABSENT if board is None else board.title for board in (one, other))
            )
        return
    here, there = {shot.id: shot for shot in one.shots}, {shot.id: shot for shot in other.shots}
    for name in dict.fromkeys((*here, *there)):
        yield from _shots(name, here.get(name), there.get(name))
    plans, others = {plan.id: plan for plan in one.variants}, {plan.id: plan for plan in other.variants}
    for variant in dict.fromkeys((*plans, *others)):
        yield from _plans(f"variant {variant}", plans.get(variant), others.get(variant))


def _shots(name: str, one: Shot | None, other: Shot | None) -> Iterable[Difference]:
    if one is None or other is None:
        yield Difference(name, "shot", *(ABSENT if shot is None else shot.subject for shot in (one, other)))
        return
    found = list(_fields(name, one, other, set(Shot.model_fields)))
    yield from [each for each in found if each.what.replace(" ", "_") not in _WORDED] or found


def _plans(name: str, one: VariantPlan | None, other: VariantPlan | None) -> Iterable[Difference]:
    if one is None or other is None:
        yield Difference(name, "variant", *(ABSENT if plan is None else plan.audience for plan in (one, other)))
        return
    yield from _fields(name, one, other, {"audience", "hypothesis"})
    yield from _told(name, "order of shots", _order(one.panels), _order(other.panels))
    for shot, here, there in _pairs(one.panels, other.panels):
        yield from _fields(f"{name}, {shot}", here, there, {"seconds", "caption", "transition"})
        yield from _told(f"{name}, {shot}", "callout", _callout(here), _callout(there))
    yield from _fields(f"{name}, end card", one.end_card, other.end_card, set(type(one.end_card).model_fields))


def _callout(panel: Panel) -> str:
    return panel.callout.text if panel.callout else ABSENT


def _cuts(one: Story, other: Story) -> Iterable[Difference]:
    here, there = _cuts_of(one), _cuts_of(other)
    for name in dict.fromkeys((*here, *there)):
        if name not in here or name not in there:
            yield Difference(name, "cut", *(_length(cuts[name]) if name in cuts else ABSENT for cuts in (here, there)))
        else:
            yield from _cut(name, here[name], there[name])


def _cuts_of(story: Story) -> dict[str, Cut]:
    return {cut.name: cut for cut in (story.last.cuts.values() if story.last else ())}


def _cut(name: str, one: Cut, other: Cut) -> Iterable[Difference]:
    yield from _told(name, "length", _length(one), _length(other))
    yield from _told(name, "order of clips", _order(one.clips), _order(other.clips))
    for shot, here, there in _pairs(one.clips, other.clips):
        yield from _fields(f"{name}, {shot}", here, there, {"take", "source_in", "frames", "transition"})
    for kind in ("caption", "callout", "legal", "label"):
        yield from _told(name, f"{kind}s", _supers(one, kind), _supers(other, kind))
    yield from _fields(f"{name}, end card", one.end_card, other.end_card, {"frames", "headline", "call_to_action"})
    yield from _fields(name, one, other, {"rate", "width", "height", "loudness", "markets"})


def _length(cut: Cut) -> str:
    return f"{counted(cut.frames, 'frame')} ({seconds_text(Fraction(cut.frames, cut.rate))})"


def _supers(cut: Cut, kind: str) -> str:
    return "; ".join(map(_super, (one for one in cut.supers if one.kind == kind))) or ABSENT


def _super(one: Super) -> str:
    return f"{one.text!r} in frames {one.start} to {one.start + one.frames - 1}"


def _files(one: Story, other: Story) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """Files by name, held against each other by what is seen and heard: the hash before any manifest."""
    here, there = _essences(one), _essences(other)
    names = tuple(dict.fromkeys((*here, *there)))
    parted = [name for name in names if here.get(name) != there.get(name)]
    found = tuple(Difference(name, "essence", here.get(name, ABSENT), there.get(name, ABSENT)) for name in parted)
    return found, tuple(name for name in names if name not in parted)


def _essences(story: Story) -> Mapping[str, str]:
    return {name: file.essence for name, file in (story.last.files if story.last else {}).items()}


def _gates(one: Sequence[Answered], other: Sequence[Answered]) -> Iterable[Difference]:
    """The first greenlight against the first, the second against the second, and so with every kind."""
    here, there = _numbered(one), _numbered(other)
    for name in dict.fromkeys((*here, *there)):
        yield from _told(name, "answer", here.get(name, ABSENT), there.get(name, ABSENT))


def _numbered(answers: Sequence[Answered]) -> dict[str, str]:
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    for one in answers:
        counts[one.kind] = counts.get(one.kind, 0) + 1
        found[f"{one.kind} {counts[one.kind]}"] = one.answer
    return found


def _pairs(one: Sequence[P], other: Sequence[P]) -> Iterable[tuple[str, P, P]]:
    """What both have of the same shot, first with first where a shot is there more than once."""
    left = list(other)
    for here in one:
        there = next((each for each in left if each.shot == here.shot), None)
        if there is not None:
            left.remove(there)
            yield here.shot, here, there


def _order(parts: Sequence[Panel] | Sequence[Clip]) -> str:
    return ", ".join(part.shot for part in parts)


def _fields(place: str, one: Any, other: Any, names: set[str]) -> Iterable[Difference]:
    for name in (name for name in type(one).model_fields if name in names):
        yield from _told(place, name.replace("_", " "), _text(getattr(one, name)), _text(getattr(other, name)))


def _told(place: str, what: str, one: str, other: str) -> Iterable[Difference]:
    if one != other:
        yield Difference(place, what, one, other)


def _text(value: Any) -> str:
    match value:
        case None | "" | ():
            return ABSENT
        case Fraction():
            return seconds_text(value)
        case tuple():
            return ", ".join(map(_text, value))
        case _ if hasattr(value, "model_dump"):
            return ", ".join(f"{each}" for each in value.model_dump(mode="json").values() if each not in ("", None, 0))
        case _:
            return str(value)
