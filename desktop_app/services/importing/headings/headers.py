"""Finds the heading of a table: titles above it, one to three rows of it, merged cells, a row of column numbers below.

A heading is known by its words, never by its place or its colour; what is above it are titles, what is below are data.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desktop_app.services.importing.fields import Field, field_of_heading, heading_key, plain_number_code
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.reader import Merge
from desktop_app.services.importing.scores.words import is_short_name, is_wording
from desktop_app.services.importing.words import ETHNIC_GROUPS, is_known_relation, poverty_of, sex_of_word
from desktop_app.services.vietnamese import fold

LOOK_AT_ROWS = 80
_MAX_BAND = 4
_AS_GOOD = 0.6
_FEWEST_NUMBERS = 4
NAME_HEADINGS = frozenset({Field.NAME, Field.HEAD_NAME, Field.FAMILY_NAME, Field.GIVEN_NAME})
UNIT_HEADINGS = frozenset({Field.CLAN, Field.ORGANIZATION, Field.BRANCH_CODE, Field.BRANCH_NAME, Field.HAMLET})
_WEAK = frozenset({Field.IGNORE, Field.MALE_MARK, Field.FEMALE_MARK, Field.HOUSEHOLD_NO, Field.POOR_MARK})
_DATA_LIKE = re.compile(r"\d{4,}|\d+[/-]\d+")
_OF_YEAR = re.compile(r"(?:\D{1,30} )?năm (?:học )?20\d\d(?: ?[-–] ?20\d\d)?", re.IGNORECASE)
_LONGEST_HEADING = 120
_SHORT_LEAVES = frozenset({"nam", "nu", "so", "ma", "ngay", "thang", "ho", "ten", "dem", "noi cap", "ngay cap", "x"})
_FIGURE = re.compile(r"\d")
_AWAITS_MORE = re.compile(r"(?:\b(?:voi|cua|va|la|so|ma)|[-–/(,])$")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAME_PARTS = frozenset({Field.FAMILY_NAME, Field.MIDDLE_NAME, Field.GIVEN_NAME})
_TICK = re.compile(r"[xv✓✔√]|\d+(?:[.,]\d+)? ?%|(?:không |chưa )?đạt|có|không|kđ", re.IGNORECASE)
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Za-z]|[IVX]{1,4})\)?(?:\s*=.*)?")

Row = Sequence[CellValue]


@dataclass(frozen=True, slots=True)
class Header:
    """Where a heading stands; rows are 0-based.

    Args:
        first, last: its rows, both included; first > last when there is none.
        data: first row below it and below a row of column numbers.
        paths: for each column its heading cells from top to bottom.
        titles: texts above it, from top to bottom.
    """

    first: int
    last: int
    data: int
    paths: tuple[tuple[str, ...], ...]
    titles: tuple[str, ...]

    @property
    def is_found(self) -> bool:
        """Whether there is a heading at all."""
        return self.first <= self.last

    @property
    def shape(self) -> str:
        """Fingerprint of the headings in their order; equal for lists that one mapping fits."""
        text = "|".join(heading_key(" ".join(path)) for path in self.paths)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def find_header(rows: Sequence[Row], merges: Sequence[Merge]) -> Header:
    """Find the heading among a sheet's first rows.

    Args:
        rows: the first rows, clean.
        merges: the sheet's merged areas.
    """
    scores = [_score(rows, index, merges) for index in range(len(rows))]
    best_score = max(scores, default=0)
    best = next((index for index, score in enumerate(scores) if score and score >= _AS_GOOD * best_score), -1)
    while 0 <= best < len(scores) - 1 and scores[best + 1] > scores[best]:
        best += 1
    width = len(rows[0]) if rows else 0
    if best < 0:
        return Header(0, -1, 0, tuple(() for _ in range(width)), _titles(rows, _first_data_like(rows)))
    first = _extend_up(rows, best, merges, width)
    last = _extend_down(rows, best, merges)
    return header_at(rows, merges, first, last)


def header_at(rows: Sequence[Row], merges: Sequence[Merge], first: int, last: int) -> Header:
    """Return the heading that stands in given rows (a person may say where it is)."""
    width = len(rows[0]) if rows else 0
    covered = _covered(rows, merges, first, last)
    paths = tuple(_path(rows, column, first, last, covered) for column in range(width))
    data = last + 1
    while data < len(rows) and (_is_numbering(rows[data]) or (data <= last + _MAX_BAND and _is_blank(rows[data]))):
        data += 1
    return Header(first, last, data, paths, _titles(rows, first))


def _score(rows: Sequence[Row], index: int, merges: Sequence[Merge]) -> int:
    """Return how many different things a row's cells name, alone or with the row below; 0 when it is no heading."""
    alone = _named(_texts(rows[index]))
    score = _worth(_numbered(rows[index]) | alone if set(alone.values()) - _WEAK else alone)
    if index + 1 < len(rows) and not _has_data(rows[index]) and not _has_data(rows[index + 1]):
        below = _texts(rows[index + 1])
        joined = {c: f"{text} {below[c]}" if c in below else text for c, text in _texts(rows[index]).items()}
        if len(below) >= 2 and not _vertical(merges, index):
            score = max(score, _worth(_named(joined)) - 1)
    if _has_data(rows[index]):
        return 0
    return score


