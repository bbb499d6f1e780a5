"""Putting people's forms into a batch: what is refused, what is asked, what is undone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables.criteria import criteria_set
from desktop_app.models.types import AssessmentStatus, CitizenGroup, LearningModel, RoundStatus
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from desktop_app.services.keying.batches import add_batch, close_batch
from desktop_app.services.keying.placing import look, place, remove_row
from desktop_app.services.keying.records import Cover, is_complete, is_counted, judge_row
from desktop_app.services.keying.sheet import read_sheet
from desktop_app.services.keying.writing import save_cell, save_cells
from tests.services.assessment.world import (
    CITIZEN,
    YEAR,
    add_clan,
    add_unit,
    codes_of,
    figures,
    fill,
    freeze,
    operations,
)
from tests.services.keying.conftest import TODAY, first_uid


def keyed(context: Context, batch, subject: str, count: int = 10, **flags: bool) -> None:
    row = place(context, batch.uid, subject, **flags)
    for code in codes_of(context, CITIZEN, batch.cover.group)[:count]:
        row = save_cell(context, batch, row, code, 8).row


def test_a_form_carries_who_collected_it_and_when_and_is_complete_when_answered_whole(
    context: Context, batch, people
) -> None:
    subject = people["Nguyễn Thị Lan"]
    keyed(context, batch, subject, 9)
    standing = figures(context, CITIZEN, subject)
    assert (standing["assessor"], standing["assessed_on"], standing["status"]) == (
        "Nguyễn Văn Bình", "2026-11-20", AssessmentStatus.DRAFT,
    )  # fmt: skip
    row = read_sheet(context, batch.uid).rows[0]
    save_cell(context, batch, row, codes_of(context, CITIZEN, CitizenGroup.RESIDENT)[9], 8)
    assert figures(context, CITIZEN, subject)["status"] == AssessmentStatus.COMPLETE
    save_cell(context, batch, row, codes_of(context, CITIZEN, CitizenGroup.RESIDENT)[9], None)
    assert figures(context, CITIZEN, subject)["status"] == AssessmentStatus.DRAFT


def test_all_of_one_person_is_one_deed_and_is_undone_as_one(context: Context, batch, people) -> None:
    keyed(context, batch, people["Nguyễn Thị Lan"])
    keyed(context, batch, people["Trần Văn Bình"])
    assert operations(context).count("answer.form") == 2
    undo(context)
    assert [row.name for row in read_sheet(context, batch.uid).rows] == ["Nguyễn Thị Lan"]
    assert open_form(context, CITIZEN, people["Trần Văn Bình"], YEAR).registration is None


def test_the_same_person_twice_in_a_batch_is_told_with_the_line(context: Context, batch, people) -> None:
    keyed(context, batch, people["Trần Văn Bình"])
    keyed(context, batch, people["Nguyễn Thị Lan"])
    standing = look(context, batch.uid, people["Nguyễn Thị Lan"])
    assert standing.is_here and standing.answer == "Sửa tiếp dòng 2"
    assert "đã có ở dòng 2 của tập này: 10 ô đã ghi, tổng 80; người thu Nguyễn Văn Bình ngày 20/11/2026" in (
        standing.question
    )
    with pytest.raises(UserError) as refused:
        place(context, batch.uid, people["Nguyễn Thị Lan"], takes_over=True)
    assert refused.value.code == "place.here"


def test_a_form_scored_elsewhere_is_asked_about_and_goes_on_here(context: Context, batch, people) -> None:
    subject = people["Nguyễn Thị Lan"]
    fill(context, CITIZEN, subject, share=0.7)
    standing = look(context, batch.uid, subject)
    assert (standing.answer, standing.takes_over) == ("Sửa tiếp phiếu ấy", True)
    assert "đã có phiếu trong đợt này: 10 ô đã ghi, tổng 70" in standing.question
    with pytest.raises(UserError) as refused:
        place(context, batch.uid, subject)
    assert refused.value.code == "place.elsewhere"
    row = place(context, batch.uid, subject, takes_over=True)
    assert set(row.values.values()) == {7}


def test_a_form_of_another_batch_moves_only_when_a_person_says_so(
    context: Context, batch, people, cover: Cover
) -> None:
    subject = people["Nguyễn Thị Lan"]
    keyed(context, batch, subject)
    second = add_batch(context, YEAR, cover, today=TODAY)
    standing = look(context, second.uid, subject)
    assert "trong tập “Thôn 1 · tập 1”" in standing.question
    assert standing.answer == "Chuyển sang tập này và sửa tiếp"
    place(context, second.uid, subject, takes_over=True)
    assert read_sheet(context, batch.uid).rows == ()
    assert len(read_sheet(context, second.uid).rows[0].values) == 10


def test_a_form_of_a_closed_batch_stays_there(context: Context, batch, people, cover: Cover) -> None:
    subject = people["Nguyễn Thị Lan"]
    keyed(context, batch, subject)
    close_batch(context, batch.uid, today=TODAY)
    second = add_batch(context, YEAR, cover, today=TODAY)
    assert "Tập ấy đã đóng" in look(context, second.uid, subject).refusal
    with pytest.raises(UserError):
        place(context, second.uid, subject, takes_over=True)


def test_another_group_is_asked_about_and_an_unknown_one_taken_from_the_paper(context: Context, batch, people) -> None:
    worker, unknown = people["Lê Thị Mai"], people["Phạm Đức Thắng"]
    standing = look(context, batch.uid, worker)
    assert standing.changes_group and standing.answer == "Đổi nhóm và nhập"
    with pytest.raises(UserError) as refused:
        place(context, batch.uid, worker)
    assert refused.value.code == "place.other_group"
    place(context, batch.uid, worker, changes_group=True)
    assert look(context, batch.uid, unknown).question == ""
    place(context, batch.uid, unknown)
    groups = [open_form(context, CITIZEN, uid, YEAR).subject.group for uid in (worker, unknown)]
    assert groups == [CitizenGroup.RESIDENT] * 2
    undo(context)
    undo(context)
    assert open_form(context, CITIZEN, worker, YEAR).subject.group is CitizenGroup.WORKER
    assert open_form(context, CITIZEN, unknown, YEAR).subject.is_group_assumed


@pytest.mark.parametrize(("name", "words"), [("Võ Thị Hạnh", "đã mất"), ("Đỗ Hữu Lợi", "chưa đủ 16 tuổi")])
def test_the_dead_and_children_are_refused_with_a_sentence(
    context: Context, batch, people, name: str, words: str
) -> None:
    assert words in look(context, batch.uid, people[name]).refusal
    with pytest.raises(UserError):
        place(context, batch.uid, people[name])
    assert read_sheet(context, batch.uid).rows == ()


def test_a_recognised_form_and_a_closed_round_are_refused(context: Context, batch, people) -> None:
    subject = people["Nguyễn Thị Lan"]
    fill(context, CITIZEN, subject)
    freeze(context, CITIZEN, subject)
    assert "đã được công nhận" in look(context, batch.uid, subject).refusal
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    assert "đã khóa" in look(context, batch.uid, people["Trần Văn Bình"]).refusal
    with pytest.raises(UserError) as refused:
        place(context, batch.uid, people["Trần Văn Bình"])
    assert refused.value.code == "round.closed"


def test_a_form_of_another_version_of_the_criteria_is_left_alone(context: Context, batch, people) -> None:
    subject = people["Nguyễn Thị Lan"]
    fill(context, CITIZEN, subject)
    with context.operation("criteria.choose", {"set": "x"}) as op:
        query = "SELECT * FROM criteria_set WHERE key = 'citizen.resident'"
        old = op.connection.exec_driver_sql(query).mappings().one()
        columns = {name: old[name] for name in ("key", "model", "citizen_group")}
        columns |= {"version": "2099.1", "definition": _as_file("citizen_resident", "2099.1")}
        other = op.writer.insert(criteria_set, columns)
        form_id = op.writer.references.id("assessment", keys.assessment_uid(YEAR, CITIZEN, subject))
        assert form_id is not None
        op.writer.update(tables.assessment, form_id, {"criteria_set_id": other})
    standing = look(context, batch.uid, subject)
    assert "bản 2099.1" in standing.refusal and "10 ô đã ghi vẫn giữ nguyên" in standing.refusal
    with pytest.raises(UserError) as refused:
        place(context, batch.uid, subject, takes_over=True)
    assert refused.value.code == "place.other_version"


def _as_file(name: str, version: str) -> dict[str, object]:
    path = Path(__file__).parents[3] / "resources" / "criteria" / f"{name}.json"
    return {**json.loads(path.read_text(encoding="utf-8")), "version": version}


def test_a_row_that_leaves_the_batch_keeps_its_answers_unless_they_are_not_wanted(
    context: Context, batch, people
) -> None:
    kept, cleared = people["Nguyễn Thị Lan"], people["Trần Văn Bình"]
    for subject in (kept, cleared):
        keyed(context, batch, subject)
    remove_row(context, batch.uid, kept)
    remove_row(context, batch.uid, cleared, clears=True)
    assert read_sheet(context, batch.uid).rows == ()
    assert len(open_form(context, CITIZEN, kept, YEAR).answers) == 10
    assert open_form(context, CITIZEN, cleared, YEAR).answers == {}
    undo(context)
    assert len(read_sheet(context, batch.uid).rows[0].values) == 10


def test_a_row_without_answers_leaves_no_form_behind(context: Context, batch, people) -> None:
    subject = people["Nguyễn Thị Lan"]
    place(context, batch.uid, subject)
    leave_form(context)
    remove_row(context, batch.uid, subject)
    form = open_form(context, CITIZEN, subject, YEAR)
    assert (form.registration, form.answers) == (None, {})


def test_a_value_that_cannot_be_stores_nothing_of_its_block(context: Context, batch, people) -> None:
    row = place(context, batch.uid, people["Nguyễn Thị Lan"])
    codes = codes_of(context, CITIZEN, CitizenGroup.RESIDENT)
    with pytest.raises(UserError) as refused:
        save_cells(context, batch, row, {codes[0]: 9, codes[1]: 11})
    assert refused.value.code == "answer.out_of_range"
    assert read_sheet(context, batch.uid).rows[0].values == {}


def test_a_row_that_was_undone_meanwhile_takes_no_answer(context: Context, batch, people) -> None:
    row = place(context, batch.uid, people["Nguyễn Thị Lan"])
    undo(context)
    with pytest.raises(UserError) as refused:
        save_cell(context, batch, row, codes_of(context, CITIZEN, CitizenGroup.RESIDENT)[0], 9)
    assert refused.value.code == "place.gone"


def test_the_guided_form_goes_on_with_the_same_deed(context: Context, batch, people) -> None:
    subject = people["Nguyễn Thị Lan"]
    place(context, batch.uid, subject)
    answer(context, CITIZEN, subject, YEAR, codes_of(context, CITIZEN, CitizenGroup.RESIDENT)[0], 9)
    assert operations(context).count("answer.form") == 1


@pytest.mark.parametrize("model", [m for m in LearningModel if m is not CITIZEN])
def test_every_model_is_keyed(context: Context, people, cover: Cover, model: LearningModel) -> None:
    add_clan(context, [first_uid(context, "household")])
    add_unit(context, [people["Nguyễn Thị Lan"]])
    subject = first_uid(context, {"family": "household", "community": "hamlet"}.get(model.value, model.value))
    made = add_batch(context, YEAR, replace(cover, model=model, hamlet=None), today=TODAY)
    row = place(context, made.uid, subject)
    for indicator in read_sheet(context, made.uid).definition.indicators:
        if not is_counted(row, indicator):
            top = indicator.max_score or (100 if indicator.answer_type.value == "percent" else 1)
            row = save_cell(context, made, row, indicator.code, top).row
    sheet = read_sheet(context, made.uid)
    assert is_complete(sheet.rows[0], sheet.definition)
    assert judge_row(sheet.rows[0], sheet.definition).verdict.complete
    assert figures(context, model, subject)["status"] == AssessmentStatus.COMPLETE
