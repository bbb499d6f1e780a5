"""The list of forms under review: where each stands at the stage, what changed since, who objects; a page at a time.

Invariant: SQL filters, counts and sorts; sentences and changes are made for the rows that are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.results import read_verdicts
from desktop_app.services.assessment.review.differences import AnswerChange, answer_changes
from desktop_app.services.assessment.review.rules import ReviewRules, read_rules
from desktop_app.services.assessment.review.standing import (
    ReviewState,
    Standing,
    changed_forms,
    since,
    state_case,
)
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import SOURCES, placed
from desktop_app.services.assessment.verdict import sentence, short_verdict
from desktop_app.services.context import Context
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.lists import Query, Sort, SqlList, as_json
from desktop_app.services.vietnamese import PartialDate, fold

TO_REVIEW = (ReviewState.WAITING, ReviewState.CHANGED)
"""States in which a form waits for a review."""

_NEAR_ONES = 200
"""So many are looked at one by one for the next that waits, before the whole list is asked."""


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What the list shows.

    Args:
        hamlet, organization: uids.
        state: at the stage; None for all.
        passed: True only who passes, False only who does not.
        is_objected: only forms with an objection that nobody has answered.
        text: words of the name.
    """

    hamlet: Uid | None = None
    organization: Uid | None = None
    state: ReviewState | None = None
    passed: bool | None = None
    is_objected: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One form of the list.

    Args:
        uid: of the subject.
        short: the short verdict; ``sentence`` the whole one.
        stages: where it stands at every stage that is used, in order.
        changes: how many answers differ from what the newest review at this stage saw.
        objections: how many are not answered.
        is_recognised: its verdict is frozen; it is not reviewed any more.
    """

    uid: Uid
    assessment: Uid
    name: str
    birth: str
    detail: str
    hamlet: str
    total: float | None
    passed: bool
    short: str
    sentence: str
    state: ReviewState
    stages: tuple[Standing, ...]
    changes: int
    objections: int
    is_recognised: bool


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many forms of the chosen place stand where at the stage."""

    states: Mapping[ReviewState, int]
    passed: int
    objected: int

    @property
    def total(self) -> int:
        return sum(self.states.values())


class ReviewList(SqlList[ReviewRow]):
    """Forms of one model and round at one stage; made by ``review_list``."""

    sorts: ClassVar[Mapping[str, Sort]] = {
        "name": Sort("s.sort_key", ("s.id",)),
        "hamlet": Sort("v.sort_key", ("s.sort_key", "s.id")),
        "total": Sort("a.total", ("s.sort_key", "s.id")),
        "short": Sort("a.passed", ("a.total", "s.sort_key", "s.id")),
        "state": Sort("0", ("s.sort_key", "s.id")),
    }

    def __init__(
        self,
        context: Context,
        query: Query,
        sort: str = "hamlet",
        *,
        descending: bool = False,
        about: About | None = None,
        filter_: ReviewFilter | None = None,
    ) -> None:
        super().__init__(context, query, sort, descending=descending)
        assert about is not None
        self.about = about
        self.filter = filter_ or ReviewFilter()
        if sort == "state":
            with context.read() as connection:
                case = case_of(connection, about)
            self._order = Sort(case, self._order.then)

    def sorted(self, column: str, descending: bool = False) -> ReviewList:
        """The same forms in another order; an unknown column gives the order of hamlets."""
        other = self._like(column if column in self.sorts else "hamlet", descending)
        other._count = self._count
        return other

    def next_to_review(self, subject: Uid | None) -> Uid | None:
        """Who comes after a subject in this order and waits for a review; from the start again at the end."""
        with self._context.read() as connection:
            table = self._query.source.split()[0]
            keys = self._all_keys(connection)
            start = 0
            if subject is not None:
                found = all_rows(connection, f"SELECT id FROM {table} WHERE uid = ?", (bytes.fromhex(subject),))
                start = keys.index(found[0][0]) + 1 if found and found[0][0] in keys else 0
            turned = (keys[start:] + keys[:start])[: len(keys) - bool(start)]
            chosen = self._first_waiting(connection, turned[:_NEAR_ONES])
            if chosen is None and len(turned) > _NEAR_ONES:
                waiting = self._waiting(connection)
                chosen = next((key for key in turned[_NEAR_ONES:] if key in waiting), None)
            if chosen is None:
                return None
            uid: bytes = all_rows(connection, f"SELECT uid FROM {table} WHERE id = ?", (chosen,))[0][0]
            return uid.hex()

    def _first_waiting(self, connection: Connection, keys: Sequence[int]) -> int | None:
        """The first of a few subjects whose form waits; mostly it is the next one, so not all are looked at."""
        rows = all_rows(
            connection,
            f"SELECT s.id, a.id FROM json_each(?) AS j CROSS JOIN {self.about.source} "
            "WHERE s.id = j.value AND a.frozen IS NULL ORDER BY j.key",
            (as_json(keys),),
        )
        stages, _ = standings(connection, (self.about.stage,), self.about.stage, [row[1] for row in rows])
        return next((key for key, form in rows if stages[form][0].state in TO_REVIEW), None)

    def _waiting(self, connection: Connection) -> set[int]:
        """Every subject of the list whose form waits."""
        case = case_of(connection, self.about)
        condition = f"{self._query.condition} AND {case} IN ('waiting', 'changed') AND a.frozen IS NULL"
        rows = all_rows(connection, f"SELECT s.id FROM {self._query.source} WHERE {condition}", self._query.parameters)
        return {row[0] for row in rows}

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[ReviewRow]:
        about = self.about
        birth = "s.birth" if about.model is LearningModel.CITIZEN else "NULL"
        source = SOURCES[about.model]
        rows = all_rows(
            connection,
            f"SELECT s.uid, a.uid, {source.name}, {birth}, {source.detail}, v.name, a.total, a.passed, a.id, a.frozen, "
            f"a.status, {OBJECTIONS} FROM json_each(?) AS j CROSS JOIN {about.source} "
            "WHERE s.id = j.value ORDER BY j.key",
            (as_json(keys),),
        )
        said = verdict_words(connection, about.round, about.model, [(row[8], row[9]) for row in rows])
        used = (*about.rules.stages, *(() if about.stage in about.rules.stages else (about.stage,)))
        stages, moved = standings(connection, used, about.stage, [row[8] for row in rows])
        return [_row(row, about.stage, said, stages, moved) for row in rows]

    def _like(self, sort: str, descending: bool) -> ReviewList:
        return type(self)(
            self._context, self._query, sort, descending=descending, about=self.about, filter_=self.filter
        )


