"""The journal: every write is one operation, from which audit, undo, history and packages come.

Invariants: operations of one device and generation are numbered without gaps and chained by hashes; an operation
and its rows are committed together or not at all; at most one form is open at a time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.database import Database
from desktop_app.models.journal import chain
from desktop_app.models.journal.codec import composed
from desktop_app.models.journal.kinds import kind_of, no_undo_words
from desktop_app.models.journal.steps import Step, silent
from desktop_app.models.journal.undo import UndoRefused, apply_reversal, reversal_of
from desktop_app.models.journal.writer import Derivers, Writer
from desktop_app.models.tables.base import new_uid
from desktop_app.models.tables.sync import log_entry
from desktop_app.models.tables.system import meta, operation
from desktop_app.models.types import OperationState, Uid, UndoClass

LOCAL_GENERATION = 0
"""The stream of deeds that concern this file only and are never sent."""


@dataclass(frozen=True)
class Done:
    """What an operation did, told to listeners after its commit."""

    uid: Uid
    kind: str
    tables: frozenset[str]


@dataclass
class Operation:
    """An operation under way: its writer, and its arguments, which may still be completed."""

    id: int
    uid: Uid
    kind: str
    writer: Writer
    args: dict[str, Any]
    is_kept: bool = False
    """Recorded even when no row changed (a print, a package)."""

    @property
    def connection(self) -> Connection:
        return self.writer.connection

    @property
    def has_changes(self) -> bool:
        return self.writer.changes > 0


@dataclass
class Journal:
    """The only writer of change records.

    Args:
        database: the opened file.
        device: this machine's uid.
        derivers: how derived columns are kept.
        clock: milliseconds since 1970, UTC.
    """

    database: Database
    device: Uid
    derivers: Derivers = field(default_factory=Derivers)
    clock: Callable[[], int] = field(default=lambda: time.time_ns() // 1_000_000)
    listeners: list[Callable[[Done], None]] = field(default_factory=list)

    def start(self) -> None:
        """Take up a file: seal what a crash left open, and start a generation where the file came from elsewhere.

        Nothing is written where there is nothing to do, so that a file opens while another program writes it.
        """
        self.seal_open()
        with self.database.read() as connection:
            known = get_meta(connection, "device")
        if known != self.device:
            with self.database.write() as connection:
                set_meta(connection, "device", self.device)
                set_meta(connection, "generation", self._last_generation(connection) + 1)

    def start_generation(self) -> None:
        """After restoring a backup: what this device does from now on is told apart from what the backup lost."""
        with self.database.write() as connection:
            self._seal_open(connection)
            last = max(self._last_generation(connection), get_meta(connection, "generation") or 0)
            set_meta(connection, "generation", last + 1)

    def _last_generation(self, connection: Connection) -> int:
        return (
            connection.execute(
                select(func.max(operation.c.generation)).where(operation.c.device == self.device)
            ).scalar()
            or 0
        )

    @contextmanager
    def operation(
        self, kind: str, args: Mapping[str, Any] | None = None, *, author: Uid | None = None
    ) -> Iterator[Operation]:
        """One deed: begin, write through ``op.writer``, commit; an exception undoes all of it.

        An operation that changed nothing leaves no trace unless ``op.is_kept`` was set.
        """
        with self.database.write() as connection:
            self._seal_open(connection)
            current = self._begin(connection, kind, args, author)
            yield current
            is_recorded = self._finish(current)
        if is_recorded:
            self._tell(current)

    @contextmanager
    def sitting(self, kind: str, args: Mapping[str, Any], *, author: Uid | None = None) -> Iterator[Operation]:
        """One answer of a form: committed at once, gathered with the form's other answers into one operation.

        The operation stays open until another deed begins, ``seal_open`` is called, or the file is opened again.
        """
        with self.database.write() as connection:
            driver: Any = connection.connection.driver_connection
            row = driver.execute(_OPEN).fetchone()
            args = composed(dict(args))
            wanted = (kind, dict(args), None if author is None else bytes.fromhex(author))
            if row is not None and (row[2], json.loads(row[3]), row[4]) == wanted:
                writer = Writer(connection, row[0], self.derivers, is_sitting=True)
                current = Operation(row[0], row[1].hex(), kind, writer, dict(args))
            else:
                self._seal_open(connection)
                current = self._begin(connection, kind, args, author)
                current.writer.is_sitting = True
            yield current
            current.writer.refresh_derived()
            if current.id != (row[0] if row else None) and not current.has_changes:
                connection.execute(delete(log_entry).where(log_entry.c.operation_id == current.id))
                connection.execute(delete(operation).where(operation.c.id == current.id))
        if current.has_changes:
            self._tell(current)

    def seal_open(self) -> None:
        """The form was left: close its operation."""
        with self.database.read() as connection:
            is_open = connection.execute(select(operation.c.id).where(operation.c.state == OperationState.OPEN)).first()
        if is_open:
            with self.database.write() as connection:
                self._seal_open(connection)

    def undo(self, uid: Uid, *, author: Uid | None = None, step: Step = silent) -> Uid:
        """Take an operation back as a new operation, whole or not at all.

        Args:
            step: is told how many changes were looked at and taken back; what it raises leaves the register as it was.

        Returns:
            The new operation's uid.

        Raises:
            UndoRefused: unknown, already undone, of a kind that is only voided, or later work stands on it.
        """
        with self.database.write() as connection:
            self._seal_open(connection)
            row = connection.execute(select(operation).where(operation.c.uid == uid)).first()
            if row is None:
                raise UndoRefused("Không tìm thấy thao tác này trong nhật ký.", code="undo.unknown")
            if row.undone_by is not None:
                raise UndoRefused("Thao tác này đã được hoàn tác rồi.", code="undo.already")
            if row.state == OperationState.WAITING:
                raise UndoRefused("Thao tác này đang chờ, chưa được áp dụng.", code="undo.waiting")
            if kind_of(row.kind).undo is not UndoClass.UNDOABLE:
                raise UndoRefused(no_undo_words(row.kind), code="undo.voided_only")
            reversal = reversal_of(connection, [row.id], step=step)
            current = self._begin(connection, f"undo.{row.kind}", row.args, author, undoes=uid)
            current.is_kept = True
            apply_reversal(current.writer, reversal, step=step)
            mark_undone(connection, uid, current.uid)
            self._finish(current)
        self._tell(current)
        return current.uid

    # -- inside ----------------------------------------------------------------------------------------------

    def _begin(
        self,
        connection: Connection,
        kind: str,
        args: Mapping[str, Any] | None,
        author: Uid | None,
        undoes: Uid | None = None,
    ) -> Operation:
        is_local = kind_of(kind).is_local
        args = composed(dict(args or {}))
        generation = LOCAL_GENERATION if is_local else get_meta(connection, "generation") or 1
        last = connection.execute(
            select(func.max(operation.c.sequence)).where(
                operation.c.device == self.device, operation.c.generation == generation
            )
        ).scalar()
        uid = new_uid()
        result = connection.execute(
            insert(operation).values(
                uid=uid, device=self.device, generation=generation, sequence=(last or 0) + 1, author=author, kind=kind,
                args=args, at=self.clock(), undoes=undoes, state=OperationState.OPEN,
            )
        )  # fmt: skip
        key = result.inserted_primary_key
        assert key is not None
        if not is_local:
            connection.execute(insert(log_entry).values(operation_id=key[0]))
        return Operation(key[0], uid, kind, Writer(connection, key[0], self.derivers), dict(args))

    def _finish(self, current: Operation) -> bool:
        connection = current.connection
        current.writer.refresh_derived()
        if not current.has_changes and not current.is_kept:
            connection.execute(delete(log_entry).where(log_entry.c.operation_id == current.id))
            connection.execute(delete(operation).where(operation.c.id == current.id))
            return False
        connection.execute(update(operation).where(operation.c.id == current.id).values(args=composed(current.args)))
        chain.seal(connection, current.id)
        return True

    def _seal_open(self, connection: Connection) -> None:
        for row in connection.execute(
            select(operation.c.id).where(operation.c.state == OperationState.OPEN).order_by(operation.c.id)
        ).all():
            chain.seal(connection, row.id)

    def _tell(self, current: Operation) -> None:
        done = Done(current.uid, current.kind, frozenset(current.writer.touched))
        for listener in list(self.listeners):
            listener(done)


_OPEN = f"SELECT id, uid, kind, args, author FROM operation WHERE state = '{OperationState.OPEN.value}'"


def mark_undone(connection: Connection, uid: Uid, by: Uid) -> None:
    """Note who took an operation back; where that was an undo itself, what it took back stands again, and so on."""
    _mark(connection, uid, by)


def mark_standing(connection: Connection, undone_by: Iterable[Uid]) -> None:
    """What these operations took back stands again (they were withdrawn), each with what hangs on it."""
    uids = list(undone_by)
    for start in range(0, len(uids), 500):
        taken_back = operation.c.undone_by.in_(uids[start : start + 500])
        rows = connection.execute(select(operation.c.uid).where(taken_back).order_by(operation.c.id.desc())).scalars()
        for uid in rows.all():
            _mark(connection, uid, None)


def _mark(connection: Connection, uid: Uid | None, by: Uid | None) -> None:
    while uid is not None:
        connection.execute(update(operation).where(operation.c.uid == uid).values(undone_by=by))
        undoes = connection.execute(select(operation.c.undoes).where(operation.c.uid == uid)).scalar()
        uid, by = undoes, (uid if by is None else None)


def get_meta(connection: Connection, key: str) -> Any:
    """A fact of this file, or None."""
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def set_meta(connection: Connection, key: str, value: Any) -> None:
    """Store a fact of this file."""
    if connection.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount == 0:
        connection.execute(insert(meta).values(key=key, value=value))