def _worth(named: dict[int, Field]) -> int:
    strong = {field for field in named.values() if field not in _WEAK and field is not Field.SCORE}
    scores = sum(field is Field.SCORE for field in named.values())
    has_name = bool(strong & NAME_HEADINGS) or (Field.LEADER in strong and bool(strong & UNIT_HEADINGS))
    if len(strong) + min(scores, 3) < (2 if has_name else 3):
        return 0
    return 10 * (len(strong) + min(scores, 3)) + 5 * has_name + len(named)


def _named(texts: dict[int, str]) -> dict[int, Field]:
    short = {column: text for column, text in texts.items() if len(text) <= _LONGEST_HEADING}
    found = {column: field_of_heading(text) or _of_indicator(text) for column, text in short.items()}
    return {column: field for column, field in found.items() if field is not None}


def _of_indicator(text: str) -> Field | None:
    return Field.SCORE if is_wording(text) or is_short_name(text) else None


def _numbered(row: Row) -> dict[int, Field]:
    """The columns that a heading numbers as indicators: 1, 2, 3 … or 1.1, 1.2, 2.1 …, beside words."""
    found = {at: code for at, value in enumerate(row) if (code := _indicator_number(value))}
    codes = list(found.values())
    goes_on = all(
        after == (before[0], before[1] + 1) or after == (before[0] + 1, min(before[1], 1))
        for before, after in pairwise(codes)
    )
    if len(codes) < _FEWEST_NUMBERS or not goes_on or codes[0] not in ((1, 1), (1, 0)):
        return {}
    return dict.fromkeys(found, Field.SCORE)


def _indicator_number(value: CellValue) -> tuple[int, int] | None:
    """(1, 2) for "1.2"; (1, 0) for "1"."""
    if type(value) is str:
        found = re.fullmatch(r"\(?0?(\d{1,2})(?:\.(\d{1,2}))?\)?", value)
    else:
        found = re.fullmatch(r"(\d{1,2})(?:\.(\d))?", f"{value:g}") if type(value) in (int, float) else None
    if found is None:
        return None
    return (int(found[1]), int(found[2])) if found[2] else (int(found[1]), 0)


def _texts(row: Row) -> dict[int, str]:
    return {column: value for column, value in enumerate(row) if type(value) is str and value}


def _has_data(row: Row) -> bool:
    """Tell whether a row holds what no heading holds: dates, long numbers. Small numbers may name indicators."""
    for value in row:
        if type(value) is str:
            is_like_data = len(value) <= 40 and _DATA_LIKE.search(value) and not _OF_YEAR.fullmatch(value)
            if is_like_data and not field_of_heading(value):
                return True
        elif not (type(value) in (int, float) and 0 < float(str(value)) <= 99):
            return True
    return False


def _is_blank(row: Row) -> bool:
    return all(value == "" for value in row)


def _vertical(merges: Sequence[Merge], row: int) -> list[Merge]:
    return [merge for merge in merges if merge[0][0] <= row < merge[1][0] and merge[1][0] - merge[0][0] < _MAX_BAND]


