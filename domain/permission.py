"""What people and legal allow and take back, as ledger events. Bodies hold ids and hashes, never a name."""

from callsheet.domain.identity import CameoId, Digest, ReleaseId, WaiverId
from callsheet.domain.ledger import Code, Event


class ClaimRevised(Event):
    """A claim, disclosure or banned topic was written or changed: by the campaign folder, or by a person of legal.

    `by` is a keyed hash of the person's name, and empty for the folder's word. `record` is the hash of what it says.
    """

    campaign: Code
    kind_of_record: Code
    name: Code
    revision: int
    record: Digest
    source: Code
    by: Code = ""


class WaiverGranted(Event):
    """Legal lets one finding pass for a term. `signature` is the workspace's, of the waiver's exact bytes."""

    ends_stage = True

    campaign: Code
    waiver: WaiverId
    record: Digest
    by: Code
    signature: Code


class WaiverEnded(Event):
    """Legal took a waiver back before its term was over."""

    ends_stage = True

    campaign: Code
    waiver: WaiverId
    by: Code


class ConsentRevoked(Event):
    """A person took back permission: no request begins with them under these releases from this entry on.

    In the workspace's chain of the person, and in every run that was planned with them.
    """

    ends_stage = True

    cameo: CameoId
    releases: tuple[ReleaseId, ...]


class CameoRevised(Event):
    """A person's record or a release of theirs was added or changed: by a campaign folder, or by hand.

    `by` is a keyed hash of who did it, and empty for a folder's word. `record` is the hash of what it says.
    """

    cameo: CameoId
    revision: int
    record: Digest
    releases: tuple[ReleaseId, ...] = ()
    by: Code = ""


class UseApproved(Event):
    """The owner of a likeness said yes to a use, named by its hash, under a release that asks for that each time."""

    cameo: CameoId
    release: ReleaseId
    use: Digest
    by: Code


class CameoErased(Event):
    """A person's data and pictures were removed on request. Only counts are told, and hashes that name nothing now."""

    ends_stage = True

    cameo: CameoId
    records: int
    documents: int
    takes: int
    files: int
    by: Code = ""
