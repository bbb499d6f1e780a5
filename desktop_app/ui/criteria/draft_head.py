"""The editor's form of a draft's own data: names, version, group, dates, words, validity. Pure.

Invariant: what the form does not ask stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.models.types import CitizenGroup, LearningModel, TextStatus
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.definition import CriteriaSet, Validity
from desktop_app.services.registry.words import GROUP_SHORT
from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui.criteria.draft_part import Part
from desktop_app.ui.widgets.days import as_day, whole_date
from desktop_app.ui.widgets.form_spec import Field, FormSpec

Values = Mapping[str, Any]


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").split("\n") if line.strip())


def head_part(d: CriteriaSet) -> Part:
    """What a set is called, whom it judges, since when."""
    fields = [
        Field("name", "Tên bộ tiêu chí", is_required=True, max_length=200),
        Field("version", "Phiên bản", is_required=True, max_length=40, help="Số riêng của bản này, ví dụ 2026.1."),
        Field("title", "Danh hiệu", is_required=True, max_length=200),
    ]
    if d.model is LearningModel.CITIZEN:
        groups = [(group, GROUP_SHORT[group]) for group in CitizenGroup]
        fields += [
            Field("group", "Nhóm đối tượng", "choice", choices=groups, is_required=True),
            Field("group_name", "Ở địa phương gọi là", max_length=200),
            Field("group_aliases", "Còn gọi là", "multiline", help="Mỗi tên một dòng; dùng khi đọc danh sách, phiếu."),
        ]
    fields += [
        Field("effective_from", "Hiệu lực từ", "date", check=whole_date, help="Không rõ thì để trống."),
        Field("effective_to", "Hết hiệu lực", "date", check=whole_date),
        Field("heading", "Dòng báo ở đầu", max_length=200, help="Hiện trên đầu bộ này; không cần thì để trống."),
        Field("needs_confirmation", "Chờ cơ quan xác nhận bằng văn bản mới được công nhận", "check"),
        Field("indicator_word", "Gọi một dòng là", max_length=20, is_required=True, width=160),
        Field("indicator_abbreviation", "Viết tắt", max_length=8, is_required=True, width=120),
        Field("validity", "Danh hiệu có giá trị (tháng)", "integer", minimum=1, maximum=600, width=120),
        Field("upgrade", "Xét lên mức sau (tháng)", "integer", minimum=0, maximum=600, width=120),
        Field("notes", "Ghi chú", "multiline", help="Mỗi ghi chú một dòng."),
        Field("sources", "Nguồn", "multiline", help="Mỗi nguồn một dòng."),
    ]
    values = {key: getattr(d, key, None) for key in ("name", "version", "title", "group", "group_name", "heading")}
    values |= {key: getattr(d, key) for key in ("needs_confirmation", "indicator_word", "indicator_abbreviation")}
    values |= {key: "\n".join(getattr(d, key)) for key in ("group_aliases", "notes", "sources")}
    for key in ("effective_from", "effective_to"):
        day = getattr(d, key)
        values[key] = PartialDate(day.year, day.month, day.day) if day else None
    values["validity"] = d.validity.months if d.validity else None
    values["upgrade"] = d.validity.upgrade_after_months if d.validity else None
    return Part("Thông tin chung", FormSpec(tuple(fields)), values, lambda answers: _with_head(d, answers))


def _with_head(d: CriteriaSet, answers: Values) -> CriteriaSet:
    plain = ("name", "version", "title", "heading", "indicator_word", "indicator_abbreviation", "needs_confirmation")
    found: dict[str, Any] = {key: answers[key] for key in plain}
    for key in ("effective_from", "effective_to"):
        found[key] = as_day(answers[key]) if answers[key] else None
    for key in ("notes", "sources"):
        found[key] = _lines(answers[key])
    if "group" in answers:
        found |= {"group": CitizenGroup(answers["group"]), "group_name": answers["group_name"] or ""}
        found["group_aliases"] = _lines(answers["group_aliases"])
    months, after = answers["validity"], answers["upgrade"] or 0
    old = d.validity
    if not months:
        found["validity"] = None
    elif old is None or (old.months, old.upgrade_after_months) != (months, after):
        found["validity"] = Validity(int(months), int(after), TextStatus.SUGGESTED)
    return edit.change_head(d, found)
