"""Restoring: what would be lost is shown, the present register is kept aside, and it is whole or not at all."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.models.tables import registry
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.errors import AppError, EnvironmentProblem, UserError
from desktop_app.services.register import RegisterPlan, create_register, open_register
from desktop_app.services.safety import restore as restoring
from desktop_app.services.safety.backup import BackupKind, back_up_to, list_backups, make_backup
from desktop_app.services.safety.inspection import inspect_backup
from desktop_app.services.safety.opening import close_safely, open_safely
from desktop_app.services.safety.restore import restore_backup, restore_preview
from tests.factories import add_household, make_register
from tests.services.safety import faults

NOW = dt.datetime(2026, 11, 12, 11, 40, 5)
LATER = NOW + dt.timedelta(hours=1)


def names(context: Context) -> set[str]:
    with context.read() as connection:
        return set(connection.exec_driver_sql("SELECT full_name FROM citizen WHERE present").scalars())


def own_operations(context: Context) -> set[tuple[int, int, str]]:
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT generation, sequence, hex(uid) FROM operation WHERE generation > 0")
        return {tuple(row) for row in rows}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed register with one person in its backup and one that came after it."""
    context = make_register(tmp_path / "data")
    add_household(context, "01-0001", members=("Nguyễn Văn Ước",))
    make_backup(context, NOW)
    add_household(context, "02-0001", hamlet="Thôn 2", members=("Trần Thị Ánh",))
    context.close()
    return tmp_path / "data"


def the_backup(folder: Path) -> Path:
    return next(item.path for item in list_backups(folder) if item.kind is BackupKind.REGULAR)


def test_the_preview_says_what_it_holds_and_what_would_be_lost(folder: Path) -> None:
    preview = restore_preview(folder, the_backup(folder))
    assert preview.lost_operations == 1
    assert preview.sentence.startswith("Xã Phú An: 1 hộ, 1 người, sửa lần cuối ")
    assert preview.sentence.endswith("sẽ mất 1 thay đổi của sổ hiện tại (sổ hiện tại được giữ riêng).")


def test_a_preview_counts_what_is_lost_while_the_register_is_open(folder: Path) -> None:
    context = open_register(folder)
    add_household(context, "02-0002", hamlet="Thôn 2", members=("Lê Thị Hạnh",))
    assert restore_preview(folder, the_backup(folder)).lost_operations == 2
    context.close()


def test_a_backup_of_this_very_moment_loses_nothing(folder: Path) -> None:
    context = open_register(folder)
    path = make_backup(context, LATER).path
    context.close()
    preview = restore_preview(folder, path)
    assert preview.lost_operations == 0
    assert "Không mất thay đổi nào" in preview.sentence


def test_the_register_comes_back_and_the_present_one_is_kept_aside(folder: Path) -> None:
    info = restore_backup(folder, the_backup(folder), LATER)
    assert (info.households, info.citizens, info.verified) == (1, 1, True)
    context = open_register(folder)
    assert names(context) == {"Nguyễn Văn Ước"}
    context.close()
    aside = next(item for item in list_backups(folder) if item.kind is BackupKind.BEFORE_RESTORE)
    assert aside.path.name == "truoc-khoi-phuc-20261112-124005.db"
    assert inspect_backup(aside.path).citizens == 2


def test_a_restore_can_be_taken_back_by_restoring_what_was_kept_aside(folder: Path) -> None:
    restore_backup(folder, the_backup(folder), LATER)
    aside = next(item for item in list_backups(folder) if item.kind is BackupKind.BEFORE_RESTORE)
    restore_backup(folder, aside.path, LATER + dt.timedelta(hours=1))
    context = open_register(folder)
    assert names(context) == {"Nguyễn Văn Ước", "Trần Thị Ánh"}
    context.close()


def test_a_restore_stands_in_the_journal_and_begins_a_generation(folder: Path) -> None:
    restore_backup(folder, the_backup(folder), LATER)
    context = open_register(folder)
    with context.read() as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM operation ORDER BY id DESC LIMIT 1").scalars().all()
    add_household(context, "02-0009", hamlet="Thôn 2")
    generations = {generation for generation, _, _ in own_operations(context)}
    context.close()
    assert kinds == ["backup.restore"]
    assert generations == {1, 2}


def test_no_operation_is_ever_numbered_twice_however_often_one_restores(folder: Path) -> None:
    given: dict[tuple[int, int], str] = {}
    path = the_backup(folder)
    for number in range(4):
        context = open_safely(folder)
        add_household(context, f"02-1{number:03d}", hamlet="Thôn 2")
        for generation, sequence, uid in own_operations(context):
            assert given.setdefault((generation, sequence), uid) == uid
        close_safely(context)
        restore_backup(folder, path, LATER + dt.timedelta(hours=number))


