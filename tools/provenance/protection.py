"""Which bytes of a signed film its content credentials do not protect, so that it is known what else must.

A change inside these ranges may pass every reader of C2PA; a change anywhere else must not. The hash over the whole
file that was approved, and that every publication is held against, covers all of them.

C2PA specification 2.2, "BMFF-Based Hash" (what is excluded) and "Digital Signatures" (what the signature leaves out);
boxes by ISO/IEC 14496-12 and, inside the manifest store, by JUMBF (ISO/IEC 19566-5). Each range was confirmed by
changing every byte of a real file and asking two readers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callsheet.domain.error import InputInvalid
from callsheet.tools.edit.boxes import top_level

C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_EXCLUDED = ("ftyp", "free", "skip", "mfra")
_FLAGS, _MERKLE = 4, 8
_SIGNATURE = "c2pa.signature"
_TOGGLES = "toggles"


class NoManifest(InputInvalid):
    """The film carries no C2PA manifest that can be taken apart."""


@dataclass(frozen=True)
class Range:
    """Bytes `begin` up to but without `end`, and why nothing in C2PA notices a change there."""

    begin: int
    end: int
    reason: str


@dataclass(frozen=True)
class Part:
    """The content of one box of the manifest store: `name` is its path, manifest first."""

    name: tuple[str, ...]
    kind: str
    begin: int
    end: int


def unprotected(path: Path) -> tuple[Range, ...]:
    """The ranges of a signed film that C2PA does not protect, in file order. Raises NoManifest or Unreadable."""
    found = [
        Range(box.begin, box.end, f"the {box.kind} box is outside the hash")
        for box in top_level(path)
        if box.kind in _EXCLUDED and box.end > box.begin
    ]
    with path.open("rb") as film:
        film.seek(begin := _manifest_box(path)[0])
        head = film.read(64)
    flags = begin + len(C2PA_BOX)
    purpose = head.index(b"\0", len(C2PA_BOX) + _FLAGS) + 1
    found.append(Range(flags, flags + _FLAGS, "version and flags of the box that holds the manifest"))
    found.append(Range(begin + purpose, begin + purpose + _MERKLE, "an offset that only fragmented films use"))
    found.append(_unsigned_header(path))
    found += [Range(one.begin, one.end, "reserved bits of a box that holds others") for one in _toggles(path)]
    return tuple(sorted(found, key=lambda one: one.begin))


def parts(path: Path) -> tuple[Part, ...]:
    """Every content box of the manifest store: assertions, claims and signatures. Raises NoManifest or Unreadable."""
    return tuple(one for one in _store(path) if one.kind != _TOGGLES)


def _store(path: Path) -> tuple[Part, ...]:
    begin, end = _manifest_box(path)
    with path.open("rb") as film:
        film.seek(begin)
        data = film.read(end - begin)
    store = data.index(b"\0", len(C2PA_BOX) + _FLAGS) + 1 + _MERKLE
    try:
        return tuple(
            Part(one.name, one.kind, begin + one.begin, begin + one.end) for one in _walk(data, store, len(data), ())
        )
    except (IndexError, ValueError) as problem:
        raise NoManifest(f"the manifest of {path.name} is damaged: {problem}") from problem


def _manifest_box(path: Path) -> tuple[int, int]:
    with path.open("rb") as film:
        for box in top_level(path):
            film.seek(box.begin)
            if box.kind == "uuid" and film.read(len(C2PA_BOX)) == C2PA_BOX:
                return box.begin, box.end
    raise NoManifest(f"{path.name} carries no C2PA manifest")


def _walk(data: bytes, at: int, end: int, name: tuple[str, ...]) -> Iterator[Part]:
    while at + 8 <= end:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if length < 8 or at + length > end:
            raise IndexError(f"a box at {at} that does not fit")
        if kind == b"jumb":
            described = at + 8 + int.from_bytes(data[at + 8 : at + 12], "big")
            label_at = at + 8 + 8 + 16 + 1
            label = data[label_at : data.index(b"\0", label_at)].decode("utf-8", "replace")
            yield Part((*name, label)[1:], _TOGGLES, label_at - 1, label_at)
            yield from _walk(data, described, at + length, (*name, label))
        else:
            yield Part(name[1:], kind.decode("latin-1"), at + 8, at + length)
        at += length


def _toggles(path: Path) -> list[Part]:
    """Those of the store and of its last manifest, down to what holds assertions: these are hashed whole, and so are
    the manifests of ingredients.
    """
    found = [one for one in _store(path) if one.kind == _TOGGLES]
    return [one for one in found if not one.name or (len(one.name) < 3 and one.name[:1] == found[-1].name[:1])]


def _unsigned_header(path: Path) -> Range:
    """The header of the last signature that the signature itself leaves out: padding, and room for time stamps."""
    last = [one for one in parts(path) if one.name[-1:] == (_SIGNATURE,)][-1:]
    if not last:
        raise NoManifest(f"the manifest of {path.name} holds no signature")
    with path.open("rb") as film:
        film.seek(last[0].begin)
        data = film.read(last[0].end - last[0].begin)
    tagged, _ = _head(data, 0)
    array, _ = _head(data, tagged)
    begin = _skip(data, array)
    end = _skip(data, _skip(data, begin))  # the payload behind it is empty, and what stands for that is not looked at
    return Range(last[0].begin + begin, last[0].begin + end, "the unsigned header of the signature, mostly padding")


def _head(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of a CBOR item begins, and its argument (RFC 8949, section 3)."""
    short = data[at] & 0x1F
    if short < 24:
        return at + 1, short
    width = {24: 1, 25: 2, 26: 4, 27: 8}[short]
    return at + 1 + width, int.from_bytes(data[at + 1 : at + 1 + width], "big")


def _skip(data: bytes, at: int) -> int:
    """Where the item after this one begins. Lengths are always written: C2PA asks for that."""
    major, (at, argument) = data[at] >> 5, _head(data, at)
    match major:
        case 2 | 3:
            return at + argument
        case 4 | 5 | 6:
            for _ in range({4: argument, 5: 2 * argument, 6: 1}[major]):
                at = _skip(data, at)
    return at
