"""Registers for the tests of assessment: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.register import open_register
from tests.factories import make_register


@pytest.fixture(scope="session")
def empty_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a register with two hamlets and nobody in them."""
    folder = tmp_path_factory.mktemp("register")
    make_register(folder).close()
    return folder


@pytest.fixture
def context(empty_register: Path, tmp_path: Path) -> Iterator[Context]:
    """An opened register of this test's own."""
    folder = tmp_path / "data"
    shutil.copytree(empty_register, folder)
    opened = open_register(folder)
    yield opened
    opened.close()
