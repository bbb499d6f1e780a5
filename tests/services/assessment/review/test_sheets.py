"""Bảng điểm và lý do: what a person who asks why gets on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.models.tables.assessment import answer
from desktop_app.models.types import LearningModel, ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.results import list_verdicts
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.review.sheets import note_sheets, verdict_sheets_pdf
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_people, fill, row_uid
from tests.services.documents.helpers import page_texts


def make(context: Context) -> tuple[Uid, list[Uid]]:
    household, people = add_people(
        context, [{"full_name": "Lê Văn An", "birth": "1980-05-08"}, {"full_name": "Lê Văn Bình"}, {"full_name": "Ba"}]
    )
    fill(context, CITIZEN, people[0], share=0.6)
    fill(context, CITIZEN, people[1], share=0.9)
    return household, people


def test_a_sheet_says_every_answer_and_why_it_did_not_pass(context: Context, tmp_path: Path) -> None:
    _, people = make(context)
    assert verdict_sheets_pdf(context, CITIZEN, YEAR, people[:1], tmp_path / "a.pdf") == 1
    (words,) = page_texts(tmp_path / "a.pdf")
    said = next(item.sentence for item in list_verdicts(context, YEAR, CITIZEN) if item.uid == people[0])
    for part in ("Lê Văn An", "08/05/1980", "KẾT QUẢ: CHƯA ĐẠT", "60/100", "Thôn 1", said[:40]):
        assert part in words


def test_reasons_that_were_kept_and_a_return_stand_on_the_sheet(context: Context, tmp_path: Path) -> None:
    _, people = make(context)
    with context.operation("answer.note") as op:
        row = op.connection.exec_driver_sql("SELECT id FROM answer WHERE indicator = '1' LIMIT 1").scalar_one()
        op.writer.update(answer, row, {"note": "Xem sổ học nghề"})
    record_review(
        context, CITIZEN, YEAR, people[1:2], ReviewOutcome.RETURNED, stage=ReviewStage.HAMLET, reason="Thiếu chữ ký"
    )
    verdict_sheets_pdf(context, CITIZEN, YEAR, people, tmp_path / "a.pdf")
    first, second = page_texts(tmp_path / "a.pdf")
    assert "lý do: Xem sổ học nghề" in first
    assert "Phiếu bị trả lại ngày" in second and "(thôn bình xét): Thiếu chữ ký." in second
    assert "KẾT QUẢ: CHƯA ĐẠT" in second, "a returned form is not recognised"


def test_who_has_no_form_gets_no_sheet_and_nobody_at_all_is_told(context: Context, tmp_path: Path) -> None:
    household, people = make(context)
    assert verdict_sheets_pdf(context, CITIZEN, YEAR, people, tmp_path / "a.pdf") == 2
    with pytest.raises(UserError) as refused:
        verdict_sheets_pdf(context, FAMILY, YEAR, [household], tmp_path / "b.pdf")
    assert refused.value.code == "sheets.none" and not (tmp_path / "b.pdf").exists()


@pytest.mark.parametrize("model", [LearningModel.FAMILY, LearningModel.COMMUNITY])
def test_other_models_have_sheets_with_their_own_facts(context: Context, tmp_path: Path, model: LearningModel) -> None:
    household, _ = make(context)
    subject = household if model is FAMILY else row_uid(context, "hamlet", "Thôn 1")
    fill(context, model, subject)
    verdict_sheets_pdf(context, model, YEAR, [subject], tmp_path / "a.pdf")
    assert "BẢNG ĐIỂM VÀ LÝ DO" in page_texts(tmp_path / "a.pdf")[0]


def test_that_sheets_left_the_register_is_written_down(context: Context) -> None:
    note_sheets(context, CITIZEN, YEAR, 3)
    with context.read() as connection:
        kind, args = connection.exec_driver_sql("SELECT kind, args FROM operation ORDER BY id DESC LIMIT 1").one()
        what = json.loads(args)["what"]
    assert kind == "paper.print" and what == f"bảng điểm công dân năm {YEAR}"
