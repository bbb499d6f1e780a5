"""What the work list is narrowed to: hamlet, group, how far, registered; chips that also count.

Invariant: at most one status is chosen; what does not apply to a model is neither shown nor asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.worklist import WORK_STATUS_TEXT, WorkFilter, WorkStatus
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.words import STATUS_TONES
from desktop_app.ui.registry.cells import LIST_GROUPS
from desktop_app.ui.widgets.layouts import FlowRow
from desktop_app.ui.widgets.search import FilterChip

_WITHOUT_HAMLETS = (LearningModel.COMMUNITY, LearningModel.COMMUNE)


class WorkFilters(FlowRow):
    """The row of chips.

    Signals:
        changed: a person chose something else.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = LearningModel.CITIZEN
        self.hamlet_chip = self.add(FilterChip("Thôn", [(None, "tất cả")]))
        groups = [(group, LIST_GROUPS[group]) for group in CitizenGroup]
        self.group_chip = self.add(FilterChip("Nhóm", [(None, "tất cả"), *groups]))
        self.status_chips: dict[WorkStatus, FilterChip] = {}
        for status in WorkStatus:
            tone, icon = STATUS_TONES[status]
            chip = self.add(FilterChip.switch(WORK_STATUS_TEXT[status], tone, icon))
            chip.toggled.connect(partial(self._on_status, status))
            self.status_chips[status] = chip
        self.registered_chip = self.add(FilterChip.switch("Đã đăng ký", "neutral", "user-check"))
        for menu in (self.hamlet_chip, self.group_chip):
            menu.chosen.connect(lambda _value: self.changed.emit())
        self.registered_chip.toggled.connect(lambda _on: self.changed.emit())

    def set_model(self, model: LearningModel) -> None:
        """Show the chips that make sense for a model."""
        self._model = model
        self.group_chip.setVisible(model is LearningModel.CITIZEN)
        self.hamlet_chip.setVisible(model not in _WITHOUT_HAMLETS)

    def set_hamlets(self, hamlets: Sequence[tuple[object, str]]) -> None:
        """The hamlets to choose from; the chosen one stays while it is there."""
        kept = self.hamlet_chip.value
        choices: list[tuple[object, str]] = [(None, "tất cả"), *hamlets]
        self.hamlet_chip.set_choices(choices)
        self.hamlet_chip.set_value(kept if kept in [value for value, _ in choices] else None)

    def set_counts(self, counts: Mapping[WorkStatus, int]) -> None:
        """How many of each status there are; a status of nobody takes no room."""
        for status, chip in self.status_chips.items():
            chip.set_label(f"{WORK_STATUS_TEXT[status]} {number_text(counts[status])}")
            chip.setVisible(bool(counts[status]) or chip.isChecked())

    def filter(self, text: str) -> WorkFilter:
        """What the chips and the searched words say."""
        hamlet, group = self.hamlet_chip.value, self.group_chip.value
        return WorkFilter(
            group=group if isinstance(group, CitizenGroup) and self._model is LearningModel.CITIZEN else None,
            hamlet=hamlet if isinstance(hamlet, str) and self._model not in _WITHOUT_HAMLETS else None,
            status=next((s for s, chip in self.status_chips.items() if chip.isChecked()), None),
            is_registered=self.registered_chip.isChecked(),
            text=text,
        )

    def set_filter(self, wanted: WorkFilter) -> None:
        """Put the chips as another screen asks, without reporting it."""
        self.hamlet_chip.set_value(wanted.hamlet)
        self.group_chip.set_value(wanted.group)
        switches = [(chip, status is wanted.status) for status, chip in self.status_chips.items()]
        for chip, on in (*switches, (self.registered_chip, wanted.is_registered)):
            chip.blockSignals(True)
            chip.setChecked(on)
            chip.blockSignals(False)
            chip.update()

    def words(self, text: str) -> str:
        """The filter in words: "Thôn 3, chưa chấm"."""
        wanted = self.filter(text)
        parts = [self.hamlet_chip.text().partition(": ")[2] if wanted.hamlet else ""]
        parts.append(LIST_GROUPS[wanted.group] if wanted.group else "")
        parts.append(WORK_STATUS_TEXT[wanted.status].lower() if wanted.status else "")
        parts.append("đã đăng ký" if wanted.is_registered else "")
        parts.append(f"tìm “{text.strip()}”" if text.strip() else "")
        return ", ".join(part for part in parts if part)

    def _on_status(self, status: WorkStatus, on: bool) -> None:
        """One status at a time, or all."""
        if on:
            for other, chip in self.status_chips.items():
                if other is not status and chip.isChecked():
                    chip.reset()
        self.changed.emit()
