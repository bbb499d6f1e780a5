"""Lists of those recognised: annex of a decision or proposal, register book, list for handing over against signature.

The order of the rows is the caller's; nothing is sorted or left out here.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from desktop_app.models.types import LearningModel
from desktop_app.services.documents.administrative import (
    draw_head,
    draw_signatures,
    draw_title,
    note_of,
    signatures_height,
)
from desktop_app.services.documents.data import ListedSubject, RegisterBookData
from desktop_app.services.documents.flow import Flow, document
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.table import Band, Column, Row, Table
from desktop_app.services.documents.typography import Align, Style
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import number_text, number_words

NAME_TITLE = {
    LearningModel.CITIZEN: "Họ và tên",
    LearningModel.FAMILY: "Chủ hộ",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn, tổ dân phố",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã, phường, đặc khu",
}
COUNTED = {
    LearningModel.CITIZEN: "công dân",
    LearningModel.FAMILY: "hộ gia đình",
    LearningModel.CLAN: "dòng họ",
    LearningModel.COMMUNITY: "cộng đồng",
    LearningModel.ORGANIZATION: "đơn vị",
    LearningModel.COMMUNE: "xã",
}
_C = Align.CENTRE


def write_register_book(data: RegisterBookData, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Sổ theo dõi cấp giấy công nhận, A4 landscape; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    columns = [
        Column("Số vào sổ", 26, _C),
        Column(NAME_TITLE[data.model], 43),
        Column("Năm sinh", 21, _C),
        Column("Địa chỉ", 36),
        Column("Danh hiệu", 26),
        Column("Quyết định", 31),
        Column("Ngày cấp", 21, _C),
        Column("Ngày trao, người nhận", 30),
        Column("Ghi chú", 18),
    ]
    if data.model is not LearningModel.CITIZEN:
        columns = [column for column in columns if column.title != "Năm sinh"]
        columns[1] = Column(NAME_TITLE[data.model], 64)
    rows = _banded(data.subjects, data.model, lambda subject, _: _book_cells(subject, data.model), data.by_hamlet)
    return _write_book(data, "SỔ THEO DÕI CẤP GIẤY CÔNG NHẬN", columns, rows, out, progress, size=11, height=7.5)


def write_handover_list(data: RegisterBookData, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Sổ ký nhận: who received a certificate signs in the row; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    columns = [
        Column("TT", 13, _C),
        Column("Số vào sổ", 34, _C),
        Column(NAME_TITLE[data.model], 62),
        Column("Địa chỉ", 55),
        Column("Ngày nhận", 28, _C),
        Column("Ký nhận, ghi rõ họ tên", 60),
    ]
    rows = _banded(
        data.subjects,
        data.model,
        lambda subject, number: (
            str(number),
            subject.register_number,
            subject.name,
            subject.address,
            _short_date(subject.handed_over),
            subject.receiver,
        ),
        data.by_hamlet,
    )
    return _write_book(data, "SỔ KÝ NHẬN GIẤY CÔNG NHẬN", columns, rows, out, progress, size=12, height=12)


def _write_book(
    data: RegisterBookData,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Row | Band],
    out: Path,
    progress: Progress,
    *,
    size: float,
    height: float,
) -> int:
    with document(out, title, is_landscape=True, note=note_of(data.head)) as flow:
        flow.start_section()
        draw_head(flow, data.head, has_number=bool(data.head.number))
        draw_title(flow, title, data.subtitle, has_rule=False)
        flow.space(4)
        Table(flow, columns, size=size, least_height=height).draw(rows, len(data.subjects), progress)
        flow.need(40 + signatures_height(data.signatures))
        _draw_count(flow, len(data.subjects), data.model)
        draw_signatures(flow, data.signatures)
    return flow.pages


def draw_annex(
    flow: Flow,
    title: str,
    source: str,
    subjects: Sequence[ListedSubject],
    model: LearningModel,
    *,
    by_hamlet: bool,
    progress: Progress = NO_PROGRESS,
) -> None:
    """The list that goes with a decision or a proposal: a section of its own with its own page numbers.

    Args:
        source: line in brackets below the title, "(Kèm theo Quyết định số …)".
    """
    flow.start_section()
    draw_title(flow, title)
    flow.space(-8)
    flow.centred(source, Style(Face.ITALIC, 14))
    flow.space(8)
    has_birth = model is LearningModel.CITIZEN
    columns = [
        Column("TT", 12, _C),
        Column(NAME_TITLE[model], 46 if has_birth else 58),
        *([Column("Năm sinh", 24, _C)] if has_birth else []),
        Column("Địa chỉ", 38 if has_birth else 50),
        Column("Kết quả", 19, _C),
        Column("Ghi chú", 26),
    ]
    rows = _banded(subjects, model, lambda subject, number: _annex_cells(subject, number, has_birth), by_hamlet)
    Table(flow, columns).draw(rows, len(subjects), progress)
    _draw_count(flow, len(subjects), model)


def _annex_cells(subject: ListedSubject, number: int, has_birth: bool) -> tuple[str, ...]:
    birth = (subject.birth_text,) if has_birth else ()
    note = subject.note or subject.detail
    return (str(number), subject.name, *birth, subject.address, subject.score, note)


def _book_cells(subject: ListedSubject, model: LearningModel) -> tuple[str, ...]:
    birth = (subject.birth_text,) if model is LearningModel.CITIZEN else ()
    handed = ", ".join(part for part in (_short_date(subject.handed_over), subject.receiver) if part)
    return (
        subject.register_number,
        subject.name,
        *birth,
        subject.address,
        subject.title,
        subject.decision,
        _short_date(subject.issue_date),
        handed,
        subject.note,
    )


def _short_date(date: datetime.date | None) -> str:
    return f"{date:%d/%m/%Y}" if date else ""


def _banded(
    subjects: Sequence[ListedSubject],
    model: LearningModel,
    cells_of: Callable[[ListedSubject, int], tuple[str, ...]],
    by_hamlet: bool,
) -> Iterator[Row | Band]:
    """Rows numbered through; with ``by_hamlet`` a heading with its count before each hamlet's rows."""
    counts = Counter(subject.hamlet for subject in subjects)
    hamlet = ""
    for number, subject in enumerate(subjects, start=1):
        if by_hamlet and subject.hamlet and subject.hamlet != hamlet:
            hamlet = subject.hamlet
            yield Band(f"{hamlet}: {number_text(counts[hamlet])} {COUNTED[model]}")
        yield Row(cells_of(subject, number))


def _draw_count(flow: Flow, count: int, model: LearningModel) -> None:
    words = number_words(count)
    flow.space(8)
    flow.paragraph(f"Danh sách có {number_text(count)} ({words}) {COUNTED[model]}.", indent=0)
