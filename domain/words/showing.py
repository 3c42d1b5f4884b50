"""Every word of a plan and of a cut before the gate, each with its place: variant and panel, or cut and second."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from callsheet.domain.cut import Cut, Super
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ClaimId, FactId
from callsheet.domain.seen import fold, mentions
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Callout, Storyboard, VariantPlan
from callsheet.domain.words.gate import WordGate
from callsheet.domain.words.owed import LONGEST_SUPER, CutWords, Draw, check_cut, in_pieces, owed_always, owed_with
from callsheet.domain.words.picture import vet_shot
from callsheet.domain.words.waiver import waived

PREVIZ = "PREVIZ"
"""The mark of a drawn frame: the house's own label, which says nothing about the product."""


def words_of_plan(gate: WordGate, storyboard: Storyboard, shots: Sequence[Shot]) -> tuple[Finding, ...]:
    """Everything wrong with the words of a plan: shown, spoken, or asked of a provider. Waivers are applied."""
    found: list[Finding] = []
    for variant in storyboard.variants:
        for position, panel in enumerate(variant.panels, start=1):
            place = f"variant {variant.id}, panel {position} ({panel.shot})"
            found += gate.said(f"{place} caption", panel.caption)
            found += _owed_in(
                gate, f"{place} caption", panel.caption, "quote it as a callout, which carries its disclosure"
            )
            if panel.callout is not None:
                found += _callout(gate, f"{place} callout", panel.callout)
        found += _card(gate, variant)
    for shot in {one.id: one for one in (*storyboard.shots, *shots)}.values():
        found += vet_shot(gate, shot)
    return waived(found, gate.book, gate.campaign.markets, gate.day, gate.locale)


def words_of_cuts(gates: Iterable[tuple[Cut, WordGate]], draw: Draw | None = None) -> tuple[Finding, ...]:
    """Everything wrong with the words of these cuts, each in its own language. Waivers are applied."""
    found: list[Finding] = []
    for cut, gate in gates:
        found += waived(_words_of_cut(gate, cut, draw), gate.book, gate.campaign.markets, gate.day, gate.locale)
    return tuple(found)


def _callout(gate: WordGate, place: str, callout: Callout) -> list[Finding]:
    found = [*gate.said(place, callout.text), *_citation(gate, place, callout.fact, callout.claim)]
    for one in gate.approved_in(callout.text):
        if one.claim.id != callout.claim and not _tells(callout.text, _owes(gate, one.claim.id)):
            fix = f"let the callout cite {one.claim.id}, which carries its disclosure"
            found.append(_owing(gate, place, one.claim.id, fix))
    return found


def _owes(gate: WordGate, claim: ClaimId) -> tuple[str, ...]:
    known = next((one for one in gate.claims if one.id == claim), None)
    return owed_with(known, gate.book, gate.campaign.markets, gate.day, gate.locale) if known else ()


def _tells(text: str, owed: Iterable[str]) -> bool:
    """Whether a text says everything that is owed with a claim in it, in the same breath."""
    return all(mentions(text, one) for one in owed)


def _owing(gate: WordGate, place: str, claim: ClaimId, fix: str) -> Finding:
    owed = " and ".join(map(repr, _owes(gate, claim)))
    return _finding("disclosure", place, f"claim {claim} must be shown with {owed}", fix)


def _owed_in(gate: WordGate, place: str, text: str, fix: str) -> list[Finding]:
    found = dict.fromkeys(one.claim.id for one in gate.approved_in(text))
    owing = [claim for claim in found if not _tells(text, _owes(gate, claim))]
    return [_owing(gate, place, claim, fix) for claim in owing]


def _card(gate: WordGate, variant: VariantPlan) -> list[Finding]:
    card, place = variant.end_card, f"variant {variant.id}, end card"
    found: list[Finding] = []
    for what, text in (("headline", card.headline), ("call to action", card.call_to_action)):
        found += gate.said(f"{place} {what}", text)
        fix = "quote it as a callout, or set end_card.legal"
        told = fold(card.legal)
        found += [
            one
            for one in _owed_in(gate, f"{place} {what}", text, fix)
            if not all(fold(owed) in told for each in gate.approved_in(text) for owed in _owes(gate, each.claim.id))
        ]
    return [*found, *_small_print(gate, place, card.url, card.legal)]


