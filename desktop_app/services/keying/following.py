"""Who probably comes next in a stack that lies in the order of the list: household by household, those without a form.

Invariant: a proposal only; it is shown and chosen like every other match, never taken by itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import SOURCES, eligible
from desktop_app.services.context import Context
from desktop_app.services.keying.finding import LIMIT, Candidate, candidate_of
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.raw import all_rows, one_row

_ORDERS = {
    LearningModel.CITIZEN: ("h.sort_key", "s.position", "s.id"),
    LearningModel.FAMILY: ("s.sort_key", "s.id"),
}
"""Lists of people go by household and place in it, all others by name."""


def following(context: Context, batch: BatchRecord, after: Uid | None, limit: int = LIMIT) -> tuple[Candidate, ...]:
    """Those of the batch's place who come after somebody in the list and have nothing keyed in this round.

    Args:
        after: whose form was keyed last; None begins at the top.
    """
    model, cover = batch.cover.model, batch.cover
    with context.read() as connection:
        round_ = round_of(connection, batch.year)
        where, values = _place(batch)
        if model is LearningModel.CITIZEN:
            where += " AND (s.citizen_group IS NULL OR s.citizen_group = ?)"
            values.append(cover.group.value if cover.group else None)
        terms = _ORDERS.get(model, (SOURCES[model].sort, "s.id"))
        last = _standing(connection, model, after, terms) if after is not None else None
        if last is not None:
            where += f" AND ({', '.join(f'coalesce({term}, 0)' for term in terms)}) > ({', '.join('?' * len(last))})"
            values += last
        rows = _read(connection, model, round_, where, values, terms, limit)
    return tuple(candidate_of(model, row, is_near=True) for row in rows)


def _place(batch: BatchRecord) -> tuple[str, list[Any]]:
    cover, model = batch.cover, batch.cover.model
    if cover.hamlet is not None:
        column = "s.id" if model is LearningModel.COMMUNITY else "s.hamlet_id"
        return f"{column} = (SELECT id FROM hamlet WHERE uid = ?)", [bytes.fromhex(cover.hamlet)]
    if cover.organization is not None and model is LearningModel.CITIZEN:
        return (
            "s.id IN (SELECT m.citizen_id FROM organization_member m JOIN organization u ON u.id = m.organization_id "
            "WHERE u.uid = ? AND m.present AND m.until IS NULL)",
            [bytes.fromhex(cover.organization)],
        )
    return "1", []


def _standing(connection: Connection, model: LearningModel, uid: Uid, terms: tuple[str, ...]) -> list[Any] | None:
    """Where somebody stands in the list."""
    columns = ", ".join(f"coalesce({term}, 0)" for term in terms)
    row = one_row(
        connection,
        f"SELECT {columns} FROM {subject_table(model)} s {SOURCES[model].joins} WHERE s.uid = ?",
        (bytes.fromhex(uid),),
    )
    return list(row) if row is not None else None


def _read(
    connection: Connection,
    model: LearningModel,
    round_: RoundRecord,
    where: str,
    values: list[Any],
    terms: tuple[str, ...],
    limit: int,
) -> list[tuple[Any, ...]]:
    source = SOURCES[model]
    own = "s.birth, s.life_status" if model is LearningModel.CITIZEN else "NULL, NULL"
    order = ", ".join(f"coalesce({term}, 0)" for term in terms)
    return all_rows(
        connection,
        f"SELECT s.uid, {source.name}, v.name, {source.detail}, {own} FROM {subject_table(model)} s {source.joins} "
        f"LEFT JOIN assessment a ON a.assessment_round_id = {round_.id} AND a.subject_id = s.id "
        f"AND a.model = '{model.value}' AND a.present "
        f"WHERE {eligible(model, round_)} AND {where} AND a.batch_id IS NULL AND coalesce(a.answered, 0) = 0 "
        f"ORDER BY {order} LIMIT {int(limit)}",
        values,
    )
