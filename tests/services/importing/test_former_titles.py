"""Lists tell who held a title in a former year: it comes in with the list, once, and goes out with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, import_citizens
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.choosing import choose
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.titles.columns import cell_of, heading_of
from desktop_app.services.importing.titles.former import planned_titles
from desktop_app.services.registry.former_titles import record_title
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, write_xlsx

PEOPLE = (
    ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "046060000001"),
    ("H01", "Trần Thị Bình", "Vợ", "Nữ", "07/08/1962", "046162000002"),
    ("H02", "Nguyễn Văn Cường", "Chủ hộ", "Nam", "11/11/1970", "046070000003"),
    ("H03", "Lê Thị Dung", "Chủ hộ", "Nữ", "02/01/1980", "046180000004"),
)
STORED = """SELECT t.model, coalesce(c.full_name, h.code), t.year, t.number, t.source FROM former_title AS t
LEFT JOIN citizen AS c ON c.uid = t.subject AND t.model = 'citizen'
LEFT JOIN household AS h ON h.uid = t.subject AND t.model = 'family' WHERE t.present ORDER BY t.id"""


@pytest.fixture
def register(tmp_path: Path) -> Context:
    return make_register(tmp_path, hamlets=())


def plan_of(context: Context, folder: Path, *rows: tuple[object, ...], sheet: str = "Thôn 1") -> ImportPlan:
    parsed = parse_workbook(write_xlsx(folder / "ds.xlsx", {sheet: rows}))
    with context.read() as connection:
        return plan_import(connection, parsed)


def load(context: Context, folder: Path, *rows: tuple[object, ...], sheet: str = "Thôn 1") -> ImportResult:
    return import_citizens(context, parse_workbook(write_xlsx(folder / "ds.xlsx", {sheet: rows})))


def stored(context: Context) -> list[tuple[Any, ...]]:
    with context.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(STORED)]


def held(context: Context) -> list[tuple[Any, ...]]:
    return [row[:3] for row in stored(context)]


def with_column(heading: str, *cells: object) -> list[tuple[object, ...]]:
    rows = zip(PEOPLE, (*cells, *[""] * len(PEOPLE)), strict=False)
    return [(*HEADING, heading), *((*person, cell) for person, cell in rows)]


def codes(result: ImportResult) -> list[str]:
    return [issue.code for issue in result.warnings if issue.code.startswith("title.")]


@pytest.mark.parametrize(
    ("heading", "model", "year"),
    [
        ("Danh hiệu Công dân học tập năm 2025", "citizen", 2025),
        ("Đạt CDHT 2024", "citizen", 2024),
        ("C.D.H.T 2023", "citizen", 2023),
        ("Công dân học tập (2025)", "citizen", 2025),
        ("GĐ HT 2025", "family", 2025),
        ("GĐHT năm 2024", "family", 2024),
        ("Gia đình học tập 2025", "family", 2025),
        ("Hộ gia đình học tập 2022", "family", 2022),
        ("Công dân học tập", "citizen", 2025),
        ("Gia đình học tập năm trước", "family", 2025),
    ],
)
def test_a_heading_tells_the_model_and_the_year(
    register: Context, tmp_path: Path, heading: str, model: str, year: int
) -> None:
    result = load(register, tmp_path, *with_column(heading, "Đạt", "", "Không đạt"))
    name = "Nguyễn Văn An" if model == "citizen" else "H01"
    assert held(register) == [(model, name, year)]
    assert (result.units.titles_recorded, result.units.titles_not_imported) == (1, 0)


@pytest.mark.parametrize(
    ("cell", "held_"),
    [
        ("Đạt", [(None, None)]), ("x", [(None, None)]), ("có", [(None, None)]), ("✓", [(None, None)]),
        ("1", [(None, None)]),
        ("2025", [(None, 2025)]), ("2023, 2024", [(None, 2023), (None, 2024)]), ("Đạt năm 2024", [(None, 2024)]),
        ("2021-2023", [(None, 2021), (None, 2022), (None, 2023)]),
        ("Công dân học tập", [("citizen", None)]), ("Gia đình học tập 2024", [("family", 2024)]),
        ("CDHT 2024, GĐHT 2025", [("citizen", 2024), ("family", 2025)]),
        ("2025: CDHT, GĐHT; 2024: GĐHT", [("citizen", 2025), ("family", 2025), ("family", 2024)]),
        ("Không đạt", []), ("Không", []), ("chưa đạt", []), ("-", []), ("0", []), ("K", []), ("", []),
    ],
)  # fmt: skip
def test_a_cell_is_understood_in_the_words_of_offices(cell: str, held_: list[tuple[object, object]]) -> None:
    found = cell_of(cell)
    assert [(item.model.value if item.model else None, item.year) for item in found.held] == held_
    assert not found.is_unclear


@pytest.mark.parametrize(
    "cell", ["Gia đình văn hóa", "85 điểm", "Tốt", "CDHT không đạt, GĐHT đạt", "năm học 2024-2025", "Nguyễn Văn An"]
)
def test_what_is_no_title_of_the_models_is_left_out_and_said(register: Context, tmp_path: Path, cell: str) -> None:
    assert cell_of(cell).is_unclear
    result = load(register, tmp_path, *with_column("CDHT 2025", cell, "Đạt"))
    assert held(register) == [("citizen", "Trần Thị Bình", 2025)]
    assert set(codes(result)) == {"title.new", "title.unclear"}
    assert f"“{cell}”" in next(issue.message for issue in result.warnings if issue.code == "title.unclear")


def test_an_abbreviation_with_d_and_one_with_d_with_stroke_are_two_models() -> None:
    assert heading_of("CDHT 2025").models == (LearningModel.CITIZEN,)
    assert heading_of("CĐHT 2025").models == (LearningModel.COMMUNITY,)


def test_the_preview_shows_each_title_beside_its_row(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, HEADING, *PEOPLE)
    plan = plan_of(register, tmp_path, *with_column("Danh hiệu", "CDHT 2025, GĐHT 2025", "", "CDHT 2024"))
    assert [item.fate for item in plan.rows] == [
        RowFate.CHANGED, RowFate.UNCHANGED, RowFate.CHANGED, RowFate.UNCHANGED,
    ]  # fmt: skip
    assert plan.rows[0].changes == {"former_title": (None, "Công dân học tập 2025, Gia đình học tập 2025")}
    told = next(issue.message for issue in planned_titles(plan).issues("") if issue.code == "title.new")
    assert told == (
        "Sẽ ghi 3 danh hiệu năm trước: Công dân học tập 2025 (1); Gia đình học tập 2025 (1); Công dân học tập 2024 (1)."
    )
    assert stored(register) == []


def test_titles_come_with_the_list_once_and_go_with_its_undo(register: Context, tmp_path: Path) -> None:
    rows = with_column("CDHT 2025", "Đạt", "x", "", "2025")
    result = load(register, tmp_path, *rows)
    assert stored(register) == [
        ("citizen", name, 2025, None, "ds.xlsx") for name in ("Nguyễn Văn An", "Trần Thị Bình", "Lê Thị Dung")
    ]
    for again in (rows, with_column("CDHT 2025"), with_column("CDHT 2025", "Không", "Không đạt", "", "Chưa"), PEOPLE):
        other = load(register, tmp_path, *(again if again is not PEOPLE else (HEADING, *PEOPLE)))
        assert (other.operation, other.updated, other.units.titles_recorded) == (None, 0, 0)
    assert len(stored(register)) == 3
    assert result.operation is not None
    register.journal.undo(result.operation)
    assert stored(register) == []
    assert load(register, tmp_path, *rows).units.titles_recorded == 3
    assert len(stored(register)) == 3


def test_a_family_title_is_the_households_whoever_of_it_tells_it(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, *with_column("GĐHT 2025", "Đạt", "Đạt", "", "x"))
    assert held(register) == [("family", "H01", 2025), ("family", "H03", 2025)]


def test_a_list_of_heads_without_a_model_means_families_and_says_so(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, HEADING, *PEOPLE)
    rows = [
        ("Mã hộ", "Họ tên chủ hộ", "Năm sinh", "Danh hiệu năm 2025"),
        ("H01", "Nguyễn Văn An", 1960, "Đạt"),
        ("H02", "Nguyễn Văn Cường", 1970, "Không đạt"),
    ]
    result = load(register, tmp_path, *rows)
    assert held(register) == [("family", "H01", 2025)]
    assert "title.model_assumed" in codes(result)


def test_a_column_that_names_no_model_is_asked_and_not_guessed(register: Context, tmp_path: Path) -> None:
    rows = with_column("Danh hiệu năm 2025", "Đạt", "", "Đạt")
    result = load(register, tmp_path, *rows)
    assert (stored(register), result.units.titles_not_imported) == ([], 2)
    assert "(2 dòng)" in next(issue.message for issue in result.warnings if issue.code == "title.model_unknown")
    path = write_xlsx(tmp_path / "ds.xlsx", {"Thôn 1": rows})
    parsed = parse_workbook(path)
    from desktop_app.services.importing.headings.mapping import ColumnMapping

    mapping = ColumnMapping(tuple(column.field for column in parsed.sheets[0].columns))
    chosen = {"Thôn 1": mapping.with_column(6, Field.CITIZEN_TITLE)}
    import_citizens(register, parse_workbook(path, mapping=chosen))
    assert held(register) == [("citizen", "Nguyễn Văn An", 2025), ("citizen", "Nguyễn Văn Cường", 2025)]


def test_the_year_comes_from_above_the_table_or_the_round_and_it_is_said(register: Context, tmp_path: Path) -> None:
    above = ("DANH SÁCH NHÂN KHẨU NĂM 2024",)
    result = load(register, tmp_path, above, *with_column("Công dân học tập", "Đạt"))
    assert held(register) == [("citizen", "Nguyễn Văn An", 2024)]
    assert "theo dòng phía trên bảng" in next(i.message for i in result.warnings if i.code == "title.year_assumed")
    above = ("DANH SÁCH NHÂN KHẨU NĂM 2026",)
    result = load(register, tmp_path, above, *with_column("Kết quả CDHT năm trước", "Đạt"))
    assert held(register)[1:] == [("citizen", "Nguyễn Văn An", 2025)]
    assert "năm trước của danh sách 2026" in next(i.message for i in result.warnings if i.code == "title.year_assumed")


def test_a_title_of_the_rounds_own_year_is_left_to_the_round(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, *with_column("CDHT 2026", "Đạt", "Đạt"))
    assert (stored(register), codes(result)) == ([], ["title.in_round"])


def test_a_list_of_those_who_were_recognised_gives_each_of_them_the_title(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, HEADING, *PEOPLE)
    rows = [
        ("DANH SÁCH CÔNG DÂN ĐƯỢC CÔNG NHẬN DANH HIỆU CÔNG DÂN HỌC TẬP NĂM 2025",),
        ("(Kèm theo Quyết định số 45/QĐ-UBND ngày 12 tháng 01 năm 2026)",),
        ("TT", "Họ và tên", "Ngày sinh", "Số giấy công nhận"),
        (1, "Nguyễn Văn An", "05/03/1960", "0012/2025-CD"),
        (2, "Lê Thị Dung", "02/01/1980", ""),
    ]
    result = load(register, tmp_path, *rows)
    assert stored(register) == [
        ("citizen", "Nguyễn Văn An", 2025, "0012/2025-CD", "ds.xlsx"),
        ("citizen", "Lê Thị Dung", 2025, None, "ds.xlsx"),
    ]
    assert (result.created, result.updated, result.unchanged) == (0, 2, 0)
    later = [*rows[:-1], (2, "Lê Thị Dung", "02/01/1980", "0013/2025-CD")]
    assert (load(register, tmp_path, *later).updated, stored(register)[1][3]) == (1, "0013/2025-CD")
    assert (load(register, tmp_path, *rows).operation, stored(register)[1][3]) == (None, "0013/2025-CD")


def test_a_list_of_proposals_gives_nobody_a_title(register: Context, tmp_path: Path) -> None:
    title = ("DANH SÁCH ĐỀ NGHỊ CÔNG NHẬN DANH HIỆU CÔNG DÂN HỌC TẬP NĂM 2025",)
    result = load(register, tmp_path, title, HEADING, *PEOPLE)
    assert (stored(register), codes(result), result.units.titles_not_imported) == ([], ["title.wish"], 4)


def test_two_columns_of_titles_and_their_numbers_beside_the_cells(register: Context, tmp_path: Path) -> None:
    rows = [
        (*HEADING, "CDHT 2024", "CDHT 2025"),
        (*PEOPLE[0], "Đạt (số 7/2024)", "Đạt"),
        (*PEOPLE[1], "", "Đạt, QĐ 12/QĐ-UBND"),
    ]
    load(register, tmp_path, *rows)
    assert [row[1:4] for row in stored(register)] == [
        ("Nguyễn Văn An", 2024, "7/2024"), ("Nguyễn Văn An", 2025, None), ("Trần Thị Bình", 2025, "12/QĐ-UBND"),
    ]  # fmt: skip


def test_headings_over_two_rows_say_year_and_model_together(register: Context, tmp_path: Path) -> None:
    rows = [
        (*HEADING, "Danh hiệu năm 2025", ""),
        (*[""] * len(HEADING), "CDHT", "GĐHT"),
        (*PEOPLE[0], "x", "x"),
        (*PEOPLE[2], "x", ""),
    ]
    path = write_xlsx(tmp_path / "ds.xlsx", {"Thôn 1": rows}, merges=["G1:H1"])
    import_citizens(register, parse_workbook(path))
    assert set(held(register)) == {
        ("citizen", "Nguyễn Văn An", 2025), ("family", "H01", 2025), ("citizen", "Nguyễn Văn Cường", 2025),
    }  # fmt: skip


def test_old_letters_and_ditto_marks_are_read_in_a_column_of_titles(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, *with_column("CDHT 2025", "§¹t", "nt", "Đạt", "″"))
    assert [row[1] for row in stored(register)][-2:] == ["Nguyễn Văn Cường", "Lê Thị Dung"]


def test_a_sheet_of_titles_beside_the_sheet_of_people_finds_them_in_the_same_file(
    register: Context, tmp_path: Path
) -> None:
    titles = [("Họ và tên", "Ngày sinh", "Số CCCD", "CDHT 2025"), (PEOPLE[3][1], *PEOPLE[3][4:], "Đạt")]
    path = write_xlsx(tmp_path / "ds.xlsx", {"Thôn 1": [HEADING, *PEOPLE], "Danh hiệu": titles})
    result = import_citizens(register, parse_workbook(path))
    assert (result.created, held(register)) == (4, [("citizen", "Lê Thị Dung", 2025)])


def test_a_doubtful_rows_title_follows_the_persons_answer(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, HEADING, *PEOPLE)
    rows = [(*HEADING, "CDHT 2025"), ("", "Lê Thị Dung", "", "Nữ", "1980", "", "Đạt")]
    plan = plan_of(register, tmp_path, *rows, sheet="Thôn 2")
    assert (plan.rows[0].fate, planned_titles(plan).wanted) == (RowFate.DOUBTFUL, {})
    person = plan.rows[0].candidates[0].person
    chosen = choose(plan, {0: person.uid})
    assert list(planned_titles(chosen).wanted) == [(LearningModel.CITIZEN, ("known", person.id), 2025)]
    made = choose(plan, {0: None})
    assert list(planned_titles(made).wanted) == [(LearningModel.CITIZEN, ("planned", 0), 2025)]


def test_a_title_typed_by_hand_is_not_told_as_new(register: Context, tmp_path: Path) -> None:
    load(register, tmp_path, HEADING, *PEOPLE)
    with register.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM citizen WHERE full_name = 'Lê Thị Dung'").scalar().hex()
    record_title(register, LearningModel.CITIZEN, uid, 2025, number="5")
    result = load(register, tmp_path, *with_column("CDHT 2025", "", "", "", "Đạt"))
    assert (result.operation, stored(register)) == (None, [("citizen", "Lê Thị Dung", 2025, "5", "ghi tay")])


def test_braces_and_odd_headings_do_no_harm(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, *with_column("Danh hiệu {count} {0} 2025", "Đạt", "x" * 400))
    assert result.units.titles_recorded == 0


UNIT_TITLES = """SELECT t.model, coalesce(c.name, o.name, h.name), t.year, t.number FROM former_title AS t
LEFT JOIN clan AS c ON c.uid = t.subject LEFT JOIN organization AS o ON o.uid = t.subject
LEFT JOIN hamlet AS h ON h.uid = t.subject WHERE t.present ORDER BY t.id"""


def of_units(context: Context) -> list[tuple[Any, ...]]:
    with context.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(UNIT_TITLES)]


def test_lists_of_clans_and_organizations_tell_their_own_titles(register: Context, tmp_path: Path) -> None:
    clans = [
        ("DANH SÁCH DÒNG HỌ XÃ PHÚ AN",),
        ("TT", "Tên dòng họ", "Trưởng họ", "Danh hiệu năm 2025", "Số giấy công nhận"),
        (1, "Họ Nguyễn Văn", "Nguyễn Văn An", "Đạt", "3/2025"),
        (2, "Họ Lê", "Lê Văn Tư", "Không đạt", ""),
    ]
    result = load(register, tmp_path, *clans, sheet="Dòng họ")
    assert of_units(register) == [("clan", "Họ Nguyễn Văn", 2025, "3/2025")]
    assert load(register, tmp_path, *clans, sheet="Dòng họ").operation is None
    assert result.operation is not None
    register.journal.undo(result.operation)
    assert of_units(register) == []
    units = [
        ("DANH SÁCH CÁC ĐƠN VỊ XÃ PHÚ AN",),
        ("TT", "Tên đơn vị", "Thủ trưởng", "ĐVHT 2024", "CDHT 2025"),
        (1, "Trường Tiểu học Phú An", "Lê Thị Dung", "x", 45),
    ]
    load(register, tmp_path, *units, sheet="Đơn vị")
    assert of_units(register) == [("organization", "Trường Tiểu học Phú An", 2024, None)]
