"""Who came in with one import: read from the journal, so that it can be shown also after a restart.

Invariant: people who were taken away since (undone, merged, removed) are not among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.models.tables import SHARED
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.vietnamese import PartialDate

_CREATED = 1
_FROM = """
FROM operation
JOIN change ON change.operation_id = operation.id AND change.table_code = :table AND change.action = :created
JOIN citizen ON citizen.uid = change.row_uid AND citizen.present = 1
LEFT JOIN household ON household.id = citizen.household_id
LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
WHERE operation.uid = :operation
"""
_ROWS = f"""
SELECT lower(hex(citizen.uid)), citizen.full_name, citizen.birth, citizen.relation, household.code, hamlet.name
{_FROM} ORDER BY change.id LIMIT :limit OFFSET :offset"""


@dataclass(frozen=True)
class BroughtPerson:
    """A person who came in; ``birth`` as it is written here."""

    uid: Uid
    name: str
    birth: str
    relation: str
    household_code: str
    hamlet: str


class BroughtList:
    """The people who came in with an import, a page at a time, in the order of the file.

    Args:
        operation: uid of the import.
    """

    def __init__(self, context: Context, operation: Uid) -> None:
        self._context = context
        self._values = {
            "table": SHARED["citizen"].code,
            "created": _CREATED,
            "operation": bytes.fromhex(operation),
        }

    def count(self) -> int:
        """How many they are."""
        with self._context.read() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) {_FROM}", self._values).scalar_one())

    def rows(self, offset: int, limit: int) -> Sequence[BroughtPerson]:
        """A page of them."""
        with self._context.read() as connection:
            found = connection.exec_driver_sql(_ROWS, {**self._values, "limit": limit, "offset": offset})
            return [_person(*row) for row in found]

    def sorted(self, column: str, *, descending: bool = False) -> BroughtList:
        """The order of the file stays."""
        return self


def _person(
    uid: str, name: str | None, birth: str | None, relation: str | None, code: str | None, hamlet: str | None
) -> BroughtPerson:
    day = PartialDate.from_iso(birth).text() if birth else ""
    return BroughtPerson(Uid(uid), name or "", day, relation or "", code or "", hamlet or "")
