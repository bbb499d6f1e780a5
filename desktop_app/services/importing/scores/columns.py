"""Which columns of a sheet hold scores, and of which indicator each is: by number, by wording, else by place.

Invariant: a column is a score only where its heading names an indicator and its cells can be scores; a list of people
whose headings are merely numbered stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from desktop_app.services.importing.fields import Field, field_of_path, heading_key, plain_number_code, score_code
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.preview import CellValue, ScoreColumn, column_letter
from desktop_app.services.importing.scores.words import (
    VERDICT_HEADINGS,
    is_marked,
    is_wording,
    label_code,
    number_code,
    score_of,
)

SUBJECTS = (Field.NAME, Field.FAMILY_NAME, Field.HEAD_NAME, Field.CLAN, Field.ORGANIZATION, Field.HAMLET)
"""A sheet of scores says in one of these columns whom a row is about."""
_LOOK_AT = 400
_MOSTLY = 0.6
_FEWEST = 3


def with_score_columns(
    paths: Sequence[Sequence[str]],
    columns: Sequence[Sequence[CellValue]],
    start: int,
    mapping: ColumnMapping,
    *,
    is_turned: bool = False,
) -> ColumnMapping:
    """The mapping with every column of scores understood as one; the mapping itself where there are none."""
    if not is_turned and not mapping.has(*SUBJECTS):
        return mapping
    fields = list(mapping.fields)
    sure: list[int] = []
    maybe: list[int] = []
    for index, path in enumerate(paths):
        kind = _heading_kind(path, fields[index]) if path else ""
        if kind and _holds_scores(columns[index], start, path):
            (sure if kind == "sure" else maybe).append(index)
    if len(maybe) < _FEWEST or any(of is Field.RELATION for at, of in enumerate(fields) if at not in maybe):
        maybe = []
    found = {*sure, *maybe}
    if len(found) < 2:
        return mapping
    lost = {fields[index] for index in found} - {Field.SCORE, Field.IGNORE}
    for index in found:
        fields[index] = Field.SCORE
    for field in lost - set(fields):
        again = [at for at, path in enumerate(paths) if fields[at] is Field.IGNORE and field_of_path(path) is field]
        if again:
            fields[again[0]] = field
    return ColumnMapping(tuple(fields))


def _heading_kind(path: Sequence[str], field: Field) -> str:
    leaf = path[-1]
    if is_wording(leaf) or score_code(leaf):
        return "sure"
    code = label_code(leaf)
    if code and not leaf.strip()[0].isdigit() and leaf.strip()[0] != "(":
        return "sure"
    if number_code(leaf):
        return "maybe"
    return "maybe" if code and field in (Field.IGNORE, Field.SCORE) else ""


def _holds_scores(column: Sequence[CellValue], start: int, path: Sequence[str]) -> bool:
    filled = [value for value in islice(column, start, start + _LOOK_AT) if value != "" and value not in path]
    if not filled:
        return True
    fitting = sum(
        (found := score_of(value)).is_met is not None or found.is_dash or _is_low(found.value) for value in filled
    )
    return fitting >= _MOSTLY * len(filled)


def _is_low(value: float | None) -> bool:
    return value is not None and value <= 100


def score_columns(
    paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping
) -> tuple[ScoreColumn, ...]:
    """The score columns with their codes; places instead where two would have one code."""
    found = [index for index, field in enumerate(mapping.fields) if field is Field.SCORE and index < len(columns)]
    codes = [_code_of(paths[index] if index < len(paths) else ()) for index in found]
    numbered = [code for code in codes if code]
    is_clear = len(set(numbered)) == len(numbered)
    titles = [paths[index][-1] if index < len(paths) and paths[index] else "" for index in found]
    return tuple(
        ScoreColumn(
            index, code if code and is_clear else f"#{place}", title, column_letter(index),
            _is_share(columns[index][start:]),
        )
        for place, (index, code, title) in enumerate(zip(found, codes, titles, strict=True), start=1)
    )  # fmt: skip


def _code_of(path: Sequence[str]) -> str | None:
    if not path:
        return None
    leaf = path[-1]
    return (
        score_code(leaf)
        or plain_number_code(leaf)
        or label_code(leaf)
        or number_code(leaf)
        or score_code(" ".join(path))
    )


def _is_share(column: Sequence[CellValue]) -> bool:
    numbers = [float(value) for value in column if isinstance(value, int | float) and not isinstance(value, bool)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < value < 1 for value in numbers)


def verdict_column(
    paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping
) -> int | None:
    """The column that says of each form whether it passed, or None."""
    for index in range(len(mapping.fields) - 1, -1, -1):
        if index >= len(paths) or not paths[index] or mapping.fields[index] not in (Field.IGNORE, Field.LAST_TITLE):
            continue
        if heading_key(paths[index][-1]) in VERDICT_HEADINGS:
            filled = [value for value in islice(columns[index], start, start + _LOOK_AT) if value != ""]
            if filled and sum(map(is_marked, filled)) >= _MOSTLY * len(filled):
                return index
    return None