class CommuneReviewList(ReviewList):
    """The commune itself: one line, without a sort key."""

    sorts: ClassVar[Mapping[str, Sort]] = {"hamlet": Sort("s.name", ("s.id",))}

    def sorted(self, column: str, descending: bool = False) -> ReviewList:
        return self


OBJECTIONS = "(SELECT count(*) FROM objection AS b WHERE b.assessment_id = a.id AND b.present AND b.outcome IS NULL)"
"""SQL: how many objections against the form ``a`` wait for an answer."""


@dataclass(frozen=True, slots=True)
class About:
    """What a list is of; ``source`` joins the subject ``s``, its form ``a`` and hamlet ``v``."""

    model: LearningModel
    round: RoundRecord
    stage: ReviewStage
    rules: ReviewRules
    source: str


def read_about(connection: Connection, model: LearningModel, year: int, stage: ReviewStage) -> About:
    """What lists and postings of a stage are made of.

    Raises:
        UserError: ``round.unknown``.
    """
    round_ = round_of(connection, year)
    source = (
        f"{subject_table(model)} AS s JOIN assessment AS a ON a.assessment_round_id = {round_.id} "
        f"AND a.model = '{model.value}' AND a.subject_id = s.id AND a.present "
        f"AND (a.answered > 0 OR a.frozen IS NOT NULL) {placed(SOURCES[model].joins, model, round_)}"
    )
    return About(model, round_, stage, read_rules(connection), source)


def case_of(connection: Connection, about: About) -> str:
    """SQL of a form's state at the stage as it stands now; asks the journal what changed, so only where needed."""
    return state_case(changed_forms(connection, about.round, about.model, about.stage), about.stage)


def review_list(
    context: Context, model: LearningModel, year: int, stage: ReviewStage, filter_: ReviewFilter | None = None
) -> ReviewList:
    """The forms of a model at a stage, by hamlet and name.

    Raises:
        UserError: ``round.unknown``.
    """
    wanted = filter_ or ReviewFilter()
    with context.read() as connection:
        about = read_about(connection, model, year, stage)
        case = case_of(connection, about) if wanted.state is not None else ""
    conditions, values = _conditions(about, wanted, case)
    query = Query(about.source, "s.id", ("s.present", *conditions), values)
    kind = CommuneReviewList if model is LearningModel.COMMUNE else ReviewList
    return kind(context, query, about=about, filter_=wanted)


def review_counts(found: ReviewList, context: Context) -> ReviewCounts:
    """How many forms of the list's hamlet and organization stand where, whatever else narrows the list."""
    wanted = ReviewFilter(found.filter.hamlet, found.filter.organization)
    conditions, values = _conditions(found.about, wanted)
    where = " AND ".join(("s.present", *conditions))
    states = dict.fromkeys(ReviewState, 0)
    passed = objected = 0
    with context.read() as connection:
        query = (
            f"SELECT {case_of(connection, found.about)}, count(*), total(a.passed), total({OBJECTIONS} > 0) "
            f"FROM {found.about.source} WHERE {where} GROUP BY 1"
        )
        for state, count, able, against in all_rows(connection, query, values):
            states[ReviewState(state)] += count
            passed += int(able)
            objected += int(against)
    return ReviewCounts(states, passed, objected)


