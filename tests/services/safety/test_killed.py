"""A program killed in the middle of a backup or a restore: the register is whole, the old one or the new one."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop_app.services.errors import AppError
from desktop_app.services.register import open_register
from desktop_app.services.safety.backup import BackupKind, list_backups, make_backup
from desktop_app.services.safety.health import doctor
from desktop_app.services.safety.inspection import inspect_backup
from desktop_app.services.safety.restore import restore_backup
from tests.factories import add_household, make_register

WORK = """
import sys
from pathlib import Path
from desktop_app.services.register import open_register
from desktop_app.services.safety.backup import make_backup
from desktop_app.services.safety.restore import restore_backup
folder, path = Path(sys.argv[1]), Path(sys.argv[2])
print("begun", flush=True)
while True:
    if sys.argv[3] == "restore":
        restore_backup(folder, path)
    else:
        context = open_register(folder)
        make_backup(context)
        context.close()
"""
ROUNDS = 12


@pytest.mark.full
@pytest.mark.parametrize("deed", ["restore", "backup"])
def test_a_kill_at_any_moment_leaves_a_whole_register(tmp_path: Path, deed: str) -> None:
    chance = random.Random(deed)
    folder = tmp_path / "data"
    context = make_register(folder)
    add_household(context, members=("Nguyễn Văn Ước",))
    path = make_backup(context).path
    kept = tmp_path / "kept.db"
    kept.write_bytes(path.read_bytes())
    add_household(context, "02-0001", hamlet="Thôn 2", members=("Trần Thị Ánh",))
    context.close()
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", WORK, str(folder), str(kept), deed]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(chance.uniform(0, 0.5))
            worker.kill()
        opened = open_register(folder)
        with opened.read() as connection:
            count = connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present").scalar()
        opened.close()
        assert count in (1, 2)
        assert [check.detail for check in doctor(folder).checks if not check.ok and check.name != "free_space"] == []
    for item in list_backups(folder):
        if item.kind is not BackupKind.OTHER:
            assert inspect_backup(item.path).verified
    restore_backup(folder, kept)
    with pytest.raises(AppError):
        restore_backup(folder, tmp_path / "none.db")
