"""Verified backups of the register: in the data folder at closing and daily, on a stick or to any file when asked.

Format: a backup is one plain SQLite file, the register itself, so any version of the program and any SQLite tool can
check it. Evidence files lie beside a backup that leaves the machine, in ``<name>-minh-chung/<hash>``; the backups of
the data folder need none, for evidence there is never deleted. Invariant: a file under its final name has been opened
again and found whole.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop_app.models.database import copy_database, free_bytes, reading
from desktop_app.services.context import BACKUP_FOLDER, EVIDENCE_FOLDER, Context
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.safety.inspection import BackupInfo, inspect_backup, is_sound
from desktop_app.services.safety.sticks import Drive
from desktop_app.services.safety.thinning import superseded

STICK_FOLDER = "SoHocTap"
EVIDENCE_SUFFIX = "-minh-chung"
KEPT_ASIDE_DAYS = 90
"""How long files kept aside by a restore or an upgrade stay."""


class BackupKind(StrEnum):
    """Why a file of the backup folder was made; the value begins its name."""

    REGULAR = "sohoctap"
    BEFORE_RESTORE = "truoc-khoi-phuc"
    BEFORE_UPGRADE = "truoc-nang-cap"
    OTHER = ""


@dataclass(frozen=True)
class BackupFile:
    """A file of the backup folder.

    Attributes:
        path: where it is.
        kind: why it was made.
        made_at: this machine's time, without zone.
        size: bytes.
    """

    path: Path
    kind: BackupKind
    made_at: dt.datetime
    size: int


def list_backups(folder: Path) -> tuple[BackupFile, ...]:
    """The backups of a data folder, the newest first."""
    found = [_described(path) for path in (folder / BACKUP_FOLDER).glob("*.db")]
    return tuple(sorted(found, key=lambda item: item.made_at, reverse=True))


def newest_backup(folder: Path) -> BackupFile | None:
    """The newest regular backup."""
    return next((item for item in list_backups(folder) if item.kind is BackupKind.REGULAR), None)


def is_due(context: Context, now: dt.datetime) -> bool:
    """Whether a day has passed since the last backup and something has changed since."""
    newest = newest_backup(context.folder)
    return (newest is None or newest.made_at.date() < now.date()) and has_unsaved_changes(context)


def has_unsaved_changes(context: Context) -> bool:
    """Whether anything was written that the newest backup does not hold."""
    newest = newest_backup(context.folder)
    if newest is None:
        return True
    try:
        with reading(newest.path, is_still=True) as connection:
            held = tuple(connection.exec_driver_sql(_MARK).one())
    except EnvironmentProblem:
        return True
    with context.read() as connection:
        return held != tuple(connection.exec_driver_sql(_MARK).one())


_MARK = (
    "SELECT (SELECT max(id) FROM operation WHERE kind <> 'backup.create'), (SELECT max(id) FROM change), "
    "(SELECT max(at) FROM operation WHERE kind <> 'backup.create')"
)


def make_backup(context: Context, now: dt.datetime | None = None) -> BackupFile:
    """Make, verify and record a backup in the data folder, then thin the old ones.

    Raises:
        EnvironmentProblem: disk full, no rights, or the register itself is damaged (``backup.source_damaged``); older
            backups are all still there then.
    """
    moment = now or dt.datetime.now()
    path = _copy_verified(context.folder, context.database.path, BackupKind.REGULAR, moment)
    _record(context)
    thin_backups(context.folder, moment)
    return _described(path)


def backup_before_upgrade(path: Path, version: str) -> None:
    """Keep the file as it is before its tables are brought up to date; handed to ``open_register``.

    Raises:
        EnvironmentProblem: the backup could not be made or is not whole; the upgrade must not begin then.
    """
    _copy_verified(path.parent, path, BackupKind.BEFORE_UPGRADE, dt.datetime.now())


def back_up_to(context: Context, out: Path) -> BackupInfo:
    """Write a verified backup to any file, with the evidence files in a folder beside it.

    Raises:
        EnvironmentProblem: ``backup.unwritable``, ``backup.full``, ``database.full``; an older file of that name stays
            then.
        UserError: the register itself, or a folder (``backup.bad_target``).
    """
    if out.is_dir() or (out.exists() and out.samefile(context.database.path)):
        raise UserError(
            f"Không sao lưu vào {out} được: đó là một thư mục hoặc chính tệp sổ; sổ vẫn như cũ. "
            "Hãy đặt một tên tệp khác.",
            code="backup.bad_target",
        )
    fresh = out.with_name(out.name + ".new")
    try:
        check_room(context.database.path, out.parent)
        out.parent.mkdir(parents=True, exist_ok=True)
        _copy_and_inspect(context.database.path, fresh)
        fresh.replace(out)
        _copy_evidence(context.folder / EVIDENCE_FOLDER, evidence_folder_of(out))
    except OSError as error:
        raise _unwritable(out.parent) from error
    finally:
        _remove(fresh)
    _record(context)
    return inspect_backup(out)


def back_up_to_stick(context: Context, drive: Drive, now: dt.datetime | None = None) -> BackupInfo:
    """Write a verified backup to a stick, under a name with commune and time."""
    with context.read() as connection:
        name = connection.exec_driver_sql("SELECT name FROM commune WHERE present ORDER BY id LIMIT 1").scalar()
    moment = now or dt.datetime.now()
    return back_up_to(context, drive.path / STICK_FOLDER / f"{file_stem(str(name or 'so'))}-{_stamp(moment)}.db")


def file_stem(name: str) -> str:
    """A commune's name as part of a file name: "Xã Phú An" → "xa-phu-an"."""
    from desktop_app.services.vietnamese import fold

    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "so"


