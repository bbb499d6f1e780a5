"""Reading and setting the fields of many rows at once, for a machine that follows its office.

Invariant: rows are made parents before children; what a unique number forbids now is given back, not forced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from desktop_app.models.journal import Writer
from desktop_app.models.journal.blank import blank_values, ensure_rows
from desktop_app.models.journal.codec import to_columns, to_fields
from desktop_app.models.journal.unique import COLLISIONS, keys_of
from desktop_app.models.tables import BY_CODE, SHARED, SharedTable

Row = tuple[int, bytes]
"""(table code, uid bytes) of a row."""

Wish = tuple[Row, dict[str, Any]]
"""A row and the fields that it should have."""

_CHUNK = 500


def read_many(writer: Writer, rows: Iterable[Row]) -> dict[Row, dict[str, Any]]:
    """The present fields of those rows that this file has."""
    found: dict[Row, dict[str, Any]] = {}
    for code, uids in _by_table(rows).items():
        spec = BY_CODE[code]
        for start in range(0, len(uids), _CHUNK):
            chunk = [uid.hex() for uid in uids[start : start + _CHUNK]]
            query = select(spec.table).where(spec.table.c.uid.in_(chunk))
            for row in writer.connection.execute(query).mappings().all():
                writer.references.learn(spec.name, row["id"], row["uid"])
                found[code, bytes.fromhex(row["uid"])] = to_fields(spec, dict(row), writer.references)
    return found


def write_wishes(writer: Writer, wishes: Sequence[Wish], known: Mapping[Row, object]) -> list[tuple[Row, str, Any]]:
    """Set the fields of rows, making those that are not in ``known``.

    Returns:
        (row, field, value) of what could not be set because it stands at another row (a CCCD, a register number).
    """
    fresh = [wish for wish in wishes if wish[0] not in known]
    careful = _careful(writer, fresh, wishes)
    held_back = {row for row, _ in careful}
    _ensure_targets(writer, wishes, {row for row, _ in fresh})
    deferred = _make(writer, fresh, held_back)
    _change(writer, [wish for wish in wishes if wish[0] in known], held_back)
    for code, changes in deferred.items():
        writer.update_many(BY_CODE[code].table, changes)
    return [left for wish in careful for left in _set_unique(writer, wish)]


def _ensure_targets(writer: Writer, wishes: Sequence[Wish], fresh: set[Row]) -> None:
    """Rows that are referred to, stand nowhere here and are not about to be made (the office's backup lost them)."""
    for code, uids in _by_table(row for row, _ in wishes).items():
        refs = BY_CODE[code].refs
        if not refs:
            continue
        meant = set(uids)
        found = [fields for row, fields in wishes if row[0] == code and row[1] in meant]
        _learn_targets(writer, BY_CODE[code], found)
        for name, target in refs.items():
            wanted = dict.fromkeys(fields[name] for fields in found if fields.get(name))
            missing = [uid for uid in wanted if not writer.references.is_known(target, uid)]
            made = SHARED[target].code
            ensure_rows(writer, target, [uid for uid in missing if (made, bytes.fromhex(uid)) not in fresh])


def _by_table(rows: Iterable[Row]) -> dict[int, list[bytes]]:
    grouped: dict[int, list[bytes]] = {}
    for code, uid in rows:
        grouped.setdefault(code, []).append(uid)
    return grouped


def _unique_fields(code: int) -> frozenset[str]:
    """Fields that are set last and one by one where another row may have the same."""
    keys = keys_of(BY_CODE[code].name)
    return frozenset(name for key in keys for name in (key.held, "present") if name in key.touching)


def _careful(writer: Writer, fresh: Sequence[Wish], wishes: Sequence[Wish]) -> list[Wish]:
    """Wishes that may find what stands once only taken by a row that is here, or ask for it twice."""
    new = {row for row, _ in fresh}
    found: list[Wish] = []
    for code in sorted({row[0] for row, _ in wishes}):
        names = _unique_fields(code)
        asking = [wish for wish in wishes if wish[0][0] == code and any(wish[1].get(name) for name in names)]
        if any(row not in new for row, _ in asking) or _is_any_taken(writer, code, asking):
            found += asking
    return found


def _is_any_taken(writer: Writer, code: int, asking: Sequence[Wish]) -> bool:
    for key in keys_of(BY_CODE[code].name):
        wanted = [values for _, fields in asking if (values := key.values_of(fields)) is not None]
        if key.is_taken(writer.connection, wanted):
            return True
    return False


def _make(writer: Writer, fresh: Sequence[Wish], held_back: set[Row]) -> dict[int, dict[int, dict[str, Any]]]:
    """Make rows table by table in the order of their codes.

    Returns:
        References to rows that came later: table code → key → columns, to be set afterwards.
    """
    deferred: dict[int, dict[int, dict[str, Any]]] = {}
    wishes = dict(fresh)
    for code, uids in sorted(_by_table(wishes).items()):
        spec = BY_CODE[code]
        _learn_targets(writer, spec, (wishes[code, uid] for uid in uids))
        rows, later = [], []
        for uid in uids:
            fields = _without_unique(code, wishes[code, uid], (code, uid) in held_back)
            ready, waiting = _split(writer, spec, fields)
            values = to_columns(spec, ready, writer.references)
            rows.append({**_demanded(writer, spec, values, uid), **values, "present": bool(fields.get("present"))})
            later.append(waiting)
        ids = writer.insert_many(spec.table, rows, uids=[uid.hex() for uid in uids])
        for row_id, waiting in zip(ids, later, strict=True):
            if waiting:
                deferred.setdefault(code, {})[row_id] = waiting
    return {
        code: {key: to_columns(BY_CODE[code], fields, writer.references) for key, fields in rows_.items()}
        for code, rows_ in deferred.items()
    }


def _demanded(writer: Writer, spec: SharedTable, values: Mapping[str, Any], uid: bytes) -> dict[str, Any]:
    """What the table demands of a row whose making was lost."""
    if all(column.nullable or column.name in values or name == "present" for name, column in spec.columns.items()):
        return {}
    return blank_values(writer, spec, uid.hex())


def _without_unique(code: int, fields: dict[str, Any], is_held_back: bool) -> dict[str, Any]:
    if not is_held_back:
        return fields
    names = _unique_fields(code)
    return {name: value for name, value in fields.items() if name not in names}


def _split(writer: Writer, spec: SharedTable, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields that can be set now, and references whose rows are still to be made."""
    ready: dict[str, Any] = {}
    waiting: dict[str, Any] = {}
    for name, value in fields.items():
        target = spec.refs.get(name)
        is_here = value is None or target is None or writer.references.is_known(target, value)
        (ready if is_here else waiting)[name] = value
    return ready, waiting


def _learn_targets(writer: Writer, spec: SharedTable, wishes: Iterable[Mapping[str, Any]]) -> None:
    found = list(wishes)
    for name, target in spec.refs.items():
        writer.references.learn_many(target, (fields[name] for fields in found if fields.get(name)))


def _change(writer: Writer, wishes: Sequence[Wish], held_back: set[Row]) -> None:
    grouped: dict[int, dict[int, dict[str, Any]]] = {}
    for row, fields in wishes:
        spec = BY_CODE[row[0]]
        values = _without_unique(row[0], fields, row in held_back)
        for key in keys_of(spec.name) if row in held_back else ():
            if fields.get(key.held):
                values[key.held] = None  # freed first, so that two rows can change places
            if key.is_of_present and "present" in fields and not fields["present"]:
                values["present"] = False
        row_id = writer.references.id(spec.name, row[1].hex())
        assert row_id is not None
        if values:
            grouped.setdefault(row[0], {})[row_id] = to_columns(spec, values, writer.references)
    for code, changes in grouped.items():
        writer.update_many(BY_CODE[code].table, changes)


def _set_unique(writer: Writer, wish: Wish) -> Iterator[tuple[Row, str, Any]]:
    row, fields = wish
    spec = BY_CODE[row[0]]
    row_id = writer.references.id(spec.name, row[1].hex())
    assert row_id is not None
    last: dict[str, Any] = {name: fields[name] for name in sorted(_unique_fields(row[0])) if name in fields}
    savepoint = writer.connection.begin_nested()
    try:
        writer.update(spec.table, row_id, last)
        savepoint.commit()
    except COLLISIONS:
        savepoint.rollback()
        yield from ((row, name, value) for name, value in last.items())
