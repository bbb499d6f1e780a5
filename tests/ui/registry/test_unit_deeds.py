"""Hamlets merged and taken over from their page; members and titles by year on the pages of units."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.moves.bulk import BulkChange, BulkField, apply
from desktop_app.services.registry.details import hamlet_detail, household_detail
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.services.registry.units_edit import save_branch, save_clan, save_organization
from desktop_app.ui.registry.branch_page import BranchPage
from tests.factories import add_household
from tests.services.registry.scores import give_title
from tests.ui.registry.conftest import panel_text

Home = tuple[str, list[str]]


@pytest.fixture
def home(context: Context) -> Home:
    return add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh"))


def opened(show: Any, context: Context, key: str, uid: str) -> Any:
    page = show(context, key)
    page.open_target(uid)
    QApplication.processEvents()
    return page


def hamlet(context: Context, name: str) -> str:
    return next(row.uid for row in hamlet_list(context).rows(0, 9) if row.name == name)


def test_a_hamlet_is_merged_from_its_page_after_saying_what_goes_along(context: Context, home: Home, show: Any) -> None:
    first, second = hamlet(context, "Thôn 1"), hamlet(context, "Thôn 2")
    page = opened(show, context, "hamlets", first)
    page.action("hamlets.merge").trigger()
    assert page.form_pane.note_label.text().startswith("Chuyển theo: 1 hộ, 2 người.")
    page.form_pane.form.set_raw({"hamlet": second, "on": "01/03/2026"})
    page.form_pane.save()
    assert page.form_pane.is_working
    assert not page.may_leave_form(lambda: None)
    page.form_pane.leave()
    assert page.form_pane.is_open
    assert page.shell.tasks.wait_all()
    assert page.current_uid == second
    assert "Thôn, tổ đã nhập vào đây (1)" in panel_text(page)
    assert household_detail(context, home[0]).hamlet.uid == second
    page.open_target(first)
    assert "Đã nhập vào" in panel_text(page)


def test_what_stands_against_a_merge_of_hamlets_is_said_in_its_form(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, "hamlets", hamlet(context, "Thôn 1"))
    page.action("hamlets.merge").trigger()
    page.form_pane.form.set_raw({"hamlet": hamlet(context, "Thôn 2"), "on": "31/02/2026"})
    page.form_pane.save()
    assert page.shell.tasks.wait_all()
    assert not page.form_pane.is_working
    assert "cần sửa" in page.form_pane.message
    assert page.form_pane.save_button.isEnabled()


def test_a_former_communes_hamlets_are_named_in_one_form(context: Context, show: Any) -> None:
    page = show(context, "hamlets")
    page.action("hamlets.take_over").trigger()
    here = hamlet(context, "Thôn 1")
    raw = page.form_pane.form.raw()
    page.form_pane.form.set_raw({**raw, "former_commune": "Phú Hữu", "new_names": "Thôn 2\nThôn 7", here: True})
    assert page.form_pane.save()
    assert hamlet_detail(context, here).former_commune == "Phú Hữu"
    named = [(row.name, row.former_commune) for row in hamlet_list(context).rows(0, 9)]
    assert ("Thôn 2", "") in named
    assert ("Thôn 2", "Phú Hữu") in named


def test_pages_of_units_count_titles_year_by_year(context: Context, home: Home, show: Any) -> None:
    give_title(context, home[0], 1, model=LearningModel.FAMILY)
    give_title(context, home[1][0], 2, model=LearningModel.CITIZEN)
    clan = save_clan(context, None, {"name": "Họ Nguyễn"}, [home[0]]).uid
    unit = save_organization(context, None, {"name": "Trường Phú An"}, {home[1][0]: "giáo viên"}).uid
    assert "Gia đình học tập theo năm" in panel_text(opened(show, context, "clans", clan or ""))
    assert "Công dân học tập theo năm" in panel_text(opened(show, context, "organizations", unit or ""))
    assert "Gia đình học tập theo năm" in panel_text(opened(show, context, "hamlets", hamlet(context, "Thôn 1")))
    told = panel_text(opened(show, context, "households", home[0]))
    assert "Danh hiệu công dân trong hộ" in told
    assert "1 người: Nguyễn Văn Ước" in told


def test_a_branch_names_its_people(context: Context, home: Home, show: Any) -> None:
    branch = save_branch(context, None, {"code": "CH01", "name": "Chi hội thôn 1"}).uid
    apply(context, BulkChange(BulkField.BRANCH, "household", branch), [home[0]])
    page = show(context, "hamlets")
    page.open_branches()
    QApplication.processEvents()
    shown = page.window().findChild(BranchPage)
    shown.open_target(branch)
    QApplication.processEvents()
    assert "Hội viên (2 người)" in panel_text(shown)
    assert [row.text for row in shown.panel.lists[0].rows()] == ["Trần Thị Ánh", "Nguyễn Văn Ước"]
