"""Invented records and readings of PDF files for the tests of documents."""

from __future__ import annotations

import ctypes
import dataclasses
import datetime
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from desktop_app.models.types import LearningModel
from desktop_app.services.documents.data import (
    CertificateData,
    CertificateWording,
    DocumentHead,
    ListedSubject,
    Signature,
)

CITIZEN = CertificateData(
    model=LearningModel.CITIZEN,
    honorific="Bà",
    recipient="Nguyễn Thị Hồng Hạnh",
    birth_text="1984",
    address="Thôn 3, xã Phú An, tỉnh An Giang",
    title="Công dân học tập",
    year=2026,
    decision_number="112/QĐ-UBND",
    decision_date=datetime.date(2026, 11, 15),
    register_number="0412/2026-CD",
    place="Phú An",
    issue_date=datetime.date(2026, 11, 20),
    authority_lines=("ỦY BAN NHÂN DÂN", "XÃ PHÚ AN"),
    signer_name="Nguyễn Văn Thắng",
    wording=CertificateWording(lead="Chủ tịch Ủy ban nhân dân xã Phú An công nhận"),
    qr_content="0412/2026-CD",
)
HEAD = DocumentHead(("ỦY BAN NHÂN DÂN", "XÃ PHÚ AN"), "Phú An", 2026, "112/QĐ-UBND", datetime.date(2026, 11, 15))
SIGNER = Signature(("CHỦ TỊCH",), "Nguyễn Văn Thắng")


def certificate(**changes: Any) -> CertificateData:
    return dataclasses.replace(CITIZEN, **changes)


def subjects(count: int, per_hamlet: int = 30) -> tuple[ListedSubject, ...]:
    return tuple(
        ListedSubject(
            name=f"Trần Thị Ngọc Ẩn {i}",
            birth_text="08/05/1984",
            address="xã Phú An",
            hamlet=f"Thôn {1 + i // per_hamlet}",
            score="86",
            register_number=f"{i + 1:04}/2026-CD",
            title="Công dân học tập",
            decision="112/QĐ-UBND ngày 15/11/2026",
            issue_date=datetime.date(2026, 11, 20),
        )
        for i in range(count)
    )


def page_texts(path: Path) -> list[str]:
    """Text of each page, line ends as spaces."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [" ".join(pdf[i].get_textpage().get_text_range().split()) for i in range(len(pdf))]


def page_size_mm(path: Path) -> tuple[int, int]:
    with pypdfium2.PdfDocument(path) as pdf:
        width, height = pdf[0].get_size()
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


def render(path: Path, page: int = 0, pixels_per_mm: float = 4.0) -> Image.Image:
    with pypdfium2.PdfDocument(path) as pdf:
        return pdf[page].render(scale=pixels_per_mm * 25.4 / 72).to_pil().convert("RGB")


def fonts_of(path: Path) -> dict[str, bool]:
    """Font name → whether it is embedded, of all text on all pages, forms included."""
    found: dict[str, bool] = {}
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(item)
                size = raw.FPDFFont_GetBaseFontName(font, None, 0)
                name = ctypes.create_string_buffer(size)
                raw.FPDFFont_GetBaseFontName(font, name, size)
                found[name.value.decode("utf-8")] = bool(raw.FPDFFont_GetIsEmbedded(font))
    return found


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float, pixels_per_mm: float = 4.0) -> float:
    """Share of clearly dark pixels in a box given in millimetres from the upper left corner."""
    first, second, third, fourth = (round(edge * pixels_per_mm) for edge in (left, top, right, bottom))
    pixels = image.crop((first, second, third, fourth)).convert("L").tobytes()
    return sum(value < 140 for value in pixels) / len(pixels)
