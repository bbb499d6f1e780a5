"""A list of hamlets to tick: arrows move, the space bar ticks, letters jump to a name.

Invariant: says only what is ticked; nothing ticked is shown as an error by whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from desktop_app.models.types import Uid
from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import QuietButton, label
from desktop_app.ui.widgets.layouts import FlowRow, sized, vbox

HEIGHT, WIDTH = 176, 340


class HamletChecks(QWidget):
    """The list with its two buttons.

    Signals:
        changed: another choice was made.
        submitted: Enter.
    """

    changed = Signal()
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = vbox(self, spacing=4)
        words = label("Những thôn nào", "field")
        column.addWidget(words)
        self.list = _CheckList(self)
        self.list.setAccessibleName("Những thôn nào; phím cách để chọn")
        words.setBuddy(self.list)
        self._frame = _Frame(self.list)
        sized(self._frame, height=HEIGHT, max_width=WIDTH)
        column.addWidget(self._frame)
        self.all_button = QuietButton("Chọn tất cả", small=True)
        self.none_button = QuietButton("Bỏ chọn", small=True)
        self.all_button.clicked.connect(lambda _checked=False: self.set_all(True))
        self.none_button.clicked.connect(lambda _checked=False: self.set_all(False))
        column.addWidget(FlowRow(self.all_button, self.none_button))
        self.list.itemChanged.connect(lambda _item: self.changed.emit())

    def set_hamlets(self, hamlets: Sequence[tuple[object, str]]) -> None:
        """The hamlets to choose from; what is ticked stays so."""
        kept = set(self.chosen())
        self.list.blockSignals(True)
        self.list.clear()
        for uid, words in hamlets:
            item = QListWidgetItem(words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if uid in kept else Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.UserRole, uid)
            self.list.addItem(item)
        self.list.blockSignals(False)
        if hamlets:
            self.list.setCurrentRow(0)

    def chosen(self) -> tuple[Uid, ...]:
        """Uids of the ticked hamlets, in order."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def choose(self, uids: Iterable[Uid]) -> None:
        """Tick exactly these, without reporting it."""
        wanted = set(uids)
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            item = self.list.item(row)
            is_wanted = item.data(Qt.ItemDataRole.UserRole) in wanted
            item.setCheckState(Qt.CheckState.Checked if is_wanted else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)

    def set_all(self, on: bool) -> None:
        """Tick all or none."""
        rows = range(self.list.count())
        self.choose([str(self.list.item(row).data(Qt.ItemDataRole.UserRole)) for row in rows] if on else ())
        self.changed.emit()


class _Frame(QFrame):
    """The border of a field around the list; strong while the list has the focus."""

    def __init__(self, inside: QListWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setProperty("role", "popup")
        vbox(self, margins=4).addWidget(inside)
        inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._inside.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), theme.px(2)))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))


class _CheckList(QListWidget):
    """Enter goes on; Tab leaves."""

    def __init__(self, owner: HamletChecks) -> None:
        super().__init__()
        self._owner = owner
        self.setTabKeyNavigation(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._owner.submitted.emit()
            return
        super().keyPressEvent(event)
