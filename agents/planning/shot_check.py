"""One shot in words: everything wrong with it before it is a shot, and what a rule puts in the place of that."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from callsheet.agents.planning.draft import BeatDraft
from callsheet.agents.planning.telling import avoided, children_in, is_copied, names_in, unfit_in, unnamed
from callsheet.agents.planning.vetting import plan_gate
from callsheet.agents.planning.wording import plain, word_shot
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import speaks
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.seen import mentions
from callsheet.domain.shot import Shot
from callsheet.domain.words.picture import vet_shot
from callsheet.prompts.library import casting_words, refused_words

FIELDS = {"subject": 160, "action": 240, "setting": 160, "sound": 160}
"""Characters that each text of a shot may have."""


def check_shot(campaign: Campaign, shot: ShotId, beat: BeatDraft, shown: str, day: date | None) -> tuple[Finding, ...]:
    """Every way in which these words cannot become a shot. Each finding's place ends with the text it is about.

    `shown` is the prompt's own text, which must not come back as the answer.
    """
    found: list[Finding] = []
    for field, most in FIELDS.items():
        text, place = getattr(beat, field), f"{shot}, {field}"
        if not text.strip() and field != "sound":
            found.append(_finding("draft.empty", place, "nothing is said", "say it"))
        if len(text) > most:
            found.append(_finding("draft.long", place, f"{len(text)} characters", f"use at most {most}"))
        if is_copied(text, shown):
            found.append(_finding("draft.copied", place, repr(text), "these words are the instruction's; use your own"))
        if children := children_in(text):
            found.append(_finding("draft.child", place, ", ".join(children), "show adults only"))
        if unfit := unfit_in(campaign, text):
            found.append(_finding("draft.unfit", place, ", ".join(unfit), "show something that fits any audience"))
        if words := avoided(campaign, text):
            found.append(_finding("draft.avoided", place, ", ".join(words), "show something else"))
    if names := names_in(campaign, beat.subject):
        fix = "say a woman or a man instead of a name"
        found.append(_finding("draft.name", f"{shot}, subject", f"{', '.join(names)} in {beat.subject!r}", fix))
    found += _gated(campaign, worded_shot(campaign, shot, beat), day)
    return tuple(found)


def mend_shot(campaign: Campaign, beat: BeatDraft, findings: Sequence[Finding], hero: str = "") -> BeatDraft:
    """The same shot with the film's hero, or the house's plain words, wherever a finding names a text."""
    said: dict[str, str] = {}
    for finding in findings:
        field = finding.place.rpartition(", ")[2]
        if field not in FIELDS:
            continue
        text = said.get(field) or str(getattr(beat, field))
        if finding.rule == "draft.name":
            said[field] = unnamed(text, names_in(campaign, text))
        elif finding.rule == "draft.long":
            said[field] = plain(text, FIELDS[field])
        elif field == "subject" and hero and hero != beat.subject:
            said[field] = hero
        else:
            said[field] = _instead(field)
    return beat.model_copy(update=said)


def as_cast(campaign: Campaign, beat: BeatDraft) -> BeatDraft:
    """Whoever is cast looks as their record says: a release is about that person and no other."""
    who = next((one.description for one in campaign.cameos if one.id == beat.cameo), "")
    return beat.model_copy(update={"subject": who}) if who and not mentions(beat.subject, who) else beat


def worded_shot(campaign: Campaign, shot: ShotId, beat: BeatDraft) -> Shot:
    """The shot as it would be asked for; lengths are chosen elsewhere."""
    drawn = Shot(
        id=shot,
        beat=beat.beat,
        subject=plain(beat.subject, 160),
        setting=plain(beat.setting, 160),
        action=plain(beat.action, 240),
        framing=beat.framing,
        movement=beat.movement,
        light=beat.light,
        seconds=Fraction(1),
        purchased_seconds=1,
        product=beat.product,
        cameo=CameoId(beat.cameo) if beat.cameo else None,
        audio=plain(beat.sound, 160),
        prompt="",
    )
    return word_shot(campaign, drawn)


def _gated(campaign: Campaign, shot: Shot, day: date | None) -> list[Finding]:
    """What the gate for words would stop, and what Casting would refuse, said of the text that it is about."""
    gate = plan_gate(campaign, day, cast=[shot.cameo] if shot.cameo else [])
    renamed = {"audio": "sound"}
    found: list[Finding] = []
    for one in vet_shot(gate, shot):
        where = one.place.split(", ")[1]
        if one.weight == "stops" and where != "prompt":
            found.append(one.model_copy(update={"place": f"{shot.id}, {renamed.get(where, where)}"}))
    texts = {"subject": shot.subject, "action": shot.action, "setting": shot.setting, "sound": shot.audio}
    for field, text in texts.items():
        if shot.cameo and speaks(shot.model_copy(update=_only(field, text))):
            found.append(_finding("draft.speech", f"{shot.id}, {field}", repr(text), "a cast person says nothing"))
        if not shot.cameo and any(_is_described(campaign, index, text) for index in range(len(campaign.cameos))):
            fix = "cast this person by id, or show somebody else"
            found.append(_finding("cast", f"{shot.id}, {field}", "it describes a listed person who is not cast", fix))
    return found


def _only(field: str, text: str) -> dict[str, str]:
    emptied = dict.fromkeys(("subject", "action", "setting", "audio", "prompt"), "")
    return {**emptied, "audio" if field == "sound" else field: text}


def _is_described(campaign: Campaign, index: int, text: str) -> bool:
    cameo = campaign.cameos[index]
    return mentions(text, cameo.name) or (bool(cameo.description) and mentions(text, cameo.description))


def _instead(field: str) -> str:
    words = {
        "subject": casting_words().stranger,
        "action": refused_words().quieter[0],
        "setting": casting_words().place,
        "sound": "",
    }
    return words[field]


def _finding(rule: str, place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule=rule, place=place, evidence=evidence, fix=fix)
