"""Deeds of the journal as people read them: a sentence, who, when, on which machine, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_app.models.types import Uid, UndoClass


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """One deed.

    Attributes:
        id: uid of the operation.
        sequence: its number on its device and generation.
        sentence: "Sửa công dân Nguyễn Thị Lan".
        user: name of who did it; empty when nobody had chosen a name.
        at: by the clock of the machine that did it, UTC.
        undone_by: uid of the operation that took it back.
        undoes: uid of the operation that this one took back.
        undo_class: how it may be taken back.
        is_mine: done on this machine.
        is_open: a form that is still being filled.
        is_waiting: it came in a package and is not applied yet.
        changes: number of rows it changed.
    """

    id: Uid
    sequence: int
    kind: str
    sentence: str
    user: str
    device_name: str
    at: datetime
    undone_by: Uid | None
    undoes: Uid | None
    undo_class: UndoClass
    is_mine: bool
    is_open: bool
    is_waiting: bool
    changes: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in words; CCCD and phone masked."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What an operation did to one row.

    Attributes:
        what: the row's kind in Vietnamese ("Công dân", "Điểm").
        name: the row's present name, or "(không còn)".
        is_created: the row came into being.
        is_erased: the values were erased by law; there is nothing to show.
    """

    table: str
    uid: Uid
    what: str
    name: str
    is_created: bool
    is_erased: bool
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """A deed that touched a record, with what it changed of the record itself."""

    operation: OperationRecord
    changes: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which deeds to show; what is not set does not matter.

    Attributes:
        kinds: beginnings of kinds: ``("citizen.", "import.")``.
        user: uid.
        device: uid.
        since, until: UTC; ``until`` is not included.
        is_undone: True only those taken back, False only those that stand.
    """

    kinds: tuple[str, ...] = ()
    user: Uid | None = None
    device: Uid | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_undone: bool | None = None
