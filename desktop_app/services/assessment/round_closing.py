"""Closing a round (khóa đợt): what is still unfinished in it, closing in two steps, opening it again.

Invariants: nothing is lost or changed by closing, a closed round only takes no more work; what was unfinished is
counted by the services' own rules and stands in the deed's arguments, so that the journal can be asked for it later.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.engine import Connection

from desktop_app.models.tables.assessment import assessment_round
from desktop_app.models.types import DeviceRole, LearningModel, RoundStatus
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, remember_year, round_of
from desktop_app.services.assessment.subjects import UNITS, eligible
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import number_text


class Open(StrEnum):
    """What can be unfinished."""

    BATCHES = "batches"
    LOST_FORMS = "lost_forms"
    SECOND_ENTRY = "second_entry"
    OBJECTIONS = "objections"
    CONFLICTS = "conflicts"
    STARTED = "started"
    RETURNED = "returned"
    NOT_STARTED = "not_started"
    NOT_RECOGNISED = "not_recognised"
    NOT_HANDED_OVER = "not_handed_over"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One line of the list.

    Args:
        count: how many.
        model: whose; None where the line is of all models.
        text: the line in words, with the count.
    """

    kind: Open
    count: int
    text: str
    model: LearningModel | None = None


_WORDS: dict[Open, str] = {
    Open.BATCHES: "{count} tập phiếu chưa đóng",
    Open.LOST_FORMS: "{count} tập phiếu đã đóng nay thiếu phiếu so với bìa",
    Open.SECOND_ENTRY: "{count} phiếu nhập lần hai chưa xong",
    Open.OBJECTIONS: "{count} ý kiến chưa trả lời",
    Open.CONFLICTS: "{count} chỗ khác nhau giữa các máy chưa phân xử",
    Open.STARTED: "{count} phiếu {unit} chấm dở",
    Open.RETURNED: "{count} phiếu {unit} bị trả lại, chưa chấm lại",
    Open.NOT_STARTED: "{count} {unit} đã đăng ký nhưng chưa chấm",
    Open.NOT_RECOGNISED: "{count} {unit} đạt nhưng chưa có trong quyết định",
    Open.NOT_HANDED_OVER: "{count} giấy công nhận {unit} chưa trao",
}

_WHOLE: dict[Open, str] = {
    Open.BATCHES: (
        "SELECT count(*) FROM batch WHERE assessment_round_id = :round AND present AND status IS NOT 'closed'"
    ),
    Open.LOST_FORMS: (
        "SELECT count(*) FROM batch AS b WHERE b.assessment_round_id = :round AND b.present AND b.status = 'closed' "
        "AND b.form_count > (SELECT count(*) FROM assessment AS a WHERE a.batch_id = b.id AND a.present)"
    ),
    Open.SECOND_ENTRY: (
        "SELECT count(*) FROM second_entry AS e JOIN assessment AS a ON a.id = e.assessment_id "
        "WHERE a.assessment_round_id = :round AND a.present AND e.present AND e.status IN ('drawn', 'keyed', 'differs')"
    ),
    Open.OBJECTIONS: (
        "SELECT count(*) FROM objection AS o JOIN assessment AS a ON a.id = o.assessment_id "
        "WHERE a.assessment_round_id = :round AND a.present AND o.present AND o.outcome IS NULL"
    ),
    Open.CONFLICTS: "SELECT count(*) FROM conflict WHERE status = 'open'",
}


