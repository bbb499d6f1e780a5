"""Posted lists and objections by keyboard alone: post, print, take an objection down, answer it, see what changed."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop_app.models.types import ObjectionOutcome, ReviewOutcome, ReviewStage
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.overview import read_overview
from desktop_app.services.assessment.review.listing import review_list
from desktop_app.services.assessment.review.objections import add_objection, list_objections
from desktop_app.services.assessment.review.postings import list_postings, post_list
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.overview.waiting import read_waiting
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.review.posting_page import PostingPage
from desktop_app.ui.review.words import day
from tests.services.assessment.world import CITIZEN, YEAR
from tests.ui.conftest import primaries, settle
from tests.ui.review.conftest import CTRL, PASSING, Key, focused, write

HAMLET = ReviewStage.HAMLET


def people(context: Context) -> dict[str, str]:
    return {row.name: row.uid for row in review_list(context, CITIZEN, YEAR, HAMLET).rows(0, 50)}


def accept(context: Context, *names: str) -> None:
    known = people(context)
    record_review(context, CITIZEN, YEAR, [known[name] for name in names], ReviewOutcome.ACCEPTED, stage=HAMLET)


def click(code: Any, held: Any = None) -> None:
    window = focused().window()
    QTest.keyClick(focused(), code, *(() if held is None else (held,)))
    settle()
    window.tasks.wait_all()
    settle()


def text_of(page: PostingPage) -> str:
    settle()
    labels = page.view.side.currentWidget().findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(page))


def test_a_list_is_posted_and_printed_by_keys(posting: PostingPage, context: Context, window: MainWindow) -> None:
    accept(context, *PASSING[:2])
    click(Key.Key_N, CTRL)
    form, button = posting.lists.deed.form, posting.lists.deed.yes_button
    assert form is not None and button is not None and "2 công dân" in button.text()
    form.focus_field("place")
    write("Nhà văn hóa thôn 1")
    click(Key.Key_Return, CTRL)
    (record,) = list_postings(context, YEAR)
    assert (record.count, record.place, record.stage) == (2, "Nhà văn hóa thôn 1", HAMLET)
    assert f"đến hết {day(record.until)}" in text_of(posting)
    click(Key.Key_F9)
    assert isinstance(window.current_page, PreviewPage)
    window.tasks.wait_all()
    settle()
    assert window.current_page.view.page_count == 1


def test_nothing_to_post_is_said_on_the_button(posting: PostingPage) -> None:
    click(Key.Key_N, CTRL)
    button = posting.lists.deed.yes_button
    assert button is not None and not button.isEnabled() and "Chưa có phiếu nào" in button.text()
    form = posting.lists.deed.form
    assert form is not None and "chấp nhận ở Bình xét, thẩm định trước" in form.field("stage").message
    form.set_raw({"stage": form.field("stage").spec.choices[-1][0]})
    form.changed.emit("stage")
    assert button.isEnabled() and form.field("stage").message == ""


def test_the_question_is_the_only_main_deed_while_it_is_asked(
    posting: PostingPage, context: Context, window: MainWindow
) -> None:
    (only,) = primaries(window)
    click(Key.Key_N, CTRL)
    assert primaries(window) == [posting.lists.deed.yes_button]
    click(Key.Key_Escape)
    assert primaries(window) == [only]
    click(Key.Key_E, CTRL)
    assert primaries(window) == [posting.said.deed.yes_button]


def test_an_objection_half_typed_stays_in_sight_when_its_tab_is_chosen_again(posting: PostingPage) -> None:
    click(Key.Key_E, CTRL)
    form = posting.said.deed.form
    assert form is not None
    form.focus_field("content")
    write("Chấm nhầm chỉ số 3")
    for code in (Key.Key_2, Key.Key_1, Key.Key_2):
        click(code, CTRL)
    assert form is posting.said.deed.form and form.isAncestorOf(focused())
    assert form.raw()["content"] == "Chấm nhầm chỉ số 3"


def test_what_changed_since_the_posting_stands_beside_it(posting: PostingPage, context: Context) -> None:
    accept(context, *PASSING[:2])
    post_list(context, CITIZEN, YEAR, stage=HAMLET)
    accept(context, PASSING[2])
    known = people(context)
    record_review(context, CITIZEN, YEAR, [known[PASSING[0]]], ReviewOutcome.RETURNED, stage=HAMLET, reason="Khai sai")
    click(Key.Key_F5)
    said = text_of(posting)
    assert "Thêm: 1" in said and PASSING[2] in said
    assert "Không còn: 1" in said and "phiếu bị trả lại" in said


def test_an_objection_is_taken_down_by_typing_a_part_of_the_name(posting: PostingPage, context: Context) -> None:
    click(Key.Key_E, CTRL)
    form = posting.said.deed.form
    assert form is not None
    write("binh")
    click(Key.Key_Down)
    click(Key.Key_Return)
    form.focus_field("content")
    write("Không đi học lớp nào")
    click(Key.Key_Return, CTRL)
    (taken,) = list_objections(context, YEAR)
    assert (taken.name, taken.content, taken.raised_by) == (PASSING[1], "Không đi học lớp nào", "")
    assert "không ghi tên" in text_of(posting)


def test_an_answer_that_upholds_offers_to_return_the_form(posting: PostingPage, context: Context) -> None:
    known = people(context)
    add_objection(context, keys.assessment_uid(YEAR, CITIZEN, known[PASSING[0]]), "Khai khống")
    click(Key.Key_F5)
    click(Key.Key_2, CTRL)
    click(Key.Key_Return)
    form = posting.said.deed.form
    assert form is not None
    assert not form.field("returns").isVisibleTo(form)
    form.field("outcome").editor.set_raw(ObjectionOutcome.UPHELD)
    settle()
    assert form.field("returns").isVisibleTo(form)
    form.focus_field("answer")
    write("Kiểm tra không có minh chứng")
    click(Key.Key_Return, CTRL)
    (answered,) = list_objections(context, YEAR)
    assert answered.outcome is ObjectionOutcome.UPHELD
    rows = review_list(context, CITIZEN, YEAR, HAMLET).rows(0, 1)
    assert "Kiểm tra không có minh chứng" in rows[0].stages[0].reason
    click(Key.Key_D, CTRL)
    assert list_objections(context, YEAR)[0].is_open


def test_a_line_is_corrected_and_taken_off_by_keys(posting: PostingPage, context: Context) -> None:
    known = people(context)
    add_objection(context, keys.assessment_uid(YEAR, CITIZEN, known[PASSING[0]]), "Khai khống")
    click(Key.Key_F5)
    click(Key.Key_2, CTRL)
    click(Key.Key_F2)
    form = posting.said.deed.form
    assert form is not None
    form.focus_field("raised_by")
    write("Bà Tư")
    click(Key.Key_Return, CTRL)
    assert list_objections(context, YEAR)[0].raised_by == "Bà Tư"
    click(Key.Key_F8)
    assert "Chỉ bỏ khi ghi nhầm" in posting.ask_bar.question
    posting.ask_bar.buttons[0].setFocus()
    click(Key.Key_Space)
    assert list_objections(context, YEAR) == ()


def test_objections_without_an_answer_wait_on_the_overview(context: Context) -> None:
    import datetime as dt

    known = people(context)
    add_objection(context, keys.assessment_uid(YEAR, CITIZEN, known[PASSING[0]]), "Khai khống")
    lines = read_waiting(context, read_overview(context, YEAR), dt.datetime.now())
    line = next(item for item in lines if "ý kiến" in item.text)
    assert (line.text, line.page_key, line.target.id) == ("1 ý kiến chưa trả lời", "assessment", "assessment.posting")


@pytest.mark.parametrize("percent", [100, 200])
def test_both_parts_are_whole_at_any_size_of_text(
    posting: PostingPage, context: Context, look: Any, percent: int
) -> None:
    from desktop_app.ui import theme

    accept(context, *PASSING[:2])
    post_list(context, CITIZEN, YEAR, stage=HAMLET)
    theme.apply(look, percent=percent, contrast=False)
    click(Key.Key_F5)
    for part in ("lists", "said"):
        posting.show_part(part)
        settle()
        assert posting.body_widget.minimumSizeHint().width() <= posting.width()


def test_a_long_list_is_posted_in_the_background(
    posting: PostingPage, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.ui.review.posting_deeds.SOON", 1)
    posting.deeds.ask_post()
    form = posting.lists.deed.form
    assert form is not None
    form.set_raw({"stage": "passed"})
    posting.lists.deed.submit()
    posting.window().tasks.wait_all()
    settle()
    (posted,) = list_postings(context, YEAR)
    assert posted.count == 5 and posting.lists.current_uid() == posted.uid
