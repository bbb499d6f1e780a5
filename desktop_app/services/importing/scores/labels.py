"""The column of a sheet whose cells name indicators below each other, and the columns of scores beside it.

Invariant: a row is of an indicator by its number, its wording or the few words that stand for it; totals are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_app.services.importing.fields import Field, field_of_heading, heading_key
from desktop_app.services.importing.headings.headers import LOOK_AT_ROWS
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.table import Table
from desktop_app.services.importing.scores.printed import DOTS
from desktop_app.services.importing.scores.sides import chosen_side
from desktop_app.services.importing.scores.words import (
    MAXIMA,
    is_short_wording,
    is_wording,
    label_code,
    number_code,
    score_of,
)
from desktop_app.services.importing.words import is_total
from desktop_app.services.vietnamese import fold

_LOOK_AT = 150
FEWEST = 3
"""So many indicators at least stand below each other."""
_LONGEST_LABEL = 90
_SHORT = 16
LABELS = frozenset(
    {"chi so", "tieu chi", "chi tieu", "noi dung", "noi dung danh gia", "tieu chi chi so", "ten chi so", "ma chi so",
     "cac chi so", "noi dung tieu chi", "cac tieu chi", "noi dung chi so", "chi so danh gia", "tieu chi danh gia",
     "ten tieu chi", "noi dung cham diem", "tieu chuan", "noi dung cac chi so", "so chi so", "cs"}
)  # fmt: skip
"""Headings of a column of indicators."""
SCORES = re.compile(r"\bdiem\b|\bcham\b|\bket qua\b|\bdanh gia\b|\bdat\b|\bmuc do\b")
_ROMAN = re.compile(r"\(?(?:viii|vii|vi|iv|v|iii|ii|i|[a-d])\)?\.?")


class Labels:
    """The indicators of one sheet.

    Args:
        column: whose cells name them; numbers: the column of their numbers beside it, or the same one.
    """

    def __init__(self, table: Table, column: int, numbers: int | None) -> None:
        self.columns, self.column, self.numbers = table.columns, column, numbers
        self._by_words = numbers is None and sum(map(self._coded, range(table.height))) < FEWEST
        self._labels = [self._read(row) for row in range(table.height)]

    def label(self, row: int) -> str | None:
        """The heading that stands for the indicator of a row, or None where the row is of none."""
        return self._labels[row]

    def _read(self, row: int) -> str | None:
        text = self.columns[self.column][row]
        number = self.columns[self.numbers][row] if self.numbers is not None else ""
        is_text = type(text) is str
        if is_text and (is_total(str(text)) or field_of_heading(str(text)) is Field.TOTAL):
            return None
        if self.numbers == self.column:
            code = number_code(text)
            return f"Chỉ số {code}" if code else None
        if type(number) is str and _ROMAN.fullmatch(number.strip().lower()):
            return None
        own = label_code(str(text)) if is_text else None
        code = own or (number_code(number) if is_text and len(str(text)) > 1 else None)
        if code is None and self._by_words:
            return str(text) if is_text and (_is_short(str(text)) or is_wording(str(text))) else None
        if code is None:
            return str(text)[:_LONGEST_LABEL] if is_text and is_wording(str(text)) else None
        return f"Chỉ số {code}" if own and len(str(text)) < _SHORT else f"Chỉ số {code}: {text}"[:_LONGEST_LABEL]

    def _coded(self, row: int) -> bool:
        text = self.columns[self.column][row]
        return type(text) is str and (label_code(text) is not None or is_wording(text))

    def value_columns(self, rows: Sequence[int], above: int) -> list[int]:
        """Columns right of the labels with scores in them; those of maxima are none."""
        found: list[int] = []
        for index in range(self.column + 1, len(self.columns)):
            cells = [self.columns[index][row] for row in rows if self.label(row) is not None]
            filled = [value for value in cells if value != ""]
            fitting = sum(score_of(value).problem == "" for value in filled)
            if filled and fitting >= 0.6 * len(filled) and not self._is_maxima(index, above):
                found.append(index)
        return found

    def _is_maxima(self, index: int, above: int) -> bool:
        for row in range(max(0, above - 4), above + 1):
            value = self.columns[index][row]
            if type(value) is str and MAXIMA.search(fold(value)):
                return True
        return False

    def heading_of(self, index: int, above: int) -> str:
        """The nearest text above a column's scores."""
        for row in range(above, max(-1, above - 5), -1):
            value = self.columns[index][row] if row >= 0 else ""
            if type(value) is str and value:
                return value
        return ""

    def chosen(self, values: Sequence[int], above: int) -> tuple[int, str, tuple[str, ...]]:
        """The column of scores that counts, its heading, and the headings of those that do not."""
        scored = [index for index in values if SCORES.search(fold(self.heading_of(index, above)))] or list(values)
        names = [self.heading_of(index, above) for index in scored]
        if len(scored) == 1:
            return scored[0], "", ()
        at = chosen_side(names)
        return scored[at], names[at], tuple(name for other, name in enumerate(names) if other != at)


