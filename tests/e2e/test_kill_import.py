"""An import is there whole or not at all, whenever the process is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop_app.models.journal import broken_links
from desktop_app.services.register import open_register
from tests.factories import make_register

ROOT = Path(__file__).resolve().parents[2]


def import_and_kill(folder: Path, workbook: Path, delay: float) -> None:
    """Start an import and kill it (SIGKILL, on Windows TerminateProcess) after ``delay`` seconds."""
    command = [sys.executable, "-m", "desktop_app", "--data", str(folder), "import", "citizens", str(workbook)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    process.kill()
    process.wait()


def found(folder: Path) -> tuple[int, int]:
    """People and households of a register that opens soundly."""
    register = open_register(folder)
    try:
        with register.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert broken_links(connection) == []
            people = connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present").scalar_one()
            houses = connection.exec_driver_sql("SELECT count(*) FROM household WHERE present").scalar_one()
            searched = connection.exec_driver_sql("SELECT count(*) FROM citizen_search").scalar_one()
            assert searched == people
            return people, houses
    finally:
        register.close()


def kill_in_a_loop(folder: Path, workbook: Path, rounds: int) -> set[tuple[int, int]]:
    make_register(folder, hamlets=()).close()
    started = time.perf_counter()
    command = [sys.executable, "-m", "desktop_app", "--data", str(folder), "import", "citizens", str(workbook)]
    subprocess.run([*command, "--dry-run"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    usual = time.perf_counter() - started
    chance = random.Random(usual)
    seen = set()
    for _ in range(rounds):
        import_and_kill(folder, workbook, chance.uniform(usual * 0.5, usual * 1.4))
        now = found(folder)
        seen.add(now)
        if now != (0, 0):
            register = open_register(folder)
            with register.read() as connection:
                uid = connection.exec_driver_sql(
                    "SELECT uid FROM operation WHERE kind = 'import.citizens' AND undone_by IS NULL"
                ).scalar_one()
            register.journal.undo(uid.hex())
            register.close()
            assert found(folder) == (0, 0)
    return seen


def test_a_killed_import_leaves_all_or_nothing(tmp_path: Path, samples: Path) -> None:
    seen = kill_in_a_loop(tmp_path, samples / "01_mot_bang.xlsx", 4)
    assert seen <= {(0, 0), (1342, 420)}


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_an_import_killed_again_and_again_leaves_all_or_nothing(tmp_path: Path, samples: Path) -> None:
    seen = kill_in_a_loop(tmp_path, samples / "01_mot_bang.xlsx", 40)
    assert seen <= {(0, 0), (1342, 420)}
