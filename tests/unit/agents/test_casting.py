"""Nobody appears without a release that covers them at that moment, and a refusal says what would do."""

from datetime import UTC, datetime

from unit.agents.briefs import NOON, cameo, campaign, runner

from callsheet.agents.casting import Casting
from callsheet.agents.director import Director
from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.storyboard import CallSheet
from callsheet.tools.writer import HouseWriter

DIRECTOR = Director(HouseWriter())


async def cast(
    brief: Campaign, people: tuple[Cameo, ...], moment: datetime = NOON
) -> tuple[CallSheet, tuple[Finding, ...]]:
    return Casting().cast(brief, await DIRECTOR.plan(brief), people, moment)


async def test_a_covered_person_is_cast_with_words_that_bind_how_they_are_shown() -> None:
    sheet, findings = await cast(runner(), runner().cameos)
    assert findings == ()
    assert sheet.roles
    for role in sheet.roles:
        shot = next(shot for shot in sheet.shots if shot.id == role.shot)
        assert shot.prompt.endswith(role.constraint)
        assert "No public figures, no minors" in role.constraint
        assert role.release == "ana-release"
    uncast = [shot for shot in sheet.shots if shot.cameo is None]
    assert all("cast adult" not in shot.prompt for shot in uncast)


async def test_a_revoked_release_refuses_every_role_with_an_alternative() -> None:
    bob = cameo("bob")
    ana = cameo(revoked_at=NOON)
    sheet, findings = await cast(runner(cameos=(cameo(),)), (ana, bob))
    assert not sheet.roles
    assert len(findings) == len(sheet.refusals) > 0
    assert all(finding.weight == "stops" and "revoked" in finding.evidence for finding in findings)
    assert all("cast bob" in finding.fix and "without ana" in finding.fix for finding in findings)


async def test_a_release_that_ended_a_moment_ago_covers_nothing() -> None:
    ending = cameo(ends=NOON)
    _, before = await cast(runner(), (ending,), moment=datetime(2026, 11, 22, 11, 59, 59, tzinfo=UTC))
    _, after = await cast(runner(), (ending,), moment=NOON)
    assert before == ()
    assert after != ()


async def test_a_person_the_workspace_does_not_know_is_refused() -> None:
    _, findings = await cast(runner(), ())
    assert all("nobody with the id ana" in finding.evidence for finding in findings)
    assert findings


async def test_a_public_figure_is_never_cast() -> None:
    _, findings = await cast(runner(), (cameo(is_public_figure=True),))
    assert all("public figure" in finding.evidence for finding in findings)
    assert findings


async def test_a_minor_is_never_cast_for_what_is_meant_for_adults() -> None:
    young = cameo(is_minor=True)
    young = young.model_copy(update={"releases": (young.releases[0].model_copy(update={"guardian": "her mother"}),)})
    _, allowed = await cast(runner(cameos=(young,)), (young,))
    assert allowed == ()
    findings = []
    for name in ("Brew", "Ale", "Stout", "Porter"):  # a plan need not have a person in it; one of these does
        brew = campaign("brew", "Sell beer", name, "craft beer", "Brewed here", cameos=(young,))
        findings += (await cast(brew, (young,)))[1]
    assert all("a minor" in finding.evidence for finding in findings)
    assert findings


async def test_the_director_plans_again_without_whom_casting_refused() -> None:
    brief = runner()
    ana = cameo(revoked_at=NOON)
    _, findings = await cast(brief, (ana,))
    second = await DIRECTOR.plan(brief, findings)
    sheet, left = Casting().cast(brief, second, (ana,), NOON)
    assert left == ()
    assert sheet.roles == ()
    assert all("braid" not in shot.prompt for shot in second.shots)
