"""What an import would do, row by row, before anything is written: new, changed, unchanged, doubtful, refused.

Invariants: an empty cell never clears a field; a whole date is never replaced by its year; error rows never stop good
ones; nothing is stored here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import Poverty, Uid
from desktop_app.services.errors import UserError
from desktop_app.services.importing.hamlets import hamlet_key
from desktop_app.services.importing.matching import Candidate, Known, KnownPeople, candidates, is_sure, load_people
from desktop_app.services.importing.preview import Issue, ParsedWorkbook, PersonRow, Severity
from desktop_app.services.importing.words import poverty_of
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import PartialDate, fold


class RowFate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowPlan:
    """One row and what would be done with it.

    Attributes:
        person: the person of the register who is updated; None for a new one.
        changes: column → (present value, new value) of a known person.
        candidates: for a doubtful row, who it may be, best first.
        household: index in ``ImportPlan.households``; None for a person without household.
    """

    row: PersonRow
    fate: RowFate
    person: Known | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    issues: tuple[Issue, ...] = ()
    household: int | None = None


@dataclass(slots=True)
class HouseholdPlan:
    """One household of the list: a known one (``id``) with its changes, or a new one."""

    code: str
    hamlet_key: str
    hamlet_name: str
    id: int | None = None
    address: str = ""
    poverty: Poverty | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportPlan:
    """All that an import would do; ``new_hamlets`` are hamlets (key → name) that the register lacks."""

    parsed: ParsedWorkbook
    rows: tuple[RowPlan, ...]
    households: tuple[HouseholdPlan, ...]
    new_hamlets: Mapping[str, str]
    notes: tuple[Issue, ...] = ()

    def counts(self) -> Counter[RowFate]:
        """How many rows meet which fate."""
        return Counter(row.fate for row in self.rows)

    def issues(self) -> Iterable[Issue]:
        """Every remark: the workbook's, the plan's, then row by row."""
        for sheet in self.parsed.sheets:
            yield from sheet.issues
        yield from self.notes
        for row in self.rows:
            yield from row.row.issues
            yield from row.issues


@dataclass
class _Register:
    """What planning needs to know of the register."""

    people: KnownPeople
    households: dict[str, tuple[int, str, str, str]]
    """folded code → (id, hamlet key, address, poverty)"""
    hamlets: dict[str, int]


def plan_import(
    connection: Connection,
    parsed: ParsedWorkbook,
    *,
    is_doubtful_new: bool = False,
    is_other_commune: bool = False,
    progress: Progress = NO_PROGRESS,
) -> ImportPlan:
    """Compare a read workbook with the register.

    Args:
        is_doubtful_new: take doubtful rows for new people instead of leaving them out.
        is_other_commune: take the list although its title names another commune.

    Raises:
        UserError: the title names another commune (``import.other_commune``).
    """
    if not is_other_commune:
        refuse_other_commune(connection, parsed)
    register = _Register(load_people(connection), _households(connection), _hamlets(connection))
    planner = _Planner(register, is_doubtful_new)
    for index, row in enumerate(parsed.rows):
        if index % 500 == 0:
            progress.step(index, len(parsed.rows), "Đang so với sổ")
        planner.take(row)
    return ImportPlan(
        parsed, tuple(planner.rows), tuple(planner.households), planner.new_hamlets, tuple(planner.notes())
    )


def refuse_other_commune(connection: Connection, parsed: ParsedWorkbook) -> None:
    """A predecessor's name is not another commune (architecture: communes merged on 1/7/2025)."""
    names = connection.exec_driver_sql(
        "SELECT name FROM commune WHERE present UNION SELECT former_commune FROM hamlet WHERE present"
    )
    own = {plain for (name,) in names if name for plain in (fold(name), _bare(fold(name)))}
    others = [name for name in parsed.communes if fold(name) not in own and _bare(fold(name)) not in own]
    if others and len(others) == len(parsed.communes):
        raise UserError(
            f"Danh sách này ghi là của {others[0]}, không phải xã của sổ đang mở; chưa nhập gì. "
            "Nếu đúng là danh sách của xã mình, hãy chọn nhập dù khác tên xã.",
            code="import.other_commune",
        )


def _bare(name: str) -> str:
    for kind in ("xa ", "phuong ", "dac khu ", "thi tran "):
        name = name.removeprefix(kind)
    return name


