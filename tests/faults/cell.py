"""One fault at one kind of provider: a take is bought there as a run buys it, and how that ends is one sentence."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from crash.matrix import faults as purchase_faults
from crash.mortal import MortalDatabase
from crash.shoot import NOON, RUN
from crash.world import Ground

from callsheet.domain.error import CallsheetError
from callsheet.domain.money import Money
from callsheet.domain.provider import Dialect, Profile
from callsheet.domain.purchase import ENDED_UNBOUGHT, OPEN, PurchaseState
from callsheet.domain.trouble import Trouble
from callsheet.graphs.missing import missing
from callsheet.jobs.order import Patience, TakeOrder
from callsheet.jobs.render import TakeBuyer
from callsheet.jobs.shoot import ShootItem
from callsheet.storage import purchase as journal
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries, head_of
from callsheet.storage.media import FolderStore
from callsheet.storage.purchase import Purchase
from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.sandbox.fault import KINDS, Stage, parse_scenario
from callsheet.tools.sandbox.loop import run_virtual
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.open import open_api
from callsheet.tools.video.pace import UNPACED

LATENCY, DEADLINE = 20.0, 300.0
_TRIES, _RESUMES = 2, 2
_NIGHT = 7200.0
_PRICE = Money.model_validate({"amount": "0.40", "currency": "USD"})
_SAID: Mapping[Trouble | None, str] = {
    Trouble.CONTENT_POLICY: "refused, unpaid; the Director words it anew",
    Trouble.FIX_REQUEST: "refused, unpaid; a person changes the plan",
    Trouble.QUOTA: "refused, unpaid; a person tops the account up",
    Trouble.PROVIDER_GONE: "refused, unpaid; the plan is quoted elsewhere",
    Trouble.RETRYABLE: "failed, unpaid; tried again when resumed",
    None: "cancelled, unpaid",
}


@dataclass(frozen=True)
class Manners:
    """A kind of provider: the wire it speaks and how it departs from the reference."""

    name: str
    dialect: Dialect = "videos"
    profile: Profile = "openai"
    path: str = "v1"
    model: str = "previz-1"
    size: str = "360x640"
    lists: bool = True


PROVIDERS = (
    Manners("openai"),
    Manners("vllm-omni", profile="vllm-omni"),
    Manners("sglang", profile="sglang"),
    Manners("gateway", profile="gateway"),
    Manners("gemini", "gemini", path="v1beta", model="gemini-omni-1.2-flash", size="360x640", lists=False),
    Manners("fal", "fal", path="fal", model="alibaba/wan-3.0/text-to-video", size="720x1280", lists=False),
)


@dataclass(frozen=True)
class Outcome:
    """How it ended, in a sentence, and what is wrong with it, if anything."""

    said: str
    wrong: tuple[str, ...] = ()


def faults() -> tuple[str, ...]:
    """Every fault of the sandbox, with the arguments worth trying."""
    played = (name for name in purchase_faults() if "," not in name)  # the matrix also plays providers without a list
    return (*played, *(name for name, kind in KINDS.items() if kind.stage is Stage.RING))


def play(ground: Ground, manners: Manners, fault: str) -> Outcome:
    """Buy one take; the first request for it meets with the fault."""
    while True:
        known = len(ground.seen)
        outcome, _ = run_virtual(_play(ground, manners, fault))
        if len(ground.seen) == known:  # told anew when a clip had to be inspected: programs end when they like
            return outcome


async def _play(ground: Ground, manners: Manners, fault: str) -> Outcome:
    home = ground.folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    shutil.copyfile(ground.prepared, home / "workspace.db")
    loop = asyncio.get_running_loop()

    def now() -> datetime:
        return NOON + timedelta(seconds=loop.time())

    sandbox = Sandbox(_settings(home, ground.folder, manners), lambda: now().timestamp())
    sandbox.book._db.execute("pragma synchronous=off")  # nothing dies here
    sandbox.scenario = parse_scenario([fault])
    database = MortalDatabase(f"sqlite:///{home / 'workspace.db'}", now)
    facts = {"dialect": manners.dialect, "profile": manners.profile, "model": manners.model}
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=sandbox.app), base_url=f"http://sandbox/{manners.path}/"
    )
    provider = load_provider("sandbox").model_copy(update=facts)
    api = open_api(provider, lambda: client, "", lambda: now().timestamp(), UNPACED)
    patience = Patience(deadline=DEADLINE, first_look=2.0)
    media = FolderStore(home / "media")
    buyer = TakeBuyer(database, media, lambda _name: api, ground.inspect, patience)
    try:
        await _shoot(buyer, database, manners)
        await asyncio.sleep(_NIGHT)
        is_filtered = fault.startswith("done_no_video") and manners.dialect != "videos"
        return database.read_now(lambda tx: _judge(tx, sandbox, is_filtered))
    finally:
        await sandbox.darkroom.close()
        sandbox.book.close()
        database.close()


async def _shoot(buyer: TakeBuyer, database: MortalDatabase, manners: Manners) -> None:
    """As the graph's node does: again only what may succeed, and the same once more each morning."""
    for _ in range(1 + _RESUMES):
        for _ in range(_TRIES):
            wanted = database.read_now(lambda tx: _next(journal.of_run(tx, RUN), manners))
            try:
                await buyer(wanted.model_dump(mode="json"))
            except CallsheetError as error:
                item = ShootItem(order=wanted, batch="", state="retry", why=str(error))  # type: ignore[arg-type]  # no batch here
                found = database.read_now(lambda tx, item=item: missing(tx, [item]))  # type: ignore[misc]  # bound at once
                if not found.may_succeed:
                    break
            else:
                return
        last = database.read_now(lambda tx: max(journal.of_run(tx, RUN), key=lambda one: one.order.take))
        if last.state in ENDED_UNBOUGHT and last.trouble is not Trouble.RETRYABLE:
            return  # the Director or a person changes something first
        await asyncio.sleep(_NIGHT)


