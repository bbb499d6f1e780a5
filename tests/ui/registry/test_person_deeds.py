"""The deeds about one person on the page of citizens: asked in the panel's place."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import LifeStatus
from desktop_app.services.context import Context
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.registry.details_past import citizen_past
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from desktop_app.ui.registry.citizen_page import CitizenPage
from desktop_app.ui.registry.person_deeds import Deed
from tests.factories import add_household


@pytest.fixture
def page(context: Context, look: QApplication, qtbot: Any) -> Any:
    window = MainWindow((PageSpec("citizens", "Công dân", "users", CitizenPage),), context)
    window.resize(1366, 728)
    window.show()
    qtbot.waitExposed(window)
    window.open_page("citizens")
    QApplication.processEvents()
    yield window.page("citizens")
    window.page("citizens").form_pane.close_form()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_person_moves_dies_and_leaves_from_his_own_page(context: Context, page: Any) -> None:
    home, members = add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    other, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))
    page.refresh()
    page.open_target(members[0])
    page.action("citizens.move").trigger()
    assert page.form_pane.title_label.text() == "Chuyển Nguyễn Văn Ước sang hộ khác"
    page.form_pane.form.set_raw({"household": other, "new_head": members[1], "on": "01/03/2026"})
    assert page.form_pane.save()
    assert household_detail(context, home).head.name == "Trần Thị Ánh"
    page.open_target(members[2])
    page.person_deeds.open(Deed.LEAVE)
    page.form_pane.form.set_raw({"how": "moved", "place": "Cần Thơ"})
    assert page.form_pane.save()
    assert citizen_detail(context, members[2]).life is LifeStatus.MOVED
    assert [place.words for place in citizen_past(context, members[2])] == ["Cần Thơ"]


def test_only_fitting_deeds_are_offered(context: Context, page: Any) -> None:
    add_household(context, "01-0001", members=("Nguyễn Văn Ước",))
    offered = {life: [action.objectName() for action in page.person_deeds.actions(life)] for life in LifeStatus}
    assert offered[LifeStatus.DEAD] == []
    assert offered[LifeStatus.MOVED] == ["citizens.back", "citizens.death"]
    assert "citizens.back" not in offered[LifeStatus.LIVING]
