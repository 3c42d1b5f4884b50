"""A cameo is a person's approved likeness; a release is the signed permission to use it.

`check_release` is the one rule: a pure function of the person with their releases, the use and the moment. It is asked
at casting, before each submit, at assembly, before signing and before publishing.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import AwareDatetime, Field, model_validator

from callsheet.domain.identity import CameoId, Digest, ReleaseId
from callsheet.domain.money import Money
from callsheet.domain.record import Record, Value
from callsheet.domain.seen import fold, mentions

Right = Literal["face", "voice", "voice_clone"]
ADULT_CONTEXTS = (
    "alcohol", "alcoholic", "beer", "ale", "lager", "cider", "wine", "champagne", "prosecco", "liquor",
    "spirits", "whisky", "whiskey", "vodka", "gin", "rum", "tequila", "cocktail", "hard seltzer", "brewery", "winery",
    "gambling", "gamble", "betting", "sportsbook", "casino", "lottery", "poker", "slot machine", "sweepstake",
    "tobacco", "cigarette", "cigar", "e-cigarette", "nicotine", "vape", "vaping", "cannabis", "marijuana", "cbd",
    "dating", "lingerie", "adult entertainment", "sex toy", "firearm", "gun", "ammunition", "knife",
    "weight loss", "diet pill", "cosmetic surgery", "tattoo", "energy drink",
    "finance", "loan", "credit card", "mortgage", "payday", "investment", "investing", "trading", "crypto",
    "cryptocurrency", "bitcoin",
)  # fmt: skip
"""What a minor is never shown for, whatever their release says: each word, and its plural.

Drawn from the age limits in the advertising codes of the United Kingdom (CAP Code 16 to 18, 22) and of the platforms;
a list of ours that is stricter than any one of them. It reads English alone.
"""

UNPROVEN = "is new in a file after a revocation, and names no newly signed document"


class Royalty(Record):
    """What the owner is paid. Both parts add up."""

    per_second: Money | None = Field(default=None, description="For each second of a published cut that shows them.")
    share: Decimal | None = Field(
        default=None, gt=0, le=100, description="Per cent of what the takes in published cuts that show them cost."
    )


class Use(Record):
    """What somebody wants to do with a likeness. Its hash names it where an owner approves each use."""

    purpose: str = "advertising"
    rights: tuple[Right, ...] = ("face",)
    grantee: str = Field(default="", description="The advertiser.")
    media: tuple[str, ...]
    territories: tuple[str, ...]
    languages: tuple[str, ...] = ()
    contexts: tuple[str, ...] = Field(default=(), description="What is advertised and around it, in words.")

    @model_validator(mode="before")
    @classmethod
    def _of_one_right(cls, data: Any) -> Any:
        """Work handed in by an earlier version names one right."""
        if isinstance(data, dict) and "right" in data:
            return {**{key: value for key, value in data.items() if key != "right"}, "rights": (data["right"],)}
        return data

    def is_within(self, wider: "Use") -> bool:
        """Whether somebody who said yes to the wider use said yes to this one: for the same, nowhere and nothing more.

        Contexts must be the same: a person who agreed to a shoe did not agree to whatever else is said around it.
        """
        return (self.purpose, self.grantee, self.contexts) == (wider.purpose, wider.grantee, wider.contexts) and all(
            set(mine) <= set(agreed)
            for mine, agreed in (
                (self.rights, wider.rights),
                (self.media, wider.media),
                (self.territories, wider.territories),
                (self.languages, wider.languages),
            )
        )


class Release(Record):
    """A signed permission. An empty list grants nothing; `["*"]` grants all. `ends` is the first moment without it."""

    id: ReleaseId
    document: str | None = Field(default=None, description="The signed file, relative to the campaign folder.")
    document_digest: Digest | None = Field(default=None, description="The SHA-256 of the signed file's bytes.")
    rights: tuple[Right, ...] = ("face",)
    grantees: tuple[str, ...] = Field(default=("*",), description="Advertisers that may use it, or `*`.")
    uses: tuple[str, ...] = Field(default=("advertising",), description="Purposes the person agreed to.")
    media: tuple[str, ...] = Field(default=("*",), description="Placement ids, or `*`.")
    territories: tuple[str, ...] = Field(default=("*",), description="Market codes such as US or DE, or `*`.")
    languages: tuple[str, ...] = Field(default=("*",), description="Language tags such as en, or `*`.")
    excluded: tuple[str, ...] = Field(default=(), description="Contexts the person will not be shown in.")
    exclusive: tuple[str, ...] = Field(
        default=(), description="Contexts in which, during the term, only the grantees may use the likeness."
    )
    approval: Literal["once", "each_use"] = Field(
        default="once", description="each_use: the owner says yes to every use before it begins."
    )
    biometrics: bool = Field(default=False, description="Whether pictures may be matched against the person's face.")
    royalty: Royalty | None = None
    starts: AwareDatetime
    ends: AwareDatetime
    guardian: str | None = Field(default=None, description="Who signed for a minor.")
    revoked_at: AwareDatetime | None = Field(default=None, description="The workspace's word; no file takes it back.")
    approved_uses: tuple[Use, ...] = Field(default=(), description="Uses the owner said yes to: the workspace's word.")
    is_unproven: bool = Field(
        default=False, description="The workspace's word: a file brought it after a revocation, and nothing signed."
    )

    def is_in_force(self, moment: datetime) -> bool:
        """Whether its term runs at this moment, nobody revoked it, and it is no file's word against a revocation."""
        return self.starts <= moment < self.ends and not self.is_revoked(moment) and not self.is_unproven

    def is_revoked(self, moment: datetime) -> bool:
        """Whether somebody took it back before this moment, or at it."""
        return self.revoked_at is not None and moment >= self.revoked_at


