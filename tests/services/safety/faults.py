"""Real faults for tests: damaged bytes, foreign files, other writers, small disks, folders without rights."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2


def overwrite(path: Path, start: int, content: bytes) -> None:
    """Put other bytes in the middle of a file."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


def truncate(path: Path, share: float) -> None:
    """Keep only the first part of a file."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(int(size * share))


def make_foreign(path: Path) -> None:
    """A sound SQLite file of another program."""
    connection = dbapi2.connect(str(path))
    connection.execute("CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)")
    connection.commit()
    connection.close()


def execute(path: Path, *statements: str) -> None:
    """Change a register behind the program's back."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@contextmanager
def other_writer(path: Path) -> Iterator[None]:
    """Another connection that holds the write lane, as another program would."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def sole_user(path: Path) -> Iterator[None]:
    """Another program that keeps the file to itself: nobody else reads it."""
    other = dbapi2.connect(str(path), isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def write_protected(path: Path, base: Path) -> Iterator[None]:
    """A file or folder that cannot be written; for root, who may write everything, as another user.

    Args:
        base: the test's folder; all of it but ``path`` belongs to that other user.
    """
    mode = path.stat().st_mode
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if path.is_dir() and sys.platform == "win32":
        pytest.skip("Windows has no read-only folders")
    if is_root:
        _let_in(base)
    path.chmod(0o555 if path.is_dir() else 0o444)
    if sys.platform == "win32" and _is_writable(path):
        path.chmod(mode)
        pytest.skip("this Windows writes read-only files (Wine started by root)")
    try:
        if is_root:
            os.seteuid(65534)
        yield
    finally:
        if is_root:
            os.seteuid(0)
        path.chmod(mode)


def _is_writable(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False


def _let_in(base: Path) -> None:
    """Give a test's folder to the other user and let that user reach it."""
    for parent in list(base.parents)[:-2]:
        parent.chmod(0o755)
    for item in (base, *base.rglob("*")):
        os.chown(item, 65534, 65534)


@contextmanager
def small_disk(folder: Path, size: str = "3m") -> Iterator[Path]:
    """A disk of a few megabytes at ``folder``; needs Linux and rights to mount."""
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root on Linux to mount a small disk")
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
