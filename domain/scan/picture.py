"""What the picture shows: how many people, how much of them, and whether the product is the product."""

from callsheet.domain.finding import Finding
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.report import Looked, concluded
from callsheet.domain.scan.sighting import Faces, Likeness, Match, Nudity

SURE_FACE = 800
"""In thousandths of the detector's scale: portraits score above 900, a mug's handle once scored 610."""
_NUDE = 800
_PERHAPS_NUDE = 500
"""The makers of the model name 0.8 for pictures that surely are and 0.2 for those that surely are not."""
_TELLING = 50
"""A picture with fewer distinctive points cannot be told from others by them."""
_FOUND = 7
_ABSENT = 4
"""Points found again in one arrangement: what is measured for right and wrong products is in docs/scanning.md."""
_OTHER_COLOUR = 45
_WHOLE_TAKE = "the take"
_AGAIN = "the shot may be bought once more"


def judge_faces(faces: Faces, expected: Expected) -> Looked:
    """More people than planned stop the take when two frames agree; a face in one frame alone is noted.

    Only faces are counted: a person who turns away is not seen.
    """
    counts = sorted((sum(sure >= SURE_FACE for sure in crowd.faces) for crowd in faces.frames), reverse=True)
    if not counts:
        return Looked(check="faces", standing="not_looked", why="no frame could be taken from the take")
    agreed, once = counts[min(1, len(counts) - 1)], counts[0]
    planned = expected.people
    if planned is None:
        evidence = f"{_people(once)} at once in the picture, and the plan does not say how many"
        return concluded("faces", [_finding("scan.people", evidence, "look at the take", stops=False)] if once else [])
    if agreed > planned:
        evidence = f"{_people(agreed)} at once in the picture, planned {_people(planned)}"
        return concluded("faces", [_finding("scan.people", evidence, _AGAIN)])
    if once > planned:
        evidence = f"one frame seems to show {_people(once)}, planned {_people(planned)}"
        return concluded("faces", [_finding("scan.people", evidence, "look at the take", stops=False)])
    return concluded("faces", [])


def judge_match(match: Match) -> Looked:
    """A face that is not the cast person's stops."""
    if not match.strangers:
        return concluded("cast", [])
    evidence = f"{match.strangers} frames show somebody other than who is cast"
    return concluded("cast", [_finding("scan.cast", evidence, _AGAIN)])


def judge_nudity(nudity: Nudity) -> Looked:
    """A frame that is very likely nude stops; a likely one is noted."""
    most = max(nudity.scores, default=0)
    if most < _PERHAPS_NUDE:
        return concluded("nudity", [])
    evidence = f"a frame scores {most / 1000:.2f} of 1 for nudity"
    return concluded("nudity", [_finding("scan.nudity", evidence, _AGAIN, stops=most >= _NUDE)])


def judge_product(likeness: Likeness, expected: Expected) -> Looked:
    """A product that is not the one on its picture, or has other colours, stops; a doubtful one is noted.

    Where the provider only takes the picture as a guide, it may draw the product from another side: that is noted.
    """
    if likeness.marks < _TELLING:
        why = f"the product's picture has only {likeness.marks} points to tell it by; compare by eye"
        return Looked(check="product", standing="not_looked", why=why)
    found = f"{likeness.agreeing} of {likeness.marks} points of its picture found again"
    if likeness.agreeing <= _ABSENT:
        evidence = f"the product of the picture is not in the take: {found}"
        must = expected.begins_from_product
        return concluded("product", [_finding("scan.product", evidence, _AGAIN, stops=must)])
    if likeness.agreeing < _FOUND:
        evidence = f"the product is hard to recognise: {found}"
        return concluded("product", [_finding("scan.product", evidence, "compare it by eye", stops=False)])
    if likeness.colour is not None and likeness.colour > _OTHER_COLOUR:
        evidence = f"the product has other colours than its picture, {likeness.colour} apart in CIELAB"
        return concluded("product", [_finding("scan.product", evidence, _AGAIN)])
    return concluded("product", [])


def _people(count: int) -> str:
    return f"{count} face" if count == 1 else f"{count or 'no'} faces"


def _finding(rule: str, evidence: str, fix: str, *, stops: bool = True) -> Finding:
    return Finding(rule=rule, place=_WHOLE_TAKE, evidence=evidence, fix=fix, weight="stops" if stops else "notes")
