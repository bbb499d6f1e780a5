"""Certificates as PDF: those that stand, or drafts of what a recognition would give.

Invariant: a file of certificates holds what the register book holds; only a draft, marked across the page, is made
from the register as it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import TITLES
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import OfficeSet, read_sets
from desktop_app.services.documents.certificate import write_certificates
from desktop_app.services.documents.data import CertificateData, CertificateWording, Paper
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.recognition.candidates import Row, read_rows
from desktop_app.services.recognition.lists import qr_content, read_book
from desktop_app.services.recognition.numbering import format_number, next_sequence
from desktop_app.services.recognition.recipients import read_place, read_recipients
from desktop_app.services.recognition.records import (
    CandidateFilter,
    CertificateFile,
    CertificateFilter,
    CertificateRecord,
    PrintedCertificate,
)
from desktop_app.services.recognition.wording import authority_lines, authority_of, lead, title_lines
from desktop_app.services.settings import OfficeSettings, read_office
from desktop_app.services.vietnamese import PartialDate

DRAFT_PAGES = 8
"""How many drafts are drawn at most: enough to see long names and both sexes."""


def certificates_pdf(
    context: Context,
    year: int,
    model: LearningModel,
    out: Path,
    only: Iterable[Uid] | None = None,
    draft: bool = False,
    *,
    progress: Progress = NO_PROGRESS,
) -> CertificateFile:
    """Write the certificates that stand, in the order of their numbers; who prints them calls ``mark_printed`` first.

    Args:
        only: uids of certificates; None for all of the year and model.
        draft: mark every page "BẢN XEM TRƯỚC".

    Raises:
        UserError: ``document.empty`` when there is none.
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: asked to stop; nothing is kept.
    """
    with context.read() as connection:
        wanted = None if only is None else set(only)
        book = read_book(connection, year, model, CertificateFilter(is_standing=True))
        chosen = [item for item in book if wanted is None or item.uid in wanted]
        pages = _pages(connection, year, model, chosen, draft)
        paper = _paper(read_office(connection))
    if not pages:
        raise UserError(
            f"Chưa có giấy công nhận {TITLES[model]} năm {year} nào để in. Hãy công nhận trước.", code="document.empty"
        )
    count = write_certificates(pages, out, paper=paper, progress=progress)
    printed = (PrintedCertificate(c.number, c.subject, c.recipient, c.uid) for c in chosen)
    return CertificateFile(tuple(printed), count)


def draft_certificates_pdf(
    context: Context,
    year: int,
    model: LearningModel,
    out: Path,
    *,
    number: str = "",
    date: dt.date | None = None,
    signer_title: str | None = None,
    signer_name: str | None = None,
    subjects: Iterable[Uid] | None = None,
    limit: int = DRAFT_PAGES,
) -> int:
    """Drafts for the first of those who would be recognised, with the numbers they would get; returns the pages.

    Raises:
        UserError: ``document.empty`` when nobody can be recognised.
    """
    with context.read() as connection:
        office = read_office(connection)
        wanted = None if subjects is None else set(subjects)
        round_ = round_of(connection, year)
        rows = read_rows(connection, round_, model, CandidateFilter(is_ready=True))
        rows = [row for row in rows if wanted is None or row.uid in wanted][:limit]
        signer = (
            office.signer_title if signer_title is None else signer_title,
            office.signer_name if signer_name is None else signer_name,
        )
        base = _base(office, model, year, authority_of(office), signer)
        base = replace(base, decision_number=number, decision_date=date, issue_date=date, is_draft=True)
        pages = _drafts(connection, base, rows, date or dt.date(year, 12, 31), round_)
    if not pages:
        raise UserError(
            f"Chưa có ai đủ điều kiện công nhận {TITLES[model]} năm {year} nên chưa có gì để xem trước.",
            code="document.empty",
        )
    return write_certificates(pages, out, paper=_paper(office))


def _drafts(
    connection: Connection, base: CertificateData, rows: Sequence[Row], on: dt.date, round_: RoundRecord
) -> list[CertificateData]:
    office, code = read_office(connection), read_place(connection).code
    people = read_recipients(connection, base.model, [row.subject_id for row in rows], on, round_)
    sets = read_sets(connection, {row.set_id for row in rows if row.set_id is not None})
    first = next_sequence(connection, office, base.model, base.year)
    pages = []
    for sequence, row in enumerate(rows, start=first):
        person = people[row.subject_id]
        number = format_number(office, base.model, base.year, sequence)
        pages.append(
            replace(
                base,
                recipient=person.name,
                honorific=person.honorific,
                birth_text=_birth(person.birth),
                address=person.address,
                title=_title(sets.get(row.set_id or 0), base.model),
                register_number=number,
                qr_content=qr_content(code, number),
            )
        )
    return pages


def _pages(
    connection: Connection, year: int, model: LearningModel, chosen: Sequence[CertificateRecord], draft: bool
) -> list[CertificateData]:
    office, code = read_office(connection), read_place(connection).code
    facts = all_rows(
        connection,
        "SELECT c.uid, a.criteria_set_id, d.authority, d.signer_title, d.signer_name FROM certificate c "
        "JOIN decision d ON d.id = c.decision_id LEFT JOIN assessment a ON a.id = c.assessment_id "
        "WHERE c.year = ? AND c.model = ? AND c.present",
        (year, model.value),
    )
    known = {row[0].hex(): row[1:] for row in facts}
    sets = read_sets(connection, {row[0] for row in known.values() if row[0] is not None})
    pages = []
    for item in chosen:
        set_id, authority, signer_title, signer_name = known[item.uid]
        base = _base(office, model, year, authority or authority_of(office), (signer_title or "", signer_name or ""))
        pages.append(
            replace(
                base,
                recipient=item.recipient,
                honorific=item.honorific,
                birth_text=_birth(item.birth),
                address=item.address,
                title=_title(sets.get(set_id or 0), model),
                decision_number=item.decision_number,
                decision_date=item.decision_date,
                issue_date=item.issued_on,
                register_number=item.number,
                qr_content=qr_content(code, item.number),
                is_draft=draft,
            )
        )
    return pages


def _base(
    office: OfficeSettings, model: LearningModel, year: int, authority: str, signer: tuple[str, str]
) -> CertificateData:
    """What all certificates of a decision have in common."""
    return CertificateData(
        model=model,
        recipient="",
        title=TITLES[model],
        year=year,
        place=office.place,
        authority_lines=authority_lines(office.office_name),
        signer_title_lines=title_lines(signer[0]),
        signer_name=signer[1],
        wording=CertificateWording(heading=office.certificate_heading, lead=lead(authority)),
        is_reference_form=office.is_reference_form,
    )


def _title(used: OfficeSet | None, model: LearningModel) -> str:
    """The danh hiệu that a criteria set gives."""
    return used.definition.title if used else TITLES[model]


def _birth(iso: str | None) -> str:
    return PartialDate.from_iso(iso).text() if iso else ""


def _paper(office: OfficeSettings) -> Paper:
    return Paper.A5 if office.paper == Paper.A5 else Paper.A4