def _households(connection: Connection) -> dict[str, tuple[int, str, str, str]]:
    rows = connection.exec_driver_sql(
        """SELECT household.id, household.code_fold, hamlet.name, household.address, household.poverty FROM household
        LEFT JOIN hamlet ON hamlet.id = household.hamlet_id WHERE household.present AND household.code_fold IS NOT NULL
        ORDER BY household.id DESC"""
    )
    return {row[1]: (row[0], hamlet_key(row[2]) if row[2] else "", row[3] or "", row[4] or "none") for row in rows}


def _hamlets(connection: Connection) -> dict[str, int]:
    rows = connection.exec_driver_sql(
        "SELECT id, name FROM hamlet WHERE present AND valid_to IS NULL ORDER BY former_commune IS NULL, id DESC"
    )
    return {hamlet_key(name): row_id for row_id, name in rows if name}


class _Planner:
    """Takes rows in the order of the file and decides each one's fate."""

    def __init__(self, register: _Register, is_doubtful_new: bool) -> None:
        self._register = register
        self._is_doubtful_new = is_doubtful_new
        self.rows: list[RowPlan] = []
        self.households: list[HouseholdPlan] = []
        self.new_hamlets: dict[str, str] = {}
        self._by_number: dict[tuple[str, int], int] = {}
        self._by_code: dict[str, int] = {}
        self._taken: dict[int, PersonRow] = {}
        self._cccds: dict[str, PersonRow] = {}

    def take(self, row: PersonRow) -> None:
        if row.is_refused:
            self.rows.append(RowPlan(row, RowFate.REFUSED))
            return
        if row.note and row.poverty is not None and poverty_of(row.note) is not None:
            row = replace(row, note="")  # the remark told the household's poverty and nothing else
        key = hamlet_key(row.hamlet) if row.hamlet else ""
        found = self._candidates(row, key)
        household = self._household(row, key, found)
        if row.repeats is not None:
            self._repeat(row, household)
        elif found and is_sure(found):
            self._update(row, found[0].person, household)
        elif found and not self._is_doubtful_new:
            issue = _issue(row, Severity.WARNING, "person.doubtful", _who(found[0]))
            self.rows.append(RowPlan(row, RowFate.DOUBTFUL, None, {}, tuple(found), (issue,), household))
        else:
            self._new(row, household, ())

    def _candidates(self, row: PersonRow, key: str) -> list[Candidate]:
        if row.uid and row.uid in self._register.people.by_uid:
            return [Candidate(self._register.people.by_uid[row.uid], 1000, ("cùng mã hệ thống",))]
        found = candidates(row, self._register.people, key)
        return [item for item in found if item.person.id not in self._taken]

    def _repeat(self, row: PersonRow, household: int | None) -> None:
        """The same person again in this file."""
        issue = _issue(row, Severity.WARNING, "person.repeated", "Người này đã có ở một dòng trên nên không nhập.")
        self.rows.append(RowPlan(row, RowFate.UNCHANGED, None, {}, (), (issue,), household))

    def _new(self, row: PersonRow, household: int | None, issues: tuple[Issue, ...]) -> None:
        row, more = self._own_cccd(row, None)
        self.rows.append(RowPlan(row, RowFate.NEW, None, {}, (), (*issues, *more), household))

    def _update(self, row: PersonRow, person: Known, household: int | None) -> None:
        self._taken[person.id] = row
        row, issues = self._own_cccd(row, person)
        changes = _changes(row, person)
        plan = self.households[household] if household is not None else None
        if plan is not None and (plan.id is None or plan.id != person.household_id):
            changes["household_id"] = (person.household_id, plan.id)
        is_household_changed = plan is not None and bool(plan.changes)
        fate = RowFate.CHANGED if changes or (is_household_changed and self._is_first(household)) else RowFate.UNCHANGED
        self.rows.append(RowPlan(row, fate, person, changes, (), issues, household))

    def _is_first(self, household: int | None) -> bool:
        return not any(item.household == household for item in reversed(self.rows[-60:]))

    def _own_cccd(self, row: PersonRow, person: Known | None) -> tuple[PersonRow, tuple[Issue, ...]]:
        """A number that somebody else has already is left out and said."""
        if not row.cccd:
            return row, ()
        holder = self._register.people.by_cccd.get(row.cccd)
        is_taken = (holder is not None and (person is None or holder.id != person.id)) or row.cccd in self._cccds
        self._cccds.setdefault(row.cccd, row)
        if not is_taken:
            return row, ()
        text = f"Số CCCD {row.cccd[:3]}…{row.cccd[-3:]} đã có ở người khác nên để trống; hãy xem lại giấy tờ."
        return replace(row, cccd=None), (_issue(row, Severity.WARNING, "cccd.taken", text),)

    # -- households ----------------------------------------------------------------------------------------------

    def _household(self, row: PersonRow, key: str, found: list[Candidate]) -> int | None:
        code = fold(row.household_code)
        number = (row.sheet, row.household) if row.household is not None else None
        index = self._by_code.get(code) if code else self._by_number.get(number) if number else None
        if index is None:
            if not code and number is None:
                return None
            index = self._new_household(row, code, key, found)
            if code:
                self._by_code[code] = index
            if number is not None:
                self._by_number[number] = index
        self._fill_household(self.households[index], row)
        return index

    def _new_household(self, row: PersonRow, code: str, key: str, found: list[Candidate]) -> int:
        plan = HouseholdPlan(row.household_code, key, row.hamlet)
        known = self._register.households.get(code) if code else None
        if known is not None:
            plan.id = known[0]
        elif not code and found and is_sure(found):
            plan.id = found[0].person.household_id
        if key and key not in self._register.hamlets:
            self.new_hamlets.setdefault(key, row.hamlet)
        self.households.append(plan)
        return len(self.households) - 1

    def _fill_household(self, plan: HouseholdPlan, row: PersonRow) -> None:
        known = self._register.households.get(fold(plan.code)) if plan.code else None
        if row.address and not plan.address:
            plan.address = row.address
            if known is not None and known[2] != row.address:
                plan.changes["address"] = (known[2] or None, row.address)
        if row.poverty is not None and plan.poverty in (None, Poverty.NONE):
            plan.poverty = row.poverty
            if known is not None and known[3] != row.poverty.value:
                plan.changes["poverty"] = (known[3], row.poverty.value)
        if known is not None and plan.hamlet_key and known[1] != plan.hamlet_key:
            plan.changes["hamlet"] = (known[1], plan.hamlet_name)

    def notes(self) -> Iterable[Issue]:
        """What the import creates besides people, said before and after."""
        sheet = self.rows[0].row.sheet if self.rows else ""
        for name in self.new_hamlets.values():
            yield Issue(Severity.WARNING, "hamlet.new", f"Sẽ thêm {name} vì sổ chưa có.", sheet)


