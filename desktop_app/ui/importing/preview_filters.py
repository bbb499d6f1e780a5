"""The line of filters above the preview: by fate, by kind of warning, by field that changes, by what was typed over.

Invariant: counts are those of the plan that is shown; a filter that finds nothing is not offered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from desktop_app.services.importing.corrections.edits import Corrections
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import Issue, Severity
from desktop_app.services.vietnamese import fold, number_text
from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.unit_words import units_title
from desktop_app.ui.importing.words import FATES, FIELD_WORDS, HOUSEHOLD_WORDS, QUESTIONS, warning_word

ALL = ""
NARROW = 640
"""Below this width (at 100 %) the fates are one menu."""


@dataclass(frozen=True)
class Shown:
    """Which rows are shown.

    Attributes:
        warning: code of a remark; change: column that changes; is_typed: only rows typed over; text: letters, folded;
            is_units: clans, organizations, branches and hamlets in place of people; reason: why rows are asked about.
    """

    fate: RowFate | None = None
    warning: str = ALL
    change: str = ALL
    is_typed: bool = False
    text: str = ""
    is_units: bool = False
    reason: str = ALL

    def places(self, plan: ImportPlan, base: ImportPlan, corrections: Corrections) -> list[int]:
        """Indices of the rows that are shown, in the order of the file."""
        checks = [check for check in (self._by_fate(plan, base), self._by_warning(plan), self._by_change(plan),
                                      self._by_typing(plan, corrections), self._by_text(plan),
                                      self._by_reason(base)) if check]  # fmt: skip
        return [place for place in range(len(plan.rows)) if all(check(place) for check in checks)]

    def _by_fate(self, plan: ImportPlan, base: ImportPlan) -> Callable[[int], bool] | None:
        fate = self.fate
        if fate is None:
            return None
        if fate is RowFate.DOUBTFUL:
            return lambda place: base.rows[place].fate is fate
        return lambda place: plan.rows[place].fate is fate

    def _by_warning(self, plan: ImportPlan) -> Callable[[int], bool] | None:
        code = self.warning
        if code == ALL:
            return None

        def has(place: int) -> bool:
            row = plan.rows[place]
            said = row.row.issues or row.issues
            return bool(said) and any(issue.code == code for issue in (*row.row.issues, *row.issues))

        return has

    def _by_change(self, plan: ImportPlan) -> Callable[[int], bool] | None:
        name = self.change
        if name == ALL:
            return None
        return lambda place: name in plan.rows[place].changes or name in plan.rows[place].household_changes

    def _by_reason(self, base: ImportPlan) -> Callable[[int], bool] | None:
        reason = self.reason
        if reason == ALL:
            return None
        return lambda place: base.rows[place].fate is RowFate.DOUBTFUL and _reason(base.rows[place]) == reason

    def _by_typing(self, plan: ImportPlan, corrections: Corrections) -> Callable[[int], bool] | None:
        return (lambda place: bool(corrections.of(plan.rows[place].row))) if self.is_typed else None

    def _by_text(self, plan: ImportPlan) -> Callable[[int], bool] | None:
        text = self.text
        if not text:
            return None

        def has(place: int) -> bool:
            row = plan.rows[place].row
            return (
                text in fold(f"{row.name} {row.household_code} {row.hamlet}")
                or text in (row.cccd or "")
                or text == str(row.row)
            )

        return has


@dataclass(frozen=True)
class Summary:
    """What a plan comes to, counted once: rows by fate; kinds of warnings, changing fields and reasons in words."""

    counts: Counter[RowFate]
    warned: Mapping[str, str]
    changed: Mapping[str, str]
    asked: Mapping[str, str]


def summarized(plan: ImportPlan, base: ImportPlan) -> Summary:
    """Count a plan.

    Args:
        base: the same without anybody's answers.
    """
    return Summary(plan.counts(), _warnings(plan), _changes(plan), _reasons(base))


class PreviewFilters(w.FlowRow):
    """The chips.

    Signals:
        fate_chosen(object): a RowFate, or None for all.
        changed: another of the filters narrows the list.
        repairs_toggled(bool): what was mended is to be shown in place of the rows.
        units_toggled(bool): clans, organizations, branches and hamlets are to be shown in place of people.
    """

    fate_chosen = Signal(object)
    changed = Signal()
    repairs_toggled = Signal(bool)
    units_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._is_narrow = False
        self._counts: Counter[RowFate] = Counter()
        self._offered: dict[RowFate | None, bool] = {}
        self.menu = self.add(w.FilterChip("Dòng", [(None, "tất cả")]))
        self.menu.chosen.connect(self.fate_chosen)
        self.menu.hide()
        self.fates: dict[RowFate | None, w.FilterChip] = {}
        for fate in (None, *FATES):
            chip = w.FilterChip.switch("", FATES[fate][1] if fate is not None else "neutral")
            chip.clicked.connect(partial(self._on_fate, fate))
            self.fates[fate] = self.add(chip)
        self.reasons = self.add(w.FilterChip("Vì sao hỏi", [(ALL, "tất cả")]))
        self.warnings = self.add(w.FilterChip("Cảnh báo", [(ALL, "tất cả")]))
        self.changes = self.add(w.FilterChip("Trường đổi", [(ALL, "tất cả")]))
        self.typed = self.add(w.FilterChip.switch("Đã sửa tay", "accent", "pencil"))
        self.units = self.add(w.FilterChip.switch("Dòng họ, đơn vị", "accent", "network"))
        self.units.toggled.connect(self.units_toggled)
        self.repairs = self.add(w.FilterChip.switch("Máy đã sửa", "attention", "languages"))
        self.reasons.chosen.connect(lambda _value: self.changed.emit())
        self.warnings.chosen.connect(lambda _value: self.changed.emit())
        self.changes.chosen.connect(lambda _value: self.changed.emit())
        self.typed.toggled.connect(lambda _on: self.changed.emit())
        self.repairs.toggled.connect(self.repairs_toggled)
        self.download = self.add(w.QuietButton("Tải dòng không nhận", icon="download", key="Ctrl+D", small=True))

    def set_counts(self, plan: ImportPlan, summary: Summary, shown: Shown, settled: int, corrections: Corrections,
                   mended: int) -> None:  # fmt: skip
        """Bring words, counts and what is chosen up to date.

        Args:
            settled: how many doubtful rows have an answer, or are left out on purpose.
            mended: how many cells reading has mended.
        """
        self._counts = summary.counts
        counts = plan.unit_counts() if shown.is_units else self._counts
        total = len(plan.unit_rows if shown.is_units else plan.rows)
        words = {fate: word for fate, (word, _, _) in FATES.items()}
        for fate, chip in self.fates.items():
            count = total if fate is None else counts[fate]
            text = f"{words[fate] if fate is not None else 'Tất cả'} {number_text(count)}"
            if fate is RowFate.DOUBTFUL and settled:
                text += f" (đã chọn {number_text(settled)})"
            self._offered[fate] = bool(count) or (fate is RowFate.DOUBTFUL and settled > 0)
            chip.set_label(text)
            chip.setChecked(fate is shown.fate)
        offered = [(fate, self.fates[fate].text()) for fate, is_offered in self._offered.items() if is_offered]
        self.menu.set_choices(offered)
        self.menu.set_value(shown.fate)
        self._arrange()
        self.download.setVisible(bool(self._counts[RowFate.REFUSED] + plan.unit_counts()[RowFate.REFUSED]))
        self._set_choices(self.reasons, {} if shown.is_units or len(summary.asked) < 2 else summary.asked, shown.reason)
        self._set_choices(self.warnings, {} if shown.is_units else summary.warned, shown.warning)
        self._set_choices(self.changes, {} if shown.is_units else summary.changed, shown.change)
        is_typed = bool(len(corrections)) and not shown.is_units
        self._set(self.typed, f"Đã sửa tay {number_text(len(corrections))}", is_typed)
        self._set(self.units, units_title(plan), bool(plan.unit_rows) and bool(plan.rows))
        self._set(self.repairs, f"Máy đã sửa {number_text(mended)} ô", bool(mended))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < theme.px(NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._arrange()

    def _arrange(self) -> None:
        """A chip for each fate where there is room, else one menu of them."""
        self.menu.setVisible(self._is_narrow)
        for fate, chip in self.fates.items():
            chip.setVisible(not self._is_narrow and self._offered.get(fate, False))

    def count(self, fate: RowFate) -> int:
        """How many rows of the plan that is shown meet a fate."""
        return self._counts[fate]

    def reset(self) -> None:
        """Narrow nothing, without reporting it."""
        for chip in (self.reasons, self.warnings, self.changes, self.typed, self.repairs, self.units):
            chip.reset()

    def _on_fate(self, fate: RowFate | None, _checked: bool = False) -> None:
        self.fate_chosen.emit(fate)

    def _set_choices(self, chip: w.FilterChip, choices: Mapping[str, str], chosen: str) -> None:
        chip.set_choices([(ALL, "tất cả"), *choices.items()])
        chip.set_value(chosen if chosen in choices else ALL)
        chip.setVisible(bool(choices))

    def _set(self, chip: w.FilterChip, text: str, is_offered: bool) -> None:
        chip.set_label(text)
        chip.setVisible(is_offered)


def _warnings(plan: ImportPlan) -> dict[str, str]:
    counts: Counter[str] = Counter()
    examples: dict[str, Issue] = {}
    for row in plan.rows:
        if not row.row.issues and not row.issues:
            continue
        for issue in (*row.row.issues, *row.issues):
            if issue.severity is Severity.WARNING and issue.code not in QUESTIONS:
                counts[issue.code] += 1
                examples.setdefault(issue.code, issue)
    return {
        code: f"{warning_word(code, examples[code])} ({number_text(count)})" for code, count in counts.most_common()
    }


def _reason(row: RowPlan) -> str:
    return ", ".join(row.reasons)


def _reasons(base: ImportPlan) -> dict[str, str]:
    """Why rows are asked about, the most frequent first."""
    counts = Counter(_reason(row) for row in base.rows if row.fate is RowFate.DOUBTFUL)
    return {reason: f"{reason} ({number_text(count)})" for reason, count in counts.most_common()}


def _changes(plan: ImportPlan) -> dict[str, str]:
    counts: Counter[str] = Counter()
    for row in plan.rows:
        if row.changes or row.household_changes:
            counts.update([*row.changes, *row.household_changes])
    words = {**HOUSEHOLD_WORDS, **FIELD_WORDS}
    return {name: f"{words.get(name, name)} ({number_text(count)})" for name, count in counts.most_common()}
