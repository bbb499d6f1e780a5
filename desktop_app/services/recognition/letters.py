"""The papers around a recognition: tờ trình, quyết định with its list, the register book, the handing-over list.

Reference wordings (mẫu tham khảo) filled from the office's settings; every list is in the order of the numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.types import CertificateStatus, LearningModel, Uid
from desktop_app.services.assessment.rounds import round_of
from desktop_app.services.assessment.subjects import TITLES
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import LegalBasis
from desktop_app.services.criteria.office import read_sets
from desktop_app.services.documents.data import (
    DecisionData,
    DocumentHead,
    ListedSubject,
    RegisterBookData,
    Signature,
    SubmissionLetterData,
)
from desktop_app.services.documents.decision import reference_articles, write_decision, write_submission_letter
from desktop_app.services.documents.listing import write_handover_list, write_register_book
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.recognition import wording
from desktop_app.services.recognition.candidates import describe, read_rows
from desktop_app.services.recognition.lists import read_book, read_decision
from desktop_app.services.recognition.recipients import read_place, read_recipients
from desktop_app.services.recognition.records import CandidateFilter, CertificateFilter, CertificateRecord
from desktop_app.services.settings import OfficeSettings, read_office
from desktop_app.services.vietnamese import PartialDate


def decision_pdf(context: Context, decision: Uid, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """The decision with the list of all it recognised, voided since or not; returns the number of pages.

    Raises:
        UserError: ``decision.unknown``.
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    with context.read() as connection:
        office = read_office(connection)
        record = read_decision(connection, decision)
        book = read_book(connection, record.year, record.model, CertificateFilter(decision=decision))
        first = [item for item in book if not item.reissue_of]
        commune = read_place(connection).address
        title = _title(connection, record.model, record.year)
        legal = _legal_bases(connection, record.model, record.year)
    proposer = wording.association(office)
    unit = wording.kind_of_unit(office)
    executors = f"Văn phòng Hội đồng nhân dân và Ủy ban nhân dân {unit}, Phòng Văn hóa – Xã hội, {proposer}"
    data = DecisionData(
        head=_head(office, record.year, record.number, record.date),
        subject=wording.subject_line(record.model, title, record.year),
        issuer=record.authority.upper(),
        bases=(*wording.bases(office, legal), wording.request_line(proposer, record.submission_number)),
        articles=reference_articles(wording.counted(record.model, len(first)), title, record.year, executors),
        signature=Signature(wording.title_lines(record.signer_title), record.signer_name),
        list_title=f"DANH SÁCH ĐƯỢC CÔNG NHẬN “{title.upper()}” NĂM {record.year}",
        subjects=_listed(first, commune),
        model=record.model,
        by_hamlet=record.model not in (LearningModel.COMMUNITY, LearningModel.COMMUNE),
        issuer_in_text=record.authority,
    )
    return write_decision(data, out, progress=progress)


def submission_letter_pdf(
    context: Context,
    year: int,
    model: LearningModel,
    out: Path,
    *,
    number: str = "",
    date: dt.date | None = None,
    subjects: Iterable[Uid] | None = None,
    progress: Progress = NO_PROGRESS,
) -> int:
    """Tờ trình of the association that asks to recognise those who pass, with their list; returns the pages.

    Raises:
        UserError: ``document.empty`` when nobody can be proposed.
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    with context.read() as connection:
        office = read_office(connection)
        listed = _proposed(connection, year, model, subjects, date or dt.date(year, 12, 31))
        title = _title(connection, model, year)
    if not listed:
        raise UserError(
            f"Chưa có ai đủ điều kiện để đề nghị công nhận {TITLES[model]} năm {year}.", code="document.empty"
        )
    proposer = wording.association(office)
    data = SubmissionLetterData(
        head=DocumentHead(
            wording.authority_lines(proposer), office.place, year, number, date, office.is_reference_form
        ),
        subject=f"Về việc đề nghị công nhận danh hiệu “{title}” năm {year}",
        addressee=office.office_name,
        paragraphs=_request(proposer, office, wording.counted(model, len(listed)), title, year),
        signature=Signature(("TM. BAN CHẤP HÀNH", "CHỦ TỊCH")),
        list_title=f"DANH SÁCH ĐỀ NGHỊ CÔNG NHẬN “{title.upper()}” NĂM {year}",
        subjects=listed,
        model=model,
        by_hamlet=model not in (LearningModel.COMMUNITY, LearningModel.COMMUNE),
    )
    return write_submission_letter(data, out, progress=progress)


def _proposed(
    connection: Connection, year: int, model: LearningModel, subjects: Iterable[Uid] | None, on: dt.date
) -> tuple[ListedSubject, ...]:
    """Those who can be recognised, as lists show them."""
    round_ = round_of(connection, year)
    wanted = None if subjects is None else set(subjects)
    rows = read_rows(connection, round_, model, CandidateFilter(is_ready=True))
    rows = [row for row in rows if wanted is None or row.uid in wanted]
    people = read_recipients(connection, model, [row.subject_id for row in rows], on, round_)
    commune = read_place(connection).address
    return tuple(
        ListedSubject(
            name=people[row.subject_id].name,
            birth_text=_birth(people[row.subject_id].birth),
            address=_short(people[row.subject_id].address, commune),
            hamlet=row.hamlet,
            score=result.result.removesuffix(" điểm"),
        )
        for row, result in zip(rows, describe(connection, round_, rows), strict=True)
    )


def register_book_pdf(
    context: Context, year: int, model: LearningModel, out: Path, *, progress: Progress = NO_PROGRESS
) -> int:
    """Sổ theo dõi cấp giấy of a year and model, voided numbers among them; returns the number of pages.

    Raises:
        UserError: ``document.empty`` when no number was given yet.
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    return _book_pdf(context, year, model, out, None, progress, is_register=True)


