"""Behind a counted share: by one key from form and list, part by part, by hamlet and name, and out as a workbook."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.models.tables import registry
from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.fact_people import FactPart, fact_list, read_form_facts
from desktop_app.services.context import Context
from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.assessment.fact_page import FactPage
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.guide import FROZEN
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.widgets import dialogs
from tests.services.assessment.world import add_clan, fill, freeze
from tests.ui.assessment.stage import (
    YEAR,
    enter,
    first_uid,
    form_of,
    key,
    make_window,
    open_form_of,
    open_page,
    operations,
    shown,
)
from tests.ui.conftest import AskedPage, press, settle, type_text

Key = Qt.Key
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
COMMUNE = "commune.citizens_with_title_share"


@pytest.fixture
def window(qtbot: Any, sample: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, sample, has_overview=False)
    yield made
    made.tasks.wait_all()
    made.close()


def strike(code: Qt.Key, held: Qt.KeyboardModifier = CTRL_SHIFT) -> None:
    """A key with its shortcut, where the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, code, held)
    settle()


def rows(page: FactPage) -> list[Any]:
    assert page.source is not None
    return list(page.source.rows(0, 5000))


def commune_page(window: MainWindow) -> FactPage:
    """The commune's shares, opened from the list of citizens by the key."""
    open_page(window)
    strike(Key.Key_F)
    page: FactPage = shown(window, FactPage)
    return page


def test_the_list_of_citizens_leads_to_the_commune_and_its_figures_are_the_list(
    window: MainWindow, sample: Context
) -> None:
    page = commune_page(window)
    form = read_form_facts(sample, LearningModel.COMMUNE, first_uid(sample, "commune"), YEAR)
    fact = next(item for item in form.facts if item.key == COMMUNE)
    value = fact.readings[0].value
    said = page.sum_label.text()
    assert value.denominator_name in said
    assert len(rows(page)) == value.denominator
    key(Key.Key_Down)
    assert len(rows(page)) == value.numerator
    assert {row.part for row in rows(page)} == {FactPart.COUNTED}
    key(Key.Key_Down)
    assert len(rows(page)) == value.denominator - value.numerator


def test_enter_goes_to_the_list_then_to_the_form_and_back_to_the_same_part(window: MainWindow) -> None:
    page = commune_page(window)
    key(Key.Key_Down)
    before = [row.uid for row in rows(page)]
    enter()
    assert page.table.view.hasFocus()
    enter()
    settle()
    form = form_of(window)
    assert form.session.state.subject.uid == before[0]
    window.pop()
    settle()
    assert window.current_page is page
    assert [row.uid for row in rows(page)] == before


