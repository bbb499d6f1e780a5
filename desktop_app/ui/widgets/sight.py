"""How large the visible part of a scrolling area is, without touching the widget that Qt puts inside it.

PySide6 takes some 20 ms to find out what kind of widget Qt's own viewport is, once in a program, and the first list is
waited for just then.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractScrollArea


def viewport_size(area: QAbstractScrollArea) -> QSize:
    """The size of ``area.viewport()`` in pixels."""
    size = area.maximumViewportSize()
    upright, level = area.verticalScrollBar(), area.horizontalScrollBar()
    width = upright.width() if upright.isVisibleTo(area) else 0
    height = level.height() if level.isVisibleTo(area) else 0
    return QSize(max(0, size.width() - width), max(0, size.height() - height))
