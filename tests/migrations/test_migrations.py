"""Stored versions: head equals the program's tables, older files come up whole, a failed step leaves no trace."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from desktop_app.models import database
from desktop_app.models.database import migrate, open_database, stored_version
from desktop_app.models.errors import AppError, EnvironmentProblem
from desktop_app.models.migrations import HEAD, REVISIONS
from desktop_app.models.tables import metadata
from desktop_app.services.context import REGISTER_FILE
from desktop_app.services.safety.backup import BackupKind, list_backups
from desktop_app.services.safety.health import doctor
from desktop_app.services.safety.opening import close_safely, open_safely

DATA = Path(__file__).parent / "data"
STORED = sorted(DATA.glob("version_*.db.gz"))
SEARCH = re.compile(r"citizen_search(_\w+)?")
Rows = list[tuple[Any, ...]]


def rows(path: Path, query: str) -> Rows:
    connection = dbapi2.connect(str(path))
    try:
        return asked(connection, query)
    finally:
        connection.close()


def asked(connection: Any, query: str) -> Rows:
    return [tuple(row) for row in connection.execute(query).fetchall()]


def schema(path: Path) -> dict[str, dict[str, Any]]:
    """Tables as SQLite understands them: columns, keys, references, indexes with their conditions."""
    connection = dbapi2.connect(str(path))
    try:
        return tables_of(partial(asked, connection))
    finally:
        connection.close()


def tables_of(ask: Callable[[str], Rows]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        if name == "alembic_version" or SEARCH.fullmatch(name):
            continue
        indexes = {}
        for _, index, unique, origin, is_partial in ask(f"PRAGMA index_list({name})"):
            columns = ask(f"PRAGMA index_info({index})")
            sql = ask(f"SELECT sql FROM sqlite_master WHERE name = '{index}'")
            condition = (sql[0][0] or "").partition(" WHERE ")[2] if sql else ""
            label = index if origin == "c" else f"auto {sorted(column for *_, column in columns)}"
            indexes[label] = (unique, is_partial, tuple(column for *_, column in columns), condition)
        found[name] = {
            "columns": [row[1:6] for row in ask(f"PRAGMA table_info({name})")],
            "references": sorted(row[2:7] for row in ask(f"PRAGMA foreign_key_list({name})")),
            "indexes": indexes,
            "autoincrement": "AUTOINCREMENT" in ask(f"SELECT sql FROM sqlite_master WHERE name = '{name}'")[0][0],
        }
    return found


@pytest.fixture(scope="module")
def made_by_steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that went through every step."""
    path = tmp_path_factory.mktemp("steps") / "steps.db"
    migrate(path)
    return path


def test_the_steps_come_to_the_tables_of_the_program(made_by_steps: Path, tmp_path: Path) -> None:
    path = tmp_path / "tables.db"
    engine = database._engine(path, None, is_pooled=False)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    by_steps, by_tables = schema(made_by_steps), schema(path)
    assert sorted(by_steps) == sorted(by_tables)
    for name in by_tables:
        assert by_steps[name] == by_tables[name], name


