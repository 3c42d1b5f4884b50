"""What words cost: the price of a model by the million tokens, and the event that says what was written and paid."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pydantic import Field

from callsheet.domain.identity import Digest
from callsheet.domain.ledger import Code, Event
from callsheet.domain.money import Money, Unpriced, nothing
from callsheet.domain.record import Record

MILLION = 1_000_000
CHARACTERS_A_TOKEN = 3
"""Fewer characters a token than usual text has, so that an estimate made with it is rather too high."""

TOKENS_IN, TOKENS_OUT = 900, 220
"""What one task reads and writes: our own figure, above what the first briefs of `make eval` took (about 500, 150)."""

REPAIRS_EXPECTED = Decimal("1.5")
"""Attempts a task takes on average, repairs included: our own figure, on the safe side for a small model."""


class WordPrice(Record):
    """What a chat model costs, by the million tokens read and written.

    `thinking` is the most tokens that it thinks before each answer, which are paid as written ones.
    """

    into: Decimal = Field(ge=0)
    out: Decimal = Field(ge=0)
    currency: str = "USD"
    thinking: int = Field(default=0, ge=0)

    def of(self, tokens_in: int, tokens_out: int) -> Money:
        """The price of so many tokens, to the exact fraction."""
        amount = (self.into * tokens_in + self.out * tokens_out) / MILLION
        return Money(amount=amount, currency=self.currency)


Price = WordPrice | Unpriced
UNPRICED = Unpriced(
    reason="set CALLSHEET_CHAT_PRICE_IN and CALLSHEET_CHAT_PRICE_OUT, in USD a million tokens; 0 for your own model"
)


class WordsWritten(Event):
    """A model was asked to write. It is paid for what it read and wrote, whether or not that was of use.

    `money` is absent where nobody knows the model's price. `answer` names the words that were kept.
    """

    prompt: Code
    by: Code
    attempts: int
    input_tokens: int
    output_tokens: int
    is_usable: bool
    money: Money | None = None
    task: Digest | None = None
    answer: Digest | None = None


class Words(Record):
    """What the words of a run cost: what was paid, and what is expected to come."""

    by: str
    tokens_in: int = 0
    tokens_out: int = 0
    spent: Money | Unpriced = nothing()
    expected: Money | Unpriced = nothing()

    def __str__(self) -> str:
        tokens = self.tokens_in + self.tokens_out
        return f"{self.by}: {self.spent} so far for {tokens:,} tokens, {self.expected} more expected"


def price_of(price: Price, tokens_in: int, tokens_out: int) -> Money | Unpriced:
    """What so many tokens cost; not known where the price is not."""
    return price.of(tokens_in, tokens_out) if isinstance(price, WordPrice) else price


def expected_words(price: Price, shots: int, variants: int, rounds: int = 1) -> Money | Unpriced:
    """What planning so many shots and variants is expected to cost: an outline, each shot, each variant, three checks.

    Counted in tasks of average size, repairs included, for each round of planning; thinking counts in full.
    """
    tasks = (1 + shots + variants + 3) * max(1, rounds) * REPAIRS_EXPECTED
    thinking = price.thinking if isinstance(price, WordPrice) else 0
    return price_of(price, int(tasks * TOKENS_IN), int(tasks * (TOKENS_OUT + thinking)))


def told_of(bodies: Iterable[dict[str, Any]], by: str = "") -> Words | None:
    """What the words of a run came to, by the bodies of its WordsWritten events; none where nothing was written.

    One exchange without a price leaves the sum without one: it never counts as zero.
    """
    said = [WordsWritten.model_validate(body) for body in bodies]
    if not said:
        return None
    amounts = [one.money for one in said]
    spent: Money | Unpriced = nothing(next((one.currency for one in amounts if one), "USD"))
    for one in amounts:
        spent = UNPRICED if one is None or isinstance(spent, Unpriced) else spent + one
    return Words(
        by=by or said[-1].by,
        tokens_in=sum(one.input_tokens for one in said),
        tokens_out=sum(one.output_tokens for one in said),
        spent=spent,
    )
