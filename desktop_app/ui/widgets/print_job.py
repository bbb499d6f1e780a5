"""Sends pages to a printer piece by piece between the window's own events, so that it answers while thousands go out.

Invariants: pages are made ready outside of Python, by Qt's own thread (in a thread of Python the window would wait, for
Python's lock is held while Qt draws), and drawn in strips, one a turn of the event loop; a job lives until its last
page or its stop, also where the page that began it is gone; how many pages went is told in the end, whatever happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.widgets.progress_dialog import ProgressDialog

PRINT_DPI = 300
"""About so many dots an inch are sent, by a whole number of the printer's own, so that strips meet exactly."""

LONG_PRINT = 8
"""Pages from which a print says how far it is and can be stopped."""

STRIP = 512
"""Rows of dots that are drawn in one turn."""

_RUNNING: set[PrintJob] = set()


@dataclass(frozen=True)
class PrintOutcome:
    """What became of a print.

    Args:
        sent: pages that went to the printer; ``wanted``: that should have gone.
        following: number of the first page that did not go, from 1.
        is_stopped: a person stopped it.
        problem: what else ended it early.
    """

    sent: int
    wanted: int
    following: int
    is_stopped: bool = False
    problem: EnvironmentProblem | None = None


class PrintJob(QObject):
    """A print under way; see ``RunningTask`` for what the count's window reads of it.

    Args:
        pdf: the whole document.
        printer: a QPrinter that is set up.
        pages: numbers from 0.
        window: over which the count of a long print stands.

    Signals:
        ended(PrintOutcome): all went, or it was stopped.
    """

    title = "Đang gửi tới máy in"
    text = "trang"
    can_cancel = True
    ended = Signal(object)

    def __init__(self, pdf: QByteArray, printer: Any, pages: range, window: QWidget) -> None:
        super().__init__()
        from PySide6.QtPdf import QPdfDocument, QPdfPageRenderer

        self.done, self.total = 0, len(pages)
        self._printer, self._pages = printer, pages
        self._is_cancelled = False
        self._sheet = QImage()
        self._row = 0
        self._factor = max(1, round(printer.resolution() / PRINT_DPI))
        self._buffer = QBuffer(self)
        self._buffer.setData(pdf)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument(self)
        self._document.load(self._buffer)
        self._renderer = QPdfPageRenderer(self)
        self._renderer.setDocument(self._document)
        self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self._renderer.pageRendered.connect(self._on_rendered)
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._draw_strip)
        self._painter = QPainter()
        self._window = window
        self._dialog: ProgressDialog | None = None

    def start(self) -> None:
        """Begin.

        Raises:
            EnvironmentProblem: the printer does not take the job.
        """
        if not self._painter.begin(self._printer):
            raise EnvironmentProblem(
                "Máy in không nhận lệnh in. Chưa có trang nào được in. Hãy xem máy in đã bật và có giấy chưa.",
                code="printer.off",
            )
        _RUNNING.add(self)
        app = QCoreApplication.instance()
        assert app is not None
        app.aboutToQuit.connect(self._end)
        if self.total >= LONG_PRINT:
            self._dialog = ProgressDialog(self, self._window)
            self._dialog.show()
        self._ask_for_page()

    def cancel(self) -> None:
        """Stop before the next page."""
        self._is_cancelled = True

    def _ask_for_page(self) -> None:
        number = self._pages[self.done]
        size = self._document.pagePointSize(number) * self._printer.resolution() / self._factor / 72
        self._renderer.requestPage(number, QSize(max(1, round(size.width())), max(1, round(size.height()))))

    def _on_rendered(self, number: int, _size: QSize, made: QImage, _options: object, _request: int) -> None:
        if self not in _RUNNING:
            return
        if self._is_cancelled:
            self._end()
            return
        if made.isNull():
            self._end(_page_problem(number, self.done))
            return
        if self.done and not self._printer.newPage():
            self._end(_printer_problem(self.done))
            return
        self._sheet, self._row = made, 0
        self._turn.start()

    def _draw_strip(self) -> None:
        """Some rows of the page, on white, and grey where they are, so that they are few dots."""
        width, height = self._sheet.width(), min(STRIP, self._sheet.height() - self._row)
        strip = QImage(width, height, QImage.Format.Format_RGB32)
        strip.fill(Qt.GlobalColor.white)
        pen = QPainter(strip)
        pen.drawImage(0, -self._row, self._sheet)
        pen.end()
        if strip.allGray():
            strip = strip.convertToFormat(QImage.Format.Format_Grayscale8)
        factor = self._factor
        self._painter.drawImage(QRect(0, self._row * factor, width * factor, height * factor), strip)
        self._row += height
        if self._row >= self._sheet.height():
            self._turn.stop()
            self._on_sent()

    def _on_sent(self) -> None:
        self.done += 1
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.show_progress()
        if self.done == self.total or self._is_cancelled:
            self._end()
        else:
            self._ask_for_page()

    def _end(self, problem: EnvironmentProblem | None = None) -> None:
        """Once: close the printer, take the count away and tell what went."""
        if self not in _RUNNING:
            return
        _RUNNING.discard(self)
        self._turn.stop()
        if self.done < self.total:
            self._printer.abort()
        self._painter.end()
        self._sheet = QImage()
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.finish()
        is_stopped = self.done < self.total and problem is None
        following = self._pages.start + self.done + 1
        self.ended.emit(PrintOutcome(self.done, self.total, following, is_stopped, problem))
        self.deleteLater()


def _printer_problem(sent: int) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"Máy in ngừng nhận sau khi đã gửi {number_text(sent)} trang. Hãy xem máy in còn bật, còn giấy không, rồi in "
        "tiếp từ trang kế.",
        code="printer.lost",
    )


def _page_problem(number: int, sent: int) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"Không dựng được trang {number_text(number + 1)} để in (có thể máy hết bộ nhớ); đã gửi {number_text(sent)} "
        "trang. Hãy đóng bớt chương trình khác rồi in tiếp từ trang ấy.",
        code="printer.page",
    )
