"""Lists whose records are added, changed and removed in place: forms in the panel's room, questions below it.

Invariants: a form with changes survives every other deed on the page until it is saved or given up by its own answer;
whatever is written is one deed of the services, so Ctrl+Z and the journal can take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.errors import AppError
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.target import FormTarget
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.list_keeper import ListKeeper
from desktop_app.ui.registry.list_page import Callback, ListPage, noop
from desktop_app.ui.widgets.basics import Button, PrimaryButton, QuietButton
from desktop_app.ui.widgets.feedback import EmptyState

if TYPE_CHECKING:
    from desktop_app.models.records import SaveResult
    from desktop_app.ui.registry.chip_counts import ChipCounts
    from desktop_app.ui.registry.form_pane import FormPane, FormTask, Values


def list_actions(prefix: str, scope: str, one: str, *more: ActionSpec) -> tuple[ActionSpec, ...]:
    """The keys that every list of records has besides the standard ones."""
    return (
        ActionSpec(f"{prefix}.insert", f"Thêm {one}", "Ins", "plus", scope),
        ActionSpec(f"{prefix}.panel", "Sang bảng bên hoặc về danh sách", "F6", "", scope),
        ActionSpec(f"{prefix}.form", "Mở phiếu chấm", "Ctrl+P", "clipboard-check", scope),
        ActionSpec(f"{prefix}.export", "Xuất danh sách đang hiện ra Excel", "Ctrl+E", "file-down", scope),
        *more,
    )


def import_action(prefix: str, scope: str) -> ActionSpec:
    """The key of a list that comes from workbooks."""
    return ActionSpec(f"{prefix}.import", "Nhập khẩu từ bảng tính", "Ctrl+I", "file-up", scope)


def one_reason(reasons: Sequence[str]) -> str:
    """The first thing that stands in the way, and how many more there are: nobody reads a pile of them."""
    more = f" (Còn {len(reasons) - 1} lý do khác.)" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}"


class EditPage(ListPage):
    """A ListPage with forms. Subclasses also give ``edit_task``, ``add_task``, ``remove``, ``reasons_to_keep``.

    Attributes:
        prefix: of the page's own actions ("citizens" for "citizens.insert").
        last_added: what was typed for the record added last; F7 repeats it.
        model: the learning model of the records; None for records that are not assessed.
        can_open_form: whether the record in the panel is assessed at all; a child is not.
    """

    prefix = ""
    empty_icon = "users"
    model: LearningModel | None = None
    can_open_form = True

    def __init__(self, context: Any) -> None:
        self.last_added: Values = {}
        super().__init__(context)
        self.keeper = ListKeeper(self, self.list)
        for action_id, handler in (
            ("edit", self.on_edit),
            ("delete", self.on_delete),
            ("save", lambda: self.form_pane.save()),
            ("add", self.on_add),
            (f"{self.prefix}.insert", self.on_add),
            (f"{self.prefix}.panel", self.switch_half),
            (f"{self.prefix}.export", self.on_export),
        ):
            self.bind(action_id, handler)
        if self.model is not None:
            self.bind(f"{self.prefix}.form", self.open_form)
        self.add_button = self.button_for("add", text="Thêm", primary=True)
        self.set_header_buttons(*self.more_buttons(), self.add_button)

    @cached_property
    def counts(self) -> ChipCounts:
        """Counts the chips above the list."""
        from desktop_app.ui.registry.chip_counts import ChipCounts

        return ChipCounts(self)

    @cached_property
    def form_pane(self) -> FormPane:
        """Where forms are typed, in the panel's place; made when the first form is opened."""
        from desktop_app.ui.registry.form_pane import FormPane

        pane = FormPane(self.shell.tasks if self.shell is not None else None)
        self.side.addWidget(pane)
        pane.closed.connect(self._on_form_closed)
        pane.repeat_wanted.connect(self.on_add)
        pane.discard_asked.connect(lambda: self.ask_about_form(self.focus_list))
        pane.failed.connect(self._on_failed)
        return pane

    # -- what a screen says of itself --------------------------------------------------------------------------

    def edit_task(self, uid: str) -> FormTask:
        raise NotImplementedError

    def add_task(self) -> FormTask:
        raise NotImplementedError

    def remove(self, uid: str) -> None:
        raise NotImplementedError

    def reasons_to_keep(self, uid: str) -> Sequence[str]:
        """Sentences that stand against removing the record."""
        return ()

    def more_buttons(self) -> Sequence[QWidget]:
        """Buttons of the header before "Thêm"."""
        if not self.can_import:
            return ()
        return (self.button_for(f"{self.prefix}.import", self.open_import, text="Nhập khẩu"),)

    def empty_state(self) -> EmptyState:
        if self.can_import:
            sentence = f"Sổ chưa có {self.one} nào. Hãy nhập danh sách của xã từ bảng tính."
            made = EmptyState(self.empty_icon, sentence, "Nhập khẩu", key="Ctrl+I")
            made.activated.connect(self.open_import)
        else:
            made = EmptyState(self.empty_icon, f"Sổ chưa có {self.one} nào.", f"Thêm {self.one}", key="Ctrl+N")
            made.activated.connect(self.on_add)
        return made

    def menu_actions(self) -> Sequence[QAction]:
        names = [f"{self.prefix}.form"] if self.model is not None and self.can_open_form else []
        return [self.action(name) for name in (*names, "edit", "delete")]

    def output_actions(self) -> Sequence[QAction]:
        names = [f"{self.prefix}.import"] if self.can_import else []
        return (self.action(f"{self.prefix}.export"), *super().output_actions(), *map(self.action, names))

    def foot_buttons(self) -> Sequence[Button]:
        """The buttons below a record: its form, change, remove."""
        made: list[Button] = []
        if self.model is not None and self.can_open_form:
            form = PrimaryButton("Mở phiếu")
            form.setToolTip("Mở phiếu chấm (Ctrl+P)")
            form.clicked.connect(lambda _checked=False: self.open_form())
            made.append(form)
        for text, key, handler in (("Sửa", "F2", self.on_edit), ("Xóa", "F8", self.on_delete)):
            button = QuietButton(text, key=key)
            button.clicked.connect(lambda _checked=False, run=handler: run())
            made.append(button)
        return made

    @property
    def record_name(self) -> str:
        """The record in the panel as it stands inside a sentence."""
        return self.panel.title_label.text()

    # -- the list knows of the form ------------------------------------------------------------------------------

    @property
    def holds_form(self) -> bool:
        return "form_pane" in self.__dict__ and self.form_pane.is_open

    def _say_empty(self, count: int) -> None:
        """An empty register has its main deed in the middle of the screen, not a second one above."""
        super()._say_empty(count)
        self.add_button.set_primary(bool(count) or self.is_filtered or self._empty.button is None)

    def may_choose(self, uid: str) -> bool:
        return self.may_leave_form(partial(self.go_to, uid))

    def go_to(self, uid: str) -> None:
        """Turn to a record of the list."""
        self.choose_row(uid)
        self.want(uid)
        self.focus_list()

    def enter_panel(self) -> None:
        if self.holds_form:
            self.pair.show_panel()
            self.form_pane.resume()
        else:
            super().enter_panel()

    def on_escape(self) -> None:
        if self.holds_form and not self.ask_bar.isVisibleTo(self):
            self.form_pane.leave()
        else:
            super().on_escape()

    def open_link(self, page_key: str, uid: str) -> None:
        if self.may_leave_form(partial(self.open_link, page_key, uid)):
            super().open_link(page_key, uid)

    def open_form(self) -> None:
        """Open the assessment form of the current record."""
        if self.shell is not None and self.current_uid and self.model is not None:
            self.shell.open_page("assessment", FormTarget(self.model, self.current_uid))

    def open_import(self) -> None:
        """Bring in a list from a workbook."""
        if self.shell is not None:
            from desktop_app.ui.importing.wizard_page import ImportPage

            self.shell.push(ImportPage(self.context))

    # -- forms -------------------------------------------------------------------------------------------------

    def on_edit(self) -> None:
        if self.current_uid and not self.holds_form:
            with self.errors():
                self.open_task(self.edit_task(self.current_uid))

    def on_add(self) -> None:
        if self.may_leave_form(self.on_add):
            with self.errors():
                self.open_task(self.add_task())

    def open_task(self, task: FormTask) -> None:
        """Put a form in the panel's place and the focus into its first field."""
        self.ask_bar.hide()
        self.side.setCurrentWidget(self.form_pane)
        self.pair.set_has_panel(True)
        self.pair.show_panel()
        self.form_pane.open(task)

    def may_leave_form(self, then: Callback) -> bool:
        """True when no form holds changes; else the person is asked and ``then`` follows the answer.

        A form whose deed is being written is waited for.
        """
        if self.holds_form and self.form_pane.is_working:
            return False
        if self.holds_form and self.form_pane.is_changed:
            self.ask_about_form(then)
            return False
        if self.holds_form:
            self.form_pane.close_form()
        return True

    def ask_about_form(self, then: Callback) -> None:
        """What to do with what was typed, when something else is wanted."""
        task = self.form_pane.task
        assert task is not None

        def save() -> None:
            if self.form_pane.save():
                then()

        def discard() -> None:
            self.form_pane.close_form()
            then()

        self.pair.show_panel()
        self.ask_bar.ask(
            f"“{task.title}” có điều chưa cất; những gì đã gõ vẫn còn đó.",
            Answer("Cất", save, "primary"),
            Answer("Bỏ thay đổi", discard, "danger"),
            Answer("Làm tiếp", self.form_pane.resume),
        )

    def can_leave(self) -> bool:
        return self.may_leave_form(noop)

    def _on_form_closed(self) -> None:
        self.ask_bar.hide()
        self.side.setCurrentWidget(self.panel)
        self.load_record()
        self.settle_halves()
        self.focus_list()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error
        self.ask_bar.ask(error.message, Answer("Đã hiểu", self.form_pane.resume))

    # -- deeds -------------------------------------------------------------------------------------------------

    def after_save(self, said: str, result: SaveResult) -> None:
        """A record was written by a form: show it and say it."""
        self.current_uid = result.uid or self.current_uid
        self.show_again(said)

    def show_again(self, said: str, *, can_undo: bool = True) -> None:
        """Read list and record again, let the other screens know, and say what was done."""
        uid = self.current_uid
        if self.shell is not None:
            self.shell.announce_change(self.table)
        if self.shell is None or self.is_stale:
            self.is_stale = False
            self.refresh()
        if uid and uid != self.current_uid:
            self.want(uid)
            self.settle_halves()
        self._keep_focus()
        if self.shell is not None:
            self.shell.saved(datetime.now())
            self.shell.notify(said, can_undo=can_undo)

    def _keep_focus(self) -> None:
        """The button of an empty list goes with its first record, and the focus with it: bring it to the list."""
        focused = self.window().focusWidget()
        if self.isVisible() and (focused is None or not self.isAncestorOf(focused)):
            self.focus_list()

    def do(self, deed: Callable[[], Any], said: str, *, can_undo: bool = True) -> bool:
        """Carry out one deed of the services and show its outcome; False where it was refused."""
        from desktop_app.models.records import SaveResult

        try:
            result = deed()
        except (AppError, OSError) as found:
            error = as_app_error(found)
            self.ask_bar.ask(error.message, Answer("Đã hiểu", self.focus_list))
            return False
        if isinstance(result, SaveResult) and not result.is_saved:
            self.ask_bar.ask(" ".join(issue.message for issue in result.errors), Answer("Đã hiểu", self.focus_list))
            return False
        self.show_again(said, can_undo=can_undo)
        if isinstance(result, SaveResult) and result.warnings:
            self.ask_bar.say(" ".join(issue.message for issue in result.warnings), Answer("Đã hiểu", noop))
        return True

    def undo(self) -> bool:
        """While a form is open, Ctrl+Z is about what is typed, not about the deeds before it."""
        return self.holds_form

    def on_delete(self) -> None:
        if not self.current_uid or self.holds_form:
            return
        with self.errors():
            reasons = self.reasons_to_keep(self.current_uid)
            self.pair.show_panel()
            if reasons:
                self.refuse_delete(f"Chưa xóa được {self.record_name}. {one_reason(reasons)}")
                return
            self.ask_bar.ask(
                f"Xóa {self.record_name} khỏi sổ? Hoàn tác được bằng Ctrl+Z hoặc trong Nhật ký.",
                Answer("Xóa", self.about_current(self._delete), "danger"),
                Answer("Giữ lại", self.focus_list),
            )

    def about_current(self, deed: Callback) -> Callback:
        """The deed of an answer, unless another record came to the front since the question was asked."""
        uid = self.current_uid
        return lambda: deed() if self.current_uid == uid else self.focus_list()

    def refuse_delete(self, sentence: str) -> None:
        """Say why the record stays; a page may offer what can be done instead."""
        self.ask_bar.ask(sentence, Answer("Đã hiểu", self.focus_list))

    def delete_by(self, remove: Callable[[str], object], *, can_undo: bool = True) -> None:
        """Remove the current record and turn to its neighbour."""
        uid, name = self.current_uid, self.record_name
        paged, row = self.list.paged, self.list.view.currentIndex().row()
        assert paged is not None
        near = paged.row_at(row + 1) or paged.row_at(row - 1)
        self.current_uid = near.uid if near is not None else ""
        if self.do(partial(remove, uid), f"Đã xóa {name}.", can_undo=can_undo):
            self.focus_list()
        else:
            self.current_uid = uid

    def _delete(self) -> None:
        self.delete_by(self.remove)