def handover_list_pdf(
    context: Context,
    year: int,
    model: LearningModel,
    out: Path,
    only: Iterable[Uid] | None = None,
    *,
    progress: Progress = NO_PROGRESS,
) -> int:
    """Sổ ký nhận by hamlet, of the certificates that stand or of those in ``only``; returns the number of pages.

    Raises:
        UserError: ``document.empty``.
        EnvironmentProblem: the file cannot be written; an older file is kept.
    """
    return _book_pdf(context, year, model, out, only, progress, is_register=False)


def _book_pdf(
    context: Context,
    year: int,
    model: LearningModel,
    out: Path,
    only: Iterable[Uid] | None,
    progress: Progress,
    *,
    is_register: bool,
) -> int:
    with context.read() as connection:
        office = read_office(connection)
        book = read_book(connection, year, model, CertificateFilter(is_standing=not is_register))
        commune = read_place(connection).address
        title = _title(connection, model, year)
    wanted = None if only is None else set(only)
    chosen = [item for item in book if wanted is None or item.uid in wanted]
    if not chosen:
        raise UserError(
            f"Chưa có giấy công nhận {TITLES[model]} năm {year} nào để lập sổ. Hãy công nhận trước.",
            code="document.empty",
        )
    signature = Signature(wording.title_lines(office.signer_title), office.signer_name)
    data = RegisterBookData(
        head=_head(office, year, "", None),
        subtitle=f"Danh hiệu “{title}” năm {year}",
        subjects=_listed(chosen, commune, title),
        signatures=(Signature(("NGƯỜI LẬP SỔ",)), signature),
        model=model,
        by_hamlet=not is_register and model not in (LearningModel.COMMUNITY, LearningModel.COMMUNE),
    )
    write = write_register_book if is_register else write_handover_list
    return write(data, out, progress=progress)


def _request(proposer: str, office: OfficeSettings, count: str, title: str, year: int) -> tuple[str, ...]:
    return (
        f"Căn cứ kết quả đánh giá, bình xét các mô hình học tập năm {year} tại các thôn, tổ và đơn vị;",
        f"{proposer} đã thẩm định kết quả và đề nghị {office.office_name} xem xét, công nhận {count} đạt danh hiệu "
        f"“{title}” năm {year} (có danh sách kèm theo).",
        f"{proposer} kính trình {wording.authority_of(office)} xem xét, quyết định./.",
    )


def _head(office: OfficeSettings, year: int, number: str, date: dt.date | None) -> DocumentHead:
    lines = wording.authority_lines(office.office_name)
    return DocumentHead(lines, office.place, year, number, date, office.is_reference_form)


def _listed(book: Sequence[CertificateRecord], commune: str, title: str = "") -> tuple[ListedSubject, ...]:
    return tuple(
        ListedSubject(
            name=item.recipient,
            birth_text=_birth(item.birth),
            address=_short(item.address, commune),
            hamlet=item.hamlet,
            score=item.result.removesuffix(" điểm"),
            register_number=item.number,
            title=title,
            decision=f"{item.decision_number} ngày {item.decision_date:%d/%m/%Y}",
            issue_date=item.issued_on,
            handed_over=item.handed_over_on if item.status is CertificateStatus.HANDED_OVER else None,
            receiver=item.handed_over_to if item.status is CertificateStatus.HANDED_OVER else "",
            note=item.remark if title else "",
        )
        for item in book
    )


def _short(address: str, commune: str) -> str:
    """An address without the commune and province, which stand in the head of the list."""
    return address.removesuffix(f", {commune}") if commune else address


def _birth(iso: str | None) -> str:
    return PartialDate.from_iso(iso).text() if iso else ""


def _sets(connection: Connection, model: LearningModel, year: int) -> list[int]:
    rows = all_rows(
        connection,
        "SELECT DISTINCT a.criteria_set_id FROM assessment a JOIN assessment_round r ON r.id = a.assessment_round_id "
        "WHERE r.year = ? AND a.model = ? AND a.present AND a.passed AND a.criteria_set_id IS NOT NULL ORDER BY 1",
        (year, model.value),
    )
    return [row[0] for row in rows]


def _title(connection: Connection, model: LearningModel, year: int) -> str:
    """The danh hiệu that the sets of this round give; the model's own where they differ or cannot be read."""
    sets = read_sets(connection, _sets(connection, model, year)).values()
    titles = {item.definition.title for item in sets if item}
    return titles.pop() if len(titles) == 1 else TITLES[model]


def _legal_bases(connection: Connection, model: LearningModel, year: int) -> tuple[LegalBasis, ...]:
    sets = read_sets(connection, _sets(connection, model, year)).values()
    found = (basis for item in sets if item for basis in item.definition.legal_basis)
    return tuple(dict.fromkeys(found))
