"""Posted lists (niêm yết): who stood on it, how long it hangs, and what changed since it was posted.

Invariants: a list keeps the forms that stood on it when it was posted, and their totals and verdicts of that day;
correcting its place and days does not change that, a new list does. A period is of whole days, first and last included.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.tables.assessment import posting
from desktop_app.models.types import AssessmentStatus, LearningModel, ReviewStage, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.review.differences import answer_changes
from desktop_app.services.assessment.review.listing import About, case_of, read_about, verdict_words
from desktop_app.services.assessment.review.posted_results import PostedResult, read_results, results_now
from desktop_app.services.assessment.review.recording import today
from desktop_app.services.assessment.review.rules import ORDER, read_rules, require_may
from desktop_app.services.assessment.review.standing import last_changes, since
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_by_id
from desktop_app.services.assessment.subjects import SOURCES, UNITS, eligible, placed
from desktop_app.services.context import Context, subject_of
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import nfc, number_text

MOST_PLACE = 200
MOST_LISTED = 20_000
"""Forms of one list; more would not fit into a package, and nobody reads them on one board."""


@dataclass(frozen=True, slots=True)
class PostingRecord:
    """One posted list.

    Args:
        stage: whose accepted forms stand on it; None where all who pass do.
        hamlet: uid; None for the whole commune.
        posted_on, until: ISO, both days within the period.
        count: how many forms stood on it.
        objections, waiting: how many were raised, and how many of them have no answer.
    """

    uid: Uid
    year: int
    model: LearningModel
    stage: ReviewStage | None
    hamlet: Uid | None
    hamlet_name: str
    place: str
    posted_on: str
    until: str
    note: str
    count: int
    objections: int
    waiting: int

    @property
    def where(self) -> str:
        """ "Thôn 1", or "Toàn xã"."""
        return self.hamlet_name or "Toàn xã"

    def days_left(self, on: dt.date) -> int:
        """How many days objections are still taken, this one counted; 0 when the period is over."""
        return max(0, (dt.date.fromisoformat(self.until) - on).days + 1)

    def has_begun(self, on: dt.date) -> bool:
        return self.posted_on <= on.isoformat()


class Fate(StrEnum):
    """What became of a form since the list was posted."""

    STANDS = "stands"
    RESCORED = "rescored"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class PostedForm:
    """One line of a posted list; ``birth_year`` is a year alone.

    Args:
        total, verdict: as they were posted; as they are now of a list without kept results.
        note: why it no longer belongs there, or what changed.
    """

    assessment: Uid
    subject: Uid
    name: str
    birth_year: str
    hamlet: str
    detail: str
    total: float | None
    verdict: str
    fate: Fate
    note: str = ""


@dataclass(frozen=True, slots=True)
class PostingChanges:
    """What changed since a list was posted."""

    new: tuple[PostedForm, ...]
    gone: tuple[PostedForm, ...]
    rescored: tuple[PostedForm, ...]

    @property
    def is_any(self) -> bool:
        return bool(self.new or self.gone or self.rescored)


def list_postings(context: Context, year: int) -> tuple[PostingRecord, ...]:
    """The lists of a round, the newest first."""
    with context.read() as connection:
        rows = all_rows(connection, f"{_SELECT} AND r.year = ? ORDER BY p.posted_on DESC, p.id DESC", (year,))
    return tuple(map(_record, rows))


def still_hanging(context: Context, year: int, model: LearningModel, on: dt.date) -> str:
    """ "1 danh sách còn nhận ý kiến, muộn nhất hết 01/12/2026"; empty where no list takes objections on that day."""
    found = [item.until for item in list_postings(context, year) if item.model is model and item.days_left(on)]
    if not found:
        return ""
    last = dt.date.fromisoformat(max(found))
    return f"{number_text(len(found))} danh sách còn nhận ý kiến, muộn nhất hết {last:%d/%m/%Y}"


def read_posting(connection: Connection, uid: Uid) -> PostingRecord:
    """One list; raises UserError ``posting.unknown``."""
    row = one_row(connection, f"{_SELECT} AND p.uid = ?", (bytes.fromhex(uid),))
    if row is None:
        raise UserError(
            "Không tìm thấy danh sách niêm yết này (có thể đã được bỏ); chưa có gì thay đổi. Hãy nạp lại trang.",
            code="posting.unknown",
        )
    return _record(row)


def last_day(context: Context, posted_on: dt.date) -> dt.date:
    """The last day on which objections are taken, by the office's setting."""
    with context.read() as connection:
        return posted_on + dt.timedelta(days=read_rules(connection).posting_days - 1)


