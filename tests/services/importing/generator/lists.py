"""From a commune and a style to a file and to what must be read of it; and the differences between the two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.models.types import Poverty, Sex
from desktop_app.services.importing.hamlets import hamlet_key
from desktop_app.services.importing.preview import ParsedWorkbook, PersonRow
from desktop_app.services.vietnamese import fold
from tests.services.importing.generator.commune import Birth, Commune, Home, Person
from tests.services.importing.generator.files import save
from tests.services.importing.generator.layout import lay_out
from tests.services.importing.generator.style import Style

POVERTY = {"": (None, Poverty.NONE), "Hộ nghèo": (Poverty.POOR,), "Hộ cận nghèo": (Poverty.NEAR_POOR,)}
SEXES = {"Nam": Sex.MALE, "Nữ": Sex.FEMALE}


@dataclass
class Written:
    """A list that was written: `told` names the fields that it holds."""

    path: Path
    commune: Commune
    style: Style
    told: frozenset[str]


def write_list(folder: Path, commune: Commune, style: Style, stem: str = "list") -> Written:
    """Write one list of a commune."""
    described = list(style.columns)
    sheets = lay_out(commune, style)
    path = folder / f"{stem}.{style.format}"
    save(sheets, style, path)
    told = (set(described) & {"address", "ethnic", "job", "phone", "religion", "cccd", "birth", "sex", "code"}) | {
        "hamlet"
    }
    if style.births == "nam_nu":
        told.add("sex")
    if style.poverty != "none":
        told.add("poverty")
    if "relation" in described:
        told.add("relation")
    return Written(path, commune, style, frozenset(told))


def birth_in(style: Style, person: Person) -> Birth:
    """A person's birth as a list of that style tells it."""
    return (person.birth[0], None, None) if style.births == "years" else person.birth


def differences(written: Written, found: ParsedWorkbook) -> list[str]:
    """What was read wrong, as sentences; empty when all is right."""
    homes = list(found.households())
    wanted = written.commune.homes
    problems = [f"{len(homes)} households instead of {len(wanted)}"] if len(homes) != len(wanted) else []
    if sum(map(len, homes)) != len(found.rows):
        problems.append(f"{len(found.rows) - sum(map(len, homes))} people without household")
    for home, rows in zip(wanted, homes, strict=False):
        members = home.members[:1] if written.style.has_heads_only else home.members
        if [fold(member.name) for member in members] != [fold(row.name) for row in rows]:
            problems.append(f"members {[row.name for row in rows]} instead of {[m.name for m in members]}")
            continue
        for person, row in zip(members, rows, strict=True):
            problems += [f"row {row.row} {person.name}: {text}" for text in _wrong_fields(written, home, person, row)]
    return problems


def _wrong_fields(written: Written, home: Home, person: Person, row: PersonRow) -> list[str]:
    birth = (row.birth.year, row.birth.month, row.birth.day) if row.birth else None
    pairs: dict[str, tuple[object, object]] = {
        "relation": (row.relation, person.relation),
        "sex": (row.sex, SEXES[person.sex]),
        "birth": (birth, birth_in(written.style, person)),
        "cccd": (row.cccd, person.cccd or None),
        "ethnic": (fold(row.ethnicity), fold(person.ethnic)),
        "job": (fold(row.occupation), fold(person.job)),
        "phone": (row.phone, person.phone),
        "code": (row.household_code, home.code),
        "address": (fold(row.address), fold(home.address)),
        "hamlet": (hamlet_key(row.hamlet), hamlet_key(home.hamlet)),
    }
    wrong = [f"{name} {got!r} instead of {want!r}" for name, (got, want) in pairs.items()
             if name in written.told and got != want]  # fmt: skip
    shown = person.name.upper() if written.style.is_upper else person.name
    if written.style.charset not in ("tcvn3h", "tcvn3", "tcvn3_bare", "vni", "vni_bare", "mixed"):
        wrong += [f"name {row.name!r} instead of {shown!r}"] if row.name != shown else []
    elif written.style.charset != "tcvn3h" and row.name.replace("'", "’") != shown.replace("'", "’"):
        wrong.append(f"name {row.name!r} instead of {shown!r}")
    if "poverty" in written.told and row.poverty not in POVERTY[home.poverty]:
        wrong.append(f"poverty {row.poverty!r} instead of {home.poverty!r}")
    if row.repeats is not None:
        wrong.append("taken for a repeated row")
    return wrong + [issue.message for issue in row.issues if row.is_refused]
