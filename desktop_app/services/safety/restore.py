"""Restoring the register from a backup; works also when the register does not open or is not there.

Invariant: the register is replaced whole or not at all, the present one is kept aside first, and what this machine does
afterwards is told apart (a new generation) from what the backup lost.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.database import connect, copy_database, open_database, reading
from desktop_app.models.journal import Journal
from desktop_app.services.context import EVIDENCE_FOLDER, REGISTER_FILE
from desktop_app.services.derivers import DERIVERS
from desktop_app.services.errors import AppError, EnvironmentProblem, UserError
from desktop_app.services.safety import generations
from desktop_app.services.safety.backup import BackupKind, check_room, evidence_folder_of, free_name, list_backups
from desktop_app.services.safety.inspection import BackupInfo, has_wal, inspect_backup, read_info
from desktop_app.services.sync.identity import load_identity


@dataclass(frozen=True)
class RestorePreview:
    """What a restore would bring and take.

    Attributes:
        backup: what the file holds.
        present: what the register holds now; None when it is absent or does not open.
        is_present_broken: a register is there and cannot be read.
        lost_operations: deeds that stand in the register and not in the backup.
        is_other_commune: the backup belongs to another commune.
    """

    backup: BackupInfo
    present: BackupInfo | None
    is_present_broken: bool
    lost_operations: int
    is_other_commune: bool

    @property
    def sentence(self) -> str:
        """All of it in one Vietnamese sentence, e.g. "… 1.204 hộ, sửa lần cuối …, sẽ mất 37 thay đổi."."""
        from desktop_app.services.vietnamese import number_text

        backup = self.backup
        held = (
            f"{backup.commune}: {number_text(backup.households)} hộ, {number_text(backup.citizens)} người, "
            f"sửa lần cuối {backup.last_change_text}"
        )
        if self.is_present_broken:
            return f"{held}. Sổ hiện tại không đọc được; tệp của nó sẽ được giữ riêng."
        if self.present is None:
            return f"{held}. Hiện chưa có sổ nào, nên không mất gì."
        if self.lost_operations == 0:
            return f"{held}. Không mất thay đổi nào của sổ hiện tại."
        lost = f"sẽ mất {number_text(self.lost_operations)} thay đổi của sổ hiện tại"
        return f"{held}; {lost} (sổ hiện tại được giữ riêng)."


def restore_preview(folder: Path, path: Path) -> RestorePreview:
    """What a restore of ``path`` into a data folder would bring and take; changes nothing, needs no opened register.

    Raises:
        UserError, EnvironmentProblem: the backup cannot be used; see ``inspect_backup``.
    """
    backup = inspect_backup(path)
    register = folder / REGISTER_FILE
    if not register.exists() or register.stat().st_size == 0:
        return RestorePreview(backup, None, False, 0, False)
    try:
        with reading(register) as connection:
            present = read_info(connection, register)
            uids = _operations(connection)
        with reading(path, is_still=not has_wal(path)) as connection:
            lost = len(uids - _operations(connection))
    except AppError:
        return RestorePreview(backup, None, True, 0, False)
    is_other = bool(present.commune and backup.commune and present.commune != backup.commune)
    return RestorePreview(backup, present, False, lost, is_other)


def restore_backup(folder: Path, path: Path, now: dt.datetime | None = None) -> BackupInfo:
    """Put a backup in the register's place; the register must be open nowhere.

    Steps: check the backup, make the new register beside the old one (migrated, with its new generation and the record
    of the restore), keep the old one aside, put the new one in its place by one rename.

    Returns:
        What the restored register holds.

    Raises:
        UserError, EnvironmentProblem: nothing was changed (``restore.in_use``, ``restore.unwritable``, ``backup.…``).
    """
    register = folder / REGISTER_FILE
    if path.exists() and register.exists() and path.samefile(register):
        raise UserError(
            f"{path.name} chính là sổ đang dùng, không phải bản sao lưu; sổ vẫn như cũ. Hãy chọn một tệp sao lưu.",
            code="restore.itself",
        )
    inspect_backup(path)
    fresh = folder / (REGISTER_FILE + ".restoring")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove(fresh)
        check_room(path, folder)
        copy_database(path, fresh, is_still=not has_wal(path))
        _make_ready(folder, fresh, path.name)
        _bring_evidence(path, folder / EVIDENCE_FOLDER)
        if has_wal(register) or (register.exists() and register.stat().st_size):
            _keep_aside(register, free_name(folder, BackupKind.BEFORE_RESTORE, now or dt.datetime.now()))
        fresh.replace(register)
    except OSError as error:
        raise EnvironmentProblem(
            f"Không thay được tệp sổ trong {folder}: ổ đĩa đầy, tệp đang mở ở chương trình khác, hoặc bạn không có "
            "quyền ghi. Sổ vẫn như cũ. Hãy dọn chỗ hoặc đóng chương trình kia rồi làm lại.",
            code="restore.unwritable",
        ) from error
    finally:
        _remove(fresh)
    return inspect_backup(register)


def _make_ready(folder: Path, fresh: Path, name: str) -> None:
    """Bring the copy up to date and give it its new generation, before it becomes the register."""
    identity = load_identity(folder)
    after = _known_mark(folder, identity.uid)
    database = open_database(fresh)
    try:
        journal = Journal(database, identity.uid, DERIVERS)
        journal.start()
        with database.read() as connection:
            after = max(after, generations.reached(connection, identity.uid))
        generations.begin_generation(folder, journal, after)
        with journal.operation("backup.restore", {"file": name}) as op:
            op.is_kept = True
    finally:
        database.close()
    connection = connect(fresh)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def _known_mark(folder: Path, device: str) -> generations.Reached:
    """The newest generation that this machine may have used: by the note, the register and what was kept aside."""
    mark = generations.read_note(folder, device)
    aside = [item.path for item in list_backups(folder) if item.kind is BackupKind.BEFORE_RESTORE]
    for path in (folder / REGISTER_FILE, *aside):
        try:
            with reading(path) as connection:
                mark = max(mark, generations.reached(connection, device))
        except AppError:
            continue
    return mark


def _operations(connection: Connection) -> set[bytes]:
    rows = connection.exec_driver_sql("SELECT uid FROM operation WHERE generation > 0")
    return {bytes(row[0]) for row in rows}


def _keep_aside(register: Path, target: Path) -> None:
    """Keep the present register in the backup folder and leave no ``-wal`` that SQLite would read into another file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        copy_database(register, target)
    except EnvironmentProblem as error:
        if error.code in ("database.locked", "database.full", "backup.unwritable"):
            raise
        _copy_raw(register, target)
    if not _fold_wal(register):
        for suffix in ("-wal", "-shm"):
            register.with_name(register.name + suffix).unlink(missing_ok=True)


