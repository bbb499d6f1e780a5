"""The forms of the editor: what is asked about each part of a draft, and the draft that comes of the answers. Pure.

Invariant: a form holds every field of its part; an empty repeated block is left out, not an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.compare import ANSWER_WORDS, fact_words
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator
from desktop_app.services.criteria.facts import FACTS
from desktop_app.ui.criteria.draft_head import head_part
from desktop_app.ui.criteria.draft_part import MOST_OF_ALL, Part, number, value_of
from desktop_app.ui.criteria.forms import OFFICIAL_HELP, OFFICIAL_WORDS
from desktop_app.ui.criteria.rows import CriteriaRow, RowKind, points
from desktop_app.ui.widgets.form_spec import Field, FormSpec

Values = Mapping[str, Any]
_OFFICIAL = Field("is_official", OFFICIAL_WORDS, "check", help=OFFICIAL_HELP)


def part_of(d: CriteriaSet, row: CriteriaRow) -> Part:
    """The main form of a row (F2)."""
    if row.kind is RowKind.HEAD:
        return head_part(d)
    if row.kind is RowKind.RULES:
        return _rules(d)
    if row.kind is RowKind.CRITERION:
        return _criterion(d, row.code)
    if row.kind is RowKind.PREREQUISITE:
        return _prerequisite(d, row.code)
    return _indicator(d, d.by_code[row.code])


def is_official(answers: Values, before: str, after: str, status: TextStatus) -> bool:
    """Whether a wording counts as the document's own: ticked now, or official before and left as it was."""
    return bool(answers["is_official"]) or (before == after and status is TextStatus.OFFICIAL)


def _rules(d: CriteriaSet) -> Part:
    if d.kind is SetKind.CHECKLIST:
        return grades_part(d)
    fields = (
        number("pass_mark", f"Điểm đạt (trên {points(d.max_total)})", MOST_OF_ALL, required=True),
        number("floor", "Điểm sàn của mỗi chỉ số", help="Để trống: không có điểm sàn."),
        Field("halves", "Cho nửa điểm (0,5)", "check"),
        Field("is_official", "Các số này chép đúng từ văn bản", "check"),
    )
    values = {
        "pass_mark": points(d.pass_mark.value) if d.pass_mark else "",
        "floor": points(d.floor.value) if d.floor else "",
        "halves": d.allows_half_points,
        "is_official": False,
    }

    def apply(answers: Values) -> CriteriaSet:
        return edit.change_marks(
            d,
            pass_mark=value_of(answers["pass_mark"]),
            floor=value_of(answers["floor"]),
            halves=bool(answers["halves"]),
            is_official=True if answers["is_official"] else None,
        )

    return Part("Cách tính đạt", FormSpec(fields), values, apply)


def _criterion(d: CriteriaSet, code: str) -> Part:
    found = next(c for c in d.criteria if c.code == code)
    fields = (
        Field("number", "Số", is_required=True, max_length=12, width=120),
        Field("name", "Tên tiêu chí", "multiline", is_required=True, max_length=4000),
        number("max_score", "Tổng điểm ghi trong văn bản", MOST_OF_ALL, help="Để trống thì không kiểm tra tổng."),
        Field("note", "Ghi chú", max_length=1000),
        _OFFICIAL,
    )
    values = {
        "number": found.number,
        "name": found.name,
        "max_score": points(found.max_score),
        "note": found.note,
        "is_official": False,
    }

    def apply(answers: Values) -> CriteriaSet:
        most = value_of(answers["max_score"])
        fresh: dict[str, Any] = {"number": answers["number"], "name": answers["name"], "note": answers["note"] or ""}
        if most != found.max_score:
            fresh |= {"max_score": most, "is_max_changed": most is not None}
            fresh["max_status"] = TextStatus.SUGGESTED if most is not None else None
        chosen = is_official(answers, found.name, answers["name"], found.status)
        return edit.change_criterion(d, code, fresh, is_official=chosen)

    return Part(f"Tiêu chí {found.number}", FormSpec(fields), values, apply)


def fact_choices(d: CriteriaSet, *, computed_only: bool) -> list[tuple[str | None, str]]:
    """Facts that can be counted for this model's subjects."""
    keys = [key for key, spec in FACTS.items() if key.startswith(f"{d.model.value}.")]
    return [(key, fact_words(key)) for key in keys if FACTS[key].is_computed or not computed_only]


def _ages(fact_parameters: Mapping[str, int]) -> dict[str, Any]:
    return {key: fact_parameters.get(key) for key in ("min_age", "max_age")}


_AGE_FIELDS = (
    Field("min_age", "Tính người từ (tuổi)", "integer", minimum=0, maximum=150, width=120),
    Field("max_age", "Đến (tuổi)", "integer", minimum=0, maximum=150, width=120),
)


def _parameters(old: Mapping[str, int], fact: str | None, answers: Values) -> dict[str, int]:
    if not fact:
        return {}
    found = {key: value for key, value in old.items() if key not in ("min_age", "max_age")}
    for key in ("min_age", "max_age"):
        if answers.get(key) is not None:
            found[key] = int(answers[key])
    return found


