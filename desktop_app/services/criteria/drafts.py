"""Versions that an office makes: every version there is, copying a set, writing in the copy, dropping it.

Invariants: a draft judges nothing, and is used only when the check finds nothing (``forcing``); each save is one deed
that can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables.base import new_uid
from desktop_app.models.tables.criteria import criteria_set
from desktop_app.models.types import DeviceRole, Uid
from desktop_app.services.context import Context
from desktop_app.services.criteria.checking import split_overrides
from desktop_app.services.criteria.checks import Problem, find_draft_problems
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.office import OfficeSet, office_set, set_in_use
from desktop_app.services.criteria.schema import prepared
from desktop_app.services.criteria.stored import Origin, read_stored, stored_value
from desktop_app.services.errors import AppError, UserError
from desktop_app.services.raw import all_rows, one_row


@dataclass(frozen=True, slots=True)
class SetVersion:
    """One version of a set, in force or a draft.

    Args:
        id: local key, opaque outside services.
        definition: the set as it stands, an office's changes in it; of a draft as typed so far.
        problems: what keeps a draft from being used; empty for others.
        used: the set as the register uses it; None for a draft.
        rounds: years of rounds that name this version as theirs.
        forms: how many forms are filled by it, and how many of these are frozen.
        now: year of the newest open round, where its new forms are filled by this version; else None.
    """

    id: int
    uid: Uid
    definition: CriteriaSet
    is_draft: bool
    origin: Origin
    problems: tuple[Problem, ...] = ()
    used: OfficeSet | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    checked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rounds: tuple[int, ...] = ()
    forms: tuple[int, int] = (0, 0)
    now: int | None = None

    @property
    def is_in_use(self) -> bool:
        """New forms are filled by it."""
        return self.used is not None and self.used.is_in_use

    @property
    def label(self) -> str:
        """Name and version, for the journal's sentences."""
        return f"{self.definition.name} ({self.definition.version})"


def list_versions(context: Context) -> tuple[SetVersion, ...]:
    """Every version the register holds, by model and group, drafts after those in use; unreadable ones are left out."""
    with context.read() as connection:
        rounds = _rounds(connection)
        forms = _forms(connection)
        rows = all_rows(connection, f"{_SELECT} WHERE present")
        found = []
        for row in rows:
            try:
                item = _made(connection, row)
            except AppError:
                continue
            found.append(replace(item, rounds=rounds.get(item.id, ()), forms=forms.get(item.id, (0, 0))))
        found = _with_now(connection, found)
    return tuple(sorted(found, key=_order))


def read_any(connection: Connection, set_uid: Uid) -> SetVersion:
    """One version, a draft or not; raises UserError ``criteria.unknown_set`` or what is wrong with it."""
    row = one_row(connection, f"{_SELECT} WHERE uid = ? AND present", (bytes.fromhex(set_uid),))
    if row is None:
        raise UserError("Không tìm thấy bộ tiêu chí này trong sổ; hãy chọn lại.", code="criteria.unknown_set")
    return _made(connection, row)


def load_version(context: Context, set_uid: Uid) -> SetVersion:
    """One version with the rounds and forms it serves; raises as ``read_any``."""
    with context.read() as connection:
        item = read_any(connection, set_uid)
        return replace(item, rounds=_rounds(connection).get(item.id, ()), forms=_forms(connection).get(item.id, (0, 0)))


def copy_set(context: Context, set_uid: Uid, version: str = "") -> Uid:
    """Make a draft from any version; comparisons go along, as far as their rows stay the same.

    Args:
        version: of the draft; the next free number when empty.

    Raises:
        UserError: ``criteria.office_only``, ``criteria.version_taken``, ``criteria.unknown_set``.
    """
    with context.operation("criteria.edit") as op:
        old = read_any(op.connection, set_uid)
        chosen = version.strip() or next_version(op.connection, old.definition.key, old.definition.version)
        definition = replace(old.definition, version=chosen, is_confirmed=False)
        uid = add_version(op, context, definition, Origin(copied_from=old.label), is_draft=True)
        if old.checked:
            row_id = op.writer.references.id("criteria_set", uid)
            assert row_id is not None
            op.writer.update(criteria_set, row_id, {"overrides": {"checked": dict(old.checked)}})
        return uid


def add_version(op: Operation, context: Context, definition: CriteriaSet, origin: Origin, *, is_draft: bool) -> Uid:
    """Put a version into the register as a draft, or as one that may be brought into force."""
    require_office(context)
    _require_free(op.connection, definition, None)
    values = {**_columns(definition), "definition": stored_value(definition, origin, is_draft=is_draft), "is_in_use": 0}
    uid = new_uid()
    op.writer.insert(criteria_set, values, uid=uid)
    op.args["set"] = f"{definition.name} ({definition.version})"
    return uid


def save_draft(context: Context, set_uid: Uid, definition: CriteriaSet) -> SetVersion:
    """Keep a draft as it now is; a save that changed nothing leaves no trace.

    Raises:
        UserError: ``criteria.not_draft``, ``criteria.version_taken``, ``criteria.office_only``; nothing is
            changed then.
    """
    require_office(context)
    with context.operation("criteria.edit") as op:
        old = read_any(op.connection, set_uid)
        _require_draft(old)
        _require_free(op.connection, definition, set_uid)
        op.args["set"] = f"{definition.name} ({definition.version})"
        value = stored_value(prepared(definition), old.origin, is_draft=True)
        op.writer.update(criteria_set, old.id, {**_columns(definition), "definition": value})
        return read_any(op.connection, set_uid)


