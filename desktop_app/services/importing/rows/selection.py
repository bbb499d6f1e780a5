"""Which rows below a heading are persons; totals, signatures, repeated headings, sections and blank lines are not.

A row is a person by its name together with any other word about him; after a line of totals or a signature only
firm evidence (a number in the list, a date of birth, a citizen number) makes one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from desktop_app.services.importing.hamlets import Hamlet, find_hamlet, parse_hamlet
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.words import is_signature, is_total

# The first words of lines that are no persons; only names that begin so, or hold a figure or a colon, are looked at.
_SUSPECTS = frozenset(
    (
        "tổng", "cộng", "mang", "chuyển", "lũy", "danh", "bằng", "ấn", "ký", "kí", "đã", "trưởng", "tổ", "phó", "chủ",
        "tm", "tm.", "t/m", "t/m.", "kt", "kt.", "k/t", "người", "cán", "công", "xác", "bí", "đại", "thủ", "kế", "ủy",
        "uỷ", "ubnd", "ban", "nơi", "thư", "thôn", "ấp", "khu", "giám", "hiệu", "lập", "trang", "page", "độc", "hội",
        "đảng", "mặt", "tong", "cong",
    )
)  # fmt: skip
_HOME_LINE = re.compile(r"hộ\s*(?:gia đình\s*)?(?:(?:ông|bà|anh|chị|số|\d{1,4})\b|:)", re.IGNORECASE)
_COUNTS = re.compile(r"\s*[(:,-]\s*(?:có\s+|gồm\s+|tổng\s+(?:số\s+)?)?\d+\s*(?:hộ|khẩu|người|nhân khẩu)\b.*$", re.I)
_MUCH = 3
_FIGURES = re.compile(r"[\d:…]|ngày")


@dataclass(slots=True)
class Selection:
    """Positions (0-based, below the heading) of the persons of a sheet.

    Args:
        persons: in their order; those in `nameless` lack a name, those in `thin` have nothing but one.
        sections: (position, settlement): from here on the list is about that settlement.
        homes: positions of lines that only head a household ("Hộ ông Nguyễn Văn A").
        breaks: positions at which a household cannot go on (a section); a page break is none.
    """

    persons: list[int] = field(default_factory=list)
    nameless: set[int] = field(default_factory=set)
    thin: set[int] = field(default_factory=set)
    sections: list[tuple[int, Hamlet]] = field(default_factory=list)
    homes: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rows:
    """What else can be asked of a row below the heading, by its position.

    Args:
        cells: returns all its cells.
        filled: returns how many of its cells tell of a person, names and running numbers aside.
        is_member: tells whether it says a sex or a relation to the head, which only a person has.
        headings: small-letter texts of the name column's heading; rows that repeat it are no persons.
        name_errors: positions whose name is a formula without a value.
        later_headings: positions of headings of later pages or tables.
    """

    cells: Callable[[int], Sequence[CellValue]]
    filled: Callable[[int], int]
    is_member: Callable[[int], bool]
    headings: frozenset[str]
    name_errors: Collection[int]
    later_headings: Collection[int] = ()


def select_persons(names: Sequence[str], firm: Sequence[bool], rows: Rows) -> Selection:
    """Choose the rows that are persons.

    Args:
        names: for each row the name, "" where there is none.
        firm: whether the row has a number in the list, a date of birth or a citizen number.
        rows: answers what else is asked of a row.
    """
    chooser = _Chooser(rows, any(firm))
    special = _special_names(names, rows.headings)
    for at, name in enumerate(names):
        if at in rows.later_headings:
            chooser.heading(at)
        elif not name:
            chooser.nameless(at, firm[at])
        elif name in special or not firm[at] or name[0] in "hH":
            chooser.doubtful(at, name, firm[at], special.get(name, ""))
        else:
            chooser.person(at)
    chooser.chosen.persons.extend(chooser.pending)
    return chooser.chosen


class _Chooser:
    """Goes down a list row by row; remembers whether totals or signatures have closed it.

    Args:
        has_firm: whether any row of the list has firm evidence; only then is it asked of rows below the totals.
    """

    def __init__(self, rows: Rows, has_firm: bool) -> None:
        self.chosen = Selection()
        self.pending: list[int] = []
        self._rows = rows
        self._has_firm = has_firm
        self._closed = ""
        self._gap = False

    def person(self, at: int) -> None:
        """Take a row as a person, and with it those before it that had only a name."""
        self._closed = ""
        self._gap = False
        if self.pending:
            self.chosen.persons.extend(self.pending)
            self.pending.clear()
        self.chosen.persons.append(at)

    def heading(self, at: int) -> None:
        """Pass over a later heading: the list goes on below it, after signatures with another table."""
        if self._closed == "signature":
            self.chosen.breaks.append(at)
        self._closed = ""
        self._gap = False
        self.chosen.thin.difference_update(self.pending)
        self.pending.clear()  # names alone above a heading are its titles

    def doubtful(self, at: int, name: str, firm: bool, special: str) -> None:
        """Decide about a row whose name looks like something else, or that has no firm evidence."""
        filled = self._rows.filled(at)
        if special == "heading":
            return
        if special and (special == "total" or not (firm and filled)):
            self._closed = special
        elif _HOME_LINE.match(name) and not filled:
            self.chosen.homes.append(at)
            self._closed = ""
        elif firm or (filled and (not self._closed or (self._closed == "total" and not self._has_firm))):
            self.person(at)
        elif _section(name, at, self.chosen):
            self._closed = ""
        elif not self._closed and not (self._gap and self.chosen.persons):
            self.pending.append(at)
            self.chosen.thin.add(at)

    def nameless(self, at: int, firm: bool) -> None:
        """Decide about a row without a name: blank, totals, signatures, a section, or a person who lacks one."""
        rows, chosen = self._rows, self.chosen
        texts = [value for value in rows.cells(at) if type(value) is str and value]
        filled = rows.filled(at)
        if at in rows.name_errors and (filled or firm):
            chosen.persons.append(at)
            chosen.nameless.add(at)
        elif not texts and not filled:
            self._gap = True
        elif any(is_total(text) for text in texts):
            self._closed = "total"
        elif filled < _MUCH and any(is_signature(text) for text in texts):
            self._closed = "signature"
        elif len(texts) <= 2 and any(_HOME_LINE.match(text) for text in texts):
            chosen.homes.append(at)
        elif len(texts) <= 2 and filled <= 1 and any(_section(text, at, chosen) for text in texts):
            self._closed = ""
        elif filled >= 2 and (firm or (not self._closed and rows.is_member(at))):
            chosen.persons.append(at)
            chosen.nameless.add(at)


def _special_names(names: Sequence[str], headings: frozenset[str]) -> dict[str, str]:
    """Return the distinct "names" that are none: "heading", "total" or "signature"."""
    special: dict[str, str] = {}
    for name in set(names):
        lower = name.lower()
        if lower in headings:
            special[name] = "heading"
            continue
        is_suspect = lower.partition(" ")[0].lstrip("(") in _SUSPECTS or _FIGURES.search(lower)
        if is_suspect and is_total(name):
            special[name] = "total"
        elif is_suspect and is_signature(name):
            special[name] = "signature"
    return special


def _section(text: str, at: int, chosen: Selection) -> bool:
    """Note a row that names the settlement of the rows below it ("THÔN 2", "Danh sách hộ ấp Bình Hòa")."""
    whole = parse_hamlet(_COUNTS.sub("", text))
    hamlet = whole if whole and whole.word and len(text) <= 40 else find_hamlet(text)
    if hamlet is None:
        return False
    chosen.sections.append((at, hamlet))
    chosen.breaks.append(at)
    return True
