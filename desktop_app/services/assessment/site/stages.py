"""Lists that give each step on the site a column of its own, marked or dated, in place of one column of states.

Invariant: the furthest step whose cell is filled is the state; a cell that is neither a day, a mark nor a "no" is told
and never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.models.types import SiteState
from desktop_app.services.assessment.site.words import plain, state_of
from desktop_app.services.importing.preview import CellValue, ParsedColumn
from desktop_app.services.vietnamese import parse_date

_DAYS = ("ngay ", "thoi gian ", "thoi diem ")
_YES = frozenset({"x", "v", "co", "roi", "da", "1", "true", "yes", "xong", "dat"})
_NO = frozenset({"khong", "chua", "0", "false", "no", "khong co", "chua co", "o"})
_MARKS = frozenset("✓✔☑√✗×")


@dataclass(frozen=True, slots=True)
class Stage:
    """A column and the state that a filled cell of it says; ``is_day``: it is headed as a day."""

    column: ParsedColumn
    state: SiteState
    is_day: bool


def stages_of(columns: Sequence[ParsedColumn]) -> tuple[Stage, ...]:
    """The columns headed by a step each ("Đã đăng ký", "Ngày tự đánh giá"); none where accounts are only dated."""
    found: dict[SiteState, Stage] = {}
    for column in columns:
        stage = _stage(column)
        if stage is not None and stage.state is not SiteState.NONE:
            found.setdefault(stage.state, stage)
    order = list(SiteState)
    stages = tuple(sorted(found.values(), key=lambda stage: order.index(stage.state)))
    is_dates_alone = all(stage.is_day and stage.state is SiteState.REGISTERED for stage in stages)
    return () if is_dates_alone else stages


def _stage(column: ParsedColumn) -> Stage | None:
    words = plain(column.heading.rpartition("/")[2]) or plain(column.heading)
    start = next((start for start in _DAYS if words.startswith(start)), "")
    words = words.removeprefix(start)
    state = state_of(words) or state_of(f"da {words}")
    return Stage(column, state, bool(start)) if state is not None else None


def read_stages(cells: Sequence[CellValue], stages: Sequence[Stage]) -> tuple[SiteState | None, CellValue, str]:
    """The state that a row's cells say, the cell that may hold its day, and the words that were not understood.

    Returns:
        None for the state where a cell was not understood.
    """
    has_first = stages[0].state is SiteState.REGISTERED
    state, day = (SiteState.NONE if has_first else SiteState.REGISTERED), None
    for stage in stages:
        cell = cells[stage.column.index] if stage.column.index < len(cells) else None
        reached = _is_reached(cell, stage.state)
        if reached is None:
            return None, None, str(cell)
        if reached:
            state, day = stage.state, cell if _is_day(cell) else None
    return state, day, ""


def _is_reached(cell: CellValue, state: SiteState) -> bool | None:
    """Whether a cell says that its step was reached; None where it is not understood."""
    if cell is None or isinstance(cell, bool) or cell in (0, 1):
        return bool(cell)
    text = str(cell).strip()
    words = plain(text)
    if text in _MARKS or words in _YES:
        return True
    if not text or text in ("-", "–", "—") or words in _NO:
        return False
    if _is_day(cell):
        return True
    said = state_of(text)
    order = list(SiteState)
    return None if said is None else order.index(said) >= order.index(state)


def _is_day(cell: CellValue) -> bool:
    if isinstance(cell, str):
        cell = cell.strip().partition("T")[0].split(" ")[0]
    return parse_date(cell).value is not None
