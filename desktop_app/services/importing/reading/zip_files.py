"""Workbooks that are archives (.xlsx, .xlsm, .ods): values by calamine, and only after the guards have passed them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from desktop_app.services.errors import AppError
from desktop_app.services.importing.preview import column_index
from desktop_app.services.importing.reading.far_rows import cut_rows, without_far
from desktop_app.services.importing.reading.guards import Unpacked, damaged, encrypted, scan_ods, scan_sheet
from desktop_app.services.importing.reading.reader import OpenWorkbook, SheetGrid
from desktop_app.services.vietnamese import Charset, charset_of_font

_SMALL_PART = 8 * 1024 * 1024
_LARGE_PARTS = re.compile(r"\.(?:png|jpe?g|gif|emf|wmf|bmp|svg|wav|mp[34]|vml|ttf|odttf)$", re.IGNORECASE)
_CELL_STYLE = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>')
_STYLE = re.compile(rb'\ss="(\d+)"')
_TEXT_CELL = re.compile(rb'\st="(?:s|inlineStr|str)"')


class _ArchiveWorkbook(OpenWorkbook):
    """What .xlsx and .ods share: calamine over the bytes in memory."""

    def __init__(self, data: bytes, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._data = data
        self._unpacked = Unpacked(data, archive)
        self._check_parts()
        self._book = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
        sheets = [sheet for sheet in self._book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        self.sheet_names = tuple(sheet.name for sheet in sheets)
        self.hidden_sheets = frozenset(s.name for s in sheets if s.visible is not SheetVisibleEnum.Visible)

    def _check_parts(self) -> None:
        """Unpack once what the reader will unpack, counting."""

    def _grid(self, name: str, book: CalamineWorkbook | None = None) -> SheetGrid:
        sheet = _guarded(lambda: (book or self._book).get_sheet_by_name(name))
        rows: list[list[Any]] = _guarded(lambda: sheet.to_python(skip_empty_area=False))
        far = cut_rows(rows)
        return SheetGrid(name, rows, tuple(sheet.merged_cell_ranges or ()), far_rows=far)


class OdsWorkbook(_ArchiveWorkbook):
    """An OpenDocument spreadsheet; it has no fonts of the old kind worth a second look."""

    def _check_parts(self) -> None:
        scan_ods(self._unpacked)

    def read_sheet(self, name: str) -> SheetGrid:
        return self._grid(name)


class XlsxWorkbook(_ArchiveWorkbook):
    """An Office Open XML workbook."""

    def _check_parts(self) -> None:
        self._sheet_parts = self._find_sheet_parts()
        sheets = set(self._sheet_parts.values())
        for entry in self._archive.infolist():
            if entry.filename not in sheets and not _LARGE_PARTS.search(entry.filename):
                self._unpacked.drain(entry.filename)

    def read_sheet(self, name: str) -> SheetGrid:
        part = self._sheet_parts.get(name)
        if part is None:
            raise damaged()
        facts = scan_sheet(self._unpacked, part)
        grid = self._grid_without_far(name, part, facts.last) if facts.last is not None else self._grid(name)
        height = len(grid.rows)
        grid.hidden_rows = frozenset(row for row in facts.hidden_rows if row < height)
        grid.bad_cells = {cell: shown for cell, shown in facts.bad_cells.items() if cell[0] < height}
        return grid

    def _grid_without_far(self, name: str, part: str, last: int) -> SheetGrid:
        """The sheet without a few slips far below its list, which are never built."""
        xml = Unpacked(self._data, self._archive).chunks(part)
        data, far = _guarded(lambda: without_far(self._archive, part, xml, last))
        if not far:
            return self._grid(name)
        grid = self._grid(name, _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data))))
        grid.far_rows = far
        return grid

    def font_charsets(self, name: str, columns: Collection[int]) -> Mapping[tuple[int, int], Charset]:
        by_style = self._style_charsets()
        found: dict[tuple[int, int], Charset] = {}
        if not any(by_style):
            return found
        wanted: dict[bytes, int] = {}
        rest = b""
        for chunk in Unpacked(self._data, self._archive).chunks(self._sheet_parts[name]):
            piece = rest + chunk
            cut = max(piece.rfind(b"<c "), 0)
            rest = piece[cut:]
            _collect_fonts(piece[:cut], by_style, columns, wanted, found)
        _collect_fonts(rest, by_style, columns, wanted, found)
        return found

    def _style_charsets(self) -> list[Charset | None]:
        """Return the charset of each cell format's font, by the number cells refer to."""
        root = self._small_xml("xl/styles.xml")
        if root is None:
            return []
        fonts: list[Charset | None] = []
        for font in root.iterfind("{*}fonts/{*}font"):
            name = font.find("{*}name")
            fonts.append(charset_of_font(name.get("val", "")) if name is not None else None)
        numbers = [xf.get("fontId", "0") for xf in root.iterfind("{*}cellXfs/{*}xf")]
        by_number = {str(number): charset for number, charset in enumerate(fonts)}
        return [by_number.get(number) for number in numbers]

    def _find_sheet_parts(self) -> dict[str, str]:
        book, relations = self._small_xml("xl/workbook.xml"), self._small_xml("xl/_rels/workbook.xml.rels")
        if book is None or relations is None:
            raise damaged()
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        names = {name.lower(): name for name in self._archive.namelist()}
        parts: dict[str, str] = {}
        for sheet in book.iterfind("{*}sheets/{*}sheet"):
            identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
            target = targets.get(identity, "").replace("\\", "/")
            target = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            if target.lower() in names:
                parts[sheet.get("name", "")] = names[target.lower()]
        return parts

    def _small_xml(self, name: str) -> ElementTree.Element | None:
        if name not in self._archive.namelist():
            return None
        data = b"".join(_limited(Unpacked(self._data, self._archive).chunks(name)))
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise damaged()
        try:
            return ElementTree.fromstring(data)
        except ElementTree.ParseError as problem:
            raise damaged() from problem


def _limited(chunks: Iterator[bytes]) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > _SMALL_PART:
            raise damaged()
        yield chunk


def _collect_fonts(
    piece: bytes,
    by_style: list[Charset | None],
    columns: Collection[int],
    wanted: dict[bytes, int],
    found: dict[tuple[int, int], Charset],
) -> None:
    """Note the cells of these columns that hold text in an old font."""
    for letters, row, attributes in _CELL_STYLE.findall(piece):
        column = wanted.get(letters)
        if column is None:
            column = wanted[letters] = column_index(letters.decode())
        if column not in columns or not _TEXT_CELL.search(attributes):
            continue
        style = _STYLE.search(attributes)
        number = int(style[1]) if style else 0
        charset = by_style[number] if number < len(by_style) else None
        if charset is not None:
            found[int(row) - 1, column] = charset


def _guarded(read: Any) -> Any:
    """Run calamine; its refusals, and its panics, become a sentence."""
    try:
        return read()
    except AppError:
        raise
    except CalamineError as problem:
        if "assword" in str(problem) or "ncrypted" in str(problem):
            raise encrypted() from problem
        raise damaged() from problem
    except (Exception, BaseException) as problem:
        if isinstance(problem, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        raise damaged() from problem
