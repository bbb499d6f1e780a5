"""Scrolls a page, where it does not fit, to the part in which work goes on.

Invariant: a part that is seen whole already moves nothing.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from desktop_app.ui import theme

SETTLE_MS = 30
"""After a part was shown or filled, its page needs a moment to give it its size."""


def bring(widget: QWidget) -> None:
    """Show all of a part of a page, its top where it is higher than the page."""
    area = widget.parent()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parent()
    if isinstance(area, QScrollArea):
        QTimer.singleShot(SETTLE_MS, area, partial(_scroll, area, widget))


def _scroll(area: QScrollArea, widget: QWidget) -> None:
    if not isValid(widget) or not widget.isVisible():
        return
    body = area.widget()
    if body is None:
        return
    layout = body.layout()
    if layout is not None:
        layout.activate()
    top = widget.mapTo(body, QPoint(0, 0)).y() - theme.px(12)
    bottom = top + max(widget.height(), widget.sizeHint().height()) + theme.px(24)
    bar = area.verticalScrollBar()
    if top < bar.value() or bottom > bar.value() + area.viewport().height():
        bar.setValue(min(top, bottom - area.viewport().height()))