def find_labels(table: Table) -> tuple[int, int | None] | None:
    """The column whose cells name indicators, and the column of their numbers beside it."""
    best: tuple[int, int] | None = None
    for index, column in enumerate(table.columns):
        texts = {value for value in column[:_LOOK_AT] if type(value) is str and len(value) > 1}
        found = sum(map(_is_known, texts))
        if found >= FEWEST and (best is None or found > best[0]):
            best = (found, index)
    if best is not None:
        return best[1], None if _is_of_people(table, best[1]) else _number_column(table, best[1])
    return _headed_labels(table)


def _is_label(text: str) -> bool:
    return label_code(text) is not None and not DOTS.search(text)


def _headed_labels(table: Table) -> tuple[int, int | None] | None:
    """Labels in a province's own words, or bare numbers, known by what stands above them."""
    words: int | None = None
    for index, column in enumerate(table.columns):
        for row, value in enumerate(column[:LOOK_AT_ROWS]):
            is_headed = type(value) is str and heading_key(value) in LABELS
            if not is_headed and not (index <= 1 and _heads_names(value)):
                continue
            below = [cell for cell in column[row + 1 : row + 1 + _LOOK_AT] if cell != ""]
            own = sum(number_code(cell) is not None for cell in below)
            if own >= FEWEST and own > len(below) / 2:
                return index, index
            numbers = _number_column(table, index)
            if is_headed and numbers is not None and len(below) >= FEWEST:
                return index, numbers
            short = {cell for cell in below if type(cell) is str and _is_short(cell)}
            words = index if words is None and len(short) >= FEWEST else words
    return None if words is None else (words, None)


def _heads_names(value: CellValue) -> bool:
    return type(value) is str and heading_key(value) in ("ho va ten", "ho ten", "ten")


def _is_short(text: str) -> bool:
    return heading_key(text) not in LABELS and is_short_wording(text)


def _is_of_people(table: Table, labels: int) -> bool:
    """Whether the column before the labels is headed as one of a person: groups called "1" or "a" number nothing."""
    column = table.columns[labels]
    first = next((row for row, value in enumerate(column) if type(value) is str and _is_known(value)), 0)
    if not labels or not first or heading_key(str(column[first - 1])) not in LABELS:
        return False
    return field_of_heading(str(table.columns[labels - 1][first - 1])) not in (None, Field.SEQUENCE)


def _is_known(text: str) -> bool:
    return is_wording(text) or _is_label(text)


def _number_column(table: Table, labels: int) -> int | None:
    beside = [value for value in table.columns[labels - 1][:_LOOK_AT] if value != ""] if labels else []
    codes = sum(number_code(value) is not None for value in beside)
    return labels - 1 if codes >= FEWEST else None
