"""A PDF on screen as it will be on paper: pages, zoom, print, save as. QtPdf is imported only when a preview opens.

Invariant: what is printed or saved is the very file that is shown; printing waits until ``before_print`` has agreed, so
that the event is recorded before the page leaves the printer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QPageLayout, QPageSize, QResizeEvent
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.services.documents.output import replacing
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.basics import IconButton, PrimaryButton, QuietButton, label
from desktop_app.ui.widgets.layouts import hbox, sized, vbox
from desktop_app.ui.widgets.print_job import PrintJob, PrintOutcome

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


BAR_WIDTH = 700
"""Width (at 100 %) from which all words and key caps of the bar stand beside each other."""


class PdfView(QWidget):
    """A preview of a PDF.

    Args:
        before_print: called when a person prints; False stops it (a reprint needs a reason, say).
        file_name: proposed when saving, without folder.

    The keys on its buttons are those of the page around it, which binds them.

    Signals:
        page_changed(int): from 0.
        printed(int): pages sent to the printer, once the print has ended.
        stopped(PrintOutcome): a person stopped the print.
        saved(object): path written to.
        refused(object): the problem for which a file or a print did not come to be, to be told by the page.
    """

    page_changed = Signal(int)
    printed = Signal(int)
    stopped = Signal(object)
    saved = Signal(object)
    refused = Signal(object)

    def __init__(self, *, before_print: Callable[[], bool] | None = None, file_name: str = "van-ban.pdf") -> None:
        super().__init__()
        from PySide6.QtPdf import QPdfDocument
        from PySide6.QtPdfWidgets import QPdfView

        self.before_print = before_print
        self.file_name = file_name
        self._job: PrintJob | None = None
        self._data = QByteArray()
        self._buffer = QBuffer(self)
        self._document = QPdfDocument(self)
        self._view = QPdfView(self)
        self._view.setAccessibleName("Bản xem trước")
        self._view.setDocument(self._document)
        self._view.setPageMode(QPdfView.PageMode.MultiPage)
        self._view.setZoomMode(QPdfView.ZoomMode.FitInView)
        self._view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._view)
        column = vbox(self, spacing=8)
        column.addLayout(self._made_bar())
        column.addWidget(self._view, 1)
        self._view.pageNavigator().currentPageChanged.connect(self._on_page)
        sized(self, min_height=280)

    def _made_bar(self) -> Any:
        bar = hbox(spacing=8)
        self.previous_button = IconButton("chevron-left", "Trang trước", key="PageUp")
        self.next_button = IconButton("chevron-right", "Trang sau", key="PageDown")
        self.page_label = label("", "quiet")
        self.zoom_out_button = IconButton("zoom-out", "Thu nhỏ")
        self.zoom_in_button = IconButton("zoom-in", "Phóng to")
        self.fit_button = QuietButton("Cả trang", small=True)
        self.save_button = QuietButton("Cất thành tệp", icon="download", key="Ctrl+S")
        self.print_button = PrimaryButton("In", icon="printer", key="Ctrl+P")
        self.previous_button.clicked.connect(lambda _c=False: self.go_to(self.page - 1))
        self.next_button.clicked.connect(lambda _c=False: self.go_to(self.page + 1))
        self.zoom_out_button.clicked.connect(lambda _c=False: self._zoom(-1))
        self.zoom_in_button.clicked.connect(lambda _c=False: self._zoom(1))
        self.fit_button.clicked.connect(lambda _c=False: self.fit_page())
        self.save_button.clicked.connect(lambda _c=False: self.save_as())
        self.print_button.clicked.connect(lambda _c=False: self.print_pages())
        for widget in (self.previous_button, self.page_label, self.next_button):
            bar.addWidget(widget)
        bar.addSpacing(12)
        for button in (self.zoom_out_button, self.zoom_in_button, self.fit_button):
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self.save_button)
        bar.addWidget(self.print_button)
        return bar

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the bar is short the key caps give their room to the words."""
        super().resizeEvent(event)
        for button in (self.save_button, self.print_button):
            button.set_compactness(1 if self.width() < theme.px(BAR_WIDTH) else 0)

    def load(self, pdf: bytes | Path) -> None:
        """Show a PDF; bytes are kept, a file is read at once so that it may be moved or deleted.

        Raises:
            EnvironmentProblem: it cannot be read as a PDF.
        """
        from PySide6.QtPdf import QPdfDocument

        raw = pdf.read_bytes() if isinstance(pdf, Path) else pdf
        self._document.close()
        self._buffer.close()
        self._data = QByteArray(raw)
        self._buffer.setData(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        if self._document.status() != QPdfDocument.Status.Ready:
            raise EnvironmentProblem(
                "Không mở được bản xem trước này vì tệp PDF bị hỏng. Dữ liệu trong sổ không đổi. Hãy tạo lại văn bản.",
                code="pdf.unreadable",
            )
        self.fit_page()
        self.go_to(0)
        self._on_page(0)

    @property
    def page_count(self) -> int:
        return self._document.pageCount()

    @property
    def page(self) -> int:
        return self._view.pageNavigator().currentPage()

    @property
    def is_printing(self) -> bool:
        """A print is on its way."""
        return self._job is not None

    def go_to(self, page: int) -> None:
        from PySide6.QtCore import QPointF

        if 0 <= page < self.page_count:
            self._view.pageNavigator().jump(page, QPointF(0, 0), 0)

    def fit_page(self) -> None:
        self._view.setZoomMode(self._view.ZoomMode.FitInView)

    def save_as(self) -> Path | None:
        """Ask where, write, tell; None when cancelled."""
        path = dialogs.ask_save_file(self, "Cất thành tệp PDF", "PDF (*.pdf)", name=self.file_name, suffix="pdf")
        if path is None:
            return None
        try:
            with replacing(path) as stream:
                stream.write(bytes(self._data.data()))
        except EnvironmentProblem as problem:
            self.refused.emit(problem)
            return None
        self.saved.emit(path)
        return path

    def print_pages(self) -> None:
        """Ask for printer and pages, have it recorded, print."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._set_up(printer)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("In")
        if dialog.exec() == QDialog.DialogCode.Accepted and (self.before_print is None or self.before_print()):
            self.try_print(printer)

    def try_print(self, printer: Any) -> None:
        """Print, and tell what hinders it."""
        try:
            self.print_to(printer)
        except EnvironmentProblem as problem:
            self.refused.emit(problem)

    def print_to(self, printer: Any) -> PrintJob | None:
        """Send the chosen pages to a printer that is set up; they go while the window goes on, and ``printed`` or
        ``stopped`` tells how it ended. None where nothing is sent, because a print is on its way already.

        Raises:
            EnvironmentProblem: the printer does not take the job.
        """
        if self.is_printing:
            return None
        first = (printer.fromPage() or 1) - 1
        last = min(printer.toPage() or self.page_count, self.page_count)
        if first >= last:
            return None
        job = PrintJob(self._data, printer, range(first, last), self.window())
        job.start()
        self._job = job
        job.ended.connect(self._on_print_ended)
        return job

    def _on_print_ended(self, outcome: PrintOutcome) -> None:
        self._job = None
        self.printed.emit(outcome.sent)
        if outcome.problem is not None:
            self.refused.emit(outcome.problem)
        elif outcome.is_stopped:
            self.stopped.emit(outcome)

    def _set_up(self, printer: Any) -> None:
        points = self._document.pagePointSize(0)
        is_wide = points.width() > points.height()
        upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
        orientation = QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait
        size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
        printer.setFullPage(True)
        printer.setPageLayout(QPageLayout(size, orientation, QMarginsF(0, 0, 0, 0)))
        printer.setDocName(self.file_name)

    def picture(self, page: int, width: int) -> Any:
        """A page as an image of this width in pixels; for lists of templates and for tests."""
        points = self._document.pagePointSize(page)
        return self._document.render(page, QSize(width, round(width * points.height() / points.width())))

    def _zoom(self, by: int) -> None:
        now = self._view.zoomFactor()
        steps = [z for z in (ZOOMS if by > 0 else reversed(ZOOMS)) if (z > now if by > 0 else z < now)]
        self._view.setZoomMode(self._view.ZoomMode.Custom)
        self._view.setZoomFactor(steps[0] if steps else now)

    def _on_page(self, page: int) -> None:
        self.page_label.setText(f"Trang {number_text(page + 1)} / {number_text(self.page_count)}")
        self.previous_button.setEnabled(page > 0)
        self.next_button.setEnabled(page < self.page_count - 1)
        self.page_changed.emit(page)