def _extend_up(rows: Sequence[Row], row: int, merges: Sequence[Merge], width: int) -> int:
    first = min([merge[0][0] for merge in _vertical(merges, row)] + [row])
    while first > 0 and row - first < 2:
        above = first - 1
        groups = [m for m in merges if m[0][0] == m[1][0] == above and 0 < m[1][1] - m[0][1] < 0.8 * width - 1]
        vertical = any(merge[0][0] <= above < merge[1][0] for merge in merges)
        texts = _texts(rows[above])
        if not (
            vertical or (groups and len(texts) >= 2 and not _has_data(rows[above]) and _groups_name(groups, texts))
        ):
            return first
        first = above
    return first


def _groups_name(groups: Sequence[Merge], texts: dict[int, str]) -> bool:
    """Tell a row of group headings from two titles side by side (authority left, national title right)."""
    shown = [texts.get(group[0][1], "") for group in groups]
    return all(len(text) <= 60 for text in shown) and not any(
        re.search(r"ubnd|uy ban|cong hoa|doc lap|danh sach|hoi khuyen hoc", heading_key(text)) for text in shown
    )


def _extend_down(rows: Sequence[Row], row: int, merges: Sequence[Merge]) -> int:
    last = max([merge[1][0] for merge in _vertical(merges, row)] + [row])
    last = min(last, len(rows) - 1)
    if last > row:
        return last
    if _is_numbered_below(rows, row):
        return row + 1
    while last - row < 2:
        below = last + 2 if last + 2 < len(rows) and last - row < 1 and _is_blank(rows[last + 1]) else last + 1
        if below >= len(rows) or not _is_second_row(rows, row, below, merges):
            break
        last = below
    return last


def _is_numbered_below(rows: Sequence[Row], row: int) -> bool:
    """Tell whether the row below only numbers indicators under a group's heading; the columns of people stay blank."""
    if row + 1 >= len(rows) or _numbered(rows[row]):
        return False
    numbered = _numbered(rows[row + 1])
    filled = {at for at, value in enumerate(rows[row + 1]) if value != ""}
    fields = _named(_texts(rows[row]))
    headed = {at for at in filled if rows[row][at] != "" and at != min(filled)}
    return bool(numbered) and filled == numbered.keys() and not headed and not (filled & fields.keys() - {min(filled)})


def _is_second_row(rows: Sequence[Row], row: int, below: int, merges: Sequence[Merge]) -> bool:
    texts = _texts(rows[below])
    if not texts or _has_data(rows[below]) or _is_numbering(rows[below]) or _numbered(rows[row]):
        return False
    upper = _texts(rows[row])
    fields = _named(upper)
    if _parts_groups(rows[row], texts, fields, _covered(rows, merges, row, row).keys() & {(row, at) for at in texts}):
        return True
    if any(_is_value(rows, row, below, column, field) for column, field in fields.items()):
        return False
    if len(texts) > 3 and 2 * sum(_TICK.fullmatch(text) is not None for text in texts.values()) > len(texts):
        return False
    if any(fields.get(column) is Field.SCORE and _TICK.fullmatch(text) for column, text in texts.items()):
        return False
    covered = _covered(rows, merges, row, row)
    known = joined = clash = 0
    for column, text in texts.items():
        parent = upper.get(column) or covered.get((row, column)) or _left(upper, column)
        is_part = field_of_heading(text) in _NAME_PARTS or heading_key(text) in ("ten", "dem", "va ten", "ho")
        if fields.get(column) in NAME_HEADINGS and not is_part:
            clash += 1
        alone = field_of_heading(text) is not None or heading_key(text) in _SHORT_LEAVES or is_wording(text)
        known += alone
        joined += not alone and column in upper and field_of_heading(f"{parent} {text}") is not None
    if clash:
        return False
    return known * 2 >= len(texts) or (joined >= 2 and (known + joined) * 2 >= len(texts))


def _parts_groups(upper: Row, below: dict[int, str], fields: dict[int, Field], merged: Collection[object]) -> bool:
    """Tell whether words stand only under headings that are wider than a column ("CS1" over "Tự chấm", "Thôn chấm").

    Args:
        merged: the places of the words that stand under merged headings.
    """
    if any(fields.get(at) in NAME_HEADINGS for at in below) or not NAME_HEADINGS & set(fields.values()):
        return False
    if len(merged) == len(below) >= 2:
        return True
    wide = [at for at in below if upper[at] == "" or (at + 1 < len(upper) and upper[at + 1] == "" and at + 1 in below)]
    return len(wide) == len(below) >= 2 * _FEWEST_NUMBERS and 2 * len(set(below.values())) <= len(below)


