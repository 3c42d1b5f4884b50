"""Casting, pricing and clearing a plan: the same steps in the graph's nodes and when a person's edit is tried out."""

from collections.abc import Sequence
from datetime import UTC

from callsheet.domain.budget import Limit, limits
from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import Claim
from callsheet.domain.clearance import clear_plan
from callsheet.domain.finding import Finding
from callsheet.domain.identity import RunId
from callsheet.domain.quote import Quote, charge_of, quote
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.words.approved import wordings
from callsheet.domain.words.reviewer import lines_of, merged
from callsheet.domain.words.waiver import waived
from callsheet.domain.writing import Words, expected_words
from callsheet.graphs.brief import legal_book
from callsheet.graphs.crew import Crew
from callsheet.graphs.label import undrawable_labels
from callsheet.graphs.shoot import held_takes
from callsheet.storage import book
from callsheet.storage import cameo as people
from callsheet.storage.database import Transaction
from callsheet.storage.words import of_run as words_of_run
from callsheet.tools.edit import REMEDY, missing_glyphs
from callsheet.tools.rules.shipped import shipped_rules


async def propose_roles(crew: Crew, campaign: Campaign, storyboard: Storyboard) -> Storyboard:
    """The storyboard with the people in it whom Casting's writer would cast, by the releases as they stand now."""
    wanted = tuple(one.id for one in campaign.cameos)
    cameos = await crew.database.read(lambda tx: people.cameos(tx, wanted))
    return await crew.casting.propose(campaign, storyboard, cameos, crew.clock())


async def draw_call_sheet(
    crew: Crew, campaign: Campaign, storyboard: Storyboard
) -> tuple[CallSheet, Sequence[Finding]]:
    """Who appears where, by the releases as they stand now; refusals are findings."""
    wanted = tuple(one.id for one in campaign.cameos)
    cameos = await crew.database.read(lambda tx: people.cameos(tx, wanted))
    return crew.casting.cast(campaign, storyboard, cameos, crew.clock())


async def price_plan(
    crew: Crew, run: RunId, campaign: Campaign, storyboard: Storyboard, sheet: CallSheet
) -> tuple[Quote, tuple[Limit, ...]]:
    """The quote of a plan, and the caps it is under with what counts against them; takes that exist cost nothing."""
    held, provider = await held_takes(crew, campaign, sheet), campaign.provider
    day = crew.clock().astimezone(UTC).date()
    charge = charge_of(campaign, run, crew.account, day)

    def look(tx: Transaction) -> tuple[Limit, ...]:
        purses = book.open_purses(tx, charge.purses, provider.currency)
        return limits(charge, campaign.caps, crew.day_cap, lambda purse: purses[purse].balance)

    under = await crew.database.read(look)
    others = crew.providers() if provider.retires else ()
    words = await _words(crew, run, campaign)
    return quote(campaign, sheet.shots, storyboard, held, day, under, others, words), under


async def _words(crew: Crew, run: RunId, campaign: Campaign) -> Words | None:
    """What the crew's model was paid for this run, and what the cut and the rounds to come are expected to cost."""
    if crew.word_price is None:
        return None
    paid = await crew.database.read(lambda tx: words_of_run(tx, run))
    to_come = expected_words(crew.word_price, 0, 0, 1 + campaign.reshoots.rounds)
    return (paid or Words(by=crew.model)).model_copy(update={"by": crew.model, "expected": to_come})


async def judge_plan(
    crew: Crew, run: RunId, campaign: Campaign, storyboard: Storyboard, sheet: CallSheet
) -> Sequence[Finding]:
    """Hold a plan against claims, product, provider and caps as they stand now."""
    priced, _ = await price_plan(crew, run, campaign, storyboard, sheet)
    legal = await legal_book(crew, campaign)
    now = crew.clock()
    closes = (now + crew.gate_deadline).date() if crew.gate_deadline else None
    everybody = await crew.database.read(people.every)
    found = clear_plan(
        campaign, storyboard, sheet.shots, legal, priced, now.date(), closes, rules=shipped_rules(),
        people=everybody, cast=[role.cameo for role in sheet.roles],
    )  # fmt: skip
    labels = undrawable_labels(campaign, storyboard, now.date())
    return (*found, *_undrawable(storyboard, legal.claims), *labels)


async def reviewed(
    crew: Crew, campaign: Campaign, storyboard: Storyboard, found: Sequence[Finding]
) -> Sequence[Finding]:
    """The findings, and behind them what a second reader doubts: it adds, and takes none away."""
    if crew.reviewer is None:
        return found
    legal = await legal_book(crew, campaign)
    approved = [text for claim in legal.claims if claim.approved for text in wordings(claim)]
    both = merged(found, await crew.reviewer(campaign, approved).review(lines_of(storyboard)))
    return waived(both, legal, campaign.markets, crew.clock().date(), campaign.locale)


def _undrawable(storyboard: Storyboard, claims: Sequence[Claim]) -> list[Finding]:
    """Words the typeface cannot draw, found before anything is paid for."""
    disclosures = {claim.id: claim.disclosure for claim in claims}
    found: list[Finding] = []
    for variant in storyboard.variants:
        words: list[tuple[str, str]] = []
        for position, panel in enumerate(variant.panels, start=1):
            place = f"panel {position} ({panel.shot})"
            words.append((f"{place} caption", panel.caption))
            if panel.callout is not None:
                words.append((f"{place} callout", panel.callout.text))
                owed = disclosures.get(panel.callout.claim, "") if panel.callout.claim else ""
                words.append((f"{place} callout's disclosure", owed))
        card = variant.end_card
        words += [("end card headline", card.headline), ("end card call to action", card.call_to_action)]
        words += [("end card url", card.url), ("end card legal", card.legal)]
        found += [
            Finding(
                rule="typeface",
                place=f"variant {variant.id}, {place}",
                evidence=f"the typeface cannot draw {', '.join(map(repr, missing))} in {text!r}",
                fix=REMEDY,
            )
            for place, text in words
            if (missing := missing_glyphs(text))
        ]
    return found
