"""What the search of the whole register found, under the header's box, moved through by arrow keys.

Invariant: never takes the focus, so typing goes on in the box; a hit is opened only by Enter or a click.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.layouts import vbox
from desktop_app.ui.widgets.paged_model import Index
from desktop_app.ui.widgets.search import SearchBox

_HIT = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class SearchHit:
    """One thing found.

    Args:
        text: its name.
        detail: what tells it from others of that name ("1984 · Thôn 3 · hộ 03-0127").
        icon: Lucide name of its kind.
        page_key: the screen that shows it.
        target: what that screen's ``open_target`` gets.
    """

    text: str
    detail: str
    icon: str
    page_key: str
    target: object


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(240), theme.px(46))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        hit = index.data(_HIT)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("accent_ground"))
        side = theme.px(18)
        left = rect.left() + theme.px(12)
        icons.paint(painter, hit.icon, QRect(left, rect.center().y() - side // 2, side, side), "quiet")
        left += side + theme.px(12)
        room = rect.right() - left - theme.px(8)
        rows = (
            (hit.text, theme.font(strong=True), "ink", 4, 22),
            (hit.detail, theme.font(theme.SMALL), "quiet", 24, 18),
        )
        for text, font, ink, top, height in rows:
            painter.setFont(font)
            painter.setPen(theme.color(ink))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            box = QRect(left, rect.top() + theme.px(top), room, theme.px(height))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()


class SearchPopup(QFrame):
    """The list of hits of one SearchBox.

    Signals:
        hit_chosen(object): the SearchHit.
    """

    hit_chosen = Signal(object)

    def __init__(self, box: SearchBox, find: Callable[[str], Sequence[SearchHit]], window: QWidget) -> None:
        super().__init__(window)
        self._box = box
        self._find = find
        self._window = window
        self.setProperty("role", "popup")
        self._list = QListWidget()
        self._list.setItemDelegate(_HitDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Kết quả tìm")
        self._list.itemClicked.connect(self._choose)
        vbox(self, margins=4, spacing=0).addWidget(self._list)
        box.installEventFilter(self)
        self.hide()

    def search(self, text: str, *, says_nothing: bool = True) -> None:
        """Show what is found for a text; an empty text closes the list.

        Args:
            says_nothing: where nothing is found the list says so; otherwise it closes.
        """
        hits = self._find(text) if text.strip() else ()
        self._list.clear()
        for hit in hits:
            item = QListWidgetItem(f"{hit.text}, {hit.detail}")
            item.setData(_HIT, hit)
            self._list.addItem(item)
        if not text.strip() or not (hits or says_nothing):
            self.hide()
            return
        if not hits:
            item = QListWidgetItem()
            nothing = SearchHit("Không tìm thấy", "thử gõ ít chữ hơn, hoặc không dấu", "search", "", None)
            item.setData(_HIT, nothing)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        else:
            self._list.setCurrentRow(0)
        self._place(max(1, len(hits)))

    def open_current(self) -> None:
        self._choose(self._list.currentItem())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if self.isVisible() and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row = max(0, min(self._list.count() - 1, self._list.currentRow() + step))
                self._list.setCurrentRow(row)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.hide()
                return True
        return False

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.hide()
            self.hit_chosen.emit(item.data(_HIT))

    def _place(self, rows: int) -> None:
        window = self._window
        corner = self._box.mapTo(window, QPoint(0, self._box.height() + 4))
        width = min(max(self._box.width(), theme.px(420)), window.width() - theme.px(16))
        left = max(theme.px(8), min(corner.x(), window.width() - width - theme.px(8)))
        height = min(rows, 8) * theme.px(46) + theme.px(12)
        self.setGeometry(left, corner.y(), width, min(height, window.height() - corner.y() - theme.px(8)))
        self.show()
        self.raise_()
