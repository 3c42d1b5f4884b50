"""Figures of one plan: how far its variants are apart, what of the brief it covers, what it buys and throws away."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations

from callsheet.agents.planning.claims import usable_claims
from callsheet.domain.campaign import Campaign
from callsheet.domain.storyboard import Storyboard, VariantPlan


def distinctness(storyboard: Storyboard) -> float | None:
    """How much the variants of a plan differ, from 0 (the same film) to 1; None for a plan with one variant.

    Of two variants, position by position: the edit distance of what is written there, divided by the longer text's
    length, and whether another shot plays (0 or 1); their mean. The calls to action are one more position of words
    alone. A plan's figure is the mean over all pairs.
    """
    pairs = list(combinations(storyboard.variants, 2))
    return sum(_apart(one, other) for one, other in pairs) / len(pairs) if pairs else None


def coverage(campaign: Campaign, storyboard: Storyboard, day: date) -> tuple[int, int]:
    """How many of the brief's mandatories the plan has, and how many there are.

    Mandatory are every claim in force (somewhere, word for word), at least one callout in each variant where there is
    anything to cite, the product as in its picture where there is one, and on each end card the address, the call and
    the legal line as far as the brief has them. Disclosures follow a claim by rule, at the edit.
    """
    callouts = [panel.callout for variant in storyboard.variants for panel in variant.panels if panel.callout]
    met = [any(one.claim == claim.id for one in callouts) for claim in usable_claims(campaign, day)]
    for variant in storyboard.variants:
        card = variant.end_card
        if campaign.product.facts or usable_claims(campaign, day):
            met.append(any(panel.callout for panel in variant.panels))
        if campaign.product.url:
            met.append(card.url == campaign.product.url)
        if campaign.brand.legal_line:
            met.append(card.legal == campaign.brand.legal_line)
        met.append(bool(card.call_to_action.strip()))
    if campaign.product.image is not None:
        met.append(any(shot.product == "exact" for shot in storyboard.shots))
    return sum(met), len(met)


def seconds_of(storyboard: Storyboard) -> tuple[int, float]:
    """Seconds bought for one take of every shot, and of them those that no cut uses."""
    bought = sum(shot.purchased_seconds for shot in storyboard.shots)
    return bought, float(sum(shot.wasted_seconds for shot in storyboard.shots))


def captions_of(storyboard: Storyboard) -> int:
    """How many captions there are in all variants."""
    return sum(bool(panel.caption) for variant in storyboard.variants for panel in variant.panels)


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """The fewest letters to insert, delete or replace that make one text of the other."""
    row = list(range(len(other) + 1))
    for at, mark in enumerate(one, 1):
        before, row = row, [at]
        for place, letter in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (mark != letter)))
    return row[-1]


def _apart(one: VariantPlan, other: VariantPlan) -> float:
    parts = [_words_apart(one.end_card.call_to_action, other.end_card.call_to_action)]
    for first, second in zip(one.panels, other.panels, strict=False):
        said = [f"{panel.caption} {panel.callout.text if panel.callout else ''}".strip() for panel in (first, second)]
        parts.append((_words_apart(*said) + (first.shot != second.shot)) / 2)
    return sum(parts) / len(parts)


def _words_apart(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return edit_distance(one.casefold(), other.casefold()) / longest if longest else 0.0
