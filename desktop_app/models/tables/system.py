"""Users, settings, this file's own facts, and the journal's three tables.

Invariant: ``change`` keeps what is needed to check the chain for ever; ``change_value`` may be erased by law.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from desktop_app.models.tables.base import UidType, local, metadata, shared_table

user = shared_table(
    70,
    "user",
    Column("name", Text),
    Column("role", Text),
    local("pin_hash", Text),
)

setting = shared_table(
    71,
    "setting",
    Column("key", Text, nullable=False),
    Column("value", JSON(none_as_null=True)),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSON),
)

operation = Table(
    "operation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", UidType, nullable=False, unique=True),
    Column("device", UidType, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("author", UidType),
    Column("kind", Text, nullable=False),
    Column("args", JSON, nullable=False),
    Column("at", Integer, nullable=False),  # ms since 1970, UTC, of the author's clock
    Column("undoes", UidType),
    Column("undone_by", UidType),
    Column("merged_in", Integer, ForeignKey("operation.id")),
    Column("state", Text, nullable=False),
    Column("hash", LargeBinary(32)),  # null while open
    Index("uq_operation_device", "device", "generation", "sequence", unique=True),
    Index("ix_operation_unsealed", "state", sqlite_where=text("state <> 'applied'")),
    Index("ix_operation_merged", "merged_in", sqlite_where=text("merged_in IS NOT NULL")),
    sqlite_autoincrement=True,
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("operation_id", Integer, ForeignKey("operation.id"), nullable=False, index=True),
    Column("table_code", Integer, nullable=False),
    Column("row_uid", LargeBinary(16), nullable=False),
    Column("action", Integer, nullable=False),  # 1 create, 2 update
    Column("digest", LargeBinary(32)),  # kept only where the values were erased
    Index("ix_change_row", "row_uid"),
)

change_value = Table(
    "change_value",
    metadata,
    Column("change_id", Integer, ForeignKey("change.id"), primary_key=True),
    Column("salt", LargeBinary(16), nullable=False),
    Column("payload", Text, nullable=False),
)

change_pack = Table(
    "change_pack",
    metadata,
    Column("operation_id", Integer, ForeignKey("operation.id"), primary_key=True),
    Column("piece", LargeBinary, nullable=False),  # salts and payloads of its changes, see models/journal/pack.py
)

local_setting = Table(
    "local_setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSON),
)
