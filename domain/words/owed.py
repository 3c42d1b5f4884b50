"""What viewers must be told with a claim, or in every cut: whole, with it, and long and large enough to be read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from callsheet.domain.claim import Claim, LegalBook
from callsheet.domain.cut import Cut, Super
from callsheet.domain.finding import Finding
from callsheet.domain.record import Record
from callsheet.domain.seen import fold, mentions
from callsheet.domain.words.gate import WordGate
from callsheet.domain.words.reading import disclosure_frames

LONGEST_SUPER = 200
"""Characters of one super. A longer disclosure is shown whole, in supers one after the other."""


class DrawnHeight(Record):
    """How large a text is drawn: its type in pixels, on a frame of so many pixels."""

    pixels: int
    width: int
    height: int

    @property
    def permille(self) -> int:
        """Thousandths of the shorter side of the frame, rounded down."""
        return self.pixels * 1000 // min(self.width, self.height)


Draw = Callable[[str, int, int, bool], DrawnHeight]
"""How large the cutting room draws a legal text in a frame (width, height); last, whether it is on the end card."""


def owed_with(claim: Claim, book: LegalBook, markets: Iterable[str], day: date, locale: str) -> tuple[str, ...]:
    """Every disclosure that must be shown with a claim in one of these markets, in this language."""
    asked = tuple(markets)
    told = [one.text for one in book.disclosures if claim.id in one.claims and _holds(one.holds, asked, day, locale)]
    return tuple(dict.fromkeys(text for text in (claim.disclosure, *told) if text))


def owed_always(book: LegalBook, markets: Iterable[str], day: date, locale: str) -> tuple[str, ...]:
    """Every disclosure that must be in every cut in one of these markets, in this language."""
    asked = tuple(markets)
    held = [one.text for one in book.disclosures if not one.claims and _holds(one.holds, asked, day, locale)]
    return tuple(dict.fromkeys(held))


def _holds(holds: Callable[[str, date, str | None], bool], markets: tuple[str, ...], day: date, locale: str) -> bool:
    return any(holds(market, day, locale) for market in markets)


def in_pieces(text: str, longest: int = LONGEST_SUPER) -> tuple[str, ...]:
    """A text in as few supers as it takes, none cut inside a word that fits. Joined by spaces they are the text."""
    pieces: list[str] = []
    split = [word[at : at + longest] for word in text.split() for at in range(0, len(word), longest)]
    for word in split:
        if pieces and len(pieces[-1]) + 1 + len(word) <= longest:
            pieces[-1] = f"{pieces[-1]} {word}"
        else:
            pieces.append(word)
    return tuple(pieces)


class Standing(NamedTuple):
    """A piece of a disclosure on screen: from which frame, to before which, and whether on the end card."""

    text: str
    start: int
    end: int
    on_card: bool = False
    is_large: bool = False
    """Set in the type of a caption or a headline, not in that of small print."""


@dataclass(frozen=True)
class CutWords:
    """The legal words of a cut, and how it draws them."""

    gate: WordGate
    cut: Cut
    draw: Draw | None

    @property
    def body(self) -> int:
        """The first frame of the end card."""
        return self.cut.frames - self.cut.end_card.frames

    def showings(self, owed: str) -> list[list[Standing]]:
        """Every time the whole disclosure is shown: in one super, in supers that follow each other, on the card."""
        legal = sorted((one for one in self.cut.supers if one.kind == "legal"), key=lambda one: one.start)
        found = [_run(legal, first, owed) for first in range(len(legal))]
        shown = [run for run in found if run]
        shown += [[_told(one, owed)] for one in self.cut.supers if one.kind in _SAYING and mentions(one.text, owed)]
        card = self.cut.end_card
        if mentions(card.headline, owed) or mentions(card.call_to_action, owed):
            shown.append([Standing(owed, self.body, self.cut.frames, on_card=True, is_large=True)])
        if mentions(self.cut.end_card.legal, owed):
            early = [run[0].start for run in shown if run[-1].end == self.body]
            start = min(early, default=self.body)
            shown.append([Standing(self.cut.end_card.legal, start, self.cut.frames, on_card=True)])
        return shown

    def check(self, owed: str, place: str, span: tuple[int, int] | None, said: str) -> list[Finding]:
        """What is wrong with how a disclosure is shown: missing, apart from its claim, too short, too small."""
        shown = self.showings(owed)
        if not shown:
            return [
                _finding(place, f"{said} runs without {owed!r}", "quote it as a callout, which carries its disclosure")
            ]
        together = [run for run in shown if span is None or self._is_near(run, span)]
        if not together:
            fix = "show the disclosure while the claim is on screen, or on the end card"
            return [_finding(place, f"{owed!r} is shown, but not with {said}", fix)]
        faults = [self._faults(run, place) for run in together]
        return min(faults, key=len)

    def _is_near(self, run: list[Standing], span: tuple[int, int]) -> bool:
        start, end = run[0].start, run[-1].end
        return (start < span[1] and span[0] < end) or end > self.body

    def _faults(self, run: list[Standing], place: str) -> list[Finding]:
        rate, reading = self.cut.rate, self.gate.rules.reading
        found: list[Finding] = []
        for one in run:
            needed, frames = disclosure_frames(one.text, rate, reading), one.end - one.start
            if frames < needed:
                seconds = f"{one.text!r} stands {_seconds(frames, rate)} s and takes {_seconds(needed, rate)} s to read"
                found.append(_finding(place, seconds, "let it stand longer, or shorten it with legal", "reading time"))
            if self.draw is not None and not one.is_large:
                drawn = self.draw(one.text, self.cut.width, self.cut.height, one.on_card)
                if drawn.permille < reading.least_height_permille:
                    size = f"{one.text!r} is drawn {drawn.pixels} px high in a frame of {drawn.width}x{drawn.height}"
                    least = f"{reading.least_height_permille} thousandths of the shorter side"
                    fix = f"shorten it with legal: fewer words are drawn larger, and {least} is the least"
                    found.append(_finding(place, size, fix, "reading size"))
        return found


_SAYING = frozenset({"caption", "callout"})


def _told(one: Super, owed: str) -> Standing:
    """A caption or a callout that says its disclosure itself."""
    return Standing(owed, one.start, one.start + one.frames, is_large=True)


def _run(legal: Sequence[Super], first: int, owed: str) -> list[Standing]:
    """The supers from this one on that together say it, each of them needed."""
    said, run = "", list[Standing]()
    for one in legal[first:]:
        if run and one.start > run[-1].end + 1:
            break
        said = f"{said} {one.text}"
        run.append(Standing(one.text, one.start, one.start + one.frames))
        if mentions(said, owed):
            return run
        if fold(one.text) not in fold(owed):
            break
    return []


def check_cut(words: CutWords, spoken: Iterable[tuple[str, str, int, int]]) -> list[Finding]:
    """Every disclosure a cut owes: with each claim it shows, and in any case. `spoken`: place, text, start, end."""
    gate, found = words.gate, list[Finding]()
    for place, text, start, end in spoken:
        for one in {each.claim.id: each for each in gate.approved_in(text)}.values():
            for owed in owed_with(one.claim, gate.book, gate.campaign.markets, gate.day, gate.locale):
                found += words.check(owed, place, (start, end), repr(one.claim.text))
    for owed in owed_always(gate.book, gate.campaign.markets, gate.day, gate.locale):
        found += words.check(owed, f"{words.cut.name}, whole cut", None, "the cut")
    return list(dict.fromkeys(found))


def _seconds(frames: int, rate: int) -> str:
    tenths = -(-frames * 10 // rate)
    return f"{tenths // 10}.{tenths % 10}"


def _finding(place: str, evidence: str, fix: str, rule: str = "disclosure") -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
