"""Words that came back: writing in the picture, speech, and names in both."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from callsheet.domain.finding import Finding
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.reading import is_slate, letters, masked, unordered, unordered_price
from callsheet.domain.scan.report import Looked, concluded
from callsheet.domain.scan.sighting import Entities, FindNames, Line, Speech, Text
from callsheet.domain.seen import fold
from callsheet.domain.words.name import Named

_SURE_READ = 800
_READABLE = 12
"""Thousandths of the picture's height: 15 px in 1280. Smaller writing is texture to a viewer on a phone."""
_LEAST_LETTERS = 3
_SURE_HEARD = 400
_LEAST_WORDS = 2
_MAYBE_READ = 500
_RUN = re.compile(r"\b[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)+")
_LONGEST = 80
_AGAIN = "the shot may be bought once more; if it comes back so again, change what the shot shows"


def judge_text(text: Text, expected: Expected, people: Sequence[str] = ()) -> Looked:
    """Prices and words that nobody ordered stop; what is too faint or too small to be sure of is noted."""
    permitted = (*expected.words, *expected.names, *text.on_product)
    findings: dict[str, Finding] = {}
    for line in text.lines:
        is_price = unordered_price(line.text, permitted)
        if not is_price and is_slate(line.text, expected.slate):
            continue
        read = f"{'price ' * is_price}{letters(line.text)}"
        if read in findings or not (is_price or unordered(line.text, permitted)):
            continue
        if is_price and line.sure >= _MAYBE_READ:
            findings[read] = _finding("scan.price", line.at, f"a price nobody ordered reads {_said(line.text, people)}")
        elif len(letters(line.text)) >= _LEAST_LETTERS:
            is_plain = line.sure >= _SURE_READ and line.height >= _READABLE
            evidence = f"words nobody ordered read {_said(line.text, people)}"
            findings[read] = _finding("scan.text", line.at, evidence, stops=is_plain)
    return concluded("text", tuple(findings.values()))


def judge_speech(speech: Speech, expected: Expected, people: Sequence[str] = ()) -> Looked:
    """Speech that nobody ordered stops; a murmur of which nobody is sure is noted."""
    if not speech.language:
        return concluded("speech", (), "the take has no sound")
    if expected.lines and not expected.language.casefold().startswith(speech.language):
        why = f"the lines are in {expected.language}, and the listener understands {speech.language} only"
        return Looked(check="speech", standing="not_looked", why=why)
    findings: list[Finding] = []
    for heard in speech.spoken:
        is_price = unordered_price(heard.text, expected.lines)
        is_murmur = len(heard.text.split()) < _LEAST_WORDS or not unordered(heard.text, expected.lines)
        if is_murmur and not is_price:
            continue
        what = _said(heard.text, people)
        if is_price:
            findings.append(_finding("scan.speech.price", heard.at, f"a voice names a price nobody ordered: {what}"))
        else:
            is_plain = heard.sure >= _SURE_HEARD
            findings.append(
                _finding("scan.speech", heard.at, f"a voice says what nobody ordered: {what}", stops=is_plain)
            )
    return concluded("speech", findings)


def judge_names(
    text: Text | None, speech: Speech | None, entities: Entities | None, expected: Expected, find: FindNames
) -> Looked:
    """Public figures and brands on the list stop; what merely looks like a name is noted."""
    permitted = (*expected.names, *expected.words)
    everything = _everything(text, speech)
    findings: dict[str, Finding] = {}
    for said, at in everything:
        for known in find(said, expected.names):
            findings.setdefault(fold(known.words), _listed(known, at))
    hints = [one.text for one in entities.found] if entities else []
    hints += [run for said, _ in everything for run in _RUN.findall(said)]
    listed = tuple(findings)
    for hint in dict.fromkeys(hints):
        if unordered(hint, (*permitted, *listed)):
            evidence = f"what may be a name: {masked(hint, (hint,))}"
            findings.setdefault(fold(hint), _finding("scan.name", Fraction(0), evidence, stops=False))
    return concluded("names", tuple(findings.values()))


def people_in(entities: Entities | None, find: FindNames, texts: Iterable[str]) -> tuple[str, ...]:
    """The people that texts name, so that nothing written down names them."""
    seen = [one.text for one in entities.found if one.kind == "person"] if entities else []
    seen += [known.words for text in texts for known in find(text, ()) if known.kind == "person"]
    return tuple(dict.fromkeys(seen))


def everything_said(text: Text | None, speech: Speech | None) -> tuple[str, ...]:
    """All that was read and heard, each once."""
    return tuple(dict.fromkeys(said for said, _ in _everything(text, speech)))


def _everything(text: Text | None, speech: Speech | None) -> list[tuple[str, Fraction]]:
    lines: Sequence[Line] = text.lines if text else ()
    read = [(line.text, line.at) for line in lines if line.sure >= _MAYBE_READ]
    return read + [(heard.text, heard.at) for heard in (speech.spoken if speech else ())]


def _listed(known: Named, at: Fraction) -> Finding:
    if known.kind == "brand":
        return _finding("scan.rival", at, f"a brand that is not the advertiser's is named: {known.name}")
    return _finding("scan.public_figure", at, f"a public figure is named: {masked(known.name, (known.name,))}")


def _finding(rule: str, at: Fraction, evidence: str, *, stops: bool = True) -> Finding:
    place = f"the take at {float(at):.1f} s"
    return Finding(rule=rule, place=place, evidence=evidence, fix=_AGAIN, weight="stops" if stops else "notes")


def _said(text: str, people: Sequence[str]) -> str:
    plain = " ".join("".join(mark if mark.isprintable() else " " for mark in masked(text, people)).split())
    return f'"{plain[:_LONGEST]}"'
