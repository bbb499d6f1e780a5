"""The next round from the one before: dates and targets carried over, and who is proposed for it.

Invariants: the register itself is the same and is not copied; proposals are read from what stands now and are written
only when a person accepts them, so an accepted proposal is a plain registration (or a plain change of group) that can
be undone; opening the round is one operation, undoable until something else was built on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables.registry import citizen
from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.assessment.registration import held_last_year
from desktop_app.services.assessment.round_closing import require_office
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.shapes import is_registered
from desktop_app.services.assessment.subjects import SOURCES, eligible
from desktop_app.services.context import Context
from desktop_app.services.criteria.round_sets import groups_left_out, takes_part
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.groups import group_of_occupation
from desktop_app.services.vietnamese import PartialDate, age_on

PUPIL_UNTIL = 18
"""Complete years above which somebody whose occupation is "học sinh" is taken to have left school (inferred)."""
STUDENT_UNTIL = 25
"""The same for students (sinh viên) and for pupils of whom no occupation is known (inferred)."""


class Why(StrEnum):
    """Why somebody is proposed for registration."""

    RENEWAL = "renewal"
    OF_AGE = "of_age"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody proposed for registration.

    Args:
        birth: ISO, of citizens.
    """

    subject: Uid
    name: str
    hamlet: str
    why: Why
    birth: str = ""


@dataclass(frozen=True, slots=True)
class GroupProposal:
    """A pupil or student who seems to have left school.

    Args:
        present, proposed: groups; ``reason`` in words.
    """

    citizen: Uid
    name: str
    hamlet: str
    birth: str
    occupation: str
    present: CitizenGroup
    proposed: CitizenGroup
    reason: str


def start_next_round(context: Context, year: int, name: str = "") -> RoundRecord:
    """Open the round of the year after ``year`` from it: the dates a year later, the office's own targets, its sets.

    A round that exists already is given back as it is.

    Raises:
        UserError: ``round.unknown`` where there is no round of ``year``; ``year.bad``.
    """
    require_office(context)
    following = year + 1
    if not 2000 <= following <= 2100:
        raise UserError(f"Năm {following} không hợp lệ; chưa mở đợt.", code="year.bad")
    with context.operation("round.next", {"year": following}) as op:
        old = round_of(op.connection, year)
        taken = "SELECT 1 FROM assessment_round WHERE year = ? AND present"
        if op.connection.exec_driver_sql(taken, (following,)).first() is None:
            values = {
                "year": following,
                "name": name.strip() or f"Đợt {following}",
                "status": "open",
                "starts_on": _a_year_later(old.starts_on),
                "ends_on": _a_year_later(old.ends_on),
                "counted_on": _a_year_later(old.counted_on),
            }
            new_id = op.writer.insert(tables.assessment_round, values, uid=keys.round_uid(following))
            _carry(op, old.id, new_id, following)
        return round_of(op.connection, following)


def _a_year_later(day: str) -> str:
    date = dt.date.fromisoformat(day)
    last = 28 if (date.month, date.day) == (2, 29) else date.day
    return date.replace(year=date.year + 1, day=last).isoformat()


def _carry(op: Operation, old_id: int, new_id: int, year: int) -> None:
    """The office's own targets, and the sets that the round was judged by."""
    target, chosen = tables.target, tables.round_set
    rows = op.connection.execute(
        select(target).where(target.c.assessment_round_id == old_id, target.c.present, target.c.percent.is_not(None))
    )
    for row in rows.mappings().all():
        names = ("model", "citizen_group", "percent", "denominator", "source", "status")
        uid = keys.target_uid(year, LearningModel(row["model"]), row["citizen_group"])
        op.writer.insert(target, {**{n: row[n] for n in names}, "assessment_round_id": new_id}, uid=uid)
    rows = op.connection.execute(select(chosen).where(chosen.c.assessment_round_id == old_id, chosen.c.present))
    for row in rows.mappings().all():
        same = ("model", "citizen_group", "criteria_set_id", "is_taking_part")
        uid = keys.round_set_uid(year, LearningModel(row["model"]), row["citizen_group"])
        op.writer.insert(chosen, {**{n: row[n] for n in same}, "assessment_round_id": new_id}, uid=uid)


