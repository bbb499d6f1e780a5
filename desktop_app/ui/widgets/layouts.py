"""Layouts and containers on the 8-pixel grid that follow the zoom; pages use these and never raw margins.

Invariant: a layout made here keeps its lengths at 100 % and is rescaled by ``theme.apply``.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui import theme
from desktop_app.ui.widgets.sight import viewport_size

Margins = int | tuple[int, int] | tuple[int, int, int, int]
W = TypeVar("W", bound=QWidget)


def _four(margins: Margins) -> tuple[int, int, int, int]:
    if isinstance(margins, int):
        return margins, margins, margins, margins
    if len(margins) == 2:
        return margins[0], margins[1], margins[0], margins[1]
    return margins


def vbox(parent: QWidget | None = None, *, margins: Margins = 0, spacing: int = 8) -> QVBoxLayout:
    """Vertical layout; margins are one number, (sides, top and bottom) or (left, top, right, bottom) at 100 %."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    theme.remember_layout(layout, _four(margins), spacing)
    return layout


def hbox(parent: QWidget | None = None, *, margins: Margins = 0, spacing: int = 8) -> QHBoxLayout:
    """Horizontal layout, see ``vbox``."""
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    theme.remember_layout(layout, _four(margins), spacing)
    return layout


def grid(parent: QWidget | None = None, *, margins: Margins = 0, spacing: int = 8) -> QGridLayout:
    """Grid layout, see ``vbox``."""
    layout = QGridLayout(parent) if parent is not None else QGridLayout()
    theme.remember_layout(layout, _four(margins), spacing)
    return layout


def sized(widget: W, **lengths: int) -> W:
    """Give a widget lengths at 100 % (width, height, min_width, …) that follow the zoom; returns the widget."""
    theme.remember_size(widget, **lengths)
    return widget


def rule() -> QFrame:
    """A hairline between two parts."""
    line = QFrame()
    line.setProperty("role", "rule")
    return line


