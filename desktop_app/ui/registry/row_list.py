"""A short list of people or records inside a side panel: two lines a row, a chip at the right, moved through by keys.

Invariant: as high as its rows up to ``MOST_ROWS``, then it scrolls; a row's whole text is what a screen reader says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.painting import ChipData, chip_size, paint_chip

ROW_HEIGHT = 50
MOST_ROWS = 9
_ITEM = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class RowItem:
    """One row.

    Args:
        key: what ``opened`` gives, usually a uid.
        text: the name.
        detail: the quiet second line.
        chip: at the right.
        icon: Lucide name before the text, for what stands out.
        is_plain: the text is a sentence, not a name.
    """

    key: str
    text: str
    detail: str = ""
    chip: ChipData | None = None
    icon: str = ""
    is_plain: bool = False

    @property
    def spoken(self) -> str:
        chip = self.chip.text if self.chip is not None else ""
        return ", ".join(part for part in (self.text, self.detail, chip) if part)


class _RowDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(160), theme.px(ROW_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item: RowItem = index.data(_ITEM)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_ground" if selected else "hover"))
            painter.drawRoundedRect(rect, theme.px(8), theme.px(8))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("line_soft"))
        if focused:
            from desktop_app.ui.widgets.painting import paint_focus

            paint_focus(painter, rect)
        self._paint_words(painter, rect, item, selected)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, item: RowItem, selected: bool) -> None:
        left, right = rect.left() + theme.px(8), rect.right() - theme.px(8)
        if item.chip is not None:
            width = min(chip_size(item.chip).width(), rect.width() // 2)
            box = QRect(right - width, rect.top(), width, rect.height())
            paint_chip(painter, box, item.chip, on_selection=selected)
            right = box.left() - theme.px(8)
        if item.icon:
            side = theme.px(16)
            icons.paint(painter, item.icon, QRect(left, rect.center().y() - side // 2, side, side), "accent")
            left += side + theme.px(8)
        lines = [(item.text, theme.font(strong=not item.is_plain), "ink")]
        if item.detail:
            lines.append((item.detail, theme.font(theme.SMALL), "quiet"))
        heights = [QFontMetrics(font).height() for _, font, _ in lines]
        top = rect.top() + (rect.height() - sum(heights)) // 2
        for (text, font, ink), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            painter.setPen(theme.color(ink))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRect(left, top, right - left, height), int(Qt.AlignmentFlag.AlignVCenter), shown)
            top += height


class RowList(QListWidget):
    """The list.

    Signals:
        opened(str): Enter or double click on a row: its key.
        row_chosen(str): another row is current: its key.
    """

    opened = Signal(str)
    row_chosen = Signal(str)

    def __init__(self, name: str, items: Sequence[RowItem] = ()) -> None:
        super().__init__()
        self.setItemDelegate(_RowDelegate(self))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        self.itemDoubleClicked.connect(self._on_opened)
        self.currentItemChanged.connect(self._on_current)
        self.set_items(items)

    def set_items(self, items: Sequence[RowItem]) -> None:
        """Show other rows; nothing is current until a person chooses."""
        self.clear()
        for item in items:
            made = QListWidgetItem(item.spoken)
            made.setData(_ITEM, item)
            made.setToolTip(item.spoken)
            self.addItem(made)
        self.setCurrentRow(-1)
        self.updateGeometry()

    def rows(self) -> tuple[RowItem, ...]:
        return tuple(self.item(row).data(_ITEM) for row in range(self.count()))

    @property
    def current_key(self) -> str:
        """The key of the current row, empty where there is none."""
        item = self.currentItem()
        return str(item.data(_ITEM).key) if item is not None else ""

    def choose(self, key: str) -> None:
        """Make the row with this key current."""
        for row, item in enumerate(self.rows()):
            if item.key == key:
                self.setCurrentRow(row)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), min(self.count(), MOST_ROWS) * theme.px(ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._on_opened(self.currentItem())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Typing letters moves nothing here either."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)
        super().focusInEvent(event)
        self._keep_in_sight()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def _on_opened(self, item: QListWidgetItem) -> None:
        self.opened.emit(item.data(_ITEM).key)

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.row_chosen.emit(item.data(_ITEM).key)
            if self.hasFocus():
                self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """Scroll the panel so that the current row is seen."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        inner = parent.widget() if isinstance(parent, QScrollArea) else None
        if inner is None or not isinstance(parent, QScrollArea) or self.currentItem() is None:
            return
        box = self.visualItemRect(self.currentItem())
        at = self.viewport().mapTo(inner, box.center())
        parent.ensureVisible(at.x(), at.y(), 0, box.height())
