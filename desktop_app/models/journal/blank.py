"""Absent rows without content, for what an operation refers to and this file does not have.

After the office restored a backup, a volunteer's work may stand on rows that the backup lost. Invariant: such work is
never refused for it: the row is made, absent and blank, and whoever brings its making later fills it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Integer

from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables import SHARED, SharedTable
from desktop_app.models.types import Uid

NOBODY = "0" * 32
"""The row that a blank row refers to where its table wants a reference."""


def blank_values(writer: Writer, spec: SharedTable) -> dict[str, Any]:
    """Columns of an absent row without content: no defaults, and the least that the table demands."""
    values: dict[str, Any] = {}
    for name, column in spec.columns.items():
        if column.nullable or name == "present":
            values[column.name] = None
        elif name in spec.refs:
            ensure_rows(writer, spec.refs[name], [NOBODY])
            values[column.name] = writer.references.id(spec.refs[name], NOBODY)
        else:
            values[column.name] = _least(column)
    values["present"] = False
    return values


def _least(column: Column[Any]) -> Any:
    return 0 if isinstance(column.type, Integer) else ""


def is_blank(spec: SharedTable, name: str, value: Any) -> bool:
    """Whether a value is only what ``blank_values`` put where the table demands something."""
    return not spec.columns[name].nullable and value in ("", 0, NOBODY)


def ensure_rows(writer: Writer, table: str, uids: Iterable[Uid]) -> None:
    """Make the rows of these uids that this file does not have."""
    for uid in uids:
        if writer.references.id(table, uid) is None:
            spec = SHARED[table]
            writer.insert(spec.table, blank_values(writer, spec), uid=uid)


def ensure_targets(writer: Writer, spec: SharedTable, fields: Mapping[str, Any]) -> None:
    """Make the rows that these fields refer to and this file does not have."""
    for name, target in spec.refs.items():
        if fields.get(name) is not None:
            ensure_rows(writer, target, [fields[name]])
