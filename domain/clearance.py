"""Clearance is the finding that a plan or a cut may run: claims, cast, provider, budget. Deterministic rules decide.

Whatever wrote the words, house or model, they pass here; nobody can talk these rules round.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from callsheet.domain.cameo import Cameo, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.claim import Claim, is_in_force_everywhere
from callsheet.domain.cut import Cut, Super
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ClaimId, FactId, ShotId
from callsheet.domain.money import Money
from callsheet.domain.quote import Quote
from callsheet.domain.seen import fold, mentions
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard, VariantPlan
from callsheet.domain.words.vet import vet_line

PREVIZ = "PREVIZ"
"""The mark of a drawn frame: the house's own label, which says nothing about the product."""
SHORTEST_DESCRIPTION = 12
"""A description of a person shorter than this could be anybody's."""
LONGEST_SUPER = 200


def clear_plan(
    campaign: Campaign,
    storyboard: Storyboard,
    shots: Sequence[Shot],
    claims: Sequence[Claim],
    quote: Quote,
    day: date,
    gate_closes: date | None = None,
) -> tuple[Finding, ...]:
    """Everything that stops this plan from being shown for greenlight, or is worth a note there.

    `gate_closes` is the last day on which people may still say yes: the provider must be there until then.
    """
    found: list[Finding] = []
    for variant in storyboard.variants:
        for position, panel in enumerate(variant.panels, start=1):
            place = f"variant {variant.id}, panel {position} ({panel.shot})"
            found += _words(campaign, claims, day, f"{place} caption", panel.caption)
            if panel.callout is not None:
                found += _words(campaign, claims, day, f"{place} callout", panel.callout.text)
                found += _citation(campaign, claims, day, f"{place} callout", panel.callout.fact, panel.callout.claim)
        found += _owed(claims, variant)
        card = variant.end_card
        place = f"variant {variant.id}, end card"
        for what, text in (("headline", card.headline), ("call to action", card.call_to_action)):
            found += _words(campaign, claims, day, f"{place} {what}", text)
        found += _small_print(campaign, claims, day, place, card.url, card.legal)
    found += _uncast(campaign, shots)
    found += _product(campaign, shots)
    found += _provider(campaign, quote, day, gate_closes)
    return tuple(found)


def clear_cuts(
    campaign: Campaign,
    cuts: Sequence[Cut],
    claims: Sequence[Claim],
    cast: Mapping[ShotId, CameoId],
    cameos: Sequence[Cameo],
    moment: datetime,
) -> tuple[Finding, ...]:
    """Everything that stops these cuts: words without an approved claim, people without a release at this moment."""
    found: list[Finding] = []
    for cut in cuts:
        for text in cut.supers:
            place = f"{cut.name}, {text.kind} at frame {text.start}"
            found += _super(campaign, claims, moment.date(), place, text)
            if text.kind == "callout":
                found += _citation(campaign, claims, moment.date(), place, text.fact, text.claim)
        for what, words in (("headline", cut.end_card.headline), ("call to action", cut.end_card.call_to_action)):
            found += _words(campaign, claims, moment.date(), f"{cut.name}, end card {what}", words)
        card = cut.end_card
        found += _small_print(campaign, claims, moment.date(), f"{cut.name}, end card", card.url, card.legal)
        found += _undisclosed(claims, cut)
        found += _cast(campaign, cut, cast, {cameo.id: cameo for cameo in cameos}, moment)
    return tuple(found)


