"""Writes `report.html`: the whole story of a run on one page that opens with no server, no script and no network."""

import asyncio
from importlib.resources import files
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import Markup

from callsheet.domain.identity import RunId
from callsheet.storage.database import Database
from callsheet.storage.media import MediaStore
from callsheet.studio.film import films
from callsheet.studio.page import lay_out, wanted_stills
from callsheet.studio.still import stills
from callsheet.studio.story import gather

PAGE = "report.html"


async def write_report(database: Database, media: MediaStore, run_id: RunId, out: Path) -> Path:
    """Write `out/report.html` from the run's records and return its path. Films are linked, pictures are inside.

    The ledger is verified and the files in `out/deliverables` are hashed while writing. Raises NotFound.
    """
    story = await database.read(lambda tx: gather(tx, run_id))
    shown = await asyncio.to_thread(films, story, media, out)
    pictures = await stills(media, wanted_stills(story, shown))
    return await asyncio.to_thread(_write, out, _page().render(lay_out(story, shown, pictures)))


def _page() -> Template:
    room = files("callsheet.studio")
    environment = Environment(
        loader=DictLoader({PAGE: room.joinpath(PAGE).read_text(encoding="utf-8")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = room.joinpath("report.css").read_text(encoding="utf-8")
    environment.globals["style"] = Markup(style)  # noqa: S704  # the package's own style sheet
    return environment.get_template(PAGE)


def _write(out: Path, text: str) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    target = out / PAGE
    part = target.with_name(f".{PAGE}.part")
    part.write_text(text, encoding="utf-8")
    return part.replace(target)
