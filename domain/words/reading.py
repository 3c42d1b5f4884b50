"""How long words must stand to be read. The figures and their sources are data (`tools/rules/reading.yaml`)."""

import re

from callsheet.domain.words.rule import IDEOGRAPHS, Reading, code_of


def caption_frames(text: str, rate: int, locale: str, reading: Reading) -> int:
    """The fewest frames in which a caption can be read, at the speed of its language; never less than a second."""
    speeds = reading.caption_characters_a_second
    speed = speeds.get(code_of(locale), speeds["*"])
    return max(rate, -(-len(text) * rate // speed))


def disclosure_frames(text: str, rate: int, reading: Reading) -> int:
    """The fewest frames in which somebody who wants to read a disclosure can notice and read it."""
    words = words_to_read(text, reading)
    notice = (
        reading.long_recognition_milliseconds if words >= reading.long_from_words else reading.recognition_milliseconds
    )
    milliseconds = notice + words * reading.disclosure_milliseconds_a_word
    return -(-milliseconds * rate // 1000)


def words_to_read(text: str, reading: Reading) -> int:
    """Words of a text; where there are no spaces between words, so many characters count as one."""
    unspaced = len(IDEOGRAPHS.findall(text))
    spaced = len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", IDEOGRAPHS.sub(" ", text)))
    return spaced + -(-unspaced // reading.characters_a_word_without_spaces)
