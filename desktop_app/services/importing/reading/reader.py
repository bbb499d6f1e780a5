"""Opens any list an office has and gives its sheets as plain grids; refuses by a sentence what is no list.

The file is read once into memory and everything (kind, stamp, cells, fonts) comes from those very bytes, so a file
that is changed or locked meanwhile cannot give half of each. What a file is, its content tells, not its name.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.services.errors import AppError, EnvironmentProblem, UserError
from desktop_app.services.importing.preview import CellValue, FileStamp
from desktop_app.services.importing.reading.guards import MAX_FILE, check_archive, damaged, encrypted, too_large
from desktop_app.services.vietnamese import Charset

Merge = tuple[tuple[int, int], tuple[int, int]]
"""A merged area: (first row, first column), (last row, last column), all 0-based and included."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RAW_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
_OTHER_KINDS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"MZ",
    b"\x1f\x8b",
    b"SQLite",
)
_MANIFEST = "META-INF/manifest.xml"
_MANIFEST_READ = 1024 * 1024
_WEB_SIGNS = (b"<html", b"<!doctype html", b"<table", b"urn:schemas-microsoft-com:office:spreadsheet", b"mime-version:")


@dataclass(slots=True)
class SheetGrid:
    """One sheet's cells as the file gives them.

    Args:
        rows: from Excel's row 1 on, all of one length; rows[i] is Excel row i + 1; an empty cell is "".
        hidden_rows: 0-based rows that are hidden.
        bad_cells: (row, column) → what Excel shows for an error; "" for a formula that was never computed.
        far_rows: rows with slips far below the list, as Excel counts, which are not read.
    """

    name: str
    rows: list[list[CellValue]]
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    bad_cells: Mapping[tuple[int, int], str] = field(default_factory=dict)
    far_rows: tuple[int, ...] = ()


class OpenWorkbook(ABC):
    """A workbook whose bytes are in memory.

    Attributes:
        sheet_names: all sheets with cells, in their order.
        hidden_sheets: those of them that are hidden.
    """

    stamp: FileStamp
    sheet_names: tuple[str, ...] = ()
    hidden_sheets: frozenset[str] = frozenset()

    @abstractmethod
    def read_sheet(self, name: str) -> SheetGrid:
        """Return a sheet's cells.

        Raises:
            UserError: the sheet is damaged or too large to be a list.
        """

    def font_charsets(self, name: str, columns: Collection[int]) -> Mapping[tuple[int, int], Charset]:
        """Return (row, column) → charset of the cell's font, where it is one of the old fonts; a slow second look."""
        return {}


def open_workbook(path: Path) -> OpenWorkbook:
    """Open a list: .xlsx, .xlsm, .xls, .ods, .csv or a text file with separators.

    Raises:
        UserError: wrong kind, empty, damaged, protected by a password, too large; codes "workbook.…".
        EnvironmentProblem: absent, locked by another program, unreadable; codes "workbook.…".
    """
    data, stamp = _read_bytes(path)
    try:
        book = _open_bytes(data, path.stem)
    except AppError:
        raise
    except Exception as problem:
        raise damaged() from problem
    if not book.sheet_names:
        raise UserError(
            f"Tệp {path.name} không có trang tính nào có dữ liệu. Chưa có gì thay đổi. Hãy chọn tệp khác.",
            code="workbook.empty",
        )
    book.stamp = stamp
    return book


def stamp_of(path: Path) -> FileStamp:
    """Return the stamp of a file as it is now; compare it with a preview's to notice a change.

    Raises:
        EnvironmentProblem: the file is absent, locked or unreadable.
    """
    return _read_bytes(path)[1]


def _read_bytes(path: Path) -> tuple[bytes, FileStamp]:
    if path.is_dir():
        raise _wrong_kind(path.name, "là một thư mục")
    if path.exists() and not path.is_file():
        raise _wrong_kind(path.name, "là một thiết bị hoặc đường ống, không phải tệp")
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            data = stream.read(MAX_FILE + 1)
    except FileNotFoundError as problem:
        raise EnvironmentProblem(
            f"Không thấy tệp {path.name}: tệp đã bị chuyển đi, đổi tên hoặc thẻ nhớ đã rút ra. Chưa có gì thay đổi. "
            "Hãy chọn lại tệp.",
            code="workbook.absent",
        ) from problem
    except PermissionError as problem:
        raise EnvironmentProblem(
            f"Tệp {path.name} đang được chương trình khác giữ (thường là đang mở trong Excel) hoặc không cho đọc. "
            "Chưa có gì thay đổi. Hãy đóng tệp trong Excel rồi thử lại.",
            code="workbook.locked",
        ) from problem
    except OSError as problem:
        raise EnvironmentProblem(
            f"Không đọc được tệp {path.name} từ đĩa. Chưa có gì thay đổi. Hãy chép tệp sang chỗ khác rồi thử lại.",
            code="workbook.unreadable",
        ) from problem
    if len(data) > MAX_FILE:
        raise too_large()
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise UserError(
            f"Tệp {path.name} trống, không có dữ liệu nào. Chưa có gì thay đổi. Hãy chọn tệp khác.",
            code="workbook.empty",
        )
    return data, FileStamp(len(data), status.st_mtime_ns, hashlib.sha256(data).hexdigest())


def _open_bytes(data: bytes, name: str) -> OpenWorkbook:
    if data.startswith(b"PK"):
        return _open_archive(data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise encrypted()
        if "WordDocument".encode("utf-16-le") in data or "PowerPoint Document".encode("utf-16-le") in data:
            raise _wrong_kind("này", "là văn bản Word hoặc PowerPoint")
    if data.startswith((_OLE, *_RAW_BIFF)):
        from desktop_app.services.importing.reading.xls_files import XlsWorkbook

        return XlsWorkbook(data)
    return _open_text(data, name)


def _open_archive(data: bytes) -> OpenWorkbook:
    from desktop_app.services.importing.reading.zip_files import OdsWorkbook, XlsxWorkbook

    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        check_archive(archive)
        if _MANIFEST in names and b"encryption-data" in archive.open(_MANIFEST).read(_MANIFEST_READ):
            raise encrypted()
    except AppError:
        raise
    except Exception as problem:
        raise damaged() from problem
    if "xl/workbook.xml" in names:
        return XlsxWorkbook(data, archive)
    if "content.xml" in names and b"opendocument.spreadsheet" in data[:200]:
        return OdsWorkbook(data, archive)
    if "xl/workbook.bin" in names:
        raise _wrong_kind("này", "có dạng .xlsb")
    raise _wrong_kind("này", "không phải bảng tính")


def _open_text(data: bytes, name: str) -> OpenWorkbook:
    from desktop_app.services.importing.reading.text_files import CsvWorkbook

    start = data[:4096].lower()
    if data.startswith(_OTHER_KINDS) or start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        raise _wrong_kind("này", "không phải bảng tính")
    if any(sign in start for sign in _WEB_SIGNS):
        raise _wrong_kind("này", "thực ra là trang web hoặc XML mang tên bảng tính")
    return CsvWorkbook(data, name)


def _wrong_kind(name: str, reason: str) -> UserError:
    return UserError(
        f"Tệp {name} {reason} nên không nhập được. Chưa có gì thay đổi. "
        "Hãy chọn bảng tính .xlsx, .xls, .ods hoặc .csv, hoặc mở tệp bằng Excel và lưu lại thành .xlsx.",
        code="workbook.kind",
    )
