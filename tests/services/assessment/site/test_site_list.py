"""A list of the national site beside the register: read, compared, applied, undone, and lists that leave for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop_app.models.types import SiteState
from desktop_app.services.assessment.accounts import AccountFilter, account_list, record_states
from desktop_app.services.assessment.round_closing import close_round
from desktop_app.services.assessment.site.applying import apply_site_list
from desktop_app.services.assessment.site.export import export_site_list
from desktop_app.services.assessment.site.planning import SiteFate, SitePlan, choose_person, plan_site_list
from desktop_app.services.assessment.site.reading import BY_STEPS, SiteChoices, SiteList, read_site_list
from desktop_app.services.assessment.site.words import load_site, plain, state_of
from desktop_app.services.context import Context
from desktop_app.services.errors import AppError, UserError
from desktop_app.services.history import newest_undoable, undo
from tests.services.assessment.world import YEAR, add_people, operations

TODAY = dt.date(2026, 11, 22)
HEADS = ("STT", "Họ và tên", "Số CCCD", "Năm sinh", "Trạng thái", "Ngày cập nhật")
PEOPLE = [
    {"full_name": "Nguyễn Thị Lan", "cccd": "089184000001", "birth": "1984", "sex": "female"},
    {"full_name": "Trần Văn Bình", "cccd": "089080000002", "birth": "1980", "sex": "male"},
    {"full_name": "Lê Văn Sáu", "birth": "1975", "sex": "male"},
    {"full_name": "Phạm Thị Hoa", "cccd": "089190000004", "birth": "1990", "sex": "female"},
]


def workbook(path: Path, rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["DANH SÁCH TÀI KHOẢN CÔNG DÂN HỌC TẬP"])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def listed(path: Path, rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> SiteList:
    return read_site_list(workbook(path, rows, heads), today=TODAY)


def state_by_name(context: Context) -> dict[str, SiteState]:
    return {row.name: row.state for row in account_list(context, YEAR).rows(0, 100)}


def compared(context: Context, path: Path, rows: Sequence[Sequence[object]]) -> SitePlan:
    return plan_site_list(context, YEAR, listed(path, rows))


ROWS = [
    (1, "Nguyễn Thị Lan", "089184000001", "1984", "Đã tự đánh giá", "15/03/2026"),
    (2, "TRẦN VĂN BÌNH", "089080000002", 1980, "Đã đăng ký", "01/02/2026"),
    (3, "Đỗ Người Lạ", "089070000099", "1970", "Đã đăng ký", None),
]


def test_states_are_understood_in_the_words_that_lists_use_and_a_negation_is_not_its_contrary() -> None:
    assert state_of("Đã đăng ký") is SiteState.REGISTERED
    assert state_of("ĐÃ TỰ ĐÁNH GIÁ") is SiteState.SELF_ASSESSED
    assert state_of("Chưa tự đánh giá") is SiteState.REGISTERED
    assert state_of("Chưa có tài khoản") is SiteState.NONE
    assert state_of("Đã được công nhận") is SiteState.RECOGNISED
    assert state_of("Chưa được công nhận") is SiteState.SELF_ASSESSED
    assert state_of("Không đạt") is SiteState.SELF_ASSESSED
    assert state_of("xyz") is None
    assert state_of("") is None


def test_a_list_is_compared_and_nothing_is_written_before_it_is_applied(context: Context, tmp_path: Path) -> None:
    add_people(context, PEOPLE)
    before = operations(context)
    plan = compared(context, tmp_path / "ds.xlsx", ROWS)
    assert plan.counts[SiteFate.NEW] == 2
    assert [line.name for line in plan.of(SiteFate.UNKNOWN)] == ["Đỗ Người Lạ"]
    assert operations(context) == before
    assert apply_site_list(context, plan) == 2
    found = state_by_name(context)
    assert found["Nguyễn Thị Lan"] is SiteState.SELF_ASSESSED
    assert found["Trần Văn Bình"] is SiteState.REGISTERED
    assert found["Phạm Thị Hoa"] is SiteState.NONE
    dates = {row.name: row.changed_on for row in account_list(context, YEAR).rows(0, 100)}
    assert dates["Nguyễn Thị Lan"] == "2026-03-15"


def test_the_same_file_twice_changes_nothing_and_one_undo_takes_the_whole_back(
    context: Context, tmp_path: Path
) -> None:
    add_people(context, PEOPLE)
    apply_site_list(context, compared(context, tmp_path / "ds.xlsx", ROWS))
    before = operations(context)
    again = compared(context, tmp_path / "ds.xlsx", ROWS)
    assert again.counts[SiteFate.NEW] == 0 and again.counts[SiteFate.SAME] == 2
    assert apply_site_list(context, again) == 0
    assert operations(context) == before
    assert before[-1] == "site.import"
    newest = newest_undoable(context)
    assert newest is not None
    undo(context, newest)
    assert set(state_by_name(context).values()) == {SiteState.NONE}


def test_where_they_are_behind_us_the_difference_is_listed_and_taken_only_when_asked(
    context: Context, tmp_path: Path
) -> None:
    _, people = add_people(context, PEOPLE)
    record_states(context, YEAR, people[:2], SiteState.RECOGNISED, changed_on=dt.date(2026, 5, 1))
    plan = compared(context, tmp_path / "ds.xlsx", ROWS)
    differing = plan.of(SiteFate.DIFFERS)
    assert [line.name for line in differing] == ["Nguyễn Thị Lan", "TRẦN VĂN BÌNH"]
    assert differing[1].why == "Danh sách ghi “Đã đăng ký tài khoản”, sổ ghi “Đã được công nhận”."
    assert apply_site_list(context, plan) == 0
    assert apply_site_list(context, plan, also=frozenset({differing[1].key})) == 1
    found = state_by_name(context)
    assert found["Trần Văn Bình"] is SiteState.REGISTERED
    assert found["Nguyễn Thị Lan"] is SiteState.RECOGNISED


def test_who_has_an_account_by_our_register_and_is_not_in_their_list_is_told_and_kept(
    context: Context, tmp_path: Path
) -> None:
    _, people = add_people(context, PEOPLE)
    record_states(context, YEAR, [people[3]], SiteState.REGISTERED)
    plan = compared(context, tmp_path / "ds.xlsx", ROWS)
    assert [line.name for line in plan.of(SiteFate.ABSENT)] == ["Phạm Thị Hoa"]
    apply_site_list(context, plan, takes_differences=True)
    assert state_by_name(context)["Phạm Thị Hoa"] is SiteState.REGISTERED


def test_who_is_not_sure_is_asked_about_and_a_persons_choice_is_taken(context: Context, tmp_path: Path) -> None:
    _, people = add_people(context, [*PEOPLE, {"full_name": "Lê Văn Sáu", "birth": "1975", "sex": "male"}])
    rows = [(1, "Lê Văn Sáu", "", "1975", "Đã đăng ký", "")]
    plan = compared(context, tmp_path / "ds.xlsx", rows)
    (doubt,) = plan.of(SiteFate.DOUBTFUL)
    assert {someone.uid for someone in doubt.may_be} == {people[2], people[4]}
    assert apply_site_list(context, plan) == 0
    chosen = plan_site_list(context, YEAR, plan.listed, choices={doubt.key: people[4]})
    assert chosen.counts[SiteFate.DOUBTFUL] == 0
    assert apply_site_list(context, chosen) == 1
    assert account_list(context, YEAR, AccountFilter(state=SiteState.REGISTERED)).uids() == (people[4],)


def test_one_doubtful_line_is_decided_without_reading_the_file_again_and_can_be_left_open(
    context: Context, tmp_path: Path
) -> None:
    _, people = add_people(context, [*PEOPLE, {"full_name": "Lê Văn Sáu", "birth": "1975", "sex": "male"}])
    record_states(context, YEAR, [people[2]], SiteState.RECOGNISED)
    rows = [(1, "Lê Văn Sáu", "", "1975", "Đã đăng ký", ""), (2, "Lê Văn Sáu", "", "1975", "Đã tự đánh giá", "")]
    plan = compared(context, tmp_path / "ds.xlsx", rows)
    first, second = plan.of(SiteFate.DOUBTFUL)
    behind = choose_person(context, plan, first.key, people[2])
    assert behind.of(SiteFate.DIFFERS)[0].person is not None
    twice = choose_person(context, behind, second.key, people[2])
    assert twice.counts[SiteFate.REPEATED] == 1
    other = choose_person(context, behind, second.key, people[4])
    assert [line.person.uid for line in other.of(SiteFate.NEW) if line.person] == [people[4]]
    again = choose_person(context, other, second.key, None)
    assert again.counts == behind.counts
    assert choose_person(context, plan, first.key, people[0]).counts == plan.counts
    replanned = plan_site_list(context, YEAR, plan.listed, choices=other.choices)
    assert replanned.counts == other.counts


def test_a_number_typed_wrong_does_not_give_an_account_to_somebody_else(context: Context, tmp_path: Path) -> None:
    add_people(context, PEOPLE)
    rows = [(1, "Hoàng Thị Khác", "089184000001", "1999", "Đã đăng ký", "")]
    plan = compared(context, tmp_path / "ds.xlsx", rows)
    assert plan.counts[SiteFate.NEW] == 0
    assert apply_site_list(context, plan) == 0


def test_of_two_rows_of_one_person_the_one_that_is_further_counts(context: Context, tmp_path: Path) -> None:
    add_people(context, PEOPLE)
    rows = [ROWS[1], ROWS[0], (4, "Trần Văn Bình", "089080000002", "1980", "Đã công nhận", "20/10/2026")]
    plan = compared(context, tmp_path / "ds.xlsx", rows)
    assert plan.counts[SiteFate.REPEATED] == 1
    apply_site_list(context, plan)
    assert state_by_name(context)["Trần Văn Bình"] is SiteState.RECOGNISED


def test_cells_that_cannot_be_read_are_told_with_their_row_and_left_out(context: Context, tmp_path: Path) -> None:
    add_people(context, PEOPLE)
    rows = [
        (1, "Nguyễn Thị Lan", "089184000001", "1984", "Blah", ""),
        (2, "Trần Văn Bình", "089080000002", "1980", "Đã đăng ký", "31/02/2026"),
        (3, "Phạm Thị Hoa", "089190000004", "1990", "Đã đăng ký", "01/01/2027"),
        (4, "Lê Văn Sáu", "", "1975", "", ""),
    ]
    plan = compared(context, tmp_path / "ds.xlsx", rows)
    told = {line.name: line.why for line in plan.of(SiteFate.UNREADABLE)}
    assert told["Nguyễn Thị Lan"].startswith("Chưa hiểu trạng thái “Blah”")
    assert "31/02/2026" in told["Trần Văn Bình"]
    assert "còn ở phía trước" in told["Phạm Thị Hoa"]
    assert plan.counts[SiteFate.NEW] == 0


def test_a_list_of_accounts_without_states_means_registered_and_says_so(context: Context, tmp_path: Path) -> None:
    add_people(context, PEOPLE)
    path = tmp_path / "ds.csv"
    path.write_text("Họ và tên;CCCD;Năm sinh\nNguyễn Thị Lan;089184000001;1984\n", encoding="utf-8")
    found = read_site_list(path, today=TODAY)
    assert found.notes[0].startswith("Không có cột trạng thái")
    plan = plan_site_list(context, YEAR, found)
    apply_site_list(context, plan, as_of=dt.date(2026, 11, 1))
    row = next(row for row in account_list(context, YEAR).rows(0, 10) if row.name == "Nguyễn Thị Lan")
    assert (row.state, row.changed_on) == (SiteState.REGISTERED, "2026-11-01")
    assert plan_site_list(context, YEAR, found).counts[SiteFate.SAME] == 1


STATED = [
    (1, "Nguyễn Thị Lan", "089184000001", "1984", "Chưa có tài khoản", ""),
    (2, "Trần Văn Bình", "089080000002", "1980", "Đã đăng ký", ""),
    (3, "Lê Văn Sáu", "", "1975", "Đã tự đánh giá", ""),
    (4, "Phạm Thị Hoa", "089190000004", "1990", "Chưa có tài khoản", ""),
]


def test_a_column_that_can_only_say_states_is_read_as_that_whatever_its_heading(tmp_path: Path) -> None:
    found = listed(tmp_path / "ds.xlsx", STATED, (*HEADS[:4], "Hiện nay", "Ngày cập nhật"))
    assert [row.state for row in found.rows].count(SiteState.NONE) == 2
    assert "cột E “Hiện nay”" in found.notes[0]
    results = [(*row[:4], word, "") for row, word in zip(STATED, ("Đạt", "Chưa đạt", "Đạt", "Khá"), strict=True)]
    found = listed(tmp_path / "kq.xlsx", results, (*HEADS[:4], "Học lực", "Ngày cập nhật"))
    assert {row.state for row in found.rows} == {SiteState.REGISTERED}


def test_columns_without_headings_are_told_by_what_stands_in_them(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in STATED * 3:
        sheet.append([row[1], row[2], f"0{row[0]}/02/{row[3]}", row[4]])
    book.save(tmp_path / "ds.xlsx")
    found = read_site_list(tmp_path / "ds.xlsx", today=TODAY)
    words = [text for _, text in found.columns]
    assert any("Chưa có tài khoản" in text for text in words), words
    assert not any("089190000004" in text for text in words), words
    assert "(không có tiêu đề)" in found.notes[0]


def test_a_workbook_without_people_is_told_what_it_needs_and_nothing_that_cannot_be_done_here(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        listed(tmp_path / "ds.xlsx", [("x", 1), ("y", 2)], ("A", "B"))
    assert refused.value.code == "site.empty"
    assert "cột “Họ và tên”" in str(refused.value) and "chỉ ra" not in str(refused.value)


def test_of_equal_namesakes_children_are_asked_about_last(context: Context, tmp_path: Path) -> None:
    add_people(context, [{"full_name": "Lê Thị Na", "birth": birth} for birth in ("2021", "1991", "1960")])
    plan = compared(context, tmp_path / "ds.xlsx", [(1, "Lê Thị Na", "", "", "Đã đăng ký", "")])
    (line,) = plan.of(SiteFate.DOUBTFUL)
    assert [someone.birth for someone in line.may_be] == ["1991", "1960", "2021"]


def test_a_file_that_is_no_list_and_a_closed_round_are_refused_with_a_sentence(
    context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(AppError) as refused:
        read_site_list(path)
    assert refused.value.message
    found = listed(tmp_path / "ds.xlsx", ROWS)
    close_round(context, YEAR, despite=True)
    with pytest.raises(UserError) as closed:
        plan_site_list(context, YEAR, found)
    assert closed.value.code == "round.closed"


def test_the_list_for_the_site_has_its_fields_in_order_and_leaves_a_note_in_the_journal(
    context: Context, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    _, people = add_people(context, PEOPLE)
    record_states(context, YEAR, people[1:], SiteState.REGISTERED)
    out = tmp_path / "ra.xlsx"
    wanted = account_list(context, YEAR, AccountFilter(state=SiteState.NONE))
    made = export_site_list(context, wanted, out, title="Danh sách chưa có tài khoản")
    assert (made.count, made.lacking) == (1, 0)
    book = load_workbook(out)
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    book.close()
    assert rows[3][1:] == [column.title for column in load_site().columns]
    assert rows[4][1:5] == ["089184000001", "Nguyễn Thị Lan", "Nữ", "1984"]
    assert "An Giang" in rows[4][7] and "Phú An" in rows[4][8]
    assert operations(context)[-1] == "list.export"


def test_an_empty_list_is_not_exported(context: Context, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        export_site_list(context, account_list(context, YEAR), tmp_path / "ra.xlsx", title="Danh sách")
    assert refused.value.code == "site.nobody"
    assert not (tmp_path / "ra.xlsx").exists()


def test_a_word_that_a_person_explains_and_columns_that_he_corrects_are_read_so(
    context: Context, tmp_path: Path
) -> None:
    add_people(context, PEOPLE)
    heads = ("STT", "Họ và tên", "Số CCCD", "Năm sinh", "Hạng", "Mốc")
    rows = [
        (1, "Nguyễn Thị Lan", "089184000001", "1984", "Mức A", "15/03/2026"),
        (2, "Trần Văn Bình", "089080000002", "1980", "mức b", "01/02/2026"),
    ]
    found = listed(tmp_path / "ds.xlsx", rows, heads)
    assert {row.state for row in found.rows} == {SiteState.REGISTERED} and not found.has_dates
    place = {words.partition(": ")[2]: index for index, words in found.columns}
    chosen = SiteChoices(
        place["Hạng"], place["Mốc"], {plain("Mức A"): SiteState.RECOGNISED, plain("Mức B"): SiteState.SELF_ASSESSED}
    )
    again = read_site_list(tmp_path / "ds.xlsx", choices=chosen, today=TODAY)
    assert [(row.state, row.date) for row in again.rows] == [
        (SiteState.RECOGNISED, "2026-03-15"),
        (SiteState.SELF_ASSESSED, "2026-02-01"),
    ]
    half = read_site_list(tmp_path / "ds.xlsx", choices=SiteChoices(place["Hạng"], -1), today=TODAY)
    assert [row.problem for row in half.rows] == ["Chưa hiểu trạng thái “Mức A”.", "Chưa hiểu trạng thái “mức b”."]


def test_every_pair_of_states_is_new_the_same_or_a_difference_and_taking_all_makes_both_agree(
    context: Context, tmp_path: Path
) -> None:
    words = {
        SiteState.NONE: "Chưa có tài khoản",
        SiteState.REGISTERED: "Đã đăng ký",
        SiteState.SELF_ASSESSED: "Đã tự đánh giá",
        SiteState.RECOGNISED: "Đã được công nhận",
    }
    order = list(SiteState)
    pairs = [(ours, theirs) for ours in order for theirs in order]
    names = [
        "An",
        "Ba",
        "Cúc",
        "Dung",
        "Em",
        "Gấm",
        "Hoa",
        "Kim",
        "Lan",
        "Mai",
        "Nga",
        "Oanh",
        "Phú",
        "Quý",
        "Sen",
        "Tư",
    ]
    fields = [
        {"full_name": f"Trần Thị {x}", "cccd": f"0891840001{n:02d}", "birth": "1984"} for n, x in enumerate(names)
    ]
    _, people = add_people(context, fields)
    for uid, (ours, _) in zip(people, pairs, strict=True):
        if ours is not SiteState.NONE:
            record_states(context, YEAR, [uid], ours)
    rows = [
        (n, each["full_name"], each["cccd"], "1984", words[theirs], "")
        for n, (each, (_, theirs)) in enumerate(zip(fields, pairs, strict=True), 1)
    ]
    plan = compared(context, tmp_path / "ds.xlsx", rows)
    told = {line.person.uid: line.fate for line in plan.lines if line.person is not None}
    for uid, (ours, theirs) in zip(people, pairs, strict=True):
        ahead = order.index(theirs) - order.index(ours)
        assert told[uid] is (SiteFate.SAME if not ahead else SiteFate.NEW if ahead > 0 else SiteFate.DIFFERS)
    assert apply_site_list(context, plan, takes_differences=True) == sum(ours is not theirs for ours, theirs in pairs)
    stands = {row.uid: row.state for row in account_list(context, YEAR).rows(0, 100)}
    assert [stands[uid] for uid in people] == [theirs for _, theirs in pairs]
    again = compared(context, tmp_path / "ds.xlsx", rows)
    assert again.counts[SiteFate.SAME] == len(pairs)


STEPS = ("STT", "Họ và tên", "Số CCCD", "Năm sinh")


@pytest.mark.parametrize(
    ("heads", "cells", "state", "day"),
    [
        (("Đã đăng ký", "Đã tự đánh giá", "Đã công nhận"), ("x", "x", "x"), SiteState.RECOGNISED, ""),
        (("Đã đăng ký", "Đã tự đánh giá", "Đã công nhận"), ("X", "không", None), SiteState.REGISTERED, ""),
        (("Đã đăng ký", "Đã tự đánh giá", "Đã công nhận"), (None, None, None), SiteState.NONE, ""),
        (("Tài khoản", "Tự đánh giá", "Công nhận"), ("✓", "✓", "-"), SiteState.SELF_ASSESSED, ""),
        (("Ngày đăng ký", "Ngày tự đánh giá"), ("01/02/2026", dt.datetime(2026, 3, 3)), "self_assessed", "2026-03-03"),
        (("Ngày đăng ký", "Ngày công nhận"), ("01/02/2026", ""), SiteState.REGISTERED, "2026-02-01"),
        (("Ngày tạo tài khoản", "Ngày công nhận"), (None, None), SiteState.NONE, ""),
        (("Ngày tự đánh giá",), ("",), SiteState.REGISTERED, ""),
        (("Đã đăng ký",), ("",), SiteState.NONE, ""),
        (("Đã đăng ký",), (1,), SiteState.REGISTERED, ""),
        (("Ngày đăng ký",), ("",), SiteState.REGISTERED, ""),
    ],
)
def test_a_list_with_a_column_for_each_step_says_the_furthest_that_is_filled(
    heads: Sequence[str], cells: Sequence[object], state: SiteState, day: str, tmp_path: Path
) -> None:
    rows = [(1, "Nguyễn Thị Lan", "089184000001", "1984", *cells), (2, "Trần Văn Bình", "089080000002", 1980, "x")]
    read = listed(tmp_path / "bước.xlsx", rows, (*STEPS, *heads))
    assert (read.rows[0].state, read.rows[0].date, read.rows[0].problem) == (state, day, "")


def test_a_cell_of_a_step_that_is_not_understood_is_told_and_the_way_of_reading_is_said(tmp_path: Path) -> None:
    rows = [
        (1, "Nguyễn Thị Lan", "089184000001", "1984", "x", "hỏi lại"),
        (2, "Trần Văn Bình", "089080000002", 1980, "x", "01/01/2031"),
    ]
    read = listed(tmp_path / "bước.xlsx", rows, (*STEPS, "Đã đăng ký", "Đã công nhận"))
    assert [row.problem for row in read.rows] == [
        "Chưa hiểu ô “hỏi lại”; ghi ngày, dấu x hoặc để trống.", "Ngày 01/01/2031 còn ở phía trước.",
    ]  # fmt: skip
    assert "mỗi bước một cột" in read.notes[0].lower()
    assert (read.state_column, read.date_column, read.has_steps) == (BY_STEPS, -1, True)
    one = read_site_list(Path(read.path), choices=SiteChoices(state_column=4, date_column=-1), today=TODAY)
    assert [row.said for row in one.rows] == ["x", "x"] and one.has_steps
    again = read_site_list(Path(read.path), choices=SiteChoices(state_column=BY_STEPS, date_column=-1), today=TODAY)
    assert [row.problem for row in again.rows] == [row.problem for row in read.rows]


@pytest.mark.parametrize(
    ("said", "state"),
    [("Đạt (85/100)", "recognised"), ("85 điểm - Đạt", "recognised"), ("Không đạt: 50 điểm", "self_assessed")],
)
def test_a_state_with_its_score_is_understood(said: str, state: str) -> None:
    assert state_of(said) == state
    assert state_of("85 điểm") is None
