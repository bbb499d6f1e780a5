"""Asking for the year of a round that is opened out of turn.

Invariant: a year that cannot be keeps the dialog open with the reason below the field.
"""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.assessment.round_years import checked_year
from desktop_app.services.errors import UserError
from desktop_app.ui import widgets as w


class YearDialog(w.Dialog):
    """The question.

    Args:
        taken: years that have a round.
        first: the year that is proposed.

    Signals:
        confirmed(str): the year as typed, which can be opened.
    """

    confirmed = Signal(str)

    def __init__(self, parent: QWidget | None, taken: frozenset[int], first: int, today: dt.date) -> None:
        sentence = "Dùng khi thiếu đợt của một năm, hoặc năm đã nhập khi lập sổ bị nhầm. Đợt mới còn trống."
        super().__init__(parent, "Mở đợt của năm khác", sentence, icon="plus", width=460)

        def check(value: object) -> str | None:
            try:
                year = checked_year(str(value), today)
            except UserError as error:
                return error.message
            return f"Đợt năm {year} đã có." if year in taken else None

        self.form = w.FormView(
            w.FormSpec((w.Field("year", "Năm", is_required=True, max_length=4, width=120, check=check),)),
            {"year": str(first)},
        )
        self.body.addWidget(self.form)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        self.yes_button = self.add_button(w.PrimaryButton("Mở đợt"))
        self.yes_button.setDefault(True)
        self.yes_button.clicked.connect(self._on_yes)
        self.form.submitted.connect(self._on_yes)
        self.form.focus_first()

    def _on_yes(self) -> None:
        if self.form.validate():
            year = str(self.form.values()["year"])
            self.accept()
            self.confirmed.emit(year)
