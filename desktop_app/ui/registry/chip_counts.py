"""Counts on the chips above a list: at once for a small register, by a worker for one where counting takes long.

Invariant: what an earlier count gives is dropped; a page that is gone hears nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from shiboken6 import isValid

from desktop_app.services.registry.lists import has_many

if TYPE_CHECKING:
    from desktop_app.services.progress import Progress
    from desktop_app.ui.page import Page
    from desktop_app.ui.tasks import Task

T = TypeVar("T")


class ChipCounts:
    """Counts for one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._latest: Task | None = None

    def count(self, read: Callable[[], T], show: Callable[[T], None]) -> None:
        """Read counts and show them.

        Args:
            read: reads the register only; touches no widget.
            show: puts the counts on the chips.
        """
        page = self._page
        if page.shell is None or not has_many(page.context):
            show(read())
            return
        task: Task | None = None

        def work(_progress: Progress) -> T:
            return read()

        def done(found: T) -> None:
            if isValid(page) and self._latest is task:
                show(found)

        task = self._latest = page.shell.tasks.run(
            work, done, lambda _error: None, title="Đang đếm", shows_dialog=False
        )
