"""A question in place, at the foot of a side panel: the sentence above, its answers below, so that nothing is cut.

Invariant: the harmless answer has the focus and is what Esc gives; Enter alone never does what cannot be undone; after
an answer the keyboard is where it was before, unless the answer itself puts it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget
from shiboken6 import isValid

from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import Button, label, set_tone
from desktop_app.ui.widgets.feedback import BANNER_ICONS, IconView
from desktop_app.ui.widgets.layouts import FlowRow, hbox, vbox


@dataclass(frozen=True)
class Answer:
    """One answer.

    Args:
        text: words on the button, naming the deed.
        handler: what it does; None does nothing but close the bar.
        role: "" (quiet), "primary" or "danger".
        key: key hint.
    """

    text: str
    handler: Callable[[], object] | None = None
    role: str = ""
    key: str = ""


class AskBar(QFrame):
    """One question at a time; the last answer given to ``ask`` is the harmless one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", "attention")
        column = vbox(self, margins=(16, 12), spacing=10)
        row = hbox(spacing=10)
        self._icon = IconView("triangle-alert", 20, "attention")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.question_label = label("", wrap=True)
        row.addWidget(self.question_label, 1)
        column.addLayout(row)
        self._flow = FlowRow(spacing=8)
        column.addWidget(self._flow)
        self.buttons: tuple[Button, ...] = ()
        self._seek = QTimer(self, singleShot=True, interval=0)
        self._seek.timeout.connect(self._come_into_sight)
        theme.notifier().changed.connect(self._seek.start)
        self._safe: Answer | None = None
        self._before: QWidget | None = None
        self.hide()

    @property
    def question(self) -> str:
        return self.question_label.text()

    def ask(self, question: str, *answers: Answer, tone: str = "attention") -> None:
        """Show a question and put the focus on its last, harmless answer."""
        self._fill(question, answers, tone)
        if self.buttons:
            self.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, sentence: str, *answers: Answer, tone: str = "attention") -> None:
        """Show a sentence, perhaps with buttons, without taking the focus from where the person works."""
        self._fill(sentence, answers, tone)

    def dismiss(self) -> None:
        """Take the question away as its harmless answer would."""
        if not self.isHidden():
            self._give(self._safe)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._seek.start()

    def _come_into_sight(self) -> None:
        """With larger text the answers must not lie below the edge of a page that scrolls."""
        parent = self.parentWidget()
        while self.isVisible() and parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(self, 0, theme.px(8))
                if self._flow.isVisible():
                    parent.ensureWidgetVisible(self._flow, 0, theme.px(12))
            parent = parent.parentWidget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._give(self._safe)
            return
        super().keyPressEvent(event)

    def _fill(self, question: str, answers: tuple[Answer, ...], tone: str) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._before = focused
        set_tone(self, tone)
        self._icon.set_icon(BANNER_ICONS[tone], tone)
        self.question_label.setText(question)
        self.setAccessibleName(question)
        self._flow.clear()
        made = []
        for answer in answers:
            button = self._flow.add(Button(answer.text, key=answer.key, role=answer.role))
            button.clicked.connect(lambda _checked=False, chosen=answer: self._give(chosen))
            made.append(button)
        self.buttons = tuple(made)
        self._safe = answers[-1] if answers else None
        self._flow.setVisible(bool(answers))
        self.show()

    def _give(self, answer: Answer | None) -> None:
        before, self._before = self._before, None
        focused = QApplication.focusWidget()
        is_asked = focused is not None and self.isAncestorOf(focused)
        if is_asked and before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        if answer is not None and answer.handler is not None:
            answer.handler()
