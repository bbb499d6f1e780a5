"""Who of a round can be recognised now, and who is left out and why.

Invariants: one SQL expression decides a subject's state, for counts, lists and the decision alike; every state comes
with a sentence. Of a round whose counting day has passed everybody stands where they were on that day, and who left
since is still of it; only the dead are not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, ReviewStage, Uid
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import eligible, placed
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import OfficeSet, read_sets
from desktop_app.services.raw import all_rows
from desktop_app.services.recognition.records import (
    Candidate,
    CandidateCounts,
    CandidateFilter,
    Candidates,
    CandidateState,
)
from desktop_app.services.recognition.shapes import SHAPES, Shape, words_in
from desktop_app.services.vietnamese import PartialDate, number_text


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate as the database gives it: local keys and no sentence; never leaves the services."""

    form: int | None
    assessment: Uid | None
    set_id: int | None
    subject_id: int
    uid: Uid
    name: str
    birth: str | None
    hamlet: str
    detail: str
    total: float | None
    grade: str | None
    state: CandidateState


def candidates(context: Context, year: int, model: LearningModel) -> Candidates:
    """Everybody of a round who has a form or is registered, parted into those who can be recognised and the others.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        rows = read_rows(connection, round_, model)
        return parted(describe(connection, round_, rows))


def parted(found: Sequence[Candidate]) -> Candidates:
    """Those who can be recognised and those left out, each in the order they came."""
    ready = tuple(item for item in found if item.state is CandidateState.READY)
    return Candidates(ready, tuple(item for item in found if item.state is not CandidateState.READY))


def candidate_counts(context: Context, year: int, model: LearningModel) -> CandidateCounts:
    """How many stand in which state, and how many of each hamlet are ready; raises UserError ``round.unknown``."""
    with context.read() as connection:
        query = _Query(connection, round_of(connection, year), model)
        states: dict[CandidateState, int] = {}
        hamlets: dict[Uid, tuple[str, int]] = {}
        for state, uid, name, count in query.run(f"{query.state}, v.uid, v.name, count(*)", " GROUP BY 1, 2"):
            states[CandidateState(state)] = states.get(CandidateState(state), 0) + count
            if uid is not None:
                ready = hamlets.get(uid.hex(), ("", 0))[1] + (count if state == CandidateState.READY else 0)
                hamlets[uid.hex()] = (name or "", ready)
        order = all_rows(connection, "SELECT uid FROM hamlet ORDER BY sort_key, former_commune, uid")
    listed = ((uid.hex(), *hamlets[uid.hex()]) for (uid,) in order if uid.hex() in hamlets)
    return CandidateCounts(states, tuple(listed))


@dataclass(frozen=True)
class CandidateSource:
    """Candidates in pages, for a list; sentences are made for the rows that are looked at."""

    context: Context
    year: int
    model: LearningModel
    chosen: CandidateFilter
    order: str | None = None
    is_descending: bool = False

    def count(self) -> int:
        with self.context.read() as connection:
            query = _Query(connection, round_of(connection, self.year), self.model, self.chosen)
            return int(query.run("count(*)")[0][0])

    def rows(self, offset: int, limit: int) -> Sequence[Candidate]:
        with self.context.read() as connection:
            round_ = round_of(connection, self.year)
            query = _Query(connection, round_, self.model, self.chosen)
            found = query.rows(self._order(query), limit, offset)
            return describe(connection, round_, found)

    def uids(self) -> tuple[Uid, ...]:
        """The uid of every subject of the list, in its order."""
        with self.context.read() as connection:
            query = _Query(connection, round_of(connection, self.year), self.model, self.chosen)
            return tuple(row.uid for row in query.rows(self._order(query)))

    def sorted(self, column: str, descending: bool = False) -> CandidateSource:
        """The same candidates by name, hamlet, result or state; raises KeyError for another column."""
        if column not in _COLUMNS:
            raise KeyError(column)
        return replace(self, order=column, is_descending=descending)

    def _order(self, query: _Query) -> str:
        if self.order is None:
            return query.shape.order
        column = _COLUMNS[self.order](query.shape)
        return f"{column} IS NULL, {column} {'DESC' if self.is_descending else 'ASC'}, {query.shape.order}"


_COLUMNS: dict[str, Callable[[Shape], str]] = {
    "name": lambda shape: shape.sort,
    "birth": lambda shape: shape.birth,
    "detail": lambda shape: shape.detail,
    "hamlet": lambda shape: "v.sort_key",
    "total": lambda shape: "f.total",
    "state": lambda shape: "state",
}


def candidate_source(
    context: Context, year: int, model: LearningModel, chosen: CandidateFilter | None = None
) -> CandidateSource:
    """The list of candidates of a round and model, by hamlet and household code."""
    return CandidateSource(context, year, model, chosen or CandidateFilter())


def read_rows(
    connection: Connection, round_: RoundRecord, model: LearningModel, chosen: CandidateFilter | None = None
) -> list[Row]:
    """Every candidate in the order in which numbers are given."""
    query = _Query(connection, round_, model, chosen)
    return query.rows(query.shape.order)


class _Query:
    """One statement over the forms and registrations of a round and model."""

    def __init__(
        self, connection: Connection, round_: RoundRecord, model: LearningModel, chosen: CandidateFilter | None = None
    ) -> None:
        self.connection = connection
        self.shape = SHAPES[model]
        sets = read_sets(connection)
        self.parameters: dict[str, Any] = {
            "round": round_.id,
            "model": model.value,
            "unreadable": json.dumps([row_id for row_id, item in sets.items() if item is None]),
            "unconfirmed": json.dumps([row_id for row_id, item in sets.items() if item and not item.is_confirmed]),
            "disputed": json.dumps(_disputed(connection, round_, model)),
            "objected": json.dumps(_objected(connection, round_, model)),
            "accepted": _accepted(connection, round_, model),
        }
        self.joins = placed(self.shape.joins, model, round_)
        gone = self.shape.gone.format(counted=f"coalesce(({eligible(model, round_, everyone=True)}), 0)")
        self.state = _STATE.format(gone=gone, name=self.shape.name)
        self.where = self._where(chosen or CandidateFilter())

    def _where(self, chosen: CandidateFilter) -> str:
        conditions = []
        if chosen.is_ready is not None:
            conditions.append(f"({self.state}) {'=' if chosen.is_ready else '<>'} 'ready'")
        if chosen.state is not None:
            conditions.append(f"({self.state}) = :state")
            self.parameters["state"] = chosen.state.value
        if chosen.hamlet is not None:
            conditions.append("v.uid = :hamlet")
            self.parameters["hamlet"] = bytes.fromhex(chosen.hamlet)
        if chosen.text.strip():
            condition, words = words_in(self.shape.fold, chosen.text)
            conditions.append(condition)
            self.parameters.update(words)
        return " AND ".join(conditions) or "1"

    def run(self, columns: str, after: str = "") -> list[tuple[Any, ...]]:
        shape = self.shape
        return all_rows(
            self.connection,
            f"SELECT {columns} FROM ({_FORMS}) f JOIN {shape.table} s ON s.id = f.subject_id {self.joins} "
            f"WHERE {self.where}{after}",
            self.parameters,
        )

    def rows(self, order: str, limit: int = -1, offset: int = 0) -> list[Row]:
        shape = self.shape
        columns = (
            f"f.id, f.uid, f.criteria_set_id, s.id, s.uid, {shape.name}, {shape.birth}, v.name, {shape.detail}, "
            f"f.total, f.grade, {self.state} AS state"
        )
        self.parameters.update(limit=limit, offset=offset)
        found = self.run(columns, f" ORDER BY {order} LIMIT :limit OFFSET :offset")
        return [
            Row(
                form,
                form_uid.hex() if form_uid else None,
                set_id,
                subject_id,
                uid.hex(),
                name or "",
                birth,
                hamlet or "",
                detail or "",
                total,
                grade,
                CandidateState(state),
            )
            for form, form_uid, set_id, subject_id, uid, name, birth, hamlet, detail, total, grade, state in found
        ]


_FORMS = """
SELECT a.id, a.uid, a.subject_id, a.criteria_set_id, a.status, a.frozen IS NOT NULL AS is_frozen, a.total, a.answered,
       a.is_complete, a.passed, a.grade
