"""What a sheet would change, row by row: only what somebody wrote, and never over somebody else's word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from unit.sheet.legal_records import ALL, TODAY, YARN, known

from callsheet.domain.claim import Claim
from callsheet.storage.legal import History, Key
from callsheet.tools.sheet import Changes, Grid, Line, SheetInvalid, compare


def rows(*cells: dict[str, str], against: dict[Key, History] | None = None) -> Changes:
    lines = tuple(Line(number, one) for number, one in enumerate(cells, start=2))
    return compare(Grid("legal.csv", lines), known(*ALL) if against is None else against, TODAY)


def refusal(*cells: dict[str, str], against: dict[Key, History] | None = None) -> list[str]:
    with pytest.raises(SheetInvalid) as caught:
        rows(*cells, against=against)
    return [str(one) for one in caught.value.problems]


def test_only_the_cells_that_were_changed_change() -> None:
    (change,) = rows({"kind": "claim", "id": "yarn", "substantiation": "Certificate 13"}).changes
    assert change.after == YARN.model_copy(update={"substantiation": "Certificate 13"})
    assert change.cells == (("substantiation", "Certificate 12, reviewed 10/12", "Certificate 13"),)


@pytest.mark.parametrize("cell", ["US,GB", "US; GB", " US ,\nGB "])
def test_the_same_said_in_another_way_is_no_change(cell: str) -> None:
    found = rows({"kind": " Claim", "id": "YARN", "markets": cell, "approved": "TRUE", "ends": "1.1.2027"})
    assert (found.changes, found.unchanged) == ((), 1)


def test_slots_and_words_are_read_with_their_escapes() -> None:
    first, second = rows(
        {"kind": "claim", "id": "price", "slots": "price: 40 EUR | 50\\|60 | 70 EUR"},
        {"kind": "topic", "id": "body", "words": "diet; fast\\, easy"},
    ).changes
    assert isinstance(first.after, Claim)
    assert first.after.slots == {"price": ("40 EUR", "50|60", "70 EUR")}
    assert getattr(second.after, "words", ()) == ("diet", "fast, easy")


def test_missing_rows_are_named_and_left_alone() -> None:
    found = rows({"kind": "claim", "id": "yarn"})
    assert found.changes == ()
    assert found.missing == (("claim", "price"), ("disclosure", "ad"), ("topic", "body"))


def test_a_new_row_needs_no_id_and_has_the_folder_s_defaults() -> None:
    (change,) = rows(
        {"kind": "superlative", "id": "", "text": "The lightest we made", "markets": "", "approved": ""}
    ).changes
    assert change.key == ("claim", "the-lightest-we-made")
    assert (change.after.markets, getattr(change.after, "approved", None)) == (("*",), False)


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"kind": "claim", "id": "yarn", "approved": "no"}, "withdrawn"),
        ({"kind": "claim", "id": "yarn", "approved": "withdrawn"}, "withdrawn"),
        ({"kind": "claim", "id": "yarn", "ends": "2026-11-22"}, "withdrawn"),
        ({"kind": "disclosure", "id": "ad", "approved": "no"}, "withdrawn"),
        ({"kind": "topic", "id": "body", "approved": "no"}, "withdrawn"),
        ({"kind": "claim", "id": "yarn", "ends": "2030-01-01"}, "changed"),
    ],
)
def test_a_withdrawal_is_called_one(cells: dict[str, str], what: str) -> None:
    (change,) = rows(cells).changes
    assert change.what == what
    if cells["kind"] != "claim":
        assert change.after.ends == TODAY


def test_a_row_over_somebody_else_s_change_is_refused() -> None:
    newer = known(YARN.model_copy(update={"disclosure": "New words."}), number=2)
    stale = {"kind": "claim", "id": "yarn", "revision": "1", "disclosure": "Upper only!"}
    (problem,) = refusal(stale, against=newer)
    assert "legal.csv:2: revision: is not that of yarn, which is at 2 now" in problem
    assert rows({**stale, "revision": "2"}, against=newer).changes != ()
    assert rows({**stale, "revision": ""}, against=newer).changes != ()


def test_an_old_row_that_nobody_touched_undoes_nothing() -> None:
    first = known(YARN)["claim", "yarn"]
    second = known(YARN.model_copy(update={"approved": False}), number=2)["claim", "yarn"]
    old = {"kind": "claim", "id": "yarn", "text": YARN.text, "approved": "yes", "revision": "1"}
    found = rows(old, against={("claim", "yarn"): (*first, second[1])})
    assert (found.changes, found.unchanged) == ((), 1)


def test_a_disclosure_may_belong_to_a_claim_of_the_same_sheet() -> None:
    new = {"kind": "claim", "id": "new", "text": "Fine words"}
    tied = {"kind": "disclosure", "id": "ad", "with claims": "yarn, new"}
    assert len(rows(new, tied).changes) == 2
    assert "names a claim that is not here" in refusal(tied)[0]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"kind": "", "id": "x"}, "kind: is missing"),
        ({"kind": "law", "id": "x"}, "is no kind of record"),
        ({"kind": "claim", "id": "", "text": ""}, "text: is missing"),
        ({"kind": "topic", "id": "", "words": " , "}, "words: is missing"),
        ({"kind": "claim", "id": "Bad id", "text": "Fine words"}, "id: has a value that does not fit"),
        ({"kind": "claim", "id": "yarn", "text": ""}, "text: has a value that does not fit"),
        ({"kind": "claim", "id": "yarn", "text": "two\nlines"}, "one line of text"),
        ({"kind": "claim", "id": "yarn", "approved": ""}, "allowed: yes or no"),
        ({"kind": "claim", "id": "yarn", "markets": ""}, "markets: is empty"),
        ({"kind": "claim", "id": "yarn", "markets": "USA"}, "markets[1]"),
        ({"kind": "claim", "id": "yarn", "locale": "German"}, "locale"),
        ({"kind": "claim", "id": "yarn", "ends": "2025-01-01"}, "is not after its start"),
        ({"kind": "claim", "id": "yarn", "ends": "2026-02-30"}, "a day as 2026-12-31"),
        ({"kind": "claim", "id": "yarn", "slots": "price: 4"}, "the wording has no slot {price}"),
        ({"kind": "claim", "id": "price", "slots": ""}, "has no values"),
        ({"kind": "claim", "id": "yarn", "reason": "because"}, "is for a topic"),
        ({"kind": "disclosure", "id": "ad", "approved": "yes"}, "needs no approval"),
        ({"kind": "claim", "id": "yarn", "disclosure": "x" * 201}, "at most 200 characters"),
    ],
)
def test_each_slip_is_named_with_its_row_and_column(cells: dict[str, str], said: str) -> None:
    (problem,) = refusal(cells)
    assert problem.startswith("legal.csv:2: ")
    assert said in problem


def test_all_slips_of_all_rows_are_named_at_once() -> None:
    found = refusal(
        {"kind": "claim", "id": "yarn", "approved": "", "ends": "x"}, {"kind": "law"}, {"kind": "claim", "id": "yarn"}
    )
    assert len(found) == 4
    assert "is the claim of row 2 already" in found[-1]


def test_a_row_has_all_its_slips_named_whatever_else_is_wrong_with_it() -> None:
    newer = known(YARN.model_copy(update={"disclosure": "New words."}), *ALL[1:], number=2)
    found = refusal(
        {
            "kind": "claim", "id": "yarn", "revision": "1", "text": "two\nlines", "approved": "maybe", "markets": "USA",
            "starts": "1/2/2027", "slots": "price: 4", "reason": "because",
        },
        {"kind": "clam", "id": "new", "approved": "perhaps", "ends": "soon"},
        {"kind": "disclosure", "id": "ad", "with claims": "yarm, new", "locale": "German", "ends": "soon"},
        {"kind": "claim", "id": "yarn", "text": "Fine words", "approved": "maybe"},
        {"kind": "topic", "id": "", "words": "", "approved": "yes"},
        {"kind": "claim", "id": "price", "slots": "", "ends": "soon"},
        against=newer,
    )  # fmt: skip
    named = sorted(one.split(": ")[0].removeprefix("legal.csv:") + " " + one.split(": ")[1] for one in found)
    assert named == sorted(
        [
            "2 revision", "2 text", "2 approved", "2 markets[1]", "2 starts", "2 reason",
            "3 kind", "3 approved", "3 ends",
            "4 with claims", "4 locale", "4 ends",
            "5 id", "5 approved",
            "6 words", "6 approved",
            "7 slots", "7 ends",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "disclosure", "id": "ad", "revision": "1", "ends": "", "approved": "no"},
        {"kind": "topic", "id": "body", "revision": "1", "starts": "2027-03-01", "approved": "no"},
        {"kind": "claim", "id": "yarn", "revision": "1", "markets": "GB, US", "approved": "no"},
        {"kind": "topic", "id": "", "words": "soap, suds", "ends": "2026-12-01"},
        {"kind": "superlative", "id": "", "text": "The lightest we made", "approved": "yes"},
    ],
)
@pytest.mark.parametrize("later", [0, 1, 40])
def test_the_same_row_given_twice_is_harmless(cells: dict[str, str], later: int) -> None:
    (change,) = rows(cells).changes
    before = known(*ALL)
    past = before.get(change.key, ())
    revised = replace(next(iter(before.values()))[0], number=len(past) + 1, by="somebody", record=change.after)
    grid = Grid("legal.csv", (Line(2, cells),))
    again = compare(grid, {**before, change.key: (*past, revised)}, TODAY + timedelta(days=later))
    assert (again.changes, again.unchanged) == ((), 1)


def test_what_was_withdrawn_before_it_began_can_be_changed_on() -> None:
    (change,) = rows({"kind": "topic", "id": "soap", "words": "soap", "starts": "2027-03-01", "approved": "no"}).changes
    assert (change.after.starts, change.after.ends) == (None, TODAY)
    assert rows({"kind": "topic", "id": "soap", "reason": "Policy"}, against=known(change.after)).changes
