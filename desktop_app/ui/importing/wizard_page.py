"""Nhập khẩu: choose a workbook, see how it was understood, preview every row, import as one undoable operation.

Invariant: nothing is written before the last step; the file is read and compared in a worker.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.rounds import current_round
from desktop_app.services.assessment.scores_import import import_scores
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, apply_plan
from desktop_app.services.importing.parse import kind_of_workbook, parse_scores, parse_workbook
from desktop_app.services.importing.plan import ImportPlan, RowFate, choose, plan_import
from desktop_app.services.importing.preview import ParsedScores, WorkbookKind
from desktop_app.services.importing.refused import write_refused
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.importing.columns_view import ColumnsView
from desktop_app.ui.importing.preview_view import PreviewView
from desktop_app.ui.importing.scores_view import ScoresView
from desktop_app.ui.page import Page
from desktop_app.ui.widgets import dialogs

SCOPE = "Nhập khẩu"
FILES = "Bảng tính (*.xlsx *.xlsm *.xls *.ods *.csv *.txt);;Mọi tệp (*)"
CHOOSE, COLUMNS, PREVIEW, DONE = range(4)


class ImportPage(Page):
    """The wizard, pushed on top of the page that asked for it.

    Args:
        path: a file to begin with.
    """

    title_text = "Nhập khẩu"
    help_topic = "nhap_khau"
    ACTIONS = (
        ActionSpec("import.open", "Chọn tệp", "Ctrl+O", "folder-open", scope=SCOPE),
        ActionSpec("import.next", "Tiếp", "Ctrl+Return", "arrow-right", scope=SCOPE),
    )

    def __init__(self, context: Context, path: Path | None = None) -> None:
        super().__init__(context, scroll=False)
        self._path: Path | None = path
        self._plan: ImportPlan | None = None
        self._scores: ParsedScores | None = None
        self._is_other_commune = False
        self.setAcceptDrops(True)
        self.stepper = w.Stepper(["Chọn tệp", "Ghép cột", "Xem trước", "Nhập"])
        self.body.addWidget(self.stepper)
        self.steps = QStackedWidget()
        self.body.addWidget(self.steps, 1)
        self._make_steps()
        self.next_button = self.button_for("import.next", self.on_next, primary=True, show_key=False)
        self.open_button = self.button_for("import.open", self.on_open)
        self.set_header_buttons(self.open_button, self.next_button)
        self._show_step(CHOOSE)

    def _make_steps(self) -> None:
        self.empty = w.EmptyState(
            "file-spreadsheet",
            "Chọn tệp Excel của xã, hoặc kéo tệp thả vào đây. Danh sách dân cư và phiếu chấm đều được nhận ra.",
            "Chọn tệp",
        )
        self.empty.activated.connect(self.on_open)
        self.steps.addWidget(self.empty)
        self.columns = ColumnsView()
        self.columns.mapping_changed.connect(self._reread)
        from desktop_app.ui.widgets.layouts import ScrollBody

        self.steps.addWidget(ScrollBody(self.columns))
        self.preview = PreviewView()
        self.preview.chosen.connect(self._on_choice)
        self.preview.download_requested.connect(self.on_download)
        self.steps.addWidget(self.preview)
        self.done = w.EmptyState("circle-check", "", "Xem danh sách công dân")
        self.done.activated.connect(self._leave)
        self.steps.addWidget(self.done)
        self.scores = ScoresView()
        self.steps.addWidget(self.scores)

    def on_shown(self) -> None:
        """A file that was handed over is read at once."""
        super().on_shown()
        if self._path is not None and self._plan is None and self._scores is None:
            self.read(self._path)

    # -- reading -------------------------------------------------------------------------------------------------

    def on_open(self) -> None:
        """Choose a file."""
        chosen = dialogs.ask_open_files(self, "Chọn tệp để nhập", FILES)
        if chosen:
            self.read(chosen[0])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event.mimeData())
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Read a file in the background and go on to its columns, or to its forms."""
        self.clear_banner()
        self._path = path
        self._plan, self._scores = None, None
        self._is_other_commune = False
        self.set_title(f"Nhập khẩu · {path.name}")
        self._run(partial(self._read, path), self._on_read, "Đang đọc tệp")

    def _read(self, path: Path, progress: Progress) -> Any:
        if kind_of_workbook(path) is WorkbookKind.SCORES:
            parsed = parse_scores(path, progress=progress)
            year = current_round(self.context).year
            return parsed, import_scores(self.context, parsed, year, is_dry_run=True, progress=progress)
        return parse_workbook(path, progress=progress)

    def _on_read(self, found: Any) -> None:
        if isinstance(found, tuple):
            self._scores = found[0]
            self.scores.set_scores(*found)
            self._show_step(PREVIEW)
            return
        self.columns.set_book(found, is_new_file=True)
        self._show_step(COLUMNS)
        self._book = found

    def _reread(self) -> None:
        assert self._path is not None
        path, sheets, mapping = self._path, self.columns.chosen_sheets, dict(self.columns.mappings)

        def work(progress: Progress) -> Any:
            return parse_workbook(path, sheets=sheets, mapping=mapping, progress=progress)

        self._run(work, self._on_reread, "Đang đọc lại tệp")

    def _on_reread(self, found: Any) -> None:
        self._book = found
        self.columns.set_book(found, is_new_file=False)

    # -- preview -------------------------------------------------------------------------------------------------

    def on_next(self) -> None:
        """Whatever the present step's button says."""
        step = self.stepper.current
        if step == CHOOSE:
            self.on_open()
        elif step == COLUMNS:
            self._compare()
        elif step == PREVIEW:
            self._import()
        else:
            self._leave()

    def _compare(self) -> None:
        book, is_other = self._book, self._is_other_commune

        def work(progress: Progress) -> ImportPlan:
            with self.context.read() as connection:
                return plan_import(connection, book, is_other_commune=is_other, progress=progress)

        self._run(work, self._on_compared, "Đang so với sổ")

    def _on_compared(self, plan: ImportPlan) -> None:
        self._plan = plan
        self.preview.set_plan(plan)
        self._show_step(PREVIEW)

    def _on_choice(self, index: int, uid: Uid | None) -> None:
        if self._plan is not None:
            self._plan = choose(self._plan, {index: uid})
            self.preview.set_plan(self._plan)
            self._show_step(PREVIEW)

    def on_download(self) -> None:
        """The refused rows as a workbook, with reasons beside the cells."""
        if self._plan is None:
            return
        name = f"{Path(self._plan.parsed.path).stem} - dong khong nhan.xlsx"
        out = dialogs.ask_save_file(self, "Cất các dòng không nhận", "Bảng tính (*.xlsx)", name=name, suffix="xlsx")
        if out is not None:
            with self.errors():
                write_refused(self._plan, out)
                self.show_banner(f"Đã ghi {out.name}: sửa trong tệp đó rồi nhập lại.", "passed")

    # -- importing -----------------------------------------------------------------------------------------------

    def _import(self) -> None:
        plan, scores = self._plan, self._scores
        if plan is not None:
            self._run(partial(self._apply, plan), self._on_imported, "Đang nhập danh sách")
        elif scores is not None:
            year = current_round(self.context).year
            self._run(
                lambda progress: import_scores(self.context, scores, year, progress=progress),
                self._on_imported,
                "Đang nhập phiếu chấm",
            )

    def _apply(self, plan: ImportPlan, progress: Progress) -> ImportResult:
        return apply_plan(self.context, plan, progress=progress)

    def _on_imported(self, result: Any) -> None:
        if self._scores is not None:
            sentence = (
                f"Đã nhập {number_text(result.assessed)} phiếu chấm: {number_text(result.passed)} đạt, "
                f"{number_text(result.doubtful)} ngờ trùng chưa nhập, {number_text(result.refused)} không nhận."
            )
        else:
            sentence = (
                f"Đã nhập {number_text(result.created)} người mới, sửa {number_text(result.updated)}, "
                f"thêm {number_text(result.households_created)} hộ; {number_text(result.doubtful)} ngờ trùng để lại, "
                f"{number_text(result.refused)} không nhận."
            )
        self.done.set_sentence(sentence)
        self._show_step(DONE)
        if self.shell is not None:
            self.shell.announce_change("citizen", "household", "hamlet", "assessment")
            self.shell.notify("Đã nhập xong.", can_undo=result.operation is not None)

    def _leave(self) -> None:
        if self.shell is not None:
            self.shell.pop()
            self.shell.open_page("assessment" if self._scores is not None else "citizens")

    # -- inside --------------------------------------------------------------------------------------------------

    def _run(self, work: Callable[[Progress], Any], on_done: Callable[[Any], None], title: str) -> None:
        assert self.shell is not None
        self.clear_banner()
        self.shell.tasks.run(work, on_done, self._on_error, title=title)

    def _on_error(self, error: Exception) -> None:
        if getattr(error, "code", "") == "import.other_commune":
            message = getattr(error, "message", str(error))
            self.show_banner(message, "attention", button="Vẫn nhập", on_button=self._import_other_commune)
            return
        with self.errors():
            raise error

    def _import_other_commune(self) -> None:
        self._is_other_commune = True
        self._compare()

    def _show_step(self, step: int) -> None:
        self.stepper.set_current(step)
        is_scores = step == PREVIEW and self._scores is not None
        self.steps.setCurrentIndex(4 if is_scores else step)
        self.next_button.setText(self._next_words(step))
        self.next_button.setVisible(step != CHOOSE)
        self.open_button.setVisible(step in (CHOOSE, COLUMNS))
        self.header_changed.emit()

    def _next_words(self, step: int) -> str:
        if step == COLUMNS:
            return "Xem trước"
        if step == PREVIEW and self._plan is not None:
            counts = self._plan.counts()
            return f"Nhập {number_text(counts[RowFate.NEW] + counts[RowFate.CHANGED])} người"
        if step == PREVIEW:
            return f"Nhập {number_text(len(self._scores.rows) if self._scores else 0)} phiếu"
        return "Xong"


def _dropped_file(data: QMimeData) -> Path | None:
    urls = [url for url in data.urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None
