"""Derived columns of assessments: subject key, total, answered, complete, passed, grade; kept inside each operation.

Invariants: what is stored is what ``evaluate`` says of the stored answers; a form with a frozen verdict keeps that
verdict's figures whatever its answers, its set or the register become; a changed set or fact touches no closed round.
A title that changes hands carries on: families change their clan's share, citizens their unit's and the commune's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import SUBJECT_TABLES
from desktop_app.models.types import LearningModel
from desktop_app.services.raw import all_rows, among, one_row, write_rows

Row = tuple[Any, ...]
Figures = tuple[float | None, int, bool, bool, str | None]
"""total, answered, is_complete, passed, grade."""

_SCOPED = 500
"""Above so many changed titles every form that counts them is judged anew, below it only those they belong to."""


def refresh_assessments(connection: Connection, touched: Mapping[str, set[int]]) -> None:
    """Bring every derived column up to date that the written rows change."""
    for table in ("registration", "assessment", "certificate", "former_title"):
        if touched.get(table):
            _refresh_subjects(connection, table, touched[table])
    forms = _changed_forms(connection, touched)
    titles = _Titles()
    if forms:
        _judge(connection, forms, touched.get("assessment", frozenset()), titles)
    tables = touched.keys() & _FACT_TABLES
    for _ in range(len(LearningModel)):
        if not titles.changed and not tables:
            return
        forms = _dependent_forms(connection, titles, tables)
        tables, titles = set(), _Titles()
        if not forms:
            return
        _judge(connection, forms, frozenset(), titles)


_FACT_TABLES = frozenset(
    {
        "citizen", "household", "hamlet", "clan", "organization", "clan_household", "organization_member",
        "registration", "assessment_round",
    }
)  # fmt: skip
"""Tables whose rows facts are counted from."""


def _forget_subject(row: Mapping[str, Any], changed: AbstractSet[str] | None = None) -> dict[str, Any]:
    """The subject's key is looked up anew where a merge of two records gave the row to another person."""
    return {"subject_id": None} if changed is not None and "subject" in changed else {}


ROWS = dict.fromkeys(("registration", "assessment", "certificate", "former_title"), _forget_subject)


@dataclass
class _Titles:
    """Subjects whose title may have changed hands: model → local keys."""

    changed: dict[str, set[int]] = field(default_factory=dict)

    def add(self, model: str, subject: int | None) -> None:
        if subject is not None:
            self.changed.setdefault(model, set()).add(subject)


def _refresh_subjects(connection: Connection, table: str, ids: Iterable[int]) -> None:
    arguments = (_json(ids),)
    models = all_rows(
        connection,
        f"SELECT DISTINCT model FROM {table} WHERE id IN (SELECT value FROM json_each(?)) AND subject_id IS NULL",
        arguments,
    )
    for (model,) in models:
        target = SUBJECT_TABLES.get(model)
        if target is not None:
            connection.exec_driver_sql(
                f"UPDATE {table} SET subject_id = s.id FROM {target} s WHERE s.uid = {table}.subject "
                f"AND {table}.subject_id IS NULL AND {table}.model = '{LearningModel(model).value}' "
                f"AND {table}.id IN (SELECT value FROM json_each(?))",
                arguments,
            )


def _changed_forms(connection: Connection, touched: Mapping[str, set[int]]) -> list[int]:
    ids = set(touched.get("assessment", ()))
    if answers := touched.get("answer"):
        ids.update(_column(connection, "SELECT DISTINCT assessment_id FROM answer WHERE id", answers))
    if sets := touched.get("criteria_set"):
        ids.update(_column(connection, _BY_SET, sets))
    return sorted(ids)


_BY_SET = """
SELECT a.id FROM assessment a JOIN assessment_round r ON r.id = a.assessment_round_id
WHERE r.status <> 'closed' AND a.frozen IS NULL AND a.criteria_set_id"""


@dataclass(frozen=True, slots=True)
class _Form:
    """A form to be judged, with the figures it has."""

    id: int
    model: str
    subject_id: int | None
    round_id: int
    set_id: int | None
    frozen: str | None
    old: Figures


def _judge(connection: Connection, ids: list[int], written: Iterable[int], titles: _Titles) -> None:
    """Judge forms anew and store the figures that differ."""
    forms = _read_forms(connection, ids)
    figures = {form.id: _frozen_figures(form.frozen) for form in forms if form.frozen}
    by_set: dict[tuple[int, int], list[_Form]] = {}
    for form in forms:
        if form.set_id is not None and not form.frozen:
            by_set.setdefault((form.set_id, form.round_id), []).append(form)
    if by_set:
        figures.update(_judged(connection, by_set))
    changed = []
    written = frozenset(written)
    for form in forms:
        new = figures.get(form.id)
        if new is not None and new != form.old:
            changed.append((*new, form.id))
        was_passed = bool(form.old[3])
        is_rewritten = form.id in written and form.old[1] is not None and was_passed
        if is_rewritten or (new is not None and new[3] != was_passed):
            titles.add(form.model, form.subject_id)
    if changed:
        write_rows(connection, _STORE, changed)


_STORE = "UPDATE assessment SET total = ?, answered = ?, is_complete = ?, passed = ?, grade = ? WHERE id = ?"


def _read_forms(connection: Connection, ids: list[int]) -> list[_Form]:
    condition, values = among(ids)
    rows = all_rows(
        connection,
        "SELECT id, model, subject_id, assessment_round_id, criteria_set_id, frozen, total, answered, is_complete, "
        f"passed, grade FROM assessment WHERE id {condition}",
        values,
    )
    return [
        _Form(key, model, subject, round_id, set_id, frozen, (total, answered, _flag(complete), _flag(passed), grade))
        for key, model, subject, round_id, set_id, frozen, total, answered, complete, passed, grade in rows
    ]


