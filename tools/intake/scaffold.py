"""Writes a campaign folder to begin with: the stranger's own product, or a copy of a packaged example."""

import json
import re
import shlex
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from callsheet.domain.error import InputInvalid, NotFound
from callsheet.tools.intake.asset import Unusable, read_picture
from callsheet.tools.intake.spelling import slug
from callsheet.tools.intake.written import MAIN_FILE, SAMPLE_FACTS

EXAMPLES = ("runner", "pocket")
_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9 ./_-]*[A-Za-z0-9/]$")
_TEMPLATE = """\
# Check it: callsheet validate {folder}   Price it: callsheet quote {folder}   Make it: callsheet run {folder}
name: {name}
goal: {goal} # what the films are for, in a sentence
product:
  name: {product}
  category: {category} # a word or two, such as running shoes, coffee, skincare
  image: {image} # the picture that exact product shots must match
  url: {url} # shown on the end card
  facts: # SAMPLES, edit them: callouts quote these word for word
    - {facts[0]}
    - {facts[1]}
    - {facts[2]}
claims: # measurable statements run only once they are approved
  - text: A sample claim, to be replaced by wording that can be proven
    approved: false # set to true once the wording is approved, and say below where the evidence is
    substantiation: ""
audiences: [Everyone] # up to five; each gets its own variant
placements: [vertical] # also: square, portrait, landscape
seconds: 16 # length of the film, end card included
caps: {{ seconds: 60, money: 20 USD }} # the most that may be bought and spent
"""


class AlreadyThere(InputInvalid):
    """A file that would be written is already there; nothing is ever overwritten."""


def write_campaign(
    folder: Path, name: str, product: str, image: Path | None = None, url: str = "", category: str = "product"
) -> tuple[Path, ...]:
    """Write a campaign folder for a product: twenty commented lines and its picture. Returns what it wrote."""
    for what, text in (("product", product), ("address", url), ("category", category)):
        if not text.isprintable():
            raise InputInvalid(f"The {what} must be one line of plain text, without control characters.")
    picture = f"product{image.suffix.lower()}" if image is not None else ""
    if image is not None:
        _check_picture(image)
    text = _TEMPLATE.format(
        folder=shlex.quote(folder.name),
        name=slug(name, "campaign"),
        goal=scalar(f"Introduce {product} to people who have not met it yet"),
        product=scalar(product),
        category=scalar(category),
        image=picture or '""',
        url=scalar(url),
        facts=SAMPLE_FACTS,
    )
    if not picture:
        text = "\n".join(line for line in text.split("\n") if not line.startswith("  image:"))
    targets = [folder / MAIN_FILE, *([folder / picture] if picture else [])]
    _refuse_overwriting(targets)
    folder.mkdir(parents=True, exist_ok=True)
    if image is not None:
        shutil.copyfile(image, folder / picture)
    with (folder / MAIN_FILE).open("x", encoding="utf-8") as file:
        file.write(text)
    return tuple(targets)


def write_example(folder: Path, name: str = "runner") -> tuple[Path, ...]:
    """Copy a packaged example campaign into a folder. Returns what it wrote."""
    if name not in EXAMPLES:
        raise NotFound(f"There is no example {name!r}. There are: {', '.join(EXAMPLES)}.")
    with as_file(files("callsheet.examples") / name) as source:
        wanted = sorted(path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        targets = [folder / path.relative_to(source) for path in wanted]
        _refuse_overwriting(targets)
        for path, target in zip(wanted, targets, strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return tuple(targets)


def scalar(text: str) -> str:
    """A string as one YAML value: plain when that is safe, quoted otherwise."""
    looks_plain = bool(_PLAIN.match(text)) and text.casefold() not in {"true", "false", "null"}
    return text if looks_plain else json.dumps(text, ensure_ascii=False)


def _check_picture(image: Path) -> None:
    try:
        read_picture(image.parent.resolve(), image.name)
    except Unusable as reason:
        raise InputInvalid(f"The picture {image} {reason}.") from None


def _refuse_overwriting(targets: list[Path]) -> None:
    there = [target for target in targets if target.exists() or target.is_symlink()]
    if there:
        names = ", ".join(str(path) for path in there)
        raise AlreadyThere(
            f"Already there: {names}. Choose another folder, or remove what is there; nothing was written."
        )
