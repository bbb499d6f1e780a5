"""Counts side by side: a large figure with its word below, wrapping when the room ends.

Invariant: a zero is shown quiet; each count is read out as one phrase.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.ui.texts import number
from desktop_app.ui.widgets.basics import label
from desktop_app.ui.widgets.charts import Figure
from desktop_app.ui.widgets.layouts import FlowRow, vbox

Count = tuple[int, str, str]
"""(count, word below it, tone)"""


class CountRow(FlowRow):
    """Shows what was done, or would be, in figures."""

    def __init__(self) -> None:
        super().__init__(spacing=32)

    def set_counts(self, counts: Sequence[Count]) -> None:
        """Show these counts in their order."""
        self.clear()
        for count, word, tone in counts:
            self.add(_block(count, word, tone))

    def words(self) -> list[str]:
        """Each count as one phrase, e.g. "1.342 người mới"."""
        return [item.accessibleName() for item in self.findChildren(QWidget, "count") if not item.isHidden()]


def _block(count: int, word: str, tone: str) -> QWidget:
    box = QWidget()
    box.setObjectName("count")
    column = vbox(box, spacing=0)
    figure = Figure()
    figure.set_figure(number(count), tone=tone if count else "quiet")
    column.addWidget(figure, 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(label(word, "quiet"))
    box.setAccessibleName(f"{number(count)} {word}")
    return box
