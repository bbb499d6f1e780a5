"""Rounds (đợt đánh giá): one a year, with the day on which age and residence are counted, and the year's targets.

Invariant: a year has at most one round; a closed round takes no answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer, set_meta
from desktop_app.models.tables.assessment import assessment_round, target
from desktop_app.models.types import CitizenGroup, LearningModel, RoundStatus, TextStatus
from desktop_app.services.assessment import keys
from desktop_app.services.context import Context
from desktop_app.services.criteria.targets import COUNTRY, Target, find_target, load_targets
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.registry.rounds import WORKING_YEAR
from desktop_app.services.vietnamese import nfc


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """One round. ``id`` is the local key, opaque outside services; dates are ISO.

    Args:
        left_out: models ("clan", "") and groups of citizens ("citizen", "student") that do not take part in it.
    """

    id: int
    uid: str
    year: int
    name: str
    status: RoundStatus
    starts_on: str
    ends_on: str
    counted_on: str
    left_out: frozenset[tuple[str, str]] = frozenset()

    def takes(self, model: LearningModel) -> bool:
        """Whether a model takes part; of citizens, whether any group does."""
        return (model.value, "") not in self.left_out

    @property
    def is_closed(self) -> bool:
        return self.status is RoundStatus.CLOSED

    def born_by(self, age: int) -> str:
        """The latest birth (ISO) of who is ``age`` complete years old on the counting day.

        Compared as text with births of which only a part is known: "2010" is before "2010-12-31", so a year alone
        counts by the year.
        """
        on = dt.date.fromisoformat(self.counted_on)
        return f"{on.year - age:04d}{on.isoformat()[4:]}"


@dataclass(frozen=True, slots=True)
class RoundTarget:
    """What the year works towards for one model (and citizen group).

    Args:
        percent: 0 to 100.
        denominator_name: of whom, in Vietnamese.
        status: how sure the denominator is.
        is_own: put by the office itself, else shipped (QĐ 387/QĐ-TTg, QĐ 677/QĐ-TTg).
        key: of the shipped target, empty for the office's own.
    """

    model: LearningModel
    group: CitizenGroup | None
    percent: float
    denominator_name: str
    status: TextStatus
    source: str
    is_own: bool
    key: str = ""


TargetKey = tuple[LearningModel, CitizenGroup | None]


@dataclass(frozen=True, slots=True)
class OwnTarget:
    """A target that the office puts itself; ``source`` is the document that says so."""

    percent: float
    denominator_name: str = ""
    source: str = ""


NO_TARGETS: Mapping[TargetKey, OwnTarget | None] = MappingProxyType({})


def list_rounds(context: Context) -> tuple[RoundRecord, ...]:
    """All rounds, the newest first."""
    with context.read() as connection:
        rows = all_rows(connection, f"{_SELECT} WHERE present ORDER BY year DESC")
    return tuple(map(_record, rows))


def current_round(context: Context) -> RoundRecord:
    """The round that people work in: the one chosen here, else the newest that is not closed, else the newest."""
    found = list_rounds(context)
    chosen = next((item for item in found if item.year == context.working_year), None)
    if chosen is not None:
        return chosen
    if not found:
        raise UserError("Sổ chưa có đợt đánh giá nào; hãy mở đợt của năm nay trước.", code="round.none")
    return next((item for item in found if not item.is_closed), found[0])


def work_in(context: Context, year: int | None) -> RoundRecord:
    """Let every screen of this program work in a year's round until it is closed, also after the program was closed
    and opened again; None goes back to the newest.

    Two rounds may be open at once: last year's certificates are handed out while this year's registration begins.

    Raises:
        UserError: ``round.unknown``.
    """
    if year is not None:
        with context.read() as connection:
            round_of(connection, year)
    remember_year(context, year)
    return current_round(context)


def remember_year(context: Context, year: int | None) -> None:
    """Note in this file, which never leaves it, which round's year is worked in; None for the newest."""
    context.working_year = year
    with context.database.write() as connection:
        set_meta(connection, WORKING_YEAR, year)


def round_of(connection: Connection, year: int) -> RoundRecord:
    """A year's round; raises UserError ``round.unknown``."""
    row = one_row(connection, _BY_YEAR, (year,))
    if row is None:
        raise UserError(
            f"Chưa có đợt đánh giá năm {year}; chưa có gì được ghi. Hãy mở đợt năm {year} trước.", code="round.unknown"
        )
    return _record(row)


def round_by_id(connection: Connection, round_id: int) -> RoundRecord:
    """A round by its local key."""
    row = one_row(connection, f"{_SELECT} WHERE id = ?", (round_id,))
    assert row is not None
    return _record(row)


