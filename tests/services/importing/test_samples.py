"""The invented commune's own workbooks come in whole and right: every person, every household, every score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.types import CitizenGroup, Poverty, Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import kind_of_workbook, parse_scores, parse_workbook
from desktop_app.services.importing.preview import ParsedWorkbook, WorkbookKind

LISTS = (
    "01_mot_bang.xlsx",
    "02_moi_thon_mot_trang.xlsx",
    "03_tcvn3.xlsx",
    "04_vni.xlsx",
    "05_to_hop_nfd.xlsx",
    "06_thon_1_cu.xls",
)
_POVERTY = {"": None, "Hộ nghèo": Poverty.POOR, "Hộ cận nghèo": Poverty.NEAR_POOR}
_SEX = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
_GROUPS = {
    "Người dân trong xã": CitizenGroup.RESIDENT,
    "Người lao động": CitizenGroup.WORKER,
    "Cán bộ, công nhân viên, doanh nhân": CitizenGroup.OFFICIAL,
    "Học sinh, sinh viên": CitizenGroup.STUDENT,
}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((Path(__file__).parents[2] / "samples" / "expected.json").read_text("utf-8"))
    return data


def _as_expected(found: ParsedWorkbook) -> dict[str, dict[str, object]]:
    """Return what was found in the shape of expected.json, by household code."""
    homes: dict[str, dict[str, object]] = {}
    for members in found.households():
        first = members[0]
        assert first.household_code not in homes
        homes[first.household_code] = {
            "hamlet": first.hamlet,
            "address": first.address,
            "poor": first.poverty,
            "members": [
                {
                    "name": row.name.replace("'", "’"),
                    "sex": _SEX[row.sex] if row.sex else None,
                    "birth": row.birth.text() if row.birth else "",
                    "cccd": row.cccd,
                    "relation": row.relation,
                    "ethnic": row.ethnicity,
                    "job": row.occupation,
                    "phone": row.phone,
                }
                for row in members
            ],
        }
    return homes


@pytest.mark.parametrize("name", LISTS)
def test_every_person_and_household_of_a_sample_is_right(samples: Path, expected: dict[str, Any], name: str) -> None:
    found = parse_workbook(samples / name)
    told = {column.field for sheet in found.sheets for column in sheet.columns}
    hamlets = {row.hamlet for row in found.rows}
    wanted: dict[str, dict[str, object]] = {}
    for home in expected["households"]:
        if home["hamlet"] not in hamlets:
            continue
        members = [{**member, "name": member["name"].replace("'", "’")} for member in home["members"]]
        for member in members:
            for field, key in ((Field.ETHNICITY, "ethnic"), (Field.OCCUPATION, "job"), (Field.PHONE, "phone")):
                if field not in told:
                    member[key] = ""
        wanted[home["code"]] = {
            "hamlet": home["hamlet"],
            "address": home["address"] if Field.ADDRESS in told else "",
            "poor": _POVERTY[home["poor"]] if told & {Field.POVERTY, Field.NOTE} else None,
            "members": members,
        }
    assert _as_expected(found) == wanted
    assert not any(row.is_refused or row.repeats is not None for row in found.rows)


def test_the_names_keep_the_apostrophe_that_the_file_has(samples: Path) -> None:
    names = {row.name for row in parse_workbook(samples / "01_mot_bang.xlsx").rows}
    assert {"K’Brêu", "H'Hen Niê"} <= names


def test_the_commune_of_the_titles_is_found(samples: Path) -> None:
    for name in LISTS[1:5]:
        assert parse_workbook(samples / name).communes == ("Xã Phú An",)


def test_the_only_thing_told_of_the_clean_list_is_nothing(samples: Path) -> None:
    assert not list(parse_workbook(samples / "01_mot_bang.xlsx").issues())


def test_repaired_numbers_are_told_row_by_row(samples: Path) -> None:
    found = parse_workbook(samples / "02_moi_thon_mot_trang.xlsx")
    assert set(found.counts()) == {"cccd.lost_zero"}
    issue = next(found.issues())
    assert (issue.sheet, issue.row, issue.column, issue.title) == ("Thôn 1", 12, "F", "Số CCCD/CMND")


def test_old_charsets_are_shown_before_and_after(samples: Path) -> None:
    for name, charset in (("03_tcvn3.xlsx", "tcvn3"), ("04_vni.xlsx", "vni"), ("06_thon_1_cu.xls", "tcvn3")):
        column = parse_workbook(samples / name).sheets[0].column_of(Field.NAME)
        assert column is not None
        assert column.charset == charset
        assert column.samples[0][0] != column.samples[0][1]
    plain = parse_workbook(samples / "05_to_hop_nfd.xlsx").sheets[0]
    assert {column.charset for column in plain.columns} == {None}
    assert plain.repairs["text.composed"] > 100


def test_every_score_of_the_sample_is_right(samples: Path, expected: dict[str, Any]) -> None:
    found = parse_scores(samples / "07_phieu_cham_thon_2.xlsx")
    assert found.indicators == tuple(str(number) for number in range(1, 11))
    assert [
        {
            "name": row.name,
            "birth": row.birth.text() if row.birth else "",
            "cccd": row.cccd,
            "group": row.group_text,
            "scores": [row.scores[code] for code in found.indicators],
            "total": row.total,
        }
        for row in found.rows
    ] == [{key: value for key, value in wanted.items() if key != "passed"} for wanted in expected["scores"]]
    assert all(row.group is _GROUPS[row.group_text] for row in found.rows)
    assert not list(found.issues())


def test_the_kind_of_each_sample_is_known(samples: Path) -> None:
    assert {kind_of_workbook(samples / name) for name in LISTS} == {WorkbookKind.CITIZENS}
    assert kind_of_workbook(samples / "07_phieu_cham_thon_2.xlsx") is WorkbookKind.SCORES
