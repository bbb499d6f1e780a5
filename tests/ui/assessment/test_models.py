"""The forms of every model: checklists, counted shares, conditions, members, suggestions, and which citizen form."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.answers import answer
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import choose_set, confirm_set, sets_in_use
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.main_window import MainWindow
from tests.services.assessment.world import add_clan, add_unit
from tests.ui.assessment.stage import (
    YEAR,
    Key,
    digits,
    enter,
    first_uid,
    focused,
    form_of,
    key,
    letter,
    open_form_of,
    shift_enter,
    stored,
)


def people(context: Context) -> list[str]:
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT uid FROM citizen ORDER BY id").all()
    return [row[0].hex() for row in rows]


def pass_citizen(context: Context, uid: str) -> None:
    for code in map(str, range(1, 11)):
        answer(context, LearningModel.CITIZEN, uid, YEAR, code, 9)


# -- checklists and counted shares -----------------------------------------------------------------------------------


@pytest.fixture
def unit(window: MainWindow, small: Context) -> FormPage:
    made = add_unit(small, people(small)[:2])
    return open_form_of(window, LearningModel.ORGANIZATION, made)


def test_met_or_not_is_one_key_and_saved_at_once(unit: FormPage, small: Context) -> None:
    uid = unit.session.state.subject.uid
    assert focused() is unit.view.met
    letter("a")
    assert stored(small, LearningModel.ORGANIZATION, uid) == {"1.1": 1}
    digits("0")
    assert stored(small, LearningModel.ORGANIZATION, uid) == {"1.1": 0}
    key(Key.Key_unknown, "đ")
    assert stored(small, LearningModel.ORGANIZATION, uid) == {"1.1": 1}
    enter()
    assert unit.place == 1
    shift_enter()
    assert unit.place == 0
    assert unit.view.met.current == 0


def test_a_percentage_that_the_register_cannot_know_is_typed(unit: FormPage, small: Context) -> None:
    unit.go_to(5)
    assert unit.view.fact_view.heading_label.text() == "Nhập tỷ lệ thành viên của đơn vị tuân thủ kỷ luật, nội quy"
    digits("101")
    assert unit.view.error_label.text() == "Tỷ lệ của chỉ tiêu 2.1 từ 0 đến 100%."
    unit.view.box.clear()
    digits("90,5")
    shown = [line.text() for line in unit.view.fact_view._lines]
    assert shown == ["Mức độ 1: từ 90%, đã đủ", "Mức độ 2: từ 95%, chưa đủ"]
    enter()
    assert stored(small, LearningModel.ORGANIZATION, unit.session.state.subject.uid) == {"2.1": 90.5}


def test_a_counted_share_shows_its_arithmetic_and_takes_no_typing(unit: FormPage, small: Context) -> None:
    pass_citizen(small, people(small)[0])
    unit.session.reopen()
    unit.go_to(8)
    view = unit.view
    assert focused() is view.fact_view
    assert view.box.isHidden()
    assert view.fact_view.arithmetic_label.text() == (
        "1 ÷ 2 thành viên của đơn vị = 50% được công nhận Công dân học tập."
    )
    assert view.fact_view._lines[0].text() == "Mức độ 1: từ 90%, còn thiếu 1 người"
    assert "đã đăng ký" in view.fact_view.others_label.text()
    enter()
    assert unit.place == 0


def test_both_grades_of_a_checklist_are_said(unit: FormPage, small: Context) -> None:
    for uid in people(small)[:2]:
        pass_citizen(small, uid)
    uid = unit.session.state.subject.uid
    for code in ("1.1", "1.2", "1.3", "1.4", "1.5", "2.3"):
        answer(small, LearningModel.ORGANIZATION, uid, YEAR, code, True)
    for code in ("2.1", "2.2"):
        answer(small, LearningModel.ORGANIZATION, uid, YEAR, code, 92)
    unit.refresh()
    assert unit.bar.said.startswith("Đạt mức độ 1")
    assert "mức độ 2" in unit.bar.said
    unit.go_to(5)
    unit.view.box.clear()
    digits("97")
    enter()
    unit.view.box.clear()
    digits("96")
    enter()
    assert unit.bar.said.startswith("Đạt mức độ 2")
    assert unit.bar.figure.accessibleName() == "9 / 9 chỉ tiêu"


def test_the_points_table_of_2020_shows_its_band(window: MainWindow, small: Context) -> None:
    points = next(s for s in sets_in_use(small) if s.definition.key == "organization.tt22")
    choose_set(small, points.uid)
    uid = add_unit(small, people(small)[:1])
    for indicator in points.definition.indicators:
        answer(small, LearningModel.ORGANIZATION, uid, YEAR, indicator.code, indicator.max_score)
    form = open_form_of(window, LearningModel.ORGANIZATION, uid)
    assert form.bar.said.startswith("Đạt loại Tốt")
    assert form.suggestion.isHidden()


def test_a_share_beside_points_is_help_only(window: MainWindow, small: Context) -> None:
    form = open_form_of(window, LearningModel.COMMUNITY, first_uid(small, "hamlet", "sort_key"))
    form.go_to(7)
    assert form.view.fact_line.text() == (
        "Theo sổ: 0 ÷ 1 hộ gia đình trong thôn = 0% được công nhận Gia đình học tập. Điểm vẫn do người chấm.\n"
        "Văn bản không nói rõ tính trên ai; chương trình suy ra.\n"
        "Cách tính khác, để tham khảo: 0/0 hộ gia đình trong thôn đã đăng ký được công nhận Gia đình học tập."
    )
    digits("15")
    enter()
    assert stored(small, LearningModel.COMMUNITY, first_uid(small, "hamlet", "sort_key")) == {"3.2": 15}


# -- members and conditions ------------------------------------------------------------------------------------------


def test_a_family_shows_its_people_and_their_titles_and_opens_one(window: MainWindow, small: Context) -> None:
    pass_citizen(small, people(small)[0])
    form = open_form_of(window, LearningModel.FAMILY, first_uid(small, "household"))
    rows = form.side.members.rows
    assert [row.text for row in rows] == ["Nguyễn Văn An", "Lê Thị Bình", "Nguyễn Văn Chính", "Nguyễn Thị Dung"]
    assert [(row.answer, row.icon) for row in rows][:2] == [("90", "check"), ("", "")]
    digits("9")
    form.side.members.setFocus()
    key(Key.Key_Down)
    enter()
    inner = form_of(window)
    assert inner is not form
    assert inner.session.state.subject.name == "Lê Thị Bình"
    window.pop()
    assert form_of(window) is form
    assert stored(small, LearningModel.FAMILY, first_uid(small, "household")) == {"1.1": 9}


def test_a_clan_shows_its_condition_with_state_and_arithmetic(window: MainWindow, small: Context) -> None:
    clan = add_clan(small, [first_uid(small, "household")])
    form = open_form_of(window, LearningModel.CLAN, clan)
    words = " ".join(label.text() for label in form.side._prerequisites.findChildren(type(form.side.line_label)))
    assert "0 ÷ 1 gia đình trong dòng họ = 0% được công nhận Gia đình học tập; phải từ 50%." in words
    assert "Điều kiện tiên quyết để công nhận một “dòng họ học tập”" in words
    assert form.side.members.rows[0].text == "Nguyễn Văn An"
    assert "phải từ 50%" in form.bar.said


def test_a_hamlet_a_unit_and_the_commune_show_who_counts(window: MainWindow, small: Context) -> None:
    unit = add_unit(small, people(small)[:3])
    for model, uid, head, count in (
        (LearningModel.COMMUNITY, first_uid(small, "hamlet", "sort_key"), "Hộ trong thôn", 1),
        (LearningModel.ORGANIZATION, unit, "Thành viên của đơn vị", 3),
        (LearningModel.COMMUNE, first_uid(small, "commune"), "Thôn, tổ trong xã", 2),
    ):
        form = open_form_of(window, model, uid)
        assert form.side._members_head.text() == head
        assert len(form.side.members.rows) == count


# -- suggestions -----------------------------------------------------------------------------------------------------


def test_a_suggested_set_says_so_until_the_office_has_confirmed_it(window: MainWindow, small: Context) -> None:
    uid = first_uid(small, "household")
    form = open_form_of(window, LearningModel.FAMILY, uid)
    assert form.suggestion.isVisible()
    assert form.suggestion.text_label.text() == (
        "Bản gợi ý, không phải văn bản. Công nhận chờ đến khi cơ quan xác nhận dùng bộ này trong Thiết lập."
    )
    assert "theo bản gợi ý" in form.bar.said
    with small.read() as connection:
        small.user = connection.exec_driver_sql('SELECT uid FROM "user"').scalar_one().hex()
    used = next(s for s in sets_in_use(small) if s.definition.key == "family")
    confirm_set(small, used.uid, "04/QĐ-HKH", dt.date(2026, 1, 15))
    form.refresh()
    assert form.suggestion.isHidden()
    assert "theo bản gợi ý" not in form.bar.said


def test_the_hint_leads_to_the_criteria_in_the_settings(window: MainWindow, small: Context) -> None:
    form = open_form_of(window, LearningModel.FAMILY, first_uid(small, "household"))
    link = form.suggestion.findChildren(type(form.bar.back_button).__mro__[1])[-1]
    link.click()
    assert window.current_key == "settings"
    assert window.current_page.asked == ["criteria"]


def test_a_zoomed_window_tells_of_the_suggestion_beside_the_wording(window: MainWindow, small: Context, qtbot) -> None:
    form = open_form_of(window, LearningModel.FAMILY, first_uid(small, "household"))
    window.zoom.set_percent(200)
    qtbot.waitUntil(lambda: form.suggestion.isHidden())
    assert form.view.sure_label.text().startswith("Bản gợi ý, không phải văn bản. Công nhận chờ")


# -- which of the four forms -----------------------------------------------------------------------------------------


@pytest.fixture
def ungrouped(window: MainWindow, small: Context) -> FormPage:
    return open_form_of(window, LearningModel.CITIZEN, people(small)[3])


def group_of(context: Context, uid: str) -> str | None:
    with context.read() as connection:
        query = "SELECT citizen_group FROM citizen WHERE uid = ?"
        found: str | None = connection.exec_driver_sql(query, (bytes.fromhex(uid),)).scalar_one()
    return found


def test_a_missing_group_is_proposed_and_nothing_is_stored_before_a_person_chooses(ungrouped, small: Context) -> None:
    choice = ungrouped.group_choice
    assert choice.isVisible()
    assert "đề nghị “Người lao động”" in choice.why_label.text()
    assert choice.choices.current == 1
    assert group_of(small, people(small)[3]) is None


def test_enter_takes_the_proposal_and_opens_the_form(ungrouped, small: Context) -> None:
    enter()
    assert group_of(small, people(small)[3]) == CitizenGroup.WORKER.value
    assert ungrouped.session.definition.group is CitizenGroup.WORKER
    assert focused() is ungrouped.view.box
    digits("9")
    enter()
    assert stored(small, LearningModel.CITIZEN, people(small)[3]) == {"1": 9}


@pytest.mark.parametrize(("typed", "group"), [("a", CitizenGroup.RESIDENT), ("3", CitizenGroup.OFFICIAL)])
def test_one_key_chooses_another_form(ungrouped, small: Context, typed: str, group: CitizenGroup) -> None:
    key(Key.Key_unknown, typed)
    assert group_of(small, people(small)[3]) == group.value
    assert ungrouped.session.definition.group is group


def test_arrows_only_move_the_mark(ungrouped, small: Context) -> None:
    key(Key.Key_Down)
    assert ungrouped.group_choice.isVisible()
    assert group_of(small, people(small)[3]) is None
    enter()
    assert group_of(small, people(small)[3]) == CitizenGroup.OFFICIAL.value


def test_page_down_passes_somebody_whose_form_is_not_chosen(window: MainWindow, small: Context) -> None:
    window.open_page("assessment")
    page = window.current_page
    page.table.select_row(3)
    enter()
    form = form_of(window)
    assert form.group_choice.isVisible()
    form.previous_person()
    assert not form.group_choice.isVisible()