def _changes(row: PersonRow, person: Known) -> dict[str, tuple[Any, Any]]:
    """Fields on which the list says more or something else than the register."""
    stored = person.values
    given: dict[str, Any] = {
        "full_name": row.name,
        "sex": row.sex.value if row.sex else None,
        "birth": _birth(row.birth, stored["birth"]),
        "cccd": row.cccd,
        "phone": row.phone or None,
        "ethnicity": row.ethnicity or None,
        "occupation": row.occupation or None,
        "citizen_group": row.group.value if row.group else None,
        "relation": row.relation or None,
        "note": row.note or None,
    }
    return {
        name: (stored[name], value)
        for name, value in given.items()
        if value is not None and not _says_nothing_new(value, stored[name])
    }


def _says_nothing_new(given: Any, stored: Any) -> bool:
    """Equal, or equal but for an apostrophe that old charsets make straight (K’Tùng): the curved one stays."""
    if isinstance(given, str) and isinstance(stored, str) and "’" not in given:
        return given == stored.replace("’", "'")
    return bool(given == stored)


def _birth(given: PartialDate | None, stored: Any) -> str | None:
    """What the list gives, unless the register knows the same birth more exactly."""
    if given is None:
        return None
    text = given.iso()
    return None if stored and str(stored).startswith(text) else text


def _who(candidate: Candidate) -> str:
    reasons = ", ".join(candidate.reasons)
    return f"Có thể đã có trong sổ ({reasons}); hãy chọn là người cũ hay người mới."


def _issue(row: PersonRow, severity: Severity, code: str, message: str) -> Issue:
    return Issue(severity, code, message, row.sheet, row.row)


def choose(plan: ImportPlan, choices: Mapping[int, Uid | None]) -> ImportPlan:
    """Settle doubtful rows by a person's word.

    Args:
        choices: index of a row → uid of the person that it is, or None for a new person.
    """
    rows = list(plan.rows)
    for index, uid in choices.items():
        item = rows[index]
        if item.fate is not RowFate.DOUBTFUL:
            continue
        chosen = next((c.person for c in item.candidates if c.person.uid == uid), None)
        if chosen is None:
            rows[index] = replace(item, fate=RowFate.NEW, candidates=(), issues=())
            continue
        changes = _changes(item.row, chosen)
        fate = RowFate.CHANGED if changes else RowFate.UNCHANGED
        rows[index] = replace(item, fate=fate, person=chosen, changes=changes, candidates=(), issues=())
    return replace(plan, rows=tuple(rows))
