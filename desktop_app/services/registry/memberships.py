"""Joining one household to a clan and one person to an organization, and leaving them again; each is one deed.

Invariant: a membership is one row by nature, made absent and brought back, never doubled (see ``units_edit``).
"""

from __future__ import annotations

from sqlalchemy import Table, select

from desktop_app.models.journal import Operation
from desktop_app.models.records import Issue, SaveResult
from desktop_app.models.tables import natural_uid, registry
from desktop_app.models.types import Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.errors import UserError
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.vietnamese import nfc

MAX_ROLE = 60


def join_clan(context: Context, clan: Uid, household: Uid) -> SaveResult:
    """Let a household belong to a clan.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    with context.operation("clan.edit", {"subject": subject_of("clan", clan)}) as op:
        _join(op, registry.clan_household, ("clan", clan), ("household", household), {})
    return SaveResult(clan)


def leave_clan(context: Context, clan: Uid, household: Uid) -> SaveResult:
    """Let a household belong to a clan no longer.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    with context.operation("clan.edit", {"subject": subject_of("clan", clan)}) as op:
        _leave(op, registry.clan_household, ("clan", clan), ("household", household))
    return SaveResult(clan)


def join_organization(context: Context, organization: Uid, citizen: Uid, role: str = "") -> SaveResult:
    """Make a person a member, or change the role of one ("giáo viên", "học sinh").

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    clean = " ".join(nfc(role).split())
    if len(clean) > MAX_ROLE:
        return SaveResult(None, (Issue("role", "text.long", f"Dài quá {MAX_ROLE} ký tự; hãy viết gọn lại."),))
    with context.operation("organization.edit", {"subject": subject_of("organization", organization)}) as op:
        values = {"role": clean or None, "until": None}
        _join(op, registry.organization_member, ("organization", organization), ("citizen", citizen), values)
    return SaveResult(organization)


def leave_organization(context: Context, organization: Uid, citizen: Uid) -> SaveResult:
    """Let a person belong to an organization no longer.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    with context.operation("organization.edit", {"subject": subject_of("organization", organization)}) as op:
        _leave(op, registry.organization_member, ("organization", organization), ("citizen", citizen))
    return SaveResult(organization)


def join_in(op: Operation, organization: Uid, citizen: Uid) -> None:
    """The same as ``join_organization`` within another deed, without a role."""
    values: dict[str, str | None] = {"role": None, "until": None}
    _join(op, registry.organization_member, ("organization", organization), ("citizen", citizen), values)


_Side = tuple[str, Uid]


def _join(op: Operation, joining: Table, whole: _Side, part: _Side, values: dict[str, str | None]) -> None:
    columns = {f"{table}_id": find_row(op.connection, table, uid)["id"] for table, uid in (whole, part)}
    uid = natural_uid(joining.name, whole[1], part[1])
    found = op.connection.execute(select(joining.c.id).where(joining.c.uid == uid, joining.c.present)).scalar()
    if found is None:
        op.writer.insert(joining, {**columns, **values}, uid=uid)
    else:
        op.writer.update(joining, found, values)


def _leave(op: Operation, joining: Table, whole: _Side, part: _Side) -> None:
    for table, uid in (whole, part):
        find_row(op.connection, table, uid)
    uid = natural_uid(joining.name, whole[1], part[1])
    found = op.connection.execute(select(joining.c.id).where(joining.c.uid == uid, joining.c.present)).scalar()
    if found is None:
        raise UserError("Mục này đã được bỏ ra từ trước; chưa có gì bị thay đổi. Hãy nạp lại.", code="record.gone")
    op.writer.remove(joining, found)
