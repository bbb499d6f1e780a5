"""The parts that pages of records share: links, titles, results by year, members. Numbers are masked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import SUBJECT_TABLES
from desktop_app.models.records import Link, Member, Score, Title, YearResult
from desktop_app.models.tables import SHARED
from desktop_app.models.types import (
    AssessmentStatus,
    CertificateStatus,
    CitizenGroup,
    LearningModel,
    LifeStatus,
    Sex,
    Uid,
)
from desktop_app.services.errors import UserError
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.former_titles import former_titles_of
from desktop_app.services.registry.lists import SCORE_COLUMNS, score_join, score_of
from desktop_app.services.registry.rounds import RoundKey


def any_row(connection: Connection, table: str, uid: Uid) -> dict[str, Any]:
    """A row's columns, also of one that was removed (its page can still be read).

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    target = SHARED[table].table
    row = connection.execute(select(target).where(target.c.uid == uid)).mappings().first()
    if row is None:
        raise UserError("Không tìm thấy mục này trong sổ. Hãy nạp lại danh sách.", code="record.unknown")
    return dict(row)


def link(connection: Connection, table: str, row_id: int | None) -> Link | None:
    """A referenced record by name; a household by its code."""
    if row_id is None:
        return None
    target = SHARED[table].table
    name = target.c.code if table == "household" else target.c.full_name if table == "citizen" else target.c.name
    row = connection.execute(select(target.c.uid, name).where(target.c.id == row_id)).first()
    return None if row is None else Link(row[0], row[1] or "")


def links(connection: Connection, query: str, *parameters: Any) -> tuple[Link, ...]:
    """Records of a statement that gives uid and name."""
    return tuple(Link(row[0].hex(), row[1] or "") for row in connection.exec_driver_sql(query, parameters))


def model_of(table: str) -> LearningModel:
    """The learning model whose subjects stand in a table."""
    return next(model for model, name in SUBJECT_TABLES.items() if name == table)


def titles(connection: Connection, table: str, uid: Uid) -> tuple[Title, ...]:
    """Every certificate of a subject, also voided ones, and its titles of former years; newest first."""
    query = """
    SELECT t.year, t.number, d.number, t.status, t.uid FROM certificate AS t JOIN decision AS d ON d.id = t.decision_id
    WHERE t.subject = ? AND t.model = ? AND t.present = 1 ORDER BY t.year DESC, t.sequence DESC"""
    model = model_of(table)
    own = tuple(
        Title(model, row[0] or 0, row[1] or "", row[2] or "", CertificateStatus(row[3] or "issued"), row[4].hex())
        for row in connection.exec_driver_sql(query, (bytes.fromhex(uid), model.value))
    )
    former = former_titles_of(connection, model, uid)
    if not former:
        return own
    given = {title.year for title in own}
    shown = [replace(title, is_overruled=title.year in given) for title in former]
    return tuple(sorted((*own, *shown), key=lambda title: -title.year))


def years(connection: Connection, table: str, uid: Uid) -> tuple[YearResult, ...]:
    """The subject's assessments, newest first."""
    model = model_of(table)
    query = f"""
    SELECT r.year, a.status, {SCORE_COLUMNS}
    FROM assessment AS a JOIN assessment_round AS r ON r.id = a.assessment_round_id
    WHERE a.subject = ? AND a.model = ? AND a.present = 1 ORDER BY r.year DESC"""
    return tuple(
        YearResult(row[0], model, AssessmentStatus(row[1] or "draft"), score_of(row[2:]))
        for row in connection.exec_driver_sql(query, (bytes.fromhex(uid), model.value))
    )


def score(connection: Connection, table: str, row_id: int, key: RoundKey) -> Score:
    """The subject's result in a round."""
    query = f'SELECT {SCORE_COLUMNS} FROM "{table}" AS s {score_join("s", key, model_of(table))} WHERE s.id = ?'
    row = connection.exec_driver_sql(query, (row_id,)).first()
    return score_of(row) if row is not None else Score()


_MEMBER = """
SELECT c.uid, c.full_name, c.birth, c.sex, {relation}, c.citizen_group, c.life_status, c.id = {head}, {score_columns}
FROM {source} {score} WHERE {condition} AND c.present = 1 ORDER BY {order}"""


def household_members(
    connection: Connection, household_id: int, head_id: int | None, key: RoundKey
) -> tuple[Member, ...]:
    """The people of a household: the head first, then by their places; who died or moved away at the end."""
    query = _MEMBER.format(
        relation="c.relation",
        head=head_id if head_id is not None else -1,
        score_columns=SCORE_COLUMNS,
        source="citizen AS c",
        score=score_join("c", key, LearningModel.CITIZEN),
        condition="c.household_id = ?",
        order="c.is_current DESC, 8 DESC, c.position, c.id",
    )
    return tuple(member_of(row) for row in connection.exec_driver_sql(query, (household_id,)))


def organization_members(connection: Connection, organization_id: int, key: RoundKey) -> tuple[Member, ...]:
    """The people of an organization, by name; ``relation`` is their role there."""
    query = _MEMBER.format(
        relation="m.role",
        head=-1,
        score_columns=SCORE_COLUMNS,
        source="organization_member AS m JOIN citizen AS c ON c.id = m.citizen_id",
        score=score_join("c", key, LearningModel.CITIZEN),
        condition="m.organization_id = ? AND m.present = 1 AND m.until IS NULL",
        order="c.sort_key, c.id",
    )
    return tuple(member_of(row) for row in connection.exec_driver_sql(query, (organization_id,)))


def branch_members(connection: Connection, branch_id: int, key: RoundKey, limit: int) -> tuple[Member, ...]:
    """The people of a branch who live here, by name, at most ``limit``; ``relation`` is their hamlet."""
    query = _MEMBER.format(
        relation="v.name",
        head=-1,
        score_columns=SCORE_COLUMNS,
        source="citizen AS c LEFT JOIN hamlet AS v ON v.id = c.hamlet_id",
        score=score_join("c", key, LearningModel.CITIZEN),
        condition="c.branch_id = ? AND c.is_current = 1",
        order="c.sort_key, c.id LIMIT ?",
    )
    return tuple(member_of(row) for row in connection.exec_driver_sql(query, (branch_id, limit)))


def member_of(row: Sequence[Any]) -> Member:
    """One person from the columns of ``_MEMBER``: who, role, group, life, head or not, score."""
    uid, name, birth, sex, relation, group, life, is_head, *result = row
    return Member(
        uid.hex(),
        name or "",
        birth_text(birth),
        Sex(sex) if sex else None,
        relation or "",
        CitizenGroup(group) if group else None,
        LifeStatus(life or "living"),
        bool(is_head),
        score_of(result),
    )


def texts(row: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Columns as text by name, blanks as empty."""
    return {name: row[name] or "" for name in names}
