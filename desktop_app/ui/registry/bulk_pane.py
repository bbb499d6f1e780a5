"""One change for many rows of a list, in the panel's place: what to change, what would come of it, then do it.

Invariants: nothing is written before the preview was shown; it is one deed, so Ctrl+Z takes it back whole; the rows are
those chosen in the list, or the whole list as it is narrowed where only one is chosen, and the pane says which; rows
are read, judged and changed in a worker, for there may be 100,000.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame
from shiboken6 import isValid

from desktop_app.services.errors import AppError
from desktop_app.services.progress import Progress
from desktop_app.services.registry.words import GROUP
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.edit_page import EditPage
from desktop_app.ui.registry.person_deed_forms import day_field
from desktop_app.ui.registry.record_panel import let_scroll
from desktop_app.ui.registry.row_list import RowItem, RowList
from desktop_app.ui.widgets.basics import PrimaryButton, QuietButton, label
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import Field, FormSpec, Unchosen
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, vbox
from desktop_app.ui.widgets.painting import ChipData

if TYPE_CHECKING:
    from desktop_app.services.moves.bulk import BulkChange, BulkPreview, BulkRow
    from desktop_app.ui.tasks import Task, TaskRunner

REST_MS = 120
_NO_BRANCH = "none"
PROPOSED = "proposed"
"""``services.moves.bulk.PROPOSED``; that module is loaded with the first preview."""
_FIELDS = {"hamlet": ("hamlet", "on"), "branch": ("branch",), "group": ("group",)}


@dataclass(frozen=True)
class ChosenRows:
    """Which rows of a list are meant.

    Attributes:
        source: the list as it is shown.
        spans: first and last chosen row of each piece; None for all of the list.
        words: how to say which.
    """

    source: Any
    spans: tuple[tuple[int, int], ...] | None
    words: str

    def uids(self) -> tuple[str, ...]:
        """Of the rows in their order; reads the keys of the whole list."""
        found = self.source.uids()
        if self.spans is None:
            return tuple(found)
        return tuple(uid for first, last in self.spans for uid in found[first : last + 1])


class BulkPane(QFrame):
    """The pane.

    Args:
        table: of the rows: citizen or household.
        tasks: runs the work.

    Signals:
        applied(str): it was done; the words to say.
        closed: it is done with.
        failed(object): a service refused; the page says it.
        previewed: what would come of it is shown, or that nothing is asked for yet.
    """

    applied = Signal(str)
    closed = Signal()
    failed = Signal(object)
    previewed = Signal()

    def __init__(self, context: Any, table: str, tasks: TaskRunner) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.context, self.table, self._tasks = context, table, tasks
        self.chosen: ChosenRows | None = None
        self._looking: Task | None = None
        self._is_applying = False
        self.preview: BulkPreview | None = None
        column = vbox(self, margins=(18, 16, 18, 16), spacing=8)
        self.title_label = label("Đổi cho nhiều dòng", "title", wrap=True)
        self.who_label = label("", "help", wrap=True)
        column.addWidget(self.title_label)
        column.addWidget(self.who_label)
        body = QFrame()
        inner = vbox(body, spacing=12)
        self.form = FormView(self._spec(), {"what": "hamlet"})
        inner.addWidget(self.form)
        self.count_label = label("", "strong", wrap=True)
        inner.addWidget(self.count_label)
        self.rows = RowList("Từng dòng sẽ ra sao")
        inner.addWidget(self.rows)
        inner.addStretch(1)
        scroll = ScrollBody(body)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        let_scroll(scroll)
        column.addWidget(scroll, 1)
        self.apply_button = PrimaryButton("Đổi", key="Enter")
        self.close_button = QuietButton("Thôi")
        self.apply_button.clicked.connect(lambda _checked=False: self.apply())
        self.close_button.clicked.connect(lambda _checked=False: self.closed.emit())
        column.addWidget(FlowRow(self.apply_button, self.close_button))
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.show_preview)
        self.form.changed.connect(self._on_changed)
        self.form.submitted.connect(self._on_submitted)
        self._show_fields()

    def _spec(self) -> FormSpec:
        whats = [("hamlet", "Thôn, tổ của hộ"), ("branch", "Chi hội khuyến học"), ("group", "Nhóm đối tượng")]
        branches = [(_NO_BRANCH, "Không thuộc chi hội nào"), *choices.branches(self.context)]
        groups = ((PROPOSED, "Theo tuổi và nghề, cho ai chưa chọn"), *((g.value, text) for g, text in GROUP.items()))
        hamlets = tuple(choices.hamlets(self.context))
        return FormSpec(
            (
                Field("what", "Đổi điều gì", "choice", is_required=True, choices=tuple(whats)),
                Field("hamlet", "Sang thôn, tổ", "choice", choices=hamlets, width=320),
                day_field("Chuyển từ ngày"),
                Field("branch", "Vào chi hội", "choice", choices=tuple(branches), width=400),
                Field("group", "Sang nhóm", "choice", choices=groups, width=400),
            )
        )

    def set_rows(self, chosen: ChosenRows) -> None:
        """Whom it is about; what would come of it follows when the choosing rests."""
        self.chosen = chosen
        self.who_label.setText(chosen.words)
        self.apply_button.setEnabled(False)
        self._rest.start()

    def change(self) -> BulkChange | None:
        """The change that is asked for; None while something of it is missing."""
        from desktop_app.services.moves.bulk import BulkChange, BulkField

        raw = self.form.raw()
        what = str(raw["what"] or "")
        value = raw.get(what)
        if what not in _FIELDS or not value or isinstance(value, Unchosen):
            return None
        day = raw["on"] if what == "hamlet" else None
        return BulkChange(BulkField(what), self.table, None if value == _NO_BRANCH else str(value), day)

    def show_preview(self) -> None:
        """Work out what would come of it; nothing is written."""
        from desktop_app.services.moves import bulk

        self._rest.stop()
        if self._looking is not None:
            self._looking.cancel()
        self._looking = None
        change, chosen = self.change(), self.chosen
        if self._is_applying or change is None or chosen is None:
            self._show(None)
            self.previewed.emit()
            return

        def look(progress: Progress) -> BulkPreview:
            progress.step(0)
            return bulk.preview(self.context, change, chosen.uids(), progress=progress)

        self.apply_button.setEnabled(False)
        self._looking = self._run(look, self._on_looked, "Đang xem từng dòng")

    def _on_looked(self, found: BulkPreview) -> None:
        self._show(found)
        self.previewed.emit()

    def apply(self) -> None:
        """Do it, if the preview says that something would change."""
        from desktop_app.services.moves import bulk

        if self._rest.isActive():
            self.show_preview()
            return
        change, chosen = self.change(), self.chosen
        if self._is_applying or change is None or chosen is None or self.preview is None or not self.preview.can_apply:
            return

        def write(progress: Progress) -> BulkPreview:
            return bulk.apply(self.context, change, chosen.uids(), progress=progress)

        self._is_applying = True
        self.apply_button.setEnabled(False)
        self._run(write, self._on_applied, "Đang đổi", is_writing=True)

    def _on_applied(self, done: BulkPreview) -> None:
        self._is_applying = False
        if not done.can_apply:
            self._show(done)
            return
        left = f"; {number_text(done.refused)} {done.unit} không đổi được" if done.refused else ""
        self.applied.emit(f"Đã đổi {number_text(done.changed)} {done.unit}{left}.")

    def _run(
        self,
        work: Callable[[Progress], BulkPreview],
        then: Callable[[BulkPreview], None],
        title: str,
        *,
        is_writing: bool = False,
    ) -> Task:
        """Do it in a worker; what an earlier question gives, or comes after the pane is gone, is dropped."""
        task: Task | None = None

        def counts() -> bool:
            return isValid(self) and (is_writing or self._looking is task)

        def end(result: BulkPreview) -> None:
            if counts():
                then(result)

        def fail(error: Exception) -> None:
            if counts():
                self._is_applying = False
                self.apply_button.setEnabled(self.preview is not None and self.preview.can_apply)
                self.failed.emit(as_app_error(error))

        def stopped() -> None:
            if counts() and is_writing:
                self._is_applying = False
                self.count_label.setText("Đã dừng; chưa đổi gì, sổ vẫn như cũ.")
                self.apply_button.setEnabled(self.preview is not None and self.preview.can_apply)
                self.apply_button.setFocus(Qt.FocusReason.OtherFocusReason)

        task = self._tasks.run(work, end, fail, title=title, on_cancelled=stopped, shows_dialog=is_writing)
        return task

    def _on_submitted(self) -> None:
        """Enter in the last field shows what would come of it; Enter on the button does it."""
        self.previewed.connect(self._go_to_button, Qt.ConnectionType.SingleShotConnection)
        self.show_preview()

    def _go_to_button(self) -> None:
        if self.apply_button.isEnabled():
            self.apply_button.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _on_changed(self, key: str) -> None:
        if key == "what":
            self._show_fields()
        self._rest.start()

    def _show_fields(self) -> None:
        shown = _FIELDS.get(str(self.form.raw()["what"] or ""), ())
        for key in ("hamlet", "on", "branch", "group"):
            self.form.set_shown(key, key in shown)

    def _show(self, found: BulkPreview | None) -> None:
        self.preview = found
        self.apply_button.setEnabled(found is not None and found.can_apply)
        words = f"Đổi {number_text(found.changed)} {found.unit}" if found is not None and found.changed else "Đổi"
        self.apply_button.setText(words)
        self.apply_button.setAccessibleName(words)
        self.count_label.setVisible(found is not None)
        self.rows.setVisible(found is not None and bool(found.rows))
        for key in ("hamlet", "on"):
            self.form.field(key).show_message("")
        if found is None:
            return
        for issue in found.issues:
            self.form.field(issue.field).show_message(issue.message)
        self.count_label.setText(count_words(found))
        self.rows.set_items([_row(row, found.after) for row in found.rows])


def count_words(found: BulkPreview) -> str:
    """ "Sẽ đổi 10 hộ; 1 hộ đã đúng; 2 hộ không đổi được."."""
    parts = [f"Sẽ đổi {number_text(found.changed)} {found.unit}"]
    if found.unchanged:
        parts.append(f"{number_text(found.unchanged)} {found.unit} đã đúng")
    if found.refused:
        parts.append(f"{number_text(found.refused)} {found.unit} không đổi được")
    return "; ".join(parts) + "."


def _row(row: BulkRow, after: str) -> RowItem:
    if row.reason:
        return RowItem(row.uid, row.name, row.reason, ChipData("Không đổi", "attention", "triangle-alert"))
    if row.outcome == "unchanged":
        return RowItem(row.uid, row.name, row.before, ChipData("Đã đúng", "neutral", "minus"))
    return RowItem(
        row.uid, row.name, f"{row.before or 'chưa có'} → {row.after or after}", ChipData("Sẽ đổi", "passed", "check")
    )


def open_bulk(page: EditPage, announces: tuple[str, ...], made: list[BulkPane]) -> None:
    """Put a new pane for the chosen rows in the panel's place; ``made`` holds the one before it."""
    if not page.may_leave_form(partial(open_bulk, page, announces, made)):
        return
    for old in made:
        page.side.removeWidget(old)
        old.deleteLater()
    assert page.shell is not None
    pane = BulkPane(page.context, page.table, page.shell.tasks)
    made[:] = [pane]
    page.side.addWidget(pane)

    def follow() -> None:
        if page.side.currentWidget() is pane:
            pane.set_rows(_chosen(page))

    def close() -> None:
        page.side.setCurrentWidget(page.panel)
        page.load_record()
        page.focus_list()

    def done(said: str) -> None:
        page.side.setCurrentWidget(page.panel)
        if page.shell is not None:
            page.shell.announce_behind(*announces)
        page.show_again(said)
        page.focus_list()

    def fail(error: AppError) -> None:
        page.ask_bar.ask(error.message, Answer("Đã hiểu", pane.setFocus))

    pane.closed.connect(close)
    pane.applied.connect(done)
    pane.failed.connect(fail)
    page.list.view.selectionModel().selectionChanged.connect(lambda *_: follow())
    page.ask_bar.hide()
    page.side.setCurrentWidget(pane)
    page.pair.set_has_panel(True)
    page.pair.show_panel()
    pane.set_rows(_chosen(page))
    pane.form.focus_first()


def _chosen(page: EditPage) -> ChosenRows:
    """The chosen rows, or all of the list as it is narrowed."""
    paged = page.list.paged
    assert paged is not None
    spans = sorted((span.top(), span.bottom()) for span in page.list.view.selectionModel().selection().toList())
    count = sum(last - first + 1 for first, last in spans)
    if count > 1:
        words = f"{number_text(count)} {page.unit} đang chọn trong danh sách."
        return ChosenRows(paged.source, tuple(spans), words)
    how = "Chỉ một số dòng thì chọn bằng Shift+mũi tên hoặc Ctrl+bấm."
    words = f"Cả danh sách đang hiện: {number_text(paged.rowCount())} {page.unit}. {how}"
    return ChosenRows(paged.source, None, words)
