"""The editor's forms of repeated blocks: levels, guidance, bands, legal basis. Pure.

Invariant: each form ends with an empty block for one more; a block whose first field is emptied goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop_app.models.types import TextStatus
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.definition import Band, CriteriaSet, Indicator, LegalBasis, Level
from desktop_app.services.vietnamese import PartialDate, fold
from desktop_app.ui.criteria.draft_part import MOST_OF_ALL, Part, number, value_of
from desktop_app.ui.criteria.rows import points
from desktop_app.ui.widgets.form_spec import Field, FormSpec

Values = Mapping[str, Any]
_LETTERS = "ABCDEFGHIJ"


def levels_part(d: CriteriaSet, i: Indicator) -> Part:
    """The steps of an indicator: name, from, to, what it looks like."""
    slots = range(min(len(i.levels) + 1, len(_LETTERS)))
    fields: list[Field] = []
    values: dict[str, Any] = {}
    most = i.max_score or 0
    for n in slots:
        known = i.levels[n] if n < len(i.levels) else None
        section = f"Mức {known.key}" if known else "Thêm một mức"
        fields += [
            Field(
                f"{n}:name", "Tên mức", max_length=60, section=section, help="" if known else "Để trống: không thêm."
            ),
            number(f"{n}:min", "Từ điểm"),
            number(f"{n}:max", f"Đến điểm (cao nhất {points(most)})"),
            Field(f"{n}:description", "Thế nào thì thuộc mức này", "multiline", max_length=2000),
        ]
        values |= {
            f"{n}:name": known.name if known else "",
            f"{n}:min": points(known.min) if known else "",
            f"{n}:max": points(known.max) if known else "",
            f"{n}:description": known.description if known else "",
        }

    def apply(answers: Values) -> CriteriaSet:
        found: list[Level] = []
        for n in slots:
            if not answers[f"{n}:name"]:
                continue
            known = i.levels[n] if n < len(i.levels) else None
            level = Level(
                known.key if known else _free_letter({lv.key for lv in found} | {lv.key for lv in i.levels}),
                answers[f"{n}:name"],
                value_of(answers[f"{n}:min"]) or 0,
                value_of(answers[f"{n}:max"]) or 0,
                answers[f"{n}:description"] or "",
                known.status if known else TextStatus.SUGGESTED,
            )
            is_changed = known is None or replace(level, status=known.status) != known
            found.append(replace(level, status=TextStatus.SUGGESTED) if is_changed else level)
        return _indicator_with(d, i, {"levels": tuple(found)})

    return Part(f"Mức điểm của {d.indicator_word} {i.number}", FormSpec(tuple(fields)), values, apply)


def guidance_part(d: CriteriaSet, i: Indicator) -> Part:
    """Help, examples and acceptable evidence."""
    fields = (
        Field("help", "Xem gì để chấm", "multiline", max_length=4000),
        Field("examples", "Ví dụ", "multiline", help="Mỗi ví dụ một dòng."),
        Field("evidence", "Minh chứng chấp nhận", "multiline", help="Mỗi loại một dòng."),
    )
    values = {"help": i.help, "examples": "\n".join(i.examples), "evidence": "\n".join(i.evidence)}

    def apply(answers: Values) -> CriteriaSet:
        fresh: dict[str, Any] = {"help": answers["help"] or ""}
        for key in ("examples", "evidence"):
            fresh[key] = tuple(x.strip() for x in (answers[key] or "").split("\n") if x.strip())
        if any(getattr(i, key) != value for key, value in fresh.items()):
            fresh["guidance_status"] = TextStatus.SUGGESTED
        return _indicator_with(d, i, fresh)

    return Part(f"Hướng dẫn của {d.indicator_word} {i.number}", FormSpec(fields), values, apply)


def bands_part(d: CriteriaSet) -> Part:
    """The names of stretches of totals."""
    slots = range(min(len(d.bands) + 1, 8))
    fields: list[Field] = []
    values: dict[str, Any] = {}
    for n in slots:
        known = d.bands[n] if n < len(d.bands) else None
        section = f"Xếp loại {n + 1}" if known else "Thêm một loại"
        fields.append(Field(f"{n}:name", "Tên", max_length=60, section=section, help="Để trống: không có loại này."))
        fields.append(number(f"{n}:min", "Từ điểm", MOST_OF_ALL))
        values |= {f"{n}:name": known.name if known else "", f"{n}:min": points(known.min) if known else ""}

    def apply(answers: Values) -> CriteriaSet:
        found: list[Band] = []
        for n in slots:
            name, least = answers[f"{n}:name"], value_of(answers[f"{n}:min"]) or 0
            if not name:
                continue
            known = d.bands[n] if n < len(d.bands) else None
            if known is not None and known.min == least:
                found.append(replace(known, name=name))
            else:
                key = known.key if known else _band_key(name, {b.key for b in (*d.bands, *found)})
                found.append(Band(key, name, least, TextStatus.SUGGESTED, is_changed=True))
        return replace(d, bands=tuple(found))

    return Part("Xếp loại", FormSpec(tuple(fields)), values, apply)


def basis_part(d: CriteriaSet) -> Part:
    """The documents that the set rests on."""
    slots = range(min(len(d.legal_basis) + 1, 12))
    fields: list[Field] = []
    values: dict[str, Any] = {}
    for n in slots:
        known = d.legal_basis[n] if n < len(d.legal_basis) else None
        section = f"Văn bản {n + 1}" if known else "Thêm một văn bản"
        fields += [
            Field(f"{n}:number", "Số, ký hiệu", max_length=80, section=section, help="Để trống: không có văn bản này."),
            Field(f"{n}:title", "Tên văn bản", "multiline", max_length=1000),
            Field(f"{n}:issued", "Ngày ban hành", "date"),
            Field(f"{n}:in_force_from", "Có hiệu lực từ", "date"),
            Field(f"{n}:note", "Ghi chú", max_length=500),
        ]
        for key in ("number", "title", "note"):
            values[f"{n}:{key}"] = getattr(known, key) if known else ""
        for key in ("issued", "in_force_from"):
            day = getattr(known, key) if known else None
            values[f"{n}:{key}"] = PartialDate.from_iso(day) if day else None

    def apply(answers: Values) -> CriteriaSet:
        found = []
        for n in slots:
            if answers[f"{n}:number"]:
                days = {k: answers[f"{n}:{k}"] for k in ("issued", "in_force_from")}
                dates = {key: day.iso() if day else None for key, day in days.items()}
                note = answers[f"{n}:note"] or ""
                found.append(LegalBasis(answers[f"{n}:number"], answers[f"{n}:title"] or "", note=note, **dates))
        return replace(d, legal_basis=tuple(found))

    return Part("Căn cứ", FormSpec(tuple(fields)), values, apply)


def _indicator_with(d: CriteriaSet, i: Indicator, fresh: Mapping[str, Any]) -> CriteriaSet:
    return edit.change_indicator(d, i.code, fresh, is_official=i.status is TextStatus.OFFICIAL)


def _free_letter(taken: set[str]) -> str:
    return next(letter for letter in _LETTERS + _LETTERS.lower() if letter not in taken)


def _band_key(name: str, taken: set[str]) -> str:
    base = "_".join("".join(c if c.isalnum() else " " for c in fold(name)).split()) or "band"
    key, n = base, 1
    while key in taken:
        n += 1
        key = f"{base}_{n}"
    return key
