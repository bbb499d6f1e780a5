"""The shape of Vietnamese syllables: which strings of letters can be one; the judge between charsets."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ONSETS = (
    *("ngh", "ng", "gh", "gi", "kh", "nh", "ph", "qu", "th", "tr", "ch"),
    *("b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x", ""),
)
# Vowel groups and the endings each can take; "_" is none. Modern spelling and the old one (quí, lí) both pass.
_ENDINGS = {
    "a": "_ c ch i m n ng nh o p t u y", "ă": "c m n ng p t", "â": "c m n ng p t u y", "e": "_ c m n ng o p t",
    "ê": "_ ch m n nh p t u c ng", "i": "_ a c ch m n nh p t u", "ia": "_", "iê": "c m n ng p t u", "y": "_ ch t n nh",
    "yê": "m n ng t u", "ya": "_", "o": "_ a c i m n ng p t", "oo": "c ng", "oa": "_ c ch i m n ng nh o p t y",
    "oă": "c m n ng t", "oe": "_ n o t m", "ô": "_ c i m n ng p t", "ơ": "_ i m n p t", "u": "_ a c i m n ng p t",
    "ua": "_", "uâ": "n ng t y", "uê": "_ ch n nh", "uô": "c i m n ng t p", "uơ": "_ n", "uy": "_ a ch n nh p t u",
    "uyê": "n t", "uă": "n t", "ue": "_", "ư": "_ a c i m n ng t u", "ưa": "_", "ươ": "c i m n ng p t u",
}  # fmt: skip
RHYMES = frozenset(
    vowels + ("" if ending == "_" else ending) for vowels, endings in _ENDINGS.items() for ending in endings.split()
)
_STOPS = ("p", "t", "c", "ch")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOP_TONES = frozenset("\u0301\u0323")
_LONGEST = 7


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Tell whether a word, in any case, has the letters and the tone of a Vietnamese syllable."""
    if not word or len(unicodedata.normalize("NFC", word)) > _LONGEST:
        return False
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in letters if c in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    if bare.endswith(_STOPS) and not _STOP_TONES.issuperset(tones or "-"):
        return False
    return any(bare.startswith(onset) and bare[len(onset) :] in RHYMES for onset in ONSETS) or bare == "gi"
