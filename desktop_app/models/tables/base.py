"""The one MetaData, and what every shared table has in common.

Invariant: a *shared* table has ``id`` (local key), ``uid`` (identity everywhere else) and ``present``; rows are
never deleted. Its columns are journalled unless marked ``derived`` (recomputed) or ``local`` (this file only).
"""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, types
from sqlalchemy.engine import Dialect

from desktop_app.models.types import Uid

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

UID_NAMESPACE = uuid.UUID("5b1d1f36-6f0c-5f0e-9d3a-3f6f0e7c2a11")
"""Parent of every UUIDv5 of the program; never changes."""
_NAMESPACE_BYTES = UID_NAMESPACE.bytes


class UidType(types.TypeDecorator[Uid]):
    """A uid: 32 hex digits in Python, 16 bytes in the file."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: Uid | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Uid | None:
        return None if value is None else value.hex()


def new_uid() -> Uid:
    """A fresh UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits; ascending, so indexes stay compact."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return f"{value | 0x7 << 76 | 0x2 << 62:032x}"


def natural_uid(table: str, *parents: str | int) -> Uid:
    """The UUIDv5 of a row that is unique by nature, so two machines that make it make the same row.

    Args:
        table: the table's name.
        parents: uids or fixed words of what the row is unique under, in a fixed order.

    Computed here as ``uuid.uuid5`` does it, in half its time: an import makes hundreds of thousands.
    """
    name = "|".join((table, *map(str, parents)))
    digest = hashlib.sha1(_NAMESPACE_BYTES + name.encode(), usedforsecurity=False).digest()
    value = int.from_bytes(digest[:16], "big") & ~(0xF << 76) & ~(0x3 << 62)
    return f"{value | 0x5 << 76 | 0x2 << 62:032x}"


def ref(table: str, *, nullable: bool = True, index: bool = True, **kwargs: Any) -> Column[Any]:
    """Column ``<table>_id``, a reference that the journal carries as the other row's uid."""
    return named_ref(f"{table}_id", table, nullable=nullable, index=index, **kwargs)


def named_ref(name: str, table: str, *, nullable: bool = True, index: bool = True, **kwargs: Any) -> Column[Any]:
    """A reference column whose name differs from its target's (``head_id`` → citizen)."""
    info = {"ref": table, **kwargs.pop("info", {})}
    return Column(name, Integer, ForeignKey(f"{table}.id"), nullable=nullable, index=index, info=info, **kwargs)


def derived(name: str, type_: Any, **kwargs: Any) -> Column[Any]:
    """A column that is recomputed from others and therefore not journalled."""
    return Column(name, type_, info={"derived": True}, **kwargs)


def local(name: str, type_: Any, **kwargs: Any) -> Column[Any]:
    """A column of a shared table that never leaves this file."""
    return Column(name, type_, info={"local": True}, **kwargs)


@dataclass(frozen=True)
class SharedTable:
    """A shared table as the journal sees it."""

    code: int
    table: Table

    @cached_property
    def name(self) -> str:
        return self.table.name

    @cached_property
    def columns(self) -> dict[str, Column[Any]]:
        """Journalled field name → column; a reference's field is its column without ``_id``."""
        skip = {"id", "uid"}
        return {
            field_of(column): column
            for column in self.table.columns
            if column.name not in skip and not column.info.get("derived") and not column.info.get("local")
        }

    @cached_property
    def refs(self) -> dict[str, str]:
        """Field name → name of the referenced table."""
        return {field: column.info["ref"] for field, column in self.columns.items() if "ref" in column.info}

    @cached_property
    def plan(self) -> tuple[tuple[str, str, str | None], ...]:
        """(column name, field name, referenced table or None) of every journalled field."""
        return tuple((column.name, name, self.refs.get(name)) for name, column in self.columns.items())

    @cached_property
    def plan_by_column(self) -> dict[str, tuple[str, str | None]]:
        """Column name → (field name, referenced table or None) of every journalled field."""
        return {column: (name, target) for column, name, target in self.plan}


def field_of(column: Column[Any]) -> str:
    """The journal's name of a column."""
    return column.name.removesuffix("_id") if "ref" in column.info else column.name


SHARED: dict[str, SharedTable] = {}
BY_CODE: dict[int, SharedTable] = {}


def shared_table(code: int, name: str, *items: Any) -> Table:
    """Declare a shared table. ``code`` stands in the journal and in packages and never changes meaning."""
    table = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("uid", UidType, nullable=False, unique=True),
        Column("present", Boolean, nullable=False, default=True, server_default="1"),
        *items,
    )
    spec = SharedTable(code, table)
    if code in BY_CODE or name in SHARED:
        raise ValueError(f"table code {code} or name {name} is taken")
    SHARED[name] = BY_CODE[code] = spec
    return table


__all__ = [
    "BY_CODE",
    "SHARED",
    "SharedTable",
    "Text",
    "UidType",
    "derived",
    "field_of",
    "local",
    "metadata",
    "named_ref",
    "natural_uid",
    "new_uid",
    "ref",
    "shared_table",
]
