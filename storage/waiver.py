"""Granting and ending waivers: a person's deed, signed in the ledger. No graph, agent or job imports this module."""

from datetime import date
from difflib import get_close_matches

from callsheet.domain.claim import EVERYWHERE, Waiver, check_waiver, refuse_machine
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.identity import WaiverId
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.permission import WaiverEnded, WaiverGranted
from callsheet.domain.principal import Principal
from callsheet.domain.record import canonical_json, digest_of
from callsheet.domain.words.rule import Rules
from callsheet.domain.words.waiver import can_waive, waivable
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import pseudonym, record
from callsheet.storage.signing import sign
from callsheet.storage.table import WAIVERS
from callsheet.storage.upsert import insert_once
from callsheet.storage.waived import PURPOSE, Standing, chain_of, standings, statement


def waive(
    tx: Transaction,
    campaign: str,
    by: Principal,
    *,
    rules: Rules,
    rule: str,
    text: str,
    markets: tuple[str, ...],
    ends: date,
    reason: str,
    starts: date | None = None,
    locale: str = EVERYWHERE,
) -> Waiver:
    """Let this rule's finding about exactly this text pass in these markets until that day, and sign it.

    Said twice at one moment, it is one waiver. Raises WaiverRefused for a written policy, for every market at once and
    without a term that is still to come; WrongUse for a rule that these rules do not let anybody waive.
    """
    check_rule(rule, rules)
    asked = Waiver(
        id=WaiverId(""),
        rule=rule,
        text=text,
        markets=markets,
        starts=starts,
        ends=ends,
        locale=locale,
        reason=reason,
        by=by,
        at=tx.now,
    )
    check_waiver(asked, tx.now.date())
    mark = pseudonym(tx, by.name)
    unnamed = asked.model_copy(update={"by": by.model_copy(update={"name": mark})})
    granted = unnamed.model_copy(update={"id": WaiverId(f"w-{digest_of([campaign, unnamed.digest])[:10]}")})
    row = {"workspace": tx.workspace, "campaign": campaign, "id": granted.id}
    if insert_once(tx, WAIVERS, {**row, "body": canonical_json(granted.model_dump(mode="json"))}):
        event = WaiverGranted(
            campaign=campaign,
            waiver=granted.id,
            record=granted.digest,
            by=mark,
            signature=sign(tx, statement(campaign, granted), PURPOSE),
        )
        record(tx, WORKSPACE, event, chain_of(campaign))
    return granted.model_copy(update={"by": by})


def check_rule(rule: str, rules: Rules) -> None:
    """A waiver of a rule that there is not would let nothing pass, and nobody would notice. Raises WrongUse."""
    if can_waive(rule, rules):
        return
    known = waivable(rules)
    near = get_close_matches(rule, known, n=3) or known
    raise WrongUse(f"No waiver can be about the rule {rule!r}. There are: {'; '.join(near)}; all in docs/claims.md")


def end_waiver(tx: Transaction, campaign: str, waiver: str, by: Principal) -> Standing:
    """Take a waiver back, from this transaction on. Ending it twice changes nothing. Raises NotFound, WaiverRefused."""
    refuse_machine(by, "end a waiver")
    found = next((one for one in standings(tx, campaign) if one.waiver.id == waiver), None)
    if found is None:
        raise NotFound(f"There is no waiver {waiver} in {campaign}; list them with: callsheet claims waivers")
    if found.fault != "ended":
        event = WaiverEnded(campaign=campaign, waiver=found.waiver.id, by=pseudonym(tx, by.name))
        record(tx, WORKSPACE, event, chain_of(campaign))
    return found
