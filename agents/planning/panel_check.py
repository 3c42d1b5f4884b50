"""One variant's words: everything wrong with them before the gate, and what is left when that is struck out."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from callsheet.agents.planning.board import LONGEST_CALL, LONGEST_CAPTION, compile_board
from callsheet.agents.planning.claims import READING, SETTLE, callouts
from callsheet.agents.planning.draft import BeatDraft, PanelDraft, StoryboardDraft, VariantDraft
from callsheet.agents.planning.lengths import plan_lengths
from callsheet.agents.planning.parts import NOTHING, CalloutLine, PanelsDraft
from callsheet.agents.planning.telling import avoided, is_copied
from callsheet.agents.planning.vetting import plan_gate
from callsheet.domain.campaign import Audience, Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.seen import fold
from callsheet.domain.storyboard import Callout
from callsheet.domain.words.showing import words_of_plan
from callsheet.tools.edit import missing_glyphs

_CALL = "call to action"
_GATED = re.compile(r"^variant a, panel \d+ \(shot\.(?P<shot>\d+)\) (?P<what>caption|callout)$")


@dataclass(frozen=True)
class Overlay:
    """The variant that words are written for: whose it is, over which shots, on which day, and what others say."""

    campaign: Campaign
    audience: Audience
    beats: Sequence[BeatDraft]
    day: date | None
    taken: Collection[str] = ()
    shown: str = ""

    @property
    def callouts(self) -> dict[str, Callout]:
        """What may be shown, by the id of the claim or the fact it cites."""
        known: dict[str, Callout] = {}
        for one in callouts(self.campaign, self.day):
            known.setdefault(str(one.claim or one.fact), one)
        return known

    def has_time(self, number: int, callout: Callout) -> bool:
        """Whether a shot stands long enough for a callout to be read."""
        seconds = plan_lengths(self.campaign, len(self.beats)).shots
        return number <= len(seconds) and len(callout.text) <= READING * (seconds[number - 1] - SETTLE)


def check_panels(about: Overlay, words: PanelsDraft) -> tuple[Finding, ...]:
    """Every way in which these words cannot stand over the shots. A finding's place is the shot and the text."""
    found: list[Finding] = []
    if len(words.captions) != len(about.beats):
        counted = f"{len(words.captions)} captions for {len(about.beats)} shots"
        found.append(_finding("draft.panel", "captions", counted, "write one for each shot"))
    said = {fold(one) for one in about.taken}
    for number, caption in enumerate(words.captions, 1):
        found += _caption(about, f"shot {number}, caption", caption, said)
        said.add(fold(caption))
    found += _callouts(about, words.callouts)
    found += _call(about, words.call_to_action)
    mentioned = {one.place for one in found}
    return (*found, *(one for one in _gated(about, words) if one.place not in mentioned))


def mend_panels(about: Overlay, words: PanelsDraft, findings: Sequence[Finding]) -> PanelsDraft:
    """The same words without what a finding names: captions and callouts go, the brand's own call takes over."""
    places = {one.place for one in findings}
    captions = [*words.captions, *[""] * len(about.beats)][: len(about.beats)]
    kept = ["" if f"shot {number}, caption" in places else one for number, one in enumerate(captions, 1)]
    shown = [one for number, one in enumerate(words.callouts, 1) if f"callout {number}" not in places]
    if not _says_any(shown):
        shown = [*_fallback(about)]
    call = about.campaign.brand.call_to_action[:LONGEST_CALL] if _CALL in places else words.call_to_action
    return PanelsDraft.model_construct(
        captions=tuple(kept), call_to_action=call, callouts=tuple(shown), opens_with=words.opens_with
    )


def variant_of(about: Overlay, words: PanelsDraft) -> VariantDraft:
    """The words as a variant of a draft: its shots in the order that this audience sees them."""
    cited = {one.shot: about.callouts[one.show] for one in reversed(words.callouts) if one.show in about.callouts}
    numbers = list(range(1, len(about.beats) + 1))
    order = [one for one in numbers if one == words.opens_with] + [one for one in numbers if one != words.opens_with]
    captions = [*words.captions, *[""] * len(numbers)]
    panels = tuple(
        PanelDraft(
            beat=number,
            caption=captions[number - 1].strip(),
            fact=cited[number].fact if number in cited else None,
            claim=cited[number].claim if number in cited else None,
        )
        for number in order
    )
    return VariantDraft(
        audience=about.audience.id, panels=panels, call_to_action=words.call_to_action.strip(), beats=()
    )


