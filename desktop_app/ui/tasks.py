"""The only maker of threads: long work runs in a worker, its counts and its result come back to the window's thread.

Invariant: callbacks run in the thread of the window, one task's callbacks never overlap, and a worker owns no QObject:
it is a plain Python function in a pool of plain threads, its results cross by queued signal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.progress import Cancelled, Progress

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from desktop_app.ui.widgets.progress_dialog import ProgressDialog

DIALOG_AFTER_S = 0.6
_POLL_MS = 100
log = logging.getLogger(__name__)


Followers = tuple[Callable[[Any], object], Callable[[Exception], object], Callable[[], object] | None]
"""What follows a task: when it is done, when it failed, when it was cancelled."""


class Task:
    """One piece of work under way; made by ``TaskRunner.run``."""

    def __init__(self, title: str, *, shows_dialog: bool, can_cancel: bool) -> None:
        self.title = title
        self.shows_dialog = shows_dialog
        self.can_cancel = can_cancel
        self.started = monotonic()
        self.done, self.total, self.text = 0, 0, ""
        self.progress = Progress(report=self._report)
        self.is_finished = False

    def _report(self, done: int, total: int, text: str) -> None:
        self.done, self.total = done, total
        if text:
            self.text = text

    def cancel(self) -> None:
        """Ask the worker to stop at its next step; nothing of the work is kept."""
        self.progress.cancel()


class TaskRunner(QObject):
    """Runs functions in workers.

    Signals:
        busy_changed(bool): something runs, or nothing does any more.
    """

    busy_changed = Signal(bool)
    _ended = Signal(object, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window = parent
        self._pool: ThreadPoolExecutor | None = None
        self._tasks: dict[Task, Followers] = {}
        self._dialog: ProgressDialog | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        return bool(self._tasks)

    def run(
        self,
        fn: Callable[[Progress], Any],
        on_done: Callable[[Any], object],
        on_error: Callable[[Exception], object] | None = None,
        *,
        title: str = "Đang làm…",
        on_cancelled: Callable[[], object] | None = None,
        shows_dialog: bool = True,
        can_cancel: bool = True,
    ) -> Task:
        """Run ``fn(progress)`` in a worker.

        Args:
            fn: the work; calls ``progress.step`` often, touches no widget.
            on_done: gets the result, in the window's thread.
            on_error: gets the exception; by default it is shown in words.
            title: what the progress window says, e.g. "Đang nhập danh sách".
            on_cancelled: called when the person pressed Hủy and the work has stopped.
            shows_dialog: False for quiet work in the background.
            can_cancel: False when the work cannot be stopped half way.
        """
        task = Task(title, shows_dialog=shows_dialog, can_cancel=can_cancel)
        self._tasks[task] = (on_done, on_error or self._show_error, on_cancelled)
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="task")
        self._pool.submit(self._work, task, fn)
        self._timer.start()
        if len(self._tasks) == 1:
            self.busy_changed.emit(True)
        return task

    def wait_all(self, timeout_s: float = 60.0) -> bool:
        """Wait, with the event loop alive, until all tasks have ended and called back; False at the timeout."""
        end = monotonic() + timeout_s
        while self._tasks and monotonic() < end:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if self._tasks:
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        return not self._tasks

    def close(self, timeout_s: float = 60.0) -> bool:
        """Ask all work to stop, wait for it, end the threads."""
        for task in self._tasks:
            task.cancel()
        ended = self.wait_all(timeout_s)
        if self._pool is not None:
            self._pool.shutdown(wait=ended, cancel_futures=True)
            self._pool = None
        return ended

    def _work(self, task: Task, fn: Callable[[Progress], Any]) -> None:
        try:
            result = fn(task.progress)
        except Cancelled:
            self._ended.emit(task, "cancelled", None)
        except Exception as error:  # the window's thread says it in words or logs it
            self._ended.emit(task, "error", error)
        else:
            self._ended.emit(task, "done", result)

    def _on_ended(self, task: Task, outcome: str, value: object) -> None:
        on_done, on_error, on_cancelled = self._tasks.pop(task)
        task.is_finished = True
        if self._dialog is not None and self._dialog.task is task:
            self._dialog.finish()
            self._dialog = None
        if not self._tasks:
            self._timer.stop()
            self.busy_changed.emit(False)
        if outcome == "done":
            on_done(value)
        elif outcome == "error":
            assert isinstance(value, Exception)
            on_error(value)
        elif on_cancelled is not None:
            on_cancelled()

    def _poll(self) -> None:
        if self._dialog is not None:
            self._dialog.show_progress()
            return
        for task in self._tasks:
            if task.shows_dialog and monotonic() - task.started >= DIALOG_AFTER_S:
                from desktop_app.ui.widgets.progress_dialog import ProgressDialog

                self._dialog = ProgressDialog(task, self._window)
                self._dialog.show()
                return

    def _show_error(self, error: Exception) -> None:
        from desktop_app.ui.errors import show_error

        show_error(error, self._window)
