"""Old workbooks (.xls, Excel 5 to 2003) by xlrd: values, fonts, merged areas and hidden rows in one reading.

calamine reads these too, somewhat faster, but takes the whole program down on some damaged files (a lost byte is
enough); xlrd only raises. Anything it raises is a damaged file.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Collection, Mapping
from typing import Any

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, error_text_from_code

from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.guards import damaged, encrypted, too_large
from desktop_app.services.importing.reading.reader import OpenWorkbook, SheetGrid
from desktop_app.services.vietnamese import Charset, charset_of_font

_MAX_CELLS = 4_000_000


class XlsWorkbook(OpenWorkbook):
    """A BIFF workbook."""

    def __init__(self, data: bytes) -> None:
        try:
            self._book, self._has_formats = _guarded(lambda: _open(data, formats=True)), True
        except _FormatsUnreadable:
            self._book, self._has_formats = _guarded(lambda: _open(data, formats=False)), False
        kinds = getattr(self._book, "_sheet_visibility", [])
        names = list(self._book.sheet_names())
        self.sheet_names = tuple(names)
        self.hidden_sheets = frozenset(name for name, kind in zip(names, kinds, strict=False) if kind)

    def read_sheet(self, name: str) -> SheetGrid:
        sheet = _guarded(lambda: self._book.sheet_by_name(name))
        width = sheet.ncols
        if sheet.nrows * max(width, 1) > _MAX_CELLS:
            raise too_large()
        bad_cells: dict[tuple[int, int], str] = {}
        rows = [self._row(sheet, row, width, bad_cells) for row in range(sheet.nrows)]
        merges = tuple(((r1, c1), (r2 - 1, c2 - 1)) for r1, r2, c1, c2 in sheet.merged_cells)
        hidden = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
        return SheetGrid(name, rows, merges, hidden, bad_cells)

    def font_charsets(self, name: str, columns: Collection[int]) -> Mapping[tuple[int, int], Charset]:
        found: dict[tuple[int, int], Charset] = {}
        if not self._has_formats:
            return found
        fonts = [charset_of_font(font.name) for font in self._book.font_list]
        styles = [fonts[xf.font_index] if xf.font_index < len(fonts) else None for xf in self._book.xf_list]
        sheet = _guarded(lambda: self._book.sheet_by_name(name))
        for row in range(sheet.nrows):
            length = sheet.row_len(row)
            for column in columns:
                style = sheet.cell_xf_index(row, column) if column < length else -1
                charset = styles[style] if 0 <= style < len(styles) else None
                if charset is not None:
                    found[row, column] = charset
        return found

    def _row(self, sheet: Any, row: int, width: int, bad_cells: dict[tuple[int, int], str]) -> list[CellValue]:
        values: list[CellValue] = sheet.row_values(row)
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == XL_CELL_DATE:
                values[column] = _date(values[column], self._book.datemode)
            elif kind == XL_CELL_ERROR:
                bad_cells[row, column] = error_text_from_code.get(values[column], "#ERR")
                values[column] = ""
            elif kind == XL_CELL_BOOLEAN:
                values[column] = bool(values[column])
        if len(values) < width:
            values.extend([""] * (width - len(values)))
        return values


class _FormatsUnreadable(Exception):
    """The formatting records are broken; the values may still be whole."""


def _open(data: bytes, *, formats: bool) -> Any:
    log = io.StringIO()
    try:
        return xlrd.open_workbook(file_contents=data, logfile=log, formatting_info=formats, ragged_rows=True)
    except xlrd.XLRDError:
        raise
    except Exception as problem:
        if formats:
            raise _FormatsUnreadable from problem
        raise


def _guarded(read: Callable[[], Any]) -> Any:
    """Run xlrd; whatever it stumbles over becomes a sentence."""
    try:
        return read()
    except _FormatsUnreadable:
        raise
    except xlrd.XLRDError as problem:
        if "encrypted" in str(problem).lower() or "password" in str(problem).lower():
            raise encrypted() from problem
        raise damaged() from problem
    except Exception as problem:
        raise damaged() from problem


def _date(serial: Any, datemode: int) -> CellValue:
    try:
        moment: datetime.datetime = xlrd.xldate_as_datetime(serial, datemode)
    except (ValueError, OverflowError):
        return float(serial)
    return moment.date() if moment.time() == datetime.time() else moment
