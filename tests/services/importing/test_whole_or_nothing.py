"""An import is whole or not there at all: stopped anywhere, the disk full, undone after a restart, in any order."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.journal import broken_links
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.answers import answer
from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.importing.apply import apply_plan, import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.preview import ParsedWorkbook
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.register import open_register
from desktop_app.services.registry.export import exported_citizens, write_workbook
from tests.factories import add_household, make_register
from tests.services.importing.test_apply import LISTS, expected_people, people
from tests.services.safety import faults

YEAR = 2026


def stands(context: Context) -> list[Any]:
    """Every row of the register, of its journal and of the search index."""
    tables = ("hamlet", "household", "citizen", "operation", "change", "change_value", "log_entry")
    with context.read() as connection:
        found: list[Any] = [connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall() for table in tables]
        found.append(connection.exec_driver_sql("SELECT rowid FROM citizen_search ORDER BY 1").fetchall())
        assert broken_links(connection) == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        return found


def export(context: Context, folder: Path) -> bytes:
    """The register as the exported workbook's cells hold it, byte for byte."""
    path = folder / "export.xlsx"
    write_workbook(exported_citizens(context), path)
    with zipfile.ZipFile(path) as book:
        parts = [name for name in sorted(book.namelist()) if not name.startswith("docProps/")]
        return b"\0".join(book.read(name) for name in parts)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    opened = make_register(tmp_path / "register", hamlets=())
    yield opened
    opened.close()


class StopAt(Progress):
    """Asks to stop while the step of this number is being told."""

    def __init__(self, number: int) -> None:
        super().__init__(self._told)
        self.number = number
        self.steps: list[str] = []

    def _told(self, done: int, total: int, text: str) -> None:
        assert 0 <= done <= total
        self.steps.append(text)
        if len(self.steps) == self.number:
            self.cancel()


def run(context: Context, path: Path, progress: Progress) -> Uid | None:
    return import_citizens(context, parse_workbook(path, progress=progress), progress=progress).operation


def test_an_import_stopped_at_any_step_leaves_nothing_behind(register: Context, samples: Path) -> None:
    run(register, samples / LISTS[5], Progress())
    before = stands(register)
    counted = StopAt(0)
    undone = run(register, samples / LISTS[0], counted)
    assert undone is not None
    assert len(set(counted.steps)) >= 4
    register.journal.undo(undone)
    before = stands(register)
    for number in range(1, len(counted.steps)):
        progress = StopAt(number)
        with pytest.raises(Cancelled):
            run(register, samples / LISTS[0], progress)
        assert len(progress.steps) == number
        assert stands(register) == before
    assert run(register, samples / LISTS[0], Progress()) is not None


@pytest.mark.parametrize("change", ["another", "gone", "one byte"])
def test_a_file_that_is_not_the_previewed_one_is_noticed_whatever_its_time(
    register: Context, samples: Path, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "list.xlsx"
    shutil.copy(samples / LISTS[0], path)
    with register.read() as connection:
        plan = plan_import(connection, parse_workbook(path))
    stat = path.stat()
    before = stands(register)
    if change == "gone":
        path.unlink()
    elif change == "another":
        shutil.copy(samples / LISTS[1], path)
    else:
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(UserError) as refused:
        apply_plan(register, plan)
    assert refused.value.code == "import.file_changed"
    assert "chưa nhập gì" in refused.value.message
    assert stands(register) == before


def test_a_file_that_was_only_saved_again_with_the_same_bytes_comes_in(
    register: Context, samples: Path, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    shutil.copy(samples / LISTS[5], path)
    with register.read() as connection:
        plan = plan_import(connection, parse_workbook(path))
    os.utime(path, (1, 1))
    assert apply_plan(register, plan).operation is not None


def fill(disk: Path, leave: int) -> Path:
    """A file that leaves so many KiB of the disk free."""
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - (leave << 10)))
    return ballast


