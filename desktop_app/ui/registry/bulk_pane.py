"""One change for many rows of a list, in the panel's place: what to change, what would come of it, then do it.

Invariants: nothing is written before the preview was shown; it is one deed, so Ctrl+Z takes it back whole; the rows are
those chosen in the list, or the whole list as it is narrowed where only one is chosen, and the pane says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from desktop_app.services.errors import AppError
from desktop_app.services.registry.words import GROUP
from desktop_app.services.vietnamese import number_text
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

REST_MS = 120
_NO_BRANCH = "none"
PROPOSED = "proposed"
"""``services.moves.bulk.PROPOSED``; that module is loaded with the first preview."""
_FIELDS = {"hamlet": ("hamlet", "on"), "branch": ("branch",), "group": ("group",)}


class BulkPane(QFrame):
    """The pane.

    Signals:
        applied(str): it was done; the words to say.
        closed: it is done with.
        failed(object): a service raised; the page says it.
    """

    applied = Signal(str)
    closed = Signal()
    failed = Signal(object)

    def __init__(self, context: Any, table: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.context, self.table = context, table
        self.uids: tuple[str, ...] = ()
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

    def set_rows(self, uids: Sequence[str], words: str) -> None:
        """Whom it is about.

        Args:
            uids: of the rows.
            words: "12 hộ đang chọn".
        """
        self.uids = tuple(uids)
        self.who_label.setText(words)
        self.show_preview()

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
        change = self.change()
        if change is None or not self.uids:
            self._show(None)
            return
        try:
            self._show(bulk.preview(self.context, change, self.uids))
        except AppError as error:
            self.failed.emit(error)

    def apply(self) -> None:
        """Do it, if the preview says that something would change."""
        from desktop_app.services.moves import bulk

        if self._rest.isActive():
            self.show_preview()
            return
        change = self.change()
        if change is None or self.preview is None or not self.preview.can_apply:
            return
        try:
            done = bulk.apply(self.context, change, self.uids)
        except AppError as error:
            self.failed.emit(error)
            return
        if not done.can_apply:
            self._show(done)
            return
        left = f"; {number_text(done.refused)} {done.unit} không đổi được" if done.refused else ""
        self.applied.emit(f"Đã đổi {number_text(done.changed)} {done.unit}{left}.")

    def _on_submitted(self) -> None:
        """Enter in the last field shows what would come of it; Enter on the button does it."""
        self.show_preview()
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
    pane = BulkPane(page.context, page.table)
    made[:] = [pane]
    page.side.addWidget(pane)

    def follow() -> None:
        if page.side.currentWidget() is pane:
            pane.set_rows(*_chosen(page))

    def close() -> None:
        page.side.setCurrentWidget(page.panel)
        page.load_record()
        page.focus_list()

    def done(said: str) -> None:
        page.side.setCurrentWidget(page.panel)
        if page.shell is not None:
            for table in announces:
                page.shell.announce_change(table)
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
    pane.set_rows(*_chosen(page))
    pane.form.focus_first()


def _chosen(page: EditPage) -> tuple[tuple[str, ...], str]:
    """The chosen rows, or all of the list as it is narrowed; and how to say which."""
    rows = page.list.view.selectionModel().selectedRows()
    if len(rows) > 1:
        uids = tuple(row.uid for row in page.list.selected() if row is not None)
        return uids, f"{number_text(len(uids))} {page.unit} đang chọn trong danh sách."
    source = page.source()
    uids = tuple(row.uid for row in source.rows(0, source.count()))
    how = "Chỉ một số dòng thì chọn bằng Shift+mũi tên hoặc Ctrl+bấm."
    return uids, f"Cả danh sách đang hiện: {number_text(len(uids))} {page.unit}. {how}"
