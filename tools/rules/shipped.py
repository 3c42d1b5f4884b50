"""The rules that ship with the package, read once: languages, names, reading speed and size. Nothing is fetched."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from callsheet.domain.seen import fold
from callsheet.domain.words.rule import Language, Reading, Rules, Subject, Subjects
from callsheet.tools.rules.names import name_list


@cache
def shipped_rules() -> Rules:
    """Every rule of the gate for words. Raises pydantic.ValidationError where a data file has a mistake."""
    folder = files("callsheet.tools.rules") / "language"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    languages = tuple(_language(one.read_text(encoding="utf-8")) for one in found)
    return Rules(languages=languages, subjects=_subjects(), names=name_list(), reading=_reading())


def _language(text: str) -> Language:
    """Every entry as it is written: `no` and `100` are words here. This loader makes nothing but text."""
    return Language.model_validate(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 - builds text and nothing else


def _subjects() -> Subjects:
    text = (files("callsheet.tools.rules") / "subject.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # makes nothing but text, as above
    listed = tuple(Subject(name=name, words=tuple(words)) for name, words in read["subjects"].items())
    return Subjects(listed=listed, exceptions=frozenset(fold(word) for word in read["exceptions"]))


def _reading() -> Reading:
    text = (files("callsheet.tools.rules") / "reading.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    told = read["disclosures"]
    return Reading(
        caption_characters_a_second=read["captions"]["characters_a_second"],
        disclosure_milliseconds_a_word=told["milliseconds_a_word"],
        recognition_milliseconds=told["recognition_milliseconds"],
        long_recognition_milliseconds=told["long_recognition_milliseconds"],
        long_from_words=told["long_from_words"],
        characters_a_word_without_spaces=told["characters_a_word_without_spaces"],
        least_height_permille=read["size"]["least_height_permille"],
    )
