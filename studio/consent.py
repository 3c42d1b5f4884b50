"""Who appears under which release, and what was said under which claim: as used, and as not approved."""

from dataclasses import dataclass

from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.claim import Claim, lacks
from callsheet.studio.story import Story


@dataclass(frozen=True)
class Cast:
    """One person: the shots they appear in and the release that covers it, as it stands now."""

    cameo: Cameo
    shots: tuple[str, ...]
    release: Release | None
    release_id: str
    constraint: str
    is_revoked: bool
    has_ended: bool


@dataclass(frozen=True)
class Said:
    """One claim: where it is on screen, whether it may be, and what is missing when it may not."""

    claim: Claim
    places: tuple[str, ...]
    in_force: bool
    lacks: str


def cast(story: Story) -> tuple[Cast, ...]:
    """Everybody on the call sheet, with their release."""
    roles = story.sheet.roles if story.sheet else ()
    found = []
    for cameo in story.cameos:
        for release_id in dict.fromkeys(role.release for role in roles if role.cameo == cameo.id):
            mine = [role for role in roles if role.cameo == cameo.id and role.release == release_id]
            release = next((one for one in cameo.releases if one.id == release_id), None)
            found.append(
                Cast(
                    cameo=cameo,
                    shots=tuple(role.shot for role in mine),
                    release=release,
                    release_id=release_id,
                    constraint=mine[0].constraint,
                    is_revoked=release is not None and release.revoked_at is not None,
                    has_ended=release is not None and story.at >= release.ends,
                )
            )
    return tuple(found)


def said(story: Story) -> tuple[Said, ...]:
    """Every claim of the campaign; those on screen first."""
    used = _uses(story)
    found = []
    for claim in story.claims:
        places = dict.fromkeys(place for place, cited in used if cited == claim.id)
        why = lacks(claim, story.campaign.markets, story.at.date())
        found.append(Said(claim, tuple(places), not why, why))
    return tuple(sorted(found, key=lambda one: (not one.places, not one.in_force)))


def _uses(story: Story) -> list[tuple[str, str | None]]:
    """Where which claim is cited: in the latest cuts; before there are any, in the storyboard."""
    if story.last:
        cuts = story.last.cuts.values()
        return [(f"{cut.variant}, {text.shot or text.kind}", text.claim) for cut in cuts for text in cut.supers]
    variants = story.storyboard.variants if story.storyboard else ()
    panels = [(variant.id, panel) for variant in variants for panel in variant.panels]
    return [(f"{variant}, {panel.shot}", panel.callout.claim) for variant, panel in panels if panel.callout]
