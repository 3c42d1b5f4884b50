"""Shots that a provider refused to draw, in other words: another picture that tells the same. No other shot changes."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from callsheet.agents.planning.wording import plain, shows_somebody, word_shot
from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ShotId
from callsheet.domain.record import Record
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.prompts.library import refused_words

RULE = "content_policy"
"""The rule of a finding that says a provider refused a shot; its place is the shot's id."""


class RewordedShot(Record):
    """One shot in other words."""

    shot: str = Field(description="Id of the shot.")
    subject: str = Field(description="Who or what is seen; no names of people.")
    action: str = Field(description="What the subject does, as a sentence that continues the subject.")
    setting: str = Field(description="The place, in words for a picture.")
    sound: str = Field(description="What is heard in this place.")


class RewordDraft(Record):
    """Every refused shot in other words."""

    shots: tuple[RewordedShot, ...]


def refused_shots(storyboard: Storyboard, refusals: Sequence[Finding]) -> tuple[Shot, ...]:
    """The shots that the refusals name, in playing order. Raises NotFound when there are none."""
    named = {finding.place for finding in refusals if finding.rule == RULE}
    found = tuple(shot for shot in storyboard.shots if shot.id in named)
    if not found:
        raise NotFound(f"no refused shot is in the storyboard: {', '.join(sorted(named)) or 'none was named'}")
    return found


def house_words(shots: Sequence[Shot], before: Mapping[ShotId, int]) -> RewordDraft:
    """The house's other pictures: the same people and a quieter action first, the product alone after that."""
    return RewordDraft(shots=tuple(_other(shot, before.get(shot.id, 0)) for shot in shots))


def _other(shot: Shot, refused_before: int) -> RewordedShot:
    words = refused_words()
    number = int("".join(mark for mark in shot.id if mark.isdigit()) or 0)
    if refused_before == 0 and shows_somebody(shot):
        action = words.quieter[number % len(words.quieter)]
        return RewordedShot(shot=shot.id, subject=shot.subject, action=action, setting=shot.setting, sound=shot.audio)
    alone = words.alone[(number + refused_before) % len(words.alone)]
    return RewordedShot(
        shot=shot.id,
        subject=alone.subject,
        action=alone.action,
        setting=shot.setting,
        sound=shot.audio,
    )


def check_words(draft: RewordDraft, shots: Sequence[Shot]) -> tuple[Finding, ...]:
    """Every way in which new words cannot take the place of the refused ones."""
    given = {one.shot: one for one in draft.shots}
    wanted = [shot.id for shot in shots]
    found = []
    if sorted(given) != sorted(wanted) or len(given) != len(draft.shots):
        found.append(
            _finding("shots", f"words for {', '.join(sorted(given)) or 'nothing'}", f"word {', '.join(wanted)}")
        )
    for shot in shots:
        new = given.get(shot.id)
        if new is None:
            continue
        if not (new.subject.strip() and new.action.strip() and new.setting.strip()):
            found.append(_finding(shot.id, "subject, action or setting is empty", "fill it"))
        elif (new.subject, new.action, new.setting) == (shot.subject, shot.action, shot.setting):
            found.append(_finding(shot.id, "the picture is the refused one", "choose another picture"))
    return tuple(found)


def apply_words(campaign: Campaign, storyboard: Storyboard, draft: RewordDraft) -> Storyboard:
    """The storyboard with these shots in their new words. Nobody is cast in a picture that no longer shows anybody."""
    given = {one.shot: one for one in draft.shots}

    def reworded(shot: Shot) -> Shot:
        new = given.get(shot.id)
        if new is None:
            return shot
        changed = shot.model_copy(
            update={
                "subject": plain(new.subject, 160),
                "action": plain(new.action, 240),
                "setting": plain(new.setting, 160),
                "audio": plain(new.sound, 160),
            }
        )
        if not shows_somebody(changed.model_copy(update={"cameo": None})):
            seen = "shown" if shot.product == "none" else shot.product
            changed = changed.model_copy(update={"cameo": None, "product": seen})
        return word_shot(campaign, changed)

    note = f"worded anew after the provider refused: {', '.join(sorted(given))}"
    shots = tuple(reworded(shot) for shot in storyboard.shots)
    return storyboard.model_copy(update={"shots": shots, "notes": (*storyboard.notes, note)})


def _finding(place: str, evidence: str, fix: str) -> Finding:
    return Finding(rule="draft.reword", place=place, evidence=evidence, fix=fix)
