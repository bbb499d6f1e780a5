"""One person: what the panel tells, changing and adding by keyboard, doubts, refusals, and what is written down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.context import Context
from desktop_app.services.history import operations
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.ui.assessment.target import FormTarget
from tests.factories import add_household
from tests.ui.conftest import primaries, type_text
from tests.ui.registry.conftest import eye, find, focused, key, names, panel_text, replace_text


@pytest.fixture
def family(context: Context) -> list[str]:
    """Uids of Nguyễn Văn Ước (head), Trần Thị Ánh and Nguyễn Minh Đạt of household 01-0001."""
    _, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    save_citizen(context, people[1], {"cccd": "079 184 000 319", "phone": "0912 345 678", "relation": "Vợ"})
    return people


def kinds(context: Context) -> list[str]:
    return [operation.kind for operation in operations(context)]


def errors_of(page: Any) -> dict[str, str]:
    form = page.form_pane.form
    fields = {field.key: form.field(field.key) for field in form.spec.fields}
    return {name: field.message for name, field in fields.items() if field.message}


def test_the_panel_tells_who_where_how_judged_and_what_was_done(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    uid = find(page, "Huỳnh Xuân An")
    page.open_target(uid)
    text = panel_text(page)
    assert page.panel.title_label.text() == "Huỳnh Xuân An"
    assert "Đánh giá 2026" in text
    assert "77/80 điểm. Nếu chỉ số 4 lên 8 điểm thì đạt." in text
    assert "02-0181" in text
    history = [row.text for rows in page.panel.lists for row in rows.rows()]
    assert "Nhập 1.342 công dân từ 01_mot_bang.xlsx" in history
    assert "Nhập 141 phiếu chấm từ 07_phieu_cham_thon_2.xlsx" in history


def test_numbers_are_masked_until_the_eye_is_pressed_and_looking_is_written_down(
    context: Context, family: list[str], show: Any
) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    assert "0•• ••• ••• 319" in panel_text(page)
    assert "0••• ••• 678" in panel_text(page)
    assert "citizen.reveal" not in kinds(context)
    button = eye(page, "Số CCCD")
    button.click()
    assert "079184000319" in panel_text(page)
    assert kinds(context)[0] == "citizen.reveal"
    button.click()
    assert "079184000319" not in panel_text(page)


def test_the_form_button_opens_this_persons_form(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[2])
    page.action("citizens.form").trigger()
    assert page.window().page("assessment").asked == [FormTarget(LearningModel.CITIZEN, family[2])]


def test_somebody_under_sixteen_has_no_verdict_and_no_form_to_open(
    context: Context, family: list[str], show: Any
) -> None:
    save_citizen(context, family[2], {"birth": "2016"})
    page = show(context, "citizens")
    page.open_target(family[2])
    text = panel_text(page)
    assert "Chưa đủ 16 tuổi trong đợt này." in text
    assert "/100" not in text and "Chưa chấm" not in text
    assert [button.text() for button in page.foot_buttons()] == ["Sửa", "Xóa"]
    assert page.action("citizens.form") not in page.menu_actions()
    page.action("citizens.form").trigger()
    assert page.ask_bar.question_label.text() == "Nguyễn Minh Đạt: Chưa đủ 16 tuổi trong đợt này."
    assert page.window().current_key == "citizens"
    page.open_target(family[0])
    assert [button.text() for button in page.foot_buttons()] == ["Mở phiếu", "Sửa", "Xóa"]
    assert "Chưa đủ 16 tuổi" not in panel_text(page)


def test_links_lead_to_the_household_and_the_hamlet(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    detail = citizen_detail(context, family[1])
    page.open_link("households", detail.household.uid)
    assert page.window().page("households").panel.title_label.text() == "Hộ Nguyễn Văn Ước"
    page.window().page("households").open_link("citizens", family[2])
    assert page.panel.title_label.text() == "Nguyễn Minh Đạt"


def test_a_person_is_changed_by_keyboard_alone(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    assert focused() is page.list.view
    page.action("edit").trigger()
    assert focused() is page.form_pane.form.field("full_name").editor
    key(Qt.Key.Key_Return)
    replace_text("20/11/1984")
    page.action("save").trigger()
    assert not page.form_pane.is_open
    assert citizen_detail(context, family[1]).birth == "20/11/1984"
    assert page.panel.title_label.text() == "Trần Thị Ánh"
    assert focused() is page.list.view
    assert kinds(context)[0] == "citizen.edit"


def test_only_what_was_changed_is_written(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_edit()
    page.form_pane.form.set_raw({"occupation": "Giáo viên"})
    assert page.form_pane._values() == {"occupation": "Giáo viên"}
    page.form_pane.save()
    assert citizen_detail(context, family[1]).cccd == "0•• ••• ••• 319"


def test_saving_without_a_change_writes_nothing(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    before = len(kinds(context))
    page.on_edit()
    assert page.form_pane.save()
    assert len(kinds(context)) == before
    assert not page.form_pane.is_open


def test_errors_stand_beside_their_fields_and_what_was_typed_stays(
    context: Context, family: list[str], show: Any
) -> None:
    page = show(context, "citizens")
    page.open_target(family[0])
    page.on_edit()
    page.form_pane.form.set_raw({"full_name": "Nguyễn 3", "birth": "31/02/1984", "cccd": "079184000319"})
    assert not page.form_pane.save()
    errors = errors_of(page)
    assert errors["full_name"] == "Họ và tên không được có chữ số."
    assert "không có trong lịch" in errors["birth"]
    assert "Trần Thị Ánh" in errors["cccd"]
    assert page.form_pane.message == "Chưa cất: 3 mục cần sửa."
    assert page.form_pane.form.raw()["birth"] == "31/02/1984"
    assert focused() is page.form_pane.form.field("full_name").editor
    assert citizen_detail(context, family[0]).name == "Nguyễn Văn Ước"


def test_a_field_says_what_is_wrong_when_it_is_left(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[0])
    page.on_edit()
    page.form_pane.form.focus_field("cccd")
    type_text(focused(), "079184000319")
    key(Qt.Key.Key_Return)
    assert "đã ghi cho Trần Thị Ánh" in errors_of(page)["cccd"]


def test_a_doubt_is_shown_once_and_kept_by_saving_again(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_edit()
    page.form_pane.form.set_raw({"sex": "male"})
    assert not page.form_pane.save()
    assert "khác với giới tính" in errors_of(page)["cccd"]
    assert page.form_pane.save_button.text() == "Vẫn cất"
    assert page.form_pane.save()
    assert citizen_detail(context, family[1]).sex == "male"


def test_a_doubt_is_asked_again_after_another_change(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_edit()
    page.form_pane.form.set_raw({"sex": "male"})
    page.form_pane.save()
    page.form_pane.form.set_raw({"birth": "1990"})
    assert page.form_pane.save_button.text() == "Cất"
    assert not page.form_pane.save()


def test_esc_never_throws_away_what_was_typed(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_edit()
    replace_text("Trần Thị Ánh Tuyết")
    key(Qt.Key.Key_Escape)
    assert page.form_pane.is_open
    assert page.ask_bar.isVisible()
    assert focused().text() == "Làm tiếp"
    key(Qt.Key.Key_Escape)
    assert not page.ask_bar.isVisible()
    assert focused() is page.form_pane.form.field("full_name").editor
    assert focused().text() == "Trần Thị Ánh Tuyết"


def test_esc_closes_a_form_that_holds_no_change(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_edit()
    key(Qt.Key.Key_Escape)
    assert not page.form_pane.is_open
    assert focused() is page.list.view


def test_another_row_another_screen_and_closing_ask_before_leaving_a_changed_form(
    context: Context, family: list[str], show: Any, qtbot: Any
) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    row = page.list.view.currentIndex().row()
    page.on_edit()
    page.form_pane.form.set_raw({"occupation": "Nông dân"})
    page.list.select_row(0 if row else 1)
    assert page.ask_bar.isVisible()
    qtbot.waitUntil(lambda: page.list.view.currentIndex().row() == row)
    page.window().open_page("households")
    assert page.window().current_page is page
    assert not page.window().close()
    page.ask_bar.buttons[0].click()
    assert citizen_detail(context, family[1]).occupation == "Nông dân"
    page.window().open_page("households")
    assert page.window().current_page is not page


def test_after_the_answer_work_goes_on_where_it_was_wanted(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    wanted = next(row for row in range(3) if page.list.paged.row_at(row).uid != family[1])
    page.on_edit()
    page.form_pane.form.set_raw({"occupation": "Nông dân"})
    page.list.select_row(wanted)
    page.ask_bar.buttons[1].click()
    assert citizen_detail(context, family[1]).occupation == ""
    assert page.current_uid == page.list.paged.row_at(wanted).uid
    assert not page.form_pane.is_open


def test_a_person_is_added_with_insert_and_the_next_one_repeats_by_f7(context: Context, show: Any) -> None:
    household, _ = add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "citizens")
    page.action("citizens.insert").trigger()
    type_text(focused(), "Lê Thị Mai")
    key(Qt.Key.Key_Return)
    type_text(focused(), "1984")
    page.form_pane.form.set_raw({"household": household, "occupation": "Nông dân", "sex": "female"})
    assert page.form_pane.save(repeat=True)
    assert page.form_pane.is_open
    assert page.form_pane.form.raw()["household"] == household
    type_text(focused(), "Lê Văn Bình")
    page.form_pane.form.focus_field("occupation")
    key(Qt.Key.Key_F7)
    assert page.form_pane.form.raw()["occupation"] == "Nông dân"
    page.form_pane.form.set_raw({"birth": "1980"})
    page.action("save").trigger()
    assert sorted(member.name for member in household_detail(context, household).members) == [
        "Lê Thị Mai",
        "Lê Văn Bình",
        "Nguyễn Văn Ước",
    ]
    assert page.list.current().name == "Lê Văn Bình"


@pytest.mark.parametrize("page_key", ["citizens", "organizations"])
def test_after_the_first_record_of_all_is_saved_the_keys_go_to_its_row(
    context: Context, show: Any, page_key: str
) -> None:
    page = show(context, page_key)
    assert not page.list.view.isVisible()
    page.action("add").trigger()
    QApplication.processEvents()
    type_text(focused(), "Nguyễn Văn Mới")
    for _ in range(3):
        if page.form_pane.is_open:
            page.action("save").trigger()
            QApplication.processEvents()
    assert not page.form_pane.is_open, page.form_pane.message
    assert focused() is page.list.view
    assert page.list.current().uid == page.current_uid


def test_an_empty_register_has_one_main_deed_and_a_full_one_too(context: Context, show: Any) -> None:
    page = show(context, "citizens")
    assert [button.text() for button in primaries(page.window())] == ["Nhập khẩu"]
    add_household(context, members=("Nguyễn Văn Ước",))
    page.refresh()
    page.panel.set_buttons()
    assert [button.text() for button in primaries(page.window())] == ["Thêm"]
    page.search_text = "không ai tên thế"
    page.on_search(page.search_text)
    assert [button.text() for button in primaries(page.window())] == ["Thêm"]


def test_a_new_person_gets_the_group_that_age_and_work_propose(context: Context, show: Any) -> None:
    page = show(context, "citizens")
    page.on_add()
    page.form_pane.form.set_raw({"full_name": "Lê Thị Mai", "birth": "1984", "occupation": "Giáo viên"})
    page.form_pane.save()
    assert page.form_pane.save()
    assert citizen_detail(context, page.current_uid).group is CitizenGroup.OFFICIAL


def test_the_household_is_found_by_typing_a_members_name(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.on_add()
    page.form_pane.form.focus_field("household")
    type_text(focused(), "ước")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert focused().text() == "01-0001 · Nguyễn Văn Ước · Thôn 1"


def test_words_that_fit_no_household_stay_and_block(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.on_add()
    page.form_pane.form.set_raw({"full_name": "Lê Thị Mai", "birth": "1984"})
    page.form_pane.form.focus_field("household")
    type_text(focused(), "99-9999")
    assert not page.form_pane.save()
    assert "99-9999" in errors_of(page)["household"]
    assert page.form_pane.form.field("household").editor.text() == "99-9999"


def test_a_masked_number_is_fetched_only_by_the_eye_and_replaced_by_typing(
    context: Context, family: list[str], show: Any
) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_edit()
    editor = page.form_pane.form.field("cccd").editor
    page.form_pane.form.focus_field("cccd")
    assert focused().text() == ""
    page.form_pane.form.focus_field("phone")
    assert editor.shown_text == "0•• ••• ••• 319"
    assert not page.form_pane.is_changed
    editor.eye.click()
    assert editor.shown_text == "079184000319"
    assert kinds(context)[0] == "citizen.reveal"
    assert not page.form_pane.is_changed
    page.form_pane.form.focus_field("cccd")
    replace_text("079184000320")
    page.form_pane.save()
    page.form_pane.save()
    assert citizen_detail(context, family[1]).cccd == "0•• ••• ••• 320"


def test_removal_is_asked_about_and_undone_by_ctrl_z(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[2])
    page.action("delete").trigger()
    assert page.ask_bar.question.startswith("Xóa Nguyễn Minh Đạt khỏi sổ?")
    assert focused().text() == "Giữ lại"
    key(Qt.Key.Key_Space, " ")
    assert len(names(page)) == 3
    page.on_delete()
    page.ask_bar.buttons[0].click()
    assert "Nguyễn Minh Đạt" not in names(page)
    assert page.current_uid != family[2]
    assert page.undo() is False


def test_who_has_a_form_is_not_removed_and_the_reason_is_said(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    uid = find(page, "Huỳnh Xuân An")
    page.open_target(uid)
    page.on_delete()
    assert "Đã có 1 phiếu chấm" in page.ask_bar.question
    assert "ghi nhận đã mất" in page.ask_bar.question
    assert [button.text() for button in page.ask_bar.buttons] == ["Đã hiểu"]


def test_ctrl_z_in_a_form_never_takes_back_an_earlier_deed(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_edit()
    before = kinds(context)
    page.window()._on_undo()
    assert kinds(context) == before
    assert page.form_pane.is_open


def test_who_was_removed_elsewhere_is_told_in_words(context: Context, family: list[str], show: Any) -> None:
    from desktop_app.services.registry.citizens import remove_citizen

    page = show(context, "citizens")
    page.open_target(family[2])
    page.on_edit()
    page.form_pane.form.set_raw({"occupation": "Nông dân"})
    remove_citizen(context, family[2])
    assert not page.form_pane.save()
    assert "không còn trong sổ" in page.ask_bar.question
    assert page.form_pane.form.raw()["occupation"] == "Nông dân"


def test_what_others_write_is_seen_when_the_page_comes_back(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.window().open_page("households")
    save_citizen(context, family[1], {"full_name": "Trần Thị Ánh Tuyết"})
    page.window().announce_change("citizen")
    page.window().open_page("citizens")
    QApplication.processEvents()
    assert "Trần Thị Ánh Tuyết" in names(page)


def test_a_persons_data_are_written_as_a_sheet_and_that_is_written_down(
    context: Context, family: list[str], show: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2

    from desktop_app.ui.widgets import dialogs

    page = show(context, "citizens")
    page.open_target(family[1])
    path = tmp_path / "phieu.pdf"
    offered: list[str] = []
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *a, name, **k: offered.append(name) or path)
    page.on_export_person()
    assert offered == ["du_lieu_tran_thi_anh.pdf"]
    document = pypdfium2.PdfDocument(path)
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    document.close()
    assert "Trần Thị Ánh" in text
    assert "079184000319" in text
    assert kinds(context)[0] == "person.export"


def test_a_person_is_erased_for_good_after_being_asked_about(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[1])
    page.on_erase()
    assert page.ask_bar.question.startswith("Xóa hẳn dữ liệu của Trần Thị Ánh")
    assert "không hoàn tác được" in page.ask_bar.question
    assert focused().text() == "Giữ lại"
    page.ask_bar.buttons[0].click()
    assert "Trần Thị Ánh" not in names(page)
    assert kinds(context)[0] == "citizen.erase"


def test_who_heads_others_is_not_erased_and_the_reason_is_said(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(family[0])
    page.on_erase()
    assert "Đang là chủ hộ của hộ còn 2 người khác" in page.ask_bar.question


def test_a_record_is_read_from_its_top(sample: Context, show: Any, qtbot: Any) -> None:
    page = show(sample, "citizens")
    page.on_edit()
    page.form_pane.form.set_raw({"occupation": "Giáo viên"})
    page.form_pane.save()
    bar = page.panel.body.parentWidget().parent().parent().verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QApplication.processEvents()
    assert bar.value() == 0
    assert focused() is page.list.view
