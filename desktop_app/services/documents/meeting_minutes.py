"""Biên bản họp bình xét: the minutes of a hamlet's or branch's meeting: who was accepted, who was not, and why.

Reference form (no official text was found): agency on the left, Quốc hiệu on the right, time and place, chair,
secretary, households represented and not, content, results, vote. What nobody wrote down is dots to fill in by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.services.documents.administrative import draw_signatures, titled
from desktop_app.services.documents.data import DocumentHead, Signature
from desktop_app.services.documents.flow import Flow
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.phrases import DOTS, date_line
from desktop_app.services.documents.table import Column, Row, Table
from desktop_app.services.documents.typography import Align, Style
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import number_text

BODY = Style(Face.REGULAR, 13)
_C = Align.CENTRE


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """Somebody who was reviewed; ``why`` is the verdict's sentence or the reason of a return."""

    name: str
    detail: str
    total: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class MinutesSection:
    """The results of one model: who is proposed, returned, and does not pass."""

    title: str
    unit: str
    accepted: tuple[MinutesLine, ...] = ()
    returned: tuple[MinutesLine, ...] = ()
    failed: tuple[MinutesLine, ...] = ()
    detail_title: str = "Năm sinh"
    name_title: str = "Họ và tên"


@dataclass(frozen=True, slots=True)
class MinutesData:
    """The meeting; empty texts and None are printed as dots.

    Args:
        subject: summary below "BIÊN BẢN"; who: who meets, "Thôn 1".
        households: how many there are in the register, 0 for unknown.
    """

    head: DocumentHead
    subject: str
    who: str
    place: str = ""
    began: str = ""
    ended: str = ""
    chair: str = ""
    secretary: str = ""
    households: int = 0
    came: int | None = None
    stayed_away: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    content: str = ""
    sections: tuple[MinutesSection, ...] = ()
    signatures: tuple[Signature, ...] = field(default_factory=tuple)


def write_minutes(data: MinutesData, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Write the minutes; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    with titled(out, data.head, "BIÊN BẢN", data.subject) as flow:
        _draw_opening(flow, data)
        _heading(flow, "III. KẾT QUẢ BÌNH XÉT")
        for section in data.sections:
            _draw_section(flow, section, progress)
        if not data.sections:
            flow.paragraph("Chưa có phiếu nào được xét ở buổi họp này.", BODY)
        _draw_closing(flow, data)
    return flow.pages


def _draw_opening(flow: Flow, data: MinutesData) -> None:
    when = f"Hồi {data.began or DOTS}, {date_line(data.head.date, data.head.year)}"
    flow.paragraph(f"{when}, tại {data.place or DOTS}, {data.who} họp bình xét.", BODY)
    _heading(flow, "I. THÀNH PHẦN")
    flow.paragraph(f"1. Chủ trì: {data.chair or DOTS}", BODY)
    flow.paragraph(f"2. Thư ký: {data.secretary or DOTS}", BODY)
    whole = f" trên tổng số {number_text(data.households)} hộ" if data.households else ""
    flow.paragraph(
        f"3. Số hộ có đại diện dự họp: {_count(data.came)} hộ{whole}; số hộ không có đại diện: "
        f"{_count(data.stayed_away)} hộ.",
        BODY,
    )
    _heading(flow, "II. NỘI DUNG")
    for line in (data.content or f"{DOTS}{DOTS}{DOTS}").splitlines():
        flow.paragraph(line, BODY)


def _draw_section(flow: Flow, section: MinutesSection, progress: Progress) -> None:
    flow.need(90)
    flow.paragraph([(section.title, Face.BOLD)], BODY)
    parts = (
        ("Đề nghị công nhận", section.accepted, False),
        ("Trả lại để chấm hoặc bổ sung", section.returned, True),
        ("Chưa đạt", section.failed, True),
    )
    for words, lines, has_reason in parts:
        flow.need(60)
        flow.paragraph(f"{words}: {number_text(len(lines))} {section.unit}.", BODY)
        if lines:
            Table(flow, _columns(section, has_reason), size=11.5).draw(_rows(lines, has_reason), len(lines), progress)
            flow.space(8)


def _columns(section: MinutesSection, has_reason: bool) -> list[Column]:
    columns = [Column("TT", 11, _C), Column(section.name_title, 46 if has_reason else 88)]
    columns += [
        Column(section.detail_title, 24 if has_reason else 42, _C),
        Column("Tổng", 16 if has_reason else 24, _C),
    ]
    return [*columns, Column("Lý do", 68)] if has_reason else columns


def _rows(lines: Sequence[MinutesLine], has_reason: bool) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        why = (line.why,) if has_reason else ()
        yield Row((str(number), line.name, line.detail, line.total, *why))


def _draw_closing(flow: Flow, data: MinutesData) -> None:
    _heading(flow, "IV. BIỂU QUYẾT")
    flow.paragraph(
        f"Tán thành: {_count(data.votes_for)} phiếu; không tán thành: {_count(data.votes_against)} phiếu.", BODY
    )
    flow.paragraph(
        f"Biên bản đã đọc lại cho mọi người dự họp nghe. Cuộc họp kết thúc hồi {data.ended or DOTS} cùng ngày.", BODY
    )
    draw_signatures(flow, data.signatures)


def _heading(flow: Flow, text: str) -> None:
    flow.need(48)
    flow.space(4)
    flow.paragraph([(text, Face.BOLD)], BODY, indent=0)


def _count(number: int | None) -> str:
    return DOTS if number is None else number_text(number)
