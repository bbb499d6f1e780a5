"""Whole days in forms: of a document, of a round, of coming into force. Pure."""

from __future__ import annotations

import datetime as dt

from desktop_app.services.vietnamese import PartialDate


def whole_date(value: PartialDate) -> str | None:
    """A rule: the day must be known."""
    return None if value.day else "Cần đủ ngày, tháng, năm."


def as_day(value: PartialDate) -> dt.date:
    """A date whose day is known."""
    assert value.month is not None and value.day is not None
    return dt.date(value.year, value.month, value.day)


def day_words(iso: str | None) -> str:
    """ "2026-03-05" → "05/03/2026"."""
    return "/".join(reversed(iso.split("-"))) if iso else ""
