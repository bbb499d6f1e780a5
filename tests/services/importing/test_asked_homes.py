"""Two communes number their households from 01: nobody joins a household of strangers unless a person says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import apply_plan, import_citizens
from desktop_app.services.importing.planning.asked import still_asked
from desktop_app.services.importing.planning.choosing import choose
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, parse_rows

NORTH = [
    ("01", "Nguyễn Văn An", "Chủ hộ", "Nam", "02/03/1960", None),
    ("01", "Lê Thị Bưởi", "Vợ", "Nữ", "05/06/1963", None),
    ("02", "Trần Văn Cam", "Chủ hộ", "Nam", "07/08/1971", None),
]
SOUTH = [
    ("01", "Hoàng Văn Dừa", "Chủ hộ", "Nam", "09/10/1958", None),
    ("01", "Phạm Thị Đào", "Vợ", "Nữ", "11/12/1961", None),
    ("02", "Vũ Văn Gấc", "Chủ hộ", "Nam", "13/01/1980", None),
]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path / "register", hamlets=())
    yield made
    made.close()


def plan_of(register: Context, folder: Path, rows: list[tuple[Any, ...]], **how: Any) -> ImportPlan:
    with register.read() as connection:
        return plan_import(connection, parse_rows(folder, HEADING, *rows), **how)


def brought(register: Context, folder: Path, rows: list[tuple[Any, ...]], **how: Any) -> Any:
    return import_citizens(register, parse_rows(folder, HEADING, *rows), **how)


def homes(register: Context) -> list[tuple[str, list[str]]]:
    """Each household's code with the names of its people."""
    with register.read() as connection:
        rows = connection.exec_driver_sql(
            """SELECT h.id, h.code, c.full_name FROM household AS h JOIN citizen AS c ON c.household_id = h.id
            WHERE h.present AND c.present ORDER BY h.id, c.full_name"""
        ).all()
    found: dict[int, tuple[str, list[str]]] = {}
    for key, code, name in rows:
        found.setdefault(key, (code, []))[1].append(name)
    return sorted(found.values())


def fates(plan: ImportPlan) -> list[RowFate]:
    return [row.fate for row in plan.rows]


APART = [
    ("01", ["Hoàng Văn Dừa", "Phạm Thị Đào"]), ("01", ["Lê Thị Bưởi", "Nguyễn Văn An"]),
    ("02", ["Trần Văn Cam"]), ("02", ["Vũ Văn Gấc"]),
]  # fmt: skip


def test_strangers_with_the_code_of_a_standing_household_are_asked_about(register: Context, tmp_path: Path) -> None:
    brought(register, tmp_path, NORTH)
    plan = plan_of(register, tmp_path, SOUTH)
    assert fates(plan) == [RowFate.DOUBTFUL] * 3
    assert [issue.code for row in plan.rows for issue in row.issues] == ["household.asked"] * 3
    asked = plan.rows[1].asked
    assert asked is not None
    assert [person.values["full_name"] for person in asked.members] == ["Nguyễn Văn An", "Lê Thị Bưởi"]
    before = homes(register)
    result = apply_plan(register, plan)
    assert (result.doubtful, result.created, result.operation) == (3, 0, None)
    assert homes(register) == before


def test_said_to_be_other_households_they_stand_beside_and_the_list_again_changes_nothing(
    register: Context, tmp_path: Path
) -> None:
    brought(register, tmp_path, NORTH)
    plan = choose(plan_of(register, tmp_path, SOUTH), {0: None, 1: None, 2: None})
    assert [issue.code for row in plan.rows for issue in row.issues] == ["household.code_used"] * 2
    apply_plan(register, plan)
    assert homes(register) == APART
    for rows in (SOUTH, NORTH):
        again = brought(register, tmp_path, rows)
        assert (again.unchanged, again.operation) == (3, None)


