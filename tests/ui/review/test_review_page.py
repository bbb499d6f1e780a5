"""The review screen by keyboard alone: accept one, many and all, return with a reason, the meeting, the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import LearningModel, ReviewOutcome, ReviewStage
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.review.listing import review_list
from desktop_app.services.assessment.review.meetings import Meeting, load_meeting
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.review.rules import ReviewRules, load_rules, save_rules
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.context import Context
from desktop_app.ui import theme
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.review.page import ReviewPage
from desktop_app.ui.widgets.layouts import ScrollBody
from tests.factories import make_register
from tests.services.assessment.world import CITIZEN, YEAR, row_uid
from tests.ui.conftest import primaries, settle
from tests.ui.review.conftest import CTRL, PASSING, SHIFT, Key, focused, key, write

HAMLET, COMMUNE = ReviewStage.HAMLET, ReviewStage.COMMUNE


def states(context: Context, stage: ReviewStage = HAMLET) -> dict[str, ReviewState]:
    found = review_list(context, CITIZEN, YEAR, stage)
    return {row.name: row.state for row in found.rows(0, 50)}


def click(code: Any, held: Any = None) -> None:
    """A key with its shortcut, as the window system gives it."""
    window = focused().window()
    QTest.keyClick(focused(), code, *(() if held is None else (held,)))
    settle()
    window.tasks.wait_all()
    settle()


def text_of(page: ReviewPage) -> str:
    from PySide6.QtWidgets import QLabel

    settle()
    shown = [label.text() for label in page.side.currentWidget().findChildren(QLabel) if label.isVisibleTo(page)]
    return "\n".join(shown)


def test_enter_accepts_the_form_and_goes_on_to_the_next_that_waits(
    qtbot: Any, review: ReviewPage, context: Context
) -> None:
    assert review.current() is not None and review.current().name == PASSING[0]
    click(Key.Key_Return)
    click(Key.Key_Return)
    assert [name for name, state in states(context).items() if state is ReviewState.ACCEPTED] == list(PASSING[:2])
    assert review.current().name == PASSING[2]
    qtbot.waitUntil(lambda: review.filters.states[ReviewState.ACCEPTED].text() == "Chấp nhận 2")
    click(Key.Key_Z, CTRL)
    assert list(states(context).values()).count(ReviewState.ACCEPTED) == 1


def test_a_form_that_does_not_pass_is_refused_with_its_own_sentence(review: ReviewPage, context: Context) -> None:
    click(Key.Key_End)
    while review.current().name != "Lê Văn Yên":
        click(Key.Key_Up)
    click(Key.Key_Return)
    assert review.banner is not None and "Chưa chấp nhận Lê Văn Yên: Chưa đạt" in review.banner.text_label.text()
    assert ReviewState.ACCEPTED not in states(context).values()


def test_a_marked_block_is_accepted_after_what_is_left_out_was_said(review: ReviewPage, context: Context) -> None:
    click(Key.Key_A, CTRL)
    click(Key.Key_Return)
    said = text_of(review)
    assert "chấp nhận 5 phiếu" in said and "1 chưa đạt" in said and "Lê Văn Yên" in said
    assert ReviewState.ACCEPTED not in states(context).values(), "nothing is done by asking"
    click(Key.Key_Return, CTRL)
    assert list(states(context).values()).count(ReviewState.ACCEPTED) == 5
    assert review.banner is not None and "để lại: 1 chưa đạt" in review.banner.text_label.text()


def test_accepting_the_whole_list_leaves_what_this_stage_returned(
    qtbot: Any, review: ReviewPage, context: Context
) -> None:
    uid = review.current_uid()
    assert uid is not None
    record_review(context, CITIZEN, YEAR, [uid], ReviewOutcome.RETURNED, stage=HAMLET, reason="Thiếu minh chứng")
    review.refresh()
    settle()
    click(Key.Key_G, CTRL)
    said = text_of(review)
    assert "chấp nhận 4 phiếu" in said and "1 đã trả lại ở bước này, chưa sửa điểm" in said
    click(Key.Key_Return, CTRL)
    assert states(context)[PASSING[0]] is ReviewState.RETURNED
    assert list(states(context).values()).count(ReviewState.ACCEPTED) == 4
    qtbot.waitUntil(lambda: review.filters.states[ReviewState.RETURNED].text() == "Trả lại 1")
    while review.current().name != PASSING[0]:
        click(Key.Key_Up)
    click(Key.Key_Return)
    assert states(context)[PASSING[0]] is ReviewState.ACCEPTED, "one by one it is accepted again"


def test_escape_leaves_everything_as_it_was(review: ReviewPage, context: Context) -> None:
    click(Key.Key_G, CTRL)
    click(Key.Key_Escape)
    assert review.side.currentWidget() is review.facts
    assert set(states(context).values()) == {ReviewState.WAITING}


def test_returning_asks_for_a_reason_and_offers_it_the_next_time(review: ReviewPage, context: Context) -> None:
    click(Key.Key_T, CTRL)
    click(Key.Key_Return, CTRL)
    assert set(states(context).values()) == {ReviewState.WAITING}, "no reason was chosen"
    form = review.deed.form
    assert form is not None
    form.field("usual").editor.set_raw("own")
    click(Key.Key_Return, CTRL)
    assert "Chưa ghi lý do" in form.field("more").message
    form.focus_field("more")
    write("Thiếu xác nhận của thôn")
    click(Key.Key_Return, CTRL)
    assert states(context)[PASSING[0]] is ReviewState.RETURNED
    assert "Thiếu xác nhận của thôn" in text_of(review)
    click(Key.Key_Down)
    click(Key.Key_T, CTRL)
    again = review.deed.form
    assert again is not None
    assert "Thiếu xác nhận của thôn" in [value for value, _ in again.spec.field("usual").choices]


def test_an_answer_changed_after_the_acceptance_stands_beside_the_list(review: ReviewPage, context: Context) -> None:
    person = review.current().uid
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.ACCEPTED, stage=HAMLET)
    answer(context, CITIZEN, person, YEAR, "1", 10)
    leave_form(context)
    click(Key.Key_F5)
    assert review.current().state is ReviewState.CHANGED
    said = text_of(review)
    assert "Đổi từ lần xét trước" in said and "9 → 10" in said and "Đã chấp nhận, nay đổi" in said
    click(Key.Key_Down)
    click(Key.Key_Down, CTRL)
    assert review.current().name != PASSING[0], "the next that waits, not the first again"


def test_filters_stages_and_models_are_reached_by_keys(qtbot: Any, review: ReviewPage, context: Context) -> None:
    record_review(context, CITIZEN, YEAR, [review.current().uid], ReviewOutcome.ACCEPTED, stage=HAMLET)
    click(Key.Key_F5)
    qtbot.waitUntil(review.filters.states[ReviewState.ACCEPTED].isVisible)
    review.filters.states[ReviewState.ACCEPTED].setFocus()
    click(Key.Key_Space)
    assert review.source is not None and review.source.count() == 1
    review.clear_filters()
    click(Key.Key_9, CTRL)
    assert review.stage is COMMUNE and review.current().state is ReviewState.WAITING
    click(Key.Key_2, CTRL)
    assert review.model is LearningModel.FAMILY and review.source.count() == 0
    assert "chưa có phiếu hộ nào" in review.empty.sentence_label.text()


def test_the_form_opens_from_the_list_and_the_list_stands_behind_it(review: ReviewPage, window: MainWindow) -> None:
    click(Key.Key_F2)
    assert isinstance(window.current_page, FormPage)
    window.pop()
    assert window.current_page is review


def test_a_meeting_is_written_once_and_its_day_and_chair_stand_with_each_result(
    review: ReviewPage, context: Context, window: MainWindow
) -> None:
    hamlet = row_uid(context, "hamlet", "Thôn 1")
    review.filters.hamlet_chip._on_chosen(hamlet)
    click(Key.Key_M, CTRL)
    form = review.deed.form
    assert form is not None and "Sổ có 1 hộ" in text_of(review)
    for name, text in (("held_on", "5/1/2026"), ("chair", "Ông Ba"), ("came", "1"), ("stayed_away", "0")):
        form.focus_field(name)
        write(text)
    click(Key.Key_Return, CTRL)
    kept = load_meeting(context, YEAR, HAMLET, hamlet)
    assert (kept.held_on, kept.chair, kept.came, kept.stayed_away) == ("2026-01-05", "Ông Ba", 1, 0)
    click(Key.Key_Return)
    here = review_list(context, CITIZEN, YEAR, HAMLET).rows(0, 1)[0].stages[0]
    assert (here.on, here.by) == ("2026-01-05", "Ông Ba")
    click(Key.Key_F9)
    assert isinstance(window.current_page, PreviewPage)
    window.tasks.wait_all()
    settle()
    assert window.current_page.view.page_count >= 1


def test_more_votes_than_households_are_refused_beside_the_questions(review: ReviewPage, context: Context) -> None:
    click(Key.Key_M, CTRL)
    form = review.deed.form
    assert form is not None
    form.set_raw({"came": "5", "votes_for": "9"})
    click(Key.Key_Return, CTRL)
    assert review.banner is not None and "nhiều hơn số hộ có mặt" in review.banner.text_label.text()
    assert review.side.currentWidget() is review.deed, "what was typed is still there"
    assert load_meeting(context, YEAR, HAMLET, None) == Meeting()


def test_the_office_chooses_its_stages_and_a_stage_that_is_off_is_not_offered(
    review: ReviewPage, context: Context
) -> None:
    click(Key.Key_M, CTRL | SHIFT)
    form = review.deed.form
    assert form is not None
    user = context.user
    assert user is not None
    form.set_raw({"branch": False, "in_order": True, "posting_days": "7", f"who_commune_{user}": True})
    click(Key.Key_Return, CTRL)
    wanted = ReviewRules(stages=(HAMLET, COMMUNE), in_order=True, posting_days=7, who={COMMUNE: (user,)})
    assert load_rules(context) == wanted
    assert [button.tab.value for button in review.filters.stages.buttons] == [HAMLET, COMMUNE]


def test_who_may_not_review_reads_why(review: ReviewPage, context: Context) -> None:
    save_rules(context, ReviewRules(who={HAMLET: ("0" * 32,)}))
    key(Key.Key_Return, "\r")
    assert (
        review.banner is not None
        and "Bạn không có trong danh sách được ghi bước thôn bình xét" in review.banner.text_label.text()
    )


def test_a_question_is_the_only_main_deed_while_it_is_asked(review: ReviewPage, window: MainWindow) -> None:
    assert primaries(window) == [review.accept_button]
    review.deeds.accept_all()
    settle()
    assert primaries(window) == [review.deed.yes_button]
    key(Key.Key_Escape)
    assert primaries(window) == [review.accept_button]


@pytest.mark.parametrize("percent", [100, 200])
def test_no_question_is_cut_at_the_side(review: ReviewPage, look: Any, percent: int) -> None:
    from PySide6.QtWidgets import QScrollArea

    from desktop_app.ui import theme

    theme.apply(look, percent=percent, contrast=False)
    settle()
    for ask in (review.deeds.ask_rules, review.deeds.ask_meeting, review.deeds.ask_return, review.deeds.accept_all):
        ask()
        settle()
        for area in review.deed.findChildren(QScrollArea):
            assert area.horizontalScrollBar().maximum() == 0


def test_many_forms_are_recorded_in_the_background_with_their_count(
    monkeypatch: pytest.MonkeyPatch, review: ReviewPage, window: MainWindow, context: Context
) -> None:
    monkeypatch.setattr("desktop_app.ui.review.deeds.SOON", 2)
    click(Key.Key_G, CTRL)
    window.tasks.wait_all()
    settle()
    assert "chấp nhận 5 phiếu" in text_of(review)
    click(Key.Key_Return, CTRL)
    window.tasks.wait_all()
    settle()
    assert list(states(context).values()).count(ReviewState.ACCEPTED) == 5
    assert review.side.currentWidget() is review.facts


def test_points_and_reason_of_the_selected_forms_are_one_key_away(review: ReviewPage, window: MainWindow) -> None:
    click(Key.Key_A, CTRL)
    click(Key.Key_B, CTRL)
    paper = window.current_page
    assert isinstance(paper, PreviewPage)
    assert paper.view.page_count == review.source.count() == 6


def test_what_was_said_of_one_stage_or_model_goes_with_it(review: ReviewPage) -> None:
    for leave in (
        lambda: click(Key.Key_9, CTRL),
        lambda: click(Key.Key_2, CTRL),
        lambda: review.filters.states[ReviewState.WAITING].click(),
    ):
        review.show_banner("Chưa chấp nhận phiếu nào: 1 chưa đạt.", "attention")
        leave()
        assert review.banner is None


def open_enlarged(qtbot: Any, look: QApplication, context: Context) -> tuple[MainWindow, ScrollBody]:
    """The page opened at the greatest text size, its counts read and its sizes settled."""
    theme.apply(look, percent=200, contrast=False)
    window = MainWindow([PageSpec("review", "Bình xét", "gavel", lambda _none: ReviewPage(context))], None)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    window.open_page("review")
    qtbot.waitUntil(window.isActiveWindow)
    page = window.current_page
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: not page._counting.isActive() and not page._is_counting)
    window.tasks.wait_all()
    body = page.findChild(ScrollBody)
    assert body is not None and body.verticalScrollBar().maximum() > 0
    qtbot.waitUntil(lambda: not body._seek_again.isActive())
    settle()
    return window, body


def test_an_empty_page_opens_at_its_top_at_the_greatest_text_size(
    qtbot: Any, look: QApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    empty = make_register(folder)
    window, body = open_enlarged(qtbot, look, empty)
    assert body.verticalScrollBar().value() == 0
    window.close()
    empty.close()


def test_a_page_with_rows_opens_at_its_top_at_the_greatest_text_size(
    qtbot: Any, look: QApplication, context: Context
) -> None:
    window, body = open_enlarged(qtbot, look, context)
    assert body.verticalScrollBar().value() == 0
    window.close()
