"""What happens to a certificate after its number was given: printed, signed, handed over, voided, issued again.

Invariants: a number never changes hands; a print is recorded before the page leaves; voiding withdraws the
recognition and opens the form again, issuing again keeps it. Signing and handing over are undoable, the rest is not.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import assessment as assessment_tables
from desktop_app.models.tables.recognition import certificate
from desktop_app.models.types import AssessmentStatus, CertificateStatus, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.recognition.deciding import require_office
from desktop_app.services.recognition.lists import read_certificates
from desktop_app.services.recognition.numbering import format_number, next_sequence
from desktop_app.services.recognition.recipients import read_recipients
from desktop_app.services.recognition.records import CertificateRecord
from desktop_app.services.settings import read_office
from desktop_app.services.vietnamese import nfc, number_text


@dataclass(frozen=True, slots=True)
class _Paper:
    """A certificate inside a writing transaction."""

    id: int
    uid: Uid
    number: str
    status: CertificateStatus
    printed_count: int
    issued_on: str
    recipient: str
    assessment_id: int | None
    decision_id: int
    model: LearningModel
    year: int
    subject: Uid
    subject_id: int | None


def mark_printed(context: Context, uids: Iterable[Uid], reason: str = "") -> int:
    """Record that certificates go to the printer; to be called before the first page leaves. Numbers stay.

    Args:
        reason: why again; asked for when one of them was printed before.

    Returns:
        How many were recorded.

    Raises:
        UserError: ``recognise.office_only``, ``certificate.unknown``, ``certificate.voided``,
            ``certificate.reprint_reason``; nothing is recorded then.
    """
    require_office(context)
    why = nfc(reason)
    chosen = tuple(dict.fromkeys(uids))
    with context.read() as connection:
        again = sum(paper.printed_count > 0 for paper in _standing(connection, chosen))
    if again and not why:
        raise UserError(
            f"{number_text(again)} giấy đã in rồi nên chưa in lại. Hãy ghi lý do in lại; số vào sổ giữ nguyên.",
            code="certificate.reprint_reason",
        )
    kind, more = ("certificate.reprint", {"again": again, "reason": why}) if again else ("certificate.print", {})
    with context.operation(kind, {"count": len(chosen), **more}) as op:
        papers = _standing(op.connection, chosen)
        op.writer.update_many(certificate, {paper.id: _printed(paper) for paper in papers})
    return len(papers)


def _printed(paper: _Paper) -> dict[str, Any]:
    status = {"status": CertificateStatus.PRINTED.value} if paper.status is CertificateStatus.ISSUED else {}
    return {"printed_count": paper.printed_count + 1, **status}


def mark_signed(context: Context, uids: Iterable[Uid]) -> int:
    """Record that printed certificates are signed and sealed; undoable. Those signed already stay as they are.

    Raises:
        UserError: ``certificate.unknown``, ``certificate.voided``, ``certificate.not_printed``.
    """
    chosen = tuple(dict.fromkeys(uids))
    with context.operation("certificate.sign") as op:
        papers = _standing(op.connection, chosen)
        _refuse_unprinted(papers, "ghi đã ký")
        waiting = [paper for paper in papers if paper.status is CertificateStatus.PRINTED]
        op.args["count"] = len(waiting)
        signed = {"status": CertificateStatus.SIGNED.value}
        op.writer.update_many(certificate, {paper.id: signed for paper in waiting})
    return len(waiting)


def hand_over(context: Context, uids: Iterable[Uid], date: dt.date, to_whom: str = "") -> int:
    """Record that certificates were handed over against a signature; undoable.

    Args:
        to_whom: who signed for them; the recipient of each when empty.

    Raises:
        UserError: ``certificate.unknown``, ``certificate.voided``, ``certificate.not_printed``,
            ``certificate.handed_over``, ``certificate.date_bad``.
    """
    chosen = tuple(dict.fromkeys(uids))
    receiver = nfc(to_whom)
    with context.operation("certificate.hand_over", {"count": len(chosen)}) as op:
        papers = _standing(op.connection, chosen)
        _refuse_unprinted(papers, "ghi đã trao")
        done = [paper.number for paper in papers if paper.status is CertificateStatus.HANDED_OVER]
        if done:
            raise UserError(
                f"{_named(done)} đã trao rồi nên chưa ghi gì thêm. Nếu lần trước ghi nhầm, hãy hoàn tác việc đó.",
                code="certificate.handed_over",
            )
        early = [paper.number for paper in papers if date.isoformat() < paper.issued_on]
        if early:
            raise UserError(
                f"Ngày trao {date:%d/%m/%Y} đứng trước ngày cấp của {_named(early, small=True)} nên chưa ghi. "
                "Hãy xem lại ngày.",
                code="certificate.date_bad",
            )
        values = {
            paper.id: {
                "status": CertificateStatus.HANDED_OVER.value,
                "handed_over_on": date.isoformat(),
                "handed_over_to": receiver or paper.recipient,
            }
            for paper in papers
        }
        op.writer.update_many(certificate, values)
    return len(papers)


def void_certificates(context: Context, uids: Iterable[Uid], reason: str, date: dt.date | None = None) -> int:
    """Void certificates and withdraw the recognitions behind them; their numbers stay in the book, used up.

    The forms can be changed and recognised again from then on, under another decision and number.

    Args:
        reason: asked for; stands in the register book.
        date: today by default.

    Raises:
        UserError: ``recognise.office_only``, ``certificate.unknown``, ``certificate.voided``,
            ``certificate.void_reason``.
    """
    require_office(context)
    why = _reason(reason, "hủy")
    chosen = tuple(dict.fromkeys(uids))
    with context.operation("certificate.void") as op:
        papers = _standing(op.connection, chosen)
        op.args.update(number=_range([paper.number for paper in papers]), count=len(papers))
        voided = _voided(date or _today(context), why)
        op.writer.update_many(certificate, {paper.id: voided for paper in papers})
        _reopen(op, [paper.assessment_id for paper in papers if paper.assessment_id is not None])
    return len(papers)


def reissue(context: Context, uid: Uid, reason: str, date: dt.date | None = None) -> CertificateRecord:
    """Issue a certificate again under the next number, with the names and address as they stand now.

    The old one is voided and keeps its number; the recognition and its decision stay.

    Raises:
        UserError: ``recognise.office_only``, ``certificate.unknown``, ``certificate.voided``,
            ``certificate.void_reason``.
    """
    require_office(context)
    why = _reason(reason, "cấp lại")
    on = date or _today(context)
    with context.operation("certificate.reissue") as op:
        connection = op.connection
        paper = _standing(connection, (uid,))[0]
        op.args["number"] = paper.number
        op.writer.update_many(certificate, {paper.id: _voided(on, f"Cấp lại: {why}")})
        values = _again(connection, paper, on)
        new_id = op.writer.insert(certificate, values)
        return read_certificates(connection, [op.writer.references.uid("certificate", new_id)])[0]


def _again(connection: Connection, paper: _Paper, on: dt.date) -> dict[str, Any]:
    office = read_office(connection)
    sequence = next_sequence(connection, office, paper.model, paper.year)
    values: dict[str, Any] = {
        "decision_id": paper.decision_id,
        "assessment_id": paper.assessment_id,
        "model": paper.model.value,
        "year": paper.year,
        "subject": paper.subject,
        "sequence": sequence,
        "number": format_number(office, paper.model, paper.year, sequence),
        "issued_on": on.isoformat(),
        "status": CertificateStatus.ISSUED.value,
        "printed_count": 0,
        "reissue_of_id": paper.id,
    }
    old = all_rows(connection, "SELECT recipient, honorific, birth, address FROM certificate WHERE id = ?", (paper.id,))
    values.update(zip(("recipient", "honorific", "birth", "address"), old[0], strict=True))
    if paper.subject_id is not None:
        person = read_recipients(connection, paper.model, [paper.subject_id], on).get(paper.subject_id)
        if person is not None and person.name:
            values.update(
                recipient=person.name, honorific=person.honorific or None, birth=person.birth, address=person.address
            )
    return values


def _reopen(op: Operation, assessment_ids: Sequence[int]) -> None:
    """Withdraw recognitions: the forms go back to where reviews had left them."""
    accepted = {
        row[0]
        for row in all_rows(
            op.connection,
            "SELECT assessment_id FROM review WHERE present AND outcome = 'accepted' "
            "AND coalesce(stage, 'commune') = 'commune' "
            "AND assessment_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(assessment_ids)),),
        )
    }
    values: dict[int, Mapping[str, Any]] = {}
    for row_id in assessment_ids:
        status = AssessmentStatus.ACCEPTED if row_id in accepted else AssessmentStatus.COMPLETE
        values[row_id] = {"status": status.value, "frozen": None}
    op.writer.update_many(assessment_tables.assessment, values)


def _voided(on: dt.date, reason: str) -> dict[str, Any]:
    return {"status": CertificateStatus.VOIDED.value, "voided_on": on.isoformat(), "void_reason": reason}


def _standing(connection: Connection, uids: Sequence[Uid]) -> list[_Paper]:
    """The certificates, in the order of their numbers; refuses unknown and voided ones."""
    rows = all_rows(
        connection,
        "SELECT id, uid, number, status, printed_count, issued_on, recipient, assessment_id, decision_id, model, year, "
        "subject, subject_id FROM certificate WHERE present AND uid IN (SELECT unhex(value) FROM json_each(?)) "
        "ORDER BY model, year, sequence",
        (json.dumps(list(uids)),),
    )
    papers = [
        _Paper(
            row[0], row[1].hex(), row[2] or "", CertificateStatus(row[3]), row[4] or 0, row[5] or "", row[6] or "",
            row[7], row[8], LearningModel(row[9]), row[10], row[11].hex(), row[12],
        )
        for row in rows
    ]  # fmt: skip
    if not papers or len(papers) != len(uids):
        raise UserError(
            "Không tìm thấy giấy công nhận đã chọn trong sổ; chưa có gì bị thay đổi. Hãy nạp lại trang.",
            code="certificate.unknown",
        )
    voided = [paper.number for paper in papers if paper.status is CertificateStatus.VOIDED]
    if voided:
        raise UserError(
            f"{_named(voided)} đã hủy nên không làm gì với giấy này nữa; chưa có gì bị thay đổi. Số vẫn giữ trong sổ.",
            code="certificate.voided",
        )
    return papers


def _refuse_unprinted(papers: Sequence[_Paper], deed: str) -> None:
    numbers = [paper.number for paper in papers if paper.status is CertificateStatus.ISSUED]
    if numbers:
        raise UserError(
            f"{_named(numbers)} chưa in nên chưa {deed}. Hãy in trước, hoặc ghi là đã in nếu giấy đã in ở nơi khác.",
            code="certificate.not_printed",
        )


def _reason(reason: str, deed: str) -> str:
    why = nfc(reason)
    if not why:
        raise UserError(
            f"Chưa ghi lý do nên chưa {deed} giấy. Hãy ghi lý do; lý do đứng trong sổ theo dõi.",
            code="certificate.void_reason",
        )
    return why


def _named(numbers: Sequence[str], *, small: bool = False) -> str:
    word = "giấy số" if small else "Giấy số"
    rest = f" và {number_text(len(numbers) - 1)} giấy khác" if len(numbers) > 1 else ""
    return f"{word} {numbers[0]}{rest}"


def _range(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} … {numbers[-1]} ({number_text(len(numbers))} giấy)"


def _today(context: Context) -> dt.date:
    return dt.datetime.fromtimestamp(context.journal.clock() / 1000).date()
