"""A cameo is a person's approved likeness; a release is the signed permission to use it.

`check_release` is the one rule: it is asked at casting, before each purchase, at assembly and before publishing.
"""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.identity import CameoId, ReleaseId
from callsheet.domain.record import Record

Right = Literal["face", "voice"]


class Release(Record):
    """A signed permission. An empty list grants nothing; `["*"]` grants all."""

    id: ReleaseId
    document: str | None = Field(default=None, description="The signed file, relative to the campaign folder.")
    rights: tuple[Right, ...] = ("face",)
    uses: tuple[str, ...] = Field(default=("advertising",), description="Purposes the person agreed to.")
    media: tuple[str, ...] = Field(default=("*",), description="Placement ids, or `*`.")
    territories: tuple[str, ...] = Field(default=("*",), description="Market codes such as US or DE, or `*`.")
    starts: AwareDatetime
    ends: AwareDatetime
    guardian: str | None = Field(default=None, description="Who signed for a minor.")


class Cameo(Record):
    """A person who may appear, with the releases that say where and until when."""

    id: CameoId
    name: str
    owner: str | None = Field(default=None, description="Who licenses the likeness; the person, when absent.")
    description: str = Field(default="", description="How the person may be shown, in words for a prompt.")
    is_minor: bool = False
    is_public_figure: bool = False
    releases: tuple[Release, ...] = ()


class Use(Record):
    """What somebody wants to do with a likeness."""

    purpose: str = "advertising"
    right: Right = "face"
    media: tuple[str, ...]
    territories: tuple[str, ...]


class Covered(Record):
    """A release covers the use at that moment."""

    kind: Literal["covered"] = "covered"
    release: ReleaseId


class Uncovered(Record):
    """No release covers the use; `reasons` says what each one lacks, and what would do."""

    kind: Literal["uncovered"] = "uncovered"
    reasons: tuple[str, ...]


def check_release(
    cameo: Cameo, use: Use, moment: datetime, revoked: frozenset[ReleaseId] = frozenset()
) -> Covered | Uncovered:
    """Say whether this use of this person is permitted at this moment, and if not, why."""
    if cameo.is_public_figure:
        return Uncovered(reasons=(f"{cameo.name} is a public figure; Callsheet never generates public figures",))
    if not cameo.releases:
        return Uncovered(reasons=(f"{cameo.name} has signed no release; add one under cameos",))
    if not use.media or not use.territories:
        return Uncovered(reasons=(f"nobody said where {cameo.name} would be shown: name placements and markets",))
    reasons: list[str] = []
    for release in cameo.releases:
        missing = _lacks(cameo, release, use, moment, release.id in revoked)
        if not missing:
            return Covered(release=release.id)
        reasons.extend(f"release {release.id} {reason}" for reason in missing)
    return Uncovered(reasons=tuple(reasons))


def _lacks(cameo: Cameo, release: Release, use: Use, moment: datetime, is_revoked: bool) -> list[str]:
    missing: list[str] = []
    if is_revoked:
        missing.append("was revoked")
    if moment < release.starts:
        missing.append(f"starts on {release.starts:%Y-%m-%d}")
    if moment >= release.ends:
        missing.append(f"ended on {release.ends:%Y-%m-%d}")
    if use.right not in release.rights:
        missing.append(f"does not include the {use.right}")
    for asked, granted, what in (
        ((use.purpose,), release.uses, "the use"),
        (use.media, release.media, "the placement"),
        (use.territories, release.territories, "the market"),
    ):
        outside = [one for one in asked if one not in granted and "*" not in granted]
        if outside:
            missing.append(f"does not cover {what} {', '.join(outside)}")
    if cameo.is_minor and not release.guardian:
        missing.append("names no guardian, and the person is a minor")
    return missing
