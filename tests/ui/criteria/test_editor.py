"""The editor, the comparison, the trial, the preview and files of sets, under the hands of a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from desktop_app.models.types import CitizenGroup, DeviceRole, LearningModel, SetKind
from desktop_app.services.assessment.results import list_verdicts
from desktop_app.services.context import Context
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.bring import export_set, export_workbook
from desktop_app.services.criteria.compare import RowChange
from desktop_app.services.criteria.drafts import copy_set, list_versions, load_version, save_draft
from desktop_app.services.criteria.forcing import force_set
from desktop_app.services.criteria.loader import get_set
from desktop_app.services.criteria.office import sets_in_use
from desktop_app.services.register import open_register
from desktop_app.ui.criteria.bring_page import BringPage
from desktop_app.ui.criteria.compare_page import ComparePage
from desktop_app.ui.criteria.draft_page import DraftPage
from desktop_app.ui.criteria.page import CriteriaPage
from desktop_app.ui.criteria.preview_page import PreviewPage
from desktop_app.ui.criteria.rows import CriteriaRow
from desktop_app.ui.criteria.trial_page import TrialPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.widgets import dialogs
from tests.factories import load_sample, make_register
from tests.ui.conftest import press


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editor")
    context = make_register(folder)
    load_sample(context)
    context.close()
    return folder


@pytest.fixture
def context(template: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(template, tmp_path / "data")
    opened = open_register(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def window(context: Context) -> Iterator[MainWindow]:
    made = MainWindow([PageSpec("home", "Nhà", "house", lambda c: Page(c))], context)
    made.resize(1366, 728)
    made.show()
    made.open_page("home")
    yield made
    made.tasks.wait_all()
    made.close()
    made.deleteLater()


def settle(window: MainWindow) -> None:
    for _ in range(3):
        QApplication.processEvents()
        window.tasks.wait_all()
    QApplication.processEvents()


def uid_of(context: Context, key: str) -> str:
    return next(item.uid for item in sets_in_use(context) if item.definition.key == key)


def open_draft(window: MainWindow, context: Context, key: str = "citizen.resident") -> DraftPage:
    page = DraftPage(context, copy_set(context, uid_of(context, key)))
    window.push(page)
    settle(window)
    return page


def choose(page: Any, ref: str) -> None:
    rows = [page.table.view.model().index(n, 0) for n in range(page.table.view.model().rowCount())]
    for n in range(len(rows)):
        page.table.select_row(n)
        if isinstance(page.table.current(), CriteriaRow) and page.table.current().ref == ref:
            return
    raise AssertionError(ref)


def fill(page: Any, **values: Any) -> bool:
    assert page.pane.form is not None
    page.pane.form.set_raw({key.replace("__", ":").lstrip("_"): value for key, value in values.items()})
    return bool(page.pane.save())


def undo_kind(context: Context, kind: str, count: int = 1) -> None:
    """Take the last deeds of a kind back, the newest first."""
    with context.read() as connection:
        query = "SELECT uid FROM operation WHERE kind = ? ORDER BY id DESC"
        rows = connection.exec_driver_sql(query, (kind,)).all()
    for (uid,) in rows[:count]:
        context.journal.undo(uid.hex())


def test_a_version_is_copied_and_the_editor_opens_on_it(window: MainWindow, context: Context) -> None:
    page = CriteriaPage(context, uid_of(context, "clan"))
    window.push(page)
    settle(window)
    page.action("criteria.copy").trigger()
    settle(window)
    assert isinstance(window.current_page, DraftPage)
    assert window.current_page.subtitle == "bản soạn 2022.1.1"


def test_wording_maximum_and_rules_are_written_and_each_save_can_be_taken_back(
    window: MainWindow, context: Context
) -> None:
    page = open_draft(window, context)
    choose(page, "indicator:2")
    page.action("edit").trigger()
    assert fill(page, text="Lời của xã", max_score="20")
    d = load_version(context, page._uid).definition
    assert d.by_code["2"].text == "Lời của xã" and d.criteria[0].max_score == 50
    assert d.by_code["2"].status_text == "Do cơ quan đặt"
    choose(page, "rules")
    page.on_edit()
    assert fill(page, pass_mark="90", floor="")
    assert load_version(context, page._uid).definition.floor is None
    undo_kind(context, "criteria.edit", 2)
    assert load_version(context, page._uid).definition.by_code["2"].max_score == 10


def test_levels_guidance_bands_basis_and_head_have_their_forms(window: MainWindow, context: Context) -> None:
    page = open_draft(window, context)
    choose(page, "indicator:1")
    page.action("criteria.levels").trigger()
    assert fill(page, _0__name="Rất tốt", _4__name="")
    page.action("criteria.guidance").trigger()
    assert fill(page, help="Xem sổ", examples="Một\nHai", evidence="Ảnh")
    page.action("criteria.bands").trigger()
    assert fill(page, _0__name="Đạt loại tốt", _0__min="80")
    page.action("criteria.basis").trigger()
    assert fill(page, _2__number="10/HD-HKH", _2__title="Hướng dẫn", _2__issued="03/2026")
    choose(page, "head")
    page.on_edit()
    assert fill(page, version="2026.9", group_aliases="Nông dân\nNgười cao tuổi", effective_from="01/01/2026")
    d = load_version(context, page._uid).definition
    first = d.by_code["1"]
    assert first.levels[0].name == "Rất tốt" and first.help == "Xem sổ" and first.examples == ("Một", "Hai")
    assert d.bands[0].key == "dat_loai_tot" and d.legal_basis[2].issued == "2026-03"
    assert d.version == "2026.9" and d.group_aliases == ("Nông dân", "Người cao tuổi")
    assert d.effective_from is not None and d.effective_from.year == 2026


def test_rows_are_added_moved_and_removed_by_keys(window: MainWindow, context: Context) -> None:
    page = open_draft(window, context)
    choose(page, "indicator:4")
    page.action("criteria.down").trigger()
    d = load_version(context, page._uid).definition
    assert d.criteria[1].indicators[0].code == "4"
    assert page.row is not None and page.row.ref == "indicator:4"
    page.action("add").trigger()
    assert page.pane.is_open
    assert fill(page, text="Dòng mới", max_score="5")
    assert page.row is not None and page.row.ref == "indicator:11"
    page.action("delete").trigger()
    assert "Bỏ dòng 11" in page.ask_bar.question
    page.ask_bar.buttons[-1].click()
    assert "11" in load_version(context, page._uid).definition.by_code
    page.action("delete").trigger()
    page.ask_bar.buttons[0].click()
    assert "11" not in load_version(context, page._uid).definition.by_code
    page.action("criteria.add_criterion").trigger()
    page.pane.close_form()
    page._on_form_closed()
    assert len(load_version(context, page._uid).definition.criteria) == 4


def test_faults_are_listed_with_the_way_to_their_rows_and_keep_the_draft_from_use(
    window: MainWindow, context: Context
) -> None:
    page = open_draft(window, context)
    choose(page, "rules")
    page.on_edit()
    assert fill(page, pass_mark="500")
    assert "Chưa dùng được" in page.heading.text_label.text() and not page.try_button.isEnabled()
    page.action("criteria.try").trigger()
    assert page.panel.title_label.text() == "Kiểm tra"
    button = next(b for b in page.panel.findChildren(type(page.try_button).__mro__[1]) if b.text() == "Đến chỗ này")
    choose(page, "indicator:1")
    page.on_problems()
    page.go_to("rules")
    assert page.row is not None and page.row.ref == "rules" and button is not None


def test_a_condition_from_the_register_is_added_only_where_one_can_be_counted(
    window: MainWindow, context: Context
) -> None:
    page = open_draft(window, context)
    page.action("criteria.add_condition").trigger()
    assert page.banner is not None and not page.pane.is_open
    family = open_draft(window, context, "community")
    family.action("criteria.add_condition").trigger()
    assert family.pane.is_open
    assert fill(family, text="60 % hộ là gia đình học tập", percent="60")
    assert load_version(context, family._uid).definition.prerequisites[-1].percent == 60


def test_rows_are_ticked_as_compared_and_untick_again(window: MainWindow, context: Context) -> None:
    page = CriteriaPage(context, uid_of(context, "citizen.resident"))
    window.push(page)
    settle(window)
    page.table.view.selectAll()
    page.action("criteria.check").trigger()
    assert len(page.checks) == 14
    choose(page, "indicator:1")
    page.action("criteria.check").trigger()
    assert "indicator:1" not in page.checks and len(page.checks) == 13


def test_two_versions_stand_side_by_side(window: MainWindow, context: Context) -> None:
    page = open_draft(window, context)
    choose(page, "indicator:2")
    page.on_edit()
    assert fill(page, text="Lời khác")
    page.action("criteria.compare").trigger()
    settle(window)
    compare = window.current_page
    assert isinstance(compare, ComparePage)
    assert "Sửa 1 dòng" in compare.words.text()
    row = compare.table.current()
    assert row is not None and row.pair.change is RowChange.CHANGED and row.after == "Lời khác"


def test_a_version_is_tried_and_brought_into_force_with_the_forms(window: MainWindow, context: Context) -> None:
    page = open_draft(window, context)
    choose(page, "rules")
    page.on_edit()
    assert fill(page, pass_mark="90")
    page.action("criteria.try").trigger()
    settle(window)
    trial = window.current_page
    assert isinstance(trial, TrialPage) and trial.trial is not None
    lost = {turn.uid for turn in trial.trial.lost}
    assert lost and f"{len(lost)} thành chưa đạt" in trial.words.text()
    hamlet = trial.trial.by_hamlet()[0]
    trial.hamlets.set_value(hamlet[0])
    trial._show_rows()
    assert trial.table.view.model().rowCount() == hamlet[1] + hamlet[2]
    before = {r.uid: r.passed for r in list_verdicts(context, 2026, LearningModel.CITIZEN)}
    trial.on_force()
    assert trial.ask_bar.buttons[-1].text() == "Thôi"
    trial.ask_bar.buttons[0].click()
    settle(window)
    after = {r.uid: r.passed for r in list_verdicts(context, 2026, LearningModel.CITIZEN)}
    assert {uid for uid in after if after[uid] is not before[uid]} == lost
    assert load_version(context, page._uid).is_in_use


def test_the_form_is_seen_before_it_is_used_and_nothing_is_stored(window: MainWindow, context: Context) -> None:
    page = open_draft(window, context)
    before = list_verdicts(context, 2026)
    page.action("criteria.form").trigger()
    settle(window)
    form = window.current_page
    assert isinstance(form, PreviewPage) and form.session is not None
    for _ in range(10):
        press(form.view.box, Qt.Key.Key_9, "9")
        press(form.view.box, Qt.Key.Key_Return)
    assert form.session.state.verdict.passed and form.bar.said.startswith("Đạt")
    assert list_verdicts(context, 2026) == before


def test_a_workbook_goes_out_is_filled_and_comes_back_as_a_draft(
    window: MainWindow, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "bo.xlsx"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_a, **_k: out)
    page = CriteriaPage(context, uid_of(context, "citizen.worker"))
    window.push(page)
    settle(window)
    page.action("criteria.workbook").trigger()
    book = load_workbook(out)
    book["Chỉ số"]["D4"] = "20 điểm"
    book.save(out)
    bring = BringPage(context, out)
    window.push(bring)
    settle(window)
    assert "không có ô sai" in bring.says.text_label.text() and bring.bring_button.isEnabled()
    bring.action("save").trigger()
    settle(window)
    assert isinstance(window.current_page, DraftPage)
    assert window.current_page.definition.by_code["1"].max_score == 20


def test_a_faulty_workbook_lists_its_cells_and_is_mended_and_read_again(
    window: MainWindow, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "bo.xlsx", tmp_path / "sua.xlsx"
    export_workbook(context, uid_of(context, "citizen.worker"), path)
    book = load_workbook(path)
    book["Chỉ số"]["D4"] = "nhiều"
    book.save(path)
    bring = BringPage(context, path)
    window.push(bring)
    settle(window)
    assert bring.problems.current().cell == "D4" and not bring.bring_button.isEnabled()
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_a, **_k: out)
    bring.mark_button.click()
    assert load_workbook(out)["Chỉ số"]["D4"].comment is not None
    book["Chỉ số"]["D4"] = 12
    book.save(path)
    bring.refresh()
    settle(window)
    assert bring.bring_button.isEnabled()
    path.write_bytes(b"hong")
    bring.refresh()
    settle(window)
    assert not bring.bring_button.isEnabled()
    assert not any(item.is_draft for item in list_versions(context))


def test_a_signed_file_shows_its_signer_and_eight_digits(window: MainWindow, context: Context, tmp_path: Path) -> None:
    out = tmp_path / "bo.botieuchi"
    uid = copy_set(context, uid_of(context, "clan"))
    card = export_set(context, uid, out)
    from desktop_app.services.criteria.drafts import drop_draft

    drop_draft(context, uid)
    bring = BringPage(context, out)
    window.push(bring)
    settle(window)
    said = bring.says.text_label.text()
    assert card.name in said and f"{card.code[:4]} {card.code[4:]}" in said
    bring.on_bring()
    settle(window)
    assert isinstance(window.current_page, CriteriaPage)


def test_a_volunteer_may_look_but_not_write(window: MainWindow, context: Context) -> None:
    page = open_draft(window, context)
    context.role = DeviceRole.VOLUNTEER
    page.refresh()
    choose(page, "indicator:1")
    page.action("edit").trigger()
    page.action("add").trigger()
    page.action("delete").trigger()
    assert not page.pane.is_open and page.ask_bar.isHidden() and page.header_buttons == (page.more_button,)


def test_a_begun_form_says_under_which_version_it_stands(context: Context) -> None:
    from desktop_app.services.assessment.form import open_form
    from desktop_app.ui.assessment.form_notices import notice_words

    record = next(r for r in list_verdicts(context, 2026, LearningModel.CITIZEN) if r.set_key == "citizen.resident")
    assert notice_words(open_form(context, LearningModel.CITIZEN, record.uid, 2026)) == ""
    uid = copy_set(context, uid_of(context, "citizen.resident"))
    force_set(context, uid)
    said = notice_words(open_form(context, LearningModel.CITIZEN, record.uid, 2026))
    assert "phiên bản 2023.1 " in said and "bản 2023.1.1" in said
    undo_kind(context, "criteria.force")
    force_set(context, uid, moves_forms=True)
    assert notice_words(open_form(context, LearningModel.CITIZEN, record.uid, 2026)) == ""


def test_the_editor_gives_way_to_the_page_when_its_draft_came_into_force_and_comes_back(
    window: MainWindow, context: Context
) -> None:
    page = open_draft(window, context)
    page.action("criteria.try").trigger()
    settle(window)
    trial = window.current_page
    assert isinstance(trial, TrialPage)
    trial.on_force()
    trial.ask_bar.buttons[1].click()
    settle(window)
    assert isinstance(window.current_page, CriteriaPage)
    undo_kind(context, "criteria.force")
    window.current_page.refresh()
    settle(window)
    assert isinstance(window.current_page, DraftPage)


def test_a_set_is_begun_from_nothing_filled_by_keyboard_and_brought_into_force(
    window: MainWindow, context: Context
) -> None:
    from desktop_app.ui.criteria.begin_page import BeginPage

    page = BeginPage(context, LearningModel.CLAN)
    window.push(page)
    settle(window)
    assert page.pane.is_open
    page.action("save").trigger()
    settle(window)
    draft = window.current_page
    assert isinstance(draft, DraftPage) and draft.version is not None
    d = draft.definition
    assert (d.key, d.version, len(d.indicators), d.pass_mark) == ("clan", "moi.1", 1, None)
    assert draft.version.problems and "điểm đạt" in " ".join(p.sentence.lower() for p in draft.version.problems)
    uid = next(item.uid for item in list_versions(context) if item.is_draft)
    d = edit.change_indicator(d, "1", {"text": "Một dòng", "max_score": 100.0}, is_official=True)
    d = edit.change_criterion(d, "1", {"name": "Một tiêu chí"}, is_official=True)
    save_draft(context, uid, edit.change_marks(d, pass_mark=60, floor=None, halves=False))
    force_set(context, uid)
    assert uid_of(context, "clan") == uid or load_version(context, uid).is_in_use


def test_a_group_is_asked_of_citizens_and_of_nobody_else(window: MainWindow, context: Context) -> None:
    from desktop_app.services.criteria.begin import begin_set
    from desktop_app.ui.criteria.begin_page import BeginPage

    page = BeginPage(context, LearningModel.CITIZEN)
    window.push(page)
    settle(window)
    assert not page.pane.save() and "hãy chọn một nhóm" in page.pane.message + _errors(page)
    assert not any(item.is_draft for item in list_versions(context))
    uid = begin_set(context, LearningModel.CITIZEN, CitizenGroup.STUDENT, SetKind.CHECKLIST, "Bộ thử")
    d = load_version(context, uid).definition
    assert (d.name, d.indicator_word, len(d.grades), d.group_name) == (
        "Bộ thử", "chỉ tiêu", 2, get_set("citizen.student").group_name,
    )  # fmt: skip


def _errors(page: Any) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_undo_from_the_list_of_faults_leaves_the_hands_in_the_rows(window: MainWindow, context: Context) -> None:
    page = open_draft(window, context)
    settle(window)
    page.action("criteria.add_criterion").trigger()
    settle(window)
    page.pane.close_form()
    settle(window)
    page.on_problems()
    settle(window)
    assert page.panel.isAncestorOf(QApplication.focusWidget())
    undone = next(
        row[0] for row in _rows(context, "SELECT uid FROM operation WHERE kind = 'criteria.edit' ORDER BY id DESC")
    )
    context.journal.undo(undone.hex())
    page.refresh()
    settle(window)
    assert QApplication.focusWidget() is page.table.view


def _rows(context: Context, query: str) -> list[Any]:
    with context.read() as connection:
        return list(connection.exec_driver_sql(query))
