"""Other workbooks of the same kinds, by other hands: every person and household right, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import Poverty, Sex
from desktop_app.services.importing.hamlets import hamlet_key
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.preview import ParsedWorkbook, PersonRow
from desktop_app.services.vietnamese import fold
from tests.services.importing.workbooks import Expected, Home, Person, write_list

_POVERTY = {"": (None, Poverty.NONE), "Hộ nghèo": (Poverty.POOR,), "Hộ cận nghèo": (Poverty.NEAR_POOR,)}
_SEX = {"Nam": Sex.MALE, "Nữ": Sex.FEMALE}


def _differences(expected: Expected, found: ParsedWorkbook) -> list[str]:
    homes = list(found.households())
    problems = []
    if len(homes) != len(expected.homes):
        problems.append(f"{len(homes)} households instead of {len(expected.homes)}")
    for home, members in zip(expected.homes, homes, strict=False):
        if [fold(member.name) for member in home.members] != [fold(row.name) for row in members]:
            problems.append(f"members {[row.name for row in members]} instead of {[m.name for m in home.members]}")
            continue
        for person, row in zip(home.members, members, strict=True):
            problems += _wrong_fields(expected, home, person, row)
    return problems


def _wrong_fields(expected: Expected, home: Home, person: Person, row: PersonRow) -> list[str]:
    year, month, day = person.birth
    birth = (row.birth.year, row.birth.month, row.birth.day) if row.birth else None
    pairs: dict[str, tuple[object, object]] = {
        "relation": (row.relation, person.relation),
        "sex": (row.sex, _SEX[person.sex]),
        "birth": (birth, (year, month, day)),
        "cccd": (row.cccd, person.cccd or None),
        "ethnic": (fold(row.ethnicity), fold(person.ethnic)),
        "job": (fold(row.occupation), fold(person.job)),
        "phone": (row.phone, person.phone),
        "code": (row.household_code, home.code),
        "address": (fold(row.address), fold(home.address)),
        "hamlet": (hamlet_key(row.hamlet), hamlet_key(home.hamlet)),
    }
    if not expected.folded_names:
        pairs["name"] = (row.name, person.name)
    wrong = [
        f"{name} {got!r} instead of {want!r}"
        for name, (got, want) in pairs.items()
        if name in expected.told and got != want
    ]
    if "poverty" in expected.told and row.poverty not in _POVERTY[home.poverty]:
        wrong.append(f"poverty {row.poverty!r} instead of {home.poverty!r}")
    return [f"row {row.row} {person.name}: {text}" for text in wrong] + [
        f"row {row.row}: {issue.message}" for issue in row.issues if row.is_refused
    ]


def _check(folder: Path, seed: int) -> None:
    expected = write_list(folder, seed)
    found = parse_workbook(expected.path)
    problems = _differences(expected, found)
    assert not problems, f"seed {seed}: {expected.style}\n" + "\n".join(problems[:8])


@pytest.mark.parametrize("seed", range(60))
def test_a_list_of_another_hand_is_read_whole_and_right(tmp_path: Path, seed: int) -> None:
    _check(tmp_path, seed)


@pytest.mark.full
@pytest.mark.parametrize("decade", range(60, 600, 10))
def test_many_more_lists_are_read_whole_and_right(tmp_path: Path, decade: int) -> None:
    for seed in range(decade, decade + 10):
        _check(tmp_path, seed)
