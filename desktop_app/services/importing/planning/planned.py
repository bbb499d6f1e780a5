"""What an import plan consists of: each row with its fate, each household with its changes; frozen but for households.

Invariant: nothing here asks or writes a register; a plan is what a person looks at before anything is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from desktop_app.models.types import Poverty, Uid
from desktop_app.services.importing.issues import open_issues
from desktop_app.services.importing.planning.fates import TAKEN, WRITTEN, RowFate
from desktop_app.services.importing.planning.matching import Candidate, Known
from desktop_app.services.importing.planning.places import AskedCommune, KnownPlaces, ListedPlaces
from desktop_app.services.importing.preview import Issue, ParsedWorkbook, PersonRow, Severity
from desktop_app.services.importing.titles.known import NO_TITLES, KnownTitles
from desktop_app.services.importing.titles.units import with_unit_titles
from desktop_app.services.importing.units.rows import UnitPlan, plan_units
from desktop_app.services.importing.units.units import KnownUnits

SAME_CODE = "cùng mã hộ, không ai cùng"
"""Why a household is asked about."""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """One row and what would be done with it.

    Attributes:
        person: the person of the register who is updated; None for a new one.
        changes: column → (present value, new value) of a known person.
        candidates: for a doubtful row, who it may be, best first.
        household: index in ``ImportPlan.households``; None for a person without household.
        household_changes: what the list changes of the household, told on one of its rows.
        cccd_holder: for a doubtful row, who has its CCCD already.
        asked: for a doubtful row, the standing household of which it must be said whether it is this row's.
    """

    row: PersonRow
    fate: RowFate
    person: Known | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    issues: tuple[Issue, ...] = ()
    household: int | None = None
    household_changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    cccd_holder: Known | None = None
    asked: AskedHome | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is asked about; rows with the same reasons are like questions."""
        if self.candidates:
            return self.candidates[0].reasons
        return (SAME_CODE,) if self.asked is not None else ()


@dataclass(frozen=True, slots=True)
class KnownHousehold:
    """A household of the register as planning sees it; ``code`` is folded.

    Attributes:
        head: local key of its head.
        former: keys of hamlets in which it stood before.
    """

    id: int
    code: str
    hamlet_key: str
    hamlet: str
    address: str
    poverty: str
    head: int | None = None
    former: frozenset[str] = frozenset()
    uid: Uid = ""


@dataclass(frozen=True, slots=True)
class AskedHome:
    """A standing household whose code the list gives to people of whom none is its member."""

    home: KnownHousehold
    members: tuple[Known, ...]


@dataclass(slots=True)
class HouseholdPlan:
    """One household of the list: a known one (``id``) with its changes, or a new one.

    Attributes:
        is_own: made up for one new person of a list that tells no households.
        clan: of which the list says it is; "" where it is silent.
        known_hamlet: key of the hamlet where the register has it.
        former_hamlet: key of the ended hamlet that the list names; "" where it names a living one.
        asked: the standing household with its code, until a person has said whether it is the same.
        joined: the standing household that its code alone says it is; told beside each of its rows.
    """

    code: str
    hamlet_key: str
    hamlet_name: str
    id: int | None = None
    address: str = ""
    poverty: Poverty | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    is_own: bool = False
    clan: str = ""
    known_hamlet: str = ""
    former_hamlet: str = ""
    asked: AskedHome | None = None
    joined: AskedHome | None = None


@dataclass(frozen=True)
class ImportPlan:
    """All that an import would do.

    Attributes:
        new_hamlets: hamlets (key → name) that the register lacks.
        homes: households of the register that doubtful rows may belong to, by id.
        mark: newest change of the register when the plan was made.
        units: clans, organizations and branches that the register has.
        titles: titles of former years that it has.
        places: which hamlets of the register the list's are.
    """

    parsed: ParsedWorkbook
    rows: tuple[RowPlan, ...]
    households: tuple[HouseholdPlan, ...]
    new_hamlets: Mapping[str, str]
    homes: Mapping[int, KnownHousehold] = field(default_factory=dict)
    mark: int = 0
    units: KnownUnits = field(default_factory=KnownUnits)
    titles: KnownTitles = NO_TITLES
    places: ListedPlaces = field(default_factory=lambda: ListedPlaces(KnownPlaces(), (), ()))

    def counts(self) -> Counter[RowFate]:
        """How many rows meet which fate."""
        return Counter(row.fate for row in self.rows)

    @cached_property
    def unit_rows(self) -> tuple[UnitPlan, ...]:
        """What becomes of each clan, organization, branch or hamlet that the list tells of."""
        return with_unit_titles(self.parsed, plan_units(self.parsed.units, self.units, self.places), self.titles)

    @property
    def asked(self) -> tuple[AskedCommune, ...]:
        """Hamlets of which the list does not tell to which former commune they belong."""
        return self.places.asked

    def unit_counts(self) -> Counter[RowFate]:
        """How many rows about units meet which fate."""
        return Counter(item.fate for item in self.unit_rows)

    def wanted_hamlets(self) -> dict[str, str]:
        """Hamlets that would be added (key → name), for the rows that are written."""
        homes = {row.household for row in self.rows if row.household is not None and row.fate in WRITTEN}
        keys = {self.households[index].hamlet_key for index in homes}
        wanted = {key: name for key, name in self.new_hamlets.items() if key in keys}
        for item in self.unit_rows:
            name = item.row.name if item.table == "hamlet" else item.row.hamlet
            if item.fate in WRITTEN and name and item.hamlet_key not in self.units.hamlets:
                wanted.setdefault(item.hamlet_key, name)
        return wanted

    def needed_hamlets(self) -> tuple[str, ...]:
        """Names of the hamlets that would be added."""
        return tuple(self.wanted_hamlets().values())

    def issues(self) -> Iterable[Issue]:
        """Every remark: the workbook's, the plan's, then row by row."""
        for sheet in self.parsed.sheets:
            yield from sheet.issues
        first = self.parsed.first_sheet
        yield from (issue for item in self.asked if (issue := item.issue(first)) is not None)
        for name in self.needed_hamlets():
            yield Issue(Severity.WARNING, "hamlet.new", f"Sẽ thêm {name} vì sổ chưa có.", first)
        for row in self.rows:
            yield from open_issues(row.row.issues) if row.fate is RowFate.UNCHANGED else row.row.issues
            yield from row.issues
        for item in self.unit_rows:
            yield from (*item.row.issues, *item.issues)


__all__ = [
    "TAKEN",
    "WRITTEN",
    "AskedHome",
    "HouseholdPlan",
    "ImportPlan",
    "KnownHousehold",
    "RowFate",
    "RowPlan",
]
