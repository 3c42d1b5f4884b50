"""Progress: how much is done, how long it will take, and how it is shown in each form of output."""

import io
from pathlib import Path

import pytest
from PIL import Image

from callsheet.cli.blockart import HALF_BLOCK, Flipbook, draw
from callsheet.cli.console import Console
from callsheet.cli.screen import open_screen
from callsheet.cli.strip import Strip
from callsheet.cli.timing import Bar, Stopwatch, left_text
from callsheet.jobs.port import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def batch(done: int, total: int = 6, kind: str = "render") -> Progress:
    return Progress(batch=f"run.0.{kind}", kind=kind, done=done, total=total)


def test_time_left_follows_from_what_was_done_since_the_first_look() -> None:
    watch = Stopwatch()
    (first,) = watch.bars([batch(2)], 100.0)
    assert (first.left, str(first)) == (None, "shots 2/6")
    (later,) = watch.bars([batch(4)], 110.0)
    assert later.left == 10.0
    assert str(later) == "shots 4/6, about 10 s left"


def test_batches_that_were_over_before_are_not_shown() -> None:
    watch = Stopwatch()
    assert watch.bars([batch(6)], 0.0) == ()
    assert [bar.name for bar in watch.bars([batch(6), batch(1, kind="segment")], 1.0)] == ["encode"]


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "1 s"), (6.6, "7 s"), (22, "20 s"), (89, "90 s"), (400, "7 min")])
def test_a_remaining_time_is_said_roughly(seconds: float, said: str) -> None:
    assert left_text(seconds) == said


def test_without_a_terminal_a_bar_gets_a_line_now_and_then() -> None:
    out = io.StringIO()
    with open_screen(Console(out=out)) as screen:
        for moment, done in ((0.0, 0), (0.3, 1), (0.6, 2), (6.0, 3), (9.0, 4)):
            screen.bars([Bar(batch="b", name="shots", done=done, total=4, left=5.0)], moment)
        screen.line("editor: circled 4 takes")
    assert out.getvalue() == "shots 1/4, about 5 s left\nshots 3/4, about 5 s left\neditor: circled 4 takes\n"


def test_on_a_terminal_bars_move_below_the_lines_and_words_stay_words() -> None:
    out = Terminal()
    with open_screen(Console(out=out)) as screen:
        screen.bars([Bar(batch="b", name="shots", done=1, total=4, left=5.0)], 0.0)
        screen.line("[red]not red[/red] \x1b[2J gone")
    assert "[red]not red[/red]" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()
    assert "about 5 s left" in out.getvalue()


def test_with_json_progress_is_silent() -> None:
    out = io.StringIO()
    with open_screen(Console(as_json=True, out=out)) as screen:
        screen.line("editor: circled 4 takes")
        screen.bars([Bar(batch="b", name="shots", done=1, total=4, left=None)], 0.0)
    assert out.getvalue() == ""


def test_a_half_block_is_two_pixels() -> None:
    picture = Image.new("RGB", (2, 4), (10, 20, 30))
    picture.putpixel((1, 1), (255, 0, 0))
    text = draw(picture.tobytes(), columns=2, rows=2)
    assert text.plain == f"{HALF_BLOCK * 2}\n{HALF_BLOCK * 2}"
    styles = [str(span.style) for span in text.spans]
    assert styles == ["#0a141e on #0a141e", "#0a141e on #ff0000", "#0a141e on #0a141e", "#0a141e on #0a141e"]


def test_a_flipbook_begins_anew_after_its_last_page() -> None:
    book = Flipbook(columns=1, rows=1, frames=(bytes([0, 0, 0] * 2), bytes([9, 9, 9] * 2)))
    assert str(book.page(3).spans[0].style) == "#090909 on #090909"
    assert str(book.page(4).spans[0].style) == "#000000 on #000000"


async def test_a_reshot_take_takes_the_place_of_the_shot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from callsheet.cli import strip as strips

    async def read(path: Path, columns: int, rows: int) -> Flipbook:
        return Flipbook(columns=columns, rows=rows, frames=(bytes([len(path.name)] * columns * rows * 6),))

    monkeypatch.setattr(strips, "read_flipbook", read)
    strip = Strip({"shot.1": "wide shot", "shot.2": "close-up"}, aspect=9 / 16, width=80)
    await strip.arrive("shot.2.r1", tmp_path / "take.mp4")
    await strip.arrive("shot.20", tmp_path / "other.mp4")
    from rich.console import Console as RichConsole

    out = io.StringIO()
    RichConsole(file=out, width=80).print(strip.draw())
    assert "wide shot" in out.getvalue()
    assert "close-up" not in out.getvalue()
    assert "shot.2.r1" in out.getvalue()
    assert "shot.20" not in out.getvalue()


def test_a_strip_fits_the_terminal() -> None:
    for width in (20, 40, 80, 200):
        strip = Strip({f"shot.{n}": "wide" for n in range(1, 13)}, aspect=9 / 16, width=width)
        from rich.console import Console as RichConsole

        out = io.StringIO()
        RichConsole(file=out, width=400).print(strip.draw())
        assert max(len(line.rstrip()) for line in out.getvalue().splitlines()) <= width
