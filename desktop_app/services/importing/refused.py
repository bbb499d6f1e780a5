"""The refused rows of a plan as a workbook that can be mended and imported again.

Invariant: headings and cells stand as in the file that was read; each reason is a comment beside its cell.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from desktop_app.services.documents.output import replacing
from desktop_app.services.importing.planned import ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import ParsedSheet, column_index


def write_refused(plan: ImportPlan, out: Path) -> int:
    """Write every refused row, a sheet for each sheet of the file.

    Returns:
        How many rows.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    book = Workbook()
    book.remove(book.active)
    count = 0
    for sheet in plan.parsed.sheets:
        rows = [row for row in plan.rows if row.fate is RowFate.REFUSED and row.row.sheet == sheet.name]
        if rows:
            count += _write_sheet(book, sheet, rows)
    if not count:
        book.create_sheet("Không có dòng nào")
    with replacing(out) as stream:
        book.save(stream)
    return count


def _write_sheet(book: Workbook, sheet: ParsedSheet, rows: list[RowPlan]) -> int:
    page = book.create_sheet(sheet.name[:31])
    for item in sheet.columns:
        page.cell(1, item.index + 1, item.heading.replace(" / ", " ")).font = Font(bold=True)
    fill = PatternFill("solid", fgColor="F6E3E0")
    for place, plan in enumerate(rows, start=2):
        row = plan.row
        for index, value in enumerate(row.raw):
            cell = page.cell(place, index + 1, _clean(value))
            if cell.data_type == "f":
                cell.data_type = "s"  # a text that begins with "=" stays a text
        for issue in row.issues:
            index = column_index(issue.column) if issue.column else 0
            cell = page.cell(place, index + 1)
            cell.fill = fill
            text = f"Dòng {row.row}: {issue.message}"
            cell.comment = Comment(f"{cell.comment.text}\n{text}" if cell.comment else text, "Sổ Học Tập")
    return len(rows)


def _clean(value: object) -> object:
    if isinstance(value, str):
        return "".join(letter for letter in value if letter >= " " or letter in "\t\n")[:32_000]
    return value if isinstance(value, int | float | dt.date | dt.time | bool) else None
