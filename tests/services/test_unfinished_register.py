"""A register whose making was cut off holds nothing: it stands in nobody's way and is never opened as a register."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import DeviceRole
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.register import (
    RegisterPlan,
    blank_register,
    create_register,
    discard_unfinished,
    open_register,
)
from tests.factories import make_register


def cut_off(folder: Path) -> None:
    """What a kill between the tables and the first deed leaves behind."""
    blank_register(folder, DeviceRole.OFFICE).database.close()


def test_it_is_not_opened(tmp_path: Path) -> None:
    cut_off(tmp_path)
    with pytest.raises(EnvironmentProblem) as refused:
        open_register(tmp_path)
    assert refused.value.code == "database.absent"


def test_a_register_is_made_in_its_place(tmp_path: Path) -> None:
    cut_off(tmp_path)
    create_register(tmp_path, RegisterPlan("30436", 2026)).close()
    open_register(tmp_path).close()


def test_a_register_with_a_deed_in_it_is_never_discarded(tmp_path: Path) -> None:
    make_register(tmp_path).close()
    discard_unfinished(tmp_path)
    open_register(tmp_path).close()
    with pytest.raises(EnvironmentProblem) as refused:
        create_register(tmp_path, RegisterPlan("30436", 2026))
    assert refused.value.code == "database.exists"


def test_a_damaged_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "sohoctap.db").write_bytes(b"not a register" * 100)
    discard_unfinished(tmp_path)
    assert (tmp_path / "sohoctap.db").exists()