def proposals(context: Context, model: LearningModel, year: int, *, hamlet: Uid | None = None) -> tuple[Proposal, ...]:
    """Who is proposed for registration in the round and not registered yet, hamlet by hamlet.

    Those who held the title the year before (renewal), those who come of age in this round, and those who were
    registered the year before and did not get it. Only who is to be assessed in this round; nobody is written.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        held = held_last_year(connection, round_, model)
        before = _registered_before(connection, round_, model)
        of_age = _came_of_age(connection, round_) if model is LearningModel.CITIZEN else frozenset[Uid]()
        wanted = held | before | of_age
        out = {group.value for group in groups_left_out(connection, round_.id)}
        found: list[Proposal] = []
        if model is not LearningModel.CITIZEN and not takes_part(connection, round_.id, model):
            return ()
        for uid, name, place, birth, group in _standing(connection, round_, model, hamlet):
            if uid in wanted and group not in out:
                why = Why.RENEWAL if uid in held else Why.OF_AGE if uid in of_age else Why.REGISTERED
                found.append(Proposal(uid, name, place, why, birth))
    return tuple(found)


def _standing(
    connection: Connection, round_: RoundRecord, model: LearningModel, hamlet: Uid | None
) -> Iterable[tuple[Uid, str, str, str, str]]:
    """Everybody who is to be assessed and is not registered, in the order of lists."""
    source = SOURCES[model]
    where = eligible(model, round_)
    values: dict[str, object] = {}
    if hamlet is not None:
        where += f" AND {source.hamlet} = (SELECT id FROM hamlet WHERE uid = :hamlet)"
        values["hamlet"] = bytes.fromhex(hamlet)
    birth = "s.birth, s.citizen_group" if model is LearningModel.CITIZEN else "'', ''"
    rows = all_rows(
        connection,
        f"SELECT s.uid, {source.name}, v.name, {birth} FROM {keys.subject_table(model)} AS s {source.joins} "
        f"WHERE {where} AND NOT {is_registered(model, round_)} "
        f"ORDER BY v.sort_key, {source.sort}, s.id",
        values,
    )
    for uid, name, place, born, group in rows:
        yield uid.hex(), name or "", place or "", born or "", group or ""


def _registered_before(connection: Connection, round_: RoundRecord, model: LearningModel) -> frozenset[Uid]:
    rows = all_rows(
        connection,
        "SELECT g.subject FROM registration AS g JOIN assessment_round AS r ON r.id = g.assessment_round_id "
        "WHERE r.year = ? AND r.present AND g.model = ? AND g.present",
        (round_.year - 1, model.value),
    )
    return frozenset(row[0].hex() for row in rows)


def _came_of_age(connection: Connection, round_: RoundRecord) -> frozenset[Uid]:
    """Who is 16 on this round's counting day and was not a year earlier."""
    youngest, before = round_.born_by(DEFAULT_MIN_AGE), round_.born_by(DEFAULT_MIN_AGE + 1)
    rows = all_rows(
        connection, "SELECT uid FROM citizen WHERE is_current AND birth <= ? AND birth > ?", (youngest, before)
    )
    return frozenset(row[0].hex() for row in rows)


def group_proposals(context: Context, year: int, *, hamlet: Uid | None = None) -> tuple[GroupProposal, ...]:
    """Pupils and students who seem to have left school, with the group that fits them now, hamlet by hamlet.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        values: dict[str, object] = {}
        where = "c.is_current AND c.citizen_group = 'student'"
        if hamlet is not None:
            where += " AND c.hamlet_id = (SELECT id FROM hamlet WHERE uid = :hamlet)"
            values["hamlet"] = bytes.fromhex(hamlet)
        rows = all_rows(
            connection,
            "SELECT c.uid, c.full_name, v.name, c.birth, c.occupation FROM citizen AS c "
            f"LEFT JOIN hamlet AS v ON v.id = c.hamlet_id WHERE {where} ORDER BY v.sort_key, c.sort_key, c.id",
            values,
        )
    on = dt.date.fromisoformat(round_.counted_on)
    found = []
    for uid, name, place, birth, occupation in rows:
        judged = _left_school(birth, occupation or "", on)
        if judged is not None:
            group, reason = judged
            found.append(
                GroupProposal(
                    uid.hex(),
                    name or "",
                    place or "",
                    birth or "",
                    occupation or "",
                    CitizenGroup.STUDENT,
                    group,
                    reason,
                )
            )
    return tuple(found)


def _left_school(birth: str | None, occupation: str, on: dt.date) -> tuple[CitizenGroup, str] | None:
    known = group_of_occupation(occupation)
    if known is not None and known is not CitizenGroup.STUDENT:
        return known, f"nghề nghiệp ghi “{occupation}”"
    age = age_on(PartialDate.from_iso(birth), on) if birth else None
    if age is None:
        return None
    is_pupil = "học sinh" in occupation.lower()
    if age > (PUPIL_UNTIL if is_pupil else STUDENT_UNTIL):
        return CitizenGroup.RESIDENT, f"{age} tuổi, {'ghi học sinh' if is_pupil else 'quá tuổi đi học'}"
    return None


def accept_groups(context: Context, year: int, accepted: Iterable[GroupProposal]) -> int:
    """Give people the proposed groups, as one operation; who is no longer a pupil in the register stays as he is.

    Returns:
        How many were changed.

    Raises:
        UserError: ``round.unknown``, ``round.closed``.
    """
    wanted = {item.citizen: item for item in accepted}
    with context.operation("bulk.group") as op:
        require_open(round_of(op.connection, year))
        op.writer.references.learn_many("citizen", list(wanted))
        changes = {}
        for uid, item in wanted.items():
            row_id = op.writer.references.id("citizen", uid)
            if row_id is not None and _group_of(op.connection, row_id) == item.present.value:
                changes[row_id] = {"citizen_group": item.proposed.value}
        op.writer.update_many(citizen, changes)
        op.args["count"] = len(changes)
    return len(changes)


def _group_of(connection: Connection, row_id: int) -> str | None:
    found: str | None = connection.exec_driver_sql("SELECT citizen_group FROM citizen WHERE id = ?", (row_id,)).scalar()
    return found
