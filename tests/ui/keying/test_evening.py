"""A volunteer's whole evening by keys alone: the cover, a stack with all that happens in one, a crash, control totals
that do not meet, and another person's second entry down to the error rates."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.services.context import Context
from desktop_app.services.keying.batches import list_batches
from desktop_app.services.keying.second_rates import read_rates
from desktop_app.services.paper.codes import form_code, qr_text
from desktop_app.services.register import open_register
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.keying.batch_page import BatchPage
from desktop_app.ui.keying.page import KeyingPage
from desktop_app.ui.keying.second_key_page import SecondKeyPage
from desktop_app.ui.keying.second_page import SecondPage
from desktop_app.ui.keying.second_rates_page import SecondRatesPage
from desktop_app.ui.keying.second_settle_page import SecondSettlePage
from desktop_app.ui.main_window import MainWindow
from tests.services.keying.second_world import people_at_work
from tests.ui.conftest import settle
from tests.ui.keying.walk import (
    CTRL,
    SHIFT,
    YEAR,
    Key,
    digits,
    enter,
    find,
    focused,
    grid_page,
    key,
    key_row,
    make_window,
    scores_of,
    words,
)

FORMS = 9
PLAIN = Qt.KeyboardModifier.NoModifier
HIGH = [9, 9, 9, 9, 9, 9, 9, 9, 9, 9]


def held(window: MainWindow, code: Key, modifiers=CTRL) -> None:
    """A key of the window, by the way every key takes: through the window system and the map of shortcuts."""
    QTest.keyClick(window.windowHandle(), code, modifiers)
    settle()


def people(context: Context) -> list[tuple[str, str, str]]:
    """uid, name, CCCD of Thôn 1 by year of birth."""
    query = "SELECT uid, full_name, cccd FROM citizen WHERE cccd IS NOT NULL ORDER BY birth"
    with context.read() as connection:
        rows = connection.exec_driver_sql(query).all()
    return [(uid.hex(), name, cccd) for uid, name, cccd in rows]


def as_unikey(plain: str, marked: str) -> None:
    """A syllable as an input method types it: the plain letter, then Backspace and the letter with its mark."""
    for before, after in zip(plain, marked, strict=True):
        words(before)
        if before != after:
            key(Key.Key_Backspace, "\b")
            words(after)


def begin_batch(window: MainWindow, *, total: int) -> BatchPage:
    """Ctrl+N and the cover; the hamlet by its number."""
    held(window, Key.Key_N)
    enter()
    words("nguoi dan")
    enter()
    words("1")
    enter(2)
    words("Lê Thị Hạnh")
    enter()
    words("20/01/2026")
    enter()
    words(str(FORMS))
    enter()
    words(str(total))
    enter(2)
    page = grid_page(window)
    assert (page.store.batch.place, focused()) == ("Thôn 1", page.finder)
    return page


def key_first_forms(window: MainWindow, page: BatchPage, them: list[tuple[str, str, str]]) -> None:
    """Five forms, each found another way, with what fingers do between."""
    find(qr_text(them[0][0], YEAR, "citizen.resident"))
    key_row([8] * 10)
    find(form_code(them[1][0]))
    for _ in range(10):
        held(window, Key.Key_F7, PLAIN)
    find(them[2][2][-5:])
    digits("11")
    assert "11 quá cao" in page.grid.note.text
    digits("0")
    enter()
    key_row([9] * 9)
    words("nguyen v")
    as_unikey("an", "ăn")
    words(" th")
    as_unikey("ang", "ắng")
    enter()
    assert page.store.lead(3).name == "Nguyễn Văn Thắng"
    key_row([9] * 9)
    key(Key.Key_Up)
    digits("3")
    enter()
    held(window, Key.Key_Z)
    assert page.store.value(2, 9) == 9
    key(Key.Key_Down)
    held(window, Key.Key_G, CTRL | SHIFT)
    assert isinstance(window.current_page, FormPage)
    held(window, Key.Key_G, CTRL | SHIFT)
    assert (page.grid.row, page.grid.column) == (3, 9)
    key_row([9])


def key_last_forms(window: MainWindow, page: BatchPage) -> None:
    """A namesake, somebody of another group, a newcomer, one key a cell, a pasted row."""
    find("van lan")
    assert page.finder.is_open and page.store.count() == 4
    key(Key.Key_Escape)
    key(Key.Key_Escape)
    key(Key.Key_Down)
    enter()
    held(window, Key.Key_1)
    digits("9999999999")
    held(window, Key.Key_1)
    find("do van thang")
    assert "Người lao động" in page.ask_bar.question
    key(Key.Key_Escape)
    key(Key.Key_Escape)
    words("đinh thị mới")
    enter()
    assert "Không thấy" in page.grid.note.text
    held(window, Key.Key_N)
    words("1991")
    enter()
    words("nữ")
    enter(2)
    assert page.store.lead(5).name == "Đinh Thị Mới"
    clipboard = QApplication.clipboard()
    clipboard.setText("\t".join(map(str, HIGH)))
    key(Key.Key_V, "\x16", CTRL)
    held(window, Key.Key_F4, PLAIN)
    for _ in range(2):
        key(Key.Key_Down)
        enter()
        key_row(HIGH)


def test_the_evening_of_a_volunteer_and_of_who_keys_again(
    window: MainWindow, context: Context, qtbot, tmp_path: Path
) -> None:
    me, other = people_at_work(context, "Lê Thị Hạnh", "Trần Văn Bình")
    them = people(context)
    page = begin_batch(window, total=10 * 8 * 2 + 91 + 90 * 6)
    key_first_forms(window, page, them)
    key_last_forms(window, page)
    key(Key.Key_Down)
    enter()
    key_row([9])
    digits("8")
    assert (page.store.count(), page.store.complete) == (FORMS, FORMS - 1)

    # the power goes: what reached the disk is opened again
    shutil.copytree(context.folder, tmp_path / "again")
    page.grid.restore()
    after = open_register(tmp_path / "again")
    after.user = me
    again = make_window(qtbot, after)
    try:
        assert isinstance(again.current_page, KeyingPage)
        enter()
        resume(again, after)
        second_entry(again, after, other)
    finally:
        again.close()
        after.close()
    assert scores_of(context, them[0][0]) == [8] * 10


def resume(window: MainWindow, context: Context) -> None:
    """The batch where it was left; its totals do not meet until a slip is found; then it closes."""
    page = grid_page(window)
    assert (page.grid.row, page.grid.column) == (FORMS - 1, 1)
    assert page.store.value(FORMS - 1, 0) == 9 and page.store.value(FORMS - 1, 1) is None
    key_row([6, 9, 9, 9, 9, 9, 9, 9, 9])
    held(window, Key.Key_L)
    assert "thiếu 3" in page.ask_bar.question and f"Tới dòng {FORMS}" in page.ask_bar.buttons[0].text()
    key(Key.Key_Backtab, held=SHIFT)
    key(Key.Key_Backtab, held=SHIFT)
    assert focused() is page.ask_bar.buttons[0]
    key(Key.Key_Space, " ")
    assert page.grid.row == FORMS - 1
    key(Key.Key_Right)
    key_row([9])
    held(window, Key.Key_L)
    (batch,) = list_batches(context, YEAR)
    assert batch.is_closed and batch.progress == f"{FORMS}/{FORMS}"


def second_entry(window: MainWindow, context: Context, other: str) -> None:
    """Blind, by another person; one field differs, the paper decides, the rate and the share follow."""
    window.push(SecondPage(context))
    context.user = other
    enter()
    page = window.current_page
    assert isinstance(page, SecondKeyPage) and not page.store.has_tail
    for _ in range(page.store.count()):
        row = page.store.rows[page.grid.row]
        first = scores_of(context, row.subject)
        slip = [first[0] - 1, *first[1:]] if row.order == 1 else first
        key_row([int(score or 0) for score in slip])
    held(window, Key.Key_L)
    third = window.current_page
    assert isinstance(third, SecondSettlePage) and len(third.forms) == 1
    key(Key.Key_2, "2")
    enter()
    assert isinstance(window.current_page, SecondPage)
    held(window, Key.Key_T)
    assert isinstance(window.current_page, SecondRatesPage)
    rate = next(item for item in read_rates(context, YEAR).people if item.name == "Lê Thị Hạnh")
    assert (rate.first_errors, rate.share) == (1, 20)


@pytest.mark.parametrize("mode", ["enter", "one key"])
def test_a_form_costs_its_digits_one_enter_a_cell_and_two_keys_for_the_next_person(
    window: MainWindow, context: Context, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begin_batch(window, total=80)
    if mode == "one key":
        held(window, Key.Key_1)
    pressed: list[int] = []
    monkeypatch.setattr("tests.ui.keying.walk.press", counting(pressed))
    for _ in range(2):
        key(Key.Key_Down)
        enter()
        for score in HIGH:
            digits(str(score))
            if mode == "enter":
                enter()
        assert focused() is page.finder
    assert len(pressed) == 2 * (2 + 10 + (10 if mode == "enter" else 0))


def counting(pressed: list[int]):
    from tests.ui.conftest import press

    def count(*args) -> None:
        pressed.append(1)
        press(*args)

    return count
