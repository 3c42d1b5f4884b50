"""What nobody checked, and what to know before trusting the rest. Gathered from the records; an empty list is rare."""

from collections.abc import Sequence

from callsheet.studio import words
from callsheet.studio.film import Film
from callsheet.studio.story import Story


def doubts(story: Story, films: Sequence[Film], missing: Sequence[str]) -> tuple[str, ...]:
    """Everything a careful reader should know, one sentence each."""
    found = [f"The ledger does not verify: {story.broken}"] if story.broken else []
    found += [f"{one.file.name}.mp4 {why}" for one in films for why in one.against]
    found += _pictures(story)
    shown = [asked for asked in story.asked if asked.gate.kind in ("dailies", "release")]
    found += [notice for asked in shown for notice in asked.showing.notices]
    found += [f"{one.file.name}.mp4: {one.standing}" for one in films if not one.is_intact]
    asserted = sum(1 for asked in story.asked for one in asked.verdict.decisions if one.by.authenticated == "asserted")
    policy = sum(1 for asked in story.asked for one in asked.verdict.decisions if one.by.authenticated == "policy")
    if asserted:
        found.append(f"Who decided: {asserted} of the decisions carry a name that was typed and not checked.")
    if policy:
        found.append(f"{policy} of the decisions were made by a written policy; no person looked.")
    if story.is_simulated:
        found.append("The audience is a simulation. Its readings say nothing about people.")
    found += missing
    return tuple(dict.fromkeys(words.sentence(one) for one in found))


def _pictures(story: Story) -> list[str]:
    takes = story.takes.values()
    if not takes:
        return []
    previz = sum(1 for take in takes if take.previz)
    scans = sorted({" and ".join(take.scanned) or "nothing" for take in takes})
    found = [
        f"The takes were looked at for {'; '.join(scans)}. No other check has looked at the pictures or the sound."
    ]
    if previz:
        found.append(
            f"{previz} of {len(takes)} takes are previz: drawn storyboard frames, marked as such in the picture."
        )
    return found
