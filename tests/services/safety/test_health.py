"""The doctor sees each kind of trouble, and only that one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.services.progress import Progress
from desktop_app.services.safety import health
from desktop_app.services.safety.health import Health, doctor
from tests.factories import add_household, make_register
from tests.services.safety import faults


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    context = make_register(tmp_path)
    for number in range(5):
        add_household(context, f"01-{number:04d}", members=("Nguyễn Văn Ước", "Trần Thị Ánh", "H'Hen Niê"))
    context.close()
    return tmp_path


def failed(found: Health) -> list[str]:
    return [check.name for check in found.checks if not check.ok]


def test_a_sound_register_passes_every_check(folder: Path) -> None:
    found = doctor(folder)
    assert failed(found) == []
    assert found.ok
    assert {"integrity", "foreign_keys", "journal", "search_index", "free_space", "device", "versions"} <= {
        check.name for check in found.checks
    }
    assert all(check.title and check.detail.endswith(".") for check in found.checks)


def test_an_open_register_can_be_looked_at_and_is_not_touched(folder: Path) -> None:
    from desktop_app.services.register import open_register

    context = open_register(folder)
    add_household(context, "02-0001", hamlet="Thôn 2")
    before = (folder / "sohoctap.db").read_bytes()
    assert doctor(folder).ok
    assert (folder / "sohoctap.db").read_bytes() == before
    context.close()


@pytest.mark.parametrize(
    ("statements", "names"),
    [
        (("UPDATE operation SET at = at + 1 WHERE id = 3",), ["journal"]),
        (("UPDATE change SET row_uid = randomblob(16) WHERE id = 5",), ["journal"]),
        (("UPDATE change_pack SET piece = zeroblob(60)",), ["journal"]),
        (("UPDATE citizen SET household_id = 999 WHERE id = 2",), ["foreign_keys"]),
        (("DELETE FROM citizen_search WHERE rowid = (SELECT search_rowid FROM citizen WHERE id = 2)",),
         ["search_index"]),
        (("UPDATE citizen SET search_rowid = NULL WHERE id = 2",), ["search_index"]),
        (("UPDATE citizen SET name_fold = 'ten khac' WHERE id = 2",), ["search_index"]),
        (("UPDATE alembic_version SET version_num = '9999'",), ["versions"]),
    ],
)  # fmt: skip
def test_each_trouble_fails_its_own_check(folder: Path, statements: tuple[str, ...], names: list[str]) -> None:
    faults.execute(folder / "sohoctap.db", *statements)
    assert failed(doctor(folder)) == names


def test_damaged_bytes_are_found_and_every_check_still_answers(folder: Path) -> None:
    path = folder / "sohoctap.db"
    faults.overwrite(path, path.stat().st_size // 2, b"\xff" * 20_000)
    found = doctor(folder)
    assert "integrity" in failed(found)
    assert len(found.checks) == len(doctor(folder).checks)


@pytest.mark.parametrize(
    "harm",
    [Path.touch, lambda path: path.write_bytes(b"abc" * 2000), faults.make_foreign],
    ids=["empty", "text", "foreign"],
)
def test_a_register_that_does_not_open_fails_in_words(folder: Path, harm: Callable[[Path], object]) -> None:
    path = folder / "sohoctap.db"
    path.unlink()
    harm(path)
    found = doctor(folder)
    assert not found.ok
    assert {"journal", "search_index", "versions"} <= set(failed(found))


def test_a_lost_evidence_file_and_a_lost_device_file_are_found(folder: Path) -> None:
    faults.execute(
        folder / "sohoctap.db",
        "INSERT INTO assessment (uid, assessment_round_id, model) VALUES (randomblob(16), 1, 'citizen')",
        "INSERT INTO evidence (uid, assessment_id, sha256) VALUES (randomblob(16), 1, 'ab12')",
    )
    (folder / "device.json").unlink()
    assert failed(doctor(folder)) == ["evidence", "device"]
    (folder / "evidence" / "ab").mkdir(parents=True)
    (folder / "evidence" / "ab" / "ab12").write_bytes(b"x")
    (folder / "device.json").write_text("{", encoding="utf-8")
    assert failed(doctor(folder)) == ["device"]


def test_little_space_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "free_bytes", lambda path: 120_000_000)
    found = doctor(folder)
    assert failed(found) == ["free_space"]
    assert "120,0 MB" in next(check.detail for check in found.checks if check.name == "free_space")


def test_the_progress_counts_the_checks(folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    found = doctor(folder, Progress(lambda done, total, text: seen.append((done, total))))
    assert seen[0] == (0, len(found.checks))
    assert seen[-1] == (len(found.checks), len(found.checks))
