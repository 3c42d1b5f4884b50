"""Whether a cut carries the label that its markets ask for, and what people are told about it at the release."""

from collections.abc import Sequence
from datetime import date

from callsheet.domain.cut import Cut, Super
from callsheet.domain.finding import Finding
from callsheet.domain.jurisdiction import Demand, Facts, LabelWords, Pack, demands
from callsheet.domain.labelling import JOINT, Labelling, height_of, language_of, seconds_of
from callsheet.domain.placement import Placement

_CUT_AGAIN = "let the Editor cut it again with the rules as they are now"


def clear_labels(
    pack: Pack, cut: Cut, facts: Facts, markets: Sequence[str], placement: Placement, day: date
) -> tuple[Finding, ...]:
    """Everything that stops a cut because it says too little about itself: no label, a small, short or hidden one.

    Judged from the rules of that day and from what the shots are, never from what the Editor says it laid.
    """
    where = cut.markets or tuple(markets)
    found = [*_invented(pack, cut)]
    for demand in demands(pack, facts, where, placement.platforms, day):
        if demand.rule.label is not None and (problem := _unmet(pack, cut, placement, demand)):
            law = f"{', '.join(demand.markets)}; {demand.rule.law}, from {demand.rule.starts} on"
            evidence = f"{demand.rule.where} ({law}): {problem[0]}"
            found.append(Finding(rule=f"label: {demand.rule.id}", place=cut.name, evidence=evidence, fix=problem[1]))
    return tuple(found)


def _invented(pack: Pack, cut: Cut) -> list[Finding]:
    """Labels whose words are not the pack's: other words have other rules, and are vetted by them."""
    known = {text for words in pack.words.values() for text in words.values()}
    return [
        Finding(
            rule="label: words", place=f"{cut.name}, label at frame {one.start}",
            evidence=f"{one.text!r} is no wording of the rules", fix=_CUT_AGAIN,
        )
        for one in cut.supers
        if one.kind == "label" and one.height and not set(one.text.split(JOINT)) <= known
    ]  # fmt: skip


def _unmet(pack: Pack, cut: Cut, placement: Placement, demand: Demand) -> tuple[str, str] | None:
    """What is wrong with the label that comes nearest, and what would put it right."""
    ask = demand.rule.label
    if ask is None:
        return None
    tongues = (ask.language,) if ask.language else (language_of(cut.locale), "en")
    accepted = tuple(_wordings(pack, ask.words, tongues))
    said = [one for one in cut.supers if one.kind == "label" and any(wording in one.text for wording in accepted)]
    if not said and ask.language:
        fix = (
            "install a typeface that has the letters, pip install 'callsheet[cjk]', and cut it again; "
            f"or leave {', '.join(demand.markets)} out"
        )
        return f"nothing says {accepted[0]!r}", fix
    if not said:
        return f"nothing says {accepted[0]!r}", _CUT_AGAIN
    tall = [one for one in said if (one.height or 0) >= height_of(ask)]
    if not tall:
        most = max(one.height or 0 for one in said)
        return f"{said[0].text!r} is {most} permille of the shorter side, not {height_of(ask)}", _CUT_AGAIN
    if not any(_stands(one, cut, demand) for one in tall):
        needed = "every frame" if ask.span == "throughout" else f"the first {float(seconds_of(ask)):g} s"
        return f"{tall[0].text!r} does not stand on {needed}", _CUT_AGAIN
    if not cut.safe.holds(placement.margins):
        return f"{tall[0].text!r} stands where {placement.id} is covered by the platform", _CUT_AGAIN
    return None


def _wordings(pack: Pack, words: LabelWords, tongues: Sequence[str]) -> list[str]:
    """Wordings that say at least this much: one that names the performer says that it is generated, too."""
    enough: tuple[LabelWords, ...] = ("generated", "performer") if words == "generated" else ("performer",)
    return [pack.words[tongue][one] for tongue in tongues if tongue in pack.words for one in enough]


def _stands(text: Super, cut: Cut, demand: Demand) -> bool:
    ask = demand.rule.label
    if ask is None or text.start:
        return False
    return text.frames >= (cut.frames if ask.span == "throughout" else seconds_of(ask) * cut.rate)


def label_notices(pack: Pack, labellings: Sequence[Labelling], day: date) -> tuple[str, ...]:
    """What a release gate shows: which label, by which rules from when, for which markets, and what is uncertain."""
    notices: list[str] = []
    for one in dict.fromkeys(labellings):
        where = ", ".join(one.markets)
        if one.text:
            stands = "on every frame" if one.span == "throughout" else f"for the first {float(one.seconds):g} s"
            size = f"capitals {one.height / 10:g} % of the shorter side"
            rules = _listed([each for each in one.demands if each.rule.label])
            notices.append(f"label {one.text!r} {stands}, {size}, for {where}: {rules}")
        else:
            notices.append(f"no label for {where}: no rule of the pack asks for one there")
    every = list({each.rule.id: each for one in labellings for each in one.demands}.values())
    if flagged := [each for each in every if each.rule.flag]:
        notices.append(f"to declare at upload (in the .publish.json beside the file): {_listed(flagged)}")
    notices += [
        f"uncertain: {each.rule.id}: {each.rule.note}"
        for each in every
        if not each.rule.is_certain and each.rule.label is not None
    ]
    notices += [
        f"metadata {', '.join(each.rule.metadata)} asked for by {each.rule.id} is not written here: add it at upload"
        for each in every
        if each.rule.metadata
    ]
    if pack.is_stale(day):
        age = (day - pack.checked).days
        notices.append(
            f"the rules on labels were last checked on {pack.checked}, {age} days ago: laws may have changed since"
        )
    return tuple(notices)


def _listed(found: Sequence[Demand]) -> str:
    return ", ".join(f"{each.rule.id} (since {each.rule.starts})" for each in found)
