"""Nhật ký: what was done, by whom and when, what it changed field by field, and taking it back.

Invariant: nothing is taken back without being asked about; where it cannot be, the reason is said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from PySide6.QtGui import QAction

from desktop_app.models.records import HistoryFilter, OperationRecord
from desktop_app.models.types import UndoClass
from desktop_app.services.errors import AppError
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import texts
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.journal.changes_view import ChangesView
from desktop_app.ui.journal.filters import KINDS, stretches
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.history_part import state_chip, when_text
from desktop_app.ui.registry.list_page import ListPage
from desktop_app.ui.widgets.basics import Button, QuietButton
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.painting import ChipData
from desktop_app.ui.widgets.search import FilterChip

SCOPE = "Nhật ký"
ROWS = "Số dòng của sổ được thêm hoặc sửa"
MANY = 500
"""A deed of more changed rows is taken back in a worker, with its progress shown."""
_CLASSES = {
    UndoClass.UNDOABLE: ChipData("Hoàn tác được", "accent", "undo-2"),
    UndoClass.WITHDRAWN: ChipData("Rút lại được", "accent", "undo-2"),
    UndoClass.VOIDED_ONLY: ChipData("Không hoàn tác", "neutral", "lock"),
}


def who_words(operation: OperationRecord) -> str:
    """Who did it; where nobody had chosen a name yet, on which machine, else that the program did."""
    return operation.user or (f"Máy {operation.device_name}" if operation.device_name else "Chương trình")


class _Row:
    """An operation with the name that lists ask for."""

    def __init__(self, operation: OperationRecord) -> None:
        self.operation = operation
        self.uid = operation.id
        self.sentence = operation.sentence
        self.user = who_words(operation)
        self.device_name = operation.device_name
        self.changes = operation.changes


class _Rows:
    """A PageSource of rows over the service's list of operations."""

    def __init__(self, found: Any) -> None:
        self._found = found

    def count(self) -> int:
        return int(self._found.count())

    def rows(self, offset: int, limit: int) -> Sequence[_Row]:
        return [_Row(operation) for operation in self._found.rows(offset, limit)]

    def sorted(self, column: str, *, descending: bool = False) -> _Rows:
        return self

    def position(self, uid: str) -> int | None:
        found: int | None = self._found.position(uid)
        return found


