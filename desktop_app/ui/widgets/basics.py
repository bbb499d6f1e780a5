"""Small dumb pieces: labels, buttons with key hints, chips, cards. They show what they are given, nothing more.

Invariant: a status is a ``Chip`` (icon, word, colour together); every button can name its key.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.layouts import Margins, vbox
from desktop_app.ui.widgets.painting import ChipData, chip_size, keycap_size, paint_chip, paint_keycap


def label(text: str = "", role: str = "body", *, wrap: bool = False, tone: str = "") -> QLabel:
    """A text in one of the four sizes.

    Args:
        text: plain text; markup is shown as typed, so names from files are safe.
        role: body, strong, quiet, small, help, field, title, display, error, warning.
        wrap: let it break into lines; a word that is longer than any real one breaks too.
        tone: a status colour; only beside a word that says the same.
    """
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(breakable(text) if wrap else text)
    made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


def breakable(text: str) -> str:
    """The text with places to break in runs of letters that no line could hold, so they widen nothing."""
    return _ENDLESS.sub(lambda run: _PIECE.sub("\\g<0>\u200b", run[0]), text)


_ENDLESS = re.compile(r"[^\s/\\]{41,}")
_PIECE = re.compile(r"\S{16}")


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the ``tone`` property and have the stylesheet look again."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        repolish(widget)


def repolish(widget: QWidget) -> None:
    """Let the stylesheet see a changed property."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class ElidedLabel(QLabel):
    """One line that shortens itself with "…" and shows the whole text as a tooltip when cut."""

    def __init__(self, text: str = "", role: str = "body") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(24), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), shown)


