"""One value has one canonical form and one hash, on every machine."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from callsheet.domain.record import Record, Seconds, canonical_json, digest_of

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


class Beat(Record):
    """A record with everything that could have two forms."""

    length: Seconds
    words: str
    marks: dict[str, str] = Field(default_factory=dict)


@given(PLAIN)
def test_the_canonical_form_reads_back_and_is_its_own_canonical_form(value: Any) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text
    assert text.encode("utf-8").decode("utf-8") == text


@given(st.dictionaries(TEXT, PLAIN, max_size=6), st.randoms())
def test_the_order_of_keys_changes_nothing(value: dict[str, Any], chance: Any) -> None:
    keys = list(value)
    chance.shuffle(keys)
    assert digest_of({key: value[key] for key in keys}) == digest_of(value)


@given(PLAIN, PLAIN)
def test_different_values_have_different_hashes(one: Any, other: Any) -> None:
    # bool is a number to Python's ==, but not to JSON
    assert (digest_of(one) == digest_of(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, ["x", (float("nan"),)], {"a": {"b": float("inf")}}])
def test_a_float_is_refused_however_deep_it_lies(value: Any) -> None:
    with pytest.raises(TypeError, match="no exact form"):
        canonical_json(value)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_length_is_one_value_however_it_is_written(above: int, below: int) -> None:
    exact = Fraction(above, below)
    doubled = f"{above * 2}/{below * 2}"
    assert Beat(length=exact, words="").digest == Beat.model_validate({"length": doubled, "words": ""}).digest
    assert Beat.model_validate_json(Beat(length=exact, words="").model_dump_json()).length == exact


@pytest.mark.parametrize("written", [2.5, "2.5", "2.50", "5/2", Decimal("2.500"), Fraction(5, 2)])
def test_seconds_are_exact_in_every_spelling(written: Any) -> None:
    beat = Beat.model_validate({"length": written, "words": ""})
    assert beat.length == Fraction(5, 2)
    assert beat.digest == Beat(length=Fraction(5, 2), words="").digest


@pytest.mark.parametrize("written", [True, None, "soon", "1/0", "nan", [4], "0.0000001", float("inf")])
def test_what_is_no_length_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        Beat.model_validate({"length": written, "words": ""})


@given(TEXT, st.dictionaries(TEXT, TEXT, max_size=4))
def test_text_of_any_script_survives_storage_byte_for_byte(words: str, marks: dict[str, str]) -> None:
    beat = Beat(length=Fraction(4), words=words, marks=marks)
    again = Beat.model_validate_json(canonical_json(beat.model_dump(mode="json")))
    assert again == beat
    assert again.digest == beat.digest


def test_the_form_is_pinned_so_that_a_ledger_of_today_verifies_in_ten_years() -> None:
    beat = Beat(length=Fraction(5, 2), words="café — 走る", marks={"b": "2", "a": "1"})
    assert canonical_json(beat.model_dump(mode="json")) == (
        '{"length":"5/2","marks":{"a":"1","b":"2"},"words":"café — 走る"}'
    )
    assert beat.digest == "04ea413aa4ce2c844371cce5d72ad2f0af704a68aafa4186a4e642ecd32595db"
