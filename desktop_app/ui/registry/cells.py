"""How the register's facts look in lists and panels: chips of results and titles, points, short words of groups.

Invariant: pure; a status is always a chip with icon and word, and words come from the services' one table of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.models.records import Score, VerdictState
from desktop_app.models.types import CitizenGroup, LifeStatus, Poverty
from desktop_app.services.registry.words import VERDICT, word
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.widgets.painting import ChipData

if TYPE_CHECKING:
    from desktop_app.models.records import Title

_VERDICT_TONES = {
    VerdictState.PASSED: ("passed", "check"),
    VerdictState.FAILED: ("failed", "x"),
    VerdictState.PARTIAL: ("attention", "hourglass"),
    VerdictState.NONE: ("neutral", "minus"),
}
LIST_GROUPS = {
    CitizenGroup.RESIDENT: "Người dân",
    CitizenGroup.WORKER: "Lao động",
    CitizenGroup.OFFICIAL: "Cán bộ",
    CitizenGroup.STUDENT: "Học sinh",
}
"""Shorter than anywhere else, so that the list keeps its columns beside the panel; the panel says the whole name."""


QUARTER = "Tổ dân phố "


def short_hamlet(name: str) -> str:
    """A hamlet's name as a narrow column has room for it: "Tổ dân phố số 2" → "TDP số 2"."""
    return f"TDP {name.removeprefix(QUARTER)}" if name.startswith(QUARTER) else name


def verdict_chip(score: Score) -> ChipData:
    """Where a subject stands in the present round."""
    tone, icon = _VERDICT_TONES[score.state]
    return ChipData(VERDICT[score.state], tone, icon)


def points_text(score: Score) -> str | None:
    """Points with as many decimals as they have; None where nothing was answered."""
    if score.total is None or score.state is VerdictState.NONE:
        return None
    return number_text(score.total, 0 if score.total == int(score.total) else 1)


def poverty_chip(poverty: Poverty) -> ChipData | None:
    """Chip of a poor or nearly poor household; None for others."""
    return None if poverty is Poverty.NONE else ChipData(word(poverty), "attention", "info")


def life_chip(life: LifeStatus) -> ChipData | None:
    """Chip of who does not live here now."""
    if life is LifeStatus.LIVING:
        return None
    icons = {LifeStatus.AWAY: "clock", LifeStatus.MOVED: "log-out", LifeStatus.DEAD: "minus"}
    return ChipData(word(life), "neutral", icons[life])


def titles_chip(titles: Sequence[Title]) -> ChipData | None:
    """One chip for all years whose title still stands."""
    return years_chip(tuple(title.year for title in titles if title.stands))


def years_chip(years: Sequence[int]) -> ChipData | None:
    """ "Danh hiệu 2025, 2026"; None without a title."""
    if not years:
        return None
    return ChipData("Danh hiệu " + ", ".join(str(year) for year in sorted(set(years))), "passed", "award")


def count_words(count: int, unit: str) -> str:
    """ "1.342 người"."""
    return f"{number_text(count)} {unit}"
