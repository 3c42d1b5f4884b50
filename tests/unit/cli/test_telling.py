"""What a model wrote, in one line: what it cost, and whether anybody can say what came of it."""

from typing import Any, cast

import pytest

from callsheet.cli.telling import in_words
from callsheet.domain.ledger import Entry
from callsheet.storage.database import Transaction


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "words: tiny wrote director/shot@v1: 9 tokens read, 4 written, $0.25"),
        ({"is_usable": False}, "words: tiny wrote director/shot@v1, nothing of use: 9 tokens read, 4 written, $0.25"),
        ({"input_tokens": 0, "output_tokens": 0, "is_usable": False},
         "words: tiny gave no answer for director/shot@v1: $0.25"),
        ({"attempts": 0, "prompt": "", "input_tokens": 0, "output_tokens": 0, "is_usable": False},
         "words: a stop cut tiny off, and nobody can say what it wrote: counted as paid, $0.25"),
        ({"money": None}, "words: tiny wrote director/shot@v1: 9 tokens read, 4 written, no price known"),
    ],
)  # fmt: skip
def test_words_are_told_with_what_came_of_them(changes: dict[str, Any], said: str) -> None:
    body = {
        "prompt": "director/shot@v1#aa", "by": "tiny", "attempts": 1, "input_tokens": 9, "output_tokens": 4,
        "is_usable": True, "money": {"amount": "0.25", "currency": "USD"}, **changes,
    }  # fmt: skip
    entry = cast(Entry, type("Told", (), {"kind": "WordsWritten", "body": body, "version": 1}))
    assert in_words(cast(Transaction, None), entry) == said