def count_for_posting(
    context: Context, model: LearningModel, year: int, stage: ReviewStage | None, hamlet: Uid | None
) -> int:
    """How many forms a list posted now would hold."""
    with context.read() as connection:
        return len(_belonging(connection, read_about(connection, model, year, stage or ORDER[0]), stage, hamlet))


def post_list(
    context: Context,
    model: LearningModel,
    year: int,
    *,
    stage: ReviewStage | None,
    hamlet: Uid | None = None,
    place: str = "",
    posted_on: dt.date | None = None,
    until: dt.date | None = None,
    note: str = "",
) -> Uid:
    """Post the list as it stands now.

    Args:
        stage: the list holds the forms that this stage has accepted; None: everybody who passes and is not returned.
        hamlet: None for the whole commune.
        posted_on, until: None for today, and for the office's number of days.

    Raises:
        UserError: ``posting.empty``, ``posting.too_many``, ``posting.days``, ``posting.long``, ``round.closed``,
            ``round.unknown``, and the refusals of the stage (``review.not_allowed`` …).
    """
    first = posted_on or today(context)
    last = until or last_day(context, first)
    values = _checked(first, last, place, note)
    with context.operation("posting.add") as op:
        about = read_about(op.connection, model, year, stage or ORDER[0])
        require_open(about.round)
        if stage is not None:
            require_may(context, about.rules, stage)
        found = _belonging(op.connection, about, stage, hamlet)
        if not found:
            raise UserError(_empty(model, stage), code="posting.empty")
        if len(found) > MOST_LISTED:
            raise UserError(
                f"Danh sách này có {number_text(len(found))} phiếu, một danh sách chứa nhiều nhất "
                f"{number_text(MOST_LISTED)} nên chưa niêm yết. Hãy niêm yết từng thôn.",
                code="posting.too_many",
            )
        op.args["count"] = len(found)
        hamlet_id = op.writer.references.id("hamlet", hamlet) if hamlet else None
        row_id = op.writer.insert(
            posting,
            {
                "assessment_round_id": about.round.id,
                "hamlet_id": hamlet_id,
                "model": model.value,
                "stage": stage.value if stage else None,
                "subjects": found,
                "results": results_now(op.connection, about.round, model, found),
                **values,
            },
        )
        return op.writer.references.uid("posting", row_id)


def edit_posting(context: Context, uid: Uid, *, place: str, posted_on: dt.date, until: dt.date, note: str = "") -> None:
    """Correct where and how long a list hangs; who stands on it stays.

    Raises:
        UserError: ``posting.days``, ``posting.long``, ``posting.unknown``, ``round.closed``.
    """
    values = _checked(posted_on, until, place, note)
    with context.operation("posting.edit", {"subject": subject_of("posting", uid)}) as op:
        op.writer.update(posting, _open_row(op.connection, uid), values)


def remove_posting(context: Context, uid: Uid) -> None:
    """Take a list off that was posted by mistake (undoable); objections to it stay.

    Raises:
        UserError: ``posting.unknown``, ``round.closed``.
    """
    with context.operation("posting.remove", {"subject": subject_of("posting", uid)}) as op:
        op.writer.remove(posting, _open_row(op.connection, uid))


def posted_forms(context: Context, uid: Uid) -> tuple[PostedForm, ...]:
    """Everybody who stood on a list, by hamlet and name, as they are now."""
    with context.read() as connection:
        return read_posted(connection, uid)[1]


def posting_changes(context: Context, uid: Uid) -> PostingChanges:
    """Who would come onto the list now, who would fall off it and why, and whose answers changed."""
    with context.read() as connection:
        record = read_posting(connection, uid)
        posted = _posted(connection, uid)
        about = read_about(connection, record.model, record.year, record.stage or ORDER[0])
        now = _belonging(connection, about, record.stage, record.hamlet)
        then, belong = set(posted.forms), frozenset(now)
        fresh = [form for form in now if form not in then]
        new = _forms(connection, about.round, record.model, _Posted(fresh, {}, {}), belong)
        changed = [form for form in posted.forms if form not in belong or form in posted.moved]
        told = _forms(connection, about.round, record.model, replace(posted, forms=changed), belong)
    return PostingChanges(
        tuple(replace(item, fate=Fate.NEW, note="được chấp nhận sau khi niêm yết") for item in new),
        tuple(item for item in told if item.fate is Fate.GONE),
        tuple(item for item in told if item.fate is Fate.RESCORED),
    )


