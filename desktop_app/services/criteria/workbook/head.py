"""The sheet "Bộ tiêu chí" of a workbook: the set's own data, each fault with its cell.

Invariant: a set always has a key; where the file gives none that can be used, it comes of model and group.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from desktop_app.models.types import CitizenGroup, LearningModel, TextStatus
from desktop_app.services.criteria.definition import CriteriaSet, Mark, Validity
from desktop_app.services.criteria.workbook import words
from desktop_app.services.criteria.workbook.build import Builder
from desktop_app.services.criteria.workbook.cells import date_of, line_of, lines_of, points_of, text_of, whole_of
from desktop_app.services.criteria.workbook.grid import Table
from desktop_app.services.vietnamese import PartialDate, fold

_KEY = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


class Head:
    """The lines of "Bộ tiêu chí" by key; all empty where the sheet is missing."""

    def __init__(self, table: Table | None) -> None:
        self.rows = {str(row.get("key")): row for row in table.rows} if table else {}

    def text(self, key: str) -> str:
        row = self.rows.get(key)
        return text_of(row.get("value")).strip() if row else ""

    def choice(self, key: str, table: Any) -> Any:
        return words.read_word(table, self.text(key)) if self.text(key) else None


def head_fields(b: Builder, head: Head, base: CriteriaSet | None) -> dict[str, Any]:
    """The fields of the set that the sheet gives; what it lacks comes from the version compared with."""
    for key, row in head.rows.items():
        b.places[key] = (row.sheet, row.cell("value"))
    found: dict[str, Any] = {}
    for key in ("key", "version", "name", "title", "group_name", "heading", "indicator_word", "indicator_abbreviation"):
        found[key] = _line(b, head, key, line_of, getattr(base, key, "") if base else "")
    found["indicator_word"] = found["indicator_word"] or "chỉ số"
    found["indicator_abbreviation"] = found["indicator_abbreviation"] or "CS"
    for key in ("group_aliases", "notes", "sources"):
        found[key] = _line(b, head, key, lines_of, getattr(base, key) if base else ())
    for key in ("allows_half_points", "needs_confirmation", "is_default"):
        line = head.rows.get(key)
        usual = getattr(base, key) if base else key == "is_default"
        found[key] = b.yes(line, "value", usual) if line is not None and text_of(line.get("value")) else usual
    for key in ("effective_from", "effective_to"):
        found[key] = _day(b, head, key, getattr(base, key) if base else None)
    found["model"] = _chosen(b, head, "model", words.MODELS, base.model if base else LearningModel.CITIZEN, "mô hình")
    is_citizen = found["model"] is LearningModel.CITIZEN
    found["group"] = _group(b, head, base) if is_citizen or head.text("group") else None
    for key, name in (("pass_mark", "điểm đạt"), ("floor", "điểm sàn")):
        found[key] = _mark(b, head, key, name, getattr(base, key) if base else None)
    found["validity"] = _validity(b, head, base.validity if base else None)
    own = head.rows.get("key")
    if base is not None and own is not None and (base.model, base.group) != (found["model"], found["group"]):
        b.fail(
            own,
            "value",
            f"khóa “{found['key']}” là của bộ “{base.name}”, khác mô hình hoặc nhóm ghi ở trên; tạo bộ mới thì để "
            "trống khóa",
        )
    if not _KEY.fullmatch(found["key"] or ""):
        group = found["group"]
        found["key"] = f"{found['model'].value}.{group.value}" if group else found["model"].value
    found["version"] = found["version"] or "1"
    return found


def _line(b: Builder, head: Head, key: str, read: Callable[[Any], Any], absent: Any) -> Any:
    row = head.rows.get(key)
    return absent if row is None else b.take(row, "value", read, absent)


def _chosen(b: Builder, head: Head, key: str, table: Any, absent: Any, name: str) -> Any:
    row = head.rows.get(key)
    return absent if row is None else b.choice(row, "value", table, absent, name)


def _group(b: Builder, head: Head, base: CriteriaSet | None) -> CitizenGroup | None:
    row = head.rows.get("group")
    if row is None:
        return base.group if base else None
    text = text_of(row.get("value"))
    if base is not None and base.group and fold(text) in {fold(n) for n in (base.group_name, *base.group_aliases)}:
        return base.group
    found: CitizenGroup | None = b.choice(row, "value", words.GROUPS, None, "nhóm")
    return found


def _day(b: Builder, head: Head, key: str, absent: Any) -> Any:
    row = head.rows.get(key)
    if row is None:
        return absent
    found: PartialDate | None = b.take(row, "value", lambda v: date_of(v, "ngày"), None)
    if found is None:
        return None
    if found.month is None or found.day is None:
        b.fail(row, "value", "phải là ngày đầy đủ như 25/10/2023")
        return None
    return dt.date(found.year, found.month, found.day)


def _mark(b: Builder, head: Head, key: str, name: str, base: Mark | None) -> Mark | None:
    row = head.rows.get(key)
    if row is None:
        return base
    value = b.take(row, "value", lambda v: points_of(v, name, of_total=True), None)
    if value is None:
        return None
    known = (base.status, base.is_changed) if base else None
    status, is_changed = b.source(row, "status", known, base is None or base.value != value)
    return Mark(value, status, b.words(row, "note"), is_changed)


def _validity(b: Builder, head: Head, base: Validity | None) -> Validity | None:
    row, more = head.rows.get("validity_months"), head.rows.get("upgrade_after_months")
    if row is not None:
        b.places["validity"] = (row.sheet, row.cell("value"))
    if row is None:
        return base
    months = b.take(row, "value", lambda v: whole_of(v, "số tháng"), None)
    if months is None:
        return None
    after = b.take(more, "value", lambda v: whole_of(v, "số tháng"), None) if more is not None else None
    said = words.read_status(b.words(row, "status"))
    is_same = base is not None and (base.months, base.upgrade_after_months) == (months, after or 0)
    status = said[0] if said else TextStatus.SUGGESTED
    if base is not None and not is_same and said is not None and status is base.status:
        status = TextStatus.SUGGESTED
    return Validity(months, after or 0, status)
