"""Who answers the gates of a run when nobody sits there: a script, read from a file or given by a test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from callsheet.domain.campaign import GateKind
from callsheet.domain.error import InputInvalid, NotFound, WrongUse
from callsheet.domain.gate import Answer
from callsheet.domain.principal import Principal
from callsheet.domain.record import Value, first_problem
from callsheet.domain.run import Run
from callsheet.session import CampaignRun
from callsheet.standing import OpenGate

DIRECTOR = "approver"
_LARGEST = 100_000


class Scripted(Value):
    """One line of a script: the answer to the next gate, which must be of that kind; or `begin: again` for one more run
    on the campaign after this one ended, `begin: resume` to go on with one that stopped.
    """

    gate: str = ""
    answer: Answer = "approve"
    note: str = ""
    edits: dict[str, str] = Field(default_factory=dict)
    by: str | Principal = ""
    begin: Literal["", "again", "resume"] = ""


class Script(Value):
    """What a decisions file says. `by` answers where a line names nobody. `otherwise` answers gates of a kind that the
    next line is not about: nobody foresees how often a model gives up.
    """

    by: str = DIRECTOR
    otherwise: dict[GateKind, Answer] = Field(default_factory=dict)
    decisions: tuple[Scripted, ...]


class UnaskedGate(WrongUse):
    """A gate is open that the script has no answer for."""


@dataclass(frozen=True)
class Reply:
    """One answer at one gate."""

    answer: Answer
    by: Principal
    note: str = ""
    edits: Mapping[str, str] = field(default_factory=dict)


Ask = Callable[[OpenGate], Reply]


def read_script(path: Path) -> Script:
    """Read a decisions file. Raises InputInvalid naming what is wrong with it."""
    import yaml

    if not path.is_file():
        raise NotFound(f"There is no file {path}; it holds decisions such as: - {{gate: greenlight, answer: approve}}")
    if path.stat().st_size > _LARGEST:
        raise InputInvalid(f"{path} is too large for a list of decisions ({_LARGEST:,} bytes at most)")
    try:
        return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputInvalid(f"{path} is not readable YAML: {str(error).splitlines()[0]}") from None
    except ValidationError as invalid:
        raise InputInvalid(f"{path}: {first_problem(invalid)}") from None


class Dictation:
    """Reads a script from its first line to its last: each gate must be the one that the next line is about, or one
    that it answers otherwise.
    """

    def __init__(self, script: Script) -> None:
        self._lines, self._by, self._otherwise = list(script.decisions), script.by, script.otherwise

    def ask(self, open_: OpenGate) -> Reply:
        """The answer to this gate. Raises UnaskedGate when the next line is about something else."""
        line = self._lines[0] if self._lines else None
        if line is None or line.begin or line.gate != open_.gate.kind:
            if answer := self._otherwise.get(open_.gate.kind):
                return Reply(answer, Principal(name=self._by))
            said = "the script has ended" if line is None else f"its next line is {line.begin or line.gate}"
            raise UnaskedGate(f"{open_.gate.id} asks: {open_.question} The script does not answer that: {said}")
        self._lines.pop(0)
        by = line.by if isinstance(line.by, Principal) else Principal(name=line.by or self._by)
        return Reply(line.answer, by, line.note, line.edits)

    def further(self, run: Run) -> Literal["", "again", "resume"]:
        """What to do when a run has ended or stopped. Raises WrongUse for lines that no gate asked for."""
        if not self._lines:
            return ""
        if not (line := self._lines[0]).begin:
            why = f" ({run.reason})" if run.reason else ""
            raise WrongUse(f"{run.id} is {run.status}{why}, and the script still answers a {line.gate}: take it out")
        return self._lines.pop(0).begin


class ScriptedApprover:
    """Answers gates as it was told, and fails on one it was told nothing about.

    `script` is a mapping from a gate's kind to an answer, or to several for the first, second and later gates of that
    kind (the last one holds for all that follow); or a function from the open gate to an answer, None for none. An
    answer is a word (`approve`, `reject`), or a mapping with `answer`, `note` and `edits`.
    """

    def __init__(self, script: Mapping[str, Any] | Callable[[OpenGate], Any], by: str | Principal = DIRECTOR) -> None:
        self._script = script
        self._by = Principal(name=by) if isinstance(by, str) else by
        self.asked: list[OpenGate] = []

    def __call__(self, open_: OpenGate) -> Reply:
        """The answer to this gate. Raises UnaskedGate."""
        said = self._script(open_) if callable(self._script) else self._next(open_)
        if said is None:
            known = "" if callable(self._script) else f"; the script speaks of {', '.join(self._script) or 'nothing'}"
            raise UnaskedGate(f"{open_.gate.id} asks: {open_.question} Nobody was told how to answer that{known}")
        self.asked.append(open_)
        plain = {"answer": said} if isinstance(said, str) else dict(said)
        found = Scripted.model_validate(plain)
        return Reply(answer=found.answer, by=self._by, note=found.note, edits=found.edits)

    async def see_through(self, run: CampaignRun) -> Run:
        """Let a run go on, answering every gate, until it ends or stops. Where it stands then."""
        while (stands := await run.go_on()).status == "waiting":
            open_ = await run.gate()
            if open_ is None:
                raise WrongUse(f"{run.id} waits and has no open gate; callsheet status says where it stands")
            reply = self(open_)
            await run.decide(reply.answer, by=reply.by, note=reply.note, edits=reply.edits, gate=open_.gate.id)
        return stands

    def _next(self, open_: OpenGate) -> Any:
        assert not callable(self._script)
        said = self._script.get(open_.gate.kind)
        if said is None or isinstance(said, str | Mapping):
            return said
        answers: Sequence[Any] = tuple(said)
        before = sum(1 for one in self.asked if one.gate.kind == open_.gate.kind)
        return answers[min(before, len(answers) - 1)] if answers else None
