"""Which rows of a sheet's cells are persons: what choosing asks of the cells, put together for it; pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.rows.cells import Cells
from desktop_app.services.importing.rows.names import NAMES
from desktop_app.services.importing.rows.selection import Rows, Selection, select_persons
from desktop_app.services.importing.words import is_known_relation, is_total, sex_of_word

_BIRTHS = (Field.BIRTH, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.BIRTH_YEAR)
_OF_UNITS = frozenset({Field.LEADER, Field.UNIT_PHONE, Field.UNIT_ADDRESS, Field.UNIT_KIND, Field.UNIT_CODE})
"""What a list says of a unit beside its people: it stands on a section's line as well as on theirs."""
_NO_EVIDENCE = _OF_UNITS | {
    Field.IGNORE, Field.SEQUENCE, Field.HAMLET, Field.SCORE, Field.TOTAL, *NAMES, Field.GIVEN_NAME,
}  # fmt: skip


def choose_rows(cells: Cells, names: Sequence[str], later_headings: Collection[int] = ()) -> Selection:
    """Choose which rows below the heading are persons, by their names and what else stands in the row."""
    numbers = {value for value in cells.distinct(Field.SEQUENCE) if _is_number(value)}
    firm = [value in numbers for value in cells.below(Field.SEQUENCE)] if numbers else [False] * len(names)
    for field in (*_BIRTHS, Field.CCCD):
        if cells.has(field) and not all(firm):
            vague = {value for value in cells.distinct(field) if type(value) is str and not _has_digits(value)}
            firm = [known or value not in vague for known, value in zip(firm, cells.below(field), strict=True)]
    columns, start, bad = cells.table.columns, cells.start, cells.table.grid.bad_cells
    telling = [columns[cells.index(field)] for field in cells.where if field not in _NO_EVIDENCE]
    relations, sexes = (
        columns[cells.index(field)] if cells.has(field) else None for field in (Field.RELATION, Field.SEX)
    )
    name_columns = {cells.index(field) for field in NAMES if cells.has(field)}
    rows = Rows(
        cells=lambda at: [column[start + at] for column in columns],
        filled=lambda at: sum(column[start + at] != "" for column in telling),
        is_member=lambda at: (
            (relations is not None and is_known_relation(str(relations[start + at])))
            or (sexes is not None and sex_of_word(str(sexes[start + at])) is not None)
        ),
        headings=frozenset(cells.where[field][1].lower() for field in NAMES if cells.has(field)),
        name_errors=frozenset(row - start for row, column in bad if column in name_columns),
        later_headings=frozenset(row - start for row in later_headings),
    )
    return select_persons(_without_sums(names, rows), firm, rows)


def _without_sums(names: Sequence[str], rows: Rows) -> Sequence[str]:
    """The names without the figures that a line of totals has in their column."""
    figures = {name for name in set(names) if name and not any(map(str.isalpha, name))}
    if not figures:
        return names

    def is_sum(at: int) -> bool:
        return any(type(value) is str and is_total(value) for value in rows.cells(at))

    return ["" if name in figures and is_sum(at) else name for at, name in enumerate(names)]


def _is_number(value: CellValue) -> bool:
    return type(value) in (int, float) or (type(value) is str and value.strip(".").isdigit())


def _has_digits(value: str) -> bool:
    return value[:1].isdigit() or any(character.isdigit() for character in value)