def test_an_older_file_put_back_by_hand_begins_a_generation_too(folder: Path) -> None:
    context = open_safely(folder)
    add_household(context, "02-2000", hamlet="Thôn 2")
    lost = own_operations(context)
    close_safely(context)
    shutil.copyfile(the_backup(folder), folder / "sohoctap.db")
    context = open_safely(folder)
    add_household(context, "02-2001", hamlet="Thôn 2")
    made = own_operations(context) - lost
    close_safely(context)
    assert {(generation, sequence) for generation, sequence, _ in made} == {(2, 1)}


def test_opening_again_and_again_begins_no_generation(folder: Path) -> None:
    for number in range(3):
        context = open_safely(folder)
        add_household(context, f"02-3{number:03d}", hamlet="Thôn 2")
        assert {generation for generation, _, _ in own_operations(context)} == {1}
        close_safely(context)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: faults.truncate(path, 0.4),
        lambda path: faults.overwrite(path, 0, b"\x00" * 4096),
        lambda path: path.write_bytes(b"PK\x03\x04 something else" * 300),
        lambda path: faults.execute(path, "UPDATE alembic_version SET version_num = '9999'"),
        lambda path: faults.execute(path, "DROP TABLE alembic_version"),
    ],
    ids=["absent", "empty", "truncated", "zeroed", "other", "newer", "foreign"],
)
def test_a_restore_works_when_the_register_does_not_open(folder: Path, harm: Callable[[Path], object]) -> None:
    path = folder / "sohoctap.db"
    backup = the_backup(folder)
    harm(path)
    left = path.read_bytes() if path.exists() and path.stat().st_size else None
    with pytest.raises(EnvironmentProblem):
        open_register(folder)
    assert restore_preview(folder, backup).sentence
    restore_backup(folder, backup, LATER)
    context = open_register(folder)
    assert names(context) == {"Nguyễn Văn Ước"}
    context.close()
    aside = [item.path for item in list_backups(folder) if item.kind is BackupKind.BEFORE_RESTORE]
    assert bool(aside) == (left is not None)
    if aside:
        assert aside[0].stat().st_size > 0


def test_changes_in_the_wal_of_a_killed_program_are_kept_aside_and_not_replayed(folder: Path) -> None:
    path = folder / "sohoctap.db"
    context = open_register(folder)
    add_household(context, "02-4000", hamlet="Thôn 2", members=("Phạm Đức Thắng",))
    killed = {name: (folder / name).read_bytes() for name in ("sohoctap.db", "sohoctap.db-wal")}
    context.close()
    for name, content in killed.items():
        (folder / name).write_bytes(content)
    restore_backup(folder, the_backup(folder), LATER)
    aside = next(item for item in list_backups(folder) if item.kind is BackupKind.BEFORE_RESTORE)
    assert inspect_backup(aside.path).citizens == 3
    context = open_register(folder)
    assert names(context) == {"Nguyễn Văn Ước"}
    context.close()
    assert not path.with_name("sohoctap.db-wal").exists()


def test_a_register_that_is_open_elsewhere_is_not_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.models.database.BUSY_TIMEOUT", 100)
    context = open_register(folder)
    add_household(context, "02-5000", hamlet="Thôn 2", members=("Võ Thị Hạnh",))
    with pytest.raises(EnvironmentProblem, match="đang mở ở một chương trình khác") as refused:
        restore_backup(folder, the_backup(folder), LATER)
    assert refused.value.code == "restore.in_use"
    assert names(context) == {"Nguyễn Văn Ước", "Trần Thị Ánh", "Võ Thị Hạnh"}
    context.close()