def test_the_comparison_sees_a_missing_column_and_a_missing_condition(made_by_steps: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    shutil.copyfile(made_by_steps, path)
    connection = dbapi2.connect(str(path))
    connection.execute("DROP INDEX uq_citizen_cccd")
    connection.execute("CREATE UNIQUE INDEX uq_citizen_cccd ON citizen (cccd)")
    connection.execute("ALTER TABLE hamlet ADD COLUMN extra TEXT")
    connection.commit()
    connection.close()
    sound = schema(made_by_steps)
    changed = {name for name, found in schema(path).items() if found != sound[name]}
    assert changed == {"citizen", "hamlet"}


def test_the_last_step_is_what_the_program_writes_and_each_follows_the_one_before() -> None:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(database.MIGRATIONS))
    assert scripts.get_current_head() == HEAD
    assert [step.revision for step in reversed(list(scripts.walk_revisions()))] == list(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_empty_file_of_each_version_comes_up_to_head(revision: str, made_by_steps: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    migrate(path, target=revision)
    assert stored_version(path) == revision
    open_database(path).close()
    assert stored_version(path) == HEAD
    assert schema(path) == schema(made_by_steps)


def test_no_step_imports_the_programs_tables() -> None:
    for path in (database.MIGRATIONS / "versions").glob("*.py"):
        assert "desktop_app" not in path.read_text(encoding="utf-8"), path.name


# -- stored files ------------------------------------------------------------------------------------------------------


@pytest.fixture(params=STORED, ids=lambda path: path.name.removesuffix(".db.gz"))
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A stored register of some version, as the data folder of a program that was just updated."""
    folder = tmp_path / "data"
    folder.mkdir()
    with gzip.open(request.param) as packed, (folder / REGISTER_FILE).open("wb") as file:
        shutil.copyfileobj(packed, file)
    return folder


def test_each_version_but_the_newest_has_its_stored_file() -> None:
    names = {path.name for path in STORED}
    assert {f"version_{revision}.db.gz" for revision in REVISIONS[:-1]} <= names
    assert "version_0001.db.gz" in names


def test_a_stored_register_opens_and_keeps_every_row(stored: Path, tmp_path: Path) -> None:
    original = tmp_path / "original.db"
    shutil.copyfile(stored / REGISTER_FILE, original)
    before = {name: found["columns"] for name, found in schema(original).items()}
    close_safely(open_safely(stored))
    after = schema(stored / REGISTER_FILE)
    for name, columns in before.items():
        assert name in after, name
        kept = [column[0] for column in columns if column[0] in {each[0] for each in after[name]["columns"]}]
        listed = ", ".join(f'"{column}"' for column in kept)
        query = f"SELECT {listed} FROM {name} ORDER BY {listed}"
        if name in ("meta", "local_setting"):
            continue
        now = rows(stored / REGISTER_FILE, query)
        assert [row for row in rows(original, query) if row not in now] == [], name


def test_a_stored_register_is_sound_and_can_be_worked_in(stored: Path) -> None:
    from tests.factories import add_household

    context = open_safely(stored)
    with context.read() as connection:
        hamlet = connection.exec_driver_sql("SELECT name FROM hamlet WHERE present ORDER BY id LIMIT 1").scalar()
    household, _ = add_household(context, "99-0001", hamlet=str(hamlet), members=("Người Mới",))
    close_safely(context)
    found = doctor(stored)
    assert [
        check.detail for check in found.checks if not check.ok and check.name not in ("evidence", "free_space")
    ] == []
    assert household


def test_a_stored_register_holds_something_of_everything(stored: Path) -> None:
    path = stored / REGISTER_FILE
    empty = {
        name
        for name in schema(path)
        if rows(path, f"SELECT count(*) FROM {name}") == [(0,)] and name not in MAY_BE_EMPTY
    }
    assert empty == set()


MAY_BE_EMPTY = {"batch", "conflict", "held_field", "pending_field", "receipt", "local_setting", "device_progress"}
"""What no service of version 1 writes yet, and bookkeeping of an exchange that did not disagree."""


# -- steps that fail ---------------------------------------------------------------------------------------------------

NEXT = f"{int(HEAD) + 1:04}"
BAD_STEP = '''"""A step that changes a table with children, and perhaps fails half way."""

from alembic import op

revision = "NEXT"
down_revision = "LAST"


def upgrade():
    with op.batch_alter_table("hamlet") as batch:
        batch.drop_column("note")
    {ending}
'''.replace("NEXT", NEXT).replace("LAST", HEAD)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program's steps and a place for one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(database, "MIGRATIONS", folder)
    monkeypatch.setattr(database, "REVISIONS", (*REVISIONS, NEXT))
    monkeypatch.setattr(database, "HEAD", NEXT)
    yield folder / "versions" / f"{NEXT}_next.py"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    from tests.factories import add_household, make_register

    context = make_register(tmp_path / "data")
    add_household(context, members=("Nguyễn Văn Ước",))
    context.close()
    return tmp_path / "data"


def test_a_step_that_rebuilds_a_parent_table_keeps_its_children(register: Path, steps: Path) -> None:
    path = register / REGISTER_FILE
    before = rows(path, "SELECT id, hamlet_id FROM household")
    steps.write_text(BAD_STEP.format(ending="pass"), encoding="utf-8")
    saved: list[str] = []
    open_database(path, before_migration=lambda file, version: saved.append(version)).close()
    assert saved == [HEAD]
    assert rows(path, "SELECT id, hamlet_id FROM household") == before
    assert rows(path, "SELECT version_num FROM alembic_version") == [(NEXT,)]


@pytest.mark.parametrize(
    "ending",
    [
        "op.execute('INSERT INTO no_such_table VALUES (1)')",
        "op.execute('UPDATE citizen SET household_id = 999')",
        "raise RuntimeError('a fault of the step')",
    ],
    ids=["sql", "foreign key", "fault"],
)
def test_a_step_that_fails_leaves_the_file_as_it_was(register: Path, steps: Path, ending: str) -> None:
    path = register / REGISTER_FILE
    before = schema(path), rows(path, "SELECT * FROM citizen"), rows(path, "SELECT * FROM alembic_version")
    steps.write_text(BAD_STEP.format(ending=ending), encoding="utf-8")
    with pytest.raises((AppError, RuntimeError)):
        open_database(path)
    after = schema(path), rows(path, "SELECT * FROM citizen"), rows(path, "SELECT * FROM alembic_version")
    assert after == before


def test_an_older_file_is_kept_aside_verified_before_it_is_touched(register: Path, steps: Path) -> None:
    from desktop_app.services.register import open_register
    from desktop_app.services.safety.backup import backup_before_upgrade

    steps.write_text(BAD_STEP.format(ending="pass"), encoding="utf-8")
    open_register(register, before_migration=backup_before_upgrade).close()
    (kept,) = list_backups(register)
    assert kept.kind is BackupKind.BEFORE_UPGRADE
    assert rows(kept.path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_without_a_backup_an_older_file_is_not_touched(
    register: Path, steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.write_text(BAD_STEP.format(ending="pass"), encoding="utf-8")
    monkeypatch.setattr("desktop_app.services.safety.backup.free_bytes", lambda path: 10)
    with pytest.raises(EnvironmentProblem, match="không đủ chỗ"):
        open_safely(register)
    assert rows(register / REGISTER_FILE, "SELECT version_num FROM alembic_version") == [(HEAD,)]
