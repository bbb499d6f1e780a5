"""Households and hamlets of the register as an import's planning meets them; read once.

Invariant: a hamlet that ended by a merge leads to the one that lives on, through any number of merges, so that a list
with its former name finds the households that stand there now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.services.importing.hamlets import hamlet_key, known_key
from desktop_app.services.importing.planned import HouseholdPlan, KnownHousehold
from desktop_app.services.vietnamese import fold


@dataclass
class KnownHomes:
    """Households by key and by code, hamlets by their keys.

    Attributes:
        hamlets: keys of the hamlets that live.
        successors: key of a hamlet that ended → (key, name) of the living one that it belongs to now.
    """

    households: Mapping[int, KnownHousehold]
    hamlets: frozenset[str]
    successors: Mapping[str, tuple[str, str]]
    by_code: dict[str, list[KnownHousehold]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for home in self.households.values():
            if home.code:
                self.by_code[home.code].append(home)

    def own_key(self, text: str, *, is_vague: bool) -> str:
        """Key of a settlement as a list names it: the register's, of a living or an ended hamlet, else its own."""
        key = known_key(hamlet_key(text), self.hamlets, is_vague=is_vague)
        return key if key in self.hamlets else known_key(key, self.successors.keys(), is_vague=is_vague)

    def of_code(self, home: HouseholdPlan, votes: Mapping[int, int]) -> KnownHousehold | None:
        """The household of a code; with a hamlet that differs, only where its people are the same: numbers may begin
        anew in each hamlet. Of two with one code in one hamlet (two hamlets merged), its people tell which."""
        known = self.by_code.get(fold(home.code), []) if home.code else []
        exact = [item for item in known if item.hamlet_key == home.hamlet_key]
        voted = [item for item in known if item.id in votes]
        vague = [item for item in known if not item.hamlet_key or not home.hamlet_key]
        for found in (exact, voted, vague if len(known) == 1 else []):
            if found:
                former = [item for item in found if home.former_hamlet and home.former_hamlet in item.former]
                return max(former or found, key=lambda item: votes.get(item.id, 0))
        return None


def load_homes(connection: Connection) -> KnownHomes:
    """Read households and hamlets."""
    return KnownHomes(_households(connection), *_hamlets(connection))


def _households(connection: Connection) -> dict[int, KnownHousehold]:
    former: dict[int, set[str]] = defaultdict(set)
    for key, name in connection.exec_driver_sql(
        """SELECT p.household_id, hamlet.name FROM household_place AS p JOIN hamlet ON hamlet.id = p.hamlet_id
        WHERE p.present"""
    ):
        former[key].add(hamlet_key(name or ""))
    rows = connection.exec_driver_sql(
        """SELECT household.id, household.code_fold, hamlet.name, household.address, household.poverty,
        household.head_id FROM household LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
        WHERE household.present ORDER BY household.id"""
    )
    return {
        key: KnownHousehold(
            key, code or "", hamlet_key(hamlet) if hamlet else "", hamlet or "", address or "", poverty or "none",
            head, frozenset(former.get(key, ())),
        )
        for key, code, hamlet, address, poverty, head in rows
    }  # fmt: skip


def _hamlets(connection: Connection) -> tuple[frozenset[str], dict[str, tuple[str, str]]]:
    """Keys of the living hamlets, and where the ended ones lead."""
    rows = connection.exec_driver_sql(
        "SELECT id, name, valid_to, successor_id FROM hamlet WHERE present AND name <> ''"
    )
    found = {key: (name, valid_to is None, successor) for key, name, valid_to, successor in rows}
    living = frozenset(hamlet_key(name) for name, is_living, _ in found.values() if is_living)
    successors: dict[str, tuple[str, str]] = {}
    for name, is_living, successor in found.values():
        seen: set[int] = set()
        while not is_living and successor in found and successor not in seen:
            seen.add(successor)
            end, is_living, successor = found[successor]
            if is_living and hamlet_key(name) not in living:
                successors[hamlet_key(name)] = hamlet_key(end), end
    return living, successors
