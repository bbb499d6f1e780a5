"""Clans, organizations and branches that a list's people and households belong to: what is known, what would be made.

Invariants: pure but for ``load_units``; who is of which household or unit already is not told again; an empty cell
takes nobody out of anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy.engine import Connection

from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.hamlets import is_vague, stored_key
from desktop_app.services.importing.kinds import ListKind
from desktop_app.services.importing.planning.places import Mention
from desktop_app.services.importing.preview import Issue, ParsedSheet, PersonRow, Severity, UnitRow
from desktop_app.services.importing.units.names import (
    MAX_ROLE,
    branch_of_titles,
    branch_parts,
    clan_key,
    is_name,
    of_titles,
    organization_key,
)
from desktop_app.services.vietnamese import fold

ROLE = "role"
"""Name of the extra that says what a person is in his organization."""


@dataclass(frozen=True, slots=True)
class KnownClan:
    """A clan of the register; ``hamlet`` is its key, "" where none is told."""

    id: int
    name: str
    key: str
    hamlet: str


@dataclass(frozen=True, slots=True)
class PersonUnits:
    """What a person of the register belongs to.

    Attributes:
        branch: its id; ``branch_text`` is how it is shown.
        organizations: id → (name, role).
    """

    branch: int | None = None
    branch_text: str = ""
    organizations: Mapping[int, tuple[str, str]] = field(default_factory=dict)


NO_UNITS = PersonUnits()


@dataclass(frozen=True)
class KnownUnits:
    """The register's clans, organizations and branches, and who belongs to them.

    Attributes:
        organizations: key → id; branches: folded code or name → id.
        clans_of: household → ids of its clans.
        people: citizen → what he belongs to; who belongs to nothing is not in it.
        details: (table, id) → what is stored of a hamlet, clan, organization or branch, by column.
        hamlets: key of a hamlet, with its former commune, → (id, key) of the living one that it is or belongs to now.
    """

    clans: tuple[KnownClan, ...] = ()
    organizations: Mapping[str, int] = field(default_factory=dict)
    branches: Mapping[str, int] = field(default_factory=dict)
    clans_of: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    people: Mapping[int, PersonUnits] = field(default_factory=dict)
    details: Mapping[tuple[str, int], Mapping[str, str]] = field(default_factory=dict)
    hamlets: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def clan_of(self, household: int, key: str) -> KnownClan | None:
        """The clan of that key to which a household belongs."""
        mine = self.clans_of.get(household, ())
        return next((clan for clan in self.clans if clan.id in mine and clan.key == key), None)

    def clan_in(self, key: str, hamlet: str) -> KnownClan | None:
        """The clan of that key in a hamlet; one without a hamlet stands for every hamlet, and the other way round."""
        alike = [clan for clan in self.clans if clan.key == key]
        exact = next((clan for clan in alike if clan.hamlet == hamlet), None)
        open_ = [clan for clan in alike if not clan.hamlet] or (alike if not hamlet and len(alike) == 1 else [])
        return exact or (open_[0] if open_ else None)

    def clan_names(self, household: int) -> str:
        """The clans of a household as they are shown."""
        mine = self.clans_of.get(household, ())
        return ", ".join(clan.name for clan in self.clans if clan.id in mine)


def load_units(connection: Connection) -> KnownUnits:
    """Read every clan, organization, branch and membership once."""
    rows = connection.exec_driver_sql(
        "SELECT clan.id, clan.name, hamlet.name, hamlet.former_commune FROM clan "
        "LEFT JOIN hamlet ON hamlet.id = clan.hamlet_id WHERE clan.present ORDER BY clan.id"
    )
    clans = tuple(
        KnownClan(key, name or "", clan_key(name or ""), stored_key(of or "", commune or ""))
        for key, name, of, commune in rows
    )
    organizations: dict[str, int] = {}
    names: dict[int, str] = {}
    for key, name in connection.exec_driver_sql("SELECT id, name FROM organization WHERE present ORDER BY id"):
        organizations.setdefault(organization_key(name or ""), key)
        names[key] = name or ""
    branches: dict[str, int] = {}
    shown: dict[int, str] = {}
    for key, code, name in connection.exec_driver_sql("SELECT id, code, name FROM branch WHERE present ORDER BY id"):
        shown[key] = name or code or ""
        for text in (code, name):
            if text:
                branches.setdefault(fold(text), key)
    clans_of: dict[int, list[int]] = defaultdict(list)
    for home, clan in connection.exec_driver_sql(
        "SELECT household_id, clan_id FROM clan_household WHERE present AND until IS NULL ORDER BY id"
    ):
        clans_of[home].append(clan)
    people = _people(connection, names, shown)
    homes = {key: tuple(ids) for key, ids in clans_of.items()}
    return KnownUnits(clans, organizations, branches, homes, people, load_details(connection), _hamlets(connection))


HAMLET_KEY = "hamlet_key"
"""Name under which details hold the key of the hamlet that they name."""
_DETAILS: Mapping[str, tuple[str, ...]] = {
    "hamlet": ("name", "code", "leader", "phone", "note"),
    "clan": ("name", "hamlet_id", "leader", "phone", "note"),
    "organization": ("name", "kind", "code", "address", "hamlet_id", "leader", "phone", "note"),
    "branch": ("code", "name", "hamlet_id", "organization_id", "leader", "phone"),
}


def load_details(connection: Connection) -> dict[tuple[str, int], dict[str, str]]:
    """Read what is stored of every hamlet, clan, organization and branch; references as their names, "" for nothing."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for table, columns in _DETAILS.items():
        rows = connection.exec_driver_sql(f"SELECT id, {', '.join(columns)} FROM {table} WHERE present ORDER BY id")
        for key, *values in rows:
            found[table, key] = {name: value or "" for name, value in zip(columns, values, strict=True)}
    of_hamlets = connection.exec_driver_sql("SELECT id, coalesce(former_commune, '') FROM hamlet").all()
    communes: dict[int, str] = {row[0]: row[1] for row in of_hamlets}
    for stored in found.values():
        for reference, table in (("hamlet_id", "hamlet"), ("organization_id", "organization")):
            if reference in stored:
                of = stored.pop(reference)
                if table == "hamlet":
                    name = found[table, int(of)]["name"] if of and (table, int(of)) in found else ""
                    stored[HAMLET_KEY] = stored_key(name, communes.get(int(of), "")) if name else ""
                stored[table] = found[table, int(of)]["name"] if of and (table, int(of)) in found else ""
    return found


