"""Recognition: a decision, the verdicts frozen under it and the numbered certificates, in one operation.

Invariants: only the office's machine gives numbers; a subject is recognised once a round and model; who cannot be
recognised is left out with a sentence, and a decision with nobody in it is not made. Taken back only by voiding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import assessment as assessment_tables
from desktop_app.models.tables.recognition import certificate, decision
from desktop_app.models.types import AssessmentStatus, CertificateStatus, DeviceRole, LearningModel, Uid
from desktop_app.services.assessment.frozen import freeze_verdict
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.subjects import TITLES
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import OfficeSet, read_sets
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.recognition.candidates import Row, describe, judged, read_rows
from desktop_app.services.recognition.lists import read_decision
from desktop_app.services.recognition.numbering import (
    decision_number,
    format_number,
    next_sequence,
    refuse_used_number,
)
from desktop_app.services.recognition.recipients import read_recipients
from desktop_app.services.recognition.records import Candidate, CandidateState, DecisionRecord, Recognition
from desktop_app.services.recognition.shapes import SHAPES
from desktop_app.services.recognition.wording import authority_of
from desktop_app.services.settings import OfficeSettings, read_office
from desktop_app.services.vietnamese import nfc


def recognise(
    context: Context,
    year: int,
    model: LearningModel,
    number: str,
    date: dt.date,
    subjects: Iterable[Uid] | None = None,
    *,
    signer_title: str | None = None,
    signer_name: str | None = None,
    submission_number: str = "",
    note: str = "",
    progress: Progress = NO_PROGRESS,
) -> Recognition:
    """Recognise everybody of a round and model who passes, or those of ``subjects`` who do.

    Args:
        number: of the decision; digits alone get the office's symbol.
        subjects: uids; None for all. Who is not among them is neither recognised nor told as left out.
        signer_title, signer_name: as the settings have them unless given.
        submission_number: number and date of the tờ trình, in words.

    Returns:
        The decision, how many were recognised and who was left out; without a decision when nobody could be.

    Raises:
        UserError: ``recognise.office_only``, ``round.unknown``, ``round.closed``, ``decision.number_missing``,
            ``decision.number_bad``, ``decision.date_bad``, ``decision.used``, ``decision.other_date``,
            ``settings.number_format``; nothing is written then.
        Cancelled: asked to stop; nothing is written.
    """
    require_office(context)
    with context.operation("recognise", {"model": model.value, "year": year}) as op:
        connection = op.connection
        round_ = round_of(connection, year)
        shown = _checked_number(connection, number, date, round_, model)
        rows, left_out = _chosen(connection, round_, model, subjects)
        progress.step(0, len(rows), "Đang ghi kết quả công nhận")
        frozen, failed = _verdicts(connection, round_, rows)
        rows = [row for row in rows if row.form in frozen]
        left_out += failed
        if not rows:
            return Recognition(None, 0, left_out)
        office = read_office(connection)
        values = {
            "assessment_round_id": round_.id,
            "model": model.value,
            "number": shown,
            "decided_on": date.isoformat(),
            "authority": authority_of(office),
            "signer_title": _lines(office.signer_title if signer_title is None else signer_title),
            "signer_name": office.signer_name if signer_name is None else nfc(signer_name),
            "submission_number": nfc(submission_number) or None,
            "note": nfc(note) or None,
        }
        found = _write(op, office, round_, values, rows, frozen, progress)
    return Recognition(found, len(rows), left_out)


def _checked_number(
    connection: Connection, number: str, date: dt.date, round_: RoundRecord, model: LearningModel
) -> str:
    require_open(round_)
    shown = decision_number(number, read_office(connection))
    check_date(date, round_.year)
    refuse_used_number(connection, model, shown, date)
    return shown


def _write(
    op: Operation,
    office: OfficeSettings,
    round_: RoundRecord,
    values: Mapping[str, Any],
    rows: Sequence[Row],
    frozen: Mapping[int, Mapping[str, Any]],
    progress: Progress,
) -> DecisionRecord:
    """The decision, the frozen forms, the certificates."""
    decision_id = op.writer.insert(decision, values)
    for row in rows:
        op.writer.references.learn("assessment", row.form or 0, row.assessment or "")
    op.writer.update_many(assessment_tables.assessment, frozen)
    progress.step(0, len(rows), "Đang cấp số vào sổ")
    date, model = dt.date.fromisoformat(values["decided_on"]), LearningModel(values["model"])
    _issue(op, office, round_, model, decision_id, date, rows)
    op.args.update(count=len(rows), number=values["number"])
    return read_decision(op.connection, op.writer.references.uid("decision", decision_id))


def _lines(text: str) -> str:
    return "\n".join(line for line in map(nfc, text.splitlines()) if line)


def require_office(context: Context) -> None:
    """Refuse on any machine but the office's; raises UserError ``recognise.office_only``."""
    if context.role is not DeviceRole.OFFICE:
        raise UserError(
            "Chỉ máy của xã công nhận và cấp số giấy được; chưa có gì bị thay đổi. Hãy gửi gói đồng bộ về xã.",
            code="recognise.office_only",
        )


