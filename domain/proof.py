"""What a file may still bring once a person has taken a permission back.

A file can be edited by anybody, so from the first revocation on it adds nothing by itself: a release counts when it was
known in these very terms before, when it names a paper that was not known before, or when somebody added it by hand.
"""

from collections.abc import Collection, Mapping
from typing import Any

from callsheet.domain.cameo import Release
from callsheet.domain.record import digest_of

_WORDS = {"revoked_at", "approved_uses", "is_unproven"}
"""What the workspace says of a release, and the release itself does not."""


def terms_mark(release: Release) -> str:
    """Stands for a release under its id with all it permits, however lists are ordered and wherever its file lies."""
    said = release.model_dump(mode="json", exclude=_WORDS | {"document"}, exclude_defaults=True)
    return f"terms:{digest_of(in_order(said))}"


def paper_mark(release: Release) -> str | None:
    """Stands for the signed file, by its bytes; nothing where none is named."""
    return f"paper:{release.document_digest}" if release.document_digest else None


def is_proven(release: Release, known: Collection[str]) -> bool:
    """Whether a release counts after a revocation; `known` are the marks of what was known or said by hand."""
    paper = paper_mark(release)
    return terms_mark(release) in known or (paper is not None and paper not in known)


def in_order(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same data with every list of words sorted: their order says nothing."""
    return {
        key: sorted(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
        for key, value in said.items()
    }
