"""A person's own data: everything held about them on paper, and erasing it when they ask (Luật 91/2025/QH15).

Invariants: both are written down by the service; erasing is asked about with what it takes away and cannot be undone.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from desktop_app.models.records import ErasurePreview, ExportSection, PersonExport
from desktop_app.services.vietnamese import fold, number_text
from desktop_app.ui import theme

_STYLE = (
    "h1 { font-size: 16pt; } h2 { font-size: 12pt; margin-top: 14pt; } "
    "table { border-collapse: collapse; } td, th { border: 1px solid #999; padding: 3pt 5pt; font-size: 9.5pt; }"
)


def sheet_html(found: PersonExport) -> str:
    """The person's sheet: a titled table for each kind of data."""
    head = f"<h1>Dữ liệu cá nhân trong Sổ Học Tập</h1><p><b>{escape(found.name)}</b> · lập ngày {found.made_on}</p>"
    note = (
        "<p>Lập theo yêu cầu của người có tên; việc lập được ghi vào nhật ký. Chứa số giấy tờ đầy đủ: chỉ giao cho "
        "chính người ấy.</p>"
    )
    return f"<style>{_STYLE}</style>{head}{note}" + "".join(_table(section) for section in found.sections)


def _table(section: ExportSection) -> str:
    titles = "".join(f"<th align='left'>{escape(column)}</th>" for column in section.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in section.rows)
    body = f"<table width='100%'><tr>{titles}</tr>{rows}</table>" if section.rows else "<p>Không có.</p>"
    return f"<h2>{escape(section.title)}</h2>{body}"


def write_sheet(found: PersonExport, path: Path) -> None:
    """Write the sheet as a PDF of A4 pages.

    Raises:
        OSError: the folder cannot be written to.
    """
    with path.open("wb"):
        pass
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(18, 18, 15, 18), QPageLayout.Unit.Millimeter)
    writer.setTitle(f"Dữ liệu cá nhân: {found.name}")
    document = QTextDocument()
    document.setDefaultFont(theme.font())
    document.setHtml(sheet_html(found))
    document.print_(writer)


def sheet_name(name: str) -> str:
    """A file name without accents: "du_lieu_nguyen_thi_lan.pdf"."""
    return f"du_lieu_{fold(name).replace(' ', '_')}.pdf"


def erasure_question(found: ErasurePreview) -> str:
    """What erasing would take away, in one sentence."""
    counts = (
        (found.assessments, "phiếu chấm"),
        (found.certificates, "giấy công nhận (số vẫn ở trong sổ, không còn tên)"),
        (found.memberships, "lần thuộc đơn vị"),
        (found.evidence_files, "tệp minh chứng"),
    )
    also = ", ".join(f"{number_text(count)} {words}" for count, words in counts if count)
    tail = f" Cùng mất: {also}." if also else ""
    return f"Xóa hẳn dữ liệu của {found.name}, kể cả trong nhật ký và ở máy khác?{tail} Việc này không hoàn tác được."
