"""The 34 provinces and 3,321 communes of 2025, with the codes of the national statistics office; read only, read once.

Codes are text: five digits for a commune, two for a province, leading zeros kept.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.resources import resource_path


@dataclass(frozen=True, slots=True)
class Province:
    """A province or a city under the central government; ``kind`` is "tỉnh" or "thành phố trung ương"."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune: ``name`` carries its kind ("Phường Hoàn Kiếm"); ``kind`` is "xã", "phường" or "đặc khu"."""

    code: str
    name: str
    kind: str
    province_code: str
    province_name: str


@dataclass(frozen=True, slots=True)
class _Book:
    provinces: tuple[Province, ...]
    by_province: dict[str, tuple[Unit, ...]]
    by_code: dict[str, Unit]


def provinces() -> tuple[Province, ...]:
    """All provinces, in the order of their codes."""
    return _book().provinces


def communes(province_code: str) -> tuple[Unit, ...]:
    """The communes of one province in the order of the list; empty for an unknown code. "1" finds "01"."""
    return _book().by_province.get(province_code.strip().zfill(2), ())


def find_province(code: str) -> Province | None:
    """One province by its code, with or without the leading zero."""
    wanted = code.strip().zfill(2)
    return next((p for p in provinces() if p.code == wanted), None)


def find_commune(code: str) -> Unit | None:
    """One commune by its code, with or without leading zeros; None when there is none."""
    return _book().by_code.get(code.strip().zfill(5))


@cache
def _book() -> _Book:
    return _read(resource_path("reference", "units_2025.csv"))


def _read(path: Path) -> _Book:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        found = {p[0]: Province(p[0], p[1], p[2]) for p in rows}
        units = [Unit(r[3], r[4], r[5], r[0], r[1]) for r in rows]
    except (OSError, UnicodeDecodeError, csv.Error, IndexError) as error:
        raise EnvironmentProblem(
            f"Không đọc được danh mục xã, phường ({path.name}). Dữ liệu không bị ảnh hưởng; "
            "hãy cài đặt lại chương trình.",
            code="units.no_file",
        ) from error
    by_province: dict[str, list[Unit]] = {}
    for unit in units:
        by_province.setdefault(unit.province_code, []).append(unit)
    return _Book(
        provinces=tuple(sorted(found.values(), key=lambda p: p.code)),
        by_province={code: tuple(group) for code, group in by_province.items()},
        by_code={unit.code: unit for unit in units},
    )
