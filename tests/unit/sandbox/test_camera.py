"""The camera: what it reads in a prompt, and what can be seen in its clips."""

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from unit.sandbox.sight import TALL, busy_photo, frames_of, look, product_picture

from callsheet.domain.shot import Framing, Light, Movement
from callsheet.tools.edit import fit_reference
from callsheet.tools.sandbox.camera import ShotOrder, film
from callsheet.tools.sandbox.camera.camera import _stage, compose
from callsheet.tools.sandbox.camera.clothes import BARE_CUT
from callsheet.tools.sandbox.camera.lettering import typeface
from callsheet.tools.sandbox.camera.motion import MOVES
from callsheet.tools.sandbox.camera.motion import Path as Move
from callsheet.tools.sandbox.camera.prop import box_label, cut_out
from callsheet.tools.sandbox.camera.reading import read
from callsheet.tools.sandbox.camera.scenery import SETTINGS
from callsheet.tools.sandbox.camera.slate import slate_line
from callsheet.tools.sandbox.camera.subject import subject
from callsheet.tools.sandbox.camera.words import SETTING_WORDS

SHOE = Path(__file__).parents[3] / "examples" / "runner" / "shoe.png"


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("movement", [Movement.TRACKING, Movement.PUSH_IN])
def test_every_framing_is_read_next_to_a_movement(framing: Framing, movement: Movement) -> None:
    reading = read(f"[shot.12] {framing.value}, {movement.value}, neon night. A woman on a city street.")
    assert (reading.shot_id, reading.framing, reading.movement) == ("shot.12", framing, movement)
    assert (reading.light, reading.setting, reading.pose) == (Light.NEON, "street", "standing")


@pytest.mark.parametrize("movement", Movement)
@pytest.mark.parametrize("light", [Light.WINDOW, Light.STUDIO])
def test_every_movement_is_read_next_to_a_light(movement: Movement, light: Light) -> None:
    reading = read(f"close-up, {movement.value}, {light.value}: the bottle on a kitchen counter")
    assert (reading.movement, reading.light, reading.setting) == (movement, light, "kitchen")
    assert (reading.product, reading.pose) == ("", "none")


@pytest.mark.parametrize(
    ("prompt", "setting", "pose"),
    [
        ("tracking shot of a runner on a forest trail", "trail", "running"),
        ("an athlete on the track at noon", "track", "standing"),
        ("shallow depth of field, a chef in a kitchen", "kitchen", "standing"),
        ("a man sits in the train", "train", "sitting"),
        ("training shoes on a rooftop, no people", "rooftop", "none"),
        ("close-up of hands holding a candle at home", "home", "hands"),
        ("medium shot: a woman lifts the lid with both hands in a kitchen", "kitchen", "holding"),
    ],
)
def test_words_that_mean_something_else_do_not_mislead(prompt: str, setting: str, pose: str) -> None:
    reading = read(prompt)
    assert (reading.setting, reading.pose) == (setting, pose)


@pytest.mark.parametrize(
    ("prompt", "product", "insists"),
    [
        ("a man in a soft denim shirt in a kitchen", "", False),
        ("ground coffee, a cup and a box of tea", "", False),
        ("a man in a kitchen. The product is Kuma Coffee. No people in frame.", "Kuma Coffee", False),
        ("macro. Keep Dr. Kuma 2.0 exactly as in the reference picture: same shape.", "Dr. Kuma 2.0", True),
        ("the product is Kuma Coffee", "Kuma Coffee", False),
    ],
)
def test_only_the_two_phrases_name_a_product(prompt: str, product: str, insists: bool) -> None:
    reading = read(prompt)
    assert (reading.product, reading.insists) == (product, insists)


def test_a_products_name_puts_nobody_and_no_place_into_the_picture() -> None:
    reading = read("close-up in a kitchen. Keep Runner Beach exactly as in the reference picture.")
    assert (reading.setting, reading.pose) == ("kitchen", "none")


def test_hair_and_company_are_drawn_as_described() -> None:
    for prompt in ("a man with a shaved head", "a bald man in a grey coat"):
        person = read(prompt).person
        assert person is not None
        assert person.cut == BARE_CUT
    assert [read(text).is_pair for text in ("two old friends", "a couple", "a couple of eggs", "a friend")] == [
        True,
        True,
        False,
        False,
    ]
    one, two = (
        len(compose(ShotOrder(f"medium shot, {who} in a gym", 160, 284, 1)).front) for who in ("a man", "two men")
    )
    assert two > one


