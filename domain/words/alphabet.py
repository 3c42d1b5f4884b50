"""Letters that pass for others: alphabets mixed in a line, signs in words, turned text, scripts nobody here reads."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from callsheet.domain.seen import fold, visible
from callsheet.domain.words.approved import Place

_READ_SCRIPTS = (
    "LATIN",
    "HIRAGANA",
    "KATAKANA",
    "CJK",
    "KATAKANA-HIRAGANA",
    "FULLWIDTH",
    "HALFWIDTH",
    "MODIFIER",
    "IDEOGRAPHIC",
)


_UNREAD_LETTERS = frozenset("łąęśźżćńřůőűşğıățșđøåæþðčšžěďťňľĺŕėįųūģķļņħġċ")
"""Latin letters that none of our languages writes."""


def has_unread_letters(word: str) -> bool:
    """Whether a word is written with Latin letters of a language that nobody here reads."""
    return not _UNREAD_LETTERS.isdisjoint(unicodedata.normalize("NFC", word).casefold())


_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30ff]")


def is_han_alone(text: str, locale: str) -> bool:
    """Whether a text outside Japan is written in ideographs without a kana: then it is likely Chinese."""
    return len(_HAN.findall(text)) > 1 and not _KANA.search(text) and not locale.casefold().startswith("ja")


def is_foreign(word: str) -> bool:
    """Whether a word of two or more letters is in a script that none of our languages writes."""
    letters = [mark for mark in word if mark.isalpha()]
    return (
        len(letters) > 1 and not any(_alphabet(mark) in _READ_SCRIPTS for mark in letters) and not fold(word).isascii()
    )


_IMITATORS = ("GREEK", "CYRILLIC", "ARMENIAN", "COPTIC", "CHEROKEE", "LISU", "DESERET", "GOTHIC")
"""Alphabets with capitals or letters that a reader takes for Latin ones."""
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL"
_SIGN_IN_WORD = re.compile(r"[^\W\d_]+(?:[$@€£¥!|*+§¢#^~]+[^\W\d_]+)+")
_OPEN_GENDER = re.compile(r"[^\W\d_]+[*:_]in(?:nen)?\b", re.IGNORECASE)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")


def borrowed_looks(line: str, approved: Sequence[Place], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Rule and word, where a word borrows another's look: foreign letters, signs for letters, text turned round."""
    allowed = [visible(one.claim.text) for one in approved] + [visible(name) for name in names if name]
    if turned := _TURNED.search(line):
        yield "hidden direction", f"U+{ord(turned.group()):04X}"
    for match in _SIGN_IN_WORD.finditer(line):
        word = match.group()
        if not _OPEN_GENDER.fullmatch(word) and not any(word in one for one in allowed):
            yield "disguised word", word
    for word in _mixed(line):
        if not any(word in one for one in allowed):
            yield "mixed alphabets", word


def _mixed(text: str) -> tuple[str, ...]:
    """Words that borrow the look of Latin letters from another alphabet, in a line that is otherwise Latin."""
    if text.isascii():
        return ()
    words = re.findall(r"[^\W\d_]+", visible(text))
    alphabets = {word: {_alphabet(letter) for letter in word} for word in words}
    is_latin = any(used == {"LATIN"} for used in alphabets.values())
    mixed: list[str] = []
    for word, used in alphabets.items():
        borrowed = used & {*_IMITATORS, _SMALL_CAPITAL}
        is_disguise = is_latin and len(word) > 1 and (fold(word).isascii() or not borrowed <= {"GREEK", "CYRILLIC"})
        if borrowed and (_SMALL_CAPITAL in used or "LATIN" in used or is_disguise):
            mixed.append(word)
    return tuple(mixed)


def _alphabet(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return _SMALL_CAPITAL if name.startswith(_SMALL_CAPITAL) else name.split(" ")[0]
