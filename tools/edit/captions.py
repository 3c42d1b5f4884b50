"""The captions of a cut as a WebVTT sidecar, for players and for people who read along."""

from callsheet.domain.cut import Cut, Super
from callsheet.tools.edit.typeface import tidy


def captions(cut: Cut) -> str:
    """Write the captions, not the other supers, as WebVTT in order of time. Times round to milliseconds."""
    spoken = sorted((text for text in cut.supers if text.kind == "caption"), key=lambda text: (text.start, text.frames))
    return "\n".join(["WEBVTT\n", *(_cue(number, text, cut.rate) for number, text in enumerate(spoken, start=1))])


def _cue(number: int, text: Super, rate: int) -> str:
    times = f"{_time(text.start, rate)} --> {_time(text.start + text.frames, rate)}"
    return f"{number}\n{times}\n{_escaped(text.text)}\n"


def _time(frame: int, rate: int) -> str:
    seconds, thousandths = divmod((2 * frame * 1000 + rate) // (2 * rate), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def _escaped(text: str) -> str:
    return tidy(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
