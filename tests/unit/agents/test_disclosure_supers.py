"""The editor shows every disclosure whole: in turn where it is long; where there is no time, it says so."""

from fractions import Fraction
from itertools import pairwise

from unit.agents.briefs import runner

from callsheet.agents.cutting.words import Playing, lay_words
from callsheet.domain.claim import Claim, Disclosure
from callsheet.domain.cut import EndCard, Super
from callsheet.domain.identity import ClaimId, ShotId
from callsheet.domain.storyboard import Callout, Panel
from callsheet.domain.words.reading import disclosure_frames
from callsheet.tools.rules.shipped import shipped_rules

RATE = 30
LONG = "Measured by the mill on dry yarn before it is knitted, as a mean of ninety skeins. " * 4
CARD = EndCard(frames=90, picture=None, headline="Fleet", call_to_action="Go")


def laid(disclosure: str, frames: int, *always: str) -> tuple[list[Super], tuple[str, ...]]:
    said = Claim.model_validate({"id": "c9", "text": "Recycled yarn", "approved": True, "disclosure": disclosure})
    owed = tuple(Disclosure.model_validate({"id": f"d{at}", "text": text}) for at, text in enumerate(always))
    about = runner().model_copy(update={"claims": (said,), "disclosures": owed})
    callout = Callout(text="Recycled yarn", claim=ClaimId("c9"))
    panel = Panel(shot=ShotId("shot.1"), seconds=Fraction(frames, RATE), callout=callout)
    supers, notes = lay_words(about, [Playing(panel, 0, frames)], CARD, RATE)
    return [one for one in supers if one.kind == "legal"], notes


def test_a_long_disclosure_is_shown_whole_in_supers_one_after_the_other() -> None:
    supers, notes = laid(LONG, 900)
    assert len(supers) > 1
    assert " ".join(one.text for one in supers) == LONG.strip()
    for one, following in pairwise(supers):
        assert one.start + one.frames == following.start
    assert all(one.frames >= disclosure_frames(one.text, RATE, shipped_rules().reading) for one in supers)
    assert notes == ()


def test_a_disclosure_that_nobody_could_read_in_time_is_noted_and_never_cut() -> None:
    supers, notes = laid(LONG, 120)
    assert supers == []
    assert any("too short to read" in note and LONG.strip()[:20] in note for note in notes)


def test_what_every_cut_owes_is_laid_without_a_claim() -> None:
    supers, _ = laid("Upper only.", 300, "Paid for by Fleet.")
    assert {one.text for one in supers} == {"Upper only.", "Paid for by Fleet."}
