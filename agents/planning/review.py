"""What is wrong with a draft before it is worked out, said so that a model can put it right; and what is struck out."""

from collections.abc import Sequence
from datetime import date

from callsheet.agents.planning.board import LONGEST_CAPTION
from callsheet.agents.planning.claims import cite, is_clean
from callsheet.agents.planning.draft import PanelDraft, StoryboardDraft, VariantDraft
from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import fold
from callsheet.domain.finding import Finding
from callsheet.domain.storyboard import Panel, Storyboard


def review_draft(campaign: Campaign, draft: StoryboardDraft, shots: int, day: date | None) -> tuple[Finding, ...]:
    """Every way in which a draft cannot become the wanted storyboard."""
    found = []
    if len(draft.beats) != shots:
        found.append(_finding("draft.shots", "beats", f"{len(draft.beats)} shots", f"plan exactly {shots}"))
    known = {cameo.id for cameo in campaign.cameos}
    for number, beat in enumerate(draft.beats, 1):
        if beat.cameo is not None and beat.cameo not in known:
            allowed = ", ".join(sorted(known)) or "nobody; use null"
            found.append(_finding("draft.cameo", f"beats {number}", f"cameo {beat.cameo!r} is not listed", allowed))
        if not beat.subject.strip() or not beat.action.strip() or not beat.setting.strip():
            found.append(_finding("draft.empty", f"beats {number}", "subject, action or setting is empty", "fill it"))
    missing = [one.id for one in campaign.audiences if one.id not in {variant.audience for variant in draft.variants}]
    if missing:
        found.append(_finding("draft.variants", "variants", f"no variant for {', '.join(missing)}", "add one for each"))
    for variant in draft.variants:
        found += _review_variant(campaign, variant, len(variant.beats or draft.beats), day)
    return tuple(found)


def _review_variant(campaign: Campaign, variant: VariantDraft, shots: int, day: date | None) -> list[Finding]:
    found = []
    for panel in variant.panels:
        place = f"variant {variant.audience}, beat {panel.beat}"
        if not 1 <= panel.beat <= shots:
            found.append(_finding("draft.panel", place, "there is no such shot", f"use 1 to {shots}"))
        if len(panel.caption) > LONGEST_CAPTION:
            found.append(_finding("draft.caption", place, f"{len(panel.caption)} characters", f"use {LONGEST_CAPTION}"))
        if not is_clean(panel.caption, campaign, day):
            found.append(_finding("draft.claim", place, repr(panel.caption), "promise nothing and compare nothing"))
        found += _review_callout(campaign, panel, place, day)
    return found


def _review_callout(campaign: Campaign, panel: PanelDraft, place: str, day: date | None) -> list[Finding]:
    if (panel.fact is None and panel.claim is None) or cite(campaign, panel.fact, panel.claim, day):
        return []
    cited = f"fact {panel.fact!r}, claim {panel.claim!r}"
    return [_finding("draft.callout", place, f"{cited} may not be shown", "cite a usable fact or claim, or null")]


def strike(storyboard: Storyboard, findings: Sequence[Finding]) -> Storyboard:
    """Take out every caption and callout that a stopping finding quotes."""
    quoted = fold(" ".join(f"{one.place} {one.evidence}" for one in findings if one.weight == "stops"))
    if not quoted:
        return storyboard

    def cleared(panel: Panel) -> Panel:
        caption = "" if panel.caption and fold(panel.caption) in quoted else panel.caption
        callout = None if panel.callout and fold(panel.callout.text) in quoted else panel.callout
        return panel.model_copy(update={"caption": caption, "callout": callout})

    variants = tuple(
        variant.model_copy(update={"panels": tuple(map(cleared, variant.panels))}) for variant in storyboard.variants
    )
    return storyboard.model_copy(update={"variants": variants})


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
