"""A deed asked for in place, beside the list: what it does in one sentence, the few questions, two buttons.

Invariant: nothing is done until its named button is pressed; Esc and the other button leave everything as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.ui.widgets.basics import Button, QuietButton, label
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import Field, FormSpec
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, vbox

OWN_REASON = "own"


def reason_fields(reasons: tuple[str, ...]) -> tuple[Field, ...]:
    """A choice of usual reasons, and room for another."""
    choices = tuple((reason, reason) for reason in reasons)
    return (
        Field("usual", "Lý do", "choice", choices=(*choices, (OWN_REASON, "Lý do khác (ghi bên dưới)"))),
        Field("more", "Ghi thêm", "text", max_length=200),
    )


def reason_of(values: Mapping[str, Any]) -> str:
    """The reason that ``reason_fields`` gave; empty when nothing was said."""
    usual = values.get("usual")
    parts = (usual if usual != OWN_REASON else "", values.get("more") or "")
    return ": ".join(part for part in parts if part)


class DeedForm(QFrame):
    """One deed at a time.

    Signals:
        left: it was put away without doing anything.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        outer = vbox(self, spacing=0)
        self._contents = QWidget()
        self._column = vbox(self._contents, margins=(18, 16), spacing=12)
        outer.addWidget(ScrollBody(self._contents))
        self.form: FormView | None = None
        self.yes_button: Button | None = None
        self._do: Callable[[Mapping[str, Any]], bool] | None = None

    def ask(
        self,
        title: str,
        sentence: str,
        fields: tuple[Field, ...],
        yes: str,
        do: Callable[[Mapping[str, Any]], bool],
        *,
        values: Mapping[str, Any] | None = None,
        is_danger: bool = False,
    ) -> None:
        """Show the questions.

        Args:
            do: gets the answers; True when it was done and the form can go.
        """
        self._clear()
        self._do = do
        head = hbox(spacing=10)
        if is_danger:
            head.addWidget(IconView("triangle-alert", 22, "failed"), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(label(title, "title", wrap=True), 1)
        holder = QWidget()
        holder.setLayout(head)
        self._column.addWidget(holder)
        self._column.addWidget(label(sentence, wrap=True))
        self.form = FormView(FormSpec(fields), values)
        self.form.submitted.connect(self._on_submitted)
        self._column.addWidget(self.form)
        no = QuietButton("Thôi", key="Esc")
        no.clicked.connect(lambda _checked=False: self.leave())
        self.yes_button = Button(yes, role="danger" if is_danger else "primary")
        self.yes_button.clicked.connect(lambda _checked=False: self.submit())
        self._column.addWidget(FlowRow(self.yes_button, no))
        self._column.addStretch(1)
        self.setAccessibleName(title)
        self.form.focus_first()

    def submit(self) -> None:
        """Do it, if the answers can be read."""
        if self.form is None or self._do is None or not self.form.validate():
            return
        if self._do(self.form.values()):
            self.leave()

    def leave(self) -> None:
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _on_submitted(self) -> None:
        """Enter in the last field goes to the button; only the button does it."""
        if self.yes_button is not None:
            self.yes_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _clear(self) -> None:
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