def test_the_record_of_a_row_opens_by_its_key(window: MainWindow) -> None:
    page = commune_page(window)
    row = page.table.current()
    strike(Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    there = window.current_page
    assert isinstance(there, AskedPage)
    assert there.asked == [row.uid]


def test_a_hamlet_and_words_narrow_list_and_figures_together(window: MainWindow, sample: Context) -> None:
    page = commune_page(window)
    whole = len(rows(page))
    place = first_uid(sample, "hamlet", "sort_key")
    page.hamlet_chip._on_chosen(place)
    there = rows(page)
    assert 0 < len(there) < whole
    assert len({row.hamlet for row in there}) == 1
    line = page.parts.current()
    assert line.count == len(there)
    name = there[0].name
    page.search_text = name
    page.on_search(name)
    assert {row.name for row in rows(page)} == {name}
    assert page.parts.current().count == len(rows(page))
    assert page.row_label.text().startswith(name)


def test_another_reading_shows_its_own_people_and_says_that_the_form_does_not_use_it(
    window: MainWindow, sample: Context
) -> None:
    page = commune_page(window)
    assert page.fact is not None
    other = page.fact.readings[1]
    page.reading_chip._on_chosen(other.key)
    assert len(rows(page)) == other.value.denominator
    assert "phiếu không dùng số này" in page.note_label.text()
    assert page.fact.readings[0].value.denominator_name in page.note_label.text()
    page.parts.select_row(7)
    assert {row.part for row in rows(page)} <= {FactPart.OTHER}
    expected = fact_list(sample, page.fact, other.key).counts()[FactPart.OTHER]
    assert len(rows(page)) == expected


def test_a_form_leads_to_the_share_of_its_indicator_or_condition(window: MainWindow, sample: Context) -> None:
    clan = add_clan(sample, [first_uid(sample, "household"), first_uid(sample, "household", "id DESC")])
    form = open_form_of(window, LearningModel.CLAN, clan)
    strike(Key.Key_F)
    page: FactPage = shown(window, FactPage)
    assert page.fact is not None
    assert page.fact.key == "clan.families_with_title_share"
    assert page.fact.readings[0].value == form.session.state.facts[page.fact.key]
    assert len(rows(page)) == page.fact.readings[0].value.denominator
    enter()
    enter()
    settle()
    assert form_of(window).session.model is LearningModel.FAMILY


def test_a_counted_indicator_has_a_button_to_its_people(window: MainWindow, sample: Context) -> None:
    form = open_form_of(window, LearningModel.COMMUNE, first_uid(sample, "commune"))
    place = next(n for n, item in enumerate(form.session.indicators) if item.fact == COMMUNE)
    form.go_to(place)
    button = form.view.fact_view.list_button
    assert button.isVisible()
    button.click()
    page: FactPage = shown(window, FactPage)
    assert page.fact is not None
    assert page.fact.key == COMMUNE
    window.pop()
    typed = next(n for n, item in enumerate(form.session.indicators) if item.fact and not form.session.is_counted(item))
    form.go_to(typed)
    assert not button.isVisible()


def test_a_form_without_shares_says_so_and_stays(window: MainWindow, sample: Context) -> None:
    form = open_form_of(window, LearningModel.CITIZEN, first_uid(sample, "citizen", "sort_key"))
    assert not form.session.state.facts
    strike(Key.Key_F)
    assert isinstance(window.current_page, FormPage)


def test_the_list_leaves_as_a_workbook_with_its_arithmetic_and_is_noted(
    window: MainWindow, sample: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = commune_page(window)
    key(Key.Key_Down)
    out = tmp_path / "ra.xlsx"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_args, **_kwargs: out)
    strike(Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert window.tasks.wait_all()
    settle()
    sheet = load_workbook(out).active
    assert sheet is not None
    cells = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    names = {row.name for row in rows(page)}
    assert sum(any(cell in names for cell in row) for row in cells) == len(rows(page))
    assert page.reading is not None
    assert any(page.reading.value.denominator_name in str(cell) for row in cells for cell in row)
    assert operations(sample, "list.export") == 1


def test_what_changes_in_the_register_is_counted_when_the_list_is_read_again(
    window: MainWindow, sample: Context
) -> None:
    page = commune_page(window)
    before = len(rows(page))
    with sample.operation("citizen.death", {}) as op:
        gone = op.writer.references.id("citizen", rows(page)[0].uid)
        assert gone is not None
        op.writer.update(registry.citizen, gone, {"life_status": "dead"})
    strike(Key.Key_F5, Qt.KeyboardModifier.NoModifier)
    assert len(rows(page)) == before - 1


def test_words_are_typed_into_the_search_box_of_the_header(window: MainWindow) -> None:
    page = commune_page(window)
    strike(Key.Key_F3, Qt.KeyboardModifier.NoModifier)
    focus = QApplication.focusWidget()
    assert focus is not None
    type_text(focus, "zzzz")
    QTest.qWait(400)
    settle()
    assert page.source is not None
    assert page.source.count() == 0
    assert not page.action("facts.export").isEnabled()
    press(focus, Key.Key_Escape)


def test_words_that_nobody_has_are_named_as_the_reason_for_an_empty_list(window: MainWindow) -> None:
    page = commune_page(window)
    for text, said in (("zzzz", "khớp ô tìm"), ("", "")):
        page.search_text = text
        page.on_search(text)
        empty = page.table.findChild(w.EmptyState)
        assert empty is not None
        assert said in empty.sentence_label.text() and (bool(said) == page.finds_nothing)
    assert "ô tìm" not in empty.sentence_label.text()


def test_beside_a_recognised_form_the_share_says_that_it_is_todays(window: MainWindow, sample: Context) -> None:
    commune = first_uid(sample, "commune")
    fill(sample, LearningModel.COMMUNE, commune)
    freeze(sample, LearningModel.COMMUNE, commune)
    form = open_form_of(window, LearningModel.COMMUNE, commune)
    form.go_to(next(n for n, item in enumerate(form.session.indicators) if item.fact == COMMUNE))
    assert FROZEN in form.view.fact_view.others_label.text()
    said = form.session.state.sentence
    with sample.operation("citizen.death", {}) as op:
        for (row_id,) in op.connection.exec_driver_sql("SELECT id FROM citizen WHERE is_current LIMIT 40").all():
            op.writer.update(registry.citizen, row_id, {"life_status": "dead"})
    before = form.view.fact_view.arithmetic_label.text()
    strike(Key.Key_F5, Qt.KeyboardModifier.NoModifier)
    assert form.view.fact_view.arithmetic_label.text() != before
    assert form.session.state.sentence == said
    strike(Key.Key_F)
    page: FactPage = shown(window, FactPage)
    assert "đã chốt" in page.note_label.text()


@pytest.mark.parametrize("percent", [100, 200])
def test_the_counted_figure_is_in_sight_when_its_indicator_comes_to_the_front(
    window: MainWindow, sample: Context, look: QApplication, qtbot: Any, percent: int
) -> None:
    theme.apply(look, percent=percent, contrast=False)
    form = open_form_of(window, LearningModel.COMMUNE, first_uid(sample, "commune"))
    settle()
    form.go_to(next(n for n, item in enumerate(form.session.indicators) if item.fact == COMMUNE))
    settle()
    figure = form.view.fact_view.figure
    qtbot.waitUntil(lambda: not figure.visibleRegion().isEmpty())


def test_a_printed_list_asks_no_widget_in_the_worker_and_is_noted_once_there_is_paper(
    window: MainWindow, sample: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = commune_page(window)
    asked: list[bool] = []
    shown_then = FactPage.shown

    def noting(self: FactPage) -> Any:
        asked.append(threading.current_thread() is threading.main_thread())
        return shown_then(self)

    monkeypatch.setattr(FactPage, "shown", noting)
    page.on_print()
    assert operations(sample, "list.print") == 0
    preview = shown(window, PreviewPage)
    assert asked and all(asked) and operations(sample, "list.print") == 1
    pages = preview.view.page_count
    preview.refresh()
    shown(window, PreviewPage)
    assert preview.view.page_count == pages > 0 and operations(sample, "list.print") == 1


def test_a_share_that_cannot_be_read_offers_no_deeds(window: MainWindow, sample: Context) -> None:
    open_page(window)
    page = FactPage(sample, LearningModel.COMMUNE, first_uid(sample, "commune"), 1999)
    window.push(page)
    settle()
    assert page.banner is not None
    assert not any(page.action(f"facts.{name}").isEnabled() for name in ("export", "print", "record", "form"))


def test_at_the_greatest_text_size_title_sum_and_the_first_part_are_in_sight(
    window: MainWindow, look: QApplication
) -> None:
    theme.apply(look, percent=200, contrast=False)
    settle()
    page = commune_page(window)
    title = window.header.title_label
    assert title.width() >= title.sizeHint().width()
    body = page.findChild(w.ScrollBody)
    assert body is not None
    body._show_focus()
    port = body.viewport().rect()
    for part in (page.fact_chip, page.sum_label, page.parts.view):
        top = part.mapTo(body.viewport(), QPoint(0, 0)).y()
        assert top >= 0 and top + theme.px(60) <= port.height()
    assert page.note_label.geometry().top() >= page.halves.geometry().bottom()
