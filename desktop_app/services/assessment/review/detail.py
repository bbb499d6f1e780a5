"""One form as the reviewer sees it: answers with what they were, register facts that changed, reviews, objections.

Invariant: read only; what changed is counted from the newest review of the stage that is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, ReviewStage, Uid
from desktop_app.services.assessment.keys import assessment_uid
from desktop_app.services.assessment.results import read_verdicts
from desktop_app.services.assessment.review.differences import (
    AnswerChange,
    RegisterChange,
    answer_changes,
    register_changes,
)
from desktop_app.services.assessment.review.listing import standings
from desktop_app.services.assessment.review.objections import ObjectionRecord, read_objections
from desktop_app.services.assessment.review.recording import ReviewRecord, read_reviews
from desktop_app.services.assessment.review.rules import read_rules
from desktop_app.services.assessment.review.standing import Standing, since
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import number_text


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One indicator: its value in words, of how many, and what it was before the review that is looked at."""

    number: str
    text: str
    value: str
    most: str
    before: str = ""
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class ReviewDetail:
    """Everything beside the list.

    Args:
        lines: the form in its order.
        since: the review that changes are counted from, in words; empty where the stage has none.
        register: what changed in the register since.
        evidence: how many pieces of evidence came or went since.
        stages: where it stands at each stage that is used.
    """

    sentence: str
    lines: tuple[AnswerLine, ...]
    stages: tuple[Standing, ...]
    reviews: tuple[ReviewRecord, ...]
    objections: tuple[ObjectionRecord, ...]
    register: tuple[RegisterChange, ...] = ()
    evidence: int = 0

    @property
    def changed(self) -> tuple[AnswerLine, ...]:
        """The answers that changed since."""
        return tuple(line for line in self.lines if line.is_changed)


def review_detail(context: Context, model: LearningModel, year: int, subject: Uid, stage: ReviewStage) -> ReviewDetail:
    """One form under review; empty lines where it is not there any more.

    Raises:
        UserError: ``round.unknown``.
    """
    uid = assessment_uid(year, model, subject)
    with context.read() as connection:
        round_ = round_of(connection, year)
        row = one_row(connection, "SELECT id FROM assessment WHERE uid = ? AND present", (bytes.fromhex(uid),))
        if row is None:
            return ReviewDetail("", (), (), (), ())
        form: int = row[0]
        rules = read_rules(connection)
        used = (*rules.stages, *(() if stage in rules.stages else (stage,)))
        stages, _ = standings(connection, used, stage, [form])
        moment = _moment(connection, form, stage)
        moved = answer_changes(connection, {form: moment}).get(form, ()) if moment else ()
        said, lines = _lines(connection, round_, model, form, moved)
        return ReviewDetail(
            said,
            lines,
            stages[form],
            read_reviews(connection, uid),
            read_objections(connection, "b.assessment_id = ?", (form,)),
            register_changes(connection, model, subject, moment) if moment else (),
            _evidence(connection, form, moment) if moment else 0,
        )


def _moment(connection: Connection, form: int, stage: ReviewStage) -> int:
    row = one_row(
        connection,
        f"SELECT {since('n.uid')} FROM (SELECT max(uid) AS uid FROM review WHERE assessment_id = ? AND present "
        "AND coalesce(stage, 'commune') = ?) AS n",
        (form, stage.value),
    )
    return int(row[0] or 0) if row else 0


def _evidence(connection: Connection, form: int, moment: int) -> int:
    query = (
        "SELECT count(*) FROM evidence AS e WHERE e.assessment_id = ? "
        "AND EXISTS (SELECT 1 FROM change AS c WHERE c.row_uid = e.uid AND c.id > ?)"
    )
    return int(all_rows(connection, query, (form, moment))[0][0])


def _lines(
    connection: Connection, round_: RoundRecord, model: LearningModel, form: int, moved: tuple[AnswerChange, ...]
) -> tuple[str, tuple[AnswerLine, ...]]:
    judged = next(iter(read_verdicts(connection, round_, model, [form])), None)
    if judged is None:
        return "Chương trình này chưa đọc được bộ tiêu chí của phiếu; hãy cập nhật chương trình.", ()
    _, definition, verdict, given = judged
    before = {item.indicator: item for item in moved}
    lines = []
    for indicator in definition.indicators:
        change = before.get(indicator.code)
        lines.append(
            AnswerLine(
                indicator.number,
                indicator.short or indicator.text,
                answer_words(definition, indicator.code, given.get(indicator.code)),
                number_text(indicator.max_score) if indicator.max_score else "",
                answer_words(definition, indicator.code, change.before) if change else "",
                change is not None,
            )
        )
    return sentence(definition, verdict), tuple(lines)


def answer_words(definition: CriteriaSet, code: str, value: float | None) -> str:
    """An answer as it is read: "7,5", "đạt", "62%", "chưa chấm"."""
    if value is None:
        return "chưa chấm"
    kind = definition.by_code[code].answer_type
    if kind is AnswerType.MET:
        return "đạt" if value else "chưa đạt"
    words = number_text(value, 0 if value == int(value) else 1)
    return f"{words}%" if kind is AnswerType.PERCENT else words
