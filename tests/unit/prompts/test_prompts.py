"""Prompts are files that say what they take; data inside them can never become more than data."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.claim import LegalBook
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.shot import Framing, Light, Movement
from callsheet.domain.words.vet import Asked, vet_line
from callsheet.prompts.library import (
    World,
    calls,
    camera,
    casting_words,
    library_ref,
    note_words,
    structures,
    worlds,
)
from callsheet.prompts.prompt import PromptInvalid, load_prompt, read_prompt
from callsheet.prompts.quoting import quote
from callsheet.tools.rules.shipped import shipped_rules

FILE = b"---\nname: a/b\nversion: 1\ninputs: [x]\noutput: T\n---\n\n# system\nYou.\n\n# user\nSee <<x>>.\n"


def test_a_prompt_names_its_exact_words_whatever_the_line_ends() -> None:
    prompt = read_prompt(FILE, "a/b@v1")
    assert prompt.ref == read_prompt(FILE.replace(b"\n", b"\r\n"), "a/b@v1").ref
    assert prompt.ref.startswith("a/b@v1#")
    assert prompt.ref != read_prompt(FILE.replace(b"You.", b"You!"), "a/b@v1").ref
    assert prompt.fill({"x": "<<x>> again"}) == ("You.", "See <<x>> again.")


@pytest.mark.parametrize(
    "broken",
    [
        FILE.replace(b"# user", b"# people"),
        FILE.replace(b"inputs: [x]", b"inputs: [x, y]"),
        FILE.replace(b"<<x>>", b"<<z>>"),
        FILE.replace(b"output: T\n", b""),
        FILE.replace(b"version: 1", b"version: 2"),
    ],
)
def test_a_prompt_file_that_contradicts_itself_is_refused(broken: bytes) -> None:
    with pytest.raises(PromptInvalid):
        read_prompt(broken, "a/b@v1")


@pytest.mark.parametrize("address", ["director/storyboard@v1", "writer/repair@v1"])
def test_every_shipped_prompt_can_be_read(address: str) -> None:
    assert load_prompt(address).system


@pytest.mark.parametrize("address", ["../domain@v1", "director/storyboard", "director/storyboard@v0"])
def test_an_address_is_never_a_path(address: str) -> None:
    with pytest.raises(WrongUse):
        load_prompt(address)


def test_a_prompt_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        load_prompt("director/storyboard@v99")


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_quoted_data_comes_back_whole_and_never_closes_its_block(value: object) -> None:
    block = quote("data", value)
    assert block.count("<") == 2
    assert block.count("</data>") == 1
    assert json.loads(block.removeprefix('<data name="data">\n').removesuffix("\n</data>")) == value


def test_the_library_knows_every_word_of_the_vocabulary() -> None:
    assert set(camera().framing) == set(Framing)
    assert set(camera().movement) == set(Movement)
    assert set(camera().light) == set(Light)
    assert casting_words().constraint
    assert note_words().no_people
    assert calls()[-1].words == ()
    assert library_ref() == library_ref()


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.name)
def test_a_world_has_what_a_story_needs(world: World) -> None:
    for beat in ("hook", "problem", "product", "proof", "payoff"):
        assert sum(moment.beat == beat for moment in world.moments) >= 2
    assert any(moment.who == "product" and moment.beat == "product" for moment in world.moments)
    assert all(moment.place or moment.at in world.places or moment.at == "anywhere" for moment in world.moments)
    assert len(world.scripts) >= 3
    assert len(world.people) >= 2


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.name)
def test_no_caption_of_the_library_promises_anything(world: World) -> None:
    lines = [
        line
        for script in world.scripts
        for beat in (script.hook, script.problem, script.product, script.proof, script.payoff)
        for line in beat
    ]
    lines += [line.replace("<name>", "it") for group in calls() for line in group.lines]
    asked = Asked(markets=("US",), day=date(2026, 1, 1))
    assert [line for line in lines if vet_line(line, LegalBook(), shipped_rules(), asked)] == []
    assert max(map(len, lines)) <= 60


@pytest.mark.parametrize("count", range(1, 13))
def test_every_structure_can_be_told_in_any_number_of_shots(count: int) -> None:
    for structure in structures():
        arc = structure.arc(count)
        assert len(arc) == count
        assert "product" in arc
