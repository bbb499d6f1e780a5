"""A row of tabs with counts, of which one is chosen: the models, the steps; as pills the queues, filters after them.

Invariant: reports only what a person chose; arrows move, the row wraps where it does not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.widgets.layouts import FlowLayout
from desktop_app.ui.widgets.painting import paint_focus
from desktop_app.ui.widgets.search import FilterChip


@dataclass(frozen=True)
class Tab:
    """One choice; ``count`` stands small beside its word, None for none."""

    value: object
    text: str
    count: int | None = None


class TabButton(QAbstractButton):
    """One tab, drawn: the word, its count, a line below when it is chosen."""

    def __init__(self, tab: Tab, *, is_pill: bool = False) -> None:
        super().__init__()
        self._is_pill = is_pill
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_tab(tab)

    def set_tab(self, tab: Tab) -> None:
        self.tab = tab
        self.setText(tab.text)
        self.setAccessibleName(tab.text if tab.count is None else f"{tab.text}: {number_text(tab.count)}")
        self.updateGeometry()
        self.update()

    def _count(self) -> str:
        return "" if self.tab.count is None else number_text(self.tab.count)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self._font(strong=True)).horizontalAdvance(self.tab.text)
        if self._count():
            width += theme.px(6) + QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self._count())
        return QSize(width + 2 * theme.px(10), theme.px(29 if self._is_pill else 36))

    def _font(self, *, strong: bool) -> QFont:
        return theme.font(theme.SMALL if self._is_pill else theme.BODY, strong=strong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows are the row's business."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        below = 0 if self._is_pill else theme.px(3)
        room = self.rect().adjusted(theme.px(10), 0, -theme.px(10), -below)
        if self._is_pill:
            self._paint_pill(painter, chosen)
        font = self._font(strong=chosen)
        painter.setFont(font)
        painter.setPen(theme.color("accent_deep" if chosen else "ink" if self.underMouse() else "quiet"))
        painter.drawText(room, _LEFT, self.tab.text)
        if self._count():
            used = QFontMetrics(font).horizontalAdvance(self.tab.text) + theme.px(6)
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.color("accent" if chosen else "quiet"))
            painter.drawText(room.adjusted(used, 0, theme.px(10), 0), _LEFT, self._count())
        if chosen and not self._is_pill:
            line = QRect(room.left(), self.height() - below, room.width(), below)
            painter.fillRect(line, theme.color("accent"))
        if self.hasFocus():
            paint_focus(painter, self.rect(), 14 if self._is_pill else 6)

    def _paint_pill(self, painter: QPainter, chosen: bool) -> None:
        box = self.rect().adjusted(1, 1, -1, -1)
        outlined = chosen or self.underMouse() or theme.look().is_contrast
        ground = theme.color("accent_ground" if chosen else "neutral_ground")
        painter.setPen(QPen(theme.color("accent"), 1) if outlined else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)


def _words(tab: Tab) -> str:
    return f"{tab.text} ({number_text(tab.count or 0)})"


_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class Tabs(QWidget):
    """The row.

    Args:
        name: for screen readers.
        is_pill: draw the tabs as pills.
        extras: further widgets that stand behind the tabs in the same wrapping row.

    Signals:
        chosen(object): value of the tab that a person chose.
    """

    chosen = Signal(object)

    def __init__(
        self, name: str, tabs: Sequence[Tab] = (), *, is_pill: bool = False, extras: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._is_pill = is_pill
        self._extras = tuple(extras)
        self._name = name
        self._is_compact = False
        self._menu = FilterChip(name, [(None, "")])
        self._menu.chosen.connect(self.choose)
        self._menu.hide()
        self._flow = FlowLayout(self, spacing=8 if is_pill else 4)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.buttons: list[TabButton] = []
        self._flow.addWidget(self._menu)
        self.set_tabs(tabs)

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show these; the same values keep their buttons, so that counts change in place."""
        self._menu.set_choices([(tab.value, tab.text if tab.count is None else _words(tab)) for tab in tabs])
        if [button.tab.value for button in self.buttons] == [tab.value for tab in tabs]:
            for button, tab in zip(self.buttons, tabs, strict=True):
                button.set_tab(tab)
            self._menu.set_value(self.value)
            return
        kept = self.value
        while self._flow.count():
            self._flow.takeAt(0)
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self._flow.addWidget(self._menu)
        self.buttons = [self._made(tab) for tab in tabs]
        for extra in self._extras:
            self._flow.addWidget(extra)
        self.set_value(kept if kept in [tab.value for tab in tabs] else tabs[0].value if tabs else None)

    def _made(self, tab: Tab) -> TabButton:
        button = TabButton(tab, is_pill=self._is_pill)
        button.clicked.connect(lambda _checked=False: self._choose(button))
        self._flow.addWidget(button)
        button.setVisible(not self._is_compact)  # not before it has its place: alone it would be a window
        return button

    def set_compact(self, is_compact: bool) -> None:
        """Show the tabs as one pill with a menu, where there is no room for a row."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self._menu.setVisible(is_compact)
            for button in self.buttons:
                button.setVisible(not is_compact)
            self.updateGeometry()

    def row_width(self) -> int:
        """How wide the tabs stand in one row."""
        return sum(button.sizeHint().width() + self._flow.spacing() for button in self.buttons)

    @property
    def value(self) -> object:
        return next((button.tab.value for button in self.buttons if button.isChecked()), None)

    def set_value(self, value: object) -> None:
        """Show a choice without reporting it; only the chosen tab is reached by Tab."""
        for button in self.buttons:
            is_chosen = button.tab.value == value
            button.setChecked(is_chosen)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus)
        self._menu.set_value(value)

    def choose(self, value: object) -> None:
        """Choose as a person would."""
        if value != self.value:
            self.set_value(value)
            self.chosen.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self.buttons:
            place = next((i for i, button in enumerate(self.buttons) if button.isChecked()), 0)
            button = self.buttons[(place + steps[Qt.Key(event.key())]) % len(self.buttons)]
            self.choose(button.tab.value)
            button.setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pills that would need a second row become one pill with a menu."""
        super().resizeEvent(event)
        if self._is_pill:
            extras = sum(
                extra.sizeHint().width() + self._flow.spacing() for extra in self._extras if extra.isVisibleTo(self)
            )
            self.set_compact(self.row_width() + extras > self.width())

    def _choose(self, button: TabButton) -> None:
        if not button.isChecked():
            button.setChecked(True)
            return
        self.set_value(button.tab.value)
        self.chosen.emit(button.tab.value)
