"""Whether a plan can say of itself what its markets ask, and a cut does: judged from its shots, by a day's rules."""

from collections.abc import Sequence
from datetime import date

from callsheet.agents.cutting.label import facts_of
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Cut
from callsheet.domain.finding import Finding
from callsheet.domain.jurisdiction import demands
from callsheet.domain.labelled import clear_labels
from callsheet.domain.labelling import Labelling
from callsheet.domain.storyboard import Storyboard
from callsheet.tools.edit import missing_glyphs
from callsheet.tools.rules.jurisdiction import jurisdictions


def judge_labels(campaign: Campaign, cuts: Sequence[Cut], storyboard: Storyboard, day: date) -> tuple[Finding, ...]:
    """Everything that stops these cuts because their label is missing, small, short, covered or of other words."""
    placements = {one.id: one for one in campaign.placements}
    found: list[Finding] = []
    for cut in cuts:
        facts = facts_of(campaign, [storyboard.shot(clip.shot) for clip in cut.clips], cut.previz)
        found += clear_labels(jurisdictions(), cut, facts, campaign.markets, placements[cut.placement], day)
    return tuple(found)


def labelled_today(campaign: Campaign, cut: Cut, storyboard: Storyboard, day: date) -> Labelling:
    """What a day's rules ask to declare about a cut where it is uploaded. Its label is the one in the film."""
    pack, film = jurisdictions(), cut.labelling
    facts = facts_of(campaign, [storyboard.shot(clip.shot) for clip in cut.clips], cut.previz)
    platforms = next(one.platforms for one in campaign.placements if one.id == cut.placement)
    where = cut.markets or tuple(campaign.markets)
    found = demands(pack, facts, where, platforms, day)
    told = Labelling(pack=pack.version, checked=pack.checked, facts=facts, markets=where, demands=found)
    if film is None:
        return told
    seen = {"text": film.text, "height": film.height, "seconds": film.seconds, "span": film.span}
    return told.model_copy(update=seen)


def undrawable_labels(campaign: Campaign, storyboard: Storyboard, day: date) -> tuple[Finding, ...]:
    """Labels that must be in letters which the typeface lacks, found before anything is paid for."""
    pack = jurisdictions()
    facts = facts_of(campaign, storyboard.shots, campaign.provider.previz)
    found: list[Finding] = []
    for one in demands(pack, facts, campaign.markets, (), day):
        ask = one.rule.label
        text = pack.words[ask.language][ask.words] if ask is not None and ask.language else ""
        if missing := missing_glyphs(text):
            letters, where = ", ".join(map(repr, missing)), ", ".join(one.markets)
            evidence = f"{one.rule.law} asks for {text!r} on screen, and the typeface cannot draw {letters}"
            fix = f"install a typeface that has them: pip install 'callsheet[cjk]'; or leave {where} out of the markets"
            found.append(Finding(rule=f"label: {one.rule.id}", place=f"markets: {where}", evidence=evidence, fix=fix))
    return tuple(found)
