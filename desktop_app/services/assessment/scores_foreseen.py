"""What writing the forms of a scoring list would change, and how they would be judged; reads only.

Invariant: it says what the writing does, form by form; where a judgement rests on counts of the register, which the
writing itself may change, it says nothing and the list must be tried in a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import AssessmentStatus, LearningModel
from desktop_app.services.assessment.bulk import FormCounts
from desktop_app.services.assessment.judging import judge_for
from desktop_app.services.assessment.scores_standing import Judged, judged_forms
from desktop_app.services.assessment.scores_taking import Key, Taken, Taking
from desktop_app.services.assessment.scores_told import changes
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.importing.scores.words import points_text
from desktop_app.services.raw import all_rows

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Stored:
    """A form that stands: its set, whether it was accepted, its answers."""

    set_id: int | None
    is_accepted: bool
    answers: Mapping[str, float]


def stored_forms(taking: Taking, model: LearningModel) -> dict[int, Stored]:
    """The forms of a model that stand already, of those that come in: local key of the subject → form."""
    standing = taking.standing[model].forms
    wanted = {
        standing[t.unit.id]: t.unit.id for (of, _), t in taking.taken.items() if of is model and t.unit.id in standing
    }
    if not wanted:
        return {}
    keys = (json.dumps(list(wanted)),)
    answers: dict[int, dict[str, float]] = {}
    for form, code, value in all_rows(taking.connection, _ANSWERS, keys):
        answers.setdefault(form, {})[code] = value
    return {
        wanted[form]: Stored(set_id, status == AssessmentStatus.ACCEPTED.value, answers.get(form, {}))
        for form, set_id, status in all_rows(taking.connection, _FORMS, keys)
    }


_ANSWERS = (
    "SELECT assessment_id, indicator, value FROM answer "
    "WHERE assessment_id IN (SELECT value FROM json_each(?)) AND present AND value IS NOT NULL"
)
_FORMS = "SELECT id, criteria_set_id, status FROM assessment WHERE id IN (SELECT value FROM json_each(?))"


def tell_changes(taking: Taking, stored: Mapping[int, Stored], model: LearningModel) -> None:
    """Say of each form that stands with other answers which of them the file changes."""
    for taken in [t for (of, _), t in taking.taken.items() if of is model]:
        before = stored.get(taken.unit.id)
        if before is None:
            continue
        definition = taking.set_of(taken.form.set_id).definition
        pairs = _pairs(definition, before.answers, taken.form.answers)
        if pairs:
            taking.add(taken.row, changes(taken.row, pairs, is_accepted=before.is_accepted))


def _pairs(definition: CriteriaSet, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """The answers that change: "chỉ số 3: 7 → 8, …"; empty where only unanswered ones are filled."""
    differing = [
        (definition.by_code[code].number, before[code], value)
        for code, value in after.items()
        if code in before and before[code] != value and code in definition.by_code
    ]
    shown = [f"{number}: {points_text(old)} → {points_text(new)}" for number, old, new in differing[:MOST_NAMED]]
    named = ", ".join(shown)
    more = f" và {len(differing) - MOST_NAMED} chỗ nữa" if len(differing) > MOST_NAMED else ""
    return f"{definition.indicator_word} {named}{more}" if named else ""


def foreseen_counts(taking: Taking, stored: Mapping[int, Stored], model: LearningModel) -> FormCounts:
    """What writing would make, change and leave."""
    forms = [t for (of, _), t in taking.taken.items() if of is model]
    made = {t.form.subject for t in forms if t.unit.id not in stored}
    changed = {t.form.subject for t in forms if t.unit.id in stored and _is_changed(t, stored[t.unit.id])}
    return FormCounts(
        len(made), len(changed), len(forms) - len(made) - len(changed), frozenset(made), frozenset(changed)
    )


def _is_changed(taken: Taken, before: Stored) -> bool:
    return before.set_id != taken.form.set_id or not taken.form.answers.items() <= before.answers.items()


def is_foreseeable(taking: Taking) -> bool:
    """Whether every form is judged by its answers alone."""
    used = {taken.form.set_id for taken in taking.taken.values()}
    return not any(judge_for(taking.set_of(set_id).definition).asked for set_id in used)


def foreseen_verdicts(taking: Taking, stored: Mapping[LearningModel, Mapping[int, Stored]]) -> dict[Key, Judged]:
    """How each form would be judged; the recognised ones as they stand."""
    found = locked_verdicts(taking.connection, taking.round.id, [*taking.locked.values()])
    for (model, _), taken in taking.taken.items():
        before = stored[model].get(taken.unit.id)
        answers = {**before.answers, **taken.form.answers} if before else taken.form.answers
        total, _, is_complete, passed, _ = judge_for(taking.set_of(taken.form.set_id).definition).figures(answers)
        found[taken.row.key] = Judged(total, is_complete, passed if is_complete else None)
    return found


def locked_verdicts(connection: Connection, round_id: int, forms: Sequence[Taken]) -> dict[Key, Judged]:
    """How forms are judged as they stand."""
    found: dict[Key, Judged] = {}
    for model in {taken.row.model for taken in forms}:
        keys = {taken.unit.id: taken.row.key for taken in forms if taken.row.model is model}
        for unit_id, judged in judged_forms(connection, round_id, model, list(keys)).items():
            found[keys[unit_id]] = judged
    return found
