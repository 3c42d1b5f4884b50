"""Who writes, as the settings say: the house, or a chat model with its price and the books it is paid from."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from callsheet.domain.campaign import Campaign
from callsheet.domain.words.reviewer import Reviewer
from callsheet.domain.writing import UNPRICED, Price, WordPrice
from callsheet.graphs.crew import tell_written
from callsheet.outside import WORLD, Outside
from callsheet.prompts.shelf import shelf_of
from callsheet.settings import Settings
from callsheet.storage.database import Database
from callsheet.storage.media import MediaStore
from callsheet.tools.writer import Books, HouseWriter, KeptWriter, Writer

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


_LOOKUPS = 150_000
"""The most tokens that seven turns with six answers of tools read, each turn what was said before it: a bound."""


def open_writer(settings: Settings, database: Database, media: MediaStore, outside: Outside = WORLD) -> Writer:
    """The writer of a workspace. A chat model is asked once for each task of a run; the house costs nothing."""
    if not settings.chat_url:
        return HouseWriter()
    from callsheet.tools.writer.chat import ChatWriter

    # Never empty: the client would then send a key meant for another service, found in the environment.
    key = settings.chat_key.get_secret_value() or "no-key"
    chat = ChatWriter(
        settings.chat_url,
        key,
        settings.chat_model,
        timeout=settings.chat_timeout,
        temperature=None if settings.chat_temperature == "server" else settings.chat_temperature,
        responses=settings.chat_responses,
        thinking=settings.chat_thinking,
        sleep=outside.sleep,
        tools=_tools(settings, database, media),
    )
    lookups = _LOOKUPS if settings.chat_tools else 0
    books = Books(word_price(settings), settings.account, settings.day_cap, lookups)
    return KeptWriter(chat, database, books)


def _tools(settings: Settings, database: Database, media: MediaStore) -> "Sequence[BaseTool]":
    if not settings.chat_tools:
        return ()
    from callsheet.tools.desk.desk import Desk
    from callsheet.tools.desk.reading import reading_tools

    return reading_tools(Desk(database, settings.account, settings.day_cap, media.path))


def reviewers(settings: Settings, writer: Writer) -> Callable[[Campaign, Sequence[str]], Reviewer] | None:
    """Who reads the words of a plan once more, given the campaign and its approved wordings; nobody for the house."""
    weight = settings.chat_review
    if not settings.chat_url or weight == "off":
        return None
    from callsheet.tools.writer.reviewer import WritingReviewer

    return lambda campaign, approved: WritingReviewer(writer, tell_written, approved, weight, shelf_of(campaign))


def word_price(settings: Settings) -> Price:
    """What the chat model costs, as the settings say; not known where they say nothing."""
    if settings.chat_price_in is None or settings.chat_price_out is None:
        return UNPRICED
    into, out = Decimal(settings.chat_price_in), Decimal(settings.chat_price_out)
    return WordPrice(into=into, out=out, thinking=settings.chat_thinking)
