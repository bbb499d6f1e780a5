"""The size of a scrolling area's visible part, told without its viewport, is that of its viewport."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLabel

from desktop_app.ui import theme
from desktop_app.ui.widgets.layouts import ScrollBody
from desktop_app.ui.widgets.sight import viewport_size
from desktop_app.ui.widgets.table_view import TableView


def _table(rows: int, columns: int) -> TableView:
    view = TableView()
    view.setModel(QStandardItemModel(rows, columns, view))
    return view


def _body(width: int, height: int) -> ScrollBody:
    inner = QLabel("Thôn 1")
    inner.setMinimumSize(width, height)
    return ScrollBody(inner)


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("large", [False, True], ids=["all in sight", "with scroll bars"])
@pytest.mark.parametrize("kind", ["table", "body"])
def test_the_size_in_sight_is_that_of_the_viewport(qtbot, look, kind: str, large: bool, percent: int) -> None:
    theme.apply(look, percent=percent)
    area: QAbstractScrollArea = (
        (_table(60, 30) if large else _table(2, 1)) if kind == "table" else _body(*((900, 900) if large else (20, 20)))
    )
    qtbot.addWidget(area)
    for width, height in ((400, 300), (250, 700), (640, 260)):
        area.resize(width, height)
        area.show()
        QApplication.processEvents()
        assert area.verticalScrollBar().isVisible() == large
        assert viewport_size(area) == area.viewport().size()
        area.hide()
        assert viewport_size(area) == area.viewport().size()
