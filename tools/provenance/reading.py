"""Reads validation results, which both readers write in the shape that C2PA gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

_UNKNOWN_SIGNER = "signingCredential.untrusted"


def failures_in(
    whole: Mapping[str, Any], ingredients: Sequence[tuple[str, Mapping[str, Any]]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is broken, and what is only worth knowing, each once.

    A signer that our anchors do not know is no damage: for the file itself the state says it, for a take (signed by
    its provider) it is a note.
    """
    broken: dict[str, None] = {}
    notes: dict[str, None] = {}
    for failure in _failures(whole.get("activeManifest") or {}):
        if failure != _UNKNOWN_SIGNER:
            broken[failure] = None
    parts = _deltas("an ingredient", whole)
    for title, results in ingredients:
        parts += [(title, results.get("activeManifest") or {}), *_deltas(f"inside {title}", results)]
    for title, results in parts:
        for failure in _failures(results):
            if failure == _UNKNOWN_SIGNER:
                notes[f"{title} was signed by somebody whom no anchor here vouches for"] = None
            else:
                broken[f"{title}: {failure}"] = None
    return tuple(broken), tuple(notes)


def _deltas(title: str, results: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(title, one.get("validationDeltas") or {}) for one in results.get("ingredientDeltas") or ()]


def _failures(results: Mapping[str, Any]) -> list[str]:
    return [str(one.get("code", one)) for one in results.get("failure") or ()]
