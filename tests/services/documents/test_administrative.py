"""Decisions, proposals, books and forms: their words, page numbers, repeated headers, counts and hostile rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.models.types import LearningModel, TextStatus
from desktop_app.services.documents.data import (
    DecisionData,
    ListedSubject,
    RegisterBookData,
    Signature,
    SubmissionLetterData,
    VerdictRow,
    VerdictSheetData,
)
from desktop_app.services.documents.decision import reference_articles, write_decision, write_submission_letter
from desktop_app.services.documents.listing import write_handover_list, write_register_book
from desktop_app.services.documents.verdict_sheet import write_verdict_sheet
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.progress import Cancelled, Progress
from tests.services.documents.helpers import HEAD, SIGNER, fonts_of, ink, page_size_mm, page_texts, render, subjects

DECISION = DecisionData(
    head=HEAD,
    subject="Về việc công nhận danh hiệu “Công dân học tập” năm 2026",
    issuer="CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ PHÚ AN",
    issuer_in_text="Chủ tịch Ủy ban nhân dân xã Phú An",
    bases=(
        "Căn cứ Luật Tổ chức chính quyền địa phương;",
        "Xét đề nghị của Hội Khuyến học xã tại Tờ trình số 18/TTr-HKH.",
    ),
    articles=reference_articles("70 công dân", "Công dân học tập", 2026, "Văn phòng, Hội Khuyến học xã"),
    signature=SIGNER,
    recipients=("Như Điều 3;", "Lưu: VT."),
    list_title="DANH SÁCH CÔNG DÂN ĐƯỢC CÔNG NHẬN",
    subjects=subjects(70),
)
BOOK = RegisterBookData(HEAD, "Danh hiệu “Công dân học tập” năm 2026", subjects(40), (SIGNER,))
VERDICT = "Chưa đạt: 78/80 điểm; chỉ số 6 được 4, phải từ 5. Nếu chỉ số 6 lên 6 điểm thì đạt."
SHEET = VerdictSheetData(
    head=dataclasses.replace(HEAD, number=""),
    form_title="PHIẾU ĐÁNH GIÁ CÔNG DÂN HỌC TẬP NĂM 2026",
    set_text="Bộ tiêu chí khung, bản 1",
    facts=(("Họ và tên", "Nguyễn Thị Hồng Hạnh"), ("Năm sinh", "1984"), ("Địa chỉ", "Thôn 3, xã Phú An")),
    rows=(
        VerdictRow("I", "Năng lực tự học", "40", "31", is_heading=True),
        VerdictRow("1", "Kỹ năng tìm kiếm, tra cứu", "10", "8"),
        VerdictRow("7", "Kỹ năng tính toán", "10", "9", status=TextStatus.INFERRED),
        VerdictRow("9", "kỹ năng thiết lập mối quan hệ", "10", "4", note="dưới 5 điểm", status=TextStatus.SUMMARY),
    ),
    total="78/100",
    verdict=VERDICT,
    is_passed=False,
    signatures=(Signature(("NGƯỜI CHẤM",), "Trần Văn Bình", "(Ký, ghi rõ họ tên)", 15),),
)


def test_a_decision_carries_its_parts_in_order(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    pages = write_decision(DECISION, out)
    texts = page_texts(out)
    assert pages == len(texts) > 2
    first = texts[0]
    parts = [
        "QUYẾT ĐỊNH Về việc công nhận danh hiệu “Công dân học tập” năm 2026",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ PHÚ AN",
        "Căn cứ Luật",
        "Xét đề nghị",
        "QUYẾT ĐỊNH:",
        "Điều 1. Công nhận 70 công dân đạt danh hiệu “Công dân học tập” năm 2026 (Có danh sách kèm theo).",
        "Điều 2.",
        "Điều 3.",
        "Nơi nhận:",
    ]
    places = [first.index(part) for part in parts]
    assert places == sorted(places)
    for words in ("Số: 112/QĐ-UBND", "Phú An, ngày 15 tháng 11 năm 2026", "Nguyễn Văn Thắng", "Mẫu tham khảo"):
        assert words in first


def test_the_list_of_a_decision_is_whole_and_counted_by_hamlet(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    write_decision(DECISION, out)
    annex = " ".join(page_texts(out)[1:])
    assert (
        "(Kèm theo Quyết định số 112/QĐ-UBND ngày 15 tháng 11 năm 2026 của Chủ tịch Ủy ban nhân dân xã Phú An)" in annex
    )
    assert all(f"Trần Thị Ngọc Ẩn {i} " in annex for i in range(70))
    assert "Thôn 1: 30 công dân" in annex
    assert "Thôn 3: 10 công dân" in annex
    assert "Danh sách có 70 (bảy mươi) công dân." in annex


def test_pages_after_the_first_are_numbered_and_repeat_the_table_s_header(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    pages = write_decision(DECISION, out)
    texts = page_texts(out)
    for page in range(2, pages):
        image = render(out, page)
        assert ink(image, 102, 8, 108, 13) > 0.03
        assert "TT Họ và tên Năm sinh Địa chỉ" in texts[page]
    for page in (0, 1):
        assert ink(render(out, page), 30, 5, 195, 15) == 0


def test_margins_of_a_decision_are_those_of_the_decree(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    write_decision(DECISION, out)
    assert page_size_mm(out) == (210, 297)
    image = render(out)
    assert ink(image, 0, 0, 29.5, 297) == 0
    assert ink(image, 196, 0, 210, 297) == 0
    assert ink(image, 31, 20, 195, 60) > 0.01


def test_a_proposal_asks_and_lists(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    letter = SubmissionLetterData(
        head=HEAD,
        subject="Về việc đề nghị công nhận",
        addressee="Chủ tịch Ủy ban nhân dân xã Phú An",
        paragraphs=("Hội Khuyến học xã kính đề nghị xem xét.",),
        signature=SIGNER,
        subjects=subjects(3),
        model=LearningModel.FAMILY,
    )
    assert write_submission_letter(letter, out) == 2
    first, annex = page_texts(out)
    assert "TỜ TRÌNH Về việc đề nghị công nhận Kính gửi: Chủ tịch Ủy ban nhân dân xã Phú An" in first
    assert "TT Chủ hộ Địa chỉ" in annex
    assert "Danh sách có 3 (ba) hộ gia đình." in annex


def test_the_register_book_keeps_a_void_number_with_its_reason(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    rows = (*subjects(2), ListedSubject("Lê Ý", register_number="0003/2026-CD", note="Đã hủy: in hỏng"))
    write_register_book(dataclasses.replace(BOOK, subjects=rows), out)
    (text,) = page_texts(out)
    assert page_size_mm(out) == (297, 210)
    assert "SỔ THEO DÕI CẤP GIẤY CÔNG NHẬN" in text
    assert "0003/2026-CD Lê Ý Đã hủy: in hỏng" in text
    assert "0001/2026-CD Trần Thị Ngọc Ẩn 0 08/05/1984" in text


@pytest.mark.parametrize("write", [write_register_book, write_handover_list])
@pytest.mark.parametrize("model", list(LearningModel))
def test_books_of_every_title_run_over_pages(write: Callable[..., int], model: LearningModel, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    pages = write(dataclasses.replace(BOOK, model=model), out)
    texts = page_texts(out)
    assert pages == len(texts) >= 3
    assert all("Số vào sổ" in text for text in texts[:-1])
    assert "Nguyễn Văn Thắng" in texts[-1]
    assert all(fonts_of(out).values())


def test_a_filled_form_says_why_and_how_sure_its_rows_are(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    assert write_verdict_sheet(SHEET, out) == 1
    (text,) = page_texts(out)
    for words in (
        "Họ và tên: Nguyễn Thị Hồng Hạnh Năm sinh: 1984",
        "Kỹ năng tìm kiếm, tra cứu 10 8",
        "Kỹ năng tính toán [suy ra] 10 9",
        "kỹ năng thiết lập mối quan hệ [tóm tắt] (dưới 5 điểm) 10 4",
        "chưa đối chiếu với văn bản",
        "KẾT QUẢ: CHƯA ĐẠT 78/100",
        VERDICT,
        "Trần Văn Bình",
    ):
        assert words in text
    assert "Kỹ năng tìm kiếm, tra cứu [" not in text


def test_a_form_without_official_table_says_so(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    row = VerdictRow("1", "Có quỹ khuyến học", "10", "8", status=TextStatus.SUGGESTED)
    sheet = dataclasses.replace(SHEET, rows=(row,), warning="Bản gợi ý, không phải văn bản.", is_passed=True)
    write_verdict_sheet(sheet, out)
    (text,) = page_texts(out)
    assert "Có quỹ khuyến học [gợi ý]" in text
    assert "Bản gợi ý, không phải văn bản." in text
    assert "KẾT QUẢ: ĐẠT" in text


def test_several_forms_each_begin_on_a_page_without_number(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    assert write_verdict_sheet([SHEET, SHEET, SHEET], out) == 3
    for page in range(3):
        assert ink(render(out, page), 30, 5, 195, 14) == 0


def test_no_forms_is_said() -> None:
    with pytest.raises(UserError) as caught:
        write_verdict_sheet([], Path("never.pdf"))
    assert caught.value.code == "document.empty"


@pytest.mark.parametrize("text", ["A" * 3000, "Lê 😀 ក \ud800 \x00\x1b Ơ̆", "e\u0302\u0301" * 400, "", "  \n\t "])
def test_hostile_rows_stop_no_list(text: str, tmp_path: Path) -> None:
    row = ListedSubject(text, text, text, text, text, text, text, text, text, receiver=text, note=text)
    rows = (row,) * 3
    head = dataclasses.replace(HEAD, authority_lines=(text, text), number=text, place=text)
    signer = Signature((text,), text, text)
    book = RegisterBookData(head, text, rows, (signer,), by_hamlet=True)
    decision = dataclasses.replace(
        DECISION, head=head, subject=text, bases=(text,), articles=(text,), subjects=rows, signature=signer
    )
    sheet = dataclasses.replace(
        SHEET, head=head, facts=((text, text),), rows=(VerdictRow(text, text, text, text, text),), verdict=text
    )
    out = tmp_path / "a.pdf"
    for pages in (
        write_register_book(book, out),
        write_handover_list(book, out),
        write_decision(decision, out),
        write_verdict_sheet(sheet, out),
    ):
        assert pages >= 1
    assert page_texts(out)


def test_a_list_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    progress = Progress(is_cancelled=True)
    with pytest.raises(Cancelled):
        write_register_book(dataclasses.replace(BOOK, subjects=subjects(200)), tmp_path / "a.pdf", progress=progress)
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem):
        write_decision(DECISION, tmp_path / "gone" / "a.pdf")
