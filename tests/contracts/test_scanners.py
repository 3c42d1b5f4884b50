"""What every scanner owes: where it could not look, for whatever reason, it says so and why, and is never taken for
clean; and nothing it loads gets a word out of this machine.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from planted.footage import HEIGHT, RATE, SECONDS, WIDTH, shoot
from planted.footage import Footage as Planted

from callsheet.domain.cut import Media
from callsheet.domain.identity import Digest
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.sighting import Entities, Faces, Likeness, NotLooked, Nudity, Sighting, Speech, Text
from callsheet.scanning import scan_room, scanners
from callsheet.tools.scan import Bench, EntityReader, bench
from callsheet.tools.scan.port import Footage, Reel

SEES: dict[str, type[Any]] = {
    "text": Text, "faces": Faces, "speech": Speech, "nudity": Nudity, "product": Likeness, "names": Entities,
}  # fmt: skip
FRAMES = 4
NAMES = ("Mara Olsen runs in Berlin",)


class Liar(Bench):
    """A bench whose process answers anything at all; `asked` counts how often it was asked."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer, self.asked = answer, 0

    async def ask(self, task: str, given: Any, timeout: float) -> Any:
        self.asked += 1
        return self.answer


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    folder = tmp_path_factory.mktemp("footage")
    (folder / "frames.rgb").write_bytes(np.full((FRAMES, 96, 64, 3), 90, dtype=np.uint8).tobytes())
    (folder / "sound.pcm").write_bytes(bytes(2 * 16_000))
    Image.effect_noise((64, 64), 60).convert("RGB").save(folder / "product.png")
    reel = Reel(folder / "frames.rgb", 64, 96, tuple(Fraction(one, 2) for one in range(FRAMES)))
    return Footage(reel, telling=(0,), sound=folder / "sound.pcm", product=folder / "product.png")


@pytest.fixture(scope="module")
def real() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def missing_of(check: str) -> str:
    every: dict[str, str] = {one.check: one.missing for one in scanners(Bench())}
    return EntityReader(Bench()).missing if check == "names" else every[check]


async def look(check: str, at: Bench, footage: Footage, texts: tuple[str, ...] = NAMES) -> Sighting:
    if check == "names":
        return await EntityReader(at).read(texts)
    return await next(one for one in scanners(at) if one.check == check).look(footage)


def assert_not_looked(check: str, seen: Sighting, why: str) -> None:
    assert isinstance(seen, NotLooked), seen
    assert seen.check == check
    assert why in seen.why


def test_the_suite_holds_every_scanner_there_is() -> None:
    assert {*(one.check for one in scanners(Bench())), "names"} == set(SEES)


async def test_without_its_package_nobody_looks_and_the_report_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callsheet.tools.scan.install.find_spec", lambda _: None)
    at = Liar([])
    take = shoot(Planted(silent=True), tmp_path / "take")
    media = Media(digest=Digest("0" * 64), media_type="video/mp4", width=WIDTH, height=HEIGHT, frames=SECONDS * RATE,
                  rate=RATE)  # fmt: skip
    report = await scan_room(at).scan(take, media, Expected(product=Digest("a" * 64)), take)
    assert report.scanned == ()
    assert at.asked == 0
    whys = {one.check: one.why for one in report.looked}
    assert [check for check in SEES if 'pip install "callsheet[' not in whys[check] and check != "names"] == []
    assert missing_of("names").endswith('pip install "callsheet[scan]"')
    assert_not_looked("names", await look("names", at, Footage(Reel(take, 1, 1, ()), ())), "pip install")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("check", SEES)
