"""What a command does when nobody reads on: ``sohoctap … | head`` ends quietly with the status of the deed."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.cli import main
from desktop_app.cli.saying import say

ROOT = Path(__file__).parents[2]


def told_to_nobody(*words: str, folder: Path, is_deaf: bool = False) -> tuple[int, str]:
    """Run a command whose stdout (and stderr, if ``is_deaf``) is a pipe that has no reader: status and stderr."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "desktop_app", "--data", str(folder), *words]
    errors = writing if is_deaf else subprocess.PIPE
    try:
        ended = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=errors, check=False)
    finally:
        os.close(writing)
    return ended.returncode, (ended.stderr or b"").decode("utf-8")


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["--data", str(tmp_path), "init", "--commune", "30436", "--year", "2026"]) == 0
    capsys.readouterr()
    return tmp_path


def test_an_answer_whose_reader_has_gone_is_done_all_the_same(folder: Path) -> None:
    assert told_to_nobody("history", "--json", folder=folder) == (0, "")


def test_a_refusal_whose_reader_has_gone_is_still_a_refusal(folder: Path) -> None:
    status, errors = told_to_nobody("init", "--commune", "30436", "--json", folder=folder)
    assert status == 1
    assert "Traceback" not in errors
    assert len(errors.splitlines()) == 1


def test_usage_that_nobody_reads_ends_with_its_status(tmp_path: Path) -> None:
    assert told_to_nobody("--help", folder=tmp_path) == (0, "")
    assert told_to_nobody("search", "--json", folder=tmp_path, is_deaf=True) == (2, "")


def test_only_what_cannot_be_kept_is_told_apart_from_a_reader_that_left() -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "full")

        def fileno(self) -> int:
            raise OSError("no descriptor")

    class Left(Full):
        def flush(self) -> None:
            raise BrokenPipeError(errno.EPIPE, "gone")

    assert say("một dòng\n", None)
    assert say("một dòng\n", Left())
    assert not say("một dòng\n", Full())
