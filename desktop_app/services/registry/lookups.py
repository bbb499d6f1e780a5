"""What validation and the editing services ask of the database about other records, one small statement each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import References
from desktop_app.models.journal.codec import to_fields
from desktop_app.models.tables import SHARED
from desktop_app.models.types import Uid
from desktop_app.services.errors import UserError
from desktop_app.services.vietnamese import fold

if TYPE_CHECKING:
    from desktop_app.services.registry.validation import Holder

_WHERE = "coalesce(h.name, 'chưa có thôn') || coalesce(', hộ ' || nullif(hh.code, ''), '')"
_CITIZEN = f"""
SELECT lower(hex(c.uid)), c.full_name, {_WHERE} FROM citizen AS c
LEFT JOIN household AS hh ON hh.id = c.household_id LEFT JOIN hamlet AS h ON h.id = c.hamlet_id
WHERE c.present = 1 AND c.uid IS NOT ? AND """
_HOUSEHOLD = """
SELECT lower(hex(hh.uid)), coalesce(c.full_name, ''), coalesce(h.name, 'chưa có thôn') FROM household AS hh
LEFT JOIN citizen AS c ON c.id = hh.head_id LEFT JOIN hamlet AS h ON h.id = hh.hamlet_id
WHERE hh.present = 1 AND hh.uid IS NOT ? AND """


class SqlLookups:
    """``validation.Lookups`` over an open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cccd_holder(self, cccd: str, but: Uid | None) -> Holder | None:
        return self._holder(_CITIZEN + "c.cccd = ?", but, cccd)

    def same_person(self, name: str, birth: str | None, but: Uid | None) -> Holder | None:
        return self._holder(_CITIZEN + "c.name_fold = ? AND c.birth IS ? LIMIT 1", but, fold(name), birth)

    def household_with_code(self, code: str, but: Uid | None) -> Holder | None:
        return self._holder(_HOUSEHOLD + "hh.code_fold = ? LIMIT 1", but, fold(code))

    def named(self, table: str, name: str, former_commune: str | None, but: Uid | None) -> Holder | None:
        """A present hamlet, clan, organization or branch of that name; hamlets of two former communes may share one."""
        former = "coalesce(former_commune, '') = ?" if table == "hamlet" else "'' = ?"
        query = f"SELECT lower(hex(uid)), name, '' FROM \"{SHARED[table].name}\" "
        query += f"WHERE present = 1 AND uid IS NOT ? AND name_fold = ? AND {former} LIMIT 1"
        return self._holder(query, but, fold(name), (former_commune or "") if table == "hamlet" else "")

    def branch_with_code(self, code: str, but: Uid | None) -> Holder | None:
        query = "SELECT lower(hex(uid)), name, '' FROM branch WHERE present = 1 AND uid IS NOT ? AND code = ? LIMIT 1"
        return self._holder(query, but, code)

    def is_present(self, table: str, uid: Uid) -> bool:
        target = SHARED[table].table
        return bool(self._connection.execute(select(target.c.present).where(target.c.uid == uid)).scalar())

    def head_of(self, household: Uid) -> Holder | None:
        return self._holder(
            _CITIZEN + "c.id = (SELECT head_id FROM household WHERE uid = ?)", None, bytes.fromhex(household)
        )

    def is_member(self, household: Uid, citizen: Uid) -> bool:
        query = "SELECT 1 FROM citizen WHERE uid = ? AND present = 1 "
        query += "AND household_id = (SELECT id FROM household WHERE uid = ?)"
        row = self._connection.exec_driver_sql(query, (bytes.fromhex(citizen), bytes.fromhex(household))).first()
        return row is not None

    def _holder(self, query: str, but: Uid | None, *parameters: Any) -> Holder | None:
        from desktop_app.services.registry.validation import Holder

        excluded = bytes.fromhex(but) if but else None
        row = self._connection.exec_driver_sql(query, (excluded, *parameters)).first()
        return None if row is None else Holder(row[0], row[1] or "", row[2])


def find_row(connection: Connection, table: str, uid: Uid) -> dict[str, Any]:
    """A present row's columns.

    Raises:
        UserError: it is gone (``record.gone``): removed here or by a merged package while its form was open.
    """
    target = SHARED[table].table
    row = connection.execute(select(target).where(target.c.uid == uid)).mappings().first()
    if row is None or not row["present"]:
        raise UserError(
            "Mục này không còn trong sổ (đã xóa, hoặc gói đồng bộ vừa bỏ đi); chưa có gì bị thay đổi. Hãy nạp lại.",
            code="record.gone",
        )
    return dict(row)


def stored_fields(connection: Connection, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's journalled fields, references as uids: what forms are filled from and rules look at."""
    return to_fields(SHARED[table], row, References(connection))


def local_id(connection: Connection, table: str, uid: Uid) -> int:
    """The local key of a uid; -1 where this file has no such row, which matches nothing."""
    target = SHARED[table].table
    found = connection.execute(select(target.c.id).where(target.c.uid == uid)).scalar()
    return -1 if found is None else int(found)