def _judged(connection: Connection, by_set: Mapping[tuple[int, int], list[_Form]]) -> dict[int, Figures]:
    from desktop_app.services.assessment.judging import judge_for
    from desktop_app.services.criteria.office import read_sets

    sets = read_sets(connection, {set_id for set_id, _ in by_set})
    found: dict[int, Figures] = {}
    for (set_id, round_id), forms in by_set.items():
        used = sets.get(set_id)
        if used is None:
            continue
        judge = judge_for(used.definition)
        answers = read_answers(connection, [form.id for form in forms])
        facts = _facts_of(connection, judge, round_id, forms)
        for form in forms:
            found[form.id] = judge.figures(answers.get(form.id, {}), facts.get(form.subject_id or 0, {}))
    return found


def _facts_of(connection: Connection, judge: Any, round_id: int, forms: list[_Form]) -> Mapping[int, Any]:
    if not judge.asked:
        return {}
    from desktop_app.services.assessment.facts import count_facts
    from desktop_app.services.assessment.rounds import round_by_id

    subjects = [form.subject_id for form in forms if form.subject_id is not None]
    return count_facts(connection, round_by_id(connection, round_id), judge.asked, subjects)


def read_answers(connection: Connection, form_ids: Iterable[int]) -> dict[int, dict[str, float]]:
    """The answers that stand, of many forms: form → indicator → value."""
    found: dict[int, dict[str, float]] = {}
    condition, values = among(form_ids)
    rows = all_rows(
        connection,
        "SELECT assessment_id, indicator, value FROM answer "
        f"WHERE assessment_id {condition} AND present AND value IS NOT NULL",
        values,
    )
    for form_id, indicator, value in rows:
        answers = found.get(form_id)
        if answers is None:
            answers = found[form_id] = {}
        answers[indicator] = value
    return found


def _frozen_figures(text: str) -> Figures:
    frozen = json.loads(text)
    return (
        frozen.get("total"),
        int(frozen.get("answered") or 0),
        bool(frozen.get("complete", True)),
        bool(frozen.get("passed")),
        frozen.get("grade"),
    )


# -- forms whose facts changed -----------------------------------------------------------------------------------


def _dependent_forms(connection: Connection, titles: _Titles, tables: Iterable[str]) -> list[int]:
    """Unfrozen forms of open rounds whose set counts something that changed."""
    if one_row(connection, _ANY_DEPENDENT) is None:
        return []
    from desktop_app.services.assessment.facts import asked_facts, held_model, source_tables
    from desktop_app.services.criteria.office import read_sets

    tables = frozenset(tables)
    found: list[int] = []
    for set_id, used in read_sets(connection).items():
        asked = asked_facts(used.definition) if used else {}
        if not used or not asked:
            continue
        model = used.definition.model.value
        if any(source_tables(key) & tables for key in asked):
            found += _forms_by_set(connection, set_id, model, None)
            continue
        held = {held_model(key).value for key in asked} & titles.changed.keys()
        if held:
            scope = _belonging(connection, model, {name: titles.changed[name] for name in held})
            found += _forms_by_set(connection, set_id, model, scope)
    return found


_UNFROZEN = (
    "FROM assessment_round r CROSS JOIN assessment a ON a.assessment_round_id = r.id "
    "WHERE r.status <> 'closed' AND a.frozen IS NULL"
)
_ANY_DEPENDENT = (
    f"SELECT 1 {_UNFROZEN} AND a.model IN ('family', 'clan', 'community', 'organization', 'commune') LIMIT 1"
)


def _forms_by_set(connection: Connection, set_id: int, model: str, scope: set[int] | None) -> list[int]:
    query = f"SELECT a.id {_UNFROZEN} AND a.model = ? AND a.criteria_set_id = ?"
    if scope is None:
        rows = all_rows(connection, query, (model, set_id))
    else:
        query += " AND a.subject_id IN (SELECT value FROM json_each(?))"
        rows = all_rows(connection, query, (model, set_id, _json(scope)))
    return [row[0] for row in rows]


def _belonging(connection: Connection, model: str, changed: Mapping[str, set[int]]) -> set[int] | None:
    """Subjects of ``model`` that the changed titles belong to; None when all may be meant."""
    if sum(map(len, changed.values())) > _SCOPED:
        return None
    found: set[int] = set()
    for held, ids in changed.items():
        query = _BELONGING.get((model, held))
        if query is None:
            return None
        found.update(_column(connection, query, ids))
    return found


_BELONGING = {
    ("family", "citizen"): "SELECT household_id FROM citizen WHERE id",
    ("clan", "family"): "SELECT clan_id FROM clan_household WHERE household_id",
    ("community", "family"): "SELECT hamlet_id FROM household WHERE id",
    ("community", "citizen"): "SELECT hamlet_id FROM citizen WHERE id",
    ("organization", "citizen"): "SELECT organization_id FROM organization_member WHERE citizen_id",
}


def _column(connection: Connection, query: str, ids: Iterable[int]) -> list[int]:
    """The one column that a query gives for rows with these keys; it ends where the keys are to follow."""
    condition, values = among(ids)
    return [row[0] for row in all_rows(connection, f"{query} {condition}", values)]


def _json(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))


def _flag(value: Any) -> Any:
    return None if value is None else bool(value)
