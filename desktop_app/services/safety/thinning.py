"""Which old backups may go: all of today stays, one a day for a week, one a week for a month, one a month for a year.

Invariant: pure; the newest backup is never among those that go, and a date in the future is never thinned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

WEEK, MONTH, YEAR = 7, 31, 366
"""Days back, counted from today, up to which daily, weekly and monthly backups are kept."""


def superseded(times: Iterable[dt.datetime], now: dt.datetime) -> set[dt.datetime]:
    """The backups that others stand in for; of each day, week or month the newest stays."""
    kept_periods: set[tuple[object, ...]] = set()
    gone: set[dt.datetime] = set()
    for place, time in enumerate(sorted(times, reverse=True)):
        period = _period((now.date() - time.date()).days, time)
        if place == 0 or period is None:
            continue
        if period in kept_periods or period == ():
            gone.add(time)
        kept_periods.add(period)
    return gone


def _period(days: int, time: dt.datetime) -> tuple[object, ...] | None:
    """What a backup stands for: None is kept for itself, () stands for nothing any more."""
    for limit, name in _STEPS:
        if days < limit:
            return name(time) if name is not None else None
    return ()


_STEPS: tuple[tuple[int, Callable[[dt.datetime], tuple[object, ...]] | None], ...] = (
    (1, None),
    (WEEK, lambda time: ("day", time.date())),
    (MONTH, lambda time: ("week", *time.isocalendar()[:2])),
    (YEAR, lambda time: ("month", time.year, time.month)),
)
