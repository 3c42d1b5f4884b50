"""Records of legal's for tests: some by hand, and any that Hypothesis can think of."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from callsheet.domain.claim import Claim, Disclosure, Topic
from callsheet.domain.identity import ClaimId, DisclosureId, TopicId
from callsheet.storage.legal import History, Key, LegalRecord, Revision, key_of
from callsheet.tools.sheet import Changes, compare, read_sheet, write_sheet

TODAY = date(2026, 11, 22)
YARN = Claim(
    id=ClaimId("yarn"),
    text="Made with recycled yarn",
    approved=True,
    substantiation="Certificate 12, reviewed 10/12",
    disclosure="Upper only.",
    markets=("US", "GB"),
    starts=date(2026, 1, 1),
    ends=date(2027, 1, 1),
)
PRICE = Claim(
    id=ClaimId("price"), text="From {price}", slots={"price": ("40 EUR", "50|60")}, approved=True, locale="de"
)
AD = Disclosure(id=DisclosureId("ad"), text="Advertisement", claims=(ClaimId("yarn"),))
BODY = Topic(id=TopicId("body"), words=("weight loss", "fast, easy"), reason="Brand policy")
ALL: tuple[LegalRecord, ...] = (YARN, PRICE, AD, BODY)


def known(*records: LegalRecord, number: int = 1) -> dict[Key, History]:
    """Records as the workspace has them, each at a revision of that number."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return {
        key_of(one): tuple(
            Revision(number=n, at=at + timedelta(hours=n), source="person", by="mark", said=None, record=one)
            for n in range(1, number + 1)
        )
        for one in records
    }


def back(path: Path, records: dict[Key, History], against: dict[Key, History] | None = None) -> Changes:
    """Write the records, read them again, and compare them with these or others."""
    write_sheet(path, records, lambda mark: f"=Ada {mark}")
    return compare(read_sheet(path), records if against is None else against, TODAY)


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
_TRICKY = st.sampled_from(
    ["=SUM(A1)", "+49", "-5 %", "@me", "'=x", "''", "10/12", "1e5", "_x0041_", "yes", "a\r\nb", "\\,;|:", " x "]
)
_ANY = st.one_of(_TEXT, _TRICKY, st.tuples(_TRICKY, _TEXT).map("".join))
_LINE = _ANY.map(lambda text: text if len(text) > 2 else f"abc{text}")
_NAME = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
_WORDS = st.lists(_ANY, max_size=3).map(tuple)
_TERM = {
    "markets": st.lists(st.sampled_from(["US", "GB", "DE", "*"]), min_size=1, max_size=3).map(tuple),
    "locale": st.sampled_from(["*", "en", "de-CH"]),
    "starts": st.none() | st.dates(),
    "ends": st.none() | st.dates(),
}
_SLOTS = st.dictionaries(_NAME, st.lists(_ANY, max_size=3).map(tuple), max_size=2)
CLAIMS = st.builds(
    Claim,
    id=_NAME,
    text=_LINE,
    kind=st.sampled_from(["claim", "comparison", "superlative"]),
    slots=_SLOTS,
    approved=st.booleans(),
    substantiation=_ANY,
    disclosure=_ANY,
    **_TERM,
)
DISCLOSURES = st.builds(Disclosure, id=_NAME, text=_LINE, claims=_WORDS, **_TERM)
TOPICS = st.builds(Topic, id=_NAME, words=st.lists(_ANY, min_size=1, max_size=3).map(tuple), reason=_ANY, **_TERM)
RECORDS: st.SearchStrategy[list[LegalRecord]] = st.lists(
    st.one_of(CLAIMS, DISCLOSURES, TOPICS), max_size=3, unique_by=key_of
)
