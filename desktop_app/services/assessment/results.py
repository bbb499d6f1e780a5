"""Verdicts of a whole round: who passed, who did not and why, model by model; read only.

Invariant: the same sentence stands here, on the form and in the minutes; a recognised form's is the frozen one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import AssessmentStatus, CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.facts import count_facts
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.judging import judge_for
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.scoring import Verdict
from desktop_app.services.assessment.subjects import SOURCES, placed
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.office import OfficeSet, read_sets
from desktop_app.services.raw import all_rows


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """One form's verdict.

    Args:
        uid: of the subject.
        group: of the set the form is filled by, for citizens.
        sentence: why, in one sentence.
        answers: indicator code → stored value.
        set_key, set_version: what it was judged by.
    """

    uid: Uid
    name: str
    model: LearningModel
    group: CitizenGroup | None
    total: float
    passed: bool
    sentence: str
    answers: Mapping[str, float]
    complete: bool
    status: AssessmentStatus
    set_key: str
    set_version: str
    hamlet: str = ""
    detail: str = ""


def list_verdicts(context: Context, year: int, model: LearningModel | None = None) -> list[VerdictRecord]:
    """Every form of a round (of one model), in the order of models, hamlets and names.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        models = [model] if model is not None else list(LearningModel)
        return [record for item in models for record in _verdicts(connection, round_, item)]


def read_verdicts(
    connection: Connection, round_: RoundRecord, model: LearningModel, form_ids: Iterable[int]
) -> Iterator[tuple[int, CriteriaSet, Verdict, Mapping[str, float]]]:
    """Judge forms that are not frozen: key, set, verdict and answers; forms whose set is unknown are left out."""
    ids = list(form_ids)
    if not ids:
        return
    rows = all_rows(
        connection,
        "SELECT id, subject_id, criteria_set_id FROM assessment WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    sets = read_sets(connection, {row[2] for row in rows if row[2] is not None})
    answers = read_answers(connection, ids)
    judges = {key: judge_for(used.definition) for key, used in sets.items() if used}
    facts = {}
    for key, judge in judges.items():
        if judge.asked:
            subjects = [row[1] for row in rows if row[2] == key and row[1] is not None]
            facts[key] = count_facts(connection, round_, judge.asked, subjects)
    by_id = {row[0]: row for row in rows}
    for form_id in ids:
        _, subject, set_id = by_id[form_id]
        known = judges.get(set_id)
        if known is not None:
            given = _in_order(known.definition, answers.get(form_id, {}))
            yield form_id, known.definition, known.verdict(given, facts.get(set_id, {}).get(subject, {})), given


def _in_order(definition: CriteriaSet, answers: Mapping[str, float]) -> dict[str, float]:
    """Answers in the order of the form; what is not of this set is left out."""
    return {code: answers[code] for code in definition.by_code if code in answers}


def _verdicts(connection: Connection, round_: RoundRecord, model: LearningModel) -> list[VerdictRecord]:
    source = SOURCES[model]
    joins = placed(source.joins, model, round_)
    rows = all_rows(
        connection,
        f"SELECT a.id, s.uid, {source.name}, v.name, {source.detail}, a.status, a.frozen, a.criteria_set_id, "
        f"a.total, a.passed, a.is_complete FROM assessment a JOIN {subject_table(model)} s ON s.id = a.subject_id "
        f"{joins} WHERE a.assessment_round_id = ? AND a.model = ? AND a.present AND s.present "
        f"AND (a.answered > 0 OR a.frozen IS NOT NULL) ORDER BY v.sort_key, {source.sort}, s.id",
        (round_.id, model.value),
    )
    sets = read_sets(connection, {row[7] for row in rows if row[7] is not None})
    open_forms = [row[0] for row in rows if not row[6]]
    judged = {item[0]: item for item in read_verdicts(connection, round_, model, open_forms)}
    frozen_answers = read_answers(connection, [row[0] for row in rows if row[6]])
    found = []
    for form_id, uid, name, hamlet, detail, status, frozen, set_id, total, passed, complete in rows:
        used: OfficeSet | None = sets.get(set_id)
        said = "Chương trình này chưa có bộ tiêu chí của phiếu; hãy cập nhật chương trình."
        answers: Mapping[str, float] = {}
        if frozen:
            kept = read_frozen(frozen)
            said, total, passed, complete = kept.sentence, kept.total, kept.passed, kept.complete
            answers = frozen_answers.get(form_id, {})
            answers = _in_order(used.definition, answers) if used else answers
        elif form_id in judged:
            _, definition, verdict, answers = judged[form_id]
            said, total, passed, complete = (
                sentence(definition, verdict),
                verdict.total,
                verdict.passed,
                verdict.complete,
            )
        found.append(
            VerdictRecord(
                uid=uid.hex(),
                name=name or "",
                model=model,
                group=used.definition.group if used else None,
                total=float(total or 0),
                passed=bool(passed),
                sentence=said,
                answers=answers,
                complete=bool(complete),
                status=AssessmentStatus(status or AssessmentStatus.DRAFT),
                set_key=used.definition.key if used else "",
                set_version=used.definition.version if used else "",
                hamlet=hamlet or "",
                detail=detail or "",
            )
        )
    return found
