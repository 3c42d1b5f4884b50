"""How many people a shot plans to show, from its words."""

import re

from callsheet.agents.planning.wording import shows_somebody
from callsheet.domain.shot import Shot
from callsheet.prompts.library import camera


def faces_planned(shot: Shot) -> int | None:
    """How many faces the shot may show at once; none when its words leave that open (friends, a team, two walkers).

    Whoever the shot is about is one, somebody they meet in its action is another. Hands and feet have an owner, who
    may come into the picture.
    """
    if not shows_somebody(shot):
        return 0
    library = camera()
    subject, action = (set(re.findall(r"\w+", text.casefold())) for text in (shot.subject, shot.action))
    if (subject | action) & set(library.crowd_words.split()) or subject & set(library.number_words.split()):
        return None
    met = len(action & set(library.companion_words.split()))
    about = 2 if subject & set(library.pair_words.split()) else 1
    is_about_somebody = shot.cameo is not None or bool(subject & set(library.people_words.split()))
    return about + met if is_about_somebody else max(1, met)
