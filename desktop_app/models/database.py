"""The only maker of engines: one SQLite file a commune, opened, checked, migrated, read and written here.

Invariants: WAL, synchronous FULL, foreign keys on; BEGIN is emitted by us (BEGIN IMMEDIATE for writes), so a
transaction is whole or nothing; an older file is migrated only after a verified backup; a newer one is refused.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool
from sqlcipher3 import dbapi2

from desktop_app.models.errors import AppError, BugError, EnvironmentProblem
from desktop_app.models.migrations import HEAD, REVISIONS

BUSY_TIMEOUT = 5_000
"""Milliseconds to wait for another writer."""

MIGRATIONS = Path(__file__).parent / "migrations"


def connect(path: Path, key: bytes | None = None) -> Any:
    """One raw connection with the program's pragmas.

    Args:
        path: the file; created when absent.
        key: 32 raw bytes, or None for a plain SQLite file.
    """
    raw = dbapi2.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT / 1000, cached_statements=256
    )
    try:
        cursor = raw.cursor()
        if key is not None:
            cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.close()
    except BaseException:
        raw.close()
        raise
    return raw


def translate(error: BaseException) -> AppError:
    """The driver's error as a sentence a person can act on; an unknown one becomes a BugError."""
    text = str(getattr(error, "orig", None) or error).lower()
    for fragments, code, sentence in _SENTENCES:
        if any(fragment in text for fragment in fragments):
            return EnvironmentProblem(sentence, code=code)
    return BugError(f"Chương trình gặp lỗi khi ghi dữ liệu; thao tác này chưa được lưu. Chi tiết: {text}", code="bug")


_KEPT = "Những gì đã lưu trước đó vẫn còn nguyên."
_SENTENCES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("is full", "disk full", "no space"),
        "database.full",
        f"Ổ đĩa đã đầy nên thao tác này chưa được lưu. {_KEPT} Hãy xóa bớt tệp không cần rồi làm lại.",
    ),
    (
        ("is locked", "busy"),
        "database.locked",
        f"Sổ đang được một chương trình khác giữ nên chưa ghi được. {_KEPT} Hãy đóng chương trình kia rồi làm lại.",
    ),
    (
        ("readonly", "read-only"),
        "database.readonly",
        f"Sổ đang ở chế độ chỉ đọc nên chưa ghi được. {_KEPT} Hãy bỏ thuộc tính chỉ đọc của tệp hoặc thư mục đó.",
    ),
    (
        ("unable to open",),
        "database.unreachable",
        "Không mở được tệp sổ. Hãy kiểm tra thư mục dữ liệu còn đó và bạn có quyền ghi vào nó.",
    ),
    (
        ("not a database", "malformed", "disk image", "file is encrypted"),
        "database.damaged",
        "Tệp sổ bị hỏng hoặc không phải sổ của chương trình; chưa có gì bị thay đổi. Hãy khôi phục từ bản sao lưu.",
    ),
    (
        ("disk i/o error",),
        "database.io",
        f"Ổ đĩa báo lỗi khi đọc hoặc ghi sổ. {_KEPT} Hãy kiểm tra ổ đĩa và sao lưu sang USB ngay khi có thể.",
    ),
)


class Database:
    """One opened file. Reads and writes go through ``read`` and ``write``; nothing else opens transactions."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self.path = path
        self.key = key
        self._watch: Any = None
        self._watching = Lock()
        self._is_closed = False
        self._use(_engine(path, key))

    def _use(self, engine: Engine) -> None:
        self._engine, self._writer = engine, engine.execution_options(is_write=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A short reading transaction: one consistent state of the file."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The write lane: BEGIN IMMEDIATE, commit at the end, roll back whole on any error."""
        with _translated(), self._writer.begin() as connection:
            yield connection

    def version(self) -> int | None:
        """A number that every commit to the file changes, by whomever; None once the file is closed.

        It is asked of a connection of its own, for to SQLite one's own commits are no change.
        """
        with self._watching, _translated():
            if self._is_closed:
                return None
            if self._watch is None:
                self._watch = connect(self.path, self.key)
            return int(self._watch.execute("PRAGMA data_version").fetchall()[0][0])

    def close(self) -> None:
        """Close every connection; SQLite folds the WAL into the file.

        Who reads once more after it (a late timer of a window that is gone) leaves nothing open behind: a file that is
        held cannot be restored.
        """
        with self._watching:
            self._is_closed = True
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self._engine.dispose()
        self._use(_engine(self.path, self.key, is_pooled=False))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise translate(error) from error
    except dbapi2.Error as error:
        raise translate(error) from error


