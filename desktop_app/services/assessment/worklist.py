"""Work lists: who is to be assessed, in pages of SQL, by model, group, hamlet and how far the form is.

Invariant: a list holds who is to be assessed (``subjects``) and everybody else in the register who has a form of the
round (the dead and those who moved away stand in the verdicts only, and so does a child's form unless it was
recognised); the next and the previous of a list follow its
order even when the present one no longer fits its filter. Of a long list keys and counts come from
``worklist_memory`` as soon as a worker has made it; they are the same.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.results import read_verdicts
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.shapes import forms_with_subjects, is_registered, subjects_with_forms
from desktop_app.services.assessment.subjects import SOURCES, eligible, placed
from desktop_app.services.assessment.verdict import short_verdict
from desktop_app.services.context import Context
from desktop_app.services.moves.as_of import past_day
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.registry.lists import Query, Sort, SqlList, as_json
from desktop_app.services.registry.search_terms import filter_expression
from desktop_app.services.vietnamese import PartialDate, fold

if TYPE_CHECKING:
    from desktop_app.services.registry.list_memory import Memory, Remembered


class WorkStatus(StrEnum):
    """How far a form is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PASSED = "passed"
    FAILED = "failed"
    RETURNED = "returned"
    RECOGNISED = "recognised"


WORK_STATUS_TEXT: dict[WorkStatus, str] = {
    WorkStatus.NOT_STARTED: "Chưa chấm",
    WorkStatus.IN_PROGRESS: "Đang chấm",
    WorkStatus.PASSED: "Đạt",
    WorkStatus.FAILED: "Chưa đạt",
    WorkStatus.RETURNED: "Bị trả lại",
    WorkStatus.RECOGNISED: "Đã công nhận",
}

_STATUS_SQL: dict[WorkStatus, str] = {
    WorkStatus.RECOGNISED: "a.status = 'recognised'",
    WorkStatus.RETURNED: "a.status = 'returned'",
    WorkStatus.NOT_STARTED: "coalesce(a.answered, 0) = 0",
    WorkStatus.PASSED: "a.passed = 1",
    WorkStatus.FAILED: "a.is_complete = 1",
    WorkStatus.IN_PROGRESS: "1",
}
"""In this order the first that is true names the status."""

STATUS_CASE = (
    "CASE " + " ".join(f"WHEN {condition} THEN '{status.value}'" for status, condition in _STATUS_SQL.items()) + " END"
)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What a work list shows.

    Args:
        group: citizens of one form's group.
        hamlet: uid.
        status: None for all.
        is_registered: only who registered for the round.
        text: part of a name, a household code, digits of a CCCD or phone, as typed.
    """

    group: CitizenGroup | None = None
    hamlet: Uid | None = None
    status: WorkStatus | None = None
    is_registered: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of a work list; ``chip`` is the short verdict ("Đạt", "thiếu 6", "CS6 < 5", "còn 3")."""

    uid: Uid
    name: str
    birth: str
    detail: str
    hamlet: str
    group: CitizenGroup | None
    status: WorkStatus
    answered: int
    total: float | None
    passed: bool
    chip: str
    is_registered: bool = False


