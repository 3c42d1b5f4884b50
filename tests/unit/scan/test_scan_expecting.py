"""What an order permits comes from its shot; what gates say of scans comes from the takes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from unit.agents.briefs import provider, runner

from callsheet.agents.planning.crowd import faces_planned
from callsheet.domain.scan.reading import unordered
from callsheet.domain.scan.telling import scan_notices
from callsheet.domain.shot import Shot
from callsheet.domain.take import Take
from callsheet.graphs.expecting import expected_of

SHOT: dict[str, Any] = {
    "id": "s3", "beat": "hook", "subject": "a runner", "setting": "a street", "action": "laces up",
    "framing": "close-up", "movement": "slow push-in", "light": "dawn light",
    "seconds": 4, "purchased_seconds": 4, "prompt": "x",
}  # fmt: skip


def shot(**changes: Any) -> Shot:
    return Shot.model_validate(SHOT | changes)


@pytest.mark.parametrize(
    ("subject", "action", "cameo", "faces"),
    [
        ("the shoe", "rests on wet stone", None, 0),
        ("a runner", "laces up", None, 1),
        ("a pair of hands", "ties the laces", None, 1),
        ("the shoe", "is lifted by two hands", None, 1),
        ("a couple", "walks along the beach", None, 2),
        ("a woman in a raincoat", "shows the shoe to a neighbour over the fence", None, 2),
        ("a small group of friends", "gathers around the table", None, None),
        ("a man", "joins the talk at the table", None, None),
        ("two walkers", "cross, one man waves", None, None),
        ("the street at dawn", "is empty", "mara", 1),
    ],
)
def test_how_many_faces_a_shot_plans(subject: str, action: str, cameo: str | None, faces: int | None) -> None:
    assert faces_planned(shot(subject=subject, action=action, cameo=cameo)) == faces


def test_a_previz_slate_is_expected_and_nothing_else_is() -> None:
    expected = expected_of(runner(provider=provider(previz=True, slate=True)), shot(), None, None)
    assert unordered("PREVIZ s3 · close-up · slow push-in · 4 s", expected.words) == 0
    assert unordered("PREVIZ s4 SALE", expected.words)
    assert expected_of(runner(provider=provider(previz=False)), shot(), None, None).words == ()


def test_quoted_words_may_be_read_or_heard_where_they_are_ordered() -> None:
    wanted = shot(action='walks past a sign that reads "Open late"', audio="she says “Good morning”")
    expected = expected_of(runner(provider=provider(previz=False)), wanted, None, None)
    assert (expected.words, expected.lines) == (("Open late",), ("Good morning",))


def test_only_an_exact_product_with_a_picture_is_compared() -> None:
    campaign, picture = runner(), "a" * 64
    assert expected_of(campaign, shot(product="exact"), None, picture).product == picture
    assert expected_of(campaign, shot(product="shown"), None, picture).product is None
    assert expected_of(campaign, shot(product="exact"), None, None).product is None
    assert expected_of(campaign, shot(product="none"), None, None).names == ()


def take(**changes: Any) -> Take:
    media = {"digest": "a" * 64, "media_type": "video/mp4", "width": 720, "height": 1280, "frames": 120, "rate": 30}
    whole = {
        "id": "s1.take1", "shot": "s1", "number": 1, "purchase": "p", "provider": "x", "model": "y", "job": "j",
        "prompt": "a" * 64, "media": media, "seconds": 4, "price": {"amount": "0.40", "currency": "USD"},
        "stored_at": datetime(2026, 11, 22, tzinfo=UTC),
    }  # fmt: skip
    return Take.model_validate(whole | changes)


def test_a_gate_says_what_was_scanned_what_was_not_and_why_and_what_was_noticed() -> None:
    takes = (
        take(scanned=("integrity", "text"), not_scanned=("speech: not installed",)),
        take(scanned=("integrity", "text", "speech"), noticed=("the take: one frame seems to show 1 face",)),
    )
    assert scan_notices(takes) == (
        "scanned: integrity, text, speech (in 1 of 2 takes)",
        "not scanned: speech (in 1 of 2 takes) (not installed)",
        "s1.take1: the take: one frame seems to show 1 face",
    )
    assert scan_notices((take(),)) == ("not scanned: anything (nothing is written down)",)
    assert scan_notices(()) == ()
