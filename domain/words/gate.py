"""One line before the gate: claims, names, banned topics, orders to machines; each finding has its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import Claim, LegalBook
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId
from callsheet.domain.seen import fold
from callsheet.domain.words.approved import Place, find_approved, in_force, wordings
from callsheet.domain.words.instruction import find_orders
from callsheet.domain.words.name import Named, find_emblems, find_names, listed_word
from callsheet.domain.words.person import people_in, without_names
from callsheet.domain.words.rule import Rules, code_of
from callsheet.domain.words.text import Line, disguised, read
from callsheet.domain.words.topic import is_taken_apart
from callsheet.domain.words.vet import Asked, ClaimFinding, banned_topics, vet_line

_WHOSE = {"person": "public figure", "brand": "brand"}


@dataclass(frozen=True)
class WordGate:
    """What a text is held against: one campaign, what legal has said, the rules, a day, and a language.

    `people` are known besides the campaign's own. Only who is in `cast` may be named: cast here, and covered.
    """

    campaign: Campaign
    book: LegalBook
    rules: Rules
    day: date
    locale: str
    people: tuple[Cameo, ...] = ()
    cast: frozenset[CameoId] = frozenset()

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that may run everywhere the campaign runs, in this language."""
        return in_force(self.book.claims, self.campaign.markets, self.day, self.locale)

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """The product's and the brand's names: names, not statements, whatever words they are made of."""
        about = self.campaign
        return tuple(name for name in (about.product.name, about.brand.name, *about.product.short_names) if name)

    @cached_property
    def _allowed_names(self) -> tuple[str, ...]:
        approved = (wording for claim in self.claims for wording in wordings(claim)[:50])
        return (*self.own_names, *(one.name for one in self.campaign.cameos), *approved)

    @cached_property
    def _glossary(self) -> frozenset[str]:
        about = self.campaign
        texts = [about.name, about.goal, about.product.description, about.product.category, about.brand.legal_line]
        texts += [about.brand.call_to_action, *self._allowed_names, *(fact.text for fact in about.product.facts)]
        texts += [f"{one.name} {one.setting} {one.hypothesis}" for one in about.audiences]
        return frozenset(word for text in texts for word in read(text).said)

    def said(self, place: str, text: str) -> list[Finding]:
        """Everything wrong with a text that viewers see or hear."""
        found = self._as_findings(place, text, vet_line(text, self.book, self.rules, self._asked))
        found += [*self.named(place, text), *self.ordered(place, text), *self._unknown_names(place, text)]
        named = self._strangers_in(text)
        found = [one.model_copy(update={"evidence": without_names(one.evidence, named)}) for one in found]
        return [*found, *self.strangers(place, text)]

    def banned(self, place: str, text: str) -> list[Finding]:
        """Subjects this advertiser never touches, in a text that describes a picture."""
        return self._as_findings(place, text, banned_topics(text, read(text), self.book, self.rules, self._asked))

    @cached_property
    def _asked(self) -> Asked:
        return Asked(markets=self.campaign.markets, day=self.day, locale=self.locale, names=self.own_names)

    @staticmethod
    def _as_findings(place: str, text: str, found: Iterable[ClaimFinding]) -> list[Finding]:
        return [
            Finding(
                rule=f"claims: {one.rule}", place=place, evidence=f"{one.words!r} in {text!r}", fix=one.fix, text=text
            )
            for one in found
        ]

    @cached_property
    def _everybody(self) -> tuple[Cameo, ...]:
        return tuple({one.id: one for one in (*self.campaign.cameos, *self.people)}.values())

    @cached_property
    def _nameable(self) -> tuple[str, ...]:
        names = [one.name for one in self._everybody if one.id in self.cast]
        return (*self.own_names, *names, *(part for name in names for part in name.split()))

    def strangers(self, place: str, text: str) -> list[Finding]:
        """People whom a text names though they are not cast here, or no release covers this use of them: the campaign's
        by any part of their name, others by the whole.

        No approved wording lets a name pass: legal approves what is said, the person whether they are named.
        """
        named = self._strangers_in(text)
        masked = without_names(text, named)
        quoted = "in disguise" if people_in(masked, named) else f"in {masked!r}"
        why = "who is not cast and covered here"
        return [
            Finding(
                rule="cast: named", place=place, evidence=f"it names {one.id}, {quoted}, {why}",
                fix=f"take the name out, or cast {one.id} under a release that covers this use",
            )
            for one in named
        ]  # fmt: skip

    def _strangers_in(self, text: str) -> tuple[Cameo, ...]:
        mine = {one.id: one for one in self.campaign.cameos if one.id not in self.cast}
        others = [one for one in self.people if one.id not in self.cast and one.id not in mine]
        named = people_in(text, mine.values(), self._nameable, self.rules.names.words)
        return (*named, *people_in(text, others, self._nameable, whole=True))

    def named(self, place: str, text: str) -> list[Finding]:
        """Public figures and brands in a text that are neither the campaign's own nor in an approved wording."""
        lexicon = self.rules.lexicons.get(code_of(self.locale))
        tell = lexicon is None or not lexicon.language.capital_nouns
        return [
            Finding(
                rule=f"names: {_WHOSE[one.kind]}",
                place=place,
                evidence=f"{one.words!r} in {text!r}",
                fix=f"take {one.name} out, or have a wording with the name approved as a claim",
                text=text,
            )
            for one in (
                *find_names(text, self.rules.names, self._allowed_names, capitals_tell=tell),
                *self._disguised_names(text),
            )
        ] + self._emblems(place, text)

    def _disguised_names(self, text: str) -> Iterable[Named]:
        """Names that were spelled out or parted, as in N.I.K.E."""
        own = {fold(name) for name in self._allowed_names}
        for one in disguised(read(text)):
            if (
                one.word not in own
                and is_taken_apart(one.written, one.word)
                and (named := listed_word(one.word, self.rules.names))
            ):
                yield named

    def _emblems(self, place: str, text: str) -> list[Finding]:
        fix = "describe something that no other brand is known by"
        return [
            Finding(rule="names: emblem", place=place, evidence=f"{words!r} in {text!r}", fix=fix, text=text)
            for words in find_emblems(text, self.rules.names)
        ]

    def ordered(self, place: str, text: str) -> list[Finding]:
        """Orders to a machine in a text. It is data: nothing obeys it, and nobody wants to read it in an advert."""
        fix = "take these words out; text is shown or described, and never an instruction"
        return [
            Finding(rule="instruction", place=place, evidence=f"{words!r} in {text!r}", fix=fix, text=text)
            for words in find_orders(text, self.rules)
        ]

    def approved_in(self, text: str) -> tuple[Place, ...]:
        """The approved wordings that stand in a text."""
        return find_approved(read(text), self.claims)

    def _unknown_names(self, place: str, text: str) -> Iterable[Finding]:
        """Words in a row with capitals that nobody of the campaign uses: perhaps somebody's name, so a note."""
        lexicon = self.rules.lexicons.get(code_of(self.locale))
        if lexicon is None or lexicon.language.capital_nouns:
            return []
        fix = "make sure that it names nobody, or add it to the words of the campaign"
        return [
            Finding(
                rule="names: unknown", place=place, evidence=f"{run!r} in {text!r}", fix=fix, weight="notes", text=text
            )
            for run in capital_runs(read(text), self._glossary)
        ]


SHORT_WORD = 4


def capital_runs(line: Line, glossary: frozenset[str]) -> list[str]:
    """Two or more words in a row with capitals, inside running text, of which the glossary knows none."""
    shown = [line.text[word.start : word.end] for word in line.words]
    long = [text for text in shown if len(text) >= SHORT_WORD and text.isalpha()]
    if not any(text.islower() for text in long) or sum(text[:1].isupper() for text in long) * 5 > len(long) * 3:
        return []
    runs: list[list[int]] = [[]]
    for at, word in enumerate(line.words):
        opens = at == 0 or word.sentence != line.words[at - 1].sentence
        if shown[at][:1].isupper() and not opens and word.folded not in glossary:
            runs[-1].append(at)
        else:
            runs.append([])
    return [line.text[line.words[run[0]].start : line.words[run[-1]].end] for run in runs if len(run) > 1]