def _engine(path: Path, key: bytes | None, *, is_pooled: bool = True, foreign_keys: bool = True) -> Engine:
    def creator() -> Any:
        raw = connect(path, key)
        if not foreign_keys:
            raw.execute("PRAGMA foreign_keys = OFF")
        return raw

    engine = create_engine(
        "sqlite+pysqlite://", module=dbapi2, creator=creator, poolclass=QueuePool if is_pooled else NullPool
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_write = connection.get_execution_options().get("is_write", False)
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE" if is_write else "BEGIN")

    return engine


@contextmanager
def reading(path: Path, key: bytes | None = None, *, is_still: bool = False) -> Iterator[Connection]:
    """Read a file without changing a byte of it, whatever it is; only what a kill left half written is rolled back.

    Args:
        path: the file.
        key: raw key or None.
        is_still: nobody writes it now and no ``-wal`` belongs to it (a backup, also on a write-protected stick).

    Raises:
        EnvironmentProblem: damaged, locked, absent or unreachable (``code`` tells).
    """
    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: _connect_reading(path, key, is_still=is_still),
        poolclass=NullPool,
    )
    try:
        with _translated(), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
    finally:
        engine.dispose()


def _connect_reading(path: Path, key: bytes | None, *, is_still: bool) -> Any:
    place = path.absolute().as_posix()
    uri = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?{'immutable=1' if is_still else 'mode=ro'}"
    raw = _connect_to(uri, key)
    if is_still:
        return raw
    try:
        raw.execute("PRAGMA schema_version")
    except dbapi2.Error as error:
        raw.close()  # not left to the collector: Windows replaces no file that is still open
        if "readonly" not in str(error):
            raise
        _finish_interrupted(path, key, error)
        raw = _connect_to(uri, key)
    return raw


def _connect_to(uri: str, key: bytes | None) -> Any:
    raw = dbapi2.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT / 1000)
    if key is not None:
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return raw


def _finish_interrupted(path: Path, key: bytes | None, error: Exception) -> None:
    """Let SQLite roll back what a killed program had begun: a reader may not, and the file would never open again.

    Raises:
        sqlite3.OperationalError: the one at hand, where there is nothing to roll back or nothing may be written.
    """
    if not path.with_name(path.name + "-journal").exists():
        raise error
    raw = _connect_to(str(path), key)
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except dbapi2.OperationalError:
        raise error from None
    finally:
        raw.close()


def stored_version(path: Path, key: bytes | None = None, *, is_still: bool = False) -> str | None:
    """The version a file was written by, without importing Alembic; None for an empty or foreign database.

    Raises:
        EnvironmentProblem: damaged, locked or unreachable (``code`` tells).
    """
    with reading(path, key, is_still=is_still) as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
        if not rows:
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])


def create_database(path: Path, key: bytes | None = None) -> Database:
    """Make a new file with the current tables.

    Raises:
        EnvironmentProblem: the file exists already or cannot be written.
    """
    if path.exists() and path.stat().st_size:
        raise EnvironmentProblem("Đã có một sổ ở thư mục này; chưa có gì bị thay đổi.", code="database.exists")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(
            f"Không tạo được thư mục dữ liệu {path.parent}: hãy kiểm tra quyền ghi.", code="database.unreachable"
        ) from error
    migrate(path, key, HEAD)
    return Database(path, key)


