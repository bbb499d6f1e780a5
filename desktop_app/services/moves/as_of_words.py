"""A household on a past day in words, for a person who asks how it stood when a round counted.

Invariant: reads only; what is told is what a round of that day counts.
"""

from __future__ import annotations

import datetime

from desktop_app.models.records import Issue
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.moves.as_of import HouseholdThen, MemberThen, household_on, members_on
from desktop_app.services.registry.saving import today_or
from desktop_app.services.vietnamese import parse_date

_LAST_DAY = 31


def household_words_on(
    context: Context, uid: Uid, on: object, *, today: datetime.date | None = None
) -> tuple[str, Issue | None]:
    """Where a household stood on a day and who lived in it, or what is wrong with the day (field ``on``).

    Args:
        on: as typed; a year or a month alone is its last day.

    Raises:
        UserError: the household is gone (``record.gone``).
    """
    found = parse_date(on)
    if found.value is None:
        return "", Issue("on", "date.unread", "Không đọc được ngày; hãy ghi 31/12/2025 hoặc chỉ năm 2025.")
    day = _last_day(found.value.year, found.value.month, found.value.day)
    if day > today_or(today):
        return "", Issue("on", "date.in_future", "Ngày này ở tương lai; hãy chọn một ngày đã qua.")
    then = household_on(context, uid, day)
    if not then.existed:
        return f"Ngày {day:%d/%m/%Y} chưa có hộ này hoặc hộ không ở xã.", None
    return _words(day, then, members_on(context, uid, day)), None


def _last_day(year: int, month: int | None, day: int | None) -> datetime.date:
    if month is None:
        return datetime.date(year, 12, _LAST_DAY)
    if day is None:
        following = datetime.date(year + month // 12, month % 12 + 1, 1)
        return following - datetime.timedelta(days=1)
    return datetime.date(year, month, day)


def _words(day: datetime.date, then: HouseholdThen, members: tuple[MemberThen, ...]) -> str:
    where = ", ".join(part for part in (then.hamlet.name if then.hamlet else "", then.address) if part)
    people = "; ".join(_member(member) for member in members)
    place = f"hộ ở {where}" if where else "hộ chưa ghi nơi ở"
    if not members:
        return f"Ngày {day:%d/%m/%Y} {place}, chưa có ai."
    return f"Ngày {day:%d/%m/%Y} {place}, có {len(members)} người: {people}."


def _member(member: MemberThen) -> str:
    marks = ["chủ hộ" if member.is_head else member.relation.lower(), "đi vắng" if member.is_away else ""]
    known = ", ".join(mark for mark in marks if mark)
    return f"{member.name} ({known})" if known else member.name
