"""Shared brushwork: chips, key caps, bars and focus rings, drawn alike by widgets and by table delegates.

Invariant: pure drawing from the theme; nothing here keeps state or knows a widget.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from desktop_app.ui import icons, theme

TONE_ICONS = {
    "passed": "check",
    "failed": "x",
    "attention": "triangle-alert",
    "accent": "info",
    "neutral": "minus",
}


@dataclass(frozen=True)
class ChipData:
    """A status in a word with its tone (see ``theme.TONES``); status tones always carry an icon.

    Args:
        text: the word, e.g. "Đạt".
        tone: neutral, accent, passed, failed or attention.
        icon: Lucide name; None takes the tone's own, "" draws none (for counts that are not a status).
    """

    text: str
    tone: str = "neutral"
    icon: str | None = None

    @property
    def icon_name(self) -> str:
        return TONE_ICONS[self.tone] if self.icon is None else self.icon


def chip_size(chip: ChipData) -> QSize:
    metrics = QFontMetrics(theme.font(theme.SMALL))
    icon = theme.px(14) + theme.px(6) if chip.icon_name else 0
    return QSize(metrics.horizontalAdvance(chip.text) + icon + 2 * theme.px(10), theme.px(25))


def paint_chip(painter: QPainter, rect: QRect, chip: ChipData, *, on_selection: bool = False) -> None:
    """Draw the chip at the left of ``rect``, centred in height, elided when it does not fit."""
    ink, ground = theme.tone_colors(chip.tone)
    if on_selection:
        ground = theme.color("card")
    size = chip_size(chip)
    width = min(size.width(), rect.width())
    box = QRectF(rect.left(), rect.center().y() - size.height() / 2 + 0.5, width, size.height())
    painter.setPen(QPen(ink, 1) if theme.look().is_contrast else Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    left = int(box.left()) + theme.px(10)
    if chip.icon_name:
        side = theme.px(14)
        icons.paint(painter, chip.icon_name, QRect(left, round(box.center().y() - side / 2), side, side), ink)
        left += side + theme.px(6)
    font = theme.font(theme.SMALL)
    painter.setFont(font)
    painter.setPen(ink)
    room = int(box.right()) - theme.px(8) - left
    text = QFontMetrics(font).elidedText(chip.text, Qt.TextElideMode.ElideRight, max(room, 0))
    painter.drawText(QRect(left, int(box.top()), room + theme.px(4), int(box.height())), _VCENTER, text)


_VCENTER = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


def keycap_size(text: str) -> QSize:
    metrics = QFontMetrics(_key_font())
    height = theme.px(20)
    return QSize(max(height, metrics.horizontalAdvance(text) + theme.px(12)), height)


def _key_font() -> QFont:
    font = theme.font(theme.SMALL)
    font.setPixelSize(theme.px(11.5))
    return font


def paint_keycap(painter: QPainter, rect: QRect, text: str, *, on_accent: bool = False) -> None:
    """A small key with a thicker lower edge."""
    line = theme.color("accent_soft" if on_accent else "line_strong")
    ink = theme.color("on_accent" if on_accent else "quiet")
    ground = QColor(255, 255, 255, 36) if on_accent else theme.color("chrome")
    box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    radius = theme.px(4)
    painter.setPen(QPen(line, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, radius, radius)
    painter.setPen(QPen(line, theme.px(1.5)))
    painter.drawLine(
        QPointF(box.left() + radius, box.bottom() - 0.5),
        QPointF(box.right() - radius, box.bottom() - 0.5),
    )
    painter.setFont(_key_font())
    painter.setPen(ink)
    painter.drawText(rect.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignCenter, text)


def paint_bar(
    painter: QPainter,
    rect: QRectF,
    done: float,
    *,
    also: float = 0.0,
    target: float | None = None,
    tone: str = "accent",
) -> None:
    """A bar of shares 0 to 1: dark for ``done``, pale up to ``also``, a mark at ``target``; it grows from the left."""
    radius = rect.height() / 2
    painter.setPen(QPen(theme.color("line_strong"), 1) if theme.look().is_contrast else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("track"))
    painter.drawRoundedRect(rect, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    strong = theme.tone_colors(tone)[0] if tone != "accent" else theme.color("accent")
    for share, colour in ((also, theme.color("accent_soft")), (done, strong)):
        width = rect.width() * min(max(share, 0.0), 1.0)
        if width > 0:
            painter.setBrush(colour)
            part = QRectF(rect.left(), rect.top(), max(width, rect.height()), rect.height())
            painter.drawRoundedRect(part, radius, radius)
    if target is not None:
        x = rect.left() + rect.width() * min(max(target, 0.0), 1.0)
        over = rect.height() * 0.45
        painter.setPen(QPen(theme.color("card"), theme.px(4)))
        painter.drawLine(QPointF(x, rect.top() - over), QPointF(x, rect.bottom() + over))
        painter.setPen(QPen(theme.color("attention_mark"), theme.px(2)))
        painter.drawLine(QPointF(x, rect.top() - over), QPointF(x, rect.bottom() + over))


def paint_focus(painter: QPainter, rect: QRect, radius: float = 8) -> None:
    """The focus ring: the accent, two pixels, inside ``rect``."""
    width = theme.px(2)
    half = width / 2
    painter.setPen(QPen(theme.color("accent"), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), theme.px(radius), theme.px(radius))
