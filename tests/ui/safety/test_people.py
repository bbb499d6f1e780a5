"""Several people at one machine: taking turns, the PIN before anything is shown, a PIN that was forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.app import Program
from desktop_app.services.register import open_register
from desktop_app.services.registry.users import add_user, list_users, set_pin, switch_user
from desktop_app.ui.safety.who_page import WhoPage
from tests.factories import add_household
from tests.ui.conftest import press
from tests.ui.safety.conftest import (
    PlainPage,
    Start,
    focused,
    page_of,
    settle,
    shut,
)


def with_pin(folder: Path) -> None:
    context = open_register(folder)
    uid = add_user(context, "Phạm Đức Thắng").uid
    assert uid is not None
    set_pin(context, uid, "2468")
    switch_user(context, uid, "2468")
    context.close()


def test_people_take_turns_by_the_menu_at_the_foot(program: Program) -> None:
    from desktop_app.ui.safety.user_menu import UserMenu

    assert program.session is not None
    assert program.window is not None
    add_user(program.session.context, "Lê Thị Hạnh")
    menu = UserMenu(program.session.context, program, program.window)
    other = next(action for action in menu.actions() if action.text() == "Lê Thị Hạnh")
    other.trigger()
    assert program.window.navigation.user_item.text() == "Lê Thị Hạnh"
    add_household(program.session.context, "02-0001", hamlet="Thôn 2")
    with program.session.context.read() as connection:
        author = connection.exec_driver_sql(
            "SELECT u.name FROM operation o JOIN user u ON u.uid = o.author ORDER BY o.id DESC LIMIT 1"
        ).scalar()
    assert author == "Lê Thị Hạnh"


def test_a_person_with_a_pin_is_let_in_by_it_and_nothing_is_shown_before(
    register: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.ui.safety import pin_dialog

    with_pin(register)
    program = start()
    settle()
    page = page_of(program)
    assert isinstance(page, WhoPage)
    assert program.session is None
    tried: list[str] = []

    def work(dialog: pin_dialog.PinDialog) -> int:
        for pin in ("1357", "2468"):
            dialog.form.set_raw({"pin": pin})
            dialog.enter()
            tried.append(dialog.form.field("pin").message)
        return dialog.result()

    monkeypatch.setattr(pin_dialog.PinDialog, "exec", work)
    press(focused(), Qt.Key.Key_Return)
    settle()
    assert tried[0] == "Mã PIN chưa đúng. Hãy gõ lại."
    assert isinstance(page_of(program), PlainPage)
    assert program.window is not None
    assert program.window.navigation.user_item.text() == "Phạm Đức Thắng"


def test_who_forgot_the_pin_works_by_a_new_name_and_the_journal_says_so(
    register: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.ui.safety import who_page

    with_pin(register)
    program = start()
    settle()
    said: list[str] = []

    def work(dialog: who_page.NewNameDialog) -> int:
        for name in ("phạm đức thắng", "Lê Thị Hạnh"):
            dialog.form.set_raw({"name": name})
            dialog.save()
            said.append(dialog.form.field("name").message)
        return dialog.result()

    monkeypatch.setattr(who_page.NewNameDialog, "exec", work)
    page_of(program).other.chosen.emit()
    settle()
    assert "Đã có" in said[0]
    assert program.session is not None
    context = program.session.context
    assert next(user.name for user in list_users(context) if user.is_current) == "Lê Thị Hạnh"


def test_closing_at_the_question_of_the_pin_closes_the_register(register: Path, start: Start) -> None:
    with_pin(register)
    program = start()
    settle()
    shut(program)
    open_register(register).close()
