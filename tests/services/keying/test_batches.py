"""Covers, progress, control totals, closing and taking up again."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.round_closing import Open, unfinished
from desktop_app.services.assessment.round_models import change_part
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import operations as history
from desktop_app.services.history import undo, why_not_undo
from desktop_app.services.keying import batches as b
from desktop_app.services.keying.control import check_totals
from desktop_app.services.keying.placing import place, remove_row
from desktop_app.services.keying.records import BatchRecord, Cover
from desktop_app.services.keying.sheet import read_sheet
from desktop_app.services.keying.writing import save_cells
from desktop_app.services.paper.codes import with_check_digit
from tests.services.assessment.world import CITIZEN, YEAR, figures
from tests.services.keying.conftest import TODAY

SCORES = (9, 7, 9, 10, 9, 8, 8, 9, 9, 7)


def key_form(context: Context, batch: BatchRecord, subject: str, scores: tuple[float, ...] = SCORES) -> None:
    row = place(context, batch.uid, subject)
    codes = [i.code for i in read_sheet(context, batch.uid).definition.indicators]
    save_cells(context, batch, row, dict(zip(codes, scores, strict=False)))


def test_a_batch_takes_its_name_from_its_place_and_its_number_there(context: Context, batch, cover: Cover) -> None:
    second = b.add_batch(context, YEAR, cover, today=TODAY)
    whole = b.add_batch(context, YEAR, replace(cover, hamlet=None), today=TODAY)
    assert (batch.name, second.name) == ("Thôn 1 · tập 1", "Thôn 1 · tập 2")
    assert whole.name == "Cả xã · tập 1"
    assert [item.name for item in b.list_batches(context, YEAR)] == [whole.name, second.name, batch.name]


def test_the_next_cover_repeats_the_last_one_without_its_counts(context: Context, batch, cover: Cover) -> None:
    b.edit_cover(context, batch.uid, replace(cover, form_count=40, score_sum=3214, code="B7"), today=TODAY)
    following = b.next_cover(context, YEAR)
    assert (following.collector, following.hamlet, following.collected_on) == (
        cover.collector, cover.hamlet, cover.collected_on,
    )  # fmt: skip
    assert (following.form_count, following.score_sum, following.code, following.name) == (None, None, "", "")


def test_progress_counts_whole_forms_and_sums_their_points(context: Context, batch, people, cover: Cover) -> None:
    b.edit_cover(context, batch.uid, replace(cover, form_count=40), today=TODAY)
    key_form(context, batch, people["Nguyễn Thị Lan"])
    key_form(context, batch, people["Trần Văn Bình"], (8, 8))
    standing = b.read_batch(context, batch.uid)
    assert (standing.forms, standing.complete, standing.total, standing.progress) == (2, 1, sum(SCORES) + 16, "1/40")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"form_count": 0}, "batch.count_bad"),
        ({"score_sum": -1}, "batch.sum_bad"),
        ({"form_count": 2, "score_sum": 201}, "batch.sum_bad"),
        ({"collected_on": "2026-11-23"}, "batch.date_bad"),
        ({"collected_on": "2026-13-01"}, "batch.date_bad"),
        ({"group": None}, "batch.group_missing"),
        ({"hamlet": "0" * 32}, "batch.place_gone"),
        ({"organization": "0" * 32}, "batch.two_places"),
        ({"collector": "A" * 121}, "batch.collector_long"),
        ({"set_uid": "0" * 32}, "criteria.unknown_set"),
    ],
)
def test_a_cover_that_cannot_be_is_refused_with_its_reason(context: Context, cover: Cover, change, code: str) -> None:
    with pytest.raises(UserError) as refused:
        b.add_batch(context, YEAR, replace(cover, **change), today=TODAY)
    assert refused.value.code == code
    assert b.list_batches(context, YEAR) == ()


def test_a_batch_closes_only_when_count_and_sum_meet_its_cover(context: Context, batch, people, cover: Cover) -> None:
    wanted = replace(cover, form_count=2, score_sum=sum(SCORES) * 2)
    b.edit_cover(context, batch.uid, wanted, today=TODAY)
    key_form(context, batch, people["Nguyễn Thị Lan"])
    with pytest.raises(UserError, match=r"bìa ghi 2 phiếu, đã nhập 1 \(thiếu 1\); bìa ghi tổng 170 điểm, đã nhập 85"):
        b.close_batch(context, batch.uid, today=TODAY)
    key_form(context, batch, people["Trần Văn Bình"])
    closed = b.close_batch(context, batch.uid, today=TODAY)
    assert (closed.is_closed, closed.closed_on) == (True, "2026-11-22")


def test_a_closed_batch_says_how_many_forms_were_taken_back_after(
    context: Context, batch, people, cover: Cover
) -> None:
    b.edit_cover(context, batch.uid, replace(cover, form_count=2, score_sum=sum(SCORES) * 2), today=TODAY)
    key_form(context, batch, people["Nguyễn Thị Lan"])
    key_form(context, batch, people["Trần Văn Bình"])
    assert b.close_batch(context, batch.uid, today=TODAY).lost == 0
    keyed = [item.id for item in history(context) if item.kind == "answer.form"]
    undo(context, next(item for item in keyed if why_not_undo(context, item) is None))  # not the one drawn for a second
    assert b.list_batches(context, YEAR)[0].lost == 1


def test_a_closed_batch_that_lost_forms_is_unfinished_work_of_its_round(
    context: Context, batch, people, cover: Cover
) -> None:
    def said() -> list[str]:
        return [line.text for line in unfinished(context, YEAR) if line.kind in (Open.BATCHES, Open.LOST_FORMS)]

    b.edit_cover(context, batch.uid, replace(cover, form_count=2, score_sum=sum(SCORES) * 2), today=TODAY)
    key_form(context, batch, people["Nguyễn Thị Lan"])
    key_form(context, batch, people["Trần Văn Bình"])
    assert said() == ["1 tập phiếu chưa đóng"]
    b.close_batch(context, batch.uid, today=TODAY)
    assert said() == []
    keyed = [item.id for item in history(context) if item.kind == "answer.form"]
    undo(context, next(item for item in keyed if why_not_undo(context, item) is None))
    assert said() == ["1 tập phiếu đã đóng nay thiếu phiếu so với bìa"]
    b.reopen_batch(context, batch.uid)
    assert said() == ["1 tập phiếu chưa đóng"]


def test_a_form_with_blank_cells_is_not_one_taken_back(context: Context, batch, people, cover: Cover) -> None:
    b.edit_cover(context, batch.uid, replace(cover, form_count=1, score_sum=16), today=TODAY)
    key_form(context, batch, people["Nguyễn Thị Lan"], (8, 8))
    assert b.close_batch(context, batch.uid, today=TODAY).lost == 0


def test_a_wrong_cover_is_corrected_with_a_reason_that_is_kept(context: Context, batch, people, cover: Cover) -> None:
    b.edit_cover(context, batch.uid, replace(cover, form_count=40), today=TODAY)
    key_form(context, batch, people["Nguyễn Thị Lan"])
    with pytest.raises(UserError) as refused:
        b.edit_cover(context, batch.uid, replace(cover, form_count=1), today=TODAY)
    assert refused.value.code == "batch.reason_missing"
    mended = b.edit_cover(context, batch.uid, replace(cover, form_count=1), reason="một phiếu trùng", today=TODAY)
    assert mended.note == "22/11/2026: số phiếu 40 → 1. Lý do: một phiếu trùng"
    assert b.close_batch(context, batch.uid, today=TODAY).is_closed


def test_a_closed_batch_takes_no_more_until_it_is_opened_again(context: Context, batch, people) -> None:
    key_form(context, batch, people["Nguyễn Thị Lan"])
    b.close_batch(context, batch.uid, today=TODAY)
    row = read_sheet(context, batch.uid).rows[0]
    code = next(iter(row.values))
    for deed in (
        lambda: place(context, batch.uid, people["Trần Văn Bình"]),
        lambda: save_cells(context, batch, row, {code: 1}),
        lambda: remove_row(context, batch.uid, row.subject),
        lambda: b.close_batch(context, batch.uid),
    ):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "batch.closed"
    b.reopen_batch(context, batch.uid)
    save_cells(context, batch, row, {code: 1})
    assert read_sheet(context, batch.uid).rows[0].values[code] == 1


def test_what_stays_out_of_the_round_has_no_batches(context: Context, cover: Cover) -> None:
    change_part(context, YEAR, LearningModel.CLAN, is_taking_part=False)
    with pytest.raises(UserError) as refused:
        b.add_batch(context, YEAR, replace(cover, model=LearningModel.CLAN, group=None), today=TODAY)
    assert refused.value.code == "round.not_taking_part"


def test_an_empty_batch_is_not_closed_but_taken_away(context: Context, batch) -> None:
    with pytest.raises(UserError) as refused:
        b.close_batch(context, batch.uid)
    assert refused.value.code == "batch.empty"
    b.remove_batch(context, batch.uid)
    with pytest.raises(UserError):
        b.read_batch(context, batch.uid)


def test_a_batch_that_is_taken_away_leaves_every_answer(context: Context, batch, people) -> None:
    subject = people["Nguyễn Thị Lan"]
    key_form(context, batch, subject)
    b.remove_batch(context, batch.uid)
    assert len(open_form(context, CITIZEN, subject, YEAR).answers) == 10
    undo(context)
    assert b.read_batch(context, batch.uid).forms == 1


def test_the_set_of_a_batch_stays_once_it_has_forms(context: Context, batch, people, cover: Cover) -> None:
    key_form(context, batch, people["Nguyễn Thị Lan"])
    with pytest.raises(UserError) as refused:
        b.edit_cover(context, batch.uid, Cover(model=LearningModel.FAMILY, hamlet=cover.hamlet), today=TODAY)
    assert refused.value.code == "batch.has_forms"


def test_who_collected_is_passed_on_to_every_form_when_the_cover_changes(
    context: Context, batch, people, cover: Cover
) -> None:
    subject = people["Nguyễn Thị Lan"]
    key_form(context, batch, subject)
    b.edit_cover(context, batch.uid, replace(cover, collector="Lê Thị Hạnh"), today=TODAY)
    assert figures(context, CITIZEN, subject)["assessor"] == "Lê Thị Hạnh"


def test_a_difference_names_the_rows_that_are_likeliest(context: Context, batch, people, cover: Cover) -> None:
    key_form(context, batch, people["Nguyễn Thị Lan"])
    key_form(context, batch, people["Trần Văn Bình"], (9, 7, 9, 1, *SCORES[4:]))
    b.edit_cover(context, batch.uid, replace(cover, form_count=2, score_sum=sum(SCORES) * 2), reason="x", today=TODAY)
    control = check_totals(read_sheet(context, batch.uid))
    assert (control.count_gap, control.sum_gap, control.is_met) == (0, -9, False)
    assert [(s.place, s.why) for s in control.suspects] == [(2, "chỉ số 4 ghi 1, có thể là 10")]
    sheet = read_sheet(context, batch.uid)
    save_cells(context, batch, sheet.rows[0], {sheet.definition.indicators[5].code: None})
    control = check_totals(read_sheet(context, batch.uid))
    assert (control.suspects[0].place, control.suspects[0].why) == (1, "còn trống chỉ số 6")
    assert control.incomplete == (1,)


def test_a_form_too_many_is_found_by_its_total(context: Context, batch, people, cover: Cover) -> None:
    key_form(context, batch, people["Nguyễn Thị Lan"])
    key_form(context, batch, people["Trần Văn Bình"], (5,) * 10)
    b.edit_cover(context, batch.uid, replace(cover, form_count=1, score_sum=85), reason="x", today=TODAY)
    control = check_totals(read_sheet(context, batch.uid))
    assert [(s.place, s.why) for s in control.suspects] == [(2, "tổng đúng bằng phần thừa (50)")]


def test_the_deeds_of_a_batch_read_well_in_the_journal(context: Context, batch, people) -> None:
    key_form(context, batch, people["Nguyễn Thị Lan"])
    b.close_batch(context, batch.uid, today=TODAY)
    said = [record.sentence for record in history(context)]
    assert said[:3] == [
        "Khóa tập phiếu Thôn 1 · tập 1", "Chấm phiếu của Nguyễn Thị Lan", "Lập tập phiếu Thôn 1 · tập 1",
    ]  # fmt: skip


@pytest.mark.parametrize("body", ["697895", "126912", "569829", "977599"])
def test_a_cover_scanned_through_a_vietnamese_keyboard_keeps_the_order_of_its_figures(body: str) -> None:
    code = with_check_digit(body)
    typed = code.translate(str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ"))
    assert unicodedata.normalize("NFC", typed) != typed
    assert b.stack_code_of(typed) == b.stack_code_of(f" {code}\r\n") == code