class Likeness(Value):
    """A picture or recording of the person that a render may refer to, by the hash of its bytes."""

    kind: Literal["face", "voice"] = "face"
    path: str
    digest: Digest
    media_type: str


class Character(Record):
    """The id under which a provider knows the person: captured once, with a record of who verified it and how."""

    provider: str
    id: str
    captured_at: AwareDatetime
    verified_by: str = Field(description="Who saw that the person agreed to the capture; a keyed hash in the ledger.")
    verification: str = Field(description="How: the provider's own check, a signed form, a video call.")


class Cameo(Record):
    """A person who may appear, with the releases that say where and until when."""

    id: CameoId
    name: str
    owner: str | None = Field(default=None, description="Who licenses the likeness; the person, when absent.")
    description: str = Field(default="", description="How the person may be shown, in words for a prompt.")
    is_minor: bool = False
    is_public_figure: bool = False
    namesake: str = Field(default="", description="Why a person with a public figure's name is somebody else.")
    references: tuple[Likeness, ...] = ()
    characters: tuple[Character, ...] = ()
    releases: tuple[Release, ...] = ()

    @property
    def licensor(self) -> str:
        """Whoever licenses the likeness and is owed its royalties."""
        return self.owner or self.name


class Covered(Record):
    """A release covers the use at that moment."""

    kind: Literal["covered"] = "covered"
    release: ReleaseId


class Uncovered(Record):
    """No release covers the use; `reasons` says what each one lacks, and what would do."""

    kind: Literal["uncovered"] = "uncovered"
    reasons: tuple[str, ...]


def check_release(cameo: Cameo, use: Use, moment: datetime) -> Covered | Uncovered:
    """Say whether this use of this person is permitted at this moment, and if not, why.

    The reasons name the person by their id alone: they travel into ledgers and logs, where no name belongs.
    """
    if barred := _barred(cameo, use):
        return Uncovered(reasons=(barred,))
    if taken := _promised_elsewhere(cameo, use, moment):
        return Uncovered(reasons=taken)
    reasons: list[str] = []
    for release in cameo.releases:
        missing = _lacks(cameo, release, use, moment)
        if not missing:
            return Covered(release=release.id)
        reasons.extend(f"release {release.id} {reason}" for reason in missing)
    return Uncovered(reasons=tuple(reasons))


def _barred(cameo: Cameo, use: Use) -> str:
    """What no release can permit."""
    if cameo.is_public_figure:
        return f"{cameo.id} is a public figure; Callsheet never generates public figures"
    if not cameo.releases:
        return f"{cameo.id} has signed no release; add one under cameos"
    if not use.media or not use.territories:
        return f"nobody said where {cameo.id} would be shown: name placements and markets"
    if not use.rights:
        return f"nobody said what of {cameo.id} would be used: face, voice or voice_clone"
    if cameo.is_minor and (adult := next((one for one in ADULT_CONTEXTS if _says(use, _with_plural(one))), "")):
        return f"{cameo.id} is a minor, and this is about {adult}"
    return ""


def _promised_elsewhere(cameo: Cameo, use: Use, moment: datetime) -> tuple[str, ...]:
    """Who was promised that nobody else shows the person in such a context."""
    return tuple(
        f"release {release.id} keeps {cameo.id} for {', '.join(release.grantees)} alone in {context}"
        for release in cameo.releases
        for context in release.exclusive
        if release.is_in_force(moment) and _is_about(use, context) and not _is_granted(use.grantee, release.grantees)
    )


