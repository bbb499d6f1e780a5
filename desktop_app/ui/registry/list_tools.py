"""The small pills at the right above a list: change many rows, take the list out, choose its columns.

Invariant: each opens what has a key as well; the tooltip says the deed and the key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.ui.widgets.search import FilterChip

if TYPE_CHECKING:
    from desktop_app.ui.registry.list_page import ListPage


def list_tools(page: ListPage) -> list[FilterChip]:
    """The pills of a page, from left to right."""
    return [
        _pill("printer", "Xuất hoặc in danh sách đang hiện", page.show_output_menu),
        _pill("sliders-horizontal", "Chọn cột hiện trong danh sách", page.list.column_button_menu),
    ]


def bulk_pill(page: ListPage, action_id: str, words: str, key: str) -> FilterChip:
    """The pill of a list whose rows can be changed together."""
    return _pill("list-checks", f"{words} ({key})", lambda _owner: page.action(action_id).trigger())


def _pill(icon: str, words: str, deed: Callable[[QWidget], object]) -> FilterChip:
    made = FilterChip("")
    made.icon_name = icon
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.clicked.connect(lambda _checked=False: deed(made))
    return made