def read_posted(connection: Connection, uid: Uid) -> tuple[PostingRecord, tuple[PostedForm, ...]]:
    """A list with all its lines; raises UserError ``posting.unknown``."""
    record = read_posting(connection, uid)
    posted = _posted(connection, uid)
    about = read_about(connection, record.model, record.year, record.stage or ORDER[0])
    belong = frozenset(_belonging(connection, about, record.stage, record.hamlet))
    return record, _forms(connection, about.round, record.model, posted, belong)


# -- inside ------------------------------------------------------------------------------------------------------

_SELECT = """
SELECT p.uid, r.year, p.model, p.stage, v.uid, v.name, p.place, p.posted_on, p.until, p.note,
       coalesce(json_array_length(p.subjects), 0),
       (SELECT count(*) FROM objection AS b WHERE b.posting_id = p.id AND b.present),
       (SELECT count(*) FROM objection AS b WHERE b.posting_id = p.id AND b.present AND b.outcome IS NULL)
FROM posting AS p JOIN assessment_round AS r ON r.id = p.assessment_round_id LEFT JOIN hamlet AS v ON v.id = p.hamlet_id
WHERE p.present AND p.model IS NOT NULL"""


def _record(row: tuple[Any, ...]) -> PostingRecord:
    uid, year, model, stage, hamlet, name, place, on, until, note, count, objections, waiting = row
    first = on or f"{year}-01-01"
    return PostingRecord(
        uid.hex(),
        year,
        LearningModel(model),
        ReviewStage(stage) if stage else None,
        hamlet.hex() if hamlet else None,
        name or "",
        place or "",
        first,
        until or first,
        note or "",
        count,
        objections,
        waiting,
    )


