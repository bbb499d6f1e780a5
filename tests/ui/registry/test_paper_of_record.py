"""The paper forms of the person or household in the panel, one menu away."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.ui.paper.page import PaperPage
from tests.factories import add_household


def paper_page(page: Any) -> PaperPage:
    """The screen that was put on top, once it has counted."""
    window = page.window()
    QApplication.processEvents()
    found = window.current_page
    assert isinstance(found, PaperPage)
    assert window.tasks.wait_all()
    return found


def test_a_persons_menu_leads_to_his_paper_form(context: Context, show: Any) -> None:
    _, (_, second) = add_household(context, members=("Nguyễn Văn Ước", "H'Hen Niê"))
    page = show(context, "citizens")
    page.open_target(second)
    assert "citizens.paper" in [action.objectName() for action in page.menu_actions()]
    page.action("citizens.paper").trigger()
    paper = paper_page(page)
    assert paper.plan is not None
    assert [form.uid for form in paper.plan.forms] == [second]
    assert "H'Hen Niê" in paper.who.field("citizen").editor.text()


def test_a_households_menu_leads_to_the_forms_of_all_its_people(context: Context, show: Any) -> None:
    household, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    page = show(context, "households")
    page.open_target(household)
    page.action("households.paper").trigger()
    paper = paper_page(page)
    assert paper.plan is not None
    assert [(form.model, form.uid) for form in paper.plan.forms] == [
        (LearningModel.FAMILY, household),
        *((LearningModel.CITIZEN, uid) for uid in people),
    ]
