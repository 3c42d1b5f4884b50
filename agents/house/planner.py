"""The house version of the Director's draft: worlds, structures, moments and scripts from the shot library."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from callsheet.agents.house.chance import shuffled
from callsheet.agents.house.note import heed, wants_nobody
from callsheet.agents.house.script import choose_scripts, last_words, write_panels
from callsheet.agents.house.story import (
    ANYWHERE,
    Scene,
    choose_places,
    choose_scenes,
    choose_structure,
    choose_world,
    words,
)
from callsheet.agents.planning.board import variant_id
from callsheet.agents.planning.camera import vary
from callsheet.agents.planning.draft import BeatDraft, StoryboardDraft, VariantDraft
from callsheet.agents.planning.lengths import plan_lengths
from callsheet.agents.planning.wording import fill
from callsheet.domain.campaign import Audience, Campaign
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.record import digest_of
from callsheet.domain.shot import Light
from callsheet.prompts.library import Beat, Script, Structure, World, camera, casting_words

Refused = frozenset[tuple[ShotId, CameoId]]
_DECIDES: Mapping[str, bool | set[str]] = {"goal": True, "product": {"name", "category"}, "audiences": True}
"""What the choice among equals hangs on. A price, a cap or a size is no reason to tell another story: the shots that
stay the same are the takes that are used again.
"""


def draft_storyboard(
    campaign: Campaign, day: date | None = None, refused: Refused = frozenset(), note: str = ""
) -> StoryboardDraft:
    """Propose a storyboard. The same campaign and note always get the same one; refused people are left out."""
    seed = digest_of(campaign.model_dump(mode="json", include=_DECIDES)) + note
    world, master = choose_world(campaign), campaign.audiences[0]
    structure = choose_structure(campaign, master, seed)
    beats = _beats(campaign, world, structure, master, refused, note, "", seed)
    scripts = choose_scripts(campaign, world, seed)
    variants = []
    for turn, (audience, script) in enumerate(zip(campaign.audiences, scripts, strict=True)):
        own: tuple[BeatDraft, ...] = ()
        if campaign.variants == "reshoot" and turn > 0:
            shape = choose_structure(campaign, audience, seed, audience.id)
            prefix = f"{variant_id(turn)}."
            own = _beats(campaign, world, shape, audience, refused, note, prefix, seed + audience.id)
        variants.append(_variant(campaign, audience, script, own or beats, turn, day, seed))
        if own:
            variants[-1] = variants[-1].model_copy(update={"beats": own})
    idea = f"{structure.name} in the world of {world.name}: {structure.logline}"
    return StoryboardDraft(
        title=f"{campaign.product.name}: {structure.logline}", idea=idea, beats=beats, variants=tuple(variants)
    )


def _beats(
    campaign: Campaign,
    world: World,
    structure: Structure,
    audience: Audience,
    refused: Refused,
    note: str,
    prefix: str,
    seed: str,
) -> tuple[BeatDraft, ...]:
    count = len(plan_lengths(campaign).shots)
    arc = structure.arc(count)
    scenes = choose_scenes(world, arc, audience, seed)
    if wants_nobody(note):
        scenes = _without_people(world, arc, scenes)
    looks = vary([(scene.moment.framing, scene.moment.move) for scene in scenes])
    casting = _caster(campaign, refused, prefix)
    stranger = shuffled(world.people, seed, "people")[0]
    home = world.places[choose_places(world, audience, seed)[0]]
    beats = []
    for place, (scene, beat, (framing, movement)) in enumerate(zip(scenes, arc, looks, strict=True)):
        cameo, person = casting(place + 1) if scene.moment.who == "person" else (None, "")
        moment, where = scene.moment, scene.world.places.get(scene.moment.at, home)
        setting = audience.setting if moment.at == ANYWHERE else moment.place or where.words
        blocks = {"product": campaign.product.name}
        beats.append(
            BeatDraft(
                beat=beat,
                subject=_subject(campaign, scene, person or stranger),
                action=fill(moment.does, blocks),
                setting=setting,
                framing=framing,
                movement=movement,
                light=moment.light or _light(structure.lights, place, count, setting),
                product="exact" if moment.who == "product" else moment.product,
                cameo=cameo,
                sound=where.sound if setting == where.words else "",
            )
        )
    return heed(beats, note)


def _caster(campaign: Campaign, refused: Refused, prefix: str) -> Callable[[int], tuple[str | None, str]]:
    """Who plays a person's shot: the first cameo not refused there, shown as described; else nobody we know."""

    def cast(number: int) -> tuple[str | None, str]:
        shot = ShotId(f"{prefix}shot.{number}")
        for cameo in campaign.cameos:
            if (shot, cameo.id) not in refused:
                return cameo.id, cameo.description or casting_words().stranger
        return None, ""

    return cast


def _subject(campaign: Campaign, scene: Scene, person: str) -> str:
    if scene.moment.who == "person":
        return person
    if scene.moment.who == "hands":
        return camera().hands
    if scene.moment.who == "product":
        return campaign.product.name
    return fill(scene.moment.who, {"product": campaign.product.name})


def _light(lights: Sequence[Light], place: int, count: int, setting: str) -> Light:
    """The light at this point of the story, from the first picture's to the last one's, as far as the place has it."""
    light = lights[round(place * (len(lights) - 1) / max(1, count - 1))]
    names, around = camera(), words(setting)
    if around & words(names.studio_words):
        return light
    return (names.outdoor_light if around & words(names.outdoor_words) else names.indoor_light).get(light, light)


def _without_people(world: World, arc: Sequence[Beat], scenes: Sequence[Scene]) -> tuple[Scene, ...]:
    """The same arc with nobody in it, as far as the world has such moments."""
    things = [Scene(moment, world) for moment in world.moments if moment.who not in {"person", "hands"}]
    kept: list[Scene] = []
    for beat, scene in zip(arc, scenes, strict=True):
        fresh = [one for one in things if one not in kept]
        fitting = [one for one in fresh if one.moment.beat == beat] or fresh or [scene]
        kept.append(scene if scene in fitting else fitting[0])
    return tuple(kept)


def _variant(
    campaign: Campaign,
    audience: Audience,
    script: Script,
    beats: Sequence[BeatDraft],
    turn: int,
    day: date | None,
    seed: str,
) -> VariantDraft:
    lengths = plan_lengths(campaign, len(beats)).shots
    order = list(range(1, len(beats) + 1))
    if campaign.variants == "recut" and turn > 0:
        order = _reordered(beats, turn)
    playing: list[tuple[int, Beat]] = [(number, beats[number - 1].beat) for number in order]
    seconds = [lengths[number - 1] for number in order]
    return VariantDraft(
        audience=audience.id,
        panels=write_panels(campaign, script, playing, seconds, turn, day),
        call_to_action=last_words(campaign, turn, seed),
        beats=(),
    )


def _reordered(beats: Sequence[BeatDraft], turn: int) -> list[int]:
    """The shots with another one in front: the payoff as a flash forward, a proof, or the product itself."""
    numbers = list(range(1, len(beats) + 1))
    openers = [
        number
        for beat in ("payoff", "proof", "product", "problem", "hook")
        for number in numbers[1:]
        if beats[number - 1].beat == beat
    ]
    openers = openers[(turn - 1) % len(openers) :] + openers[: (turn - 1) % len(openers)] if openers else []
    for opener in openers:
        order = [opener, *(number for number in numbers if number != opener)]
        looks = [(beats[number - 1].framing, beats[number - 1].movement) for number in order]
        if all(one != other for one, other in pairwise(looks)):
            return order
    return numbers
