"""What each gate shows: the plan with its price, the takes, the exact files, the reshoot with its price."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

from callsheet.domain.budget import Limit
from callsheet.domain.campaign import Campaign, GateKind
from callsheet.domain.claim import lacks
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.finding import Finding
from callsheet.domain.identity import Digest, PurchaseKey, RunId
from callsheet.domain.labelled import label_notices
from callsheet.domain.money import Money
from callsheet.domain.quote import REPEATS, Quote
from callsheet.domain.scan.telling import scan_notices
from callsheet.domain.showing import Showing, ShownFile, ShownTake
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.take import Take
from callsheet.domain.telemetry import AnalystDecision
from callsheet.domain.words.waiver import in_use
from callsheet.graphs.brief import legal_book, load_campaign
from callsheet.graphs.choosing import takes_to_show
from callsheet.graphs.consent import left_out
from callsheet.graphs.credentials import credential_notices
from callsheet.graphs.crew import Crew
from callsheet.graphs.plan import judge_plan, price_plan
from callsheet.graphs.post import judge_cuts
from callsheet.graphs.state import CampaignState
from callsheet.storage import legal
from callsheet.storage import run as runs
from callsheet.storage import take as takes
from callsheet.tools.rules.jurisdiction import jurisdictions
from callsheet.tools.writer.kept import RUN


async def show_plan(crew: Crew, state: CampaignState) -> Showing:
    """The greenlight, or the top-up of a later round: shots, seconds, expected and worst cost, what is not approved."""
    campaign = await load_campaign(crew, state)
    storyboard = await crew.archive.load(Storyboard, state["storyboard"])
    sheet = await crew.archive.load(CallSheet, state["call_sheet"])
    priced, under = await price_plan(crew, RunId(state["run"]), campaign, storyboard, sheet)
    frozen = await crew.archive.load(Campaign, state["campaign"])
    later = storyboard.round > 0
    run = await crew.database.read(lambda tx: runs.find(tx, RunId(state["run"])))
    today = crew.clock().date()
    waiting = {claim.text: why for claim in campaign.claims if (why := lacks(claim, campaign.markets, today))}
    notices = [*run.notices]
    notices += [
        f"claim not in force, not used: {text!r} ({why})"
        for text, why in sorted(waiting.items())
        if not any(text in one for one in notices)
    ]
    notices += await crew.database.read(lambda tx: legal.notices(tx, frozen))
    judged = partial(judge_plan, crew, RunId(state["run"]), campaign, storyboard, sheet)
    notices += await waiver_notices(crew, campaign, (campaign.locale,), judged)
    notices += [f"{role.shot}: {role.cameo} under release {role.release}" for role in sheet.roles]
    notices += await left_out(crew, state)
    notices += [*state.get("doubts", []), *priced.warnings, *storyboard.notes]
    quote_digest = await crew.archive.keep(state["run"], priced)
    kind: GateKind = "topup" if later else "greenlight"
    if later:
        decision = await crew.archive.load(AnalystDecision, state["decision"])
        notices.insert(0, decision.reason)
    return Showing(
        kind=kind,
        round=storyboard.round,
        question=_question(campaign, priced, later),
        storyboard=storyboard.digest,
        call_sheet=sheet.digest,
        quote=quote_digest,
        seconds=_most_seconds(priced, under),
        expected=priced.expected,
        most=_most_money(priced, under),
        notices=tuple(notices),
    )


async def show_dailies(crew: Crew, state: CampaignState) -> Showing:
    """The takes, with the circled ones marked."""
    RUN.set(state["run"])
    found, campaign = await taken(crew, state), await load_campaign(crew, state)
    storyboard = await crew.archive.load(Storyboard, state["storyboard"])
    chosen = await takes_to_show(crew, state, campaign, storyboard, found)
    circled = {take.id for take in chosen.takes.values()}
    return Showing(
        kind="dailies",
        round=state["round"],
        question=f"{len(found)} takes are in. Are the circled ones the ones to cut?",
        storyboard=Digest(state["storyboard"]),
        takes=tuple(
            ShownTake(shot=one.shot, take=one.id, number=one.number, media=one.media.digest, circled=one.id in circled)
            for one in found
        ),
        notices=(*chosen.reasons, *scan_notices(found)),
    )


async def show_release(crew: Crew, state: CampaignState) -> Showing:
    """The exact files, by hash."""
    files = [await crew.archive.load(Deliverable, one) for one in state["deliverables"]]
    cuts = [await crew.archive.load(Cut, one.cut) for one in files]
    labels = label_notices(jurisdictions(), [cut.labelling for cut in cuts if cut.labelling], crew.clock().date())
    campaign = await load_campaign(crew, state)
    waived = await waiver_notices(crew, campaign, {one.locale for one in cuts}, partial(judge_cuts, crew, state))
    notices = [*waived, *scan_notices(await taken(crew, state)), *credential_notices(files, crew.clock()), *labels]
    return Showing(
        kind="release",
        round=state["round"],
        question="Ship this file?" if len(files) == 1 else f"Ship these {len(files)} files?",
        storyboard=Digest(state["storyboard"]),
        files=tuple(
            ShownFile(
                name=one.name,
                variant=one.variant,
                placement=one.placement,
                file=one.file,
                essence=one.essence,
                credentials=one.credentials,
                markets=cut.markets,
                alternate=cut.alternate,
            )
            for one, cut in zip(files, cuts, strict=True)
        ),
        notices=tuple(notices),
    )


async def waiver_notices(
    crew: Crew, campaign: Campaign, locales: Iterable[str], judge: Callable[[], Awaitable[Sequence[Finding]]]
) -> tuple[str, ...]:
    """What runs only because legal waived a finding about it, so that nobody says yes without knowing that.

    No name is in it: what is shown is kept for good, and a person's name can be erased.
    """
    book = await legal_book(crew, campaign)
    if not book.waivers:
        return ()
    found, day = await judge(), crew.clock().date()
    used = {one.id for locale in locales for one in in_use(found, book, campaign.markets, day, locale)}
    return tuple(
        f"{one.text!r} runs under waiver {one.id} ({one.rule}) until {one.ends}; who granted it: "
        f"callsheet claims waivers --campaign {campaign.name}"
        for one in book.waivers
        if one.id in used
    )


async def taken(crew: Crew, state: CampaignState) -> tuple[Take, ...]:
    """The takes of this round's shoot."""
    keys = [PurchaseKey(key) for key in state["takes"].values()]
    found = await crew.database.read(lambda tx: [takes.find(tx, key) for key in keys])
    return tuple(one for one in found if one is not None)


def _question(campaign: Campaign, priced: Quote, later: bool) -> str:
    what = "Shoot these shots again" if later else f"Shoot {campaign.name}"
    return f"{what}: {priced.seconds_purchased} seconds, {priced.expected} expected, {priced.worst} at the very most?"


def _most_seconds(priced: Quote, under: Sequence[Limit]) -> int:
    """What approval may permit: what the worst case takes, as far as caps leave it. A day's cap is full again later."""
    left = [cap.seconds - cap.used.seconds for cap in under if cap.seconds is not None and not cap.renews]
    return max(0, min(priced.seconds_purchased * (1 + REPEATS), *left))


def _most_money(priced: Quote, under: Sequence[Limit]) -> Money | None:
    if not isinstance(priced.worst, Money):
        return None
    most = priced.worst
    for cap in under:
        if cap.money is not None and not cap.renews and cap.money - cap.used.money < most:
            most = cap.money - cap.used.money
    return most
