"""What is wrong with a draft before it is worked out, said so that a model can put it right; and what is struck out."""

from collections.abc import Sequence
from datetime import date

from callsheet.agents.planning.board import LONGEST_CALL, LONGEST_CAPTION
from callsheet.agents.planning.claims import cite, is_clean
from callsheet.agents.planning.draft import PanelDraft, StoryboardDraft, VariantDraft
from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.seen import fold
from callsheet.domain.storyboard import EndCardPlan, Panel, Storyboard, VariantPlan


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
    if len(variant.call_to_action) > LONGEST_CALL or not is_clean(variant.call_to_action, campaign, day):
        fix = f"say what to do next in {LONGEST_CALL} characters, and promise nothing"
        found.append(_finding("draft.call", f"variant {variant.audience}", repr(variant.call_to_action), fix))
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


def strike(campaign: Campaign, storyboard: Storyboard, findings: Sequence[Finding]) -> Storyboard:
    """Take out every caption and callout that a stopping finding names or quotes; the brand's own call takes over."""
    stopping = [finding for finding in findings if finding.weight == "stops"]
    quoted = fold(" ".join(finding.evidence for finding in stopping))
    places = [finding.place for finding in stopping]

    def is_meant(variant: VariantPlan, panel: Panel, what: str, text: str) -> bool:
        named = any(
            place.startswith(f"variant {variant.id},") and f"({panel.shot})" in place and place.endswith(what)
            for place in places
        )
        return named or fold(text) in quoted

    def cleared(variant: VariantPlan, panel: Panel) -> Panel:
        said = panel.callout.text if panel.callout else ""
        caption = "" if panel.caption and is_meant(variant, panel, "caption", panel.caption) else panel.caption
        callout = None if said and is_meant(variant, panel, "callout", said) else panel.callout
        return panel.model_copy(update={"caption": caption, "callout": callout})

    def called(variant: VariantPlan) -> EndCardPlan:
        place = f"variant {variant.id}, end card call to action"
        is_bad = place in places or fold(variant.end_card.call_to_action) in quoted
        call = campaign.brand.call_to_action[:LONGEST_CALL] if is_bad else variant.end_card.call_to_action
        return variant.end_card.model_copy(update={"call_to_action": call})

    variants = tuple(
        one.model_copy(update={"panels": tuple(cleared(one, panel) for panel in one.panels), "end_card": called(one)})
        for one in storyboard.variants
    )
    return storyboard.model_copy(update={"variants": variants}) if stopping else storyboard


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
