"""What hangs on two records of one person and comes together when they are merged: forms, titles, memberships.

Invariants: one form and one registration a person and round; a certificate's number is never lost; what gives way is
made absent, never deleted, so that the merge can be taken back. Rows unique by nature are made anew under the
survivor's own identity, for two machines that merge the same records must come to the same rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.journal.undo import referrers
from desktop_app.models.tables import SHARED, assessment, natural_uid, recognition, registry
from desktop_app.models.types import AssessmentStatus, CertificateStatus, LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import number_text

CITIZEN = LearningModel.CITIZEN.value
Row = Mapping[str, Any]

_STATUS_RANK = {
    AssessmentStatus.RECOGNISED: 4,
    AssessmentStatus.ACCEPTED: 3,
    AssessmentStatus.COMPLETE: 2,
    AssessmentStatus.RETURNED: 1,
    AssessmentStatus.DRAFT: 0,
}


@dataclass(frozen=True, slots=True)
class RoundForm:
    """A form of a round as merging weighs it."""

    id: int
    uid: Uid
    round_id: int
    year: int
    status: AssessmentStatus
    is_frozen: bool
    answered: int
    has_certificate: bool
    assessed_on: str
    total: float

    @property
    def is_recognised(self) -> bool:
        return self.has_certificate or self.is_frozen

    @property
    def rank(self) -> tuple[bool, bool, int, int, str]:
        """The higher one stays: given a certificate, recognised, further on its way, more answers, later."""
        return self.has_certificate, self.is_frozen, _STATUS_RANK[self.status], self.answered, self.assessed_on


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two people by all his names."""

    id: int
    uid: Uid


@dataclass
class Joined:
    """What joining did that a person should read."""

    notes: list[str] = field(default_factory=list)


_FORMS = """
SELECT a.id, a.uid, a.assessment_round_id, r.year, a.status, a.frozen IS NOT NULL,
       (SELECT count(*) FROM answer AS x WHERE x.assessment_id = a.id AND x.present AND x.value IS NOT NULL),
       EXISTS (SELECT 1 FROM certificate AS c WHERE c.assessment_id = a.id AND c.present AND c.status <> ?),
       a.assessed_on, a.total
FROM assessment AS a JOIN assessment_round AS r ON r.id = a.assessment_round_id
WHERE a.subject = ? AND a.model = ? AND a.present ORDER BY r.year"""


def forms_of(connection: Connection, uid: Uid) -> dict[int, RoundForm]:
    """A person's forms: year → form."""
    rows = all_rows(connection, _FORMS, (CertificateStatus.VOIDED.value, bytes.fromhex(uid), CITIZEN))
    return {
        year: RoundForm(
            key, form.hex(), round_id, year, AssessmentStatus(status or "draft"), bool(frozen), answered,
            bool(certificate), on or "", total or 0.0,
        )
        for key, form, round_id, year, status, frozen, answered, certificate, on, total in rows
    }  # fmt: skip


def is_open_question(mine: RoundForm, theirs: RoundForm) -> bool:
    """May a person say which of two forms of a round stays? Not where one is empty or recognised."""
    return bool(mine.answered and theirs.answered) and not (mine.is_recognised or theirs.is_recognised)


def takes_second(mine: RoundForm, theirs: RoundForm, chosen: Collection[int] | None = None) -> bool:
    """Of two forms of one round: does the absorbed person's stay?

    Args:
        chosen: years of which a person wants the absorbed person's form; None for nobody asked.
    """
    if chosen is not None and is_open_question(mine, theirs):
        return mine.year in chosen
    return theirs.rank > mine.rank


def form_note(mine: RoundForm, theirs: RoundForm, chosen: Collection[int] | None = None) -> str:
    """Which of two forms of a round stays, and why, in a sentence."""
    is_second = takes_second(mine, theirs, chosen)
    stays, goes = (theirs, mine) if is_second else (mine, theirs)
    if stays.is_recognised:
        why = "đã được công nhận"
    elif chosen is not None and is_open_question(mine, theirs):
        why = "như đã chọn"
    elif _STATUS_RANK[stays.status] != _STATUS_RANK[goes.status]:
        why = "đã đi xa hơn"
    elif stays.answered > goes.answered:
        why = "chấm được nhiều hơn"
    else:
        why = "hai phiếu chấm ngang nhau"
    side = "hồ sơ sau" if is_second else "hồ sơ trước"
    text = f"Năm {mine.year} cả hai đều có phiếu: giữ phiếu của {side}, {figures(stays)} ({why}); "
    text += f"phiếu kia, {figures(goes)}, còn trong nhật ký."
    if stays.is_frozen and goes.is_frozen:
        text += " Cả hai phiếu đều đã được công nhận: hãy xem lại và hủy bớt một giấy."
    return text


