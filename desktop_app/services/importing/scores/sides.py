"""Of several scores of one indicator (a person's own, the hamlet's; last year's and this one's) the one taken.

Invariant: the later judgement goes before the earlier, the later year before the former; what is left is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop_app.services.vietnamese import fold

_PREFERRED = (
    r"thong nhat|chinh thuc|ket luan|hoi dong|\bxa\b|tham dinh|xet duyet|cong nhan|cuoi cung",
    r"\bthon\b|\bto\b|\bap\b|chi hoi|khu dan cu|ban dieu hanh|\btap the\b|co quan|don vi|binh xet|cham lai",
)
_YEAR = re.compile(r"\b20\d\d\b")


def chosen_side(names: Sequence[str]) -> int:
    """Which of several headings names the scores that count; the last where none says it."""
    folded = [fold(name) for name in names]
    years = [max(map(int, _YEAR.findall(text)), default=0) for text in folded]
    latest = [at for at, year in enumerate(years) if year == max(years)]
    if len(latest) < len(names) and all(years):
        return latest[-1]
    for pattern in _PREFERRED:
        found = [at for at, text in enumerate(folded) if re.search(pattern, text)]
        if found:
            return found[0]
    return len(names) - 1


@dataclass(frozen=True, slots=True)
class Sides:
    """The columns of scores that count; the heading that tells them from the others, and the others' headings."""

    kept: frozenset[int]
    taken: str = ""
    left: tuple[str, ...] = ()


def one_side(paths: Sequence[Sequence[str]], codes: Mapping[int, str | None]) -> Sides:
    """Of columns that give each indicator several scores those that count; all where nothing tells them apart."""
    by_code: dict[str, list[int]] = {}
    for index, code in codes.items():
        if code:
            by_code.setdefault(code, []).append(index)
    several = [found for found in by_code.values() if len(found) > 1]
    everything = Sides(frozenset(codes))
    if len(several) < 2 or len({len(found) for found in several}) > 1:
        return everything
    names = [_own_name(paths, several, at) for at in range(len(several[0]))]
    if not all(names) or len(set(names)) < len(names):
        return everything
    chosen = chosen_side(names)
    dropped = {index for found in several for at, index in enumerate(found) if at != chosen}
    left = tuple(name for at, name in enumerate(names) if at != chosen)
    return Sides(frozenset(codes.keys() - dropped), names[chosen], left)


def _own_name(paths: Sequence[Sequence[str]], several: Sequence[Sequence[int]], at: int) -> str:
    """The part of a side's headings that its other sides have not; empty where its columns have none in common."""
    own: set[str] | None = None
    for found in several:
        others = {part for other, index in enumerate(found) if other != at for part in paths[index]}
        parts = set(paths[found[at]]) - others
        own = parts if own is None else own & parts
    return min(own) if own else ""