def drop_draft(context: Context, set_uid: Uid) -> None:
    """Take a draft away (undoable); raises UserError ``criteria.not_draft``."""
    require_office(context)
    with context.operation("criteria.drop") as op:
        old = read_any(op.connection, set_uid)
        _require_draft(old)
        op.args["set"] = old.label
        op.writer.remove(criteria_set, old.id)


def require_clean(item: SetVersion) -> None:
    """Refuse a draft that could not be scored; raises UserError ``criteria.not_clean``."""
    if item.problems:
        first, more = item.problems[0], len(item.problems) - 1
        rest = f" Còn {more} chỗ nữa." if more else ""
        raise UserError(
            f"Bản soạn này chưa dùng được. {first.sentence}.{rest} Bản đang dùng vẫn giữ nguyên; "
            "hãy sửa các chỗ đó rồi đưa vào dùng.",
            code="criteria.not_clean",
        )


def next_version(connection: Connection, key: str, version: str) -> str:
    """The first free version after one: "2023.1" → "2023.1.1", "2023.1.2", …"""
    taken = {
        row[0] for row in all_rows(connection, "SELECT version FROM criteria_set WHERE key = ? AND present", (key,))
    }
    base = version[:32]
    head, _, last = base.rpartition(".")
    if head.count(".") >= 1 and last.isdecimal():
        base = head
    number = 1
    while f"{base}.{number}" in taken:
        number += 1
    return f"{base}.{number}"


# -- inside ------------------------------------------------------------------------------------------------------

_SELECT = "SELECT id, uid, key, version, definition, overrides FROM criteria_set"


def _made(connection: Connection, row: tuple[Any, ...]) -> SetVersion:
    row_id, uid, key, version, text, overrides = row
    stored = read_stored(text) if text else None
    if stored is not None and stored.is_draft:
        changes, checked = split_overrides(overrides)
        definition = stored.loose(f"bản soạn {key} {version}")
        problems = tuple(find_draft_problems(definition))
        return SetVersion(row_id, uid.hex(), definition, True, stored.origin, problems, None, changes, checked)
    used = office_set(connection, uid.hex())
    origin = stored.origin if stored else Origin()
    return SetVersion(row_id, uid.hex(), used.definition, False, origin, (), used, used.overrides, used.checked)


def _columns(definition: CriteriaSet) -> dict[str, Any]:
    return {
        "key": definition.key,
        "version": definition.version,
        "model": definition.model.value,
        "citizen_group": definition.group.value if definition.group else None,
    }


def _require_draft(item: SetVersion) -> None:
    if not item.is_draft:
        raise UserError(
            f"“{item.label}” đã đưa vào dùng nên không soạn lại được; các phiếu chấm theo nó vẫn giữ nguyên. "
            "Hãy chép nó thành bản mới rồi sửa bản mới.",
            code="criteria.not_draft",
        )


def _require_free(connection: Connection, definition: CriteriaSet, own: Uid | None) -> None:
    rows = all_rows(
        connection,
        "SELECT uid FROM criteria_set WHERE key = ? AND version = ? AND present",
        (definition.key, definition.version),
    )
    if any(row[0].hex() != own for row in rows):
        raise UserError(
            f"Đã có bộ “{definition.key}” phiên bản {definition.version}; chưa có gì thay đổi. "
            "Hãy ghi số phiên bản khác, ví dụ thêm năm.",
            code="criteria.version_taken",
        )


def _with_now(connection: Connection, versions: list[SetVersion]) -> list[SetVersion]:
    """Mark the versions by which new forms of the newest open round are filled."""
    row = one_row(
        connection,
        "SELECT id, year FROM assessment_round WHERE present AND status <> 'closed' ORDER BY year DESC LIMIT 1",
    )
    if row is None:
        return versions
    chosen = set()
    for model, group in {(v.definition.model, v.definition.group) for v in versions}:
        with suppress(AppError):
            chosen.add(set_in_use(connection, model, group, round_id=row[0]).uid)
    return [replace(v, now=row[1]) if v.uid in chosen else v for v in versions]


def _rounds(connection: Connection) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    rows = all_rows(
        connection,
        "SELECT s.criteria_set_id, r.year FROM round_set s JOIN assessment_round r ON r.id = s.assessment_round_id "
        "WHERE s.present AND s.criteria_set_id IS NOT NULL ORDER BY r.year",
    )
    for set_id, year in rows:
        found[set_id] = (*found.get(set_id, ()), year)
    return found


def _forms(connection: Connection) -> dict[int, tuple[int, int]]:
    rows = all_rows(
        connection,
        "SELECT criteria_set_id, count(*), sum(frozen IS NOT NULL) FROM assessment "
        "WHERE present AND criteria_set_id IS NOT NULL GROUP BY criteria_set_id",
    )
    return {set_id: (count, frozen or 0) for set_id, count, frozen in rows}


def require_office(context: Context) -> None:
    """Refuse on a volunteer's machine; raises UserError ``criteria.office_only``."""
    if context.role is DeviceRole.VOLUNTEER:
        raise UserError(
            "Chỉ máy của xã soạn hoặc đưa được bộ tiêu chí vào dùng; chưa có gì bị thay đổi. Hãy báo cán bộ xã.",
            code="criteria.office_only",
        )


def _order(item: SetVersion) -> tuple[Any, ...]:
    from desktop_app.models.types import CitizenGroup, LearningModel

    models, groups = list(LearningModel), [None, *CitizenGroup]
    d = item.definition
    return models.index(d.model), groups.index(d.group), item.is_draft, not item.is_in_use, d.key, d.version
