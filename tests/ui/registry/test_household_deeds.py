"""Deeds with days from the household's panel: by keys and menus, forms in place, what was before shown below."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication

from desktop_app.models.types import LifeStatus
from desktop_app.services.context import Context
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.ui.registry.conftest import Home, opened, panel_text


def fill(page: Any, **values: Any) -> bool:
    form = page.form_pane.form
    form.set_raw({**form.raw(), **values})
    return bool(page.form_pane.save())


def test_a_household_is_split_and_the_new_one_is_shown(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page.action("households.split").trigger()
    assert page.form_pane.title_label.text() == "Tách hộ từ hộ Nguyễn Văn Ước"
    assert not fill(page)
    assert "Hãy chọn những người tách ra." in page.form_pane.message
    assert fill(page, **{home[1][2]: "Chủ hộ", "code": "01-0009", "on": "01/03/2026"})
    assert page.panel.title_label.text() == "Hộ Nguyễn Minh Đạt"
    assert "01/03/2026" in panel_text(page)
    page.open_target(home[0])
    assert "Đã tách ra hộ" in panel_text(page)
    assert "Từng ở hộ này" in panel_text(page)


def test_a_death_of_the_head_asks_for_the_new_one(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page._people.choose(home[1][0])
    page.action("households.death").trigger()
    assert not fill(page, on="01/05/2026")
    assert "chủ hộ mới" in page.form_pane.form.field("new_head").message
    assert fill(page, on="01/05/2026", new_head=home[1][1])
    assert citizen_detail(context, home[1][0]).life is LifeStatus.DEAD
    assert page.panel.title_label.text() == "Hộ Trần Thị Ánh"
    assert "quan hệ của những người khác" in page.ask_bar.question


def test_a_person_goes_away_and_comes_back_by_keys(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page._people.choose(home[1][2])
    page.action("households.leave").trigger()
    assert fill(page, how="away", place="Đồng Nai", on="01/02/2026")
    assert citizen_detail(context, home[1][2]).life is LifeStatus.AWAY
    page._people.choose(home[1][2])
    page.action("households.back").trigger()
    assert fill(page, on="01/04/2026")
    assert citizen_detail(context, home[1][2]).life is LifeStatus.LIVING
    page._people.choose(home[1][2])
    page.action("households.back").trigger()
    assert page.ask_bar.question == "Nguyễn Minh Đạt đang ở xã; không có lần đi nào để ghi trở về."


def test_a_whole_household_leaves_and_its_panel_offers_the_way_back(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page.action("households.out").trigger()
    assert fill(page, place="Cà Mau", on="01/02/2026")
    page.former_chip.setChecked(True)
    QApplication.processEvents()
    assert page.list.paged.rowCount() == 1
    assert "Ghi hộ trở về" in [action.text() for action in page.household_actions()]
    page.action("households.split").trigger()
    assert page.ask_bar.question.startswith("Hộ này không còn từ 01/02/2026")
    page.action("households.return").trigger()
    assert fill(page, on="01/04/2026", **{home[1][2]: False})
    lives = [member.life for member in household_detail(context, home[0]).members]
    assert lives == [LifeStatus.LIVING, LifeStatus.LIVING, LifeStatus.MOVED]


def test_a_household_moves_to_another_hamlet_and_shows_where_it_was(
    context: Context, home: Home, other: Home, show: Any
) -> None:
    page = opened(show, context, home)
    page.action("households.place").trigger()
    goal = next(row.uid for row in hamlet_list(context).rows(0, 9) if row.name == "Thôn 2")
    assert fill(page, hamlet=goal, address="Số 5", on="01/03/2026")
    QApplication.processEvents()
    assert [row.text for row in page.panel.lists[-2].rows()] == ["Thôn 1"]


def test_joining_shows_the_household_that_stands(context: Context, home: Home, other: Home, show: Any) -> None:
    page = opened(show, context, other)
    page.action("households.join").trigger()
    assert fill(page, household=home[0], **{other[1][0]: "em"})
    assert page.current_uid == home[0]
    assert household_detail(context, other[0]).valid_to


def test_a_newborn_is_added_with_the_day_as_birth(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page.action("households.newcomer").trigger()
    page.form_pane.form.set_raw({"how": "born", "on": "10/04/2026", "full_name": "Nguyễn Thị Bé", "relation": "cháu"})
    page.form_pane.save()
    assert page.form_pane.save(), "doubts (no birth yet) are kept by saving again"
    added = household_detail(context, home[0]).members[-1]
    assert (added.name, added.birth) == ("Nguyễn Thị Bé", "10/04/2026")


def test_every_deed_has_a_key_of_its_own(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    keys = [spec.shortcut for spec in page.ACTIONS if spec.shortcut]
    assert len(keys) == len(set(keys))
    deeds = [
        action.objectName() for action in (*page.household_actions(), *page.person_deeds.actions(LifeStatus.LIVING))
    ]
    assert {"households.split", "households.join", "households.place", "households.out", "households.death"} <= set(
        deeds
    )
