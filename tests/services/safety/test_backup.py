"""Backups: verified, named by time, thinned, written to a stick with evidence, and refused with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desktop_app.models import database
from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.safety.backup import (
    BackupKind,
    back_up_to,
    back_up_to_stick,
    backup_before_upgrade,
    evidence_folder_of,
    has_unsaved_changes,
    is_due,
    list_backups,
    make_backup,
)
from desktop_app.services.safety.inspection import inspect_backup
from desktop_app.services.safety.sticks import Drive
from tests.factories import add_household, make_register
from tests.services.safety import faults

NOW = dt.datetime(2026, 11, 12, 11, 40, 5)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path / "data")
    add_household(made, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    yield made
    with suppress(EnvironmentProblem):
        made.close()


def keep_file(context: Context, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    path = context.folder / "evidence" / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return digest


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.suffix in (".new", ".part") or "-wal" in path.name)


def test_a_backup_holds_the_register_and_says_so(context: Context) -> None:
    made = make_backup(context, NOW)
    assert made.path.name == "sohoctap-20261112-114005.db"
    info = inspect_backup(made.path)
    assert (info.commune, info.households, info.citizens, info.verified) == ("Xã Phú An", 1, 2, True)
    assert info.last_change is not None
    assert dt.datetime.fromisoformat(info.last_change).tzinfo is not None
    assert leftovers(context.folder / "backups") == []


def test_a_backup_is_taken_while_an_answer_stands_unsealed_and_the_wal_is_full(context: Context) -> None:
    add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Thị Hạnh",))
    assert (context.folder / "sohoctap.db-wal").stat().st_size > 0
    assert inspect_backup(make_backup(context, NOW).path).citizens == 3


def test_inspecting_changes_no_byte_and_leaves_nothing_beside(context: Context, tmp_path: Path) -> None:
    path = make_backup(context, NOW).path
    before, names = path.read_bytes(), sorted(p.name for p in path.parent.iterdir())
    inspect_backup(path)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == names


def test_nothing_new_needs_no_backup_and_a_change_does(context: Context) -> None:
    assert has_unsaved_changes(context)
    make_backup(context, NOW)
    assert not has_unsaved_changes(context)
    add_household(context, "02-0002", hamlet="Thôn 2")
    assert has_unsaved_changes(context)


def test_a_daily_backup_is_due_the_next_day_and_not_twice_a_day(context: Context) -> None:
    assert is_due(context, NOW)
    make_backup(context, NOW)
    add_household(context, "02-0003", hamlet="Thôn 2")
    assert not is_due(context, NOW + dt.timedelta(hours=12))
    assert is_due(context, NOW + dt.timedelta(hours=13))


def test_old_backups_are_thinned_and_other_files_left_alone(context: Context) -> None:
    backups = context.folder / "backups"
    backups.mkdir()
    names = [
        "sohoctap-20261111-080000.db", "sohoctap-20261111-170000.db", "sohoctap-20200101-080000.db",
        "truoc-khoi-phuc-20261001-080000.db", "truoc-khoi-phuc-20260101-080000.db", "cua-toi.db", "ghi-chu.txt",
    ]  # fmt: skip
    for name in names:
        (backups / name).write_bytes(b"x")
    make_backup(context, NOW)
    assert sorted(path.name for path in backups.iterdir()) == [
        "cua-toi.db", "ghi-chu.txt", "sohoctap-20261111-170000.db", "sohoctap-20261112-114005.db",
        "truoc-khoi-phuc-20261001-080000.db",
    ]  # fmt: skip


def test_what_a_killed_program_left_half_written_goes_after_a_day(context: Context) -> None:
    backups = context.folder / "backups"
    backups.mkdir()
    old = [backups / name for name in ("sohoctap-1.db.new", "sohoctap-1.db.new.part", "sohoctap-1.db.new-wal")]
    fresh = backups / "sohoctap-2.db.new"
    for path in (*old, fresh, backups / "sổ.db.txt"):
        path.write_bytes(b"x")
    for path in (*old, backups / "sổ.db.txt"):
        os.utime(path, (1_000_000, 1_000_000))
    make_backup(context, dt.datetime.now())
    assert not any(path.exists() for path in old)
    assert fresh.exists()
    assert (backups / "sổ.db.txt").exists()


def test_two_backups_in_one_second_are_two_files(context: Context) -> None:
    first, second = make_backup(context, NOW), make_backup(context, NOW)
    assert first.path != second.path
    assert [item.kind for item in list_backups(context.folder)] == [BackupKind.REGULAR] * 2


def test_the_newest_backup_stands_first_and_odd_names_are_listed_by_their_date(context: Context) -> None:
    make_backup(context, NOW)
    (context.folder / "backups" / "sohoctap-20269999-999999.db").write_bytes(b"x")
    kinds = {item.path.name: item.kind for item in list_backups(context.folder)}
    assert kinds == {
        "sohoctap-20261112-114005.db": BackupKind.REGULAR,
        "sohoctap-20269999-999999.db": BackupKind.OTHER,
    }


def test_a_backup_to_a_file_takes_the_evidence_along(context: Context, tmp_path: Path) -> None:
    digest = keep_file(context, b"anh chup" * 12)
    out = tmp_path / "ngoài" / "bản sao.db"
    info = back_up_to(context, out)
    assert (info.path, info.citizens) == (out, 2)
    assert (evidence_folder_of(out) / digest).read_bytes() == b"anh chup" * 12
    back_up_to(context, out)
    assert leftovers(out.parent) == []


def test_a_stick_gets_a_name_with_commune_and_time(context: Context, tmp_path: Path) -> None:
    info = back_up_to_stick(context, Drive(tmp_path / "usb", "KINGSTON", 0), NOW)
    assert info.path == tmp_path / "usb" / "SoHocTap" / "xa-phu-an-20261112-114005.db"


def test_a_backup_is_written_down_in_the_journal_of_this_file_only(context: Context) -> None:
    make_backup(context, NOW)
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT generation FROM operation WHERE kind = 'backup.create'").all()
    assert [tuple(row) for row in rows] == [(0,)]


def test_a_damaged_register_is_told_and_old_backups_stay(context: Context) -> None:
    for number in range(30):
        add_household(context, f"02-{number:04d}", members=("Nguyễn Văn Ước",) * 5)
    faults.execute(context.database.path, "PRAGMA wal_checkpoint(TRUNCATE)")
    size = context.database.path.stat().st_size
    faults.overwrite(context.database.path, size // 2, b"\xff" * 40_000)
    old = context.folder / "backups" / "sohoctap-20261101-080000.db"
    old.parent.mkdir()
    old.write_bytes(b"x")
    with pytest.raises(EnvironmentProblem, match="Sổ có chỗ bị hỏng") as refused:
        make_backup(context, NOW)
    assert refused.value.code == "backup.source_damaged"
    assert [item.path for item in list_backups(context.folder)] == [old]
    assert leftovers(context.folder / "backups") == []


def test_a_disk_that_writes_wrong_bytes_is_told_from_a_damaged_register(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad_copy(source: Path, target: Path, **_: object) -> None:
        database.copy_database(source, target)
        faults.truncate(target, 0.5)

    monkeypatch.setattr("desktop_app.services.safety.backup.copy_database", bad_copy)
    with pytest.raises(EnvironmentProblem, match="ổ đĩa hoặc USB này có thể đã hỏng") as refused:
        make_backup(context, NOW)
    assert refused.value.code == "backup.medium"


def test_a_full_disk_is_told_before_and_while_writing(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "usb" / "sao.db"
    with faults.small_disk(tmp_path / "usb", "256k"):
        with pytest.raises(EnvironmentProblem, match="không đủ chỗ") as refused:
            back_up_to(context, out)
        assert refused.value.code == "backup.full"
        monkeypatch.setattr("desktop_app.services.safety.backup.free_bytes", lambda path: 10**12)
        with pytest.raises(EnvironmentProblem, match="đầy") as refused:
            back_up_to(context, out)
        assert refused.value.code == "database.full"
        assert list((tmp_path / "usb").iterdir()) == []
    assert has_unsaved_changes(context)


def test_a_folder_without_rights_is_told(context: Context, tmp_path: Path) -> None:
    out = tmp_path / "usb"
    out.mkdir()
    with faults.write_protected(out, tmp_path), pytest.raises(EnvironmentProblem, match="Không") as refused:
        back_up_to(context, out / "sao.db")
    assert refused.value.code in ("backup.unwritable", "database.unreachable")


def test_an_upgrade_keeps_the_file_as_it_was(context: Context) -> None:
    backup_before_upgrade(context.database.path, "0001")
    (kept,) = list_backups(context.folder)
    assert kept.kind is BackupKind.BEFORE_UPGRADE
    assert inspect_backup(kept.path).citizens == 2


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: None, "backup.absent"),
        (lambda path: path.write_bytes(b""), "backup.absent"),
        (lambda path: path.write_bytes(b"PK\x03\x04 a workbook" * 500), "backup.damaged"),
        (faults.make_foreign, "backup.foreign"),
    ],
)
def test_a_file_that_is_no_backup_is_refused_with_a_sentence(
    tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    path = tmp_path / "tệp.db"
    make(path)
    with pytest.raises((UserError, EnvironmentProblem), match="Chưa có gì thay đổi") as refused:
        inspect_backup(path)
    assert refused.value.code == code


def test_a_backup_of_a_newer_program_is_refused(context: Context) -> None:
    path = make_backup(context, NOW).path
    faults.execute(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(EnvironmentProblem, match="mới hơn") as refused:
        inspect_backup(path)
    assert refused.value.code == "backup.newer"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_backup_is_refused(context: Context, share: float) -> None:
    path = make_backup(context, NOW).path
    faults.truncate(path, share)
    with pytest.raises(EnvironmentProblem) as refused:
        inspect_backup(path)
    assert refused.value.code == "backup.damaged"


def test_a_file_that_says_our_version_and_lacks_our_tables_is_refused(context: Context) -> None:
    path = make_backup(context, NOW).path
    faults.execute(path, "PRAGMA foreign_keys = OFF", "DROP TABLE household")
    with pytest.raises(EnvironmentProblem) as refused:
        inspect_backup(path)
    assert refused.value.code == "backup.damaged"


def test_a_backup_whose_rows_were_changed_by_hand_is_refused(context: Context) -> None:
    path = make_backup(context, NOW).path
    faults.execute(path, "UPDATE change SET row_uid = randomblob(16) WHERE id = (SELECT max(id) FROM change)")
    with pytest.raises(EnvironmentProblem) as refused:
        inspect_backup(path)
    assert refused.value.code == "backup.damaged"
