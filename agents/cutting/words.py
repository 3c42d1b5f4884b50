"""Captions, callouts and legal lines on a timeline, each long enough to be read.

Reading speed: 20 characters a second at most, the limit of Netflix's English Timed Text Style Guide for adult
programmes (TED's subtitling guide allows 21); and nothing stands for less than a second (Netflix: five sixths).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import EndCard, Super
from callsheet.domain.storyboard import Panel

CHARACTERS_A_SECOND = 20
LEGAL_SECONDS = 2
"""A legal line stands at least this long, and longer where it has more to read."""


@dataclass(frozen=True)
class Playing:
    """A panel on the timeline: from which frame on, and for how many."""

    panel: Panel
    start: int
    frames: int


def reading_frames(text: str, rate: int) -> int:
    """The fewest frames in which a text can be read."""
    return max(rate, -(-len(text) * rate // CHARACTERS_A_SECOND))


def lay_words(
    campaign: Campaign, playing: Sequence[Playing], card: EndCard, rate: int
) -> tuple[tuple[Super, ...], tuple[str, ...]]:
    """Every super of a cut in order of its start, and a note for each left out because nobody could read it in time."""
    supers: list[Super] = []
    notes: list[str] = []
    for place, one in enumerate(playing):
        quiet = _quiet_after(playing, place)
        for laid, text in ((_caption(one, quiet, rate), one.panel.caption), (_callout(one, rate), _said(one.panel))):
            if laid is not None:
                supers.append(laid)
            elif text:
                notes.append(f"{one.panel.shot} is too short to read {text!r}; it was left out")
    body = sum(one.frames for one in playing)
    supers += _disclosures(campaign, supers, body + card.frames, rate)
    supers += _early_legal(card, body, rate)
    return tuple(sorted(supers, key=lambda laid: (laid.start, laid.kind))), tuple(notes)


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


def _caption(one: Playing, quiet: int, rate: int) -> Super | None:
    """A caption comes a moment after the cut and leaves before the next; a long one may stay over a quiet shot."""
    if not one.panel.caption:
        return None
    return _stand("caption", one, one.panel.caption, _lead(one, rate), rate, quiet)


def _callout(one: Playing, rate: int) -> Super | None:
    if one.panel.callout is None:
        return None
    lead = _lead(one, rate) + (rate // 3 if one.panel.caption else 0)
    laid = _stand("callout", one, one.panel.callout.text, lead, rate, 0)
    if laid is None:
        return None
    return laid.model_copy(update={"fact": one.panel.callout.fact, "claim": one.panel.callout.claim})


def _lead(one: Playing, rate: int) -> int:
    return min(rate // 5, one.frames // 10)


def _stand(
    kind: Literal["caption", "callout"], one: Playing, text: str, lead: int, rate: int, quiet: int
) -> Super | None:
    needed = reading_frames(text, rate)
    usual = one.frames - lead - min(rate // 10, one.frames // 20)
    frames = usual if usual >= needed else needed if one.frames - lead + quiet >= needed else 0
    if not frames and one.frames + quiet >= needed:
        lead, frames = 0, needed
    if not frames:
        return None
    return Super(kind=kind, text=text, start=one.start + lead, frames=frames, shot=one.panel.shot)


def _disclosures(campaign: Campaign, supers: Sequence[Super], total: int, rate: int) -> list[Super]:
    """What must be shown with a claim, shown from the moment the claim is, as long as it takes to read."""
    owed = {claim.id: claim.disclosure for claim in campaign.claims if claim.disclosure}
    shown: list[Super] = []
    for laid in supers:
        if laid.claim is None or laid.claim not in owed:
            continue
        text = owed[laid.claim][:200]
        frames = min(max(LEGAL_SECONDS * rate, reading_frames(text, rate), laid.frames), total)
        start = min(laid.start, total - frames)
        shown.append(Super(kind="legal", text=text, start=start, frames=frames, claim=laid.claim, shot=laid.shot))
    return shown


def _early_legal(card: EndCard, body: int, rate: int) -> list[Super]:
    """The part of a legal line's reading time that the end card is too short for, before it."""
    if not card.legal:
        return []
    missing = max(LEGAL_SECONDS * rate, reading_frames(card.legal, rate)) - card.frames
    if missing <= 0:
        return []
    frames = min(body, max(missing, rate))
    return [Super(kind="legal", text=card.legal, start=body - frames, frames=frames)]
