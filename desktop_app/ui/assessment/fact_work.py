"""From a form to those behind it: who is counted in its shares, and the forms of its members.

Invariant: what is typed is taken and the form's deed is closed before another screen stands on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel
from desktop_app.ui.assessment.session import FormSession

if TYPE_CHECKING:
    from desktop_app.ui.assessment.form_page import FormPage


class FactWork:
    """Serves one form page; not a widget."""

    def __init__(self, page: FormPage, session: FormSession) -> None:
        self._page = page
        self._session = session
        page.side.member_opened.connect(self.open_member)
        page.side.fact_opened.connect(self.open)
        page.view.fact_opened.connect(self.open)

    def open(self, key: str = "") -> None:
        """The list behind a counted share; without a key, behind that of the indicator in front or the form's first."""
        page, session = self._page, self._session
        if page.shell is None or page.is_asking or not page.take():
            return
        if not session.state.facts:
            page.shell.notify("Phiếu này không có tỷ lệ nào tính từ sổ.", "neutral")
            return
        from desktop_app.ui.assessment.fact_page import FactPage

        session.leave()
        wanted = key or session.indicators[page.place].fact or ""
        page.shell.push(FactPage(session.context, session.model, session.state.subject.uid, session.year, wanted))

    def open_member(self, model: str, uid: str) -> None:
        """The form of a member, on top of this one."""
        page, session = self._page, self._session
        if page.shell is not None and page.take():
            session.leave()
            page.shell.push(type(page)(session.context, LearningModel(model), session.year, uid))
