"""A register that does not open: why, and the ways out of it from the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.services.register import open_register
from desktop_app.services.safety.backup import make_backup
from desktop_app.ui.safety.trouble_page import TroublePage
from tests.services.safety import faults
from tests.ui.safety.conftest import (
    PlainPage,
    Start,
    finish_tasks,
    focused,
    households,
    page_of,
    settle,
    shut,
    toast,
)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: faults.truncate(path, 0.5), "bị hỏng"),
        (lambda path: faults.execute(path, "UPDATE alembic_version SET version_num = '9999'"), "mới hơn"),
        (lambda path: faults.execute(path, "DROP TABLE alembic_version"), "không phải sổ của chương trình"),
    ],
    ids=["damaged", "newer", "foreign"],
)
def test_a_register_that_does_not_open_says_why_and_is_restored_from_the_window(
    register: Path, start: Start, harm: Callable[[Path], object], words: str
) -> None:
    context = open_register(register)
    make_backup(context)
    context.close()
    harm(register / "sohoctap.db")
    program = start()
    settle()
    finish_tasks(program)
    page = page_of(program)
    assert isinstance(page, TroublePage)
    assert words in page.message.text_label.text()
    assert page.pane.preview is not None
    page.pane.ask()
    page.pane.confirm.yes_button.click()
    finish_tasks(program)
    assert isinstance(page_of(program), PlainPage)
    assert households(program) == 1
    assert toast(program).startswith("Đã khôi phục sổ từ ")
    said = page_of(program).banner
    assert said is not None
    assert "Đã khôi phục sổ từ" in said.text_label.text()


def test_a_locked_register_is_opened_by_trying_again(
    register: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.models.database.BUSY_TIMEOUT", 60)
    with faults.sole_user(register / "sohoctap.db"):
        program = start()
        settle()
        page = page_of(program)
        assert isinstance(page, TroublePage)
        assert "một chương trình khác giữ" in page.message.text_label.text()
        assert focused() is page.retry_button
    page.retry_button.click()
    settle()
    assert isinstance(page_of(program), PlainPage)


def test_closing_a_window_of_trouble_leaves_the_file_alone(register: Path, start: Start) -> None:
    path = register / "sohoctap.db"
    faults.truncate(path, 0.5)
    before = path.read_bytes()
    program = start()
    settle()
    shut(program)
    assert path.read_bytes() == before
