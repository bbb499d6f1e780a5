"""What is checked before a workbook's own reader sees it: nothing here trusts a size, a count or a position it is told.

The reader of .xlsx and .ods builds a full grid from the outermost filled cells and takes the whole program down when
that grid does not fit in memory; so the outermost cells are found here first, in one quick pass over the raw XML.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_app.services.errors import UserError
from desktop_app.services.importing.preview import column_index
from desktop_app.services.importing.reading.far_rows import FEW, cut_after

MAX_FILE = 200 * 1024 * 1024
MAX_UNPACKED = 700 * 1024 * 1024
MAX_RATIO = 300
RATIO_FROM = 100 * 1024 * 1024
MAX_ENTRIES = 3000
MAX_CELLS = 12_000_000
MAX_ROWS = 1_048_576
_CHUNK = 4 * 1024 * 1024
_FEED = 512 * 1024
_LOCAL_HEADER = 30
_MAX_ONE_ROW = 32 * 1024 * 1024
_PLAIN_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<")

# The quick patterns know the XML that spreadsheet programs write; _ODD_XML tells when a slower, tolerant look is due.
_ROW = re.compile(rb'<row (?:r="(\d{1,12})")?')
_ANY_FAR = re.compile(rb'r="[A-Za-z](?:[A-Za-z]|\d{6})')
_FAR = re.compile(rb'r="([A-Za-z]{2,9}|[A-Za-z](?=\d{6}))(\d{1,12})')
_ODD_XML = re.compile(rb"='|[\t\n\r](?:r|s|t)\s*=|<\w+:(?:row|c)\s|<(?:row|c)[\t\n\r]|\sr\s+=|\sr=\s")
_FORMULA = re.compile(rb"<f")
_ERROR = re.compile(rb't="e"')
_HIDDEN_ROW = re.compile(
    rb'<row\b[^>]*?\sr="(\d+)"[^>]*?\shidden="(?:1|true)"|<row\b[^>]*?\shidden="(?:1|true)"[^>]*?\sr="(\d+)"'
)
_ANY_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>")
_ANY_REF = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{1,9})(\d{1,12})")
_ANY_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"']\s*(\d+)")
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_EMPTY_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>')


@dataclass(slots=True)
class SheetFacts:
    """What the quick pass saw: outermost cells, hidden rows, and cells whose formula has no usable value.

    Args:
        rows, columns: what the furthest cell asks for; at least 26 columns.
        bad_cells: (row, column), both 0-based → what Excel shows ("#N/A"), "" for a formula never computed.
        last: the list's last row, where only a few slips stand far below it; None where there are none.
    """

    rows: int = 0
    columns: int = 26
    last: int | None = None
    hidden_rows: set[int] = field(default_factory=set)
    bad_cells: dict[tuple[int, int], str] = field(default_factory=dict)


def too_large() -> UserError:
    """Return the refusal of a file that unpacks to more than a list of people can be."""
    return UserError(
        "Tệp này khai báo hoặc bung ra lớn bất thường nên không được mở, để máy không bị treo. Chưa có gì thay đổi. "
        "Hãy mở tệp bằng Excel, xóa các dòng và cột thừa, lưu lại rồi nhập lại.",
        code="workbook.too_large",
    )


def damaged() -> UserError:
    """Return the refusal of a file that cannot be read to its end."""
    return UserError(
        "Tệp bị hỏng hoặc chép chưa hết nên không đọc được. Chưa có gì thay đổi. "
        "Hãy chép lại từ bản gốc, hoặc mở bằng Excel và lưu lại rồi nhập lại.",
        code="workbook.damaged",
    )


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive whose directory already declares too much.

    Raises:
        UserError: code "workbook.too_large" or "workbook.encrypted".
    """
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise too_large()
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise encrypted()
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise too_large()


def encrypted() -> UserError:
    """Return the refusal of a file that needs a password."""
    return UserError(
        "Tệp được bảo vệ bằng mật khẩu nên không đọc được. Chưa có gì thay đổi. "
        "Hãy mở tệp bằng Excel, bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc), lưu lại rồi nhập lại.",
        code="workbook.encrypted",
    )


