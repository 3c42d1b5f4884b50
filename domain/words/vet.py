"""The gate for words. Only approved wording may run, where and while it is approved.

`vet_line` finds claim-like text by rule (numbers, percentages, superlatives, comparisons, health, price and
guarantee language) and passes it only where an approved claim says the same.
"""

import re
import unicodedata
from datetime import date

from callsheet.domain.claim import Claim, is_in_force_everywhere
from callsheet.domain.record import Record
from callsheet.domain.seen import fold, visible


class ClaimFinding(Record):
    """A line says something that no approved claim covers. Names the words, why, and what would help."""

    line: str
    words: str
    rule: str
    fix: str


_NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozen)"
)
_UNIT = (
    r"(?:miles?|kilomet\w+|met(?:er|re)s?|feet|inch(?:es)?|grams?|kilos?|kilograms?|pounds?|ounces?|tons?|lit(?:er|re)s?|"
    r"gallons?|degrees?|watts?|volts?|calories|dollars?|euros?|cents?|stars?|hours?|weeks?|months?|years?)"
)
_ORDINARY = (
    r"(?:forest|honest|dishonest|harvest|request|interest|modest|latest|earliest|contest|protest|invest|digest|earnest|"
    r"tempest|manifest|inquest|conquest|arrest|priest|ingest|suggest|attest|detest|everest|budapest|ernest|midwest|"
    r"northwest|southwest|headrest|armrest|footrest|backtest|unrest|bequest)"
)
"""Words that end like a superlative and are none."""

_RULES: tuple[tuple[str, str], ...] = (
    ("number", r"\d[\d.,]*\s*(?:%|percent|x\b|times\b|[a-z]{1,12})?"),
    (
        "number in words",
        r"\b(?:half|halv\w+|twice|third|quarter|hundreds?|thousands?|millions?|billions?|percent|per cent|zero|dozens?|"
        r"doubl\w+|tripl\w+|quadrupl\w+|(?:two|three|four|five|ten|hundred|many)fold)\b",
    ),
    (
        "number in words",
        rf"\b{_NUMBER}(?:[ -]{_NUMBER})*[ -](?:out of|(?:in|of) (?:every )?{_NUMBER}|times|{_UNIT})\b"
        rf"|\b(?!one\b){_NUMBER}(?:[ -]{_NUMBER})*[ -](?:days?|minutes?|seconds?)\b",
    ),
    (
        "superlative",
        r"\b(?:best|most|least|leading|number[- ]one|no\.? ?1|ultimate|unbeatable|perfect\w*|only|top[- ]rated|"
        r"award[- ]winning|unrivall?ed|unmatched|unsurpassed|world[- ]class)\b",
    ),
    ("superlative", rf"\b(?!{_ORDINARY}\b)[^\W\d_]{{3,}}est\b"),
    (
        "comparison",
        r"\b(?:(?<!\bhide this )(?<!\bknow )(?<!\bknows )better|faster|lighter|stronger|cheaper|safer|"
        r"quicker|healthier|tougher)\b",
    ),
    ("comparison", r"\b(?!rather\b|other\b)(?:longer|more|less|fewer|\w{3,}er)\b(?:\s+\w+){0,3}\s+than\b"),
    (
        "comparison",
        r"\bout(?:run|ran|last|perform|pace|class|shin|sell|sold)\w*"
        r"|(?<!\bthe )\bbeats\b|\bbeat (?:all|any|every|the|other|them|rivals?)\b",
    ),
    (
        "guarantee",
        r"\b(?:gu?arant\w+|always|never|proven|certified|scientifically|risk[- ]free)\b",
    ),
    (
        "health",
        r"\b(?:cur(?:es?|ed|ing)|heal\w*|prevents?|treats?|relieves?|medic\w+|doctors?|clinic\w*|physicians?|"
        r"dermatolog\w+|dentists?)\b",
    ),
    ("price", r"(?:[$€£]\s*\d|\bfree\b|\bdiscount|\bsale\b|\bcheap\b|\blowest price)"),
)
_FIX = "use the wording of an approved claim, have one approved under claims, or drop these words"

_IMITATORS = ("GREEK", "CYRILLIC", "ARMENIAN", "COPTIC", "CHEROKEE", "LISU", "DESERET", "GOTHIC")
"""Alphabets with capitals or letters that a reader takes for Latin ones."""
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL"
_SPELLED_OUT = r"(?<!\w)(?:[a-z][ .,_*·•|/-]+){2,}[a-z](?!\w)"
"""Single letters in a row, as in B E S T or b.e.s.t."""


def vet_line(
    line: str, claims: tuple[Claim, ...], markets: tuple[str, ...], day: date, names: tuple[str, ...] = ()
) -> tuple[ClaimFinding, ...]:
    """Every claim-like piece of a line that no claim in force in all these markets covers.

    `names` are the product's and the brand's own: in a line, as in a claim, they are names and state nothing.
    """
    wordings = [claim.text for claim in claims if is_in_force_everywhere(claim, markets, day)]
    seen = fold(_mask(line, names))
    allowed = {fold(wording) for wording in wordings} | {fold(_mask(wording, names)) for wording in wordings}
    for wording in sorted(allowed, key=len, reverse=True):
        if whole := wording.rstrip("."):
            seen = re.sub(rf"(?<!\w){re.escape(whole)}(?!\w)", " ", seen)
    seen = re.sub(_PRIVATE, " ", seen)
    seen = " | ".join([seen, *_spelled_out(seen)])
    found = {(rule, match.group().strip()): None for rule, pattern in _RULES for match in re.finditer(pattern, seen)}
    return (
        *(ClaimFinding(line=line, words=words, rule=rule, fix=_FIX) for rule, words in found),
        *(
            ClaimFinding(line=line, words=word, rule="mixed alphabets", fix="write the whole line in one alphabet")
            for word in _mixed(re.sub(_PRIVATE, " ", _mask(line, names)))
            if not any(word in visible(wording) for wording in wordings)
        ),
    )


_PRIVATE = r"[\ue000-\uf8ff]"


def _mask(text: str, names: tuple[str, ...]) -> str:
    """Put a mark no reader can type in place of each name; whole words only: "es" takes nothing out of "best"."""
    masked = re.sub(_PRIVATE, "", text)
    for place, name in enumerate(names):
        if name:
            masked = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", chr(0xE000 + place), masked)
    return masked


def _spelled_out(seen: str) -> list[str]:
    """Words spelled letter by letter, joined, from each of their letters on: the first may be a word of its own."""
    runs = [re.sub(r"[^a-z]", "", run.group()) for run in re.finditer(_SPELLED_OUT, seen)]
    return [run[start:] for run in runs for start in range(max(1, len(run) - 2))]


def _mixed(text: str) -> tuple[str, ...]:
    """Words that borrow the look of Latin letters from another alphabet, in a line that is otherwise Latin."""
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
