"""The blind corpus: texts written without sight of the gate, put into the same places as the others.

Its context speaks of claims, rivals and topics as an agency would; here it becomes a campaign.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hostile.judge import Case, read_cases

BLIND = Path(__file__).parent / "blind"
OPENED = 3
"""Every so manieth case was looked at while the gate grew; the others only ever gave figures."""
_SHORTEST = 3


def unseen_cases(kind: str) -> tuple[Case, ...]:
    """The cases nobody tuned to."""
    return tuple(case for case in _cases(kind) if number(case) % OPENED)


def opened_cases(kind: str) -> tuple[Case, ...]:
    """The cases that were looked at after the first run."""
    return tuple(case for case in _cases(kind) if not number(case) % OPENED)


def number(case: Case) -> int:
    """The number in a case's id."""
    return int(re.sub(r"\D", "", case.id))


@cache
def _cases(kind: str) -> tuple[Case, ...]:
    return read_cases(BLIND / f"{kind}.yaml", kind)


@cache
def about() -> dict[str, Any]:
    """The blind context as plain data for a campaign."""
    read = yaml.safe_load((BLIND / "context.yaml").read_text(encoding="utf-8"))
    product = read["product"]
    return {
        "brand": {"name": read["brand"]},
        "product": {
            "name": product["name"],
            "short_names": product["short_names"],
            "category": product["category"],
            "description": product["description"],
            "url": read["company"]["site"],
            "facts": [{"id": f"f{place}", "text": text} for place, text in enumerate(product["facts"], 1)],
        },
        "cameos": [
            {"id": one["name"].casefold().replace(" ", "-"), "name": one["name"]} for one in read["names"]["cast"]
        ],
        "claims": read["claims"],
        "topics": [
            {"id": f"t{place}", "words": one["words"], "reason": one["reason"]}
            for place, one in enumerate(read["banned_topics"], 1)
        ],
    }
