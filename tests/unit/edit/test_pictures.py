"""Product pictures in, still pictures out."""

import io
from pathlib import Path

import pytest
from PIL import Image
from unit.edit.conftest import Finished
from unit.edit.footage import Reel

from callsheet.tools.edit import (
    PictureUnfit,
    Unreadable,
    contact_sheet,
    fit_reference,
    poster,
    read_picture,
    thumbnail,
)


def saved(path: Path, image: Image.Image) -> Path:
    image.save(path)
    return path


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.webp", "image/webp")]
)
async def test_pictures_of_three_kinds_are_read(name: str, media_type: str, tmp_path: Path) -> None:
    picture = await read_picture(saved(tmp_path / name, Image.new("RGB", (64, 48), (200, 30, 30))))
    assert (picture.size, picture.media_type, picture.is_cut_out) == ((64, 48), media_type, False)


async def test_a_kind_is_known_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "shoe.png"
    Image.new("RGB", (64, 48)).save(path, "GIF")
    with pytest.raises(PictureUnfit, match="not a whole PNG, JPEG or WebP"):
        await read_picture(path)


async def test_a_truncated_picture_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", Image.effect_noise((200, 200), 90))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(PictureUnfit):
        await read_picture(path)


@pytest.mark.parametrize(
    ("size", "named"), [((9000, 6000), "40 megapixels"), ((20000, 20000), "40 megapixels"), ((8, 900), "at least 16")]
)
async def test_a_picture_of_the_wrong_size_is_refused_before_it_is_decoded(
    size: tuple[int, int], named: str, tmp_path: Path
) -> None:
    with pytest.raises(PictureUnfit, match=named):
        await read_picture(saved(tmp_path / "a.png", Image.new("1", size)))


async def test_a_reference_has_exactly_the_videos_size_and_one_ground(tmp_path: Path) -> None:
    photo = Image.new("RGB", (300, 200), (240, 238, 230))
    photo.paste((200, 40, 40), (100, 60, 200, 140))
    reference = Image.open(io.BytesIO(await fit_reference(saved(tmp_path / "a.png", photo), (180, 320))))
    assert (reference.format, reference.size) == ("PNG", (180, 320))
    assert {reference.getpixel(at) for at in ((0, 0), (179, 319), (90, 40), (5, 160))} == {(240, 238, 230)}
    assert reference.getpixel((90, 160)) == (200, 40, 40)


async def test_a_cut_out_stands_on_a_plain_ground(reel: Reel) -> None:
    fitted = await fit_reference(reel.files[reel.product.digest], (160, 284), background=(10, 200, 10))
    assert Image.open(io.BytesIO(fitted)).getpixel((0, 0)) == (10, 200, 10)


async def test_a_thumbnail_is_the_frame_asked_for(finished: Finished, tmp_path: Path) -> None:
    black = opened(await thumbnail(finished.file, 79, tmp_path / "dip.png", 80)).convert("L")
    clear = opened(await thumbnail(finished.file, 70, tmp_path / "clear.png", 80)).convert("L")
    assert black.size == (80, 142)
    assert sum(black.tobytes()[80 * 60 : 80 * 100]) < 0.5 * sum(clear.tobytes()[80 * 60 : 80 * 100])
    with pytest.raises(Unreadable, match="frames 0 to 134"):
        await thumbnail(finished.file, 135, tmp_path / "none.png", 80)


async def test_a_contact_sheet_and_a_poster_are_pictures(finished: Finished, tmp_path: Path) -> None:
    sheet = opened(await contact_sheet(finished.file, tmp_path / "sheet.jpg", count=6, columns=3, width=80))
    assert (sheet.format, sheet.size) == ("JPEG", (3 * 86 + 6, 2 * 148 + 6))
    assert opened(await poster(finished.file, tmp_path / "poster.jpg", 80)).format == "JPEG"
