"""Text files with separators: any of comma, semicolon, tab, bar; UTF-8, UTF-16, windows-1258, or an old charset.

Every value stays text. Bytes that are neither UTF-8 nor UTF-16 are taken for the code page that makes Vietnamese
syllables of them; TCVN3 and VNI bytes are given as windows-1252 shows them, and decoded later like those of a sheet.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from desktop_app.services.errors import UserError
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.fonts import share_of_syllables
from desktop_app.services.importing.reading.guards import damaged, too_large
from desktop_app.services.importing.reading.reader import OpenWorkbook, SheetGrid
from desktop_app.services.vietnamese import decode_legacy, nfc

_MAX_ROWS = 1_048_576
_MAX_CELLS = 12_000_000
_MAX_FIELD = 64 * 1024 * 1024
_SAMPLE = 60_000
_STRAY = 50
_CONTROLS = bytes(sorted({*range(0x20)} - set(b"\t\n\r")))
_DELIMITERS = (",", ";", "\t", "|")
_WINDOWS_1252 = {byte: shown for byte in range(0x80, 0xA0) if (shown := bytes([byte]).decode("cp1252", "ignore"))}
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class CsvWorkbook(OpenWorkbook):
    """A text file as a workbook of one sheet, called like the file; its rows are the records, counted from 1."""

    def __init__(self, data: bytes, name: str) -> None:
        text = decode_text(data)
        separator = _SEP_LINE.match(text)
        self._first = 1 if separator else 0
        self._delimiter = separator[1] if separator else guess_delimiter(text)
        self._text = text[separator.end() :] if separator else text
        self._lines = 0
        self.sheet_names = (name,)

    def read_sheet(self, name: str) -> SheetGrid:
        rows = self._records(csv.QUOTE_MINIMAL)
        if self._is_swallowed(rows):
            rows = self._records(csv.QUOTE_NONE)
        width = max(map(len, rows), default=0)
        if width * len(rows) > _MAX_CELLS:
            raise too_large()
        for row in rows:
            row.extend([""] * (width - len(row)))
        return SheetGrid(name, rows)

    def _is_swallowed(self, rows: Sequence[Sequence[CellValue]]) -> bool:
        """Tell whether a lone quotation mark (a ditto) has taken the lines below it for its own."""
        if self._lines <= len(rows) - self._first:
            return False
        usual = Counter(map(len, rows)).most_common(1)[0][0]
        return any("\n" in text and text.count(self._delimiter) >= max(usual - 1, 2)
                   for row in rows for cell in row if len(text := str(cell)) > usual)  # fmt: skip

    def _records(self, quoting: Literal[0, 3]) -> list[list[CellValue]]:
        rows: list[list[CellValue]] = [[] for _ in range(self._first)]
        cells = 0
        csv.field_size_limit(_MAX_FIELD)
        stream = io.StringIO(self._text, newline="")
        try:
            reader = csv.reader(stream, delimiter=self._delimiter, quoting=quoting)
            for record in reader:
                rows.append(list(record))
                cells += len(record)
                if cells > _MAX_CELLS or len(rows) > _MAX_ROWS:
                    raise too_large()
        except csv.Error as problem:
            raise damaged() from problem
        self._lines = reader.line_num
        return rows


def decode_text(data: bytes) -> str:
    """Return the text of a file by its byte order mark, its validity as UTF-8, or the syllables its bytes make.

    Raises:
        UserError: code "workbook.kind", the bytes are no text.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding)
    if 0 in data and (len(data) - len(data.translate(None, _CONTROLS))) * _STRAY < len(data):
        data = data.replace(b"\0", b"")
    if b"\0" in data[:4096]:
        even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
        if max(even, odd) * 4 < len(data[:4096]) or min(even, odd) > max(even, odd) // 2:
            raise _not_text()
        return _strictly(data, "utf-16-be" if even > odd else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_code_page(data)


def guess_delimiter(text: str) -> str:
    """Return the separator that cuts most lines of the text's start into equally many (and several) pieces."""
    lines = [line for line in text[:_SAMPLE].splitlines()[:60] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=lambda n: (counts.count(n) if n else 0, n), default=0)
        return counts.count(usual) * usual if usual else 0, usual

    return max(_DELIMITERS, key=score)


def _decode_code_page(data: bytes) -> str:
    """Choose between windows-1258 and an old charset by which of them makes Vietnamese syllables."""
    as_utf8 = data.decode("utf-8", "replace")
    wrong = as_utf8.count("\ufffd")
    if sum(not character.isascii() for character in as_utf8[:_SAMPLE]) > 4 * wrong:
        raise damaged()
    sample = data[:_SAMPLE]
    shown = sample.decode("latin-1").translate(_WINDOWS_1252)
    readings = {
        "cp1258": nfc(sample.decode("cp1258", "replace")),
        "tcvn3": decode_legacy(shown, "tcvn3"),
        "vni": decode_legacy(shown, "vni"),
    }
    best = max(readings, key=lambda name: share_of_syllables(readings[name]))
    if best == "cp1258":
        return data.decode("cp1258", "replace")
    return data.decode("latin-1").translate(_WINDOWS_1252)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise damaged() from problem


def _not_text() -> UserError:
    return UserError(
        "Tệp này không phải bảng tính và cũng không phải văn bản có dấu ngăn cách nên không nhập được. "
        "Chưa có gì thay đổi. Hãy chọn bảng tính .xlsx, .xls, .ods hoặc .csv.",
        code="workbook.kind",
    )