def _hamlets(connection: Connection) -> dict[str, tuple[int, str]]:
    """Key of a hamlet, with its former commune → the living one; of two living ones with one key the older."""
    rows = connection.exec_driver_sql(
        "SELECT id, name, former_commune, valid_to, successor_id FROM hamlet WHERE present AND name <> '' "
        "ORDER BY valid_to IS NOT NULL, id"
    )
    found = {key: (stored_key(name, of or ""), valid_to is None, successor)
             for key, name, of, valid_to, successor in rows}  # fmt: skip
    keys: dict[str, tuple[int, str]] = {}
    for key, (own, is_living, successor) in found.items():
        end, seen = key, set[int]()
        while not is_living and successor in found and successor not in seen:
            seen.add(successor)
            end = successor
            _, is_living, successor = found[end]
        if is_living:
            keys.setdefault(own, (end, found[end][0]))
    return keys


def _people(connection: Connection, names: Mapping[int, str], branches: Mapping[int, str]) -> dict[int, PersonUnits]:
    joined: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    for person, of, role in connection.exec_driver_sql(
        "SELECT citizen_id, organization_id, role FROM organization_member WHERE present AND until IS NULL ORDER BY id"
    ):
        joined[person][of] = (names.get(of, ""), role or "")
    found = {person: PersonUnits(organizations=of) for person, of in joined.items()}
    for person, branch in connection.exec_driver_sql(
        "SELECT id, branch_id FROM citizen WHERE present AND branch_id IS NOT NULL"
    ):
        own = found.get(person, NO_UNITS)
        found[person] = replace(own, branch=branch, branch_text=branches.get(branch, ""))
    return found


def unit_mention(row: UnitRow, known: KnownUnits) -> Mention:
    """What a row says of where its unit belongs; a list of hamlets names them themselves."""
    text = row.name if row.kind is ListKind.HAMLETS else row.hamlet
    return Mention(row.sheet, text, is_vague(text), partial(_homes_of_unit, row, known))


def _homes_of_unit(row: UnitRow, known: KnownUnits) -> Collection[str]:
    """Keys of the hamlets where the register has a unit of that name with the same leader."""
    leader = fold(row.leader)
    if not leader:
        return ()
    if row.kind is ListKind.HAMLETS:
        return {own for own, (found, _) in known.hamlets.items()
                if fold(known.details["hamlet", found]["leader"]) == leader}  # fmt: skip
    table, key = _NAMED[row.kind]
    wanted = key(row.name)
    return {
        stored[HAMLET_KEY]
        for (of, _), stored in known.details.items()
        if of == table and fold(stored["leader"]) == leader and key(stored["name"]) == wanted
    }


