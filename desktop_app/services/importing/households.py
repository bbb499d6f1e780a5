"""Which persons of a sheet live together, and what the first row of a household says for all of its rows.

A household begins where its code or number changes; without these at a "Chủ hộ" row or at a filled number. Its code,
settlement, address and poverty status stand on its first row and hold for all its members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from desktop_app.models.types import Poverty
from desktop_app.services.importing.hamlets import Hamlet
from desktop_app.services.importing.preview import CellValue

_MOST_IN_A_HOUSEHOLD = 12
_NEARLY_ALL, _MOSTLY = 0.9, 0.6


@dataclass(slots=True)
class Household:
    """What is known of one household while its rows are read; `hamlet` is that of its first row."""

    number: int
    hamlet: Hamlet | None = None
    code: str = ""
    address: str = ""
    poverty: Poverty | None = None
    heads: int = 0


@dataclass(slots=True)
class HouseholdColumns:
    """The columns that tell households apart, one value per person; None for a column the sheet does not have.

    Args:
        is_by_head: the numbers are names of heads, which two households may share.
    """

    codes: Sequence[str] | None
    numbers: Sequence[str] | None
    starts: Sequence[bool] | None
    heads: Sequence[bool]
    addresses: Sequence[str] | None
    poverty: Sequence[Poverty | None] | None
    is_by_head: bool = False

    @property
    def tells_households(self) -> bool:
        """Whether anything in the sheet tells where a household begins."""
        return bool(
            (self.codes is not None and any(self.codes))
            or (self.numbers is not None and any(self.numbers))
            or self.starts is not None
            or any(self.heads)
        )


class HouseholdBook:
    """All households of a workbook; a code met again in the same settlement, also on another sheet, is the same one."""

    def __init__(self) -> None:
        self.households: list[Household] = []
        self._by_code: dict[tuple[str, str], Household] = {}

    def new(self, hamlet: Hamlet | None) -> Household:
        """Begin a household."""
        household = Household(len(self.households), hamlet)
        self.households.append(household)
        return household

    def of_code(self, hamlet: Hamlet | None, code: str) -> Household:
        """Return the household of a code in a settlement, begun now if it is new."""
        key = (hamlet.key if hamlet else "", code)
        household = self._by_code.get(key)
        if household is None:
            household = self._by_code[key] = self.new(hamlet)
            household.code = code
        return household


def starts_by_sequence(
    sequence: Sequence[CellValue], heads: Sequence[bool], breaks: Sequence[bool], *, has_other_marks: bool
) -> list[bool] | None:
    """Tell where households begin by the running numbers, where these number households or begin anew in each.

    Args:
        sequence: the running numbers of the persons, "" where there is none.
        heads: which persons are heads of household.
        breaks: persons with whom a part of the list begins, where numbers begin anew anyway.
        has_other_marks: whether a code or a number of the household is in the sheet; then this tells nothing.
    """
    filled = [value != "" for value in sequence]
    count = sum(filled)
    if has_other_marks or not filled or not filled[0] or not count:
        return None
    if count < 0.9 * len(filled):
        return filled
    ones = [str(value) in ("1", "1.0", "01") for value in sequence]
    own = sum(one and not is_break for one, is_break in zip(ones, breaks, strict=True))
    if own >= 2 and sum(ones) > len(ones) // _MOST_IN_A_HOUSEHOLD and (not any(heads) or sum(heads) == sum(ones)):
        return ones
    return None


def starts_by_counts(counts: Sequence[int]) -> list[bool] | None:
    """Tell where households begin by the column that says how many people each has; None where it tells nothing.

    Args:
        counts: for each person the number beside him, 0 where there is none.
    """
    filled = [count > 0 for count in counts]
    if not counts or not filled[0] or max(counts) < 2:
        return None
    if sum(filled) < _NEARLY_ALL * len(filled):
        starts = [at for at, is_filled in enumerate(filled) if is_filled]
        lengths = [after - at for at, after in pairwise([*starts, len(counts)])]
        right = sum(counts[at] == length for at, length in zip(starts, lengths, strict=True))
        return filled if right >= _MOSTLY * len(starts) else None
    at, starts = 0, []
    while at < len(counts) and set(counts[at : at + counts[at]]) == {counts[at]}:
        starts.append(at)
        at += max(counts[at], 1)
    if at == len(counts):
        firsts = frozenset(starts)
        return [place in firsts for place in range(len(counts))]
    return [True] * len(counts)


def group_rows(
    columns: HouseholdColumns, breaks: Sequence[bool], hamlets: Sequence[Hamlet | None], book: HouseholdBook
) -> list[Household | None]:
    """Return the household of each person of a sheet.

    Args:
        breaks: persons before whom a household cannot go on.
        hamlets: settlement of each person as far as known, to tell equal codes of two settlements apart.
        book: households met so far in this workbook; new ones are added.
    """
    count = len(columns.heads)
    if not columns.tells_households:
        return [None] * count
    result: list[Household | None] = []
    current: Household | None = None
    current_code = current_number = ""
    codes = columns.codes or [""] * count
    numbers = columns.numbers or [""] * count
    starts = columns.starts or [False] * count
    by_heads_only = not any(codes) and not any(numbers) and columns.starts is None
    rows = zip(codes, numbers, starts, columns.heads, _new_heads(columns), breaks, hamlets, strict=True)
    for code, number, start, head, again, is_break, hamlet in rows:
        if is_break:
            current, current_code, current_number = None, "", ""
        if code:
            if current is None or code != current_code:
                current, current_code = book.of_code(hamlet, code), code
        elif number:
            if current is None or number != current_number or current_code or (again and current.heads):
                current, current_number, current_code = book.new(hamlet), number, ""
        elif start or current is None or (head and (by_heads_only or current.heads)):
            current, current_code, current_number = book.new(hamlet), "", ""
        if head:
            current.heads += 1
        result.append(current)
    return result


def _new_heads(columns: HouseholdColumns) -> list[bool]:
    """Tell which heads begin a household although the one above has a head of that name: at another address."""
    if not columns.is_by_head:
        return [False] * len(columns.heads)
    addresses = columns.addresses or [""] * len(columns.heads)
    above = ["", *addresses]
    return [
        head and not (own and own == last) for head, own, last in zip(columns.heads, addresses, above, strict=False)
    ]


def carry_down(households: Sequence[Household | None], columns: HouseholdColumns) -> list[int]:
    """Gather what the rows say of their household, the first word winning.

    Returns:
        Positions whose poverty status differs from what their household said before.
    """
    if columns.addresses is not None:
        for household, address in zip(households, columns.addresses, strict=True):
            if address and household is not None and not household.address:
                household.address = address
    differing: list[int] = []
    if columns.poverty is not None:
        for at, (household, poverty) in enumerate(zip(households, columns.poverty, strict=True)):
            if poverty is not None and household is not None and poverty is not household.poverty:
                if household.poverty is not None:
                    differing.append(at)
                else:
                    household.poverty = poverty
    return differing
