"""What an import would do, row by row, before anything is written: new, changed, unchanged, doubtful, refused.

Invariants: what is not sure is asked, not guessed; one person of the register is written by one row at most; error
rows never stop good ones; nothing is stored here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from desktop_app.services.importing.planning.alone import own_household, own_issue
from desktop_app.services.importing.planning.asked_homes import ask_homes, code_issue, find_homes, part_homes
from desktop_app.services.importing.planning.claims import Namesakes, claims
from desktop_app.services.importing.planning.communes import refuse_other_commune
from desktop_app.services.importing.planning.differences import (
    fill_household,
    is_still,
    own_number,
    row_issue,
)
from desktop_app.services.importing.planning.heads import without_known_heads
from desktop_app.services.importing.planning.known_homes import KnownHomes, load_homes
from desktop_app.services.importing.planning.listed_hamlets import ListedHamlets, listed_places
from desktop_app.services.importing.planning.matching import (
    DOUBTFUL,
    Candidate,
    Known,
    KnownPeople,
    candidates,
    is_homeless_one,
    is_only_one,
    is_sure,
    known_of,
    load_people,
    weigh,
)
from desktop_app.services.importing.planning.mates import settle_by_mates
from desktop_app.services.importing.planning.places import ListedPlaces, Titles, load_places
from desktop_app.services.importing.planning.planned import (
    TAKEN,
    HouseholdPlan,
    ImportPlan,
    KnownHousehold,
    RowFate,
    RowPlan,
)
from desktop_app.services.importing.planning.quiet import collector_paused
from desktop_app.services.importing.planning.settled import tell_household_changes, updated
from desktop_app.services.importing.preview import Issue, ParsedWorkbook, PersonRow
from desktop_app.services.importing.titles.former import titled
from desktop_app.services.importing.units.units import (
    KnownUnits,
    RowUnits,
    load_units,
    unknown_member,
)
from desktop_app.services.importing.words import poverty_of
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import fold

TYPED_OVER = 40
"""Evidence of a uid alone, where name and birth are another's: so little that no housemates make it sure."""

__all__ = [
    "HouseholdPlan",
    "ImportPlan",
    "RowFate",
    "RowPlan",
    "newest_change",
    "plan_import",
    "refuse_other_commune",
]


def plan_import(
    connection: Connection,
    parsed: ParsedWorkbook,
    *,
    is_doubtful_new: bool = False,
    is_other_commune: bool = False,
    communes: Mapping[Titles, str] | None = None,
    places: ListedPlaces | None = None,
    progress: Progress = NO_PROGRESS,
) -> ImportPlan:
    """Compare a read workbook with the register.

    Args:
        is_doubtful_new: take doubtful rows for new people, and households of which only the code is known for others,
            instead of leaving them out.
        is_other_commune: take the list although its title names another commune.
        communes: of which former commune lists are whose titles leave it open (``ImportPlan.asked``), as chosen.
        places: hamlets as they were settled for a longer list, of which this is a part.

    Raises:
        UserError: the title names another commune (``import.other_commune``).
    """
    if not is_other_commune:
        refuse_other_commune(connection, parsed)
    with collector_paused():
        units = load_units(connection)
        people = load_people(connection)
        if places is None:
            places = listed_places(load_places(connection), parsed, people, units, communes)
        register = _Register(people, load_homes(connection), units)
        planner = _Planner(register, RowUnits(parsed.sheets, units), is_doubtful_new, parsed, places)
        planner.weigh(parsed.rows, progress)
        for place in range(len(parsed.rows)):
            planner.take(place)
        return titled(connection, planner.finished(parsed, newest_change(connection)))


