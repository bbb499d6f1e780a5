"""Writes laid out sheets as .xlsx, .xls, .ods or text, in Unicode or as the files of old fonts hold it."""

from __future__ import annotations

import csv
import datetime
import unicodedata
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from desktop_app.services.vietnamese.charsets import TCVN3, VNI
from tests.services.importing.generator.layout import Cell, Sheet
from tests.services.importing.generator.style import Style

FONTS = {"tcvn3": ".VnTime", "tcvn3h": ".VnTimeH", "vni": "VNI-Times"}
PLAIN_FONT = "Times New Roman"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1258")
DELIMITERS = (",", ";", "\t")


def save(sheets: list[Sheet], style: Style, path: Path) -> None:
    """Write sheets in the style's format and charset."""
    {"xlsx": _save_xlsx, "xls": _save_xls, "csv": _save_csv, "ods": _save_ods}[style.format](sheets, style, path)


def charset_at(style: Style, sheet: Sheet, column: int) -> tuple[str, str]:
    """The charset of a column's texts, and the font that shows them."""
    charset = style.charset
    if charset == "mixed":
        charset = "tcvn3" if column in sheet.names_at else "unicode"
    if charset.endswith("_bare"):
        return charset.removesuffix("_bare"), PLAIN_FONT
    return charset, FONTS.get(charset, PLAIN_FONT)


def _text(value: Cell, charset: str) -> Cell:
    return encode(value, charset) if isinstance(value, str) else value


def _save_xlsx(sheets: list[Sheet], style: Style, path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for item in sheets:
        page = book.create_sheet(item.name)
        for r, row in enumerate(item.rows, start=1):
            for c, value in enumerate(row, start=1):
                if value != "":
                    charset, font = charset_at(style, item, c - 1)
                    page.cell(r, c, _text(value, charset)).font = Font(name=font)
        for top, bottom, left, right in item.merges:
            if (top, left) != (bottom, right):
                page.merge_cells(start_row=top + 1, end_row=bottom + 1, start_column=left + 1, end_column=right + 1)
        for number in item.hidden_rows:
            page.row_dimensions[number + 1].hidden = True
        for column in item.hidden_columns:
            page.column_dimensions[get_column_letter(column + 1)].hidden = True
    book.save(path)


def _save_xls(sheets: list[Sheet], style: Style, path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[tuple[str, bool], xlwt.XFStyle] = {}

    def look(font: str, is_date: bool) -> xlwt.XFStyle:
        if (font, is_date) not in styles:
            made = styles[font, is_date] = xlwt.XFStyle()
            made.font = xlwt.Font()
            made.font.name = font
            if is_date:
                made.num_format_str = "dd/mm/yyyy"
        return styles[font, is_date]

    for item in sheets:
        page = book.add_sheet(item.name)
        merges = {(top, left): (bottom, right) for top, bottom, left, right in item.merges}
        for r, row in enumerate(item.rows):
            for c, value in enumerate(row):
                charset, font = charset_at(style, item, c)
                shown, made = _text(value, charset), look(font, isinstance(value, datetime.date))
                if (r, c) in merges and merges[r, c] != (r, c):
                    page.write_merge(r, merges[r, c][0], c, merges[r, c][1], shown, made)
                elif value != "":
                    page.write(r, c, shown, made)
        for number in item.hidden_rows:
            page.row(number).hidden = True
    book.save(str(path))


def _save_csv(sheets: list[Sheet], style: Style, path: Path) -> None:
    encoding, delimiter = style.pick.choice(ENCODINGS), style.pick.choice(DELIMITERS)
    with path.open("w", encoding=encoding, newline="", errors="ignore") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        for row in sheets[0].rows:
            cells = [str(_text(value, style.charset)) for value in row]
            writer.writerow([to_windows_1258(cell) for cell in cells] if encoding == "cp1258" else cells)


def _save_ods(sheets: list[Sheet], style: Style, path: Path) -> None:
    tables = []
    for item in sheets:
        lines = "".join(
            f"<table:table-row>{''.join(_ods_cell(_text(value, style.charset)) for value in row)}</table:table-row>"
            for row in item.rows
        )
        tables.append(f'<table:table table:name="{escape(item.name)}">{lines}</table:table>')
    write_ods(path, "".join(tables))


def _ods_cell(value: Cell) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, datetime.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, int):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def write_ods(path: Path, tables: str) -> None:
    """Write the least that is an .ods, around the XML of its tables."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?>'
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
            f"{tables}</office:spreadsheet></office:body></office:document-content>",
        )


_TO_TCVN3 = {letter: shown for shown, letter in TCVN3.items()}
_TO_VNI = {letter: token for token, letter in VNI.items()}


def encode(text: str, charset: str) -> str:
    """Return text as an old font's file holds it (as windows-1252 shows the bytes), or decomposed."""
    if charset == "nfd":
        return unicodedata.normalize("NFD", text)
    if charset == "tcvn3h":
        text = text.lower()
    if charset in ("tcvn3", "tcvn3h"):
        return "".join(_TO_TCVN3.get(c) or _TO_TCVN3.get(c.lower(), c) for c in text)
    if charset == "vni":
        return "".join(_vni(c) for c in text)
    return text


def _vni(character: str) -> str:
    token = _TO_VNI.get(character)
    if token is not None:
        return token
    token = _TO_VNI.get(character.lower())
    return token.upper() if token is not None else character


def to_windows_1258(text: str) -> str:
    """Return text composed as windows-1258 holds it: base letters with their hats, tones as marks of their own."""
    parts = []
    for character in unicodedata.normalize("NFC", text):
        letters = unicodedata.normalize("NFD", character)
        tones = "".join(c for c in letters if c in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(c for c in letters if c not in tones))
        parts.append(base + tones)
    return "".join(parts)
