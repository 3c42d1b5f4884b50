"""The blind corpus: texts written without sight of the gate, put into the same places as the others.

Its context speaks of claims, rivals and topics as an agency would; here it becomes a campaign. What the gate made of it
before anybody had looked at its texts is in docs/words.md; since then it holds the gate to what it learnt.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hostile.judge import Case, read_cases

BLIND = Path(__file__).parent / "blind"


@cache
def blind_cases(kind: str) -> tuple[Case, ...]:
    """The `hostile` or the `honest` half."""
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
            "short_names": tuple(dict.fromkeys((*product["short_names"], *read["names"]["allowed"]))),
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
