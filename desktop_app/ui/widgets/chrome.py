"""The window's own furniture: navigation on the left, header with title and search, status line at the bottom.

Invariant: knows nothing of pages or services; the main window sets texts and listens to signals.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.basics import Button, ElidedLabel, IconButton, label
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import ScrollBody, hbox, sized, vbox
from desktop_app.ui.widgets.painting import keycap_size, paint_focus, paint_keycap
from desktop_app.ui.widgets.search import SearchBox

NAV_WIDTH, NAV_NARROW = 208, 60
ITEM_HEIGHT, ITEM_LEAST = 36, 25
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class NavItem(QAbstractButton):
    """One picture of the navigation: icon, words, count, key; only the icon when collapsed."""

    def __init__(self, text: str, icon: str, *, key: str = "", tip_key: str = "", checkable: bool = True) -> None:
        super().__init__()
        self.icon_name = icon
        self.key = key
        self._tip_key = tip_key
        self._badge = ""
        self._badge_tone = "attention"
        self._is_collapsed = False
        self._height = ITEM_HEIGHT
        self.setCheckable(checkable)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        self.setText(text)
        self._describe()

    def set_badge(self, text: str, tone: str = "attention") -> None:
        self._badge, self._badge_tone = text, tone
        self._describe()
        self.update()

    def set_shape(self, *, collapsed: bool, height: int) -> None:
        self._is_collapsed = collapsed
        self._height = height
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        words = f"{self.text()}, {self._badge} việc chờ" if self._badge else self.text()
        self.setAccessibleName(words)
        tip = f"{words} ({self._tip_key})" if self._tip_key else words
        self.setToolTip(tip if self._is_collapsed or self._tip_key else "")

    def sizeHint(self) -> QSize:
        return QSize(theme.px(40), theme.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        radius = theme.px(8)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_ground" if self.isChecked() else "hover"))
            painter.drawRoundedRect(rect, radius, radius)
        if self.hasFocus():
            paint_focus(painter, rect)
        ink = "accent_deep" if self.isChecked() else "ink"
        side = theme.px(18)
        x = (rect.width() - side) // 2 if self._is_collapsed else theme.px(10)
        icons.paint(painter, self.icon_name, QRect(x, (rect.height() - side) // 2, side, side), ink)
        if self._is_collapsed:
            self._paint_dot(painter, x + side)
            return
        right = self._paint_right(painter)
        font = theme.font(theme.BODY, strong=self.isChecked())
        painter.setFont(font)
        painter.setPen(theme.color(ink))
        left = x + side + theme.px(10)
        text = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, 0, right - left + 2, rect.height()), _LEFT, text)

    def _paint_right(self, painter: QPainter) -> int:
        right = self.width() - theme.px(10)
        if self._badge:
            font = theme.font(theme.SMALL, strong=True)
            font.setPixelSize(theme.px(12))
            height = theme.px(19)
            width = max(theme.px(22), QFontMetrics(font).horizontalAdvance(self._badge) + theme.px(14))
            box = QRect(right - width, (self.height() - height) // 2, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(self._badge_tone))
            painter.drawRoundedRect(box, height / 2, height / 2)
            painter.setFont(font)
            painter.setPen(theme.color("on_accent"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._badge)
            return box.left() - theme.px(6)
        if self.key:
            cap = keycap_size(self.key)
            box = QRect(right - cap.width(), (self.height() - cap.height()) // 2, cap.width(), cap.height())
            paint_keycap(painter, box, self.key)
            return box.left() - theme.px(6)
        return right

    def _paint_dot(self, painter: QPainter, right: int) -> None:
        if self._badge:
            side = theme.px(9)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(self._badge_tone))
            painter.drawEllipse(QRect(right - side // 2, theme.px(6), side, side))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)


class Navigation(QFrame):
    """The column of pictures.

    Signals:
        page_chosen(str): key of the page.
        help_chosen, user_chosen.
    """

    page_chosen = Signal(str)
    help_chosen = Signal()
    user_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAccessibleName("Các màn hình")
        self._items: dict[str, NavItem] = {}
        self._is_collapsed = False
        column = vbox(self, margins=(10, 14, 10, 12), spacing=2)
        self._build_head(column)
        body = QWidget()
        self._top = vbox(body, spacing=1)
        self._top.addStretch(1)
        self._scroll = ScrollBody(body)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumHeight(1)
        column.addWidget(self._scroll, 1)
        self._bottom = vbox(spacing=1)
        column.addLayout(self._bottom)
        self.help_item = NavItem("Trợ giúp", "circle-question-mark", key="F1", checkable=False)
        self.help_item.clicked.connect(self.help_chosen)
        self.user_item = NavItem("", "circle-user-round", checkable=False)
        self.user_item.clicked.connect(self.user_chosen)
        self._bottom.addWidget(self.help_item)
        self._bottom.addWidget(self.user_item)
        sized(self, width=NAV_WIDTH)

    def _build_head(self, column: QVBoxLayout) -> None:
        self._head = QWidget()
        row = hbox(self._head, margins=(9, 2, 0, 10), spacing=10)
        self._logo = IconView("book-open-check", 26, "accent_deep")
        row.addWidget(self._logo)
        self._names = QWidget()
        words = vbox(self._names, spacing=0)
        self._product = label("Sổ Học Tập", "brand")
        self._place = ElidedLabel("", "small")
        words.addWidget(self._product)
        words.addWidget(self._place)
        row.addWidget(self._names, 1)
        column.addWidget(self._head)

    def add_page(self, key: str, text: str, icon: str, *, tip_key: str = "", is_bottom: bool = False) -> None:
        item = NavItem(text, icon, tip_key=tip_key)
        item.clicked.connect(lambda _checked=False: self._on_clicked(key))
        self._items[key] = item
        if is_bottom:
            self._bottom.insertWidget(self._bottom.count() - 1, item)
        else:
            self._top.insertWidget(self._top.count() - 1, item)

    def _on_clicked(self, key: str) -> None:
        self.page_chosen.emit(key)

    def set_current(self, key: str) -> None:
        for name, item in self._items.items():
            item.setChecked(name == key)

    def set_badge(self, key: str, count: int, tone: str = "attention") -> None:
        from desktop_app.ui.texts import number

        self._items[key].set_badge(number(count) if count else "", tone)

    def set_place(self, text: str) -> None:
        self._place.setText(text)

    def set_user(self, name: str) -> None:
        self.user_item.set_text(name)

    @property
    def is_collapsed(self) -> bool:
        return self._is_collapsed

    def set_collapsed(self, collapsed: bool) -> None:
        if collapsed == self._is_collapsed:
            return
        self._is_collapsed = collapsed
        self._names.setVisible(not collapsed)
        sized(self, width=NAV_NARROW if collapsed else NAV_WIDTH)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Lower the items, then leave the product's name out, so that all of them stay in sight."""
        items = (*self._items.values(), self.help_item, self.user_item)
        room = self.height() * 100 // theme.percent() - 30 - len(items)
        self._head.setVisible(not self._is_collapsed or room - 54 >= ITEM_LEAST * len(items))
        if self._head.isVisibleTo(self):
            room -= 54
        height = max(ITEM_LEAST, min(ITEM_HEIGHT, room // len(items)))
        fits = height * len(items) <= room
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self._scroll.setVerticalScrollBarPolicy(policy)
        for item in items:
            item.set_shape(collapsed=self._is_collapsed, height=height)


SUBTITLE_LEAST = 72
"""With less room than this (at 100 %) the words beside the title say nothing and are left out."""


class HeaderBar(QFrame):
    """Title, count, global search and the page's buttons; gives way in steps when the room is short.

    Signals:
        back_chosen: the arrow before the title.
    """

    back_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        row = hbox(self, margins=(24, 10), spacing=12)
        self.back_button = IconButton("arrow-left", "Quay lại", key="Alt+←")
        self.back_button.clicked.connect(self.back_chosen)
        self.back_button.hide()
        row.addWidget(self.back_button)
        self.title_label = ElidedLabel("", "title")
        self.title_label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row.addWidget(self.title_label)
        self.subtitle_label = ElidedLabel("", "quiet")
        row.addWidget(self.subtitle_label, 1)
        self.search_box = sized(SearchBox(), max_width=300, min_width=120)
        self.search_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(self.search_box, 2)
        self._buttons_row = hbox(spacing=12)
        row.addLayout(self._buttons_row)
        self._buttons: list[QWidget] = []
        sized(self, height=56)

    def set_title(self, title: str, subtitle: str) -> None:
        self.title_label.setText(title)
        self.subtitle_label.setText(subtitle)
        self._fit()

    def set_buttons(self, buttons: Sequence[QWidget]) -> None:
        """Show the page's buttons; they stay the page's own, the header only borrows them."""
        for old in self._buttons:
            self._buttons_row.removeWidget(old)
            old.hide()
        self._buttons = list(buttons)
        before: QWidget = self.search_box
        for button in self._buttons:
            self._buttons_row.addWidget(button)
            button.show()
            QWidget.setTabOrder(before, button)
            before = button
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        buttons = [b for b in self._buttons if isinstance(b, Button)]
        title = self.title_label.sizeHint().width() + self.subtitle_label.sizeHint().width()
        fixed = 2 * theme.px(24) + theme.px(12) * (3 + len(buttons)) + theme.px(40)
        for level, search in ((0, 240), (1, 200), (2, 120)):
            for button in buttons:
                is_primary = button.property("role") == "primary"
                button.set_compactness(min(level, 1) if is_primary else level)
            needed = title + fixed + theme.px(search) + sum(b.sizeHint().width() for b in self._buttons)
            if needed <= self.width():
                break
        wanted = self.subtitle_label.sizeHint().width()
        left = self.width() - needed + wanted
        self.subtitle_label.setVisible(bool(wanted) and left >= min(wanted, theme.px(SUBTITLE_LEAST)))


class StatusBar(QFrame):
    """The bottom line: saved when, last backup, what was not sent, text size.

    Signals:
        zoom_clicked, backup_clicked, unsent_clicked.
    """

    zoom_clicked = Signal()
    backup_clicked = Signal()
    unsent_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self._backup = ""
        row = hbox(self, margins=(24, 0, 16, 0), spacing=8)
        self._icon = IconView("check", 15, "passed")
        self._icon.hide()
        row.addWidget(self._icon)
        self.saved_label = label("")
        self.saved_label.setAccessibleName("Lần lưu gần nhất")
        row.addWidget(self.saved_label)
        self.backup_button = self._button(self.backup_clicked)
        row.addWidget(self.backup_button)
        row.addStretch(1)
        self.unsent_button = self._button(self.unsent_clicked)
        row.addWidget(self.unsent_button)
        self.zoom_button = self._button(self.zoom_clicked)
        row.addWidget(self.zoom_button)
        sized(self, height=30)

    def _button(self, signal: object) -> QPushButton:
        made = QPushButton()
        made.setFlat(True)
        made.setAutoDefault(True)  # Enter presses it, as every other button
        made.clicked.connect(signal)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.setMinimumWidth(0)
        made.hide()
        return made

    def set_saved(self, when: datetime) -> None:
        self._icon.set_icon("check", "passed")
        self._icon.show()
        self.saved_label.setText(f"Đã lưu {when:%H:%M:%S}")

    def set_backup(self, text: str) -> None:
        self._backup = text
        self._fit()

    def set_unsent(self, count: int) -> None:
        from desktop_app.ui.texts import number

        self._set(self.unsent_button, f"Chưa gửi: {number(count)} thay đổi" if count else "")
        self._fit()

    def set_zoom(self, percent: int) -> None:
        self._set(self.zoom_button, f"Cỡ chữ {percent} %")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a short line the backup's words give way first; they stay as a tooltip of the saved time."""
        words = self._backup
        room = self.width() - theme.px(24 + 16 + 15 + 5 * 8)
        others = (self.saved_label, self.unsent_button, self.zoom_button)
        room -= sum(w.sizeHint().width() for w in others if not w.isHidden())
        full = f"Sao lưu gần nhất: {words}"
        wide = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(full) + theme.px(24)
        self._set(self.backup_button, "" if not words else full if wide <= room else f"Sao lưu: {words}")
        self.backup_button.setVisible(bool(words) and self.backup_button.sizeHint().width() <= room)
        self.saved_label.setToolTip(full if words else "")

    @staticmethod
    def _set(button: QPushButton, text: str) -> None:
        button.setText(text)
        button.setAccessibleName(text)
        button.setVisible(bool(text))
