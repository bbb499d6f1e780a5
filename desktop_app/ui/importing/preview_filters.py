"""The line of filters above the preview: by fate, by kind of warning, by field that changes, by what was typed over.

Invariant: counts are those of the plan that is shown; a filter that finds nothing is not offered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from desktop_app.services.importing.corrections.edits import Corrections
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.preview import Issue, Severity
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.preview_index import Places, PreviewIndex, Texts, indexed
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

    def places(self, index: PreviewIndex, plan: ImportPlan, corrections: Corrections) -> Places:
        """Indices of the rows that are shown, in the order of the file."""
        found: list[Places] = []
        if self.fate is not None:
            found.append(index.doubtful if self.fate is RowFate.DOUBTFUL else index.fates.get(self.fate, ()))
        for chosen, places in ((self.warning, index.warnings), (self.change, index.changes),
                               (self.reason, index.reasons)):  # fmt: skip
            if chosen != ALL:
                found.append(places.get(chosen, ()))
        if self.is_typed:
            found.append(index.texts.typed(plan, corrections))
        if self.text:
            found.append(index.texts.find(self.text))
        if not found:
            return range(index.count)
        shortest, *others = sorted(found, key=len)
        for other in others:
            both = set(other)
            shortest = [place for place in shortest if place in both]
        return shortest


@dataclass(frozen=True)
class Summary:
    """What a plan comes to, counted once: rows by fate; kinds of warnings, changing fields and reasons in words."""

    counts: Counter[RowFate]
    warned: Mapping[str, str]
    changed: Mapping[str, str]
    asked: Mapping[str, str]
    index: PreviewIndex = field(default_factory=PreviewIndex)


def summarized(plan: ImportPlan, base: ImportPlan, texts: Texts) -> Summary:
    """Count a plan, and note where its rows stand.

    Args:
        base: the same without anybody's answers.
        texts: what is searched in its rows.
    """
    index = indexed(plan, base, texts)
    return Summary(plan.counts(), _warnings(plan), _changes(plan), _reasons(index), index)


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


def _reasons(index: PreviewIndex) -> dict[str, str]:
    """Why rows are asked about, the most frequent first."""
    counts = Counter({reason: len(places) for reason, places in index.reasons.items()})
    return {reason: f"{reason} ({number_text(count)})" for reason, count in counts.most_common()}


def _changes(plan: ImportPlan) -> dict[str, str]:
    counts: Counter[str] = Counter()
    for row in plan.rows:
        if row.changes or row.household_changes:
            counts.update([*row.changes, *row.household_changes])
    words = {**HOUSEHOLD_WORDS, **FIELD_WORDS}
    return {name: f"{words.get(name, name)} ({number_text(count)})" for name, count in counts.most_common()}
