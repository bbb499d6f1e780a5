"""Which person of the register a row of a scoring list is about.

Invariants: nobody is made from a scoring list; a person is taken only when nobody else fits as well, two different
CCCDs are never one person, a name with other accents is another name unless the whole date of birth says otherwise,
and what is not sure is left to a person to decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop_app.services.importing.hamlets import is_other_commune
from desktop_app.services.importing.planning.known_homes import is_same_place
from desktop_app.services.importing.planning.matching import NEAR, Known, KnownPeople, same_accents
from desktop_app.services.importing.preview import ScoreRow
from desktop_app.services.vietnamese import PartialDate, fold


@dataclass(frozen=True, slots=True)
class Match:
    """Who a row is about.

    Args:
        person: the one it surely is, None when it is not sure or nobody fits.
        others: who it may be when it is not sure.
        reason: why it is not sure, in words that end a sentence.
    """

    person: Known | None
    others: tuple[Known, ...] = ()
    reason: str = ""


def match_row(row: ScoreRow, known: KnownPeople, home: str = "") -> Match:
    """Find the person of a row by CCCD, else by folded name and birth, told apart by accents, household and hamlet.

    Args:
        home: key of the hamlet that the list names, "" for none.
    """
    name = fold(row.name)
    holder = known.by_cccd.get(row.cccd) if row.cccd else None
    if holder is not None:
        if name == holder.name or is_near(name, holder.name) or _same_birth(row, holder):
            return Match(holder)
        return Match(None, (holder,), "số CCCD trùng với một người mang tên khác")
    named = known.by_name.get(name) or known.by_name.get(_without_title(name)) or []
    found = [person for person in named if _fits(row, person)]
    if not found:
        near = tuple(person for person in named if not _has_other_cccd(row, person) and _is_slip(row, person))
        return Match(None, near, "cùng họ tên nhưng ngày sinh khác một chút") if near else Match(None)
    found = _told_apart(row, found, home)
    if len(found) > 1:
        like = "cùng họ tên và năm sinh" if row.birth is not None else "cùng họ tên, phiếu không ghi ngày sinh"
        return Match(None, tuple(found), f"có {len(found)} người {like}")
    doubt = _doubt(row, found[0], home)
    return Match(None, (found[0],), doubt) if doubt else Match(found[0])


_TITLE = re.compile(r"(?:ong|ba|anh|chi|cu|co|chu|bac)\s+(?=\S)")


def _without_title(name: str) -> str:
    """A folded name without "ông", "bà" before it; tried only where nobody has the name as it is written."""
    return _TITLE.sub("", name, count=1)


def _fits(row: ScoreRow, person: Known) -> bool:
    if _has_other_cccd(row, person):
        return False
    stored = _birth(person)
    return row.birth is None or stored is None or is_compatible(row.birth, stored)


def _has_other_cccd(row: ScoreRow, person: Known) -> bool:
    return bool(row.cccd and person.values["cccd"])


def _is_slip(row: ScoreRow, person: Known) -> bool:
    """Whether two births may be one date, written wrong once: the same year, or the same day of another year."""
    stored = _birth(person)
    if row.birth is None or stored is None:
        return False
    is_same_day = row.birth.day is not None and (row.birth.day, row.birth.month) == (stored.day, stored.month)
    return row.birth.year == stored.year or is_same_day


def _told_apart(row: ScoreRow, found: list[Known], home: str) -> list[Known]:
    """Narrow by former commune, accents, birth, household and hamlet, each only where it leaves somebody."""
    code = fold(row.household_code)
    for kept in (
        [p for p in found if not is_other_commune(home, p.hamlet)],
        [p for p in found if _same_accents(row, p)],
        [p for p in found if row.birth is not None and _birth(p) == row.birth],
        [p for p in found if code and p.household_code == code],
        [p for p in found if is_same_place(home, p.hamlet)],
    ):
        remaining = [p for p in found if p in kept]
        found = remaining or found
    return found


def _doubt(row: ScoreRow, person: Known, home: str) -> str:
    code = fold(row.household_code)
    stored = _birth(person)
    is_exact = row.birth is not None and row.birth == stored and row.birth.day is not None
    is_at_home = bool(code) and person.household_code == code and not is_other_commune(home, person.hamlet)
    if not _same_accents(row, person) and not is_exact:
        return f"trong sổ chỉ có người tên viết khác dấu ({person.values['full_name']})"
    if is_at_home:
        return ""
    is_elsewhere = bool(home and person.hamlet and not is_same_place(home, person.hamlet))
    if row.birth is None or stored is None:
        if is_elsewhere:
            return "chỉ trùng họ tên mà lại ở thôn khác, không có ngày sinh để so"
        if is_same_place(home, person.hamlet):
            return "đúng họ tên và cả thôn chỉ có một người tên này, nhưng không có ngày sinh để so"
        return "chỉ trùng họ tên, không có thôn và ngày sinh để so"
    if is_elsewhere and not is_exact:
        return "trùng họ tên và năm sinh nhưng ở thôn khác"
    return ""


def _same_accents(row: ScoreRow, person: Known) -> bool:
    stored = str(person.values["full_name"] or "")
    words = row.name.split()
    count = len(stored.split())
    return same_accents(" ".join(words[-count:]) if len(words) > count else row.name, stored)


def _same_birth(row: ScoreRow, person: Known) -> bool:
    stored = _birth(person)
    return row.birth is not None and stored is not None and is_compatible(row.birth, stored)


def is_compatible(left: PartialDate, right: PartialDate) -> bool:
    """Whether two births may be one: each says what the other says, or less."""
    if left.year != right.year:
        return False
    months = (left.month, right.month)
    days = (left.day, right.day)
    return (None in months or months[0] == months[1]) and (None in days or days[0] == days[1])


def _birth(person: Known) -> PartialDate | None:
    stored = person.values["birth"]
    return PartialDate.from_iso(str(stored)) if stored else None


def is_near(left: str, right: str) -> bool:
    """Whether two folded names differ by no more than a typing error."""
    from rapidfuzz import fuzz

    return fuzz.ratio(left, right) >= NEAR
