"""A great deed is taken back whole or not at all, also when the program is killed in the middle of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.models.journal import broken_links
from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, Uid
from desktop_app.services.context import Context
from desktop_app.services.history import undo
from desktop_app.services.moves import bulk
from desktop_app.services.register import open_register
from tests.factories import make_register

PEOPLE = 1_200
WORK = """
import sys
from pathlib import Path
from desktop_app.models.journal import steps
from desktop_app.services.register import open_register

steps.PIECE = 300
left = int(sys.argv[3])

def stop(done, total, text):
    global left
    left -= text == sys.argv[4]
    if left == 0 and text == sys.argv[4]:
        print(done, total, flush=True)
        sys.stdin.read()

open_register(Path(sys.argv[1])).journal.undo(sys.argv[2], step=stop)
print("not stopped", flush=True)
"""
"""Waits at the n-th step of a kind until it is killed."""


def make_people(context: Context) -> Uid:
    with context.operation("import.citizens", {"count": PEOPLE, "file": "x"}) as op:
        homes = op.writer.insert_many(registry.household, [{"code": f"h{at}"} for at in range(PEOPLE // 4)])
        rows = [{"full_name": f"Lê Văn {at}", "household_id": homes[at // 4], "birth": "1980"} for at in range(PEOPLE)]
        op.writer.insert_many(registry.citizen, rows)
        return op.uid


def give_group(context: Context) -> Uid:
    with context.read() as connection:
        uids = [row[0].hex() for row in connection.exec_driver_sql("SELECT uid FROM citizen ORDER BY id")]
    bulk.apply(context, bulk.BulkChange(bulk.BulkField.GROUP, "citizen", CitizenGroup.WORKER.value), uids)
    with context.read() as connection:
        newest = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one()
    return str(newest.hex())


def state(folder: Path) -> list[object]:
    """All people, households and records of a register that opens soundly."""
    register = open_register(folder)
    try:
        with register.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert broken_links(connection) == []
            return [
                connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").fetchall()
                for table in ("citizen", "household", "operation", "change", "citizen_search_docsize")
            ]
    finally:
        register.close()


@pytest.mark.parametrize(("deed", "text", "step"), [
    ("import", "Đang xem lại từng thay đổi", 1),
    ("import", "Đang trả lại như trước", 3),
    ("group", "Đang xem lại từng thay đổi", 1),
    ("group", "Đang trả lại như trước", 3),
    ("group", "Đang ghi nhật ký", 1),
])  # fmt: skip
def test_an_undo_that_was_killed_has_changed_nothing_and_can_be_done_again(
    tmp_path: Path, deed: str, text: str, step: int
) -> None:
    folder = tmp_path / "data"
    context = make_register(folder)
    uid = make_people(context)
    if deed == "group":
        uid = give_group(context)
    context.close()
    before = state(folder)
    command = [sys.executable, "-X", "utf8", "-c", WORK, str(folder), uid, str(step), text]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as worker:
        assert worker.stdout is not None
        said = worker.stdout.readline().split()
        worker.kill()
    assert len(said) == 2 and all(word.isdigit() for word in said)
    assert state(folder) == before
    register = open_register(folder)
    undo(register, uid)
    with register.read() as connection:
        left = "SELECT count(*) FROM citizen WHERE " + ("present" if deed == "import" else "citizen_group = 'worker'")
        assert connection.exec_driver_sql(left).scalar() == 0
        assert broken_links(connection) == []
    register.close()