class FlowLayout(QLayout):
    """Places items left to right and goes to the next line when the width ends: filter chips, buttons."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        theme.remember_layout(self, (0, 0, 0, 0), spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), dry=True)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, dry=False)

    def sizeHint(self) -> QSize:
        width = sum(i.sizeHint().width() + self.spacing() for i in self._items if not i.isEmpty())
        height = max((i.sizeHint().height() for i in self._items if not i.isEmpty()), default=0)
        return QSize(max(0, width - self.spacing()), height)

    def minimumSize(self) -> QSize:
        sizes = [i.minimumSize() for i in self._items if not i.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _place(self, rect: QRect, *, dry: bool) -> int:
        y = rect.y()
        for line in self._lines(rect.width()):
            height = max(size.height() for _, size in line)
            x = rect.x()
            for item, size in line:
                if not dry:
                    width = min(size.width(), max(rect.width(), 1))
                    top = y + (height - size.height()) // 2
                    item.setGeometry(QRect(QPoint(x, top), QSize(width, size.height())))
                x += size.width() + self.spacing()
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if not lines or used + size.width() > width:
                lines.append([])
                used = 0
            lines[-1].append((item, size))
            used += size.width() + self.spacing()
        return lines


class FlowRow(QWidget):
    """A row of small widgets that wraps: ``add(widget)``; ``add_stretch`` is not needed, they keep to the left."""

    def __init__(self, *widgets: QWidget, spacing: int = 8) -> None:
        super().__init__()
        self._flow = FlowLayout(self, spacing=spacing)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: W) -> W:
        self._flow.addWidget(widget)
        return widget

    def clear(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class CardGrid(QWidget):
    """Equal cards in one row while each keeps ``min_width`` (at 100 %), else in several rows."""

    def __init__(self, *cards: QWidget, min_width: int = 232, spacing: int = 16) -> None:
        super().__init__()
        self._min_width = min_width
        self._cards: list[QWidget] = []
        self._grid = grid(self, spacing=spacing)
        self._columns = 0
        for card in cards:
            self.add(card)
        theme.notifier().changed.connect(self._arrange)

    def add(self, card: W) -> W:
        self._cards.append(card)
        self._columns = 0
        self._arrange()
        return card

    def resizeEvent(self, event: object) -> None:
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(theme.px(self._min_width), hint.height())

    def _arrange(self) -> None:
        room = self.width() + self._grid.spacing()
        fit = max(1, room // (theme.px(self._min_width) + self._grid.spacing()))
        columns = min(fit, max(1, len(self._cards)))
        while columns > 1 and len(self._cards) % columns and len(self._cards) / columns < 2 and columns > 2:
            columns -= 1
        if columns == self._columns:
            return
        self._columns = columns
        for index in range(self._grid.columnCount()):
            self._grid.setColumnStretch(index, 0)
        for index, card in enumerate(self._cards):
            self._grid.addWidget(card, index // columns, index % columns)
            self._grid.setColumnStretch(index % columns, 1)


class MasterDetail(QWidget):
    """A list with its side panel: side by side while there is room, one above the other when narrow or zoomed."""

    def __init__(
        self,
        master: QWidget,
        detail: QWidget,
        *,
        detail_width: int = 300,
        break_width: int = 860,
        detail_first: bool = False,
        stacked_height: int = 344,
    ) -> None:
        """``stacked_height``: what the list keeps at least above its panel; 0 for lists as high as their rows."""
        super().__init__()
        self._stacked_height = stacked_height
        self._master = master
        self._detail = detail
        self._detail_width = detail_width
        self._break_width = break_width
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        theme.remember_layout(self._layout, (0, 0, 0, 0), 16)
        self._layout.addWidget(master, 1)
        self._layout.insertWidget(0 if detail_first else 1, detail)
        theme.notifier().changed.connect(self._arrange)
        self._arrange()

    @property
    def is_stacked(self) -> bool:
        return self._layout.direction() == QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: object) -> None:
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < theme.px(self._break_width)
        if narrow:
            self._layout.setDirection(QBoxLayout.Direction.TopToBottom)
            self._detail.setMinimumWidth(0)
            self._detail.setMaximumWidth(16777215)
            self._master.setMinimumHeight(theme.px(self._stacked_height))
        else:
            self._layout.setDirection(QBoxLayout.Direction.LeftToRight)
            self._detail.setFixedWidth(theme.px(self._detail_width))
            self._master.setMinimumHeight(0)


_UPPER_END = 88
"""So much of a tall thing with the focus is always in sight: a list's heading and its first row, in pixels at 100 %."""

_SETTLED = 60
"""Milliseconds after which fields have their size, and a pane that scrolls by itself has shown the focus."""


class ScrollBody(QScrollArea):
    """A page's scrolling body: grows with the window, scrolls only when its contents do not fit."""

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        body.setProperty("role", "body")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)
        self.verticalScrollBar().setSingleStep(32)
        self._seek = QTimer(self, singleShot=True, interval=0)
        self._seek_again = QTimer(self, singleShot=True, interval=_SETTLED)
        for timer in (self._seek, self._seek_again):
            timer.timeout.connect(self._show_focus)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """The focus is always in sight, also where the program and not the Tab key put it."""
        if now is not None and self.isAncestorOf(now):
            self._seek.start()
            self._seek_again.start()

    def _show_focus(self) -> None:
        """Scroll as little as shows the focus; of a list or another tall thing, or of one that no Tab key reaches (what
        stands in the place of an empty list), its upper end is enough.

        So a page whose list has the focus opens with the words above the list, at every size of text.
        """
        now = QApplication.focusWidget()
        body = self.widget()
        if now is None or body is None or not self.isAncestorOf(now):
            return
        at = now.mapTo(body, QPoint(0, 0))
        is_field = bool(now.focusPolicy() & Qt.FocusPolicy.TabFocus) and not isinstance(now, QAbstractItemView)
        sight = QRect(QPoint(0, 0), viewport_size(self))
        if is_field and now.height() <= sight.height() // 2:
            # The whole field: Qt's own ensureWidgetVisible shows no more of a text field than its cursor.
            self.ensureVisible(at.x(), at.y() + now.height() // 2, 0, now.height() // 2 + theme.px(12))
            return
        in_sight = sight.intersected(QRect(at + body.pos(), now.size()))
        if in_sight.height() < theme.px(_UPPER_END):
            self.ensureVisible(at.x(), at.y(), 0, theme.px(_UPPER_END))
