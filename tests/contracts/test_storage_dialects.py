"""The workspace keeps its promises in a SQLite file and in Postgres alike."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from contracts.buyer import NOON, PRICE, RUN, noon, order, reserve_in_a_process
from sqlalchemy import delete, update

from callsheet.domain.budget import Admitted, Allowance
from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.event import PurchaseIntended, RunStarted
from callsheet.domain.gate import Answer, Decision, Gate
from callsheet.domain.identity import CameoId, Digest, GateId, PlacementId, PublicationId, ReleaseId, RunId, VariantId
from callsheet.domain.ledger import LedgerBroken
from callsheet.domain.money import Money
from callsheet.domain.placement import VERTICAL
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import NoSuchStep
from callsheet.domain.run import Run
from callsheet.storage import cameo as people
from callsheet.storage import document, job, publication
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import entries, head_of, name_of, pseudonym, record
from callsheet.storage.publication import Publication
from callsheet.storage.table import LEDGER, PEOPLE

SHOWN = Digest("a" * 64)
ADA = Principal(name="Ada Lovelace")


def begin(tx: Transaction, run: RunId = RUN, folder: str = "/spring") -> None:
    started = RunStarted(bundle=SHOWN, campaign="spring", provider="p", model="m", policy="people", seed=0)
    runs.start(tx, Run(id=run, campaign="spring", bundle=SHOWN, folder=folder, out="/out", started_at=tx.now), started)


def gate(**changes: Any) -> Gate:
    allowance = Allowance(seconds=8, money=PRICE.times(2))
    asked = {"id": "g1", "run": RUN, "kind": "greenlight", "round": 0, "shown": SHOWN, "allowance": allowance}
    return Gate.model_validate({**asked, "opened_at": NOON, **changes})


def answer(word: Answer = "approve", **changes: Any) -> Decision:
    said = {"gate": GateId("g1"), "answer": word, "by": ADA, "shown": SHOWN, "at": NOON, **changes}
    return Decision.model_validate(said)


def greenlit(tx: Transaction) -> None:
    begin(tx)
    gates.open_gate(tx, gate())
    gates.decide(tx, answer())


def test_an_error_takes_back_the_change_and_its_ledger_event_together(database: Database) -> None:
    database.write_now(greenlit)
    before = database.read_now(lambda tx: head_of(tx, RUN))

    def half(tx: Transaction) -> None:
        journal.reserve(tx, RUN, order(1), PRICE)
        raise RuntimeError("the process stops here")

    with pytest.raises(RuntimeError):
        database.write_now(half)
    assert database.read_now(lambda tx: journal.find(tx, order(1).key)) is None
    assert database.read_now(lambda tx: journal.book_of(tx, RUN)).held_seconds == 0
    assert database.read_now(lambda tx: head_of(tx, RUN)) == before


def test_a_step_the_purchase_cannot_take_changes_nothing(database: Database) -> None:
    database.write_now(greenlit)
    database.write_now(lambda tx: journal.reserve(tx, RUN, order(1), PRICE))
    before = database.read_now(lambda tx: head_of(tx, RUN))
    with pytest.raises(NoSuchStep):
        database.write_now(lambda tx: journal.move(tx, order(1).key, "store"))
    assert database.read_now(lambda tx: head_of(tx, RUN)) == before


def test_a_read_sees_one_moment_however_long_it_takes(database: Database) -> None:
    database.write_now(begin)

    def look_twice(tx: Transaction) -> tuple[int, int]:
        first = len(entries(tx, RUN))
        with ThreadPoolExecutor(1) as other:
            other.submit(database.write_now, lambda late: gates.open_gate(late, gate())).result()
        return first, len(entries(tx, RUN))

    first, second = database.read_now(look_twice)
    assert first == second
    assert database.read_now(lambda tx: len(entries(tx, RUN))) == first + 1


def test_workspaces_of_one_database_do_not_see_each_other(url: str) -> None:
    one, other = Database(url, "w1", noon), Database(url, "w2", noon)
    one.write_now(greenlit)
    assert other.read_now(runs.every) == ()
    assert other.read_now(lambda tx: entries(tx, RUN)) == ()
    other.write_now(begin)
    assert [len(db.read_now(lambda tx: entries(tx, RUN))) for db in (one, other)] == [3, 1]
    one.close()
    other.close()


# --- money ---


def test_threads_that_reserve_at_once_never_pass_what_was_approved(database: Database) -> None:
    database.write_now(greenlit)
    with ThreadPoolExecutor(8) as threads:
        admitted = list(
            threads.map(
                lambda take: isinstance(
                    database.write_now(lambda tx: journal.reserve(tx, RUN, order(take), PRICE)), Admitted
                ),
                range(1, 9),
            )
        )
    assert sum(admitted) == 2
    assert database.read_now(lambda tx: journal.book_of(tx, RUN)).held_seconds == 8
    assert database.read_now(lambda tx: head_of(tx, RUN))


def test_processes_that_reserve_at_once_never_pass_what_was_approved(url: str, database: Database) -> None:
    database.write_now(greenlit)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        admitted = list(processes.map(reserve_in_a_process, [url] * 6, range(1, 7)))
    assert sum(admitted) == 2
    assert database.read_now(lambda tx: journal.book_of(tx, RUN)).held_seconds == 8
    assert database.read_now(lambda tx: head_of(tx, RUN))


def test_reserving_again_holds_nothing_more_and_a_release_gives_all_of_it_back(database: Database) -> None:
    database.write_now(greenlit)
    key = order(1).key
    for _ in range(3):
        for _ in range(2):
            assert isinstance(database.write_now(lambda tx: journal.reserve(tx, RUN, order(1), PRICE)), Admitted)
        assert database.read_now(lambda tx: journal.book_of(tx, RUN)).held_seconds == 4
        database.write_now(lambda tx: journal.move(tx, key, "cancel", reason="changed our mind"))
        assert database.read_now(lambda tx: journal.book_of(tx, RUN)).seconds == 0


def test_a_render_is_owned_by_one_purchase(database: Database) -> None:
    database.write_now(greenlit)

    def sent(tx: Transaction, take: int) -> None:
        journal.reserve(tx, RUN, order(take), PRICE)
        event = PurchaseIntended(
            purchase=order(take).key, attempt=1, prompt=SHOWN, references=(), size="720x1280", provider="p", model="m"
        )
        journal.intend(tx, event)

    for take in (1, 2):
        database.write_now(lambda tx, take=take: sent(tx, take))  # type: ignore[misc]  # mypy cannot type a lambda's default
    assert database.write_now(lambda tx: journal.accept(tx, order(1).key, "video_1")).job == "video_1"
    assert database.write_now(lambda tx: journal.accept(tx, order(2).key, "video_1")).state == "ambiguous"
    assert database.write_now(lambda tx: journal.adopt_job(tx, order(2).key, ["video_1"])) is None
    found = database.write_now(lambda tx: journal.adopt_job(tx, order(2).key, ["video_1", "v" * 3000]))
    assert found is not None
    assert found.job == "v" * 3000
    owners = database.read_now(lambda tx: [journal.owner_of(tx, job) for job in ("video_1", "v" * 3000, "video_2", "")])
    assert owners == [order(1).key, order(2).key, None, None]


def test_what_was_spent_in_euros_is_read_in_euros(database: Database) -> None:
    euros = Money(amount=Decimal("0.40"), currency="EUR")

    def bought(tx: Transaction) -> None:
        begin(tx)
        gates.open_gate(tx, gate(allowance=Allowance(seconds=8, money=euros)))
        gates.decide(tx, answer())
        journal.reserve(tx, RUN, order(1), euros)

    database.write_now(bought)
    assert database.read_now(lambda tx: journal.book_of(tx, RUN)).held == euros


# --- gates ---


def test_opening_a_gate_again_leaves_it_as_it_is(database: Database) -> None:
    database.write_now(begin)
    first = database.write_now(lambda tx: gates.open_gate(tx, gate()))
    later = gate(opened_at=NOON + timedelta(hours=1))
    assert database.write_now(lambda tx: gates.open_gate(tx, later)) == first
    assert database.read_now(lambda tx: gates.gates_of(tx, RUN)) == (first,)
    assert [one.kind for one in database.read_now(lambda tx: entries(tx, RUN))] == ["RunStarted", "GateOpened"]


def test_a_gate_is_decided_once(database: Database) -> None:
    database.write_now(greenlit)
    before = database.read_now(lambda tx: head_of(tx, RUN))
    with pytest.raises(WrongUse, match=r"decided already \(approve\); nothing was changed"):
        database.write_now(lambda tx: gates.decide(tx, answer("reject")))
    assert database.read_now(lambda tx: gates.verdict_at(tx, GateId("g1"))).answer == "approve"
    assert database.read_now(lambda tx: head_of(tx, RUN)) == before


def test_two_people_who_answer_at_once_decide_once(database: Database) -> None:
    database.write_now(lambda tx: (begin(tx), gates.open_gate(tx, gate())))

    def say(word: Answer) -> bool:
        try:
            database.write_now(lambda tx: gates.decide(tx, answer(word)))
        except WrongUse:
            return False
        return True

    words: list[Answer] = ["approve", "reject", "approve", "reject"]
    with ThreadPoolExecutor(4) as people:
        assert sum(people.map(say, words)) == 1
    assert len(database.read_now(lambda tx: gates.decisions(tx, GateId("g1")))) == 1


def test_an_answer_about_something_else_than_what_is_shown_is_refused(database: Database) -> None:
    database.write_now(lambda tx: (begin(tx), gates.open_gate(tx, gate())))
    with pytest.raises(WrongUse, match="look again with `callsheet show spring-1`"):
        database.write_now(lambda tx: gates.decide(tx, answer(shown=Digest("b" * 64))))
    assert database.read_now(lambda tx: gates.decisions(tx, GateId("g1"))) == ()


def test_finished_files_cannot_be_edited_by_words(database: Database) -> None:
    database.write_now(lambda tx: (begin(tx), gates.open_gate(tx, gate(kind="release", allowance=None))))
    with pytest.raises(WrongUse, match="takes approve or reject, not edit; nothing was changed"):
        database.write_now(lambda tx: gates.decide(tx, answer("edit", edits={"shot.1.seconds": "4"})))
    assert database.read_now(lambda tx: gates.verdict_at(tx, GateId("g1"))).answer == "open"


def test_a_name_is_recorded_at_a_gate_for_a_role_and_leaves_it_open(database: Database) -> None:
    database.write_now(lambda tx: (begin(tx), gates.open_gate(tx, gate(roles=("legal",)))))
    assert database.write_now(lambda tx: gates.decide(tx, answer())).answer == "open"
    assert len(database.read_now(lambda tx: gates.decisions(tx, GateId("g1")))) == 1
    assert database.read_now(lambda tx: journal.allowances_of(tx, RUN)) == ()
    counsel = Principal(name="Counsel", authenticated="token", roles=("legal",))
    assert database.write_now(lambda tx: gates.decide(tx, answer(by=counsel))).answer == "approve"
    assert len(database.read_now(lambda tx: journal.allowances_of(tx, RUN))) == 1


def test_a_proposal_moves_nothing(database: Database) -> None:
    database.write_now(lambda tx: (begin(tx), gates.open_gate(tx, gate())))
    database.write_now(lambda tx: gates.propose(tx, answer()))
    assert database.read_now(lambda tx: gates.verdict_at(tx, GateId("g1"))).answer == "open"
    assert len(database.read_now(lambda tx: gates.decisions(tx, GateId("g1"), "proposal"))) == 1
    assert database.read_now(lambda tx: journal.allowances_of(tx, RUN)) == ()
    assert database.write_now(lambda tx: gates.decide(tx, answer())).answer == "approve"


def test_an_answer_after_the_deadline_is_refused_whatever_time_it_says(url: str) -> None:
    now = [NOON]
    database = Database(url, "w", lambda: now[0])
    database.write_now(lambda tx: (begin(tx), gates.open_gate(tx, gate(deadline=NOON + timedelta(hours=1)))))
    now[0] = NOON + timedelta(hours=1)
    with pytest.raises(WrongUse, match="expired"):
        database.write_now(lambda tx: gates.decide(tx, answer(at=NOON)))
    assert database.read_now(lambda tx: journal.allowances_of(tx, RUN)) == ()
    database.close()


# --- runs, documents, records ---


def test_a_folder_has_one_unfinished_run(database: Database) -> None:
    database.write_now(begin)
    with pytest.raises(WrongUse, match=r"unfinished run, spring-1: go on with `callsheet resume spring-1`"):
        database.write_now(lambda tx: begin(tx, RunId("spring-2")))
    database.write_now(lambda tx: begin(tx, RunId("autumn-1"), "/autumn"))
    database.write_now(lambda tx: runs.set_status(tx, RUN, "finished", "done"))
    database.write_now(lambda tx: begin(tx, RunId("spring-2")))
    assert {run.id for run in database.read_now(runs.unfinished)} == {"spring-2", "autumn-1"}
    with pytest.raises(NotFound, match="there are: autumn-1, spring-1, spring-2"):
        database.read_now(lambda tx: runs.find(tx, RunId("winter-1")))


def test_two_who_start_at_once_start_one_run(database: Database) -> None:
    def start(number: int) -> bool:
        try:
            database.write_now(lambda tx: begin(tx, RunId(f"spring-{number}")))
        except WrongUse:
            return False
        return True

    with ThreadPoolExecutor(4) as people:
        assert sum(people.map(start, range(1, 5))) == 1


def test_a_document_is_kept_once_under_its_own_hash(database: Database) -> None:
    digests = {database.write_now(lambda tx: document.keep(tx, VERTICAL)) for _ in range(3)}
    assert digests == {VERTICAL.digest}
    assert database.read_now(lambda tx: document.fetch(tx, type(VERTICAL), VERTICAL.digest)) == VERTICAL
    with pytest.raises(NotFound, match="no Run"):
        database.read_now(lambda tx: document.fetch(tx, Run, VERTICAL.digest))


def test_a_revocation_beats_any_file(database: Database) -> None:
    release = Release(id=ReleaseId("r1"), starts=NOON, ends=NOON + timedelta(days=9))
    mara = Cameo(id=CameoId("mara"), name="Mara", releases=(release,))
    database.write_now(lambda tx: people.seed(tx, (mara,)))
    assert database.write_now(lambda tx: people.revoke(tx, mara.id, release.id, "her word")) is True
    assert database.write_now(lambda tx: people.revoke(tx, mara.id, release.id, "again")) is False
    database.write_now(lambda tx: people.seed(tx, (mara,)))
    changed = mara.model_copy(update={"description": "a runner"})
    database.write_now(lambda tx: people.seed(tx, (changed,)))
    (found,) = database.read_now(lambda tx: people.cameos(tx, ("mara", "nobody")))
    assert found.releases[0].revoked_at == NOON
    ended = release.model_copy(update={"revoked_at": NOON})
    assert found == changed.model_copy(update={"releases": (ended,)})


def test_jobs_are_found_by_what_they_touch(database: Database) -> None:
    for _ in range(2):
        database.write_now(lambda tx: job.tag(tx, "b1", RUN, [("j1", "render", ("cameo:mara",)), ("j2", "render", ())]))  # type: ignore[arg-type,list-item]  # plain text for ids
    assert set(database.read_now(lambda tx: job.tagged(tx, "cameo:mara"))) == {"j1"}
    assert set(database.read_now(lambda tx: job.tagged(tx, "run:spring-1"))) == {"j1", "j2"}
    assert database.read_now(lambda tx: job.batches(tx, RUN)) == (("b1", "render", ("j1", "j2")),)


# --- the ledger and people ---


def test_erasing_a_person_leaves_the_ledger_as_it_was(database: Database) -> None:
    database.write_now(greenlit)
    before = database.read_now(lambda tx: head_of(tx, RUN))
    mark = database.write_now(lambda tx: pseudonym(tx, ADA.name))
    assert database.read_now(lambda tx: name_of(tx, mark)) == ADA.name
    database.write_now(lambda tx: tx.execute(delete(PEOPLE)))
    assert database.read_now(lambda tx: name_of(tx, mark)) is None
    assert database.read_now(lambda tx: head_of(tx, RUN)) == before
    assert ADA.name not in str(database.read_now(lambda tx: entries(tx, RUN)))
    assert database.write_now(lambda tx: pseudonym(tx, ADA.name)) == mark


def test_the_same_name_is_another_mark_in_another_workspace(url: str) -> None:
    marks = set()
    for workspace in ("w1", "w2"):
        database = Database(url, workspace, noon)
        marks.add(database.write_now(lambda tx: pseudonym(tx, ADA.name)))
        database.close()
    assert len(marks) == 2


def test_an_entry_changed_behind_our_back_is_found(database: Database) -> None:
    database.write_now(greenlit)
    stored = database.read_now(lambda tx: entries(tx, RUN))[1]
    forged = stored.model_copy(update={"body": stored.body | {"seconds": 800}}).model_dump_json()
    database.write_now(lambda tx: tx.execute(update(LEDGER).where(LEDGER.c.position == 1).values(entry=forged)))
    with pytest.raises(LedgerBroken, match=r"run: entry 1 \(GateOpened\) was changed"):
        database.read_now(lambda tx: head_of(tx, RUN))


def test_chains_written_in_another_order_have_the_same_head(url: str) -> None:
    heads = set()
    for workspace, chains in (("w1", "abc"), ("w2", "cab")):
        database = Database(url, workspace, noon)
        for chain in chains:
            event = RunStarted(bundle=SHOWN, campaign=chain, provider="p", model="m", policy="people", seed=0)
            database.write_now(lambda tx, chain=chain, event=event: record(tx, RUN, event, chain))  # type: ignore[misc]  # mypy cannot type a lambda's default
        heads.add(database.read_now(lambda tx: head_of(tx, RUN)))
        database.close()
    assert len(heads) == 1


def published(number: int = 1) -> Publication:
    return Publication(
        id=PublicationId(f"pub-{number}"),
        run=RUN,
        gate=GateId("g1"),
        name="spring_everyone",
        file=SHOWN,
        variant=VariantId("everyone"),
        placement=PlacementId("vertical"),
        adapter="folder",
        at=NOON,
    )


def test_a_publication_is_recorded_once_and_taken_down_once(database: Database) -> None:
    for _ in range(2):
        database.write_now(lambda tx: publication.keep(tx, published()))
    for _ in range(2):
        down = database.write_now(lambda tx: publication.take_down(tx, PublicationId("pub-1"), "a newer cut"))
        assert down.state == "down"
    assert [one.state for one in database.read_now(lambda tx: publication.of_run(tx, RUN))] == ["down"]
    assert [one.kind for one in database.read_now(lambda tx: entries(tx, RUN))] == ["Published", "TakenDown"]
    with pytest.raises(NotFound, match="no publication pub-9"):
        database.write_now(lambda tx: publication.take_down(tx, PublicationId("pub-9"), "nothing"))


def test_several_who_open_an_empty_workspace_at_once_all_succeed(url: str) -> None:
    with ThreadPoolExecutor(4) as people:
        opened = list(people.map(lambda _: Database(url, "w", noon), range(4)))
    for database in opened:
        assert database.read_now(runs.every) == ()
        database.close()


async def test_work_of_many_tasks_is_done_one_after_the_other(database: Database) -> None:
    await database.write(begin)
    opened: list[Callable[[Transaction], object]] = [
        lambda tx, number=number: gates.open_gate(tx, gate(id=f"g{number}"))  # type: ignore[misc]  # mypy cannot type a lambda's default
        for number in range(20)
    ]
    await asyncio.gather(*(database.write(work) for work in opened))
    assert len(await database.read(lambda tx: entries(tx, RUN))) == 21
    assert await database.read(lambda tx: head_of(tx, RUN))
