"""Scoring lists that are wrong, unclear or in the wrong place: each is told in a sentence, nothing is guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel, RoundStatus
from desktop_app.services.assessment.results import list_verdicts
from desktop_app.services.assessment.round_models import change_part
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.assessment.scores_import import ScoresResult, import_scores
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.errors import UserError
from desktop_app.services.importing.headings.sheets import ParseOptions
from desktop_app.services.importing.parse import parse_scores
from desktop_app.services.importing.refused import write_rows
from desktop_app.services.importing.scores.cells import cells_of, corrections, refused_rows
from desktop_app.services.register import open_register
from tests.services.assessment import score_books as books
from tests.services.assessment.world import CITIZEN, YEAR, add_clan, add_people, add_unit, fill, freeze
from tests.services.importing.helpers import write_xlsx

EIGHT = [8] * 10
HEADING = ["TT", "Họ và tên", "Ngày sinh", "CCCD", "Nhóm", *[f"CS{n}" for n in range(1, 11)], "Tổng", "Kết quả"]
FAMILY = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "4.1"]
Bring = Callable[..., ScoresResult]


@pytest.fixture
def bring(context: Context, tmp_path: Path) -> Bring:
    """Writes rows as a workbook and brings them in."""

    def run(
        *rows: Sequence[object], titles: Sequence[str] = (), sheet: str = "Phiếu", year: int = YEAR
    ) -> ScoresResult:
        path = write_xlsx(tmp_path / "phieu.xlsx", {sheet: [*([title] for title in titles), *rows]})
        return import_scores(context, parse_scores(path), year)

    return run


def row(name: str, scores: Sequence[object], birth: str = "1980", total: object = "", passed: str = "") -> list[object]:
    return [1, name, birth, "", "Người dân trong xã", *scores, total, passed]


def codes(result: ScoresResult) -> list[str]:
    return [issue.code for issue in (*result.errors, *result.warnings)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (11, "score.out_of_range"), (7.5, "score.wrong_step"), ("8,5", "score.wrong_step"), (-1, "score.negative"),
        ("-2", "score.negative"), ("tốt", "score.not_number"), ("x", "score.not_number"), ("60%", "score.percent"),
        ("1e3", "score.not_number"), ("9" * 40, "score.not_number"), ("8 (chín)", "score.not_number"),
        (dt.datetime(2026, 10, 8), "score.is_date"), (dt.time(8, 5), "score.is_date"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_score_refuses_its_row_alone(context: Context, bring: Bring, cell: object, code: str) -> None:
    add_people(context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}])
    result = bring(HEADING, row("Lê An", [*EIGHT[:9], cell]), row("Lê Bình", EIGHT))
    assert (result.created, result.refused, [issue.code for issue in result.errors]) == (1, 1, [code])
    assert (result.errors[0].row, result.errors[0].column) == (2, "O")


@pytest.mark.parametrize(
    "cell",
    [8, "8", " 8 ", "8.0", "8,0", "8 điểm", "8đ", "8/10", "08", "8.", 7.9999999, "tám", "Tám điểm", "8 (tám)"],
)
def test_a_score_is_read_however_it_is_written(context: Context, bring: Bring, cell: object) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    result = bring(HEADING, row("Lê An", [*EIGHT[:9], cell], total=80, passed="Đạt"))
    assert (result.passed, codes(result)) == (1, [])


def test_a_score_out_of_another_maximum_is_not_taken_for_points(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}])
    result = bring(HEADING, row("Lê An", [*EIGHT[:9], "4/5"]), row("Lê Bình", [*EIGHT[:9], "8/10"]))
    assert (result.assessed, [issue.code for issue in result.errors]) == (1, ["score.other_maximum"])
    assert "4/5" in result.errors[0].message and "tối đa 10" in result.errors[0].message


@pytest.mark.parametrize(
    ("cell", "code"), [("-", "score.dash"), ("–", "score.dash"), ("", "score.blank"), ("…", "score.blank")]
)
def test_a_dash_is_no_zero_and_a_blank_stays_blank(context: Context, bring: Bring, cell: str, code: str) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    result = bring(HEADING, row("Lê An", [*EIGHT[:9], cell], total=72))
    assert (result.created, result.assessed, codes(result)) == (1, 0, [code])
    assert len(list_verdicts(context, YEAR)[0].answers) == 9


def test_a_wrong_total_and_a_wrong_result_are_told_with_both(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}])
    result = bring(
        HEADING, row("Lê An", EIGHT, total=88, passed="K đạt"), row("Lê Bình", [*[10] * 9, 4], total=94, passed="Đạt")
    )
    said = {issue.code: issue.message for issue in result.warnings}
    assert "88" in said["score.total_differs"] and "80" in said["score.total_differs"]
    differing = [issue for issue in result.warnings if issue.code == "score.verdict_differs"]
    assert [issue.row for issue in differing] == [2, 3] and "94 điểm" in differing[1].message
    assert (result.assessed, result.passed) == (2, 1)


def test_a_heading_whose_number_and_wording_clash_refuses_its_rows(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    heading = [*HEADING[:5], *[f"CS{n}: {books.WORDING[n % 10]}" for n in range(1, 11)]]
    result = bring(heading, row("Lê An", EIGHT)[:15])
    assert (result.refused, {issue.code for issue in result.errors}) == (1, {"score.unknown_indicator"})
    assert "nội dung là của chỉ số 2" in result.errors[0].message


def test_columns_known_by_wording_may_stand_in_any_order(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    order = [3, 1, 2, 10, 9, 8, 7, 6, 5, 4]
    bring([*HEADING[:5], *[books.WORDING[n - 1] for n in order]], row("Lê An", [*range(1, 11)])[:15])
    answers = list_verdicts(context, YEAR)[0].answers
    assert [answers[str(number)] for number in order] == list(range(1, 11))


def test_a_title_of_another_year_is_told_and_documents_dates_are_not_meant(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    titles = ("BẢNG ĐIỂM NĂM 2024", "(Kèm theo Quyết định số 324/QĐ-KHVN ngày 25/10/2023)")
    assert "scores.other_year" in codes(bring(HEADING, row("Lê An", EIGHT), titles=titles))
    assert codes(bring(HEADING, row("Lê An", EIGHT), titles=(f"BẢNG ĐIỂM NĂM {YEAR}", titles[1]))) == []


def test_a_recognised_form_keeps_everything_even_its_group(context: Context, bring: Bring) -> None:
    _, (person,) = add_people(context, [{"full_name": "Lê An", "citizen_group": "worker"}])
    fill(context, CITIZEN, person, share=0.8)
    freeze(context, CITIZEN, person)
    before = list_verdicts(context, YEAR)
    same = bring(HEADING, row("Lê An", EIGHT))
    assert (same.unchanged, same.operation) == (1, None)
    other = bring(HEADING, row("Lê An", [*EIGHT[:9], 9]))
    assert [issue.code for issue in other.errors] == ["answer.recognised"]
    assert list_verdicts(context, YEAR) == before


def test_a_group_that_stays_out_of_the_round_is_refused(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    change_part(context, YEAR, CITIZEN, CitizenGroup.RESIDENT, is_taking_part=False)
    result = bring(HEADING, row("Lê An", EIGHT))
    assert (result.refused, [issue.code for issue in result.errors]) == (1, ["round.not_taking_part"])


def test_forms_down_a_closed_round_are_refused_whole(context: Context, tmp_path: Path) -> None:
    people = books.make_people(3, 4)
    books.register(context, people)
    parsed = parse_scores(books.people_across(people).write(tmp_path / "a.xlsx"))
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    with pytest.raises(UserError) as refused:
        import_scores(context, parsed, YEAR)
    assert refused.value.code == "round.closed"


def test_an_import_is_undone_by_one_deed_also_after_restart(context: Context, tmp_path: Path) -> None:
    people = books.make_people(5, 9)
    books.register(context, people)
    result = import_scores(context, parse_scores(books.forms(people).write(tmp_path / "a.xlsx")), YEAR)
    folder = context.folder
    context.close()
    again = open_register(folder)
    try:
        assert len(list_verdicts(again, YEAR)) == 9
        assert result.operation is not None
        again.journal.undo(result.operation)
        assert list_verdicts(again, YEAR) == []
    finally:
        again.close()


def test_a_sheet_of_criteria_and_an_empty_form_are_no_scores(tmp_path: Path) -> None:
    guide = [["TT", "Nội dung", "Điểm tối đa"], *[[n, text, 10] for n, text in enumerate(books.WORDING, 1)]]
    blank = [["Họ và tên: ……………………"], *[[*line, ""] for line in guide]]
    for number, rows in enumerate((guide, blank)):
        with pytest.raises(UserError) as refused:
            parse_scores(write_xlsx(tmp_path / f"{number}.xlsx", {"Mẫu": rows}))
        assert refused.value.code == "workbook.no_scores"


@pytest.mark.parametrize("layout", ["across CS1", "people across", "forms, split", "forms, several"])
def test_a_cell_typed_over_is_read_as_if_the_file_said_so(context: Context, tmp_path: Path, layout: str) -> None:
    people = books.make_people(8, 6)
    books.register(context, people)
    path = books.LAYOUTS[layout](people).write(tmp_path / "a.xlsx")
    parsed = parse_scores(path)
    target = parsed.rows[4]
    cell = [item for item in cells_of(parsed, target) if item.is_score][9]
    wanted = "3" if cell.text != "3" else "4"
    known = corrections({}, cells_of(parsed, target), {cell.place: wanted})
    mended = parse_scores(path, options=ParseOptions(cells=known)).rows[4]
    assert (mended.name, mended.scores["10"]) == (target.name, float(wanted))
    assert {**mended.scores, "10": 0} == {**target.scores, "10": 0}


def test_refused_forms_become_a_workbook_that_can_be_mended_and_brought_in(context: Context, tmp_path: Path) -> None:
    people = books.make_people(8, 6)
    books.register(context, people[:5])
    parsed = parse_scores(books.people_across(people).write(tmp_path / "a.xlsx"))
    result = import_scores(context, parsed, YEAR)
    assert (result.created, result.refused) == (5, 1)
    refused = [(form, result.told[form.key]) for form in parsed.rows if form.key in result.told]
    write_rows(parsed.sheets, refused_rows(parsed, refused), tmp_path / "out.xlsx")
    books.register(context, people[5:])
    again = import_scores(context, parse_scores(tmp_path / "out.xlsx"), YEAR)
    assert (again.rows, again.created) == (1, 1)
    assert sorted(v.total for v in list_verdicts(context, YEAR) if v.total) == sorted(p.total for p in people)


# -- other models ----------------------------------------------------------------------------------------------------


def test_families_are_found_by_code_or_by_head_and_hamlet(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê Văn An"}], code="01-0001")
    add_people(context, [{"full_name": "Lê Văn An"}], code="02-0001", hamlet="Thôn 2")
    add_people(context, [{"full_name": "Trần Thị Bé"}], code="01-0002")
    whole = [10, 9, 8, 10, 9, 8, 18, 17]
    result = bring(
        ["TT", "Mã hộ", "Họ tên chủ hộ", "Thôn", *FAMILY, "Tổng"],
        [1, "01-0001", "Lê Văn An", "", *whole, 89],
        [2, "", "Lê Văn An", "Thôn 2", *whole, 89],
        [3, "", "Trần Thị Bé", "", *whole, 89],
        [4, "01-0002", "Phạm Xuân Mai", "", *whole, 89],
        titles=("PHIẾU CHẤM GIA ĐÌNH HỌC TẬP",),
    )
    assert (result.created, result.doubtful, result.refused) == (2, 2, 0)
    assert len(result.doubts) == 2
    assert [v.total for v in list_verdicts(context, YEAR, LearningModel.FAMILY)] == [89, 89]


def test_clans_hamlets_and_units_are_scored_too(context: Context, bring: Bring) -> None:
    household, _ = add_people(context, [{"full_name": "Lê Văn An"}])
    add_clan(context, [household], "Dòng họ Lê")
    add_unit(context, [])
    clan = bring(
        ["TT", "Tên dòng họ", "1.1", "1.2", "1.3", "2.1", "2.2", "3.1", "Tổng"],
        [1, "Họ Lê", 20, 15, 10, 20, 10, 10, 85],
    )
    hamlets = bring(
        ["TT", "Thôn", "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "Tổng"],
        [1, "thôn 01", *[9] * 7, 15, 9, 5, 92], [2, "T2", *[9] * 7, 15, 9, 5, 92], ["", "Cộng", *[""] * 10, 184],
        titles=("ĐIỂM CỘNG ĐỒNG HỌC TẬP",),
    )  # fmt: skip
    unit = bring(
        ["TT", "Tên đơn vị", "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "3.1"],
        [1, "Trường TH Phú An", "x", "Đạt", "x", "x", "x", "95%", "0,9", "K đạt", "92%"],
        titles=("ĐÁNH GIÁ ĐƠN VỊ HỌC TẬP",),
    )
    assert [(r.created, r.refused) for r in (clan, hamlets, unit)] == [(1, 0), (2, 0), (1, 0)]
    assert [v.total for v in list_verdicts(context, YEAR, LearningModel.COMMUNITY)] == [92, 92]
    assert list_verdicts(context, YEAR, LearningModel.CLAN)[0].total == 85
    answers = list_verdicts(context, YEAR, LearningModel.ORGANIZATION)[0].answers
    assert (answers["1.1"], answers["2.1"], answers["2.3"], answers["3.1"]) == (1, 95, 0, 92)


def test_units_may_stand_across_and_indicators_be_called_by_dotted_numbers(context: Context, bring: Bring) -> None:
    household, _ = add_people(context, [{"full_name": "Lê Văn An"}])
    add_clan(context, [household], "Dòng họ Lê")
    add_unit(context, [])
    clan = bring(
        ["TT", "Tiêu chí", "Điểm tối đa", "Dòng họ Lê"],
        *[[n, f"Nội dung {n}", 10, 5] for n in range(1, 7)],
        ["", "Tổng", 100, 30],
        titles=("CHẤM DÒNG HỌ HỌC TẬP",),
    )
    hamlets = bring(
        ["TT", "Tiêu chí", "Thôn 1", "Thôn 2"],
        *[[n, f"Nội dung {n}", 4, 5] for n in range(1, 11)],
        titles=("CỘNG ĐỒNG HỌC TẬP",),
    )
    codes_of_unit = ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "3.1"]
    unit = bring(
        ["TT", "Đơn vị", *[f"CT {code}" for code in codes_of_unit], "Kết quả"],
        [1, "Trường TH Phú An", "x", "x", "x", "x", "x", "95%", "96%", "x", "97%", "Đạt"],
        titles=("ĐÁNH GIÁ ĐƠN VỊ HỌC TẬP",),
    )
    assert [(r.created, r.refused) for r in (clan, hamlets, unit)] == [(1, 0), (2, 0), (1, 0)]
    assert [v.total for v in list_verdicts(context, YEAR, LearningModel.COMMUNITY)] == [40, 50]
    assert list_verdicts(context, YEAR, LearningModel.ORGANIZATION)[0].answers["3.1"] == 97


def test_a_family_may_be_called_by_its_head_with_words_before_the_name(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê Văn An"}], code="01-0001")
    rows = [["TT", "Hộ gia đình", "Thôn", *FAMILY], [1, "Hộ ông Lê Văn An", "Thôn 1", 10, 9, 8, 10, 9, 8, 18, 17]]
    assert bring(*rows, titles=("GIA ĐÌNH HỌC TẬP",)).created == 1


def test_an_unknown_word_for_a_group_says_by_which_group_the_form_is_judged(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An", "citizen_group": "worker"}, {"full_name": "Lê Bình"}])
    rows = [row("Lê An", EIGHT), row("Lê Bình", EIGHT)]
    for each in rows:
        each[4] = "hội viên"
    said = [issue.message for issue in bring(HEADING, *rows).warnings if issue.code == "group.unknown_word"]
    assert "“hội viên”" in said[0] and "“Người lao động”" in said[0] and "“Người dân trong xã”" in said[1]


def test_columns_that_say_the_same_are_named_when_nothing_tells_them_apart(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    result = bring([*HEADING[:5], *[f"CS{n}" for n in (*range(1, 11), *range(1, 11))]], row("Lê An", [8] * 20)[:25])
    assert (result.refused, {issue.code for issue in result.errors}) == (1, {"score.unknown_indicator"})
    assert "Cột “CS1”" in result.errors[0].message and "cột khác cùng ghi như vậy" in result.errors[0].message


def test_shares_of_one_are_percentages_in_their_column(context: Context, bring: Bring) -> None:
    add_unit(context, [])
    heading = ["TT", "Tên đơn vị", "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "3.1"]
    bring(heading, [1, "Trường Tiểu học Phú An", *["x"] * 5, 0.95, 0.9, "x", 0.925], titles=("ĐƠN VỊ HỌC TẬP",))
    answers = list_verdicts(context, YEAR, LearningModel.ORGANIZATION)[0].answers
    assert (answers["2.1"], answers["2.2"], answers["3.1"]) == (95, 90, 92.5)


def test_the_commune_needs_no_name(context: Context, bring: Bring) -> None:
    marks = {"4.2": "98,5%", "4.3": 99, "5.1": "61 %", "5.2": 70, "5.3": "80%"}
    rows = [[code, f"Nội dung {code}", marks.get(code, "x")] for code in
            [f"{a}.{b}" for a in range(1, 6) for b in range(1, 4)]]  # fmt: skip
    result = bring(["TT", "Chỉ tiêu", "Kết quả"], *rows, titles=(f"CỘNG ĐỒNG HỌC TẬP CẤP XÃ NĂM {YEAR}",))
    assert (result.created, result.assessed) == (1, 1)
    assert list_verdicts(context, YEAR, LearningModel.COMMUNE)[0].answers["4.2"] == 98.5


def test_lines_between_the_rows_name_the_group_and_the_hamlet(context: Context, bring: Bring) -> None:
    add_people(context, [{"full_name": "Lê An"}], code="01-1")
    _, (there,) = add_people(context, [{"full_name": "Lê An"}], hamlet="Thôn 2", code="02-1")
    add_people(context, [{"full_name": "Lê Chi"}], hamlet="Thôn 2", code="02-2")
    result = bring(
        [*HEADING[:4], *HEADING[5:15]],
        ["", "Nhóm công nhân"],
        ["", "Thôn 2"],
        [1, "Lê An", "1980", "", *EIGHT],
        ["", "Nhóm 3: CB, CC, VC"],
        [2, "Lê Chi", "1980", "", *EIGHT],
    )
    assert (result.rows, result.created, result.refused) == (2, 2, 0)
    found = {v.name: (v.uid, v.group) for v in list_verdicts(context, YEAR)}
    assert found["Lê An"] == (there, CitizenGroup.WORKER)
    assert found["Lê Chi"][1] is CitizenGroup.OFFICIAL


def test_the_communes_one_row_comes_in_whole_by_numbers_and_wordings(context: Context, bring: Bring) -> None:
    with context.read() as connection:
        rows = set_in_use(connection, LearningModel.COMMUNE, None).definition.indicators
    heading = ["TT", "Xã", *(f"{row.number}. {row.text[:60]}" for row in rows)]
    values = [100 if row.answer_type.value == "percent" else "Có" for row in rows]
    result = bring(heading, [1, "Xã Phú An", *values], titles=(f"CỘNG ĐỒNG HỌC TẬP CẤP XÃ NĂM {YEAR}",))
    assert (result.created, result.assessed) == (1, 1)


def test_a_unit_comes_in_by_the_short_names_of_the_program_ticks_and_all(context: Context, bring: Bring) -> None:
    add_unit(context, [])
    with context.read() as connection:
        rows = set_in_use(connection, LearningModel.ORGANIZATION, None).definition.indicators
    values = [95 if row.answer_type.value == "percent" else ("x", "Đạt", "Có")[at % 3] for at, row in enumerate(rows)]
    unit = [1, "Trường Tiểu học Phú An", *values]
    result = bring(["TT", "Đơn vị", *(row.short for row in rows)], unit, titles=("ĐÁNH GIÁ ĐƠN VỊ HỌC TẬP",))
    assert (result.created, result.assessed) == (1, 1)
