"""From one person's form to the next down the work list: what is typed is taken first, the verdict is said in parting.

Invariant: a form is left only when all that was typed in it is stored; at an end of the list nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.words import sentence_tone

if TYPE_CHECKING:
    from desktop_app.ui.assessment.form_page import FormPage


class PeopleWalk:
    """Serves one form page; not a widget."""

    def __init__(self, page: FormPage, session: FormSession) -> None:
        self._page = page
        self._session = session

    def go_next(self) -> None:
        self._step(self._session.go_next, "Đã hết danh sách đang lọc.")

    def go_previous(self) -> None:
        self._step(self._session.go_previous, "Đây là đầu danh sách.")

    def _step(self, go: Callable[[], object], end: str) -> None:
        page = self._page
        if not page.take():
            return
        said, tone = self._farewell()
        with page.errors():
            if go() is None:
                self._say(end, "neutral")
                return
            page.show_state()
            if said:
                self._say(said, tone)
        page.focus_work()

    def _farewell(self) -> tuple[str, str]:
        """The verdict of the form that is left and its tone, where something was answered in it."""
        session = self._session
        if not session.has_changes:
            return "", ""
        session.has_changes = False
        return f"{session.state.subject.name}: {session.short}", sentence_tone(session.state.sentence)

    def _say(self, text: str, tone: str) -> None:
        if self._page.shell is not None:
            self._page.shell.notify(text, tone)
