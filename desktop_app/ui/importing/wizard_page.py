"""Nhập khẩu: choose a workbook, see how it was understood, preview every row, import as one undoable operation.

Invariant: nothing is written before the last step; a file is read and compared in a worker; what goes wrong is one
sentence on this page, and what was there before stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.score_choices import indicator_choices, models_of, proposed_year
from desktop_app.services.assessment.scores_import import ScoresResult
from desktop_app.services.context import Context
from desktop_app.services.history import undo
from desktop_app.services.importing.apply import ImportResult, apply_plan
from desktop_app.services.importing.brought import BroughtList
from desktop_app.services.importing.headings.remembered import Recalled, forget, remember
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.preview import WorkbookKind
from desktop_app.services.importing.template import template_scopes
from desktop_app.services.importing.understanding import Understood
from desktop_app.services.progress import Progress
from desktop_app.ui import widgets as w
from desktop_app.ui.duplicates.ways import offer_duplicates
from desktop_app.ui.importing.choose_view import ChooseView, recent_files, remember_file
from desktop_app.ui.importing.columns_view import ColumnsView
from desktop_app.ui.importing.done_view import DoneView
from desktop_app.ui.importing.keys import ACTIONS
from desktop_app.ui.importing.outcomes import people_outcome, scores_outcome
from desktop_app.ui.importing.people_step import PeopleStep
from desktop_app.ui.importing.preview_view import PreviewView
from desktop_app.ui.importing.reading import dropped_file, other_kind, read_again, read_file
from desktop_app.ui.importing.refused_file import save_refused
from desktop_app.ui.importing.scores_step import ScoresStep
from desktop_app.ui.importing.scores_view import ScoresView
from desktop_app.ui.importing.steps import CHOOSE, COLUMNS, DONE, PREVIEW, next_words
from desktop_app.ui.importing.template_card import save_template
from desktop_app.ui.importing.unit_words import destination
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.work_page import WaysOut, WorkPage

FILES = "Bảng tính (*.xlsx *.xlsm *.xls *.ods *.csv *.txt);;Mọi tệp (*)"
IMPORTED = ("citizen", "household", "hamlet", "assessment", "clan", "organization", "branch")
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
    ACTIONS = ACTIONS

    def __init__(self, context: Context, path: Path | None = None) -> None:
        super().__init__(context)
        self._first_path = self._tried = path
        self._book: Understood | None = None
        self._is_plan_old = False
        self._operation: Uid | None = None
        self._step, self._offered = CHOOSE, 0
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
        self.chooser.template_requested.connect(partial(save_template, self))
        self.columns = ColumnsView()
        self.columns.changed.connect(self._on_columns_changed)
        self.columns.forgotten.connect(self._on_forgotten)
        self.preview = PreviewView()
        self.people = PeopleStep(self, self.preview)
        self.people.changed.connect(self._show_buttons)
        self.scores = ScoresView()
        self.forms = ScoresStep(self, self.scores)
        self.forms.changed.connect(self._on_tried)
        self.forms.reread_requested.connect(partial(self._reread, self._compare))
        for rows in (self.preview, self.scores):
            rows.download_requested.connect(self.on_download)
            rows.columns_requested.connect(partial(self._show_step, COLUMNS))
        self.done = DoneView()
        self.done.undo_requested.connect(self.undo)
        self.done.another_requested.connect(self.on_open)
        self.done.download_requested.connect(self.on_download)
        self.done.person_opened.connect(self._open_person)
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
        deeds = {
            "import.skip": self.preview.skip, "import.all_new": self.preview.all_new,
            "import.all_skip": self.preview.all_skip, "import.title_year": self.preview.years.focus_first,
        }  # fmt: skip
        for name, deed in deeds.items():
            self.bind(name, partial(self._in_preview, deed))
        self.bind("import.all_same", self._all_same)
        self.bind("edit", self._edit).setText("Sửa dòng đang chọn")
        self.bind("import.other", self._look_for)
        self.bind("import.refused", self.on_download)
        self.bind("import.template", self._on_template)
        self.bind("list", self._on_list).setText("Xem những người mới vừa nhập")
        self.bind("reload", self.on_reload).setText("Đọc lại tệp")

    # -- coming and going ----------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Which step is in front: CHOOSE, COLUMNS, PREVIEW or DONE."""
        return self._step

    @property
    def plan(self) -> ImportPlan | None:
        """The plan as it stands with what a person has decided."""
        return self.people.plan

    def refresh(self) -> None:
        """Look again what is there: files of late, and a register that changed behind a preview."""
        self._show_chooser()
        if self._is_plan_old and self._step == PREVIEW:
            self._compare()

    def _show_chooser(self) -> None:
        self.chooser.show_recent()
        with self.errors():
            self.chooser.template.set_scopes(template_scopes(self.context))

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
        self._tried = path
        self.run(
            partial(read_file, self.context, path), self._on_read, "Đang đọc tệp", about=path.name,
            stopped="Đã dừng đọc tệp; chưa có gì thay đổi.",
        )  # fmt: skip

    def _on_read(self, found: Recalled) -> None:
        book = found.book
        self.columns.forget()
        self.columns.recall(found.sheets, found.header_rows)
        self.forms.begin()
        self.people.begin()
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

    def _on_forgotten(self, shape: str) -> None:
        forget(self.context, shape)
        self._reread()

    def _reread(self, then: Callable[[], object] | None = None) -> None:
        assert self._book is not None
        self._timer.stop()
        work = partial(
            read_again, self._book.path, kind=self._book.kind, sheets=self.columns.chosen_sheets,
            mapping=self.columns.mappings, options=replace(self.columns.options, cells=dict(self.forms.cells)),
        )  # fmt: skip

        def show(book: Understood) -> None:
            self._show_book(book)
            if then is not None:
                then()

        self.run(work, show, "Đang đọc lại tệp", stopped="Đã dừng đọc tệp; bảng dưới đây là lần đọc trước.")

    def _show_book(self, book: Understood) -> None:
        self._book = book
        self._show_columns(book)
        if book.refusal:
            self.show_banner(book.refusal, "attention")
        elif (other := other_kind(book)) is not None:
            deed = partial(self._read_as, other.kind)
            self.show_banner(other.sentence, "attention", button=other.button, on_button=deed)
        self._show_buttons()

    def _show_columns(self, book: Understood) -> None:
        """The columns, with the indicators of the round that the forms go into."""
        self._offered = self.forms.year or proposed_year(self.context, book)
        self.columns.set_book(book, indicator_choices(self.context, models_of(book), self._offered))

    def _read_as(self, kind: WorkbookKind) -> None:
        """Go on with the sheets of another kind that the file holds."""
        assert self._book is not None
        self.columns.forget()
        self.people.begin()
        self.forms.begin()
        self._book = replace(self._book, kind=kind)
        self._show_step(COLUMNS)
        self._reread()

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
            self.forms.try_out(book.scores, self._on_compared)
            return
        assert book.people is not None
        self.people.compare(book.people, self._on_compared)

    def _on_compared(self) -> None:
        self._is_plan_old = False
        self._remember_columns()
        self._show_step(PREVIEW)

    def _remember_columns(self) -> None:
        """Who has looked at the preview of corrected columns has said that they are right."""
        mappings, rows = self.columns.mappings, self.columns.options.header_rows
        if self._book is not None and (mappings or rows):
            with self.errors():
                remember(self.context, self._book.sheets, mappings, rows)

    def _on_tried(self) -> None:
        """The trial of a scoring list is there, perhaps another one than before."""
        self._is_plan_old = False
        self._show_buttons()

    @property
    def _outcome(self) -> ScoresResult | None:
        return self.forms.outcome

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
        self._in_preview(self.preview.panel.choose_new)

    def _in_preview(self, deed: Callable[[], object]) -> None:
        if self._step == PREVIEW and self._outcome is None:
            deed()

    def _edit(self) -> None:
        if self._step == PREVIEW:
            (self.scores if self._outcome is not None else self.preview).edit()

    def _all_same(self) -> None:
        if self._step == PREVIEW:
            (self.scores if self._outcome is not None else self.preview).all_same()

    def _look_for(self) -> None:
        if self._step == PREVIEW and self._outcome is not None:
            self.scores.look_for()

    def on_download(self) -> None:
        """The refused rows as a workbook, with reasons beside the cells."""
        if self._book is not None and self._step in (PREVIEW, DONE):
            save_refused(self, self._book, self.plan, self.scores.refused)

    # -- importing -----------------------------------------------------------------------------------------------

    def _import(self) -> None:
        stopped = "Đã dừng; chưa nhập gì, sổ vẫn như cũ."
        if self._outcome is not None:
            write_forms = self.forms.writing()
            self.run(write_forms, self._on_scores_in, "Đang nhập phiếu chấm", stopped=stopped, is_writing=True)
        elif (plan := self.plan) is not None:

            def write(progress: Progress) -> ImportResult:
                return apply_plan(self.context, plan, progress=progress)

            self.run(write, self._on_people_in, "Đang nhập danh sách", stopped=stopped, is_writing=True)

    def _on_people_in(self, result: ImportResult) -> None:
        assert self._book is not None
        people = BroughtList(self.context, result.operation) if result.operation and result.created else None
        self.done.set_outcome(people_outcome(result, self._book.path.name), people)
        self._on_imported(result.operation, *IMPORTED)
        if result.operation is not None:
            offer_duplicates(self, result.operation)

    def _on_scores_in(self, result: ScoresResult) -> None:
        assert self._book is not None
        self.done.set_outcome(scores_outcome(result, self._book.path.name, self.forms.year))
        self._on_imported(result.operation, "assessment", "citizen")

    def _on_imported(self, operation: Uid | None, *kinds: str) -> None:
        self._operation = operation
        self._show_step(DONE)
        if self.shell is not None and operation is not None:
            self.shell.announce_change(*kinds)

    def undo(self) -> bool:
        """Take back the import that was just made, or the last answers before it; anything else is not this page's."""
        if self._step == PREVIEW and self._outcome is None and self.people.take_back():
            return True
        operation = self._operation
        if self._step != DONE or operation is None:
            return False

        def take_back(progress: Progress) -> object:
            return undo(self.context, operation, progress=progress)

        stopped = "Đã dừng, chưa hoàn tác gì: những gì đã nhập vẫn còn trong sổ."
        self.run(take_back, self._on_undone, "Đang hoàn tác", stopped=stopped, is_writing=True)
        return True

    def _on_undone(self, _undone: object) -> None:
        self._operation = None
        self.done.set_undone("Đã hoàn tác: sổ như trước khi nhập tệp này.")
        if self.shell is not None:
            self.shell.announce_change(*IMPORTED)

    def _on_template(self) -> None:
        if self._step == CHOOSE:
            self.chooser.template.press()

    def _on_list(self) -> None:
        if self._step == DONE:
            self.done.toggle_new()

    def _open_person(self, uid: Uid) -> None:
        if self.shell is not None:
            self.shell.open_page("citizens", uid)

    def _leave(self) -> None:
        if self.shell is not None:
            target = "assessment" if self._outcome is not None else destination(self.plan)[0]
            shell = self.shell
            shell.pop()
            shell.open_page(target)

    def ways_out(self) -> WaysOut:
        """What can be done about the errors of this wizard."""
        return {
            "import.other_commune": ("Đúng là của xã mình, xem trước", self._import_other_commune),
            "import.stale": ("Xem trước lại", self._compare),
            "import.file_changed": ("Đọc lại tệp", self.on_reload),
            "workbook.locked": ("Thử lại", self._try_again),
        }

    def _try_again(self) -> None:
        """The file was closed in the other program: do what could not be done."""
        if self._step == PREVIEW:
            self._import()
        elif self._step == COLUMNS:
            self._reread()
        elif self._tried is not None:
            self.read(self._tried)

    def _import_other_commune(self) -> None:
        self.people.is_other_commune = True
        self._compare()

    # -- steps ---------------------------------------------------------------------------------------------------

    def _show_step(self, step: int) -> None:
        self._step = step
        self.stepper.set_current(step)
        if step == CHOOSE:
            self._show_chooser()
        elif step == COLUMNS and self._book is not None and self.forms.year not in (0, self._offered):
            self._show_columns(self._book)
        shown = (self.chooser, self.columns, self.scores if self._outcome is not None else self.preview, self.done)
        for view in self._views:
            view.setVisible(view is shown[step])
        self._show_buttons()
        self._focus_step()
        self.scroll_to_top()

    def _show_buttons(self) -> None:
        words, is_possible = next_words(self._step, self._book, self._outcome, self.plan)
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

    def _focus_step(self) -> None:
        reason = Qt.FocusReason.OtherFocusReason
        if self._step == CHOOSE and self.chooser.empty.button is not None:
            self.chooser.empty.button.setFocus(reason)
        elif self._step == COLUMNS:
            self.columns.focus_first()
        elif self._step == PREVIEW:
            (self.scores.front if self._outcome is not None else self.preview.front).setFocus(reason)
        else:
            self.next_button.setFocus(reason)