def _is_value(rows: Sequence[Row], row: int, below: int, column: int, field: Field) -> bool:
    """Tell whether the cell below a heading is surely a value of it ("Nam" under "Giới tính"), no second part of it.

    A heading whose right neighbour is empty may be a group's ("Giới tính" over "Nam" and "Nữ").
    """
    upper, value = rows[row][column], rows[below][column]
    if type(value) is not str or not value or type(upper) is not str or _AWAITS_MORE.search(fold(upper)):
        return False
    right = column + 1
    if right < len(rows[row]) and rows[row][right] == "" and rows[below][right] != "":
        return False
    told = _VALUES.get(field)
    return told is not None and bool(told(value))


_VALUES: dict[Field, Callable[[str], object]] = {
    Field.SEX: sex_of_word,
    Field.RELATION: is_known_relation,
    Field.ETHNICITY: lambda text: fold(text) in ETHNIC_GROUPS,
    Field.POVERTY: poverty_of,
    Field.HAMLET: _FIGURE.search,
    Field.HOUSEHOLD_CODE: _FIGURE.search,
    Field.HOUSEHOLD_NO: _FIGURE.search,
    Field.ADDRESS: _FIGURE.search,
    Field.CCCD: _FIGURE.search,
    Field.PHONE: _FIGURE.search,
    Field.NOTE: _FIGURE.search,
}
"""Field → what tells a value of it from a word that may be part of its heading."""


def _left(texts: dict[int, str], column: int) -> str:
    before = [at for at in texts if at < column]
    return texts[max(before)] if before else ""


def _covered(rows: Sequence[Row], merges: Sequence[Merge], first: int, last: int) -> dict[tuple[int, int], str]:
    """Return (row, column) → text of the merged area that covers it, within a heading."""
    covered: dict[tuple[int, int], str] = {}
    for (top, left), (bottom, right) in merges:
        if top > last or bottom < first or top >= len(rows) or left >= len(rows[0]):
            continue
        text = rows[top][left]
        if type(text) is not str or not text or bottom - top >= _MAX_BAND:
            continue
        for row in range(max(top, first), min(bottom, last) + 1):
            for column in range(left, min(right, len(rows[0]) - 1) + 1):
                covered[row, column] = text
    return covered


def _is_numbering(row: Row) -> bool:
    """Tell whether a row only numbers the columns: 1, 2, 3 … or (1), (2) … or A, B, 1, 2 or A, B, C …"""
    cells = [value for value in row if value != ""]
    if len(cells) < 3:
        return False
    texts = [str(int(value)) if isinstance(value, float) and value.is_integer() else str(value) for value in cells]
    if not all(_NUMBERING.fullmatch(text) for text in texts):
        return False
    if _ALPHABET.startswith("".join(text.strip("()").upper() for text in texts)):
        return True
    numbers = [int(code) for text in texts if (code := plain_number_code(text))]
    return len(numbers) >= 2 and all(after == before + 1 for before, after in pairwise(numbers))


def _titles(rows: Sequence[Row], until: int) -> tuple[str, ...]:
    return tuple(value for row in rows[:until] for value in row if type(value) is str and value)


def _first_data_like(rows: Sequence[Row]) -> int:
    return next((index for index, row in enumerate(rows) if sum(value != "" for value in row) >= 3), 0)


def _path(
    rows: Sequence[Row], column: int, first: int, last: int, covered: dict[tuple[int, int], str]
) -> tuple[str, ...]:
    """Return a column's heading cells from top to bottom; an empty upper cell takes the merged or left one's text."""
    parts: list[str] = []
    for row in range(first, last + 1):
        value = rows[row][column]
        text = str(value) if type(value) is str else (f"{value:g}" if type(value) in (int, float) else "")
        text = text or covered.get((row, column), "")
        if not text and row < last and not covered and any(rows[r][column] != "" for r in range(row + 1, last + 1)):
            text = _left_parent(rows, row, last, column)
        if text and text not in parts:
            parts.append(text)
    return tuple(parts)


def _left_parent(rows: Sequence[Row], row: int, last: int, column: int) -> str:
    """Return the text to the left that an unmerged group heading stands under, where it has cells of its own below."""
    for left in range(column - 1, -1, -1):
        value = rows[row][left]
        if type(value) is str and value:
            return value if any(rows[r][left] != "" for r in range(row + 1, last + 1)) else ""
    return ""