def _lacks(cameo: Cameo, release: Release, use: Use, moment: datetime) -> list[str]:
    missing: list[str] = []
    if release.is_revoked(moment):
        missing.append("was revoked")
    elif release.is_unproven:
        missing.append(f"{UNPROVEN}: {_prove(cameo)}")
    if moment < release.starts:
        missing.append(f"starts on {release.starts:%Y-%m-%d}")
    if moment >= release.ends:
        missing.append(f"ended on {release.ends:%Y-%m-%d}")
    missing += [
        f"does not include the {right.replace('_', ' ')}" for right in use.rights if right not in release.rights
    ]
    if not _is_granted(use.grantee, release.grantees):
        missing.append(f"does not name {use.grantee or 'an advertiser nobody named'} among its grantees")
    for asked, granted, what in (
        ((use.purpose,), release.uses, "the use"),
        (use.media, release.media, "the placement"),
        (use.territories, release.territories, "the market"),
        (tuple(one for one in use.languages if not _speaks(one, release.languages)), (), "the language"),
    ):
        outside = [one for one in asked if one not in granted and "*" not in granted]
        if outside:
            missing.append(f"does not cover {what} {', '.join(outside)}")
    missing += [f"excludes {context}" for context in release.excluded if _is_about(use, context)]
    if cameo.is_minor and not release.guardian:
        missing.append("names no guardian, and the person is a minor")
    if release.approval == "each_use" and not any(use.is_within(one) for one in release.approved_uses):
        missing.append(f"needs the owner's word for this use: callsheet cameo approve {cameo.id} {use.digest[:12]}")
    return missing


def standing(cameo: Cameo, release: Release, moment: datetime) -> str:
    """Whether a release holds at this moment, in words, and what it lacks when it does not."""
    if release.is_revoked(moment) and release.revoked_at is not None:
        return f"revoked on {release.revoked_at:%Y-%m-%d %H:%M} UTC"
    if release.is_unproven:
        return f"not in force: {UNPROVEN}; {_prove(cameo)}"
    if moment >= release.ends:
        return f"ended on {release.ends:%Y-%m-%d}"
    if cameo.is_public_figure:
        return "not in force: a public figure is never generated"
    if cameo.is_minor and not release.guardian:
        return "not in force: the person is a minor, and it names no guardian"
    if moment < release.starts:
        return f"starts on {release.starts:%Y-%m-%d}"
    each = ", for each use that the owner says yes to" if release.approval == "each_use" else ""
    return f"in force until {release.ends:%Y-%m-%d}{each}"


def _prove(cameo: Cameo) -> str:
    return f"name the new document there, or say by hand what was signed: callsheet cameo add {cameo.id}"


def _is_about(use: Use, context: str) -> bool:
    """Whether the use is about a context that a release names, in the singular or the plural."""
    return _says(use, (*_with_plural(context), *_singular(context)))


def _says(use: Use, wordings: tuple[str, ...]) -> bool:
    return any(mentions(said, wording) for said in use.contexts for wording in wordings)


def _with_plural(wording: str) -> tuple[str, ...]:
    word = wording.strip()
    many = f"{word[:-1]}ies" if word[-1:].casefold() == "y" and word[-2:-1] not in "aeiou" else f"{word}s"
    return word, many, f"{word}es"


def _singular(wording: str) -> tuple[str, ...]:
    """What a plural may be the plural of. Too many guesses only refuse a use that nobody agreed to in so many words."""
    word = wording.strip()
    ends = {"ies": "y", "es": "", "s": ""}
    return tuple(
        word[: -len(end)] + instead
        for end, instead in ends.items()
        if word.casefold().endswith(end) and not word.casefold().endswith("ss") and len(word) > len(end) + 2
    )


def _is_granted(grantee: str, grantees: tuple[str, ...]) -> bool:
    return "*" in grantees or (bool(grantee) and fold(grantee) in {fold(one) for one in grantees})


def _speaks(language: str, granted: tuple[str, ...]) -> bool:
    """A release for `en` covers `en-GB`; one for `en-GB` does not cover `en-US`."""
    return "*" in granted or any(
        language.casefold() == one.casefold() or language.casefold().startswith(f"{one.casefold()}-") for one in granted
    )


def with_more(known: Cameo, added: Cameo) -> Cameo:
    """What is known of a person, and what was added: a release, reference or character of the same name is replaced.

    Whoever was known as a minor or a public figure stays so by this.
    """
    signed = {one.id: one for one in (*known.releases, *added.releases)}
    likenesses = {one.digest: one for one in (*known.references, *added.references)}
    captured = {one.provider: one for one in (*known.characters, *added.characters)}
    return added.model_copy(
        update={
            "owner": added.owner or known.owner,
            "description": added.description or known.description,
            "namesake": added.namesake or known.namesake,
            "is_minor": added.is_minor or known.is_minor,
            "is_public_figure": added.is_public_figure or known.is_public_figure,
            "references": tuple(likenesses.values()),
            "characters": tuple(captured.values()),
            "releases": tuple(signed.values()),
        }
    )
