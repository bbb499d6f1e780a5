"""What the tables let stand once only (a CCCD, a number of the register book), as merging must know it.

Invariant: the keys are read from the tables' unique indexes, so a new one is known here at once. A key of which no
field may be left empty (an answer's form and indicator) cannot be held back and is not among them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2

from desktop_app.models.tables import SHARED
from desktop_app.models.types import Uid

COLLISIONS: tuple[type[Exception], ...] = (IntegrityError, dbapi2.IntegrityError)
"""What SQLAlchemy and the driver raise where an index would hold something twice."""

_MANY = 5_000


@dataclass(frozen=True)
class UniqueKey:
    """Fields of a table that stand together once only.

    Attributes:
        held: the field that stays empty in the second row.
        is_of_present: absent rows do not count.
    """

    table: str
    fields: tuple[str, ...]
    held: str
    is_of_present: bool

    @property
    def touching(self) -> frozenset[str]:
        """Fields whose change may bring the key to a row."""
        return frozenset((*self.fields, *(("present",) if self.is_of_present else ())))

    def values_of(self, fields: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The key of a row with these fields; None where it has none."""
        if self.is_of_present and not fields.get("present"):
            return None
        values = tuple(fields.get(name) for name in self.fields)
        return None if None in values else values

    def to_hold(self, wanted: Collection[str]) -> list[str]:
        """Which of the fields to be set are held back where the key is taken."""
        if self.held in wanted:
            return [self.held]
        return [name for name in wanted if name in self.touching]

    def is_taken(self, connection: Connection, keys: Sequence[tuple[Any, ...]]) -> bool:
        """Whether two of these are the same, or a row has one of them."""
        if len(set(keys)) < len(keys):
            return True
        matches = " AND ".join(f"t.{name} = k.value ->> {place}" for place, name in enumerate(self.fields))
        query = f"SELECT 1 FROM json_each(?) AS k CROSS JOIN {self.table} AS t ON {matches} {self._where()} LIMIT 1"
        for start in range(0, len(keys), _MANY):
            if connection.exec_driver_sql(query, (json.dumps(keys[start : start + _MANY]),)).first():
                return True
        return False

    def owner(self, connection: Connection, fields: Mapping[str, Any], besides: int | None) -> Uid | None:
        """The row other than ``besides`` that has the key of a row with these fields."""
        values = self.values_of(fields)
        if values is None:
            return None
        matches = " AND ".join(f"t.{name} = ?" for name in self.fields)
        query = f"SELECT t.uid FROM {self.table} AS t WHERE {matches} {self._where()} AND t.id IS NOT ?"
        found = connection.exec_driver_sql(query, (*values, besides)).scalar()
        return found.hex() if found is not None else None

    def _where(self) -> str:
        present = " AND t.present = 1" if self.is_of_present else ""
        return f"AND t.{self.held} IS NOT NULL{present}"


@cache
def keys_of(table: str) -> tuple[UniqueKey, ...]:
    """The unique keys of a shared table of which a field may stay empty."""
    spec = SHARED[table]
    found = []
    for index in spec.table.indexes:
        columns = [column for column in index.columns if "ref" not in column.info]
        free = [column.name for column in columns if column.nullable]
        if index.unique and free and len(columns) == len(index.columns):
            is_of_present = "present" in str(index.dialect_options["sqlite"]["where"])
            found.append(UniqueKey(table, tuple(column.name for column in columns), free[-1], is_of_present))
    return tuple(found)


def gives_free(table: str, fields: Mapping[str, Any]) -> bool:
    """Whether setting these fields leaves a unique key to others."""
    if fields.get("present", True) in (False, None):
        return True
    return any(key.held in fields and fields[key.held] is None for key in keys_of(table))


__all__ = ["COLLISIONS", "UniqueKey", "gives_free", "keys_of"]
