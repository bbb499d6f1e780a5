"""What is typed over in the preview is read like the file, checked at once, and decided as a whole comparison would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.types import Sex
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import apply_plan, import_citizens
from desktop_app.services.importing.corrections.edits import Corrections, corrected, original_text, shown_value
from desktop_app.services.importing.corrections.plan import replanned
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.registry.export import exported_citizens
from tests.factories import make_register
from tests.services.importing.helpers import write_xlsx

TODAY = dt.date(2026, 11, 22)
HEADING = ("Mã hộ", "Thôn", "Họ và tên", "Quan hệ", "Giới tính", "Ngày sinh", "Số CCCD", "Nghề nghiệp", "Diện hộ")
ROWS = (
    ("H1", "Thôn 1", "Lê Văn An", "Chủ hộ", "Nam", "08/05/1984", "001084000011", "Thợ mộc", ""),
    ("H1", "Thôn 1", "Trần Thị Bình", "Vợ", "Nữ", "hồi xưa", "", "", ""),
    ("H2", "Thôn 2", "Võ Đạt", "Chủ hộ", "", "1990", "", "", ""),
    ("H3", "Thôn 2", "Đỗ Hữu Lợi", "Con", "Nam", "31/02/2001", "", "Thợ nề", ""),
)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path / "register", hamlets=())
    yield made
    made.close()


def plan_of(context: Context, path: Path) -> ImportPlan:
    with context.read() as connection:
        return plan_import(connection, parse_workbook(path))


def retyped(context: Context, plan: ImportPlan, place: int, **texts: str) -> ImportPlan:
    with context.read() as connection:
        return replanned(connection, plan, place, {Field(name): text for name, text in texts.items()}, TODAY)


def the_list(tmp_path: Path, *rows: tuple[str, ...]) -> Path:
    return write_xlsx(tmp_path / "list.xlsx", {"Danh sách": [HEADING, *(rows or ROWS)]})


def test_a_refused_row_mended_in_place_comes_in(register: Context, tmp_path: Path) -> None:
    plan = plan_of(register, the_list(tmp_path))
    assert [row.fate for row in plan.rows][1] is RowFate.REFUSED
    mended = retyped(register, plan, 1, birth="12/04/1986")
    assert mended.rows[1].fate is RowFate.NEW
    assert mended.rows[1].row.issues == ()
    assert mended.rows[1].household == mended.rows[0].household
    assert apply_plan(register, mended).created == 4
    bride = next(row for row in exported_citizens(register) if row.name == "Trần Thị Bình")
    assert (bride.birth, bride.household_code, bride.hamlet) == ("1986-04-12", "H1", "Thôn 1")


def test_what_is_still_wrong_is_said_again(register: Context, tmp_path: Path) -> None:
    plan = retyped(register, plan_of(register, the_list(tmp_path)), 1, birth="30/02/x")
    assert plan.rows[1].fate is RowFate.REFUSED
    (issue,) = plan.rows[1].row.issues
    assert (issue.code, issue.column, issue.row) == ("birth.not_a_date", "F", 3)


@pytest.mark.parametrize(
    ("typed", "code"),
    [({"birth": "1890"}, "birth.impossible"), ({"name": "Lê Văn An 2"}, "name.digits"), ({"birth": "01/01/2030"}, "")],
)
def test_what_is_typed_is_held_to_the_rules_of_the_file(
    register: Context, tmp_path: Path, typed: dict[str, str], code: str
) -> None:
    plan = retyped(register, plan_of(register, the_list(tmp_path)), 0, **typed)
    assert plan.rows[0].fate is RowFate.REFUSED
    assert not code or code in [issue.code for issue in plan.rows[0].row.issues]


def test_a_name_taken_away_refuses_the_row(register: Context, tmp_path: Path) -> None:
    plan = retyped(register, plan_of(register, the_list(tmp_path)), 0, name="  ")
    assert plan.rows[0].fate is RowFate.REFUSED
    assert [issue.code for issue in plan.rows[0].row.issues] == ["name.missing"]


def test_a_number_typed_in_tells_the_sex_where_it_is_missing(register: Context, tmp_path: Path) -> None:
    plan = retyped(register, plan_of(register, the_list(tmp_path)), 2, cccd="079 090 000 123")
    row = plan.rows[2].row
    assert (row.cccd, row.sex) == ("079090000123", Sex.MALE)
    assert [issue.code for issue in row.issues] == ["sex.from_cccd"]
    again = retyped(register, plan, 2, cccd="079190000123")
    assert again.rows[2].row.sex is Sex.FEMALE
    said = retyped(register, again, 2, sex="nam")
    assert said.rows[2].row.sex is Sex.MALE
    assert [issue.code for issue in said.rows[2].row.issues] == ["cccd.sex_mismatch"]


def test_what_holds_for_a_household_is_typed_over_in_all_its_rows(register: Context, tmp_path: Path) -> None:
    plan = retyped(register, plan_of(register, the_list(tmp_path)), 0, hamlet="thôn 05", poverty="Hộ nghèo")
    assert [row.row.hamlet for row in plan.rows] == ["Thôn 5", "Thôn 5", "Thôn 2", "Thôn 2"]
    assert set(plan.needed_hamlets()) == {"Thôn 5", "Thôn 2"}
    assert plan.households[0].poverty == "poor"


def test_a_row_made_equal_to_an_earlier_one_is_not_taken_twice(register: Context, tmp_path: Path) -> None:
    rows = (ROWS[0], ("H1", "Thôn 1", "Lê Văn Am", "Chủ hộ", "Nam", "08/05/1984", "", "", ""))
    plan = retyped(register, plan_of(register, the_list(tmp_path, *rows)), 1, name="Lê Văn An")
    assert plan.rows[1].fate is RowFate.UNCHANGED
    assert plan.rows[1].row.repeats == 0
    apart = retyped(register, plan, 1, birth="1951", relation="Bố")
    assert (apart.rows[1].fate, apart.rows[1].row.repeats) == (RowFate.NEW, None)


def test_a_second_head_of_household_is_counted_anew(register: Context, tmp_path: Path) -> None:
    plan = plan_of(register, the_list(tmp_path))
    codes = [issue.code for issue in plan.rows[3].row.issues]
    assert "household.no_head" in codes
    headed = retyped(register, plan, 3, relation="chủ hộ")
    assert "household.no_head" not in [issue.code for issue in headed.rows[3].row.issues]
    two = retyped(register, plan, 1, relation="Chủ hộ")
    assert "household.two_heads" in [issue.code for issue in two.rows[1].row.issues]
    assert (two.rows[0].row.relation, two.rows[1].row.relation) == ("Chủ hộ", "")
    changed = retyped(register, two, 0, relation="Bố")
    assert (changed.rows[0].row.relation, changed.rows[1].row.relation) == ("Bố", "Chủ hộ")
    assert "household.two_heads" not in [issue.code for issue in changed.rows[1].row.issues]


CASES = [
    (0, {"name": "Lê Văn Anh"}),
    (0, {"birth": "1984"}),
    (0, {"cccd": "001084000099"}),
    (0, {"occupation": "Thợ xây"}),
    (1, {"birth": "12/04/1969"}),
    (1, {"birth": "12/04/1969", "name": "Võ Đạt"}),
    (2, {"household_code": "H9"}),
    (2, {"birth": "1991"}),
    (3, {"birth": "2001", "occupation": "Học sinh"}),
    (3, {"birth": "02/03/2001", "household_code": "H1"}),
    (2, {"hamlet": "Thôn 7"}),
]


@pytest.mark.parametrize(("place", "texts"), CASES)
def test_one_row_decided_alone_is_decided_as_in_a_whole_comparison(
    register: Context, tmp_path: Path, place: int, texts: dict[str, str]
) -> None:
    """The register knows three of the four, one of them elsewhere; every part of the decision must agree."""
    known = (ROWS[0], ("H1", "Thôn 1", "Trần Thị Bình", "Vợ", "Nữ", "12/04/1969", "", "Nông dân", ""),
             ("H7", "Thôn 2", "Võ Đạt", "Chủ hộ", "Nam", "1990", "", "", ""))  # fmt: skip
    import_citizens(register, parse_workbook(write_xlsx(tmp_path / "known.xlsx", {"A": [HEADING, *known]})))
    plan = plan_of(register, the_list(tmp_path))
    one = retyped(register, plan, place, **texts)
    with register.read() as connection:
        whole = plan_import(connection, one.parsed)
    for alone, compared in zip(one.rows, whole.rows, strict=True):
        assert (alone.fate, alone.person, dict(alone.changes)) == (
            compared.fate, compared.person, dict(compared.changes),
        )  # fmt: skip
        assert [item.code for item in alone.issues] == [item.code for item in compared.issues]
        assert [item.person.uid for item in alone.candidates] == [item.person.uid for item in compared.candidates]
        assert dict(alone.household_changes) == dict(compared.household_changes)


def test_corrections_are_laid_over_the_file_read_again_only_where_its_cells_are_the_same(tmp_path: Path) -> None:
    path = the_list(tmp_path)
    parsed = parse_workbook(path)
    kept = Corrections()
    kept.put(parsed.rows[1], {Field.BIRTH: "1986"})
    kept.put(parsed.rows[3], {Field.BIRTH: "2001"})
    other = (*ROWS[3][:7], "Thợ hàn", "")
    again = kept.applied(parse_workbook(the_list(tmp_path, *ROWS[:3], other)), TODAY)
    assert [shown_value(row, Field.BIRTH) for row in again.rows] == ["08/05/1984", "1986", "1990", "2001"]
    assert [issue.code for issue in again.rows[3].issues if issue.column == "F"] == ["birth.kept_year"]
    assert (len(kept), kept.lost) == (1, [("Danh sách", 5, 0)])
    kept.forget(parsed.rows[1])
    assert kept.of(parsed.rows[1]) == {}


def test_what_stands_in_the_file_is_shown_beside_what_is_understood(samples: Path) -> None:
    parsed = parse_workbook(samples / "03_tcvn3.xlsx")
    sheet, row = parsed.sheets[0], parsed.rows[0]
    assert original_text(row, Field.NAME, sheet) == row.name == shown_value(row, Field.NAME)
    assert original_text(row, Field.RELIGION, sheet) == ""
    assert corrected(parsed, 0, {Field.PHONE: "0912 345 678"}, TODAY).rows[0].phone == "0912345678"