FROM assessment a WHERE a.assessment_round_id = :round AND a.model = :model AND a.present
UNION ALL
SELECT NULL, NULL, g.subject_id, NULL, NULL, 0, NULL, 0, 0, 0, NULL
FROM registration g WHERE g.assessment_round_id = :round AND g.model = :model AND g.present AND NOT EXISTS (
  SELECT 1 FROM assessment a WHERE a.assessment_round_id = :round AND a.model = :model
  AND a.subject_id = g.subject_id AND a.present)"""

_STATE = """CASE
WHEN f.is_frozen OR f.status = 'recognised' THEN 'recognised'
WHEN NOT s.present THEN 'absent'
{gone}
WHEN f.id IS NULL OR coalesce(f.answered, 0) = 0 THEN 'not_assessed'
WHEN f.id IN (SELECT value FROM json_each(:disputed)) THEN 'disputed'
WHEN f.status = 'returned' THEN 'returned'
WHEN f.criteria_set_id IS NULL OR f.criteria_set_id IN (SELECT value FROM json_each(:unreadable)) THEN 'unreadable'
WHEN NOT coalesce(f.is_complete, 0) THEN 'incomplete'
WHEN NOT coalesce(f.passed, 0) THEN 'failed'
WHEN f.id IN (SELECT value FROM json_each(:objected)) THEN 'objected'
WHEN :accepted IS NOT NULL AND f.id NOT IN (SELECT value FROM json_each(:accepted)) THEN 'unaccepted'
WHEN f.criteria_set_id IN (SELECT value FROM json_each(:unconfirmed)) THEN 'unconfirmed'
WHEN trim(coalesce({name}, '')) = '' THEN 'nameless'
ELSE 'ready' END"""


def _disputed(connection: Connection, round_: RoundRecord, model: LearningModel) -> list[int]:
    """Forms with an open disagreement on themselves, on an answer or on their subject."""
    rows = all_rows(connection, "SELECT DISTINCT row_uid FROM conflict WHERE status = 'open'")
    if not rows:
        return []
    uids = json.dumps([uid.hex() for (uid,) in rows])
    listed = "(SELECT unhex(value) FROM json_each(:uids))"
    found = all_rows(
        connection,
        "SELECT a.id FROM assessment a WHERE a.assessment_round_id = :round AND a.model = :model AND a.present "
        f"AND (a.uid IN {listed} OR a.subject IN {listed} OR EXISTS (SELECT 1 FROM answer w "
        f"WHERE w.assessment_id = a.id AND w.uid IN {listed}))",
        {"round": round_.id, "model": model.value, "uids": uids},
    )
    return [row[0] for row in found]


def _objected(connection: Connection, round_: RoundRecord, model: LearningModel) -> list[int]:
    """Forms with an objection that nobody has answered."""
    rows = all_rows(
        connection,
        "SELECT DISTINCT a.id FROM objection AS b JOIN assessment AS a ON a.id = b.assessment_id "
        "WHERE a.assessment_round_id = ? AND a.model = ? AND a.present AND b.present AND b.outcome IS NULL",
        (round_.id, model.value),
    )
    return [row[0] for row in rows]


def _accepted(connection: Connection, round_: RoundRecord, model: LearningModel) -> str | None:
    """Forms that the commune has accepted, as JSON; None where the office does not ask for it."""
    from desktop_app.services.assessment.review.rules import read_rules

    if not read_rules(connection).needs_acceptance:
        return None
    from desktop_app.services.assessment.review.standing import accepted_forms

    return json.dumps(sorted(accepted_forms(connection, round_, model, ReviewStage.COMMUNE)))


# -- sentences ---------------------------------------------------------------------------------------------------

_PLAIN = {
    CandidateState.UNCONFIRMED: (
        "Đạt, nhưng bộ tiêu chí gợi ý chưa được cơ quan xác nhận nên chưa công nhận được. Hãy xác nhận trong Thiết "
        "lập, mục Bộ tiêu chí."
    ),
    CandidateState.UNREADABLE: "Chương trình này chưa đọc được bộ tiêu chí của phiếu; hãy cập nhật chương trình.",
    CandidateState.DISPUTED: "Còn chỗ hai máy ghi khác nhau chưa phân xử; hãy xem hộp xung đột ở trang Đồng bộ.",
    CandidateState.OBJECTED: "Đạt, nhưng còn ý kiến chưa trả lời; hãy trả lời ở Niêm yết, ý kiến (Ctrl+Shift+Y).",
    CandidateState.UNACCEPTED: (
        "Đạt, nhưng xã chưa chấp nhận phiếu (hoặc điểm đã đổi sau đó); hãy ghi ở Bình xét, thẩm định (Ctrl+Shift+R)."
    ),
    CandidateState.NAMELESS: "Chưa có tên để ghi trên giấy (hộ chưa có chủ hộ); hãy bổ sung rồi làm lại.",
    CandidateState.DEAD: "Đã mất.",
    CandidateState.MOVED: "Đã chuyển đi nơi khác.",
    CandidateState.ENDED: "Không còn trong xã (đã tách, nhập hoặc thôi hoạt động).",
    CandidateState.ABSENT: "Không còn trong sổ (đã xóa).",
    CandidateState.NOT_ASSESSED: "Đã đăng ký nhưng chưa chấm phiếu.",
}
_JUDGED = frozenset({CandidateState.READY, CandidateState.FAILED, CandidateState.INCOMPLETE})


def describe(connection: Connection, round_: RoundRecord, rows: Sequence[Row]) -> list[Candidate]:
    """The candidates with their sentences."""
    sets = read_sets(connection, {row.set_id for row in rows if row.set_id is not None})
    sentences = dict(_verdict_sentences(connection, round_, rows, sets))
    sentences.update(_returned(connection, rows))
    sentences.update(_recognised(connection, rows))
    return [
        Candidate(
            row.uid,
            row.assessment,
            row.name,
            PartialDate.from_iso(row.birth).text() if row.birth else "",
            row.hamlet,
            row.detail,
            row.total,
            result_text(sets.get(row.set_id or 0), row.total, row.grade),
            row.state,
            _PLAIN.get(row.state) or sentences.get(row.form or 0, ""),
        )
        for row in rows
    ]


def result_text(used: OfficeSet | None, total: float | None, grade: str | None) -> str:
    """A form's result in few words: the grade of a checklist, else points, with the band where there is one."""
    if total is None:
        return ""
    names: dict[str, str] = {}
    is_checklist = False
    if used is not None:
        names = {band.key: band.name for band in used.definition.bands}
        names |= {str(item.number): item.name for item in used.definition.grades}
        is_checklist = bool(used.definition.grades)
    named = names.get(grade or "", "")
    if is_checklist and named:
        return named
    points = f"{number_text(total, 0 if total == int(total) else 1)} {'chỉ tiêu' if is_checklist else 'điểm'}"
    return f"{points}, {named.lower()}" if named else points


