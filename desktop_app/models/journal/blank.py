"""Absent rows without content, for what an operation refers to and this file does not have.

After the office restored a backup, a volunteer's work may stand on rows that the backup lost. Invariant: such work is
never refused for it: the row is made, absent and blank, and whoever brings its making later fills it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Integer

from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables import SHARED, SharedTable
from desktop_app.models.types import Uid

NOBODY = "0" * 32
"""The row that a blank row refers to where its table wants a reference."""

_MARK = "~"


def blank_values(writer: Writer, spec: SharedTable, uid: Uid) -> dict[str, Any]:
    """Columns of an absent row without content: no defaults, and the least that the table demands."""
    values: dict[str, Any] = {column.name: None for column in spec.columns.values()}
    for name, value in demanded_fields(spec, uid).items():
        if name in spec.refs:
            ensure_rows(writer, spec.refs[name], [NOBODY])
            value = writer.references.id(spec.refs[name], NOBODY)
        values[spec.columns[name].name] = value
    values["present"] = False
    return values


def demanded_fields(spec: SharedTable, uid: Uid) -> dict[str, Any]:
    """Fields that the table never leaves empty, as a blank row has them; texts differ from row to row."""
    return {
        name: NOBODY if name in spec.refs else 0 if isinstance(column.type, Integer) else f"{_MARK}{uid}"
        for name, column in spec.columns.items()
        if not column.nullable and name != "present"
    }


def is_blank(spec: SharedTable, name: str, value: Any) -> bool:
    """Whether a value is only what a blank row has where the table demands something."""
    if spec.columns[name].nullable or name == "present":
        return False
    return value in (0, NOBODY) or str(value).startswith(_MARK)


def ensure_rows(writer: Writer, table: str, uids: Iterable[Uid]) -> None:
    """Make the rows of these uids that this file does not have."""
    for uid in uids:
        if writer.references.id(table, uid) is None:
            spec = SHARED[table]
            writer.insert(spec.table, blank_values(writer, spec, uid), uid=uid)


def ensure_targets(writer: Writer, spec: SharedTable, fields: Mapping[str, Any]) -> None:
    """Make the rows that these fields refer to and this file does not have."""
    for name, target in spec.refs.items():
        if fields.get(name) is not None:
            ensure_rows(writer, target, [fields[name]])
