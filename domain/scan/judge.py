"""The judgement of a take: sightings against what the order permits. Pure, so that a test can call it at once."""

from collections.abc import Sequence
from typing import TypeVar

from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.picture import judge_faces, judge_match, judge_nudity, judge_product
from callsheet.domain.scan.report import Check, Looked, ScanReport
from callsheet.domain.scan.sighting import (
    Entities,
    Faces,
    FindNames,
    Likeness,
    Match,
    NotLooked,
    Nudity,
    Sighting,
    Speech,
    Text,
)
from callsheet.domain.scan.words import everything_said, judge_names, judge_speech, judge_text, people_in

S = TypeVar("S", Text, Faces, Speech, Nudity, Likeness, Entities, Match)


def judge(sightings: Sequence[Sighting], expected: Expected, find: FindNames) -> ScanReport:
    """What came of every check that concerns the take. A check without a sighting was not made."""
    text, speech, entities = _of(Text, sightings), _of(Speech, sightings), _of(Entities, sightings)
    people = (*expected.hidden, *people_in(entities, find, everything_said(text, speech)))
    unmade: dict[Check, str] = {one.check: one.why for one in sightings if isinstance(one, NotLooked)}
    made: dict[Check, Looked] = {}
    if text is not None:
        made["text"] = judge_text(text, expected, people)
    if speech is not None:
        made["speech"] = judge_speech(speech, expected, people)
    if (faces := _of(Faces, sightings)) is not None:
        made["faces"] = judge_faces(faces, expected)
    if (nudity := _of(Nudity, sightings)) is not None:
        made["nudity"] = judge_nudity(nudity)
    if (likeness := _of(Likeness, sightings)) is not None:
        made["product"] = judge_product(likeness, expected)
    if (match := _of(Match, sightings)) is not None:
        made["cast"] = judge_match(match)
    if text is not None or speech is not None:
        made["names"] = _in_part(judge_names(text, speech, entities, expected, find), unmade)
    looked = [made.get(check) or _unmade(check, unmade) for check in expected.checks]
    return ScanReport(looked=tuple(looked))


def _in_part(names: Looked, unmade: dict[Check, str]) -> Looked:
    """Names that were looked for without reading, hearing or recognising everything may be there all the same."""
    part: tuple[Check, ...] = ("names", "text", "speech")
    without = next((f"{one}: {unmade[one]}" for one in part if one in unmade), "")
    if names.standing != "clear" or not without:
        return names
    return names.model_copy(update={"standing": "not_looked", "why": f"only in part; {without}"})


def _unmade(check: Check, whys: dict[Check, str]) -> Looked:
    silent = "neither writing nor speech was looked at" if check == "names" else "nobody looked"
    return Looked(check=check, standing="not_looked", why=whys.get(check, silent))


def _of(kind: type[S], sightings: Sequence[Sighting]) -> S | None:
    return next((one for one in sightings if isinstance(one, kind)), None)
