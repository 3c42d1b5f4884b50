"""A scenario in a file, YAML or JSON: read with its line numbers, so that a mistake can be found."""

from pathlib import Path
from typing import Final

import yaml

from callsheet.domain.error import InputInvalid
from callsheet.tools.sandbox.fault.scenario import Scenario, read_rule

_LIMIT: Final = 1_000_000


def read_script(file: Path) -> Scenario:
    """Read a scenario file: a list of faults, or that list under `faults`. Raises InputInvalid with file and line.

    Nothing is guessed about types: `429:30` is a fault here, which plain YAML would take for a time of day.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(_LIMIT + 1)
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputInvalid(f"{file} is not text in UTF-8. Write the scenario as YAML or JSON.") from None
    except OSError as error:
        raise InputInvalid(f"The scenario {file} cannot be read: {error.strerror}.") from None
    if len(data) > _LIMIT:
        raise InputInvalid(f"{file} is larger than {_LIMIT} bytes; a scenario is a short list of faults.")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputInvalid(f"{file}, line {line}: neither YAML nor JSON ({error.problem}).") from None
    except (yaml.YAMLError, RecursionError):
        raise InputInvalid(f"{file} is neither YAML nor JSON.") from None
    return Scenario([read_rule(_plain(node, file), _where(file, node)) for node in _entries(root, file)])


def _entries(root: yaml.Node | None, file: Path) -> list[yaml.Node]:
    faults = root
    if isinstance(root, yaml.MappingNode):
        named = {str(key.value): value for key, value in root.value}
        for key, _ in root.value:
            if key.value != "faults":
                raise InputInvalid(f"{_where(file, key)}: there is no key {str(key.value)[:40]!r}; write faults.")
        faults = named.get("faults")
    if not isinstance(faults, yaml.SequenceNode):
        raise InputInvalid(f"{file}: write faults: and below it a list of names, or of rules with fault, times, ...")
    return list(faults.value)


def _plain(node: yaml.Node, file: Path) -> object:
    """A fault's name, or a rule's fields, all as text."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if not isinstance(node, yaml.MappingNode):
        raise InputInvalid(f"{_where(file, node)}: a fault is a name or a rule with fields, not a list.")
    fields: dict[str, str] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            raise InputInvalid(f"{_where(file, key)}: the field takes plain text or a number.")
        if key.value in fields:
            raise InputInvalid(f"{_where(file, key)}: the field {str(key.value)[:40]!r} is there twice.")
        fields[key.value] = value.value
    return fields


def _where(file: Path, node: yaml.Node) -> str:
    return f"{file}, line {node.start_mark.line + 1}"
