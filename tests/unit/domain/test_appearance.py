"""Where a person was shown: what was earned when a film went up is not rewritten by what is planned later."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from callsheet.domain.appearance import appearances
from callsheet.domain.cameo import Cameo, Royalty
from callsheet.domain.cut import Clip, Cut, EndCard, Media
from callsheet.domain.event import CallSheetDrawn, CutAssembled, DeliverableFinished, Published
from callsheet.domain.identity import CameoId, Digest, PlacementId, PublicationId, ReleaseId, RunId, ShotId, TakeId
from callsheet.domain.identity import VariantId as Variant
from callsheet.domain.ledger import Event, seal
from callsheet.domain.money import Money
from callsheet.domain.royalty import Statement, statement
from callsheet.domain.take import Take

RUN, SHOT, TAKE, INES = RunId("spring-1"), ShotId("shot.1"), TakeId("t1"), CameoId("ines")
FIRST, SECOND, OF_TAKE = ReleaseId("first"), ReleaseId("second"), ReleaseId("of-take")
START = datetime(2026, 11, 1, tzinfo=UTC)
PICTURE = Media(digest=Digest("a" * 64), media_type="video/mp4", width=2, height=2, frames=120, rate=30)
CUT = Cut(
    campaign="spring", variant=Variant("a"), placement=PlacementId("vertical"), locale="en", rate=30, width=2, height=2,
    loudness=-14, palette=("#000000",), clips=(Clip(shot=SHOT, take=TAKE, media=PICTURE, frames=60),),
    end_card=EndCard(frames=30, picture=None, headline="Shoes", call_to_action="Run"),
)  # fmt: skip
CUT_ID, FILE = Digest("c" * 64), Digest("f" * 64)
OF_INES = Take.model_validate(
    {
        "id": TAKE, "shot": SHOT, "number": 1, "purchase": "p", "provider": "p", "model": "m", "job": "j",
        "prompt": "b" * 64, "seconds": 4, "stored_at": START, "cameo": INES, "release": OF_TAKE, "media": PICTURE,
        "price": Money(amount=Decimal("0.40")),
    }
)  # fmt: skip


def drawn(*releases: ReleaseId) -> CallSheetDrawn:
    roles = tuple((SHOT, INES, release) for release in releases)
    return CallSheetDrawn(call_sheet=Digest("1" * 64), storyboard=Digest("2" * 64), roles=roles)


def assembled() -> CutAssembled:
    return CutAssembled(
        cut=CUT_ID, storyboard=Digest("2" * 64), variant=CUT.variant, placement=CUT.placement, takes=(TAKE,)
    )


def finished() -> DeliverableFinished:
    kept = Digest("d" * 64)
    return DeliverableFinished.model_validate({"deliverable": kept, "name": "spring_a", "cut": CUT_ID, "file": FILE,
                                               "essence": kept, "credentials": "none"})  # fmt: skip


def published(name: str = "p1") -> Published:
    return Published.model_validate(
        {"publication": PublicationId(name), "name": "spring_a", "file": FILE, "gate": "g", "adapter": "folder",
         "placement": CUT.placement}
    )  # fmt: skip


def owed(*events: Event) -> Statement:
    entries = [seal(RUN, "run", event, START + timedelta(hours=hour), None) for hour, event in enumerate(events)]
    shown = appearances(RUN, entries, {CUT_ID: CUT}, {TAKE: OF_INES})
    pays = {FIRST: Decimal(4), SECOND: Decimal(1), OF_TAKE: Decimal(2)}
    terms = {(INES, name): Royalty(per_second=Money(amount=rate)) for name, rate in pays.items()}
    person = Cameo(id=INES, name="Ines Calder", owner="Northlight")
    return statement("Northlight", [person], shown, {TAKE: OF_INES}, terms)


def releases(found: Statement) -> list[ReleaseId]:
    return [line.release for line in found.lines]


def test_a_later_call_sheet_does_not_rewrite_what_was_earned() -> None:
    out = (drawn(FIRST), assembled(), finished(), published())
    earned = owed(*out)
    assert (releases(earned), earned.totals) == ([FIRST], (Money(amount=Decimal(8)),))
    assert owed(*out, drawn(SECOND)) == earned
    assert owed(*out, drawn(SECOND), assembled(), finished(), published("p2")) == earned
    assert owed(*out, drawn()) == earned


def test_until_it_is_up_the_latest_laid_out_cut_counts() -> None:
    found = owed(drawn(FIRST), assembled(), drawn(SECOND), assembled(), finished(), published())
    assert (releases(found), found.totals) == ([SECOND], (Money(amount=Decimal(2)),))


def test_a_call_sheet_that_was_never_laid_out_before_the_film_went_up_does_not_count() -> None:
    found = owed(drawn(FIRST), assembled(), finished(), drawn(SECOND), published())
    assert releases(found) == [FIRST]


def test_a_shot_that_the_latest_call_sheet_has_without_the_person_falls_back_to_the_take() -> None:
    assert releases(owed(drawn(FIRST), drawn(), assembled(), finished(), published())) == [OF_TAKE]
