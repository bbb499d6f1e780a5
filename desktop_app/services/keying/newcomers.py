"""A person whose form lies in the stack and who is not in the register: added without leaving the row.

Invariant: one undoable deed ("Thêm công dân …"), checked by the same rules as the register's own forms; a household is
named by its code or left unknown, never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.registry.citizens import check, save_citizen
from desktop_app.services.registry.lookups import SqlLookups
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
    elif batch.cover.hamlet is not None:
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
    result = save_citizen(context, None, given, today=today)
    if result.uid is None:
        return Newcomer(errors={issue.field: issue.message for issue in result.errors})
    return Newcomer(result.uid)


_ASKED = frozenset({"citizen.same", "birth.rare"})
"""Warnings that are worth a second look; that the household is unknown was chosen."""