def evidence_folder_of(backup: Path) -> Path:
    """Where the evidence files of a backup outside the data folder lie."""
    return backup.with_name(backup.stem + EVIDENCE_SUFFIX)


def thin_backups(folder: Path, now: dt.datetime) -> list[Path]:
    """Remove the regular backups that others stand in for, what was kept aside more than 90 days ago, and what a killed
    program left half written more than a day ago.

    Returns:
        What was removed; a file that is in use stays for the next time.
    """
    found = list_backups(folder)
    gone = superseded((item.made_at for item in found if item.kind is BackupKind.REGULAR), now)
    aside = (BackupKind.BEFORE_RESTORE, BackupKind.BEFORE_UPGRADE)
    unwanted = [
        item.path
        for item in found
        if (item.kind in aside and (now - item.made_at).days > KEPT_ASIDE_DAYS)
        or (item.kind is BackupKind.REGULAR and item.made_at in gone)
    ]
    return [path for path in (*unwanted, *_left_over(folder, now)) if _unlink(path)]


def _left_over(folder: Path, now: dt.datetime) -> list[Path]:
    yesterday = (now - dt.timedelta(days=1)).timestamp()
    found = [path for path in (folder / BACKUP_FOLDER).glob("*.db.*") if _HALF.search(path.name)]
    return [path for path in found if path.stat().st_mtime < yesterday]


_HALF = re.compile(r"\.db\.(new|part|new\.part)(-wal|-shm|-journal)?$")


def _unlink(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def free_name(folder: Path, kind: BackupKind, moment: dt.datetime) -> Path:
    """A name in the backup folder that no file has yet."""
    base = folder / BACKUP_FOLDER / f"{kind.value}-{_stamp(moment)}.db"
    path, number = base, 2
    while path.exists():
        path = base.with_name(f"{base.stem}-{number}.db")
        number += 1
    return path


def _stamp(moment: dt.datetime) -> str:
    return f"{moment:%Y%m%d-%H%M%S}"


_NAME = re.compile(r"^(?P<kind>[a-z-]+)-(?P<time>\d{8}-\d{6})(?:-\d+)?$")


def _described(path: Path) -> BackupFile:
    status = path.stat()
    found = _NAME.match(path.stem)
    kind, made_at = BackupKind.OTHER, dt.datetime.fromtimestamp(status.st_mtime)
    if found and found["kind"] in set(BackupKind):
        try:
            made_at = dt.datetime.strptime(found["time"], "%Y%m%d-%H%M%S")
            kind = BackupKind(found["kind"])
        except ValueError:
            kind = BackupKind.OTHER
    return BackupFile(path, kind, made_at, status.st_size)


def _copy_verified(folder: Path, source: Path, kind: BackupKind, moment: dt.datetime) -> Path:
    target = free_name(folder, kind, moment)
    fresh = target.with_name(target.name + ".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        check_room(source, target.parent)
        _copy_and_inspect(source, fresh)
        fresh.replace(target)
    except OSError as error:
        raise _unwritable(target.parent) from error
    finally:
        _remove(fresh)
    return target


def _copy_and_inspect(source: Path, fresh: Path) -> BackupInfo:
    """Copy and open again; where the copy is not whole, say whether the register or the disk is to blame."""
    try:
        copy_database(source, fresh)
        return inspect_backup(fresh)
    except EnvironmentProblem as error:
        if error.code not in ("backup.damaged", "database.damaged"):
            raise
        if is_sound(source):
            raise EnvironmentProblem(
                f"Bản sao lưu vừa ghi vào {fresh.parent} đọc lại bị sai: ổ đĩa hoặc USB này có thể đã hỏng. Sổ vẫn còn "
                "nguyên. Hãy sao lưu sang ổ khác.",
                code="backup.medium",
            ) from error
        raise EnvironmentProblem(
            "Sổ có chỗ bị hỏng nên chưa sao lưu được; các bản sao lưu cũ vẫn còn. Hãy vào Thiết lập, mục Sao lưu, "
            "và khôi phục từ bản gần nhất.",
            code="backup.source_damaged",
        ) from error


def check_room(source: Path, target: Path) -> None:
    """Refuse to begin a copy that will not fit; raises EnvironmentProblem ``backup.full``."""
    needed = source.stat().st_size * 11 // 10
    place = next(each for each in (target, *target.absolute().parents) if each.exists())
    if free_bytes(place) < needed:
        raise EnvironmentProblem(
            f"Ổ đĩa chứa {target} không đủ chỗ (cần {needed // 1_000_000 + 1} MB). Sổ và các bản sao lưu cũ vẫn còn "
            "nguyên. Hãy dọn bớt tệp hoặc chọn ổ khác.",
            code="backup.full",
        )


def _copy_evidence(source: Path, target: Path) -> None:
    """Files are named by their content, so one that is there already is not written again."""
    for path in sorted(source.glob("*/*")):
        copy = target / path.name
        if path.suffix or (copy.exists() and copy.stat().st_size == path.stat().st_size):
            continue
        target.mkdir(parents=True, exist_ok=True)
        part = copy.with_suffix(".part")
        shutil.copyfile(path, part)
        part.replace(copy)


def _record(context: Context) -> None:
    with context.operation("backup.create") as op:
        op.is_kept = True


def _unwritable(folder: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"Không ghi được bản sao lưu vào {folder}. Sổ vẫn như cũ. Hãy chọn nơi khác hoặc dọn chỗ trống.",
        code="backup.unwritable",
    )


def _remove(path: Path) -> None:
    with suppress(OSError):
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
