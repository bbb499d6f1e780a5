"""Provinces and communes of 2025, found with and without leading zeros."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.registry import units
from desktop_app.services.registry.units import communes, find_commune, find_province, provinces


def test_there_are_34_provinces_and_3321_communes() -> None:
    assert len(provinces()) == 34
    found = [unit for province in provinces() for unit in communes(province.code)]
    assert len(found) == len({unit.code for unit in found}) == 3321
    assert {unit.kind for unit in found} == {"xã", "phường", "đặc khu"}
    assert all(unicodedata.is_normalized("NFC", unit.name + unit.province_name) for unit in found)
    assert all(len(unit.code) == 5 and unit.code.isdecimal() for unit in found)


@pytest.mark.parametrize("code", ["00070", "70", " 070 "])
def test_a_commune_is_found_with_and_without_leading_zeros(code: str) -> None:
    unit = find_commune(code)
    assert unit is not None
    assert (unit.code, unit.name, unit.kind, unit.province_name) == (
        "00070",
        "Phường Hoàn Kiếm",
        "phường",
        "Thành phố Hà Nội",
    )


@pytest.mark.parametrize("code", ["", "99999", "000070", "Hoàn Kiếm", "7O"])
def test_an_unknown_code_finds_nothing(code: str) -> None:
    assert find_commune(code) is None


def test_a_province_is_found_with_and_without_its_zero() -> None:
    assert find_province("1") == find_province("01")
    assert len(communes("1")) == len(communes("01")) == 126
    assert communes("77") == () and find_province("77") is None


def test_every_commune_is_found_by_its_code_and_stands_in_its_province() -> None:
    for province in provinces():
        for unit in communes(province.code):
            assert find_commune(unit.code.lstrip("0")) is unit
            assert unit.province_code == province.code


@pytest.mark.parametrize("content", [None, b"a,b\n1,2\n", b"h\n\xff\xff\xff\n"])
def test_a_missing_or_damaged_list_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "units_2025.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EnvironmentProblem, match=r"units_2025\.csv") as caught:
        units._read(path)
    assert caught.value.code == "units.no_file"
