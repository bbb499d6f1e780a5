"""Checking and signing the form in front: the deeds behind the check panel and its button.

Invariant: reasons and signatures are written by the service, one operation each; the panel shows what then stands.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desktop_app.services.assessment.checks import Finding, FindingKind, find
from desktop_app.services.assessment.signing import keep_with_reason, proposed_assessor, sign_form
from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.subject_side import earlier_words

if TYPE_CHECKING:
    from desktop_app.ui.assessment.form_page import FormPage


class CheckWork:
    """Serves one form page; not a widget."""

    def __init__(self, page: FormPage, session: FormSession) -> None:
        self._page = page
        self._session = session
        self._findings: tuple[Finding, ...] = ()
        self._signature_of = ""
        panel = page.check
        panel.go_asked.connect(self._on_go)
        panel.reason_given.connect(self.keep)
        panel.signed.connect(self.sign)
        panel.closed.connect(self.toggle)

    @property
    def is_shown(self) -> bool:
        return self._page.work.currentWidget() is self._page.check

    def toggle(self) -> None:
        """Ctrl+J: the panel in place of the indicator, or the indicator again."""
        page = self._page
        if page.is_asking or self.close() or not page.take():
            return
        page.work.setCurrentWidget(page.check)
        self._signature_of = ""
        self.show()
        page.check.focus_work()

    def leave(self) -> None:
        """Bring the indicators back; the focus is the caller's."""
        self._page.work.setCurrentIndex(0)

    def close(self) -> bool:
        """Go back to the answer; False when the panel was not shown."""
        if not self.is_shown:
            return False
        self.leave()
        self._page.focus_work()
        return True

    def show(self) -> None:
        """Judge the form anew and show it beside the indicator, in the button and in the panel."""
        page, state = self._page, self._session.state
        self._findings = find(state)
        code = self._session.indicators[page.place].code
        own = [item for item in self._findings if item.code == code and item.kind is not FindingKind.MISSING]
        page.view.finding_line.set_findings(own)
        page.set_check_count(sum(item.kind in (FindingKind.ERROR, FindingKind.WARNING) for item in self._findings))
        if self.is_shown:
            is_readonly = bool(state.readonly_reason)
            page.check.set_findings(self._findings, is_readonly=is_readonly)
            page.check.set_earlier(earlier_words(state))
            self._show_signature()

    def keep(self, code: str, reason: str) -> None:
        """Write the reason for which a warning is kept."""
        session = self._session
        with self._page.errors():
            keep_with_reason(session.context, session.model, session.state.subject.uid, session.year, code, reason)
            self._reopen("Đã ghi lý do." if reason.strip() else "Đã bỏ lý do.")

    def sign(self, name: str, day: str) -> None:
        """Write down who filled the form, and when."""
        session = self._session
        with self._page.errors():
            sign_form(session.context, session.model, session.state.subject.uid, session.year, name, day)
            self._signature_of = ""
            self._reopen("Đã ghi người chấm." if name.strip() else "Đã bỏ tên người chấm.")

    def _reopen(self, said: str) -> None:
        page, session = self._page, self._session
        session.reopen()
        session.has_changes = True
        page.clear_banner()
        page.side.show_chips(session.state)
        self.show()
        page.check.focus_work()
        if page.shell is not None:
            page.shell.notify(said, can_undo=True)

    def _show_signature(self) -> None:
        state, panel = self._session.state, self._page.check
        signature = state.subject.uid + state.assessor + state.assessed_on
        if self._signature_of == signature:
            return
        self._signature_of = signature
        if state.assessor:
            day = f"{dt.date.fromisoformat(state.assessed_on):%d/%m/%Y}" if state.assessed_on else ""
            panel.set_signature(state.assessor, day, "")
            return
        today = dt.datetime.fromtimestamp(self._session.context.journal.clock() / 1000)
        name = proposed_assessor(self._session.context, self._session.model, state.subject.name)
        panel.set_signature(name, f"{today:%d/%m/%Y}", "Đề nghị của phần mềm, chưa ghi. Enter ở ô ngày để ghi.")

    def _on_go(self, code: str) -> None:
        place = next((i for i, item in enumerate(self._session.indicators) if item.code == code), None)
        if place is not None:
            self._page.go_to(place)
            self._page.focus_work()
