"""No film is out that no book knows: whatever a publisher or a process does, it is found, and taken down if need be."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from crash.mortal import Crash
from flows.test_revocation import with_person
from sqlalchemy import update
from unit.graphs.floor import DANA, INES, RUN, Channel, Floor
from unit.jobs.rig import NOON

from callsheet.domain.gate import Decision
from callsheet.domain.identity import Digest, PlacementId, PublicationId, VariantId
from callsheet.domain.jurisdiction import Flag, LabelAsk, Pack, Rule
from callsheet.domain.revocation import RevocationReport
from callsheet.domain.stop import CallOff
from callsheet.domain.storyboard import Storyboard
from callsheet.graphs import label
from callsheet.graphs.node import release
from callsheet.jobs.calloff import call_off
from callsheet.jobs.revocation import Desk, revoke
from callsheet.storage import document, publication, stop
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.storage.publication import Publication
from callsheet.storage.table import DOCUMENTS
from callsheet.tools.intake import read_campaign
from callsheet.tools.publish.port import NotTheApprovedFile, Parcel, Slot
from callsheet.tools.rules.jurisdiction import jurisdictions


@dataclass
class Hook:
    """What happens around a publisher: before a file leaves, and right behind it. `is_slow`: it shows nothing yet."""

    before: Callable[[], object] = lambda: None
    behind: Callable[[], object] = lambda: None
    is_slow: bool = False
    breaks_at: str = ""
    parcels: list[Parcel] = field(default_factory=list)


class Hooked(Channel):
    """The channel of a floor with something happening around it."""

    def __init__(self, floor: Floor, hook: Hook) -> None:
        super().__init__(floor.folder / "channel", floor)
        self.hook = hook

    async def publish(self, parcel: Parcel) -> PublicationId:
        self.hook.before()
        sent = await super().publish(parcel)
        self.hook.parcels.append(parcel)
        self.hook.behind()
        return sent

    async def find(self, slot: Slot) -> PublicationId | None:
        return None if self.hook.is_slow else await super().find(slot)

    async def take_down(self, publication: PublicationId) -> bool:
        if publication == self.hook.breaks_at:
            raise KeyError("no such asset group")
        return await super().take_down(publication)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """A run whose release gate waits."""
    made = Floor(tmp_path, read_campaign(with_person(tmp_path / "cast"), NOON.date()))
    made.drive()
    made.answer()
    made.drive()
    assert made.asked() == "release"
    yield made
    made.close()


@pytest.fixture
def hook(floor: Floor) -> Hook:
    made = Hook()
    floor.channel = Hooked(floor, made)
    return made


def dies(floor: Floor) -> Callable[[], None]:
    def die() -> None:
        floor.database.points.is_dead = True
        raise Crash("behind the channel's back")

    return die


def ship(floor: Floor) -> None:
    floor.answer()
    floor.drive()


def crash_behind_the_publisher(floor: Floor, hook: Hook) -> None:
    """The film is out, and the process that sent it is gone before it could write that down."""
    hook.behind = dies(floor)
    ship(floor)
    hook.behind = lambda: None
    assert listed(floor) and states(floor) == ["sending"]


def book(floor: Floor) -> tuple[Publication, ...]:
    return floor.database.read_now(lambda tx: publication.of_run(tx, RUN))


def states(floor: Floor) -> list[str]:
    return [one.state for one in book(floor)]


def listed(floor: Floor) -> tuple[PublicationId, ...]:
    return floor.runner.run(floor.channel.listed())


def ended(floor: Floor) -> RevocationReport:
    desk = Desk(floor.database, lambda _: floor.api, floor.jobs, lambda _: floor.channel, patience=30.0)
    return floor.runner.run(revoke(desk, INES))


def called_off(floor: Floor) -> CallOff:
    work = call_off(floor.database, lambda _: floor.api, floor.jobs, lambda _: floor.channel, f"run:{RUN}", "no money")
    return floor.runner.run(work)


def aired(floor: Floor) -> tuple[int, int]:
    """How often the ledger says that something went up, and came down."""
    return floor.told().count("Published"), floor.told().count("TakenDown")


def test_it_is_in_the_book_before_it_leaves(floor: Floor, hook: Hook) -> None:
    seen: list[str] = []
    hook.before = lambda: seen.extend(states(floor))
    ship(floor)
    assert (seen, states(floor)) == (["sending"], ["up"])


def test_a_resume_finds_what_a_dead_process_sent_and_does_not_send_it_twice(floor: Floor, hook: Hook) -> None:
    crash_behind_the_publisher(floor, hook)
    floor.drive()
    assert floor.status().status == "finished"
    assert len(hook.parcels) == 1
    assert ([one.id for one in book(floor)], states(floor)) == (list(listed(floor)), ["up"])


def test_a_resume_sends_what_a_dead_process_had_only_meant_to_send(floor: Floor, hook: Hook) -> None:
    hook.before = dies(floor)
    ship(floor)
    assert (listed(floor), states(floor)) == ((), ["sending"])
    hook.before = lambda: None
    floor.drive()
    assert (floor.status().status, states(floor), aired(floor)) == ("finished", ["up"], (1, 0))


def test_a_revocation_takes_down_what_a_dead_process_sent(floor: Floor, hook: Hook) -> None:
    crash_behind_the_publisher(floor, hook)
    (said,) = ended(floor).publications
    assert (said.state, listed(floor), states(floor), aired(floor)) == ("down", (), ["down"], (1, 1))


def test_a_release_that_ended_by_its_date_meanwhile_takes_it_down_on_resume(floor: Floor, hook: Hook) -> None:
    crash_behind_the_publisher(floor, hook)
    floor.now += timedelta(days=20 * 365)
    floor.drive()
    assert (listed(floor), states(floor), aired(floor)) == ((), ["down"], (1, 1))
    assert floor.asked() == "greenlight"


def test_calling_the_run_off_takes_down_what_was_being_sent_and_says_so(floor: Floor, hook: Hook) -> None:
    crash_behind_the_publisher(floor, hook)
    (said,) = called_off(floor).publications
    assert (said.state, listed(floor), states(floor), aired(floor)) == ("down", (), ["down"], (1, 1))
    assert called_off(floor).publications == (), "said again"


def test_a_run_called_off_stays_called_off_when_a_slow_channel_shows_it_later(floor: Floor, hook: Hook) -> None:
    crash_behind_the_publisher(floor, hook)
    hook.is_slow = True
    (said,) = called_off(floor).publications
    assert (said.state, states(floor)) == ("sending", ["sending"])
    hook.is_slow = False
    (again,) = called_off(floor).publications
    assert (again.state, listed(floor), states(floor)) == ("down", (), ["down"])


@pytest.mark.parametrize("word", ["consent", "call off"])
def test_a_word_said_while_a_file_is_on_its_way_takes_it_down_when_it_arrives(
    floor: Floor, hook: Hook, word: str
) -> None:
    def say() -> None:
        if word == "consent":
            floor.say_only()
        else:
            floor.database.write_now(lambda tx: stop.call_off(tx, f"run:{RUN}", "no money", ()))

    hook.behind = say
    ship(floor)
    assert (listed(floor), states(floor), aired(floor)) == ((), ["down"], (1, 1))
    assert floor.status().status == ("waiting" if word == "consent" else "cancelled")


def test_what_its_channel_does_not_show_stays_perhaps_out_for_a_day_and_is_then_struck_out(
    floor: Floor, hook: Hook
) -> None:
    hook.before, hook.is_slow = dies(floor), True
    ship(floor)
    (said,) = ended(floor).publications
    assert said.state == "sending" and "say it again" in said.why
    assert [one.standing for one in floor.database.read_now(publication.perhaps_out)] == ["perhaps out"]
    floor.now += timedelta(days=2)
    (said,) = ended(floor).publications
    assert (said.state, book(floor), aired(floor)) == ("down", (), (0, 0))
    assert "never came" in said.why


def test_what_a_slow_channel_shows_after_the_word_comes_down_when_the_run_goes_on(floor: Floor, hook: Hook) -> None:
    crash_behind_the_publisher(floor, hook)
    hook.is_slow = True
    floor.end_consent(None)
    assert floor.asked() == "greenlight" and states(floor) == ["sending"]
    hook.is_slow = False
    for _ in range(2):
        floor.answer()
        floor.drive()
    assert floor.status().status == "finished"
    assert sorted(states(floor)) == ["down", "up"] and floor.on_air() == [] and len(listed(floor)) == 1


def test_what_a_newer_cut_replaces_comes_down(floor: Floor, hook: Hook) -> None:
    def lay_an_older_one(tx: Transaction) -> None:
        older = Publication(
            id=PublicationId("older"), run=RUN, gate=gates.gates_of(tx, RUN)[0].id, name="older", adapter="folder",
            file=Digest("0" * 64), variant=VariantId("a"), placement=PlacementId("p"), at=tx.now,
        )  # fmt: skip
        publication.keep(tx, older)

    del hook
    floor.database.write_now(lay_an_older_one)
    ship(floor)
    assert {one.id == "older": one.state for one in book(floor)} == {True: "down", False: "up"}
    assert aired(floor) == (2, 1)


def test_a_run_that_is_rejected_leaves_nothing_on_its_way(floor: Floor, hook: Hook) -> None:
    crash_behind_the_publisher(floor, hook)
    hook.is_slow = True
    floor.end_consent(None)
    hook.is_slow = False

    def say_no(tx: Transaction) -> None:
        (gate,) = [one for one in gates.gates_of(tx, RUN) if not gates.verdict_at(tx, one.id).is_final]
        gates.decide(tx, Decision(gate=gate.id, answer="reject", by=DANA, shown=gate.shown, at=tx.now))

    floor.database.write_now(say_no)
    floor.drive()
    assert (listed(floor), states(floor), aired(floor)) == ((), ["down"], (1, 1))
    assert "what is published stays" not in floor.status().reason


def test_a_publisher_that_refuses_before_sending_leaves_nothing_in_the_book(floor: Floor, hook: Hook) -> None:
    def refuse() -> None:
        raise NotTheApprovedFile("these are other bytes")

    hook.before = refuse
    ship(floor)
    assert (floor.status().status, book(floor)) == ("failed", ())


def test_a_publisher_that_breaks_may_have_sent_it(floor: Floor, hook: Hook) -> None:
    def break_down() -> None:
        raise KeyError("the answer has no id")

    hook.behind = break_down
    ship(floor)
    assert (floor.status().status, states(floor)) == ("failed", ["sending"])
    hook.behind = lambda: None
    floor.drive()
    assert (len(hook.parcels), states(floor)) == (1, ["up"])


def test_what_was_changed_where_it_is_out_is_booked_as_up_and_taken_down(floor: Floor, hook: Hook) -> None:
    def change() -> None:
        for path in (floor.folder / "channel").glob("*/*.mp4"):
            path.write_bytes(b"something else")

    hook.behind = change
    ship(floor)
    assert "withdrawn" in floor.status().reason
    assert (listed(floor), states(floor), aired(floor)) == ((), ["down"], (1, 1))


def rules_with(monkeypatch: pytest.MonkeyPatch, **asks: Any) -> str:
    """From some days after the release on there is one more rule, everywhere."""
    rule = Rule(
        id="new-rule", where="Everywhere", starts=(NOON + timedelta(days=5)).date(), when=("generated",), law="The Act",
        binds="advertiser", source="https://example.org", checked=NOON.date(), is_certain=True, note="", **asks,
    )  # fmt: skip
    pack: Pack = jurisdictions().model_copy(update={"rules": (*jurisdictions().rules, rule)})
    monkeypatch.setattr(label, "jurisdictions", lambda: pack)
    return rule.id


def test_what_is_declared_is_what_the_rules_of_the_day_ask(
    floor: Floor, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules_with(monkeypatch, flag=Flag(platform="tube", field="isMade", value=True))
    floor.now += timedelta(days=10)
    ship(floor)
    (sent,) = hook.parcels
    assert sent.flags["tube"] == {"isMade": True}
    assert '"id": "new-rule"' in json.dumps(sent.disclosures)
    (cut,) = floor.files.values()
    assert cut.labelling is not None
    assert (sent.markets, sent.alternate) == (cut.markets, "") and sent.markets
    assert sent.disclosures["label"] is None


def test_what_is_declared_of_the_label_is_what_the_film_shows(floor: Floor) -> None:
    (cut,) = floor.files.values()
    assert cut.labelling is not None
    shown = cut.model_copy(update={"labelling": cut.labelling.model_copy(update={"text": "AI", "height": 30})})
    drafted = floor.database.read_now(lambda tx: [e.body for e in entries(tx, RUN) if e.kind == "StoryboardDrafted"])
    storyboard = floor.database.read_now(lambda tx: document.fetch(tx, Storyboard, drafted[-1]["storyboard"]))
    today = label.labelled_today(floor.campaign, shown, storyboard, NOON.date())
    assert (today.text, today.height, today.demands) == ("AI", 30, cut.labelling.demands)


@pytest.mark.parametrize("moment", ["before the first file", "between two files"])
def test_a_film_that_must_show_more_today_than_on_the_day_it_was_cut_is_not_cleared(
    floor: Floor, hook: Hook, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    crash_behind_the_publisher(floor, hook)
    rules_with(monkeypatch, label=LabelAsk(words="generated", span="throughout", height=150))
    if moment == "between two files":

        async def cleared(*_: Any) -> tuple[()]:
            return ()

        monkeypatch.setattr(release, "judge_cuts", cleared)
    floor.now += timedelta(days=10)
    floor.drive()
    run = floor.status()
    assert run.status == "failed" and run.reason.startswith("nothing was published: ")
    for said in ("new-rule", "The Act", "from 2026-11-27 on", "callsheet run FOLDER"):
        assert said in run.reason
    assert (listed(floor), states(floor)) == ((), ["down"])
    assert floor.told().count("CutReturned") == 1


def test_one_publisher_that_breaks_keeps_no_other_film_up(floor: Floor, hook: Hook) -> None:
    ship(floor)
    (out,) = book(floor)
    elsewhere = out.model_copy(update={"id": PublicationId("broken-1"), "placement": PlacementId("aside")})
    earlier = elsewhere.model_copy(update={"at": out.at - timedelta(days=1)})
    floor.database.write_now(lambda tx: publication.keep(tx, earlier))
    hook.breaks_at = "broken-1"
    said = {one.publication: one for one in ended(floor).publications}
    assert {name: one.state for name, one in said.items()} == {"broken-1": "failed", out.id: "down"}
    assert "KeyError" in said[PublicationId("broken-1")].why and "by hand" in said[PublicationId("broken-1")].why
    assert listed(floor) == ()


def test_a_campaign_nobody_can_read_any_more_keeps_no_film_up(floor: Floor, hook: Hook) -> None:
    del hook
    ship(floor)
    bundle = floor.status().bundle
    spoilt = update(DOCUMENTS).where(DOCUMENTS.c.digest == bundle).values(body='{"half": ')
    floor.database.write_now(lambda tx: tx.execute(spoilt))
    report = ended(floor)
    assert ([one.state for one in report.publications], listed(floor)) == (["down"], ())
    assert [one.note for one in report.runs if "no alternate was begun" in one.note]


def test_takes_nobody_can_read_name_the_film_as_still_out(
    floor: Floor, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    del hook
    ship(floor)
    monkeypatch.setattr(
        "callsheet.jobs.withdrawal.casting.files_with", lambda *_: (_ for _ in ()).throw(ValueError("half a row"))
    )
    monkeypatch.setattr("callsheet.jobs.revocation.cuts_of", lambda *_: ())
    (said,) = ended(floor).publications
    assert (said.state, said.publication) == ("failed", listed(floor)[0])
    assert "half a row" in said.why