def newest_change(connection: Connection) -> int:
    """The newest change record, by which a later change of the register is noticed."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM change").scalar() or 0)


@dataclass
class _Register:
    """What planning needs to know of the register."""

    people: KnownPeople
    homes: KnownHomes
    units: KnownUnits


class _Planner:
    """Takes rows in the order of the file and decides each one's fate; then households and changes, which need all."""

    def __init__(
        self,
        register: _Register,
        units: RowUnits,
        is_doubtful_new: bool,
        parsed: ParsedWorkbook,
        places: ListedPlaces,
    ) -> None:
        self._register = register
        self._units = units
        self._has_sheets = sum(sheet.persons > 0 for sheet in parsed.sheets) > 1
        self._places = places
        self._hamlets = ListedHamlets(places, register.people)
        self._made: dict[str, list[tuple[Known, PersonRow, int | None]]] = defaultdict(list)
        self._is_doubtful_new = is_doubtful_new
        self.rows: list[RowPlan] = []
        self.households: list[HouseholdPlan] = []
        self._by_number: dict[int, int] = {}
        self._by_code: dict[tuple[str, str], int] = {}
        self._folded: dict[str, str] = {}
        self._taken: set[int] = set()
        self._cccds: dict[str, object] = {}
        self._shared_codes: dict[int, str] = {}
        self._doubled: frozenset[str] = frozenset()
        self._prepared: list[tuple[PersonRow, str, str]] = []
        self._found: dict[int, list[Candidate]] = {}
        self._owners: dict[int, int] = {}
        self._namesakes = Namesakes(())

    # -- row by row ----------------------------------------------------------------------------------------------

    def weigh(self, rows: Sequence[PersonRow], progress: Progress) -> None:
        """Find who each row may be about, and whom each is surely about: the order of rows does not matter."""
        self._note_uids(rows)
        self._namesakes = Namesakes(rows)
        for place, row in enumerate(rows):
            if place % 500 == 0:
                progress.step(place, len(rows), "Đang so với sổ")
            self._prepared.append(self._prepare(row))
            if not row.is_refused and (row.repeats is None or rows[row.repeats].is_refused):
                self._found[place] = self._candidates(self._prepared[place][0], self._prepared[place][1])
        self._owners = claims(self._found, self._is_sure)

    def _is_sure(self, place: int, found: Sequence[Candidate]) -> bool:
        row = self._prepared[place][0]
        if found[0].is_merged:
            return False
        if is_sure(found) or (self._units.is_of_members(row) and is_only_one(row, found)):
            return True
        return is_homeless_one(row, found, self._register.people) and self._namesakes.is_alone(row)

    def _prepare(self, row: PersonRow) -> tuple[PersonRow, str, str]:
        """The row as it is taken, the key of its hamlet, and the key of the one that the list names."""
        if row.is_refused:
            return row, "", ""
        if row.note and row.poverty is not None and poverty_of(row.note) is not None:
            row = replace(row, note="")  # the remark told the household's poverty and nothing else
        row = self._units.completed(row)
        return self._hamlets.known(row)

    def take(self, place: int) -> None:
        """Decide who a row is about."""
        row, key, listed = self._prepared[place]
        if row.is_refused:
            self.rows.append(RowPlan(row, RowFate.REFUSED))
            return
        home = self._household(row, key, listed)
        if self._is_repeated(row):
            issue = row_issue(row, "person.repeated", "Người này đã có ở một dòng trên nên không nhập.")
            self._place(self.rows[row.repeats].household if row.repeats is not None else None, row, key)
            self.rows.append(RowPlan(row, RowFate.UNCHANGED, issues=(issue,), household=home))
            return
        found = self._found.get(place, [])
        if found and found[0].is_merged and is_sure(found):
            issue = row_issue(row, "person.merged", "Hồ sơ này đã được gộp vào người khác trong sổ nên không nhập lại.")
            self.rows.append(RowPlan(row, RowFate.UNCHANGED, issues=(issue,), household=home))
            return
        found = [item for item in found if item.is_merged or self._owners.get(item.person.id, place) == place]
        if found and self._is_sure(place, found):
            self._taken.add(found[0].person.id)
            self.rows.append(RowPlan(row, RowFate.UNCHANGED, found[0].person, household=home))
        elif found and not self._is_doubtful_new:
            issue = row_issue(row, "person.doubtful", _who(found[0]))
            holder = self._register.people.by_cccd.get(row.cccd) if row.cccd else None
            home = self._own(row, key) if home is None else home
            self.rows.append(RowPlan(row, RowFate.DOUBTFUL, None, {}, tuple(found), (issue,), home, cccd_holder=holder))
        else:
            self._take_new(row, key, home)

    def _take_new(self, row: PersonRow, key: str, home: int | None) -> None:
        """A person whom the register lacks; also compared with those of the list's other sheets."""
        if self._units.is_of_members(row) and row.birth is None and row.cccd is None:
            self.rows.append(RowPlan(unknown_member(row), RowFate.REFUSED))
            return
        issues: tuple[Issue, ...] = (own_issue(row),) if home is None and key else ()
        alike = self._alike(row, key) if self._has_sheets else None
        if alike is not None:
            found, earlier, lives_in = alike
            place = f"dòng {earlier.row} của trang {earlier.sheet} ({', '.join(found.reasons)})"
            if is_sure([found]):
                self._place(lives_in, row, key)
                issue = row_issue(row, "person.repeated", f"Người này đã có ở {place} nên không nhập.")
                self.rows.append(RowPlan(row, RowFate.UNCHANGED, issues=(issue,), household=home))
                return
            issues += (row_issue(row, "person.alike", f"Có thể trùng với {place}; hãy xem lại sau khi nhập."),)
        home = self._own(row, key) if home is None else home
        self.rows.append(RowPlan(row, RowFate.NEW, issues=issues, household=home))
        if self._has_sheets:
            person = known_of(row, key)
            self._made[person.name].append((person, row, home))

    def _alike(self, row: PersonRow, key: str) -> tuple[Candidate, PersonRow, int | None] | None:
        """The new person of another sheet who may be the one of this row, with the evidence and his household."""
        name, code = fold(row.name), fold(row.household_code)
        found = [
            (weigh(row, name, code, key, person), earlier, home)
            for person, earlier, home in self._made.get(name, ())
            if earlier.sheet != row.sheet
        ]
        best = max(found, key=lambda item: item[0].score, default=None)
        return best if best is not None and best[0].score >= DOUBTFUL else None

    def _place(self, home: int | None, row: PersonRow, key: str) -> None:
        """Take the hamlet of a household from a later sheet that names its people again (a summary came first)."""
        if home is not None and key and not self.households[home].hamlet_key:
            self.households[home].hamlet_key, self.households[home].hamlet_name = key, row.hamlet

    def _own(self, row: PersonRow, key: str) -> int | None:
        """A household for a person of whom the list tells a hamlet only."""
        if not key:
            return None
        self.households.append(own_household(row, key))
        return len(self.households) - 1

    def _note_uids(self, rows: Sequence[PersonRow]) -> None:
        """A uid that stands on several rows was copied with them: it is that person's whose name it is."""
        counts = Counter(row.uid for row in rows if row.uid)
        self._doubled = frozenset(uid for uid, count in counts.items() if count > 1)

    def _is_repeated(self, row: PersonRow) -> bool:
        """Does an earlier row, which was not refused, stand for the same person?"""
        if row.repeats is not None:
            return self.rows[row.repeats].fate is not RowFate.REFUSED
        known = self._register.people.by_uid.get(row.uid) if row.uid else None
        return known is not None and known.id in self._taken and is_still(row, known, row.uid in self._doubled)

    def _candidates(self, row: PersonRow, key: str) -> list[Candidate]:
        known = self._register.people.by_uid.get(row.uid) if row.uid else None
        if known is not None and is_still(row, known, row.uid in self._doubled):
            found = [Candidate(known, 1000, ("cùng mã hệ thống",))]
        else:
            found = candidates(row, self._register.people, key)
            if known is not None and row.uid not in self._doubled:
                reasons = ("cùng mã hệ thống", "khác họ tên", "khác ngày sinh")
                found = [Candidate(known, TYPED_OVER, reasons), *(item for item in found if item.person is not known)]
        return found

    def _code_of(self, row: PersonRow) -> str:
        """The household code of a row, folded; its other members have it too."""
        code = self._folded.get(row.household_code)
        if code is None:
            code = self._folded[row.household_code] = fold(row.household_code)
        return code

    def _household(self, row: PersonRow, key: str, listed: str) -> int | None:
        """The household of a row within the list: by its number there, else by code and the hamlet that it names."""
        code = self._code_of(row)
        if row.household is None and not code:
            return None
        index = self._by_number.get(row.household) if row.household is not None else None
        if index is None and code:
            index = self._by_code.get((code, listed))
            if index is None and not key:
                same = [place for (other, _), place in self._by_code.items() if other == code]
                index = same[0] if len(same) == 1 else None
        if index is None:
            self.households.append(HouseholdPlan(row.household_code, key, row.hamlet))
            index = len(self.households) - 1
        if code:
            self._by_code.setdefault((code, listed), index)
        if row.household is not None:
            self._by_number[row.household] = index
        plan = self.households[index]
        if key and not plan.hamlet_key:
            plan.hamlet_key, plan.hamlet_name = key, row.hamlet
        if listed != key:
            plan.former_hamlet = listed
        return index

    # -- what needs all rows -------------------------------------------------------------------------------------

    def finished(self, parsed: ParsedWorkbook, mark: int) -> ImportPlan:
        """Find the households in the register, then what each row changes."""
        self.rows = settle_by_mates(self.rows, self._taken)
        self._shared_codes = find_homes(self.households, self.rows, self._register.homes, self._register.people)
        if self._is_doubtful_new:
            self._shared_codes.update(part_homes(self.rows, self.households))
        else:
            ask_homes(self.rows, self.households, self._register.people)
        for plan in self.rows:
            if plan.household is not None and plan.fate in TAKEN:
                home = self.households[plan.household]
                known = self._register.homes.households.get(home.id) if home.id else None
                fill_household(home, plan.row, known, self._register.units)
        self.rows = [self._compared(plan) for plan in self.rows]
        in_register = self._register.homes.households
        told = tell_household_changes(self.rows, self.households)
        rows = tuple(without_known_heads(told, self.households, in_register))
        homes = tuple(self.households)
        return ImportPlan(
            parsed, rows, homes, self._new_hamlets(), self._homes(), mark, self._register.units, places=self._places
        )

    def _homes(self) -> dict[int, KnownHousehold]:
        """The households of the register that settling a doubtful row may need."""
        doubtful = [plan for plan in self.rows if plan.fate is RowFate.DOUBTFUL]
        ids = {item.person.household_id for plan in doubtful for item in plan.candidates}
        ids |= {self.households[plan.household].id for plan in doubtful if plan.household is not None}
        ids |= {plan.asked.home.id for plan in doubtful if plan.asked is not None}
        ids |= {plan.person.household_id for plan in doubtful if plan.person is not None}
        return {key: home for key, home in self._register.homes.households.items() if key in ids}

    def _compared(self, plan: RowPlan) -> RowPlan:
        if plan.fate not in TAKEN or (plan.fate is RowFate.UNCHANGED and plan.person is None):
            return plan
        holder = self._register.people.by_cccd.get(plan.row.cccd) if plan.row.cccd else None
        row, issues = own_number(plan.row, plan.person, holder, self._cccds)
        if row.cccd:
            self._cccds[row.cccd] = row
        issues += self._code_issue(plan)
        if plan.person is None:
            return replace(plan, row=row, issues=(*plan.issues, *issues)) if issues or row is not plan.row else plan
        home = self.households[plan.household] if plan.household is not None else None
        numbered = plan if row is plan.row else replace(plan, row=row)
        return updated(numbered, plan.person, home, self._register.units, issues)

    def _code_issue(self, plan: RowPlan) -> tuple[Issue, ...]:
        """Said once a household, on its first row."""
        place = self._shared_codes.pop(plan.household, None) if plan.household is not None else None
        return () if place is None else (code_issue(plan.row, place),)

    def _new_hamlets(self) -> dict[str, str]:
        used = {plan.household for plan in self.rows if plan.household is not None and plan.fate is not RowFate.REFUSED}
        homes = (self.households[index] for index in sorted(used))
        return {
            home.hamlet_key: home.hamlet_name
            for home in homes
            if home.hamlet_key and home.hamlet_key not in self._places.known.living
        }


def _who(candidate: Candidate) -> str:
    reasons = ", ".join(candidate.reasons)
    return f"Có thể đã có trong sổ ({reasons}); hãy chọn là người cũ hay người mới."
