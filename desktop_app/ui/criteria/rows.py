"""A criteria set as the rows of one list: the rules of the whole, tiêu chí, chỉ số, conditions. Pure.

Invariant: every wording and number is shown with how sure it is; what the office put says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria.definition import (
    AnswerType,
    CriteriaSet,
    Criterion,
    Indicator,
    Prerequisite,
    status_text,
)
from desktop_app.services.criteria.office import OfficeSet
from desktop_app.ui.widgets.paged_model import ToneText
from desktop_app.ui.widgets.painting import ChipData


class RowKind(StrEnum):
    HEAD = "head"
    RULES = "rules"
    CRITERION = "criterion"
    INDICATOR = "indicator"
    PREREQUISITE = "prerequisite"


SHORT_STATUS = {
    TextStatus.OFFICIAL: ("Lời văn bản", "passed", "check"),
    TextStatus.SUMMARY: ("Tóm tắt", "neutral", "scroll-text"),
    TextStatus.INFERRED: ("Suy ra", "neutral", "circle-question-mark"),
    TextStatus.MISSING: ("Chưa đối chiếu", "attention", "triangle-alert"),
    TextStatus.SUGGESTED: ("Gợi ý", "attention", "triangle-alert"),
}


@dataclass(frozen=True)
class CriteriaRow:
    """One line.

    Attributes:
        kind: what it is.
        code: its key within the set; empty for the rules.
        number: as printed.
        words: its wording on one line.
        most: maximum or thresholds.
        status: chip of the wording.
        number_status: how sure the number is, in words; empty where there is none.
        is_changed: the office put a part of it.
        is_cut: the source breaks off.
        is_number_changed: the office put the number; ``status`` says nothing of it.
        checked: when it was compared with the document.
    """

    kind: RowKind
    code: str
    number: str
    words: str
    most: str
    status: ChipData
    number_status: str = ""
    is_changed: bool = False
    is_cut: bool = False
    is_number_changed: bool = False
    checked: ToneText = field(default_factory=lambda: ToneText(""))

    @property
    def ref(self) -> str:
        """The row as the editor and the comparison with the document name it."""
        return f"{self.kind.value}:{self.code}" if self.code else self.kind.value


def points(value: float | None) -> str:
    """A figure as people write it: 80 → "80", 2.5 → "2,5"."""
    return "" if value is None else f"{value:g}".replace(".", ",")


def status_chip(status: TextStatus, *, is_changed: bool = False) -> ChipData:
    if is_changed:
        return ChipData(status_text(status, is_changed=True), "accent", "pen-line")
    text, tone, icon = SHORT_STATUS[status]
    return ChipData(text, tone, icon)


def rows_of(definition: CriteriaSet) -> list[CriteriaRow]:
    """All rows in the order of the form; the rules of the whole set first."""
    rows = [_rules(definition)]
    for criterion in definition.criteria:
        rows.append(_criterion(criterion, definition))
        rows += [_indicator(item) for item in criterion.indicators]
    rows += [_prerequisite(item) for item in definition.prerequisites]
    return rows


def head_row(definition: CriteriaSet) -> CriteriaRow:
    """The line of a draft's own data: name, version, dates, groups, documents."""
    parts = [definition.name, f"phiên bản {definition.version}", *(b.number for b in definition.legal_basis)]
    return CriteriaRow(
        RowKind.HEAD, "", "", " · ".join(p for p in parts if p), "", ChipData("Thông tin chung", "neutral")
    )


def rules_words(definition: CriteriaSet) -> str:
    """How the set is passed, in one line."""
    parts = []
    if definition.kind is SetKind.CHECKLIST:
        parts.append("Đạt khi mọi chỉ tiêu đều đạt")
    if definition.pass_mark is not None:
        parts.append(f"Đạt từ {points(definition.pass_mark.value)}/{points(definition.max_total)} điểm")
    elif definition.kind is SetKind.POINTS:
        parts.append("Chưa có điểm đạt")
    if definition.floor is not None:
        parts.append(f"không chỉ số nào dưới {points(definition.floor.value)}")
    if definition.kind is SetKind.POINTS:
        parts.append("cho nửa điểm" if definition.allows_half_points else "điểm nguyên")
    return ", ".join(parts)


def _rules(definition: CriteriaSet) -> CriteriaRow:
    marks = [mark for mark in (definition.pass_mark, definition.floor) if mark is not None]
    changed = any(mark.is_changed for mark in marks) or any(band.is_changed for band in definition.bands)
    statuses = [mark.status for mark in marks] or [grade.status for grade in definition.grades]
    worst = max(statuses, key=list(SHORT_STATUS).index, default=TextStatus.SUGGESTED)
    most = points(definition.pass_mark.value) if definition.pass_mark else ""
    return CriteriaRow(
        RowKind.RULES, "", "", rules_words(definition), most, status_chip(worst, is_changed=changed), is_changed=changed
    )


def _criterion(item: Criterion, definition: CriteriaSet) -> CriteriaRow:
    words = item.name[:1].upper() + item.name[1:]
    return CriteriaRow(
        RowKind.CRITERION,
        item.code,
        item.number,
        words,
        points(item.max_score),
        status_chip(item.status, is_changed=item.is_changed),
        item.max_status_text,
        item.is_changed or item.is_max_changed,
        is_number_changed=item.is_max_changed,
    )


def _indicator(item: Indicator) -> CriteriaRow:
    number_status = item.max_status_text
    if item.answer_type is AnswerType.PERCENT:
        most = " · ".join(f"{points(t.percent)} %" for t in item.thresholds)
        number_status = "; ".join(
            dict.fromkeys(status_text(t.status, is_changed=t.is_changed) for t in item.thresholds)
        )
    elif item.answer_type is AnswerType.MET:
        most = "đạt"
    else:
        most = points(item.max_score)
    return CriteriaRow(
        RowKind.INDICATOR,
        item.code,
        item.number,
        item.shown_text,
        most,
        status_chip(item.status, is_changed=item.is_changed),
        number_status,
        item.is_changed or item.is_number_changed,
        item.is_cut,
        item.is_number_changed,
    )


def _prerequisite(item: Prerequisite) -> CriteriaRow:
    return CriteriaRow(
        RowKind.PREREQUISITE,
        item.key,
        "ĐK",
        item.text[:1].upper() + item.text[1:],
        f"{points(item.percent)} %" if item.is_enabled else "không xét",
        status_chip(item.status, is_changed=item.is_changed),
        item.percent_status_text,
        item.is_changed or item.is_percent_changed or item.is_switched,
        is_number_changed=item.is_percent_changed or item.is_switched,
    )


def state_chip(item: OfficeSet) -> ChipData:
    """Where a set stands for recognition."""
    if not item.definition.needs_confirmation:
        if item.definition.has_own:
            return ChipData("Có chỗ cơ quan đặt", "accent", "pen-line")
        return ChipData("Theo văn bản", "passed")
    if item.is_confirmed:
        return ChipData("Cơ quan đã xác nhận", "passed", "stamp")
    return ChipData("Gợi ý, chờ xác nhận", "attention")
