"""Taking deeds back, and saying why one cannot be taken back, in a sentence that names what stands on it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from desktop_app.models.journal import UndoRefused, kind_of, no_undo_words
from desktop_app.models.journal.undo import reversal_of
from desktop_app.models.tables.system import operation
from desktop_app.models.types import OperationState, Uid, UndoClass
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history.reading import find_operation, sentences
from desktop_app.services.progress import NO_PROGRESS, Progress

NAMED = 3
"""So many later deeds are named in a refusal."""


@dataclass(frozen=True)
class Undone:
    """What was taken back, by which operation, and the sentence of the deed."""

    undone: Uid
    operation: Uid
    sentence: str


def undo(context: Context, uid: Uid | None = None, *, progress: Progress = NO_PROGRESS) -> Undone:
    """Take a deed back; without ``uid`` the newest of this machine that stands and is no undo itself.

    A merge is withdrawn: its operations wait and merging again applies them.

    Args:
        progress: tells how many changes are taken back; stopped, it leaves the register as it was.

    Raises:
        Cancelled: nothing was changed.
        UndoRefused: with the reason; nothing was changed.
        UserError: ``undo.nothing``.
    """
    wanted = uid if uid is not None else newest_undoable(context)
    if wanted is None:
        raise UserError("Không còn việc nào để hoàn tác.", code="undo.nothing")
    record = find_operation(context, wanted)
    try:
        if record is not None and record.undo_class is UndoClass.WITHDRAWN:
            from desktop_app.services.sync.merge import withdraw_merge

            made = withdraw_merge(context, wanted, progress=progress)
        else:
            made = context.journal.undo(wanted, author=context.user, step=progress.step)
    except UndoRefused as refusal:
        raise _explained(context, refusal) from refusal
    return Undone(wanted, made, record.sentence if record is not None else "")


def newest_undoable(context: Context) -> Uid | None:
    """The deed that Ctrl+Z means: the newest of this machine that is not taken back and is no undo.

    Deeds that only left a trace here (a package written, a number shown, a backup) are passed over; one that is only
    voided (numbers given, certificates printed) is not, so that nothing older is taken back by mistake.
    """
    with context.read() as connection:
        rows = connection.execute(
            select(operation.c.uid, operation.c.kind)
            .where(
                operation.c.device == context.device,
                operation.c.undone_by.is_(None),
                operation.c.undoes.is_(None),
                operation.c.state != OperationState.WAITING,
            )
            .order_by(operation.c.id.desc())
        )
        for row in rows:
            kind = kind_of(row.kind)
            if not (kind.is_local and kind.undo is UndoClass.VOIDED_ONLY):
                return None if row.kind == "register.create" else str(row.uid)
    return None


def why_not_undo(context: Context, uid: Uid, *, progress: Progress = NO_PROGRESS) -> str | None:
    """Why a deed cannot be taken back now; None where it can. Costs as much as the undo itself, so ask when needed.

    A merge is answered for by its kind alone; whether it can be withdrawn shows when it is tried.
    """
    with context.read() as connection:
        row = connection.execute(select(operation).where(operation.c.uid == uid)).first()
        try:
            _check(connection, row, progress)
        except UndoRefused as error:
            refusal = error
        else:
            return None
    return _explained(context, refusal).message


def _check(connection: Connection, row: Row[tuple[object, ...]] | None, progress: Progress) -> None:
    if row is None:
        raise UndoRefused("Không tìm thấy thao tác này trong nhật ký.", code="undo.unknown")
    if row.undone_by is not None:
        raise UndoRefused("Thao tác này đã được hoàn tác rồi.", code="undo.already")
    if row.state == OperationState.WAITING:
        raise UndoRefused("Thao tác này đang chờ, chưa được áp dụng.", code="undo.waiting")
    undo_class = kind_of(row.kind).undo
    if undo_class is UndoClass.VOIDED_ONLY:
        raise UndoRefused(no_undo_words(row.kind), code="undo.voided_only")
    if undo_class is UndoClass.UNDOABLE:
        reversal_of(connection, [row.id], step=progress.step)


def _explained(context: Context, refusal: UndoRefused) -> UndoRefused:
    """The refusal with the sentences of the later deeds behind it."""
    named = sentences(context, refusal.later[:NAMED])
    if not named:
        return refusal
    more = len(refusal.later) - len(named)
    tail = f" và {more} việc khác" if more > 0 else ""
    return UndoRefused(f"{refusal.message} Đó là: {', '.join(named)}{tail}.", refusal.later, code=refusal.code)