class Card(QFrame):
    """A white card; add to ``card.body`` (a vertical layout)."""

    def __init__(self, title: str = "", *, margins: Margins = (18, 16), spacing: int = 8, note: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.body: QVBoxLayout = vbox(self, margins=margins, spacing=spacing)
        self.title_label: QLabel | None = None
        if title:
            from desktop_app.ui.widgets.layouts import hbox

            head = hbox(spacing=16)
            self.title_label = label(title, "strong")
            head.addWidget(self.title_label)
            head.addStretch(1)
            if note:
                head.addWidget(label(note, "small"))
            self.body.addLayout(head)
            self.setAccessibleName(title)


class Button(QPushButton):
    """A push button with icon, key cap and shrinking: first the key goes, then (if it has an icon) the words.

    Args:
        text: Vietnamese words on it.
        icon: Lucide name before the words.
        key: key shown as a cap, e.g. "F2"; only a hint, the action registry holds the shortcut.
        role: "" (quiet), "primary", "danger", "link", "plain".
        trailing: Lucide name after the words.
    """

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        key: str = "",
        role: str = "",
        trailing: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.icon_name = icon
        self.key = key
        self.trailing = trailing
        self._compactness = 0
        if role:
            self.setProperty("role", role)
        if small:
            self.setProperty("isSmall", True)
        self.setAccessibleName(text)
        if key:
            self.setToolTip(f"{text} ({key})" if text else key)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what the space bar does: the button with the focus is pressed, as in every list and field here."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def set_primary(self, is_primary: bool) -> None:
        """Make it the one main deed of the screen, or let another one be that."""
        if (self.property("role") == "primary") != is_primary:
            self.setProperty("role", "primary" if is_primary else "")
            repolish(self)
            self.updateGeometry()

    def set_compactness(self, level: int) -> None:
        """0: all; 1: without key cap; 2: icon only, where there is one."""
        if level != self._compactness:
            self._compactness = level
            if level == 2 and self.icon_name and not self.toolTip():
                self.setToolTip(self.text())
            self.updateGeometry()
            self.update()

    def _parts(self) -> tuple[str, str, str, str]:
        words = "" if self._compactness >= 2 and self.icon_name else self.text()
        key = "" if self._compactness >= 1 else self.key
        return self.icon_name, words, self.trailing if words else "", key

    def _content_size(self) -> QSize:
        icon, words, trailing, key = self._parts()
        gap = theme.px(8)
        metrics = QFontMetrics(self._font())
        widths = [theme.px(17)] * (bool(icon) + bool(trailing))
        if words:
            widths.append(metrics.horizontalAdvance(words.replace("&", "")))
        if key:
            widths.append(keycap_size(key).width())
        return QSize(sum(widths) + gap * max(0, len(widths) - 1), max(metrics.height(), theme.px(20)))

    def _font(self) -> QFont:
        size = theme.SMALL if self.property("isSmall") else theme.BODY
        return theme.font(size, strong=self.property("role") == "primary")

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return self.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, self._content_size(), self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        self._paint_content(painter)

    def _ink(self) -> str:
        if not self.isEnabled():
            return "card" if self.property("role") == "primary" else "quiet"
        inks = {"primary": "on_accent", "danger": "failed", "link": "accent"}
        return "accent_deep" if self.isChecked() else inks.get(self.property("role") or "", "ink")

    def _paint_content(self, painter: QPainter) -> None:
        icon, words, trailing, key = self._parts()
        size = self._content_size()
        gap, side = theme.px(8), theme.px(17)
        x = max(theme.px(4), (self.width() - size.width()) // 2)
        middle = self.height() // 2
        ink = self._ink()
        if icon:
            icons.paint(painter, icon, QRect(x, middle - side // 2, side, side), ink)
            x += side + gap
        if words:
            font = self._font()
            painter.setFont(font)
            painter.setPen(theme.color(ink))
            width = QFontMetrics(font).horizontalAdvance(words)
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(QRect(x, 0, width + 2, self.height()), flags, words)
            x += width + gap
        if trailing:
            icons.paint(painter, trailing, QRect(x, middle - side // 2, side, side), ink)
            x += side + gap
        if key:
            cap = keycap_size(key)
            on_accent = self.property("role") == "primary"
            box = QRect(x, middle - cap.height() // 2, cap.width(), cap.height())
            paint_keycap(painter, box, key, on_accent=on_accent)


class PrimaryButton(Button):
    """The one main deed of a screen."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", trailing: str = "", small: bool = False) -> None:
        super().__init__(text, icon=icon, key=key, role="primary", trailing=trailing, small=small)


class QuietButton(Button):
    """Every other deed."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", trailing: str = "", small: bool = False) -> None:
        super().__init__(text, icon=icon, key=key, trailing=trailing, small=small)


class IconButton(Button):
    """A small bare icon; its words are the tooltip and the accessible name."""

    def __init__(self, icon: str, words: str, *, key: str = "") -> None:
        super().__init__("", icon=icon, role="plain")
        self.key = ""
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({key})" if key else words)


class KeyHint(QWidget):
    """A key cap, alone or with words after it: ``KeyHint("F7", "lặp lại")``."""

    def __init__(self, key: str, words: str = "") -> None:
        super().__init__()
        self._key = key
        self._words = words
        self.setAccessibleName(f"{key}: {words}" if words else key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        size = keycap_size(self._key)
        if self._words:
            width = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self._words)
            size.setWidth(size.width() + theme.px(6) + width)
        return QSize(size.width(), max(size.height(), theme.px(22)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap = keycap_size(self._key)
        paint_keycap(painter, QRect(0, (self.height() - cap.height()) // 2, cap.width(), cap.height()), self._key)
        if self._words:
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.color("quiet"))
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            rect = self.rect().adjusted(cap.width() + theme.px(6), 0, theme.px(2), 0)
            painter.drawText(rect, flags, self._words)


class Chip(QWidget):
    """A status as icon, word and colour; see ``ChipData``."""

    def __init__(self, text: str = "", tone: str = "neutral", icon: str | None = None) -> None:
        super().__init__()
        self._data = ChipData(text, tone, icon)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_chip(self._data)

    @property
    def chip(self) -> ChipData:
        return self._data

    def set_chip(self, data: ChipData) -> None:
        self._data = data
        self.setAccessibleName(data.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return chip_size(self._data)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(40), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_chip(painter, self.rect(), self._data)