def open_round(context: Context, year: int, name: str = "") -> RoundRecord:
    """Open a year's round (the whole year, counted on 31/12); one that exists is given back as it is.

    Raises:
        UserError: ``year.bad``.
    """
    if not 2000 <= year <= 2100:
        raise UserError(f"Năm {year} không hợp lệ; chưa mở đợt. Hãy nhập năm của đợt đánh giá.", code="year.bad")
    uid = keys.round_uid(year)
    with context.operation("round.add", {"year": year}) as op:
        exists = op.connection.exec_driver_sql("SELECT 1 FROM assessment_round WHERE year = ? AND present", (year,))
        if exists.first() is None:
            values = {
                "year": year,
                "name": nfc(name) or f"Đợt {year}",
                "status": RoundStatus.OPEN.value,
                "starts_on": f"{year}-01-01",
                "ends_on": f"{year}-12-31",
                "counted_on": f"{year}-12-31",
            }
            op.writer.insert(assessment_round, values, uid=uid)
        return round_of(op.connection, year)


def change_round(
    context: Context,
    year: int,
    *,
    name: str | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    counted_on: dt.date | None = None,
    status: RoundStatus | None = None,
    targets: Mapping[TargetKey, OwnTarget | None] = NO_TARGETS,
) -> RoundRecord:
    """Change a round's name, dates, status or targets as one deed; what is left out stays.

    People change the status by ``round_closing``.

    Args:
        targets: (model, group) → the office's own target, None to take it away.

    Raises:
        UserError: ``round.unknown``, ``round.dates``, ``round.far``, ``target.bad``, ``round.closed`` (a closed round
            keeps its name, days and targets).
    """
    with context.operation("round.edit", {"year": year}) as op:
        old = round_of(op.connection, year)
        if status is None or targets:
            require_open(old)
        days = {"starts_on": starts_on, "ends_on": ends_on, "counted_on": counted_on}
        _check_days(old, {column: day for column, day in days.items() if day is not None})
        wanted = {
            "name": nfc(name) if name else None,
            **{column: day.isoformat() if day else None for column, day in days.items()},
            "status": status.value if status else None,
        }
        op.writer.update(assessment_round, old.id, {column: value for column, value in wanted.items() if value})
        for (model, group), own in targets.items():
            _put_target(op.writer, old, model, group, own)
        return round_of(op.connection, year)


def _check_days(old: RoundRecord, days: Mapping[str, dt.date]) -> None:
    far = next((day for day in days.values() if abs(day.year - old.year) > 1), None)
    if far is not None:
        raise UserError(
            f"Ngày {far:%d/%m/%Y} cách năm {old.year} của đợt quá xa nên chưa sửa đợt; hãy xem lại năm.",
            code="round.far",
        )
    starts, ends = (days[name].isoformat() if name in days else getattr(old, name) for name in ("starts_on", "ends_on"))
    if starts > ends:
        raise UserError(
            "Ngày kết thúc đứng trước ngày bắt đầu nên chưa sửa đợt; hãy xem lại hai ngày.", code="round.dates"
        )


def require_open(item: RoundRecord) -> None:
    """Refuse work in a closed round; raises UserError ``round.closed``."""
    if item.is_closed:
        raise UserError(
            f"Đợt {item.year} đã khóa nên không ghi thêm được; những gì đã ghi vẫn giữ nguyên. "
            "Hãy chọn đợt đang mở, hoặc mở lại đợt này ở màn hình Đợt đánh giá (Ctrl+Shift+K).",
            code="round.closed",
        )


def require_registering(item: RoundRecord) -> None:
    """Refuse new registrations once closing has begun; raises UserError ``round.closed`` or ``round.closing``."""
    require_open(item)
    if item.status is RoundStatus.CLOSING:
        raise UserError(
            f"Đợt {item.year} đang khóa sổ: chỉ chấm nốt người đã đăng ký, không nhận đăng ký mới. Chưa ghi gì; "
            "nếu cần, hãy mở lại đợt ở màn hình Đợt đánh giá (Ctrl+Shift+K).",
            code="round.closing",
        )


TARGET_KEYS: dict[LearningModel, tuple[tuple[str, CitizenGroup | None], ...]] = {
    LearningModel.CITIZEN: (
        ("commune.citizens", None),
        ("citizen.officials", CitizenGroup.OFFICIAL),
        ("citizen.workers", CitizenGroup.WORKER),
    ),
    LearningModel.FAMILY: (("family.recognised", None),),
    LearningModel.CLAN: (("clan.recognised", None),),
    LearningModel.COMMUNITY: (("community.recognised", None),),
    LearningModel.ORGANIZATION: (("organization.recognised", None),),
    LearningModel.COMMUNE: (),
}
"""Keys of the shipped targets that a model's share is held against."""