def check_date(date: dt.date, year: int) -> None:
    """Refuse a day before the round's year, or more than a year after it; raises UserError ``decision.date_bad``."""
    if not year <= date.year <= year + 1:
        raise UserError(
            f"Ngày {date:%d/%m/%Y} không hợp với đợt {year} nên chưa công nhận. Hãy xem lại ngày của quyết định.",
            code="decision.date_bad",
        )


def _chosen(
    connection: Connection, round_: RoundRecord, model: LearningModel, subjects: Iterable[Uid] | None
) -> tuple[list[Row], tuple[Candidate, ...]]:
    """Who is recognised, and who of those asked for is not, with the reason."""
    rows = read_rows(connection, round_, model)
    unknown: Sequence[Candidate] = ()
    if subjects is not None:
        wanted = set(subjects)
        rows = [row for row in rows if row.uid in wanted]
        unknown = _without_form(connection, model, wanted - {row.uid for row in rows})
    ready = [row for row in rows if row.state is CandidateState.READY]
    others = describe(connection, round_, [row for row in rows if row.state is not CandidateState.READY])
    return ready, (*others, *unknown)


def _without_form(connection: Connection, model: LearningModel, uids: set[Uid]) -> list[Candidate]:
    found = []
    shape = SHAPES[model]
    for uid in sorted(uids):
        rows = all_rows(
            connection, f"SELECT {shape.name} FROM {shape.table} s {shape.joins} WHERE s.uid = ?", (bytes.fromhex(uid),)
        )
        state = CandidateState.NOT_ASSESSED if rows else CandidateState.ABSENT
        reason = f"Chưa đăng ký và chưa chấm phiếu {TITLES[model]} trong đợt này." if rows else "Không có trong sổ."
        name = (rows[0][0] or "") if rows else ""
        found.append(Candidate(uid, None, name, "", "", "", None, "", state, reason))
    return found


def _verdicts(
    connection: Connection, round_: RoundRecord, rows: Sequence[Row]
) -> tuple[dict[int, Mapping[str, Any]], tuple[Candidate, ...]]:
    """What is written on each form, judged once more by its set; and who does not pass after all."""
    sets = read_sets(connection, {row.set_id for row in rows if row.set_id is not None})
    prints = {row_id: _fingerprint(item) for row_id, item in sets.items() if item}
    values: dict[int, Mapping[str, Any]] = {}
    failed = []
    for row, used, answers, verdict in judged(connection, round_, rows, sets):
        if not (verdict.passed and verdict.complete) or row.form is None:
            failed.append(replace(row, state=CandidateState.FAILED))
            continue
        frozen = {**freeze_verdict(used, answers, verdict), "fingerprint": prints[used.id]}
        values[row.form] = {"status": AssessmentStatus.RECOGNISED.value, "frozen": frozen}
    return values, tuple(describe(connection, round_, failed))


def _fingerprint(used: OfficeSet) -> str:
    from desktop_app.services.criteria.schema import fingerprint

    return fingerprint(used.definition)


def _issue(
    op: Operation,
    office: OfficeSettings,
    round_: RoundRecord,
    model: LearningModel,
    decision_id: int,
    date: dt.date,
    rows: Sequence[Row],
) -> None:
    """Give the numbers, in the order of the rows."""
    people = read_recipients(op.connection, model, [row.subject_id for row in rows], date, round_)
    year = round_.year
    first = next_sequence(op.connection, office, model, year)
    made = []
    for sequence, row in enumerate(rows, start=first):
        person = people[row.subject_id]
        made.append(
            {
                "decision_id": decision_id,
                "assessment_id": row.form,
                "model": model.value,
                "year": year,
                "subject": row.uid,
                "sequence": sequence,
                "number": format_number(office, model, year, sequence),
                "recipient": person.name,
                "honorific": person.honorific or None,
                "birth": person.birth,
                "address": person.address,
                "issued_on": date.isoformat(),
                "status": CertificateStatus.ISSUED.value,
                "printed_count": 0,
            }
        )
    op.writer.insert_many(certificate, made)
