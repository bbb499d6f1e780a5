"""Rows that may be known already are settled side by side, by keys, and nothing is settled that was not chosen."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.registry.export import exported_citizens
from desktop_app.ui.importing import decisions, people_step
from desktop_app.ui.importing.wizard_page import DONE, PREVIEW, ImportPage
from tests.ui.importing.conftest import person, write_list

NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def doubtful(wizard: ImportPage, read, key, register: Context, tmp_path: Path) -> ImportPage:
    """The register knows two people; the list has both in other households, and somebody new."""
    known = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An", job="Thợ mộc"),
                       person("02", "Trần Thị Bình", "12/04/1969", sex="Nữ"))  # fmt: skip
    import_citizens(register, parse_workbook(known))
    rows = (
        person("08", "Lê Văn An", job="Thợ nề"),
        person("09", "Võ Đạt", "1990"),
        person("10", "Trần Thị Bình", "12/04/1969", sex="Nữ"),
    )
    read(write_list(tmp_path / "b.xlsx", *rows))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    return wizard


def fates(wizard: ImportPage) -> list[RowFate]:
    assert wizard.plan is not None
    return [row.fate for row in wizard.plan.rows]


def test_a_doubtful_row_stands_beside_the_person_of_the_register(doubtful: ImportPage, key) -> None:
    assert fates(doubtful) == [RowFate.DOUBTFUL, RowFate.NEW, RowFate.DOUBTFUL]
    panel = doubtful.preview.panel
    assert panel.isVisibleTo(doubtful)
    (known,) = panel.people
    assert (known.values["full_name"], known.home) == ("Lê Văn An", "01 · Thôn 1")
    words = [label.text() for label in panel.findChildren(QLabel)]
    assert "cùng họ tên, cùng ngày sinh, khác hộ, cùng thôn" in words
    assert "≠ 01 · Thôn 1" in words
    key(Qt.Key.Key_Down, NO_KEY)
    assert not panel.isVisibleTo(doubtful)


def test_both_answers_by_key_and_the_next_doubtful_row_comes_by_itself(
    doubtful: ImportPage, key, register: Context
) -> None:
    assert doubtful.next_button.text() == "Nhập 1 người"
    key(Qt.Key.Key_1)
    assert doubtful.preview.table.current().plan.row.name == "Trần Thị Bình"
    key(Qt.Key.Key_N)
    assert fates(doubtful) == [RowFate.CHANGED, RowFate.NEW, RowFate.NEW]
    assert doubtful.next_button.text() == "Nhập 3 người"
    key(Qt.Key.Key_Return)
    assert doubtful.step == DONE
    found = sorted((r.name, r.household_code, r.occupation) for r in exported_citizens(register))
    assert found == [
        ("Lê Văn An", "08", "Thợ nề"), ("Trần Thị Bình", "02", None), ("Trần Thị Bình", "10", None),
        ("Võ Đạt", "09", None),
    ]  # fmt: skip


def test_what_was_not_settled_is_left_out_and_said(doubtful: ImportPage, key, register: Context) -> None:
    key(Qt.Key.Key_Return)
    assert doubtful.step == DONE
    assert [r.name for r in exported_citizens(register) if r.name == "Võ Đạt"] == ["Võ Đạt"]
    assert len(exported_citizens(register)) == 3
    assert "2 ngờ trùng, để lại" in doubtful.done.figures.words()


def test_an_answer_can_be_taken_back_before_the_import(doubtful: ImportPage, key) -> None:
    key(Qt.Key.Key_N)
    assert fates(doubtful)[0] is RowFate.NEW
    doubtful.preview.table.select_row(0)
    doubtful.preview.panel.left_chosen.emit()
    assert fates(doubtful)[0] is RowFate.DOUBTFUL


def test_a_register_that_changed_meanwhile_is_compared_again_and_answers_stay(
    doubtful: ImportPage, key, register: Context, tmp_path: Path, window
) -> None:
    key(Qt.Key.Key_1)
    import_citizens(register, parse_workbook(write_list(tmp_path / "c.xlsx", person("09", "Võ Đạt", "1990"))))
    key(Qt.Key.Key_Return)
    assert doubtful.step == PREVIEW
    assert doubtful.banner is not None and doubtful.banner.button is not None
    button = doubtful.banner.button
    assert button.isVisible()
    assert button.hasFocus()
    key(Qt.Key.Key_Space, NO_KEY)
    assert fates(doubtful) == [RowFate.CHANGED, RowFate.UNCHANGED, RowFate.DOUBTFUL]


def test_a_change_made_in_another_screen_is_seen_when_the_wizard_comes_back(
    doubtful: ImportPage, register: Context, tmp_path: Path, window
) -> None:
    window.open_page("assessment")
    import_citizens(register, parse_workbook(write_list(tmp_path / "c.xlsx", person("09", "Võ Đạt", "1990"))))
    window.announce_change("citizen")
    window.open_page("citizens")
    assert window.tasks.wait_all()
    assert fates(doubtful) == [RowFate.DOUBTFUL, RowFate.UNCHANGED, RowFate.DOUBTFUL]


@pytest.fixture
def strangers(wizard: ImportPage, read, key, register: Context, tmp_path: Path) -> ImportPage:
    """The list of another former commune has other people under two codes that the register has."""
    known = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"), person("02", "Trần Văn Ba", "12/04/1969"))
    import_citizens(register, parse_workbook(known))
    rows = (
        person("01", "Võ Văn Cả", "01/02/1970"),
        person("01", "Ngô Thị Dần", "03/04/1972", sex="Nữ", relation="Vợ"),
        person("02", "Đinh Văn Én", "05/06/1980"),
        person("03", "Cao Văn Gạo", "07/08/1990"),
    )
    read(write_list(tmp_path / "b.xlsx", *rows))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    return wizard


ASKED = [RowFate.DOUBTFUL] * 3 + [RowFate.NEW]


def households(register: Context) -> list[tuple[str, str]]:
    return sorted((r.household_code or "", r.name) for r in exported_citizens(register))


def test_a_household_of_strangers_stands_beside_the_one_with_its_code(strangers: ImportPage) -> None:
    assert fates(strangers) == ASKED
    panel = strangers.preview.panel
    assert panel.isVisibleTo(strangers)
    words = [label.text() for label in panel.findChildren(QLabel)]
    assert "≠ Lê Văn An (1984)" in words
    assert "Võ Văn Cả (1970), Ngô Thị Dần (1972)" in words
    assert "cùng mã hộ, không có người nào cùng" in words


def test_one_key_answers_for_the_whole_household_and_one_takes_it_back(
    strangers: ImportPage, key, register: Context
) -> None:
    key(Qt.Key.Key_N)
    assert fates(strangers) == [RowFate.NEW, RowFate.NEW, RowFate.DOUBTFUL, RowFate.NEW]
    key(Qt.Key.Key_Z)
    assert fates(strangers) == ASKED
    strangers.preview.table.select_row(0)
    key(Qt.Key.Key_1)
    key(Qt.Key.Key_N)
    key(Qt.Key.Key_Return)
    assert strangers.step == DONE
    assert households(register) == [
        ("01", "Lê Văn An"), ("01", "Ngô Thị Dần"), ("01", "Võ Văn Cả"), ("02", "Trần Văn Ba"), ("02", "Đinh Văn Én"),
        ("03", "Cao Văn Gạo"),
    ]  # fmt: skip


def test_all_households_asked_alike_are_answered_together_and_taken_back_together(
    strangers: ImportPage, key, register: Context
) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    key(Qt.Key.Key_N, both)
    assert fates(strangers) == [RowFate.NEW] * 4
    key(Qt.Key.Key_Z)
    assert fates(strangers) == ASKED
    assert len(households(register)) == 2
    strangers.preview.table.select_row(0)
    key(Qt.Key.Key_K, both)
    key(Qt.Key.Key_Return)
    assert strangers.step == DONE
    assert households(register) == [("01", "Lê Văn An"), ("02", "Trần Văn Ba"), ("03", "Cao Văn Gạo")]


def test_a_filter_bounds_which_questions_are_answered_together(
    wizard: ImportPage, read, key, register: Context, tmp_path: Path
) -> None:
    names = [("Lê Văn An", "Thôn 1"), ("Trần Văn Ba", "Thôn 1"), ("Võ Văn Cả", "Thôn 2")]
    known = [person(f"0{at}", name, f"0{at}/04/1969", hamlet=hamlet) for at, (name, hamlet) in enumerate(names, 1)]
    import_citizens(register, parse_workbook(write_list(tmp_path / "a.xlsx", *known)))
    rows = [person("", name, "1969", hamlet=hamlet, relation="") for name, hamlet in names]
    read(write_list(tmp_path / "b.xlsx", *rows))
    key(Qt.Key.Key_Return)
    assert fates(wizard) == [RowFate.DOUBTFUL] * 3
    wizard.preview.search("Thôn 1")
    key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert fates(wizard) == [RowFate.UNCHANGED, RowFate.UNCHANGED, RowFate.DOUBTFUL]
    key(Qt.Key.Key_Z)
    assert fates(wizard) == [RowFate.DOUBTFUL] * 3


def test_the_answers_about_a_long_list_are_worked_out_in_a_worker(
    strangers: ImportPage, window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_step, "MANY", 1)
    threads: list[bool] = []
    worked = decisions.choose

    def noted(*args: Any) -> Any:
        threads.append(threading.current_thread() is threading.main_thread())
        return worked(*args)

    monkeypatch.setattr(decisions, "choose", noted)
    strangers.people.settle({0: None})
    strangers.people.settle({2: None})
    assert window.tasks.wait_all()
    assert fates(strangers) == [RowFate.NEW] * 4
    assert threads
    assert not any(threads)
    assert strangers.undo()
    assert window.tasks.wait_all()
    assert fates(strangers) == [RowFate.NEW, RowFate.NEW, RowFate.DOUBTFUL, RowFate.NEW]
