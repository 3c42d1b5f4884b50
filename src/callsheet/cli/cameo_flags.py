"""What is wrong with a person who was said with options, told by the options."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callsheet.tools.intake.person import PersonInvalid
    from callsheet.tools.intake.problem import Notice, Problem

_OF_PERSON = {"id": "CAMEO", "references": "--reference"}
_OF_RELEASE = {
    "id": "--release",
    "document": "--release-document",
    "starts": "--from",
    "ends": "--until",
    "rights": "--right",
    "grantees": "--grantee",
    "uses": "--use",
    "media": "--media",
    "territories": "--market",
    "languages": "--language",
    "excluded": "--exclude",
    "royalty.per_second": "--per-second",
    "royalty.share": "--share",
}
_PHRASES = {
    "name under grantees": "name with --grantee",
    "add namesake: and say": "add --namesake and say",
    "until it names a guardian": "until it names one: --guardian",
    "the campaign folder; copy the file into it": "this folder; copy the file here",
    "; a new one is needed": "",
}
"""How the same is said where there is no file."""


def option_of(where: str) -> str:
    """The option that a place such as `cameos[1].releases[1].ends` was said with."""
    key = re.sub(r"^cameos\[\d+\]\.?", "", where)
    known = _OF_RELEASE if key.startswith("releases") else _OF_PERSON
    key = re.sub(r"\[\d+\].*$", "", re.sub(r"^releases\[\d+\]\.?", "", key))
    return known.get(key) or (f"--{key.replace('_', '-')}" if key else "the options")


def in_options(invalid: "PersonInvalid") -> "PersonInvalid":
    """The same problems, told to somebody who typed options."""
    from callsheet.tools.intake.person import PersonInvalid

    return PersonInvalid([_told(one) for one in invalid.problems])


def notice_in_options(notice: "Notice") -> str:
    """A remark, told to somebody who typed options."""
    return _said(notice.text)


def _told(problem: "Problem") -> "Problem":
    said = {"file": option_of(problem.where), "line": None, "where": "", "message": _said(problem.message)}
    return problem.model_copy(update=said)


def _said(text: str) -> str:
    for phrase, instead in _PHRASES.items():
        text = text.replace(phrase, instead)
    return text
