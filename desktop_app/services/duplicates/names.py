"""How alike two Vietnamese names are: the same, the same but for accents, a slip of the hand, or another name.

Invariant: pure. Two names that are both good Vietnamese and differ by an accent ("An", "Ân") are two names, not a slip:
brothers and sisters are named so.
"""

from __future__ import annotations

import unicodedata
from enum import Enum
from functools import lru_cache

from desktop_app.services.vietnamese import fold
from desktop_app.services.vietnamese.syllables import is_syllable


class NameMatch(Enum):
    """How alike two names are, from the same to another."""

    SAME = "same"
    UNACCENTED = "unaccented"  # one was written without accents, or a tone stands on the other vowel
    SLIP = "slip"  # one of the differing words is no Vietnamese word, or hỏi stands for ngã
    ONE_ACCENT = "one_accent"  # one lacks an accent in one word only: written without, or another name ("An", "Ân")
    SHORTER = "shorter"  # a middle word is missing
    ACCENT = "accent"  # both are names, an accent apart
    NEAR = "near"  # both are names, a letter apart
    OTHER = "other"


ALIKE = frozenset({NameMatch.SAME, NameMatch.UNACCENTED, NameMatch.SLIP})
"""Names that one person may well have in two lists."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_HOOK, _TILDE = "\u0309", "\u0303"
_LONG_WORD = 5
"""Letters of a word from which two slips are thinkable."""


def compare_names(first: str, first_fold: str, second: str, second_fold: str) -> NameMatch:
    """Compare two names.

    Args:
        first_fold, second_fold: the names without accents (``fold``).
    """
    if first == second:
        return NameMatch.SAME
    if first_fold == second_fold:
        return _compare_accents(first, first_fold, second)
    mine, theirs = first_fold.split(), second_fold.split()
    if len(mine) != len(theirs):
        return NameMatch.SHORTER if _lacks_middle(mine, theirs) else _run_together(mine, theirs)
    apart = [place for place, (left, right) in enumerate(zip(mine, theirs, strict=True)) if left != right]
    if len(apart) > 1:
        return NameMatch.OTHER
    return _compare_words(mine, theirs, first.split(), second.split(), apart[0])


def _compare_accents(first: str, folded: str, second: str) -> NameMatch:
    left, right = sound_key(first), sound_key(second)
    if left == right:
        return NameMatch.SAME
    if folded in (left, right):
        apart = sum(mine != theirs for mine, theirs in zip(left.split(), right.split(), strict=True))
        return NameMatch.UNACCENTED if apart > 1 else NameMatch.ONE_ACCENT
    worst = NameMatch.UNACCENTED
    for mine, theirs in zip(left.split(), right.split(), strict=True):
        if mine == theirs:
            continue
        if _is_bad(mine) or _is_bad(theirs) or _tones_confused(mine, theirs):
            worst = NameMatch.SLIP
        else:
            return NameMatch.ACCENT
    return worst


def _compare_words(mine: list[str], theirs: list[str], first: list[str], second: list[str], place: int) -> NameMatch:
    left, right = mine[place], theirs[place]
    if _same_ending_i(left, right):
        return NameMatch.UNACCENTED
    if not are_alike(left, right):
        return NameMatch.OTHER
    if len(first) != len(mine) or len(second) != len(theirs):
        return NameMatch.NEAR
    others = [at for at in range(len(mine)) if at != place]
    if any(sound_key(first[at]) != sound_key(second[at]) for at in others) and not (
        _is_bare(first) or _is_bare(second)
    ):
        return NameMatch.NEAR
    is_slip = _is_bad(sound_key(first[place])) or _is_bad(sound_key(second[place]))
    return NameMatch.SLIP if is_slip else NameMatch.NEAR


@lru_cache(maxsize=65_536)
def sound_key(name: str) -> str:
    """Lower case with each word's tone at its end, so that "Thuỷ" and "Thủy" are one."""
    words = []
    for word in name.lower().split():
        letters = unicodedata.normalize("NFD", word)
        tone = "".join(letter for letter in letters if letter in _TONES)
        rest = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
        words.append(rest + tone)
    return " ".join(words)


@lru_cache(maxsize=16_384)
def _is_bad(word: str) -> bool:
    """No Vietnamese word; names of other peoples (K'Tùng, H'Hen) are no slips."""
    return "'" not in word and not is_syllable(word)


def _tones_confused(left: str, right: str) -> bool:
    return {left[-1:], right[-1:]} == {_HOOK, _TILDE} and left[:-1] == right[:-1]


def _is_bare(words: list[str]) -> bool:
    name = " ".join(words)
    return name.lower() == fold(name)


def _same_ending_i(left: str, right: str) -> bool:
    """ "Mỹ" and "Mĩ", "Lý" and "Lí"."""
    return len(left) == len(right) and left[:-1] == right[:-1] and {left[-1:], right[-1:]} == {"i", "y"}


def _lacks_middle(mine: list[str], theirs: list[str]) -> bool:
    """The shorter lacks middle words; the first and the last stand in both, and two words at least."""
    short, long = sorted((mine, theirs), key=len)
    if len(short) < 2 or short[0] != long[0] or short[-1] != long[-1]:
        return False
    rest = iter(long)
    return all(word in rest for word in short)


def _run_together(mine: list[str], theirs: list[str]) -> NameMatch:
    """ "Nguyễn VănAn": a space that was forgotten."""
    return NameMatch.SLIP if "".join(mine) == "".join(theirs) else NameMatch.OTHER


@lru_cache(maxsize=65_536)
def are_alike(left: str, right: str) -> bool:
    """Two words without accents that a slip parts, long ones two slips."""
    return is_one_slip(left, right) or (min(len(left), len(right)) >= _LONG_WORD and _shares_most(left, right))


def is_one_slip(left: str, right: str) -> bool:
    """One letter more, less, other, or two neighbours changed about."""
    if left == right:
        return False
    if len(left) > len(right):
        left, right = right, left
    if len(right) - len(left) > 1:
        return False
    start = 0
    while start < len(left) and left[start] == right[start]:
        start += 1
    if len(left) < len(right):
        return left[start:] == right[start + 1 :]
    if left[start + 1 :] == right[start + 1 :]:
        return True
    return (
        left[start + 2 :] == right[start + 2 :]
        and left[start : start + 2] == right[start : start + 2][::-1]
        and len(left) >= start + 2
    )


def _shares_most(left: str, right: str) -> bool:
    from rapidfuzz.distance import OSA

    return OSA.distance(left, right, score_cutoff=2) <= 2
