"""A recording: a folder that holds a run whole, and everything it heard from outside.

recording.yaml      this file's `Recording`: settings, clock, seeds, each thing people did, and the frozen prompts
campaign/           the campaign folder as it was, and `providers/` where own provider files were used
exchanges.yaml      every HTTP exchange, a vcrpy cassette; large and binary bodies lie in media/
answers.yaml        signatures and scans, by what was asked
media/<sha256>      bodies and signed files, by the hash of their bytes
expected.jsonl      the ledger, as `callsheet ledger export` writes it
expected.yaml       how each run ended, its head, and its files by hash
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, Field, ValidationError

from callsheet.domain.campaign import GateKind
from callsheet.domain.frozen import FrozenPrompt
from callsheet.domain.gate import Answer
from callsheet.domain.principal import Principal
from callsheet.domain.record import Value, first_problem
from callsheet.replay.error import RecordingUnusable

T = TypeVar("T", bound=Value)
FORMAT = 1
RECORDING, CAMPAIGN, PROVIDERS, MEDIA = "recording.yaml", "campaign", "providers", "media"
EXCHANGES, ANSWERS, LEDGER, OUTCOME = "exchanges.yaml", "answers.yaml", "expected.jsonl", "expected.yaml"
_LARGEST = 5_000_000


class Step(Value):
    """One thing somebody did, after which the run went on as far as it could.

    `start` begins a run on the campaign, `decide` answers its open gate, `resume` goes on with one that stopped.
    `at` is where the clock is set first. `gate` and `number` say which gate: the so-manieth of its kind in that run.
    """

    do: Literal["start", "decide", "resume"]
    at: AwareDatetime
    run: int = Field(default=1, ge=1, description="Which run of the recording, counted from 1.")
    policy: Literal["people", "approve-all"] = "people"
    gate: GateKind | None = None
    number: int = 1
    shown: str = Field(default="", description="The hash of what the gate showed.")
    answer: Answer | None = None
    by: Principal | None = None
    note: str = ""
    edits: dict[str, str] = Field(default_factory=dict)


class Waits(Value):
    """How patient the render jobs were, in milliseconds: what they conclude from silence depends on it."""

    deadline: int
    grace: int
    first_look: int


class Recording(Value):
    """What a replay needs to know beside what was heard. `seed` is what stand-in keys and secrets are drawn from.

    `prompts` are the words that its runs froze when they began; a recording that was made before they were kept has
    none, and is played with those of today until it is renewed.
    """

    format: int
    callsheet: str
    settings: dict[str, str | int]
    seed: str
    begun: AwareDatetime
    waits: Waits
    faults: tuple[str, ...] = Field(default=(), description="What the sandbox played; for recording it anew.")
    uses_sandbox: bool = False
    made_with: dict[str, str] = Field(default_factory=dict, description="Programs that shape bytes, by version.")
    steps: tuple[Step, ...] = ()
    prompts: tuple[FrozenPrompt, ...] = Field(default=(), description="The frozen words of the crew, whole.")


class Cut(Value):
    """A finished file of a run: the hashes of its essence, signed bytes, captions and timeline."""

    name: str
    essence: str
    file: str
    captions: str
    timeline: str
    frames: int


class RunOutcome(Value):
    """How a run of the recording ended. `head` is the Merkle root over its ledger chains."""

    run: str
    status: str
    reason: str = ""
    head: str
    files: tuple[Cut, ...] = ()


class Outcome(Value):
    """What came of the whole recording."""

    runs: tuple[RunOutcome, ...]
    exchanges: int


def load_recording(folder: Path) -> Recording:
    """Read what a folder says it recorded. Raises RecordingUnusable."""
    recording = _read(folder, RECORDING, Recording)
    if recording.format != FORMAT:
        raise RecordingUnusable(
            f"{folder / RECORDING} is of format {recording.format}, and this Callsheet plays format {FORMAT}: record "
            "the campaign anew with callsheet record"
        )
    return recording


def load_outcome(folder: Path) -> Outcome:
    """Read what came of it then. Raises RecordingUnusable."""
    return _read(folder, OUTCOME, Outcome)


def write_yaml(path: Path, value: Value | Mapping[str, Any]) -> None:
    """Write plain data so that people can read it and a second writing gives the same bytes."""
    import yaml

    plain = value.model_dump(mode="json", exclude_defaults=True) if isinstance(value, Value) else dict(value)
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(text, encoding="utf-8")


def read_yaml(path: Path) -> Any:
    """Read plain data. Raises RecordingUnusable."""
    import yaml

    try:
        if path.stat().st_size > _LARGEST:
            raise RecordingUnusable(f"{path} is larger than any recording's ({_LARGEST:,} bytes at most)")
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordingUnusable(
            f"{path.parent} is no recording: it has no {path.name}. Record one with callsheet record CAMPAIGN"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecordingUnusable(f"{path} cannot be read ({str(error).splitlines()[0]}): record it anew") from None


def _read(folder: Path, name: str, kind: type[T]) -> T:
    try:
        return kind.model_validate(read_yaml(folder / name))
    except ValidationError as invalid:
        raise RecordingUnusable(f"{folder / name} is no {name} of a recording: {first_problem(invalid)}") from None
