"""The chosen row of a criteria set in the side panel: whole wording, status, number, source, guidance."""

from __future__ import annotations

from desktop_app.models.types import TextStatus
from desktop_app.services.criteria.checking import Check
from desktop_app.services.criteria.definition import (
    AnswerType,
    CriteriaSet,
    Indicator,
    Prerequisite,
    status_text,
)
from desktop_app.ui.criteria.rows import CriteriaRow, RowKind, points, rules_words
from desktop_app.ui.widgets.painting import ChipData
from desktop_app.ui.widgets.panels import SidePanel

TITLES = {
    RowKind.HEAD: "Thông tin chung",
    RowKind.RULES: "Cách tính đạt",
    RowKind.CRITERION: "Tiêu chí",
    RowKind.INDICATOR: "Chỉ số",
    RowKind.PREREQUISITE: "Điều kiện",
}


def show_row(panel: SidePanel, definition: CriteriaSet, row: CriteriaRow) -> None:
    """Fill the panel afresh."""
    panel.clear()
    panel.set_title(row_title(definition, row), row.status)
    if row.kind is RowKind.HEAD:
        _show_head(panel, definition)
    elif row.kind is RowKind.RULES:
        _show_rules(panel, definition)
    elif row.kind is RowKind.CRITERION:
        _show_criterion(panel, definition, row)
    elif row.kind is RowKind.PREREQUISITE:
        _show_prerequisite(panel, next(p for p in definition.prerequisites if p.key == row.code))
    else:
        _show_indicator(panel, definition.by_code[row.code])


def show_check(panel: SidePanel, row: CriteriaRow, check: Check | None) -> None:
    """Who compared the row with the document, and when, beside its status; nothing while nobody did."""
    if check is not None:
        chip = ChipData(check.words, "passed" if check.stands else "attention", "square-check")
        panel.set_title(panel.title_label.text(), row.status, chip)


def row_title(definition: CriteriaSet, row: CriteriaRow) -> str:
    """What a row is called: "Chỉ số 1.1", "Cách tính đạt"."""
    if row.kind is RowKind.INDICATOR:
        word = definition.indicator_word
        return f"{word[:1].upper()}{word[1:]} {row.number}"
    return f"{TITLES[row.kind]} {row.number}" if row.kind is RowKind.CRITERION else TITLES[row.kind]


def _show_head(panel: SidePanel, definition: CriteriaSet) -> None:
    d = definition
    panel.add_row("Tên", d.name)
    panel.add_row("Phiên bản", d.version)
    panel.add_row("Danh hiệu", d.title)
    if d.group is not None:
        panel.add_row("Nhóm", d.group_name)
        if d.group_aliases:
            panel.add_row("Còn gọi là", "; ".join(d.group_aliases))
    panel.add_row("Hiệu lực", in_force_words(d))
    if d.heading:
        panel.add_row("Dòng báo", d.heading)
    if d.legal_basis:
        panel.add_section("Căn cứ")
        for basis in d.legal_basis:
            panel.add_text(f"{basis.number}: {basis.title}.{' ' + basis.note if basis.note else ''}")
    _notes(panel, d.notes)
    _sources(panel, d.sources)


def in_force_words(definition: CriteriaSet) -> str:
    """The dates in force: "từ 25/10/2023", "01/01/2024 – 31/12/2025"."""
    since, until = definition.effective_from, definition.effective_to
    first = since.strftime("%d/%m/%Y") if since else ""
    last = until.strftime("%d/%m/%Y") if until else ""
    if first and last:
        return f"{first} – {last}"
    return f"từ {first}" if first else f"đến {last}" if last else "không rõ ngày"


def _show_rules(panel: SidePanel, definition: CriteriaSet) -> None:
    panel.add_text(rules_words(definition) + ".")
    for name, mark in (("Điểm đạt", definition.pass_mark), ("Điểm sàn", definition.floor)):
        if mark is not None:
            panel.add_row(name, f"{points(mark.value)}: {status_text(mark.status, is_changed=mark.is_changed).lower()}")
            if mark.note:
                panel.add_text(mark.note, "small")
    for band in definition.bands:
        panel.add_row(
            band.name, f"từ {points(band.min)}: {status_text(band.status, is_changed=band.is_changed).lower()}"
        )
    for grade in definition.grades:
        panel.add_row(grade.name, status_text(grade.status).lower())
    if definition.validity is not None:
        months = definition.validity.months
        panel.add_row("Có giá trị", f"{months} tháng: {status_text(definition.validity.status).lower()}")
    if definition.legal_basis:
        panel.add_section("Căn cứ")
        for basis in definition.legal_basis:
            panel.add_text(f"{basis.number}: {basis.title}.{' ' + basis.note if basis.note else ''}")
    _notes(panel, definition.notes)
    _sources(panel, definition.sources)


def _show_criterion(panel: SidePanel, definition: CriteriaSet, row: CriteriaRow) -> None:
    found = next(c for c in definition.criteria if c.code == row.code)
    panel.add_text(row.words)
    panel.add_row("Lời", found.status_text)
    if found.max_score is not None:
        panel.add_row("Điểm tối đa", f"{points(found.max_score)}: {row.number_status.lower()}")
    panel.add_row("Gồm", f"{len(found.indicators)} {definition.indicator_word}")
    _notes(panel, (found.note,))


def _show_indicator(panel: SidePanel, item: Indicator) -> None:
    panel.add_text(item.shown_text)
    panel.add_row("Lời", item.status_text, tone="attention" if item.status is TextStatus.MISSING else "")
    if item.answer_type is AnswerType.POINTS and item.max_status is not None:
        panel.add_row("Điểm tối đa", f"{points(item.max_score)}: {item.max_status_text.lower()}")
    for threshold in item.thresholds:
        words = status_text(threshold.status, is_changed=threshold.is_changed).lower()
        panel.add_row(f"Mức độ {threshold.grade}", f"từ {points(threshold.percent)} %: {words}")
    if item.levels:
        panel.add_section("Các mức (gợi ý)")
        for level in item.levels:
            panel.add_row(f"{level.name} {points(level.min)}–{points(level.max)}", level.description)
    if item.help:
        panel.add_section("Hướng dẫn (gợi ý)")
        panel.add_text(item.help)
    _notes(panel, (item.note,))
    _sources(panel, (item.source,))


def _show_prerequisite(panel: SidePanel, item: Prerequisite) -> None:
    panel.add_text(item.text[:1].upper() + item.text[1:])
    panel.add_row("Lời", status_text(item.status, is_changed=item.is_changed))
    panel.add_row("Tỷ lệ", f"{points(item.percent)} %: {item.percent_status_text.lower()}")
    off = "Không, cơ quan đã tắt" if item.is_switched else "Không, tắt sẵn"
    panel.add_row("Được xét", "Có, tính từ sổ" if item.is_enabled else off)
    _notes(panel, (item.note,))
    _sources(panel, (item.source,))


def _notes(panel: SidePanel, notes: tuple[str, ...]) -> None:
    for note in notes:
        if note:
            panel.add_text(note, "help")


def _sources(panel: SidePanel, sources: tuple[str, ...]) -> None:
    found = [source for source in sources if source]
    if found:
        panel.add_text("Nguồn: " + "; ".join(found), "small")
