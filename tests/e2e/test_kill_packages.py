"""A package is taken in whole or not at all, and written whole or not at all, whenever the process is killed.

The commands run as people run them, in a process of their own. Every other kill comes at a moment drawn over the time
that the command was seen to take, the others once so much was written as was drawn over what it was seen to write.
"""

from __future__ import annotations

import math
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.models.tables import registry
from desktop_app.services.context import Context
from desktop_app.services.errors import AppError
from desktop_app.services.register import open_register
from desktop_app.services.safety.health import doctor
from desktop_app.services.sync.merge import inspect_package
from desktop_app.services.sync.writer import create_package
from tests.services.sync.machines import make_star
from tests.services.sync.test_exchange import carry

ROOT = Path(__file__).resolve().parents[2]
STARTING = 0.35
"""Share of a command's time in which it hardly writes; kills come after it, and a little past the end."""


@dataclass
class Killed:
    """What was seen after each kill; ``inside`` counts those that came while rows or bytes were being written."""

    absent: int = 0
    whole: int = 0
    inside: int = 0


@dataclass
class Machines:
    """Folders of an office and a volunteer who has ``people`` new people to send, and the volunteer's package."""

    folder: Path
    people: int

    @property
    def office(self) -> Path:
        return self.folder / "office"

    @property
    def volunteer(self) -> Path:
        return self.folder / "volunteer0"

    @property
    def package(self) -> Path:
        return self.folder / "big.sht"


def make_machines(folder: Path, people: int) -> Machines:
    office, (volunteer,) = make_star(folder, 1)
    carry(office, volunteer, folder)
    _add_people(volunteer, people)
    create_package(volunteer, folder / "big.sht")
    office.close()
    volunteer.close()
    return Machines(folder, people)


def _add_people(context: Context, count: int) -> None:
    with context.operation("import.citizens", {"count": count, "file": "lớn.xlsx"}) as op:
        homes = op.writer.insert_many(registry.household, [{"code": f"01-{place:05d}"} for place in range(count // 4)])
        people = [
            {"full_name": f"Nguyễn Văn {place}", "household_id": homes[place // 4 % len(homes)], "birth": "1984"}
            for place in range(count)
        ]
        op.writer.insert_many(registry.citizen, people)


def command(folder: Path, *words: object) -> list[str]:
    return [sys.executable, "-m", "desktop_app", "--data", str(folder), *map(str, words)]


def seconds_of(words: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def written(folder: Path) -> int:
    """Bytes that stand beside the register or the package and are not yet in force."""
    size = 0
    for path in folder.iterdir():
        if path.name.endswith(("-wal", ".part")):
            with suppress(OSError):
                size += path.stat().st_size
    return size


def watch(words: list[str], folder: Path, seconds: float, size: float) -> tuple[float, int]:
    """Run a command and kill it (SIGKILL, on Windows TerminateProcess) at a time or a size, whichever is reached.

    Returns:
        How long it ran, and the most that it had written at any moment.
    """
    most, started = 0, time.perf_counter()
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, written(folder))
            if time.perf_counter() - started > seconds or most > size:
                process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.002)
    return time.perf_counter() - started, most


def kill_somewhere(words: list[str], folder: Path, place: int, usual: tuple[float, int], chance: random.Random) -> None:
    """Kill by the clock or, every other time, in the midst of writing."""
    seconds, most = usual
    if place % 2:
        watch(words, folder, chance.uniform(seconds * STARTING, seconds * 1.05), math.inf)
    else:
        watch(words, folder, math.inf, chance.uniform(0, most))


def is_sound(folder: Path) -> None:
    checks = {check.name: check for check in doctor(folder).checks}
    for name in ("integrity", "foreign_keys", "journal", "search_index", "device"):
        assert checks[name].ok, checks[name].detail


def counted(folder: Path) -> tuple[int, int, int]:
    """People, operations that came in packages, and merges of a register that opens as the program opens it."""
    register = open_register(folder)
    try:
        with register.read() as connection:
            queries = (
                "SELECT count(*) FROM citizen",
                "SELECT count(*) FROM operation WHERE merged_in IS NOT NULL OR state = 'waiting'",
                "SELECT count(*) FROM operation WHERE kind = 'merge.package'",
            )
            people, brought, merges = (connection.exec_driver_sql(query).scalar_one() for query in queries)
            return people, brought, merges
    finally:
        register.close()


def fresh_copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(source, target))


def kill_merges(machines: Machines, rounds: int) -> Killed:
    work = machines.folder / "work"
    words = command(work, "package", "merge", machines.package)
    usual = watch(words, fresh_copy(machines.office, work), math.inf, math.inf)
    after = counted(work)
    before = counted(fresh_copy(machines.office, work))
    assert after[0] == before[0] + machines.people
    chance, seen = random.Random(usual[1]), Killed()
    for place in range(rounds):
        kill_somewhere(words, fresh_copy(machines.office, work), place, usual, chance)
        has_written = written(work) > 0
        found = counted(work)
        assert found in (before, after)
        is_sound(work)
        seen.whole += found == after
        seen.absent += found == before
        seen.inside += found == before and has_written
    seconds_of(words)
    assert counted(work)[0] == after[0], "taken in twice, or not at all"
    return seen


def kill_creates(machines: Machines, rounds: int) -> Killed:
    work, out = machines.folder / "sender", machines.folder / "out"
    out.mkdir()
    path = out / "made.sht"
    words = command(work, "package", "create", "--out", path)
    fresh_copy(machines.volunteer, work)
    usual = watch(words, out, math.inf, math.inf)
    operations = inspect_package(machines.office, path).operations
    chance, seen = random.Random(usual[1]), Killed()
    for place in range(rounds):
        fresh_copy(machines.volunteer, work)
        for left in out.iterdir():
            left.unlink()
        kill_somewhere(words, out, place, usual, chance)
        seen.inside += any(left != path for left in out.iterdir())
        if path.exists():
            assert inspect_package(machines.office, path).operations == operations
            seen.whole += 1
        else:
            seen.absent += 1
        is_sound(work)
    _arrives(machines, work, path)
    return seen


def _arrives(machines: Machines, work: Path, path: Path) -> None:
    """What is packed after a kill is taken in as if nothing had been."""
    seconds_of(command(work, "package", "create", "--out", path))
    office = fresh_copy(machines.office, machines.folder / "receiver")
    seconds_of(command(office, "package", "merge", path))
    assert counted(office)[0] == machines.people + counted(machines.office)[0]


def test_a_killed_merge_leaves_all_or_nothing(tmp_path: Path) -> None:
    seen = kill_merges(make_machines(tmp_path, 400), 1)
    assert seen.whole + seen.absent == 1


def test_half_a_package_would_be_seen(tmp_path: Path) -> None:
    """What the loops above look for shows: a package that lacks its end is not opened."""
    machines = make_machines(tmp_path, 40)
    content = machines.package.read_bytes()
    machines.package.write_bytes(content[: len(content) // 2])
    with pytest.raises(AppError):
        inspect_package(machines.office, machines.package)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_merges_of_a_big_package_killed_again_and_again_leave_all_or_nothing(tmp_path: Path) -> None:
    seen = kill_merges(make_machines(tmp_path, 20_000), 25)
    assert seen.inside > 0, "no kill came while the merge was being written"


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_packings_of_a_big_package_killed_again_and_again_leave_a_whole_one_or_none(tmp_path: Path) -> None:
    seen = kill_creates(make_machines(tmp_path, 20_000), 25)
    assert seen.absent > 0, "no kill came before the package stood"
