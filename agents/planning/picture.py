"""What new words for a picture would break: the rules that clear a plan, asked before the words are taken over."""

import re
from collections.abc import Iterable
from datetime import date

from callsheet.agents.planning.claims import is_clean
from callsheet.agents.planning.wording import word_shot
from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import speaks
from callsheet.domain.claim import LegalBook
from callsheet.domain.clearance import SHORTEST_DESCRIPTION
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId
from callsheet.domain.seen import fold, mentions
from callsheet.domain.shot import Shot
from callsheet.domain.words.gate import WordGate
from callsheet.domain.words.picture import vet_shot
from callsheet.tools.rules.shipped import shipped_rules

_ANY_DAY = date(2000, 1, 1)
_YOUNG = re.compile(
    r"\b(?:child(?:ren|hood|like)?|kids?|boys?|girls?|teens?|teen-?agers?|teenaged?|minors?|bab(?:y|ies)|toddlers?"
    r"|infants?|newborns?|adolescents?|youngsters?|school(?:boy|girl|child|kid|children)\w*|pupils?|juniors?|underage"
    r"|(?:\w+[- ]){1,3}years?[- ]old)\b"
)
"""Words for somebody who may be under age, as `fold` leaves them. One too many only keeps a wish out of a film."""


def picture_faults(
    campaign: Campaign, text: str, before: Shot, after: Shot, day: date | None, people: Iterable[Cameo]
) -> tuple[str, ...]:
    """What is wrong with a text that made one shot into another, each as a phrase; nothing where it may be taken over.

    `people` are all who are known; only who is cast in the shot as it was may be told by their description or name.
    """
    found: list[str] = []
    if not is_clean(text, campaign, day):
        found.append("it promises something, gives an order, or says what the brand avoids")
    if _YOUNG.search(fold(text)):
        found.append("it shows somebody who may be under age")
    if speaks(after) and not speaks(before):
        found.append("it has somebody heard")
    others = [one for one in people if one.id != after.cameo]
    found += [f"it describes {one.id}, who is not cast here" for one in others if _describes(text, one)]
    cast = frozenset[CameoId]() if after.cameo is None else frozenset({after.cameo})
    found += [f"{one.evidence} ({one.rule})" for one in _new_findings(campaign, before, after, day, people, cast)]
    return tuple(dict.fromkeys(found))


def _describes(text: str, person: Cameo) -> bool:
    return len(fold(person.description)) >= SHORTEST_DESCRIPTION and mentions(text, person.description)


def _new_findings(
    campaign: Campaign, before: Shot, after: Shot, day: date | None, people: Iterable[Cameo], cast: frozenset[CameoId]
) -> list[Finding]:
    book = LegalBook(claims=campaign.claims, disclosures=campaign.disclosures, topics=campaign.topics)
    gate = WordGate(campaign, book, shipped_rules(), day or _ANY_DAY, campaign.locale, tuple(people), cast)
    known = {(one.rule, one.place) for one in vet_shot(gate, word_shot(campaign, before))}
    found = vet_shot(gate, word_shot(campaign, after))
    return [one for one in found if one.weight == "stops" and (one.rule, one.place) not in known]
