"""Thiết lập, part "Đợt và chỉ tiêu": the year's round, its days, and what the year works towards.

Invariant: a round's state is changed on its own screen only, where what is unfinished is seen.
"""

from __future__ import annotations

from typing import Any

from desktop_app.services.assessment.next_round import start_next_round
from desktop_app.services.assessment.rounds import RoundRecord, current_round, list_rounds, list_targets
from desktop_app.services.registry.words import ROUND_STATUS
from desktop_app.ui import widgets as w
from desktop_app.ui.rounds.forms import (
    ROUND_SPEC,
    round_values,
    store,
    target_spec,
    target_values,
)
from desktop_app.ui.safety.section import FormSection


class RoundSection(FormSection):
    """A card for the round, a card for its targets."""

    key, text, icon = "round", "Đợt, chỉ tiêu", "target"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.year: int | None = None
        self.open_button = w.QuietButton("", icon="plus")
        self.open_button.clicked.connect(lambda _checked=False: self.on_open())

    def buttons(self) -> tuple[Any, ...]:
        return (self.open_button, self.save_button)

    def load(self) -> None:
        rounds = list_rounds(self.context)
        chosen = next((item for item in rounds if item.year == self.year), None) or current_round(self.context)
        self.year = chosen.year
        self._newest = max(item.year for item in rounds)
        self.open_button.setText(f"Mở đợt {self._newest + 1}")
        self.open_button.setAccessibleName(self.open_button.text())
        self.clear()
        if len(rounds) > 1:
            chip = w.FilterChip("Đợt", [(item.year, str(item.year)) for item in rounds], value=chosen.year)
            chip.chosen.connect(self.show_year)
            self.body.addWidget(w.FlowRow(chip))
        self.body.addWidget(w.CardGrid(self._round_card(chosen), self._target_card(chosen), min_width=440))
        self.body.addStretch(1)

    def _round_card(self, chosen: RoundRecord) -> w.Card:
        self.round_form = self.add_form(ROUND_SPEC, round_values(chosen))
        self.round_form.setEnabled(not chosen.is_closed)
        card = w.Card(f"Đợt {chosen.year}", margins=(24, 20), spacing=12)
        card.body.addWidget(w.label(f"Trạng thái: {ROUND_STATUS[chosen.status].lower()}.", "quiet", wrap=True))
        self.state_button = w.QuietButton("Khóa, mở lại, chọn mô hình…", icon="calendar")
        self.state_button.clicked.connect(lambda _checked=False: self.on_state())
        card.body.addWidget(w.FlowRow(self.state_button))
        card.body.addWidget(self.round_form)
        return card

    def _target_card(self, chosen: RoundRecord) -> w.Card:
        self._found = {(item.model, item.group): item for item in list_targets(self.context, chosen.year)}
        self.target_form = self.add_form(target_spec(self._found), target_values(self._found))
        self.target_form.setEnabled(not chosen.is_closed)
        card = w.Card(f"Chỉ tiêu năm {chosen.year}", margins=(24, 20), spacing=12)
        card.body.addWidget(self.target_form)
        return card

    def show_year(self, year: object) -> None:
        """Another round; what was typed for this one is saved first."""
        if isinstance(year, int) and year != self.year and self.leave():
            self.year = year
            self.load()

    def on_state(self) -> None:
        """The round's own screen: its state, what is unfinished in it, its models."""
        from desktop_app.ui.rounds.page import RoundPage

        if self.page.shell is not None and self.leave():
            self.page.shell.push(RoundPage(self.context, self.year))

    def on_open(self) -> None:
        """Open the round of the year after the last, from it."""
        if not self.leave():
            return
        with self.page.errors():
            self.year = start_next_round(self.context, self._newest).year
            self.load()
            self.page.notify(f"Đã mở đợt {self.year}.", can_undo=True)
            self.page.host.place_changed()

    def store(self) -> None:
        assert self.year is not None
        days = self.round_form.values() if self.round_form.is_changed else {}
        targets = self.target_form.values() if self.target_form.is_changed else {}
        if days or targets:
            store(self.context, self.year, days, targets, self._found)
        if days:
            self.page.host.place_changed()
