"""The twenty briefs: compact campaign files, read by the intake as any campaign folder is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from callsheet.tools.intake import Bundle, read_campaign

BRIEFS = Path(__file__).with_name("briefs")
_SIDE = 512


def names() -> tuple[str, ...]:
    """Every brief, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in BRIEFS.glob("*.yaml")))


@contextmanager
def read_brief(name: str, today: date) -> Iterator[Bundle]:
    """One brief as a checked bundle, whose files are there inside the block. Its product's picture is drawn anew."""
    with TemporaryDirectory(prefix="callsheet-eval-") as place:
        folder = Path(place) / name
        folder.mkdir()
        (folder / "campaign.yaml").write_text((BRIEFS / f"{name}.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        _draw(folder / "product.png", name)
        yield read_campaign(folder, today)


def _draw(path: Path, name: str) -> None:
    """A plain shape on a plain ground, another colour for each brief: the plan only needs that there is a picture."""
    from PIL import Image, ImageDraw

    hue = sum(name.encode()) * 37 % 360
    picture = Image.new("RGB", (_SIDE, _SIDE), f"hsl({hue}, 25%, 92%)")
    ImageDraw.Draw(picture).rounded_rectangle((128, 96, 384, 416), radius=48, fill=f"hsl({hue}, 55%, 45%)")
    picture.save(path)
