"""Quyết định công nhận and Tờ trình with their lists; every sentence comes in as data, marked "mẫu tham khảo".

The reference wordings here follow a real commune decision; an office changes them in its settings.
"""

from __future__ import annotations

from pathlib import Path

from desktop_app.services.documents.administrative import draw_head, draw_signature, draw_title, note_of
from desktop_app.services.documents.data import DecisionData, DocumentHead, SubmissionLetterData
from desktop_app.services.documents.flow import BODY, document
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.listing import draw_annex
from desktop_app.services.documents.phrases import DOTS, date_line
from desktop_app.services.documents.typography import Style
from desktop_app.services.progress import NO_PROGRESS, Progress

_BOLD = Style(Face.BOLD, 14)


def reference_articles(count_text: str, title: str, year: int, executors: str) -> tuple[str, str, str]:
    """The three articles of the reference wording.

    Args:
        count_text: "1.204 công dân".
        executors: who carries it out, "Văn phòng HĐND và UBND xã, Phòng Văn hóa – Xã hội, …".
    """
    return (
        f"Công nhận {count_text} đạt danh hiệu “{title}” năm {year} (Có danh sách kèm theo).",
        "Quyết định này có hiệu lực kể từ ngày ký.",
        f"{executors} và các cá nhân, tập thể có tên trong danh sách chịu trách nhiệm thi hành Quyết định này./.",
    )


def write_decision(data: DecisionData, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """The decision, and its list as an annex with its own page numbers; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: asked to stop; nothing is kept.
    """
    with document(out, f"Quyết định {data.head.number}", note=note_of(data.head)) as flow:
        flow.start_section()
        draw_head(flow, data.head)
        draw_title(flow, "QUYẾT ĐỊNH", data.subject)
        flow.centred(data.issuer, _BOLD)
        flow.space(8)
        for base in data.bases:
            flow.paragraph(base, Style(Face.ITALIC, 14))
        flow.space(4)
        flow.centred("QUYẾT ĐỊNH:", _BOLD)
        flow.space(6)
        for number, article in enumerate(data.articles, start=1):
            flow.paragraph([(f"Điều {number}.", Face.BOLD), (article, Face.REGULAR)])
        draw_signature(flow, data.signature, data.recipients)
        if data.subjects:
            draw_annex(
                flow,
                data.list_title,
                _source("Quyết định", data.head, data.issuer_in_text),
                data.subjects,
                data.model,
                by_hamlet=data.by_hamlet,
                progress=progress,
            )
    return flow.pages


def write_submission_letter(data: SubmissionLetterData, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Tờ trình and the list of those proposed; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: asked to stop; nothing is kept.
    """
    with document(out, f"Tờ trình {data.head.number}", note=note_of(data.head)) as flow:
        flow.start_section()
        draw_head(flow, data.head)
        draw_title(flow, "TỜ TRÌNH", data.subject)
        flow.centred(f"Kính gửi: {data.addressee}", BODY)
        flow.space(10)
        for text in data.paragraphs:
            flow.paragraph(text)
        draw_signature(flow, data.signature, data.recipients)
        if data.subjects:
            draw_annex(
                flow,
                data.list_title,
                _source("Tờ trình", data.head),
                data.subjects,
                data.model,
                by_hamlet=data.by_hamlet,
                progress=progress,
            )
    return flow.pages


def _source(kind: str, head: DocumentHead, issuer: str = "") -> str:
    """The line that ties a list to its document: "(Kèm theo Quyết định số … ngày … của …)"."""
    by = f" của {issuer}" if issuer else ""
    return f"(Kèm theo {kind} số {head.number or DOTS} {date_line(head.date, head.year)}{by})"
