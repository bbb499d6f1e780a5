"""A form in the side panel: what is wrong stands beside its field, doubts can be kept, what was typed is never lost.

Invariants: one engine judges every field (the service's own check); a form with changes is closed only by saving it
or by the answer "Bỏ thay đổi", never by Esc, by another row or by leaving the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget
from shiboken6 import isValid

from desktop_app.models.records import Issue, SaveResult
from desktop_app.ui import theme
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.registry.record_panel import let_scroll
from desktop_app.ui.widgets.basics import PrimaryButton, QuietButton, label, repolish
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import FormSpec, Unchosen
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, vbox

if TYPE_CHECKING:
    from desktop_app.ui.tasks import TaskRunner

Values = Mapping[str, Any]
SHORT = 400
"""A pane lower than this has no room for a head that stays."""
SETTLE_MS = 20
"""Messages beside fields move the fields below them; after so long they stand still."""


@dataclass(frozen=True)
class FormTask:
    """One thing to be typed.

    Args:
        title: "Sửa Nguyễn Thị Lan", "Thêm công dân".
        spec: the questions.
        values: what the fields hold at first.
        save: writes what was typed; gets the changed fields only, for a new record all that are filled.
        check: finds the same errors and doubts without writing; None for forms whose own rules suffice.
        on_saved: called after writing with the service's result and what was typed.
        is_new: nothing is stored yet: every field is given to ``save``.
        can_repeat: offers "Cất và thêm nữa".
        note: a quiet sentence below the title.
        save_text: words of the primary button.
        work_text: what a long deed is called while it runs in a worker ("Đang nhập thôn"); "" for what is done at once.
    """

    title: str
    spec: FormSpec
    values: Values
    save: Callable[[Values], SaveResult]
    on_saved: Callable[[SaveResult, Values], object]
    check: Callable[[Values], SaveResult] | None = None
    is_new: bool = False
    can_repeat: bool = False
    note: str = ""
    save_text: str = "Cất"
    work_text: str = ""
    previous: Values = field(default_factory=dict)


class FormPane(QFrame):
    """Shows a FormTask.

    Signals:
        closed: the form is done with, saved or given up.
        repeat_wanted: it was saved and another one like it is wanted.
        discard_asked: Esc or "Hoãn" with changes: the page asks.
        failed(object): a service raised; the page says it.
    """

    closed = Signal()
    repeat_wanted = Signal()
    discard_asked = Signal()
    failed = Signal(object)

    def __init__(self, tasks: TaskRunner | None = None) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._tasks = tasks
        self._is_working = False
        column = vbox(self, spacing=0)
        self._column = column
        self._head = QWidget()
        head = vbox(self._head, margins=(0, 0, 0, 4), spacing=4)
        self.title_label = label("", "title", wrap=True)
        self.note_label = label("", "help", wrap=True)
        head.addWidget(self.title_label)
        head.addWidget(self.note_label)
        self._stays = vbox(margins=(18, 16, 18, 4), spacing=0)
        self._stays.addWidget(self._head)
        column.addLayout(self._stays)
        self._holder = QFrame()
        self._body = vbox(self._holder, margins=(18, 4, 18, 16), spacing=12)
        self._scroll = ScrollBody(self._holder)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        let_scroll(self._scroll)
        column.addWidget(self._scroll, 1)
        self._add_buttons(column)
        self.task: FormTask | None = None
        self.form: FormView | None = None
        self._accepted: dict[str, Any] | None = None

    def _add_buttons(self, column: Any) -> None:
        foot = vbox(margins=(18, 8, 18, 16), spacing=8)
        self._message = QWidget()
        line = hbox(self._message, spacing=8)
        self._icon = IconView("circle-alert", 18, "failed")
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._words = label("", "error", wrap=True)
        line.addWidget(self._words, 1)
        self._message.hide()
        foot.addWidget(self._message)
        self.save_button = PrimaryButton("Cất", key="Ctrl+S")
        self.repeat_button = QuietButton("Cất, thêm nữa")
        self.revert_button = QuietButton("Hoãn")
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        self.repeat_button.clicked.connect(lambda _checked=False: self.save(repeat=True))
        self.revert_button.clicked.connect(lambda _checked=False: self.leave())
        foot.addWidget(FlowRow(self.save_button, self.repeat_button, self.revert_button))
        column.addLayout(foot)

    @property
    def is_open(self) -> bool:
        return self.task is not None

    @property
    def is_working(self) -> bool:
        """Is what was typed being written now?"""
        return self._is_working

    @property
    def is_changed(self) -> bool:
        """Does it hold something that is not stored?"""
        return self.form is not None and self.form.is_changed

    @property
    def message(self) -> str:
        """The sentence above the buttons, empty when there is none."""
        return "" if self._message.isHidden() else self._words.text()

    def open(self, task: FormTask) -> None:
        """Show a form; the one before must be closed."""
        self._drop_form()
        self.task = task
        self.title_label.setText(task.title)
        self.setAccessibleName(task.title)
        self.note_label.setText(task.note)
        self.note_label.setVisible(bool(task.note))
        self.save_button.setText(task.save_text)
        self.save_button.setAccessibleName(task.save_text)
        self.repeat_button.setVisible(task.can_repeat)
        self.save_button.set_compactness(1 if task.can_repeat else 0)
        self.form = FormView(task.spec, task.values)
        if task.previous:
            self.form.set_previous(task.previous)
        self.form.submitted.connect(self.save)
        self.form.changed.connect(self._on_changed)
        for one in task.spec.fields:
            self.form.field(one.key).editor.left.connect(lambda key=one.key: self._on_left(key))
        self._body.addWidget(self.form)
        self._accepted = None
        self._say("")
        self.form.focus_first()

    def save(self, *, repeat: bool = False) -> bool:
        """Check, show what was found, write when nothing blocks; doubts are shown once and kept by saving again."""
        task, form = self.task, self.form
        if task is None or form is None or self._is_working:
            return False
        if not task.is_new and not form.is_changed:
            self.close_form()
            return True
        form.settle()
        values = self._values()
        if not self._is_readable(task, form):
            return False
        try:
            if task.check is not None and form.raw() != self._accepted:
                found = task.check(values)
                if found.errors or found.warnings:
                    self._show(found)
                    self._accepted = None if found.errors else form.raw()
                    return False
            if task.work_text and self._tasks is not None:
                self._work(task, values, self._tasks, repeat=repeat)
                return False
            result = task.save(values)
        except Exception as error:  # the page turns it into words or hands it on
            self.failed.emit(error)
            return False
        return self._end(task, values, result, repeat=repeat)

    def _work(self, task: FormTask, values: Values, tasks: TaskRunner, *, repeat: bool) -> None:
        """Write in a worker; the form waits and is neither typed in nor closed meanwhile."""

        def settle() -> bool:
            if not isValid(self):
                return False
            self._is_working = False
            self._holder.setEnabled(True)
            self.save_button.setEnabled(True)
            return self.task is task

        def done(result: SaveResult) -> None:
            if settle():
                self._end(task, values, result, repeat=repeat)

        def fail(error: Exception) -> None:
            if settle():
                self.failed.emit(as_app_error(error))

        self._is_working = True
        self._holder.setEnabled(False)
        self.save_button.setEnabled(False)
        tasks.run(lambda _progress: task.save(values), done, fail, title=task.work_text, can_cancel=False)

    def _end(self, task: FormTask, values: Values, result: SaveResult, *, repeat: bool) -> bool:
        if not result.is_saved:
            self._show(result)
            return False
        self.close_form()
        task.on_saved(result, values)
        if repeat:
            self.repeat_wanted.emit()
        return True

    def _is_readable(self, task: FormTask, form: FormView) -> bool:
        """The form's own rules: words that choose nothing, and all rules of a form that no service checks."""
        raw, errors = form.raw(), form.read().errors
        mine = {key: text for key, text in errors.items() if task.check is None or isinstance(raw[key], Unchosen)}
        if mine:
            self._show(SaveResult(None, tuple(Issue(key, "form", text) for key, text in mine.items())))
        return not mine

    def leave(self) -> None:
        """Esc, "Hoãn": close what holds no changes, else have the page ask."""
        if self._is_working:
            return
        if self.is_changed:
            self.discard_asked.emit()
        else:
            self.close_form()

    def close_form(self) -> None:
        """Put the form away as it is."""
        if self.task is not None:
            self._drop_form()
            self.task = None
            self.closed.emit()

    def resume(self) -> None:
        """Back into the form, to where the work was."""
        if self.form is not None:
            if self.form.last_focused:
                self.form.focus_field(self.form.last_focused)
            else:
                self.form.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where height is short the head scrolls with the fields instead of standing over a slit."""
        super().resizeEvent(event)
        is_short = self.height() < theme.px(SHORT)
        if is_short == (self._body.indexOf(self._head) >= 0):
            return
        (self._stays if is_short else self._body).removeWidget(self._head)
        if is_short:
            self._body.insertWidget(0, self._head)
        else:
            self._stays.addWidget(self._head)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _drop_form(self) -> None:
        if self.form is not None:
            self._body.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _values(self) -> dict[str, Any]:
        """What the service gets: typed texts and chosen values; of a stored record those that were changed."""
        form, task = self.form, self.task
        assert form is not None and task is not None
        found = {key: value for key, value in form.raw().items() if not isinstance(value, Unchosen)}
        if not task.is_new:
            return {key: value for key, value in found.items() if form.is_field_changed(key)}
        if task.check is None:
            return found
        return {key: value for key, value in found.items() if value not in (None, "")}

    def _on_changed(self, key: str) -> None:
        if self._accepted is not None:
            self._accepted = None
            self._say("")

    def _on_left(self, key: str) -> None:
        """Leaving a field tells what the service thinks of it; an untouched one is left in peace."""
        task, form = self.task, self.form
        if task is None or form is None or task.check is None or not form.is_field_changed(key):
            return
        try:
            found = task.check(self._values())
        except Exception as error:
            self.failed.emit(error)
            return
        mine = found.of(key)
        if mine:
            form.field(key).show_message(mine[0].message, "error" if mine[0].is_error else "warning")

    def _show(self, found: SaveResult) -> None:
        """Every finding beside its field; what has no field of its own stands above them all."""
        assert self.form is not None and self.task is not None
        keys = {one.key for one in self.task.spec.fields}
        errors = _by_field(found.errors, keys)
        loose = [issue.message for issue in (*found.errors, *found.warnings) if issue.field not in keys]
        for key in keys:
            self.form.field(key).show_message("")
        self.form.set_warnings(_by_field(found.warnings, keys))
        self.form.set_errors(errors)
        if found.errors:
            count = len(found.errors)
            self._say(" ".join([f"Chưa cất: {count} mục cần sửa.", *loose]), "failed")
        else:
            count = len(found.warnings)
            self._say(" ".join([f"{count} điều nên xem lại; nếu đúng, bấm “Vẫn cất”.", *loose]), "attention")
            self.save_button.setText("Vẫn cất")
            self.save_button.setAccessibleName("Vẫn cất")
            first = next((key for key in _by_field(found.warnings, keys)), None)
            if first is not None:
                self.form.focus_field(first)
        QTimer.singleShot(SETTLE_MS, self, self._show_focus)

    def _show_focus(self) -> None:
        """Messages have moved the fields: bring the one with the focus into sight again."""
        key = self.form.last_focused if self.form is not None else ""
        if self.form is not None and key:
            field = self.form.field(key)
            self._scroll.ensureWidgetVisible(field, 0, theme.px(8))
            self._scroll.ensureWidgetVisible(field.editor.focus_widget(), 0, theme.px(8))

    def _say(self, text: str, tone: str = "failed") -> None:
        if text:
            self._words.setText(text)
            self._words.setProperty("role", "error" if tone == "failed" else "warning")
            repolish(self._words)
            self._icon.set_icon("circle-alert" if tone == "failed" else "triangle-alert", tone)
        elif self.task is not None:
            self.save_button.setText(self.task.save_text)
            self.save_button.setAccessibleName(self.task.save_text)
        self._message.setVisible(bool(text))


def _by_field(issues: tuple[Issue, ...], keys: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for issue in issues:
        if issue.field in keys:
            found.setdefault(issue.field, issue.message)
    return found
