"""What a register holds after imports, against the truth of a commune: everyone, each once, in the right household."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from desktop_app.services.context import Context
from desktop_app.services.importing.hamlets import hamlet_key
from desktop_app.services.vietnamese import fold
from tests.services.importing.generator.commune import Commune, Home, Person


@dataclass(frozen=True)
class Stored:
    """A person of the register with what his household says."""

    name: str
    birth: str
    cccd: str
    household: int | None
    code: str
    hamlet: str
    relation: str


def stored_people(context: Context) -> list[Stored]:
    """Everybody present."""
    with context.read() as connection:
        rows = connection.exec_driver_sql(
            """SELECT citizen.full_name, citizen.birth, citizen.cccd, household.id, household.code, hamlet.name,
            citizen.relation FROM citizen LEFT JOIN household ON household.id = citizen.household_id
            LEFT JOIN hamlet ON hamlet.id = household.hamlet_id WHERE citizen.present ORDER BY citizen.id"""
        )
        return [
            Stored(
                name, birth or "", cccd or "", home, code or "", hamlet_key(hamlet) if hamlet else "", relation or ""
            )
            for name, birth, cccd, home, code, hamlet, relation in rows
        ]


def households(context: Context) -> int:
    """How many households are present."""
    with context.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM household WHERE present").scalar() or 0)


def wrong_in_register(context: Context, commune: Commune, *, has_codes: bool, has_days: bool) -> list[str]:
    """What differs from the truth, as sentences; empty when everyone is there once and at home.

    Args:
        has_codes, has_days: whether any of the lists told households' codes, and births by their days.
    """
    people = stored_people(context)
    truth = {_key(person): (home, person) for home, person in commune.people()}
    problems = []
    met: Counter[tuple[str, int]] = Counter()
    homes: dict[int, set[int]] = {}
    for stored in people:
        key = _stored_key(stored)
        met[key] += 1
        if key not in truth:
            problems.append(f"{stored} is nobody")
            continue
        home, person = truth[key]
        homes.setdefault(id(home), set()).add(stored.household or 0)
        problems += _wrong(stored, home, person, has_codes=has_codes, has_days=has_days)
    problems += [f"{key} stands {count} times" for key, count in met.items() if count > 1]
    problems += [f"{key} is missing" for key in truth if key not in met]
    problems += [f"one household in {len(ids)}" for ids in homes.values() if len(ids) > 1]
    if households(context) != len(commune.homes):
        problems.append(f"{households(context)} households instead of {len(commune.homes)}")
    return problems


def _key(person: Person) -> tuple[str, int]:
    return fold(person.name).replace("’", "'"), person.birth[0]


def _stored_key(stored: Stored) -> tuple[str, int]:
    return fold(stored.name).replace("’", "'"), int(stored.birth[:4] or 0)


def _wrong(stored: Stored, home: Home, person: Person, *, has_codes: bool, has_days: bool) -> list[str]:
    year, month, day = person.birth
    birth = f"{year}-{month:02d}-{day:02d}" if month and day else str(year)
    if not has_days and stored.birth == str(year):
        birth = str(year)
    pairs = {
        "birth": (stored.birth, birth), "cccd": (stored.cccd, person.cccd),
        "hamlet": (stored.hamlet, hamlet_key(home.hamlet)),
    }  # fmt: skip
    if has_codes:
        pairs["code"] = (stored.code, home.code)
    return [f"{person.name}: {name} {got!r} instead of {want!r}" for name, (got, want) in pairs.items() if got != want]
