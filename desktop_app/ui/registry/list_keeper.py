"""Keeps a long list in memory while its page is shown, so that every order and every filter of it comes at once.

Invariant: the memory is made by a worker, when nothing else works and nothing was written for a moment; what is shown
does not change by it, only the next page asked for comes sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from desktop_app.ui.page import Page
    from desktop_app.ui.widgets.data_table import DataTable

LOOK_MS = 500
"""A deed's writing and what follows it are over by then; nobody chooses an order sooner after a list appeared."""


class ListKeeper(QObject):
    """For one table of a page."""

    def __init__(self, page: Page, table: DataTable) -> None:
        super().__init__(page)
        self._page = page
        self._table = table
        self._version: int | None = None
        self._in_vain: int | None = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        paged = table.paged
        assert paged is not None
        paged.modelReset.connect(self._on_new_list)

    @property
    def _source(self) -> Any:
        paged = self._table.paged
        return paged.source if paged is not None else None

    def _on_new_list(self) -> None:
        """A list was shown: look after it in a moment, if it is one of those that are kept."""
        if not self._timer.isActive() and self._page.shell is not None and hasattr(self._source, "is_wanted"):
            self._timer.start()

    def look(self) -> None:
        """Have the memory made, where it is wanted and the file is at rest."""
        page = self._page
        if page.shell is None or not self._table.isVisible() or page.shell.tasks.is_busy:
            return
        version, self._version = self._version, page.context.version()
        source = self._source
        if self._version is None or source is None or version not in (None, self._version):
            return
        if self._version == self._in_vain:
            return
        if source.is_wanted():
            tried = self._version
            page.shell.tasks.run(
                source.remember,
                lambda is_kept: self._on_made(tried, is_kept=is_kept),
                lambda _error: self._on_made(tried, is_kept=False),
                title="Đang xếp danh sách",
                shows_dialog=False,
            )
        elif not page.context.memory:  # a short list: nothing of it is to be kept
            self._timer.stop()

    def _on_made(self, version: int, *, is_kept: bool) -> None:
        """What was not kept is read from the register as before, and not tried again before something is written."""
        self._in_vain = None if is_kept else version
