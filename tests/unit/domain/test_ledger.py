"""The ledger notices every single change, and says the same head in whatever order takes finished."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import GENESIS, UPGRADERS, Entry, Event, LedgerBroken, current_body, entry_hash, head, seal
from callsheet.domain.ledger import verify as check

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = RunId("spring-1")


class Noted(Event):
    """Something small happened."""

    what: str
    seconds: int = 0


def chains_of(lengths: Sequence[int]) -> list[list[Entry]]:
    """Chains of these lengths: the run's own, then one a take."""
    made: list[list[Entry]] = []
    for number, length in enumerate(lengths):
        chain: list[Entry] = []
        for index in range(length):
            event = Noted(what=f"{number}.{index}", seconds=index)
            last = chain[-1] if chain else None
            chain.append(seal(RUN, f"take:{number}", event, NOON + timedelta(seconds=index), last))
        made.append(chain)
    return made


def flat(chains: Sequence[Sequence[Entry]]) -> list[Entry]:
    return [entry for chain in chains for entry in chain]


def is_noticed(entries: Sequence[Entry], before: Digest) -> bool:
    """Either the chains do not verify, or the head is not the one that was written down."""
    try:
        return check(entries) != before
    except LedgerBroken:
        return True


LENGTHS = st.lists(st.integers(1, 4), min_size=1, max_size=5)


@given(LENGTHS, st.randoms())
def test_takes_that_finish_in_another_order_give_the_same_head(lengths: list[int], chance: Any) -> None:
    chains = chains_of(lengths)
    shuffled = flat(chains)
    chance.shuffle(shuffled)
    assert check(shuffled) == check(flat(chains)) == head({chain[0].chain: chain[-1].hash for chain in chains})


def tampered(entry: Entry) -> Iterator[Entry]:
    """The entry with each of its parts changed, one at a time, with its own hash as it was and made anew."""
    other = Digest("f" * 64)
    for change in (
        {"run": RunId("spring-2")},
        {"chain": f"{entry.chain}x"},
        {"index": entry.index + 1},
        {"kind": "Published"},
        {"version": 2},
        {"at": entry.at + timedelta(microseconds=1)},
        {"body": entry.body | {"seconds": 99}},
        {"body": entry.body | {"extra": None}},
        {"body": {}},
        {"previous": other},
        {"hash": other},
    ):
        changed = entry.model_copy(update=change)
        yield changed
        if "hash" not in change:
            yield changed.model_copy(update={"hash": entry_hash(changed)})


@settings(max_examples=25)
@given(LENGTHS)
def test_every_single_changed_part_of_every_entry_is_noticed(lengths: list[int]) -> None:
    entries = flat(chains_of(lengths))
    before = check(entries)
    for position, entry in enumerate(entries):
        for changed in tampered(entry):
            assert is_noticed([*entries[:position], changed, *entries[position + 1 :]], before), changed


@given(LENGTHS)
def test_every_dropped_entry_is_noticed_the_last_of_a_chain_as_well(lengths: list[int]) -> None:
    entries = flat(chains_of(lengths))
    before = check(entries)
    for position in range(len(entries)):
        assert is_noticed([*entries[:position], *entries[position + 1 :]], before)


@given(LENGTHS)
def test_every_doubled_entry_is_noticed(lengths: list[int]) -> None:
    entries = flat(chains_of(lengths))
    for entry in entries:
        with pytest.raises(LedgerBroken, match="missing or doubled"):
            check([*entries, entry])


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4))
def test_every_entry_moved_to_another_place_or_chain_is_noticed(lengths: list[int]) -> None:
    chains = chains_of(lengths)
    entries, before = flat(chains), check(flat(chains))
    for one in range(len(entries)):
        for other in range(one):
            first, second = entries[one], entries[other]
            moved = list(entries)
            moved[one] = first.model_copy(update={"chain": second.chain, "index": second.index})
            moved[other] = second.model_copy(update={"chain": first.chain, "index": first.index})
            assert is_noticed(moved, before)


def test_a_chain_that_was_cut_and_rewritten_whole_has_another_head() -> None:
    entries = flat(chains_of([3]))
    rewritten = seal(RUN, "take:0", Noted(what="kinder"), NOON, entries[1])
    assert is_noticed([*entries[:2], rewritten], check(entries))


def test_the_first_bad_entry_is_named() -> None:
    entries = flat(chains_of([3]))
    entries[1] = entries[1].model_copy(update={"body": {"what": "nothing"}})
    with pytest.raises(LedgerBroken, match=r"take:0: entry 1 \(Noted\) was changed"):
        check(entries)


def test_an_empty_ledger_has_the_first_head_and_one_chain_has_another() -> None:
    assert check([]) == GENESIS
    assert check(flat(chains_of([1]))) != GENESIS


def test_a_node_of_the_tree_cannot_pass_for_a_chain() -> None:
    tips = {f"c{number}": Digest(f"{number}" * 64) for number in range(4)}
    heads = {head(dict(list(tips.items())[:count])) for count in range(5)}
    assert len(heads) == 5
    swapped = {**tips, "c0": tips["c1"], "c1": tips["c0"]}
    assert head(swapped) != head(tips)


@given(LENGTHS)
def test_an_entry_reads_back_from_storage_as_it_was_sealed(lengths: list[int]) -> None:
    entries = flat(chains_of(lengths))
    assert check(Entry.model_validate_json(entry.model_dump_json()) for entry in entries) == check(entries)


def test_an_older_body_is_read_in_todays_schema_and_still_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = seal(RUN, "run", Noted(what="old", seconds=4), NOON, None)
    monkeypatch.setitem(UPGRADERS, ("Noted", 1), lambda body: body | {"frames": body["seconds"] * 30})
    assert current_body(entry) == {"what": "old", "seconds": 4, "frames": 120}
    assert check([entry]) != GENESIS
