"""Registering from the work list: everybody that it shows, or the selected rows; each is one deed that can be undone.

Invariant: how many a bulk deed will touch is said before it is done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.registration import (
    RegistrationResult,
    register_subjects,
    unregister_subjects,
)
from desktop_app.services.assessment.rounds import require_registering
from desktop_app.services.assessment.subjects import TITLES, UNITS
from desktop_app.services.assessment.worklist import WorkRow, work_list
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.registration_dialog import RegistrationDialog, RegistrationPlan

if TYPE_CHECKING:
    from desktop_app.ui.assessment.page import AssessmentPage


class RegistrationWork:
    """Serves the work list's page; not a widget."""

    def __init__(self, page: AssessmentPage) -> None:
        self._page = page
        self.dialog: RegistrationDialog | None = None

    def ask(self) -> None:
        """Say how many would be registered, and ask."""
        page = self._page
        if page.round is None or page.source is None or not page.source.count():
            return
        with page.errors():
            require_registering(page.round)
            wanted = replace(page.source.filter, is_registered=True)
            plan = RegistrationPlan(
                TITLES[page.model],
                UNITS[page.model],
                page.round.year,
                page.filters.words(page.search_text),
                page.source.count(),
                work_list(page.context, page.model, page.round.year, wanted).count(),
            )
            self.dialog = RegistrationDialog(page.window(), plan, dt.date.today())
            self.dialog.confirmed.connect(self._register_list)
            self.dialog.finished.connect(self.dialog.deleteLater)
            self.dialog.open()

    def _register_list(self, day: str | None) -> None:
        page = self._page
        assert page.shell is not None and page.round is not None and page.source is not None
        context, source, year, model = page.context, page.source, page.round.year, page.model
        page.shell.tasks.run(
            lambda progress: register_subjects(context, model, year, source.uids(), registered_on=day),
            self._on_registered,
            title="Đang đăng ký",
            can_cancel=False,
        )

    def _on_registered(self, result: RegistrationResult) -> None:
        page = self._page
        words = f"Đã đăng ký {number_text(result.count)} {UNITS[page.model]}"
        if result.renewed:
            words += f" ({number_text(result.renewed)} tái đăng ký)"
        if result.left_out:
            words += f"; bỏ qua {number_text(result.left_out)} thuộc nhóm không tham gia đợt"
        if result.unfit:
            why = "đã mất, chuyển đi hoặc chưa đủ tuổi" if page.model is LearningModel.CITIZEN else "đã ngừng"
            words += f"; bỏ qua {number_text(result.unfit)} {why}"
        if result.already and not result.count:
            words += f"; {number_text(result.already)} đã đăng ký từ trước"
        if page.shell is not None:
            page.shell.notify(f"{words}.", can_undo=bool(result.count))
        page.show_list()

    def toggle(self) -> None:
        """Register the selected rows, or take them back where all of them are registered."""
        page = self._page
        rows = [row for row in page.table.selected() if isinstance(row, WorkRow)]
        if not rows or page.round is None:
            return
        uids = [row.uid for row in rows]
        with page.errors():
            if all(row.is_registered for row in rows):
                count = unregister_subjects(page.context, page.model, page.round.year, uids)
                words = f"Đã bỏ đăng ký {number_text(count)} {UNITS[page.model]}."
            else:
                result = register_subjects(page.context, page.model, page.round.year, uids)
                words = f"Đã đăng ký {number_text(result.count)} {UNITS[page.model]}."
            if page.shell is not None:
                page.shell.notify(words, can_undo=True)
            page.show_list()
