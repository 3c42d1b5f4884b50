"""A storyboard in parts, as a small model can write it: the film in outline, then each shot, then each variant's words.

Each part has a general form and a narrow one for the question at hand, in which only usable words can be chosen: a
server that decodes by schema cannot cite an unknown fact, cast a stranger by id or repeat the last framing.
"""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from callsheet.agents.planning.draft import BeatDraft
from callsheet.domain.record import Record
from callsheet.domain.shot import Framing, Light, Movement, ProductPresence
from callsheet.prompts.library import Beat

NOTHING = "none"
"""What a part says where it names nobody and shows nothing."""

MOST_CALLOUTS = 3
"""More than these in one film are not remembered, and each needs its time to be read."""


Sentence = Annotated[str, Field(min_length=3, max_length=200)]
Caption = Annotated[str, Field(max_length=90)]


class OutlineDraft(Record):
    """A film in outline: `shots` says in a sentence each what the camera sees happen."""

    title: str = Field(min_length=3, max_length=120)
    idea: str = Field(min_length=3, max_length=300, description="One sentence: what happens, and what is different.")
    hero: str = Field(min_length=3, max_length=200, description="Whom or what the film follows, with clothes.")
    place: str = Field(min_length=3, max_length=200, description="Where it happens.")
    shots: tuple[Sentence, ...]


class ShotDraft(Record):
    """One shot in words."""

    subject: str = Field(min_length=3, max_length=200, description="Who or what is seen; no names of people.")
    action: str = Field(min_length=3, max_length=300, description="What it does, as a sentence after the subject.")
    setting: str = Field(min_length=3, max_length=200, description="The place, in words for a picture.")
    sound: str = Field(max_length=160, description="What is heard in this place.")
    framing: Framing
    movement: Movement
    light: Light
    product: ProductPresence
    cameo: str = Field(default=NOTHING, description="Id of a listed person, or none.")


class CalloutLine(Record):
    """Which fact or claim stands over which shot."""

    shot: int = Field(ge=1, description="Number of the shot, from 1.")
    show: str = Field(description="Id of the fact or claim that is shown word for word.")


class PanelsDraft(Record):
    """What one variant writes over the shots, in the order they were planned, and with which of them it opens."""

    captions: tuple[Caption, ...] = Field(description="A short line for each shot, or an empty one.")
    call_to_action: str = Field(max_length=60)
    callouts: tuple[CalloutLine, ...]
    opens_with: int = Field(default=1, ge=1, description="Number of the shot that comes first.")


def outline_form(shots: int) -> type[OutlineDraft]:
    """An outline of exactly so many shots."""
    told: Any = (tuple[Sentence, ...], Field(min_length=shots, max_length=shots))
    return create_model("OutlineDraft", __base__=OutlineDraft, shots=told)


def shot_form(cameos: Collection[str], *, has_picture: bool, after: Framing | None) -> type[ShotDraft]:
    """A shot with only listed people in it, and not framed like the shot before it."""
    framings = tuple(one.value for one in Framing if one != after)
    products = ("none", "shown", "exact") if has_picture else ("none", "shown")
    fields: dict[str, Any] = {
        "framing": (Literal[framings], ...),
        "product": (Literal[products], ...),
        "cameo": (Literal[(NOTHING, *cameos)], ...),
    }
    return create_model("ShotDraft", __base__=ShotDraft, **fields)


def panels_form(shots: int, callouts: Sequence[str], *, may_reorder: bool) -> type[PanelsDraft]:
    """The words of one variant of so many shots, with nothing to cite but these callouts; at least one where it can."""
    number: Any = (Literal[tuple(range(1, shots + 1))], ...)
    shown: Any = (Literal[(*callouts,) or (NOTHING,)], ...)
    line = create_model("CalloutLine", __base__=CalloutLine, shot=number, show=shown)
    most = min(len(callouts), MOST_CALLOUTS, shots)
    fields: dict[str, Any] = {
        "captions": (tuple[Caption, ...], Field(min_length=shots, max_length=shots)),
        "callouts": (tuple[line, ...], Field(min_length=min(1, most), max_length=most)),
        "opens_with": (Literal[tuple(range(1, shots + 1 if may_reorder else 2))], ...),
    }
    return create_model("PanelsDraft", __base__=PanelsDraft, **fields)


def outline_of(title: str, idea: str, beats: Sequence[BeatDraft]) -> OutlineDraft:
    """The outline that a whole draft follows. It is not held to the form: a person may have edited a text short."""
    told = tuple(f"{one.subject} {one.action}"[:200] for one in beats)
    first = beats[0]
    return OutlineDraft.model_construct(
        title=title[:120], idea=idea[:300], hero=first.subject[:200], place=_place(first), shots=told
    )


def shot_of(beat: BeatDraft) -> ShotDraft:
    """The words of one shot of a whole draft. They are not held to the narrow form."""
    said = {field: getattr(beat, field) for field in ShotDraft.model_fields if field != "cameo"}
    return ShotDraft.model_construct(**said, cameo=beat.cameo or NOTHING)


def beat_of(beat: Beat, shot: ShotDraft) -> BeatDraft:
    """A shot as every planner proposes it."""
    return BeatDraft(
        beat=beat,
        subject=shot.subject,
        action=shot.action,
        setting=shot.setting,
        framing=Framing(shot.framing),
        movement=Movement(shot.movement),
        light=Light(shot.light),
        product=shot.product,
        cameo=None if shot.cameo == NOTHING else shot.cameo,
        sound=shot.sound,
    )


def _place(beat: BeatDraft) -> str:
    return beat.setting[:200] if len(beat.setting) >= 3 else "one place"
