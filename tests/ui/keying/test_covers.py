"""Stacks in their list and their covers: what a printed cover fills in, what is wrong on one, how far each is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import CitizenGroup
from desktop_app.services.context import Context
from desktop_app.services.keying.batches import add_batch, list_batches, read_batch
from desktop_app.services.paper.codes import stack_qr, with_check_digit
from desktop_app.services.paper.planning import plan_print
from desktop_app.services.paper.printing import note_print
from desktop_app.services.paper.request import PaperRequest
from desktop_app.ui.keying import cover_page
from desktop_app.ui.keying.cover_page import CoverPage
from desktop_app.ui.keying.page import KeyingPage
from desktop_app.ui.main_window import MainWindow
from tests.ui.keying.walk import (
    YEAR,
    cover_of,
    enter,
    find,
    focused,
    grid_page,
    key_row,
    open_batch,
    scores_of,
    shortcut,
    words,
)


def test_an_empty_list_says_what_to_do_first(window: MainWindow) -> None:
    page = window.current_page
    assert isinstance(page, KeyingPage)
    assert page.empty.isVisible() and focused() is page.empty.button
    enter()
    assert isinstance(window.current_page, CoverPage)


def test_a_cover_says_what_is_wrong_beside_its_field(window: MainWindow, context: Context) -> None:
    shortcut(window, "add")
    page = window.current_page
    assert isinstance(page, CoverPage)
    for name, text, said in (
        ("collected_on", "11/2026", "Gõ đủ ngày"),
        ("form_count", "0", "Phải từ 1 đến 2000"),
        ("score_sum", "ba trăm", "Chỉ gõ số"),
        ("score_sum", "3214,3", "nửa điểm"),
    ):
        page.form.field(name).editor.set_raw(text)
        page.on_save()
        assert said in page.form.field(name).message, name
        page.form.field(name).editor.set_raw("")
    page.form.field("form_count").editor.set_raw("2")
    page.form.field("score_sum").editor.set_raw("500")
    page.on_save()
    assert "Tổng điểm trên bìa phải từ 0 đến 200" in page.form.field("score_sum").message
    assert list_batches(context, YEAR) == ()


def test_a_corrected_cover_needs_its_reason_once_forms_are_keyed(window: MainWindow, context: Context) -> None:
    page, _ = open_batch(window, context)
    find("1950")
    shortcut(window, "edit")
    cover = window.current_page
    assert isinstance(cover, CoverPage)
    cover.form.field("form_count").editor.set_raw("1")
    cover.on_save()
    assert "ghi lý do" in cover.form.field("reason").message
    cover.form.field("reason").editor.set_raw("đếm lại")
    cover.on_save()
    assert window.current_page is page
    assert read_batch(context, page.store.batch.uid).cover.form_count == 1
    assert "0 / 1" in page.card.progress_label.text()


def test_a_batch_is_removed_from_the_list_with_its_points_kept(window: MainWindow, context: Context) -> None:
    page, _ = open_batch(window, context)
    find("1950")
    key_row([9])
    uid = page.store.rows[0].subject
    window.pop()
    shortcut(window, "delete")
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    assert "1 phiếu trong tập vẫn giữ nguyên điểm" in listed.ask_bar.question
    listed.ask_bar.buttons[0].click()
    assert list_batches(context, YEAR) == () and scores_of(context, uid)[0] == 9


def test_the_list_shows_progress_against_each_cover(window: MainWindow, context: Context) -> None:
    add_batch(context, YEAR, replace(cover_of(context), form_count=40, score_sum=3214))
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    listed.refresh()
    QApplication.processEvents()
    model = listed.table.view.model()
    row = [str(model.index(0, column).data() or "") for column in range(model.columnCount())]
    assert "0/40" in row and "40 phiếu · tổng 3.214" in row and "Chưa nhập" in row


def test_the_code_of_a_scanned_cover_opens_its_batch_or_begins_one(window: MainWindow, context: Context) -> None:
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    for code in ("", "4829133"):
        add_batch(context, YEAR, replace(cover_of(context), code=code))
    listed.refresh()
    box = window.header.search_box
    box.setFocus()
    words(stack_qr(YEAR, "4829133"))
    enter()
    assert [batch.cover.code for batch in listed._rows] == ["4829133"]
    enter()
    assert grid_page(window).store.batch.cover.code == "4829133"
    window.pop()
    other = with_check_digit("100200")
    listed.on_search(stack_qr(YEAR, other))
    assert listed.banner is not None and listed.banner.button is not None
    listed.banner.button.click()
    cover = window.current_page
    assert isinstance(cover, CoverPage) and cover.form.raw()["code"] == other


@pytest.mark.parametrize(
    "scanned",
    [
        "SHTT：2026：4829133", "SHTT；2026；4829133", "shtt:2026:4829133::", "ＳＨＴＴ：２０２６：４８２９１３３",
        "SHTT:âđâ\u0309:ô\u0301â\u0323ăêê", "4829133", "482 9133",
    ],
)  # fmt: skip
def test_a_cover_scanned_through_whatever_keyboard_finds_its_own_batch_only(
    window: MainWindow, context: Context, scanned: str
) -> None:
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    for code in ("", "4829133", with_check_digit("100200"), "Bìa số 5"):
        add_batch(context, YEAR, replace(cover_of(context), code=code))
    listed.refresh()
    listed.on_search(scanned)
    assert [batch.cover.code for batch in listed._rows] == ["4829133"]


def test_half_a_cover_and_a_form_scanned_over_the_batches_match_none_and_say_what_they_are(
    window: MainWindow, context: Context
) -> None:
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    add_batch(context, YEAR, replace(cover_of(context), code="4829133"))
    listed.refresh()
    for scanned, words_said in (("SHTT", "không phải mã tập"), ("SHTT：2026", "không phải mã tập"),
                                ("SHT:2026:citizen.worker:4006381333931", "mã của một phiếu")):  # fmt: skip
        listed.on_search(scanned)
        assert listed._rows == () and listed.banner is not None
        assert words_said in listed.banner.text_label.text()


def printed_code(context: Context, hamlet: str) -> tuple[str, str]:
    """The digits and the QR text of a cover of a hamlet's residents, printed here."""
    plan = plan_print(context, PaperRequest(YEAR, group=CitizenGroup.RESIDENT, has_covers=True, has_forms=False))
    note_print(context, plan)
    stack = next(stack for stack in plan.stacks if stack.place == hamlet)
    return stack.code, stack_qr(YEAR, stack.code, stack.forms[0].place_uid, plan.sets[stack.set_id].uid)


