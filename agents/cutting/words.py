"""Captions, callouts and legal lines on a timeline, each long enough to be read.

Reading speeds are those of `tools/rules/reading.yaml`, by language, with their sources; nothing stands for less than a
second. A disclosure that is longer than one super is shown whole, in supers one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import LegalBook
from callsheet.domain.cut import EndCard, Super
from callsheet.domain.storyboard import Panel
from callsheet.domain.words.owed import in_pieces, owed_always, owed_with
from callsheet.domain.words.reading import caption_frames, disclosure_frames
from callsheet.tools.rules.shipped import shipped_rules

_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Playing:
    """A panel on the timeline: from which frame on, and for how many."""

    panel: Panel
    start: int
    frames: int


def lay_words(
    campaign: Campaign, playing: Sequence[Playing], card: EndCard, rate: int, day: date | None = None
) -> tuple[tuple[Super, ...], tuple[str, ...]]:
    """Every super of a cut in order of its start, and a note for each left out because nobody could read it in time.

    `day` is the day by which disclosures are owed; without it, only those without dates are.
    """
    supers: list[Super] = []
    notes: list[str] = []
    for place, one in enumerate(playing):
        quiet = _quiet_after(playing, place)
        laid_words = (
            (_caption(one, quiet, rate, campaign.locale), one.panel.caption),
            (_callout(one, rate, campaign.locale), _said(one.panel)),
        )
        for laid, text in laid_words:
            if laid is not None:
                supers.append(laid)
            elif text:
                notes.append(f"{one.panel.shot} is too short to read {text!r}; it was left out")
    body = sum(one.frames for one in playing)
    owed, missed = _disclosures(campaign, supers, body + card.frames, rate, day or _ANY_DAY)
    supers += owed
    supers += _early_legal(card, body, rate)
    return tuple(sorted(supers, key=lambda laid: (laid.start, laid.kind))), (*notes, *missed)


def _said(panel: Panel) -> str:
    return panel.callout.text if panel.callout else ""


def _quiet_after(playing: Sequence[Playing], place: int) -> int:
    """Frames after a panel in which no other words come."""
    quiet = 0
    for later in playing[place + 1 :]:
        if later.panel.caption or later.panel.callout:
            break
        quiet += later.frames
    return quiet


def _caption(one: Playing, quiet: int, rate: int, locale: str) -> Super | None:
    """A caption comes a moment after the cut and leaves before the next; a long one may stay over a quiet shot."""
    if not one.panel.caption:
        return None
    return _stand("caption", one, one.panel.caption, _lead(one, rate), rate, quiet, locale)


def _callout(one: Playing, rate: int, locale: str) -> Super | None:
    if one.panel.callout is None:
        return None
    lead = _lead(one, rate) + (rate // 3 if one.panel.caption else 0)
    laid = _stand("callout", one, one.panel.callout.text, lead, rate, 0, locale)
    if laid is None:
        return None
    return laid.model_copy(update={"fact": one.panel.callout.fact, "claim": one.panel.callout.claim})


def _lead(one: Playing, rate: int) -> int:
    return min(rate // 5, one.frames // 10)


def _stand(
    kind: Literal["caption", "callout"], one: Playing, text: str, lead: int, rate: int, quiet: int, locale: str
) -> Super | None:
    needed = caption_frames(text, rate, locale, shipped_rules().reading)
    usual = one.frames - lead - min(rate // 10, one.frames // 20)
    frames = usual if usual >= needed else needed if one.frames - lead + quiet >= needed else 0
    if not frames and one.frames + quiet >= needed:
        lead, frames = 0, needed
    if not frames:
        return None
    return Super(kind=kind, text=text, start=one.start + lead, frames=frames, shot=one.panel.shot)


def _disclosures(
    campaign: Campaign, supers: Sequence[Super], total: int, rate: int, day: date
) -> tuple[list[Super], list[str]]:
    """What must be shown with a claim, from the moment the claim is, and what every cut must show, each readable."""
    book = LegalBook(claims=campaign.claims, disclosures=campaign.disclosures)
    claims = {claim.id: claim for claim in campaign.claims}
    shown: list[Super] = []
    notes: list[str] = []
    for laid in supers:
        claim = claims.get(laid.claim) if laid.claim else None
        if claim is None:
            continue
        for text in owed_with(claim, book, campaign.markets, day, campaign.locale):
            pieces = _in_turn(text, laid, total, rate)
            shown += pieces
            notes += [] if pieces else [f"the cut is too short to read {text!r}, which {laid.claim} owes"]
    for text in owed_always(book, campaign.markets, day, campaign.locale):
        pieces = _in_turn(text, None, total, rate)
        shown += pieces
        notes += [] if pieces else [f"the cut is too short to read {text!r}, which every cut owes"]
    return shown, notes


def _in_turn(text: str, claim: Super | None, total: int, rate: int) -> list[Super]:
    """A disclosure whole, one super after the other from its claim on; nothing where the cut has no time for it."""
    pieces = in_pieces(text)
    needs = [disclosure_frames(piece, rate, shipped_rules().reading) for piece in pieces]
    if sum(needs) > total:
        return []
    if claim is not None and len(pieces) == 1:
        needs[0] = min(max(needs[0], claim.frames), total)
    start = min(claim.start if claim is not None else 0, total - sum(needs))
    supers: list[Super] = []
    for piece, frames in zip(pieces, needs, strict=True):
        about = {"claim": claim.claim, "shot": claim.shot} if claim is not None else {}
        supers.append(Super(kind="legal", text=piece, start=start, frames=frames).model_copy(update=about))
        start += frames
    return supers


def _early_legal(card: EndCard, body: int, rate: int) -> list[Super]:
    """The part of a legal line's reading time that the end card is too short for, before it."""
    if not card.legal:
        return []
    missing = disclosure_frames(card.legal, rate, shipped_rules().reading) - card.frames
    if missing <= 0:
        return []
    pieces = in_pieces(card.legal)
    frames = min(body, max(missing, rate * len(pieces)))
    ends = [body - frames + frames * done // len(pieces) for done in range(len(pieces) + 1)]
    return [
        Super(kind="legal", text=piece, start=start, frames=end - start)
        for piece, start, end in zip(pieces, ends, ends[1:], strict=False)
        if end > start
    ]
