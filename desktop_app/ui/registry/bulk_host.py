"""Lets a list's rows be chosen by many and changed together; the pane itself is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView

if TYPE_CHECKING:
    from desktop_app.ui.registry.bulk_pane import BulkPane
    from desktop_app.ui.registry.edit_page import EditPage


def host_bulk(page: EditPage, *, announces: Sequence[str] = ()) -> Callable[[], None]:
    """Give the deed to bind to an action of a list.

    Args:
        page: a page of people or households.
        announces: other lists that must read anew after a change.
    """
    page.list.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    made: list[BulkPane] = []

    def open_pane() -> None:
        from desktop_app.ui.registry.bulk_pane import open_bulk

        open_bulk(page, tuple(announces), made)

    return open_pane
