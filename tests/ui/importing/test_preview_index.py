"""What the preview's filters find by their index is what looking at every row would find."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.corrections.edits import Corrections
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate, RowPlan
from desktop_app.services.vietnamese import fold
from desktop_app.ui.importing import preview_index
from desktop_app.ui.importing.decisions import Decisions
from desktop_app.ui.importing.preview_filters import Shown
from desktop_app.ui.importing.wizard_page import PREVIEW, ImportPage
from desktop_app.ui.main_window import MainWindow
from tests.ui.importing.conftest import person, write_list


def looked_at(shown: Shown, plan: ImportPlan, base: ImportPlan, corrections: Corrections) -> list[int]:
    """Every row asked every question, as a person with a list and a pencil would."""

    def fits(row: RowPlan, first: RowPlan) -> bool:
        codes = {issue.code for issue in (*row.row.issues, *row.issues)}
        was_asked = first.fate is RowFate.DOUBTFUL
        words = fold(f"{row.row.name} {row.row.household_code} {row.row.hamlet}")
        is_found = shown.text in words or shown.text in (row.row.cccd or "") or shown.text == str(row.row.row)
        return (
            (shown.fate is None or (was_asked if shown.fate is RowFate.DOUBTFUL else row.fate is shown.fate))
            and (not shown.warning or shown.warning in codes)
            and (not shown.change or shown.change in row.changes or shown.change in row.household_changes)
            and (not shown.reason or (was_asked and ", ".join(first.reasons) == shown.reason))
            and (not shown.is_typed or bool(corrections.of(row.row)))
            and (not shown.text or is_found)
        )

    return [at for at, rows in enumerate(zip(plan.rows, base.rows, strict=True)) if fits(*rows)]


@pytest.fixture
def decided(wizard: ImportPage, window: MainWindow, read, key, register: Context, tmp_path: Path) -> Decisions:
    """A list with new, changed, doubtful, refused and warned rows, of which one is answered and two are typed over."""
    known = [person(f"{at:02}", name, f"0{at}/04/1969") for at, name in enumerate(("Lê An", "Bùi Ba", "Võ Cả"), 1)]
    import_citizens(register, parse_workbook(write_list(tmp_path / "a.xlsx", *known)))
    rows = [
        person("01", "Lê An", "01/04/1969", job="Thợ mộc"),
        person("", "Bùi Ba", "1969", relation=""),
        person("", "Võ Cả", "1969", relation=""),
        person("05", "Trần Thị Bình", "hồi xưa", sex="Nữ"),
        person("05", "Đỗ Lợi", "03/04/1980", hamlet="Thôn 2", relation="Con", cccd="79084000011"),
        person("06", "H'Hen Niê", "1990", hamlet="Thôn 2", cccd="079190000012"),
        person("03", "Võ Cả", "03/04/1969"),
        person("07", "", "1990"),
    ]
    read(write_list(tmp_path / "b.xlsx", *rows))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    for at, job in ((5, "Giáo viên"), (0, "Thợ nề")):
        wizard.people.type_over(at, {Field.OCCUPATION: job})
        assert window.tasks.wait_all()
    asked = [at for at, row in enumerate(wizard.people.decisions.base.rows) if row.fate is RowFate.DOUBTFUL]
    wizard.people.settle({asked[0]: None})
    assert window.tasks.wait_all()
    return wizard.people.decisions


def test_every_filter_and_every_two_find_what_looking_at_every_row_finds(decided: Decisions) -> None:
    plan, base, corrections = decided.plan, decided.base, decided.corrections
    assert plan is not None and base is not None
    index = decided.summary.index
    assert len({row.fate for row in (*plan.rows, *base.rows)}) >= 4 and len(corrections) == 2
    narrowed: list[dict[str, object]] = [{}, {"is_typed": True}]
    narrowed += [{"fate": fate} for fate in RowFate] + [{"warning": code} for code in (*index.warnings, "no.such")]
    narrowed += [{"change": name} for name in (*index.changes, "none")] + [{"reason": why} for why in index.reasons]
    narrowed += [{"text": fold(text)} for text in ("an", "Thôn 2", "05", "6", "0", "079", "niê", "h'hen", "xyz", " ")]
    found = 0
    for one, other in itertools.product(narrowed, narrowed):
        shown = Shown(**{**one, **other})  # type: ignore[arg-type]
        wanted = looked_at(shown, plan, base, corrections)
        assert list(shown.places(index, plan, corrections)) == wanted, shown
        found += bool(wanted)
    assert found > 100


def test_the_words_of_the_rows_are_folded_once_for_all_answers(
    decided: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: list[str] = []
    monkeypatch.setattr(preview_index, "fold", lambda text: folded.append(text) or fold(text))
    texts = decided.summary.index.texts
    decided.unsettle(next(iter(decided.choices)))
    assert decided.show(decided.work()())
    assert decided.summary.index.texts is texts
    assert Shown(text="an").places(decided.summary.index, decided.plan, decided.corrections)
    assert folded == []
