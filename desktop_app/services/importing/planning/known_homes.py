"""Households and hamlets of the register as an import's planning meets them; read once.

Invariant: a hamlet that ended by a merge leads to the one that lives on, through any number of merges, so that a list
with its former name finds the households that stand there now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.services.importing.hamlets import hamlet_key, known_key, of_communes, stored_key, within_commune
from desktop_app.services.importing.planning.planned import HouseholdPlan, KnownHousehold
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
    _of_former: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for key in self.hamlets:
            if "@" in key:
                self._of_former[within_commune(key)].append(key)
        for home in self.households.values():
            if home.code:
                self.by_code[home.code].append(home)

    def own_key(self, text: str, *, is_vague: bool, communes: Collection[str] = ()) -> str:
        """Key of a settlement as a list names it: the register's, of a living or an ended hamlet, else its own.

        "" where two former communes have one of that name and the list does not say which.

        Args:
            communes: bare names of the communes that the list's titles name.
        """
        plain = hamlet_key(text)
        titled = of_communes(plain, communes, self.hamlets)
        if titled:
            return titled[0] if len(titled) == 1 else ""
        key = known_key(plain, self.hamlets, is_vague=is_vague)
        if key in self.hamlets:
            return key
        same = self._of_former.get(key, ())
        if same:
            return same[0] if len(same) == 1 else ""
        return known_key(key, self.successors.keys(), is_vague=is_vague)

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


def _hamlets(connection: Connection) -> tuple[frozenset[str], dict[str, tuple[str, str]]]:
    """Keys of the living hamlets, and where the ended ones lead."""
    rows = connection.exec_driver_sql(
        "SELECT id, name, former_commune, valid_to, successor_id FROM hamlet WHERE present AND name <> ''"
    )
    found = {key: (name, stored_key(name, of or ""), end is None, successor) for key, name, of, end, successor in rows}
    living = frozenset(key for _, key, is_living, _ in found.values() if is_living)
    successors: dict[str, tuple[str, str]] = {}
    for _, key, is_living, successor in found.values():
        seen: set[int] = set()
        while not is_living and successor in found and successor not in seen:
            seen.add(successor)
            end, end_key, is_living, successor = found[successor]
            if is_living and not {key, within_commune(key)} & living:
                successors[key] = successors[within_commune(key)] = end_key, end
    return living, successors
