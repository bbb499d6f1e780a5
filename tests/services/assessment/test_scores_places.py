"""Two former communes with a "Thôn 1" each: scores go to the people, families and hamlets of the one that is meant."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.tables import registry
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.scores_import import ScoresResult, import_scores
from desktop_app.services.assessment.scores_matching import Match
from desktop_app.services.assessment.scores_places import load_places
from desktop_app.services.assessment.scores_subjects import load_subjects
from desktop_app.services.context import Context
from desktop_app.services.importing.hamlets import bare_commune
from desktop_app.services.importing.preview import FileStamp, ParsedScores, ParsedSheet, ScoreRow
from desktop_app.services.moves.hamlet_merge import merge_hamlets, take_over
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.services.vietnamese import PartialDate
from tests.services.assessment.world import YEAR, add_people

ALL_EIGHT = {str(number): 8.0 for number in range(1, 11)}
LAM, HOA = "Thôn 1 (Phú Lâm cũ)", "Thôn 1 (xã Phú Hòa cũ)"
FIELDS: dict[str, Any] = {
    "sheet": "DS", "row": 5, "raw": (), "name": "Nguyễn Văn Ước", "birth": PartialDate(1980), "cccd": None,
    "hamlet": "", "household_code": "", "group": None, "group_text": "", "scores": ALL_EIGHT, "total": None,
}  # fmt: skip
Homes = tuple[tuple[Uid, list[Uid]], tuple[Uid, list[Uid]]]


@pytest.fixture
def homes(context: Context) -> Homes:
    """A household 01-0001 of one name in Thôn 1 of Phú Lâm and another in Thôn 1 of Phú Hòa."""
    people = [{"full_name": "Nguyễn Văn Ước", "birth": "1980"}, {"full_name": "Lê An"}]
    made = tuple(add_people(context, people[: 2 - at], hamlet=f"Thôn {at + 1}") for at in range(2))
    with context.operation("hamlet.edit", {}) as op:
        for name, of in (("Thôn 1", "Phú Lâm"), ("Thôn 2", "Xã Phú Hòa")):
            row = op.connection.exec_driver_sql("SELECT id FROM hamlet WHERE name = ?", (name,)).scalar_one()
            op.writer.update(registry.hamlet, row, {"name": "Thôn 1", "former_commune": of})
    return made[0], made[1]


def brought(
    context: Context, folder: Path, fields: Mapping[str, Any], titles: tuple[str, ...] = (), **how: Any
) -> ScoresResult:
    """Import a list of one row, under a title that names these communes."""
    path = folder / "phieu.xlsx"
    path.write_bytes(b"as read")
    sheet = ParsedSheet("DS", (4, 4), (), "", titles, (), "x")
    stamp = FileStamp(7, 0, hashlib.sha256(b"as read").hexdigest())
    row = ScoreRow(**{**FIELDS, **fields})
    parsed = ParsedScores(str(path), stamp, ("DS",), (sheet,), tuple(ALL_EIGHT), (row,))
    return import_scores(context, parsed, YEAR, **how)


def judged(context: Context) -> list[str]:
    with context.read() as connection:
        return [row[0].hex() for row in connection.exec_driver_sql("SELECT subject FROM assessment WHERE present")]


@pytest.mark.parametrize(("hamlet", "communes", "place"), [
    (LAM, (), 0),
    (HOA, (), 1),
    ("T1 - Phú Hòa cũ", ("Xã Phú Lâm",), 1),
    ("Thôn 01", ("Xã Phú Hòa",), 1),
    ("Thôn 1", ("Phú Lâm",), 0),
])  # fmt: skip
def test_a_namesake_is_taken_in_the_thon_1_that_the_list_means(
    context: Context, homes: Homes, tmp_path: Path, hamlet: str, communes: tuple[str, ...], place: int
) -> None:
    result = brought(context, tmp_path, {"hamlet": hamlet}, communes)
    assert (result.created, result.doubtful) == (1, 0)
    assert judged(context) == [homes[place][1][0]]


def test_a_title_that_names_both_former_communes_does_not_say_which(
    context: Context, homes: Homes, tmp_path: Path
) -> None:
    result = brought(context, tmp_path, {"hamlet": "Thôn 1"}, ("Xã Phú Lâm", "Xã Phú Hòa"))
    assert (result.created, result.doubtful) == (0, 1)


@pytest.mark.parametrize("fields", [{"hamlet": "Thôn 1"}, {"hamlet": "Thôn 1", "household_code": "01-0001"}, {}])
def test_a_list_that_does_not_say_which_thon_1_is_asked_about(
    context: Context, homes: Homes, tmp_path: Path, fields: dict[str, Any]
) -> None:
    result = brought(context, tmp_path, fields)
    assert (result.created, result.doubtful) == (0, 1)
    (doubt,) = result.doubts.values()
    assert {known.uid for known in doubt} == {homes[0][1][0], homes[1][1][0]}


@pytest.fixture
def here(context: Context, homes: Homes) -> str:
    """The commune of today has the name of the first former one."""
    with context.operation("hamlet.edit", {}) as op:
        name = str(op.connection.exec_driver_sql("SELECT name FROM commune WHERE present").scalar_one())
        row = op.connection.exec_driver_sql("SELECT min(id) FROM hamlet").scalar_one()
        op.writer.update(registry.hamlet, row, {"former_commune": name})
    return name


def test_a_title_of_today_that_is_a_former_communes_too_is_taken_for_that_one_and_told(
    context: Context, homes: Homes, tmp_path: Path, here: str
) -> None:
    result = brought(context, tmp_path, {"hamlet": "Thôn 1"}, (here,))
    assert (result.created, result.doubtful) == (1, 0)
    assert judged(context) == [homes[0][1][0]]
    assert [issue.code for issue in result.warnings] == ["hamlet.proposed"]
    (asked,) = result.asked
    assert asked.proposal == bare_commune(here) and set(asked.options) == {bare_commune(here), "phu hoa"}


def test_somebody_says_of_which_former_commune_such_a_list_is(
    context: Context, homes: Homes, tmp_path: Path, here: str
) -> None:
    chosen = {(bare_commune(here),): "phu hoa"}
    result = brought(context, tmp_path, {"hamlet": "Thôn 1"}, (here,), communes=chosen)
    assert judged(context) == [homes[1][1][0]]
    assert result.warnings == ()


def test_whom_the_register_has_in_only_one_of_them_decides_before_the_title(
    context: Context, homes: Homes, tmp_path: Path, here: str
) -> None:
    with context.operation("citizen.edit", {}) as op:
        row = op.connection.exec_driver_sql("SELECT id FROM citizen WHERE uid = ?", (bytes.fromhex(homes[0][1][0]),))
        op.writer.update(registry.citizen, row.scalar_one(), {"birth": "1955"})
    result = brought(context, tmp_path, {"hamlet": "Thôn 1"}, (here,))
    assert (judged(context), result.warnings) == ([homes[1][1][0]], ())


def test_scores_follow_a_hamlet_that_was_merged_under_its_former_communes_title(
    context: Context, homes: Homes, tmp_path: Path
) -> None:
    take_over(context, "Xã Phú Hòa", [], ["Thôn 9"])
    uids: dict[str, Uid] = {f"{r.name} {r.former_commune}": r.uid for r in hamlet_list(context).rows(0, 9)}
    merge_hamlets(context, uids["Thôn 1 Xã Phú Hòa"], uids["Thôn 9 Xã Phú Hòa"], on="01/02/2026")
    result = brought(context, tmp_path, {"hamlet": "Thôn 1"}, ("Xã Phú Hòa",))
    assert (judged(context), result.doubtful) == ([homes[1][1][0]], 0)
    own = {"name": "Thôn 1", "birth": None, "model": LearningModel.COMMUNITY}
    of_hamlet = brought(context, tmp_path, own, ("Xã Phú Hòa",), is_dry_run=True)
    ((asked,),) = of_hamlet.doubts.values()
    assert (of_hamlet.doubtful, asked.name) == (1, "thon 9")


@pytest.mark.parametrize(("hamlet", "is_sure"), [("Thôn 1", True), (LAM, True), (HOA, False)])
def test_somebody_of_one_name_alone_is_taken_only_where_the_former_commune_does_not_contradict(
    context: Context, homes: Homes, tmp_path: Path, hamlet: str, is_sure: bool
) -> None:
    fields = {"name": "Lê An", "birth": PartialDate(1980), "household_code": "01-0001", "hamlet": hamlet}
    result = brought(context, tmp_path, fields)
    assert (result.created, result.doubtful) == ((1, 0) if is_sure else (0, 1))


def matched(context: Context, model: LearningModel, fields: Mapping[str, Any], communes: tuple[str, ...] = ()) -> Match:
    """Whom a row of a list about families, hamlets … is about."""
    row = ScoreRow(**{**FIELDS, "birth": None, "model": model, **fields})
    with context.read() as connection:
        places = load_places(connection, (ParsedSheet("DS", (4, 4), (), "", communes, (), "x"),))
        return load_subjects(connection, model).match(row, places.of(row))


def test_families_of_one_code_and_head_are_told_apart_by_their_former_commune(context: Context, homes: Homes) -> None:
    def of(hamlet: str, **more: Any) -> Match:
        return matched(context, LearningModel.FAMILY, {"household_code": "01-0001", "hamlet": hamlet, **more})

    assert [known.uid for known in of("Thôn 1").others] == [homes[0][0], homes[1][0]]
    assert [known.uid for known in of("Thôn 1 (Phú Thịnh cũ)").others] == [homes[0][0], homes[1][0]]
    for hamlet, place in ((LAM, 0), (HOA, 1)):
        for code in ("01-0001", ""):
            person = of(hamlet, household_code=code).person
            assert person is not None and person.uid == homes[place][0]


def test_one_family_of_that_code_in_another_former_commune_is_asked_about(context: Context, homes: Homes) -> None:
    with context.operation("household.edit", {}) as op:
        row = op.connection.exec_driver_sql("SELECT max(id) FROM household").scalar_one()
        op.writer.update(registry.household, row, {"code": "09-0009"})
    match = matched(context, LearningModel.FAMILY, {"household_code": "01-0001", "hamlet": HOA})
    assert match.person is None
    assert [known.uid for known in match.others] == [homes[0][0]]
    assert "xã cũ khác" in match.reason


@pytest.mark.parametrize(("name", "communes", "of"), [
    (LAM, (), "Phú Lâm"), (HOA, (), "Xã Phú Hòa"), ("Thôn 1", ("Xã Phú Hòa",), "Xã Phú Hòa"), ("Thôn 1", (), None),
])  # fmt: skip
def test_a_hamlets_own_scores_go_to_the_one_that_is_named(
    context: Context, homes: Homes, name: str, communes: tuple[str, ...], of: str | None
) -> None:
    match = matched(context, LearningModel.COMMUNITY, {"name": name}, communes)
    if of is None:
        assert match.person is None and len(match.others) == 2
        return
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM hamlet WHERE former_commune = ?", (of,)).scalar_one()
    assert match.person is not None and match.person.uid == uid.hex()