def _small_print(gate: WordGate, place: str, url: str, legal: str) -> list[Finding]:
    """An address and a legal line other than the campaign's own are words like any others."""
    found = gate.strangers(f"{place} url", unquote(url)) if url == gate.campaign.product.url else []
    if url and url != gate.campaign.product.url:
        found += gate.said(f"{place} url", re.sub(r"[\W_]+", " ", unquote(url)).strip())
        found += gate.ordered(f"{place} url", url)
    line = " ".join(gate.campaign.brand.legal_line.split())
    if legal and len(legal) < len(line) and line.startswith(legal.strip()):
        fix = f"shorten brand.legal_line to {LONGEST_SUPER} characters with legal: a legal line is never cut"
        found.append(_finding("disclosure", f"{place} legal", f"{legal!r} is only a part of the legal line", fix))
    if legal and not _is_owed_wording(gate, legal):
        return [*found, *gate.said(f"{place} legal", legal)]
    return [*found, *gate.ordered(f"{place} legal", legal), *gate.strangers(f"{place} legal", legal)]


def _is_owed_wording(gate: WordGate, text: str) -> bool:
    """Whether a legal text is the campaign's own line or a disclosure, whole or one of its pieces."""
    markets, day, locale = gate.campaign.markets, gate.day, gate.locale
    owed = [told for one in gate.claims for told in owed_with(one, gate.book, markets, day, locale)]
    owed += [gate.campaign.brand.legal_line, *owed_always(gate.book, markets, day, locale)]
    known = {fold(piece) for one in owed if one for piece in (one, *in_pieces(one))}
    return fold(text) in known


def _words_of_cut(gate: WordGate, cut: Cut, draw: Draw | None) -> list[Finding]:
    found: list[Finding] = []
    spoken: list[tuple[str, str, int, int]] = []
    for text in cut.supers:
        place = f"{cut.name}, {text.kind}{f' of {text.shot}' if text.shot else ''} at {_second(text.start, cut.rate)} s"
        found += _super(gate, place, text)
        if text.kind in ("caption", "callout", "legal"):
            spoken.append((place, text.text, text.start, text.start + text.frames))
    card, body = cut.end_card, cut.frames - cut.end_card.frames
    at = f"at {_second(body, cut.rate)} s"
    for what, words in (("headline", card.headline), ("call to action", card.call_to_action)):
        place = f"{cut.name}, end card {what} {at}"
        found += gate.said(place, words)
        spoken.append((place, words, body, cut.frames))
    found += _small_print(gate, f"{cut.name}, end card", card.url, card.legal)
    spoken.append((f"{cut.name}, end card legal {at}", card.legal, body, cut.frames))
    return [*found, *check_cut(CutWords(gate, cut, draw), spoken)]


def _super(gate: WordGate, place: str, text: Super) -> list[Finding]:
    """Every word on screen is vetted, except the house's own mark and what the campaign itself must show."""
    if text.kind == "label" and (
        text.text == PREVIZ or text.height
    ):  # `clear_labels` judges the words of a sized label
        return []
    if text.kind == "legal" and _is_owed_wording(gate, text.text):
        return [*gate.ordered(place, text.text), *gate.strangers(place, text.text)]
    cited = _citation(gate, place, text.fact, text.claim) if text.kind == "callout" else []
    return [*gate.said(place, text.text), *cited]


def _citation(gate: WordGate, place: str, fact: FactId | None, claim: ClaimId | None) -> list[Finding]:
    found: list[Finding] = []
    known = {one.id for one in gate.campaign.product.facts}
    if fact is None and claim is None:
        found.append(_finding("citation", place, "it cites nothing", "cite a catalog fact or an approved claim"))
    if fact is not None and fact not in known:
        fix = f"cite one of {', '.join(sorted(known))}"
        found.append(_finding("citation", place, f"the catalog has no fact {fact}", fix))
    if claim is not None and claim not in {one.id for one in gate.claims}:
        fix = "have it approved or cite another"
        found.append(_finding("citation", place, f"claim {claim} is not approved here and now", fix))
    return found


def _second(frame: int, rate: int) -> str:
    tenths = frame * 10 // rate
    return f"{tenths // 10}.{tenths % 10}"


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
