"""A small invented commune for the tests of assessment: hamlets, families, a clan, a unit, and forms filled at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables import registry
from desktop_app.models.types import AssessmentStatus, CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.frozen import freeze_verdict
from desktop_app.services.assessment.results import read_verdicts
from desktop_app.services.assessment.rounds import round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import read_sets, set_in_use

YEAR = 2026
CITIZEN = LearningModel.CITIZEN
FAMILY = LearningModel.FAMILY


def add_people(
    context: Context, people: Sequence[Mapping[str, Any]], *, hamlet: str = "Thôn 1", code: str = "01-0001"
) -> tuple[Uid, list[Uid]]:
    """A household with people of these fields; the first is its head."""
    with context.operation("household.add", {}) as op:
        hamlet_id = op.connection.exec_driver_sql("SELECT id FROM hamlet WHERE name = ?", (hamlet,)).scalar_one()
        household = op.writer.insert(registry.household, {"code": code, "hamlet_id": hamlet_id})
        ids = [
            op.writer.insert(
                registry.citizen,
                {
                    "full_name": f"Nguyễn Văn {place}",
                    "birth": "1980",
                    "household_id": household,
                    "position": place,
                    **each,
                },
            )
            for place, each in enumerate(people, 1)
        ]
        if ids:
            op.writer.update(registry.household, household, {"head_id": ids[0]})
        return (
            op.writer.references.uid("household", household),
            [op.writer.references.uid("citizen", row_id) for row_id in ids],
        )


def add_clan(context: Context, households: Sequence[Uid], name: str = "Dòng họ Nguyễn") -> Uid:
    """A clan of these families."""
    with context.operation("clan.add", {}) as op:
        clan = op.writer.insert(registry.clan, {"name": name, "surname": "Nguyễn"})
        for uid in households:
            household = op.writer.references.id("household", uid)
            op.writer.insert(registry.clan_household, {"clan_id": clan, "household_id": household})
        return op.writer.references.uid("clan", clan)


def add_unit(context: Context, members: Sequence[Uid], name: str = "Trường Tiểu học Phú An") -> Uid:
    """An organization with these members."""
    with context.operation("organization.add", {}) as op:
        unit = op.writer.insert(registry.organization, {"name": name, "kind": "school"})
        for uid in members:
            person = op.writer.references.id("citizen", uid)
            op.writer.insert(registry.organization_member, {"organization_id": unit, "citizen_id": person})
        return op.writer.references.uid("organization", unit)


def row_uid(context: Context, table: str, name: str | None = None) -> Uid:
    """The uid of a named row, or of the first."""
    query = f"SELECT uid FROM {table} WHERE ? IS NULL OR name = ? ORDER BY id"
    with context.read() as connection:
        uid: bytes = (
            connection.exec_driver_sql(query, (name, name)).scalar_one()
            if name
            else (connection.exec_driver_sql(query, (name, name)).scalars().first())
        )
    return uid.hex()


def codes_of(context: Context, model: LearningModel, group: CitizenGroup | None = None) -> list[str]:
    """Indicator codes of the set in use, in order."""
    with context.read() as connection:
        return list(set_in_use(connection, model, group).definition.by_code)


def fill(
    context: Context,
    model: LearningModel,
    subject: Uid,
    *,
    share: float = 1.0,
    year: int = YEAR,
    group: CitizenGroup | None = CitizenGroup.RESIDENT,
) -> None:
    """Fill a form whole: every indicator gets this share of its maximum (a chỉ tiêu is met from 0.5 on)."""
    with context.read() as connection:
        used = set_in_use(connection, model, group if model is CITIZEN else None)
    for indicator in used.definition.indicators:
        value: float = int((indicator.max_score or 0) * share)
        if indicator.max_score is None:
            value = 100 * share if indicator.answer_type.value == "percent" else float(share >= 0.5)
        answer(context, model, subject, year, indicator.code, value)
    leave_form(context)


def figures(context: Context, model: LearningModel, subject: Uid, year: int = YEAR) -> dict[str, Any]:
    """The stored assessment of a subject."""
    uid = bytes.fromhex(keys.assessment_uid(year, model, subject))
    with context.read() as connection:
        row = connection.exec_driver_sql("SELECT * FROM assessment WHERE uid = ?", (uid,)).mappings().one()
    return dict(row)


def freeze(context: Context, model: LearningModel, subject: Uid, year: int = YEAR) -> None:
    """Recognise one form as the recognition service does: its verdict is frozen."""
    with context.operation("recognise", {"count": 1, "model": model.value, "year": year, "number": "1"}) as op:
        uid = keys.assessment_uid(year, model, subject)
        form_id = op.writer.references.id("assessment", uid)
        assert form_id is not None
        round_ = round_of(op.connection, year)
        _, _, verdict, answers = next(iter(read_verdicts(op.connection, round_, model, [form_id])))
        set_id = op.connection.exec_driver_sql(
            "SELECT criteria_set_id FROM assessment WHERE id = ?", (form_id,)
        ).scalar_one()
        used = read_sets(op.connection, [set_id])[set_id]
        assert used is not None
        op.writer.update(
            tables.assessment,
            form_id,
            {"status": AssessmentStatus.RECOGNISED.value, "frozen": freeze_verdict(used, answers, verdict)},
        )


def set_birth(context: Context, person: Uid, birth: str) -> None:
    """Mend the birth of somebody who may have been assessed already."""
    with context.operation("citizen.edit", {}) as op:
        row_id = op.writer.references.id("citizen", person)
        assert row_id is not None
        op.writer.update(registry.citizen, row_id, {"birth": birth})


def operations(context: Context) -> list[str]:
    """Kinds of all operations, oldest first."""
    with context.read() as connection:
        return list(connection.exec_driver_sql("SELECT kind FROM operation ORDER BY id").scalars())
