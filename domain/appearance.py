"""Where a person was shown: in which cut and file, under which release, for how long, and from when to when it was up.

A fold over a run's ledger, with the cuts and takes it names at hand; nothing of this is stored twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from pydantic import AwareDatetime

from callsheet.domain.cut import Cut
from callsheet.domain.identity import CameoId, Digest, PlacementId, PublicationId, ReleaseId, RunId, ShotId, TakeId
from callsheet.domain.ledger import Entry, current_body
from callsheet.domain.record import Record, Seconds
from callsheet.domain.take import Take


class Airing(Record):
    """A publication of a file, from when it went up to when it was taken down; it is up where that is absent."""

    publication: PublicationId
    adapter: str
    up: AwareDatetime
    down: AwareDatetime | None = None


class Appearance(Record):
    """One take of a person in one cut. `seconds` are those the cut shows of it; `file` is absent until it is finished.

    `release` is the one the run cast the person under when the cut was last laid out before it went up, or else the one
    the take was made under: what a later call sheet says changes nothing about what was shown.
    """

    cameo: CameoId
    release: ReleaseId | None
    run: RunId
    shot: ShotId
    take: TakeId
    cut: Digest
    placement: PlacementId
    seconds: Seconds
    previz: bool
    name: str = ""
    file: Digest | None = None
    airings: tuple[Airing, ...] = ()

    @property
    def first_up(self) -> datetime | None:
        """When the file first went out; nothing when it never did."""
        return min((one.up for one in self.airings), default=None)


_Roles = Mapping[tuple[str, str], ReleaseId]
"""Under which release a call sheet has somebody in a shot."""


@dataclass
class _Fold:
    roles: _Roles = field(default_factory=dict)
    cuts: dict[Digest, _Roles] = field(default_factory=dict)
    files: dict[tuple[Digest, Digest], str] = field(default_factory=dict)
    airings: dict[Digest, list[Airing]] = field(default_factory=dict)


def appearances(
    run: RunId, entries: Iterable[Entry], cuts: Mapping[Digest, Cut], cast: Mapping[TakeId, Take]
) -> tuple[Appearance, ...]:
    """Every take of `cast` in every cut of the run, as its ledger has it, in the order of the cuts.

    `entries` are in the order of writing; `cast` are the takes with somebody in them. Cuts that are not at hand, or
    were erased, are left out.
    """
    fold = _Fold()
    for entry in entries:
        _read(fold, entry.kind, current_body(entry), entry.at)
    return tuple(
        one for digest in fold.cuts if digest in cuts for one in _of_cut(run, digest, cuts[digest], cast, fold)
    )


def _read(fold: _Fold, kind: str, body: dict[str, Any], at: datetime) -> None:
    match kind:
        case "CallSheetDrawn":
            fold.roles = {(shot, cameo): ReleaseId(release) for shot, cameo, release in body["roles"]}
        case "CutAssembled" if not _was_up(fold, Digest(body["cut"])):
            fold.cuts[Digest(body["cut"])] = fold.roles
        case "DeliverableFinished":
            fold.files[Digest(body["cut"]), Digest(body["file"])] = body["name"]
        case "Published":
            airing = Airing(publication=body["publication"], adapter=body["adapter"], up=at)
            fold.airings.setdefault(Digest(body["file"]), []).append(airing)
        case "TakenDown":
            _take_down(fold, PublicationId(body["publication"]), at)


def _was_up(fold: _Fold, cut: Digest) -> bool:
    return any(of == cut and file in fold.airings for of, file in fold.files)


def _take_down(fold: _Fold, publication: PublicationId, at: datetime) -> None:
    for airings in fold.airings.values():
        for number, one in enumerate(airings):
            if one.publication == publication and one.down is None:
                airings[number] = one.model_copy(update={"down": at})


def _of_cut(run: RunId, digest: Digest, cut: Cut, cast: Mapping[TakeId, Take], fold: _Fold) -> Iterable[Appearance]:
    seconds: dict[TakeId, Fraction] = {}
    for clip in cut.clips:
        if clip.take in cast:
            seconds[clip.take] = seconds.get(clip.take, Fraction(0)) + Fraction(clip.frames, cut.rate)
    finished = [(file, name) for (of, file), name in fold.files.items() if of == digest]
    for name, length in seconds.items():
        take = cast[name]
        if take.cameo is None:
            continue
        shown = Appearance(
            cameo=take.cameo,
            release=fold.cuts[digest].get((take.shot, take.cameo), take.release),
            run=run,
            shot=take.shot,
            take=take.id,
            cut=digest,
            placement=cut.placement,
            seconds=length,
            previz=take.previz,
        )
        if not finished:
            yield shown
        for file, called in finished:
            airings = tuple(fold.airings.get(file, ()))
            yield shown.model_copy(update={"file": file, "name": called, "airings": airings})