def stops(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that must be fixed before anything goes on."""
    return tuple(finding for finding in findings if finding.weight == "stops")


def unapproved(campaign: Campaign, claims: Sequence[Claim], day: date) -> tuple[Claim, ...]:
    """Claims of the campaign that may not be used yet, or not everywhere it runs."""
    return tuple(claim for claim in claims if not is_in_force_everywhere(claim, campaign.markets, day))


def _words(campaign: Campaign, claims: Sequence[Claim], day: date, place: str, text: str) -> list[Finding]:
    """The product's own name is a name, not a statement, whatever words it is made of."""
    names = (campaign.product.name, campaign.brand.name)
    return [
        Finding(rule=f"claims: {one.rule}", place=place, evidence=f"{one.words!r} in {text!r}", fix=one.fix)
        for one in vet_line(text, tuple(claims), campaign.markets, day, names)
    ]


def _super(campaign: Campaign, claims: Sequence[Claim], day: date, place: str, text: Super) -> list[Finding]:
    """Every word on screen is vetted, except the house's own mark and what the campaign itself must show."""
    if text.kind == "label" and text.text == PREVIZ:
        return []
    if text.kind == "legal" and _is_owed_wording(campaign, claims, day, text.text):
        return []
    return _words(campaign, claims, day, place, text.text)


def _small_print(
    campaign: Campaign, claims: Sequence[Claim], day: date, place: str, url: str, legal: str
) -> list[Finding]:
    """An address and a legal line other than the campaign's own are words like any others."""
    found: list[Finding] = []
    if url and url != campaign.product.url:
        found += _words(campaign, claims, day, f"{place} url", re.sub(r"[\W_]+", " ", url))
    if legal and not _is_owed_wording(campaign, claims, day, legal):
        found += _words(campaign, claims, day, f"{place} legal", legal)
    return found


def _is_owed_wording(campaign: Campaign, claims: Sequence[Claim], day: date, text: str) -> bool:
    owed = [one.disclosure for one in claims if one.disclosure and is_in_force_everywhere(one, campaign.markets, day)]
    return fold(text) in {fold(line[:LONGEST_SUPER]) for line in (campaign.brand.legal_line, *owed) if line}


def _owed(claims: Sequence[Claim], variant: VariantPlan) -> list[Finding]:
    """A claim with a disclosure stands only where its disclosure will be shown with it."""
    found: list[Finding] = []
    for claim in (one for one in claims if one.disclosure):
        evidence = f"{claim.text!r} must be shown with {claim.disclosure!r}"
        for position, panel in enumerate(variant.panels, start=1):
            place = f"variant {variant.id}, panel {position} ({panel.shot})"
            if mentions(panel.caption, claim.text):
                fix = "quote it as a callout, which carries its disclosure"
                found.append(_finding("disclosure", f"{place} caption", evidence, fix))
            if panel.callout and panel.callout.claim != claim.id and mentions(panel.callout.text, claim.text):
                fix = f"let the callout cite {claim.id}, which carries its disclosure"
                found.append(_finding("disclosure", f"{place} callout", evidence, fix))
        card = variant.end_card
        for what, text in (("headline", card.headline), ("call to action", card.call_to_action)):
            if mentions(text, claim.text) and not mentions(card.legal, claim.disclosure[:LONGEST_SUPER]):
                place, fix = f"variant {variant.id}, end card {what}", "quote it as a callout, or set end_card.legal"
                found.append(_finding("disclosure", place, evidence, fix))
    return found


def _undisclosed(claims: Sequence[Claim], cut: Cut) -> list[Finding]:
    """Claims of a cut whose disclosure is neither on screen with them nor on the end card."""
    found: list[Finding] = []
    body = cut.frames - cut.end_card.frames
    for claim in (one for one in claims if one.disclosure):
        owed = claim.disclosure[:LONGEST_SUPER]
        shown = [text for text in cut.supers if text.kind == "legal" and mentions(text.text, owed)]
        at_the_end = mentions(cut.end_card.legal, owed) or any(text.start + text.frames > body for text in shown)
        said = [
            (f"{text.kind} at frame {text.start}", text.start, text.start + text.frames)
            for text in cut.supers
            if text.kind in ("caption", "callout") and mentions(text.text, claim.text)
        ]
        words = (("headline", cut.end_card.headline), ("call to action", cut.end_card.call_to_action))
        said += [(f"end card {what}", body, cut.frames) for what, text in words if mentions(text, claim.text)]
        for where, start, end in said:
            together = any(text.start < end and start < text.start + text.frames for text in shown)
            if not together and not at_the_end:
                evidence = f"{claim.text!r} runs without {claim.disclosure!r}"
                fix = "quote it as a callout, which carries its disclosure"
                found.append(_finding("disclosure", f"{cut.name}, {where}", evidence, fix))
    return found


def _uncast(campaign: Campaign, shots: Sequence[Shot]) -> list[Finding]:
    """A person of the campaign who is described instead of cast would be drawn without anybody asking for a release."""
    names = [name for name in (campaign.product.name, campaign.brand.name) if name]
    found: list[Finding] = []
    for shot in (one for one in shots if one.cameo is None):
        text = " | ".join((shot.subject, shot.action, shot.setting, shot.prompt))
        for name in names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
        for cameo in campaign.cameos:
            described = len(fold(cameo.description)) >= SHORTEST_DESCRIPTION and mentions(text, cameo.description)
            if described or mentions(text, cameo.name):
                fix = f"cast {cameo.id} in {shot.id}, or take the words out"
                found.append(_finding("cast", shot.id, f"it describes {cameo.name}, who is not cast in it", fix))
    return found


def _citation(
    campaign: Campaign, claims: Sequence[Claim], day: date, place: str, fact: FactId | None, claim: ClaimId | None
) -> list[Finding]:
    found: list[Finding] = []
    known = {one.id for one in campaign.product.facts}
    approved = {one.id for one in claims if is_in_force_everywhere(one, campaign.markets, day)}
    if fact is None and claim is None:
        found.append(_finding("citation", place, "it cites nothing", "cite a catalog fact or an approved claim"))
    if fact is not None and fact not in known:
        found.append(
            _finding("citation", place, f"the catalog has no fact {fact}", f"cite one of {', '.join(sorted(known))}")
        )
    if claim is not None and claim not in approved:
        found.append(
            _finding(
                "citation", place, f"claim {claim} is not approved here and now", "have it approved or cite another"
            )
        )
    return found


def _product(campaign: Campaign, shots: Sequence[Shot]) -> list[Finding]:
    wants_exact = [shot.id for shot in shots if shot.product == "exact"]
    if not wants_exact:
        return []
    where, fix = (
        ", ".join(wants_exact),
        "choose a provider that takes a reference picture, or let the product only be shown",
    )
    if campaign.provider.reference == "none":
        return [_finding("product", where, f"{campaign.provider.model} takes no picture of the exact product", fix)]
    if campaign.product.image is None:
        return [
            _finding("product", where, "there is no picture of the exact product", "add product.image to the campaign")
        ]
    return []


def _provider(campaign: Campaign, quote: Quote, day: date, gate_closes: date | None) -> list[Finding]:
    provider, found = campaign.provider, list[Finding]()
    fix = f"choose another provider: {'; '.join(map(str, quote.elsewhere)) or 'the catalog has none for this plan'}"
    if provider.has_retired(day):
        gone = f"{provider.model} was retired on {provider.retires}"
        found.append(_finding("provider", provider.name, gone, fix))
    elif gate_closes is not None and provider.has_retired(gate_closes):
        gone = f"{provider.model} retires on {provider.retires}, and the plan may be approved until {gate_closes}"
        found.append(_finding("provider", provider.name, gone, fix))
    if provider.commercial_use is False and not provider.previz:
        barred = f"adverts may not use what {provider.model} makes ({provider.licence or provider.source})"
        found.append(_finding("licence", provider.name, barred, fix))
    if not isinstance(quote.expected, Money):
        found.append(
            _finding("price", provider.name, str(quote.expected), "set the price under prices in the campaign")
        )
    for over in quote.over:
        found.append(_finding("budget", over.cap, str(over), over.remedy))
    return found


def _cast(
    campaign: Campaign,
    cut: Cut,
    cast: Mapping[ShotId, CameoId],
    cameos: Mapping[CameoId, Cameo],
    moment: datetime,
) -> list[Finding]:
    found: list[Finding] = []
    for cameo_id in sorted({cast[clip.shot] for clip in cut.clips if clip.shot in cast}):
        use = use_of(campaign, (cut.placement,))
        verdict = check_release(cameos[cameo_id], use, moment) if cameo_id in cameos else None
        if verdict is None or isinstance(verdict, Uncovered):
            why = "; ".join(verdict.reasons) if verdict else "the workspace has no such cameo"
            found.append(
                _finding("release", f"{cut.name}, cameo {cameo_id}", why, "get a release or shoot without the person")
            )
    return found


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
