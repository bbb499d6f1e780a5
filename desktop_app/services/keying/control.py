"""Control totals: what the paper cover says against what was keyed, and where a difference most likely comes from.

Invariant: pure; a batch meets its cover only when the count and the sum that the cover gives are both the same, and
what a cover does not say is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.models.types import SetKind
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.keying.records import KeyedRow, Sheet, judge_row, missing_numbers
from desktop_app.services.vietnamese import number_text

MOST_NAMED = 5
"""So many likely rows are named."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row that may explain the difference."""

    place: int
    subject: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Control:
    """The comparison.

    Args:
        count, total: what was keyed; ``count_gap``, ``sum_gap``: keyed minus cover, None where the cover is silent.
        incomplete: places of rows that are not answered whole.
        suspects: likeliest rows first.
        sentence: what to say; empty when everything meets.
    """

    count: int
    total: float
    count_gap: int | None
    sum_gap: float | None
    incomplete: tuple[int, ...]
    suspects: tuple[Suspect, ...]
    sentence: str

    @property
    def is_met(self) -> bool:
        return not self.count_gap and not self.sum_gap


def check_totals(sheet: Sheet) -> Control:
    """Compare a batch with its cover."""
    cover, definition = sheet.batch.cover, sheet.definition
    totals = [judge_row(row, definition).verdict.total for row in sheet.rows]
    count, total = len(sheet.rows), sum(totals)
    count_gap = None if cover.form_count is None else count - cover.form_count
    sum_gap = None if cover.score_sum is None else total - cover.score_sum
    incomplete = tuple(
        place for place, row in enumerate(sheet.rows, 1) if not row.locked and missing_numbers(row, definition)
    )
    suspects: tuple[Suspect, ...] = ()
    if count_gap or sum_gap:
        suspects = _suspects(sheet, totals, incomplete, count_gap or 0, sum_gap or 0)
    return Control(
        count, total, count_gap, sum_gap, incomplete, suspects, _sentence(sheet, count, total, count_gap, sum_gap)
    )


def _sentence(sheet: Sheet, count: int, total: float, count_gap: int | None, sum_gap: float | None) -> str:
    parts = []
    if count_gap:
        word = "thừa" if count_gap > 0 else "thiếu"
        parts.append(f"bìa ghi {sheet.batch.cover.form_count} phiếu, đã nhập {count} ({word} {abs(count_gap)})")
    if sum_gap:
        word = "thừa" if sum_gap > 0 else "thiếu"
        unit = sheet.definition.indicator_word if sheet.definition.kind is SetKind.CHECKLIST else "điểm"
        parts.append(
            f"bìa ghi tổng {n(sheet.batch.cover.score_sum or 0)} {unit}, đã nhập {n(total)} ({word} {n(abs(sum_gap))})"
        )
    return f"Chưa đóng được tập: {'; '.join(parts)}." if parts else ""


def _suspects(
    sheet: Sheet, totals: list[float], incomplete: tuple[int, ...], count_gap: int, sum_gap: float
) -> tuple[Suspect, ...]:
    found: dict[int, str] = {}
    for place in incomplete:
        missing = missing_numbers(sheet.rows[place - 1], sheet.definition)
        found[place] = f"còn trống {sheet.definition.indicator_word} {', '.join(missing)}"
    if count_gap > 0 and sum_gap > 0:
        for place, total in enumerate(totals, 1):
            if total == sum_gap:
                found.setdefault(place, f"tổng đúng bằng phần thừa ({n(total)})")
    if not count_gap and sum_gap:
        for place, why in _slips(sheet.rows, sheet.definition, sum_gap):
            found.setdefault(place, why)
    chosen = list(found.items())[:MOST_NAMED]
    return tuple(
        Suspect(place, sheet.rows[place - 1].subject, sheet.rows[place - 1].name, why) for place, why in chosen
    )


def _slips(rows: Iterable[KeyedRow], definition: CriteriaSet, gap: float) -> Iterable[tuple[int, str]]:
    """Single cells of which a common slip of the finger makes exactly this difference."""
    for place, row in enumerate(rows, 1):
        for indicator in definition.indicators:
            value = row.values.get(indicator.code)
            if value is None or indicator.max_score is None:
                continue
            meant = value - gap
            if (value, meant) in _SLIPS and meant <= indicator.max_score:
                yield place, f"{definition.indicator_word} {indicator.number} ghi {n(value)}, có thể là {n(meant)}"


_SLIPS = frozenset({(1, 10), (10, 1), (0, 10), (10, 0), (6, 9), (9, 6), (1, 7), (7, 1), (5, 6), (6, 5), (3, 8), (8, 3)})
"""(keyed, meant): ten typed as one or nought, and figures that look alike on paper."""


def n(value: float) -> str:
    """A score for a sentence: "78", "78,5", "1.203"."""
    return number_text(value, 0 if value == int(value) else 1)