def _belonging(connection: Connection, about: About, stage: ReviewStage | None, hamlet: Uid | None) -> list[Uid]:
    """Uids of the forms that belong on a list now, by hamlet and name."""
    source = SOURCES[about.model]
    where = [
        "s.present",
        "a.passed = 1",
        f"a.status <> '{AssessmentStatus.RETURNED.value}'",
        f"({eligible(about.model, about.round, everyone=True)})",
    ]
    values: list[Any] = []
    if stage is not None:
        where.append(f"{case_of(connection, about)} = 'accepted'")
    if hamlet is not None:
        where.append(f"{placed(source.hamlet, about.model, about.round)} = (SELECT id FROM hamlet WHERE uid = ?)")
        values.append(bytes.fromhex(hamlet))
    rows = all_rows(
        connection,
        f"SELECT lower(hex(a.uid)) FROM {about.source} WHERE {' AND '.join(where)} "
        f"ORDER BY v.id IS NULL, v.sort_key, {source.sort}, s.id",
        values,
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class _Posted:
    """The forms of a list, those that have other answers or another total now with the words for it, and what was
    posted of each."""

    forms: list[Uid]
    moved: Mapping[Uid, str]
    results: Mapping[Uid, PostedResult]


def _posted(connection: Connection, uid: Uid) -> _Posted:
    query = f"SELECT p.subjects, {since('p.uid')}, p.results FROM posting AS p WHERE p.uid = ?"
    row = one_row(connection, query, (bytes.fromhex(uid),))
    forms = [str(item) for item in json.loads(row[0] or "[]")] if row else []
    moment = int(row[1] or 0) if row else 0
    results = read_results(row[2], forms) if row else {}
    rows = all_rows(
        connection,
        "SELECT a.id, j.value, a.total FROM json_each(?) AS j CROSS JOIN assessment AS a ON a.uid = unhex(j.value)",
        (json.dumps(forms),),
    )
    last = last_changes(connection, moment)
    touched = [form for form, _, _ in rows if last.get(form, 0) > moment]
    found = answer_changes(connection, dict.fromkeys(touched, moment))
    words = {uid: _moved(results.get(uid), total, len(found.get(form, ()))) for form, uid, total in rows}
    return _Posted(forms, {uid: said for uid, said in words.items() if said}, results)


def _moved(posted: PostedResult | None, total: float | None, answers: int) -> str:
    """What is another one now: "84 → 79 điểm, sửa 2 câu trả lời"; empty for nothing."""
    parts = [] if posted is None or posted.total == total else [f"{_points(posted.total)} → {_points(total)} điểm"]
    parts += [f"sửa {number_text(answers)} câu trả lời"] if answers else []
    return ", ".join(parts) + (" sau khi niêm yết" if parts else "")


def _points(total: float | None) -> str:
    return "–" if total is None else number_text(total, 0 if total == int(total) else 1)


def _forms(
    connection: Connection,
    round_: RoundRecord,
    model: LearningModel,
    posted: _Posted,
    belong: frozenset[Uid],
) -> tuple[PostedForm, ...]:
    source = SOURCES[model]
    birth = "substr(s.birth, 1, 4)" if model is LearningModel.CITIZEN else "NULL"
    counted = eligible(model, round_, everyone=True)
    rows = all_rows(
        connection,
        f"SELECT a.uid, s.uid, {source.name}, {birth}, v.name, {source.detail}, a.total, a.id, a.frozen, a.status, "
        f"a.passed, s.present, a.present, coalesce(({counted}), 0) FROM json_each(?) AS j "
        f" CROSS JOIN assessment AS a ON a.uid = unhex(j.value) "
        f"JOIN {subject_table(model)} AS s ON s.id = a.subject_id {placed(source.joins, model, round_)} "
        f"ORDER BY v.id IS NULL, v.sort_key, {source.sort}, s.id",
        (json.dumps(posted.forms),),
    )
    moved = posted.moved
    said = verdict_words(connection, round_, model, [(row[7], row[8]) for row in rows])
    found = []
    for uid, subject, name, year, hamlet, detail, total, form, _, status, passed, here, kept, is_counted in rows:
        verdict = said.get(form, ("", ""))[0]
        fate, note = Fate.STANDS, ""
        if uid.hex() not in belong:
            fate, note = (
                Fate.GONE,
                _why_gone(
                    status, bool(passed), bool(here and kept), bool(is_counted), verdict, moved.get(uid.hex(), "")
                ),
            )
        elif uid.hex() in moved:
            fate, note = Fate.RESCORED, moved[uid.hex()]
        found.append(
            PostedForm(
                uid.hex(),
                subject.hex(),
                name or "",
                year or "",
                hamlet or "",
                detail or "",
                *_as_posted(posted.results.get(uid.hex()), total, verdict),
                fate,
                note,
            )
        )
    return tuple(found)


def _as_posted(result: PostedResult | None, total: float | None, verdict: str) -> tuple[float | None, str]:
    return (result.total, result.verdict) if result is not None else (total, verdict)


def _why_gone(status: str | None, passed: bool, is_here: bool, is_counted: bool, verdict: str, moved: str) -> str:
    if not is_here:
        return "không còn trong sổ"
    if not is_counted:
        return "đã mất, đã chuyển đi hoặc không còn thuộc diện đánh giá"
    if status == AssessmentStatus.RETURNED:
        return "phiếu bị trả lại"
    if not passed:
        return f"nay chưa đạt ({verdict})" if verdict else "nay chưa đạt"
    return moved or "không còn được chấp nhận ở bước này, hoặc đã sang thôn khác"


def _open_row(connection: Connection, uid: Uid) -> int:
    row = one_row(
        connection, "SELECT id, assessment_round_id FROM posting WHERE uid = ? AND present", (bytes.fromhex(uid),)
    )
    if row is None:
        read_posting(connection, uid)
    assert row is not None
    require_open(round_by_id(connection, row[1]))
    return int(row[0])


def _checked(first: dt.date, last: dt.date, place: str, note: str) -> dict[str, Any]:
    if last < first:
        raise UserError(
            f"Ngày cuối nhận ý kiến {last:%d/%m/%Y} đứng trước ngày niêm yết {first:%d/%m/%Y}; chưa lưu. Hãy xem lại "
            "hai ngày.",
            code="posting.days",
        )
    where, words = nfc(place), nfc(note)
    if max(len(where), len(words)) > MOST_PLACE:
        raise UserError(
            f"Nơi niêm yết và ghi chú mỗi mục không quá {MOST_PLACE} chữ; chưa lưu. Hãy viết gọn lại.",
            code="posting.long",
        )
    return {
        "place": where or None,
        "posted_on": first.isoformat(),
        "until": last.isoformat(),
        "note": words or None,
    }


def _empty(model: LearningModel, stage: ReviewStage | None) -> str:
    if stage is None:
        return f"Chưa có {UNITS[model]} nào đạt ở phạm vi này nên chưa niêm yết. Hãy chấm phiếu trước."
    return (
        f"Bước này chưa chấp nhận phiếu {UNITS[model]} nào ở phạm vi đã chọn nên chưa niêm yết. Hãy ghi kết quả ở "
        "Bình xét, thẩm định trước, hoặc chọn niêm yết mọi phiếu đạt."
    )