@pytest.mark.parametrize("framing", [one for one in Framing if one not in (Framing.CLOSE, Framing.MACRO)])
def test_a_described_person_is_drawn_whatever_else_is_in_the_picture(framing: Framing) -> None:
    prompt = f"{framing.value}, locked-off camera: a woman in a green sweater in a studio. Keep Kuma exactly as shown."
    for reference in (None, product_picture(), busy_photo()):
        stage = _stage(ShotOrder(prompt, *TALL, seconds=1, reference=reference))
        prop = None if reference is None else cut_out(Image.open(io.BytesIO(reference)))
        seen = np.concatenate(
            [np.asarray(picture).reshape(-1, 4) for layer in subject(stage, prop) for picture in layer.pictures]
        ).astype(int)
        sweater = (seen[:, 1] > seen[:, 0] + 15) & (seen[:, 1] > seen[:, 2] + 15) & (seen[:, 3] > 200)
        assert sweater.sum() > 60


def test_a_prompt_without_a_known_word_still_makes_a_shot_and_hostile_text_is_only_text() -> None:
    for prompt in ("", "xyzzy", "'; rm -rf / #", "[0]overlay=x='1'[out];" * 50, "\0\n\x1b[31m" + "é" * 5000):
        assert read(prompt).setting in SETTINGS
        assert compose(ShotOrder(prompt or " ", 160, 160, 1)).back


def test_every_known_place_has_a_set() -> None:
    assert set(SETTING_WORDS.values()) <= set(SETTINGS)


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_set_can_be_built_and_covers_the_whole_frame(setting: str) -> None:
    word = next(word for word, place in [*SETTING_WORDS.items(), (setting, setting)] if place == setting)
    for look_up in ("wide shot, orbit", "overhead shot, tilt up"):
        reel = compose(ShotOrder(f"{look_up}, a person in a {word}", 160, 160, 1))
        base = reel.back[0]
        assert base.pictures[0].getchannel("A").getextrema() == (255, 255)
        assert base.x <= 0 <= base.pictures[0].width + base.x - 160
        assert base.y <= 0 <= base.pictures[0].height + base.y - 160


@pytest.mark.parametrize("movement", Movement)
def test_no_move_ever_shows_the_edge_of_the_picture(movement: Movement) -> None:
    path = Move(MOVES[movement], 60, 720, 1280)
    for depth in (0.0, 0.5, 1.25):
        mx, my = path.margin(depth)
        names = {"sin": np.sin}
        for n in range(60):
            assert abs(eval(path.x(depth), names, {"n": n})) <= mx
            assert abs(eval(path.y(depth), names, {"n": n})) <= my


@pytest.mark.parametrize("size", [(160, 284), (284, 160), (160, 160), (160, 200)])
async def test_a_clip_is_exact_in_every_aspect(tmp_path: Path, size: tuple[int, int]) -> None:
    clip = tmp_path / "clip.mp4"
    await film(ShotOrder("medium shot, orbit, a woman in a gym", *size, seconds=1), clip)
    seen = look(clip)
    assert (seen.width, seen.height, seen.frames, seen.samples) == (*size, 30, 48_000)
    data = clip.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


async def test_the_same_order_gives_the_same_bytes_and_another_one_another_picture(tmp_path: Path) -> None:
    orders = [
        ShotOrder("wide shot, handheld, a runner on a beach", *TALL, seconds=1),
        ShotOrder("wide shot, handheld, a runner on a beach", *TALL, seconds=1),
        ShotOrder("wide shot, handheld, a runner on a mountain", *TALL, seconds=1),
        ShotOrder("wide shot, handheld, a runner on a beach", *TALL, seconds=1, reference=product_picture()),
    ]
    clips = []
    for index, order in enumerate(orders):
        await film(order, tmp_path / f"{index}.mp4")
        clips.append((tmp_path / f"{index}.mp4").read_bytes())
    assert clips[0] == clips[1]
    assert len(set(clips)) == 3
    left = await asyncio.to_thread(lambda: sorted(file.name for file in tmp_path.iterdir()))
    assert left == ["0.mp4", "1.mp4", "2.mp4", "3.mp4"]


async def test_the_product_of_the_reference_is_in_the_picture_and_larger_the_closer_the_framing(tmp_path: Path) -> None:
    shares = []
    for framing in (Framing.WIDE, Framing.CLOSE):
        prompt = f"{framing.value}, locked-off camera, soft overcast. The shoe in a studio."
        clip = tmp_path / f"{framing.name}.mp4"
        await film(ShotOrder(prompt, *TALL, seconds=1, reference=product_picture()), clip)
        shares.append(_red_share(clip))
    assert shares[0] > 0.01
    assert shares[1] > 2.5 * shares[0]


