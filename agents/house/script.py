"""What the house writes over the picture: captions from one script, callouts in the campaign's words, last words."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from callsheet.agents.house.chance import shuffled
from callsheet.agents.house.story import words
from callsheet.agents.planning.claims import READING, SETTLE, callouts, is_clean
from callsheet.agents.planning.draft import PanelDraft
from callsheet.agents.planning.wording import fill
from callsheet.domain.campaign import Audience, Campaign
from callsheet.domain.storyboard import Callout
from callsheet.prompts.library import Beat, Script, World, calls

_TONES = {
    "calm": "calm quiet slow gentle soft serene mindful honest plain minimal",
    "bold": "bold direct loud strong confident fast sharp brave energetic driven",
    "playful": "playful funny witty cheeky light young fun silly",
    "warm": "warm friendly kind human family cosy caring welcoming",
}


def choose_scripts(campaign: Campaign, world: World, seed: str) -> tuple[Script, ...]:
    """One script for each audience, all different while there are enough, the audience's tone before the brand's."""
    chosen: list[Script] = []
    for audience in campaign.audiences:
        order = shuffled(world.scripts, seed, "scripts")
        fresh = [script for script in order if script not in chosen] or list(order)
        chosen.append(max(fresh, key=lambda script: _tone_fit(script, audience, campaign)))
    return tuple(chosen)


def write_panels(
    campaign: Campaign,
    script: Script,
    order: Sequence[tuple[int, Beat]],
    seconds: Sequence[Fraction],
    turn: int,
    day: date | None,
) -> tuple[PanelDraft, ...]:
    """Captions and callouts of one variant. `order`: shot numbers and beats as they play; `turn` rotates callouts."""
    speaks_english = campaign.locale.casefold().startswith("en")
    cited = _spread(campaign, order, seconds, turn, day)
    told: dict[Beat, int] = {}
    panels = []
    for place, (number, planned) in enumerate(order):
        beat: Beat = "hook" if place == 0 else planned
        lines = script.lines(beat)
        line = lines[told[beat]] if told.setdefault(beat, 0) < len(lines) else ""
        callout = cited.get(place)
        if callout is None and speaks_english and is_clean(line, campaign, day):
            told[beat] += 1
        else:
            line = ""
        panels.append(
            PanelDraft(
                beat=number,
                caption=line,
                fact=callout.fact if callout else None,
                claim=callout.claim if callout else None,
            )
        )
    return tuple(panels)


def last_words(campaign: Campaign, turn: int, seed: str) -> str:
    """The call to action: the brand's own for the master, another that suits the product for each further variant."""
    if turn == 0 or not campaign.locale.casefold().startswith("en"):
        return campaign.brand.call_to_action
    said = words(f"{campaign.product.category} {campaign.goal}")
    group = next(group for group in calls() if not group.words or said & words(" ".join(group.words)))
    lines = [fill(line, {"name": campaign.product.name}) for line in shuffled(group.lines, seed, "calls")]
    fitting = [line for line in lines if len(line) <= 40 and is_clean(line, campaign, None)]
    fresh = [line for line in fitting if line != campaign.brand.call_to_action]
    return fresh[(turn - 1) % len(fresh)] if fresh else campaign.brand.call_to_action


def _tone_fit(script: Script, audience: Audience, campaign: Campaign) -> int:
    tone = words(_TONES.get(script.tone, script.tone))
    return 2 * len(tone & words(f"{audience.tone} {audience.hypothesis}")) + len(tone & words(campaign.brand.tone))


def _spread(
    campaign: Campaign, order: Sequence[tuple[int, Beat]], seconds: Sequence[Fraction], turn: int, day: date | None
) -> dict[int, Callout]:
    """Which place of the film shows which callout: about every third shot, where there is time to read it."""
    available = callouts(campaign, day)
    if not available:
        return {}
    start = turn % len(available)
    waiting = [*available[start:], *available[:start]]
    wanted = ("product", "proof", "payoff", "problem")
    places = sorted(
        (place for place in range(len(order)) if place > 0 or len(order) == 1),
        key=lambda place: (wanted.index(order[place][1]) if order[place][1] in wanted else len(wanted), place),
    )
    spread: dict[int, Callout] = {}
    for place in places[: max(1, (len(order) + 1) // 3)]:
        fitting = [one for one in waiting if len(one.text) <= READING * (seconds[place] - SETTLE)]
        if fitting:
            spread[place] = fitting[0]
            waiting.remove(fitting[0])
    return spread
