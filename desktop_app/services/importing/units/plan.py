"""Which clans, organizations and branches an import makes, and whom it puts into them; told before anything is written.

Invariant: pure; a plan's counts here are what carrying it out does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.planning.planned import TAKEN, WRITTEN, ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import Issue, Severity
from desktop_app.services.importing.titles.former import TitlesPlan, planned_titles
from desktop_app.services.importing.units.names import branch_parts, clan_key, clan_name, organization_key
from desktop_app.services.importing.units.rows import UnitPlan, new_name
from desktop_app.services.importing.units.units import ROLE, branch_key, clan_change, person_unit_changes, told
from desktop_app.services.vietnamese import fold

ClanKey = tuple[str, str]
"""A clan's key and the key of its hamlet."""
Home = tuple[str, int]
"""("planned", index in ``ImportPlan.households``) or ("known", id of a household of the register)."""


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What an import does about clans, organizations and branches, in figures.

    Attributes:
        members_joined: memberships of organizations that are new or have another role.
        titles_recorded: titles of former years that are new; titles_not_imported: rows with one that is not stored.
    """

    clans_created: int = 0
    households_joined: int = 0
    organizations_created: int = 0
    members_joined: int = 0
    branches_created: int = 0
    branch_members: int = 0
    titles_not_imported: int = 0
    units_updated: int = 0
    titles_recorded: int = 0


@dataclass(frozen=True, slots=True)
class UnitRowCounts:
    """What becomes of the rows that are about clans, organizations, branches and hamlets themselves, in figures."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


def unit_rows_of(plan: ImportPlan) -> UnitRowCounts:
    """The figures of a plan's rows about units."""
    counts = plan.unit_counts()
    return UnitRowCounts(
        len(plan.unit_rows), counts[RowFate.NEW], counts[RowFate.CHANGED], counts[RowFate.UNCHANGED],
        counts[RowFate.REFUSED],
    )  # fmt: skip


