"""What a reader sees of a text: letters by their look, no case, no accents, nothing invisible."""

import re
import unicodedata

_CYRILLIC = (
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb"
)
_GREEK = (
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b2\u03b5\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
)
_OTHER = "\u0131\u0261\u0251\u0578\u057d\u0585\u0581"
_LOOKS_LIKE = str.maketrans(
    _CYRILLIC + _GREEK + _OTHER,
    "ABEKMHOPCTYXSIJabekmhopctyxsijdqwhABEZHIKMNOPTYXabenikvoptuxiganuog",
)
"""Letters of other scripts that a reader takes for Latin ones."""

UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})
"""Categories of marks that draw nothing of their own."""
_FILLERS = "\u115f\u1160\u2800"
"""Letters and signs by name that draw nothing."""


def fold(text: str) -> str:
    """Reduce a line to what a reader sees: letters by their look, no case, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\s+", " ", text))
    seen = "".join(mark for mark in plain if unicodedata.category(mark) not in UNSEEN and mark not in _FILLERS)
    return re.sub(r"\s+", " ", seen.translate(_LOOKS_LIKE)).strip().casefold()


def visible(text: str) -> str:
    """The text without marks that draw nothing of their own; alphabets stay as they are."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if unicodedata.category(mark) not in UNSEEN)


def mentions(line: str, wording: str) -> bool:
    """Whether a line contains this wording, as a reader sees it: whole words only."""
    sought = fold(wording).rstrip(".")
    return bool(sought) and re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", fold(line)) is not None
