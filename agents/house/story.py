"""Which world a product lives in, which shape its story takes, and which moments tell it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.agents.house.chance import shuffled
from callsheet.domain.campaign import Audience, Campaign
from callsheet.prompts.library import Beat, Moment, Structure, World, structures, worlds

ANYWHERE = "anywhere"


@dataclass(frozen=True)
class Scene:
    """A moment and the world whose places and people it uses."""

    moment: Moment
    world: World


def choose_world(campaign: Campaign) -> World:
    """The world whose words the category, the name, the description and the goal use; the generic one when none do."""
    product = campaign.product
    weights = ((product.category, 4), (product.name, 2), (product.description, 1), (campaign.goal, 1))

    def fit(world: World) -> int:
        return sum(weight for text, weight in weights for word in words(text) if word in _stems(world.keywords))

    best = max(worlds(), key=fit)
    return best if fit(best) else generic()


def generic() -> World:
    """The world that fits any product."""
    return next(world for world in worlds() if world.name == "generic")


def choose_structure(campaign: Campaign, audience: Audience, *seed: str) -> Structure:
    """The shape that the goal and the audience call for; among equals the seed decides."""
    said = words(f"{campaign.goal} {audience.hypothesis} {audience.name}")

    def fit(structure: Structure) -> int:
        goals = _stems(structure.goals)
        return sum(word in goals for word in said)

    return max(shuffled(structures(), *seed, "structure"), key=fit)


def choose_scenes(world: World, arc: Sequence[Beat], audience: Audience, *seed: str) -> tuple[Scene, ...]:
    """A moment for every beat, no moment twice, and most of them in few places, so that it feels like one film."""
    home = choose_places(world, audience, *seed)
    pool = [Scene(moment, world) for moment in shuffled(world.moments, *seed, "moments")]
    spare = [Scene(one, generic()) for one in shuffled(generic().moments, *seed, "spare") if one.at != ANYWHERE]
    order = [*sorted(pool, key=lambda scene: not _is_home(scene.moment, home)), *spare]
    if audience.setting and not _overlap(audience.setting, world):
        here = [Scene(one, generic()) for one in generic().moments if one.at == ANYWHERE and one.beat == "proof"]
        order = [*here, *order]
    chosen: list[Scene] = []
    for beat in arc:
        fresh = [scene for scene in order if scene not in chosen]
        of_beat = [scene for scene in fresh if scene.moment.beat == beat] or fresh
        opens_on_product = beat == "product" and not any(scene.moment.who == "product" for scene in chosen)
        chosen.append(min(of_beat, key=lambda scene: opens_on_product and scene.moment.who != "product"))
    return tuple(chosen)


def choose_places(world: World, audience: Audience, *seed: str) -> tuple[str, ...]:
    """The two places most of the film plays in: first those that sound like where the audience is."""
    said = words(audience.setting)
    places = shuffled(tuple(world.places), *seed, "places")
    return tuple(sorted(places, key=lambda key: key not in said))[:2]


def words(text: str) -> frozenset[str]:
    """The words of a text without case and plural."""
    return frozenset(_stem(word) for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))


def _is_home(moment: Moment, home: Sequence[str]) -> bool:
    return bool(moment.place) or moment.at in home


def _overlap(setting: str, world: World) -> bool:
    return any(key in words(setting) for key in world.places)


def _stems(keywords: Sequence[str]) -> frozenset[str]:
    return frozenset(_stem(part) for keyword in keywords for part in keyword.casefold().split())


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
