"""`python -m benchmarks eval`: rehearses the briefs one by one, keeps a line for each as it goes, prints the table."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.eval.brief import names, read_brief
from benchmarks.eval.rehearsal import NOW, Stage
from benchmarks.eval.table import by_brief, page
from callsheet.settings import Settings
from callsheet.tools.writer import HouseWriter, Writer
from callsheet.wiring import open_studio


def evaluate(words: Sequence[str]) -> None:
    """Rehearse what has not been rehearsed yet, and print the table over all lines of the file."""
    asked = _asked(words)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    wanted = asked.only or names()
    strangers = {str(one.get("crew", "somebody")) for one in kept(asked.out)} - {_crew(asked)}
    if strangers:
        raise SystemExit(
            f"{asked.out} holds briefs planned by {', '.join(sorted(strangers))}; a table is of one crew: "
            f"name another file with --out for {_crew(asked)}"
        )
    done = [one for one in kept(asked.out) if one["brief"] in wanted]
    waiting = [name for name in wanted if name not in {one["brief"] for one in done}]
    if waiting:
        asyncio.run(_rehearse(asked, waiting))
    files = [*(asked.beside or ()), asked.out]
    crews = {label(path): [one for one in kept(path) if one["brief"] in wanted] for path in files}
    print(by_brief(crews[label(asked.out)]), page(crews), sep="\n\n")


def kept(path: Path) -> list[dict[str, Any]]:
    """The lines of an earlier call, one for each brief; the last one counts."""
    if not path.is_file():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return list({one["brief"]: one for one in lines}.values())


def label(path: Path) -> str:
    """Who planned the lines of a file, as its first line says; the file's name where there is none."""
    return next((str(one["crew"]) for one in kept(path)), path.stem)


async def _rehearse(asked: argparse.Namespace, waiting: Sequence[str]) -> None:
    with TemporaryDirectory(prefix="callsheet-eval-") as home:
        studio = open_studio(Settings(home=Path(home)), clock=lambda: NOW)
        stage = Stage(studio.crew, _writer(asked), whole=asked.crew == "house" or asked.whole)
        for name in waiting:
            with read_brief(name, NOW.date()) as bundle:
                for path in bundle.files.values():
                    studio.media.keep(path)
                rehearsal = await stage.rehearse(bundle.campaign)
            with asked.out.open("a", encoding="utf-8") as file:
                line = {"crew": _crew(asked), **rehearsal.line()}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            print(by_brief([rehearsal.line()]), file=sys.stderr, flush=True)


def _crew(asked: argparse.Namespace) -> str:
    """Who plans, as the lines and the column say it."""
    if asked.crew == "house":
        return "house"
    return f"{asked.model} (whole)" if asked.whole else str(asked.model)


def _writer(asked: argparse.Namespace) -> Writer:
    if asked.crew == "house":
        return HouseWriter()
    from callsheet.tools.writer import ChatWriter

    return ChatWriter(asked.url, os.environ.get("CALLSHEET_CHAT_KEY") or "no-key", asked.model, timeout=asked.timeout)


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks eval",
        description="Plans, casts and clears twenty briefs, buys nothing, and prints how good the plans are.",
    )
    parser.add_argument("--crew", choices=("house", "chat"), default="house", help="who plans")
    parser.add_argument("--url", default=os.environ.get("CALLSHEET_CHAT_URL", ""), help="the chat server's /v1")
    parser.add_argument("--model", default=os.environ.get("CALLSHEET_CHAT_MODEL", ""), help="the chat model's name")
    parser.add_argument("--timeout", type=float, default=600.0, help="seconds that one answer may take")
    parser.add_argument("--whole", action="store_true", help="ask for a storyboard in one call, as for a large model")
    parser.add_argument("--only", nargs="+", metavar="BRIEF", choices=names(), help="these briefs, not all")
    parser.add_argument("--beside", type=Path, nargs="+", help="files of other crews, for a column each")
    parser.add_argument("--out", type=Path, help="a JSON line for each brief; what is in it is not done again")
    asked = parser.parse_args(words)
    if asked.crew == "chat" and not (asked.url and asked.model):
        parser.error("a chat crew needs --url and --model, or CALLSHEET_CHAT_URL and CALLSHEET_CHAT_MODEL")
    asked.out = asked.out or Path(f"out/eval-{asked.crew}.jsonl")
    return asked
