"""A paper in the program as it will leave the printer: made in a worker, shown, printed, kept as a file.

Invariant: what is printed is what is shown; where prints are recorded, the record is made before the first page goes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog

from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.page import Page
from desktop_app.ui.widgets.pdf_view import PdfView
from desktop_app.ui.widgets.print_job import PrintJob, PrintOutcome

SCOPE = "Xem trước bản in"
_OF_PAPER = ("save", "paper.print_all", "paper.print_first", "paper.mark")
Maker = Callable[[Path, Progress], object]
Recorder = Callable[[int, int], bool]
"""Gets the first and last page (from 1) that go to the printer; False stops the print."""


class PaperView(PdfView):
    """A preview that records pages before they are printed, and can print the first page alone.

    Args:
        record: see ``Recorder``; None where prints are not recorded.
    """

    def __init__(self, *, file_name: str, record: Recorder | None = None) -> None:
        super().__init__(file_name=file_name)
        self.record = record

    def print_to(self, printer: Any) -> PrintJob | None:
        """As any preview, once the pages are recorded; pages that are not there are refused before that."""
        first = printer.fromPage() or 1
        last = min(printer.toPage() or self.page_count, self.page_count)
        if first > last:
            raise EnvironmentProblem(
                f"Bản in chỉ có {number_text(self.page_count)} trang, không có trang {number_text(first)}. Chưa in và "
                "chưa ghi gì. Hãy chọn lại số trang.",
                code="printer.no_such_page",
            )
        if self.is_printing or (self.record is not None and not self.record(first, last)):
            return None
        return super().print_to(printer)

    def print_first(self) -> None:
        """Ask for the printer and print one sheet, to see how it lies on the paper."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._set_up(printer)
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        printer.setFromTo(1, 1)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("In thử một tờ")
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.try_print(printer)


class PreviewPage(Page):
    """One paper on top of the screen that asked for it.

    Args:
        title: of the page.
        make: writes the PDF; called in a worker.
        file_name: proposed when it is kept as a file.
        record: called before pages go to the printer.
        mark: what "Ghi là đã in" does, for papers printed from the kept file; None hides the button.
        prints_one_first: offer to print one sheet first.
    """

    help_topic = "cong_nhan"
    ACTIONS = (
        ActionSpec("paper.print_first", "In thử một tờ", "Ctrl+Shift+P", "file-check", scope=SCOPE),
        ActionSpec("paper.print_all", "In", "Ctrl+P", "printer", scope=SCOPE),
        ActionSpec("paper.mark", "Ghi là đã in", "Ctrl+G", "check", scope=SCOPE),
    )

    def __init__(
        self,
        context: Context,
        title: str,
        make: Maker,
        *,
        file_name: str,
        record: Recorder | None = None,
        mark: Callable[[], bool] | None = None,
        prints_one_first: bool = False,
    ) -> None:
        super().__init__(context, scroll=False)
        self.set_title(title)
        self._make = make
        self._mark = mark
        self.view = PaperView(file_name=file_name, record=record)
        self.body.addWidget(self.view, 1)
        self.view.saved.connect(self._on_saved)
        self.view.refused.connect(self._on_refused)
        self.view.printed.connect(self._on_printed)
        self.view.stopped.connect(self._on_stopped)
        self.bind("save", self.view.save_as)
        self.bind("paper.print_all", self.view.print_pages)
        buttons = []
        if mark is not None:
            buttons.append(self.button_for("paper.mark", self.on_mark))
        if prints_one_first:
            buttons.append(self.button_for("paper.print_first", self.view.print_first))
        self.set_header_buttons(*buttons)
        self._set_ready(False)
        self.bind("reload", self.refresh)

    def _set_ready(self, is_ready: bool) -> None:
        """Nothing is kept, printed or marked before there is a paper."""
        self.view.setEnabled(is_ready)
        for action in self.page_actions:
            if action.objectName() in _OF_PAPER:
                action.setEnabled(is_ready)

    def refresh(self) -> None:
        """Make the paper again and show it."""
        assert self.shell is not None
        self.set_subtitle("đang tạo…")
        self.shell.tasks.run(self._made, self._show, title="Đang tạo bản xem trước", on_cancelled=self._on_cancelled)

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        """The paper stays as it was made until F5: it may be on its way to the printer."""

    def on_mark(self) -> None:
        with self.errors():
            if self._mark is not None and self._mark():
                self.clear_banner()

    def on_shown(self) -> None:
        self.view.setFocus()

    def _made(self, progress: Progress) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "ban_in.pdf"
            self._make(out, progress)
            return out.read_bytes()

    def _show(self, pdf: bytes) -> None:
        with self.errors():
            self.view.load(pdf)
            self._set_ready(True)
            if self.isVisible():
                self.view.setFocus()
            self.set_subtitle(f"{number_text(self.view.page_count)} trang")

    def _on_refused(self, problem: Exception) -> None:
        with self.errors():
            raise problem

    def _on_printed(self, count: int) -> None:
        self.show_banner(f"Đã gửi {number_text(count)} trang tới máy in.", "passed")
        if self.isVisible():
            self.view.setFocus()

    def _on_stopped(self, outcome: PrintOutcome) -> None:
        """What went, what did not, and how to go on."""
        text = (
            f"Đã dừng in: đã gửi {number_text(outcome.sent)} trong {number_text(outcome.wanted)} trang; những trang ấy "
            f"có thể vẫn ra giấy. Muốn in tiếp, bấm In rồi chọn từ trang {number_text(outcome.following)}."
        )
        if self._mark is not None:
            text += " Cả lượt đã ghi là đã in; khi in tiếp, chương trình hỏi lý do in lại."
        self.show_banner(text, "attention" if self._mark is not None else "neutral")

    def _on_cancelled(self) -> None:
        self.set_subtitle("")
        self.show_banner("Đã dừng, chưa tạo bản xem trước. Nhấn F5 để tạo lại.", "neutral")

    def _on_saved(self, path: Path) -> None:
        text = f"Đã cất {path.name}."
        if self._mark is None:
            self.show_banner(text, "passed")
            return
        text += " In tệp này ở nơi khác xong thì bấm “Ghi là đã in” (Ctrl+G)."
        self.show_banner(text, "passed", button="Ghi là đã in", on_button=self.on_mark)
