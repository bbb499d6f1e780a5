"""The lines of the overview's table: the whole commune, and below it a model by hamlet or by group.

Invariant: the first line is always the sum, whatever the order; shares are of who is to be assessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.overview import ModelOverview, Overview, Tally
from desktop_app.services.vietnamese import number_text, text_sort_key
from desktop_app.ui.registry.cells import LIST_GROUPS
from desktop_app.ui.texts import percent
from desktop_app.ui.widgets.paged_model import BarCell, Column, ToneText

NEARLY = 0.03
"""At most this share not yet assessed is called nearly done."""

MUCH = 0.3


@dataclass(frozen=True)
class Row:
    """One line.

    Args:
        uid: of the hamlet; ``group`` of a citizen group; neither for the sum and for "Chưa rõ thôn".
        place: where it stands by itself; the sum comes first.
        target: share 0 to 1, or None.
    """

    name: str
    tally: Tally
    target: float | None
    place: int
    uid: Uid | None = None
    group: CitizenGroup | None = None
    is_sum: bool = False

    @property
    def share(self) -> float | None:
        whole = self.tally.eligible
        return self.tally.passed / whole if whole else None

    @property
    def missing(self) -> int:
        return self.tally.missing


class TotalledRows:
    """A PageSource of lines whose sum stays first in every order."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = tuple(rows)

    def count(self) -> int:
        return len(self._rows)

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        return self._rows[offset : offset + limit]

    def sorted(self, column: str, *, descending: bool = False) -> TotalledRows:
        keys = {
            "name": lambda row: text_sort_key(row.name),
            "share": lambda row: row.share if row.share is not None else -1.0,
            "missing": lambda row: row.missing,
        }
        key = keys.get(column, lambda row: getattr(row.tally, column, row.place))
        lines = sorted((row for row in self._rows if not row.is_sum), key=key, reverse=descending)
        return TotalledRows([*(row for row in self._rows if row.is_sum), *lines])


def hamlet_rows(overview: Overview, model: LearningModel) -> list[Row]:
    """A model by hamlet; hamlets with nobody to assess are left out."""
    line = overview.of(model)
    target = _target(line)
    rows = [
        Row(hamlet.name, hamlet.tallies[model], target, place, hamlet.uid)
        for place, hamlet in enumerate(overview.hamlets)
        if model in hamlet.tallies and hamlet.tallies[model].eligible
    ]
    return [*_sum(line, target), *rows]


def group_rows(overview: Overview) -> list[Row]:
    """Citizens by the group whose form they fill; workers and officials have targets of their own."""
    line = overview.of(LearningModel.CITIZEN)
    rows = [
        Row(
            LIST_GROUPS[group.group] if group.group is not None else group.name,
            group.tally,
            group.target.percent / 100 if group.target is not None else None,
            place,
            group=group.group,
        )
        for place, group in enumerate(overview.groups)
        if group.tally.eligible
    ]
    return [*_sum(line, _target(line)), *rows]


def _target(line: ModelOverview) -> float | None:
    return line.target.percent / 100 if line.target is not None else None


def _sum(line: ModelOverview, target: float | None) -> list[Row]:
    return [Row("Cả xã", line.tally, target, -1, is_sum=True)] if line.tally.eligible else []


def _figure(name: str, title: str, width: int, tip: str = "") -> Column:
    def cell(row: Row) -> object:
        value: int = getattr(row.tally, name)
        return ToneText(number_text(value), is_strong=True) if row.is_sum else value

    return Column(name, title, width, "number", cell, tip=tip)


def _share(row: Row) -> object:
    if row.share is None:
        return None
    return ToneText(percent(row.share), is_strong=row.is_sum)


def _bar(row: Row) -> BarCell:
    whole = row.tally.eligible or 1
    return BarCell(row.share or 0.0, row.tally.assessed / whole, row.target)


def _left(row: Row) -> ToneText:
    """What is not yet assessed, in words."""
    whole, left = row.tally.eligible, row.missing
    if not left:
        return ToneText("đã chấm hết", "passed")
    if left <= NEARLY * whole:
        return ToneText(f"gần xong, còn {number_text(left)}")
    return ToneText(f"còn {number_text(left)} chưa chấm", "attention" if left > MUCH * whole else "neutral")


COLUMNS = (
    Column("name", "Thôn, nhóm", 124, value=lambda r: ToneText(r.name, is_strong=r.is_sum), stretch=1),
    _figure("eligible", "Trong diện", 84, "Bao nhiêu phải chấm trong đợt"),
    _figure("registered", "Đăng ký", 72),
    _figure("assessed", "Đã chấm", 74, "Đã chấm đủ phiếu"),
    _figure("passed", "Đạt", 60),
    Column("bar", "", 96, "bar", _bar, stretch=2, is_sortable=False),
    Column("share", "Tỷ lệ đạt", 82, "number", _share, tip="Đạt trên số trong diện"),
    Column("missing", "", 154, "small", _left),
)
