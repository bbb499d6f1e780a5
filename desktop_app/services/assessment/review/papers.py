"""The papers of a review: the posted list and the minutes of a meeting, filled from the register and the settings.

Invariant: what stands on paper is what the screen shows; the verdict's sentence is the engine's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.review.listing import ReviewFilter, ReviewRow, review_list
from desktop_app.services.assessment.review.meetings import Meeting, households_of, read_meeting
from desktop_app.services.assessment.review.postings import PostedForm, PostingRecord, read_posted
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.assessment.subjects import TITLES, UNITS
from desktop_app.services.context import Context
from desktop_app.services.documents.data import DocumentHead, Signature
from desktop_app.services.documents.meeting_minutes import MinutesData, MinutesLine, MinutesSection, write_minutes
from desktop_app.services.documents.posted_list import PostedLine, PostedListData, write_posted_list
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import one_row
from desktop_app.services.recognition import wording
from desktop_app.services.settings import OfficeSettings, read_office
from desktop_app.services.vietnamese import number_text

_PAGE = 500
_BREAK = "\n"
NAME_TITLES: dict[LearningModel, tuple[str, str]] = {
    LearningModel.CITIZEN: ("Họ và tên", "Năm sinh"),
    LearningModel.FAMILY: ("Chủ hộ", "Mã hộ"),
    LearningModel.CLAN: ("Dòng họ", "Trưởng tộc"),
    LearningModel.COMMUNITY: ("Thôn, tổ", "Xã cũ"),
    LearningModel.ORGANIZATION: ("Đơn vị", "Mã"),
    LearningModel.COMMUNE: ("Xã, phường", "Tỉnh"),
}


def posted_list_pdf(context: Context, posting: Uid, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """The posted list as paper, as it was posted: what changed since stands on the screen only. Returns the pages.

    Raises:
        UserError: ``posting.unknown``.
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    with context.read() as connection:
        record, forms = read_posted(connection, posting)
        office = read_office(connection)
    posted = dt.date.fromisoformat(record.posted_on)
    data = PostedListData(
        head=head_of(office, record.hamlet_name, record.year, posted),
        subject=f"Đề nghị công nhận danh hiệu “{TITLES[record.model]}” năm {record.year}{_of(record)}",
        model=record.model,
        lines=tuple(map(_line, forms)),
        posted_on=posted,
        until=dt.date.fromisoformat(record.until),
        where=record.place,
        takers=f"trưởng {record.hamlet_name[:1].lower()}{record.hamlet_name[1:]}" if record.hamlet_name else "",
        signatures=(Signature(("NGƯỜI LẬP DANH SÁCH",)), Signature(_posting_signer(record), room=25)),
    )
    return write_posted_list(data, out, progress=progress)


def minutes_pdf(
    context: Context,
    year: int,
    stage: ReviewStage,
    hamlet: Uid | None,
    models: Sequence[LearningModel],
    out: Path,
    *,
    progress: Progress = NO_PROGRESS,
) -> int:
    """The minutes of the meeting of a hamlet (None: of the whole commune) on these models; returns the pages.

    Raises:
        UserError: ``round.unknown``.
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    with context.read() as connection:
        office = read_office(connection)
        meeting = read_meeting(connection, year, stage, hamlet)
        name = _hamlet_name(connection, hamlet)
    sections = tuple(_section(context, model, year, stage, hamlet, progress) for model in models)
    titles = ", ".join(f"“{TITLES[model]}”" for model in models)
    data = MinutesData(
        head=head_of(office, name, year, meeting.day),
        subject=f"Họp bình xét danh hiệu{_BREAK if len(models) > 1 else ' '}{titles} năm {year}",
        who=_who(stage, name, office),
        households=households_of(context, hamlet),
        sections=tuple(section for section in sections if section.accepted or section.returned or section.failed),
        signatures=(
            Signature(("THƯ KÝ",), meeting.secretary, "(Ký, ghi rõ họ tên)"),
            Signature(("CHỦ TRÌ",), meeting.chair, "(Ký, ghi rõ họ tên)"),
        ),
        **_said(meeting),
    )
    return write_minutes(data, out, progress=progress)


def _section(
    context: Context, model: LearningModel, year: int, stage: ReviewStage, hamlet: Uid | None, progress: Progress
) -> MinutesSection:
    found = review_list(context, model, year, stage, ReviewFilter(hamlet=hamlet))
    accepted: list[MinutesLine] = []
    returned: list[MinutesLine] = []
    failed: list[MinutesLine] = []
    count = found.count()
    for start in range(0, count, _PAGE):
        progress.step(start, count, "Đang đọc kết quả")
        for row in found.rows(start, _PAGE):
            here = next((item for item in row.stages if item.stage is stage), None)
            line = _minutes_line(row, model)
            if here is not None and row.state is ReviewState.CHANGED:
                line = replace(line, name=f"{line.name} (sửa điểm sau buổi họp)")
            if here is not None and here.outcome is ReviewOutcome.ACCEPTED:
                accepted.append(line)
            elif here is not None and here.outcome is ReviewOutcome.RETURNED:
                returned.append(replace(line, why=here.reason))
            elif not row.passed:
                failed.append(replace(line, why=row.sentence))
    name, detail = NAME_TITLES[model]
    return MinutesSection(
        f"Danh hiệu “{TITLES[model]}”",
        UNITS[model],
        tuple(accepted),
        tuple(returned),
        tuple(failed),
        detail_title=detail,
        name_title=name,
    )


def _minutes_line(row: ReviewRow, model: LearningModel) -> MinutesLine:
    detail = row.birth[-4:] if model is LearningModel.CITIZEN else row.detail
    return MinutesLine(row.name, detail, _points(row.total))


def _said(meeting: Meeting) -> dict[str, Any]:
    return {name: value for name, value in asdict(meeting).items() if name != "held_on"}


def _line(item: PostedForm) -> PostedLine:
    name = item.name or "(đã xóa khỏi sổ)"
    return PostedLine(name, item.birth_year, item.hamlet, item.detail, _points(item.total), item.verdict)


def _points(total: float | None) -> str:
    return "" if total is None else number_text(total, 0 if total == int(total) else 1)


def head_of(office: OfficeSettings, hamlet: str, year: int, date: dt.date | None) -> DocumentHead:
    """The office, and below it the hamlet where one acts, as a paper names them."""
    lines = wording.authority_lines(office.office_name)
    if hamlet:
        lines = (" ".join(lines), hamlet.upper()) if lines else (hamlet.upper(),)
    return DocumentHead(lines, office.place, year, "", date, office.is_reference_form)


def _of(record: PostingRecord) -> str:
    return f", {record.hamlet_name}" if record.hamlet_name else ""


def _posting_signer(record: PostingRecord) -> tuple[str, ...]:
    return ("TRƯỞNG THÔN, TỔ",) if record.hamlet_name else ("NGƯỜI PHỤ TRÁCH",)


def _who(stage: ReviewStage, hamlet: str, office: OfficeSettings) -> str:
    if hamlet:
        return hamlet if stage is ReviewStage.HAMLET else f"chi hội khuyến học {hamlet}"
    return wording.association(office) if stage is not ReviewStage.HAMLET else wording.kind_of_unit(office)


def _hamlet_name(connection: Connection, hamlet: Uid | None) -> str:
    if hamlet is None:
        return ""
    row = one_row(connection, "SELECT name FROM hamlet WHERE uid = ?", (bytes.fromhex(hamlet),))
    return str(row[0] or "") if row else ""