def open_database(
    path: Path, key: bytes | None = None, *, before_migration: Callable[[Path, str], None] | None = None
) -> Database:
    """Open an existing file, migrating an older one.

    Args:
        path: the file.
        key: raw key or None.
        before_migration: called with (path, stored version) before an older file is touched; makes and verifies
            a backup and raises to stop.

    Raises:
        EnvironmentProblem: ``database.absent``, ``database.newer``, ``database.foreign``, ``database.damaged`` …
    """
    if path.is_dir():
        raise EnvironmentProblem(
            f"Ở chỗ của tệp sổ lại là một thư mục ({path.name}); chưa có gì bị thay đổi. Hãy dời thư mục đó đi rồi mở "
            "lại, hoặc khôi phục từ bản sao lưu.",
            code="database.unreachable",
        )
    if not path.exists() or path.stat().st_size == 0:
        raise EnvironmentProblem(
            "Chưa có sổ nào ở thư mục dữ liệu này. Hãy lập sổ mới hoặc khôi phục từ bản sao lưu.",
            code="database.absent",
        )
    if key is None and _is_cut_short(path):
        raise EnvironmentProblem(_SENTENCES[4][2], code="database.damaged")
    version = stored_version(path, key)
    if version is None:
        raise EnvironmentProblem(
            "Tệp này không phải sổ của chương trình; chưa có gì bị thay đổi. Hãy khôi phục từ bản sao lưu.",
            code="database.foreign",
        )
    if version not in REVISIONS:
        raise EnvironmentProblem(
            "Sổ này do một bản chương trình mới hơn ghi nên bản này không mở được; chưa có gì bị thay đổi. "
            "Hãy cài bản mới, hoặc khôi phục bản sao lưu cũ hơn.",
            code="database.newer",
        )
    if version != HEAD:
        if before_migration is not None:
            before_migration(path, version)
        migrate(path, key, HEAD)
    return Database(path, key)


def _is_cut_short(path: Path) -> bool:
    """Whether pages that the header counts are missing at the end: SQLite would take them for empty ones."""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        return False
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\x00") or header[24:28] != header[92:96]:
        return False
    page_size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    return path.stat().st_size < pages * (65_536 if page_size == 1 else page_size)


def migrate(path: Path, key: bytes | None = None, target: str = HEAD) -> None:
    """Bring a file to ``target`` in one exclusive transaction on an engine of its own, foreign keys off.

    The result is checked (foreign_key_check before the commit, integrity_check after it); a failure leaves the
    file as it was.
    """
    from alembic import command
    from alembic.config import Config

    engine = _engine(path, key, is_pooled=False, foreign_keys=False)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with _translated(), engine.execution_options(is_write=True).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, target)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise BugError(
                    "Nâng cấp sổ không thành công vì dữ liệu không khớp; sổ vẫn như cũ. Hãy báo người hỗ trợ.",
                    code="database.migration",
                )
        with _translated(), engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise EnvironmentProblem(_SENTENCES[4][2], code="database.damaged")
    finally:
        engine.dispose()


def copy_database(source: Path, target: Path, key: bytes | None = None, *, is_still: bool = False) -> None:
    """Copy a live file with SQLite's backup interface, on connections of its own; target appears whole or not.

    Args:
        source: only read, so it may lie on a write-protected stick; ``is_still`` as in ``reading``.
        target: replaced when it exists.
        key: raw key of both, or None.

    Raises:
        EnvironmentProblem: disk full, no rights, source damaged.
    """
    part = target.with_name(target.name + ".part")
    try:
        with _translated():
            origin = _connect_reading(source, key, is_still=is_still)
            try:
                copy = dbapi2.connect(str(part), isolation_level=None)
                try:
                    if key is not None:
                        copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
                    origin.backup(copy)
                    copy.execute("PRAGMA journal_mode = DELETE")
                finally:
                    copy.close()
            finally:
                origin.close()
        part.replace(target)
    except OSError as error:
        raise EnvironmentProblem(
            f"Không ghi được bản sao lưu vào {target.parent}. Sổ vẫn như cũ. Hãy chọn nơi khác hoặc dọn chỗ trống.",
            code="backup.unwritable",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def free_bytes(path: Path) -> int:
    """Free space of the disk that holds ``path``, in bytes."""
    return shutil.disk_usage(path if path.exists() else path.parent).free
