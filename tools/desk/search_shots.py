"""The shot library, searched: framing, movement, light, structures of an ad, and the worlds products live in."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from callsheet.domain.seen import fold
from callsheet.prompts.library import camera, library_ref, structures, worlds
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool

Kind = Literal["framing", "movement", "light", "structure", "world", "place", "moment"]
MOST_SHOTS = 40


class SearchShots(Asked):
    """What to look for."""

    words: str = Field(default="", max_length=120, description="Words to find; all entries when empty.")
    kind: Kind | None = Field(default=None, description="Only entries of this kind.")
    most: int = Field(default=10, ge=1, le=MOST_SHOTS, description="How many entries at most.")


class LibraryEntry(Answer):
    """One entry of the library."""

    kind: Kind
    name: str
    words: str


class ShotsFound(Answer):
    """What the library has."""

    library: str = Field(description="Names the exact words of the whole library.")
    found: int = Field(description="How many entries match, shown or not.")
    entries: list[LibraryEntry]


def search_shots() -> DeskTool:
    """The tool that searches the shot library. It needs nothing but the library that ships with the package."""

    async def work(asked: SearchShots) -> ShotsFound:
        return _found(asked)

    return desk_tool(
        "search_shots",
        "Search the shot library: ways to frame, move and light a shot, structures of an ad, and worlds with their "
        "places and moments. Answers the library's own words for each.",
        SearchShots,
        ShotsFound,
        work,
    )


def _found(asked: SearchShots) -> ShotsFound:
    wanted = fold(asked.words).split()
    ranked = [
        (hits, number, one)
        for number, one in enumerate(_entries())
        if asked.kind in (None, one.kind)
        and ((hits := sum(word in fold(f"{one.name} {one.words}") for word in wanted)) or not wanted)
    ]
    ranked.sort(key=lambda each: (-each[0], each[1]))
    return ShotsFound(library=library_ref(), found=len(ranked), entries=[one for _, _, one in ranked[: asked.most]])


def _entries() -> Iterator[LibraryEntry]:
    words = camera()
    for framing, note in words.framing.items():
        yield LibraryEntry(kind="framing", name=framing.value, words=note)
    for movement, note in words.movement.items():
        yield LibraryEntry(kind="movement", name=movement.value, words=note)
    for light, note in words.light.items():
        yield LibraryEntry(kind="light", name=light.value, words=note)
    for one in structures():
        beats = ", ".join(beat for beat, _ in one.beats)
        yield LibraryEntry(kind="structure", name=one.name, words=f"{one.logline} Beats: {beats}.")
    for world in worlds():
        about = f"For {', '.join(world.keywords) or 'any product'}. People: {'; '.join(world.people)}."
        yield LibraryEntry(kind="world", name=world.name, words=about)
        for name, place in world.places.items():
            yield LibraryEntry(kind="place", name=f"{world.name}: {name}", words=f"{place.words}; {place.sound}")
        for moment in world.moments:
            seen = ", ".join(one.value for one in moment.framing)
            about = f"{moment.who} {moment.does} ({moment.at or moment.place or 'anywhere'}; {seen})"
            yield LibraryEntry(kind="moment", name=f"{world.name}: {moment.beat}", words=about)
