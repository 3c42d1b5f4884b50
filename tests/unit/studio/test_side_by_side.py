"""Two runs side by side: what differs is found, and nothing else is said to."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from unit.studio.fixture import RUN, Played
from unit.studio.lamp import PRICE

from callsheet.domain.identity import GateId, RunId, TakeId
from callsheet.domain.money import Money
from callsheet.domain.run import Fork
from callsheet.domain.shot import Light
from callsheet.domain.writing import Words
from callsheet.studio.compare import ABSENT, Answered, Comparison, Side, compare, compare_runs
from callsheet.studio.story import Round, Story, gather


@pytest.fixture
def story(played: Played) -> Story:
    return played.database.read_now(lambda tx: gather(tx, RUN))


def renamed(story: Story, **changes: Any) -> Story:
    """The same story of a run of another name, with changes."""
    run = story.run.model_copy(update={"id": RunId("spring-2")})
    return replace(story, **{"run": run, **changes})


def held(one: Story, other: Story) -> Comparison:
    return compare(Side(one), Side(other))


def with_cut(story: Story, **changes: Any) -> Story:
    """The story with its last round's only cut changed."""
    last = story.rounds[-1]
    ((digest, cut),) = last.cuts.items()
    changed = Round(last.number, last.storyboard, {digest: cut.model_copy(update=changes)}, last.files)
    return renamed(story, rounds=(*story.rounds[:-1], changed))


def with_board(story: Story, **changes: Any) -> Story:
    last = story.rounds[-1]
    board = last.storyboard.model_copy(update=changes)
    return renamed(story, storyboard=board, rounds=(*story.rounds[:-1], replace(last, storyboard=board)))


def test_a_run_and_its_double_differ_in_nothing(story: Story) -> None:
    found = held(story, renamed(story))
    assert (found.storyboard, found.cuts, found.files, found.gates) == ((), (), (), ())
    assert found.is_same_film
    assert all(one.one == one.other for one in found.costs)


def test_a_changed_shot_is_said_field_by_field_and_its_wording_only_when_nothing_else_explains_it(
    story: Story,
) -> None:
    shots = story.rounds[-1].storyboard.shots
    first = shots[0].model_copy(update={"light": Light.NEON, "seconds": Fraction(3, 2), "prompt": "another"})
    found = held(story, with_board(story, shots=(first, shots[1]))).storyboard
    assert [(one.place, one.what, one.other) for one in found] == [
        ("shot.1", "light", "neon night"),
        ("shot.1", "seconds", "1.5 s"),
    ]
    worded = shots[0].model_copy(update={"prompt": "another"})
    found = held(story, with_board(story, shots=(worded, shots[1]))).storyboard
    assert [(one.place, one.what) for one in found] == [("shot.1", "prompt")]


def test_a_shot_that_only_one_plan_has_is_named(story: Story) -> None:
    shots = story.rounds[-1].storyboard.shots
    found = held(story, with_board(story, shots=shots[:1])).storyboard
    assert [(one.place, one.what, one.other) for one in found] == [(shots[1].id, "shot", ABSENT)]


def test_the_order_of_panels_and_their_words_are_held_against_each_other(story: Story) -> None:
    (plan,) = story.rounds[-1].storyboard.variants
    first, second = plan.panels
    told = first.model_copy(update={"caption": "Light, at last"})
    card = plan.end_card.model_copy(update={"call_to_action": "Buy it"})
    changed = plan.model_copy(update={"panels": (second, told), "end_card": card})
    found = held(story, with_board(story, variants=(changed,))).storyboard
    assert [(one.place, one.what, one.other) for one in found] == [
        ("variant a", "order of shots", f"{second.shot}, {first.shot}"),
        ("variant a, shot.1", "caption", "Light, at last"),
        ("variant a, end card", "call to action", "Buy it"),
    ]


