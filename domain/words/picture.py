"""What a prompt would put into a picture or a voice: words on signs, spoken lines, prices, promises.

A prompt describes; so camera words and figures of a scene pass. What it puts in quotes, or orders to be written or
said, viewers will read and hear: that is held to the rules of any caption.
"""

import re
from collections.abc import Iterator

from callsheet.domain.finding import Finding
from callsheet.domain.seen import visible
from callsheet.domain.shot import Shot
from callsheet.domain.words.gate import WordGate
from callsheet.domain.words.rule import kana
from callsheet.domain.words.statement import folded_with_places, statements
from callsheet.domain.words.text import read

_QUOTED = re.compile(
    r"\"([^\"]{2,})\"|“([^”]{2,})[”\"]|„([^“”]{2,})[“”]|«([^»]{2,})»|「([^」]{2,})」|『([^』]{2,})』"
    r"|(?<!\w)[‘']((?:[^‘’']|(?<=\w)[’'](?=\w)){3,})[’'](?!\w)|`([^`]{2,})`"
)
_DESCRIBED = frozenset({"percentage", "price", "guarantee", "health", "endorsement"})
"""Statements that even a description may not make of the product; figures and comparisons of a scene are none."""
_SENTENCE = re.compile(r"[.;!?\n|]")


def vet_shot(gate: WordGate, shot: Shot) -> list[Finding]:
    """Everything wrong with the words of a shot: what it describes, what it would write or say, whom it names."""
    found: list[Finding] = []
    texts = {"subject": shot.subject, "action": shot.action, "setting": shot.setting, "audio": shot.audio}
    texts["prompt"] = shot.prompt
    for what, text in texts.items():
        place = f"{shot.id}, {what}"
        found += gate.named(place, text)
        found += gate.strangers(place, text)
        found += gate.ordered(place, text)
        found += gate.banned(place, text)
        for words in dict.fromkeys(ordered_words(gate, text)):
            found += [
                one.model_copy(update={"text": text}) for one in gate.said(f"{place}, words to show or say", words)
            ]
        found += _described(gate, place, text)
    found += gate.ordered(f"{shot.id}, negative prompt", shot.negative_prompt)
    return list(dict.fromkeys(found))


def ordered_words(gate: WordGate, text: str) -> Iterator[str]:
    """The words that a prompt asks to be written or spoken."""
    for match in _QUOTED.finditer(text):
        yield next(piece for piece in match.groups() if piece is not None).strip()
    line = read(visible(text.replace("\u2019", "'")))
    folded, places = folded_with_places(line)
    folded = kana(folded)
    for lexicon in gate.rules.lexicons.values():
        for pattern in lexicon.speech:
            for match in pattern.finditer(folded):
                start = match.start("words")
                stop = _SENTENCE.search(folded, start)
                end = stop.start() if stop else len(folded)
                if start < end:
                    yield line.text[places[start] : places[end - 1] + 1].strip()


def _described(gate: WordGate, place: str, text: str) -> list[Finding]:
    """Statements about the product that a description makes without quoting anything."""
    line = read(text)
    covered = [(one.start, one.end) for one in gate.approved_in(text)]
    fix = "describe what the camera sees; state nothing about the product that is not an approved claim"
    return [
        Finding(rule=f"claims: {one.rule}", place=place, evidence=f"{one.words!r} in {text!r}", fix=fix, text=text)
        for one in statements(line, gate.rules, gate.locale, covered)
        if one.rule in _DESCRIBED
    ]
