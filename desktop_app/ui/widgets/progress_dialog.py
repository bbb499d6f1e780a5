"""The window over the window while long work runs: what, how far, and Hủy.

Invariant: closing or Esc never stops the work; only the button does, and it says when the work has stopped.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.ui.texts import number
from desktop_app.ui.widgets.basics import QuietButton, label
from desktop_app.ui.widgets.charts import Bar
from desktop_app.ui.widgets.layouts import hbox, sized, vbox


class RunningTask(Protocol):
    """What the dialog reads of a task."""

    title: str
    done: int
    total: int
    text: str
    can_cancel: bool

    def cancel(self) -> None: ...


class ProgressDialog(QDialog):
    """Shows a task's count; ``finish`` closes it."""

    def __init__(self, task: RunningTask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = task
        self._is_ended = False
        self.setWindowTitle(task.title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
        column = vbox(self, margins=24, spacing=12)
        column.addWidget(label(task.title, "strong"))
        self.bar = sized(Bar(), height=12)
        column.addWidget(self.bar)
        row = hbox(spacing=16)
        self.count_label = label("", "quiet")
        row.addWidget(self.count_label, 1)
        self.cancel_button = QuietButton("Hủy")
        self.cancel_button.clicked.connect(self._on_cancel)
        row.addWidget(self.cancel_button)
        column.addLayout(row)
        self.cancel_button.setVisible(task.can_cancel)  # not before it has its place: alone it would be a window
        sized(self, width=440)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()
        self.show_progress()

    def show_progress(self) -> None:
        task = self.task
        count = f"{number(task.done)} / {number(task.total)}" if task.total else ""
        if task.done and not task.total:
            count = number(task.done)
        self.count_label.setText(" · ".join(part for part in (task.text, count) if part) or "Đang chuẩn bị…")
        self.bar.set_shares(task.done / task.total if task.total else 0.0)

    def finish(self) -> None:
        self._is_ended = True
        self.close()
        self.deleteLater()

    def reject(self) -> None:
        """Esc changes nothing."""

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_ended:
            event.accept()
        else:
            event.ignore()

    def _on_cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancel_button.setText("Đang dừng…")
        self.task.cancel()