async def test_a_broken_file_is_not_looked_at_and_the_next_one_is(
    check: str, real: Bench, footage: Footage, tmp_path: Path
) -> None:
    if missing_of(check):
        pytest.skip(f"the scanner for {check} is not installed")
    half = tmp_path / "frames.rgb"
    half.write_bytes(footage.reel.file.read_bytes()[:-7])
    (tmp_path / "product.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    reel = Reel(half, footage.reel.width, footage.reel.height, footage.reel.times)
    broken = Footage(reel, (0,), sound=tmp_path / "gone.pcm", product=tmp_path / "product.png")
    assert_not_looked(check, await look(check, real, broken, ("\ud800",)), f"the scanner for {check} failed: ")
    assert isinstance(await look(check, real, footage), SEES[check])


@pytest.mark.parametrize("check", SEES)
async def test_a_scanner_that_hangs_has_not_looked_and_is_gone(
    check: str, footage: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing_of(check):
        pytest.skip(f"the scanner for {check} is not installed")
    kind: Any = EntityReader if check == "names" else type(next(one for one in scanners(Bench()) if one.check == check))
    monkeypatch.setattr(import_module(kind.__module__), "_PER_TAKE", 0.01)
    monkeypatch.setattr(bench, "_STARTING", 0.0)
    at = Bench()
    assert_not_looked(check, await look(check, at, footage), "did not finish within 0.01 s")
    assert at.pid is None


WRONG: list[tuple[str, Any]] = [
    ("text", {"lines": [[0, "SALE", 1001, 40]], "on_product": []}),
    ("text", {"lines": [[99, "SALE", 900, 40]], "on_product": []}),
    ("text", {"lines": []}),
    ("faces", []),
    ("faces", [[]] * (FRAMES + 1)),
    ("faces", [[-1]] * FRAMES),
    ("speech", [["hello", 900]]),
    ("speech", [["hello", 900, float("inf")]]),
    ("nudity", []),
    ("nudity", [0]),
    ("nudity", [0, 1001]),
    ("product", {"marks": -1, "agreeing": 0}),
    ("product", []),
    ("names", [["Berlin", "place"]]),
]


@pytest.mark.parametrize(("check", "answer"), [*WRONG, *((check, None) for check in SEES), *((c, 7) for c in SEES)])
async def test_an_answer_in_no_form_is_no_look(
    check: str, answer: Any, footage: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callsheet.tools.scan.install.find_spec", lambda _: True)
    assert_not_looked(check, await look(check, Liar(answer), footage), f"the scanner for {check} answered in a form")


LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(LEAF, lambda one: st.lists(one, max_size=5) | st.dictionaries(st.text(max_size=8), one, max_size=3))


@given(check=st.sampled_from(sorted(SEES)), answer=JSON | st.fixed_dictionaries({"lines": JSON, "on_product": JSON}))
async def test_whatever_the_process_says_a_sighting_is_valid_or_nobody_looked(
    check: str, answer: Any, footage: Footage
) -> None:
    if missing_of(check):
        pytest.skip(f"the scanner for {check} is not installed")
    seen = await look(check, Liar(answer), footage)
    assert isinstance(seen, (NotLooked, SEES[check]))
    assert type(seen).model_validate_json(seen.model_dump_json()) == seen
    assert not isinstance(seen, NotLooked) or (seen.check == check and seen.why)


@pytest.mark.parametrize("check", ["text", "faces", "nudity", "product"])
async def test_a_take_without_a_frame_was_not_looked_at(check: str, footage: Footage) -> None:
    at = Liar([])
    nothing = Footage(Reel(footage.reel.file, 64, 96, ()), (), product=footage.product)
    assert_not_looked(check, await look(check, at, nothing), "no frame to look at")
    assert at.asked == 0


@pytest.mark.parametrize("line", [b"no answer\n", b"[]\n", b"{}\n", b"[" * 100_000 + b"\n"])
async def test_a_process_that_does_not_speak_our_language_is_ended(line: bytes, footage: Footage) -> None:
    at = Bench("callsheet.tools.scan")
    at._answers.put(line)
    try:
        at._running = lambda: _deaf(at)  # type: ignore[method-assign]  # a process that is deaf stands in
        assert_not_looked("faces", await look("faces", at, footage), "said something that is no answer")
        assert at.pid is None
    finally:
        at.close()


def _deaf(at: Bench) -> "subprocess.Popen[bytes]":
    at._process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return at._process


OUTWARD = {
    "connect": "socket.create_connection(('127.0.0.1', 9))",
    "look up": "socket.getaddrinfo('example.org', 443)",
    "send": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "listen": "socket.socket().bind(('127.0.0.1', 0))",
}


@pytest.mark.parametrize("way", OUTWARD)
def test_no_library_of_a_scanner_reaches_the_network(way: str, tmp_path: Path) -> None:
    (tmp_path / "gossip.py").write_text(f"import socket\n\ndef instrument():\n    {OUTWARD[way]}\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from callsheet.tools.scan import __main__ as other; "
        "other._TASKS['text'] = 'gossip'; other.main()"
    )
    given = json.dumps({"task": "text"}).encode() + b"\n"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(given)
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        process.stdin.close()
    assert answer == {"error": "PermissionError: scanners have no network"}
