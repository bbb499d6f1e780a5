"""A column of scores whose heading nobody can guess is given its indicator by hand, and this is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.round_models import change_part
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.context import Context
from desktop_app.services.criteria.loader import get_set
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.raw import all_rows
from desktop_app.ui.importing.wizard_page import COLUMNS, PREVIEW, ImportPage

SCORES = "07_phieu_cham_thon_2.xlsx"
LETTERS = "FGHIJKLMNO"
"""Columns of the ten indicators in the sample."""
ODD = ("Tra", "KH", "Sắp", "Động", "CN", "NN", "Toán", "Tư", "Hệ", "Hợp")


@pytest.fixture
def with_people(register: Context, samples: Path) -> Context:
    import_citizens(register, parse_workbook(samples / "01_mot_bang.xlsx"))
    return register


def workbook(samples: Path, folder: Path, headings: dict[str, str]) -> Path:
    book = load_workbook(samples / SCORES)
    for letter, heading in headings.items():
        book.active[f"{letter}1"] = heading
    book.save(folder / "diem.xlsx")
    return folder / "diem.xlsx"


def choose(wizard: ImportPage, letter: str, code: str) -> None:
    editor = wizard.columns.grid.editors[ord(letter) - ord("A")]
    editor.set_raw(f"score:{code}")
    assert editor.currentText().startswith(f"Chỉ số {code}")
    editor.activated.emit(editor.currentIndex())


def totals(context: Context) -> list[float]:
    query = (
        "SELECT sum(a.value) FROM assessment f JOIN answer a ON a.assessment_id = f.id AND a.present "
        "WHERE f.present GROUP BY f.id"
    )
    with context.read() as connection:
        rows = all_rows(connection, query)
    return sorted(row[0] for row in rows)


def values_of(context: Context, code: str) -> list[float]:
    query = "SELECT value FROM answer WHERE indicator = :code AND present ORDER BY id"
    with context.read() as connection:
        return [row[0] for row in all_rows(connection, query, {"code": code})]


def test_two_swapped_columns_come_in_as_they_were_chosen(
    with_people: Context, wizard: ImportPage, key, read, samples: Path, tmp_path: Path
) -> None:
    expected = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["scores"]
    read(workbook(samples, tmp_path, {"F": "Mục lạ", "G": "XY tra"}))
    choose(wizard, "F", "2")
    choose(wizard, "G", "1")
    key(Qt.Key.Key_Return)
    assert (wizard.step, wizard.next_button.text()) == (PREVIEW, f"Nhập {len(expected)} phiếu")
    key(Qt.Key.Key_Return)
    book = load_workbook(samples / SCORES)
    first = [row[5] for row in book.active.iter_rows(min_row=2, values_only=True) if row[1]]
    assert values_of(with_people, "2") == first


def test_a_list_whose_headings_say_nothing_becomes_forms_by_hand_and_is_remembered(
    with_people: Context, wizard: ImportPage, key, read, samples: Path, tmp_path: Path, qtbot
) -> None:
    expected = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["scores"]
    path = workbook(samples, tmp_path, dict(zip(LETTERS, ODD, strict=True)))
    read(path)
    assert wizard.columns.count.chip.text.endswith("người"), "the headings say nothing of scores"
    for number, letter in enumerate(LETTERS, start=1):
        choose(wizard, letter, str(number))
    qtbot.waitUntil(lambda: wizard.columns.count.chip.text == f"{len(expected)} phiếu")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert totals(with_people) == sorted(item["total"] for item in expected)
    key(Qt.Key.Key_Z)
    read(path)
    assert wizard.step == COLUMNS
    assert wizard.columns.count.chip.text == f"{len(expected)} phiếu"
    assert wizard.columns.grid.editors[5].raw() == "score:1"


def test_an_indicator_belongs_to_one_column(
    with_people: Context, wizard: ImportPage, read, samples: Path, tmp_path: Path, qtbot
) -> None:
    read(workbook(samples, tmp_path, {"F": "Mục lạ"}))
    choose(wizard, "F", "3")
    choose(wizard, "G", "3")
    assert wizard.columns.grid.editors[5].raw() == "score"
    assert wizard.columns.grid.editors[6].raw() == "score:3"


def test_a_chosen_indicator_goes_before_the_wording_of_another_column(
    with_people: Context, wizard: ImportPage, key, read, samples: Path, tmp_path: Path
) -> None:
    texts = {letter: item.text for letter, item in zip(LETTERS, get_set("citizen.worker").indicators, strict=True)}
    read(workbook(samples, tmp_path, texts))
    choose(wizard, "J", "1")
    choose(wizard, "F", "5")
    key(Qt.Key.Key_Return)
    assert wizard.next_button.text().startswith("Nhập 141 phiếu")


def test_a_chosen_indicator_that_does_not_fit_ends_in_an_ellipsis_and_is_told_whole(
    with_people: Context, wizard: ImportPage, read, samples: Path, tmp_path: Path
) -> None:
    read(workbook(samples, tmp_path, {"F": "Mục lạ"}))
    editor = wizard.columns.grid.editors[5]
    longest = max(range(editor.count()), key=lambda place: len(editor.itemText(place)))
    editor.setCurrentIndex(longest)
    editor.activated.emit(longest)
    editor = wizard.columns.grid.editors[5]
    whole = editor.currentText()
    editor.resize(150, editor.height())
    assert editor.shown_text().endswith("…")
    assert whole.startswith(editor.shown_text().removesuffix("…").rstrip())
    assert editor.toolTip() == whole
    assert editor.accessibleDescription() == whole
    editor.resize(2000, editor.height())
    assert (editor.shown_text(), editor.toolTip()) == (whole, "")


def test_the_indicators_follow_the_round_that_was_chosen_in_the_preview(
    with_people: Context, wizard: ImportPage, key, read, samples: Path, qtbot
) -> None:
    open_round(with_people, 2027)
    for group in CitizenGroup:
        change_part(with_people, 2026, LearningModel.CITIZEN, group, is_taking_part=False)
    read(samples / SCORES)
    editor = wizard.columns.grid.editors[5]
    assert "score:1" in [editor.itemData(place) for place in range(editor.count())]
    key(Qt.Key.Key_Return)
    wizard.forms.year = 2026
    wizard._show_step(COLUMNS)
    editor = wizard.columns.grid.editors[6]
    assert "score:9" not in [editor.itemData(place) for place in range(editor.count())]
