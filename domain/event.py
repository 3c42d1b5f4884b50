"""What can happen, as ledger events, named in the past tense. Bodies hold ids, hashes and figures, never a name."""

from callsheet.domain.identity import (
    CameoId,
    ClaimId,
    Digest,
    GateId,
    PlacementId,
    PublicationId,
    PurchaseKey,
    ReleaseId,
    RunId,
    ShotId,
    TakeId,
    VariantId,
)
from callsheet.domain.ledger import UPGRADERS, Code, Event
from callsheet.domain.money import Money


class RunStarted(Event):
    """A run began on a frozen campaign."""

    bundle: Digest
    campaign: Code
    provider: Code
    model: Code
    policy: Code
    seed: int


class RunForked(Event):
    """The run takes another's way up to one gate, which is asked again here.

    `parent_head` is the head over the other ledger's first `parent_entries` entries: all before that gate was opened.
    What follows until this run's own first gate was done there; nothing of it is paid for here.
    `by` is a keyed hash, as in every decision.
    """

    parent: RunId
    gate: GateId
    kind_of_gate: Code
    parent_head: Digest
    parent_entries: int
    by: Code
    authenticated: Code


class StoryboardDrafted(Event):
    """The Director made or changed a storyboard. `by` is the house or a model."""

    storyboard: Digest
    round: int
    by: Code
    prompt: Code = ""
    input_tokens: int = 0
    output_tokens: int = 0


class CallSheetDrawn(Event):
    """Casting settled who appears where."""

    call_sheet: Digest
    storyboard: Digest
    roles: tuple[tuple[ShotId, CameoId, ReleaseId], ...] = ()


class PlanCleared(Event):
    """The plan passed the gate for claims, cast and provider."""

    call_sheet: Digest
    notes: tuple[str, ...] = ()


class PlanReturned(Event):
    """The plan did not pass and went back to the Director. `kept` names the findings as documents, in their order."""

    schema_version = 2

    call_sheet: Digest
    findings: tuple[str, ...]
    kept: tuple[Digest, ...] = ()


class GateOpened(Event):
    """People were asked. `shown` is the hash of exactly what."""

    gate: GateId
    kind_of_gate: Code
    round: int
    shown: Digest
    seconds: int = 0
    money: Money | None = None


class GateDecided(Event):
    """An answer was given. `by` is a keyed hash of the principal's name; the name itself is erasable."""

    ends_stage = True

    gate: GateId
    answer: Code
    by: Code
    authenticated: Code
    shown: Digest
    edits: tuple[str, ...] = ()


class SecondsReserved(Event):
    """Seconds and money are held for one take."""

    purchase: PurchaseKey
    shot: ShotId
    take: int
    seconds: int
    money: Money


class PurchaseIntended(Event):
    """The request is about to be sent."""

    purchase: PurchaseKey
    attempt: int
    prompt: Digest
    references: tuple[Digest, ...]
    size: Code
    provider: Code
    model: Code
    release: ReleaseId | None = None


class PurchaseMoved(Event):
    """The purchase took a step that is not an intent: accepted, lost, found, absent, refused, failed, rejected ..."""

    purchase: PurchaseKey
    step: Code
    state: Code
    job: Code = ""
    reason: str = ""
    trouble: Code = ""


class TakeStored(Event):
    """The take was downloaded, verified and kept. `not_scanned` says what nobody looked at, and why."""

    schema_version = 2

    purchase: PurchaseKey
    take: TakeId
    shot: ShotId
    media: Digest
    cameo: CameoId | None = None
    release: ReleaseId | None = None
    seconds: int
    money: Money
    scanned: tuple[Code, ...]
    not_scanned: tuple[str, ...] = ()
    watermark: str = ""


class SecondsCommitted(Event):
    """What was billed is spent."""

    purchase: PurchaseKey
    seconds: int
    money: Money


class SecondsReleased(Event):
    """What was held is free again."""

    purchase: PurchaseKey
    seconds: int
    money: Money
    reason: str


class TakeAdopted(Event):
    """A take that existed already was used; nothing was bought."""

    purchase: PurchaseKey
    take: TakeId
    shot: ShotId


class BuyingPaused(Event):
    """Nothing new is bought for what carries this tag until the pause is lifted."""

    tag: Code


class PauseLifted(Event):
    """What carries this tag may be bought again."""

    tag: Code


class ShootCancelled(Event):
    """What carries this tag was called off: nothing more is bought, and what still arrives is locked away."""

    tag: Code


class TakesCircled(Event):
    """Takes were chosen for the cut."""

    takes: tuple[tuple[ShotId, TakeId], ...]


class CutAssembled(Event):
    """The Editor laid out a cut."""

    cut: Digest
    storyboard: Digest
    variant: VariantId
    placement: PlacementId
    takes: tuple[TakeId, ...]
    claims: tuple[ClaimId, ...] = ()


class CutCleared(Event):
    """The cuts passed the gate for claims and releases."""

    cuts: tuple[Digest, ...]
    notes: tuple[str, ...] = ()


class CutReturned(Event):
    """The cuts did not pass. `kept` names the findings as documents, in their order."""

    schema_version = 2

    cuts: tuple[Digest, ...]
    findings: tuple[str, ...]
    kept: tuple[Digest, ...] = ()


class DeliverableFinished(Event):
    """A file was encoded and verified; with content credentials where a signer was at hand.

    `watermark` says in words what marks the file as made by a machine: PREVIZ mark, visible label, credentials.
    """

    schema_version = 2

    name: Code
    deliverable: Digest
    cut: Digest
    essence: Digest
    file: Digest
    credentials: Code
    watermark: tuple[str, ...] = ()


class CredentialsVerified(Event):
    """Readers looked at the content credentials of a finished file: before release, or where it was published.

    `certificate` is the fingerprint of the signer's; `manifests` and `ingredients` count what was walked. Without
    objections every reader trusted the signer and found nothing broken.
    """

    name: Code
    file: Digest
    moment: Code
    credentials: Code
    certificate: Digest
    readers: tuple[Code, ...]
    manifests: int
    ingredients: int
    objections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    publication: Code = ""


class Published(Event):
    """A file with exactly the approved hash went out."""

    ends_stage = True

    publication: PublicationId
    name: Code
    file: Digest
    gate: GateId
    placement: PlacementId
    adapter: Code


class TakenDown(Event):
    """A publication was withdrawn."""

    ends_stage = True

    publication: PublicationId
    reason: str


class TelemetryRead(Event):
    """Readings arrived. `simulated` readings are no evidence about people."""

    readings: Digest
    round: int
    simulated: bool


class AnalystDecided(Event):
    """The Analyst drew a conclusion."""

    decision: Digest
    kind_of_decision: Code
    variant: VariantId | None = None
    shot: ShotId | None = None


class RunWrapped(Event):
    """The books were closed."""

    ends_stage = True

    status: Code
    reason: str
    seconds_purchased: int
    money: Money


class GateWithdrawn(Event):
    """A question was taken back before it was answered: what it showed may not be done any more."""

    gate: GateId
    shown: Digest


UPGRADERS["TakeStored", 1] = lambda body: {**body, "not_scanned": []}
UPGRADERS["DeliverableFinished", 1] = lambda body: {**body, "watermark": []}
UPGRADERS["PlanReturned", 1] = lambda body: {**body, "kept": []}
UPGRADERS["CutReturned", 1] = lambda body: {**body, "kept": []}
