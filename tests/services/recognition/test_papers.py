"""The files that a recognition gives, opened again: certificates, decision, tờ trình, register book, handing over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import LegalBasis
from desktop_app.services.errors import UserError
from desktop_app.services.recognition import wording
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.handling import hand_over, mark_printed, reissue, void_certificates
from desktop_app.services.recognition.letters import (
    decision_pdf,
    handover_list_pdf,
    register_book_pdf,
    submission_letter_pdf,
)
from desktop_app.services.recognition.lists import register_book
from desktop_app.services.recognition.papers import certificates_pdf, draft_certificates_pdf
from desktop_app.services.settings import OfficeSettings
from tests.factories import add_household, make_register
from tests.services.documents.helpers import page_size_mm, page_texts
from tests.services.recognition.people import DECIDED, PASS, YEAR, confirm_all, fill, passing, set_office

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path)
    set_office(made, signer_name="Nguyễn Văn Thắng")
    home, uids = add_household(made, members=("Trần Văn Đức", "Lê Thị Sáu"))
    _, more = add_household(made, "02-0001", hamlet="Thôn 2", members=("Lò Văn Pá",))
    confirm_all(made)
    fill(made, CITIZEN, passing([*uids, *more]))
    fill(made, FAMILY, {home: PASS})
    yield made
    made.close()


def test_each_certificate_is_a_page_with_its_number_name_and_decision(context: Context, tmp_path: Path) -> None:
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    book = register_book(context, YEAR, CITIZEN)
    out = tmp_path / "giấy.pdf"
    written = certificates_pdf(context, YEAR, CITIZEN, out)
    assert written.pages == 3
    assert [(item.number, item.uid, item.name) for item in written.certificates] == [
        (item.number, item.subject, item.recipient) for item in book
    ]
    for text, item in zip(page_texts(out), book, strict=True):
        for word in (item.recipient, item.number, "112/QĐ-UBND", "Nguyễn Văn Thắng", "“CÔNG DÂN HỌC TẬP”"):
            assert word in text
        assert "Chủ tịch Ủy ban nhân dân xã Phú An công nhận" in text
        assert "BẢN XEM TRƯỚC" not in text


def test_a_family_s_certificate_names_the_family_of_its_head(context: Context, tmp_path: Path) -> None:
    recognise(context, YEAR, FAMILY, "112", DECIDED)
    certificates_pdf(context, YEAR, FAMILY, tmp_path / "f.pdf")
    assert "Gia đình ông (bà) Trần Văn Đức" in page_texts(tmp_path / "f.pdf")[0]


def test_voided_papers_are_not_drawn_and_some_can_be_chosen(context: Context, tmp_path: Path) -> None:
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    book = register_book(context, YEAR, CITIZEN)
    void_certificates(context, [book[0].uid], "nhầm")
    again = reissue(context, book[1].uid, "mất")
    assert [item.number for item in certificates_pdf(context, YEAR, CITIZEN, tmp_path / "c.pdf").certificates] == [
        "0003/2026-CD",
        "0004/2026-CD",
    ]
    one = certificates_pdf(context, YEAR, CITIZEN, tmp_path / "c.pdf", [again.uid], draft=True)
    assert one.pages == 1
    assert "BẢN XEM TRƯỚC" in page_texts(tmp_path / "c.pdf")[0]


def test_nothing_to_print_is_said_and_no_file_is_made(context: Context, tmp_path: Path) -> None:
    for write in (certificates_pdf, register_book_pdf, handover_list_pdf):
        with pytest.raises(UserError) as caught:
            write(context, YEAR, CITIZEN, tmp_path / "no.pdf")
        assert caught.value.code == "document.empty"
    assert not (tmp_path / "no.pdf").exists()


def test_a_draft_shows_the_numbers_that_would_be_given_and_gives_none(context: Context, tmp_path: Path) -> None:
    set_office(context, first_numbers={"citizen:2026": 412}, paper="A5")
    out = tmp_path / "d.pdf"
    assert draft_certificates_pdf(context, YEAR, CITIZEN, out, number="112/QĐ-UBND", date=DECIDED, limit=2) == 2
    texts = page_texts(out)
    assert "0412/2026-CD" in texts[0] and "0413/2026-CD" in texts[1]
    assert all("BẢN XEM TRƯỚC" in text and "Nguyễn Văn Thắng" in text for text in texts)
    assert page_size_mm(out) == (210, 148)
    assert register_book(context, YEAR, CITIZEN) == ()


def test_the_decision_has_its_articles_its_bases_and_the_list(context: Context, tmp_path: Path) -> None:
    found = recognise(context, YEAR, CITIZEN, "112", DECIDED, submission_number="15/TTr-HKH ngày 10/11/2026")
    assert found.decision is not None
    void_certificates(context, [register_book(context, YEAR, CITIZEN)[0].uid], "nhầm")
    assert decision_pdf(context, found.decision.uid, tmp_path / "qd.pdf") == 2
    first, annex = page_texts(tmp_path / "qd.pdf")
    for words in (
        "Số: 112/QĐ-UBND",
        "Về việc công nhận danh hiệu “Công dân học tập” năm 2026",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ PHÚ AN",
        "Căn cứ Quyết định số 324/QĐ-KHVN ngày 25/10/2023",
        "Xét đề nghị của Hội Khuyến học xã Phú An tại Tờ trình số 15/TTr-HKH ngày 10/11/2026.",
        "Công nhận 3 công dân đạt danh hiệu",
        "Mẫu tham khảo",
    ):
        assert words in first
    for words in ("Trần Văn Đức", "Lò Văn Pá", "Thôn 1: 2 công dân", "Thôn 2: 1 công dân", "Danh sách có 3 (ba)"):
        assert words in annex


def test_the_office_s_own_bases_stand_in_the_decision(context: Context, tmp_path: Path) -> None:
    set_office(context, legal_bases=("Căn cứ Luật A;", "Nghị định B"), is_reference_form=False)
    found = recognise(context, YEAR, CITIZEN, "112", DECIDED)
    assert found.decision is not None
    decision_pdf(context, found.decision.uid, tmp_path / "qd.pdf")
    text = page_texts(tmp_path / "qd.pdf")[0]
    assert "Căn cứ Luật A; Căn cứ Nghị định B; Xét đề nghị" in text
    assert "324/QĐ-KHVN" not in text and "Mẫu tham khảo" not in text


def test_the_register_book_holds_voided_and_reissued_numbers(context: Context, tmp_path: Path) -> None:
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    book = register_book(context, YEAR, CITIZEN)
    mark_printed(context, [item.uid for item in book])
    hand_over(context, [book[2].uid], dt.date(2026, 11, 20), "Lò Thị Mai")
    reissue(context, book[0].uid, "mất", dt.date(2026, 12, 3))
    register_book_pdf(context, YEAR, CITIZEN, tmp_path / "so.pdf")
    text = " ".join(page_texts(tmp_path / "so.pdf"))
    for words in ("0001/2026-CD", "0004/2026-CD", "20/11/2026, Lò Thị Mai", "Cấp lại thay giấy số", "Danh sách có 4"):
        assert words in text


def test_the_handing_over_list_goes_by_hamlet_and_leaves_out_what_is_void(context: Context, tmp_path: Path) -> None:
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    void_certificates(context, [register_book(context, YEAR, CITIZEN)[0].uid], "nhầm")
    handover_list_pdf(context, YEAR, CITIZEN, tmp_path / "ky.pdf")
    text = " ".join(page_texts(tmp_path / "ky.pdf"))
    assert "Thôn 1: 1 công dân" in text and "Thôn 2: 1 công dân" in text and "Trần Văn Đức" not in text


def test_the_letter_proposes_those_who_pass_in_the_association_s_name(context: Context, tmp_path: Path) -> None:
    assert submission_letter_pdf(context, YEAR, CITIZEN, tmp_path / "tt.pdf", number="15/TTr-HKH", date=DECIDED) == 2
    first, annex = page_texts(tmp_path / "tt.pdf")
    assert "TỜ TRÌNH" in first and "HỘI KHUYẾN HỌC XÃ PHÚ AN" in first and "công nhận 3 công dân" in first
    assert "Kính gửi: Ủy ban nhân dân xã Phú An" in first
    assert "Trần Văn Đức" in annex and "Thôn 2: 1 công dân" in annex
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    with pytest.raises(UserError):
        submission_letter_pdf(context, YEAR, CITIZEN, tmp_path / "tt.pdf")


@pytest.mark.parametrize(
    ("office", "lines", "authority", "association", "kind"),
    [
        (
            "Ủy ban nhân dân xã Phú An",
            ("ỦY BAN NHÂN DÂN", "XÃ PHÚ AN"),
            "Chủ tịch Ủy ban nhân dân xã Phú An",
            "Hội Khuyến học xã Phú An",
            "xã",
        ),
        (
            "Ủy ban nhân dân đặc khu Phú Quốc",
            ("ỦY BAN NHÂN DÂN", "ĐẶC KHU PHÚ QUỐC"),
            "Chủ tịch Ủy ban nhân dân đặc khu Phú Quốc",
            "Hội Khuyến học đặc khu Phú Quốc",
            "đặc khu",
        ),
        ("Hội Khuyến học", ("HỘI KHUYẾN HỌC",), "Hội Khuyến học", "Hội Khuyến học", "xã"),
    ],
)
def test_the_office_s_name_is_broken_as_on_paper(
    office: str, lines: tuple[str, ...], authority: str, association: str, kind: str
) -> None:
    settings = OfficeSettings(office_name=office)
    assert wording.authority_lines(office) == lines
    assert wording.authority_of(settings) == authority
    assert wording.association(settings) == association
    assert wording.kind_of_unit(settings) == kind


def test_signers_in_another_s_place_have_two_lines() -> None:
    assert wording.title_lines("KT. Chủ tịch\nPhó Chủ tịch") == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert wording.title_lines("CHỦ TỊCH") == ("CHỦ TỊCH",)


def test_bases_name_documents_by_kind_and_leave_dots_where_nothing_is_known() -> None:
    circular = LegalBasis("24/2023/TT-BGDĐT", "Đơn vị học tập, Bộ Giáo dục và Đào tạo", "2023")
    earlier = LegalBasis("244/QĐ-KHVN", "trước đó", "2022-07-28", note="Có trước QĐ 324")
    assert wording.bases(OfficeSettings(), [circular, earlier]) == (
        "Căn cứ Thông tư số 24/2023/TT-BGDĐT năm 2023 (Đơn vị học tập, Bộ Giáo dục và Đào tạo);",
        "Căn cứ ……;",
    )
    assert wording.bases(OfficeSettings(), []) == ("Căn cứ ……;",)
