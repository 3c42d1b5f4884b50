"""The storyboard as the report shows it: each variant's panels with the circled take, the words and their citations."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import CameoId, ClaimId, FactId, ShotId
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import EndCardPlan, Panel, Storyboard, VariantPlan
from callsheet.domain.take import Take
from callsheet.studio.story import Round, Story


@dataclass(frozen=True)
class Cited:
    """Where a callout's words come from. A citation that resolves to nothing says so."""

    kind: str
    id: str
    text: str


@dataclass(frozen=True)
class PanelView:
    """One panel: the shot, its circled take if there is one, how long it plays, and the words over it."""

    number: int
    shot: Shot
    take: Take | None
    used: Fraction
    bought: int
    caption: str
    callout: str
    cited: tuple[Cited, ...]
    person: str
    replaces: str = ""

    @property
    def share(self) -> int:
        """How much of the purchased seconds plays, in percent."""
        return round(self.used / self.bought * 100) if self.bought else 0

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        said = f"{self.shot.id}, {self.shot.framing}, {self.shot.movement}: {self.shot.subject}, {self.shot.action}"
        return f"{said}, {self.shot.setting}, {self.shot.light}"


@dataclass(frozen=True)
class BoardView:
    """One variant: whom it is for, its panels in order, its end card and the strip of its timeline."""

    id: str
    audience: str
    hypothesis: str
    seconds: Fraction
    panels: tuple[PanelView, ...]
    end_card: EndCardPlan


def boards(story: Story) -> tuple[BoardView, ...]:
    """Every variant of the latest storyboard; with takes as far as there are any."""
    latest = story.last
    board = latest.storyboard if latest else story.storyboard
    if board is None:
        return ()
    circled = _circled(story, latest)
    replaced = {new: old for _, old, new in changed(story)}
    people = {one.id: one.name for one in story.cameos}
    return tuple(
        BoardView(
            id=variant.id,
            audience=audience_of(board, story.campaign, variant.id),
            hypothesis=variant.hypothesis,
            seconds=variant.seconds,
            panels=tuple(
                _panel(story, board.shot(panel.shot), panel, number, circled, people, replaced)
                for number, panel in enumerate(variant.panels, start=1)
            ),
            end_card=variant.end_card,
        )
        for variant in board.variants
    )


def audience_of(board: Storyboard, campaign: Campaign, variant_id: str) -> str:
    """The name of the audience that a variant is made for."""
    variant = _variant(board, variant_id)
    wanted = variant.audience if variant else variant_id
    return next((one.name for one in campaign.audiences if one.id == wanted), wanted)


def changed(story: Story) -> tuple[tuple[Round, ShotId, ShotId], ...]:
    """Each shot that gave way to another from one round to the next: the later round, the old shot, the new one."""
    found: dict[tuple[ShotId, ShotId], Round] = {}
    for before, after in zip(story.rounds, story.rounds[1:], strict=False):
        for old, new in _pairs(before.storyboard, after.storyboard):
            if old.shot != new.shot:
                found.setdefault((old.shot, new.shot), after)
    return tuple((later, old, new) for (old, new), later in found.items())


def trimmed(story: Story) -> tuple[tuple[Round, str, ShotId, Fraction, Fraction], ...]:
    """Each panel that plays another length than the round before: the later round, variant, shot, before and after."""
    found: list[tuple[Round, str, ShotId, Fraction, Fraction]] = []
    for before, after in zip(story.rounds, story.rounds[1:], strict=False):
        for variant in after.storyboard.variants:
            same = _variant(before.storyboard, variant.id)
            for old, new in zip(same.panels, variant.panels, strict=False) if same else ():
                if old.shot == new.shot and old.seconds != new.seconds:
                    found.append((after, variant.id, new.shot, old.seconds, new.seconds))
    return tuple(found)


def cite(story: Story, fact: FactId | None, claim: ClaimId | None) -> tuple[Cited, ...]:
    """The catalog fact and the claim behind some words."""
    facts = {one.id: one.text for one in story.campaign.product.facts}
    claims = {one.id: one.text for one in story.claims}
    cited = []
    if fact:
        cited.append(Cited("fact", fact, facts.get(fact, "no such fact in the catalog")))
    if claim:
        cited.append(Cited("claim", claim, claims.get(claim, "no such claim in the workspace")))
    return tuple(cited)


def _panel(
    story: Story,
    shot: Shot,
    panel: Panel,
    number: int,
    circled: Mapping[ShotId, Take],
    people: Mapping[CameoId, str],
    replaced: Mapping[ShotId, ShotId],
) -> PanelView:
    callout = panel.callout
    return PanelView(
        number=number,
        shot=shot,
        take=circled.get(shot.id),
        used=panel.seconds,
        bought=shot.purchased_seconds,
        caption=panel.caption,
        callout=callout.text if callout else "",
        cited=cite(story, callout.fact, callout.claim) if callout else (),
        person=people.get(shot.cameo, shot.cameo) if shot.cameo else "",
        replaces=replaced.get(shot.id, ""),
    )


def _circled(story: Story, latest: Round | None) -> dict[ShotId, Take]:
    """The take of each shot: the one in the cut; before there is a cut, the newest."""
    chosen = {take.shot: take for take in sorted(story.takes.values(), key=lambda one: one.number)}
    for cut in latest.cuts.values() if latest else ():
        chosen |= {clip.shot: story.takes[clip.take] for clip in cut.clips if clip.take in story.takes}
    return chosen


def _pairs(before: Storyboard, after: Storyboard) -> list[tuple[Panel, Panel]]:
    found: list[tuple[Panel, Panel]] = []
    for variant in after.variants:
        same = _variant(before, variant.id)
        if same and len(same.panels) == len(variant.panels):
            found += zip(same.panels, variant.panels, strict=True)
    return found


def _variant(board: Storyboard, variant_id: str) -> VariantPlan | None:
    return next((one for one in board.variants if one.id == variant_id), None)
