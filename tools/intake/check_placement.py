"""Whether the platforms of a placement are ones that the rules on labels know: a slip would leave all of them out."""

from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.problem import nearest_of
from callsheet.tools.rules.jurisdiction import jurisdictions


def check_platforms(desk: Desk) -> None:
    """Every platform by a name that the rules have; another name is wrong, with the one that is nearest."""
    if desk.is_doubtful("placements"):
        return
    known = list(jurisdictions().platforms)
    for number, placement in enumerate(desk.form.written.placements):
        for platform in placement.platforms:
            if platform not in known:
                where = ("placements", number, "platforms")
                allowed = ", ".join(known)
                desk.wrong(where, "is no platform with rules", platform, allowed, nearest_of(platform, known))
