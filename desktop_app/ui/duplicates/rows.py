"""What the list of duplicates shows: pairs, merged ones and those called two people, as rows with their words.

Invariant: numbers are masked; a pair is told by both names where they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop_app.services.vietnamese import fold
from desktop_app.ui.registry.cells import short_hamlet
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.painting import ChipData

if TYPE_CHECKING:
    from desktop_app.services.duplicates.comparing import SettledPair
    from desktop_app.services.duplicates.search import DuplicatePair, Glance


class View(StrEnum):
    """Which pairs are listed."""

    OPEN = "open"
    MERGED = "merged"
    DISTINCT = "distinct"


VIEWS = ((View.OPEN, "chờ xem"), (View.MERGED, "đã gộp"), (View.DISTINCT, "là hai người"))
LEVELS = (("", "tất cả"), ("sure", "chắc chắn"), ("doubtful", "nên xem kỹ"))


@dataclass(frozen=True, slots=True)
class PairRow:
    """One row: an open pair with its score, or a settled one."""

    first: Glance
    second: Glance
    pair: DuplicatePair | None = None

    @property
    def uid(self) -> str:
        return self.first.uid + self.second.uid

    @property
    def name(self) -> str:
        """Both names where they differ."""
        names = dict.fromkeys((self.first.name, self.second.name))
        return " / ".join(names)

    @property
    def places(self) -> str:
        """What tells the two records apart: "Thôn 1 / Thôn 3", "01-0003 / 01-0127", "Thôn 1, hộ 01-0003"."""
        hamlets = list(dict.fromkeys(hamlet for hamlet in (self.first.hamlet, self.second.hamlet) if hamlet))
        codes = list(dict.fromkeys(code for code in (self.first.household, self.second.household) if code))
        if len(hamlets) != 1:
            return " / ".join(short_hamlet(hamlet) for hamlet in hamlets)
        if len(codes) == 1:
            return f"{short_hamlet(hamlets[0])}, hộ {codes[0]}"
        return " / ".join(codes) or short_hamlet(hamlets[0])

    @property
    def years(self) -> str:
        """Years of birth, where the whole days take too much room: "1984", "1984 / 1985"."""
        return " / ".join(dict.fromkeys(side.birth[-4:] for side in (self.first, self.second) if side.birth))

    @property
    def births(self) -> str:
        """The fuller one where they agree, both where they do not."""
        short, long = sorted((self.first.birth, self.second.birth), key=len)
        return long if long.endswith(short) else f"{self.first.birth} / {self.second.birth}"

    @property
    def words(self) -> str:
        return self.pair.words if self.pair is not None else self.places

    @property
    def is_sure(self) -> bool:
        return self.pair is not None and self.pair.likelihood == "sure"

    def matches(self, folded: str) -> bool:
        """Do these letters stand in a name, a household code or a hamlet of the two?"""
        sides = (self.first, self.second)
        return folded in fold(" ".join(f"{side.name} {side.household} {side.hamlet} {side.birth}" for side in sides))


def score_chip(row: PairRow) -> ChipData:
    """ "99 %" with its tone and picture: sure, or to be looked at."""
    if row.pair is None:
        return ChipData("", "neutral", "")
    if row.is_sure:
        return ChipData(f"{row.pair.score} %", "passed", "circle-check")
    return ChipData(f"{row.pair.score} %", "attention", "circle-question-mark")


COLUMNS = (
    Column("score", "Giống", 88, "chip", score_chip, is_sortable=False),
    Column("name", "Họ và tên", 150, "strong", stretch=2, is_sortable=False),
    Column("births", "Sinh", 62, value=lambda row: row.years, is_sortable=False, whole=lambda row: row.births),
    Column("places", "Nơi ở", 128, "quiet", stretch=1, is_sortable=False),
)


def open_rows(pairs: Iterable[DuplicatePair]) -> list[PairRow]:
    """Pairs that wait for a person."""
    return [PairRow(pair.first, pair.second, pair) for pair in pairs]


def settled_rows(pairs: Iterable[SettledPair]) -> list[PairRow]:
    """Pairs that were merged or called two people."""
    return [PairRow(pair.first, pair.second) for pair in pairs]


def narrowed(rows: Sequence[PairRow], *, hamlet: str, level: str, since: int, text: str) -> list[PairRow]:
    """The rows that the chips and the words in the box leave.

    Args:
        hamlet: uid, or "".
        level: a ``Likelihood``, or "".
        since: only pairs of which somebody was written by this operation or a later one; 0 for all.
    """
    folded = fold(text)
    return [
        row
        for row in rows
        if (not hamlet or hamlet in (row.first.hamlet_uid, row.second.hamlet_uid))
        and (not level or (row.pair is not None and row.pair.likelihood == level))
        and (not since or (row.pair is not None and row.pair.newest >= since))
        and (not folded or row.matches(folded))
    ]
