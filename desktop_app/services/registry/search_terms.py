"""From what a person types to expressions of the search index. Pure.

The index (``citizen_search``, see ``derive``) has four columns: ``given`` (folded tên), ``name`` (the folded name),
``exact`` (the name with its accents) and ``more`` (household code, hamlet, phone, year of birth; CCCD and phone from
their ends behind an "r"). Every word must be found somewhere, in any order, as the beginning of a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop_app.services.vietnamese import fold, nfc

SHORTEST_TAIL = 3
"""Digits from which a number is looked for from its end."""
MAX_WORDS = 12
_ALL = "{name more}"
_PLACES = frozenset({"thon", "ap", "khom", "ban", "to", "tdp", "khu", "pho", "xom", "lang", "buon", "doi", "bon"})
"""Words that make a place together with the figure behind them: "thôn 3", "tổ 2"."""
_SHORT = {
    "t": ("thon", "to", "to dan pho"),
    "th": ("thon",),
    "to": ("to dan pho",),
    "tdp": ("to dan pho",),
    "kp": ("khu pho",),
    "k": ("khom", "khu"),
    "a": ("ap",),
}
"""What offices write for a kind of hamlet, and the words that it stands for."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query: folded, and with its accents in lower case. A place ("thon 3") is one word."""

    folded: str
    exact: str

    @property
    def has_digits(self) -> bool:
        return any(character.isdigit() for character in self.folded)

    @property
    def has_accents(self) -> bool:
        return self.folded != self.exact


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a query; words without a letter or figure are left out, digits written in groups are joined."""
    found: list[Word] = []
    for word in _join_digits(nfc(text)).split():
        folded = fold(word)
        if not any(character.isalnum() for character in folded):
            continue
        before = found[-1].folded if found else ""
        if folded.isdigit() and len(folded) < SHORTEST_TAIL and (before in _PLACES or before in _SHORT):
            found[-1] = Word(f"{found[-1].folded} {folded}", f"{found[-1].exact} {folded}")
        else:
            found.append(Word(folded, word.lower()))
    return tuple(found[:MAX_WORDS])


def _join_digits(text: str) -> str:
    """ "079 184 000 319" and "0912.345.678" are one number each; a household code keeps its hyphen."""
    return re.sub(r"(?<=\d{3})[ .](?=\d{3})", "", text)


def filter_expression(text: str) -> str | None:
    """The expression that every hit of a query fulfils; None for a blank query."""
    words = words_of(text)
    return match_all(words) if words else None


def match_all(words: tuple[Word, ...]) -> str:
    """Every word somewhere, as the beginning of a word."""
    return " AND ".join(_anywhere(word) for word in words)


def tiers(words: tuple[Word, ...]) -> tuple[str, ...]:
    """Expressions from the best hits to the widest; a hit belongs to the first that it fulfils.

    The whole name as typed; the typed accents; whole words of the name, the tên before the rest; whole words anywhere;
    the same with beginnings of words; at last all that ``match_all`` finds. ``tier_of`` says the same of one name.
    """
    names = tuple(word for word in words if not word.has_digits)
    wholes = [_anywhere(word, is_whole=True) for word in words]
    if not names:
        return (" AND ".join(wholes), match_all(words))
    whole_others = [_anywhere(word, is_whole=True) for word in words if word.has_digits]
    others = [_anywhere(word) for word in words if word.has_digits]
    whole = [f"name: {_quoted(word.folded)}" for word in names]
    begun = [f"name: {_quoted(word.folded)} *" for word in names]
    in_given = "(" + " OR ".join(f"given: {_quoted(word.folded)}" for word in names) + ")"
    begun_in_given = "(" + " OR ".join(f"given: {_quoted(word.folded)} *" for word in names) + ")"
    accented = [f"exact: {_quoted(word.exact)}" for word in names if word.has_accents]
    found = []
    if accented:
        begun_accented = [*accented[:-1], accented[-1] + " *"] if names[-1].has_accents else accented
        found = [
            [*accented, _full_name(names), *whole_others],
            [*accented, *whole, in_given, *whole_others],
            [*accented, *whole, *whole_others],
            [*begun_accented, *begun, *others],
        ]
    found += [
        [_full_name(names), *whole_others],
        [*whole, in_given, *whole_others],
        [*whole, *whole_others],
        wholes,
        [*begun, begun_in_given, *others],
        [*begun, *others],
    ]
    return (*(" AND ".join(parts) for parts in found), match_all(words))


def _full_name(names: tuple[Word, ...]) -> str:
    """Names that begin with the typed words in their order and end with the last of them."""
    phrase = " ".join(word.folded for word in names)
    return f"name: ^ {_quoted(phrase)} AND given: {_quoted(names[-1].folded)}"


def tier_of(words: tuple[Word, ...], name: str) -> int:
    """The place in ``tiers`` of a hit with this full name, for queries without figures whose hits are all at hand."""
    names = list(words)
    parts, exact = _tokens(fold(name)), _tokens(name.lower())
    given = _tokens(fold(name).rpartition(" ")[2])
    is_whole = all(_within(word.folded, parts, is_whole=True) for word in names)
    is_begun = is_whole or all(_within(word.folded, parts, is_whole=False) for word in names)
    phrase = [token for word in names for token in _tokens(word.folded)]
    is_full = parts[: len(phrase)] == phrase and _within(names[-1].folded, given, is_whole=True)
    in_given = any(_within(word.folded, given, is_whole=is_whole) for word in names)
    accented = [word for word in names if word.has_accents]
    place = 0
    if accented:
        place = 4
        if is_whole and all(_within(word.exact, exact, is_whole=True) for word in accented):
            return 0 if is_full else 1 if in_given else 2
        if is_begun and all(_within(word.exact, exact, is_whole=word is not names[-1]) for word in accented):
            return 3
    if is_full:
        return place
    if is_whole:
        return place + (1 if in_given else 2)
    if is_begun:
        return place + (4 if in_given else 5)
    return place + 6


def _within(word: str, parts: list[str], *, is_whole: bool) -> bool:
    """Whether a typed word stands in a name; "k'tung" is the phrase "k tung", as the index sees it."""
    wanted = _tokens(word)
    for start in range(len(parts) - len(wanted) + 1):
        here = parts[start : start + len(wanted)]
        if here[:-1] == wanted[:-1] and (here[-1] == wanted[-1] if is_whole else here[-1].startswith(wanted[-1])):
            return True
    return False


def _tokens(text: str) -> list[str]:
    """Words as the index divides them: runs of letters and figures."""
    return re.findall(r"[^\W_]+", text)


def _anywhere(word: Word, *, is_whole: bool = False) -> str:
    """In the name, the household's code, the hamlet, the phone or the year; digits also from the end of a number."""
    end = "" if is_whole else " *"
    found = [f"{_ALL}: {_quoted(word.folded)}{end}"]
    if word.folded.isdigit() and len(word.folded) >= SHORTEST_TAIL:
        found.append(f"more: {_quoted('r' + word.folded[::-1])} *")
    found += [f"more: {_quoted(sense)}{end}" for sense in _senses(word.folded)]
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


def _senses(folded: str) -> list[str]:
    """Other ways to write a place or a code: "tdp 3" and "t3" for "Tổ dân phố số 3", "tc001" for "TC-001"."""
    if folded in ("tdp", "kp"):
        return list(_SHORT[folded])
    parts = re.fullmatch(r"([a-z]+) ?(\d+)", folded)
    if parts is None:
        return []
    kind, figure = parts.groups()
    kinds = (kind, *_SHORT.get(kind, ())) if kind in _PLACES or kind in _SHORT else ()
    places = [f"{each} {middle}{int(figure)}" for each in kinds for middle in ("", "so ")]
    written = [*places, f"{kind} {figure}"]
    return [sense for sense in dict.fromkeys(written) if sense != folded]


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
