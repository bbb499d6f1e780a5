"""What the sums of a sheet tell of its columns: which are subtotals, and which unnamed ones are the scores of a total.

Invariant: sums only settle what headings leave open; a column whose heading names an indicator of its own stays one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.scores.words import score_of
from desktop_app.services.vietnamese import fold

_LOOK_AT = 60
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 5
_NEARLY_ALL = 0.8
_ABOUT_SCORES = re.compile(r"\bdiem\b|\bcham\b|hoc tap")


def without_subtotals(
    codes: Mapping[int, str | None], columns: Sequence[Sequence[CellValue]], start: int
) -> dict[int, str | None]:
    """The columns of scores but those that share a number ("1", "TC1") and are the sum of their neighbours."""
    shared = Counter(code for code in codes.values() if code)
    order = list(codes)
    dropped = {
        index
        for at, index in enumerate(order)
        if shared[codes[index] or ""] > 1
        and any(_is_sum(index, parts, columns, start) for parts in _neighbours(order, at))
    }
    return {index: code for index, code in codes.items() if index not in dropped}


def _neighbours(order: Sequence[int], at: int) -> Iterable[Sequence[int]]:
    for count in range(2, max(at, len(order) - at - 1) + 1):
        if count <= at:
            yield order[at - count : at]
        if at + count < len(order):
            yield order[at + 1 : at + 1 + count]


def adding_up(
    paths: Sequence[Sequence[str]],
    columns: Sequence[Sequence[CellValue]],
    start: int,
    fields: Sequence[Field],
    titles: Sequence[str],
) -> Sequence[int]:
    """The columns beside a total of scores that it is the sum of, where no heading says what they are."""
    if Field.TOTAL not in fields:
        return ()
    total = fields.index(Field.TOTAL)
    first = total
    while first > 0 and fields[first - 1] in (Field.IGNORE, Field.SCORE) and is_numeric(columns[first - 1][start:]):
        first -= 1
    parts = range(first, total)
    texts = (*titles, *paths[total], *(text for part in parts for text in paths[part]))
    if not any(_ABOUT_SCORES.search(fold(text)) for text in texts):
        return ()
    return parts if len(parts) >= _FEWEST_COLUMNS and _is_sum(total, parts, columns, start) else ()


def is_numeric(cells: Sequence[CellValue], share: float = _NEARLY_ALL) -> bool:
    """Tell whether at least this share of a column's first filled cells are numbers."""
    filled = [cell for cell in cells[:_LOOK_AT] if cell != ""]
    return bool(filled) and sum(score_of(cell).value is not None for cell in filled) >= share * len(filled)


def _is_sum(of: int, parts: Sequence[int], columns: Sequence[Sequence[CellValue]], start: int) -> bool:
    rows = fitting = 0
    for row in range(start, min(start + _LOOK_AT, len(columns[of]))):
        total = score_of(columns[of][row]).value
        scores = [score_of(columns[part][row]).value for part in parts]
        known = [score for score in scores if score is not None]
        if total and len(known) * 2 >= len(scores):
            rows += 1
            fitting += abs(sum(known) - total) < 0.001
    return rows >= _FEWEST_ROWS and fitting >= _NEARLY_ALL * rows
