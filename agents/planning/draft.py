"""A storyboard draft is what a planner proposes, model or house. It is small; everything exact follows after it."""

from pydantic import Field

from callsheet.domain.record import Record
from callsheet.domain.shot import Framing, Light, Movement, ProductPresence
from callsheet.prompts.library import Beat


class BeatDraft(Record):
    """One shot as proposed."""

    beat: Beat
    subject: str = Field(description="Who or what is seen, with clothes or material; no names of people.")
    action: str = Field(description="What the subject does, as a sentence that continues the subject.")
    setting: str = Field(description="The place, in words for a picture.")
    framing: Framing
    movement: Movement
    light: Light
    product: ProductPresence = Field(description="exact: the product must match its picture.")
    cameo: str | None = Field(description="Id of a listed person, or null.")
    sound: str = Field(description="What is heard in this place.")


class PanelDraft(Record):
    """A shot's place in a variant: `beat` is the number of the shot, from 1."""

    beat: int
    caption: str = Field(description="A short spoken line, or empty.")
    fact: str | None = Field(description="Id of the catalog fact shown as callout, or null.")
    claim: str | None = Field(description="Id of the approved claim shown as callout, or null.")


class VariantDraft(Record):
    """One audience's version. `beats` is empty where variants share the shots of the storyboard."""

    audience: str
    panels: tuple[PanelDraft, ...]
    call_to_action: str
    beats: tuple[BeatDraft, ...]


class StoryboardDraft(Record):
    """A whole proposal. The first variant is the master."""

    title: str
    idea: str = Field(description="One sentence: what happens, and why anybody would watch it.")
    beats: tuple[BeatDraft, ...]
    variants: tuple[VariantDraft, ...]
