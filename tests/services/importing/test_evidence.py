"""Who is who is decided by all evidence: twins, namesakes of one household, numbers typed wrong, births left out."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desktop_app.services.context import Context
from desktop_app.services.duplicates.merging import merge_people
from desktop_app.services.importing.apply import apply_plan
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.choosing import choose
from desktop_app.services.importing.planning.plan import RowFate, plan_import
from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.moves.deeds import move_member, record_death
from desktop_app.services.moves.hamlet_merge import merge_hamlets
from desktop_app.services.registry.export import exported_citizens
from tests.factories import make_register

HEADINGS = ("Mã hộ", "Thôn", "Họ và tên", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh", "Số CCCD", "Điện thoại")
ONE, TWO = "091184000011", "091184000022"
Row = tuple[Any, ...]
TODAY = datetime.date(2026, 11, 22)


def row(name: str, birth: str | None = None, cccd: str | None = None, **more: str | None) -> Row:
    return (
        more.get("code", "01"), more.get("hamlet", "Thôn 1"), name, more.get("relation"), more.get("sex"), birth, cccd,
        more.get("phone"),
    )  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Context:
    return make_register(tmp_path / "register", hamlets=("Thôn 1", "Thôn 2"))


def planned(context: Context, folder: Path, *sheets: list[Row]) -> ImportPlan:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Trang {number}")
        sheet.append(HEADINGS)
        for cells in rows:
            sheet.append(cells)
    path = folder / f"{len(list(folder.iterdir()))}.xlsx"
    book.save(path)
    with context.read() as connection:
        return plan_import(connection, parse_workbook(path))


def fates(plan: ImportPlan) -> list[RowFate]:
    return [item.fate for item in plan.rows]


def stand(context: Context) -> list[str]:
    return sorted(person.name for person in exported_citizens(context))


def count(context: Context, query: str) -> int:
    with context.read() as connection:
        return int(connection.exec_driver_sql(query).scalar() or 0)


def uid_of_hamlet(context: Context, name: str) -> str:
    with context.read() as connection:
        query = "SELECT lower(hex(uid)) FROM hamlet WHERE name = ?"
        return str(connection.exec_driver_sql(query, (name,)).scalar())


def given(context: Context, folder: Path, *rows: Row) -> None:
    apply_plan(context, planned(context, folder, list(rows)))


HEAD = row("Lê Văn Ba", "01/02/1960", relation="Chủ hộ")
TWINS = [("Lê Minh Hùng", "Lê Minh Hưng"), ("Lê Thị Lan", "Lê Thị Loan"), ("Lê Minh Anh", "Lê Ngọc Anh"),
         ("Lê Thị Hoà", "Lê Thị Hoa")]  # fmt: skip


@pytest.mark.parametrize("names", TWINS)
def test_twins_stay_two_and_the_same_list_again_changes_nothing(
    register: Context, tmp_path: Path, names: tuple[str, str]
) -> None:
    rows = [HEAD, *(row(name, "08/05/2010", relation="Con") for name in names)]
    given(register, tmp_path, *rows)
    assert stand(register) == sorted(["Lê Văn Ba", *names])
    for order in (rows, rows[::-1]):
        again = planned(register, tmp_path, order)
        assert set(fates(again)) == {RowFate.UNCHANGED}
        assert apply_plan(register, again).operation is None


@pytest.mark.parametrize("names", TWINS)
def test_the_second_twin_is_asked_about_and_never_takes_the_first_ones_place(
    register: Context, tmp_path: Path, names: tuple[str, str]
) -> None:
    given(register, tmp_path, HEAD, row(names[0], "08/05/2010", relation="Con"))
    plan = planned(register, tmp_path, [row(names[1], "08/05/2010", relation="Con")])
    assert fates(plan) == [RowFate.DOUBTFUL]
    apply_plan(register, choose(plan, {0: None}))
    assert stand(register) == sorted(["Lê Văn Ba", *names])


@pytest.mark.parametrize(
    "same", [("Lê Thị Hòa", "Lê Thị Hoà"), ("Lê Thị Thúy", "LE THI THUY"), ("Lê Văn Úy", "Lê Văn Uý")]
)
def test_a_tone_on_the_other_vowel_or_no_accents_at_all_is_the_same_person(
    register: Context, tmp_path: Path, same: tuple[str, str]
) -> None:
    given(register, tmp_path, HEAD, row(same[0], "08/05/2010", relation="Con"))
    plan = planned(register, tmp_path, [row(same[1], "08/05/2010", relation="Con")])
    assert plan.rows[0].person is not None


def test_grandfather_and_grandson_of_one_name_stay_two(register: Context, tmp_path: Path) -> None:
    rows = [row("Lê Văn Tám", "1940", relation="Chủ hộ"), row("Lê Văn Tám", "2012", relation="Cháu")]
    given(register, tmp_path, *rows)
    assert stand(register) == ["Lê Văn Tám", "Lê Văn Tám"]
    assert set(fates(planned(register, tmp_path, rows))) == {RowFate.UNCHANGED}


def test_a_namesake_of_the_household_without_birth_is_asked_about(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Lê Văn Tám", "1940", relation="Chủ hộ"))
    assert fates(planned(register, tmp_path, [row("Lê Văn Tám", relation="Cháu")])) == [RowFate.DOUBTFUL]
    given(register, tmp_path, row("Lê Văn Tám", "1940", relation="Chủ hộ"), row("Lê Văn Tám", "2012", relation="Cháu"))
    assert fates(planned(register, tmp_path, [row("Lê Văn Tám")])) == [RowFate.DOUBTFUL]


def test_two_without_a_number_in_two_households_are_not_one(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Lê Thị Sáu", "1970", code="01"))
    assert fates(planned(register, tmp_path, [row("Lê Thị Sáu", code="02", hamlet="Thôn 2")])) == [RowFate.NEW]
    assert fates(planned(register, tmp_path, [row("Lê Thị Sáu", "1971", code="02")])) == [RowFate.NEW]


def test_swapped_numbers_of_a_couple_are_asked_about_and_double_nobody(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Lê Văn Ba", "01/02/1984", ONE), row("Trần Thị Tư", "03/04/1984", TWO))
    plan = planned(register, tmp_path, [row("Lê Văn Ba", "01/02/1984", TWO), row("Trần Thị Tư", "03/04/1984", ONE)])
    assert fates(plan) == [RowFate.DOUBTFUL, RowFate.DOUBTFUL]
    assert [plan.rows[at].candidates[0].person.values["full_name"] for at in (0, 1)] == ["Lê Văn Ba", "Trần Thị Tư"]


def test_one_number_typed_on_two_people_goes_to_one_and_both_come_in(register: Context, tmp_path: Path) -> None:
    plan = planned(register, tmp_path, [row("Lê Văn Ba", "01/02/1984", ONE), row("Trần Thị Tư", "03/04/1984", ONE)])
    apply_plan(register, plan)
    assert stand(register) == ["Lê Văn Ba", "Trần Thị Tư"]
    assert [person.cccd for person in exported_citizens(register)].count(ONE) == 1
    assert "cccd.taken" in {issue.code for issue in plan.rows[1].issues}


@pytest.mark.parametrize("birth", [None, "01/02/1984", "1984"])
def test_a_wifes_row_with_her_husbands_number_never_renames_him(
    register: Context, tmp_path: Path, birth: str | None
) -> None:
    given(register, tmp_path, row("Lê Văn Ba", birth, ONE))
    apply_plan(register, planned(register, tmp_path, [row("Trần Thị Tư", birth, ONE)]))
    assert "Lê Văn Ba" in stand(register)


def test_a_changed_middle_name_with_the_same_number_is_asked_about(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Lê Thị Lan", "08/05/1984", ONE))
    plan = planned(register, tmp_path, [row("Lê Thị Ngọc Lan", "08/05/1984", ONE)])
    assert fates(plan) == [RowFate.DOUBTFUL]
    known = plan.rows[0].candidates[0].person.uid
    apply_plan(register, choose(plan, {0: known}))
    assert stand(register) == ["Lê Thị Ngọc Lan"]


def test_an_old_identity_card_is_no_other_person_and_never_replaces_the_cccd(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Lê Thị Lan", "08/05/1984", ONE))
    plan = planned(register, tmp_path, [row("Lê Thị Lan", "08/05/1984", "351234567", phone="0912345678")])
    apply_plan(register, plan)
    assert [(person.name, person.cccd) for person in exported_citizens(register)] == [("Lê Thị Lan", ONE)]


def test_a_number_typed_wrong_is_asked_about_and_namesakes_elsewhere_are_not(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Lê Thị Lan", "08/05/1984", ONE))
    assert fates(planned(register, tmp_path, [row("Lê Thị Lan", "08/05/1984", TWO)])) == [RowFate.DOUBTFUL]
    elsewhere = row("Lê Thị Lan", "08/05/1984", TWO, code="02", hamlet="Thôn 2")
    assert fates(planned(register, tmp_path, [elsewhere])) == [RowFate.NEW]


def test_the_same_people_on_two_sheets_come_in_once_though_one_says_less(register: Context, tmp_path: Path) -> None:
    full = [row("Lê Văn Ba", "01/02/1984", ONE, relation="Chủ hộ"), row("Trần Thị Tư", "03/04/1986", relation="Vợ")]
    less = [row("Lê Văn Ba", "1984", relation="Chủ hộ"), row("TRẦN THỊ TƯ", "1986", relation="Vợ")]
    plan = planned(register, tmp_path, full, less)
    assert fates(plan) == [RowFate.NEW, RowFate.NEW, RowFate.UNCHANGED, RowFate.UNCHANGED]
    apply_plan(register, plan)
    assert stand(register) == ["Lê Văn Ba", "Trần Thị Tư"]


def test_who_may_be_the_same_on_another_sheet_is_said_and_comes_in(register: Context, tmp_path: Path) -> None:
    first = row("Lê Văn Ba", "1984", code="01")
    second = row("Lê Văn Ba", "1984", code="07")
    plan = planned(register, tmp_path, [first], [second])
    assert fates(plan) == [RowFate.NEW, RowFate.NEW]
    assert "person.alike" in {issue.code for issue in plan.rows[1].issues}


def test_the_number_of_an_absorbed_record_leads_to_the_survivor_and_does_not_come_back(
    register: Context, tmp_path: Path
) -> None:
    from desktop_app.services.duplicates.merging import merge_people

    given(register, tmp_path, HEAD, row("Lê Văn Bốn", "1984", ONE), row("Lê Văn Bôn", "1984", TWO))
    pair = [person.uid for person in exported_citizens(register) if person.cccd]
    merge_people(register, *pair)
    plan = planned(register, tmp_path, [row("Lê Văn Bốn", "1984", TWO)])
    assert fates(plan) == [RowFate.UNCHANGED]
    assert [person.cccd for person in exported_citizens(register) if person.cccd] == [ONE]


def test_a_list_with_the_name_of_a_merged_hamlet_finds_what_became_of_it(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Lê Văn Ba", "1960", relation="Chủ hộ"))
    given(register, tmp_path, row("Trần Văn Tư", "1970", relation="Chủ hộ", hamlet="Thôn 2"))
    one, two = (uid_of_hamlet(register, name) for name in ("Thôn 1", "Thôn 2"))
    merge_hamlets(register, one, two, name="Thôn Đoàn Kết", on="01/07/2026", today=TODAY)
    again = planned(
        register, tmp_path,
        [row("Trần Thị Năm", "1972", relation="Vợ", hamlet="Thôn 2"),
         row("Trần Văn Tư", "1970", relation="Chủ hộ", hamlet="Thôn 2"),
         row("Hồ Mới", "1990", code="10", hamlet="Thôn 2")],
    )  # fmt: skip
    assert not again.needed_hamlets()
    assert [issue.code for issue in again.issues()].count("hamlet.ended") == 1
    apply_plan(register, again)
    stands = {person.name: (person.hamlet, person.household_code) for person in exported_citizens(register)}
    assert stands["Hồ Mới"] == ("Thôn Đoàn Kết", "10")
    assert stands["Trần Thị Năm"] == stands["Trần Văn Tư"]
    assert count(register, "SELECT count(*) FROM household WHERE present") == 3


def test_a_name_in_full_is_not_replaced_by_the_same_in_capitals_or_without_accents(
    register: Context, tmp_path: Path
) -> None:
    given(register, tmp_path, row("Nguyễn Văn Cộng", "03/04/1955", ONE))
    for name in ("NGUYỄN VĂN CỘNG", "Nguyen Van Cong", "NGUYEN VAN CONG"):
        given(register, tmp_path, row(name, "03/04/1955", ONE))
        assert stand(register) == ["Nguyễn Văn Cộng"]
    given(register, tmp_path, row("Nguyen Thi Hoa", "03/04/1958", TWO, code="02"))
    given(register, tmp_path, row("Nguyễn Thị Hòa", "03/04/1958", TWO, code="02"))
    assert stand(register) == ["Nguyễn Thị Hòa", "Nguyễn Văn Cộng"]


def test_an_old_list_does_not_make_a_son_of_the_head(register: Context, tmp_path: Path) -> None:
    before = [HEAD, row("Lê Văn Hải", "12/11/1984", relation="Con"), row("Lê Thị Mai", "1990", relation="Con")]
    given(register, tmp_path, *before)
    people = {person.name: person.uid for person in exported_citizens(register)}
    record_death(register, people["Lê Văn Ba"], on="05/05/2026", new_head=people["Lê Văn Hải"], today=TODAY)
    stands = [(person.name, person.relation) for person in exported_citizens(register)]
    again = planned(register, tmp_path, before)
    assert [issue.code for issue in again.issues()].count("relation.kept") == 2
    assert apply_plan(register, again).operation is None
    assert [(person.name, person.relation) for person in exported_citizens(register)] == stands


def test_the_order_of_rows_leaves_nobody_out(register: Context, tmp_path: Path) -> None:
    head = row("Trần Thị Lan", "1958", relation="Chủ hộ", code="02", sex="Nữ")
    given(register, tmp_path, head)
    others = [row("Nguyễn Văn Cộng", "03/04/1955", relation="Chủ hộ"), row("Trần Thị Lan", "1958", relation="Vợ")]
    for rows in ([*others, head], [head, *others]):
        assert sorted(fates(planned(register, tmp_path, rows))) == [RowFate.NEW, RowFate.NEW, RowFate.UNCHANGED]


def test_a_person_merged_away_does_not_come_back_with_the_same_list(register: Context, tmp_path: Path) -> None:
    rows = [
        row("Nguyễn Văn Cộng", "03/04/1955", relation="Chủ hộ"), row("Trần Thị Lan", "1958", relation="Vợ"),
        row("Trần Thị Lan", "1958", relation="Chủ hộ", code="02"),
    ]  # fmt: skip
    given(register, tmp_path, *rows)
    lan = [person.uid for person in exported_citizens(register) if person.name == "Trần Thị Lan"]
    merge_people(register, lan[0], lan[1])
    for order in (rows, rows[::-1], rows[2:]):
        again = planned(register, tmp_path, order)
        assert set(fates(again)) == {RowFate.UNCHANGED}
        assert apply_plan(register, again).operation is None


def test_a_person_who_moved_is_known_by_the_household_he_left(register: Context, tmp_path: Path) -> None:
    rows = [
        row("Bùi Văn Tam", "1950", relation="Ông"), row("Bùi Văn Ba", "1980", relation="Chủ hộ"),
        row("Phan Thị Duyên", "1985", relation="Chủ hộ", code="09"),
    ]  # fmt: skip
    given(register, tmp_path, *rows)
    tam = next(person.uid for person in exported_citizens(register) if person.name == "Bùi Văn Tam")
    with register.read() as connection:
        query = "SELECT lower(hex(uid)) FROM household WHERE code = '09'"
        home = str(connection.exec_driver_sql(query).scalar())
    move_member(register, tam, home, relation="Ông", on="01/04/2026", today=TODAY)
    again = planned(register, tmp_path, rows)
    assert set(fates(again)) == {RowFate.UNCHANGED}
    assert "household.kept" in {issue.code for issue in again.issues()}
    assert apply_plan(register, again).operation is None


def test_the_only_one_of_a_name_and_year_is_asked_about_wherever_he_lives(register: Context, tmp_path: Path) -> None:
    given(register, tmp_path, row("Trưởng Thị Nam", "1949", sex="Nữ"))
    here = {"code": None, "hamlet": None}
    assert fates(planned(register, tmp_path, [row("Trưởng Thị Nam", "1949", **here)])) == [RowFate.DOUBTFUL]
    there = {"code": "07", "hamlet": "Thôn 2"}
    assert fates(planned(register, tmp_path, [row("Trưởng Thị Nam", "1949", **there)])) == [RowFate.DOUBTFUL]
    assert fates(planned(register, tmp_path, [row("Trưởng Thị Nam", "1951", **there)])) == [RowFate.NEW]
    assert fates(planned(register, tmp_path, [row("Trưởng Thị Nam", "1949", sex="Nam", **there)])) == [RowFate.NEW]