def panels_of(variant: VariantDraft, shots: int) -> PanelsDraft:
    """The words of a variant of a whole draft. They are not held to the narrow form."""
    by_number = {panel.beat: panel for panel in reversed(variant.panels)}
    shown = [(number, panel.claim or panel.fact) for number, panel in sorted(by_number.items())]
    return PanelsDraft.model_construct(
        captions=tuple(by_number[one].caption if one in by_number else "" for one in range(1, shots + 1)),
        call_to_action=variant.call_to_action,
        callouts=tuple(CalloutLine(shot=number, show=show) for number, show in shown if show),
        opens_with=variant.panels[0].beat if variant.panels else 1,
    )


def _caption(about: Overlay, place: str, caption: str, said: Collection[str]) -> list[Finding]:
    found: list[Finding] = []
    if len(caption) > LONGEST_CAPTION:
        found.append(
            _finding("draft.caption", place, f"{len(caption)} characters", f"use at most {LONGEST_CAPTION}, or none")
        )
    if caption.strip() and fold(caption) in said:
        found.append(_finding("draft.repeated", place, f"{caption!r} is said already", "say something else"))
    if caption.strip() and is_copied(caption, about.shown):
        found.append(_finding("draft.copied", place, repr(caption), "these words are the instruction's; use your own"))
    if words := avoided(about.campaign, caption):
        found.append(_finding("draft.avoided", place, ", ".join(words), "leave it out"))
    if missing := missing_glyphs(caption):
        found.append(_finding("typeface", place, f"{', '.join(missing)} cannot be drawn", "use plain letters"))
    return found


def _callouts(about: Overlay, shown: Sequence[CalloutLine]) -> list[Finding]:
    known, found = about.callouts, list[Finding]()
    used: set[str | int] = set()
    for number, one in enumerate(shown, 1):
        place = f"callout {number}"
        if one.show == NOTHING:
            continue
        if one.show not in known or one.shot > len(about.beats):
            fix = f"show one of {', '.join(known) or 'nothing'} over one of {len(about.beats)} shots"
            found.append(_finding("draft.callout", place, f"{one.show!r} over shot {one.shot}", fix))
        elif one.show in used or one.shot in used:
            fix = "show each line once, over a shot of its own"
            found.append(_finding("draft.callout", place, f"{one.show} or shot {one.shot} has one already", fix))
        elif not about.has_time(one.shot, known[one.show]):
            fix = "show a shorter line there"
            found.append(_finding("draft.reading", place, f"{one.show} cannot be read during shot {one.shot}", fix))
        used |= {one.show, one.shot}
    if not _says_any(shown) and known and _fallback(about):
        found.append(_finding("draft.callout", "callouts", "no line is shown", f"show one of {', '.join(known)}"))
    return found


def _call(about: Overlay, call: str) -> list[Finding]:
    found: list[Finding] = []
    if not call.strip():
        found.append(_finding("draft.call", _CALL, "it says nothing", "invite in two to four words"))
    if len(call) > LONGEST_CALL:
        found.append(_finding("draft.call", _CALL, f"{len(call)} characters", f"use at most {LONGEST_CALL}"))
    if words := avoided(about.campaign, call):
        found.append(_finding("draft.avoided", _CALL, ", ".join(words), "leave it out"))
    if missing := missing_glyphs(call):
        found.append(_finding("typeface", _CALL, f"{', '.join(missing)} cannot be drawn", "use plain letters"))
    return found


def _gated(about: Overlay, words: PanelsDraft) -> list[Finding]:
    """What the gate for words says of the variant as it would be shown."""
    alone = about.campaign.model_copy(update={"audiences": (about.audience,)})
    variant = variant_of(about, words)
    draft = StoryboardDraft(title="draft", idea="", beats=tuple(about.beats), variants=(variant,))
    found: list[Finding] = []
    for one in words_of_plan(plan_gate(alone, about.day), compile_board(alone, draft, about.day, ()), ()):
        place = _GATED.match(one.place)
        if one.weight == "stops" and place and place["what"] == "caption":
            found.append(one.model_copy(update={"place": f"shot {place['shot']}, caption"}))
        elif one.weight == "stops" and one.place == f"variant a, end card {_CALL}":
            found.append(one.model_copy(update={"place": _CALL}))
    return found


def _says_any(shown: Sequence[CalloutLine]) -> bool:
    return any(one.show != NOTHING for one in shown)


def _fallback(about: Overlay) -> list[CalloutLine]:
    """The first callout that can be read, over the shot that is most about the product."""
    order = sorted(
        range(1, len(about.beats) + 1), key=lambda one: about.beats[one - 1].beat not in ("product", "proof")
    )
    for show, callout in about.callouts.items():
        for number in order:
            if about.has_time(number, callout):
                return [CalloutLine(shot=number, show=show)]
    return []


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
