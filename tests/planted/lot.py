"""The lot where planted takes are bought: a real database, the real buying path, the real checks, and one provider."""

import shutil
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from planted.footage import HEIGHT, SECONDS, WIDTH
from unit.jobs.rig import NOON, PRICE, RUN, Watch, prepare

from callsheet.domain.cut import Media
from callsheet.domain.identity import Digest
from callsheet.domain.ledger import Entry
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.report import ScanReport
from callsheet.domain.take import Take
from callsheet.jobs.order import TakeOrder, TakeUnsound
from callsheet.jobs.render import TakeBuyer
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database
from callsheet.storage.ledger import entries
from callsheet.storage.media import FolderStore
from callsheet.tools.scan import ScanRoom
from callsheet.tools.video.fake import FakeVideo
from callsheet.wiring import _inspector


@dataclass
class Counter(FakeVideo):
    """A provider that sells a film somebody planted."""

    film: Path = field(default=Path())

    async def download(self, job: str, to: Path) -> None:
        """Hand the planted film over."""
        shutil.copyfile(self.film, to)


@dataclass(frozen=True)
class Bought:
    """What came of buying one take: the take or the refusal, its purchase, and what the ledger says."""

    take: Take | None
    why: str
    state: PurchaseState
    paid: Decimal
    entries: tuple[Entry, ...]

    def body(self, kind: str) -> dict[str, Any]:
        """The body of the one entry of that kind."""
        (found,) = (one for one in self.entries if one.kind == kind)
        return found.body


async def buy(film: Path, expected: Expected, product: Path | None, room: ScanRoom, folder: Path) -> Bought:
    """Buy the film as a take of a product shot, and see what the books say."""
    database = Database(f"sqlite:///{prepare(folder, takes_paid_for=1)}", "w", lambda: NOON)
    watch = Watch()
    api: Any = Counter(clock=lambda: NOON.timestamp(), film=film)
    lines: Any = SimpleNamespace(provider=lambda _name: SimpleNamespace(generates_audio=True))

    async def scan(path: Path, _wanted: TakeOrder, media: Media, permitted: Expected) -> ScanReport:
        return await room.scan(path, media, permitted, product)

    buyer = TakeBuyer(
        database, FolderStore(folder / "media"), lambda _: api, _inspector(lines), watch.patience(), scan=scan
    )
    wanted = _order(expected.model_copy(update={"product": Digest("a" * 64)}) if product else expected)
    take, why = None, ""
    try:
        take = Take.model_validate(await buyer(wanted.model_dump(mode="json")))
    except TakeUnsound as error:
        why = str(error)
    purchase = database.read_now(lambda tx: journal.current(tx, wanted.order.key))
    paid = database.read_now(lambda tx: journal.book_of(tx, RUN)).spent.amount
    story = database.read_now(lambda tx: tuple(entries(tx, RUN)))
    database.close()
    return Bought(take=take, why=why, state=purchase.state, paid=paid, entries=story)


def _order(expected: Expected) -> TakeOrder:
    order = {
        "workspace": "w", "provider": "fake", "account": "a", "model": "fake-1", "prompt": "a shoe on a wooden floor",
        "seconds": SECONDS, "size": f"{WIDTH}x{HEIGHT}", "shot": "s1", "take": 1,
    }  # fmt: skip
    return TakeOrder.model_validate({"run": RUN, "order": order, "money": PRICE, "expected": expected})