def _red_share(clip: Path) -> float:
    frame = np.frombuffer(frames_of(clip, *TALL), dtype=np.uint8)[: TALL[0] * TALL[1] * 3].reshape(-1, 3).astype(int)
    return float(((frame[:, 0] > 120) & (frame[:, 1] < 70) & (frame[:, 2] < 80)).mean())


async def test_a_moving_camera_moves_the_picture_and_the_mark_stands_still(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    await film(ShotOrder("[shot.1] wide shot, pan left, hard noon sun, a street, no people", 320, 320, seconds=1), clip)
    frames = np.frombuffer(frames_of(clip, 320, 320), dtype=np.uint8).reshape(-1, 320, 320, 3).astype(int)
    street = frames[:, 120:220]
    assert np.abs(street[0] - street[-1]).mean() > 4
    mark = frames[:, 16:34, 18:60]
    assert np.abs(mark[0] - mark[-1]).mean() < np.abs(street[0] - street[-1]).mean()
    assert all((frame > 200).all(axis=-1).any() for frame in mark)


@pytest.mark.parametrize("size", [(720, 1280), (1280, 720), (720, 720), (720, 900)])
def test_the_marks_lie_in_the_central_square_above_its_lower_third(size: tuple[int, int]) -> None:
    reel = compose(ShotOrder("[shot.3] medium close-up, slow push-in, a cup in a cafe", *size, seconds=4))
    pixels = np.asarray(reel.marks.pictures[0])
    written = np.argwhere((pixels[..., :3] > 200).all(axis=-1) & (pixels[..., 3] > 200))
    side = min(size)
    left, top = (size[0] - side) / 2, (size[1] - side) / 2
    (y0, x0), (y1, x1) = written.min(axis=0), written.max(axis=0)
    assert left <= x0 < x1 <= left + side
    assert top <= y0 < y1 <= top + side / 3
    assert y1 - y0 >= 12


def test_the_slate_names_the_shot_and_gives_up_words_before_it_overflows() -> None:
    reading = read("[shot.3] medium close-up, slow push-in. <☃> a cup")
    assert slate_line(reading, 4, 900, 19) == "shot.3  ·  medium close-up  ·  slow push-in  ·  4 s"
    assert typeface(19, 500).getlength(slate_line(reading, 4, 200, 19)) <= 200


def test_a_plain_background_is_removed_and_a_busy_picture_becomes_a_card() -> None:
    product = cut_out(Image.open(io.BytesIO(product_picture((300, 300))))).picture
    assert product.width == pytest.approx(180, abs=6)
    assert product.height == pytest.approx(60, abs=6)
    assert product.getchannel("A").getpixel((0, 0)) == 0
    assert product.getpixel((90, 30)) == (214, 30, 40, 255)
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    card = cut_out(Image.fromarray(noise))
    assert card.is_card
    assert card.picture.width > 300
    assert card.picture.getchannel("A").getpixel((0, 0)) == 0
    assert card.picture.getchannel("A").getpixel((150, 100)) == 255


@pytest.mark.parametrize("size", [(360, 640), (640, 360), (360, 360)])
async def test_a_photo_with_a_real_background_stays_whole_and_loses_its_padding(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(busy_photo())
    card = cut_out(Image.open(io.BytesIO(await fit_reference(photo, size))))
    assert card.is_card
    inside = np.asarray(card.picture.getchannel("A"))
    assert inside[:, card.picture.width // 2].min() == 255
    assert inside[card.picture.height // 2].min() == 255
    assert card.picture.width / card.picture.height == pytest.approx(4 / 3, abs=0.06)


async def test_the_shoe_of_the_example_is_cut_out_of_its_fitted_picture() -> None:
    prop = cut_out(Image.open(io.BytesIO(await fit_reference(SHOE, (360, 640)))))
    assert not prop.is_card
    assert prop.picture.getchannel("A").getpixel((0, 0)) == 0


@pytest.mark.parametrize("name", ["Kuma Coffee Extraordinary Beans of the World", "W" * 90, "☃", ""])
def test_a_stand_in_label_always_fits_its_box(name: str) -> None:
    label, size = box_label(name)
    assert label
    assert typeface(size, 750).getlength(label) <= 226


def test_padding_around_a_product_picture_is_removed_with_its_background() -> None:
    inner = Image.open(io.BytesIO(product_picture((160, 160))))
    padded = Image.new("RGB", (160, 284), (20, 20, 24))
    padded.paste(inner, (0, 62))
    product = cut_out(padded).picture
    assert product.size[0] == pytest.approx(96, abs=6)
    assert product.getchannel("A").getpixel((0, 0)) == 0
