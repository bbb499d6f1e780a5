"""One window a data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.services.context import REGISTER_FILE
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.registry.search import search
from desktop_app.services.safety.lock import hold_window_lock
from desktop_app.services.safety.opening import close_safely, open_safely
from tests.factories import add_household, make_register
from tests.services.safety import faults

OTHER = """
import sys
from pathlib import Path
from desktop_app.services.safety.lock import hold_window_lock
held = hold_window_lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_window_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    first = hold_window_lock(tmp_path / "new")
    with pytest.raises(UserError, match="đang mở rồi") as refused:
        hold_window_lock(tmp_path / "new")
    assert refused.value.code == "window.running"
    first.release()
    hold_window_lock(tmp_path / "new").release()


def test_the_lock_goes_with_a_killed_program(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(UserError):
            hold_window_lock(tmp_path)
        other.kill()
        other.wait(30)
    hold_window_lock(tmp_path).release()


def test_a_folder_that_is_a_file_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="Không ghi được") as refused:
        hold_window_lock(path)
    assert refused.value.code == "folder.unwritable"


def test_a_register_that_another_program_writes_can_still_be_read(tmp_path: Path) -> None:
    context = make_register(tmp_path / "data")
    add_household(context, members=("Lê Văn Ước",))
    context.close()
    with faults.other_writer(tmp_path / "data" / REGISTER_FILE):
        opened = open_safely(tmp_path / "data")
        assert search(opened, "uoc").total == 1
        close_safely(opened)
