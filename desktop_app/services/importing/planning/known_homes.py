"""Households of the register as an import's planning meets them; read once.

Invariant: a code alone finds a household only in its hamlet; elsewhere its people must be the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.services.importing.hamlets import hamlet_key, stored_key, within_commune
from desktop_app.services.importing.planning.planned import HouseholdPlan, KnownHousehold
from desktop_app.services.vietnamese import fold


@dataclass
class KnownHomes:
    """Households by key and by code."""

    households: Mapping[int, KnownHousehold]
    by_code: dict[str, list[KnownHousehold]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for home in self.households.values():
            if home.code:
                self.by_code[home.code].append(home)

    def of_code(self, home: HouseholdPlan, votes: Mapping[int, int]) -> KnownHousehold | None:
        """The household of a code; with a hamlet that differs, only where its people are the same: numbers may begin
        anew in each hamlet. Of two with one code in one hamlet (two hamlets merged), its people tell which."""
        known = self.by_code.get(fold(home.code), []) if home.code else []
        exact = [item for item in known if self._is_there(home, item, votes)]
        voted = [item for item in known if item.id in votes]
        vague = [item for item in known if not item.hamlet_key or not home.hamlet_key]
        for found in (exact, voted, vague if len(known) == 1 else []):
            if found:
                former = [item for item in found if home.former_hamlet and home.former_hamlet in item.former]
                return max(former or found, key=lambda one: (votes.get(one.id, 0), one.hamlet_key == home.hamlet_key))
        return None

    @staticmethod
    def _is_there(home: HouseholdPlan, known: KnownHousehold, votes: Mapping[int, int]) -> bool:
        """Whether it stands in the hamlet; in one of that name of a former commune only if its people are the same."""
        is_voted = known.id in votes and is_same_place(home.hamlet_key, known.hamlet_key)
        return is_voted or known.hamlet_key == home.hamlet_key


def is_same_place(listed: str, known: str) -> bool:
    """Whether a list's settlement may be the register's: equal, or the list says nothing of a former commune."""
    return listed == known or (bool(listed) and "@" not in listed and within_commune(known) == listed)


def load_homes(connection: Connection) -> KnownHomes:
    """Read the households."""
    return KnownHomes(_households(connection))


def _households(connection: Connection) -> dict[int, KnownHousehold]:
    former: dict[int, set[str]] = defaultdict(set)
    for key, name in connection.exec_driver_sql(
        """SELECT p.household_id, hamlet.name FROM household_place AS p JOIN hamlet ON hamlet.id = p.hamlet_id
        WHERE p.present"""
    ):
        former[key].add(hamlet_key(name or ""))
    rows = connection.exec_driver_sql(
        """SELECT household.id, household.code_fold, hamlet.name, household.address, household.poverty,
        household.head_id, hamlet.former_commune, household.uid
        FROM household LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
        WHERE household.present ORDER BY household.id"""
    )
    return {
        key: KnownHousehold(
            key, code or "", stored_key(hamlet or "", of or ""), hamlet or "", address or "", poverty or "none",
            head, frozenset(former.get(key, ())), uid.hex(),
        )
        for key, code, hamlet, address, poverty, head, of, uid in rows
    }  # fmt: skip
