"""Two versions of a set side by side: rows added, removed, moved, and what changed in each. Pure.

Invariant: rows are the same row when they have the same code; nothing that a verdict can depend on is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.models.types import SetKind
from desktop_app.services.criteria.definition import (
    AnswerType,
    CriteriaSet,
    Criterion,
    Indicator,
    Prerequisite,
    status_text,
)
from desktop_app.services.criteria.facts import FACTS


class RowChange(StrEnum):
    """What became of a row."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a row that differs, as people write it."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowPair:
    """A row of both versions.

    Args:
        ref: "rules", "criterion:I", "indicator:1", "prerequisite:key".
        number: as printed, of the new version where it has the row.
        before, after: the wording, empty where the version lacks the row.
        differences: what differs besides the row's being there.
    """

    ref: str
    number: str
    before: str
    after: str
    change: RowChange
    differences: tuple[Difference, ...] = ()


ANSWER_WORDS = {AnswerType.POINTS: "Điểm", AnswerType.MET: "Đạt hay chưa", AnswerType.PERCENT: "Tỷ lệ %"}


def figure(value: float | None) -> str:
    """80 → "80", 2.5 → "2,5", None → ""."""
    return "" if value is None else f"{value:g}".replace(".", ",")


def compare_sets(old: CriteriaSet, new: CriteriaSet) -> tuple[RowPair, ...]:
    """All rows of both, in the order of the new version, each removed row after the one it followed."""
    before, after = dict(_rows(old)), dict(_rows(new))
    order = list(after)
    place = 0
    for ref in before:
        if ref in after:
            place = order.index(ref) + 1
        else:
            order.insert(place, ref)
            place += 1
    return tuple(_pair(ref, before.get(ref), after.get(ref)) for ref in order)


def count_changes(pairs: tuple[RowPair, ...]) -> dict[RowChange, int]:
    """How many rows were added, removed and changed."""
    return {change: sum(pair.change is change for pair in pairs) for change in RowChange}


@dataclass(frozen=True, slots=True)
class _Row:
    number: str
    words: str
    parts: tuple[tuple[str, str], ...]


def _rows(d: CriteriaSet) -> Iterator[tuple[str, _Row]]:
    yield "rules", _Row("", "Cách tính đạt", tuple(_rule_parts(d)))
    for c in d.criteria:
        yield f"criterion:{c.code}", _criterion(c)
        for i in c.indicators:
            yield f"indicator:{i.code}", _indicator(i, c)
    for p in d.prerequisites:
        yield f"prerequisite:{p.key}", _prerequisite(p)


def _rule_parts(d: CriteriaSet) -> Iterator[tuple[str, str]]:
    yield "Tên bộ", d.name
    yield "Danh hiệu", d.title
    yield "Nhóm đối tượng", d.group_name
    yield "Căn cứ", "; ".join(basis.number for basis in d.legal_basis)
    yield "Hiệu lực từ", d.effective_from.strftime("%d/%m/%Y") if d.effective_from else ""
    yield "Hết hiệu lực", d.effective_to.strftime("%d/%m/%Y") if d.effective_to else ""
    if d.kind is SetKind.POINTS:
        yield "Điểm đạt", f"{figure(d.pass_mark.value)}/{figure(d.max_total)}" if d.pass_mark else ""
        yield "Điểm sàn", figure(d.floor.value) if d.floor else "không có"
        yield "Nửa điểm", "có" if d.allows_half_points else "không"
    else:
        yield "Cách đạt", f"đủ {len(d.indicators)} {d.indicator_word}"
    yield "Xếp loại", " · ".join(f"{b.name} từ {figure(b.min)}" for b in sorted(d.bands, key=lambda b: -b.min))
    yield "Mức độ", " · ".join(g.name for g in d.grades)
    yield "Thời hạn", f"{d.validity.months} tháng" if d.validity else ""


def _criterion(c: Criterion) -> _Row:
    parts = (("Số", c.number), ("Lời", c.name), ("Điểm tối đa", figure(c.max_score)), ("Nguồn lời", c.status_text))
    return _Row(c.number, c.name, parts)


def _indicator(i: Indicator, owner: Criterion) -> _Row:
    parts = [
        ("Số", i.number),
        ("Lời", i.text),
        ("Thuộc tiêu chí", owner.number),
        ("Trả lời bằng", ANSWER_WORDS[i.answer_type]),
        ("Điểm tối đa", figure(i.max_score)),
        ("Ngưỡng", " · ".join(f"mức {t.grade}: {figure(t.percent)} %" for t in i.thresholds)),
        ("Số liệu từ sổ", _fact_words(i.fact, dict(i.fact_parameters))),
        ("Mức điểm", "; ".join(f"{lv.name} {figure(lv.min)}–{figure(lv.max)}: {lv.description}" for lv in i.levels)),
        ("Hướng dẫn", i.help),
        ("Ví dụ", "; ".join(i.examples)),
        ("Minh chứng", "; ".join(i.evidence)),
        ("Nguồn lời", i.status_text),
        ("Nguồn điểm tối đa", i.max_status_text),
    ]
    return _Row(i.number, i.shown_text, tuple(parts))


def _prerequisite(p: Prerequisite) -> _Row:
    parts = (
        ("Lời", p.text),
        ("Tỷ lệ", f"{figure(p.percent)} %"),
        ("Được xét", "có" if p.is_enabled else "không"),
        ("Số liệu từ sổ", _fact_words(p.fact, dict(p.fact_parameters))),
        ("Nguồn lời", status_text(p.status, is_changed=p.is_changed)),
    )
    return _Row("ĐK", p.text[:1].upper() + p.text[1:], parts)


def fact_words(key: str) -> str:
    """A fact as people say it: "gia đình trong dòng họ được công nhận Gia đình học tập"."""
    spec = FACTS.get(key)
    return f"{spec.denominator} {spec.predicate}" if spec else key


def _fact_words(key: str | None, parameters: dict[str, int]) -> str:
    if not key:
        return ""
    ages = [
        f"{word} {parameters[name]}" for name, word in (("min_age", "từ"), ("max_age", "đến")) if name in parameters
    ]
    return f"{fact_words(key)}{' (tuổi ' + ' '.join(ages) + ')' if ages else ''}"


def _pair(ref: str, before: _Row | None, after: _Row | None) -> RowPair:
    if before is None or after is None:
        row = after or before
        assert row is not None
        change = RowChange.ADDED if before is None else RowChange.REMOVED
        return RowPair(ref, row.number, before.words if before else "", after.words if after else "", change)
    old, new = dict(before.parts), dict(after.parts)
    differences = tuple(
        Difference(part, old.get(part, ""), new.get(part, ""))
        for part in dict.fromkeys([*old, *new])
        if old.get(part, "") != new.get(part, "")
    )
    change = RowChange.CHANGED if differences else RowChange.SAME
    return RowPair(ref, after.number, before.words, after.words, change, differences)
