"""The proposed group of a citizen agrees with the sample's forms, for every occupation in it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup
from desktop_app.services.registry.groups import OCCUPATIONS, propose_group
from desktop_app.services.registry.words import GROUP
from desktop_app.services.vietnamese import PartialDate, fold, parse_date

YEAR_END = datetime.date(2026, 12, 31)


def test_every_scored_person_of_the_sample_is_proposed_for_the_form_on_which_he_was_scored(samples: Path) -> None:
    expected = json.loads((samples / "expected.json").read_text(encoding="utf-8"))
    jobs = {
        (member["name"], member["birth"], member["cccd"]): member["job"]
        for household in expected["households"]
        for member in household["members"]
    }
    names = {name: group for group, name in GROUP.items()} | {"Học sinh, sinh viên": CitizenGroup.STUDENT}
    wrong = []
    for form in expected["scores"]:
        job = jobs[form["name"], form["birth"], form["cccd"]]
        proposed = propose_group(parse_date(form["birth"]).value, job, YEAR_END)
        if proposed is not names[form["group"]]:
            wrong.append((job, form["group"], proposed))
    assert len(expected["scores"]) > 100
    assert wrong == []


def test_a_person_gets_a_form_in_the_year_of_his_sixteenth_birthday_and_not_before() -> None:
    assert propose_group(PartialDate(2010), "Học sinh", YEAR_END) is CitizenGroup.STUDENT
    assert propose_group(PartialDate(2010, 12, 31), "Học sinh", YEAR_END) is CitizenGroup.STUDENT
    assert propose_group(PartialDate(2011), "Học sinh", YEAR_END) is None
    assert propose_group(PartialDate(2011, 1, 1), "Công nhân", YEAR_END) is None


@pytest.mark.parametrize(
    ("occupation", "group"),
    [
        ("Giáo viên THCS đã nghỉ hưu", CitizenGroup.RESIDENT),
        ("GIÁO VIÊN", CitizenGroup.OFFICIAL),
        ("Công nhân viên", CitizenGroup.OFFICIAL),
        ("công nhân may", CitizenGroup.WORKER),
        ("Thợ hồ", CitizenGroup.WORKER),
        ("Chủ cửa hàng", CitizenGroup.OFFICIAL),
        ("Buôn bán nhỏ", CitizenGroup.RESIDENT),
        ("Sinh viên ĐH Cần Thơ", CitizenGroup.STUDENT),
        ("Làm nông", CitizenGroup.RESIDENT),
        ("LĐ tự do", CitizenGroup.WORKER),
        ("", CitizenGroup.RESIDENT),
        ("Nghệ nhân", CitizenGroup.RESIDENT),
    ],
)
def test_an_adult_is_proposed_by_what_he_does(occupation: str, group: CitizenGroup) -> None:
    assert propose_group(PartialDate(1980), occupation, YEAR_END) is group


def test_a_seventeen_year_old_whose_work_is_not_known_is_taken_for_a_pupil() -> None:
    assert propose_group(PartialDate(2009), None, YEAR_END) is CitizenGroup.STUDENT


def test_the_table_is_folded_and_names_no_occupation_twice() -> None:
    words = [word for _, group in OCCUPATIONS for word in group]
    assert words == [fold(word) for word in words]
    assert len(words) == len(set(words))
