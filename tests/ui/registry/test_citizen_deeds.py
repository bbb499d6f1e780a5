"""What the page of citizens offers about one person and about many: deeds, former places, joining two, taking out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop_app.models.types import LifeStatus
from desktop_app.services.context import Context
from desktop_app.services.duplicates.merging import merge_people, older_first
from desktop_app.services.moves.deeds import move_member
from desktop_app.services.registry.details import citizen_detail
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.registry.bulk_pane import BulkPane
from tests.factories import add_household
from tests.ui.registry.conftest import panel_text


@pytest.fixture
def people(context: Context) -> list[str]:
    """Nguyễn Văn Ước (head), Trần Thị Ánh of 01-0001; Lê Văn Bình and Lê Thị Bình of 02-0001."""
    _, first = add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    _, second = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình", "Lê Thị Bình"))
    return [*first, *second]


def names(actions: Any) -> list[str]:
    return [action.objectName() for action in actions]


def test_the_deeds_that_fit_stand_in_the_menu_of_the_row_and_below_the_panels_button(
    context: Context, people: list[str], show: Any
) -> None:
    page = show(context, "citizens")
    page.open_target(people[1])
    offered = names(page.menu_actions())
    assert {"citizens.move", "citizens.leave", "citizens.death", "citizens.merge", "citizens.bulk"} <= set(offered)
    assert "citizens.back" not in offered
    assert "Việc của người này" in [button.text() for button in page.panel.findChildren(QPushButton)]
    page.action("citizens.death").trigger()
    page.form_pane.form.set_raw({"on": "01/03/2026"})
    assert page.form_pane.save()
    assert citizen_detail(context, people[1]).life is LifeStatus.DEAD
    assert not {"citizens.move", "citizens.leave", "citizens.death"} & set(names(page.menu_actions()))


def test_where_somebody_lived_before_leads_to_that_household(context: Context, people: list[str], show: Any) -> None:
    old = citizen_detail(context, people[1]).household.uid
    new = citizen_detail(context, people[2]).household.uid
    move_member(context, people[1], new, on=None)
    page = show(context, "citizens")
    page.open_target(people[1])
    assert "Nơi ở trước" in panel_text(page)
    rows = next(rows for rows in page.panel.lists if rows.accessibleName() == "Nơi ở trước")
    assert [row.key for row in rows.rows()] == [old]


def test_many_people_are_changed_at_once_from_the_list(context: Context, people: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.action("citizens.bulk").trigger()
    QApplication.processEvents()
    pane = page.side.currentWidget()
    assert isinstance(pane, BulkPane)
    assert pane.who_label.text().startswith("Cả danh sách đang hiện: 4 người.")


def test_two_people_are_brought_before_the_screen_that_compares_them(
    context: Context, people: list[str], show: Any
) -> None:
    page = show(context, "citizens")
    page.open_target(people[2])
    page.action("citizens.merge").trigger()
    assert page.form_pane.title_label.text() == "Gộp Lê Văn Bình với người khác"
    assert people[2] not in [uid for uid, _ in page.form_pane.form.field("other").spec.find("Bình")]
    page.form_pane.form.set_raw({"other": people[3]})
    assert page.form_pane.save()
    window = page.window()
    window.tasks.wait_all()
    QApplication.processEvents()
    assert isinstance(window.current_page, DuplicatesPage)
    row = window.current_page.current
    assert {row.first.uid, row.second.uid} == set(people[2:])


def test_a_link_to_a_record_that_was_merged_leads_to_who_stayed(context: Context, people: list[str], show: Any) -> None:
    page = show(context, "citizens")
    merged = merge_people(context, people[2], people[3])
    page.open_target(merged.absorbed)
    assert page.current_uid == merged.survivor
    page.current_uid = merged.absorbed
    page.refresh()
    assert page.current_uid == merged.survivor, "the screen of duplicates was opened from the record that is gone"


def test_refusing_to_delete_names_the_deeds_instead(context: Context, people: list[str], show: Any) -> None:
    page = show(context, "citizens")
    page.open_target(people[0])
    page.refuse_delete("Chưa xóa được Nguyễn Văn Ước.")
    assert "ghi nhận đã mất (Ctrl+Shift+D)" in page.ask_bar.question
    assert "đi khỏi xã (Ctrl+Shift+X)" in page.ask_bar.question


def test_everything_held_about_a_person_is_two_choices_away(
    context: Context, people: list[str], show: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "phieu.pdf"
    monkeypatch.setattr("desktop_app.ui.widgets.dialogs.ask_save_file", lambda *_args, **_kw: out)
    page = show(context, "citizens")
    page.open_target(people[0])
    assert "citizens.held" in names(page.menu_actions())
    page.action("citizens.held").trigger()
    assert out.read_bytes().startswith(b"%PDF")


def test_a_merged_record_is_named_in_the_panel_and_taken_apart_from_there(
    context: Context, people: list[str], show: Any
) -> None:
    kept, gone = older_first(people[2], people[3])
    name = citizen_detail(context, gone).name
    merge_people(context, kept, gone)
    page = show(context, "citizens")
    page.open_target(gone)
    assert page.current_uid == kept
    assert "Hồ sơ trùng đã gộp vào (1)" in panel_text(page)
    button = next(one for one in page.panel.findChildren(QPushButton) if one.text() == "Tách lại")
    button.click()
    assert page.ask_bar.isVisibleTo(page)
    answer = next(one for one in page.ask_bar.findChildren(QPushButton) if one.text() == "Tách lại")
    answer.click()
    QApplication.processEvents()
    assert "Hồ sơ trùng đã gộp vào" not in panel_text(page)
    assert citizen_detail(context, gone).name == name
