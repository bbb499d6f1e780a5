"""A form drawn from its FormSpec: one column, label above, help below, what is wrong beside the field in words.

Invariant: nothing typed is ever dropped; an answer that cannot be read stays in its field with its sentence.
Enter goes to the next field, Shift+Enter back, Enter in the last field submits; F4 opens a list, F7 repeats.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QDialog,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import label, repolish
from desktop_app.ui.widgets.editors import SearchEditor, field_label, make_editor
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.form_spec import Field, FormSpec, Reading, Unchosen, raw_of, read_field, read_form
from desktop_app.ui.widgets.layouts import hbox, rule, vbox

BESIDE_FROM = 620
"""From this width (at 100 %) messages stand beside their field, else below it."""


class FormField(QWidget):
    """A field with its label, help and message."""

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self.spec = spec
        self.editor = make_editor(spec)
        column = vbox(self, spacing=4)
        if spec.kind != "check":
            words = field_label(spec.label, is_required=spec.is_required)
            words.setBuddy(self.editor.focus_widget())
            column.addWidget(words)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        theme.remember_layout(self._row, (0, 0, 0, 0), 12)
        self._row.addWidget(self.editor, 3)
        self._message = QWidget()
        line = hbox(self._message, spacing=6)
        self._icon = IconView("circle-alert", 16, "failed")
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self.message_label = label("", "error", wrap=True)
        line.addWidget(self.message_label, 1)
        self._row.addWidget(self._message, 4)
        self._message.hide()
        self._keep_room(True)
        column.addLayout(self._row)
        if spec.help:
            column.addWidget(label(spec.help, "help", wrap=True))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)  # Fixed would cut wrapped words

    def show_message(self, text: str, tone: str = "error") -> None:
        """Say what is wrong ("error") or doubtful ("warning"); an empty text takes it away."""
        state = tone if text else ""
        widget = self.editor.focus_widget()
        if widget.property("state") != state:
            widget.setProperty("state", state)
            repolish(widget)
        self.message_label.setText(text)
        if self.message_label.property("role") != tone:
            self.message_label.setProperty("role", tone)
            repolish(self.message_label)
        self._icon.set_icon("circle-alert" if tone == "error" else "triangle-alert", _TINTS[tone])
        self._message.setVisible(bool(text))
        widget.setAccessibleDescription(" ".join(part for part in (text, self.spec.help) if part))

    @property
    def message(self) -> str:
        return self.message_label.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= theme.px(BESIDE_FROM)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != direction:
            self._row.setDirection(direction)
            theme.remember_layout(self._row, (0, 0, 0, 0), 12 if beside else 4)
            self._keep_room(beside)

    def _keep_room(self, keep: bool) -> None:
        """Beside its field a message always has its room, so that nothing jumps when it comes."""
        policy = self._message.sizePolicy()
        policy.setRetainSizeWhenHidden(keep)
        self._message.setSizePolicy(policy)


_TINTS = {"error": "failed", "warning": "attention"}


class FormView(QWidget):
    """A form.

    Signals:
        changed(str): key of the field that changed.
        submitted: Enter in the last field; the page validates and saves.
    """

    changed = Signal(str)
    submitted = Signal()

    def __init__(self, spec: FormSpec, values: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.spec = spec
        self._fields: dict[str, FormField] = {}
        self._first: dict[str, Any] = {}
        self._previous: dict[str, Any] = {}
        self._outside: dict[str, str] = {}
        self.last_focused = ""
        column = vbox(self, spacing=16)
        for one in spec.fields:
            if one.section:
                if self._fields:
                    column.addWidget(rule())
                column.addWidget(label(one.section, "strong"))
            field = FormField(one)
            self._fields[one.key] = field
            column.addWidget(field)
            field.editor.changed.connect(lambda key=one.key: self._on_changed(key))
            field.editor.left.connect(lambda key=one.key: self._on_left(key))
            field.editor.focus_widget().installEventFilter(self)
        column.addStretch(1)
        self.set_values(values or {})

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill the form afresh; messages go."""
        for key, field in self._fields.items():
            field.editor.blockSignals(True)
            field.editor.set_raw(raw_of(field.spec, values.get(key)))
            field.editor.blockSignals(False)
            field.show_message("")
        self._outside.clear()
        self._first = self.raw()

    def set_previous(self, values: Mapping[str, Any]) -> None:
        """What F7 repeats: the answers of the form before."""
        self._previous = dict(values)

    def raw(self) -> dict[str, Any]:
        """What stands in the fields, readable or not; ``set_raw`` brings it back."""
        return {key: field.editor.raw() for key, field in self._fields.items()}

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        for key, value in raw.items():
            if key in self._fields:
                self._fields[key].editor.set_raw(value)

    @property
    def is_changed(self) -> bool:
        return self.raw() != self._first

    def settle(self) -> None:
        """End what is being typed in a search field, as leaving it would; call it before reading for a save."""
        for field in self._fields.values():
            if isinstance(field.editor, SearchEditor):
                field.editor.settle()

    def is_field_changed(self, key: str) -> bool:
        """Does this field hold another answer than at first?"""
        return bool(self._fields[key].editor.raw() != self._first.get(key))

    def read(self) -> Reading:
        """Values, errors and warnings of what stands there, without showing anything."""
        return read_form(self.spec, self.raw())

    def values(self) -> dict[str, Any]:
        return dict(self.read().values)

    def validate(self) -> bool:
        """Show every message, put the focus on the first error; True when nothing blocks."""
        reading = self.read()
        self._show(reading)
        first = next((key for key in self._fields if key in reading.errors), None)
        if first is not None and self.isVisible():
            self.focus_field(first)
        return reading.is_valid

    def set_errors(self, errors: Mapping[str, str]) -> None:
        """Errors a service found (a CCCD that another person has): shown like the form's own, until changed."""
        self._outside = dict(errors)
        for key, text in errors.items():
            self._fields[key].show_message(text)
        if errors:
            self.focus_field(next(iter(errors)))

    def set_warnings(self, warnings: Mapping[str, str]) -> None:
        """Doubts a service has; they do not block."""
        for key, text in warnings.items():
            if not self._fields[key].message:
                self._fields[key].show_message(text, "warning")

    def field(self, key: str) -> FormField:
        return self._fields[key]

    def focus_field(self, key: str) -> None:
        widget = self._fields[key].editor.focus_widget()
        widget.setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def focused_key(self) -> str:
        """The field that has the keyboard; "" when none of them has."""
        focused = QApplication.focusWidget()
        return self._key_of(focused) if focused is not None else ""

    def focus_first(self) -> None:
        order = self._order()
        if order:
            self.focus_field(order[0])

    def set_shown(self, key: str, shown: bool) -> None:
        """Leave a question out, or ask it again; its answer is kept."""
        self._fields[key].setVisible(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.last_focused = self._key_of(watched)
            self._keep_in_sight(watched)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(watched, event)
        return False

    def _on_key(self, watched: QObject, event: QKeyEvent) -> bool:
        key = event.key()
        name = self._key_of(watched)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(watched, SearchEditor) and isinstance(watched.raw(), Unchosen):
                return False
            if isinstance(watched, SearchEditor) and watched.is_open:
                return False
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if isinstance(watched, QPlainTextEdit) and not control:
                return False
            if control and isinstance(self.window(), QDialog):
                self._on_left(name)
                return False
            self._step(name, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return True
        if key == Qt.Key.Key_F4 and isinstance(watched, QComboBox):
            watched.showPopup()
            return True
        if key == Qt.Key.Key_F7 and name in self._previous:
            self._fields[name].editor.set_raw(raw_of(self._fields[name].spec, self._previous[name]))
            return True
        return False

    def _key_of(self, widget: QObject) -> str:
        return next((key for key, field in self._fields.items() if field.editor.focus_widget() is widget), "")

    def _order(self) -> list[str]:
        return [
            key
            for key, field in self._fields.items()
            if field.isVisibleTo(self) and field.editor.isEnabled() and field.spec.kind != "static"
        ]

    def _step(self, name: str, by: int) -> None:
        order = self._order()
        place = order.index(name) + by if name in order else 0
        if place >= len(order):
            self._on_left(name)
            self.submitted.emit()
        else:
            self.focus_field(order[max(0, place)])

    def _keep_in_sight(self, widget: QWidget) -> None:
        parent = self.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget, theme.px(24), theme.px(72))
                return
            parent = parent.parentWidget()

    def _on_changed(self, key: str) -> None:
        field = self._fields[key]
        self._outside.pop(key, None)
        if field.message:
            _, error = read_field(field.spec, field.editor.raw())
            field.show_message(error or "")
        self.changed.emit(key)

    def _on_left(self, key: str) -> None:
        """Leaving a field says what is wrong in it; an untouched empty field is left in peace."""
        field = self._fields[key]
        raw = field.editor.raw()
        if key in self._outside or raw in ("", None):
            return
        reading = self.read()
        self._say(key, reading)

    def _show(self, reading: Reading) -> None:
        for key in self._fields:
            self._say(key, reading)

    def _say(self, key: str, reading: Reading) -> None:
        if key in reading.errors:
            self._fields[key].show_message(reading.errors[key])
        elif key in reading.warnings:
            self._fields[key].show_message(reading.warnings[key], "warning")
        elif key not in self._outside:
            self._fields[key].show_message("")