def list_targets(context: Context, year: int) -> tuple[RoundTarget, ...]:
    """The year's targets: the office's own where it has put one, else the shipped ones for its province."""
    with context.read() as connection:
        return read_targets(connection, year)


def read_targets(connection: Connection, year: int) -> tuple[RoundTarget, ...]:
    """The same within a reading transaction."""
    area = connection.exec_driver_sql("SELECT province FROM commune WHERE present AND valid_to IS NULL").scalar()
    own = {(item.model, item.group): item for item in _own_targets(connection, year)}
    found = list(own.values())
    shipped = load_targets()
    for model, entries in TARGET_KEYS.items():
        for key, group in entries:
            item = find_target(shipped, key, year, str(area or COUNTRY))
            if item is not None and (model, group) not in own:
                found.append(_shipped(item, model, group))
    order = list(LearningModel)
    return tuple(sorted(found, key=lambda item: (order.index(item.model), item.group or "")))


def set_target(
    context: Context,
    year: int,
    model: LearningModel,
    percent: float | None,
    *,
    group: CitizenGroup | None = None,
    denominator_name: str = "",
    source: str = "",
) -> tuple[RoundTarget, ...]:
    """Put the office's own target for a year, or take it away with None.

    Raises:
        UserError: ``target.bad`` for a percentage outside 0 to 100, ``round.closed``.
    """
    own = OwnTarget(percent, denominator_name, source) if percent is not None else None
    change_round(context, year, targets={(model, group): own})
    return list_targets(context, year)


def _put_target(
    writer: Writer, round_: RoundRecord, model: LearningModel, group: CitizenGroup | None, own: OwnTarget | None
) -> None:
    uid = keys.target_uid(round_.year, model, group.value if group else None)
    if own is None:
        row_id = writer.references.id("target", uid)
        if row_id is not None:
            writer.remove(target, row_id)
        return
    if not 0 <= own.percent <= 100:
        raise UserError("Chỉ tiêu phải từ 0 đến 100%; chưa lưu.", code="target.bad")
    values = {
        "assessment_round_id": round_.id,
        "model": model.value,
        "citizen_group": group.value if group else None,
        "percent": own.percent,
        "denominator": nfc(own.denominator_name) or None,
        "source": nfc(own.source) or None,
        "status": TextStatus.OFFICIAL.value if own.source else TextStatus.INFERRED.value,
    }
    writer.insert(target, values, uid=uid)


_SELECT = (
    "SELECT id, uid, year, name, status, starts_on, ends_on, counted_on, (SELECT group_concat(s.model || ':' || "
    "coalesce(s.citizen_group, '')) FROM round_set AS s WHERE s.assessment_round_id = assessment_round.id "
    "AND s.present AND s.is_taking_part = 0) FROM assessment_round"
)
_BY_YEAR = f"{_SELECT} WHERE year = ? AND present"


@lru_cache(maxsize=64)
def _record(row: tuple[Any, ...]) -> RoundRecord:
    row_id, uid, year, name, status, starts_on, ends_on, counted_on, left_out = row
    end = f"{year}-12-31"
    try:
        counted_on = dt.date.fromisoformat(counted_on or end).isoformat()
    except ValueError:
        counted_on = end
    return RoundRecord(
        row_id,
        uid.hex(),
        year,
        name or f"Đợt {year}",
        RoundStatus(status or RoundStatus.OPEN),
        starts_on or f"{year}-01-01",
        ends_on or end,
        counted_on,
        frozenset((model, group) for model, _, group in (part.partition(":") for part in (left_out or "").split(",")))
        if left_out
        else frozenset(),
    )


def _own_targets(connection: Connection, year: int) -> list[RoundTarget]:
    rows = connection.exec_driver_sql(
        "SELECT t.model, t.citizen_group, t.percent, t.denominator, t.status, t.source FROM target t "
        "JOIN assessment_round r ON r.id = t.assessment_round_id "
        "WHERE t.present AND r.year = ? AND t.percent IS NOT NULL",
        (year,),
    )
    return [
        RoundTarget(
            LearningModel(model),
            CitizenGroup(group) if group else None,
            percent,
            denominator or "",
            TextStatus(status or TextStatus.INFERRED),
            source or "",
            is_own=True,
        )
        for model, group, percent, denominator, status, source in rows
    ]


def _shipped(item: Target, model: LearningModel, group: CitizenGroup | None) -> RoundTarget:
    return RoundTarget(
        model, group, item.percent, item.denominator_name, item.denominator_status, item.source, False, item.key
    )
