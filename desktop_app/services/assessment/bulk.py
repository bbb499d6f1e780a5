"""Writing many forms at once under one operation, for imports: registrations, forms and answers by executemany.

Invariants: values were checked against their sets before; a form that is recognised is never touched; what stands
already with the same value writes nothing, so the same list applied twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop_app.models.journal import Writer
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import AssessmentStatus, LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.registration import add_registrations, existing_rows
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.raw import all_rows


@dataclass(frozen=True, slots=True)
class FilledForm:
    """One subject's form as a list gives it.

    Args:
        set_id: local key of the criteria set it is filled by.
        answers: indicator code → checked value; what is absent is not touched.
    """

    subject: Uid
    set_id: int
    answers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FormCounts:
    """What writing did: forms made, forms of which an answer or the set changed, forms left as they were.

    Args:
        made, changed: the subjects of the forms that were made, and of those that were changed.
    """

    created: int
    updated: int
    unchanged: int
    made: frozenset[Uid] = frozenset()
    changed: frozenset[Uid] = frozenset()


def write_forms(writer: Writer, round_: RoundRecord, model: LearningModel, forms: Sequence[FilledForm]) -> FormCounts:
    """Write forms of subjects that are in the register; each subject at most once."""
    add_registrations(writer, round_, model, [form.subject for form in forms])
    uids = {form.subject: keys.assessment_uid(round_.year, model, form.subject) for form in forms}
    standing = existing_rows(writer.connection, "assessment", uids.values())
    fresh = [form for form in forms if uids[form.subject] not in standing]
    made = _make_forms(writer, round_, model, fresh, uids)
    ids = {uid: row_id for uid, (row_id, _) in standing.items()} | made
    changed = _refresh_forms(writer, round_, model, [f for f in forms if uids[f.subject] in standing], uids, standing)
    changed |= _write_answers(writer, forms, uids, ids, set(made))
    absent = {form.subject for form in forms if not standing.get(uids[form.subject], (0, True))[1]}
    new = absent | {form.subject for form in fresh}
    other = {form.subject for form in forms if uids[form.subject] in changed} - new
    return FormCounts(len(new), len(other), len(forms) - len(new) - len(other), frozenset(new), frozenset(other))


def _make_forms(
    writer: Writer, round_: RoundRecord, model: LearningModel, forms: Sequence[FilledForm], uids: Mapping[Uid, Uid]
) -> dict[Uid, int]:
    rows = [
        {
            "assessment_round_id": round_.id,
            "model": model.value,
            "subject": form.subject,
            "criteria_set_id": form.set_id,
        }
        for form in forms
    ]
    made = [uids[form.subject] for form in forms]
    return dict(zip(made, writer.insert_many(tables.assessment, rows, uids=made), strict=True))


def _refresh_forms(
    writer: Writer,
    round_: RoundRecord,
    model: LearningModel,
    forms: Sequence[FilledForm],
    uids: Mapping[Uid, Uid],
    standing: Mapping[Uid, tuple[int, bool]],
) -> set[Uid]:
    """Bring absent forms back and give forms the set that the list names; returns those that changed."""
    changed: set[Uid] = set()
    sets = _standing_sets(writer, [standing[uids[form.subject]][0] for form in forms])
    other: dict[int, dict[str, object]] = {}
    for form in forms:
        uid = uids[form.subject]
        row_id, is_present = standing[uid]
        if is_present and sets.get(row_id) == form.set_id:
            continue
        changed.add(uid)
        if is_present:
            other[row_id] = {"criteria_set_id": form.set_id}
            continue
        values = {
            "assessment_round_id": round_.id,
            "model": model.value,
            "subject": form.subject,
            "criteria_set_id": form.set_id,
        }
        writer.insert(tables.assessment, values, uid=uid)
    writer.update_many(tables.assessment, other)
    return changed


def _standing_sets(writer: Writer, form_ids: Sequence[int]) -> dict[int, int]:
    rows = all_rows(
        writer.connection,
        "SELECT id, criteria_set_id FROM assessment WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(form_ids)),),
    )
    return dict(rows)


def _write_answers(
    writer: Writer, forms: Sequence[FilledForm], uids: Mapping[Uid, Uid], ids: Mapping[Uid, int], made: set[Uid]
) -> set[Uid]:
    """Write what differs from what stands; returns the forms with a changed answer."""
    known = _standing_answers(writer, [ids[uids[f.subject]] for f in forms if uids[f.subject] not in made])
    rows: list[dict[str, object]] = []
    row_uids: list[Uid] = []
    updates: dict[int, dict[str, object]] = {}
    changed: set[Uid] = set()
    for form in forms:
        uid = uids[form.subject]
        form_id = ids[uid]
        for code, value in form.answers.items():
            before = known.get((form_id, code))
            if before is None:
                rows.append({"assessment_id": form_id, "indicator": code, "value": value})
                row_uids.append(keys.answer_uid(uid, code))
                changed.add(uid)
            elif not before[2] or before[1] != value:
                updates[before[0]] = {"value": value, "present": True}
                changed.add(uid)
    writer.insert_many(tables.answer, rows, uids=row_uids)
    writer.update_many(tables.answer, updates)
    reopened = {ids[uid]: {"status": AssessmentStatus.DRAFT.value} for uid in changed - made}
    writer.update_many(tables.assessment, reopened)
    return changed


def _standing_answers(writer: Writer, form_ids: Sequence[int]) -> dict[tuple[int, str], tuple[int, float | None, bool]]:
    rows = all_rows(
        writer.connection,
        "SELECT assessment_id, indicator, id, value, present FROM answer "
        "WHERE assessment_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(form_ids)),),
    )
    return {(form, code): (row_id, value, bool(present)) for form, code, row_id, value, present in rows}
