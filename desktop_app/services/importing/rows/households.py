"""Which persons of a sheet live together, and what the first row of a household says for all of its rows.

A household begins where its code or number changes; without these at a "Chủ hộ" row or at a filled number. Its code,
settlement, address and poverty status stand on its first row and hold for all its members. A blank code says nothing:
the row stays where its number or the name of its head is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

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

    def name(self, household: Household, hamlet: Hamlet | None, code: str) -> bool:
        """Give a household its code; return False when another one has it."""
        key = (hamlet.key if hamlet else "", code)
        if household.code or self._by_code.setdefault(key, household) is not household:
            return False
        household.code = code
        return True


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
    codes = _told_codes(columns, breaks, hamlets)
    numbers = columns.numbers or [""] * count
    starts = columns.starts or [False] * count
    by_heads_only = not any(codes) and not any(numbers) and columns.starts is None
    walk = _Walk(book)
    result: list[Household | None] = []
    rows = zip(codes, numbers, starts, columns.heads, _new_heads(columns), breaks, hamlets, strict=True)
    for code, number, start, head, again, is_break, hamlet in rows:
        if is_break:
            walk.leave()
        if code:
            walk.to_code(hamlet, code, number, head=head)
        elif number:
            walk.to_number(hamlet, number, again=again)
        elif start or walk.current is None or (head and (by_heads_only or walk.current.heads)):
            walk.begin(hamlet)
        if head and walk.current is not None:
            walk.current.heads += 1
        result.append(walk.current)
    return result


class _Walk:
    """The household that the rows have come to, with the code and the number it is known by."""

    def __init__(self, book: HouseholdBook) -> None:
        self._book = book
        self.leave()

    def leave(self) -> None:
        """Go out of the household: the next row is in none."""
        self.current: Household | None = None
        self._code = self._number = ""

    def begin(self, hamlet: Hamlet | None, number: str = "") -> None:
        """Begin a household without a code."""
        self.current, self._code, self._number = self._book.new(hamlet), "", number

    def to_code(self, hamlet: Hamlet | None, code: str, number: str, *, head: bool) -> None:
        """Go to the household of a code, which may be told only now of the one whose number goes on."""
        current = self.current
        goes_on = current is not None and number != "" and number == self._number and not self._code
        if goes_on and current is not None and not (head and current.heads) and self._book.name(current, hamlet, code):
            self._code = code
        elif current is None or code != self._code:
            self.current, self._code, self._number = self._book.of_code(hamlet, code), code, ""
        self._number = number or self._number

    def to_number(self, hamlet: Hamlet | None, number: str, *, again: bool) -> None:
        """Stay in a household whose number goes on, even if its code stood only on its first row; else begin one."""
        if self.current is None or number != self._number or (again and self.current.heads):
            self.begin(hamlet, number)


def _told_codes(columns: HouseholdColumns, breaks: Sequence[bool], hamlets: Sequence[Hamlet | None]) -> Sequence[str]:
    """Return the codes, blank ones filled in where the rows of that number all have one code (an emptied cell).

    Names of heads are no such numbers: two households may share them.
    """
    codes, numbers = columns.codes or [""] * len(columns.heads), columns.numbers
    if numbers is None or columns.is_by_head or all(codes) or not any(codes):
        return codes
    parts = accumulate(breaks)
    keys = [(part, home.key if home else "", no) for part, home, no in zip(parts, hamlets, numbers, strict=True)]
    known: dict[tuple[int, str, str], set[str]] = {}
    heads: dict[tuple[int, str, str], int] = {}
    for key, code, head in zip(keys, codes, columns.heads, strict=True):
        known.setdefault(key, set()).update([code] if code else ())
        heads[key] = heads.get(key, 0) + head
    sure = {key: min(found) for key, found in known.items() if key[2] and len(found) == 1 and heads[key] <= 1}
    return [code or sure.get(key, "") for key, code in zip(keys, codes, strict=True)]


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
