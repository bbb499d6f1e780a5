"""How errors reach a person: AppError as a calm sentence, anything unforeseen logged and owned up to.

Invariant: no traceback on screen, no exception lost: what is not an AppError is in the log before it is shown.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QThread
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.services.errors import AppError, BugError, EnvironmentProblem, UserError
from desktop_app.services.progress import Cancelled

log = logging.getLogger(__name__)

BUG_SENTENCE = (
    "Chương trình gặp lỗi của chính nó khi làm việc này. Những gì đã lưu vẫn còn nguyên; việc đang làm dở có thể chưa "
    "được ghi. Hãy thử lại; nếu lỗi lặp lại, gửi tệp nhật ký cho người phụ trách."
)


def as_app_error(error: BaseException) -> AppError:
    """The error in words: an AppError as it is, well-known troubles of the machine as such, the rest as our fault."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, PermissionError):
        return EnvironmentProblem(
            "Không được phép đọc hoặc ghi tệp này. Không có gì thay đổi. Hãy đóng tệp nếu nó đang mở ở chương trình "
            "khác, hoặc chọn thư mục khác.",
            code="permission",
        )
    if isinstance(error, FileNotFoundError):
        return EnvironmentProblem(
            "Không tìm thấy tệp hoặc thư mục; có thể USB đã được rút ra. Không có gì thay đổi. Hãy chọn lại.",
            code="file_missing",
        )
    if isinstance(error, OSError) and error.errno == 28:
        return EnvironmentProblem(
            "Ổ đĩa đã đầy nên không ghi được. Những gì đã lưu vẫn còn. Hãy dọn bớt chỗ rồi làm lại.", code="disk_full"
        )
    if isinstance(error, MemoryError):
        return EnvironmentProblem(
            "Máy hết bộ nhớ nên phải dừng việc này. Những gì đã lưu vẫn còn. Hãy đóng bớt chương trình rồi làm lại.",
            code="memory",
        )
    return BugError(BUG_SENTENCE)


def heading(error: AppError) -> tuple[str, str, str]:
    """Title, tone and icon that go with a kind of error."""
    if isinstance(error, UserError):
        return "Chưa làm được", "attention", "triangle-alert"
    if isinstance(error, EnvironmentProblem):
        return "Máy chưa cho làm việc này", "attention", "hard-drive"
    return "Lỗi của chương trình", "failed", "circle-x"


def show_error(error: BaseException, parent: QWidget | None = None) -> None:
    """Say it in a calm dialog; what is not an AppError goes to the log first. A cancelled work says nothing."""
    if isinstance(error, Cancelled):
        return
    shown = as_app_error(error)
    if not isinstance(error, AppError) or isinstance(error, BugError):
        log.error("unexpected error", exc_info=(type(error), error, error.__traceback__))
    from desktop_app.ui.widgets import dialogs

    title, tone, icon = heading(shown)
    dialogs.tell(parent, title, shown.message, tone=tone, icon=icon)


def install_excepthook(parent: Callable[[], QWidget | None] = lambda: None) -> None:
    """From now on an exception that reaches the event loop is logged and shown; Ctrl+C still ends the program.

    Args:
        parent: gives the window to stand over, when there is one.
    """
    is_showing = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal is_showing
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        app = QApplication.instance()
        in_window_thread = app is not None and QThread.currentThread() is app.thread()
        if not in_window_thread or is_showing or QCoreApplication.closingDown():
            log.error("unexpected error", exc_info=(kind, error, trace))
            return
        is_showing = True
        try:
            show_error(error, parent() or QApplication.activeWindow())
        finally:
            is_showing = False

    sys.excepthook = hook
