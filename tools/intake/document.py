"""Reads one YAML file as plain data, with the line of every key; refuses what a campaign file never needs.

A campaign file is text, one document, plain keys and values. No anchors or aliases (a small file could unfold into
gigabytes), no tags, no key twice, nothing deep or huge. Words stay words: `no`, `12:30` and `2026-01-01` are text
until a field says what they are, and numbers keep their exact decimal form.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from callsheet.tools.intake.problem import Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_VALUES = 20_000

Where = tuple[str | int, ...]


class Position(NamedTuple):
    """Where a key or a value stands."""

    file: str
    line: int


class Document(NamedTuple):
    """A file's data, the position of everything in it, and what was wrong with it."""

    data: Any
    lines: dict[Where, Position]
    problems: tuple[Problem, ...]


class _PlainLoader(yaml.SafeLoader):
    """Knows null, true, false and numbers; everything else is text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own class field


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9]\d{0,17})$"), list("-+0123456789")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?\d{1,18}\.\d{1,18}$"), list("-+0123456789")
)


def read_document(path: Path, name: str) -> Document:
    """Read a file that is known to be inside the folder. `name` is what problems call it."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        return _broken(name, f"is {size:,} bytes long; a campaign file has at most {MAX_BYTES:,}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _broken(name, f"is not UTF-8 text (byte {error.start}); save it as a text file")
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """Read YAML text. What is wrong is in `problems`; `data` is what could be read in spite of it."""
    try:
        refused = _refused(text, name)
        if refused:
            return Document(None, {}, refused)
        root = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = ", ".join(part for part in (error.context, error.problem) if part)
        return _broken(name, f"is not readable YAML: {words}", _line(mark))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return _broken(name, "holds a character that is not text", line)
    if root is None:
        return _broken(name, "is empty", 1)
    reading = _Reading(name)
    return Document(reading.value(root, ()), reading.lines, tuple(reading.problems))


def _refused(text: str, name: str) -> tuple[Problem, ...]:
    """Look at the stream before anything is built from it."""
    depth = 0
    for values, event in enumerate(yaml.parse(text, Loader=_PlainLoader)):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return _broken(name, "uses an anchor or alias (& or *); write the value out instead", line).problems
        if getattr(event, "tag", None):
            return _broken(name, "uses a tag (!); write the plain value instead", line).problems
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            return _broken(name, f"is nested more than {MAX_DEPTH} levels deep", line).problems
        if values > MAX_VALUES:
            return _broken(name, f"holds more than {MAX_VALUES:,} values", line).problems
    return ()


def _line(mark: Any) -> int:
    """Lines counted from 1, as editors do; marks count from 0."""
    return int(mark.line) + 1 if mark is not None else 1


def _broken(name: str, message: str, line: int | None = None) -> Document:
    return Document(None, {}, (Problem(file=name, line=line, message=message),))


class _Reading:
    """Turns composed nodes into data, remembering lines and duplicate keys."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Where, Position] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, where: Where) -> Any:
        self.lines.setdefault(where, self._at(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*where, number)) for number, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            place = self._at(key_node)
            if key is None:
                self._note(place, where, "a key must be a plain word")
            elif key in found:
                first = self.lines[(*where, key)].line
                self._note(place, (*where, key), f"is written twice; it is already on line {first}")
            else:
                self.lines[(*where, key)] = place
                found[key] = self.value(value_node, (*where, key))
        return {key: value for key, value in found.items() if value is not None}

    def _at(self, node: yaml.Node) -> Position:
        return Position(self.name, _line(node.start_mark))

    def _note(self, place: Position, where: Where, message: str) -> None:
        self.problems.append(Problem(file=place.file, line=place.line, where=words_for(where), message=message))


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text == "true"
        case "int":
            return int(text)
        case "float":
            return Decimal(text)
        case _:
            return text


def words_for(where: Where) -> str:
    """A place in the data as people write it: `claims[2].text`, counted from 1."""
    text = ""
    for part in where:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")