@pytest.mark.parametrize("is_scanned", [True, False])
def test_a_new_batch_is_of_the_place_and_the_form_that_its_cover_names(
    window: MainWindow, context: Context, is_scanned: bool
) -> None:
    add_batch(context, YEAR, cover_of(context, group=CitizenGroup.WORKER))
    code, scanned = printed_code(context, "Thôn 2")
    shortcut(window, "add")
    page = window.current_page
    assert isinstance(page, CoverPage)
    words(scanned if is_scanned else f"{code[:3]} {code[3:]}")
    enter()
    assert page.banner is not None and "Thôn 2" in page.banner.text_label.text()
    page.on_save()
    batch = grid_page(window).store.batch
    assert (batch.place, batch.cover.group, batch.cover.code) == ("Thôn 2", CitizenGroup.RESIDENT, code)
    assert batch.name == "Thôn 2 · tập 1"


def test_a_cover_scanned_in_the_list_fills_its_batch_as_well(window: MainWindow, context: Context) -> None:
    _, scanned = printed_code(context, "Thôn 2")
    box = window.header.search_box
    box.setFocus()
    words(scanned)
    enter()
    listed = window.current_page
    assert isinstance(listed, KeyingPage)
    assert listed.banner is not None and listed.banner.button is not None
    listed.banner.button.click()
    shortcut(window, "save")
    assert grid_page(window).store.batch.place == "Thôn 2"
    window.pop()
    listed.on_search(scanned)
    assert [batch.place for batch in listed._rows] == ["Thôn 2"]


def test_digits_of_a_cover_printed_elsewhere_ask_for_the_place(window: MainWindow, context: Context) -> None:
    shortcut(window, "add")
    page = window.current_page
    assert isinstance(page, CoverPage)
    words("4829133")
    enter()
    assert "hãy quét ô vuông của bìa" in page.form.field("code").message
    assert page.banner is None, "beside the code, so that the field with the focus and the words are both in sight"
    page.form.field("code").editor.set_raw(stack_qr(YEAR - 1, "4829133"))
    page.on_save()
    assert f"đợt {YEAR - 1}" in page.form.field("code").message and list_batches(context, YEAR) == ()


def test_a_cover_that_has_its_batch_already_is_not_begun_twice(window: MainWindow, context: Context) -> None:
    add_batch(context, YEAR, replace(cover_of(context), code="4829133"))
    shortcut(window, "add")
    page = window.current_page
    assert isinstance(page, CoverPage)
    for text, said in (("482 9133", "đã lập thành tập “Thôn 1 · tập 1”"), ("4829134", "có chữ số gõ sai")):
        page.form.field("code").editor.set_raw(text)
        page.on_save()
        assert said in page.form.field("code").message
    page.form.field("code").editor.set_raw("B-7")
    page.on_save()
    assert grid_page(window).store.batch.cover.code == "B-7"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3214", 3214),
        ("3.214", 3214),
        ("3.214,5", 3214.5),
        ("3214,5", 3214.5),
        ("3214.5", 3214.5),
        ("1.003.214", 1003214),
    ],
)
def test_the_sum_of_a_cover_is_read_as_people_and_calculators_write_it(text: str, meant: float) -> None:
    assert cover_page._sum(text) == meant


@pytest.mark.parametrize("text", ["", "3.21.4", "3,2,1", "1e3", "-5", "٣", "3214,", "nan"])
def test_what_is_no_sum_is_not_taken_for_one(text: str) -> None:
    assert cover_page._sum(text) is None
