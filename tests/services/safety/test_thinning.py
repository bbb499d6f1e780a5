"""Which backups go and which stay, as a table and by property."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.safety.thinning import MONTH, WEEK, YEAR, superseded

NOW = dt.datetime(2026, 11, 12, 14, 32)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("times", "gone"),
    [
        ([], []),
        (["2019-01-01T08:00"], []),
        (["2026-11-12T08:00", "2026-11-12T09:00", "2026-11-12T14:00"], []),
        (["2026-11-12T08:00", "2026-11-11T08:00", "2026-11-11T17:00"], ["2026-11-11T08:00"]),
        (["2026-11-12T08:00", "2026-11-10T17:00", "2026-11-09T17:00"], []),
        # 2 to 4 November are a week's Monday to Wednesday: the newest stays
        (["2026-11-12T08:00", "2026-11-02T17:00", "2026-11-03T17:00", "2026-11-04T17:00"],
         ["2026-11-02T17:00", "2026-11-03T17:00"]),
        (["2026-11-12T08:00", "2026-10-26T17:00", "2026-11-02T17:00"], []),
        (["2026-11-12T08:00", "2026-08-01T17:00", "2026-08-31T17:00", "2026-09-01T17:00"], ["2026-08-01T17:00"]),
        (["2026-11-12T08:00", "2025-11-30T17:00", "2024-11-30T17:00"], ["2024-11-30T17:00"]),
        (["2027-03-01T08:00", "2026-11-12T08:00", "2027-02-01T08:00"], []),
    ],
)  # fmt: skip
def test_all_of_today_a_day_for_a_week_a_week_for_a_month_a_month_for_a_year(times: list[str], gone: list[str]) -> None:
    assert superseded(map(at, times), NOW) == set(map(at, gone))


moments = st.lists(
    st.integers(0, 500 * 24 * 60).map(lambda minutes: NOW - dt.timedelta(minutes=minutes)), max_size=60, unique=True
)


@given(moments)
def test_the_newest_stays_and_today_is_whole(times: list[dt.datetime]) -> None:
    gone = superseded(times, NOW)
    assert not gone & {time for time in times if time.date() == NOW.date()}
    if times:
        assert max(times) not in gone


@given(moments)
def test_what_stays_once_stays_when_asked_again(times: list[dt.datetime]) -> None:
    kept = set(times) - superseded(times, NOW)
    assert superseded(kept, NOW) == set()


@given(moments)
def test_every_period_that_had_a_backup_keeps_one(times: list[dt.datetime]) -> None:
    kept = set(times) - superseded(times, NOW)

    def days(time: dt.datetime) -> int:
        return (NOW.date() - time.date()).days

    for first, limit, period in (
        (0, WEEK, lambda time: time.date()),
        (WEEK, MONTH, lambda time: time.isocalendar()[:2]),
        (MONTH, YEAR, lambda time: (time.year, time.month)),
    ):
        had, has = ({period(t) for t in group if first <= days(t) < limit} for group in (times, kept))
        assert had == has
