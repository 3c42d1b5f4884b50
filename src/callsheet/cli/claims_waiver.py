"""Waivers: a person of legal lets one finding pass, for an exact text, in named markets, for a term."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.legaldesk import By, CampaignName, Yes, legal_desk, person, today
from callsheet.cli.workspace import look, say_next
from callsheet.domain.count import counted
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.domain.claim import Waiver
    from callsheet.domain.finding import Finding
    from callsheet.storage.database import Transaction

_SHORTEST_REASON = 3
_LONGEST_REASON = 500


def register(claims: typer.Typer) -> None:
    """Add these commands to `callsheet claims`."""
    claims.command()(waive)
    claims.command("waivers")(list_waivers)
    claims.command("end-waiver")(end)


def waive(
    run: Annotated[str, typer.Argument(help="A run whose finding is meant; alone, it lists them.")] = "",
    finding: Annotated[
        int | None,
        typer.Option("--finding", metavar="N", help="Which of the run's findings.", min=1, show_default=False),
    ] = None,
    rule: Annotated[str, typer.Option("--rule", help="The rule, as the finding names it.")] = "",
    text: Annotated[str, typer.Option("--text", help="The exact text, letter by letter.")] = "",
    market: Annotated[
        list[str] | None, typer.Option("--market", help="Where it holds; repeatable. With RUN: its markets.")
    ] = None,
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="The first day without it: 2027-01-31.")] = "",
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day with it; today if not said.")] = "",
    locale: Annotated[
        str, typer.Option("--locale", help="The language of the text, such as en; any if not said.")
    ] = "*",
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence.")] = "",
    campaign: CampaignName = "",
    by: By = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Let one finding pass: this rule, about exactly this text, in these markets, until that day.

    It is signed in the ledger and void on any change: of the text, of the waiver, of the ledger. Only a person may.
    """
    del as_json
    from callsheet.storage.waiver import check_rule
    from callsheet.storage.waiver import waive as grant
    from callsheet.tools.rules.shipped import shipped_rules

    markets = tuple(part.strip() for one in market or () for part in one.split(",") if part.strip())
    if run:
        if rule or text:
            raise WrongUse("Name a finding of a run with --finding, or give --rule and --text; not both")
        campaign, theirs, found = _findings_of(run)
        if finding is None:
            _list_findings(run, found)
            return
        rule, text = _waivable(run, found, finding)
        markets = markets or theirs
    terms: dict[str, Any] = {"rule": rule, "text": text, "markets": markets, "ends": until, "reason": reason}
    rules = shipped_rules()
    if rule:
        check_rule(rule, rules)
    starts = _day(since, "--from") if since else None
    terms = {**_checked(terms), "rules": rules, "starts": starts, "locale": locale}
    who = person(by)
    with legal_desk(campaign) as (database, name):
        asked = f"Let {rule!r} pass for {text!r} in {', '.join(markets)} until {until}, as {who.name}?"
        if console().is_terminal and not yes and not typer.confirm(asked):
            raise typer.Exit
        granted = database.write_now(lambda tx: grant(tx, name, who, **terms))
    console().say(f"{granted.id}: {rule} is waived for {text!r} in {', '.join(markets)} until {granted.ends}.")
    say_next(*([f"callsheet resume {run}"] if run else []), f"callsheet claims end-waiver {granted.id}")
    console().document({"campaign": name, "waiver": _told(granted, "in force")})


def list_waivers(campaign: CampaignName = "", as_json: AsJson = False) -> None:
    """Every waiver of a campaign, and whether it holds today."""
    del as_json
    from callsheet.storage.waived import standings

    with legal_desk(campaign) as (database, name):
        found = database.read_now(lambda tx: standings(tx, name))
    day = today()
    rows = [
        (
            one.waiver.id,
            one.waiver.rule,
            one.waiver.text,
            ", ".join(one.waiver.markets),
            one.waiver.ends,
            one.waiver.by.name,
            one.word(day),
        )
        for one in found
    ]
    console().table(f"Waivers of {name}", ("id", "rule", "text", "markets", "until", "by", "today"), rows)
    if not rows:
        console().say("No finding was waived here.")
    console().document({"campaign": name, "waivers": [_told(one.waiver, one.word(day)) for one in found]})