def figures(form: RoundForm) -> str:
    """ "83 điểm ở 10 chỉ số"."""
    decimals = 0 if float(form.total).is_integer() else 1
    return f"{number_text(form.total, decimals)} điểm ở {number_text(form.answered)} chỉ số"


@cache
def _hanging_query() -> str:
    """The plus signs keep SQLite to the index of the reference."""
    subjects = (assessment.registration, assessment.assessment, recognition.certificate, registry.former_title)
    parts = [
        f"SELECT '{table.name}.subject' WHERE EXISTS (SELECT 1 FROM {table.name} "
        f"WHERE subject = :uid AND +present = 1 AND +model = '{CITIZEN}')"
        for table in subjects
    ]
    parts += [
        f"SELECT '{table.name}.{column.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\" "
        f'WHERE "{column.name}" = :id AND +present = 1)'
        for table, column in referrers("citizen")
        if column.name != "merged_into_id"
    ]
    return " UNION ALL ".join(parts)


def hanging_on(connection: Connection, side: Side) -> frozenset[str]:
    """What present rows name this person, as "table.column": asked at once, for most people have nothing."""
    rows = all_rows(connection, _hanging_query(), {"uid": bytes.fromhex(side.uid), "id": side.id})
    return frozenset(row[0] for row in rows)


