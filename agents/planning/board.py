"""From a draft to a storyboard: exact lengths, purchased seconds, varied camera, worded shots, cited callouts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from callsheet.agents.planning.camera import clashes, vary
from callsheet.agents.planning.claims import cite, is_clean
from callsheet.agents.planning.draft import BeatDraft, PanelDraft, StoryboardDraft, VariantDraft
from callsheet.agents.planning.lengths import Lengths, plan_lengths
from callsheet.agents.planning.wording import plain, word_shot
from callsheet.domain.campaign import Audience, Campaign
from callsheet.domain.cut import Transition
from callsheet.domain.identity import CameoId, ShotId, VariantId
from callsheet.domain.provider import fit_seconds
from callsheet.domain.shot import Framing, Movement, Shot
from callsheet.domain.storyboard import EndCardPlan, Panel, Storyboard, VariantPlan

LONGEST_CAPTION = 60
LONGEST_CALL = 40
DISSOLVE = Transition(kind="dissolve", frames=12)
_LETTERS = "abcde"


@dataclass(frozen=True)
class Board:
    """The shots of one shoot, in the order the master plays them."""

    shots: tuple[Shot, ...]
    lengths: Lengths


def compile_board(campaign: Campaign, draft: StoryboardDraft, day: date | None, notes: Sequence[str]) -> Storyboard:
    """Work a draft out. What the draft gets wrong is put right or left out; every rule of a storyboard holds after."""
    if not draft.beats:
        raise ValueError("a storyboard needs at least one shot")
    master = _board(campaign, draft.beats, "")
    drafts = {variant.audience: variant for variant in draft.variants}
    boards, variants = [master], []
    for place, audience in enumerate(campaign.audiences):
        letter = variant_id(place)
        wanted = drafts.get(audience.id) or _as_planned(audience, draft.beats)
        board = master
        if campaign.variants == "reshoot" and place > 0:
            board = _board(campaign, wanted.beats or draft.beats, f"{letter}.")
            boards.append(board)
        variants.append(_variant(campaign, audience, VariantId(letter), wanted, board, day))
    title, idea = (_told(campaign, text, day) for text in (plain(draft.title, 120), plain(draft.idea, 200)))
    said = (idea, *notes, *dict.fromkeys(note for board in boards for note in board.lengths.notes))
    return Storyboard(
        title=title or campaign.name,
        shots=tuple(shot for board in boards for shot in board.shots),
        variants=tuple(variants),
        notes=tuple(note for note in said if note),
    )


def _told(campaign: Campaign, text: str, day: date | None) -> str:
    """A line about the film as people read it before they decide; nothing where it promises or gives an order."""
    return text if is_clean(text, campaign, day) else ""


def variant_id(place: int) -> str:
    """The letter of a variant by its place: the master is `a`."""
    return _LETTERS[place]


def _board(campaign: Campaign, beats: Sequence[BeatDraft], prefix: str) -> Board:
    lengths = plan_lengths(campaign, len(beats))
    kept = beats[: len(lengths.shots)]
    looks = vary([([beat.framing, *_others(beat.framing)], [beat.movement]) for beat in kept])
    shots = []
    for number, (beat, (framing, movement), seconds) in enumerate(zip(kept, looks, lengths.shots, strict=True), 1):
        shot = Shot(
            id=ShotId(f"{prefix}shot.{number}"),
            beat=beat.beat,
            subject=plain(beat.subject, 160),
            setting=plain(beat.setting, 160),
            action=plain(beat.action, 240),
            framing=framing,
            movement=movement,
            light=beat.light,
            seconds=seconds,
            purchased_seconds=fit_seconds(campaign.provider, seconds),
            product=beat.product if campaign.product.image or beat.product != "exact" else "shown",
            cameo=next((CameoId(cameo.id) for cameo in campaign.cameos if cameo.id == beat.cameo), None),
            audio=plain(beat.sound, 160),
            prompt="",
        )
        shots.append(word_shot(campaign, shot))
    return Board(shots=_demand_product(campaign, shots), lengths=lengths)


def _others(framing: Framing) -> list[Framing]:
    return [other for other in Framing if other != framing]


def _demand_product(campaign: Campaign, shots: Sequence[Shot]) -> tuple[Shot, ...]:
    """At least one shot shows exactly the product of the picture, where there is a picture."""
    if campaign.product.image is None or any(shot.product == "exact" for shot in shots):
        return tuple(shots)
    chosen = next((shot for shot in shots if shot.beat == "product"), None)
    chosen = chosen or next((shot for shot in shots if shot.product == "shown"), shots[-1])
    exact = word_shot(campaign, chosen.model_copy(update={"product": "exact"}))
    return tuple(exact if shot.id == chosen.id else shot for shot in shots)


def _as_planned(audience: Audience, beats: Sequence[BeatDraft]) -> VariantDraft:
    panels = tuple(PanelDraft(beat=number, caption="", fact=None, claim=None) for number in range(1, len(beats) + 1))
    return VariantDraft(audience=audience.id, panels=panels, call_to_action="", beats=())


def _variant(
    campaign: Campaign, audience: Audience, variant: VariantId, wanted: VariantDraft, board: Board, day: date | None
) -> VariantPlan:
    panels = tuple(
        _panel(campaign, shot, panel, day, is_first=place == 0)
        for place, (shot, panel) in enumerate(_order(board, wanted))
    )
    return VariantPlan(
        id=variant,
        audience=audience.id,
        hypothesis=audience.hypothesis,
        panels=panels,
        end_card=EndCardPlan(
            seconds=board.lengths.end_card,
            headline=campaign.product.name,
            call_to_action=plain(wanted.call_to_action, LONGEST_CALL)
            or plain(campaign.brand.call_to_action, LONGEST_CALL),
            url=campaign.product.url,
            legal=campaign.brand.legal_line,
        ),
    )


def _order(board: Board, wanted: VariantDraft) -> list[tuple[Shot, PanelDraft]]:
    """The variant's own order where it holds the camera rule, else the order in which the shots were planned."""
    numbers = [panel.beat for panel in wanted.panels]
    known = dict.fromkeys(number for number in numbers if 1 <= number <= len(board.shots))
    by_number = {panel.beat: panel for panel in reversed(wanted.panels)}
    own = [board.shots[number - 1] for number in known]
    if not own or clashes(own):
        known = dict.fromkeys(range(1, len(board.shots) + 1))
    empty = PanelDraft(beat=0, caption="", fact=None, claim=None)
    return [(board.shots[number - 1], by_number.get(number, empty)) for number in known]


def _panel(campaign: Campaign, shot: Shot, panel: PanelDraft, day: date | None, *, is_first: bool) -> Panel:
    entered = Transition()
    if not is_first and shot.beat == "payoff" and shot.movement != Movement.HANDHELD:
        entered = DISSOLVE
    return Panel(
        shot=shot.id,
        seconds=shot.seconds,
        caption=plain_caption(panel.caption),
        callout=cite(campaign, panel.fact, panel.claim, day),
        transition=entered,
    )


def plain_caption(text: str) -> str:
    """A caption on one line, short enough to be read; its punctuation is its own."""
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return line if len(line) <= LONGEST_CAPTION else line[:LONGEST_CAPTION].rsplit(" ", 1)[0].rstrip(" ,;:")