def test_a_cut_is_compared_by_clips_order_frames_captions_and_label(story: Story) -> None:
    (cut,) = story.rounds[-1].cuts.values()
    first, second = cut.clips
    longer = first.model_copy(update={"frames": first.frames - 5, "take": TakeId("another")})
    label = cut.supers[0].model_copy(update={"kind": "label", "text": "AI", "start": 0, "frames": 9})
    found = held(story, with_cut(story, clips=(second, longer), supers=(label,))).cuts
    said = {(one.place.removeprefix(cut.name).strip(", "), one.what): (one.one, one.other) for one in found}
    assert said[("", "order of clips")] == (f"{first.shot}, {second.shot}", f"{second.shot}, {first.shot}")
    assert said[(first.shot, "frames")] == (str(first.frames), str(first.frames - 5))
    assert said[(first.shot, "take")] == (first.take, "another")
    assert said[("", f"{cut.supers[0].kind}s")][1] == ABSENT
    assert said[("", "labels")] == (ABSENT, "'AI' in frames 0 to 8")
    assert said[("", "length")][1].startswith(f"{cut.frames - 5} frames")


def test_files_are_the_same_by_their_essence_and_not_by_their_signature(story: Story) -> None:
    last = story.rounds[-1]
    ((name, file),) = last.files.items()
    signed = replace(last, files={name: file.model_copy(update={"file": "a" * 64})})
    assert held(story, renamed(story, rounds=(*story.rounds[:-1], signed))).same_files == (name,)
    other = replace(last, files={name: file.model_copy(update={"essence": "b" * 64})})
    found = held(story, renamed(story, rounds=(*story.rounds[:-1], other)))
    assert [(one.place, one.one, one.other) for one in found.files] == [(name, file.essence, "b" * 64)]
    assert not found.is_same_film


def test_what_a_run_did_not_buy_itself_is_adopted(story: Story) -> None:
    kept = tuple(one for one in story.purchases if one.order.shot == "shot.1")
    found = {one.what: (one.one, one.other) for one in held(story, renamed(story, purchases=kept)).costs}
    assert found["takes bought"] == ("3", "1")
    assert found["takes adopted"] == ("0", "2")
    assert found["seconds adopted"] == ("0 s", "8 s")
    assert found["worth of what was adopted"] == ("$0.00", str(PRICE.times(2)))


def test_words_are_part_of_the_costs(story: Story) -> None:
    words = Words(by="model-x", tokens_in=900, tokens_out=100, spent=Money(amount=Decimal("0.02")))
    found = compare(Side(story, words=words), Side(renamed(story)))
    (row,) = [one for one in found.costs if one.what == "words"]
    assert (row.one, row.other) == ("$0.02", "$0.00")


def test_gates_are_held_first_against_first_and_second_against_second(story: Story) -> None:
    one = (Answered("greenlight", "approve"), Answered("release", "approve"))
    other = (Answered("greenlight", "edit (shot.2.light=neon night)"), Answered("greenlight", "approve"), one[1])
    found = compare(Side(story, one), Side(renamed(story), other)).gates
    assert [(each.place, each.one, each.other) for each in found] == [
        ("greenlight 1", "approve", "edit (shot.2.light=neon night)"),
        ("greenlight 2", ABSENT, "approve"),
    ]


def test_a_fork_says_from_which_run_and_gate(story: Story) -> None:
    fork = Fork(run=RUN, gate=GateId("release-1"), checkpoint="1", head=story.rounds[-1].storyboard.digest)
    forked = renamed(story)
    forked = replace(forked, run=forked.run.model_copy(update={"forked_from": fork}))
    assert held(story, forked).relation == "spring-2 was forked from spring-1 at release-1"
    assert held(forked, story).relation == held(story, forked).relation
    assert held(story, renamed(story)).relation == ""


def test_the_answers_of_a_run_are_read_with_who_gave_them(played: Played) -> None:
    found = played.database.read_now(lambda tx: compare_runs(tx, RUN, RUN))
    assert found.gates == ()
    assert found.as_json()["is_same_film"] is True