class JournalPage(ListPage):
    """The list of deeds."""

    title_text = SCOPE
    help_topic = "nhat_ky"
    table = "journal"
    one = "việc"
    unit = "việc"
    searches_itself = False
    ACTIONS = (
        ActionSpec("journal.undo", "Hoàn tác việc đang chọn", "Ctrl+Shift+Z", "undo-2", SCOPE),
        ActionSpec("journal.panel", "Sang bảng bên hoặc về danh sách", "F6", "", SCOPE),
    )
    columns = (
        Column("at", "Lúc", 122, "quiet", lambda row: when_text(row.operation.at), is_sortable=False),
        Column("sentence", "Việc đã làm", 280, "text", stretch=3, is_sortable=False),
        Column("user", "Người làm", 116, stretch=1, is_sortable=False),
        Column("device_name", "Máy", 120, is_sortable=False, is_hidden=True),
        Column("changes", "Thay đổi", 84, "number", is_sortable=False, is_hidden=True, tip=ROWS),
        Column("state", "", 132, "chip", lambda row: state_chip(row.operation), is_sortable=False, gives_way=1),
    )

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._record: OperationRecord | None = None
        self.changes: ChangesView | None = None
        self.bind("journal.undo", self.on_undo)
        self.bind("journal.panel", self.switch_half)

    # -- the list ----------------------------------------------------------------------------------------------

    def make_filters(self) -> Sequence[FilterChip]:
        self.user_chip = self.add_choice("Người làm", [choices.ALL])
        self.kind_chip = self.add_choice("Loại việc", [choices.ALL, *KINDS])
        self.when_chip = self.add_choice("Thời gian", [choices.ALL, *stretches(datetime.now().astimezone())])
        self.undone_chip = self.add_switch("Đã hoàn tác", "neutral", "undo-2")
        return (self.user_chip, self.kind_chip, self.when_chip, self.undone_chip)

    def read_filters(self) -> None:
        from desktop_app.services.registry.users import list_users

        self.user_chip.set_choices([choices.ALL, *((user.uid, user.name) for user in list_users(self.context))])

    def empty_state(self) -> EmptyState:
        return EmptyState("history", "Chưa có việc nào được ghi. Mọi việc làm trong sổ sẽ hiện ở đây.")

    def asked(self) -> HistoryFilter:
        """The chips as the service's filter."""
        kinds, when = self.kind_chip.value, self.when_chip.value
        since, until = when if isinstance(when, tuple) else (None, None)
        return HistoryFilter(
            kinds=kinds if isinstance(kinds, tuple) else (),
            user=str(self.user_chip.value) or None,
            since=since.astimezone(UTC) if since is not None else None,
            until=until.astimezone(UTC) if until is not None else None,
            is_undone=True if self.undone_chip.isChecked() else None,
        )

    def source(self) -> Any:
        from desktop_app.services.history import operation_list

        return _Rows(operation_list(self.context, self.asked()))

    def whole_count(self) -> int:
        from desktop_app.services.history import operation_list

        return operation_list(self.context).count()

    def menu_actions(self) -> Sequence[QAction]:
        return [self.action("journal.undo")]

    def open_link(self, page_key: str, uid: str) -> None:
        if page_key == "journal":
            self.open_target(uid)
        else:
            super().open_link(page_key, uid)

    # -- one deed ----------------------------------------------------------------------------------------------

    def read(self, uid: str) -> OperationRecord | None:
        from desktop_app.services.history import find_operation

        return find_operation(self.context, uid)

    def show_record(self, record: OperationRecord | None) -> None:
        panel = self.panel
        self._record = record
        if record is None:
            panel.set_title("Không có trong nhật ký")
            panel.add_text("Nhật ký của máy này không có việc đó.", "quiet")
            return
        state = state_chip(record)
        panel.set_title(record.sentence, state if state is not None else _CLASSES[record.undo_class])
        panel.add_text_fact("Lúc", f"{record.at.astimezone():%d/%m/%Y %H:%M:%S}")
        panel.add_text_fact("Người làm", record.user or "chưa chọn tên; do chương trình ghi")
        place = record.device_name or "máy khác"
        panel.add_text_fact("Trên máy", f"{place} (máy này)" if record.is_mine else place)
        if record.undone_by is not None:
            panel.add_link("Đã hoàn tác", "xem việc hoàn tác", "journal", record.undone_by)
        if record.undoes is not None:
            panel.add_link("Hoàn tác", "xem việc trước đó", "journal", record.undoes)
        panel.add_heading("Thay đổi")
        if record.changes:
            read = partial(_page_of_changes, self.context, record.id)
            self.changes = panel.add(ChangesView(panel, record.changes, read))
        else:
            panel.add_text(_NO_CHANGES.get(record.kind, "Việc này không đổi dữ liệu nào của sổ."), "quiet")
        panel.set_buttons(*self._undo_buttons(record))

    def _undo_buttons(self, record: OperationRecord) -> Sequence[Button]:
        if record.undone_by is not None or record.is_waiting or record.undo_class is UndoClass.VOIDED_ONLY:
            return ()
        words = "Rút lại gói" if record.undo_class is UndoClass.WITHDRAWN else "Hoàn tác"
        made = QuietButton(words, icon="undo-2")
        made.setToolTip(f"{words} (Ctrl+Shift+Z)")
        made.clicked.connect(lambda _checked=False: self.on_undo())
        return (made,)

    # -- taking back -------------------------------------------------------------------------------------------

    def on_undo(self) -> None:
        """Ask, with what would follow, or say why it cannot be."""
        from desktop_app.services.history import why_not_undo

        if self._record is None or self._record.id != self.current_uid:
            self.load_record()
        record = self._record
        if record is None or record.id != self.current_uid:
            return
        self.pair.show_panel()
        if self.shell is not None and record.changes > MANY:
            self.shell.tasks.run(
                lambda progress: why_not_undo(self.context, record.id, progress=progress),
                partial(self._ask_undo, record),
                title="Đang xem có hoàn tác được không",
            )
        else:
            self._ask_undo(record, why_not_undo(self.context, record.id))

    def _ask_undo(self, record: OperationRecord, reason: str | None) -> None:
        if record.id != self.current_uid:
            return
        if reason is not None:
            self.ask_bar.ask(reason, Answer("Đã hiểu", self.focus_list))
            return
        if record.undo_class is UndoClass.WITHDRAWN:
            sentence = "Rút lại gói này? Các việc trong gói trở về chờ; nhận lại gói thì chúng được áp dụng lại."
            yes = "Rút lại gói"
        else:
            rows = f" {number_text(record.changes)} dòng của sổ trở về như trước." if record.changes > 1 else ""
            sentence, yes = f"Hoàn tác “{record.sentence}”?{rows}", "Hoàn tác"
        self.ask_bar.ask(
            sentence, Answer(yes, partial(self._undo, record), "danger"), Answer("Giữ nguyên", self.focus_list)
        )

    def _undo(self, record: OperationRecord) -> None:
        from desktop_app.services.history import undo

        is_great = record.changes > MANY or record.undo_class is UndoClass.WITHDRAWN
        if self.shell is not None and is_great:
            self.shell.tasks.run(
                lambda progress: undo(self.context, record.id, progress=progress),
                lambda _done: self._on_undone(record),
                self._on_refused,
                title="Đang hoàn tác",
                on_cancelled=lambda: self.ask_bar.ask(texts.UNDO_STOPPED, Answer("Đã hiểu", self.focus_list)),
            )
            return
        try:
            undo(self.context, record.id)
        except AppError as error:
            self._on_refused(error)
        else:
            self._on_undone(record)

    def _on_undone(self, record: OperationRecord) -> None:
        if self.shell is not None:
            self.shell.announce_change()
        if self.shell is None or self.is_stale:
            self.is_stale = False
            self.refresh()
        self.want(record.id)
        self.focus_list()
        if self.shell is not None:
            self.shell.saved(datetime.now())
            self.shell.notify(f"Đã hoàn tác: {record.sentence}.")

    def _on_refused(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error
        self.ask_bar.ask(error.message, Answer("Đã hiểu", self.focus_list))


_NO_CHANGES = {
    "citizen.reveal": "Chỉ xem số, không đổi gì.",
    "person.export": "Chỉ xuất ra, không đổi gì.",
    "backup.create": "Chỉ chép sổ ra bản sao lưu.",
    "merge.package": "Các thay đổi nhận về là những việc của máy kia, đứng ngay dưới việc này.",
}


def _page_of_changes(context: Any, uid: str, offset: int, limit: int) -> Sequence[Any]:
    from desktop_app.services.history import operation_changes

    return operation_changes(context, uid, limit, offset)
