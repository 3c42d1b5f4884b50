"""Clearance is the finding that a plan or a cut may run: claims, cast, provider, budget. Deterministic rules decide.

Whatever wrote the words, house or model, they pass here; nobody can talk these rules round.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from callsheet.domain.cameo import Cameo, Covered, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.claim import Claim, LegalBook, is_in_force_everywhere
from callsheet.domain.cut import Cut
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.money import Money
from callsheet.domain.quote import Quote
from callsheet.domain.seen import fold, mentions
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.words.gate import WordGate
from callsheet.domain.words.owed import Draw
from callsheet.domain.words.rule import Rules
from callsheet.domain.words.showing import words_of_cuts, words_of_plan

SHORTEST_DESCRIPTION = 12
"""A description of a person shorter than this could be anybody's."""


def clear_plan(
    campaign: Campaign,
    storyboard: Storyboard,
    shots: Sequence[Shot],
    book: LegalBook,
    quote: Quote,
    day: date,
    gate_closes: date | None = None,
    *,
    rules: Rules,
    people: Sequence[Cameo] = (),
    cast: Iterable[CameoId] = (),
) -> tuple[Finding, ...]:
    """Everything that stops this plan from being shown for greenlight, or is worth a note there.

    `book` is what legal says now, `rules` the language it is read by. `gate_closes` is the last day on which people may
    still say yes: the provider must be there until then. `people` are known besides the campaign's own; no text names
    anybody but whom Casting `cast` under a release.
    """
    gate = WordGate(campaign, book, rules, day, campaign.locale, tuple(people), frozenset(cast))
    found = [*words_of_plan(gate, storyboard, shots)]
    found += _uncast(campaign, shots)
    found += _product(campaign, shots)
    found += _provider(campaign, quote, day, gate_closes)
    return tuple(found)


def clear_cuts(
    campaign: Campaign,
    cuts: Sequence[Cut],
    book: LegalBook,
    cast: Mapping[ShotId, CameoId],
    cameos: Sequence[Cameo],
    moment: datetime,
    *,
    rules: Rules,
    draw: Draw | None = None,
) -> tuple[Finding, ...]:
    """Everything that stops these cuts: words without an approved claim, people without a release at this moment.

    `cast` is the call sheet's, `cameos` are all who are known: a text may name whom it casts, if a release covers it.
    `draw` says how large a legal text is drawn; without it sizes are not judged.
    """
    found: list[Finding] = []
    known = {cameo.id: cameo for cameo in cameos}
    for cut in cuts:
        use = use_of(campaign, (cut.placement,))
        verdicts = {one: check_release(known[one], use, moment) for one in set(cast.values()) if one in known}
        covered = frozenset(one for one, verdict in verdicts.items() if isinstance(verdict, Covered))
        gate = WordGate(campaign, book, rules, moment.date(), cut.locale, tuple(cameos), covered)
        found += words_of_cuts([(cut, gate)], draw)
        found += _cast(cut, cast, verdicts)
    return tuple(found)


def stops(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that must be fixed before anything goes on."""
    return tuple(finding for finding in findings if finding.weight == "stops")


def unapproved(campaign: Campaign, claims: Sequence[Claim], day: date) -> tuple[Claim, ...]:
    """Claims of the campaign that may not be used yet, or not everywhere it runs."""
    return tuple(claim for claim in claims if not is_in_force_everywhere(claim, campaign.markets, day))


def _uncast(campaign: Campaign, shots: Sequence[Shot]) -> list[Finding]:
    """A person of the campaign who is described instead of cast would be drawn without anybody asking for a release."""
    names = [name for name in (campaign.product.name, campaign.brand.name, *campaign.product.short_names) if name]
    found: list[Finding] = []
    for shot in (one for one in shots if one.cameo is None):
        text = " | ".join((shot.subject, shot.action, shot.setting, shot.prompt))
        for name in names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
        for cameo in campaign.cameos:
            described = len(fold(cameo.description)) >= SHORTEST_DESCRIPTION and mentions(text, cameo.description)
            if described or mentions(text, cameo.name):
                fix = f"cast {cameo.id} in {shot.id}, or take the words out"
                found.append(_finding("cast", shot.id, f"it describes {cameo.id}, who is not cast in it", fix))
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


def _cast(cut: Cut, cast: Mapping[ShotId, CameoId], verdicts: Mapping[CameoId, Covered | Uncovered]) -> list[Finding]:
    found: list[Finding] = []
    for cameo in sorted({cast[clip.shot] for clip in cut.clips if clip.shot in cast}):
        verdict = verdicts.get(cameo)
        if verdict is None or isinstance(verdict, Uncovered):
            why = "; ".join(verdict.reasons) if verdict else "the workspace has no such cameo"
            fix = "get a release or shoot without the person"
            found.append(_finding("release", f"{cut.name}, cameo {cameo}", why, fix))
    return found


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
