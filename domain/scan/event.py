"""What the ledger says of a scan: rules and evidence, with the names of people cut to initials."""

from callsheet.domain.identity import Digest, PurchaseKey, ShotId
from callsheet.domain.ledger import Code, Event


class TakeScanned(Event):
    """A take was looked at before it counted. With anything in `stops` it may not be used."""

    purchase: PurchaseKey
    shot: ShotId
    media: Digest
    scanned: tuple[Code, ...]
    not_scanned: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