class AssessmentList(SqlList[WorkRow]):
    """One model's work in one round, a page at a time; made by ``work_list``."""

    sorts: ClassVar[Mapping[str, Sort]] = {
        "name": Sort("s.sort_key", ("s.id",)),
        "hamlet": Sort("o.sort_key", ("s.sort_key", "s.id")),
        "total": Sort("a.total", ("s.sort_key", "s.id")),
        "answered": Sort("a.answered", ("s.sort_key", "s.id")),
        "status": Sort(STATUS_CASE, ("s.sort_key", "s.id")),
    }

    def __init__(
        self,
        context: Context,
        query: Query,
        sort: str = "name",
        *,
        descending: bool = False,
        model: LearningModel = LearningModel.CITIZEN,
        round_: RoundRecord | None = None,
        filter_: WorkFilter | None = None,
    ) -> None:
        super().__init__(context, query, sort, descending=descending)
        assert round_ is not None
        self.model = model
        self.round = round_
        self.filter = filter_ or WorkFilter()
        self._by_status: dict[WorkStatus, int] | None = None
        self._sees_all = sort != "name" or self.filter.status is not None or self.filter.is_registered
        hamlet = placed(SOURCES[model].hamlet, model, round_)
        orders = {
            name: Sort(each.term, each.then, f"LEFT JOIN hamlet o ON o.id = {hamlet}" if name == "hamlet" else "")
            for name, each in type(self).sorts.items()
        }
        self._order = orders[sort]

    def sorted(self, column: str, descending: bool = False) -> AssessmentList:
        """The same lines in another order; an unknown column gives the order of names."""
        other = self._like(column if column in self.sorts else "name", descending)
        other._count = self._count
        return other

    def counts(self) -> dict[WorkStatus, int]:
        """How many lines of each status there are for the filter's hamlet and group, whatever else it says."""
        with self._context.read() as connection:
            return self._counts(connection)

    def next_subject(self, subject: Uid | None) -> Uid | None:
        """Who comes after a subject by name (the first of all for None); None at the end."""
        return self._neighbour(subject, is_next=True)

    def previous_subject(self, subject: Uid) -> Uid | None:
        """Who comes before a subject by name; None at the beginning."""
        return self._neighbour(subject, is_next=False)

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[WorkRow]:
        source = SOURCES[self.model]
        own = "s.birth, s.citizen_group" if self.model is LearningModel.CITIZEN else "NULL, NULL"
        rows = all_rows(
            connection,
            f"SELECT s.uid, {source.name}, {own}, {source.detail}, v.name, {STATUS_CASE}, a.answered, a.total, "
            f"a.passed, a.id, a.frozen, {is_registered(self.model, self.round)} "
            f"FROM json_each(?) j JOIN {subjects_with_forms(self.model, self.round)} "
            f"{placed(source.joins, self.model, self.round)} "
            "WHERE s.id = j.value ORDER BY j.key",
            (as_json(keys),),
        )
        forms = [(row[10], row[11]) for row in rows if row[7] or row[11]]
        chips = short_verdicts(connection, self.round, self.model, forms)
        return [_row(row, chips) for row in rows]

    def is_wanted(self) -> bool:
        from desktop_app.services.assessment import worklist_memory as kept
        from desktop_app.services.registry import list_memory

        if self.model not in kept.KEPT_MODELS:
            return False
        return list_memory.is_wanted(self._context, kept.work_plan(self.model, self.round))

    def remember(self, progress: Progress = NO_PROGRESS) -> bool:
        from desktop_app.services.assessment import worklist_memory as kept
        from desktop_app.services.registry import list_memory

        if self.model not in kept.KEPT_MODELS:
            return False
        return list_memory.remember(self._context, kept.work_plan(self.model, self.round), progress)

    def remembered(self, connection: Connection) -> Remembered | None:
        memory = self._memory()
        if memory is None or not memory.has(self.sort, descending=self.descending):
            return None
        from desktop_app.services.assessment import worklist_memory as kept
        from desktop_app.services.registry import list_memory

        mask = kept.work_left(connection, memory, self.model, self.filter)
        return None if mask is None else list_memory.Remembered(memory, mask, self.sort, descending=self.descending)

    def _memory(self) -> Memory | None:
        if not self._context.memory:  # nothing is loaded for it before the first list is to be seen
            return None
        from desktop_app.services.assessment import worklist_memory as kept
        from desktop_app.services.registry import list_memory

        return list_memory.recall(self._context, kept.plan_name(self.model, self.round))

    def _statement(self, is_reversed: bool) -> str:
        """Where every row must be seen, the plus keeps the planner from the indexes, whose rows lie scattered."""
        statement = super()._statement(is_reversed)
        if not self._sees_all or self.filter.hamlet is not None:
            return statement
        return statement.replace(" s.is_current = 1", " +s.is_current = 1")

    def _all_keys(self, connection: Connection) -> array[int]:
        self._sees_all = True
        return super()._all_keys(connection)

    def _like(self, sort: str, descending: bool) -> AssessmentList:
        return type(self)(
            self._context,
            self._query,
            sort,
            descending=descending,
            model=self.model,
            round_=self.round,
            filter_=self.filter,
        )

    def _counted(self, connection: Connection) -> int:
        if self.filter.text or self.filter.is_registered:
            return super()._counted(connection)
        counts = self._counts(connection)
        return sum(counts.values()) if self.filter.status is None else counts[self.filter.status]

    def _counts(self, connection: Connection) -> dict[WorkStatus, int]:
        """Counted once a list."""
        if self._by_status is None:
            self._by_status = self._counts_in_memory(connection) or self._counts_by_sql(connection)
        return dict(self._by_status)

    def _counts_in_memory(self, connection: Connection) -> dict[WorkStatus, int] | None:
        memory = self._memory()
        if memory is None:
            return None
        from desktop_app.services.assessment import worklist_memory as kept

        return kept.work_counts(connection, memory, self.model, self.filter)

    def _counts_by_sql(self, connection: Connection) -> dict[WorkStatus, int]:
        """Two statements: everybody to be assessed, by an index alone, and the forms there are."""
        table, who = subject_table(self.model), eligible(self.model, self.round)
        more, values = _narrowed(self.model, WorkFilter(self.filter.group, self.filter.hamlet), self.round)
        places = "".join(f" AND {condition}" for condition in more)
        shown = _has_place(self.model, self.round)
        whole = one_row(connection, f"SELECT count(*) FROM {table} s WHERE {who}{places}", values)
        rows = all_rows(
            connection,
            f"SELECT {STATUS_CASE}, total({who}), count(*) {forms_with_subjects(self.model)} "
            f"AND {shown}{places} GROUP BY 1",
            (self.round.id, self.model.value, *values),
        )
        found = dict.fromkeys(WorkStatus, 0)
        found[WorkStatus.NOT_STARTED] = (whole[0] if whole else 0) - int(sum(row[1] for row in rows))
        for status, _, count in rows:
            found[WorkStatus(status)] += count
        return found

    def _neighbour(self, subject: Uid | None, *, is_next: bool) -> Uid | None:
        way, sign = ("ASC", ">") if is_next else ("DESC", "<")
        sort, where, values = self.sorts["name"].term, self._query.condition, self._query.parameters
        with self._context.read() as connection:
            if subject is not None:
                query = f"SELECT {sort}, s.id FROM {subject_table(self.model)} s WHERE s.uid = ?"
                present = one_row(connection, query, (bytes.fromhex(subject),))
                if present is None:
                    return None
                where += f" AND ({sort}, s.id) {sign} (?, ?)"
                values = (*values, *present)
            row = one_row(
                connection,
                f"SELECT s.uid FROM {self._query.source} WHERE {where} ORDER BY {sort} {way}, s.id {way} LIMIT 1",
                values,
            )
        return row[0].hex() if row else None


