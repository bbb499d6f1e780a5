"""What changed in a form since a moment of the journal: answers with before and after, and the subject's facts.

Invariant: read from the journal, walking back from what stands now, so a change that was held, withdrawn or undone is
none; a moment is the key of a change record of this file, hence the order in which things came into force here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal.chain import changes_of_rows
from desktop_app.models.journal.codec import SETTLE, Change
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.history.labels import field_label
from desktop_app.services.history.rendering import Names, value_text
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import number_text


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer that is another one now; None is no answer."""

    indicator: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """One fact of the register that is another one now."""

    what: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """ "Thôn: Thôn 1 → Thôn 2"."""
        if not self.before and not self.after:
            return self.what
        return f"{self.what}: {self.before or 'trống'} → {self.after or 'trống'}"


def answer_changes(connection: Connection, since: Mapping[int, int]) -> dict[int, tuple[AnswerChange, ...]]:
    """The answers of forms that differ from what they were.

    Args:
        since: form's local key → the moment after which changes count.
    """
    if not since:
        return {}
    rows = all_rows(
        connection,
        "SELECT w.assessment_id, w.uid, w.indicator, w.value, w.present FROM json_each(?) AS k "
        "CROSS JOIN answer AS w ON w.assessment_id = k.key "
        "WHERE EXISTS (SELECT 1 FROM change AS c WHERE c.row_uid = w.uid AND c.id > k.value)",
        (json.dumps(since),),
    )
    history: dict[bytes, list[Change]] = {}
    for _, item in changes_of_rows(connection, [row[1] for row in rows]):
        history.setdefault(item.row, []).append(item)
    found: dict[int, list[AnswerChange]] = {}
    for form, uid, indicator, value, present in rows:
        after = value if present else None
        before = _value_then(history.get(uid, ()), since[form], value, bool(present))
        if before != after:
            found.setdefault(form, []).append(AnswerChange(indicator, before, after))
    return {form: tuple(sorted(items, key=_number)) for form, items in found.items()}


def register_changes(
    connection: Connection, model: LearningModel, subject: Uid, since: int
) -> tuple[RegisterChange, ...]:
    """Facts of the subject's own row that differ from what they were, and how many of a family's people changed."""
    table = subject_table(model)
    then: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for _, item in changes_of_rows(connection, [bytes.fromhex(subject)]):
        if item.id <= since or item.action == SETTLE:
            continue
        for field, (before, after) in item.fields().items():
            then.setdefault(field, before)
            now[field] = after
    names = Names(connection)
    found = [
        RegisterChange(
            field_label(table, field), _text(names, table, field, before), _text(names, table, field, now[field])
        )
        for field, before in then.items()
        if before != now[field] and field not in _UNTOLD
    ]
    if model is LearningModel.FAMILY:
        count = all_rows(connection, _MEMBERS, (bytes.fromhex(subject), since))[0][0]
        if count:
            found.append(RegisterChange(f"{number_text(count)} người của hộ có thay đổi trong sổ", "", ""))
    return tuple(found)


_UNTOLD = frozenset({"position", "cccd", "phone", "note", "merged_into"})
"""Fields that say nothing of a form, or must not be shown."""

_MEMBERS = """
SELECT count(*) FROM citizen AS n JOIN household AS h ON h.id = n.household_id
WHERE h.uid = ? AND EXISTS (SELECT 1 FROM change AS c WHERE c.row_uid = n.uid AND c.id > ?)"""


def _text(names: Names, table: str, field: str, value: Any) -> str:
    return "" if value is None else value_text(names, table, field, value)


def _value_then(items: Iterable[Change], since: int, value: float | None, present: bool) -> float | None:
    """The value that stood at a moment: what each later change made is taken back, where it is what stands."""
    for item in sorted(items, key=lambda each: each.id, reverse=True):
        if item.id <= since or item.action == SETTLE:
            continue
        for field, (before, after) in item.fields().items():
            if field == "value" and after == value:
                value = before
            elif field == "present" and bool(after) == present:
                present = bool(before)
    return value if present else None


def _number(item: AnswerChange) -> tuple[int, str]:
    return (int(item.indicator) if item.indicator.isdigit() else 10_000, item.indicator)
