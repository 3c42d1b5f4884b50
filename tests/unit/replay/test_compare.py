"""Where a replay departs is said at the first event, field by field; another order of takes is no departure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from callsheet.domain.event import PurchaseMoved, RunStarted, TakeStored
from callsheet.domain.identity import Digest, PurchaseKey, RunId, ShotId, TakeId
from callsheet.domain.ledger import Entry, Event, seal
from callsheet.domain.money import Money
from callsheet.domain.writing import WordsWritten
from callsheet.replay.compare import first_departure, outcome_differences
from callsheet.replay.exchange import FOR, Exchange
from callsheet.replay.recording import Cut, RunOutcome

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = RunId("pocket-1")
A, B = "take:aaaa", "take:bbbb"


def entry(chain: str, index: int, event: Event, at: datetime = NOON) -> Entry:
    made = seal(RUN, chain, event, at, None)
    return made.model_copy(update={"index": index})


def started(seed: int = 0) -> Event:
    return RunStarted(
        bundle=Digest("0" * 64), campaign="pocket", provider="sandbox", model="previz-1", policy="people", seed=seed
    )


def moved(step: str, job: str = "") -> Event:
    return PurchaseMoved(purchase=PurchaseKey("aaaa"), step=step, state="submitted", job=job, reason="", trouble="")


def stored(media: str) -> Event:
    return TakeStored(
        purchase=PurchaseKey("aaaa"),
        take=TakeId("shot.1.take1"),
        shot=ShotId("shot.1"),
        media=Digest(media * 64),
        seconds=4,
        money=Money(amount="0.40", currency="USD"),
        scanned=(),
    )


THEN = (
    entry("run", 0, started()),
    entry(A, 0, moved("accept", "v1")),
    entry(B, 0, moved("accept", "v2")),
    entry(A, 1, stored("1")),
)


def exchange(take: str, method: str, path: str) -> Exchange:
    return Exchange(method, f"http://video.invalid{path}", {FOR: take}, b"", 200, "OK", {}, b"")


EXCHANGES = (
    exchange(A, "POST", "/v1/videos"),
    exchange(B, "POST", "/v1/videos"),
    exchange(A, "GET", "/v1/videos/v1"),
    exchange(A, "GET", "/v1/videos/v1/content"),
)


def test_the_same_events_in_any_order_of_the_chains_are_the_same_run() -> None:
    for order in permutations(THEN):
        assert first_departure(THEN, order, EXCHANGES) is None


def test_the_field_that_differs_is_shown_with_what_was_expected_and_what_is() -> None:
    now = (THEN[0], THEN[1], THEN[2], entry(A, 1, stored("2")))
    found = first_departure(THEN, now, EXCHANGES)
    assert found is not None
    assert (found.chain, found.index, found.kind, found.exchange) == (A, 1, "TakeStored", 4)
    assert found.fields == (("media", "1" * 64, "2" * 64),)
    assert "exchange 4: GET /v1/videos/v1/content -> 200" in str(found)


def test_the_first_departure_is_told_and_not_what_follows_from_it() -> None:
    now = (entry("run", 0, started(seed=3)), *(one.model_copy(update={"at": NOON + timedelta(1)}) for one in THEN[1:]))
    found = first_departure(THEN, now, EXCHANGES)
    assert found is not None and (found.chain, found.fields) == ("run", (("seed", "0", "3"),))


def test_the_moment_of_an_event_belongs_to_it() -> None:
    late = THEN[1].model_copy(update={"at": NOON + timedelta(seconds=1)})
    found = first_departure(THEN, (THEN[0], late, *THEN[2:]), EXCHANGES)
    assert found is not None and [name for name, _, _ in found.fields] == ["at"]


def test_an_event_that_is_missing_and_one_too_many_are_departures() -> None:
    missing = first_departure(THEN, THEN[:3], EXCHANGES)
    assert missing is not None and missing.fields[0][2] == "nothing" and missing.kind == "TakeStored"
    extra = first_departure(THEN[:3], THEN, EXCHANGES)
    assert extra is not None and extra.fields[0][1] == "nothing" and extra.kind == "TakeStored"


def test_another_event_in_its_place_is_named() -> None:
    found = first_departure(THEN, (*THEN[:3], entry(A, 1, moved("reject"))), EXCHANGES)
    assert found is not None
    ((name, then, now),) = found.fields
    assert name == "the event" and then.startswith("TakeStored") and now.startswith("PurchaseMoved")


def test_what_a_model_wrote_is_traced_to_the_answer_it_ended_with() -> None:
    def words(attempts: int, tokens: int) -> Event:
        return WordsWritten(
            prompt="director/outline@v1",
            by="m",
            attempts=attempts,
            input_tokens=tokens,
            output_tokens=7,
            is_usable=True,
        )

    chat = exchange("", "POST", "/v1/chat/completions")
    heard = (EXCHANGES[0], chat, replace(chat, status=503), chat, chat)
    then = (entry("run", 0, started()), entry("run", 1, words(2, 30)), entry("run", 2, words(1, 11)))
    now = (*then[:2], entry("run", 2, words(1, 12)))
    found = first_departure(then, now, heard)
    assert found is not None and (found.kind, found.exchange) == ("WordsWritten", 5)
    found = first_departure(then, (then[0], entry("run", 1, words(2, 31)), then[2]), heard)
    assert found is not None and found.exchange == 4, "the one that did not answer was no attempt"
    found = first_departure(then, now, heard[:-1])
    assert found is not None and found.exchange is None, "nobody knows which were attempts"


def test_what_came_out_is_compared_by_head_and_by_the_hash_of_each_file() -> None:
    file = Cut(name="a", essence="1" * 64, file="2" * 64, captions="3" * 64, timeline="4" * 64, frames=180)
    before = RunOutcome(run=RUN, status="finished", head="h1", files=(file,))
    assert not list(outcome_differences((before,), (before,)))
    other = file.model_copy(update={"essence": "9" * 64, "timeline": "8" * 64})
    said = list(outcome_differences((before,), (before.model_copy(update={"files": (other,), "head": "h2"}),)))
    assert [one.split(" was ")[0] for one in said] == [
        f"{RUN}: its head",
        f"{RUN}: the essence of a",
        f"{RUN}: the timeline of a",
    ]
    assert list(outcome_differences((before,), ())) == [f"{RUN} was recorded and is not there now"]
    assert len(list(outcome_differences((before,), (before.model_copy(update={"files": ()}),)))) == 1
