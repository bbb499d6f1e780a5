"""Very many plain rows below the head of a workbook, written straight as the format's XML.

Invariants: a text is a text whatever it begins with, never a formula; rows are read one after another and none is kept.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from openpyxl import Workbook

_BATCH = 200
_SHEET = "xl/worksheets/sheet1.xml"
_END = b"</sheetData>"
_STYLE = re.compile(rb'<c r="A\d+" s="(\d+)"')
_MOST_LETTERS = 32_767
"""Of one cell of the format."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_with_rows(book: Workbook, rows: Iterable[Sequence[str | int | float | None]], out: BinaryIO) -> None:
    """Save a workbook with more rows below those of its only sheet.

    Args:
        rows: figures stay figures, texts are written as texts, None leaves a cell empty.
    """
    sheet = book.active
    first = sheet.max_row + 1
    sheet.cell(first, 1).number_format = "@"
    head = io.BytesIO()
    book.save(head)
    with zipfile.ZipFile(head) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            if name != _SHEET:
                archive.writestr(name, made.read(name))
        before, end, after = made.read(_SHEET).rpartition(_END)
        before, _, pattern = before.rpartition(b"<row ")
        style = _STYLE.search(pattern)
        assert style is not None
        with archive.open(_SHEET, "w", force_zip64=True) as stream:
            stream.write(before)
            below = _rows(rows, first, style[1].decode())
            while text := "".join(islice(below, _BATCH)):
                stream.write(text.encode())
            stream.write(end + after)


def _rows(rows: Iterable[Sequence[str | int | float | None]], first: int, style: str) -> Iterator[str]:
    letters: list[str] = []
    for number, row in enumerate(rows, start=first):
        while len(letters) < len(row):
            letters.append(get_column_letter(len(letters) + 1))
        cells = [
            f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
            if isinstance(value, str)
            else f'<c r="{letter}{number}"><v>{value + 0!r}</v></c>'
            for letter, value in zip(letters, row, strict=False)
            if value is not None and value != ""
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("", value[:_MOST_LETTERS]))
