"""Whether what is written about people makes sense: terms, promises, minors, public names, and the files they name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from callsheet.domain.cameo import Likeness
from callsheet.domain.identity import Digest
from callsheet.tools.intake.asset import Unusable, digest_of_bytes, read_bytes, read_picture
from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.document import Where
from callsheet.tools.intake.problem import nearest_of
from callsheet.tools.intake.spelling import known_placements
from callsheet.tools.intake.written_cameo import WrittenCameo, WrittenLikeness, WrittenRelease
from callsheet.tools.rules.names import find_listed
from callsheet.tools.video.catalog import providers

_SOUNDS: dict[str, Callable[[bytes], bool]] = {
    "audio/wav": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE",
    "audio/mpeg": lambda data: data[:3] == b"ID3" or (data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xE0 == 0xE0),
    "audio/mp4": lambda data: data[4:8] == b"ftyp",
    "audio/flac": lambda data: data[:4] == b"fLaC",
    "audio/ogg": lambda data: data[:4] == b"OggS",
}
"""How the files begin: RFC 9639 and 3533, ISO/IEC 14496-12 and 11172-3, and the RIFF specification."""


@dataclass(frozen=True)
class PeopleFiles:
    """The files that people's records name, by the path that is written: signed releases and likenesses."""

    documents: dict[str, Digest] = field(default_factory=dict)
    likenesses: dict[str, Likeness] = field(default_factory=dict)


def check_people(desk: Desk) -> None:
    """What is written about each person and each of their releases, held against itself and the campaign."""
    for number, cameo in enumerate(desk.form.written.cameos):
        _check_person(desk, ("cameos", number), cameo)
        for r, release in enumerate(cameo.releases):
            at: Where = ("cameos", number, "releases", r)
            _check_term(desk, at, cameo, release)
            _check_promise(desk, at, cameo, release)


def check_people_files(desk: Desk) -> PeopleFiles:
    """Every signed file and every likeness that is named is there and is what it says."""
    found = PeopleFiles()
    for number, cameo in enumerate(desk.form.written.cameos):
        for r, release in enumerate(cameo.releases):
            if release.document is None:
                continue
            try:
                path, data = read_bytes(desk.gathered.folder, release.document)
                found.documents[release.document] = digest_of_bytes(data)
                desk.files[found.documents[release.document]] = path
            except Unusable as reason:
                desk.wrong(("cameos", number, "releases", r, "document"), str(reason), release.document)
        for n, reference in enumerate(cameo.references):
            try:
                found.likenesses[reference.path] = _likeness(desk, reference)
            except Unusable as reason:
                desk.wrong(("cameos", number, "references", n, "path"), str(reason), reference.path)
    return found


def public_name(name: str) -> str:
    """The listed public figure whose name this is, or holds; nothing when there is none."""
    return next((one.name for one in find_listed(name, capitals_tell=False) if one.kind == "person"), "")


def _check_person(desk: Desk, at: Where, cameo: WrittenCameo) -> None:
    listed = public_name(cameo.name)
    if listed and not cameo.namesake and not cameo.is_public_figure:
        desk.wrong(
            (*at, "name"),
            f"is the name of a public figure ({listed}), and Callsheet never generates public figures; for somebody "
            "else of that name, add namesake: and say in a sentence who they are",
            cameo.name,
        )
    known = [provider.name for provider in providers(desk.providers)]
    for n, character in enumerate(cameo.characters):
        if character.provider not in known:
            near = nearest_of(character.provider, known)
            where: Where = (*at, "characters", n, "provider")
            desk.wrong(where, "is not a provider of the catalog", character.provider, ", ".join(known), near)
    captured = [character.provider for character in cameo.characters]
    for n, provider in enumerate(captured):
        if provider in captured[:n]:
            desk.wrong((*at, "characters", n), f"is a second capture for {provider}; a person is captured once")


def _check_term(desk: Desk, at: Where, cameo: WrittenCameo, release: WrittenRelease) -> None:
    now = datetime.combine(desk.today, time(), UTC)
    if release.ends <= release.starts:
        desk.wrong((*at, "ends"), f"is not after its start, {release.starts:%Y-%m-%d}", f"{release.ends:%Y-%m-%d}")
    elif release.ends <= now:
        desk.note((*at, "ends"), f"the release of {cameo.name} ended on {release.ends:%Y-%m-%d}; a new one is needed")
    if cameo.is_minor and not release.guardian:
        desk.note((*at, "guardian"), f"{cameo.name} is a minor: a release covers nothing until it names a guardian")


def _check_promise(desk: Desk, at: Where, cameo: WrittenCameo, release: WrittenRelease) -> None:
    if release.exclusive and "*" in release.grantees:
        desk.wrong(
            (*at, "exclusive"), "keeps the person for everybody; name under grantees who alone may use the likeness"
        )
    if release.royalty and release.royalty.per_second is None and release.royalty.share is None:
        desk.wrong((*at, "royalty"), "says no amount", None, "per_second: 4 USD, or share: 15, or both")
    brand = desk.form.written.brand.name
    if "*" not in release.grantees and not brand and not desk.is_doubtful("brand"):
        desk.note((*at, "grantees"), f"the release of {cameo.name} is for named advertisers, and brand.name is empty")
    known = {*known_placements(), *(str(one.id) for one in desk.form.written.placements), "*"}
    for name in release.media:
        if name not in known:
            desk.note((*at, "media"), f'the release names a placement "{name}" that is not known')


def _likeness(desk: Desk, reference: WrittenLikeness) -> Likeness:
    if reference.kind == "face":
        picture = read_picture(desk.gathered.folder, reference.path)
        path, _ = read_bytes(desk.gathered.folder, reference.path)
        media_type, digest = picture.media_type, picture.digest
    else:
        path, data = read_bytes(desk.gathered.folder, reference.path)
        media_type, digest = sound_type(data), digest_of_bytes(data)
    desk.files[digest] = path
    return Likeness(kind=reference.kind, path=reference.path, digest=digest, media_type=media_type)


def sound_type(data: bytes) -> str:
    """What kind of recording these bytes begin as. Raises `Unusable`."""
    for media_type, begins in _SOUNDS.items():
        if begins(data):
            return media_type
    raise Unusable("is not a WAV, MP3, M4A, FLAC or OGG recording")
