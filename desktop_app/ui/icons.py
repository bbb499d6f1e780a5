"""Lucide icons tinted by the theme: drawn from SVG on first use, cached per size, sharp at any scale factor.

Invariant: a QIcon made here asks for its colour when it paints, so a change of theme needs no new icon.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap

from desktop_app.ui import theme

STROKE = "1.8"
"""Line width of the icons: a little lighter than Lucide's 2, to stand beside Noto Sans Regular."""


@lru_cache(maxsize=256)
def svg_text(name: str) -> str:
    """The icon's drawing; an unknown name is a fault of ours and raises FileNotFoundError."""
    from desktop_app.services.resources import resource_path

    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _pixmap(name: str, rgb: str, width: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    drawing = svg_text(name).replace("currentColor", rgb).replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    side = max(1, round(width * ratio))
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def pixmap(name: str, size: int, tint: str | QColor = "ink", ratio: float = 1.0) -> QPixmap:
    """The icon as a square of ``size`` logical pixels (already zoomed), tinted by palette name or colour."""
    colour = theme.color(tint) if isinstance(tint, str) else tint
    return _pixmap(name, colour.name(), size, ratio)


def paint(painter: QPainter, name: str, rect: QRect, tint: str | QColor = "ink") -> None:
    """Draw the icon centred in ``rect``, as large as its shorter side."""
    side = min(rect.width(), rect.height())
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    left = rect.left() + (rect.width() - side) // 2
    top = rect.top() + (rect.height() - side) // 2
    painter.drawPixmap(QPoint(left, top), pixmap(name, side, tint, ratio))


class _TintedEngine(QIconEngine):
    def __init__(self, name: str, tint: str) -> None:
        super().__init__()
        self._name = name
        self._tint = tint

    def _colour(self, mode: QIcon.Mode) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return theme.color("line_strong")
        return theme.color(self._tint)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint(painter, self._name, rect, self._colour(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(self._name, min(size.width(), size.height()), self._colour(mode))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        side = min(size.width(), size.height())
        return pixmap(self._name, max(1, side), self._colour(mode), scale)

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._tint)


_engines: list[_TintedEngine] = []


@lru_cache(maxsize=512)
def icon(name: str, tint: str = "ink") -> QIcon:
    """A theme-tinted QIcon; the same object for the same arguments. An empty name gives an empty icon."""
    if not name:
        return QIcon()
    engine = _TintedEngine(name, tint)
    _engines.append(engine)
    return QIcon(engine)