def _conditions(about: About, wanted: ReviewFilter, case: str = "") -> tuple[list[str], tuple[Any, ...]]:
    conditions: list[str] = []
    values: list[Any] = []
    if wanted.hamlet is not None:
        place = placed(SOURCES[about.model].hamlet, about.model, about.round)
        conditions.append(f"{place} = (SELECT id FROM hamlet WHERE uid = ?)")
        values.append(bytes.fromhex(wanted.hamlet))
    if wanted.organization is not None and about.model is LearningModel.CITIZEN:
        conditions.append(
            "EXISTS (SELECT 1 FROM organization_member AS m JOIN organization AS u ON u.id = m.organization_id "
            "WHERE m.citizen_id = s.id AND m.present AND m.until IS NULL AND u.uid = ?)"
        )
        values.append(bytes.fromhex(wanted.organization))
    if wanted.state is not None:
        conditions.append(f"{case} = '{wanted.state.value}'")
    if wanted.passed is not None:
        conditions.append(f"coalesce(a.passed, 0) = {int(wanted.passed)}")
    if wanted.is_objected:
        conditions.append(f"{OBJECTIONS} > 0")
    if wanted.text.strip() and about.model is not LearningModel.COMMUNE:
        condition, words = text_condition(about.model, wanted.text)
        conditions.append(condition)
        values += words
    return conditions, tuple(values)


def text_condition(model: LearningModel, text: str) -> tuple[str, list[str]]:
    """SQL that every word stands in the subject's name, with its values in order."""
    head = "coalesce(c.name_fold, '') || ' ' || coalesce(s.code_fold, '')"
    folded = head if model is LearningModel.FAMILY else "s.name_fold"
    words = fold(text).split()
    return " AND ".join([f"instr({folded}, ?)"] * len(words)) or "1", words


def standings(
    connection: Connection, stages: Iterable[ReviewStage], asked: ReviewStage, forms: Sequence[int]
) -> tuple[dict[int, tuple[Standing, ...]], dict[int, tuple[AnswerChange, ...]]]:
    """Where forms stand at several stages, and the answers that changed since the newest review of one of them."""
    found: dict[int, list[Standing]] = {form: [] for form in forms}
    told: dict[int, tuple[AnswerChange, ...]] = {}
    for stage in stages:
        rows = all_rows(connection, _NEWEST, (as_json(forms), stage.value))
        known = {row[0]: row for row in rows}
        moved = answer_changes(connection, {row[0]: row[6] or 0 for row in rows})
        told = moved if stage is asked else told
        for form in forms:
            found[form].append(_standing(stage, known.get(form), form in moved))
    return {form: tuple(items) for form, items in found.items()}, told


_NEWEST = f"""
SELECT n.form, n.uid, n.outcome, n.reviewed_on, n.reviewer, n.reason, {since("n.uid")} FROM (
  SELECT v.assessment_id AS form, max(v.uid) AS uid, v.outcome, v.reviewed_on, v.reviewer, v.reason
  FROM json_each(?) AS k CROSS JOIN review AS v ON v.assessment_id = k.value
  WHERE v.present AND coalesce(v.stage, 'commune') = ? GROUP BY v.assessment_id) AS n"""


def verdict_words(
    connection: Connection, round_: RoundRecord, model: LearningModel, forms: Sequence[tuple[int, Any]]
) -> dict[int, tuple[str, str]]:
    """Short and whole verdict of forms, given with what is frozen of them."""
    found = {}
    for form, stored in forms:
        if stored:
            frozen = read_frozen(stored)
            found[form] = (frozen.short, frozen.sentence)
    open_forms = [form for form, stored in forms if not stored]
    for form, definition, verdict, _ in read_verdicts(connection, round_, model, open_forms):
        found[form] = (short_verdict(definition, verdict), sentence(definition, verdict))
    return found


def _standing(stage: ReviewStage, row: tuple[Any, ...] | None, is_changed: bool) -> Standing:
    if row is None:
        return Standing(stage, ReviewState.WAITING)
    outcome = ReviewOutcome(row[2] or ReviewOutcome.ACCEPTED)
    state = ReviewState.RETURNED if outcome is ReviewOutcome.RETURNED else ReviewState.ACCEPTED
    return Standing(
        stage, ReviewState.CHANGED if is_changed else state, outcome, row[3] or "", row[4] or "", row[5] or ""
    )


def _row(
    row: tuple[Any, ...],
    stage: ReviewStage,
    said: Mapping[int, tuple[str, str]],
    stages: Mapping[int, tuple[Standing, ...]],
    moved: Mapping[int, Sequence[AnswerChange]],
) -> ReviewRow:
    uid, form_uid, name, birth, detail, hamlet, total, passed, form, frozen, status, against = row
    short, whole = said.get(form, ("", "Chương trình này chưa đọc được bộ tiêu chí của phiếu."))
    here = next(item for item in stages[form] if item.stage is stage)
    return ReviewRow(
        uid=uid.hex(),
        assessment=form_uid.hex(),
        name=name or "",
        birth=PartialDate.from_iso(birth).text() if birth else "",
        detail=detail or "",
        hamlet=hamlet or "",
        total=total,
        passed=bool(passed),
        short=short,
        sentence=whole,
        state=here.state,
        stages=stages[form],
        changes=len(moved.get(form, ())),
        objections=against,
        is_recognised=bool(frozen) or status == "recognised",
    )
