"""The targets of QĐ 387 and QĐ 677, and finding the one that a year works towards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.models.types import LearningModel, TextStatus
from desktop_app.services.criteria.targets import COUNTRY, find_target, load_targets, read_targets
from desktop_app.services.errors import EnvironmentProblem, UserError

TRA_VINH = "Trà Vinh"


@pytest.mark.parametrize(
    ("key", "in_2025", "in_2030"),
    [
        ("family.recognised", 70, 80),
        ("clan.recognised", 65, 75),
        ("community.recognised", 65, 75),
        ("organization.recognised", 80, 90),
        ("citizen.workers", 40, 60),
        ("citizen.officials", 60, 80),
        ("citizen.digital_skills", 70, 90),
        ("citizen.digital_skills_fluent", 60, 80),
        ("training.informed", 100, 100),
    ],
)
def test_the_country_targets_are_those_of_the_decisions(key: str, in_2025: int, in_2030: int) -> None:
    found = {t.year: t.percent for t in load_targets() if t.key == key and t.area == COUNTRY}
    assert found == {2025: in_2025, 2030: in_2030}


def test_tra_vinh_asks_for_growth_too() -> None:
    growth = {t.key: (t.percent, t.growth_min, t.growth_max) for t in load_targets() if t.area == TRA_VINH}
    assert growth == {
        "family.recognised": (80, 3, 3.5),
        "clan.recognised": (75, 2, 2),
        "community.recognised": (75, 3.5, 3.5),
        "organization.recognised": (90, None, None),
        "training.informed": (100, None, None),
    }


def test_every_target_names_its_denominator_and_that_it_is_inferred() -> None:
    for target in load_targets():
        assert target.denominator_name
        assert target.denominator_status is TextStatus.INFERRED
        assert target.status in (TextStatus.SUMMARY, TextStatus.OFFICIAL)


@pytest.mark.parametrize(
    ("year", "area", "due"),
    [(2022, COUNTRY, 2025), (2025, COUNTRY, 2025), (2026, COUNTRY, 2030), (2034, COUNTRY, 2030)],
)
def test_a_year_works_towards_the_next_target_due(year: int, area: str, due: int) -> None:
    target = find_target(load_targets(), "family.recognised", year, area)
    assert target is not None and target.year == due and target.model is LearningModel.FAMILY


def test_a_provinces_own_target_goes_first_and_the_countrys_fills_in() -> None:
    own = find_target(load_targets(), "clan.recognised", 2026, TRA_VINH)
    assert own is not None and own.area == TRA_VINH
    lent = find_target(load_targets(), "citizen.workers", 2026, TRA_VINH)
    assert lent is not None and lent.area == COUNTRY
    assert find_target(load_targets(), "nothing.at_all", 2026) is None


def test_a_broken_targets_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "targets.json"
    with pytest.raises(EnvironmentProblem, match=r"targets\.json"):
        read_targets(path)
    row = {
        "key": "a",
        "name": "A",
        "year": 2030,
        "percent": 130,
        "denominator_name": "người",
        "denominator_status": "inferred",
        "status": "summary",
    }
    path.write_text(json.dumps([row]), encoding="utf-8")
    with pytest.raises(UserError, match="mục 1: tỷ lệ phải từ 0 đến 100") as caught:
        read_targets(path)
    assert caught.value.code == "targets.invalid"
    path.write_text(json.dumps([{**row, "percent": 30, "status": "sure"}]), encoding="utf-8")
    with pytest.raises(UserError, match="1 › status: là giá trị chương trình không biết"):
        read_targets(path)
    path.write_text("[", encoding="utf-8")
    with pytest.raises(UserError, match="sai ở dòng 1"):
        read_targets(path)
