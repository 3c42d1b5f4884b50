"""No sequence of grants, expiries, revocations, renders, crashes and resumes ends with an uncovered person in a cut or
publication.
"""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from crash.mortal import Points
from flows.test_revocation import with_person
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from unit.graphs.floor import NOON, Floor, RightBehind, signed_again

from callsheet.agents.analyst import Analyst
from callsheet.domain.identity import ShotId, VariantId
from callsheet.domain.telemetry import AnalystDecision, ReshootRequest
from callsheet.storage import cameo as people
from callsheet.tools.intake import Bundle, read_campaign

STEPS = (
    "GateDecided", "SecondsReserved", "PurchaseIntended", "PurchaseMoved", "TakeStored", "TakesCircled", "CutAssembled",
    "CutCleared", "DeliverableFinished", "GateOpened", "Published", "StoryboardDrafted",
)  # fmt: skip
"""Entries behind whose commit something may happen."""


class Consent(RuleBasedStateMachine):
    """One run of a film with one person, whose consent comes and goes."""

    bundle: Bundle

    @initialize()
    def begin(self) -> None:
        """The greenlight waits."""
        self.floor = Floor(Path(tempfile.mkdtemp(prefix="callsheet-consent-")), self.bundle)
        self.granted = 0
        self.floor.drive()
        assert self.floor.status().status == "waiting", self.floor.status().reason

    @rule(days=st.sampled_from([2, 400]))
    def grant(self, days: int) -> None:
        """They sign once more."""
        self.granted += 1
        person = signed_again(self.floor.person(), self.granted, self.floor.now, days)
        self.floor.database.write_now(lambda tx: people.seed(tx, (person,)))

    @rule(days=st.sampled_from([1, 3]))
    def let_time_pass(self, days: int) -> None:
        """A release may end by it."""
        self.floor.now += timedelta(days=days)

    @rule(which=st.integers(0, 3))
    def revoke(self, which: int) -> None:
        """One release ends, or all of them, as the command ends them."""
        known = [one.id for one in self.floor.person().releases]
        self.floor.end_consent(known[which] if which < len(known) else None)
        self._nothing_uncovered_is_out()

    @rule(at=st.integers(0, 45))
    def revoke_and_die(self, at: int) -> None:
        """The process that revokes dies; saying it again finishes it."""
        self.floor.end_consent(None, Points(at))
        self.floor.end_consent(None)
        self._nothing_uncovered_is_out()

    @precondition(lambda self: self.floor.status().status in ("waiting", "running", "failed"))
    @rule()
    def approve_and_go_on(self) -> None:
        """Somebody says yes."""
        self.floor.answer()
        self.floor.drive()

    @precondition(lambda self: self.floor.status().status in ("waiting", "running", "failed"))
    @rule(step=st.sampled_from(STEPS))
    def approve_and_die(self, step: str) -> None:
        """Somebody says yes, and the process dies somewhere behind it."""
        self.floor.answer()
        self.floor.drive(RightBehind(self.floor, step))

    @precondition(lambda self: self.floor.status().status in ("waiting", "running", "failed"))
    @rule(step=st.sampled_from(STEPS))
    def approve_and_hear_the_word(self, step: str) -> None:
        """Somebody says yes; while the work goes on another process commits that all consent has ended."""
        self.floor.answer()
        self.floor.drive(RightBehind(self.floor, step, self.floor.say_only))
        self.floor.end_consent(None)
        self._nothing_uncovered_is_out()

    @invariant()
    def nobody_did_what_may_not_be_done(self) -> None:
        """At the moment of each cut and publication the person in it was covered."""
        assert getattr(self, "floor", None) is None or self.floor.broken == []

    def _nothing_uncovered_is_out(self) -> None:
        assert self.floor.is_covered() or self.floor.on_air() == []

    def teardown(self) -> None:
        """Finish the film: whatever happened, it comes to its end."""
        if hasattr(self, "floor"):
            for _ in range(4):
                if self.floor.status().status == "finished":
                    break
                self.floor.answer()
                self.floor.drive()
            assert self.floor.broken == []
            self.floor.close()


@pytest.fixture(scope="module", autouse=True)
def campaign(tmp_path_factory: pytest.TempPathFactory) -> None:
    Consent.bundle = read_campaign(with_person(tmp_path_factory.mktemp("consent") / "cast"), NOON.date())


TestConsent = Consent.TestCase
TestConsent.settings = settings(max_examples=8, stateful_step_count=6, deadline=None)


@pytest.mark.parametrize("step", [one for one in STEPS if one not in ("GateDecided", "StoryboardDrafted")])
def test_the_word_right_behind_any_step_keeps_the_person_out_of_every_later_one(tmp_path: Path, step: str) -> None:
    floor = Floor(tmp_path, Consent.bundle)
    floor.drive()
    word = RightBehind(floor, step, floor.say_only)
    for _ in range(2):
        floor.answer()
        floor.drive(None if word.has_come else word)
        if word.has_come:
            break
    assert word.has_come, floor.told()
    floor.end_consent(None)
    assert floor.on_air() == [] and floor.broken == []
    for _ in range(3):
        floor.answer()
        floor.drive()
    assert floor.status().status == "finished" and floor.on_air() == [] and floor.broken == []
    floor.close()


def test_in_a_later_round_what_is_out_comes_down_and_the_reshoot_is_asked_about_without_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = Floor(tmp_path, Consent.bundle)
    floor.drive()
    cast = floor.roles()[0]
    request = ReshootRequest(
        variant=VariantId("a"), shots=(ShotId(cast),), changes=("closer",), seconds=12, reason="they look away"
    )
    again = AnalystDecision(kind="reshoot", variant=VariantId("a"), reason="once more", request=request)
    with monkeypatch.context() as wants_more:
        wants_more.setattr(Analyst, "decide", lambda *_: again)
        for _ in range(2):
            floor.answer()
            floor.drive()
    assert floor.asked() == "topup" and floor.roles() and floor.on_air() != []
    floor.end_consent(None)
    assert floor.asked() == "topup" and floor.roles() == [] and floor.on_air() == []
    for _ in range(2):
        floor.answer()
        floor.drive()
    assert floor.status().status == "finished", floor.status().reason
    assert floor.on_air() == [] and floor.broken == []
    floor.close()


def test_the_floor_brings_a_film_with_its_person_to_its_end(tmp_path: Path, campaign: None) -> None:
    """Otherwise nothing above would ever be tried."""
    floor = Floor(tmp_path, Consent.bundle)
    floor.drive()
    for _ in range(3):
        floor.answer()
        floor.drive()
    assert floor.status().status == "finished", floor.status()
    assert floor.on_air() != []
    floor.close()