def test_taking_all_that_is_doubtful_for_new_parts_the_households(register: Context, tmp_path: Path) -> None:
    brought(register, tmp_path, NORTH)
    result = brought(register, tmp_path, SOUTH, is_doubtful_new=True)
    assert (result.created, result.households_created) == (3, 2)
    assert [issue.code for issue in result.warnings].count("household.code_used") == 2
    assert homes(register) == APART


def test_said_to_be_the_same_household_they_join_it(register: Context, tmp_path: Path) -> None:
    brought(register, tmp_path, NORTH)
    plan = plan_of(register, tmp_path, SOUTH[:2])
    asked = plan.rows[0].asked
    assert asked is not None
    apply_plan(register, choose(plan, dict.fromkeys((0, 1), asked.home.uid)))
    assert homes(register)[0] == ("01", ["Hoàng Văn Dừa", "Lê Thị Bưởi", "Nguyễn Văn An", "Phạm Thị Đào"])


def test_one_known_member_tells_which_household_it_is(register: Context, tmp_path: Path) -> None:
    brought(register, tmp_path, NORTH)
    child = ("01", "Nguyễn Văn Hồng", "Con", "Nam", "15/02/1990", None)
    assert fates(plan_of(register, tmp_path, [NORTH[0], child])) == [RowFate.UNCHANGED, RowFate.NEW]
    (alone,) = plan_of(register, tmp_path, [child]).rows
    assert alone.fate is RowFate.NEW
    (told,) = [issue for issue in alone.issues if issue.code == "household.joined"]
    assert "Nguyễn Văn An" in told.message
    son = ("01", "Nguyễn Văn Hồng", "Chủ hộ", "Nam", "15/02/1990", None)
    assert fates(plan_of(register, tmp_path, [son])) == [RowFate.DOUBTFUL]


def test_known_people_are_not_moved_to_strangers_for_a_code(register: Context, tmp_path: Path) -> None:
    brought(register, tmp_path, NORTH)
    moved = ("02", "Nguyễn Văn An", "Chủ hộ", "Nam", "02/03/1960", None)
    wife = ("02", "Lê Thị Bưởi", "Vợ", "Nữ", "05/06/1963", None)
    before = homes(register)
    plan = plan_of(register, tmp_path, [moved, wife])
    assert fates(plan) == [RowFate.DOUBTFUL] * 2
    apply_plan(register, plan)
    assert homes(register) == before


def test_known_people_of_whom_it_is_said_that_the_code_is_not_theirs_stay_where_they_live(
    register: Context, tmp_path: Path
) -> None:
    cards = [(*row[:5], number) for row, number in zip(NORTH, ("034060000011", "034163000012", None), strict=True)]
    brought(register, tmp_path, cards)
    rows = [("02", *cards[0][1:]), ("02", *cards[1][1:])]
    plan = plan_of(register, tmp_path, rows)
    assert [row.person is not None for row in plan.rows] == [True, True]
    chosen = choose(plan, {0: None, 1: None})
    assert fates(chosen) == [RowFate.UNCHANGED] * 2
    assert plan.rows[0].asked is not None
    joined = choose(plan, dict.fromkeys((0, 1), plan.rows[0].asked.home.uid))
    assert fates(joined) == [RowFate.CHANGED] * 2


def test_answers_about_households_stay_when_the_list_is_compared_again(register: Context, tmp_path: Path) -> None:
    brought(register, tmp_path, NORTH)
    plan, later = plan_of(register, tmp_path, SOUTH), plan_of(register, tmp_path, SOUTH)
    asked = plan.rows[0].asked
    assert asked is not None
    choices = {0: asked.home.uid, 1: asked.home.uid, 2: None}
    assert still_asked(plan, later, choices) == choices


def test_undoing_gives_back_the_register_before(register: Context, tmp_path: Path) -> None:
    brought(register, tmp_path, NORTH)
    before = homes(register)
    result = brought(register, tmp_path, SOUTH, is_doubtful_new=True)
    register.journal.undo(result.operation)
    assert homes(register) == before
