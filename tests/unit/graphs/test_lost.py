"""An answer about a purchase in doubt: held against what is shown, written down once, and never about another doubt."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from unit.jobs.rig import NOON, RUN, Rig, order, prepare

from callsheet.domain.error import WrongUse
from callsheet.domain.gate import Decision, Gate, verdict
from callsheet.domain.identity import Digest, GateId
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.showing import Showing, ShownPurchase
from callsheet.graphs.lost import check_found, settle_lost
from callsheet.jobs.order import PurchaseAmbiguous
from callsheet.storage import purchase as journal
from callsheet.tools.video.fake import Faults

SHOWN = Digest("a" * 64)


@pytest.fixture
async def rig(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Rig]":  # type: ignore[misc]  # pytest-asyncio unwraps it
    folder = tmp_path_factory.mktemp("lost")
    rig = Rig(prepare(folder, takes_paid_for=2), folder / "home")
    rig.api.faults = Faults(lost_after_accept=1)
    with pytest.raises(PurchaseAmbiguous):
        await rig.process()(order(lists_jobs=False).model_dump(mode="json"))
    yield rig
    rig.database.close()


def showing(rig: Rig) -> Showing:
    one = rig.look(lambda tx: journal.current(tx, order().order.key))
    shown = ShownPurchase.model_validate(
        {
            "purchase": one.key, "shot": one.order.shot, "take": one.order.take, "seconds": one.seconds,
            "money": one.money, "provider": one.order.provider, "attempt": one.attempt,
            "intended_at": one.intended_at, "reason": one.reason,
        }
    )  # fmt: skip
    return Showing(kind="purchase", round=0, question="Was it made?", storyboard=SHOWN, purchases=(shown,))


def state(rig: Rig) -> PurchaseState:
    return rig.look(lambda tx: journal.current(tx, order().order.key)).state


@pytest.mark.parametrize(
    ("answer", "edits", "after"),
    [
        ("approve", {}, PurchaseState.RESERVED),
        ("edit", {"s1.1.job": "video_1"}, PurchaseState.SUBMITTED),
        ("edit", {"s1.1.job": "paid"}, PurchaseState.REJECTED),
        ("reject", {}, PurchaseState.REJECTED),
    ],
)
async def test_every_answer_does_what_it_says_and_doing_it_again_changes_nothing(
    rig: Rig, answer: str, edits: dict[str, str], after: PurchaseState
) -> None:
    asked = showing(rig)
    for _ in range(2):
        rig.change(lambda tx: settle_lost(tx, asked, answer, edits))
        assert state(rig) is after


async def test_an_old_answer_says_nothing_about_a_newer_doubt(rig: Rig) -> None:
    """Another run answered first, asked again, and that answer was lost as well: nobody has looked for it yet."""
    old = showing(rig)
    rig.change(lambda tx: settle_lost(tx, old, "approve", {}))
    rig.api.faults = Faults(lost_after_accept=1)
    with pytest.raises(PurchaseAmbiguous):
        await rig.process()(order(lists_jobs=False).model_dump(mode="json"))
    rig.change(lambda tx: settle_lost(tx, old, "approve", {}))
    assert state(rig) is PurchaseState.AMBIGUOUS


async def test_a_render_that_another_take_owns_changes_nothing(rig: Rig) -> None:
    rig.api.faults = Faults()
    await rig.process()(order(take=2).model_dump(mode="json"))
    rig.change(lambda tx: settle_lost(tx, showing(rig), "edit", {"s1.1.job": "video_2"}))
    assert state(rig) is PurchaseState.AMBIGUOUS


@pytest.mark.parametrize("edits", [{"s9.1.job": "x"}, {"s1.1.job": " "}, {"s1.1.job": "a\nb"}, {"s1.1.job": "x" * 501}])
async def test_what_names_no_purchase_or_no_render_is_refused(rig: Rig, edits: dict[str, str]) -> None:
    with pytest.raises(WrongUse):
        check_found(showing(rig), edits)


async def test_one_render_cannot_be_two_takes(rig: Rig) -> None:
    one = showing(rig).purchases[0]
    two = showing(rig).model_copy(update={"purchases": (one, one.model_copy(update={"take": 2}))})
    with pytest.raises(WrongUse, match="cannot be two takes"):
        check_found(two, {"s1.1.job": "video_1", "s1.2.job": "video_1"})
    with pytest.raises(WrongUse, match=r"s1\.2\.job is not named"):
        check_found(two, {"s1.1.job": "video_1"})
    check_found(two, {"s1.1.job": "paid", "s1.2.job": "paid"})


def test_no_policy_answers_for_a_purchase_in_doubt() -> None:
    for kind, expected in (("purchase", "open"), ("greenlight", "approve")):
        gate = Gate.model_validate(
            {"id": GateId("g"), "run": RUN, "kind": kind, "round": 0, "shown": SHOWN, "opened_at": NOON}
        )
        policy = Principal(name="written policy", authenticated="policy", roles=("*",))
        said = Decision(gate=gate.id, answer="approve", by=policy, shown=SHOWN, at=NOON)
        assert verdict(gate, [said], NOON + timedelta(minutes=1)).answer == expected
