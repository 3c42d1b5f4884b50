"""Whether a person may appear, for a use, at this moment. By id alone: no name and no contact ever leaves here."""

from collections.abc import Sequence

from pydantic import Field

from callsheet.domain.cameo import Cameo, Covered, Use, check_release
from callsheet.domain.casting import use_of
from callsheet.domain.error import NotFound
from callsheet.domain.identity import CameoId
from callsheet.domain.words.person import without_names
from callsheet.storage import cameo as people
from callsheet.storage.database import Transaction
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, MarketCode, PlacementName, RunName, frozen
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool

MOST_OTHERS = 12
MOST_REASONS = 20


class LookupCameo(Asked):
    """Whom, and for what."""

    run: RunName
    cameo: str = Field(min_length=1, max_length=64, description="The id of the person, as the campaign names them.")
    placements: list[PlacementName] = Field(
        default=[], max_length=20, description="Where they would be shown; all placements of the run when empty."
    )
    markets: list[MarketCode] = Field(
        default=[], max_length=30, description="Markets they would be shown in; all of the run's when empty."
    )


class Person(Answer):
    """Somebody by id, and how they may be shown, in words for a picture."""

    cameo: str
    description: str


class CameoAnswer(Answer):
    """Whether a release covers the use now, and what to do when none does."""

    cameo: str
    covered: bool
    description: str
    release: str = Field(description="The release that covers it; empty when none does.")
    until: str = Field(description="The first day without that release.")
    reasons: list[str] = Field(description="What each release lacks.")
    alternatives: list[Person] = Field(description="Others of the campaign whom a release covers for this use.")
    do: str
    use: str = Field(description="The use in words: what, for whom, where.")


def lookup_cameo(desk: Desk) -> DeskTool:
    """The tool that says whether somebody may appear."""

    async def work(asked: LookupCameo) -> CameoAnswer:
        return await desk.read(lambda tx: _looked_up(tx, asked))

    return desk_tool(
        "lookup_cameo",
        "Say whether a person may appear in a run's campaign, there and now: covered by which release, or refused with "
        "the reasons and who could appear instead. People go by their ids; names are never told.",
        LookupCameo,
        CameoAnswer,
        work,
    )


def _looked_up(tx: Transaction, asked: LookupCameo) -> CameoAnswer:
    _, campaign = frozen(tx, asked.run)
    everybody = people.every(tx)
    mine = tuple(one for one in everybody if one.id in {each.id for each in campaign.cameos})
    person = next((one for one in mine if one.id == asked.cameo), None)
    if person is None:
        there = ", ".join(one.id for one in mine[:MOST_OTHERS]) or "nobody"
        raise NotFound(f"the campaign of {asked.run} names no person of that id; it names: {there}")
    use = use_of(campaign)
    use = use.model_copy(
        update={
            "media": tuple(asked.placements) or use.media,
            "territories": tuple(asked.markets) or use.territories,
        }
    )
    verdict = check_release(person, use, tx.now)
    covered = isinstance(verdict, Covered)
    release = verdict.release if isinstance(verdict, Covered) else ""
    others = [one for one in mine if one.id != person.id and isinstance(check_release(one, use, tx.now), Covered)]
    return CameoAnswer(
        cameo=person.id,
        covered=covered,
        description=_shown(person, everybody),
        release=release,
        until=next((f"{one.ends:%Y-%m-%d}" for one in person.releases if one.id == release), ""),
        reasons=[] if isinstance(verdict, Covered) else [without_names(one, everybody) for one in verdict.reasons],
        alternatives=[Person(cameo=one.id, description=_shown(one, everybody)) for one in others[:MOST_OTHERS]],
        do=_advice(person.id, covered, bool(others)),
        use=_in_words(use),
    )


def _advice(cameo: CameoId, covered: bool, has_others: bool) -> str:
    if covered:
        return f"cast {cameo}; the release is asked again before each purchase and before anything is published"
    others = "cast one of the alternatives, " if has_others else ""
    return f"{others}plan the shot without a person, or have a person get a release for this use"


def _in_words(use: Use) -> str:
    where = f"in {', '.join(use.media)} for {', '.join(use.territories)}"
    return f"{' and '.join(use.rights)} in {use.purpose} of {use.grantee or 'an advertiser nobody named'}, {where}"


def _shown(person: Cameo, everybody: Sequence[Cameo]) -> str:
    return without_names(person.description, everybody)
