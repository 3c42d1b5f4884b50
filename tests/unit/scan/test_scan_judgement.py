"""What is seen and heard, against what the order permits."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.judge import judge
from callsheet.domain.scan.report import Check, Looked, ScanReport
from callsheet.domain.scan.sighting import (
    Crowd,
    Entities,
    Entity,
    Faces,
    Likeness,
    Line,
    NotLooked,
    Nudity,
    Sighting,
    Speech,
    Spoken,
    Text,
)
from callsheet.tools.rules.names import find_listed

AT = Fraction(3, 2)


def looked(check: Check, expected: Expected, *seen: Sighting) -> Looked:
    report = judge(seen, expected, find_listed)
    return next(one for one in report.looked if one.check == check)


def read(text: str, sure: int = 950, height: int = 40) -> Text:
    return Text(lines=(Line(text=text, sure=sure, height=height, at=AT),))


def heard(text: str, sure: int = 800) -> Speech:
    return Speech(spoken=(Spoken(text=text, sure=sure, at=AT),), language="en")


def crowd(*counts: int, sure: int = 950) -> Faces:
    return Faces(frames=tuple(Crowd(at=Fraction(n, 2), faces=(sure,) * count) for n, count in enumerate(counts)))


@pytest.mark.parametrize(
    ("text", "standing", "rule"),
    [
        (read("OPEN ALL NIGHT"), "stopped", "scan.text"),
        (read("OPEN ALL NIGHT", sure=600), "clear", "scan.text"),
        (read("OPEN ALL NIGHT", height=6), "clear", "scan.text"),
        (read("$19.99", height=6, sure=600), "stopped", "scan.price"),
        (read("Fleet Runner"), "clear", ""),
        (read("ab"), "clear", ""),
        (Text(lines=read("REKNIT").lines, on_product=("RE-KNIT",)), "clear", ""),
        (Text(), "clear", ""),
    ],
)
def test_writing(text: Text, standing: str, rule: str) -> None:
    found = looked("text", Expected(names=("Fleet Runner",)), text)
    assert found.standing == standing
    assert [one.rule for one in found.findings] == ([rule] if rule else [])
    assert all("1.5 s" in one.place for one in found.findings)


@pytest.mark.parametrize(
    ("speech", "standing"),
    [
        (heard("doctors recommend this"), "stopped"),
        (heard("doctors recommend this", sure=200), "clear"),
        (heard("only nineteen dollars", sure=200), "stopped"),
        (heard("Run lighter every day."), "clear"),
        (heard("Oh."), "clear"),
        (Speech(), "clear"),
    ],
)
def test_speech(speech: Speech, standing: str) -> None:
    assert looked("speech", Expected(lines=("run lighter, every day",)), speech).standing == standing


def test_lines_in_a_language_the_listener_does_not_know_are_not_taken_for_clean() -> None:
    found = looked("speech", Expected(lines=("Lauf leichter",), language="de-DE"), heard("Laugh lighter"))
    assert (found.standing, "de-DE" in found.why) == ("not_looked", True)


@pytest.mark.parametrize(
    ("planned", "faces", "standing", "notes"),
    [
        (0, crowd(0, 0, 0), "clear", 0),
        (0, crowd(0, 1, 0), "clear", 1),
        (0, crowd(1, 0, 1), "stopped", 0),
        (1, crowd(1, 1, 1), "clear", 0),
        (1, crowd(1, 2, 2), "stopped", 0),
        (1, crowd(1, 1, 3), "clear", 1),
        (0, crowd(1, 1, sure=610), "clear", 0),
        (None, crowd(5, 5), "clear", 1),
        (None, crowd(0, 0), "clear", 0),
        (0, crowd(1), "stopped", 0),
    ],
)
def test_people(planned: int | None, faces: Faces, standing: str, notes: int) -> None:
    found = looked("faces", Expected(people=planned), faces)
    assert found.standing == standing
    assert sum(one.weight == "notes" for one in found.findings) == notes


@given(st.lists(st.integers(0, 4), min_size=2, max_size=12), st.integers(0, 4))
def test_more_faces_than_planned_in_two_frames_always_stop(counts: list[int], planned: int) -> None:
    found = looked("faces", Expected(people=planned), crowd(*counts))
    assert (found.standing == "stopped") == (sum(count > planned for count in counts) >= 2)


def test_no_frame_is_not_nobody() -> None:
    assert looked("faces", Expected(people=0), Faces()).standing == "not_looked"


@pytest.mark.parametrize(
    ("likeness", "begins", "standing", "notes"),
    [
        (Likeness(marks=119, agreeing=31, colour=7), True, "clear", 0),
        (Likeness(marks=119, agreeing=9, colour=12), True, "clear", 0),
        (Likeness(marks=119, agreeing=3), True, "stopped", 0),
        (Likeness(marks=119, agreeing=3), False, "clear", 1),
        (Likeness(marks=119, agreeing=6, colour=12), True, "clear", 1),
        (Likeness(marks=119, agreeing=22, colour=118), True, "stopped", 0),
        (Likeness(marks=31, agreeing=0), True, "not_looked", 0),
    ],
)
def test_the_product(likeness: Likeness, begins: bool, standing: str, notes: int) -> None:
    expected = Expected.model_validate({"product": "a" * 64, "begins_from_product": begins})
    found = looked("product", expected, likeness)
    assert found.standing == standing
    assert sum(one.weight == "notes" for one in found.findings) == notes


@pytest.mark.parametrize(("score", "standing", "notes"), [(60, "clear", 0), (600, "clear", 1), (950, "stopped", 0)])
def test_nudity(score: int, standing: str, notes: int) -> None:
    found = looked("nudity", Expected(), Nudity(scores=(10, score)))
    assert found.standing == standing
    assert sum(one.weight == "notes" for one in found.findings) == notes


def test_names_on_the_list_stop_wherever_they_are_read_or_heard_and_hints_are_noted() -> None:
    entities = Entities(found=(Entity(text="Mara Olsen", kind="person"),))
    found = looked("names", Expected(), read("Nike", sure=600), heard("like Taylor Swift"), entities)
    assert {one.rule: one.weight for one in found.findings} == {
        "scan.rival": "stops", "scan.public_figure": "stops", "scan.name": "notes",
    }  # fmt: skip


def test_the_advertisers_own_name_is_no_rivals() -> None:
    assert looked("names", Expected(names=("Nike", "Nike Pegasus")), read("Nike")).findings == ()


def test_no_finding_names_a_person() -> None:
    entities = Entities(found=(Entity(text="Mara Olsen", kind="person"),))
    report = judge(
        (read("MARA OLSEN AND TAYLOR SWIFT"), heard("Mara Olsen says so"), entities), Expected(), find_listed
    )
    said = " ".join(str(one) for one in (*report.stops, *report.notes)).casefold()
    assert "olsen" not in said
    assert "swift" not in said
    assert "m. o." in said


@given(st.sets(st.sampled_from(["text", "faces", "speech", "nudity", "product", "names"])))
def test_what_nobody_looked_at_is_never_clear(dark: set[Check]) -> None:
    whole: dict[Check, Sighting] = {
        "text": Text(), "faces": crowd(0, 0), "speech": Speech(), "nudity": Nudity(scores=(1,)),
        "product": Likeness(marks=99, agreeing=40, colour=1), "names": Entities(),
    }  # fmt: skip
    seen = [NotLooked(check=check, why="dark") if check in dark else one for check, one in whole.items()]
    expected = Expected.model_validate({"product": "a" * 64, "people": 0})
    report: ScanReport = judge(seen, expected, find_listed)
    assert not dark & set(report.scanned)
    assert not dark & {"text", "speech", "names"} or "names" not in report.scanned, "looked for in a part of it only"
    assert {one.check for one in report.looked} == set(expected.checks)
    assert all(one.why for one in report.looked if one.standing == "not_looked")


def test_without_any_sighting_every_check_says_that_nobody_looked() -> None:
    report = judge((), Expected(), find_listed)
    assert report.scanned == ()
    assert len(report.not_scanned) == len(Expected().checks)


@pytest.mark.parametrize("line", ["Nimbus $49", "Aurora Kettle -50%", "Aurora Kettle $5"])
def test_a_price_beside_a_permitted_name_stops_read_or_heard(line: str) -> None:
    expected = Expected(names=("Nimbus", "Aurora Kettle"), lines=("Meet Nimbus", "the Aurora Kettle"))
    assert [one.rule for one in looked("text", expected, read(line)).findings] == ["scan.price"]
    assert [one.rule for one in looked("speech", expected, heard(line)).findings] == ["scan.speech.price"]
    assert (
        looked("text", expected, read(line)).standing == looked("speech", expected, heard(line)).standing == "stopped"
    )


def test_one_word_can_be_a_price() -> None:
    assert looked("speech", Expected(), heard("$5")).standing == "stopped"


def test_a_figure_beside_a_permitted_name_stops() -> None:
    assert looked("text", Expected(names=("Nimbus",)), read("Nimbus #1")).standing == "stopped"
    assert looked("speech", Expected(lines=("meet Nimbus",)), heard("meet Nimbus 1")).standing == "stopped"


def test_no_finding_names_a_person_of_the_workspace() -> None:
    seen = (read("ASK IDA BRUUN"), heard("ask Ida Bruun about it"))
    report = judge(seen, Expected(hidden=("Ida Bruun",)), find_listed)
    said = " ".join(str(one) for one in (*report.stops, *report.notes)).casefold()
    assert "bruun" not in said
    assert "i. b." in said


@pytest.mark.parametrize(
    "line", ["PREVIZ shot.14", "PREVIZ mediumshot\u00b7 4", "PREVlZ shot.1 - medlum sh0t", "shot.1 4 s"]
)
def test_a_slate_in_small_type_is_the_slate_however_it_runs_together(line: str) -> None:
    slate = ("PREVIZ", "shot.1", "medium shot", "static", "4 s")
    assert looked("text", Expected(words=slate, slate=" ".join(slate)), read(line)).standing == "clear"


@pytest.mark.parametrize("line", ["PREVIZ $4", "PREVIZ Nimbus 14", "Our best shot", "shot.1 now 49"])
def test_what_is_no_slate_stops_beside_one(line: str) -> None:
    slate = ("PREVIZ", "shot.1", "medium shot", "static", "4 s")
    assert looked("text", Expected(words=slate, slate=" ".join(slate)), read(line)).standing == "stopped"