_NAMED: Mapping[ListKind, tuple[str, Callable[[str], str]]] = {
    ListKind.CLANS: ("clan", clan_key),
    ListKind.ORGANIZATIONS: ("organization", organization_key),
    ListKind.BRANCHES: ("branch", fold),
}
"""Table of a unit, and by what its name is known."""


class RowUnits:
    """What each row says of units: its own cells, and in a members' list the sheet's title."""

    def __init__(self, sheets: Iterable[ParsedSheet], known: KnownUnits) -> None:
        self._known = known
        lists = [sheet for sheet in sheets if sheet.kind is ListKind.MEMBERS]
        self._sheets = {sheet.name: of_titles(sheet.titles) for sheet in lists}
        self._branches = {sheet.name: branch_of_titles(sheet.titles) for sheet in lists}

    def is_of_members(self, row: PersonRow) -> bool:
        """Whether the row's sheet lists the people of an organization."""
        return row.sheet in self._sheets

    def completed(self, row: PersonRow) -> PersonRow:
        """The row with the organization and the role there; in a list of residents, of a known organization only."""
        told = self._sheets.get(row.sheet)
        if told is None and not row.extra:
            return row
        extra = {name: text for name, text in row.extra if is_name(text) or name == Field.BRANCH_CODE.value}
        name = extra.get(Field.ORGANIZATION.value, "")
        if told is not None:
            title, title_role = told
            name = name or title
            role = row.occupation or title_role
            if self._branches[row.sheet]:
                extra.setdefault(Field.BRANCH_CODE.value, self._branches[row.sheet])
        else:
            name = name if organization_key(name) in self._known.organizations else ""
            role = ""
        extra.pop(Field.ORGANIZATION.value, None)
        if name:
            extra[Field.ORGANIZATION.value] = name
            if role:
                extra[ROLE] = role[:MAX_ROLE]
        return replace(row, extra=tuple(extra.items()))


def unknown_member(row: PersonRow) -> PersonRow:
    """The row of a members' list refused: its person is not in the register, and a name alone makes nobody."""
    text = (
        "Chưa có người này trong sổ, mà dòng không có ngày sinh và số CCCD nên không thêm; hãy bổ sung một trong hai "
        "rồi nhập lại."
    )
    issue = Issue(Severity.ERROR, "member.unknown", text, row.sheet, row.row)
    return replace(row, issues=(*row.issues, issue))


def told(row: PersonRow, of: Field | str) -> str:
    """What a row says in one of its further columns; "" where it is silent."""
    name = of.value if isinstance(of, Field) else of
    return next((text for field_, text in row.extra if field_ == name), "") if row.extra else ""


def person_unit_changes(
    row: PersonRow, person: int, known: KnownUnits, home: int | None = None
) -> dict[str, tuple[str | None, str]]:
    """What a row tells of a known person's units beyond what the register has: branch, organization → (old, new).

    Args:
        home: the household of the register where he stays, if the list tells none; its clan is told then.
    """
    if not row.extra:
        return {}
    own = known.people.get(person, NO_UNITS)
    changes: dict[str, tuple[str | None, str]] = {}
    branch = told(row, Field.BRANCH_CODE)
    if branch and (own.branch is None or known.branches.get(branch_key(branch)) != own.branch):
        changes["branch"] = (own.branch_text or None, branch)
    name = told(row, Field.ORGANIZATION)
    if name:
        role = told(row, ROLE)
        standing = own.organizations.get(known.organizations.get(organization_key(name), 0))
        if standing is None:
            changes["organization"] = (None, with_role(name, role))
        elif role and fold(role) != fold(standing[1]) and (row.occupation or not standing[1]):
            changes["organization"] = (with_role(*standing), with_role(standing[0], role))
    clan = told(row, Field.CLAN)
    if clan and home is not None and (change := clan_change(clan, home, known)) is not None:
        changes["clan"] = change
    return changes


def branch_key(text: str) -> str:
    """By what a branch is known: its folded code, or its name where the list gives no code."""
    code, name = branch_parts(text)
    return fold(code or name)


def with_role(name: str, role: str) -> str:
    """ "Trường Mầm non Hoa Sen (giáo viên)"."""
    return f"{name} ({role})" if role else name


def clan_change(text: str, household: int, known: KnownUnits) -> tuple[str | None, str] | None:
    """What a list tells new of a known household's clan: (its clans now, the new one), or None."""
    if known.clan_of(household, clan_key(text)) is not None:
        return None
    return known.clan_names(household) or None, text