class CommuneList(AssessmentList):
    """The commune itself: a list of one line, without a sort key."""

    sorts: ClassVar[Mapping[str, Sort]] = {"name": Sort("s.name", ("s.id",))}


def work_list(context: Context, model: LearningModel, year: int, filter_: WorkFilter | None = None) -> AssessmentList:
    """One model's work list in the order of names.

    Raises:
        UserError: ``round.unknown``.
    """
    wanted = filter_ or WorkFilter()
    with context.read() as connection:
        round_ = round_of(connection, year)
    where = is_listed(model, round_)
    conditions, values = _narrowed(model, wanted, round_)
    if wanted.status is not None:
        conditions.append(f"{STATUS_CASE} = '{wanted.status.value}'")
    if wanted.is_registered:
        conditions.append(is_registered(model, round_))
    if fold(wanted.text):
        condition, more = text_condition(model, wanted.text)
        conditions.append(condition)
        values = (*values, *more)
    query = Query(subjects_with_forms(model, round_), "s.id", (where, *conditions), values)
    kind = CommuneList if model is LearningModel.COMMUNE else AssessmentList
    return kind(context, query, model=model, round_=round_, filter_=wanted)


def is_listed(model: LearningModel, round_: RoundRecord) -> str:
    """SQL that is true of a subject (``s``) with its form (``a``) that stands in the list of a round."""
    return f"(({eligible(model, round_)}) OR a.id IS NOT NULL) AND {_has_place(model, round_)}"


