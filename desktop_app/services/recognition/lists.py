"""Reading decisions, certificates and the register book; nothing is written here.

Invariant: the register book holds every number that was given, in order, voided ones among them.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import CertificateStatus, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.recognition.candidates import result_text
from desktop_app.services.recognition.records import CertificateFilter, CertificateRecord, DecisionRecord
from desktop_app.services.recognition.shapes import SHAPES, words_in

QR_PREFIX = "SHT"


def qr_content(commune_code: str, number: str) -> str:
    """What the QR code on a certificate holds: "SHT:30436:0412/2026-CD"."""
    return f"{QR_PREFIX}:{commune_code}:{number}"


def number_in_qr(text: str) -> str:
    """The register number in a scanned QR code; the text itself when it is none."""
    found = re.fullmatch(rf"\s*{QR_PREFIX}:[^:]*:(.+?)\s*", text, re.IGNORECASE)
    return found.group(1) if found else text


# -- decisions ---------------------------------------------------------------------------------------------------


def decisions(context: Context, year: int, model: LearningModel | None = None) -> tuple[DecisionRecord, ...]:
    """The decisions of a round, the newest first."""
    with context.read() as connection:
        condition = "r.year = ?" if model is None else "r.year = ? AND d.model = ?"
        values = (year,) if model is None else (year, model.value)
        rows = all_rows(
            connection, f"{_DECISIONS} AND {condition} {_GROUPED} ORDER BY d.decided_on DESC, d.id DESC", values
        )
    return tuple(map(_decision, rows))


def read_decision(connection: Connection, uid: Uid) -> DecisionRecord:
    """One decision; raises UserError ``decision.unknown``."""
    rows = all_rows(connection, f"{_DECISIONS} AND d.uid = ? {_GROUPED}", (bytes.fromhex(uid),))
    if not rows:
        raise UserError(
            "Không tìm thấy quyết định này trong sổ; chưa có gì bị thay đổi. Hãy nạp lại trang.",
            code="decision.unknown",
        )
    return _decision(rows[0])


_DECISIONS = """
SELECT d.uid, r.year, d.model, d.number, d.decided_on, d.authority, d.signer_title, d.signer_name,
       d.submission_number, d.note, count(c.id), count(c.id) FILTER (WHERE c.status <> 'voided'),
       min(c.sequence), max(c.sequence),
       (SELECT x.number FROM certificate x WHERE x.decision_id = d.id AND x.present ORDER BY x.sequence LIMIT 1),
       (SELECT x.number FROM certificate x WHERE x.decision_id = d.id AND x.present ORDER BY x.sequence DESC LIMIT 1)
