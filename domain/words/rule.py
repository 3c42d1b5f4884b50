"""The rules of the gate for words, as values: what claim-like language is, language by language, and by whose figures.

The words are data (`tools/rules/language`). An entry is one or more words; `*` ends a word that may go on
(`guarant*`), and a tilde before it says that the entry counts only where the language itself is read (`~sale`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from pydantic import Field

from callsheet.domain.record import Record
from callsheet.domain.seen import fold
from callsheet.domain.words.name import NameList

ENGLISH = "en"
"""Adverts mix English into every language, so it is read everywhere."""
BASE = "base"
"""The rules that need no language: digits, signs, pictures that stand for words."""


class Language(Record):
    """What one language says when it claims, promises, compares, twists or orders."""

    code: str = Field(description="The first part of a BCP 47 tag, such as `de`.")
    name: str
    version: int = Field(ge=1)
    source: str = Field(min_length=3, description="What the lists rest on.")
    kinds: dict[str, tuple[str, ...]] = Field(default={}, description="Entries by the rule they break.")
    patterns: dict[str, tuple[str, ...]] = Field(
        default={}, description="Regular expressions over the folded text; a group `what` is what must be covered."
    )
    numbers: tuple[str, ...] = Field(default=(), description="Number words: claims only beside a unit.")
    number_parts: tuple[str, ...] = Field(
        default=(), description="What joins number words, in one word or between two: `und`, `e`, `veinti`."
    )
    units: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = Field(
        default=(), description="Phrases that state nothing, though a word in them could."
    )
    scenes: tuple[str, ...] = Field(
        default=(),
        description="Regular expressions: a promise about the bus or the rain promises nothing of a product.",
    )
    modifiers: tuple[str, ...] = Field(default=(), description="What turns an approved wording into another statement.")
    function_words: tuple[str, ...] = Field(default=(), description="Small words by which the language is recognised.")
    ignores: tuple[str, ...] = Field(default=(), description="Words of other languages that are ordinary in this one.")
    instructions: tuple[str, ...] = Field(default=(), description="Regular expressions: orders to a machine.")
    speech: tuple[str, ...] = Field(default=(), description="Regular expressions: what asks for words in a picture.")
    capital_nouns: bool = Field(default=False, description="Every noun has a capital, so capitals tell nothing.")


class Reading(Record):
    """How long and how large words must stand to be read. Every figure with its source in the data file."""

    caption_characters_a_second: dict[str, int]
    disclosure_milliseconds_a_word: int
    recognition_milliseconds: int
    long_recognition_milliseconds: int
    long_from_words: int
    characters_a_word_without_spaces: int
    least_height_permille: int


class Subject(Record):
    """A subject by its name and by the words and pictures that touch it, in every language that is read."""

    name: str
    words: tuple[str, ...] = Field(min_length=1)


class Subjects(Record):
    """Subjects that advertisers often ban, and words that only look like forms or compounds of theirs."""

    listed: tuple[Subject, ...] = ()
    exceptions: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return id(self)


class Rules(Record):
    """Everything the gate reads by."""

    languages: tuple[Language, ...]
    subjects: Subjects = Subjects()
    names: NameList = NameList()
    reading: Reading

    @cached_property
    def lexicons(self) -> Mapping[str, "Lexicon"]:
        """The languages, ready to be matched, by code."""
        return {one.code: Lexicon.of(one) for one in self.languages}

    @cached_property
    def _ears(self) -> dict[str, "Ear"]:
        return {}

    def ear(self, locale: str) -> "Ear":
        """The rules as they are read for a locale: made once."""
        code = code_of(locale)
        if code not in self._ears:
            self._ears[code] = Ear.of(self.lexicons, code)
        return self._ears[code]

    def reads(self, locale: str) -> bool:
        """Whether there are rules for the language of a BCP 47 tag."""
        return code_of(locale) in self.lexicons

    def __hash__(self) -> int:
        return id(self)


def code_of(locale: str) -> str:
    """The language of a BCP 47 tag: `de` of `de-CH`."""
    return re.split(r"[-_]", locale, maxsplit=1)[0].casefold()


WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+|[%‰$€£¥₹#+<>=×*@&]")
"""What counts as one word of a text: a number, letters, or a sign that means something."""
IDEOGRAPHS = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f]")
"""Kana and kanji: no spaces between words."""
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def kana(text: str) -> str:
    """A folded text with katakana written as hiragana."""
    return text.translate(_TO_HIRAGANA)


def words_of(entry: str) -> tuple[str, ...]:
    """The folded words of a phrase."""
    return tuple(fold(word) for word in WORD.findall(fold(entry)))


@dataclass(frozen=True)
class Entry:
    """One phrase: the rule it breaks, its words, whether the last may go on, whether it needs its own language."""

    rule: str
    words: tuple[str, ...]
    open_ended: bool
    is_local: bool

    def fits(self, said: Sequence[str], at: int) -> bool:
        """Whether the phrase stands at this place."""
        last = len(self.words) - 1
        if at + last >= len(said):
            return False
        for step, word in enumerate(self.words):
            heard = said[at + step]
            if heard != word and not (step == last and self.open_ended and heard.startswith(word)):
                return False
        return True


SHORTEST_ABROAD = 5
"""A shorter word of a language is too often an ordinary word of another."""
SHORTEST_GLUED = 7
"""A phrase written as one word, `painfree`, is looked for from so many letters on."""
_STEM = 3


@dataclass(frozen=True)
class Phrases:
    """Phrases found by their first word, or by its first three letters where the word may go on."""

    exact: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    stems: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    unspaced: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, kinds: Mapping[str, tuple[str, ...]]) -> "Phrases":
        """Compile entries by rule. Raises ValueError where an open-ended word is shorter than three letters."""
        exact: dict[str, list[Entry]] = {}
        stems: dict[str, list[Entry]] = {}
        unspaced: list[Entry] = []
        for rule, entries in kinds.items():
            for text in entries:
                bare = text.strip("~*")
                words = words_of(bare)
                local = text.startswith("~") or (len(words) == 1 and len(words[0]) < SHORTEST_ABROAD)
                entry = Entry(rule, words, text.endswith("*"), local)
                if IDEOGRAPHS.search(bare):
                    unspaced.append(Entry(rule, (kana(fold(bare)).replace(" ", ""), bare), True, False))
                elif entry.open_ended and len(words) == 1:
                    if len(words[0]) < _STEM:
                        raise ValueError(f"{text!r} in {rule}: a word that may go on needs {_STEM} letters")
                    stems.setdefault(words[0][:_STEM], []).append(entry)
                elif words:
                    exact.setdefault(words[0], []).append(entry)
                    glued = "".join(words)
                    if len(words) > 1 and len(glued) >= SHORTEST_GLUED and not entry.open_ended and glued.isalpha():
                        exact.setdefault(glued, []).append(Entry(rule, (glued,), False, local))
        return cls(
            {first: tuple(sorted(some, key=_longest)) for first, some in exact.items()},
            {first: tuple(some) for first, some in stems.items()},
            tuple(unspaced),
        )

    def at(self, said: Sequence[str], place: int) -> list[Entry]:
        """Every phrase that stands at this place."""
        word = said[place]
        exact, stems = self.exact.get(word), self.stems.get(word[:_STEM])
        if exact is None and stems is None:
            return []
        return [one for one in (*(exact or ()), *(stems or ())) if one.fits(said, place)]

    @classmethod
    def merged(
        cls, several: Iterable["Phrases"], ignores: frozenset[str] = frozenset(), *, abroad: bool = False
    ) -> Self:
        """Phrases of several languages as one; abroad, without those that other languages take for their own."""
        exact: dict[str, tuple[Entry, ...]] = {}
        stems: dict[str, tuple[Entry, ...]] = {}
        unspaced: tuple[Entry, ...] = ()
        for one in several:
            for first, some in one.exact.items():
                kept = tuple(entry for entry in some if not _is_left_out(entry, ignores, abroad=abroad))
                exact[first] = (*exact.get(first, ()), *kept)
            for first, some in one.stems.items():
                kept = tuple(entry for entry in some if not _is_left_out(entry, ignores, abroad=abroad))
                stems[first] = (*stems.get(first, ()), *kept)
            unspaced += one.unspaced
        return cls(exact, stems, unspaced)


def _is_left_out(entry: Entry, ignores: frozenset[str], *, abroad: bool) -> bool:
    return (abroad and entry.is_local) or (len(entry.words) == 1 and entry.words[0] in ignores)


def _longest(entry: Entry) -> int:
    return -len(entry.words)


@dataclass(frozen=True)
class Lexicon:
    """A language ready to be matched."""

    language: Language
    claims: Phrases
    numbers: Phrases
    units: Phrases
    ordinary: Phrases
    modifiers: Phrases
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    instructions: tuple[re.Pattern[str], ...]
    speech: tuple[re.Pattern[str], ...]
    scenes: tuple[re.Pattern[str], ...]
    function_words: frozenset[str]
    ignores: frozenset[str]
    put_together: re.Pattern[str]

    @classmethod
    def of(cls, language: Language) -> "Lexicon":
        """Compile a language. Raises ValueError or re.error where an entry cannot be matched."""
        return cls(
            language=language,
            claims=Phrases.of(language.kinds),
            numbers=Phrases.of({"number in words": language.numbers}),
            units=Phrases.of({"unit": language.units}),
            ordinary=Phrases.of({"ordinary": language.ordinary}),
            modifiers=Phrases.of({"altered wording": language.modifiers}),
            patterns=tuple((kind, _compiled(one)) for kind, some in language.patterns.items() for one in some),
            instructions=tuple(_compiled(one) for one in language.instructions),
            speech=tuple(_compiled(one) for one in language.speech),
            scenes=tuple(_compiled(one) for one in language.scenes),
            function_words=frozenset(fold(word) for word in language.function_words),
            ignores=frozenset(fold(word) for word in language.ignores),
            put_together=_number_words(language),
        )

    def number_at(self, said: Sequence[str], at: int) -> int:
        """How many words from this place on are one number: 0 where none begins here."""
        after = at
        while after < len(said):
            listed = self.numbers.at(said, after)
            if listed:
                after += len(listed[0].words)
                continue
            is_joint = at < after and said[after] in self.joints and self.is_number(said, after + 1)
            if not (is_joint or self.put_together.fullmatch(said[after])):
                break
            after += 1
        return after - at

    def is_number(self, said: Sequence[str], at: int) -> bool:
        """Whether a word is a number word."""
        return at < len(said) and bool(self.numbers.at(said, at) or self.put_together.fullmatch(said[at]))

    def is_put_together(self, number: Sequence[str]) -> bool:
        """Whether the words of one number are several, or one that is made of several."""
        return len(number) > 1 or not self.numbers.at(number, 0)

    @cached_property
    def joints(self) -> frozenset[str]:
        """Words that stand between two number words of one number."""
        return frozenset(fold(part) for part in self.language.number_parts)


@dataclass(frozen=True)
class Ear:
    """What is listened for in one locale: its own language, English and signs in full, others by their plain words."""

    home: tuple[Lexicon, ...]
    claims: Phrases
    abroad: Phrases
    ordinary: Phrases
    others: tuple[Lexicon, ...]
    counting: tuple[Lexicon, ...]

    @classmethod
    def of(cls, lexicons: Mapping[str, Lexicon], code: str) -> Self:
        """The rules for one language; for an unknown one, English and signs alone are at home."""
        home = tuple(one for name, one in lexicons.items() if name in (code, ENGLISH, BASE))
        others = tuple(one for name, one in lexicons.items() if name not in (code, ENGLISH, BASE))
        ignores = lexicons[code].ignores if code in lexicons else frozenset[str]()
        return cls(
            home=home,
            claims=Phrases.merged(
                Phrases.merged([one.claims], frozenset() if one.language.code == code else ignores) for one in home
            ),
            abroad=Phrases.merged((one.claims for one in others), ignores, abroad=True),
            ordinary=Phrases.merged(one.ordinary for one in lexicons.values()),
            others=others,
            counting=tuple(one for one in (*home, *others) if one.language.numbers),
        )


def _number_words(language: Language) -> re.Pattern[str]:
    """What finds a number that is written as one word: number words in a row, and what joins them."""
    words = [fold(one) for one in language.numbers if " " not in one and "*" not in one]
    if not words:
        return re.compile(r"(?!)")
    either = "|".join(map(re.escape, words))
    parts = "|".join(map(re.escape, [*words, *(fold(one) for one in language.number_parts)]))
    return re.compile(f"(?=.*(?:{either}))(?:{parts})+")


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern over folded text: its own letters are folded, its signs are left alone."""
    return re.compile("".join(mark if mark.isascii() else kana(fold(mark)) or mark for mark in pattern))