def _next(bought: tuple[Purchase, ...], manners: Manners) -> TakeOrder:
    number = 1 + sum(one.state is PurchaseState.REJECTED for one in bought)
    order = {
        "workspace": "w", "provider": "sandbox", "account": "a", "model": manners.model, "seconds": 4,
        "prompt": "[s1] a shoe on wet asphalt", "size": manners.size, "shot": "s1", "take": number,
    }  # fmt: skip
    facts = {"run": RUN, "campaign": "spring", "money": _PRICE, "lists_jobs": manners.lists}
    return TakeOrder.model_validate({**facts, "order": order})


def _judge(tx: Transaction, sandbox: Sandbox, is_filtered: bool) -> Outcome:
    """`is_filtered`: on this wire, done without a video means filtered, and what is filtered is not charged."""
    bought = journal.of_run(tx, RUN)
    head_of(tx, RUN)  # raises when a chain of the ledger is broken
    bill = [row for row in sandbox.ledger() if row["status"] not in ("failed", "cancelled")]
    last = max(bought, key=lambda one: one.order.take)
    owned = {one.job.rpartition("/")[2] for one in bought}
    wrong = [f"{row['id'][:12]} is on the bill and belongs to no take" for row in bill if row["id"] not in owned]
    if last.state is PurchaseState.AMBIGUOUS or is_filtered:
        wrong = []  # nobody knows yet: that is what the gate asks
    elif last.state in OPEN - {PurchaseState.SUBMITTED}:
        wrong.append(f"it is still {last.state}")
    steps = [entry.body["step"] for entry in entries(tx, RUN) if entry.kind == "PurchaseMoved"]
    spoilt = sum(one.state is PurchaseState.REJECTED for one in bought)
    return Outcome(_sentence(last, spoilt, "find" in steps), tuple(wrong))


def _sentence(last: Purchase, spoilt: int, was_found: bool) -> str:
    if last.state is PurchaseState.REJECTED:
        return "paid and kept aside, every time; a person decides"
    before = "take 1 paid and kept aside, " * (spoilt > 0) + "take 2 too, " * (spoilt > 1)
    which = f"take {last.order.take} " * (spoilt > 0)
    match last.state:
        case PurchaseState.SETTLED if was_found:
            return f"{before}{which}bought; found on the provider's list"
        case PurchaseState.SETTLED:
            return f"{before}{which}bought" + (f" at try {last.attempt}" if last.attempt > 1 else "")
        case PurchaseState.AMBIGUOUS:
            return f"{before}waits at a gate: a person looks"
        case PurchaseState.SUBMITTED:
            return f"{before}still rendering; adopted when ready"
        case PurchaseState.RENDERED:
            return f"{before}made; fetched when it can be"
        case _:
            return f"{before}{_SAID[last.trouble]}"


def _settings(home: Path, shared: Path, manners: Manners) -> SandboxSettings:
    return SandboxSettings(
        folder=home / "sandbox",
        profile=manners.profile,
        models=(manners.model,),
        latency=LATENCY,
        stock=True,
        stock_folder=shared / "stock",
    )
