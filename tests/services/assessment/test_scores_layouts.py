"""Scores in the layouts of other hands and of other seeds: totals and verdicts against the printed rule."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup
from desktop_app.services.assessment.results import VerdictRecord, list_verdicts
from desktop_app.services.assessment.scores_import import ScoresResult, import_scores
from desktop_app.services.context import Context
from desktop_app.services.importing.parse import kind_of_workbook, parse_scores
from desktop_app.services.importing.preview import WorkbookKind
from tests.services.assessment import score_books as books
from tests.services.assessment.odd_books import ODD
from tests.services.assessment.world import YEAR

QUIET = {"sheet.turned", "sheet.beside", "group.from_sheet", "score.columns_left", "score.by_place"}
"""What is said of whole sheets and asks for a look only."""


def brought(context: Context, path: Path) -> ScoresResult:
    return import_scores(context, parse_scores(path), YEAR)


@pytest.mark.parametrize("layout", books.LAYOUTS)
def test_every_layout_gives_the_known_totals_and_verdicts(context: Context, tmp_path: Path, layout: str) -> None:
    people = books.make_people(sum(map(ord, layout)), 12)
    books.register(context, people)
    path = books.LAYOUTS[layout](people).write(tmp_path / "phieu.xlsx")
    assert kind_of_workbook(path) is WorkbookKind.SCORES
    result = brought(context, path)
    assert (result.created, result.doubtful, result.refused) == (len(people), 0, 0)
    assert {issue.code for issue in (*result.errors, *result.warnings)} <= QUIET
    found = sorted((v.name, v.total, v.passed, *v.answers.values()) for v in list_verdicts(context, YEAR))
    assert found == sorted((p.name, p.total, p.passed, *p.scores) for p in people)
    assert result.passed == sum(person.passed for person in people)
    again = brought(context, path)
    assert (again.unchanged, again.operation) == (len(people), None)


@pytest.mark.parametrize("layout", [name for name in books.LAYOUTS if name != "names in heading"])
def test_groups_in_their_own_words_choose_the_form(context: Context, tmp_path: Path, layout: str) -> None:
    people = books.make_people(len(layout), 10)
    books.register(context, people)
    brought(context, books.LAYOUTS[layout](people).write(tmp_path / "phieu.xlsx"))
    assert sorted((v.name, v.group) for v in list_verdicts(context, YEAR)) == sorted((p.name, p.group) for p in people)


@pytest.mark.parametrize("layout", ODD)
def test_what_columns_do_not_say_plainly_is_understood_right(context: Context, tmp_path: Path, layout: str) -> None:
    people = books.make_people(sum(map(ord, layout)), 11)
    books.register(context, people)
    path = ODD[layout](people).write(tmp_path / "phieu.xlsx")
    assert kind_of_workbook(path) is WorkbookKind.SCORES
    parsed = parse_scores(path)
    tried = import_scores(context, parsed, YEAR, is_dry_run=True)
    result = import_scores(context, parsed, YEAR)
    assert replace(result, operation=None) == tried
    assert {issue.code for issue in (*result.errors, *result.warnings)} <= QUIET
    found = sorted((v.name, v.total, v.passed, v.group, *_scores(v)) for v in list_verdicts(context, YEAR))
    assert found == books.known(people)
    assert import_scores(context, parsed, YEAR).operation is None


@pytest.mark.parametrize("seed", [1, 2])
def test_lists_that_come_after_each_other_change_what_they_say_and_are_taken_back_one_by_one(
    context: Context, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    people = books.make_people(seed, 8)
    books.register(context, people)
    states: list[list[tuple[object, ...]]] = []
    operations: list[str] = []
    for layout in rng.sample(sorted(ODD), 4):
        people = [replace(person, scores=tuple(rng.randint(0, 10) for _ in range(10))) for person in people]
        states.append(_standing(context))
        result = brought(context, ODD[layout](people).write(tmp_path / f"{len(states)}.xlsx"))
        assert _standing(context) == sorted((p.name, p.total, p.passed, *p.scores) for p in people)
        assert result.operation is not None
        operations.append(result.operation)
    for operation, before in zip(reversed(operations), reversed(states), strict=True):
        context.journal.undo(operation)
        assert _standing(context) == before


def _standing(context: Context) -> list[tuple[object, ...]]:
    return sorted((v.name, v.total, v.passed, *_scores(v)) for v in list_verdicts(context, YEAR))


def _scores(verdict: VerdictRecord) -> list[float]:
    return [verdict.answers[str(number)] for number in range(1, 11)]


@pytest.mark.parametrize("name", ["Trương Bản", "Nguyễn Tổng", "Lê Điểm", "Đỗ Mười"])
def test_nobody_across_is_lost_for_an_odd_name(context: Context, tmp_path: Path, name: str) -> None:
    people = [replace(person, name=name) if at == 3 else person for at, person in enumerate(books.make_people(4, 9))]
    books.register(context, people)
    brought(context, ODD["down, numbered"](people).write(tmp_path / "phieu.xlsx"))
    assert len(list_verdicts(context, YEAR)) == 9


def test_scores_below_a_blank_name_are_told_with_their_column(context: Context, tmp_path: Path) -> None:
    people = books.make_people(4, 9)
    books.register(context, people)
    book = ODD["down, numbered"](people)
    assert isinstance(book.sheets["S"][0], list)
    book.sheets["S"][0][4] = ""
    result = brought(context, book.write(tmp_path / "phieu.xlsx"))
    assert (result.created, [(issue.code, issue.column) for issue in result.errors]) == (8, [("name.missing", "E")])


def test_a_column_that_nothing_explains_refuses_its_rows_rather_than_losing_scores(
    context: Context, tmp_path: Path
) -> None:
    people = books.make_people(4, 9)
    books.register(context, people)
    book = ODD["short words"](people)
    assert isinstance(book.sheets["Sheet1"][0], list)
    book.sheets["Sheet1"][0][8] = "Việc khác"
    result = brought(context, book.write(tmp_path / "phieu.xlsx"))
    assert (result.created, {issue.code for issue in result.errors}) == (0, {"score.unknown_indicator"})


def test_words_instead_of_a_score_refuse_a_printed_form_rather_than_leaving_the_indicator_out(
    context: Context, tmp_path: Path
) -> None:
    people = books.make_people(6, 4)
    books.register(context, people)
    book = books.forms(people, split=True)
    row = next(row for row in book.sheets["Phiếu 2"] if row[0] == 7)
    assert isinstance(row, list)
    row[-1] = "hỏi lại"
    result = brought(context, book.write(tmp_path / "phieu.xlsx"))
    assert (result.created, [issue.code for issue in result.errors]) == (3, ["score.not_number"])


def test_a_printed_form_of_a_resident_is_no_list_of_residents(context: Context, tmp_path: Path) -> None:
    people = [replace(person, words="Người dân", group=CitizenGroup.RESIDENT) for person in books.make_people(6, 4)]
    books.register(context, people)
    book = books.forms(people, split=True)
    result = brought(context, book.write(tmp_path / "phieu.xlsx"))
    assert (result.rows, result.created) == (4, 4)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(20, 40))
def test_other_seeds_in_every_layout_come_in_right(context: Context, tmp_path: Path, seed: int) -> None:
    people = books.make_people(seed, 40, hamlets=("Thôn 1", "Thôn 2", "Thôn 3"))
    books.register(context, people)
    wanted = sorted((p.name, p.total, p.passed, *p.scores) for p in people)
    for layout, make in {**books.LAYOUTS, **ODD}.items():
        result = brought(context, make(people).write(tmp_path / "phieu.xlsx"))
        found = sorted((v.name, v.total, v.passed, *v.answers.values()) for v in list_verdicts(context, YEAR))
        assert found == wanted, layout
        assert result.operation is not None
        context.journal.undo(result.operation)
        assert list_verdicts(context, YEAR) == []
