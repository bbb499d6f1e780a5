"""A page with long work: it runs in a worker, its outcome and its troubles are said on the page itself.

Invariant: a page that was left meanwhile hears nothing of its work; while something is being written the page cannot be
left; what goes wrong is one sentence, and what was shown before stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from shiboken6 import isValid

from desktop_app.services.errors import AppError
from desktop_app.services.progress import Progress
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.page import Page
from desktop_app.ui.widgets.feedback import Banner
from desktop_app.ui.widgets.layouts import ScrollBody

T = TypeVar("T")
WaysOut = Mapping[str, tuple[str, Callable[[], object]]]
"""Code of an error → words of the button that leads out of it, and what the button does."""


class WorkPage(Page):
    """Base of pages that read, compare, write and pack."""

    _is_writing = False

    def can_leave(self) -> bool:
        """Not while something is being written: stop it first (Hủy)."""
        return not self._is_writing

    def ways_out(self) -> WaysOut:
        """Errors that have a button beside their sentence; override."""
        return {}

    def run(
        self,
        work: Callable[[Progress], T],
        on_done: Callable[[T], object],
        title: str,
        *,
        about: str = "",
        stopped: str = "",
        is_writing: bool = False,
        can_cancel: bool = True,
        on_failed: Callable[[], object] | None = None,
    ) -> None:
        """Do long work in a worker; nothing begins while this page writes.

        Args:
            about: the file's name, said before an error that does not name it.
            stopped: what is said when a person has stopped the work.
            is_writing: the page cannot be left until it has ended.
            on_failed: called before the sentence of an error is shown.
        """
        assert self.shell is not None
        if self._is_writing:
            return
        self.clear_banner()
        self._is_writing = is_writing

        def ended(then: Callable[[], object]) -> None:
            if isValid(self):
                self._is_writing = False
                then()

        def fail(error: Exception) -> None:
            if on_failed is not None:
                on_failed()
            self.show_trouble(error, about)

        self.shell.tasks.run(
            work,
            lambda result: ended(partial(on_done, result)),
            lambda error: ended(partial(fail, error)),
            title=title,
            on_cancelled=lambda: ended(partial(self._say_stopped, stopped)),
            can_cancel=can_cancel,
        )

    def show_trouble(self, error: Exception, about: str = "") -> None:
        """An error as a sentence on the page, with its way out; an unforeseen one goes to the window's own handling."""
        shown = as_app_error(error)
        if shown.code == "bug" and not isinstance(error, AppError):
            raise error
        button, on_button = self.ways_out().get(shown.code, ("", None))
        tone = "failed" if shown.code == "bug" else "attention"
        sentence = f"{about}: {shown.message}" if about and about not in shown.message else shown.message
        banner = self.show_banner(sentence, tone, button=button, on_button=on_button)
        if banner.button is not None:
            banner.show()  # its layout would show it a turn later, and what is hidden holds no focus
            banner.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_banner(
        self, text: str, tone: str = "accent", *, button: str = "", on_button: Callable[[], object] | None = None
    ) -> Banner:
        """A sentence at the top of the page, which is scrolled to it."""
        banner = super().show_banner(text, tone, button=button, on_button=on_button)
        self.scroll_to_top()
        return banner

    def scroll_to_top(self) -> None:
        """Show the page from its top, once it has its sizes: taking the focus may have moved it."""
        item = self._outer.itemAt(0)
        area = item.widget() if item is not None else None
        if isinstance(area, ScrollBody):
            QTimer.singleShot(0, area, partial(area.verticalScrollBar().setValue, 0))

    def _say_stopped(self, sentence: str) -> None:
        if sentence:
            self.show_banner(sentence, "neutral")