def _indicator(d: CriteriaSet, i: Indicator) -> Part:
    is_points = d.kind is SetKind.POINTS
    fields = [
        Field("number", "Số", is_required=True, max_length=12, width=120),
        Field("text", "Lời của chỉ số", "multiline", is_required=True, max_length=4000),
        _OFFICIAL,
        Field("short", "Tên ngắn", max_length=120, help="Vài chữ để hiện trong bảng nhập."),
    ]
    values: dict[str, Any] = {key: getattr(i, key) for key in ("number", "text", "short", "note", "source")}
    values |= {"is_official": False, "fact": i.fact, **_ages(i.fact_parameters)}
    if is_points:
        fields.append(number("max_score", "Điểm tối đa", required=True))
        values["max_score"] = points(i.max_score)
    else:
        kinds = [(kind, ANSWER_WORDS[kind]) for kind in (AnswerType.MET, AnswerType.PERCENT)]
        fields.append(Field("answer_type", "Trả lời bằng", "choice", choices=kinds, is_required=True))
        values["answer_type"] = i.answer_type
        percents = {t.grade: t.percent for t in i.thresholds}
        for grade in d.grades:
            key = f"percent:{grade.number}"
            fields.append(number(key, f"Ngưỡng {grade.name} (%)", 100, help="Chỉ khi trả lời bằng tỷ lệ."))
            values[key] = points(percents.get(grade.number))
    facts = [(None, "(không)"), *fact_choices(d, computed_only=False)]
    fields += [Field("fact", "Số liệu từ sổ", "choice", choices=facts), *_AGE_FIELDS]
    fields += [Field("note", "Ghi chú", max_length=1000), Field("source", "Lấy ở đâu", max_length=1000)]

    def apply(answers: Values) -> CriteriaSet:
        fresh: dict[str, Any] = {key: answers[key] or "" for key in ("number", "text", "short", "note", "source")}
        fresh |= {"fact": answers["fact"], "fact_parameters": _parameters(i.fact_parameters, answers["fact"], answers)}
        if is_points:
            fresh["max_score"] = value_of(answers["max_score"])
        else:
            fresh["answer_type"] = AnswerType(answers["answer_type"])
            is_share = fresh["answer_type"] is AnswerType.PERCENT
            fresh["percents"] = {
                g.number: value_of(answers[f"percent:{g.number}"]) if is_share else None for g in d.grades
            }
        chosen = is_official(answers, i.text, fresh["text"], i.status)
        return edit.change_indicator(d, i.code, fresh, is_official=chosen)

    return Part(f"{d.indicator_word.capitalize()} {i.number}", FormSpec(tuple(fields)), values, apply)


def _prerequisite(d: CriteriaSet, key: str) -> Part:
    found = next(p for p in d.prerequisites if p.key == key)
    fields = (
        Field("text", "Lời của điều kiện", "multiline", is_required=True, max_length=4000),
        _OFFICIAL,
        Field("fact", "Tính từ sổ", "choice", choices=fact_choices(d, computed_only=True), is_required=True),
        number("percent", "Tỷ lệ phải đạt (%)", 100, required=True),
        *_AGE_FIELDS,
        Field("is_enabled", "Xét điều kiện này", "check"),
        Field("note", "Ghi chú", max_length=1000),
        Field("source", "Lấy ở đâu", max_length=1000),
    )
    values = {
        "text": found.text,
        "is_official": False,
        "fact": found.fact,
        "percent": points(found.percent),
        "is_enabled": found.is_enabled,
        "note": found.note,
        "source": found.source,
        **_ages(found.fact_parameters),
    }

    def apply(answers: Values) -> CriteriaSet:
        fresh = {
            "text": answers["text"],
            "fact": answers["fact"],
            "percent": value_of(answers["percent"]) or 0,
            "is_enabled": bool(answers["is_enabled"]),
            "note": answers["note"] or "",
            "source": answers["source"] or "",
            "fact_parameters": _parameters(found.fact_parameters, answers["fact"], answers),
        }
        chosen = is_official(answers, found.text, str(fresh["text"]), found.status)
        return edit.change_prerequisite(d, key, fresh, is_official=chosen)

    return Part("Điều kiện", FormSpec(fields), values, apply)


def grades_part(d: CriteriaSet) -> Part:
    """The grades of a checklist; blocks of ``draft_blocks`` for the rest."""
    from desktop_app.services.criteria.definition import Grade

    slots = range(1, min(len(d.grades) + 1, 9) + 1)
    known = {g.number: g for g in d.grades}
    fields = tuple(
        Field(f"grade:{n}", f"Tên mức độ {n}", max_length=60, help="Để trống: không có mức này." if n > 1 else "")
        for n in slots
    )
    values = {f"grade:{n}": known[n].name if n in known else "" for n in slots}

    def apply(answers: Values) -> CriteriaSet:
        names = [answers[f"grade:{n}"] for n in slots if answers[f"grade:{n}"]]
        grades = tuple(
            replace(known[n], name=name) if n in known else Grade(n, name, TextStatus.SUGGESTED)
            for n, name in enumerate(names, 1)
        )
        return replace(d, grades=grades)

    return Part("Các mức độ", FormSpec(fields), values, apply)
