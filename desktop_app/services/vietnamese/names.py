"""Names of people and places: parts, order and letter case; a name is never changed, only read."""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.services.vietnamese.collation import name_key, text_key
from desktop_app.services.vietnamese.text import nfc

_APOSTROPHE = re.compile("['’‘ʼ`]")
_PARTS = re.compile("([-'’‘ʼ`(/.]+)")
# First words of names of the Ê Đê, M'Nông, Ba Na, Xơ Đăng, K'Ho…: particles of sex, no họ.
_PARTICLES = frozenset("AHKYahky")


def split_name(name: str) -> tuple[str, str, str]:
    """Return họ, đệm, tên of a name: first word, middle words, last word.

    Names of ethnic minorities that do not follow this order (K'Tùng, H'Hen Niê, Y Moan Êban) are given back whole as
    tên; an office may correct their sort name.
    """
    words = nfc(name).split()
    if len(words) < 2 or _is_kept_whole(words):
        return "", "", " ".join(words)
    return words[0], " ".join(words[1:-1]), words[-1]


def name_sort_key(name: str) -> str:
    """Return an ASCII key whose byte order is that of tên, then đệm, then họ in the Vietnamese alphabet."""
    clean = nfc(name)
    words = clean.split()
    if len(words) < 2 or words[0] in _PARTICLES or _APOSTROPHE.search(clean) is not None:
        return text_key(words)
    return name_key(words)


def text_sort_key(text: str) -> str:
    """Return an ASCII key for text read from left to right, numbers by value: "Thôn 2" before "Thôn 10"."""
    return text_key(nfc(text).split(), numeric=True)


def name_case(text: str) -> str:
    """Return `text` with words written all in capitals or all in small letters begun with a capital.

    "NGUYỄN VĂN A" → "Nguyễn Văn A", "K'TÙNG" → "K'Tùng". Words of mixed case that begin with a capital (K'Tùng,
    McDonald) are kept, slips of the shift key ("NGuyễn") are not.
    """
    return " ".join(_word_case(word) for word in nfc(text).split())


def _is_kept_whole(words: list[str]) -> bool:
    return words[0] in _PARTICLES or _APOSTROPHE.search(" ".join(words)) is not None


@lru_cache(maxsize=16384)
def _word_case(word: str) -> str:
    if not (word.isupper() or word.islower() or _is_slip(word)):
        return word
    return "".join(part.capitalize() for part in _PARTS.split(word))


def _is_slip(word: str) -> bool:
    """Tell whether capitals stand only at the start ("NGuyễn") or follow a small first letter ("nGuyễn")."""
    if _APOSTROPHE.search(word):
        return False
    return word[0].islower() or (word[:2].isupper() and word[2:].islower())
