"""A sheet of scores turned so that one row is one form, and the forms as they are gathered from their cells.

Invariant: nothing is computed; each cell of the turned table is one cell of the file, whose place is kept, so that
remarks name it and corrections reach it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.headers import LOOK_AT_ROWS, Header
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.fonts import ColumnCharset
from desktop_app.services.importing.reading.reader import SheetGrid
from desktop_app.services.importing.reading.table import Table

Place = tuple[int, int]
"""A cell of the file: 0-based row and column."""
FIELDS: dict[Field, str] = {
    Field.NAME: "Họ và tên", Field.HEAD_NAME: "Họ tên chủ hộ", Field.BIRTH: "Ngày sinh", Field.CCCD: "Số CCCD",
    Field.GROUP: "Nhóm đối tượng", Field.HAMLET: "Thôn", Field.HOUSEHOLD_CODE: "Mã hộ", Field.CLAN: "Dòng họ",
    Field.ORGANIZATION: "Đơn vị",
}  # fmt: skip
"""What a form says beside its scores, and the heading that it gets in the turned table."""
WHO = (Field.NAME, Field.HEAD_NAME, Field.CLAN, Field.ORGANIZATION, Field.HAMLET, Field.HOUSEHOLD_CODE)
UNIT_FIELDS = {
    LearningModel.CLAN: Field.CLAN,
    LearningModel.ORGANIZATION: Field.ORGANIZATION,
    LearningModel.COMMUNITY: Field.HAMLET,
}
"""What names the subjects of the models that are about no person."""
TOTAL, VERDICT = "Tổng điểm", "Kết quả"


@dataclass(frozen=True, slots=True)
class Turned:
    """A sheet turned so that one row is one person.

    Args:
        people: for each row of data, where the person stands in the file.
        cells: (row, column) of the turned table → the cell of the file.
        note: code of what is said of the sheet.
        taken, left: headings of the columns of scores of which one was taken, the others not.
    """

    table: Table
    header: Header
    people: tuple[Place, ...]
    cells: Mapping[Place, Place]
    taken: str = ""
    left: tuple[str, ...] = ()
    note: str = "sheet.turned"


@dataclass(slots=True)
class Form:
    """One person's form as it is gathered: heading → the cell of the file (and the text, where it is part of one)."""

    place: Place
    values: dict[str, tuple[CellValue, Place]] = field(default_factory=dict)


def turned_table(
    table: Table, forms: Sequence[Form], taken: str, left: tuple[str, ...], *, note: str = "sheet.turned"
) -> Turned:
    """The table of some forms, one row each."""
    found: Counter[str] = Counter(name for form in forms for name in form.values)
    known = [name for name in FIELDS.values() if name in found]
    last = [name for name in (TOTAL, VERDICT) if name in found]
    headings = [*known, *(name for name in found if name not in known and name not in last), *last]
    rows: list[list[CellValue]] = [list(headings)]
    cells: dict[Place, Place] = {}
    for form in forms:
        line: list[CellValue] = []
        for index, name in enumerate(headings):
            value, place = form.values.get(name, ("", form.place))
            line.append(value)
            cells[len(rows), index] = place
        rows.append(line)
    columns = [list(column) for column in zip(*rows, strict=True)]
    bad = table.grid.bad_cells
    marked = {at: bad[place] for at, place in cells.items() if place in bad} if bad else {}
    grid = SheetGrid(table.grid.name, rows, (), frozenset(), marked)
    charsets = [ColumnCharset() for _ in headings]
    made = Table(grid, columns, [set(column) for column in columns], charsets, table.repairs)
    first = min(form.place[0] for form in forms)
    titles = tuple(
        value for row in range(min(first, LOOK_AT_ROWS)) for c in table.columns
        if type(value := c[row]) is str and value
    )  # fmt: skip
    header = Header(0, 0, 1, tuple((name,) for name in headings), titles)
    return Turned(made, header, tuple(form.place for form in forms), cells, taken, left, note)
