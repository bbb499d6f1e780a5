"""Titles by year on the pages of citizens, households and units: typed, completed and taken back, with their source."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton

from desktop_app.models.types import LearningModel
from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.registry.details import citizen_detail, hamlet_detail, household_detail
from desktop_app.services.registry.former_titles import GivenTitle, record_title, write_titles
from tests.services.registry.scores import give_title
from tests.ui.registry.conftest import Home

CITIZEN = LearningModel.CITIZEN


def button(page: Any, text: str) -> QPushButton:
    """The panel's button; those of a record shown before may still be there."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return next(found for found in page.panel.findChildren(QPushButton) if found.text() == text)


def rows_of(page: Any) -> Any:
    return next(rows for rows in page.panel.lists if rows.accessibleName() == "Danh hiệu")


@pytest.fixture
def page(context: Context, home: Home, show: Any) -> Any:
    found = show(context, "citizens")
    found.open_target(home[1][0])
    return found


def test_a_title_of_a_former_year_is_typed_and_taken_back(context: Context, home: Home, page: Any) -> None:
    uid = home[1][0]
    button(page, "Ghi danh hiệu năm trước").click()
    assert page.form_pane.form.values()["year"] == 2025
    page.form_pane.form.set_raw({"year": "2024", "number": "12/2024", "note": "sổ cũ"})
    assert page.form_pane.save()
    assert "số 12/2024 · ghi tay · sổ cũ" in [row.detail for row in rows_of(page).rows()]
    button(page, "Bỏ danh hiệu đã ghi").click()
    assert citizen_detail(context, uid).titles == ()
    context.journal.undo(history.operations(context)[0].id)
    assert [title.year for title in citizen_detail(context, uid).titles] == [2024]


def test_the_year_that_is_free_is_proposed_and_enter_completes_a_title(context: Context, home: Home, show: Any) -> None:
    uid = home[1][0]
    record_title(context, CITIZEN, uid, 2025)
    page = show(context, "citizens")
    page.open_target(uid)
    rows = rows_of(page)
    rows.opened.emit(rows.rows()[0].key)
    assert "Công dân học tập 2025" in page.form_pane.title_label.text()
    page.form_pane.form.set_raw({"number": "7"})
    assert page.form_pane.save()
    assert [(title.year, title.number) for title in citizen_detail(context, uid).titles] == [(2025, "7")]
    button(page, "Ghi danh hiệu năm trước").click()
    assert page.form_pane.form.values()["year"] == 2024


def test_a_year_of_the_round_is_refused_beside_its_field(context: Context, home: Home, page: Any) -> None:
    button(page, "Ghi danh hiệu năm trước").click()
    for wrong in ("2026", "25", "abc", ""):
        page.form_pane.form.set_raw({"year": wrong})
        assert not page.form_pane.save()
    assert citizen_detail(context, home[1][0]).titles == ()


def test_where_a_title_is_known_from_stands_with_it(context: Context, home: Home, show: Any) -> None:
    uid = home[1][0]
    with context.operation("title.record", {"count": 1}) as op:
        write_titles(op, [GivenTitle(CITIZEN, uid, 2025), GivenTitle(CITIZEN, uid, 2024)], "ho_2025.xlsx")
    give_title(context, uid, 3, model=CITIZEN, year=2024)
    page = show(context, "citizens")
    page.open_target(uid)
    found = [(row.text, row.detail, row.chip.text if row.chip else "") for row in rows_of(page).rows()]
    assert found == [
        ("Công dân học tập 2025", "theo danh sách ho_2025.xlsx", ""),
        ("Công dân học tập 2024", "số 0003/2024 · QĐ 12/QĐ-UBND", "Chờ in"),
        ("Công dân học tập 2024", "theo danh sách ho_2025.xlsx", "Theo giấy năm đó"),
    ]
    button(page, "Bỏ danh hiệu đã ghi").click()
    assert "Hãy chọn danh hiệu" in page.ask_bar.question_label.text()
    assert len(citizen_detail(context, uid).titles) == 3


def test_households_and_hamlets_have_them_too(context: Context, home: Home, show: Any) -> None:
    hamlet = household_detail(context, home[0]).hamlet
    assert hamlet
    for key, uid, read in (("households", home[0], household_detail), ("hamlets", hamlet.uid, hamlet_detail)):
        page = show(context, key)
        page.open_target(uid)
        button(page, "Ghi danh hiệu năm trước").click()
        assert page.form_pane.save()
        assert [title.year for title in read(context, uid).titles] == [2025]
