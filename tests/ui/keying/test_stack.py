"""A stack of forty paper forms, keyed from the first cover to the closed batch by keyboard alone."""

from __future__ import annotations

import random

import pytest
from PySide6.QtWidgets import QApplication, QComboBox

from desktop_app.services.context import Context
from desktop_app.services.history import operations as history
from desktop_app.services.keying.batches import list_batches
from desktop_app.services.paper.codes import form_code, qr_text
from desktop_app.ui import theme
from desktop_app.ui.keying.page import KeyingPage
from desktop_app.ui.main_window import MainWindow
from tests.ui.keying.walk import YEAR, Key, digits, enter, find, focused, grid_page, key, scores_of, shortcut, words

FORMS = 40


def stack(context: Context) -> list[tuple[str, str, str, list[int]]]:
    """uid, how the person is found, name, scores; the way of finding changes from form to form."""
    chance = random.Random(7)
    with context.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT uid, full_name, cccd FROM citizen WHERE citizen_group = 'resident' ORDER BY birth LIMIT 40"
        ).all()
    made = []
    for place, (raw, name, cccd) in enumerate(rows):
        uid = raw.hex()
        ways = (form_code(uid), qr_text(uid, YEAR, "citizen.resident"), cccd[-5:], name.lower())
        made.append((uid, ways[place % 4], name, [chance.randint(3, 10) for _ in range(10)]))
    return made


@pytest.mark.parametrize("percent", [100, 200])
def test_a_stack_of_forty_forms_is_keyed_by_keyboard_alone(
    window: MainWindow, context: Context, look: QApplication, percent: int
) -> None:
    theme.apply(look, percent=percent)
    forms = stack(context)
    total = sum(sum(scores) for *_, scores in forms)
    shortcut(window, "add")
    fill_cover(total)
    page = grid_page(window)
    for place, (_, text, name, scores) in enumerate(forms):
        assert focused() is page.placing.finder, place
        find(text)
        assert focused() is page.grid and page.store.lead(place).name == name
        for score in scores:
            digits(str(score))
            enter()
        assert page.store.tail(place).total == str(sum(scores))
    shortcut(window, "keying.close")
    assert isinstance(window.current_page, KeyingPage)
    batch = list_batches(context, YEAR)[0]
    assert (batch.is_closed, batch.progress, batch.total) == (True, "40/40", total)
    for uid, _, _, scores in forms[::13]:
        assert scores_of(context, uid) == scores
    said = [record.sentence for record in history(context)]
    assert sum(sentence.startswith("Chấm phiếu của ") for sentence in said) == FORMS


def fill_cover(total: int) -> None:
    """The cover, field by field: its code from the scanner, kind, hamlet (by its arrow), collector, day, counts."""
    words("SHTT:2026:4829133")
    enter()
    assert isinstance(focused(), QComboBox)
    enter()
    key(Key.Key_Down)
    enter(2)
    words("Nguyễn Văn Bình")
    enter()
    words("20/01/2026")
    enter()
    words(str(FORMS))
    enter()
    words(str(total))
    enter(2)


def test_one_key_fills_a_cell_and_moves_on(window: MainWindow, context: Context) -> None:
    forms = stack(context)[:3]
    shortcut(window, "add")
    fill_cover(100)
    page = grid_page(window)
    shortcut(window, "keying.one_key")
    for uid, text, _, _ in forms:
        find(text)
        digits("90807-6543")
        assert scores_of(context, uid) == [9, 10, 8, 10, 7, 0, 6, 5, 4, 3]
    assert focused() is page.placing.finder
