"""Erasing takes a person's words out of anything, and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.cameo import Cameo
from callsheet.domain.erasure import ERASED, personal, redacted, redacted_text
from callsheet.domain.identity import CameoId

INES = Cameo(id=CameoId("ines"), name="Ines Calder", description="a runner with a coral top", owner="Northlight")
OTHER = Cameo(id=CameoId("mara"), name="Mara Kline", owner="Northlight")
WHO = personal([INES], [OTHER])
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
    who = personal([Cameo(id=CameoId("m1"), name="Mark Rose")], [])
    assert redacted({"goal": "Rose water, Mark your day"}, who) == {"goal": "Rose water, Mark your day"}


def test_a_name_of_one_word_goes_only_where_the_person_is_meant() -> None:
    who = personal([Cameo(id=CameoId("m1"), name="Will", description="short hair")], [])
    plan = {"goal": "You will run. Will it last? short hair", "note": "Mara Will"}
    assert redacted(plan, who) == plan
    role = {"cameo": "m1", "constraint": "as agreed", "note": "Will runs, and will win, with short hair"}
    assert redacted(role, who)["note"] == "… runs, and will win, with …"


def test_a_description_goes_only_where_the_person_is_cast() -> None:
    plan = {
        "shots": [{"cameo": "ines", "beat": "a Runner with a coral top, close"}, {"beat": "a runner with a coral top"}]
    }
    assert redacted(plan, WHO)["shots"] == [{"cameo": "ines", "beat": "…, close"}, plan["shots"][1]]


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("Mara Olsen", "Mara Olsen's shoes, and Mara Olsens", "…'s shoes, and …"),
        ("Mara Olsen", "mara_olsen.png, mara-olsen, MARAOLSEN, Olsen, Mara", "….png, …, …, …"),
        ("Mara Olsen", "z Marą Olsen i Ma\u200bra  Ólsen", "z … i …"),
        ("Jose\u0301 Ruiz", "José Ruiz and Jose Ruiz", "… and …"),
        ("山田 花子", "今日は山田花子さんです", "今日は…さんです"),
        ("山田花子", "今日は山田花子さんです", "今日は…さんです"),
        ("김철수 이", "김철수이는", "…는"),
        ("Mara Olsen", "Mara Olsenius and Tamara Olsen", "Mara Olsenius and Tamara Olsen"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, text: str, after: str) -> None:
    assert redacted_text(text, personal([Cameo(id=CameoId("m1"), name=name)], [])) == after


def test_a_name_of_an_earlier_revision_goes_as_well() -> None:
    before = INES.model_copy(update={"name": "Ines Ferro", "description": "a diver"})
    who = personal([before, INES], [])
    assert redacted({"cameo": "ines", "a": "Ines Ferro, a diver", "b": "Ferro"}, who)["a"] == "…, …"
    assert redacted_text("by Ines Ferro", who) == "by …"


def test_a_part_of_somebody_elses_name_stays() -> None:
    who = personal([Cameo(id=CameoId("m1"), name="Ann Lee")], [Cameo(id=CameoId("m2"), name="Ann Lee Berg")])
    assert redacted_text("Ann Lee Berg and Ann Lee", who) == "Ann Lee Berg and …"


WORDS = st.sampled_from(["Will", "Rose", "Mara", "Olsen", "Berg", "Ines"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
SAID = st.sampled_from(["short hair", "a tall runner", "a coral top"])


@given(NAMES, NAMES, SAID, SAID, st.lists(WORDS, max_size=4).map(" ".join))
def test_what_two_share_and_what_is_about_the_other_stays(
    name: str, other_name: str, said: str, other_said: str, text: str
) -> None:
    one = Cameo(id=CameoId("m1"), name=name, description=said)
    other = Cameo(id=CameoId("m2"), name=other_name, description=other_said)
    who = personal([one], [other])
    theirs = [
        other.model_dump(mode="json"),
        {"cameo": "m2", "subject": f"{other_said} {other_name}", "note": f"{other_name}'s take"},
        {"goal": f"short hair for every {text.split(maxsplit=1)[0] if text else 'day'}"},
    ]
    beside = {"cameos": [one.model_dump(mode="json")], "theirs": theirs[:2]}
    assert redacted(theirs, who) == theirs
    assert redacted(beside, who)["theirs"] == theirs[:2]
    shown = f"{{{name}}}"
    is_shared = name in other_name or len(name.split()) == 1
    assert is_shared or name not in redacted_text(shown, who) or _meet(name, other_name)


def _meet(one: str, other: str) -> bool:
    """Whether a name is the other's, in one order or another."""
    return set(one.split()) <= set(other.split())


@given(
    NAMES.filter(lambda name: len(set(name.split())) > 1), st.sampled_from(["{}", "x {} y", "{}'s", "{}s", "at/{}.png"])
)
def test_a_whole_name_is_found_in_every_sentence(name: str, sentence: str) -> None:
    who = personal([Cameo(id=CameoId("m1"), name=name)], [])
    for spelled in (name, name.upper(), name.replace(" ", "_"), name.replace(" ", "-")):
        assert spelled not in redacted_text(sentence.format(spelled), who)


def test_an_owner_of_others_stays_theirs() -> None:
    assert redacted({"note": "licensed by Northlight"}, WHO) == {"note": "licensed by Northlight"}
    alone = personal([INES], [])
    mine = {"cameo": "ines", "note": "licensed by Northlight"}
    assert redacted(mine, WHO) == mine
    assert redacted(mine, alone) == {"cameo": "ines", "note": "licensed by …"}
    assert redacted({"note": "licensed by Northlight"}, alone) == {"note": "licensed by Northlight"}


@given(PLAIN)
def test_no_name_is_left_anywhere_and_erasing_again_changes_nothing(data: Any) -> None:
    after = redacted(data, WHO)
    assert "ines calder" not in json.dumps(after, ensure_ascii=False).casefold()
    assert redacted(after, WHO) == after


@given(st.text(max_size=40).filter(lambda text: "ines" not in text.casefold() and "calder" not in text.casefold()))
def test_what_says_nothing_of_them_is_left_as_it_was(text: str) -> None:
    assert redacted({"text": text}, WHO) == {"text": text}
