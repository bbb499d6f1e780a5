"""The doctor: is this data folder in order? Every check says what it looked at, in one Vietnamese sentence.

Invariant: looks only, also at a register that does not open; a check that cannot be made counts as failed.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app import __version__
from desktop_app.models.database import free_bytes, reading
from desktop_app.models.journal import broken_links
from desktop_app.models.migrations import HEAD, REVISIONS
from desktop_app.services.context import EVIDENCE_FOLDER, REGISTER_FILE
from desktop_app.services.errors import AppError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.safety.backup import newest_backup
from desktop_app.services.safety.inspection import UNREADABLE
from desktop_app.services.sync.identity import DEVICE_FILE, load_identity

LEAST_FREE = 500_000_000
"""Bytes below which work is in danger: a backup, an import and Windows itself need room."""


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Attributes:
        name: stable ASCII word.
        title: the same in Vietnamese.
        ok: in order.
        detail: what was found, in one sentence.
    """

    name: str
    title: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Health:
    """All checks; ``ok`` when every one is in order."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


def doctor(folder: Path, progress: Progress = NO_PROGRESS) -> Health:
    """Look at everything of a data folder; a large register takes some seconds."""
    checks: list[Check] = []
    steps: tuple[tuple[str, str, Callable[[], tuple[bool, str]]], ...] = (
        ("integrity", "Tệp sổ", lambda: _integrity(folder)),
        ("foreign_keys", "Liên kết giữa các mục", lambda: _foreign_keys(folder)),
        ("journal", "Chuỗi nhật ký", lambda: _journal(folder)),
        ("search_index", "Chỉ mục tìm kiếm", lambda: _search_index(folder)),
        ("evidence", "Tệp minh chứng", lambda: _evidence(folder)),
        ("backup", "Sao lưu", lambda: _backup(folder)),
        ("free_space", "Chỗ trống", lambda: _free_space(folder)),
        ("device", "Tệp nhận dạng máy", lambda: _device(folder)),
        ("versions", "Phiên bản", lambda: _versions(folder)),
    )
    for done, (name, title, look) in enumerate(steps):
        progress.step(done, len(steps), title)
        try:
            ok, detail = look()
        except AppError as error:
            ok, detail = False, error.message
        except OSError as error:
            ok, detail = False, f"Không đọc được: {error.strerror}."
        checks.append(Check(name, title, ok, detail))
    progress.step(len(steps), len(steps))
    return Health(tuple(checks))


@contextmanager
def _register(folder: Path) -> Iterator[Connection]:
    path = folder / REGISTER_FILE
    if not path.exists() or path.stat().st_size == 0:
        raise AppError("Chưa có sổ trong thư mục này.", code="database.absent")
    with reading(path) as connection:
        yield connection


def _integrity(folder: Path) -> tuple[bool, str]:
    with _register(folder) as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
        size = (folder / REGISTER_FILE).stat().st_size
    if found == ["ok"]:
        return True, f"Đọc trọn tệp, không có chỗ hỏng ({_megabytes(size)})."
    return False, f"Có {len(found)} chỗ hỏng; hãy khôi phục từ bản sao lưu gần nhất. Chỗ đầu tiên: {found[0]}"


def _foreign_keys(folder: Path) -> tuple[bool, str]:
    with _register(folder) as connection:
        found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if not found:
        return True, "Mọi liên kết đều có nơi trỏ tới."
    tables = ", ".join(sorted({str(row[0]) for row in found}))
    return False, f"{len(found)} liên kết trỏ vào chỗ không có (bảng {tables}); hãy gửi nhật ký cho người hỗ trợ."


def _journal(folder: Path) -> tuple[bool, str]:
    with _register(folder) as connection:
        try:
            broken = broken_links(connection)
        except UNREADABLE:
            return False, "Có thao tác không đọc được: tệp đã bị sửa tay hoặc hỏng; hãy khôi phục từ bản sao lưu."
        total = connection.exec_driver_sql("SELECT count(*) FROM operation").scalar()
    if not broken:
        return True, f"{total} thao tác nối liền nhau, không thao tác nào bị sửa."
    return False, f"{len(broken)} trên {total} thao tác không khớp chuỗi (đầu tiên: {broken[0]}); tệp đã bị sửa tay."


def _search_index(folder: Path) -> tuple[bool, str]:
    with _register(folder) as connection:
        one = connection.exec_driver_sql
        people = one("SELECT count(*) FROM citizen WHERE present").scalar() or 0
        missing = one(_NOT_INDEXED).scalar() or 0
        surplus = one(_INDEXED_ONLY).scalar() or 0
        lost = _not_found(connection)
    if missing or surplus or lost:
        return False, f"Chỉ mục lệch với danh sách: thiếu {missing + lost}, thừa {surplus} người trên {people}."
    return True, f"Khớp với {people} người trong sổ."


_NOT_INDEXED = (
    "SELECT count(*) FROM citizen WHERE present AND "
    "(search_rowid IS NULL OR search_rowid NOT IN (SELECT rowid FROM citizen_search))"
)
_INDEXED_ONLY = (
    "SELECT count(*) FROM citizen_search WHERE rowid NOT IN "
    "(SELECT search_rowid FROM citizen WHERE present AND search_rowid IS NOT NULL)"
)
_SAMPLE = 200


def _not_found(connection: Connection) -> int:
    """How many of an even sample of people are not found by their own name."""
    rows = connection.exec_driver_sql(
        "SELECT search_rowid, name_fold FROM citizen WHERE present AND search_rowid IS NOT NULL AND name_fold <> '' "
        f"AND id % max(1, (SELECT count(*) FROM citizen) / {_SAMPLE}) = 0 LIMIT {_SAMPLE * 2}"
    ).all()
    lost = 0
    for rowid, name in rows:
        words = " ".join('"' + word.replace('"', '""') + '"' for word in name.split())
        found = connection.exec_driver_sql(
            "SELECT 1 FROM citizen_search WHERE rowid = ? AND citizen_search MATCH ?", (rowid, words)
        ).first()
        lost += found is None
    return lost


def _evidence(folder: Path) -> tuple[bool, str]:
    with _register(folder) as connection:
        named = connection.exec_driver_sql(
            "SELECT DISTINCT sha256 FROM evidence WHERE present AND sha256 IS NOT NULL"
        ).scalars()
        digests = [str(item) for item in named]
    missing = [item for item in digests if not (folder / EVIDENCE_FOLDER / item[:2] / item).is_file()]
    if missing:
        return False, f"Thiếu {len(missing)} trên {len(digests)} tệp minh chứng; chép lại từ USB sao lưu nếu có."
    return True, f"Đủ {len(digests)} tệp." if digests else "Chưa có tệp minh chứng nào."


def _backup(folder: Path) -> tuple[bool, str]:
    newest = newest_backup(folder)
    if newest is None:
        return True, "Chưa có bản sao lưu nào; bản đầu tiên được làm khi đóng chương trình."
    return True, f"Bản gần nhất lúc {newest.made_at:%H:%M ngày %d/%m/%Y} ({_megabytes(newest.size)})."


def _free_space(folder: Path) -> tuple[bool, str]:
    free = free_bytes(folder)
    if free < LEAST_FREE:
        return False, f"Ổ đĩa chỉ còn {_megabytes(free)}; hãy dọn bớt để còn ít nhất {_megabytes(LEAST_FREE)}."
    return True, f"Còn {_megabytes(free)}."


def _device(folder: Path) -> tuple[bool, str]:
    path = folder / DEVICE_FILE
    if not path.exists():
        return False, "Chưa có tệp nhận dạng máy; nó được lập khi mở sổ."
    identity = load_identity(folder)
    return True, f"Máy này là “{identity.name}”, mã {identity.uid[-8:]}."


def _versions(folder: Path) -> tuple[bool, str]:
    detail = f"Chương trình {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"
    with _register(folder) as connection:
        sqlite = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
        stored = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    detail += f", SQLite {sqlite}; bảng của sổ {stored}, chương trình dùng {HEAD}."
    return stored in REVISIONS, detail


def _megabytes(size: int) -> str:
    from desktop_app.services.vietnamese import number_text

    if size >= 10_000_000_000:
        return f"{number_text(size // 1_000_000_000)} GB"
    return f"{number_text(size / 1_000_000, 1)} MB"
