"""Writing a plan's clans, organizations, branches and who belongs to them, within the import's one operation.

Invariant: a membership is one row by nature (``natural_uid``), brought back where it was absent, never doubled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from desktop_app.models.journal import SUBJECT_TABLES, Operation
from desktop_app.models.tables import SHARED, natural_uid
from desktop_app.models.tables.registry import (
    branch,
    citizen,
    clan,
    clan_household,
    organization,
    organization_member,
)
from desktop_app.models.types import LearningModel
from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.importing.titles.units import CHANGE as TITLE_CHANGE
from desktop_app.services.importing.titles.units import unit_titles
from desktop_app.services.importing.units.names import clan_surname, organization_key, organization_kind
from desktop_app.services.importing.units.plan import ClanKey, Home, UnitsPlan, planned_units
from desktop_app.services.importing.units.rows import UnitPlan
from desktop_app.services.registry.former_titles import GivenTitle, write_titles
from desktop_app.services.vietnamese import fold


def write_units(
    op: Operation,
    plan: ImportPlan,
    households: Mapping[int, int],
    people: Mapping[int, int],
    hamlets: Mapping[str, int],
) -> None:
    """Make what is new and let households and people join.

    Args:
        households: index in the plan → key of the household.
        people: index of a row → key of its person.
        hamlets: key of a settlement → key of the hamlet.
    """
    units = planned_units(plan)
    writing = _Units(op, plan, units, hamlets)
    writing.write(households, people)
    _write_titles(op, plan, units, households, people)
    write_titles(op, writing.titles(), Path(plan.parsed.path).name)


def _write_titles(
    op: Operation, plan: ImportPlan, units: UnitsPlan, households: Mapping[int, int], people: Mapping[int, int]
) -> None:
    """Write the titles of former years down, each with the list that told it."""
    given = []
    for (model, (kind, key), year), number in units.titles.wanted.items():
        made = people if model is LearningModel.CITIZEN else households
        row_id = key if kind == "known" else made[key]
        given.append(GivenTitle(model, op.writer.references.uid(SUBJECT_TABLES[model], row_id), year, number))
    write_titles(op, given, Path(plan.parsed.path).name)


class _Units:
    def __init__(self, op: Operation, plan: ImportPlan, units: UnitsPlan, hamlets: Mapping[str, int]) -> None:
        self._op, self._plan, self._units, self._hamlets = op, plan, units, hamlets
        self._organizations: Mapping[str, int] = {}
        self._clans: dict[ClanKey, int] = {}

    def write(self, households: Mapping[int, int], people: Mapping[int, int]) -> None:
        """Clans first, then organizations, then branches."""
        for ident in dict.fromkeys((*self._units.clans, *self._units.homes)):
            clan_id = self._clans[ident] = self._clan(ident)
            for home in self._units.homes.get(ident, ()):
                self._join(clan_household, "clan", clan_id, "household", _key_of(home, households), {})
        organizations = dict(self._plan.units.organizations)
        for key, name in self._units.organizations.items():
            values = {"name": name, "kind": organization_kind(name).value, **self._told("organization", key)}
            organizations[key] = self._op.writer.insert(organization, values)
        self._organizations = organizations
        for (place, key), role in self._units.members.items():
            own = {"role": role or None} if role else {}
            self._join(organization_member, "organization", organizations[key], "citizen", people[place], own)
        self._branches(people)
        self._update()

    def titles(self) -> Iterator[GivenTitle]:
        """The titles of former years that lists of units tell, once their units are there."""
        for item in self._plan.unit_rows:
            for (model, year), number in unit_titles(self._plan.parsed, item, self._plan.titles).items():
                row_id = item.id if item.id is not None else self._made(item)
                yield GivenTitle(model, self._op.writer.references.uid(item.table, row_id), year, number)

    def _made(self, item: UnitPlan) -> int:
        """The key of a unit that was made just now."""
        if item.table == "clan":
            return self._clans[item.ident]
        return self._organizations[item.key] if item.table == "organization" else self._hamlets[item.hamlet_key]

    def _told(self, table: str, key: object) -> dict[str, Any]:
        """What a row tells of a new unit, by column."""
        item = self._units.made.get((table, key))
        return self._columns(item) if item is not None else {}

    def _columns(self, item: UnitPlan) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, (_, after) in item.changes.items():
            if name == TITLE_CHANGE:
                continue
            if name == "hamlet":
                values["hamlet_id"] = self._hamlets.get(item.hamlet_key)
            elif name == "organization":
                values["organization_id"] = self._organizations.get(organization_key(after))
            else:
                values[name] = after
        return values

    def _update(self) -> None:
        """Fill known units, and hamlets that were made just now."""
        for (table, key), item in self._units.updates.items():
            self._op.writer.update(SHARED[table].table, key, self._columns(item))
        for (table, _), item in self._units.made.items():
            if table == "hamlet" and item.changes:
                self._op.writer.update(SHARED[table].table, self._hamlets[item.hamlet_key], self._columns(item))

    def _clan(self, ident: ClanKey) -> int:
        key, hamlet = ident
        known = self._plan.units.clan_in(key, hamlet)
        if known is not None:
            return known.id
        name = self._units.clans[ident]
        values: dict[str, Any] = {"name": self._own_name(name, hamlet), "hamlet_id": self._hamlets.get(hamlet)}
        values["surname"] = clan_surname(name) or None
        values |= self._told("clan", ident)
        return self._op.writer.insert(clan, values)

    def _own_name(self, name: str, hamlet: str) -> str:
        """A clan's name is its own in the commune: the second of one name tells its hamlet."""
        taken = select(clan.c.id).where(clan.c.present, clan.c.name_fold == fold(name))
        if self._op.connection.execute(taken).first() is None and not self._is_new_twice(name, hamlet):
            return name
        names = [(home.hamlet_key, home.hamlet_name) for home in self._plan.households]
        names += [(item.hamlet_key, item.row.hamlet) for item in self._plan.unit_rows]
        place = next((shown for key, shown in names if key == hamlet and shown), "")
        return f"{name} ({place})" if place else name

    def _is_new_twice(self, name: str, hamlet: str) -> bool:
        others = [of for of, other in self._units.clans.items() if fold(other) == fold(name) and of[1] != hamlet]
        first = next(of for of, other in self._units.clans.items() if fold(other) == fold(name))
        return bool(others) and first[1] != hamlet

    def _branches(self, people: Mapping[int, int]) -> None:
        ids = dict(self._plan.units.branches)
        for key, (code, name) in self._units.branches.items():
            places = self._units.branch_hamlets.get(key, set())
            hamlet = self._hamlets.get(next(iter(places))) if len(places) == 1 else None
            values = {"code": code or None, "name": name, "hamlet_id": hamlet, **self._told("branch", key)}
            ids[key] = self._op.writer.insert(branch, values)
        changes = {people[place]: {"branch_id": ids[key]} for place, key in self._units.branch_of.items()}
        self._op.writer.update_many(citizen, changes)

    def _join(
        self, joining: Table, whole: str, whole_id: int, part: str, part_id: int, values: Mapping[str, Any]
    ) -> None:
        references = self._op.writer.references
        uid = natural_uid(joining.name, references.uid(whole, whole_id), references.uid(part, part_id))
        ids = {f"{whole}_id": whole_id, f"{part}_id": part_id}
        self._op.writer.insert(joining, {**ids, **values, "until": None}, uid=uid)


def _key_of(home: Home, households: Mapping[int, int]) -> int:
    kind, key = home
    return households[key] if kind == "planned" else key
