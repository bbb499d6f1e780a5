"""A person whose form lies in the stack and who is not in the register: added without leaving the row.

Invariant: one undoable deed ("Thêm công dân …"), checked by the same rules as the register's own forms; a household is
named by its code or left unknown, never guessed. Whose household is unknown lives, until it is known, in one of their
own in the batch's hamlet, as people of imported lists without households do, so that the hamlet counts them; whose form
came from an organization is its member.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.models.journal import Operation
from desktop_app.models.tables.registry import household
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.importing.words import HEAD
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.registry.citizens import check, insert_citizen
from desktop_app.services.registry.lookups import SqlLookups, find_row
from desktop_app.services.registry.memberships import join_in
from desktop_app.services.registry.saving import saved, today_or
from desktop_app.services.registry.validation import check_citizen
from desktop_app.services.vietnamese import nfc


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What adding found.

    Args:
        uid: of the person, None while nothing was written.
        errors: field (``full_name``, ``birth``, ``sex``, ``household``) → sentence that blocks.
        doubts: sentences that a person may pass over by saying so once more.
        same: somebody of that name and birth who is in the register already.
    """

    uid: Uid | None = None
    errors: Mapping[str, str] | None = None
    doubts: tuple[str, ...] = ()
    same: Uid | None = None


def add_newcomer(
    context: Context,
    batch: BatchRecord,
    values: Mapping[str, str],
    *,
    is_sure: bool = False,
    today: dt.date | None = None,
) -> Newcomer:
    """Add a person.

    Args:
        values: ``full_name``, ``birth``, ``sex`` ("male", "female" or ""), ``household`` (a code, blank: unknown).
        is_sure: the doubts were read.
    """
    given: dict[str, object] = {name: nfc(values.get(name, "")) for name in ("full_name", "birth", "sex")}
    errors: dict[str, str] = {}
    code = nfc(values.get("household", ""))
    if code:
        with context.read() as connection:
            found = SqlLookups(connection).household_with_code(code, None)
        if found is None:
            errors["household"] = f"Sổ không có hộ mã {code}. Hãy xem lại, hoặc để trống nếu chưa rõ hộ."
        else:
            given["household"] = found.uid
    elif batch.place:
        given["note"] = f"Chưa rõ hộ; phiếu thu ở {batch.place}."
    if batch.cover.group is not None:
        given["citizen_group"] = batch.cover.group.value
    checked = check(context, None, given, today=today)
    errors = {**{issue.field: issue.message for issue in checked.errors}, **errors}
    if not given["birth"]:
        errors.setdefault("birth", "Cần ngày sinh hoặc năm sinh để tính tuổi.")
    young = next((issue.message for issue in checked.warnings if issue.code == "group.too_young"), "")
    if young:
        errors.setdefault("birth", young)
    if errors:
        return Newcomer(errors=errors)
    doubts = tuple(issue.message for issue in checked.warnings if issue.code in _ASKED)
    same = next((issue.other for issue in checked.warnings if issue.code == "citizen.same"), None)
    if doubts and not is_sure:
        return Newcomer(doubts=doubts, same=same)
    with context.operation("citizen.add") as op:
        return Newcomer(_write(op, batch, given, today))


def _write(op: Operation, batch: BatchRecord, given: dict[str, object], today: dt.date | None) -> Uid | None:
    """The person with whatever the batch says of them, within their deed."""
    cover = batch.cover
    if "household" not in given and cover.hamlet is not None:
        hamlet_id = find_row(op.connection, "hamlet", cover.hamlet)["id"]
        home = op.writer.references.uid("household", op.writer.insert(household, {"hamlet_id": hamlet_id}))
        given = {**given, "household": home, "relation": HEAD}
    checked = check_citizen(given, SqlLookups(op.connection), today_or(today))
    result = saved(op, "citizen", insert_citizen(op, checked), checked)
    if cover.organization is not None and cover.model is LearningModel.CITIZEN and result.uid is not None:
        join_in(op, cover.organization, result.uid)
    return result.uid


_ASKED = frozenset({"citizen.same", "birth.rare"})
"""Warnings that are worth a second look; that the household is unknown was chosen."""
