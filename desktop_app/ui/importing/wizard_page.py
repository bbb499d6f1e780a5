"""Nhập khẩu: choose a workbook, see how it was understood, preview every row, import as one undoable operation.

Invariant: nothing is written before the last step; a file is read and compared in a worker; what goes wrong is one
sentence on this page, and what was there before stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.rounds import current_round
from desktop_app.services.assessment.scores_import import ScoresResult, import_scores
from desktop_app.services.context import Context
from desktop_app.services.history import undo
from desktop_app.services.importing.apply import ImportResult, apply_plan
from desktop_app.services.importing.plan import choose, plan_import, still_asked
from desktop_app.services.importing.planned import WRITTEN, ImportPlan, RowFate
from desktop_app.services.importing.refused import write_refused, write_rows
from desktop_app.services.importing.understanding import Understood, understand_workbook
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.importing.choose_view import ChooseView, recent_files, remember_file
from desktop_app.ui.importing.columns_view import ColumnsView
from desktop_app.ui.importing.done_view import DoneView
from desktop_app.ui.importing.outcomes import people_outcome, scores_outcome
from desktop_app.ui.importing.preview_view import PreviewView
from desktop_app.ui.importing.scores_view import ScoresView
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.work_page import WaysOut, WorkPage

SCOPE = "Nhập khẩu"
FILES = "Bảng tính (*.xlsx *.xlsm *.xls *.ods *.csv *.txt);;Mọi tệp (*)"
CHOOSE, COLUMNS, PREVIEW, DONE = range(4)
REREAD_MS = 500
"""A changed column is read again after this rest, so that arrow keys in a list of meanings do not read each time."""


class ImportPage(WorkPage):
    """The wizard, pushed on top of the page that asked for it.

    Args:
        path: a file to begin with.
    """

    title_text = "Nhập khẩu"
    help_topic = "nhap_khau"
    stays_open = True
    search_placeholder = "Tìm trong tệp…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("import.open", "Chọn tệp khác", "Ctrl+O", "folder-open", scope=SCOPE),
        ActionSpec("import.next", "Tiếp tục bước sau", "Ctrl+Enter", "arrow-right", scope=SCOPE),
        ActionSpec("import.back", "Bước trước", "Ctrl+B", "arrow-left", scope=SCOPE),
        ActionSpec("import.doubt", "Tới dòng ngờ trùng hoặc không nhận kế tiếp", "F6", "arrow-down", scope=SCOPE),
        ActionSpec("import.first", "Là người thứ nhất trong sổ", "Ctrl+1", "user-check", scope=SCOPE),
        ActionSpec("import.second", "Là người thứ hai trong sổ", "Ctrl+2", "user-check", scope=SCOPE),
        ActionSpec("import.third", "Là người thứ ba trong sổ", "Ctrl+3", "user-check", scope=SCOPE),
        ActionSpec("import.refused", "Tải các dòng không nhận", "Ctrl+D", "download", scope=SCOPE),
    )

    def __init__(self, context: Context, path: Path | None = None) -> None:
        super().__init__(context)
        self._first_path = path
        self._book: Understood | None = None
        self._base: ImportPlan | None = None
        self._plan: ImportPlan | None = None
        self._choices: dict[int, Uid | None] = {}
        self._form_choices: dict[tuple[str, int], Uid] = {}
        self._outcome: ScoresResult | None = None
        self._year = 0
        self._is_other_commune = False
        self._is_plan_old = False
        self._operation: Uid | None = None
        self._step = CHOOSE
        self._timer = QTimer(self, singleShot=True, interval=REREAD_MS)
        self._timer.timeout.connect(self._reread)
        self.setAcceptDrops(True)
        self.stepper = w.Stepper(["Chọn tệp", "Ghép cột", "Xem trước", "Nhập"])
        self.stepper.step_chosen.connect(self._on_step_chosen)
        self.body.addWidget(self.stepper)
        self._make_views()
        self._bind_keys()
        self._show_step(CHOOSE)

    def _make_views(self) -> None:
        self.chooser = ChooseView()
        self.chooser.open_requested.connect(self.on_open)
        self.chooser.file_chosen.connect(self.read)
        self.columns = ColumnsView()
        self.columns.changed.connect(self._on_columns_changed)
        self.preview = PreviewView()
        self.preview.settled.connect(self._on_settled)
        self.preview.unsettled.connect(self._on_unsettled)
        self.scores = ScoresView()
        self.scores.settled.connect(self._on_form_settled)
        for rows in (self.preview, self.scores):
            rows.download_requested.connect(self.on_download)
            rows.columns_requested.connect(partial(self._show_step, COLUMNS))
        self.done = DoneView()
        self.done.undo_requested.connect(self.undo)
        self.done.another_requested.connect(self.on_open)
        self.done.download_requested.connect(self.on_download)
        self._views: tuple[QWidget, ...] = (self.chooser, self.columns, self.preview, self.scores, self.done)
        for view in self._views:
            view.hide()
            self.body.addWidget(view, 1)

    def _bind_keys(self) -> None:
        self.open_button = self.button_for("import.open", self.on_open, text="Chọn tệp khác")
        self.back_button = self.button_for("import.back", self.on_back)
        self.next_button = self.button_for("import.next", self.on_next, primary=True)
        both_enters = [QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")]
        self.action("import.next").setShortcuts(both_enters)
        self.bind("import.doubt", self.on_next_doubt)
        for place, name in enumerate(("import.first", "import.second", "import.third"), start=1):
            self.bind(name, partial(self._choose_candidate, place))
        self.bind("add", self._choose_new).setText("Là người mới (ở dòng ngờ trùng)")
        self.bind("import.refused", self.on_download)
        self.bind("reload", self.on_reload).setText("Đọc lại tệp")

    # -- coming and going ----------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Which step is in front: CHOOSE, COLUMNS, PREVIEW or DONE."""
        return self._step

    @property
    def plan(self) -> ImportPlan | None:
        """The plan as it stands with what a person has decided."""
        return self._plan

    def refresh(self) -> None:
        """Look again what is there: files of late, and a register that changed behind a preview."""
        self.chooser.show_recent()
        if self._is_plan_old and self._step == PREVIEW:
            self._compare()

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        """A preview that was made before may be wrong now."""
        super().on_data_changed(kinds)
        self._is_plan_old = True

    def on_shown(self) -> None:
        """A file that was handed over is read at once."""
        self._focus_step()
        path, self._first_path = self._first_path, None
        if path is not None:
            self.read(path)

    def on_search(self, text: str) -> None:
        """Narrow the preview to what is typed."""
        if self._step == PREVIEW:
            (self.scores if self._outcome is not None else self.preview).search(text)

    # -- choosing and reading ------------------------------------------------------------------------------------

    def on_open(self) -> None:
        """Choose a file."""
        recent = recent_files()
        folder = recent[0].parent if recent else None
        chosen = dialogs.ask_open_files(self, "Chọn tệp để nhập", FILES, folder=folder)
        if chosen:
            self.read(chosen[0])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.read(path)

    def read(self, path: Path) -> None:
        """Read a file in the background and go on to its columns; the file before stays until this one is read."""
        self._timer.stop()
        self.run(
            partial(_read, path), self._on_read, "Đang đọc tệp", about=path.name,
            stopped="Đã dừng đọc tệp; chưa có gì thay đổi.",
        )  # fmt: skip

    def _on_read(self, book: Understood) -> None:
        self.columns.forget()
        self._choices.clear()
        self._form_choices.clear()
        self._is_other_commune = False
        self._base = self._plan = self._outcome = None
        self._operation = None
        remember_file(book.path)
        self.set_subtitle(book.path.name)
        self._show_book(book)
        self._show_step(COLUMNS)

    def on_reload(self) -> None:
        """The file was mended in Excel: read it again, keeping what was said of its columns."""
        if self._book is not None and self._step in (COLUMNS, PREVIEW):
            self._show_step(COLUMNS)
            self._reread()
        elif self._step == CHOOSE:
            self.chooser.show_recent()

    def _on_columns_changed(self) -> None:
        self._timer.start()

    def _reread(self, then: Callable[[], object] | None = None) -> None:
        assert self._book is not None
        self._timer.stop()
        work = partial(
            _read, self._book.path, kind=self._book.kind, sheets=self.columns.chosen_sheets,
            mapping=self.columns.mappings, options=self.columns.options,
        )  # fmt: skip

        def show(book: Understood) -> None:
            self._show_book(book)
            if then is not None:
                then()

        self.run(work, show, "Đang đọc lại tệp", stopped="Đã dừng đọc tệp; bảng dưới đây là lần đọc trước.")

    def _show_book(self, book: Understood) -> None:
        self._book = book
        self.columns.set_book(book)
        if book.refusal:
            self.show_banner(book.refusal, "attention")
        self._show_buttons()

    # -- previewing ----------------------------------------------------------------------------------------------

    def on_next(self) -> None:
        """Whatever the present step's button says."""
        if not self.next_button.isEnabled():
            return
        if self._step == CHOOSE:
            self.on_open()
        elif self._step == COLUMNS:
            self._reread(self._compare) if self._timer.isActive() else self._compare()
        elif self._step == PREVIEW:
            self._import()
        else:
            self._leave()

    def on_back(self) -> None:
        """One step back; nothing that was decided is lost."""
        if self._step in (COLUMNS, PREVIEW):
            self._show_step(self._step - 1)

    def _on_step_chosen(self, step: int) -> None:
        if self._step != DONE:
            self._show_step(step)

    def _compare(self) -> None:
        book = self._book
        if book is None or not book.count:
            return
        if book.scores is not None:
            forms, chosen = book.scores, dict(self._form_choices)

            def try_out(progress: Progress) -> tuple[int, ScoresResult]:
                year = current_round(self.context).year
                return year, import_scores(
                    self.context, forms, year, is_dry_run=True, choices=chosen, progress=progress
                )

            self.run(try_out, self._on_tried, "Đang so phiếu với sổ")
            return
        people, is_other = book.people, self._is_other_commune
        assert people is not None

        def compare(progress: Progress) -> ImportPlan:
            with self.context.read() as connection:
                return plan_import(connection, people, is_other_commune=is_other, progress=progress)

        self.run(compare, self._on_compared, "Đang so với sổ")

    def _on_compared(self, plan: ImportPlan) -> None:
        kept = still_asked(self._base, plan, self._choices)
        self._base, self._choices, self._is_plan_old = plan, kept, False
        self._plan = choose(plan, kept) if kept else plan
        self.preview.set_plan(self._plan, plan, self._choices)
        self._show_step(PREVIEW)

    def _on_tried(self, found: tuple[int, ScoresResult]) -> None:
        assert self._book is not None and self._book.scores is not None
        self._year, self._outcome = found
        self._is_plan_old = False
        self.scores.set_scores(self._book.scores, self._outcome, self._year, self._form_choices)
        self._show_step(PREVIEW)

    def on_next_doubt(self) -> None:
        """Go to the next row that a person should look at."""
        if self._step == PREVIEW:
            view = self.scores if self._outcome is not None else self.preview
            if view.go_to_next(RowFate.DOUBTFUL, RowFate.REFUSED):
                view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_candidate(self, place: int) -> None:
        if self._step == PREVIEW:
            (self.scores if self._outcome is not None else self.preview).panel.choose(place)

    def _choose_new(self) -> None:
        if self._step == PREVIEW:
            self.preview.panel.choose_new()

    def _on_settled(self, index: int, uid: Uid | None) -> None:
        self._choices[index] = uid
        self._show_choices()

    def _on_form_settled(self, key: tuple[str, int], uid: Uid | None) -> None:
        if uid is None:
            self._form_choices.pop(key, None)
        else:
            self._form_choices[key] = uid
        self._compare()

    def _on_unsettled(self, index: int) -> None:
        self._choices.pop(index, None)
        self._show_choices()

    def _show_choices(self) -> None:
        if self._base is not None:
            self._plan = choose(self._base, self._choices)
            self.preview.set_plan(self._plan, self._base, self._choices)
            self._show_buttons()

    def on_download(self) -> None:
        """The refused rows as a workbook, with reasons beside the cells."""
        book = self._book
        is_scores = book is not None and book.scores is not None
        has_any = bool(self.scores.refused) if is_scores else bool(self._plan and self._plan.counts()[RowFate.REFUSED])
        if book is None or self._step not in (PREVIEW, DONE) or not has_any:
            return
        name = f"{book.path.stem} - dong khong nhan.xlsx"
        out = dialogs.ask_save_file(
            self, "Cất các dòng không nhận", "Bảng tính (*.xlsx)", name=name, folder=book.path.parent, suffix="xlsx"
        )
        if out is None:
            return
        with self.errors():
            if is_scores:
                count = write_rows(book.sheets, [(item.row, item.issues) for item in self.scores.refused], out)
            else:
                assert self._plan is not None
                count = write_refused(self._plan, out)
            self.show_banner(
                f"Đã ghi {number_text(count)} dòng không nhận vào {out.name}, lý do ghi bên ô. "
                "Hãy sửa trong tệp đó rồi nhập tệp đó.", "passed",
            )  # fmt: skip

    # -- importing -----------------------------------------------------------------------------------------------

    def _import(self) -> None:
        stopped = "Đã dừng; chưa nhập gì, sổ vẫn như cũ."
        if self._outcome is not None:
            assert self._book is not None and self._book.scores is not None
            forms, year, chosen = self._book.scores, self._year, dict(self._form_choices)

            def write_forms(progress: Progress) -> ScoresResult:
                return import_scores(self.context, forms, year, choices=chosen, progress=progress)

            self.run(write_forms, self._on_scores_in, "Đang nhập phiếu chấm", stopped=stopped, is_writing=True)
        elif self._plan is not None:
            plan = self._plan

            def write(progress: Progress) -> ImportResult:
                return apply_plan(self.context, plan, progress=progress)

            self.run(write, self._on_people_in, "Đang nhập danh sách", stopped=stopped, is_writing=True)

    def _on_people_in(self, result: ImportResult) -> None:
        assert self._book is not None
        self.done.set_outcome(people_outcome(result, self._book.path.name))
        self._on_imported(result.operation, "citizen", "household", "hamlet", "assessment")

    def _on_scores_in(self, result: ScoresResult) -> None:
        assert self._book is not None
        self.done.set_outcome(scores_outcome(result, self._book.path.name, self._year))
        self._on_imported(result.operation, "assessment", "citizen")

    def _on_imported(self, operation: Uid | None, *kinds: str) -> None:
        self._operation = operation
        self._show_step(DONE)
        if self.shell is not None and operation is not None:
            self.shell.announce_change(*kinds)

    def undo(self) -> bool:
        """Take the import that was just made back; anything else is not this page's."""
        operation = self._operation
        if self._step != DONE or operation is None:
            return False
        self._operation = None

        def take_back(progress: Progress) -> object:
            return undo(self.context, operation)

        def failed() -> None:
            self._operation = operation

        self.run(take_back, self._on_undone, "Đang hoàn tác", is_writing=True, can_cancel=False, on_failed=failed)
        return True

    def _on_undone(self, _undone: object) -> None:
        self.done.set_undone("Đã hoàn tác: sổ như trước khi nhập tệp này.")
        if self.shell is not None:
            self.shell.announce_change("citizen", "household", "hamlet", "assessment")

    def _leave(self) -> None:
        if self.shell is not None:
            target = "assessment" if self._outcome is not None else "citizens"
            shell = self.shell
            shell.pop()
            shell.open_page(target)

    def ways_out(self) -> WaysOut:
        """What can be done about the errors of this wizard."""
        return {
            "import.other_commune": ("Đúng là của xã mình, xem trước", self._import_other_commune),
            "import.stale": ("Xem trước lại", self._compare),
            "import.file_changed": ("Đọc lại tệp", self.on_reload),
        }

    def _import_other_commune(self) -> None:
        self._is_other_commune = True
        self._compare()

    # -- steps ---------------------------------------------------------------------------------------------------

    def _show_step(self, step: int) -> None:
        self._step = step
        self.stepper.set_current(step)
        if step == CHOOSE:
            self.chooser.show_recent()
        shown = (self.chooser, self.columns, self.scores if self._outcome is not None else self.preview, self.done)
        for view in self._views:
            view.setVisible(view is shown[step])
        self._show_buttons()
        self._focus_step()
        self.scroll_to_top()

    def _show_buttons(self) -> None:
        words, is_possible = self._next_words()
        self.next_button.setText(words)
        self.next_button.setAccessibleName(words)
        self.next_button.setEnabled(is_possible)
        self.next_button.updateGeometry()
        buttons = {
            CHOOSE: (self.next_button,) if self._book is not None and self._book.count else (),
            COLUMNS: (self.open_button, self.next_button),
            PREVIEW: (self.back_button, self.next_button),
            DONE: (self.next_button,),
        }
        self.set_header_buttons(*buttons[self._step])

    def _next_words(self) -> tuple[str, bool]:
        book = self._book
        if self._step == CHOOSE:
            return "Chọn tệp", True
        if self._step == COLUMNS:
            return "Xem trước", bool(book is not None and book.count)
        if self._step == PREVIEW and self._outcome is not None:
            count = self._outcome.created + self._outcome.updated
            return (f"Nhập {number_text(count)} phiếu", True) if count else ("Không có gì mới", False)
        if self._step == PREVIEW and self._plan is not None:
            counts = self._plan.counts()
            count = sum(counts[fate] for fate in WRITTEN)
            return (f"Nhập {number_text(count)} người", True) if count else ("Không có gì mới", False)
        return ("Xem danh sách công dân" if self._outcome is None else "Xem đánh giá"), True

    def _focus_step(self) -> None:
        reason = Qt.FocusReason.OtherFocusReason
        if self._step == CHOOSE and self.chooser.empty.button is not None:
            self.chooser.empty.button.setFocus(reason)
        elif self._step == COLUMNS:
            self.columns.focus_first()
        elif self._step == PREVIEW:
            (self.scores if self._outcome is not None else self.preview).table.setFocus(reason)
        else:
            self.next_button.setFocus(reason)


def _read(path: Path, progress: Progress, **given: Any) -> Understood:
    return understand_workbook(path, progress=progress, **given)


def dropped_file(data: QMimeData) -> Path | None:
    """The one file that is dragged, if it is one."""
    urls = [url for url in data.urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None