@pytest.mark.parametrize("step", ["copy_database", "_make_ready", "_keep_aside", "_bring_evidence"])
def test_a_restore_that_fails_half_way_leaves_the_register_as_it_was(
    folder: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(restoring, step, fail)
    with pytest.raises(EnvironmentProblem, match="Sổ vẫn như cũ"):
        restore_backup(folder, the_backup(folder), LATER)
    context = open_register(folder)
    assert names(context) == {"Nguyễn Văn Ước", "Trần Thị Ánh"}
    context.close()
    assert not [path for path in folder.iterdir() if ".restoring" in path.name]


def test_a_damaged_or_foreign_backup_is_refused_and_nothing_changes(folder: Path) -> None:
    bad = folder / "backups" / "bad.db"
    shutil.copyfile(the_backup(folder), bad)
    faults.truncate(bad, 0.5)
    before = (folder / "sohoctap.db").read_bytes()
    for call in (restore_preview, restore_backup):
        with pytest.raises(AppError) as refused:
            call(folder, bad)
        assert refused.value.code == "backup.damaged"
    with pytest.raises(UserError):
        restore_backup(folder, folder / "none.db")
    assert (folder / "sohoctap.db").read_bytes() == before
    assert len(list_backups(folder)) == 2


def test_another_communes_backup_is_told(folder: Path, tmp_path: Path) -> None:
    other = create_register(tmp_path / "other", RegisterPlan("00004", 2026))
    back_up_to(other, tmp_path / "other.db")
    other.close()
    assert restore_preview(folder, tmp_path / "other.db").is_other_commune
    assert not restore_preview(folder, the_backup(folder)).is_other_commune


def test_a_new_machine_takes_over_from_a_stick_with_its_evidence(folder: Path, tmp_path: Path) -> None:
    import hashlib

    content = b"chung nhan" * 10
    digest = hashlib.sha256(content).hexdigest()
    target = folder / "evidence" / digest[:2] / digest
    target.parent.mkdir(parents=True)
    target.write_bytes(content)
    context = open_register(folder)
    back_up_to(context, tmp_path / "usb" / "so.db")
    old_device = context.device
    context.close()
    (tmp_path / "usb" / "so-minh-chung" / ("0" * 64)).write_bytes(b"not what its name says")

    new = tmp_path / "new machine"
    assert restore_preview(new, tmp_path / "usb" / "so.db").sentence.endswith("Hiện chưa có sổ nào, nên không mất gì.")
    restore_backup(new, tmp_path / "usb" / "so.db")
    context = open_register(new)
    assert names(context) == {"Nguyễn Văn Ước", "Trần Thị Ánh"}
    assert context.device != old_device
    assert (new / "evidence" / digest[:2] / digest).read_bytes() == content
    assert len(list((new / "evidence").rglob("*"))) == 2
    context.close()


def test_a_write_protected_stick_can_be_restored_from(folder: Path, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    shutil.copyfile(the_backup(folder), stick / "so.db")
    with faults.write_protected(stick, tmp_path):
        restore_backup(folder, stick / "so.db", LATER)
    assert sorted(path.name for path in stick.iterdir()) == ["so.db"]
    context = open_register(folder)
    assert names(context) == {"Nguyễn Văn Ước"}
    context.close()


def test_a_full_disk_leaves_the_register_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with faults.small_disk(tmp_path / "disk", "1800k") as disk:
        folder = disk / "data"
        context = make_register(folder)
        add_household(context, members=("Nguyễn Văn Ước",))
        back_up_to(context, tmp_path / "so.db")
        add_household(context, "02-0001", hamlet="Thôn 2", members=("Trần Thị Ánh",))
        context.close()
        filler = disk / "filler"
        filler.write_bytes(b"x" * (shutil.disk_usage(disk).free - 400_000))
        with pytest.raises(EnvironmentProblem) as refused:
            restore_backup(folder, tmp_path / "so.db", LATER)
        assert refused.value.code == "backup.full"
        monkeypatch.setattr("desktop_app.services.safety.backup.free_bytes", lambda path: 10**12)
        with pytest.raises(EnvironmentProblem) as refused:
            restore_backup(folder, tmp_path / "so.db", LATER)
        assert refused.value.code in ("database.full", "restore.unwritable")
        filler.unlink()
        context = open_register(folder)
        assert names(context) == {"Nguyễn Văn Ước", "Trần Thị Ánh"}
        context.close()


def test_a_restored_register_keeps_its_chain_and_search_index(folder: Path) -> None:
    from desktop_app.services.safety.health import doctor

    restore_backup(folder, the_backup(folder), LATER)
    assert doctor(folder).ok
    context = open_register(folder)
    with context.operation("citizen.edit") as op:
        op.writer.update(registry.citizen, 1, {"full_name": "Nguyễn Văn Ước Mơ"})
    context.close()
    assert doctor(folder).ok


def test_the_register_itself_is_no_backup(tmp_path: Path) -> None:
    context = make_register(tmp_path / "data")
    context.close()
    before = (tmp_path / "data" / REGISTER_FILE).read_bytes()
    with pytest.raises(UserError, match="chính là sổ đang dùng"):
        restore_backup(tmp_path / "data", tmp_path / "data" / REGISTER_FILE)
    assert (tmp_path / "data" / REGISTER_FILE).read_bytes() == before
