"""Subjects an advertiser never touches: their words inflected, compounded, in other languages and as pictures.

Which words make a subject up is data (`tools/rules/subject.yaml`): a topic that names the subject, or two of its
words, bans them all. Endings are those of the languages that are read; an exception is a word that only looks like one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from callsheet.domain.claim import Topic
from callsheet.domain.seen import fold, visible
from callsheet.domain.words.rule import IDEOGRAPHS, Subject, Subjects, code_of, words_of
from callsheet.domain.words.text import Line, disguised, read

FEWEST_SHARED = 2
"""So many words of a subject in a topic say that the topic is the subject."""
_ENDINGS = frozenset(
    "s es e en n er ers ed d ing ings y ies ly chen lein je jes tje tjes pje pjes etje etjes ke kes nen in innen "
    "ment ern ens st t te ten".split()
)
_ROMANCE = frozenset(
    "a o e i as os es is ita ito itas itos ina ino ine ini inha inho inhas inhos etta ette etto etti illa illo illas "
    "azo ona one oni ar er ir are ere ire ando endo iamo amos an en ado ido ato ata".split()
)
_SHORT, _LONG = 3, 4
_VOWELS = "aeio"
_SHORT_PLURALS = frozenset({("o", "i"), ("a", "e"), ("e", "i")})
_JOINING = frozenset({"de", "nl"})
"""Languages that write a compound as one word."""
LEAST_PART = 3
"""Letters that the other part of a compound has at least."""


def banned_words(line: Line, topic: Topic, subjects: Subjects, locale: str) -> Iterator[str]:
    """Every word of a topic, or of the subject it is about, that a line says or shows."""
    wanted = (*topic.words, *_of_subject(topic.id, topic.words, subjects))
    joins = code_of(locale) in _JOINING
    for phrase in dict.fromkeys(wanted):
        if _stands(line, phrase, subjects.exceptions, joins=joins):
            yield phrase


@lru_cache(maxsize=1024)
def _apart(text: str) -> frozenset[str]:
    """The words of a line that were spelled out or parted, put together."""
    return frozenset(one.word for one in disguised(read(text)) if is_taken_apart(one.written, one.word))


_sought = lru_cache(maxsize=4096)(words_of)


@lru_cache(maxsize=512)
def _of_subject(name: str, words: tuple[str, ...], subjects: Subjects) -> tuple[str, ...]:
    said = {fold(word) for word in words}
    return tuple(word for one in subjects.listed if _is_about(one, fold(name), said) for word in one.words)


def _is_about(subject: Subject, name: str, said: set[str]) -> bool:
    known = {fold(word) for word in subject.words}
    return fold(subject.name) in {name, *said} or len(known & said) >= FEWEST_SHARED


def _stands(line: Line, phrase: str, exceptions: frozenset[str], *, joins: bool) -> bool:
    sought = _sought(phrase)
    if not sought:  # a picture, such as an emoji: it has no letters
        return bool(_bare(phrase)) and _bare(phrase) in _bare(line.text)
    if IDEOGRAPHS.search(phrase):
        wanted = read(phrase).unspaced
        return bool(line.unspaced and wanted) and wanted in line.unspaced
    size, said = len(sought), line.said
    for at in range(len(said) - size + 1):
        if said[at : at + size - 1] == sought[:-1] and is_form(said[at + size - 1], sought[-1], exceptions):
            return True
    if size > 1:
        return any(is_form(word, "".join(sought), exceptions) for word in said)
    if joins and any(is_compound(word, sought[0], exceptions) for word in said):
        return True
    return sought[0] in _apart(line.text)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """Without the selectors that draw an emoji in colour or in black."""
    return re.sub("[\ufe0e\ufe0f\u200d]", "", visible(text)).strip()


def is_taken_apart(written: str, word: str) -> bool:
    """Whether a word was spelled out, or parted without a space: two honest words side by side are no disguise."""
    pieces = re.findall(r"[^\W_]+", written)
    if all(len(piece) == 1 for piece in pieces):
        return len(word) >= _SHORT
    return len(pieces) > 1 and len(word) >= _LONG and (not re.search(r"\s", written) or len(word) > _LONG + 2)


@lru_cache(maxsize=65536)
def is_form(heard: str, word: str, exceptions: frozenset[str] = frozenset()) -> bool:
    """Whether a word is another or a form of it: beers, birrette, Bierchen, slimming, gambling."""
    if heard == word:
        return True
    if len(word) < _SHORT or heard[:2] != word[:2] or not word.isalpha() or heard in exceptions:
        return False
    rest = heard.removeprefix(word) if heard.startswith(word) else ""
    if rest in _ENDINGS and (len(word) > _SHORT or rest in ("s", "es", "je", "jes", "tje")):
        return True
    doubled = heard.removeprefix(word + word[-1]) if heard.startswith(word + word[-1]) else ""
    if doubled in ("er", "est", "ing", "ed", "y", "en", "etje", "etjes"):
        return True
    if len(word) <= _LONG:
        ended = heard.removeprefix(word[:-1]) if heard.startswith(word[:-1]) else ""
        return (word[-1], ended) in _SHORT_PLURALS or (len(ended) > 2 and word[-1] in _VOWELS and ended in _ROMANCE)
    stem = word[:-1] if word[-1] in "aeioy" else word
    ended = heard.removeprefix(stem) if heard.startswith(stem) and len(stem) >= _SHORT else ""
    return ended in _ROMANCE or (word[-1] in "ey" and ended in ("ing", "ed", "er", "ers", "ies", "ied"))


@lru_cache(maxsize=65536)
def is_compound(heard: str, word: str, exceptions: frozenset[str] = frozenset()) -> bool:
    """Whether a word of a joining language has another as its first or last part, such as Bierzelt, Wettbonus."""
    if len(word) < _LONG or heard == word or any(heard.startswith(one) for one in exceptions if len(one) > _LONG):
        return False
    stem = word[:-1] if word.endswith("e") and len(word) > _LONG else word
    head = heard.removeprefix(stem) if heard.startswith(stem) else ""
    tail = heard.removesuffix(word) if heard.endswith(word) else ""
    return len(head) > LEAST_PART or len(tail) >= LEAST_PART
