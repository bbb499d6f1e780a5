"""The engine factory: whole or nothing, the right pragmas, and every bad state of the file as a plain sentence."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlcipher3 import dbapi2

from desktop_app.models import database
from desktop_app.models.database import Database, copy_database, create_database, open_database, reading, stored_version
from desktop_app.models.errors import AppError, BugError, EnvironmentProblem
from desktop_app.models.migrations import HEAD
from desktop_app.models.tables.system import local_setting
from tests.services.safety import faults

NAME = "sổ của xã.db"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed file with one row."""
    made = create_database(tmp_path / NAME)
    put(made, "a", "Ước")
    made.close()
    return tmp_path / NAME


def put(target: Database, key: str, value: str) -> None:
    with target.write() as connection:
        connection.execute(insert(local_setting).values(key=key, value=value))


def keys(target: Database) -> list[str]:
    with target.read() as connection:
        return list(connection.execute(select(local_setting.c.key).order_by(local_setting.c.key)).scalars())


def refusal(path: Path) -> AppError:
    """What opening, or the first write, says."""
    with pytest.raises(AppError) as refused:
        opened = open_database(path)
        try:
            put(opened, "b", "x")
        finally:
            opened.close()
    return refused.value


def test_a_new_file_has_the_current_version_and_the_pragmas(path: Path) -> None:
    assert stored_version(path) == HEAD
    opened = open_database(path)
    with opened.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    opened.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_failed_write_leaves_nothing(path: Path) -> None:
    opened = open_database(path)
    with pytest.raises(ZeroDivisionError), opened.write() as connection:
        connection.execute(insert(local_setting).values(key="b", value="x"))
        raise ZeroDivisionError
    assert keys(opened) == ["a"]
    opened.close()


def test_the_version_changes_with_every_commit_by_whomever_and_with_nothing_else(path: Path) -> None:
    opened, other = open_database(path), open_database(path)
    seen = [opened.version()]
    assert keys(opened) == ["a"]
    with opened.read() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE own (id INTEGER)")
        connection.exec_driver_sql("DROP TABLE own")
    with pytest.raises(ZeroDivisionError), opened.write() as connection:
        connection.execute(insert(local_setting).values(key="b", value="x"))
        raise ZeroDivisionError
    assert opened.version() == seen[0]
    for writer, key in ((opened, "b"), (other, "c")):
        put(writer, key, "x")
        seen.append(opened.version())
    assert len(set(seen)) == 3
    opened.close()
    other.close()
    assert opened.version() is None
    assert [left.name for left in path.parent.iterdir()] == [path.name], "nothing holds the file"


def test_a_reader_sees_one_state_while_others_write(path: Path) -> None:
    opened = open_database(path)
    with opened.read() as connection:
        before = connection.execute(select(local_setting.c.key)).all()
        put(opened, "b", "x")
        assert connection.execute(select(local_setting.c.key)).all() == before
    assert keys(opened) == ["a", "b"]
    opened.close()


def test_who_reads_after_the_end_holds_no_file(path: Path) -> None:
    made = open_database(path)
    made.close()
    gc.disable()  # else chance decides whether what was left open is found closed
    try:
        with made.read() as connection:
            connection.execute(select(local_setting)).all()
        alone = dbapi2.connect(str(path), timeout=0)
        assert alone.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        alone.close()
    finally:
        gc.enable()


def test_a_second_register_is_not_written_over_the_first(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(EnvironmentProblem, match="Đã có một sổ") as refused:
        create_database(path)
    assert refused.value.code == "database.exists"
    assert path.read_bytes() == before


def test_an_absent_or_empty_file_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.db").code == "database.absent"
    (tmp_path / "empty.db").touch()
    error = refusal(tmp_path / "empty.db")
    assert error.code == "database.absent"
    assert error.message.startswith("Chưa có sổ nào")


def test_a_newer_file_is_refused_and_not_touched(path: Path) -> None:
    faults.execute(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    error = refusal(path)
    assert error.code == "database.newer"
    assert "bản chương trình mới hơn" in error.message
    assert path.read_bytes() == before


def test_a_file_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    faults.make_foreign(path)
    before = path.read_bytes()
    error = refusal(path)
    assert error.code == "database.foreign"
    assert "không phải sổ của chương trình" in error.message
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["places.sqlite"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: faults.truncate(path, 0.5),
        lambda path: faults.truncate(path, 0.999),
        lambda path: faults.overwrite(path, 0, b"\x00" * 100),
        lambda path: faults.overwrite(path, 100, b"\xff" * 3_000),
        lambda path: path.write_bytes(b"PK\x03\x04 a workbook" * 400),
    ],
    ids=["half", "tail", "header", "schema", "workbook"],
)
def test_a_damaged_file_is_told(path: Path, harm: Callable[[Path], object]) -> None:
    harm(path)
    error = refusal(path)
    assert error.code == "database.damaged"
    assert "Hãy khôi phục từ bản sao lưu" in error.message


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "sohoctap.db").mkdir()
    (tmp_path / "sohoctap.db" / "x").write_text("x", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="lại là một thư mục"):
        open_database(tmp_path / "sohoctap.db")


