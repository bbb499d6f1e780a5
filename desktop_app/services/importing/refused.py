"""The refused rows of a plan as a workbook that can be mended and imported again.

Invariant: titles, headings and cells stand as in the file that was read, in its own font where that is an old one, so
that the mended file is understood like the first; a household's code that stood on an earlier row is written on each;
each reason is a comment beside its cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from desktop_app.services.documents.output import replacing
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.preview import CellValue, Issue, ParsedSheet, column_index
from desktop_app.services.vietnamese import Charset

OLD_FONTS: dict[Charset, str] = {"tcvn3": ".VnTime", "tcvn3_caps": ".VnTimeH", "vni": "VNI-Times"}
"""A font of each old charset: Excel shows its letters right, and the import knows them again."""
WIDEST, NARROWEST = 40, 9
_AUTHOR = "Sổ Học Tập"


class RefusedRow(Protocol):
    """A row that was not taken, of people or of scores."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def raw(self) -> Sequence[CellValue]: ...
    @property
    def household_code(self) -> str: ...


Refused = tuple[RefusedRow, Sequence[Issue]]


def write_refused(plan: ImportPlan, out: Path) -> int:
    """Write every refused row of a list of people, a sheet for each sheet of the file.

    Returns:
        How many rows.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    rows: list[Refused] = [
        (item.row, (*item.row.issues, *item.issues)) for item in plan.rows if item.fate is RowFate.REFUSED
    ]
    rows += [(unit.row, (*unit.row.issues, *unit.issues)) for unit in plan.unit_rows if unit.fate is RowFate.REFUSED]
    return write_rows(plan.parsed.sheets, rows, out)


def write_rows(sheets: Sequence[ParsedSheet], rows: Sequence[Refused], out: Path) -> int:
    """Write rows with the reasons why they were not taken, a sheet for each sheet of the file; returns how many.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        own = [(row, issues) for row, issues in rows if row.sheet == sheet.name]
        if own:
            _write_sheet(book, sheet, own)
    if not book.sheetnames:
        book.create_sheet("Không có dòng nào")
    with replacing(out) as stream:
        book.save(stream)
    return len(rows)


def _write_sheet(book: Workbook, sheet: ParsedSheet, rows: Sequence[Refused]) -> None:
    page = book.create_sheet(sheet.name[:31])
    for place, title in enumerate(sheet.titles, start=1):
        page.cell(place, 1, _clean(title))
    top = len(sheet.titles) + 1
    for item in sheet.columns:
        page.cell(top, item.index + 1, _clean(item.heading.replace(" / ", " "))).font = Font(bold=True)
        widest = max((len(str(row.raw[item.index])) for row, _ in rows if len(row.raw) > item.index), default=0)
        width = min(WIDEST, max(NARROWEST, widest + 2, len(item.heading) // 2))
        page.column_dimensions[get_column_letter(item.index + 1)].width = width
    code = sheet.column_of(Field.HOUSEHOLD_CODE)
    fonts = {item.index: Font(name=OLD_FONTS[item.charset]) for item in sheet.columns if item.charset}
    for place, (row, issues) in enumerate(rows, start=top + 1):
        for index, value in enumerate(row.raw):
            cell = page.cell(place, index + 1, _clean(value))
            if cell.data_type == "f":
                cell.data_type = "s"  # a text that begins with "=" stays a text
            if isinstance(value, dt.date):
                cell.number_format = "dd/mm/yyyy"
            if index in fonts:
                cell.font = fonts[index]
        if code is not None and row.household_code and not page.cell(place, code.index + 1).value:
            page.cell(place, code.index + 1, _clean(row.household_code))
        _write_reasons(page, place, row.row, issues)
    page.freeze_panes = page.cell(top + 1, 1)


def _write_reasons(page: Any, place: int, source: int, issues: Sequence[Issue]) -> None:
    fill = PatternFill("solid", fgColor="F6E3E0")
    for issue in issues:
        index = column_index(issue.column) if issue.column else 0
        cell = page.cell(place, index + 1)
        cell.fill = fill
        text = f"Dòng {source}: {issue.message}"
        comment = Comment(f"{cell.comment.text}\n{text}" if cell.comment else text, _AUTHOR)
        comment.width, comment.height = 320, 110
        cell.comment = comment


def _clean(value: object) -> object:
    if isinstance(value, str):
        return "".join(letter for letter in value if letter >= " " or letter in "\t\n")[:32_000]
    return value if isinstance(value, int | float | dt.date | dt.time | bool) else None