def unfinished(context: Context, year: int) -> tuple[Unfinished, ...]:
    """What is still open in a round, the most pressing first; empty when it can be closed with a light heart.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        return read_unfinished(connection, round_of(connection, year))


def read_unfinished(connection: Connection, round_: RoundRecord) -> tuple[Unfinished, ...]:
    """The same within a reading transaction."""
    found: list[Unfinished] = []
    for kind, query in _WHOLE.items():
        found += _line(kind, _count(connection, query, round_))
    for model in LearningModel:
        found += _of_model(connection, round_, model)
    return tuple(found)


def _of_model(connection: Connection, round_: RoundRecord, model: LearningModel) -> list[Unfinished]:
    who, everyone = eligible(model, round_), eligible(model, round_, everyone=True)
    forms = (
        "SELECT total(a.answered > 0 AND NOT a.is_complete AND a.status <> 'returned'), total(a.status = 'returned'), "
        "total(a.is_complete AND a.passed AND a.status NOT IN ('returned', 'recognised')) "
        f"FROM assessment AS a JOIN {subject_table(model)} AS s ON s.id = a.subject_id "
        f"WHERE a.assessment_round_id = :round AND a.model = '{model.value}' AND a.present AND {everyone}"
    )
    started, returned, passed = all_rows(connection, forms, {"round": round_.id})[0]
    waiting = (
        f"SELECT count(*) FROM registration AS g JOIN {subject_table(model)} AS s ON s.id = g.subject_id "
        f"WHERE g.assessment_round_id = :round AND g.model = '{model.value}' AND g.present AND {who} AND NOT EXISTS ("
        "SELECT 1 FROM assessment AS a WHERE a.assessment_round_id = g.assessment_round_id AND a.model = g.model "
        "AND a.subject_id = g.subject_id AND a.present AND a.answered > 0)"
    )
    papers = (
        f"SELECT count(*) FROM certificate WHERE year = {round_.year} AND model = '{model.value}' AND present "
        "AND status NOT IN ('handed_over', 'voided')"
    )
    counts = (
        (Open.STARTED, int(started)),
        (Open.RETURNED, int(returned)),
        (Open.NOT_STARTED, _count(connection, waiting, round_)),
        (Open.NOT_RECOGNISED, int(passed)),
        (Open.NOT_HANDED_OVER, _count(connection, papers, round_)),
    )
    return [line for kind, count in counts for line in _line(kind, count, model)]


def _count(connection: Connection, query: str, round_: RoundRecord) -> int:
    values = {"round": round_.id} if ":round" in query else {}
    return int(all_rows(connection, query, values)[0][0])


def _line(kind: Open, count: int, model: LearningModel | None = None) -> list[Unfinished]:
    if not count:
        return []
    text = _WORDS[kind].format(count=number_text(count), unit=UNITS[model] if model else "")
    return [Unfinished(kind, count, text, model)]


def begin_closing(context: Context, year: int) -> RoundRecord:
    """Announce the closing: what was begun is finished, nobody is registered any more.

    Raises:
        UserError: ``round.unknown``, ``round.closed`` (it is closed already).
    """
    return _change(context, "round.closing", year, RoundStatus.CLOSING)


def close_round(context: Context, year: int, *, despite: bool = False) -> RoundRecord:
    """Close a round; it takes no more answers, registrations or reviews. Undoable.

    Args:
        despite: a person saw what is unfinished and closes all the same.

    Raises:
        UserError: ``round.unfinished`` with what there is, unless ``despite``; ``round.unknown``, ``round.closed``.
    """
    return _change(context, "round.close", year, RoundStatus.CLOSED, despite=despite)


def reopen_round(context: Context, year: int) -> RoundRecord:
    """Open a closed round again; what is judged by the register follows it again, frozen verdicts do not."""
    return _change(context, "round.reopen", year, RoundStatus.OPEN)


def _change(context: Context, kind: str, year: int, status: RoundStatus, *, despite: bool = True) -> RoundRecord:
    require_office(context)
    with context.operation(kind, {"year": year}) as op:
        old = round_of(op.connection, year)
        if old.is_closed and status is not RoundStatus.OPEN:
            raise UserError(f"Đợt {year} đã khóa từ trước; không có gì thay đổi.", code="round.closed")
        if status is RoundStatus.CLOSED:
            rest = read_unfinished(op.connection, old)
            if rest and not despite:
                listed = "; ".join(line.text for line in rest[:3])
                more = f" và {len(rest) - 3} việc khác" if len(rest) > 3 else ""
                raise UserError(
                    f"Đợt {year} còn việc chưa xong: {listed}{more}. Chưa khóa đợt; hãy làm nốt, hoặc xác nhận khóa "
                    "dù còn việc.",
                    code="round.unfinished",
                )
            op.args["unfinished"] = sum(line.count for line in rest)
        op.writer.update(assessment_round, old.id, {"status": status.value})
        made = round_of(op.connection, year)
    if made.is_closed and context.working_year == year:
        remember_year(context, None)
    return made


def require_office(context: Context) -> None:
    """Refuse to change a round's state on a volunteer's machine; raises UserError ``round.office_only``."""
    if context.role is DeviceRole.VOLUNTEER:
        raise UserError(
            "Chỉ máy của xã khóa, mở lại hoặc mở đợt mới được; chưa có gì bị thay đổi. Hãy báo cán bộ xã.",
            code="round.office_only",
        )
