"""Several people work on one PC by name; a PIN guards a name, and guessing it gets slower and slower."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from desktop_app.models.journal.chain import changes_of
from desktop_app.models.tables.system import operation, user
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.register import open_register
from desktop_app.services.registry.users import (
    LONGEST_WAIT,
    add_user,
    check_pin,
    list_users,
    remove_user,
    rename_user,
    set_pin,
    switch_user,
)
from tests.factories import make_register


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


def test_the_one_who_switched_last_works_also_after_a_restart_and_signs_his_deeds(tmp_path: Path) -> None:
    context = make_register(tmp_path)
    made = add_user(context, " Lê  Thị Hạnh ")
    assert made.uid
    assert switch_user(context, made.uid).is_right
    rename_user(context, made.uid, "Lê Thị Hạnh Em")
    context.close()
    again = open_register(tmp_path)
    assert [(one.name, one.is_current) for one in list_users(again)] == [("Cán bộ xã", False), ("Lê Thị Hạnh Em", True)]
    with again.read() as connection:
        authors = connection.execute(select(operation.c.author).order_by(operation.c.id)).scalars().all()
    assert authors[-1] == made.uid
    again.close()


def test_a_name_is_needed_and_stands_once(context: Context) -> None:
    assert add_user(context, "  ").errors[0].code == "name.missing"
    assert add_user(context, "cán bộ xã").errors[0].code == "name.used"
    [first] = list_users(context)
    assert rename_user(context, first.uid, "Cán bộ xã").is_saved


def test_who_works_now_and_the_last_one_cannot_go(context: Context) -> None:
    [first] = list_users(context)
    with pytest.raises(UserError) as last:
        remove_user(context, first.uid)
    assert last.value.code == "user.last"
    other = add_user(context, "Lê Thị Hạnh").uid
    assert other
    with pytest.raises(UserError) as current:
        remove_user(context, first.uid)
    assert current.value.code == "user.current"
    remove_user(context, other)
    assert [one.uid for one in list_users(context)] == [first.uid]


def test_a_pin_is_asked_and_neither_journalled_nor_stored_in_the_clear(context: Context) -> None:
    other = add_user(context, "Lê Thị Hạnh").uid
    assert other
    before = context.user
    with context.read() as connection:
        deeds = len(connection.execute(select(operation.c.id)).all())
    set_pin(context, other, "482913")
    assert not switch_user(context, other, "000000").is_right
    assert context.user == before
    assert switch_user(context, other, "482913").is_right
    assert context.user == other
    with context.read() as connection:
        stored = connection.execute(select(user.c.pin_hash).where(user.c.uid == other)).scalar()
        keys = connection.execute(select(operation.c.id)).scalars().all()
        payloads = "".join(item.payload or "" for key in keys for item in changes_of(connection, key))
        assert len(connection.execute(select(operation.c.id)).all()) == deeds
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert "482913" not in stored
    assert "argon2" not in payloads
    set_pin(context, other, "")
    assert check_pin(context, other, "").is_right


@pytest.mark.parametrize("pin", ["1", "123", "123456789", "abcd", "12 34", "١٢٣٤"])
def test_a_pin_has_four_to_eight_figures(context: Context, pin: str) -> None:
    with pytest.raises(UserError) as error:
        set_pin(context, list_users(context)[0].uid, pin)
    assert error.value.code == "pin.bad"


def test_wrong_pins_make_the_next_try_wait_longer_and_longer(context: Context) -> None:
    clock = Clock()
    context.journal.clock = clock
    uid = list_users(context)[0].uid
    set_pin(context, uid, "4829")
    waits = []
    for _ in range(12):
        result = check_pin(context, uid, "0000")
        waits.append(result.wait_seconds)
        if result.wait_seconds:
            blocked = check_pin(context, uid, "4829")
            assert (blocked.is_right, blocked.wait_seconds) == (False, result.wait_seconds), "not even the right one"
        clock.now += result.wait_seconds * 1000
    assert waits == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_WAIT, LONGEST_WAIT]
    assert check_pin(context, uid, "4829").is_right
    assert check_pin(context, uid, "0000").wait_seconds == 0, "a right one starts the count anew"
