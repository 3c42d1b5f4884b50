"""Answers from outside that do not come over HTTP: signatures, readings of signed files, scans.

Each is kept by what was asked. A replay gives it only for the very same question, and signs and scans nothing itself.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from callsheet.domain.credential import Reading, Seal, Standing
from callsheet.domain.cut import Media
from callsheet.domain.record import digest_of
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.report import ScanReport
from callsheet.jobs.order import Scan, TakeOrder
from callsheet.replay.error import NotAsRecorded
from callsheet.replay.graft import put_graft, take_graft
from callsheet.replay.recording import ANSWERS, MEDIA, read_yaml, write_yaml
from callsheet.storage.media import file_digest
from callsheet.tools.provenance.port import Provenance, Signer


class Answers:
    """The answers of one recording. Those of a replay are `heard` when they were asked for."""

    def __init__(self, folder: Path, known: Mapping[str, Any] | None = None) -> None:
        self.folder = folder
        self._known: dict[str, Any] = dict(known or {})
        self.heard: set[str] = set()
        self.unexpected: list[str] = []

    @classmethod
    def load(cls, folder: Path) -> "Answers":
        """Those of a recording. Raises RecordingUnusable."""
        return cls(folder, read_yaml(folder / ANSWERS) or {})

    def write(self) -> None:
        """Put them into the recording, sorted by their questions: jobs that ended in another order change nothing."""
        write_yaml(self.folder / ANSWERS, dict(sorted(self._known.items())))

    @property
    def unplayed(self) -> tuple[str, ...]:
        """The questions that nobody asked."""
        return tuple(one for one in self._known if one not in self.heard)

    def __len__(self) -> int:
        return len(self._known)

    def note(self, question: str, answer: Any) -> None:
        """Keep an answer."""
        self._known[question] = answer

    def get(self, question: str, about: str) -> Any:
        """The answer to a question. Raises NotAsRecorded, which says what it was `about`."""
        if question not in self._known:
            said = f"{about} is not in the recording: what was to be looked at or signed is not what it was then"
            self.unexpected.append(said)
            raise NotAsRecorded(said)
        self.heard.add(question)
        return self._known[question]


class RecordedSigner:
    """Signs with the real signer and keeps what it made."""

    def __init__(self, signer: Signer, answers: Answers) -> None:
        self._signer, self._answers = signer, answers

    @property
    def standing(self) -> Standing:
        """That of the real signer."""
        self._answers.note("standing", self._signer.standing)
        return self._signer.standing

    async def sign(self, source: Path, target: Path, provenance: Provenance) -> Seal | None:
        """Sign for real."""
        seal = await self._signer.sign(source, target, provenance)
        graft = await asyncio.to_thread(take_graft, self._answers.folder / MEDIA, source, target)
        said = {**graft, "seal": seal.model_dump(mode="json") if seal else None}
        self._answers.note(_to_sign(provenance), said)
        return seal

    async def verify(self, path: Path) -> tuple[Reading, ...]:
        """Read for real."""
        readings = await self._signer.verify(path)
        self._answers.note(await _to_read(path), [one.model_dump(mode="json") for one in readings])
        return readings


class PlayedSigner:
    """Gives back what was signed then, for the same essence and the same words about it."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    @property
    def standing(self) -> Standing:
        """That of the signer then."""
        standing: Standing = self._answers.get("standing", "how far the signature is trusted")
        return standing

    async def sign(self, source: Path, target: Path, provenance: Provenance) -> Seal | None:
        """Put the signature of then into the essence, which must be that of then."""
        about = f"the signature of {provenance.title} with the essence {provenance.essence[:12]}"
        said = self._answers.get(_to_sign(provenance), about)
        await asyncio.to_thread(put_graft, self._answers.folder / MEDIA, source, target, said)
        return Seal.model_validate(said["seal"]) if said["seal"] else None

    async def verify(self, path: Path) -> tuple[Reading, ...]:
        """What the readers said of this very file."""
        question = await _to_read(path)
        said = self._answers.get(question, f"a look at the content credentials of {path.name}")
        return tuple(Reading.model_validate(one) for one in said)


def recorded_scan(scan: Scan, answers: Answers) -> Scan:
    """The same scan, whose reports are kept."""

    async def look(path: Path, wanted: TakeOrder, seen: Media, expected: Expected) -> ScanReport:
        report = await scan(path, wanted, seen, expected)
        answers.note(_to_scan(seen, expected), report.model_dump(mode="json"))
        return report

    return look


def played_scan(answers: Answers) -> Scan:
    """A scan that looks at nothing and says what was said then of the same take."""

    async def look(_path: Path, wanted: TakeOrder, seen: Media, expected: Expected) -> ScanReport:
        said = answers.get(_to_scan(seen, expected), f"a scan of {wanted.order.shot} ({seen.digest[:12]})")
        return ScanReport.model_validate(said)

    return look


def signing(answers: Answers, *, plays: bool) -> Callable[[Callable[[], Signer]], Signer]:
    """What to put between a studio and its signer."""
    return (lambda _make: PlayedSigner(answers)) if plays else (lambda make: RecordedSigner(make(), answers))


def scanning(answers: Answers, *, plays: bool) -> Callable[[Callable[[], Scan]], Scan]:
    """What to put between a studio and its scan."""
    return (lambda _make: played_scan(answers)) if plays else (lambda make: recorded_scan(make(), answers))


def _to_sign(provenance: Provenance) -> str:
    said = {
        "title": provenance.title,
        "essence": provenance.essence,
        "origin": provenance.origin.model_dump(mode="json"),
    }
    return f"sign {digest_of(said)}"


async def _to_read(path: Path) -> str:
    return f"read {await asyncio.to_thread(file_digest, path)}"


def _to_scan(seen: Media, expected: Expected) -> str:
    return f"scan {digest_of([seen.model_dump(mode='json'), expected.model_dump(mode='json')])}"
