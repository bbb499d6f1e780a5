"""Which household of the register each of a list is; one whose code fits but none of its people is asked about; pure.

Invariant: no household of a list with a head of its own joins a standing one of which no row names a member, now or
formerly, unless a person says so: two former communes both number their households from 01. Rows that name no head
(newborns), or the head that the standing one lacks (a row refused before), are of the household that their code
says, and that is told beside them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from desktop_app.models.types import Uid
from desktop_app.services.importing.planning.differences import row_issue
from desktop_app.services.importing.planning.known_homes import KnownHomes
from desktop_app.services.importing.planning.matching import Known, KnownPeople
from desktop_app.services.importing.planning.planned import (
    TAKEN,
    AskedHome,
    HouseholdPlan,
    KnownHousehold,
    RowFate,
    RowPlan,
)
from desktop_app.services.importing.preview import Issue, PersonRow
from desktop_app.services.importing.words import HEAD
from desktop_app.services.vietnamese import fold

MOST_NAMES = 3


def find_homes(
    homes: Sequence[HouseholdPlan], rows: Sequence[RowPlan], known: KnownHomes, people: KnownPeople
) -> dict[int, str]:
    """Give each household of a list its household of the register, or the one to ask about.

    Returns:
        Households whose code another one has: index → its hamlet.
    """
    votes, left = _votes(rows)
    headed = {item.household for item in rows if item.row.relation in (HEAD, "")}
    members = _Members(people)
    taken: set[int] = set()
    shared: dict[int, str] = {}
    for index, home in enumerate(homes):
        found = known.of_code(home, votes[index])
        if found is None and home.code and fold(home.code) in known.by_code:
            shared[index] = known.by_code[fold(home.code)][0].hamlet
        elif (
            found is not None
            and not (found.id in votes[index] or index in left)
            and index in headed
            and any(person.values["relation"] == HEAD for person in members.of(found))
        ):
            home.asked = AskedHome(found, members.of(found))
        elif found is not None:
            home.id = found.id
            taken.add(found.id)
            if not (found.id in votes[index] or index in left) and (living := members.of(found)):
                home.joined = AskedHome(found, living)
    for index, home in enumerate(homes):
        if home.id is None and home.asked is None:
            home.id = _known_by_members(home, votes[index], taken, known)
            taken.add(home.id or 0)
    return shared


def ask_homes(rows: list[RowPlan], homes: Sequence[HouseholdPlan], people: KnownPeople) -> None:
    """Turn the rows of households that must be asked about into questions."""
    for place, item in enumerate(rows):
        home = homes[item.household] if item.household is not None else None
        if home is not None and home.joined is not None and item.fate is RowFate.NEW:
            told = row_issue(item.row, "household.joined", _told(item.row, home.joined))
            rows[place] = replace(item, issues=(*item.issues, told))
        if home is None or home.asked is None:
            continue
        if item.fate is RowFate.DOUBTFUL:
            rows[place] = replace(item, asked=home.asked)
        elif item.fate is RowFate.NEW or (item.fate in TAKEN and item.person is not None):
            issue = row_issue(item.row, "household.asked", _question(item.row, home.asked))
            holder = people.by_cccd.get(item.row.cccd) if item.row.cccd else None
            rows[place] = replace(
                item, fate=RowFate.DOUBTFUL, asked=home.asked, issues=(*item.issues, issue), cccd_holder=holder
            )


def part_homes(rows: Sequence[RowPlan], homes: Sequence[HouseholdPlan]) -> dict[int, str]:
    """Take all households that should be asked about for others: index → hamlet of the one that has its code."""
    found: dict[int, str] = {}
    people: dict[int, list[Known]] = defaultdict(list)
    for item in rows:
        if item.household is not None and item.person is not None:
            people[item.household].append(item.person)
    for index, home in enumerate(homes):
        if home.asked is not None:
            home.id = lived_in(people[index], homes)
            if home.id is None:
                found[index] = home.asked.home.hamlet
    return found


def lived_in(people: Iterable[Known], homes: Sequence[HouseholdPlan]) -> int | None:
    """The household in which most of these people live, unless it is another one of the list."""
    living = Counter(person.household_id for person in people if person.household_id is not None)
    taken = {home.id for home in homes}
    return next((key for key, _ in living.most_common() if key not in taken), None)


def in_standing(
    asked: AskedHome, rows: Sequence[RowPlan], indices: Sequence[int], choices: Mapping[int, Uid | None]
) -> bool:
    """Whether it was said of a household, or of one of its people, that it is the standing one."""
    uids = {asked.home.uid, *(person.uid for person in asked.members)}
    return any(choices.get(index) in uids for index in indices if rows[index].fate is RowFate.DOUBTFUL)


def code_issue(row: PersonRow, hamlet: str) -> Issue:
    """Say that a household's code is another one's."""
    text = (
        f"Mã hộ {row.household_code} đã dùng cho một hộ khác ({hamlet or 'chưa rõ thôn'}); "
        "nhập thành hộ riêng, hãy xem lại mã."
    )
    return row_issue(row, "household.code_used", text)


def _question(row: PersonRow, asked: AskedHome) -> str:
    return f"{_whose(row, asked)}; hãy chọn là cùng một hộ hay hộ khác."


def _told(row: PersonRow, joined: AskedHome) -> str:
    return f"{_whose(row, joined)}; nhập vào hộ ấy theo mã, hãy xem lại nếu là hộ khác."


def _whose(row: PersonRow, standing: AskedHome) -> str:
    names = [str(person.values["full_name"] or "") for person in standing.members[:MOST_NAMES]]
    more = "…" if len(standing.members) > MOST_NAMES else ""
    return f"Mã hộ {row.household_code} trong sổ là hộ của {', '.join(names)}{more}, không ai có trong danh sách"


def _votes(rows: Sequence[RowPlan]) -> tuple[dict[int, Counter[int]], set[int]]:
    """Household of the list → household of the register → how many of its people live there; and households of the
    list whose code somebody of theirs has left."""
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    left: set[int] = set()
    for plan in rows:
        if plan.household is None or plan.person is None:
            continue
        if plan.person.household_id is not None:
            votes[plan.household][plan.person.household_id] += 1
        if plan.row.household_code and fold(plan.row.household_code) in plan.person.former_codes:
            left.add(plan.household)
    return votes, left


def _known_by_members(home: HouseholdPlan, votes: Counter[int], taken: set[int], known: KnownHomes) -> int | None:
    """A household without code (in the list or in the register) is where most of its people live."""
    for household_id, _ in votes.most_common():
        found = known.households.get(household_id)
        if found is not None and household_id not in taken and not (home.code and found.code):
            return household_id
    return None


class _Members:
    """Who lives in a household of the register; found when first asked."""

    def __init__(self, people: KnownPeople) -> None:
        self._people = people
        self._of: dict[int, list[Known]] | None = None

    def of(self, home: KnownHousehold) -> tuple[Known, ...]:
        """The members, its head first."""
        if self._of is None:
            self._of = defaultdict(list)
            for person in self._people.by_id.values():
                if person.household_id is not None:
                    self._of[person.household_id].append(person)
        return tuple(sorted(self._of.get(home.id, ()), key=lambda person: person.id != home.head))
