"""Whoever is missing from a plan for want of a release is named at the greenlight, with what would bring them in."""

from pathlib import Path

import pytest
from flows.test_revocation import with_person
from unit.graphs.floor import DANA, INES, NOON, RUN, Floor

from callsheet.cli.cameo import _what_follows
from callsheet.domain.casting import use_of
from callsheet.domain.gate import Decision
from callsheet.domain.showing import Showing
from callsheet.storage import approval, document
from callsheet.storage import cameo as people
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.tools.intake import read_campaign


def floor_of(folder: Path, terms: str = "") -> Floor:
    campaign = with_person(folder / "cast")
    brief = campaign / "campaign.yaml"
    brief.write_text(brief.read_text().replace("document: release.md, ", f"document: release.md, {terms}", 1))
    return Floor(folder, read_campaign(campaign, NOON.date()))


def notices(floor: Floor) -> tuple[str, ...]:
    def look(tx: Transaction) -> tuple[str, ...]:
        open_ = [one for one in gates.gates_of(tx, RUN) if not gates.verdict_at(tx, one.id).is_final]
        return document.fetch(tx, Showing, open_[-1].shown).notices

    return floor.database.read_now(look)


def edit(floor: Floor, note: str) -> None:
    def write(tx: Transaction) -> None:
        (gate,) = (one for one in gates.gates_of(tx, RUN) if not gates.verdict_at(tx, one.id).is_final)
        said = Decision(gate=gate.id, answer="edit", by=DANA, shown=gate.shown, at=tx.now, note=note)
        gates.decide(tx, said)

    floor.database.write_now(write)


def test_who_waits_for_the_owners_word_is_named_with_the_commands_and_cast_once_it_is_given(tmp_path: Path) -> None:
    floor = floor_of(tmp_path, "approval: each_use, ")
    floor.drive()
    mark = use_of(floor.campaign).digest[:12]
    assert (floor.asked(), floor.roles()) == ("greenlight", [])
    (left_out, again) = (one for one in notices(floor) if "left out" in one or "plan again" in one)
    assert left_out.startswith(f"{INES} is left out: release ines-2026 needs the owner's word for this use: ")
    assert left_out.endswith(f"callsheet cameo approve {INES} {mark}")
    assert again.endswith(f'callsheet decide {RUN} greenlight edit --note "plan again"')
    assert not any("Calder" in one for one in notices(floor)), "what is shown is kept for good"

    def approve(tx: Transaction) -> tuple[str, str]:
        (given,) = approval.approve(tx, people.find(tx, INES), mark, "Ines")
        return _what_follows(tx, INES, given)

    why, command = floor.database.write_now(approve)
    assert (f"made without {INES}" in why, command) == (True, again.partition(": ")[2])
    edit(floor, "plan again")
    floor.drive()
    assert floor.asked() == "greenlight" and floor.roles() != []
    assert not any("left out" in one for one in notices(floor))
    floor.close()


def test_a_yes_that_comes_after_the_greenlight_is_for_the_next_run(tmp_path: Path) -> None:
    floor = floor_of(tmp_path, "approval: each_use, ")
    floor.drive()
    floor.answer()

    def approve(tx: Transaction) -> tuple[str, str]:
        (given,) = approval.approve(tx, people.find(tx, INES), use_of(floor.campaign).digest[:12], "Ines")
        return _what_follows(tx, INES, given)

    why, command = floor.database.write_now(approve)
    assert "stays so" in why and command.startswith("callsheet run ")
    floor.close()


def test_who_is_cast_or_covered_is_not_said_to_be_left_out(tmp_path: Path) -> None:
    floor = floor_of(tmp_path)
    floor.drive()
    assert floor.roles() != [] and not any("left out" in one for one in notices(floor))
    floor.close()


@pytest.mark.parametrize(
    ("terms", "why"),
    [("territories: [FR], ", "does not cover the market"), ("rights: [voice], ", "does not include the face")],
)
def test_the_reason_is_the_one_casting_gave(tmp_path: Path, terms: str, why: str) -> None:
    floor = floor_of(tmp_path, terms)
    floor.drive()
    assert any(one.startswith(f"{INES} is left out: ") and why in one for one in notices(floor))
    floor.close()