def judged(
    connection: Connection, round_: RoundRecord, rows: Iterable[Row], sets: Mapping[int, OfficeSet | None]
) -> Iterable[tuple[Row, OfficeSet, Mapping[str, float], Any]]:
    """Each form with its set, answers and whole verdict; forms by an unreadable set are left out."""
    from desktop_app.services.assessment.derive import read_answers
    from desktop_app.services.assessment.facts import count_facts
    from desktop_app.services.assessment.judging import Judge

    by_set: dict[int, list[Row]] = {}
    for row in rows:
        if row.form is not None and row.set_id is not None:
            by_set.setdefault(row.set_id, []).append(row)
    for set_id, members in by_set.items():
        used = sets.get(set_id)
        if used is None:
            continue
        judge = Judge(used.definition)
        answers = read_answers(connection, [row.form for row in members if row.form is not None])
        facts: Mapping[int, Any] = {}
        if judge.asked:
            facts = count_facts(connection, round_, judge.asked, [row.subject_id for row in members])
        for row in members:
            given = answers.get(row.form or 0, {})
            yield row, used, given, judge.verdict(given, facts.get(row.subject_id, {}))


def _verdict_sentences(
    connection: Connection, round_: RoundRecord, rows: Sequence[Row], sets: Mapping[int, OfficeSet | None]
) -> Iterable[tuple[int, str]]:
    from desktop_app.services.assessment.verdict import sentence

    asked = [row for row in rows if row.state in _JUDGED]
    for row, used, _, verdict in judged(connection, round_, asked, sets):
        yield row.form or 0, sentence(used.definition, verdict)


