"""A list as the screen shows it, taken out: as a workbook to go on with, or on paper.

Invariant: rows and columns are the caller's, in the caller's order; nothing that the screen hides is added. A text is
never a formula, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.services.documents.flow import document
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.output import replacing
from desktop_app.services.documents.table import Column, Row, Table
from desktop_app.services.documents.typography import MM, Align, Style
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import number_text

if TYPE_CHECKING:
    from openpyxl import Workbook

Cell = str | int | float | None
_UPRIGHT_WIDTH = 165.0
_NUMBER_WIDTH, _DIGIT_WIDTH = 12.0, 2.1
_LEAST, _MOST = 14.0, 70.0
_PIXELS_A_MILLIMETRE = 4.2
_PIXELS_A_LETTER = 7.0
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column; ``width`` in pixels of the screen at 100 %, a measure of what its words need."""

    title: str
    width: int
    is_number: bool = False
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class ShownList:
    """What is taken out.

    Attributes:
        office: line above the title, "UBND xã Phú An".
        title: "Danh sách công dân".
        note: what the list is narrowed to and when it was made.
        rows: as many cells as there are columns; may be read only once.
        count: number of rows, for the progress.
    """

    office: str
    title: str
    note: str
    columns: Sequence[ShownColumn]
    rows: Iterable[Sequence[Cell]]
    count: int


def write_shown_workbook(shown: ShownList, out: Path, *, progress: Progress = NO_PROGRESS) -> None:
    """Write the list as .xlsx: title, note, one header row, numbers as numbers, everything else as text.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: nothing is left of it, an older file is kept.
    """
    progress.step(0, shown.count, "Đang ghi danh sách")
    book = _headed_workbook(shown)
    sheet = book.worksheets[0]
    try:
        for row in _counted(shown, [_text_cell(sheet, "") for _column in shown.columns], progress):
            sheet.append(row)
    finally:
        sheet.close()
    with replacing(out) as part:
        book.save(part)


def _counted(shown: ShownList, cells: Sequence[Any], progress: Progress) -> Iterator[Sequence[Any]]:
    """The rows with their numbers; the columns' cells serve each row again."""
    for number, row in enumerate(shown.rows, start=1):
        if number % 500 == 0:
            progress.step(number, shown.count, f"Đang ghi {number_text(number)}/{number_text(shown.count)} dòng")
        yield [number, *map(_filled, cells, row)]


def _headed_workbook(shown: ShownList) -> Workbook:
    """The workbook without its rows, to be written row by row."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.freeze_panes = "A5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation = "portrait" if _is_upright(shown) else "landscape"
    sheet.page_setup.paperSize = 9  # A4 in the numbers of the format
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.column_dimensions["A"].width = 6
    for place, column in enumerate(shown.columns, start=2):
        sheet.column_dimensions[get_column_letter(place)].width = max(8.0, column.width / _PIXELS_A_LETTER + 2)
    lines = ((shown.office, Font()), (shown.title.upper(), Font(bold=True, size=14)), (shown.note, Font(italic=True)))
    for text, font in lines:
        line = _text_cell(sheet, text)
        line.font = font
        sheet.append([line])
    heads = [_text_cell(sheet, title) for title in ("STT", *(column.title for column in shown.columns))]
    for head in heads:
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="FFE8EEF4")
        head.border = Border(bottom=Side(style="thin", color="FF9AA5B1"))
        head.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.append(heads)
    return book


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that holds text, also where it looks like a number, a day or a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    cell.number_format = "@"
    return _filled(cell, text)


def _filled(cell: Any, value: Cell) -> Any:
    """A row's value: figures as they are, a text in the column's cell, which is used again for each row."""
    if not isinstance(value, str):
        return value
    cell.value = _NOT_XML.sub("", value)
    cell.data_type = "s"
    return cell


def write_shown_pdf(shown: ShownList, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Draw the list on A4 pages, upright where its columns fit; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    is_upright = _is_upright(shown)
    with document(out, shown.title, is_landscape=not is_upright) as flow:
        flow.start_section()
        flow.centred(shown.office, Style(Face.REGULAR, 12))
        flow.centred(shown.title.upper(), Style(Face.BOLD, 14))
        flow.centred(shown.note, Style(Face.ITALIC, 11))
        flow.space(8)
        numbers = _number_width(shown.count)
        widths = _paper_widths(shown.columns, flow.width / MM - numbers)
        columns = [
            Column("TT", numbers, Align.CENTRE),
            *(
                Column(column.title, width, Align.RIGHT if column.is_number else Align.LEFT)
                for column, width in zip(shown.columns, widths, strict=True)
            ),
        ]
        rows = (
            Row((str(number), *(_words(value, column) for value, column in zip(row, shown.columns, strict=True))))
            for number, row in enumerate(shown.rows, start=1)
        )
        Table(flow, columns, size=11, least_height=6.2).draw(rows, shown.count, progress)
    return flow.pages


def made_on(day: dt.date, narrowed_to: str, count: str) -> str:
    """The note below a title: what was chosen, how many, when."""
    return " · ".join(part for part in (narrowed_to, count, f"lập ngày {day:%d/%m/%Y}") if part)


def _words(value: Cell, column: ShownColumn) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else number_text(value, column.decimals)


def _is_upright(shown: ShownList) -> bool:
    return _number_width(shown.count) + sum(map(_wanted, shown.columns)) <= _UPRIGHT_WIDTH


def _number_width(count: int) -> float:
    """Millimetres in which the last row's number stands on one line."""
    return _NUMBER_WIDTH + _DIGIT_WIDTH * max(0, len(str(count)) - 4)


def _wanted(column: ShownColumn) -> float:
    return min(max(column.width / _PIXELS_A_MILLIMETRE, _LEAST), _MOST)


def _paper_widths(columns: Sequence[ShownColumn], room: float) -> list[float]:
    """Widths in millimetres that fill the paper, in the proportions of the screen."""
    wanted = [_wanted(column) for column in columns]
    share = room / sum(wanted) if wanted else 1.0
    return [width * share for width in wanted]
