"""Rows of a set that an officer has compared with the document: who, when, and whether that still holds.

Invariant: a comparison is of one wording with its numbers under one legal basis; when any of these changes it no longer
stands, and stands again when they are put back. Comparing changes no number and no verdict.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.models.types import DeviceRole, TextStatus, Uid
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.errors import UserError

if TYPE_CHECKING:
    from desktop_app.services.context import Context

RULES = "rules"
"""Reference of the rules of the whole set: pass mark, floor, bands, grades."""


Checked = dict[str, dict[str, str]]


def split_overrides(text: str | None) -> tuple[dict[str, Any], Checked]:
    """What ``criteria_set.overrides`` holds: the office's changes, and the rows compared with the document."""
    content = json.loads(text) if text else {}
    if not isinstance(content, dict):
        return {}, {}
    checked = content.pop("checked", {})
    known = checked.items() if isinstance(checked, dict) else ()
    return content, {
        str(ref): {str(k): str(v) for k, v in check.items()} for ref, check in known if isinstance(check, dict)
    }


@dataclass(frozen=True, slots=True)
class Check:
    """One row's comparison with the document.

    Args:
        by: uid of who compared it.
        name: his name, empty when this register does not know him.
        on: ISO date.
        stands: the row is still what was compared.
    """

    by: Uid
    name: str
    on: str
    stands: bool

    @property
    def words(self) -> str:
        """ "đã đối chiếu 22/11/2026, Nguyễn Thị Lan"."""
        day = "/".join(reversed(self.on.split("-")))
        who = f", {self.name}" if self.name else ""
        return f"{'Đã đối chiếu' if self.stands else 'Đã sửa sau khi đối chiếu'} {day}{who}"


def row_marks(definition: CriteriaSet) -> dict[str, str]:
    """Each row's reference ("rules", "criterion:I", "indicator:1", "prerequisite:key") and a digest of what it says."""
    basis = [b.number for b in definition.legal_basis]
    d = definition
    rules = [
        d.kind, d.pass_mark and d.pass_mark.value, d.floor and d.floor.value, d.allows_half_points,
        [(b.name, b.min) for b in d.bands], [(g.number, g.name) for g in d.grades],
    ]  # fmt: skip
    found: dict[str, Any] = {RULES: rules}
    for c in d.criteria:
        found[f"criterion:{c.code}"] = [c.number, c.name, c.max_score]
        for i in c.indicators:
            thresholds = [(t.grade, t.percent) for t in i.thresholds]
            found[f"indicator:{i.code}"] = [i.number, i.text, i.answer_type, i.max_score, thresholds]
    for p in d.prerequisites:
        found[f"prerequisite:{p.key}"] = [p.text, p.fact, p.percent, p.is_enabled, dict(p.fact_parameters)]
    return {ref: _digest([basis, content]) for ref, content in found.items()}


def is_compared(definition: CriteriaSet, checked: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether every row of the set stands compared."""
    return bool(checked) and all(checked.get(ref, {}).get("mark") == m for ref, m in row_marks(definition).items())


def read_checks(
    context: Context, definition: CriteriaSet, checked: Mapping[str, Mapping[str, str]]
) -> dict[str, Check]:
    """The comparisons of a set by row reference, with names."""
    from desktop_app.services.raw import all_rows

    if not checked:
        return {}
    with context.read() as connection:
        names = {uid.hex(): name or "" for uid, name in all_rows(connection, "SELECT uid, name FROM user")}
    marks = row_marks(definition)
    return {
        ref: Check(c.get("by", ""), names.get(c.get("by", ""), ""), c.get("on", ""), c.get("mark") == marks[ref])
        for ref, c in checked.items()
        if ref in marks
    }


def check_rows(context: Context, set_uid: Uid, refs: Iterable[str], *, is_checked: bool = True) -> int:
    """Record that rows were compared with the document by the present user, today; or take that back.

    Rows that hold no wording of the document yet (status ``missing``) are refused: there is nothing to compare.

    Returns:
        How many rows changed.

    Raises:
        UserError: ``criteria.office_only``, ``user.missing``, ``criteria.nothing_to_compare``,
            ``criteria.unknown_set``.
    """
    from desktop_app.models.tables.criteria import criteria_set
    from desktop_app.services.criteria.drafts import read_any

    if context.role is DeviceRole.VOLUNTEER:
        raise UserError(
            "Chỉ máy của xã ghi được dòng đã đối chiếu; chưa có gì bị thay đổi. Hãy báo cán bộ xã.",
            code="criteria.office_only",
        )
    if context.user is None:
        raise UserError(
            "Chưa chọn người làm việc nên chưa ghi đối chiếu. Hãy chọn tên mình rồi làm lại.", code="user.missing"
        )
    today = dt.datetime.fromtimestamp(context.journal.clock() / 1000).date().isoformat()
    with context.operation("criteria.check") as op:
        item = read_any(op.connection, set_uid)
        marks = row_marks(item.definition)
        wanted = [ref for ref in dict.fromkeys(refs) if ref in marks]
        if is_checked:
            _require_words(item.definition, wanted)
        checked = {ref: dict(check) for ref, check in item.checked.items()}
        before = dict(checked)
        for ref in wanted:
            if not is_checked:
                checked.pop(ref, None)
            elif checked.get(ref, {}).get("mark") != marks[ref]:
                checked[ref] = {"by": context.user, "on": today, "mark": marks[ref]}
        count = sum(before.get(ref) != checked.get(ref) for ref in wanted)
        op.args.update({"count": count, "set": item.label})
        if count:
            stored = {**item.overrides, "checked": checked} if checked else dict(item.overrides)
            op.writer.update(criteria_set, item.id, {"overrides": stored or None})
    return count


def _require_words(definition: CriteriaSet, refs: Iterable[str]) -> None:
    empty = [
        definition.by_code[code].number
        for ref in refs
        for kind, _, code in [ref.partition(":")]
        if kind == "indicator" and definition.by_code[code].status is TextStatus.MISSING
    ]
    if empty:
        rows = ", ".join(empty[:8])
        raise UserError(
            f"Chưa ghi đối chiếu được: {definition.indicator_word} {rows} chưa có lời văn bản để đối chiếu. Hãy "
            "chép lời văn bản vào (F2) trước; các dòng khác chưa bị thay đổi.",
            code="criteria.nothing_to_compare",
        )


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, default=str).encode()).hexdigest()[:16]