def _returned(connection: Connection, rows: Sequence[Row]) -> dict[int, str]:
    ids = json.dumps([row.form for row in rows if row.state is CandidateState.RETURNED])
    plain = "Bị trả lại khi thẩm định"
    found = dict.fromkeys(json.loads(ids), f"{plain}; hãy chấm lại phiếu.")
    for form, reason in all_rows(
        connection,
        "SELECT assessment_id, reason FROM review WHERE assessment_id IN (SELECT value FROM json_each(?)) "
        "AND present AND outcome = 'returned' AND reason IS NOT NULL ORDER BY id",
        (ids,),
    ):
        found[form] = f"{plain}: {reason}"
    return found


def _recognised(connection: Connection, rows: Sequence[Row]) -> dict[int, str]:
    ids = json.dumps([row.form for row in rows if row.state is CandidateState.RECOGNISED])
    found = dict.fromkeys(json.loads(ids), "Đã được công nhận trong đợt này.")
    for form, number, decision, on in all_rows(
        connection,
        "SELECT c.assessment_id, c.number, d.number, d.decided_on FROM certificate c "
        "JOIN decision d ON d.id = c.decision_id WHERE c.assessment_id IN (SELECT value FROM json_each(?)) "
        "AND c.present AND c.status <> 'voided' ORDER BY c.sequence",
        (ids,),
    ):
        when = "/".join(reversed((on or "").split("-")))
        found[form] = f"Đã được công nhận trong đợt này: giấy số {number}, Quyết định {decision} ngày {when}."
    return found
