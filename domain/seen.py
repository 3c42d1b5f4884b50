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
_SMALL_CAPITALS = (
    "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f"
    "\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22"
)
_STROKED = "\u0142\u00f8\u0111\u0127\u0167\u0268\u0289\u0180\u0247\u0259\u01dd"
_LISU = (
    "\ua4d0\ua4d1\ua4d2\ua4d3\ua4d4\ua4d6\ua4d7\ua4d9\ua4da\ua4db\ua4dc\ua4dd\ua4de\ua4df"
    "\ua4e0\ua4e1\ua4e2\ua4e3\ua4e4\ua4e6\ua4e7\ua4e8\ua4ea\ua4eb\ua4ec\ua4ee\ua4ef\ua4f0\ua4f2\ua4f3\ua4f4"
)
_LOOKS_LIKE = str.maketrans(
    _CYRILLIC + _GREEK + _OTHER + _SMALL_CAPITALS + _STROKED + _LISU,
    "ABEKMHOPCTYXSIJabekmhopctyxsijdqwhABEZHIKMNOPTYXabenikvoptuxiganuog"
    "abcdefghijklmnoprstuvwyzlodhtiubeeeBPdDTGKJCcZFfMNLSRrVHhWXYAaEIOU",
)
"""Letters of other scripts that a reader takes for Latin ones."""
_ENCLOSED = {
    code: chr(ord("A") + (code - 0x1F130) % 32) for code in (*range(0x1F130, 0x1F14A), *range(0x1F150, 0x1F16A))
}
_ENCLOSED |= {code: chr(ord("A") + code - 0x1F170) for code in range(0x1F170, 0x1F18A)}
_ENCLOSED |= {code: chr(ord("A") + code - 0x1F1E6) for code in range(0x1F1E6, 0x1F200)}
"""Letters in squares, circles and flags, which a reader takes for the letters."""

UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me", "Co", "Cs"})
"""Categories of marks that draw nothing of their own."""
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs by name that draw nothing."""


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def fold(text: str) -> str:
    """Reduce a line to what a reader sees: letters by their look, no case, no accents, single spaces."""
    if text.isascii():
        return " ".join(_CONTROL.sub("", re.sub(r"\s+", " ", text)).split()).casefold()
    plain = unicodedata.normalize("NFKD", re.sub(r"\s+", " ", text).translate(_ENCLOSED))
    seen = "".join(mark for mark in plain if unicodedata.category(mark) not in UNSEEN and mark not in _FILLERS)
    return re.sub(r"\s+", " ", seen.translate(_LOOKS_LIKE)).strip().casefold().translate(_LOOKS_LIKE)


def visible(text: str) -> str:
    """The text without marks that draw nothing of their own; alphabets stay as they are."""
    return "".join(
        mark
        for mark in unicodedata.normalize("NFKD", text.translate(_ENCLOSED))
        if unicodedata.category(mark) not in UNSEEN
    )


def mentions(line: str, wording: str) -> bool:
    """Whether a line contains this wording, as a reader sees it: whole words only."""
    sought = fold(wording).rstrip(".")
    return bool(sought) and re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", fold(line)) is not None
