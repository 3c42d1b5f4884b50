"""What a form cannot know about legal's words: terms, slots, evidence, and which claims a disclosure belongs to."""

from collections.abc import Iterable

from callsheet.domain.claim import slot_faults
from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.naming import claim_ids
from callsheet.tools.intake.problem import nearest_of
from callsheet.tools.intake.wording import WrittenClaim, WrittenTerm


def check_wordings(desk: Desk) -> None:
    """Claims, disclosures and topics: their terms, slots and ties, and what is not approved or not evidenced yet."""
    written = desk.form.written
    for section, terms in (
        ("claims", written.claims),
        ("disclosures", written.disclosures),
        ("topics", written.topics),
    ):
        _check_terms(desk, section, terms)
    for number, claim in enumerate(written.claims):
        for fault in slot_faults(claim.text, claim.slots):
            desk.wrong(("claims", number, "slots"), f"does not fit the wording: {fault}", claim.text)
        _note_claim(desk, number, claim)
    if not desk.is_doubtful("claims"):
        _check_ties(desk)


def _check_terms(desk: Desk, section: str, terms: Iterable[WrittenTerm]) -> None:
    for number, one in enumerate(terms):
        if one.starts and one.ends and one.ends <= one.starts:
            desk.wrong((section, number, "ends"), f"is not after its start, {one.starts}", str(one.ends))


def _check_ties(desk: Desk) -> None:
    known = claim_ids(desk.form.written)
    for number, one in enumerate(desk.form.written.disclosures):
        for claim in one.claims:
            if claim not in known:
                where = ("disclosures", number, "claims")
                desk.wrong(where, "names a claim that is not here", claim, ", ".join(known), nearest_of(claim, known))


def _note_claim(desk: Desk, number: int, claim: WrittenClaim) -> None:
    if not claim.approved:
        desk.note(
            ("claims", number, "approved"),
            f'not approved yet: "{claim.text}"; set approved: true once the wording is approved',
        )
    elif claim.kind != "claim" and not claim.substantiation.strip():
        desk.note(
            ("claims", number),
            f'not in force: "{claim.text}" is a {claim.kind} without evidence; say where it is under substantiation',
        )
    elif not claim.substantiation:
        desk.note(
            ("claims", number), f'approved without evidence: "{claim.text}"; say where it is under substantiation'
        )
    elif claim.kind != "claim" and claim.ends is None:
        desk.note(("claims", number), f'no end: "{claim.text}" is a {claim.kind}, and others change; say when it ends')