@dataclass
class UnitsPlan:
    """What an import does about clans, organizations and branches.

    Attributes:
        clans, organizations, branches: new ones by key → name (code and name of a branch).
        homes: clan → households that join it, each once.
        members: (index of the row that stands for the person, organization's key) → role.
        branch_of: index of the row that stands for the person → branch's key.
        branch_hamlets: new branch → hamlets of its people.
        made: (table, key) → the row that tells of a new unit; a clan's key is with its hamlet's.
        updates: (table, id) → the row that changes a known unit.
        names: folded name of a new branch that has a code → its key.
        titles: titles of former years.
    """

    clans: dict[ClanKey, str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    branches: dict[str, tuple[str, str]] = field(default_factory=dict)
    homes: dict[ClanKey, dict[Home, None]] = field(default_factory=lambda: defaultdict(dict))
    members: dict[tuple[int, str], str] = field(default_factory=dict)
    branch_of: dict[int, str] = field(default_factory=dict)
    branch_hamlets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    made: dict[tuple[str, object], UnitPlan] = field(default_factory=dict)
    updates: dict[tuple[str, int], UnitPlan] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    titles: TitlesPlan = field(default_factory=TitlesPlan)

    def counts(self) -> UnitCounts:
        """How many of each are made or joined."""
        return UnitCounts(
            len(self.clans), sum(map(len, self.homes.values())), len(self.organizations), len(self.members),
            len(self.branches), len(self.branch_of), len(self.titles.left_out), len(self.updates),
            len(self.titles.new),
        )  # fmt: skip

    def issues(self, sheet: str) -> Iterator[Issue]:
        """What to say of it: new ones by name, and the titles of former years."""
        words = (
            ("clan.new", "dòng họ", [name for key, name in self.clans.items() if ("clan", key) not in self.made]),
            (
                "organization.new",
                "đơn vị",
                [name for key, name in self.organizations.items() if ("organization", key) not in self.made],
            ),
            (
                "branch.new",
                "chi hội",
                [name for key, (_, name) in self.branches.items() if ("branch", key) not in self.made],
            ),
        )
        for code, word, names in words:
            if names:
                yield Issue(Severity.WARNING, code, f"Sẽ thêm {word} vì sổ chưa có: {_some(names)}.", sheet)
        yield from self.titles.issues(sheet)


def _some(names: list[str]) -> str:
    more = f" và {len(names) - 8} nơi khác" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more


def planned_units(plan: ImportPlan) -> UnitsPlan:
    """What a plan does about clans, organizations and branches, with what a person has decided so far."""
    found = UnitsPlan(titles=planned_titles(plan))
    _plan_unit_rows(plan, found)
    _plan_homes(plan, found)
    for place, item in enumerate(plan.rows):
        if item.row.extra and item.fate in TAKEN:
            _plan_row(plan, found, place, item)
    return found


def _plan_unit_rows(plan: ImportPlan, found: UnitsPlan) -> None:
    """What lists of units, and columns beside people, tell of the units themselves."""
    for item in plan.unit_rows:
        if item.fate not in WRITTEN:
            continue
        if item.id is not None:
            found.updates[item.table, item.id] = item
        else:
            _plan_new_unit(found, item)
        name = item.changes.get("organization", ("", ""))[1]
        if name and organization_key(name) not in plan.units.organizations:
            found.organizations.setdefault(organization_key(name), name)


def _plan_new_unit(found: UnitsPlan, item: UnitPlan) -> None:
    key: object = item.ident if item.table == "clan" else item.key
    found.made[item.table, key] = item
    if item.table == "clan":
        found.clans[item.ident] = new_name(item)
    elif item.table == "organization":
        found.organizations[item.key] = new_name(item)
    elif item.table == "branch":
        found.branches[item.key] = (item.row.code, new_name(item))
        found.names[fold(item.row.name)] = item.key
        if item.hamlet_key:
            found.branch_hamlets[item.key].add(item.hamlet_key)


def _plan_homes(plan: ImportPlan, found: UnitsPlan) -> None:
    """The clans of the list's households."""
    if not any(home.clan for home in plan.households):
        return
    written = {item.household for item in plan.rows if item.household is not None and item.fate in WRITTEN}
    taken = {item.household for item in plan.rows if item.household is not None and item.fate in TAKEN}
    for index, home in enumerate(plan.households):
        if not home.clan or index not in (written if home.id is None else taken):
            continue
        if home.id is None or clan_change(home.clan, home.id, plan.units) is not None:
            _join_clan(plan, found, home.clan, home.hamlet_key or home.known_hamlet, ("planned", index))


def _join_clan(plan: ImportPlan, found: UnitsPlan, text: str, hamlet: str, home: Home) -> None:
    key = clan_key(text)
    ident = (key, hamlet)
    if ident not in found.clans:
        known = plan.units.clan_in(key, hamlet)
        if known is not None:
            ident = (key, known.hamlet)
        elif (key, "") in found.clans:
            ident = (key, "")
        else:
            found.clans[ident] = clan_name(text)
    found.homes[ident][home] = None


def _plan_row(plan: ImportPlan, found: UnitsPlan, place: int, item: RowPlan) -> None:
    if item.fate is not RowFate.NEW and item.person is None:  # it repeats another row, which stands for the person
        if item.row.repeats is None:
            return
        place = item.row.repeats
    stands = plan.rows[place]
    if stands.fate not in TAKEN or (stands.person is None and stands.fate is not RowFate.NEW):
        return
    branch, name = told(item.row, Field.BRANCH_CODE), told(item.row, Field.ORGANIZATION)
    if stands.person is not None:
        changes = person_unit_changes(item.row, stands.person.id, plan.units, _home_of(stands))
        branch = branch if "branch" in changes else ""
        name = name if "organization" in changes else ""
        if "clan" in changes and stands.person.household_id is not None:
            hamlet = stands.person.hamlet
            _join_clan(plan, found, changes["clan"][1], hamlet, ("known", stands.person.household_id))
    if name:
        key = organization_key(name)
        found.members.setdefault((place, key), told(item.row, ROLE))
        if key not in plan.units.organizations:
            found.organizations.setdefault(key, name)
    if branch and place not in found.branch_of:
        key = found.names.get(branch_key(branch), branch_key(branch))
        found.branch_of[place] = key
        if key not in plan.units.branches:
            found.branches.setdefault(key, branch_parts(branch))
            found.branch_hamlets[key].add(_hamlet_of(plan, stands))


def _home_of(stands: RowPlan) -> int | None:
    """The household of the register where a known person stays, of which the list says nothing."""
    return stands.person.household_id if stands.person is not None and stands.household is None else None


def _hamlet_of(plan: ImportPlan, item: RowPlan) -> str:
    home = plan.households[item.household] if item.household is not None else None
    known = item.person.hamlet if item.person is not None else ""
    return (home.hamlet_key if home is not None else "") or known
