"""Words of a command are recognised by what they match: an answer, a run, a gate."""

import pytest

from callsheet.cli.naming import Asked, Question, choose, recognise, run_named
from callsheet.domain.error import NotFound, WrongUse

SPRING = Question(gate="greenlight-0-1a2b3c4d.spring-1", kind="greenlight", run="spring-1")
AUTUMN = Question(gate="release-0-99887766.autumn-1", kind="release", run="autumn-1")
RUNS = ("spring-1", "autumn-1", "autumn-2")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["approve"], Asked(answer="approve")),
        (["reject", "spring-1"], Asked(run="spring-1", answer="reject")),
        (["spring", "edit"], Asked(run="spring-1", answer="edit")),
        (["greenlight", "approve"], Asked(gate="greenlight", answer="approve")),
        (["rel", "approve"], Asked(gate=AUTUMN.gate, answer="approve")),
        (["greenlight-0-1a", "autumn-2"], Asked(run="autumn-2", gate=SPRING.gate)),
        ([], Asked()),
    ],
)
def test_words_are_sorted_by_what_they_match(words: list[str], meant: Asked) -> None:
    assert recognise(words, RUNS, [SPRING, AUTUMN]) == meant


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["aprove"], NotFound, "did you mean approve?"),
        (["winter-1"], NotFound, "There is no answer, run or open gate winter-1"),
        (["autumn"], WrongUse, "autumn-1, autumn-2"),
        (["approve", "reject"], WrongUse, "second answer"),
        (["spring-1", "autumn-1"], WrongUse, "second run"),
    ],
)
def test_a_word_that_is_nothing_or_two_things_is_refused(words: list[str], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        recognise(words, RUNS, [SPRING, AUTUMN])


def test_the_only_open_gate_needs_no_name() -> None:
    assert choose(Asked(answer="approve"), [SPRING]) == SPRING


def test_of_several_gates_one_must_be_named() -> None:
    with pytest.raises(WrongUse, match=r"(?s)spring-1.*autumn-1"):
        choose(Asked(answer="approve"), [SPRING, AUTUMN])
    assert choose(Asked(run="autumn-1"), [SPRING, AUTUMN]) == AUTUMN
    assert choose(Asked(gate="greenlight"), [SPRING, AUTUMN]) == SPRING


def test_a_run_without_an_open_gate_is_said_so() -> None:
    with pytest.raises(WrongUse, match="No gate of autumn-2 waits"):
        choose(Asked(run="autumn-2"), [SPRING, AUTUMN])


def test_a_run_is_named_by_its_beginning() -> None:
    assert run_named("spr", RUNS) == "spring-1"
    assert run_named("autumn-2", RUNS) == "autumn-2"
    with pytest.raises(WrongUse, match="type more"):
        run_named("autumn", RUNS)
    with pytest.raises(NotFound, match="did you mean spring-1"):
        run_named("sprnig-1", RUNS)
