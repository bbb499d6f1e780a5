"""What the review list is narrowed to: stage, hamlet, unit, state at the stage; chips that also count.

Invariant: at most one state is chosen; what does not apply to a model is neither shown nor asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import LearningModel, ReviewStage
from desktop_app.services.assessment.review.listing import ReviewCounts, ReviewFilter
from desktop_app.services.assessment.review.standing import STATE_TEXT, ReviewState
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.review.words import STAGES, STATE_TONES
from desktop_app.ui.widgets.layouts import FlowRow, vbox
from desktop_app.ui.widgets.search import FilterChip

_WITHOUT_HAMLETS = (LearningModel.COMMUNITY, LearningModel.COMMUNE)


class ReviewFilters(QWidget):
    """Two rows: the stages with the places, and the states.

    Signals:
        changed: a person chose something else.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = LearningModel.CITIZEN
        self.hamlet_chip = FilterChip("Thôn", [(None, "tất cả")])
        self.unit_chip = FilterChip("Đơn vị", [(None, "tất cả")])
        self.stages = Tabs("Bước", is_pill=True, extras=(self.hamlet_chip, self.unit_chip))
        self.states: dict[ReviewState, FilterChip] = {}
        row = FlowRow()
        for state in ReviewState:
            tone, icon = STATE_TONES[state]
            self.states[state] = row.add(FilterChip.switch(STATE_TEXT[state], tone, icon))
            self.states[state].toggled.connect(partial(self._on_switch, self.states[state]))
        self.failed_chip = row.add(FilterChip.switch("Chưa đạt", "failed", "x"))
        self.objected_chip = row.add(FilterChip.switch("Có ý kiến", "attention", "gavel"))
        for chip in (self.failed_chip, self.objected_chip):
            chip.toggled.connect(lambda _on: self.changed.emit())
        column = vbox(self, spacing=8)
        column.addWidget(self.stages)
        column.addWidget(row)
        self.stages.chosen.connect(lambda _stage: self.changed.emit())
        for menu in (self.hamlet_chip, self.unit_chip):
            menu.chosen.connect(lambda _value: self.changed.emit())

    @property
    def stage(self) -> ReviewStage:
        value = self.stages.value
        return value if isinstance(value, ReviewStage) else ReviewStage.COMMUNE

    def set_stages(self, used: Sequence[ReviewStage]) -> None:
        """The stages that the office uses; the chosen one stays while it is among them."""
        self.stages.set_tabs([Tab(stage, STAGES[stage]) for stage in used])

    def set_places(self, hamlets: Sequence[tuple[object, str]], units: Sequence[tuple[object, str]]) -> None:
        """The hamlets and units to choose from; what is chosen stays while it is there."""
        for chip, found in ((self.hamlet_chip, hamlets), (self.unit_chip, units)):
            kept = chip.value
            choices: list[tuple[object, str]] = [(None, "tất cả"), *found]
            chip.set_choices(choices)
            chip.set_value(kept if kept in [value for value, _ in choices] else None)
        self._has_units = bool(units)
        self.set_model(self._model)

    def set_model(self, model: LearningModel) -> None:
        """Show the chips that make sense for a model."""
        self._model = model
        self.hamlet_chip.setVisible(model not in _WITHOUT_HAMLETS)
        self.unit_chip.setVisible(model is LearningModel.CITIZEN and getattr(self, "_has_units", False))

    def set_counts(self, counts: ReviewCounts) -> None:
        """How many there are of each state; a state of nobody takes no room."""
        for state, chip in self.states.items():
            chip.set_label(f"{STATE_TEXT[state]} {number_text(counts.states[state])}")
            chip.setVisible(bool(counts.states[state]) or chip.isChecked())
        failed = counts.total - counts.passed
        for chip, words, count in (
            (self.failed_chip, "Chưa đạt", failed),
            (self.objected_chip, "Có ý kiến", counts.objected),
        ):
            chip.set_label(f"{words} {number_text(count)}")
            chip.setVisible(bool(count) or chip.isChecked())

    @property
    def hamlet(self) -> str | None:
        value = self.hamlet_chip.value
        return value if isinstance(value, str) and self._model not in _WITHOUT_HAMLETS else None

    def filter(self, text: str) -> ReviewFilter:
        """What the chips and the searched words say."""
        unit = self.unit_chip.value
        return ReviewFilter(
            hamlet=self.hamlet,
            organization=unit if isinstance(unit, str) and self._model is LearningModel.CITIZEN else None,
            state=next((state for state, chip in self.states.items() if chip.isChecked()), None),
            passed=False if self.failed_chip.isChecked() else None,
            is_objected=self.objected_chip.isChecked(),
            text=text,
        )

    def clear(self) -> None:
        """Narrow nothing, without reporting it; the stage stays."""
        for chip in (*self.states.values(), self.failed_chip, self.objected_chip, self.hamlet_chip, self.unit_chip):
            chip.reset()

    def _on_switch(self, chip: FilterChip, on: bool) -> None:
        """One state at a time, or all."""
        if on:
            for other in self.states.values():
                if other is not chip and other.isChecked():
                    other.reset()
        self.changed.emit()
