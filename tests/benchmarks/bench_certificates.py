"""1,000 certificates against bare reportlab pages with the same text, segno's matrix and one path: at most 2.5 x.

Run: ``python -m tests.benchmarks.bench_certificates [COUNT]``; prints one JSON object.
"""

from __future__ import annotations

import datetime
import json
import sys
import tempfile
import time
from pathlib import Path

import segno
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from desktop_app.models.types import LearningModel
from desktop_app.services.documents.certificate import write_certificates
from desktop_app.services.documents.data import CertificateData, CertificateWording
from desktop_app.services.documents.phrases import MOTTO, NATION, REFERENCE
from desktop_app.services.resources import resource_path

LIMIT = 2.5
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLES = ("Thị Hồng", "Văn", "Đình", "Thị Ngọc", "Quốc", "Hữu", "Thị Thanh", "Minh", "Xuân", "Thị Bích", "Công")
GIVEN = ("Hạnh", "Thắng", "Ước", "Diễm", "Ẩn", "Quỳnh", "Phượng", "Dũng", "Nghĩa", "Tuyết", "Khoa", "Ý", "Vỹ", "Ngữ")


def certificates(count: int) -> list[CertificateData]:
    """Invented people, each with another name, hamlet and number."""
    return [
        CertificateData(
            model=LearningModel.CITIZEN,
            honorific="Bà" if i % 2 else "Ông",
            recipient=f"{FAMILIES[i % 13]} {MIDDLES[i % 11]} {GIVEN[i % 14]}",
            birth_text=str(1950 + i % 60),
            address=f"Thôn {1 + i % 24}, xã Phú An, tỉnh An Giang",
            title="Công dân học tập",
            year=2026,
            decision_number="112/QĐ-UBND",
            decision_date=datetime.date(2026, 11, 15),
            register_number=f"{i + 1:04}/2026-CD",
            place="Phú An",
            issue_date=datetime.date(2026, 11, 20),
            authority_lines=("ỦY BAN NHÂN DÂN", "XÃ PHÚ AN"),
            signer_name="Nguyễn Văn Thắng",
            wording=CertificateWording(lead="Chủ tịch Ủy ban nhân dân xã Phú An công nhận"),
            qr_content=f"{i + 1:04}/2026-CD",
        )
        for i in range(count)
    ]


def write_bare(items: list[CertificateData], out: Path) -> None:
    """The floor: the same words with reportlab's own calls, one path of segno's modules, no ornament, no care."""
    for face in ("Regular", "Italic", "Bold"):
        pdfmetrics.registerFont(TTFont(f"Bare-{face}", str(resource_path("fonts", f"LiberationSerif-{face}.ttf"))))
    canvas = Canvas(str(out), pagesize=(842, 595))
    for item in items:
        for y, (face, size, text) in enumerate(_bare_lines(item)):
            canvas.setFont(f"Bare-{face}", size)
            canvas.drawCentredString(421, 560 - 33 * y, text)
        path = canvas.beginPath()
        for row, modules in enumerate(segno.make_qr(item.qr_content, error="m").matrix):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    path.rect(60 + 3 * column, 120 - 3 * row, 3, 3)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()


def _bare_lines(item: CertificateData) -> list[tuple[str, float, str]]:
    return [
        ("Regular", 13, item.authority_lines[0]),
        ("Bold", 13, item.authority_lines[1]),
        ("Bold", 13, NATION),
        ("Bold", 14, MOTTO),
        ("Bold", 40, item.wording.heading),
        ("Italic", 17, item.wording.lead),
        ("Bold", 33, f"{item.honorific} {item.recipient}"),
        ("Regular", 15.5, f"Sinh năm {item.birth_text} · {item.address}"),
        ("Italic", 17, item.wording.award),
        ("Bold", 30, f"“{item.title.upper()}”"),
        ("Regular", 17, f"năm {item.year}"),
        ("Regular", 12.5, f"Quyết định số {item.decision_number}"),
        ("Regular", 12.5, "ngày 15 tháng 11 năm 2026"),
        ("Regular", 12.5, "Số vào sổ:"),
        ("Bold", 12.5, item.register_number),
        ("Regular", 8, item.register_number),
        ("Italic", 14, f"{item.place}, ngày 20 tháng 11 năm 2026"),
        ("Bold", 13.5, item.signer_title_lines[0]),
        ("Bold", 15, item.signer_name),
        ("Italic", 7, REFERENCE),
    ]


def measure(count: int = 1000) -> dict[str, float]:
    """Seconds of both, best of three turns taken in turn, and their ratio."""
    items = certificates(count)
    bare: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        write_certificates(items[:5], Path(folder) / "warm.pdf")
        for _ in range(3):
            start = time.perf_counter()
            write_bare(items, Path(folder) / "bare.pdf")
            bare.append(time.perf_counter() - start)
            start = time.perf_counter()
            write_certificates(items, Path(folder) / "ours.pdf")
            ours.append(time.perf_counter() - start)
        size = (Path(folder) / "ours.pdf").stat().st_size
    return {
        "certificates": count,
        "bare_seconds": round(min(bare), 3),
        "seconds": round(min(ours), 3),
        "ratio": round(min(ours) / min(bare), 2),
        "limit": LIMIT,
        "bytes_per_page": size // count,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)))