def test_another_program_that_holds_the_write_lane_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 80)
    opened = open_database(path)
    with faults.other_writer(path):
        with pytest.raises(EnvironmentProblem, match="đang được một chương trình khác giữ") as refused:
            put(opened, "b", "x")
        assert refused.value.code == "database.locked"
        assert keys(opened) == ["a"]
    put(opened, "c", "x")
    assert keys(opened) == ["a", "c"]
    opened.close()


def test_a_read_only_file_is_told(path: Path, tmp_path: Path) -> None:
    with faults.write_protected(path, tmp_path):
        error = refusal(path)
    assert error.code == "database.readonly"
    assert "chỉ đọc" in error.message


def test_a_read_only_folder_is_told(path: Path, tmp_path: Path) -> None:
    with faults.write_protected(tmp_path, tmp_path):
        error = refusal(path)
    assert error.code in ("database.readonly", "database.unreachable")
    assert "quyền ghi" in error.message or "chỉ đọc" in error.message


def test_a_full_disk_is_told_and_earlier_work_stays(tmp_path: Path) -> None:
    with faults.small_disk(tmp_path / "disk", "1600k") as disk:
        made = create_database(disk / NAME)
        put(made, "a", "x")
        with pytest.raises(EnvironmentProblem) as refused:
            for number in range(1_000):
                put(made, f"b{number}", "x" * 50_000)
        assert refused.value.code == "database.full"
        assert "Ổ đĩa đã đầy" in refused.value.message
        kept = keys(made)
        made.close()
        again = open_database(disk / NAME)
        assert keys(again) == kept
        again.close()
    assert "a" in kept


def test_the_driver_saying_full_is_told_on_every_system(path: Path) -> None:
    opened = open_database(path)
    with pytest.raises(EnvironmentProblem) as refused, opened.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.execute(insert(local_setting).values(key="b", value="x" * 500_000))
    assert refused.value.code == "database.full"
    assert keys(opened) == ["a"]
    opened.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentProblem) as refused:
        create_database(tmp_path / "file" / "data" / NAME)
    assert refused.value.code == "database.unreachable"


def test_an_unknown_fault_owns_up(path: Path) -> None:
    opened = open_database(path)
    with pytest.raises(BugError, match="chưa được lưu"), opened.write() as connection:
        connection.exec_driver_sql("INSERT INTO no_such_table VALUES (1)")
    opened.close()


def test_a_copy_of_a_live_file_holds_what_stands_in_the_wal(path: Path, tmp_path: Path) -> None:
    opened = open_database(path)
    put(opened, "b", "x")
    copy_database(path, tmp_path / "copy.db")
    opened.close()
    copy = Database(tmp_path / "copy.db")
    assert keys(copy) == ["a", "b"]
    copy.close()


def test_a_copy_does_not_wait_for_an_open_transaction(path: Path, tmp_path: Path) -> None:
    with faults.other_writer(path):
        copy_database(path, tmp_path / "copy.db")
    assert stored_version(tmp_path / "copy.db") == HEAD


def test_reading_leaves_a_still_file_as_it_is(path: Path, tmp_path: Path) -> None:
    copy_database(path, tmp_path / "still.db")
    before, names = (tmp_path / "still.db").read_bytes(), sorted(tmp_path.iterdir())
    with reading(tmp_path / "still.db", is_still=True) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM local_setting").scalar() == 1
    assert (tmp_path / "still.db").read_bytes() == before
    assert sorted(tmp_path.iterdir()) == names


LEFT = "x" * 500


def test_a_file_that_a_kill_left_in_the_middle_of_a_rollback_journal_opens(path: Path, tmp_path: Path) -> None:
    raw = dbapi2.connect(str(path), isolation_level=None)
    raw.execute("PRAGMA journal_mode = DELETE")
    raw.execute("PRAGMA cache_size = 1")
    raw.execute("BEGIN")
    for number in range(3000):
        raw.execute("INSERT INTO local_setting VALUES (?, ?)", (f"k{number}", LEFT))
    for suffix in ("", "-journal"):
        shutil.copyfile(f"{path}{suffix}", tmp_path / f"left.db{suffix}")
    raw.close()
    opened = open_database(tmp_path / "left.db")
    with opened.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM local_setting WHERE value = ?", (LEFT,)).scalar() == 0
    opened.close()


def test_an_encrypted_file_opens_with_its_key_only(tmp_path: Path) -> None:
    key = bytes(range(32))
    made = create_database(tmp_path / NAME, key)
    put(made, "a", "x")
    made.close()
    opened = open_database(tmp_path / NAME, key)
    assert keys(opened) == ["a"]
    opened.close()
    assert b"local_setting" not in (tmp_path / NAME).read_bytes()
    assert refusal(tmp_path / NAME).code == "database.damaged"


def test_opening_a_current_file_imports_no_alembic(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from desktop_app.models.database import open_database; "
        "open_database(Path(sys.argv[1])).close(); sys.exit('alembic' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False).returncode == 0
