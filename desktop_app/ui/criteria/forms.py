"""The forms by which an office changes a criteria set, and the changes they come to. Pure.

Invariant: what was not changed stays out of the changes, so that a later version of the program can mend it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator, Prerequisite
from desktop_app.services.criteria.office import OfficeSet
from desktop_app.ui.criteria.rows import CriteriaRow, RowKind, points
from desktop_app.ui.safety.section import number_check, read_number
from desktop_app.ui.widgets.form_spec import Field, FormSpec

Values = Mapping[str, Any]
OFFICIAL_WORDS = "Lời này chép đúng từng chữ từ văn bản"
OFFICIAL_HELP = "Lời đã sửa mà không đánh dấu thì không còn hiện là lời văn bản."
_MOST_POINTS = 1000


def _number(key: str, label: str, most: float, *, required: bool = True, help: str = "") -> Field:
    return Field(key, label, is_required=required, check=number_check(0, most), help=help, width=120)


def form_of(item: OfficeSet, row: CriteriaRow) -> tuple[FormSpec, dict[str, Any]]:
    """The questions of a row and what stands there now."""
    definition = item.definition
    if row.kind is RowKind.RULES:
        return _rules_form(definition)
    if row.kind is RowKind.CRITERION:
        found = next(c for c in definition.criteria if c.code == row.code)
        name = Field("name", "Tên tiêu chí", "multiline", is_required=True, max_length=4000)
        return FormSpec((name,)), {"name": found.name}
    if row.kind is RowKind.PREREQUISITE:
        return _prerequisite_form(next(p for p in definition.prerequisites if p.key == row.code))
    return _indicator_form(definition.by_code[row.code])


def _rules_form(definition: CriteriaSet) -> tuple[FormSpec, dict[str, Any]]:
    fields: list[Field] = []
    values: dict[str, Any] = {}
    if definition.kind is SetKind.POINTS:
        most = definition.max_total
        fields.append(_number("pass_mark", f"Điểm đạt (trên {points(most)})", most))
        fields.append(
            _number("floor", "Điểm sàn của mỗi chỉ số", most, required=False, help="Để trống: không có điểm sàn.")
        )
        fields.append(Field("allows_half_points", "Cho nửa điểm (0,5)", "check"))
        values = {
            "pass_mark": points(definition.pass_mark.value) if definition.pass_mark else "",
            "floor": points(definition.floor.value) if definition.floor else "",
            "allows_half_points": definition.allows_half_points,
        }
        for band in definition.bands:
            fields.append(_number(f"band:{band.key}", f"Xếp loại {band.name} từ", most))
            values[f"band:{band.key}"] = points(band.min)
    return FormSpec(tuple(fields)), values


def _indicator_form(item: Indicator) -> tuple[FormSpec, dict[str, Any]]:
    fields = [Field("text", "Lời của chỉ số", "multiline", is_required=True, max_length=4000)]
    values: dict[str, Any] = {"text": item.text}
    if item.answer_type is AnswerType.POINTS:
        fields.append(_number("max_score", "Điểm tối đa", _MOST_POINTS))
        values["max_score"] = points(item.max_score)
    for threshold in item.thresholds:
        fields.append(_number(f"percent:{threshold.grade}", f"Ngưỡng mức độ {threshold.grade} (%)", 100))
        values[f"percent:{threshold.grade}"] = points(threshold.percent)
    fields.append(Field("is_official", OFFICIAL_WORDS, "check", help=OFFICIAL_HELP))
    values["is_official"] = False
    return FormSpec(tuple(fields)), values


def _prerequisite_form(item: Prerequisite) -> tuple[FormSpec, dict[str, Any]]:
    fields = (
        Field("is_enabled", "Xét điều kiện này", "check"),
        _number("percent", "Tỷ lệ phải đạt (%)", 100),
        Field("text", "Lời của điều kiện", "multiline", is_required=True, max_length=4000),
    )
    return FormSpec(fields), {"is_enabled": item.is_enabled, "percent": points(item.percent), "text": item.text}


def changes_with(item: OfficeSet, row: CriteriaRow, values: Values) -> dict[str, Any]:
    """The office's changes after a row's form: what differs from what stood there, and what was put before."""
    _spec, before = form_of(item, row)
    changes: dict[str, Any] = copy.deepcopy(dict(item.overrides))
    changed = {key: value for key, value in values.items() if value != before.get(key)}
    if row.kind is RowKind.RULES:
        _change_rules(changes, changed)
    elif row.kind is RowKind.CRITERION:
        if "name" in changed:
            changes.setdefault("criteria", {})[row.code] = changed["name"]
    elif row.kind is RowKind.PREREQUISITE:
        part = changes.setdefault("prerequisites", {}).setdefault(row.code, {})
        part.update({k: read_number(v) if k == "percent" else v for k, v in changed.items()})
    else:
        _change_indicator(changes.setdefault("indicators", {}).setdefault(row.code, {}), changed, values)
    return _pruned(changes)


def _change_rules(changes: dict[str, Any], changed: Values) -> None:
    for key, value in changed.items():
        if key.startswith("band:"):
            changes.setdefault("bands", {})[key.removeprefix("band:")] = read_number(value)
        elif key == "allows_half_points":
            changes[key] = bool(value)
        else:
            changes[key] = read_number(value) if value else None


def _change_indicator(part: dict[str, Any], changed: Values, values: Values) -> None:
    if "text" in changed:
        part["text"] = changed["text"]
    if "max_score" in changed:
        part["max_score"] = read_number(changed["max_score"])
    for key, value in changed.items():
        if key.startswith("percent:"):
            part.setdefault("percents", {})[key.removeprefix("percent:")] = read_number(value)
    if "is_official" in changed or "text" in changed:
        part.pop("status", None)
        if values.get("is_official"):
            part["status"] = TextStatus.OFFICIAL.value


def changes_without(item: OfficeSet, row: CriteriaRow) -> dict[str, Any]:
    """The office's changes with a row back as the program ships it."""
    changes: dict[str, Any] = copy.deepcopy(dict(item.overrides))
    if row.kind is RowKind.RULES:
        for key in ("pass_mark", "floor", "allows_half_points", "bands"):
            changes.pop(key, None)
    else:
        place = {RowKind.CRITERION: "criteria", RowKind.PREREQUISITE: "prerequisites"}.get(row.kind, "indicators")
        changes.get(place, {}).pop(row.code, None)
    return _pruned(changes)


def has_changes(item: OfficeSet, row: CriteriaRow) -> bool:
    """Whether the office has put anything in this row."""
    return changes_without(item, row) != _pruned(dict(item.overrides))


def _pruned(changes: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for key, value in changes.items():
        if isinstance(value, Mapping):
            value = _pruned(value)
            if not value:
                continue
        kept[key] = value
    return kept
