"""Whatever is typed over, in any order: a row decided alone stands where a whole comparison would put it."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.corrections.plan import replanned
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import RowPlan
from tests.factories import make_register
from tests.services.importing.helpers import write_xlsx

TODAY = dt.date(2026, 11, 22)
HEADING = ("Mã hộ", "Thôn", "Họ và tên", "Quan hệ", "Giới tính", "Ngày sinh", "Số CCCD", "Nghề nghiệp", "Diện hộ")
NAMES = ("Lê Văn An", "Trần Thị Bình", "Võ Đạt", "Đỗ Hữu Lợi", "Lê Văn Ân")
BIRTHS = ("08/05/1984", "1984", "hồi xưa", "12/04/1969", "1990", "")
NUMBERS = ("", "001084000011", "079084000022", "079190000123")
TYPED = {
    Field.NAME: (*NAMES, ""), Field.BIRTH: BIRTHS, Field.CCCD: NUMBERS, Field.HOUSEHOLD_CODE: ("H1", "H2", "H9", ""),
    Field.RELATION: ("Chủ hộ", "Con"), Field.OCCUPATION: ("Nông dân",), Field.HAMLET: ("Thôn 1", "Thôn 3"),
    Field.POVERTY: ("Hộ nghèo", "Không nghèo"), Field.SEX: ("Nam", "Nữ", ""),
}  # fmt: skip


def a_row(chance: random.Random) -> tuple[str, ...]:
    return (
        f"H{chance.randint(1, 4)}", f"Thôn {chance.randint(1, 2)}", chance.choice(NAMES),
        chance.choice(("Chủ hộ", "Con", "Vợ", "")), chance.choice(("Nam", "Nữ", "")), chance.choice(BIRTHS),
        chance.choice(NUMBERS), chance.choice(("", "Thợ")), chance.choice(("", "Hộ nghèo")),
    )  # fmt: skip


def decided(row: RowPlan) -> object:
    person = row.person.uid if row.person is not None else None
    return row.fate, person, dict(row.changes), dict(row.household_changes), row.row.cccd


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.full) for seed in range(8, 80))])
def test_rows_decided_one_by_one_agree_with_a_whole_comparison(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    register = make_register(tmp_path / "register", hamlets=())
    lists = [
        write_xlsx(tmp_path / f"{count}.xlsx", {"A": [HEADING, *(a_row(chance) for _ in range(count))]})
        for count in (6, 7)
    ]
    import_citizens(register, parse_workbook(lists[0]))
    with register.read() as connection:
        plan = plan_import(connection, parse_workbook(lists[1]))
        for _ in range(3):
            of = chance.choice(list(TYPED))
            place, text = chance.randrange(len(plan.rows)), chance.choice(TYPED[of])
            plan = replanned(connection, plan, place, {of: text}, TODAY)
            whole = plan_import(connection, plan.parsed)
            assert [decided(row) for row in plan.rows] == [decided(row) for row in whole.rows]
    register.close()
