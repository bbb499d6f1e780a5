"""Bringing a version into force: which forms, batches and rounds go over to it.

Invariant: verdicts that were frozen stay with the version they were given under, whatever comes into force.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables.criteria import criteria_set
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.criteria.drafts import SetVersion, read_any, require_clean, require_office
from desktop_app.services.criteria.office import read_sets
from desktop_app.services.criteria.schema import prepared
from desktop_app.services.criteria.stored import stored_value
from desktop_app.services.raw import all_rows


@dataclass(frozen=True, slots=True)
class Forced:
    """What bringing a version into force did: forms moved to it, and frozen ones that stayed."""

    uid: Uid
    moved: int
    stayed: int


def force_set(context: Context, set_uid: Uid, *, moves_forms: bool = False) -> Forced:
    """Bring a version into force: new forms of its model and group are filled by it from now on.

    Args:
        moves_forms: forms of rounds that are not closed and not frozen, with the open batches that they are keyed in,
            go over to it and are judged anew; answers whose indicator it lacks are kept aside. Frozen verdicts stay
            with their version in any case.

    Raises:
        UserError: ``criteria.not_clean`` with the first problem, ``criteria.version_taken``, ``criteria.office_only``.
    """
    require_office(context)
    with context.operation("criteria.force") as op:
        item = read_any(op.connection, set_uid)
        op.args["set"] = item.label
        if item.is_draft:
            require_clean(item)
            value = stored_value(prepared(item.definition), item.origin, is_draft=False)
            op.writer.update(criteria_set, item.id, {"definition": value})
        d = item.definition
        siblings = [
            row_id
            for row_id, other in read_sets(op.connection).items()
            if other and (other.definition.model, other.definition.group) == (d.model, d.group)
        ]
        for row_id in {*siblings, item.id}:
            op.writer.update(criteria_set, row_id, {"is_in_use": int(row_id == item.id)})
        frozen = _forms_of(op.connection, siblings, item.id, is_frozen=True)
        moved = _forms_of(op.connection, siblings, item.id, is_frozen=False) if moves_forms else []
        _move(op, item, moved, siblings if moves_forms else [])
        return Forced(set_uid, len(moved), len(frozen))


def _forms_of(connection: Connection, siblings: list[int], own: int, *, is_frozen: bool) -> list[int]:
    """Forms of open rounds filled by another version of the same model and group."""
    word = "NOT NULL" if is_frozen else "NULL"
    rows = all_rows(
        connection,
        "SELECT a.id FROM assessment a JOIN assessment_round r ON r.id = a.assessment_round_id "
        f"WHERE a.present AND r.status <> 'closed' AND a.frozen IS {word} AND a.criteria_set_id <> ? "
        "AND a.criteria_set_id IN (SELECT value FROM json_each(?))",
        (own, json.dumps(siblings)),
    )
    return [row[0] for row in rows]


def _move(op: Operation, item: SetVersion, forms: list[int], siblings: list[int]) -> None:
    """Put forms, the open batches they are keyed in, and what open rounds chose themselves, under a version."""
    from desktop_app.models.tables.assessment import assessment, batch, round_set

    batches = all_rows(
        op.connection,
        "SELECT b.id FROM batch b JOIN assessment_round r ON r.id = b.assessment_round_id "
        "WHERE b.present AND b.status = 'open' AND r.status <> 'closed' AND b.criteria_set_id <> ? "
        "AND b.criteria_set_id IN (SELECT value FROM json_each(?))",
        (item.id, json.dumps(siblings)),
    )
    op.writer.update_many(batch, {row_id: {"criteria_set_id": item.id} for (row_id,) in batches})
    op.writer.update_many(assessment, {form: {"criteria_set_id": item.id} for form in forms})
    d = item.definition
    rows = all_rows(
        op.connection,
        "SELECT s.id FROM round_set s JOIN assessment_round r ON r.id = s.assessment_round_id "
        "WHERE s.present AND r.status <> 'closed' AND s.model = ? AND s.citizen_group IS ? "
        "AND s.criteria_set_id IS NOT NULL",
        (d.model.value, d.group.value if d.group else None),
    )
    for (row_id,) in rows:
        op.writer.update(round_set, row_id, {"criteria_set_id": item.id})
