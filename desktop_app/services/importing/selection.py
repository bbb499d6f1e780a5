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
        "uỷ", "ubnd", "ban", "nơi", "thư", "thôn", "ấp", "khu", "giám", "hiệu", "lập", "trang", "page", "tong", "cong",
    )
)  # fmt: skip
_HOME_LINE = re.compile(r"hộ\s*(?:gia đình\s*)?(?:(?:ông|bà|anh|chị|số)\b|:)", re.IGNORECASE)
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
        headings: small-letter texts of the name column's heading; rows that repeat it are no persons.
        name_errors: positions whose name is a formula without a value.
    """

    cells: Callable[[int], Sequence[CellValue]]
    filled: Callable[[int], int]
    headings: frozenset[str]
    name_errors: Collection[int]


def select_persons(names: Sequence[str], firm: Sequence[bool], rows: Rows) -> Selection:
    """Choose the rows that are persons.

    Args:
        names: for each row the name, "" where there is none.
        firm: whether the row has a number in the list, a date of birth or a citizen number.
        rows: answers what else is asked of a row.
    """
    chosen = Selection()
    special = _special_names(names, rows.headings)
    closed = False
    gap = False
    pending: list[int] = []
    for at, name in enumerate(names):
        if not name:
            what = _nameless(at, firm[at], rows, chosen)
            closed = closed or what == "closed"
            gap = gap or what == "blank"
            continue
        if name in special:
            if special[name] == "heading":
                continue
            if is_total(name) or not (firm[at] and rows.filled(at)):
                closed = True
                continue
        if name[0] in "hH" and _HOME_LINE.match(name) and not rows.filled(at):
            chosen.homes.append(at)
            closed = False
            continue
        if not firm[at] and (closed or not rows.filled(at)):
            if _section(name, at, chosen):
                closed = False
            elif not closed and not (gap and chosen.persons):
                pending.append(at)
                chosen.thin.add(at)
            continue
        closed = gap = False
        if pending:
            chosen.persons.extend(pending)
            pending.clear()
        chosen.persons.append(at)
    chosen.persons.extend(pending)
    return chosen


def _special_names(names: Sequence[str], headings: frozenset[str]) -> dict[str, str]:
    """Return the distinct "names" that are headings or belong to the foot of a list."""
    special: dict[str, str] = {}
    for name in set(names):
        lower = name.lower()
        if lower in headings:
            special[name] = "heading"
            continue
        is_suspect = lower.partition(" ")[0].lstrip("(") in _SUSPECTS or _FIGURES.search(lower)
        if is_suspect and (is_total(name) or is_signature(name)):
            special[name] = "foot"
    return special


def _nameless(at: int, firm: bool, rows: Rows, chosen: Selection) -> str:
    """Say what a row without a name is: "blank", "closed" (totals, signatures), "" for anything else."""
    texts = [value for value in rows.cells(at) if type(value) is str and value]
    filled = rows.filled(at)
    if at in rows.name_errors and (filled or firm):
        chosen.persons.append(at)
        chosen.nameless.add(at)
        return ""
    if not texts and not filled:
        return "blank"
    if any(is_total(text) or is_signature(text) for text in texts):
        return "closed"
    if len(texts) <= 2 and any(_HOME_LINE.match(text) for text in texts):
        chosen.homes.append(at)
        return ""
    if len(texts) <= 2 and filled <= 1 and any(_section(text, at, chosen) for text in texts):
        return ""
    if filled >= 2 and firm:
        chosen.persons.append(at)
        chosen.nameless.add(at)
    return ""


def _section(text: str, at: int, chosen: Selection) -> bool:
    """Note a row that names the settlement of the rows below it ("THÔN 2", "Danh sách hộ ấp Bình Hòa")."""
    whole = parse_hamlet(text)
    hamlet = whole if whole and whole.word and len(text) <= 40 else find_hamlet(text)
    if hamlet is None:
        return False
    chosen.sections.append((at, hamlet))
    chosen.breaks.append(at)
    return True