def _has_place(model: LearningModel, round_: RoundRecord) -> str:
    """SQL that is true of a subject (``s``) with its form (``a``) that a list may show; also of everybody eligible."""
    listed = SOURCES[model].listed
    if model is not LearningModel.CITIZEN:
        return listed
    if past_day(round_.counted_on) is not None:  # who died or left since is still of that round
        listed = f"({listed} OR {eligible(model, round_)})"
    grown = f"s.birth <= '{round_.born_by(DEFAULT_MIN_AGE)}'"
    return f"{listed} AND (s.birth IS NULL OR {grown} OR a.status = '{WorkStatus.RECOGNISED.value}')"


def _narrowed(model: LearningModel, wanted: WorkFilter, round_: RoundRecord) -> tuple[list[str], tuple[Any, ...]]:
    conditions: list[str] = []
    values: tuple[Any, ...] = ()
    if wanted.hamlet is not None:
        conditions.append(f"{placed(SOURCES[model].hamlet, model, round_)} = (SELECT id FROM hamlet WHERE uid = ?)")
        values = (bytes.fromhex(wanted.hamlet),)
    if wanted.group is not None and model is LearningModel.CITIZEN:
        conditions.append("s.citizen_group = ?")
        values = (*values, wanted.group.value)
    return conditions, values


def text_condition(model: LearningModel, text: str) -> tuple[str, tuple[str, ...]]:
    """SQL that is true of a subject (``s``) that typed words find, and its values."""
    expression = filter_expression(text)
    if expression and model is LearningModel.CITIZEN:
        found = "SELECT rowid & 16777215 FROM citizen_search WHERE citizen_search MATCH ?"
        return f"s.id IN ({found})", (expression,)
    folded = fold(text)
    if model is LearningModel.FAMILY:
        if not expression:
            return "instr(s.code_fold, ?)", (folded,)
        found = (
            "SELECT n.household_id FROM citizen_search AS f JOIN citizen AS n ON n.id = f.rowid & 16777215 "
            "WHERE f.citizen_search MATCH ?"
        )
        return f"(s.id IN ({found}) OR instr(s.code_fold, ?))", (expression, folded)
    if model is LearningModel.COMMUNE:
        return "1", ()
    return "instr(s.name_fold, ?)", (folded,)


def short_verdicts(
    connection: Connection, round_: RoundRecord, model: LearningModel, forms: Sequence[tuple[int, str | None]]
) -> dict[int, str]:
    """Form → its short verdict ("Đạt", "thiếu 6"), the frozen one where there is one.

    Args:
        forms: local keys of forms that were begun, each with what was frozen into it.
    """
    found = {form_id: read_frozen(frozen).short for form_id, frozen in forms if frozen}
    open_forms = [form_id for form_id, frozen in forms if not frozen]
    for form_id, definition, verdict, _ in read_verdicts(connection, round_, model, open_forms):
        found[form_id] = short_verdict(definition, verdict)
    return found


def _row(row: tuple[Any, ...], chips: Mapping[int, str]) -> WorkRow:
    uid, name, birth, group, detail, hamlet, status, answered, total, passed, form_id, _, registered = row
    return WorkRow(
        uid.hex(),
        name or "",
        PartialDate.from_iso(birth).text() if birth else "",
        detail or "",
        hamlet or "",
        CitizenGroup(group) if group else None,
        WorkStatus(status),
        answered or 0,
        total if answered else None,
        bool(passed),
        chips.get(form_id, WORK_STATUS_TEXT[WorkStatus.NOT_STARTED]),
        bool(registered),
    )
