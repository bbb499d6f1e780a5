"""Giving people a state on the national site: which state, since when; what will change is said before it is done.

Invariant: the numbers follow every answer; a date that cannot be read keeps the dialog open with its sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import SiteState
from desktop_app.services.assessment.accounts import SITE_WORDS
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.widgets.days import as_day, whole_date

ORDER = list(SiteState)


@dataclass(frozen=True)
class StateChoice:
    """What a person chose; ``keeps_further``: who is in the state already, or further on, stays as he is."""

    state: SiteState
    day: dt.date | None
    keeps_further: bool


def _spec(today: dt.date) -> w.FormSpec:
    return w.FormSpec(
        (
            w.Field(
                "state", "Trạng thái", "choice", is_required=True,
                choices=tuple((state.value, SITE_WORDS[state]) for state in ORDER), width=280,
            ),
            w.Field(
                "day", "Từ ngày", "date", help="Để trống nếu không rõ.",
                check=lambda value: whole_date(value) or (
                    "Ngày này còn ở phía trước." if as_day(value) > today else None
                ),
            ),
            w.Field(
                "keeps_further", "Giữ nguyên người đã ở trạng thái này hoặc cao hơn", "check",
                help="Bỏ dấu để ghi lại ngày, hoặc để hạ trạng thái đã ghi nhầm.",
            ),
        )
    )  # fmt: skip


class StateDialog(w.Dialog):
    """The question.

    Args:
        whose: "3 dòng đang chọn", "tất cả 1.184 người đang hiện".
        counts: how many of them stand in each state now.
        first: the state that is proposed.

    Signals:
        confirmed(StateChoice): a person said yes.
    """

    confirmed = Signal(object)

    def __init__(
        self, parent: QWidget | None, whose: str, counts: Mapping[SiteState, int], first: SiteState, today: dt.date
    ) -> None:
        super().__init__(parent, "Ghi trạng thái tài khoản", f"Ghi cho {whose}.", icon="user-check", width=520)
        self._counts = counts
        values = {"state": first.value, "day": today.isoformat(), "keeps_further": sum(counts.values()) > 1}
        self.form = w.FormView(_spec(today), values)
        self.body.addWidget(self.form)
        self.preview_label = w.label("", "strong", wrap=True)
        self.body.addWidget(self.preview_label)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        self.yes_button = self.add_button(w.PrimaryButton("Ghi"))
        self.yes_button.setDefault(True)
        self.yes_button.clicked.connect(self._on_yes)
        self.form.changed.connect(lambda _key: self._show_preview())
        self.form.submitted.connect(self._on_yes)
        self._show_preview()
        self.form.focus_first()

    @property
    def state(self) -> SiteState:
        raw = self.form.raw()["state"]
        return SiteState(raw) if raw else SiteState.REGISTERED

    def touched(self) -> int:
        """How many would be written."""
        keeps, place = bool(self.form.raw()["keeps_further"]), ORDER.index(self.state)
        return sum(n for state, n in self._counts.items() if not keeps or ORDER.index(state) < place)

    def _show_preview(self) -> None:
        keeps, place = bool(self.form.raw()["keeps_further"]), ORDER.index(self.state)
        parts = []
        for state in ORDER:
            count = self._counts.get(state, 0)
            if not count:
                continue
            words = f"{number_text(count)} người “{SITE_WORDS[state].lower()}”"
            if ORDER.index(state) < place or not keeps:
                is_same = state is self.state
                parts.append(f"{words} {'ghi lại ngày' if is_same else f'đổi sang “{SITE_WORDS[self.state].lower()}”'}")
            else:
                parts.append(f"{words} giữ nguyên")
        self.preview_label.setText("; ".join(parts) + ".")
        count = self.touched()
        self.yes_button.setText(f"Ghi {number_text(count)} người")
        self.yes_button.setEnabled(count > 0)

    def _on_yes(self) -> None:
        if not self.form.validate() or not self.yes_button.isEnabled():
            return
        values = self.form.values()
        day = as_day(values["day"]) if values["day"] else None
        self.accept()
        self.confirmed.emit(StateChoice(self.state, day, bool(values["keeps_further"])))
