"""Changing the size of the text again and again leaves nothing behind that Qt has freed."""

from __future__ import annotations

import gc

from PySide6.QtWidgets import QApplication, QLabel, QLayoutItem, QWidget

from desktop_app.ui import theme
from desktop_app.ui.widgets.layouts import hbox, vbox


def items_held() -> int:
    """How many items of layouts Python holds; PySide6 gives their places in memory to other objects' names."""
    gc.collect()
    return sum(isinstance(found, QLayoutItem) for found in gc.get_objects())


def test_another_text_size_holds_no_items_of_layouts(look: QApplication) -> None:
    page = QWidget()
    column = vbox(page)
    row = hbox(margins=(4, 8, 4, 8))
    row.addWidget(QLabel("Thôn 1"))
    column.addLayout(row)
    before = items_held()
    theme.apply(look, percent=150)
    try:
        assert items_held() == before
        assert row.contentsMargins().top() == 12
    finally:
        theme.apply(look, percent=100)
        page.deleteLater()


def test_no_garbage_is_collected_while_every_widget_is_rescaled(look: QApplication, qtbot, monkeypatch) -> None:
    widget, seen = QWidget(), []
    qtbot.addWidget(widget)
    monkeypatch.setattr(theme, "rescale", lambda _widget: seen.append(gc.isenabled()))
    before = gc.isenabled()
    theme.apply(look, percent=110)
    assert seen and not any(seen) and gc.isenabled() is before
