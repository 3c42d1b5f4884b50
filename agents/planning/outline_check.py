"""A film in outline: everything wrong with it before its shots are asked for, and what a rule takes out of it."""

from callsheet.agents.planning.parts import OutlineDraft
from callsheet.agents.planning.telling import avoided, briefly, children_in, is_copied, names_in, unnamed
from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.seen import fold
from callsheet.prompts.library import casting_words


def check_outline(campaign: Campaign, outline: OutlineDraft, shots: int, shown: str) -> tuple[Finding, ...]:
    """Every way in which an outline cannot become the wanted film. `shown` is the prompt's own text."""
    found: list[Finding] = []
    if len(outline.shots) != shots:
        found.append(_finding("draft.shots", "shots", f"{len(outline.shots)} sentences", f"write exactly {shots}"))
    if names := names_in(campaign, outline.hero, outline.idea, *outline.shots):
        fix = "say a woman or a man instead of a name"
        found.append(_finding("draft.name", "hero", f"{', '.join(names)} in {outline.hero!r}", fix))
    said: set[str] = set()
    texts = {"hero": outline.hero, **{f"shot {number}": one for number, one in enumerate(outline.shots, 1)}}
    for place, text in texts.items():
        if fold(text) in said:
            found.append(_finding("draft.repeated", place, repr(text), "let something else happen"))
        said.add(fold(text))
        if is_copied(text, shown):
            found.append(_finding("draft.copied", place, repr(text), "these words are the instruction's; use your own"))
        if children := children_in(text):
            found.append(_finding("draft.child", place, ", ".join(children), "show adults only"))
        if words := avoided(campaign, text):
            found.append(_finding("draft.avoided", place, ", ".join(words), "show something else"))
    return tuple(found)


def mend_outline(campaign: Campaign, outline: OutlineDraft, stand_in: str) -> OutlineDraft:
    """The same outline about somebody without a name, or about the stand-in where only a name was said.

    Sentences that repeat stay: each becomes a shot of its own.
    """
    names = names_in(campaign, outline.hero, outline.idea, *outline.shots)
    hero = unnamed(outline.hero, names)
    if hero.startswith(casting_words().stranger) or children_in(hero) or avoided(campaign, hero):
        hero = stand_in
    them = briefly(hero)
    told = {"hero": hero, "idea": unnamed(outline.idea, names, them)}
    shots = tuple(unnamed(one, names, them) for one in outline.shots)
    return outline.model_copy(update={**told, "shots": shots})


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
