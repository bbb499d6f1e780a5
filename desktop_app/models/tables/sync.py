"""Devices, peers, packages, receipts, the office's log, pending fields and the conflict inbox.

Only ``device`` is shared; all else is this machine's own bookkeeping. Invariant: trust never arrives in a package.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from desktop_app.models.tables.base import UidType, metadata, shared_table

device = shared_table(
    60,
    "device",
    Column("name", Text),
    Column("role", Text),
    Column("assigned_hamlets", JSON(none_as_null=True)),
)

peer = Table(
    "peer",
    metadata,
    Column("device", UidType, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("sign_key", Text, nullable=False),  # Ed25519 public key, hex
    Column("age_key", Text, nullable=False),  # age recipient
    Column("trusted_at", Integer, nullable=False),  # ms since 1970, UTC
    Column("is_code_compared", Boolean, nullable=False, default=False),
    Column("their_generation", Integer, nullable=False, default=0),  # newest generation seen of the peer
    Column("acked_position", Integer, nullable=False, default=0),  # our log position that the peer says it holds
    Column("acked_log", Integer, nullable=False, default=0),  # generation of our log that this position is in
    Column("acked_own", JSON),  # {generation: sequence} of ours that the peer says it holds
    Column("sent_position", Integer, nullable=False, default=0),  # highest position written in any package to it
    Column("last_package", Integer, nullable=False, default=0),  # number of its newest package seen
)

package = Table(
    "package",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", UidType, nullable=False, unique=True),
    Column("direction", Text, nullable=False),
    Column("peer", UidType),
    Column("number", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("file_name", Text),
    Column("sha256", Text),
    Column("operations", Integer, nullable=False, default=0),
    Column("records", Integer, nullable=False, default=0),
    Column("detail", JSON),
    Column("confirmed_at", Integer),
)

receipt = Table(
    "receipt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("package_uid", UidType, nullable=False),
    Column("direction", Text, nullable=False),
    Column("device", UidType, nullable=False),
    Column("at", Integer, nullable=False),
    Column("detail", JSON),
    UniqueConstraint("package_uid", "direction", name="uq_receipt_package"),
)

log_entry = Table(
    "log_entry",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("operation_id", Integer, ForeignKey("operation.id"), nullable=False, index=True),
    sqlite_autoincrement=True,
)

device_progress = Table(
    "device_progress",
    metadata,
    Column("device", UidType, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("applied", Integer, nullable=False, default=0),  # highest sequence applied without a gap
)

held_field = Table(
    "held_field",
    metadata,
    Column("change_id", Integer, ForeignKey("change.id"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("is_already", Boolean, nullable=False, default=False, server_default="0"),  # stood so already
)

pending_field = Table(
    "pending_field",
    metadata,
    Column("table_code", Integer, primary_key=True),
    Column("row_uid", LargeBinary(16), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("office_value", JSON),
    Column("is_held", Boolean, nullable=False, default=False),  # the office holds our value in its inbox
)

conflict = Table(
    "conflict",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", UidType, nullable=False, unique=True),
    Column("table_code", Integer, nullable=False),
    Column("row_uid", LargeBinary(16), nullable=False),
    Column("field", Text, nullable=False),
    Column("device", UidType, nullable=False),
    Column("operation_uid", UidType, nullable=False),
    Column("reason", Text, nullable=False),  # differs, unique, reserved (only the office decides)
    Column("base", JSON),
    Column("mine", JSON),
    Column("theirs", JSON),
    Column("seen", JSON),  # every value that stood in this disagreement
    Column("at", Integer, nullable=False),
    Column("status", Text, nullable=False, default="open"),  # open, settled, agreed (they came to the same), withdrawn
    Column("kept", Text),
    Column("settled_by", UidType),  # operation
    Index("ix_conflict_open", "status", "table_code", "row_uid", "field"),
)
