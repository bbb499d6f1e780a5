"""Killing the program while answers are given: every confirmed answer is there, and the register is whole.

A child process answers forms and prints each answer once it is confirmed; the parent kills it at a random moment,
again and again on the same register. Run as a script, this module is the child.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 12
YEAR = 2026


def child(folder: Path, seed: int) -> None:
    """Answer until killed; one line a confirmed answer: person, indicator, value."""
    from desktop_app.models.types import LearningModel
    from desktop_app.services.assessment.answers import answer
    from desktop_app.services.register import open_register

    rng = random.Random(seed)
    context = open_register(folder)
    with context.read() as connection:
        people = [uid.hex() for uid in connection.exec_driver_sql("SELECT uid FROM citizen ORDER BY id").scalars()]
    print("ready", flush=True)
    while True:
        person = rng.choice(people)
        for indicator in rng.sample(range(1, 11), 6):
            value = rng.randint(0, 10)
            saved = answer(context, LearningModel.CITIZEN, person, YEAR, str(indicator), value)
            print(person, indicator, value, saved.answered, flush=True)


def run_and_kill(folder: Path, seed: int, after: int) -> list[tuple[str, str, float]]:
    """Let a child answer, kill it after so many confirmed answers; returns what it confirmed."""
    command = [sys.executable, str(Path(__file__).resolve()), str(folder), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.split())
            if len(lines) > after:
                process.kill()
                break
        lines += [line.split() for line in process.stdout]
    whole = [parts for parts in lines if len(parts) == 4]
    assert whole, "the child confirmed nothing"
    return [(person, indicator, float(value)) for person, indicator, value, _ in whole]


def stored_answers(folder: Path) -> dict[tuple[str, str], float]:
    """Open the register as the program does, check it whole, and read its answers."""
    from desktop_app.models.journal import broken_links
    from desktop_app.services.register import open_register

    context = open_register(folder)
    try:
        with context.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("SELECT count(*) FROM operation WHERE state = 'open'").scalar() == 0
            assert connection.exec_driver_sql("SELECT count(*) FROM operation WHERE hash IS NULL").scalar() == 0
            assert broken_links(connection) == []
            _check_totals(connection)
            rows = connection.exec_driver_sql(
                "SELECT a.subject, n.indicator, n.value FROM answer n JOIN assessment a ON a.id = n.assessment_id "
                "WHERE n.present AND n.value IS NOT NULL"
            )
            return {(subject.hex(), indicator): value for subject, indicator, value in rows}
    finally:
        context.close()


def _check_totals(connection: Connection) -> None:
    """Derived totals and registrations were committed together with their answers, or not at all."""
    rows = connection.exec_driver_sql(
        "SELECT a.total, a.answered, total(n.value), count(n.value), "
        "EXISTS (SELECT 1 FROM registration g WHERE g.subject = a.subject AND g.present) "
        "FROM assessment a LEFT JOIN answer n ON n.assessment_id = a.id AND n.present GROUP BY a.id"
    ).fetchall()
    assert rows
    for total, answered, total_of_answers, count, is_registered in rows:
        assert (total, answered, is_registered) == (total_of_answers, count, 1)


def check_loops(folder: Path, loops: int) -> None:
    """Kill again and again on one register; nothing that any child confirmed may be missing or changed."""
    from tests.factories import add_household, make_register

    context = make_register(folder)
    add_household(context, members=tuple(f"Nguyễn Văn {number}" for number in range(PEOPLE)))
    context.close()
    rng = random.Random(loops)
    expected: dict[tuple[str, str], float] = {}
    for loop in range(loops):
        confirmed = run_and_kill(folder, seed=loop, after=rng.randint(1, 60))
        expected.update(((person, indicator), value) for person, indicator, value in confirmed)
        stored = stored_answers(folder)
        last_may_be_newer = {key for key in expected if stored.get(key) != expected[key]}
        assert len(last_may_be_newer) <= 1, "more than the one answer under way differs from what was confirmed"
        assert all(key in stored for key in expected)
        expected.update(stored)


@pytest.mark.timeout(300)
def test_every_confirmed_answer_survives_a_kill(tmp_path: Path) -> None:
    check_loops(tmp_path / "data", loops=3)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_every_confirmed_answer_survives_many_kills(tmp_path: Path) -> None:
    check_loops(tmp_path / "data", loops=40)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    child(Path(sys.argv[1]), int(sys.argv[2]))
