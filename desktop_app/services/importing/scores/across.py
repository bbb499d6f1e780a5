"""People across: indicators below each other, one column a person, in one block or in several.

Invariant: a column with scores under a row of names is somebody's, also where the name is blank or odd: it is told,
never left out silently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_app.services.importing.fields import Field, field_of_heading, heading_key
from desktop_app.services.importing.hamlets import parse_hamlet
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.scores.labels import LABELS, SCORES, Labels
from desktop_app.services.importing.scores.turned import FIELDS, Form
from desktop_app.services.vietnamese import fold

_NO_NAME = re.compile(
    r"\b(?:diem|cham|ket qua|danh gia|toi da|tong|cong hoa|doc lap|ghi chu|minh chung|trung binh|binh quan|ty le)\b"
)
_HEADED = 6


def names_row(labels: Labels, rows: Sequence[int], values: Sequence[int], unit: Field | None) -> int | None:
    """The row above the scores that names the people, or the units of a model (``unit``), if there is one."""
    if unit is not None:
        return next((row for row in reversed(rows) if _names_units(labels, row, values, unit)), None)
    headed = _named_row(labels, rows, values)
    return headed if headed is not None else _named_heading(labels, rows, values)


def people_across(
    labels: Labels, rows: Sequence[int], named: int, values: Sequence[int], unit: Field | None
) -> list[tuple[int, Form]]:
    """The columns of people or units with what stands of each above the scores."""
    found: list[tuple[int, Form]] = []
    for column in values:
        name = labels.columns[column][named]
        if type(name) is str and (name == "" or not _is_other(name)):
            found.append((column, _person(labels, rows, named, column, unit or Field.NAME)))
    return found


def _names_units(labels: Labels, row: int, values: Sequence[int], unit: Field) -> bool:
    cells = [labels.columns[column][row] for column in values]
    names = [cell for cell in cells if type(cell) is str and cell != ""]
    if not names or len(names) < sum(cell != "" for cell in cells):
        return False
    if unit is Field.HAMLET:
        return all(parse_hamlet(name) is not None for name in names)
    return not any(_is_other(name) or SCORES.search(fold(name)) for name in names)


def _is_other(text: str) -> bool:
    return bool(_NO_NAME.match(fold(text))) or heading_key(text) in LABELS or not any(map(str.isalpha, text))


def _named_row(labels: Labels, rows: Sequence[int], values: Sequence[int]) -> int | None:
    """The row above the scores that is headed as one of names ("Họ và tên | A | B"), if there is one."""
    for row in rows:
        texts = [c[row] for c in labels.columns[: values[0]] if type(c[row]) is str and c[row] != ""]
        is_headed = any(field_of_heading(str(t).rstrip(" :")) in (Field.NAME, Field.HEAD_NAME) for t in texts)
        if is_headed and any(_is_name(labels.columns[column][row]) for column in values):
            return row
    return None


def _named_heading(labels: Labels, rows: Sequence[int], values: Sequence[int]) -> int | None:
    """The heading row whose cells over the scores are people's names."""
    for row in list(rows)[-_HEADED:]:
        cells = [labels.columns[column][row] for column in values]
        headed = any(type(c[row]) is str and heading_key(str(c[row])) in LABELS for c in labels.columns)
        names = [value for value in cells if _is_name(value)]
        if headed and names and len(names) >= 0.5 * len([value for value in cells if value != ""]):
            return row
    return None


def _person(labels: Labels, rows: Sequence[int], named: int, column: int, of: Field) -> Form:
    form = Form((named, column), {FIELDS[of]: (labels.columns[column][named], (named, column))})
    for row in rows:
        texts = [str(c[row]) for c in labels.columns[: labels.column + 2] if type(c[row]) is str and c[row] != ""]
        meant = next((m for text in texts if (m := field_of_heading(text.rstrip(" :"))) in FIELDS), None)
        if meant is not None and row != named and FIELDS[meant] not in form.values:
            form.values[FIELDS[meant]] = (labels.columns[column][row], (row, column))
    return form


def _is_name(value: CellValue) -> bool:
    if type(value) is not str or not 2 < len(value) <= 60:
        return False
    words = value.split()
    return (
        1 < len(words) <= 7
        and field_of_heading(value) is None
        and all(word[0].isupper() for word in words)
        and not any(map(str.isdigit, value))
        and not _NO_NAME.search(fold(value))
    )
