"""Erasing takes a person's words out of anything, and nothing else."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.cameo import Cameo
from callsheet.domain.erasure import ERASED, personal, redacted
from callsheet.domain.identity import CameoId

INES = Cameo(id=CameoId("ines"), name="Ines Calder", description="a runner with a coral top", owner="Northlight")
OTHER = Cameo(id=CameoId("mara"), name="Mara Kline", owner="Northlight")
WHO = personal(INES, [OTHER])
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["ines", "INES CALDER", "Ines"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def test_a_record_keeps_ids_and_terms_and_loses_every_word() -> None:
    release = {"id": "r1", "document": "releases/ines.md", "document_digest": "0" * 64, "guardian": "A parent"}
    record = {**INES.model_dump(mode="json"), "releases": [release]}
    campaign: dict[str, Any] = {"name": "spring", "cameos": [record, OTHER.model_dump(mode="json")]}
    after = redacted(campaign, WHO)["cameos"]
    assert after[1] == campaign["cameos"][1]
    assert (after[0]["id"], after[0]["name"], after[0]["owner"], after[0]["description"]) == ("ines", ERASED, None, "")
    assert after[0]["releases"] == [{"id": "r1", "document": None, "document_digest": None, "guardian": ERASED}]


def test_a_shot_with_them_loses_its_words_and_another_keeps_them() -> None:
    shots = [
        {"id": "shot.1", "cameo": "ines", "subject": "somebody tall", "prompt": "dark hair, running", "seconds": "4"},
        {"id": "shot.2", "cameo": None, "subject": "a shoe", "prompt": "a shoe on a table", "seconds": "4"},
    ]
    first, second = redacted(shots, WHO)
    assert (first["subject"], first["prompt"], first["seconds"]) == (ERASED, ERASED, "4")
    assert second == shots[1]


def test_a_name_goes_from_running_text_in_any_case_and_the_id_stays() -> None:
    text = {"cameo": "ines", "note": "INES CALDER runs; Ines smiles; the inescapable ines"}
    after = redacted(text, WHO)
    assert after == {"cameo": "ines", "note": "… runs; … smiles; the inescapable ines"}


def test_a_part_of_a_name_stays_where_nothing_is_about_them() -> None:
    who = personal(Cameo(id=CameoId("m1"), name="Mark Rose"), [])
    assert redacted({"goal": "Rose water, Mark your day"}, who) == {"goal": "Rose water, Mark your day"}


def test_an_owner_of_others_stays_theirs() -> None:
    assert redacted({"note": "licensed by Northlight"}, WHO) == {"note": "licensed by Northlight"}
    alone = personal(INES, [])
    assert redacted({"note": "licensed by Northlight"}, alone) == {"note": "licensed by …"}


@given(PLAIN)
def test_no_name_is_left_anywhere_and_erasing_again_changes_nothing(data: Any) -> None:
    after = redacted(data, WHO)
    assert "ines calder" not in json.dumps(after, ensure_ascii=False).casefold()
    assert redacted(after, WHO) == after


@given(st.text(max_size=40).filter(lambda text: "ines" not in text.casefold() and "calder" not in text.casefold()))
def test_what_says_nothing_of_them_is_left_as_it_was(text: str) -> None:
    assert redacted({"text": text}, WHO) == {"text": text}
