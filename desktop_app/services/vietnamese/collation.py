"""Vietnamese alphabetical order as ASCII strings; byte order of two keys is the order of ICU's locale vi.

A key has three levels, divided by a space: the letters (a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y,
with f j w z in their Latin places), then the tones (không, huyền, hỏi, ngã, sắc, nặng), then case (lower first).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_DIGITS = "0123456789"
_LETTERS = "aăâbƀcdđeêfghijklmnoôơpqrstuưvwxyz"
_LEVEL, _FIELD, _SPACE, _FIRST_WEIGHT = " ", "!", '"', 0x23
_PRIMARY = {c: chr(_FIRST_WEIGHT + i) for i, c in enumerate(_PUNCTUATION + _DIGITS + _LETTERS)}
_DIGIT_WEIGHTS = str.maketrans({digit: _PRIMARY[digit] for digit in _DIGITS})
_OTHER = chr(_FIRST_WEIGHT + len(_PRIMARY))
# Typed for one another and seen as the same: curly quotes, long hyphens, the Icelandic Ð for Đ.
_TYPOGRAPHIC = {"’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "“": '"', "”": '"', "Ð": "Đ", "ð": "đ"}
# Secondary weights: the five tones in the order of the tailoring, then the other marks as ICU's root has them.
_MARKS = {mark: chr(0x31 + i) for i, mark in enumerate("\u0300\u0309\u0303\u0301\u0323\u0306\u0302\u030c\u030a\u0308")}
_OTHER_MARK = "Z"
_VOWEL_SIGNS = frozenset("\u0306\u0302\u031b")
_MAX_RUN = 9

Levels = tuple[str, str, str]


def name_key(words: Sequence[str]) -> str:
    """Return the key of a name of two words or more: the last word, then those between, then the first.

    The letters of all the words weigh more than any tone, and an absent middle sorts first.
    """
    letters, tones, case = _word_levels(words[-1])
    between = _FIELD
    for word in words[1:-1]:
        part = _word_levels(word)
        letters += between + part[0]
        tones += part[1]
        case += part[2]
        between = _SPACE
    first = _word_levels(words[0])
    gap = _FIELD if len(words) > 2 else _FIELD + _FIELD
    return _joined(letters + gap + first[0], tones + first[1], case + first[2])


def text_key(words: Sequence[str], *, numeric: bool = False) -> str:
    """Return the key of words from left to right; `numeric` reads runs of digits as numbers."""
    levels = [_numeric_word_levels(word) if numeric else _word_levels(word) for word in words]
    letters = _SPACE.join([level[0] for level in levels])
    return _joined(letters, "".join([level[1] for level in levels]), "".join([level[2] for level in levels]))


def _joined(letters: str, tones: str, case: str) -> str:
    return f"{letters}{_LEVEL}{tones.rstrip('0')}{_LEVEL}{case.rstrip('0')}"


@lru_cache(maxsize=32768)
def _word_levels(word: str) -> Levels:
    return _levels(word, numeric=False)


@lru_cache(maxsize=32768)
def _numeric_word_levels(word: str) -> Levels:
    return _levels(word, numeric=True)


def _levels(word: str, *, numeric: bool) -> Levels:
    primary, secondary, tertiary = "", "", ""
    digits = ""
    for character in unicodedata.normalize("NFC", word):
        if numeric and character in _DIGITS:
            digits += character
            continue
        if digits:
            primary += _number_weights(digits)
            digits = ""
        letters, marks, case = _character_levels(character)
        primary += letters
        secondary += marks
        tertiary += case
    return primary + _number_weights(digits), secondary, tertiary


def _number_weights(digits: str) -> str:
    """Weights of a run of digits: its length, then its digits, so that shorter numbers come first."""
    if not digits:
        return ""
    digits = digits.lstrip("0") or "0"
    length = "9" * (len(digits) // _MAX_RUN) + str(len(digits) % _MAX_RUN)
    return (length + digits).translate(_DIGIT_WEIGHTS)


@lru_cache(maxsize=4096)
def _character_levels(character: str) -> Levels:
    """Weights of one character in NFC; a mark that stands alone has only a secondary weight."""
    character = _TYPOGRAPHIC.get(character, character)
    if unicodedata.combining(character):
        return "", _MARKS.get(character, _OTHER_MARK), ""
    lower = character.lower()
    base, marks = _base_and_marks(lower)
    weight = "".join(_PRIMARY.get(c) or _foreign_weight(c) for c in base)
    secondary = "0" * len(base) + "".join(_MARKS.get(mark, _OTHER_MARK) for mark in marks)
    return weight, secondary, ("1" if lower != character else "0") * len(base)


def _base_and_marks(lower: str) -> tuple[str, str]:
    """Split a letter into its letter of the alphabet (ă, ơ… are letters) and the marks above or below it."""
    decomposed = unicodedata.normalize("NFD", lower)
    base, marks = decomposed[0], decomposed[1:]
    for sign in marks:
        letter = unicodedata.normalize("NFC", base + sign)
        if sign in _VOWEL_SIGNS and letter in _PRIMARY:
            return letter, marks.replace(sign, "", 1)
    return (base, marks) if base in _PRIMARY else (unicodedata.normalize("NFKD", lower), "")


def _foreign_weight(character: str) -> str:
    return _OTHER + "".join(chr(0x41 + int(nibble, 16)) for nibble in f"{ord(character):06x}")
