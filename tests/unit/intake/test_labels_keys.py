"""What a campaign folder says about labels: the policy, the platforms of a placement, margins of its own."""

from pathlib import Path

from unit.intake.folder import SOUND, TODAY, make, only

from callsheet.domain.campaign import Campaign
from callsheet.domain.placement import UPRIGHT, Safe
from callsheet.tools.intake import read_campaign


def read(folder: Path, text: str) -> Campaign:
    return read_campaign(make(folder, SOUND + text), TODAY).campaign


def test_labels_are_everywhere_unless_a_folder_says_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path / "a", "").labels == "everywhere"
    assert read(tmp_path / "b", "labels: where_required\n").labels == "where_required"
    problem = only(make(tmp_path / "c", SOUND + "labels: nowhere\n"))
    assert (problem.where, problem.line) == ("labels", SOUND.count("\n") + 1)


def test_a_placement_names_its_platforms_and_margins(tmp_path: Path) -> None:
    written = "placements: [{id: vertical, platforms: [meta]}, {id: own, safe: {top: 200, left: 80}}]\n"
    first, second = read(tmp_path / "a", written).placements
    assert (first.platforms, first.size) == (("meta",), "720x1280")
    assert first.margins.top == UPRIGHT["meta"].top
    assert second.margins == Safe(top=200, left=80)


def test_a_platform_without_figures_keeps_clear_of_what_any_covers(tmp_path: Path) -> None:
    (placement,) = read(tmp_path / "a", "placements: [{id: vertical, platforms: [linkedin]}]\n").placements
    assert all(placement.margins.holds(zone) for zone in UPRIGHT.values())


def test_a_misspelt_platform_is_wrong_because_it_would_have_no_rules(tmp_path: Path) -> None:
    problem = only(make(tmp_path / "a", SOUND + "placements: [{id: vertical, platforms: [tik-tok]}]\n"))
    assert problem.where == "placements[1].platforms"
    assert problem.nearest == "tiktok"
    assert "youtube" in (problem.allowed or "")