class Joiner:
    """Brings together, inside one operation, what hangs on ``gone`` with what hangs on ``kept``.

    Args:
        takes_home: the survivor lives where the absorbed record did, so of two pasts that one's is his.
        forms: years of which a person wants the absorbed record's form; None for nobody asked.
    """

    def __init__(
        self,
        op: Operation,
        kept: Side,
        gone: Side,
        *,
        takes_home: bool = False,
        forms: Collection[int] | None = None,
    ) -> None:
        self._op = op
        self._writer = op.writer
        self._connection = op.connection
        self._kept, self._gone = kept, gone
        self._takes_home = takes_home
        self._chosen = forms
        self.joined = Joined()

    def run(self) -> Joined:
        """Everything but the two people's own fields and their households."""
        hanging = hanging_on(self._connection, self._gone)
        steps = (
            ("registration.subject", self._join_registrations),
            ("assessment.subject", self._join_forms),
            ("certificate.subject", self._join_certificates),
            ("former_title.subject", self._join_former_titles),
            ("site_account.citizen_id", self._join_accounts),
            ("organization_member.citizen_id", self._join_memberships),
            ("residence.citizen_id", self._join_places),
            ("distinct_pair.first_id", self._join_distinct),
            ("distinct_pair.second_id", self._join_distinct),
        )
        for name, step in steps:
            if name in hanging:
                step()
        if hanging - {name for name, _ in steps}:
            self._point_others()
        return self.joined

    # -- forms ---------------------------------------------------------------------------------------------------

    def _join_registrations(self) -> None:
        table = assessment.registration
        for row in self._subject_rows(table):
            uid = keys.registration_uid(self._year(row["assessment_round_id"]), LearningModel.CITIZEN, self._kept.uid)
            if not self._is_present(table, uid):
                self._writer.insert(table, self._copied(table, row), uid=uid)
            self._writer.remove(table, row["id"])

    def _join_forms(self) -> None:
        mine, theirs = forms_of(self._connection, self._kept.uid), forms_of(self._connection, self._gone.uid)
        for year, form in theirs.items():
            own = mine.get(year)
            if own is None:
                self._take_form(form, None)
                continue
            if own.answered or form.answered:
                self.joined.notes.append(form_note(own, form, self._chosen))
            if takes_second(own, form, self._chosen):
                self._take_form(form, own)
            else:
                self._leave_form(form, own.id)

    def _take_form(self, form: RoundForm, own: RoundForm | None) -> None:
        """The absorbed person's form becomes the survivor's, over what stood there."""
        table = assessment.assessment
        row = self._row(table, form.id)
        uid = keys.assessment_uid(form.year, LearningModel.CITIZEN, self._kept.uid)
        if own is not None:
            self._remove_hanging(assessment.review, own.id)
            self._writer.update(table, own.id, self._copied(table, row))
            target = own.id
        else:
            target = self._writer.insert(table, self._copied(table, row), uid=uid)
        self._copy_answers(form.id, target, uid)
        for hanging in (assessment.evidence, assessment.review, assessment.second_entry, assessment.objection):
            self._repoint(hanging, hanging.c.assessment_id, form.id, target)
        self._empty(form, target)

    def _leave_form(self, form: RoundForm, target: int) -> None:
        """The absorbed person's form gives way; its evidence and what was objected go to the one that stays."""
        for hanging in (assessment.evidence, assessment.objection):
            self._repoint(hanging, hanging.c.assessment_id, form.id, target)
        self._empty(form, target)

    def _empty(self, form: RoundForm, target: int) -> None:
        column = recognition.certificate.c.assessment_id
        self._repoint(recognition.certificate, column, form.id, target)
        self._remove_hanging(assessment.answer, form.id)
        self._writer.remove(assessment.assessment, form.id)

    def _copy_answers(self, source: int, target: int, form_uid: Uid) -> None:
        table = assessment.answer
        query = select(table).where(table.c.assessment_id.in_((source, target)), table.c.present)
        rows = [dict(row) for row in self._connection.execute(query).mappings()]
        wanted = {row["indicator"]: row for row in rows if row["assessment_id"] == source}
        standing = {row["indicator"]: row for row in rows if row["assessment_id"] == target}
        for indicator, row in wanted.items():
            values = {"assessment_id": target, "indicator": indicator, "value": row["value"], "note": row["note"]}
            self._writer.insert(table, values, uid=keys.answer_uid(form_uid, indicator))
        for indicator, row in standing.items():
            if indicator not in wanted:
                self._writer.update(table, row["id"], {"value": None})

    def _join_certificates(self) -> None:
        """Certificates are the survivor's now; their wording stays as it was printed."""
        table = recognition.certificate
        years: dict[int, list[str]] = {}
        for row in self._subject_rows(table):
            self._writer.update(table, row["id"], {"subject": self._kept.uid})
        query = select(table).where(table.c.subject == self._kept.uid, table.c.model == CITIZEN, table.c.present)
        for found in self._connection.execute(query).mappings():
            if found["status"] != CertificateStatus.VOIDED:
                years.setdefault(found["year"], []).append(found["number"] or "")
        for year, numbers in years.items():
            if len(numbers) > 1:
                listed = ", ".join(sorted(numbers))
                self.joined.notes.append(f"Năm {year} người này có {len(numbers)} giấy công nhận ({listed}).")

    def _join_former_titles(self) -> None:
        table = registry.former_title
        for row in self._subject_rows(table):
            uid = natural_uid(table.name, CITIZEN, self._kept.uid, row["year"])
            if not self._is_present(table, uid):
                self._writer.insert(table, self._copied(table, row), uid=uid)
            self._writer.remove(table, row["id"])

    # -- memberships and the rest --------------------------------------------------------------------------------

    def _join_memberships(self) -> None:
        table = registry.organization_member
        query = select(table).where(table.c.citizen_id == self._gone.id, table.c.present)
        for row in self._connection.execute(query).mappings().all():
            organization = self._writer.references.uid("organization", row["organization_id"])
            uid = natural_uid(table.name, organization, self._kept.uid)
            if not self._is_present(table, uid):
                values = {name: row[name] for name in ("organization_id", "role", "since", "until")}
                self._writer.insert(table, {**values, "citizen_id": self._kept.id}, uid=uid)
            self._writer.remove(table, row["id"])

    def _join_accounts(self) -> None:
        """One state on the national site a round: the survivor's, else the absorbed record's."""
        table = assessment.site_account
        query = select(table).where(table.c.citizen_id == self._gone.id, table.c.present)
        for row in self._connection.execute(query).mappings().all():
            round_uid = self._writer.references.uid("assessment_round", row["assessment_round_id"])
            uid = natural_uid(table.name, round_uid, self._kept.uid)
            if not self._is_present(table, uid):
                names = ("assessment_round_id", "state", "changed_on", "source", "note")
                values = {name: row[name] for name in names}
                self._writer.insert(table, {**values, "citizen_id": self._kept.id}, uid=uid)
            self._writer.remove(table, row["id"])

    def _join_places(self) -> None:
        """Former places follow one another: of two pasts the one that leads to where the survivor lives is kept.

        Times away lie over them and all stay.
        """
        table = registry.residence
        query = select(table.c.id, table.c.citizen_id).where(
            table.c.citizen_id.in_((self._kept.id, self._gone.id)),
            table.c.present,
            table.c.reason.is_distinct_from("away"),
        )
        rows = [(row[0], row[1]) for row in self._connection.execute(query)]
        loser = self._kept.id if self._takes_home else self._gone.id
        if len({owner for _, owner in rows}) == 2:
            self._writer.update_many(table, {key: {"present": False} for key, owner in rows if owner == loser})
            self.joined.notes.append("Cả hai hồ sơ đều có nơi ở cũ: giữ những nơi dẫn đến hộ đã chọn.")
        self._repoint(table, table.c.citizen_id, self._gone.id, self._kept.id)

    def _join_distinct(self) -> None:
        """Whom the absorbed record is not, the survivor is not either."""
        table = registry.distinct_pair
        named = (table.c.first_id == self._gone.id) | (table.c.second_id == self._gone.id)
        for row in self._connection.execute(select(table).where(named, table.c.present)).mappings().all():
            other = row["second_id"] if row["first_id"] == self._gone.id else row["first_id"]
            self._writer.remove(table, row["id"])
            if other is not None and other != self._kept.id:
                write_distinct(self._op, self._kept, Side(other, self._writer.references.uid("citizen", other)))

    def _point_others(self) -> None:
        """Every other present row that names the absorbed person: what later versions of the tables add."""
        handled = {
            "organization_member.citizen_id", "household.head_id", "residence.citizen_id", "site_account.citizen_id",
        }  # fmt: skip
        for table, column in referrers("citizen"):
            is_pair = table is registry.distinct_pair or column.name == "merged_into_id"
            if not is_pair and f"{table.name}.{column.name}" not in handled:
                self._repoint(table, column, self._gone.id, self._kept.id)

    # -- inside --------------------------------------------------------------------------------------------------

    def _subject_rows(self, table: Table) -> list[dict[str, Any]]:
        query = select(table).where(table.c.subject == self._gone.uid, table.c.model == CITIZEN, table.c.present)
        return [dict(row) for row in self._connection.execute(query).mappings()]

    def _row(self, table: Table, row_id: int) -> dict[str, Any]:
        return dict(self._connection.execute(select(table).where(table.c.id == row_id)).mappings().one())

    def _year(self, round_id: int) -> int:
        table = assessment.assessment_round
        return int(self._connection.execute(select(table.c.year).where(table.c.id == round_id)).scalar_one())

    def _is_present(self, table: Table, uid: Uid) -> bool:
        return bool(self._connection.execute(select(table.c.present).where(table.c.uid == uid)).scalar())

    def _copied(self, table: Table, row: Row) -> dict[str, Any]:
        """A row's journalled values, about the survivor."""
        names = (column.name for column in SHARED[table.name].columns.values() if column.name != "present")
        return {**{name: row[name] for name in names}, "subject": self._kept.uid}

    def _repoint(self, table: Table, column: Any, source: int, target: int) -> None:
        ids = self._connection.execute(select(table.c.id).where(column == source, table.c.present)).scalars().all()
        self._writer.update_many(table, {row_id: {column.name: target} for row_id in ids})

    def _remove_hanging(self, table: Table, form_id: int) -> None:
        query = select(table.c.id).where(table.c.assessment_id == form_id, table.c.present)
        rows = self._connection.execute(query).scalars().all()
        self._writer.update_many(table, {row_id: {"present": False} for row_id in rows})


def write_distinct(op: Operation, first: Side, second: Side) -> int:
    """Remember that two people are not one; returns the row's key."""
    lower, higher = sorted((first, second), key=lambda side: side.uid)
    uid = natural_uid("distinct_pair", lower.uid, higher.uid)
    values = {"first_id": lower.id, "second_id": higher.id}
    return op.writer.insert(registry.distinct_pair, values, uid=uid)
