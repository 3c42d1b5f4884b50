"""The witness believes no order, no count and no signature it has not checked. Signatures are played here by a hash."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.event import DeliverableFinished
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import GENESIS, Entry, Event, LedgerBroken, current_body, head, seal, verify
from callsheet.domain.signature import SignedHead, Tip, fingerprint
from callsheet.domain.witness import HeadChain, Witness

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = RunId("spring-1")
KEY = "ab" * 32
KEYS = {fingerprint(KEY): KEY}


class Noted(Event):
    """Something small happened."""

    what: int


def signed_with(key: str, payload: bytes, purpose: str) -> str:
    return sha256(f"{key}{purpose}".encode() + payload).hexdigest()


def check(key: str, payload: bytes, signature: str, purpose: str) -> bool:
    return signature == signed_with(key, payload, purpose)


Written = list[Entry | SignedHead]


def written(chains: Sequence[int], every: int) -> Written:
    """Entries of these chains, in this order, and a signed head after each so many and at the end."""
    last: dict[int, Entry] = {}
    heads: list[SignedHead] = []
    grown: set[int] = set()
    lines: Written = []
    for count, chain in enumerate(chains, start=1):
        last[chain] = seal(RUN, f"take:{chain}", Noted(what=count), NOON + timedelta(seconds=count), last.get(chain))
        grown.add(chain)
        lines.append(last[chain])
        if count % every == 0 or count == len(chains):
            lines.append(signed(last, grown, heads, count))
            grown = set()
    return lines


def signed(last: dict[int, Entry], grown: set[int], heads: list[SignedHead], count: int) -> SignedHead:
    before = heads[-1].digest if heads else GENESIS
    made = SignedHead(
        run=RUN,
        number=len(heads),
        previous=before,
        turn=len(heads),
        before=before,
        entries=count,
        tips=tuple(Tip(chain=f"take:{one}", length=last[one].index + 1, hash=last[one].hash) for one in sorted(grown)),
        head=head({entry.chain: entry.hash for entry in last.values()}),
        at=NOON,
        key=fingerprint(KEY),
    )
    heads.append(made.model_copy(update={"signature": signed_with(KEY, made.statement(), "head")}))
    return heads[-1]


def witnessed(lines: Sequence[Entry | SignedHead]) -> Witness:
    witness = Witness(RUN, KEYS, check)
    for line in lines:
        witness.read(line) if isinstance(line, Entry) else witness.sign_off(line)
    return witness


def is_refused(lines: Sequence[Entry | SignedHead]) -> bool:
    try:
        witnessed(lines)
    except LedgerBroken:
        return True
    return False


CHAINS = st.lists(st.integers(0, 3), min_size=1, max_size=12)
EVERY = st.integers(1, 4)


@given(CHAINS, EVERY)
def test_what_was_written_is_believed_and_counted(chains: list[int], every: int) -> None:
    lines = written(chains, every)
    found = witnessed(lines).proof()
    assert (found.entries, found.chains, found.unsigned) == (len(chains), len(set(chains)), 0)
    assert found.heads == len(lines) - len(chains)
    assert found.head == verify(one for one in lines if isinstance(one, Entry))


@given(CHAINS, EVERY)
def test_every_line_that_is_missing_before_a_signed_head_is_noticed(chains: list[int], every: int) -> None:
    lines = written(chains, every)
    for place in range(len(lines) - 1):
        assert is_refused(lines[:place] + lines[place + 1 :])


@given(CHAINS, EVERY)
def test_every_line_that_is_doubled_is_noticed(chains: list[int], every: int) -> None:
    lines = written(chains, every)
    assert all(is_refused([*lines[: place + 1], *lines[place:]]) for place in range(len(lines)))


@given(CHAINS, st.integers(1, 4))
def test_entries_after_the_last_signed_head_are_counted_and_not_refused(chains: list[int], more: int) -> None:
    lines = written(chains, len(chains))
    chain = f"take:{chains[0]}"
    last = [one for one in lines if isinstance(one, Entry) and one.chain == chain][-1]
    for number in range(more):
        last = seal(RUN, chain, Noted(what=number), NOON, last)
        lines.append(last)
    assert witnessed(lines).unsigned == more


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"run": RunId("spring-2")}, "does not belong here"),
        ({"turn": 5}, "does not follow"),
        ({"before": Digest("f" * 64)}, "does not follow"),
        ({"entries": 5}, "it is of 5 entries, and 4 are there"),
        ({"tips": ()}, "of other entries"),
        ({"head": Digest("f" * 64)}, "of other entries"),
        ({"key": Digest("f" * 64)}, "not among the ledger's keys"),
        ({"at": NOON + timedelta(seconds=1)}, "its signature is not by the key"),
        ({"number": 7}, "its signature is not by the key"),
        ({"previous": Digest("f" * 64)}, "its signature is not by the key"),
        ({"signature": "0" * 64}, "its signature is not by the key"),
    ],
)
def test_every_part_of_a_signed_head_counts(change: dict[str, object], said: str) -> None:
    *lines, last = written([0, 1, 0, 2], 4)
    assert isinstance(last, SignedHead)
    with pytest.raises(LedgerBroken, match=said):
        witnessed([*lines, last.model_copy(update=change)])


def test_an_entry_of_another_run_is_noticed() -> None:
    with pytest.raises(LedgerBroken, match="an entry of the run spring-2 stands where it does not belong"):
        witnessed([seal(RunId("spring-2"), "run", Noted(what=1), NOON, None)])


@given(st.permutations(range(4)))
def test_heads_of_a_workspace_are_met_in_any_order(order: list[int]) -> None:
    heads = [one for one in written([0, 0, 0, 0], 1) if isinstance(one, SignedHead)]
    chain = HeadChain([heads[2].digest])
    for number in order:
        chain.meet(heads[number])
    chain.check(is_whole=True)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_head_of_the_workspace_that_is_missing_is_noticed_unless_only_a_part_is_there(missing: int) -> None:
    heads = [one for one in written([0, 0, 0, 0], 1) if isinstance(one, SignedHead)]
    chain = HeadChain()
    for one in heads[:missing] + heads[missing + 1 :]:
        chain.meet(one)
    chain.check(is_whole=False)
    with pytest.raises(LedgerBroken, match=f"signed head {missing} of the workspace is missing"):
        chain.check(is_whole=True)
    with pytest.raises(LedgerBroken, match="is there twice"):
        chain.meet(heads[3])


def test_an_event_says_which_form_its_body_has_and_older_bodies_are_read_in_todays() -> None:
    some = Digest("a" * 64)
    said = {"deliverable": some, "cut": some, "essence": some, "file": some}
    new = seal(
        RUN, "run", DeliverableFinished(name="film", credentials="none", watermark=("mark",), **said), NOON, None
    )
    assert (new.version, current_body(new)["watermark"]) == (2, ["mark"])
    body = {key: value for key, value in new.body.items() if key != "watermark"}
    old = new.model_copy(update={"version": 1, "body": body})
    assert current_body(old)["watermark"] == []
