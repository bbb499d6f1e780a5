"""One window a data folder: a lock file held while the window is open; the command line may work beside it.

Invariant: the lock goes with the process, also when it is killed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from desktop_app.services.errors import EnvironmentProblem, UserError

LOCK_FILE = "window.lock"


class Held(Protocol):
    """A lock that is held."""

    def release(self) -> None: ...


def hold_window_lock(folder: Path) -> Held:
    """Take the window's lock of a data folder.

    Raises:
        UserError: another window has this folder open (``window.running``).
        EnvironmentProblem: the folder cannot be made or written (``folder.unwritable``).
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK_FILE, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise UserError(
            "Sổ Học Tập đang mở rồi. Hãy chuyển sang cửa sổ đang mở ở thanh tác vụ; nếu không thấy, hãy khởi động "
            "lại máy.",
            code="window.running",
        ) from error
    except OSError as error:
        raise EnvironmentProblem(
            f"Không ghi được vào thư mục dữ liệu {folder}. Chưa có gì thay đổi. Hãy kiểm tra ổ đĩa còn chỗ và bạn có "
            "quyền ghi vào thư mục này.",
            code="folder.unwritable",
        ) from error
    return lock