@pytest.mark.parametrize("leave", [8, 200, 900, 1800])
def test_a_disk_that_fills_during_an_import_keeps_all_that_was_there(tmp_path: Path, samples: Path, leave: int) -> None:
    with faults.small_disk(tmp_path / "disk", "24m") as disk:
        register = make_register(disk / "register", hamlets=())
        run(register, samples / LISTS[5], Progress())
        before = stands(register)
        parsed = parse_workbook(samples / LISTS[0])
        ballast = fill(disk, leave)
        with pytest.raises(EnvironmentProblem) as refused:
            import_citizens(register, parsed)
        assert refused.value.code == "database.full"
        assert refused.value.message.startswith("Ổ đĩa đã đầy nên thao tác này chưa được lưu.")
        assert stands(register) == before
        register.close()
        register = open_register(disk / "register")
        assert stands(register) == before
        ballast.unlink()
        assert import_citizens(register, parsed).operation is not None
        assert people(register) == expected_people(samples)
        register.close()


def test_a_disk_that_fills_during_a_form_keeps_every_confirmed_answer(tmp_path: Path) -> None:
    with faults.small_disk(tmp_path / "disk", "12m") as disk:
        register = make_register(disk / "register")
        _, members = add_household(register, members=tuple(f"Lê Văn {number}" for number in range(40)))
        ballast = fill(disk, 500)
        confirmed: dict[tuple[Uid, str], float] = {}
        with pytest.raises(EnvironmentProblem) as refused:
            for value, person, number in itertools.product(range(11), members, range(1, 11)):
                answer(register, LearningModel.CITIZEN, person, YEAR, str(number), value)
                confirmed[person, str(number)] = value
        assert refused.value.code == "database.full"
        assert confirmed
        assert answers(register) == confirmed
        register.close()
        ballast.unlink()
        register = open_register(disk / "register")
        assert answers(register) == confirmed
        with register.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM operation WHERE state = 'open'").scalar() == 0
        person, number = next(iter(confirmed))
        answer(register, LearningModel.CITIZEN, person, YEAR, number, 3)
        assert answers(register) == {**confirmed, (person, number): 3}
        stands(register)
        register.close()


def answers(context: Context) -> dict[tuple[Uid, str], float]:
    with context.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT a.subject, w.indicator, w.value FROM answer AS w JOIN assessment AS a ON a.id = w.assessment_id "
            "WHERE w.present = 1 AND w.value IS NOT NULL"
        ).fetchall()
    return {(subject.hex(), indicator): value for subject, indicator, value in rows}


def test_an_import_is_undone_after_a_restart_and_gives_the_first_export_back(tmp_path: Path, samples: Path) -> None:
    register = make_register(tmp_path / "register", hamlets=())
    run(register, samples / LISTS[5], Progress())
    before = export(register, tmp_path)
    operation = run(register, samples / LISTS[0], Progress())
    assert operation is not None
    assert export(register, tmp_path) != before
    register.close()
    register = open_register(tmp_path / "register")
    register.journal.undo(operation)
    assert export(register, tmp_path) == before
    register.close()


def walk(context: Context, order: tuple[str, ...], samples: Path, folder: Path) -> None:
    """Import in this order, then undo newest first: each undo gives the export before back."""
    done: list[tuple[Uid, bytes]] = []
    for name in order:
        before = export(context, folder)
        if (operation := import_citizens(context, parsed(samples / name)).operation) is not None:
            done.append((operation, before))
    for operation, before in reversed(done):
        context.journal.undo(operation)
        assert export(context, folder) == before


@cache
def parsed(path: Path) -> ParsedWorkbook:
    return parse_workbook(path)


ORDERS: tuple[Callable[[list[str]], object], ...] = (
    lambda names: None, lambda names: names.reverse(), random.Random(3).shuffle,
)  # fmt: skip


@pytest.mark.parametrize("arrange", ORDERS, ids=["forward", "backward", "shuffled"])
def test_lists_imported_one_after_another_are_undone_to_the_byte(
    register: Context, tmp_path: Path, samples: Path, arrange: Callable[[list[str]], object]
) -> None:
    names = list(LISTS)
    arrange(names)
    walk(register, tuple(names), samples, tmp_path)
    assert exported_citizens(register) == []


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_every_order_of_the_lists_gives_each_person_once_and_is_undone_to_the_byte(
    register: Context, tmp_path: Path, samples: Path
) -> None:
    wanted = expected_people(samples)

    def go_on(left: tuple[str, ...]) -> None:
        if not left:
            assert people(register) == wanted
            return
        before = export(register, tmp_path)
        for name in left:
            operation = import_citizens(register, parsed(samples / name)).operation
            go_on(tuple(other for other in left if other != name))
            if operation is not None:
                register.journal.undo(operation)
                assert export(register, tmp_path) == before

    go_on(LISTS)
