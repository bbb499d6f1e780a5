"""What a register file or a backup holds, found without changing a byte of it.

Invariant: what is reported as verified was read whole: SQLite's integrity check, foreign keys, and the chain of the
newest operations.
"""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from desktop_app.models.database import reading, stored_version
from desktop_app.models.journal.chain import Header, changes_of, hash_of, previous_hash
from desktop_app.models.migrations import HEAD, REVISIONS
from desktop_app.models.tables.system import operation
from desktop_app.models.types import OperationState
from desktop_app.services.errors import AppError, EnvironmentProblem, UserError

UNREADABLE = (ValueError, KeyError, IndexError, TypeError, zlib.error)
"""What reading changed bytes of the journal may raise."""

NEWEST_LINKS = 200
"""How many operations of the chain an inspection recomputes; ``health.doctor`` recomputes all."""


@dataclass(frozen=True)
class BackupInfo:
    """What a register file holds.

    Attributes:
        path: the file.
        commune: its name, e.g. "Xã Phú An".
        households, citizens: that are present.
        operations: deeds in its journal, those of the file's own bookkeeping left out.
        last_change: ISO instant in UTC of the newest of them, or None.
        version: of the tables, e.g. "0001".
        size: bytes.
        verified: the file was read whole and found sound.
    """

    path: Path
    commune: str
    households: int
    citizens: int
    operations: int
    last_change: str | None
    version: str
    size: int
    verified: bool = True

    @property
    def last_change_text(self) -> str:
        """The newest change in this machine's time, e.g. "12/11/2026 14:32"."""
        if self.last_change is None:
            return "chưa sửa lần nào"
        return f"{dt.datetime.fromisoformat(self.last_change).astimezone():%d/%m/%Y %H:%M}"


def is_sound(path: Path) -> bool:
    """Whether a register that may be open elsewhere can be read whole."""
    try:
        with reading(path) as connection:
            _check_whole(connection, path)
    except AppError:
        return False
    return True


def inspect_backup(path: Path) -> BackupInfo:
    """Read a backup (or a register that was copied by hand, and is open nowhere) whole.

    Raises:
        UserError: ``backup.absent``, ``backup.foreign``: choose another file.
        EnvironmentProblem: ``backup.damaged``, ``backup.newer``.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise UserError(
            f"Không có tệp sao lưu {path.name}. Chưa có gì thay đổi; hãy chọn lại tệp.", code="backup.absent"
        )
    is_still = not has_wal(path)
    try:
        version = stored_version(path, is_still=is_still)
        if version is None:
            raise UserError(
                f"Tệp {path.name} không phải bản sao lưu của Sổ Học Tập. Chưa có gì thay đổi; hãy chọn tệp khác.",
                code="backup.foreign",
            )
        if version not in REVISIONS:
            raise EnvironmentProblem(
                f"Bản sao lưu {path.name} do một bản chương trình mới hơn ghi nên bản này không đọc được. "
                "Chưa có gì thay đổi; hãy cài bản mới rồi khôi phục lại.",
                code="backup.newer",
            )
        with reading(path, is_still=is_still) as connection:
            _check_whole(connection, path)
            return read_info(connection, path, version)
    except AppError as error:
        raise _of_backup(error, path) from error


def _of_backup(error: AppError, path: Path) -> AppError:
    """A file that says our version and lacks our tables is as damaged as one that cannot be read."""
    return _damaged(path) if error.code in ("database.damaged", "bug") else error


def _damaged(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"Bản sao lưu {path.name} bị hỏng hoặc không phải sổ của chương trình. Chưa có gì thay đổi; hãy chọn một bản "
        "sao lưu khác.",
        code="backup.damaged",
    )


def has_wal(path: Path) -> bool:
    """Whether changes of this file still stand in a ``-wal`` beside it."""
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


def _check_whole(connection: Connection, path: Path) -> None:
    is_sound = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"
    is_sound = is_sound and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None
    if not is_sound or broken_newest(connection, NEWEST_LINKS):
        raise _damaged(path)


def broken_newest(connection: Connection, limit: int) -> list[str]:
    """Uids among the newest sealed operations whose hash does not follow from what stands in the file."""
    rows = connection.execute(
        select(operation).where(operation.c.hash.is_not(None)).order_by(operation.c.id.desc()).limit(limit)
    ).all()
    return [row.uid for row in rows if not _follows(connection, row)]


def _follows(connection: Connection, row: Row[Any]) -> bool:
    previous = previous_hash(connection, row.device, row.generation, row.sequence)
    if previous is None and row.state == OperationState.WAITING:
        return True  # waits for an earlier operation that is still on its way
    try:
        digests = [item.check_value() for item in changes_of(connection, row.id)]
    except UNREADABLE:
        return False
    return previous is not None and hash_of(previous, Header.of(row), digests) == row.hash


def read_info(connection: Connection, path: Path, version: str = HEAD) -> BackupInfo:
    """Counts of an opened file; says nothing about its soundness."""
    one = connection.exec_driver_sql
    commune = one("SELECT name FROM commune WHERE present ORDER BY valid_to IS NOT NULL, id LIMIT 1").scalar()
    operations, last = one("SELECT count(*), max(at) FROM operation WHERE generation > 0").one()
    return BackupInfo(
        path=path,
        commune=str(commune or ""),
        households=int(one("SELECT count(*) FROM household WHERE present").scalar() or 0),
        citizens=int(one("SELECT count(*) FROM citizen WHERE present").scalar() or 0),
        operations=int(operations),
        last_change=iso_instant(last) if last is not None else None,
        version=version,
        size=path.stat().st_size,
    )


def iso_instant(milliseconds: int) -> str:
    """Milliseconds since 1970 as an ISO instant, e.g. "2026-11-12T07:32:05+00:00"."""
    return dt.datetime.fromtimestamp(milliseconds // 1000, dt.UTC).isoformat()
