"""Certificates: the right words for each title, whole letters, a code that reads, files whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.types import LearningModel
from desktop_app.services.documents.certificate import details_text, recipient_text, write_certificates
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.progress import Cancelled, Progress
from tests.benchmarks import bench_certificates
from tests.services.documents.helpers import certificate, fonts_of, ink, page_size_mm, page_texts, render

TITLES = {
    LearningModel.CITIZEN: ("Nguyễn Thị Hồng Hạnh", "Công dân học tập", "Bà Nguyễn Thị Hồng Hạnh"),
    LearningModel.FAMILY: ("Trần Đình Ẩn", "Gia đình học tập", "Gia đình bà Trần Đình Ẩn"),
    LearningModel.CLAN: ("Nguyễn Hữu", "Dòng họ học tập", "Dòng họ Nguyễn Hữu"),
    LearningModel.COMMUNITY: ("Thôn Kỳ Sơn", "Cộng đồng học tập", "Thôn Kỳ Sơn"),
    LearningModel.ORGANIZATION: ("Trường THCS Phú An", "Đơn vị học tập", "Trường THCS Phú An"),
    LearningModel.COMMUNE: ("Xã Phú An", "Cộng đồng học tập cấp xã", "Xã Phú An"),
}


@pytest.mark.parametrize("model", list(LearningModel))
def test_each_title_has_its_own_words(model: LearningModel, tmp_path: Path) -> None:
    name, title, recipient = TITLES[model]
    out = tmp_path / "giấy.pdf"
    assert write_certificates([certificate(model=model, recipient=name, title=title)], out) == 1
    (text,) = page_texts(out)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN XÃ PHÚ AN",
        "GIẤY CÔNG NHẬN",
        "Chủ tịch Ủy ban nhân dân xã Phú An công nhận",
        recipient,
        "Thôn 3, xã Phú An, tỉnh An Giang",
        f"đạt danh hiệu “{title.upper()}” năm 2026",
        "Quyết định số 112/QĐ-UBND ngày 15 tháng 11 năm 2026",
        "Số vào sổ: 0412/2026-CD",
        "Phú An, ngày 20 tháng 11 năm 2026 CHỦ TỊCH Nguyễn Văn Thắng",
        "Mẫu tham khảo",
    ):
        assert words in text
    assert unicodedata.is_normalized("NFC", text)
    assert ("Sinh năm 1984" in text) is (model is LearningModel.CITIZEN)


def test_a_name_that_already_says_what_it_is_is_not_doubled() -> None:
    family = certificate(model=LearningModel.FAMILY, recipient="Gia đình ông Lê Ý")
    assert recipient_text(family) == "Gia đình ông Lê Ý"
    assert recipient_text(certificate(model=LearningModel.CLAN, recipient="Dòng họ Võ")) == "Dòng họ Võ"


def test_an_unknown_sex_is_left_open() -> None:
    assert recipient_text(certificate(honorific="")) == "Nguyễn Thị Hồng Hạnh"
    family = certificate(model=LearningModel.FAMILY, honorific="", recipient="Lê Ý")
    assert recipient_text(family) == "Gia đình ông (bà) Lê Ý"


@pytest.mark.parametrize(
    ("birth", "words"),
    [("1984", "Sinh năm 1984"), ("05/1984", "Sinh tháng 05/1984"), ("08/05/1984", "Sinh ngày 08/05/1984")],
)
def test_what_is_known_of_the_birth_is_said(birth: str, words: str) -> None:
    assert details_text(certificate(birth_text=birth, address="Thôn 3")) == f"{words} · Thôn 3"


def test_dates_and_numbers_that_are_not_known_yet_leave_dots(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    item = certificate(decision_number="", decision_date=None, register_number="", issue_date=None)
    write_certificates([item], out)
    assert "Quyết định số …… ngày …… tháng …… năm 2026 Số vào sổ: ……" in page_texts(out)[0]


@pytest.mark.parametrize(("paper", "size"), [("A4", (297, 210)), ("A5", (210, 148))])
def test_the_sheet_has_the_size_that_was_asked(paper: str, size: tuple[int, int], tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    assert write_certificates([certificate()] * 3, out, paper=paper) == 3
    assert page_size_mm(out) == size
    assert len(page_texts(out)) == 3


def test_all_fonts_are_in_the_file(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    write_certificates([certificate(recipient="Lê ✓ Ý")], out)
    fonts = fonts_of(out)
    assert {name.split("+")[-1] for name in fonts} == {
        "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSerif", "NotoSans-Bold",
    }  # fmt: skip
    assert all(fonts.values())


@pytest.mark.parametrize(("paper", "scale"), [("A4", 1.0), ("A5", 148 / 210)])
def test_the_code_on_the_paper_is_the_number(paper: str, scale: float, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    write_certificates([certificate(is_draft=True)], out, paper=paper)
    image = render(out, pixels_per_mm=8).convert("L")
    matrix = segno.make_qr("0412/2026-CD", error="m").matrix
    margin = (210 - 297 * scale) / 2 if paper == "A5" else 0.0
    module = 21.0 / len(matrix)
    read = [
        [
            image.getpixel((
                round(8 * (margin + scale * (38.0 + (column + 0.5) * module))),
                round(8 * scale * (210 - 31.5 - 21.0 + (row + 0.5) * module)),
            )) < 128
            for column in range(len(matrix))
        ]
        for row in range(len(matrix))
    ]  # fmt: skip
    assert read == [[bool(value) for value in row] for row in matrix]


def test_no_code_is_drawn_where_none_is_wanted(tmp_path: Path) -> None:
    with_code, without = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write_certificates([certificate()], with_code)
    write_certificates([certificate(qr_content="")], without)
    area = (38, 158, 59, 178)
    assert ink(render(with_code), *area) > 0.35
    assert ink(render(without), *area) < ink(render(with_code), *area) / 3


def test_ink_stands_where_it_belongs_and_nowhere_else(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    write_certificates([certificate()], out)
    image = render(out)
    assert ink(image, 0, 0, 297, 7) == 0
    assert ink(image, 75, 50, 222, 65) > 0.10
    assert ink(image, 75, 80, 222, 100) > 0.08
    assert ink(image, 190, 163, 240, 178) == 0
    for left, top in ((10, 10), (273, 10), (10, 186), (273, 186)):
        assert ink(image, left, top, left + 14, top + 14) > 0.02


def test_only_a_draft_is_marked_as_one(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    write_certificates([certificate(is_draft=True), certificate(is_reference_form=False)], out)
    draft, final = page_texts(out)
    assert "BẢN XEM TRƯỚC" in draft
    assert "BẢN XEM TRƯỚC" not in final
    assert "Mẫu tham khảo" not in final


def test_a_very_long_name_and_address_stay_inside_the_frame(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    name = "Công Tằng Tôn Nữ Hoàng Phương Thảo Nguyên Quỳnh Anh Lê Thị Bảo Trân Huỳnh " * 3
    write_certificates([certificate(recipient=name, address="Thôn Tân Phú Trung, " * 30, place=name)], out)
    image = render(out)
    assert ink(image, 17.9, 40, 27, 160) == 0
    assert ink(image, 270, 40, 279, 160) == 0
    assert "…" in page_texts(out)[0]


def test_a_decomposed_name_is_printed_composed(tmp_path: Path) -> None:
    composed, decomposed = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write_certificates([certificate()], composed)
    write_certificates([certificate(recipient=unicodedata.normalize("NFD", "Nguyễn Thị Hồng Hạnh"))], decomposed)
    assert page_texts(composed) == page_texts(decomposed)
    assert render(composed).tobytes() == render(decomposed).tobytes()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(st.text(max_size=200), st.text(max_size=60)), min_size=5, max_size=20))
def test_no_text_stops_a_certificate(texts: list[tuple[str, str]], tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    items = [
        certificate(
            recipient=name, title=text, address=text, place=text, honorific=text, birth_text=text, register_number=text,
            authority_lines=(text, name), signer_title_lines=(text,), signer_name=name, qr_content=text[:20],
        )
        for name, text in texts
    ]  # fmt: skip
    assert write_certificates(items, out) == len(items)
    assert len(page_texts(out)) == len(items)


def test_nothing_to_print_is_said() -> None:
    with pytest.raises(UserError) as caught:
        write_certificates([], Path("never.pdf"))
    assert caught.value.code == "document.empty"


def test_a_code_that_is_too_long_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        write_certificates([certificate(qr_content="ậ" * 100)], tmp_path / "a.pdf")
    assert caught.value.code == "document.qr_too_long"
    assert list(tmp_path.iterdir()) == []


def test_stopping_half_way_keeps_the_older_file(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    out.write_bytes(b"older")
    progress = Progress()
    progress.report = lambda done, total, text: progress.cancel() if done == 2 else None
    with pytest.raises(Cancelled):
        write_certificates([certificate()] * 5, out, progress=progress)
    assert out.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [out]


def test_progress_counts_every_page(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    progress = Progress(report=lambda done, total, text: seen.append((done, total)))
    write_certificates([certificate()] * 3, tmp_path / "a.pdf", progress=progress)
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_full_disk_keeps_the_older_file_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.pdf"
    out.write_bytes(b"older")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentProblem) as caught:
        write_certificates([certificate()], out)
    assert caught.value.code == "document.disk_full"
    assert "đầy" in caught.value.message
    assert out.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_that_may_not_be_replaced_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.pdf"
    out.write_bytes(b"older")

    def locked(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "in use", str(target))

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(EnvironmentProblem) as caught:
        write_certificates([certificate()], out)
    assert caught.value.code == "document.no_access"
    assert out.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        write_certificates([certificate()], tmp_path / "usb" / "a.pdf")
    assert caught.value.code == "document.no_folder"


def test_the_ornament_is_in_the_file_only_once(tmp_path: Path) -> None:
    one, many = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write_certificates([certificate()], one)
    write_certificates([certificate()] * 21, many)
    assert (many.stat().st_size - one.stat().st_size) / 20 < 4000


def test_importing_the_services_loads_no_pdf_library() -> None:
    code = (
        "import sys; import desktop_app.services.documents.certificate, desktop_app.services.documents.decision, "
        "desktop_app.services.documents.verdict_sheet; print([m for m in ('reportlab', 'segno') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.full
def test_certificates_cost_at_most_the_limit_over_bare_pages() -> None:
    assert bench_certificates.measure(300)["ratio"] <= bench_certificates.LIMIT
