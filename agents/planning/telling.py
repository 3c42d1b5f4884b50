"""What is wrong with the sentences of a shot or an outline before anything is drawn: names, children, copied words."""

import re
from collections.abc import Iterable

from callsheet.domain.campaign import Campaign
from callsheet.domain.seen import fold, mentions
from callsheet.prompts.library import casting_words

_CHILDREN = frozenset(
    "baby babies boy boys child children daughter girl girls infant kid kids son teen teenager toddler schoolboy "
    "schoolgirl pupil newborn".split()
)
_UNFIT = re.compile(
    r"\b(?:naked|nude|topless|bare-?breasted|undress(?:es|ed|ing)?|strip(?:s|ped|ping)? (?:naked|down|off)"
    r"|(?:in|only|just) (?:her|his|their) (?:underwear|lingerie|panties|knickers|bra)"
    r"|(?:takes?|taking|took|pulls?|pulling|peels?|strips?|slips?) (?:off|out of) (?:\w+ )?(?:all )?(?:\w+ )?"
    r"(?:clothes|clothing|dress|skirt|trousers|pants|jeans|shirt|blouse|top|bra|underwear|swimsuit|bikini)"
    r"|remov(?:es|ing|ed?) (?:\w+ )?(?:all )?(?:\w+ )?(?:clothes|clothing|dress|skirt|trousers|bra|underwear)"
    r"|guns?|pistols?|rifles?|shotguns?|blood(?:y|ied)?|corpses?|stab(?:s|bed|bing)|strangl(?:es|ed|ing)"
    r"|punch(?:es|ed|ing) (?:her|him|them|a (?:man|woman|person)))\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OPENINGS = frozenset("a an the one two three some hands his her their close people women men woman man".split())
_CALLED = re.compile(r",? (?:named|called|whose name is) ([A-ZÀ-Þ][\w'’-]*)")
_COPIED = 4
"""Words in a row that make a line a copy of an example: a small model hands back what it was shown."""


def names_in(campaign: Campaign, who: str, *told: str) -> tuple[str, ...]:
    """Names of people in the words for a hero or a subject, and in a sentence that says what somebody is called.

    The texts are English, where only names have a capital inside a phrase. The campaign's own names are none.
    """
    known = _known(campaign)
    words = [match[0] for match in _WORD.finditer(who)]
    opens = words[:1] if words and fold(words[0]) not in _OPENINGS else []
    written = [*opens, *words[1:], *(match[1] for text in (who, *told) for match in _CALLED.finditer(text))]
    plain = (re.sub(r"['’]s$", "", word) for word in written)
    return tuple(dict.fromkeys(word for word in plain if word[:1].isupper() and fold(word) not in known))


def unnamed(text: str, names: Iterable[str], instead: str = "") -> str:
    """The text with nobody's name in it: `Sarah, a nurse` is a nurse, and elsewhere somebody else is said instead."""
    said = _CALLED.sub("", text)
    for name in names:
        said = re.sub(rf"^{re.escape(name)}(?: [A-ZÀ-Þ]\w+)?, (?=an? )", "", said)
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead or casting_words().stranger, said)
    return said


def briefly(hero: str) -> str:
    """How a hero is spoken of once they are known."""
    words = fold(hero).split()
    return next((f"the {word}" for word in ("woman", "man") if word in words), "the person")


def children_in(text: str) -> tuple[str, ...]:
    """Words for children in a text: nobody who could be taken for one is ever drawn."""
    return tuple(word for word in dict.fromkeys(_WORD.findall(fold(text))) if word in _CHILDREN)


def unfit_in(campaign: Campaign, text: str) -> tuple[str, ...]:
    """What no brand shows unless its own brief speaks of it: somebody undressing, armed or hurt."""
    own = _known(campaign)
    said = dict.fromkeys(match[0] for match in _UNFIT.finditer(fold(text)))
    return tuple(words for words in said if not own & {words, words.split()[-1]})


def avoided(campaign: Campaign, text: str) -> tuple[str, ...]:
    """What the brand never uses, as far as a text uses it."""
    return tuple(word for word in campaign.brand.avoid if mentions(text, word))


def is_copied(text: str, source: str) -> bool:
    """Whether a line repeats four words in a row of a prompt's own text, or is a shorter line of it in quotes."""
    said, shown = _WORD.findall(fold(text)), f" {' '.join(_WORD.findall(fold(source)))} "
    runs = (said[at : at + _COPIED] for at in range(len(said) - _COPIED + 1))
    quoted = {" ".join(_WORD.findall(fold(one))) for one in re.findall(r"\"([^\"]+)\"", source)}
    return any(f" {' '.join(run)} " in shown for run in runs) or (len(said) > 1 and " ".join(said) in quoted)


def _known(campaign: Campaign) -> frozenset[str]:
    about = campaign
    texts = [about.name, about.goal, about.product.name, about.product.description, about.product.category]
    texts += [about.brand.name, *about.product.short_names, *(fact.text for fact in about.product.facts)]
    texts += [f"{one.name} {one.setting} {one.hypothesis}" for one in about.audiences]
    return frozenset(word for text in texts for word in _WORD.findall(fold(text)))
