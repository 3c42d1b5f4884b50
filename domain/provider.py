"""What a video provider sells: lengths, sizes, prices, limits, and until when. Dated data, never code."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from callsheet.domain.error import InputInvalid
from callsheet.domain.money import Money, Unpriced
from callsheet.domain.record import Record

ReferenceSupport = Literal["none", "first_frame", "subject"]
"""`first_frame`: the picture becomes the first frame. `subject`: the picture guides the look of the subject."""


Dialect = Literal["videos", "gemini", "fal"]
"""The wire a provider speaks: `/v1/videos`, Gemini's interactions, fal's queue."""
Profile = Literal["openai", "vllm-omni", "sglang", "gateway"]
"""How a server of the `/v1/videos` dialect departs from the reference: field types, encoding, cancelling, failures."""


class Tier(Record):
    """A price per second that holds for some sizes."""

    name: str
    sizes: tuple[str, ...] = Field(description="Sizes as `WIDTHxHEIGHT`.")
    per_second: Decimal | None = Field(default=None, description="Price of one generated second; absent: unknown.")


class Provider(Record):
    """One model of one provider, as it sells on `as_of`. Empty `seconds` means any whole second up to `max_seconds`."""

    name: str
    model: str
    dialect: Dialect = "videos"
    profile: Profile = "openai"
    as_of: date
    source: str
    currency: str = "USD"
    seconds: tuple[int, ...] = ()
    max_seconds: int = 20
    tiers: tuple[Tier, ...]
    reference: ReferenceSupport = "none"
    are_prices_given: bool = Field(default=False, description="The campaign set the prices itself.")
    lists_jobs: bool = True
    retires: date | None = None
    generates_audio: bool = True
    takes_negative_prompt: bool = Field(
        default=False, description="Whether what must not be seen is told apart; otherwise it ends the prompt."
    )
    previz: bool = Field(default=False, description="It draws storyboard frames, not finished pictures.")
    slate: bool = Field(default=False, description="It prints the shot's name, sent ahead of the prompt, on a slate.")
    max_in_flight: int = Field(default=4, gt=0, description="Renders under way at once, over all accounts.")
    max_in_flight_per_account: int | None = Field(default=None, gt=0, description="The same for one account.")
    requests_per_second: Decimal | None = Field(
        default=None, gt=0, description="Requests of any kind an account may send; absent: as fast as it goes."
    )
    deletes_characters: bool = Field(default=False, description="Whether an id it gave a person can be deleted there.")
    licence: str = Field(default="", description="Under which terms the model's output may be used; who says so.")
    commercial_use: bool | None = Field(default=None, description="Whether adverts may use it; absent: nobody knows.")
    compare_with: tuple[Decimal, ...] = Field(
        default=(), description="Prices of a second a quote shows beside its own, to say what the plan costs elsewhere."
    )

    def sells_size(self, size: str) -> bool:
        """Whether any tier has this size."""
        return any(size in tier.sizes for tier in self.tiers)

    def tier_of(self, size: str) -> str:
        """The name of the price tier that has this size; empty when none has."""
        return next((tier.name for tier in self.tiers if size in tier.sizes), "")

    def price(self, size: str, seconds: int) -> Money | Unpriced:
        """The price of one take of this size and length."""
        for tier in self.tiers:
            if size in tier.sizes:
                if tier.per_second is None:
                    return Unpriced(reason=f"{self.name} {self.model} publishes no price for {size}")
                return Money(amount=tier.per_second * seconds, currency=self.currency)
        return Unpriced(reason=f"{self.name} {self.model} does not sell {size}")

    def has_retired(self, day: date) -> bool:
        """Whether the model is gone on that day."""
        return self.retires is not None and day >= self.retires


def with_model(provider: Provider, model: str) -> Provider:
    """The provider asked for another model of its. Catalog prices and licences are of its own model, so they no longer
    count; free ones stay free, and prices that the campaign sets stay.
    """
    if model == provider.model:
        return provider
    keeps = provider.are_prices_given
    tiers = tuple(
        tier if keeps or not tier.per_second else tier.model_copy(update={"per_second": None})
        for tier in provider.tiers
    )
    return provider.model_copy(update={"model": model, "tiers": tiers, "licence": "", "commercial_use": None})


class NotSold(InputInvalid, ValueError):
    """The provider sells no length that covers the shot. Shorten the shot or split it in two."""


def fit_seconds(provider: Provider, seconds: Fraction) -> int:
    """The shortest length the provider sells that covers the wanted seconds."""
    if provider.seconds:
        for sold in sorted(provider.seconds):
            if sold >= seconds:
                return sold
        raise NotSold(
            f"{provider.model} sells {', '.join(map(str, provider.seconds))} s; {seconds} s is longer than any"
        )
    whole = max(1, -(-seconds.numerator // seconds.denominator))
    if whole > provider.max_seconds:
        raise NotSold(f"{provider.model} sells at most {provider.max_seconds} s; {seconds} s is longer")
    return whole
