"""Danh sách công khai: the list that is posted, with its period and where objections are taken (reference form).

Invariant: of a birth only the year stands on it, and never a CCCD, phone or address; the order is the caller's.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.models.types import LearningModel
from desktop_app.services.documents.administrative import draw_signatures, signatures_height, titled
from desktop_app.services.documents.data import DocumentHead, Signature
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.listing import COUNTED, NAME_TITLE
from desktop_app.services.documents.table import Band, Column, Row, Table
from desktop_app.services.documents.typography import Align, Style
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import date_words, number_text, number_words

_C = Align.CENTRE


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One line; ``detail`` tells families apart by their code."""

    name: str
    birth_year: str
    hamlet: str
    detail: str
    total: str
    verdict: str


@dataclass(frozen=True, slots=True)
class PostedListData:
    """The list.

    Args:
        subject: summary below "DANH SÁCH CÔNG KHAI".
        until: last day on which objections are taken.
        where: where it hangs; takers: to whom an objection is said.
    """

    head: DocumentHead
    subject: str
    model: LearningModel
    lines: tuple[PostedLine, ...]
    posted_on: dt.date
    until: dt.date
    where: str = ""
    takers: str = ""
    signatures: tuple[Signature, ...] = field(default_factory=tuple)


def write_posted_list(data: PostedListData, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Write the list; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    with titled(out, data.head, "DANH SÁCH CÔNG KHAI", data.subject) as flow:
        where = f" tại {data.where}" if data.where else ""
        flow.paragraph(
            f"Niêm yết{where} từ {date_words(data.posted_on)} đến hết {date_words(data.until)}. Ai có ý kiến về người "
            f"trong danh sách, xin gửi {data.takers or 'người phụ trách'} trong thời gian này; không bắt buộc ghi tên.",
            Style(Face.REGULAR, 13),
        )
        flow.space(6)
        Table(flow, _columns(data.model)).draw(_rows(data), len(data.lines), progress)
        flow.need(40 + signatures_height(data.signatures))
        flow.space(8)
        count = len(data.lines)
        flow.paragraph(f"Danh sách có {number_text(count)} ({number_words(count)}) {COUNTED[data.model]}.", indent=0)
        draw_signatures(flow, data.signatures)
    return flow.pages


def _columns(model: LearningModel) -> list[Column]:
    if model is LearningModel.CITIZEN:
        middle = [Column("Năm sinh", 20, _C), Column("Thôn, tổ", 34)]
        name = 50.0
    elif model is LearningModel.FAMILY:
        middle = [Column("Mã hộ", 24, _C), Column("Thôn, tổ", 34)]
        name = 46.0
    else:
        middle = [Column("Thôn, tổ", 40)]
        name = 64.0
    return [
        Column("TT", 12, _C),
        Column(NAME_TITLE[model], name),
        *middle,
        Column("Tổng", 17, _C),
        Column("Kết quả", 32),
    ]


def _rows(data: PostedListData) -> Iterator[Row | Band]:
    """Lines numbered through, with each hamlet's name and count before its lines where there are several."""
    counts = Counter(line.hamlet for line in data.lines)
    hamlet = ""
    for number, line in enumerate(data.lines, start=1):
        if len(counts) > 1 and line.hamlet and line.hamlet != hamlet:
            hamlet = line.hamlet
            yield Band(f"{hamlet}: {number_text(counts[hamlet])} {COUNTED[data.model]}")
        middle: tuple[str, ...] = (line.hamlet,)
        if data.model is LearningModel.CITIZEN:
            middle = (line.birth_year, line.hamlet)
        elif data.model is LearningModel.FAMILY:
            middle = (line.detail, line.hamlet)
        yield Row((str(number), line.name, *middle, line.total, line.verdict))
