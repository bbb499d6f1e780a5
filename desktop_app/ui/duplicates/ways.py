"""The ways to the screen of duplicates: a pill on the list of citizens, and a word after people came in.

Invariant: the pill shows a count only while it still holds; searching what came in never stops the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiboken6 import isValid

from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.widgets.feedback import Banner
from desktop_app.ui.widgets.search import FilterChip

if TYPE_CHECKING:
    from desktop_app.services.duplicates.search import DuplicateSearch
    from desktop_app.ui.page import Page


class DuplicatesChip(FilterChip):
    """ "Nghi trùng: 9" above the list of citizens; opens the screen of duplicates."""

    def __init__(self, page: Page) -> None:
        super().__init__("Tìm trùng")
        self.icon_name = "copy"
        self.setToolTip("Tìm hồ sơ có thể là của cùng một người")
        self.clicked.connect(lambda _checked=False: open_duplicates(page))
        self._page = page

    def refresh(self) -> None:
        """Show the count of the last search, where nothing was written about people since; not in a closed window."""
        if not self._page.window().isVisible():
            return
        from desktop_app.services.duplicates.known import known_count

        known = known_count(self._page.context)
        self._tone = "attention" if known is not None and known[0] else "neutral"
        self.set_label("Tìm trùng" if known is None else f"Nghi trùng: {number_text(known[0])}")
        self.update()


def open_duplicates(page: Page, operation: str | None = None, *, people: tuple[str, str] | None = None) -> None:
    """Put the screen of duplicates on top of a page.

    Args:
        operation: uid of an import or merge: only pairs with somebody whom it wrote.
        people: two people to be compared and merged by a person's own wish.
    """
    from desktop_app.ui.duplicates.page import DuplicatesPage

    if page.shell is not None:
        page.shell.push(DuplicatesPage(page.context, operation, people=people))


def offer_duplicates(page: Page, operation: str, *, keeps: bool = False) -> None:
    """Search quietly what an import or a merge brought; where there are pairs, say so at the top of the page.

    Args:
        keeps: leave the page's banner, with its button, where it is and say it below in a banner of its own.
    """
    from desktop_app.services.duplicates.search import find_among_operation

    def search(progress: Progress) -> DuplicateSearch:
        return find_among_operation(page.context, operation, progress=progress)

    def say(found: DuplicateSearch) -> None:
        if not found.pairs or not isValid(page):
            return
        words = f"{number_text(len(found.pairs))} cặp có thể trùng với người đã có trong sổ."
        look: dict[str, Any] = {"button": "Xem các cặp", "on_button": lambda: open_duplicates(page, operation)}
        if keeps and page.banner is not None:
            made = Banner(words, "attention", **look)
            made.closed.connect(made.deleteLater)
            page.banner.destroyed.connect(made.deleteLater)
            page.body.insertWidget(1, made)
        else:
            page.show_banner(words, "attention", **look)

    if page.shell is not None:
        page.shell.tasks.run(search, say, lambda _error: None, title="Đang tìm hồ sơ trùng", shows_dialog=False)