FROM decision d JOIN assessment_round r ON r.id = d.assessment_round_id
LEFT JOIN certificate c ON c.decision_id = d.id AND c.present
WHERE d.present"""
_GROUPED = "GROUP BY d.id"


def _decision(row: tuple[Any, ...]) -> DecisionRecord:
    uid, year, model, number, on, authority, signer_title, signer, submission, note, count, standing, _, _, a, b = row
    return DecisionRecord(
        uid=uid.hex(),
        year=year,
        model=LearningModel(model),
        number=number or "",
        date=dt.date.fromisoformat(on),
        authority=authority or "",
        signer_title=signer_title or "",
        signer_name=signer or "",
        submission_number=submission or "",
        note=note or "",
        certificates=count,
        standing=standing,
        first_number=a or "",
        last_number=b or "",
    )


# -- certificates ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CertificateSource:
    """Certificates of a year and model in pages, in the order of the register book."""

    context: Context
    year: int
    model: LearningModel
    chosen: CertificateFilter
    order: str | None = None
    is_descending: bool = False

    def count(self) -> int:
        with self.context.read() as connection:
            _, where, values = self._parts()
            query = f"SELECT count(*) {_joined(self.model)} WHERE {where}"
            return int(all_rows(connection, query, values)[0][0])

    def rows(self, offset: int, limit: int) -> Sequence[CertificateRecord]:
        with self.context.read() as connection:
            columns, where, values = self._parts()
            values.update(limit=limit, offset=offset)
            query = f"SELECT {columns} {_joined(self.model)} WHERE {where} ORDER BY {self._order()}"
            return records(connection, all_rows(connection, f"{query} LIMIT :limit OFFSET :offset", values))

    def uids(self) -> tuple[Uid, ...]:
        """The uid of every certificate of the list, in its order."""
        with self.context.read() as connection:
            _, where, values = self._parts()
            query = f"SELECT c.uid {_joined(self.model)} WHERE {where} ORDER BY {self._order()}"
            return tuple(uid.hex() for (uid,) in all_rows(connection, query, values))

    def position(self, uid: Uid) -> int | None:
        """The row of one certificate; None when the filter hides it."""
        found = self.uids()
        return found.index(uid) if uid in found else None

    def sorted(self, column: str, descending: bool = False) -> CertificateSource:
        """The same certificates by number, name, hamlet, decision or status; raises KeyError for another column."""
        if column not in _COLUMNS:
            raise KeyError(column)
        return replace(self, order=column, is_descending=descending)

    def _parts(self) -> tuple[str, str, dict[str, Any]]:
        conditions, values = _conditions(self.year, self.model, self.chosen)
        return _CERTIFICATE, conditions, values

    def _order(self) -> str:
        if self.order is None:
            return "c.sequence"
        column = _COLUMNS[self.order].format(sort=SHAPES[self.model].sort)
        return f"{column} IS NULL, {column} {'DESC' if self.is_descending else 'ASC'}, c.sequence"


_COLUMNS = {
    "number": "c.sequence",
    "recipient": "{sort}",
    "hamlet": "v.sort_key",
    "decision_number": "d.decided_on",
    "issued_on": "c.issued_on",
    "status": "c.status",
    "printed_count": "c.printed_count",
    "handed_over_on": "c.handed_over_on",
}


def certificate_source(
    context: Context, year: int, model: LearningModel, chosen: CertificateFilter | None = None
) -> CertificateSource:
    """The list of certificates of a year and model, by number."""
    return CertificateSource(context, year, model, chosen or CertificateFilter())


def certificate_counts(
    context: Context, year: int, model: LearningModel, decision: Uid | None = None
) -> dict[CertificateStatus, int]:
    """How many certificates stand in each queue; every status is a key."""
    found = dict.fromkeys(CertificateStatus, 0)
    with context.read() as connection:
        conditions, values = _conditions(year, model, CertificateFilter(decision=decision))
        query = f"SELECT c.status, count(*) {_joined(model)} WHERE {conditions} GROUP BY 1"
        for status, count in all_rows(connection, query, values):
            found[CertificateStatus(status)] = count
    return found


def certificate_hamlets(context: Context, year: int, model: LearningModel) -> tuple[tuple[Uid, str], ...]:
    """The hamlets that certificates of a year and model belong to, in their order."""
    with context.read() as connection:
        conditions, values = _conditions(year, model, CertificateFilter())
        query = f"SELECT DISTINCT v.uid, v.name, v.sort_key {_joined(model)} WHERE {conditions} AND v.id IS NOT NULL"
        rows = all_rows(connection, f"{query} ORDER BY v.sort_key, v.uid", values)
    return tuple((uid.hex(), name or "") for uid, name, _ in rows)


def register_book(context: Context, year: int, model: LearningModel) -> tuple[CertificateRecord, ...]:
    """Every number given for a year and model, in order."""
    with context.read() as connection:
        return read_book(connection, year, model)


def read_book(
    connection: Connection, year: int, model: LearningModel, chosen: CertificateFilter | None = None
) -> tuple[CertificateRecord, ...]:
    """The same within a reading transaction, or a part of it."""
    conditions, values = _conditions(year, model, chosen or CertificateFilter())
    query = f"SELECT {_CERTIFICATE} {_joined(model)} WHERE {conditions} ORDER BY c.sequence"
    return records(connection, all_rows(connection, query, values))


def certificate_record(context: Context, uid: Uid) -> CertificateRecord:
    """One certificate; raises UserError ``certificate.unknown``."""
    with context.read() as connection:
        return read_certificates(connection, [uid])[0]


def read_certificates(connection: Connection, uids: Sequence[Uid]) -> tuple[CertificateRecord, ...]:
    """Certificates by uid, in the order of the register books; raises UserError ``certificate.unknown``."""
    wanted = json.dumps(list(dict.fromkeys(uids)))
    models = all_rows(
        connection,
        "SELECT DISTINCT model FROM certificate WHERE present AND uid IN (SELECT unhex(value) FROM json_each(?))",
        (wanted,),
    )
    found: list[CertificateRecord] = []
    for (model,) in models:
        query = f"SELECT {_CERTIFICATE} {_joined(LearningModel(model))} WHERE c.present AND c.model = :model "
        query += "AND c.uid IN (SELECT unhex(value) FROM json_each(:uids)) ORDER BY c.year, c.sequence"
        found += records(connection, all_rows(connection, query, {"model": model, "uids": wanted}))
    if len(found) != len(json.loads(wanted)):
        raise UserError(
            "Không tìm thấy giấy công nhận này trong sổ; chưa có gì bị thay đổi. Hãy nạp lại trang.",
            code="certificate.unknown",
        )
    return tuple(found)


_CERTIFICATE = """
c.uid, c.number, c.sequence, c.year, c.model, c.subject, c.recipient, c.honorific, c.birth, c.address, v.name,
a.criteria_set_id, a.total, a.grade, d.uid, d.number, d.decided_on, c.issued_on, c.status, c.printed_count,
c.handed_over_on, c.handed_over_to, c.voided_on, c.void_reason,
(SELECT x.number FROM certificate x WHERE x.id = c.reissue_of_id),
(SELECT x.number FROM certificate x WHERE x.reissue_of_id = c.id AND x.present)"""


def _joined(model: LearningModel) -> str:
    shape = SHAPES[model]
    return (
        f"FROM certificate c JOIN decision d ON d.id = c.decision_id LEFT JOIN assessment a ON a.id = c.assessment_id "
        f"LEFT JOIN {shape.table} s ON s.uid = c.subject {shape.joins}"
    )


def _conditions(year: int, model: LearningModel, chosen: CertificateFilter) -> tuple[str, dict[str, Any]]:
    conditions = ["c.present", "c.year = :year", "c.model = :model"]
    values: dict[str, Any] = {"year": year, "model": model.value}
    if chosen.is_standing:
        conditions.append("c.status <> 'voided'")
    for column, value in (("c.status", chosen.status), ("d.uid", chosen.decision), ("v.uid", chosen.hamlet)):
        if value is not None:
            name = column.replace(".", "_")
            conditions.append(f"{column} = :{name}")
            values[name] = str(value) if column == "c.status" else bytes.fromhex(value)
    if chosen.text.strip():
        scanned = number_in_qr(chosen.text)
        condition, words = words_in(SHAPES[model].fold, scanned)
        values.update(words, number=scanned.strip())
        conditions.append(f"(instr(c.number, :number) OR ({condition}))")
    return " AND ".join(conditions), values


def records(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> tuple[CertificateRecord, ...]:
    """Rows of ``_CERTIFICATE`` as records."""
    from desktop_app.services.criteria.office import read_sets

    sets = read_sets(connection, {row[11] for row in rows if row[11] is not None})
    return tuple(
        CertificateRecord(
            uid=row[0].hex(),
            number=row[1] or "",
            sequence=row[2] or 0,
            year=row[3],
            model=LearningModel(row[4]),
            subject=row[5].hex(),
            recipient=row[6] or "",
            honorific=row[7] or "",
            birth=row[8] or "",
            address=row[9] or "",
            hamlet=row[10] or "",
            result=result_text(sets.get(row[11] or 0), row[12], row[13]),
            decision=row[14].hex(),
            decision_number=row[15] or "",
            decision_date=dt.date.fromisoformat(row[16]),
            issued_on=_date(row[17]),
            status=CertificateStatus(row[18] or CertificateStatus.ISSUED),
            printed_count=row[19] or 0,
            handed_over_on=_date(row[20]),
            handed_over_to=row[21] or "",
            voided_on=_date(row[22]),
            void_reason=row[23] or "",
            reissue_of=row[24] or "",
            reissued_as=row[25] or "",
        )
        for row in rows
    )


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
