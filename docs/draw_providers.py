"""Draws the profiles and the catalog into docs/providers.md: `python docs/draw_providers.py`."""

from pathlib import Path

from callsheet.cli.offer import price_text
from callsheet.domain.provider import Provider
from callsheet.tools.video.catalog import providers
from callsheet.tools.video.profile import PROFILES, Profile

PAGE = Path(__file__).with_name("providers.md")
MARK = "<!-- drawn by docs/draw_providers.py -->\n"
STOPS = {
    "none": "cannot be stopped, so it is not asked to",
    "delete_stops": "`DELETE` stops it, before it has ended",
    "delete_detaches": "`DELETE` hides it while it runs on and is billed, so it is not asked to",
}


def drawn() -> str:
    """Both tables as they should be."""
    profiles = "".join(_profile(name, profile) for name, profile in PROFILES.items())
    catalog = "".join(_provider(one) for one in providers())
    return (
        "## Profiles\n\n"
        "A request with a reference picture is a form with a file everywhere.\n\n"
        "| profile | a request without a picture | a render under way | words of its own |\n"
        f"|---|---|---|---|\n{profiles}\n"
        "## The packaged catalog\n\n"
        "Who says so stands in each file of `tools/video/providers`, and in every quote.\n\n"
        "| provider | model | dialect | a second | as of | retires | for adverts |\n"
        f"|---|---|---|---|---|---|---|\n{catalog}"
    )


def page() -> str:
    """The page as it should be: what people wrote, and the tables."""
    written, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    return f"{written}{MARK}\n{drawn()}"


def _profile(name: str, profile: Profile) -> str:
    kind = "text" if profile.seconds == "text" else "a number"
    form = f"JSON, `seconds` is {kind}" if profile.encoding == "json" else "a form"
    words = ", ".join(f"`{word}`" for word in profile.words) or "none"
    return f"| `{name}` | {form} | {STOPS[profile.cancel]} | {words} |\n"


def _provider(one: Provider) -> str:
    dialect = f"videos, {one.profile}" if one.dialect == "videos" else one.dialect
    use = "unknown" if one.commercial_use is None else "yes" if one.commercial_use else "no"
    day = one.retires or "no date known"
    return f"| `{one.name}` | `{one.model}` | {dialect} | {price_text(one)} | {one.as_of} | {day} | {use} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
