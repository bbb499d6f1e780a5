"""A round's days and targets: two forms that are saved as one deed.

Invariant: what can be read is saved on leaving; what cannot is kept in its field and holds the person there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.services.assessment.rounds import RoundRecord, RoundTarget, list_targets
from desktop_app.services.context import Context
from desktop_app.ui import widgets as w
from desktop_app.ui.rounds.forms import (
    ROUND_SPEC,
    Target,
    round_values,
    store,
    target_spec,
    target_values,
)


class DaysView(QWidget):
    """Days at the left, targets at the right, one below the other where it is narrow.

    Args:
        context: the opened register.
        errors: the page's way to say what went wrong.
        stored: called after a change was written.
    """

    def __init__(self, context: Context, errors: Callable[[], Any], stored: Callable[[str], object]) -> None:
        super().__init__()
        self._context, self._errors, self._stored = context, errors, stored
        self._year = 0
        self._found: dict[Target, RoundTarget] = {}
        self._inner = QWidget()
        self._room = w.vbox(self._inner, spacing=0)
        w.vbox(self).addWidget(w.ScrollBody(self._inner))
        self.round_form: w.FormView | None = None
        self.target_form: w.FormView | None = None

    def show_round(self, chosen: RoundRecord, *, may_change: bool) -> None:
        """Show a round's forms afresh."""
        self._year = chosen.year
        self._found = {(item.model, item.group): item for item in list_targets(self._context, chosen.year)}
        while (item := self._room.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.round_form = w.FormView(ROUND_SPEC, round_values(chosen))
        self.target_form = w.FormView(target_spec(self._found), target_values(self._found))
        cards = []
        for title, form in (("Ngày của đợt", self.round_form), (f"Chỉ tiêu năm {chosen.year}", self.target_form)):
            form.setEnabled(may_change)
            form.submitted.connect(self.save)
            card = w.Card(title, margins=(24, 20), spacing=12)
            card.body.addWidget(form)
            cards.append(card)
        self._room.addWidget(w.CardGrid(*cards, min_width=440))
        self._room.addStretch(1)

    @property
    def is_changed(self) -> bool:
        return any(form is not None and form.is_changed for form in (self.round_form, self.target_form))

    def save(self) -> bool:
        """Check and write; True when nothing is left to write."""
        if not self.is_changed:
            return True
        assert self.round_form is not None and self.target_form is not None
        if not self.round_form.validate() or not self.target_form.validate():
            return False
        with self._errors():
            days = self.round_form.values() if self.round_form.is_changed else {}
            targets = self.target_form.values() if self.target_form.is_changed else {}
            store(self._context, self._year, days, targets, self._found)
            self._stored(f"Đã cất ngày và chỉ tiêu của đợt {self._year}.")
            return True
        return False

    def focus_first(self) -> None:
        if self.round_form is not None:
            self.round_form.focus_first()
