"""What becomes of a row of a list; pure words that planning, applying and showing share."""

from __future__ import annotations

from enum import StrEnum


class RowFate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


WRITTEN = (RowFate.NEW, RowFate.CHANGED)
"""Fates for which something is written."""
TAKEN = (*WRITTEN, RowFate.UNCHANGED)
"""Fates of rows that are taken at their word."""
