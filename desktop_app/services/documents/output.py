"""Writes a document whole or not at all: a temporary file beside the target, then one replace.

An older file of the same name stays untouched until the new one is complete on the disk.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from desktop_app.services.errors import EnvironmentProblem

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_WINDOWS_FULL = {39, 112}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL


@contextmanager
def replacing(out: Path) -> Iterator[BinaryIO]:
    """Yield a file to write to; at the end of the block it becomes ``out``, on any error it vanishes.

    Raises:
        EnvironmentProblem: the disk is full, the folder or file may not be written, or it is open elsewhere.
    """
    temporary = out.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(out)
    except OSError as error:
        raise _problem(error, out) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _problem(error: OSError, out: Path) -> EnvironmentProblem:
    kept = "Không có tệp nào bị ghi dở; tệp cũ cùng tên (nếu có) còn nguyên."
    if error.errno in _FULL or getattr(error, "winerror", None) in _WINDOWS_FULL:
        return EnvironmentProblem(
            f"Ổ đĩa đã đầy nên chưa ghi được «{out.name}». {kept} Hãy xóa bớt tệp hoặc chọn ổ đĩa khác rồi làm lại.",
            code="document.disk_full",
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return EnvironmentProblem(
            f"Không được phép ghi «{out.name}» vào thư mục này, hoặc tệp đang mở trong chương trình khác. {kept} "
            "Hãy đóng tệp đó hoặc chọn thư mục khác rồi làm lại.",
            code="document.no_access",
        )
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return EnvironmentProblem(
            f"Không còn thư mục để ghi «{out.name}» (có thể USB đã được rút ra). {kept} Hãy chọn thư mục khác.",
            code="document.no_folder",
        )
    return EnvironmentProblem(
        f"Chưa ghi được «{out.name}» vì ổ đĩa báo lỗi (mã {error.errno}). {kept} Hãy chọn nơi khác rồi làm lại.",
        code="document.write_failed",
    )
