"""What an import would do is right before anything is written: households, doubtful rows, and a register that moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.importing.apply import apply_plan, import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.choosing import choose
from desktop_app.services.importing.planning.plan import RowFate, plan_import
from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.registry.export import exported_citizens
from tests.factories import make_register

HEADINGS = ("Mã hộ", "Thôn", "Địa chỉ", "Họ và tên", "Quan hệ với chủ hộ", "Ngày sinh", "Số CCCD", "Nghề nghiệp")


def write_list(path: Path, *rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> Path:
    book = Workbook()
    book.active.append(headings)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def person(code: str | None, name: str, birth: str = "08/05/1984", **more: str | None) -> tuple[Any, ...]:
    relation = more.get("relation", "Chủ hộ")
    return (code, more.get("hamlet", "Thôn 1"), more.get("address"), name, relation, birth, more.get("cccd"),
            more.get("job"))  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Context:
    return make_register(tmp_path / "register", hamlets=("Thôn 1", "Thôn 2"))


def load(context: Context, path: Path) -> Any:
    return import_citizens(context, parse_workbook(path))


def planned(context: Context, path: Path) -> ImportPlan:
    with context.read() as connection:
        return plan_import(connection, parse_workbook(path))


def test_one_code_in_two_hamlets_is_two_households(register: Context, tmp_path: Path) -> None:
    rows = (
        person("01", "Lê Văn An"), person("02", "Lê Thị Ba"), person("01", "Trần Thị Bình", hamlet="Thôn 2"),
    )  # fmt: skip
    assert load(register, write_list(tmp_path / "a.xlsx", *rows)).households_created == 3
    assert {(r.name, r.hamlet) for r in exported_citizens(register)} == {
        ("Lê Văn An", "Thôn 1"), ("Lê Thị Ba", "Thôn 1"), ("Trần Thị Bình", "Thôn 2"),
    }  # fmt: skip


def test_a_code_used_in_another_hamlet_is_told_and_its_people_stay_apart(register: Context, tmp_path: Path) -> None:
    load(register, write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An")))
    plan = planned(register, write_list(tmp_path / "b.xlsx", person("01", "Trần Thị Bình", hamlet="Thôn 2")))
    assert [issue.code for issue in plan.rows[0].issues] == ["household.code_used"]
    result = apply_plan(register, plan)
    assert (result.created, result.households_created) == (1, 1)
    assert {r.hamlet for r in exported_citizens(register)} == {"Thôn 1", "Thôn 2"}


def test_a_household_that_moved_to_another_hamlet_keeps_its_people(register: Context, tmp_path: Path) -> None:
    load(register, write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An")))
    plan = planned(register, write_list(tmp_path / "b.xlsx", person("01", "Lê Văn An", hamlet="Thôn 2")))
    assert plan.rows[0].household_changes == {"hamlet": ("Thôn 1", "Thôn 2")}
    result = apply_plan(register, plan)
    assert (result.created, result.updated, result.households_created) == (0, 1, 0)
    (row,) = exported_citizens(register)
    assert (row.household_code, row.hamlet) == ("01", "Thôn 2")


def test_a_household_without_code_is_found_by_its_people(register: Context, tmp_path: Path) -> None:
    headings = ("TT hộ", "Họ và tên", "Quan hệ với chủ hộ", "Ngày sinh", "Số CCCD")
    first = [("1", "Lê Văn An", "Chủ hộ", "08/05/1984", "079084000001"), ("1", "Võ Thị Mai", "Vợ", "1986", None)]
    load(register, write_list(tmp_path / "a.xlsx", *first, headings=headings))
    later = [("1", "Lê Văn Tâm", "Chủ hộ", "1950", None), ("1", "Lê Văn An", "Con", "08/05/1984", "079084000001")]
    result = load(register, write_list(tmp_path / "b.xlsx", *later, headings=headings))
    assert (result.created, result.households_created) == (1, 0)


def test_a_new_address_is_counted_as_a_change_and_comes_in(register: Context, tmp_path: Path) -> None:
    load(
        register, write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"), person("01", "Lê Thị Ba", relation="Con"))
    )
    later = (person("01", "Lê Văn An"), person("01", "Lê Thị Ba", relation="Con", address="Số 7"))
    plan = planned(register, write_list(tmp_path / "b.xlsx", *later))
    assert plan.counts()[RowFate.CHANGED] == 1
    apply_plan(register, plan)
    assert {r.address for r in exported_citizens(register)} == {"Số 7"}
    assert load(register, tmp_path / "b.xlsx").operation is None


def test_a_row_left_out_as_doubtful_changes_nothing_of_its_household(register: Context, tmp_path: Path) -> None:
    load(register, write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"), person("02", "Trần Thị Bình", "1990")))
    later = write_list(tmp_path / "b.xlsx", person("02", "Lê Văn An", address="Số 9"))
    before = exported_citizens(register)
    plan = planned(register, later)
    assert [row.fate for row in plan.rows] == [RowFate.DOUBTFUL]
    assert apply_plan(register, plan).operation is None
    assert exported_citizens(register) == before


def test_a_doubtful_row_taken_for_a_new_person_leaves_a_taken_number_out(register: Context, tmp_path: Path) -> None:
    load(register, write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An", cccd="079084000001")))
    path = write_list(tmp_path / "b.xlsx", person("02", "Phạm Hữu Ước", cccd="079084000001"))
    plan = planned(register, path)
    assert plan.rows[0].fate is RowFate.DOUBTFUL
    chosen = choose(plan, {0: None})
    assert [issue.code for issue in chosen.rows[0].issues] == ["cccd.taken"]
    assert apply_plan(register, chosen).created == 1
    assert sorted((r.name, r.cccd) for r in exported_citizens(register)) == [
        ("Lê Văn An", "079084000001"), ("Phạm Hữu Ước", None),
    ]  # fmt: skip


def test_two_doubtful_rows_taken_for_one_person_are_written_once(register: Context, tmp_path: Path) -> None:
    load(register, write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An", job="Thợ mộc")))
    path = write_list(
        tmp_path / "b.xlsx", person("08", "Lê Văn An", job="Thợ nề"), person("09", "Lê Văn An", job="Thợ may")
    )
    plan = planned(register, path)
    assert [row.fate for row in plan.rows] == [RowFate.DOUBTFUL] * 2
    uid = plan.rows[0].candidates[0].person.uid
    chosen = choose(plan, {0: uid, 1: uid})
    assert [row.fate for row in chosen.rows] == [RowFate.CHANGED, RowFate.UNCHANGED]
    assert "dòng 2" in chosen.rows[1].issues[0].message
    apply_plan(register, chosen)
    assert [(r.household_code, r.occupation) for r in exported_citizens(register)] == [("08", "Thợ nề")]


def test_a_person_met_again_after_a_refused_row_is_not_lost(register: Context, tmp_path: Path) -> None:
    rows = (
        person("01", "Lê Văn An", "hồi xưa", cccd="079084000001"),
        person("01", "Lê Văn An", "", cccd="079084000001"),
    )
    result = load(register, write_list(tmp_path / "a.xlsx", *rows))
    assert (result.created, result.refused) == (1, 1)


@pytest.mark.parametrize(
    ("birth", "hamlet", "fate"),
    [
        ("08/05/1984", "Thôn 2", RowFate.DOUBTFUL),  # moved to another hamlet
        ("1984", "Thôn 1", RowFate.DOUBTFUL),
        ("1984", "Thôn 2", RowFate.DOUBTFUL),  # nobody else in the register has this name
        ("09/05/1984", "Thôn 1", RowFate.NEW),
    ],
)
def test_who_may_have_moved_within_the_commune_is_asked_about(
    register: Context, tmp_path: Path, birth: str, hamlet: str, fate: RowFate
) -> None:
    load(register, write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An")))
    plan = planned(register, write_list(tmp_path / "b.xlsx", person("09", "Lê Văn An", birth, hamlet=hamlet)))
    assert [row.fate for row in plan.rows] == [fate]


def test_a_plan_made_before_the_register_changed_is_not_carried_out(register: Context, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"))
    plan = planned(register, path)
    apply_plan(register, plan)
    with pytest.raises(UserError) as refused:
        apply_plan(register, plan)
    assert refused.value.code == "import.stale"
    assert len(exported_citizens(register)) == 1


def test_an_import_stopped_in_the_middle_keeps_nothing(register: Context, samples: Path) -> None:
    plan = planned(register, samples / "01_mot_bang.xlsx")
    progress = Progress()
    seen: list[int] = []

    def report(done: int, total: int, text: str) -> None:
        seen.append(done)
        if done >= 500:
            progress.cancel()

    progress.report = report
    with pytest.raises(Cancelled):
        apply_plan(register, plan, progress=progress)
    assert 500 in seen and max(seen) < len(plan.rows)
    assert exported_citizens(register) == []
    assert apply_plan(register, plan).created == 1342