class Unpacked:
    """Unpacks an archive's entries itself, to their true end, and counts what they give over all entries.

    The archive's own numbers (sizes, checksums) are not asked: they can lie, and another reader may not believe them.
    """

    def __init__(self, data: bytes, archive: zipfile.ZipFile) -> None:
        self._data = memoryview(data)
        self._archive = archive
        self._total = 0

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes; refuses as soon as the archive has given more than any list needs.

        Raises:
            UserError: code "workbook.too_large" or "workbook.damaged".
        """
        entry = self._archive.getinfo(name)
        header = self._data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
        if bytes(header[:4]) != b"PK\x03\x04":
            raise damaged()
        skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        start = entry.header_offset + _LOCAL_HEADER + skip
        packed = self._data[start : start + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            pieces: Iterator[bytes] = (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        elif entry.compress_type == zipfile.ZIP_DEFLATED:
            pieces = _inflated(packed)
        else:
            raise damaged()
        for piece in pieces:
            self._total += len(piece)
            if self._total > MAX_UNPACKED:
                raise too_large()
            yield piece

    def drain(self, name: str) -> None:
        """Unpack an entry only to see that it unpacks and how far."""
        for _ in self.chunks(name):
            pass


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), _FEED):
            rest: bytes | memoryview = packed[at : at + _FEED]
            while rest and not inflater.eof:
                piece = inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
                if piece:
                    yield piece
    except zlib.error as problem:
        raise damaged() from problem
    if not inflater.eof:
        raise damaged()


def scan_sheet(unpacked: Unpacked, name: str) -> SheetFacts:
    """Read a sheet's XML once and return its facts.

    Raises:
        UserError: code "workbook.too_large" when the filled area cannot be held.
    """
    facts = SheetFacts()
    is_plain = True
    count, lowest = 0, deque[int](maxlen=FEW + 1)
    for piece in _row_pieces(unpacked.chunks(name)):
        if is_plain and any(sign in piece for sign in (b"'", b"\t", b"\n")):
            is_plain = not _ODD_XML.search(piece)
        rows = _ROW.findall(piece)
        is_plain = is_plain and b"" not in rows
        count += len(rows)
        lowest.extend(map(int, filter(None, rows[-FEW - 1 :])))
        facts.rows = max(facts.rows, max(map(int, filter(None, rows)), default=0))
        for letters, row in _FAR.findall(piece) if _ANY_FAR.search(piece) else ():
            facts.rows = max(facts.rows, int(row))
            facts.columns = max(facts.columns, column_index(letters.decode()) + 1)
        _collect_oddities(piece, facts)
    if not is_plain or not facts.rows or facts.rows > MAX_ROWS or facts.rows * facts.columns > MAX_CELLS:
        _measure_exactly(unpacked, name, facts)
    facts.last = cut_after(lowest, count) if is_plain else None
    return facts


def _collect_oddities(piece: bytes, facts: SheetFacts) -> None:
    if b" hidden=" in piece:
        facts.hidden_rows.update(int(a or b) - 1 for a, b in _HIDDEN_ROW.findall(piece))
    if _ERROR.search(piece):
        for letters, row, shown in _ERROR_CELL.findall(piece):
            facts.bad_cells[int(row) - 1, column_index(letters.decode())] = shown.decode("ascii", "replace")
    if _FORMULA.search(piece):
        for letters, row in _EMPTY_FORMULA.findall(piece):
            facts.bad_cells.setdefault((int(row) - 1, column_index(letters.decode())), "")


def _measure_exactly(unpacked: Unpacked, name: str, facts: SheetFacts) -> None:
    """Find the outermost cells that hold something, whatever the XML's habits; refuse what cannot be held."""
    facts.rows, facts.columns = 0, 1
    for piece in _row_pieces(unpacked.chunks(name)):
        for row in _ANY_ROW.findall(piece):
            if int(row) > MAX_ROWS:
                raise too_large()
        for attributes in _ANY_CELL.findall(piece):
            match = _ANY_REF.search(attributes)
            if match:
                facts.rows = max(facts.rows, int(match[2]))
                facts.columns = max(facts.columns, column_index(match[1].decode()) + 1)
    if facts.rows > MAX_ROWS or facts.rows * facts.columns > MAX_CELLS:
        raise too_large()


def _row_pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the XML in pieces that never cut a row, so that a pattern never misses at a seam."""
    rest = b""
    first = True
    for chunk in chunks:
        if first and not _PLAIN_XML.match(chunk):
            raise damaged()
        first = False
        piece = rest + chunk
        cut = piece.rfind(b"<row")
        if cut <= 0:
            if len(piece) > _MAX_ONE_ROW:
                raise too_large()
            rest = piece
            continue
        yield piece[:cut]
        rest = piece[cut:]
    if rest:
        yield rest


_ODS_TOKEN = re.compile(
    rb"<table:table(?P<table>\s)|<table:table-row(?P<row>\s[^>]*|)>|<table:(?:covered-)?table-cell(?P<cell>\s[^>]*|)>"
    rb"|(?P<end></table:table-row>)"
)
_ODS_ROWS = re.compile(rb'table:number-rows-repeated="(\d+)"')
_ODS_COLUMNS = re.compile(rb'table:number-columns-repeated="(\d+)"')


def scan_ods(unpacked: Unpacked) -> None:
    """Refuse an .ods whose repeated rows and columns fill more cells than any list has.

    Raises:
        UserError: code "workbook.too_large".
    """
    content = b"".join(unpacked.chunks("content.xml"))
    row = last_row = column = last_column = repeat = 0
    for token in _ODS_TOKEN.finditer(content):
        kind = token.lastgroup
        if kind == "cell":
            column, last_column = _ods_cell(token["cell"], column, last_column)
        elif kind == "row":
            found = _ODS_ROWS.search(token["row"])
            repeat, column, before = int(found[1]) if found else 1, 0, last_column
            last_column = 0
        elif kind == "end":
            row += repeat
            if last_column:
                last_row = row
            last_column = max(last_column, before)
            if last_row * max(last_column, 1) > MAX_CELLS:
                raise too_large()
        else:
            row = last_row = last_column = 0


def _ods_cell(attributes: bytes, column: int, last_column: int) -> tuple[int, int]:
    found = _ODS_COLUMNS.search(attributes)
    column += int(found[1]) if found else 1
    return column, column if b"value-type=" in attributes else last_column