def _fold_wal(register: Path) -> bool:
    """Fold the ``-wal`` into the file; needs it for itself alone.

    Returns:
        False when the file cannot be opened, so that its ``-wal`` is of no use.
    """
    from sqlcipher3 import dbapi2

    try:
        connection = connect(register)
    except dbapi2.Error as error:
        return _refuse_in_use(error)
    try:
        connection.execute("PRAGMA busy_timeout = 500")
        connection.execute("PRAGMA journal_mode = DELETE")
    except dbapi2.Error as error:
        return _refuse_in_use(error)
    finally:
        connection.close()
    return True


def _refuse_in_use(error: Exception) -> bool:
    if "locked" in str(error).lower() or "busy" in str(error).lower():
        raise EnvironmentProblem(
            "Sổ đang mở ở một chương trình khác nên chưa khôi phục. Sổ vẫn như cũ. Hãy đóng chương trình kia rồi làm "
            "lại.",
            code="restore.in_use",
        ) from error
    return False


def _copy_raw(register: Path, target: Path) -> None:
    for suffix in ("", "-wal"):
        source = register.with_name(register.name + suffix)
        if source.exists():
            shutil.copyfile(source, target.with_name(target.name + suffix))


def _bring_evidence(backup: Path, evidence: Path) -> None:
    """Take over evidence files that lie beside the backup and are not here yet."""
    for path in sorted(evidence_folder_of(backup).glob("*")):
        target = evidence / path.name[:2] / path.name
        if target.exists() or not path.is_file() or not _HASH.fullmatch(path.name):
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == path.name:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            part.write_bytes(content)
            part.replace(target)


_HASH = re.compile(r"[0-9a-f]{64}")


def _remove(path: Path) -> None:
    with suppress(OSError):
        for suffix in ("", "-wal", "-shm", "-journal", ".part"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
