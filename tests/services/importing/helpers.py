"""Small workbooks for single questions: rows of cells in, a file or a preview out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

from desktop_app.services.importing.parse import NO_OPTIONS, ParseOptions, parse_workbook
from desktop_app.services.importing.preview import ParsedWorkbook

HEADING = ("Mã hộ", "Họ và tên", "Quan hệ", "Giới tính", "Ngày sinh", "Số CCCD")
SHEET_XML = "xl/worksheets/sheet1.xml"


def write_xlsx(
    path: Path,
    sheets: dict[str, Sequence[Sequence[object]]],
    *,
    merges: Iterable[str] = (),
    font: str = "",
    hidden_rows: Iterable[int] = (),
    hidden_sheets: Iterable[str] = (),
) -> Path:
    """Write sheets of plain rows; merges, font and hidden rows hold for every sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merges:
            sheet.merge_cells(area)
        for number in hidden_rows:
            sheet.row_dimensions[number].hidden = True
        if name in hidden_sheets:
            sheet.sheet_state = "hidden"
        if font:
            for row in sheet.iter_rows():
                for cell in row:
                    cell.font = Font(name=font)
    book.save(path)
    return path


def parse_rows(
    folder: Path, *rows: Sequence[object], sheet: str = "Thôn 1", options: ParseOptions = NO_OPTIONS, **how: object
) -> ParsedWorkbook:
    """Write rows as one sheet and parse it."""
    path = write_xlsx(folder / "list.xlsx", {sheet: rows}, **how)  # type: ignore[arg-type]
    return parse_workbook(path, options=options)


def codes_of(found: ParsedWorkbook) -> list[str]:
    """Return the codes of all issues."""
    return [issue.code for issue in found.issues()]


def with_part(source: Path, target: Path, part: str, content: bytes) -> Path:
    """Copy a workbook with one part replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return target


def sheet_with(folder: Path, rows_xml: str, name: str = "crafted.xlsx") -> Path:
    """Write a workbook whose only sheet has the given XML between its sheetData tags."""
    plain = write_xlsx(folder / "plain.xlsx", {"Thôn 1": [["x"]]})
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        f"<sheetData>{rows_xml}</sheetData></worksheet>"
    )
    return with_part(plain, folder / name, SHEET_XML, xml.encode())


def row_xml(number: int, *cells: str) -> str:
    """Return a row of text cells as XML."""
    parts = [f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(cells)]
    return f'<row r="{number}">{"".join(parts)}</row>'


def ole_with(name: str) -> bytes:
    """Return bytes that look like an OLE container with a stream of that name."""
    stream = io.BytesIO()
    stream.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504)
    stream.write(name.encode("utf-16-le") + b"\0" * 480)
    return stream.getvalue()