def end(
    waiver: Annotated[str, typer.Argument(metavar="ID", help="The waiver's id.")],
    campaign: CampaignName = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """End a waiver before its term is over. From then on the finding stops plans and cuts again."""
    del as_json
    from callsheet.storage.waiver import end_waiver

    who = person(by)
    with legal_desk(campaign) as (database, name):
        was = database.write_now(lambda tx: end_waiver(tx, name, waiver, who))
    console().say(f"{waiver} had ended before." if was.fault == "ended" else f"{waiver} is ended.")
    console().document({"campaign": name, "waiver": _told(was.waiver, "ended")})


def _findings_of(word: str) -> "tuple[str, tuple[str, ...], tuple[Finding, ...]]":
    """The campaign of a run, its markets, and what stopped its plan or its cuts last."""
    found = look(lambda tx: _stopping(tx, word), None)
    if found is None:
        raise NotFound("There is no workspace here yet; begin with: callsheet run FOLDER")
    return found


def _stopping(tx: "Transaction", word: str) -> "tuple[str, tuple[str, ...], tuple[Finding, ...]]":
    from callsheet.cli.naming import run_named
    from callsheet.cli.view import run_names
    from callsheet.domain.campaign import Campaign
    from callsheet.domain.finding import Finding
    from callsheet.domain.identity import Digest, RunId
    from callsheet.domain.ledger import current_body
    from callsheet.storage import document
    from callsheet.storage import run as runs
    from callsheet.storage.ledger import entries

    run = runs.find(tx, RunId(run_named(word, run_names(tx))))
    markets = document.fetch(tx, Campaign, run.bundle).markets
    returned = [one for one in entries(tx, run.id) if one.kind in ("PlanReturned", "CutReturned")]
    kept = current_body(returned[-1])["kept"] if returned else ()
    return run.campaign, markets, tuple(document.fetch(tx, Finding, Digest(one)) for one in kept)


def _list_findings(run: str, found: "tuple[Finding, ...]") -> None:
    from callsheet.domain.words.waiver import can_waive
    from callsheet.tools.rules.shipped import shipped_rules

    rows = [(number, one.rule, one.place, one.text or "(not about words)") for number, one in enumerate(found, start=1)]
    console().table(f"What stopped {run} last", (">no.", "rule", "place", "text"), rows)
    rules = shipped_rules()
    first = next((number for number, one in enumerate(found, start=1) if one.text and can_waive(one.rule, rules)), None)
    if first is not None:
        say_next(f"callsheet claims waive {run} --finding {first} --until DAY --reason WHY")
    else:
        console().say("None of these can be waived: mend what they name." if rows else "Nothing has stopped it.")
    console().document({"run": run, "findings": [one.model_dump(mode="json") for one in found]})


def _waivable(run: str, found: "tuple[Finding, ...]", number: int) -> tuple[str, str]:
    if number > len(found):
        raise NotFound(f"{run} has {counted(len(found), 'finding')}; list them with: callsheet claims waive {run}")
    one = found[number - 1]
    if not one.text:
        raise WrongUse(f"Finding {number} ({one.rule}) is not about a text, so legal cannot waive it; {one.fix}")
    return one.rule, one.text


def _checked(terms: dict[str, Any]) -> dict[str, Any]:
    """The terms of a waiver as typed, with its last day as a day. Raises WrongUse for what is missing or no term."""
    options = {"rule": "--rule", "text": "--text", "markets": "--market", "ends": "--until", "reason": "--reason"}
    lacking = [option for name, option in options.items() if not terms[name]]
    if lacking:
        raise WrongUse(f"A waiver needs {', '.join(lacking)}; callsheet claims waive --help says what each means")
    if not _SHORTEST_REASON <= len(terms["reason"]) <= _LONGEST_REASON:
        raise WrongUse(f"--reason takes a sentence of {_SHORTEST_REASON} to {_LONGEST_REASON} characters")
    _check_markets(terms["markets"])
    return {**terms, "ends": _day(terms["ends"], "--until")}


def _check_markets(markets: tuple[str, ...]) -> None:
    wrong = [one for one in markets if not (len(one) == 2 and one.isascii() and one.isupper())]
    if wrong:
        raise WrongUse(f"--market takes two-letter country codes such as US, one by one; found {', '.join(wrong)}")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"{option} takes a day such as 2027-01-31; found {text}") from None


def _told(waiver: "Waiver", standing: str) -> dict[str, Any]:
    return {**waiver.model_dump(mode="json"), "today": standing}
