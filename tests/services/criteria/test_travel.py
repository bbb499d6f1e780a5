"""Versions travel to volunteers' machines in packages, and forms say under which version they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.form import open_form
from desktop_app.services.context import Context
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.drafts import copy_set, list_versions, load_version, save_draft
from desktop_app.services.criteria.forcing import force_set
from desktop_app.services.criteria.office import sets_in_use
from desktop_app.services.errors import UserError
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star

YEAR = 2026


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Context, Context]]:
    office, (volunteer,) = make_star(tmp_path_factory.mktemp("travel"), 1)
    yield office, volunteer
    office.close()
    volunteer.close()


def test_a_new_version_in_force_arrives_and_forms_say_which_they_stand_under(
    star: tuple[Context, Context], tmp_path: Path
) -> None:
    office, volunteer = star
    _, (first, second) = add_household(volunteer, members=("Nguyễn Thị Lan", "Trần Văn Bình"))
    answer(volunteer, LearningModel.CITIZEN, first, YEAR, "1", 10)
    uid = copy_set(office, next(i.uid for i in sets_in_use(office) if i.definition.key == "citizen.resident"))
    d = load_version(office, uid).definition
    d = edit.remove_row(edit.change_indicator(d, "2", {"max_score": 20.0}, is_official=False), "indicator:1")
    save_draft(office, uid, d)
    create_package(office, tmp_path / "draft.sht", to=volunteer.device)
    merge_package(volunteer, tmp_path / "draft.sht")
    assert load_version(volunteer, uid).is_draft
    assert open_form(volunteer, LearningModel.CITIZEN, second, YEAR).definition.version == "2023.1"
    force_set(office, uid)
    create_package(office, tmp_path / "force.sht", to=volunteer.device)
    merge_package(volunteer, tmp_path / "force.sht")
    assert load_version(volunteer, uid).is_in_use
    assert {i.uid for i in list_versions(volunteer)} == {i.uid for i in list_versions(office)}
    begun = open_form(volunteer, LearningModel.CITIZEN, first, YEAR)
    assert begun.definition.version == "2023.1" and begun.answers == {"1": 10}
    assert begun.newer_version == "2023.1.1"
    fresh = open_form(volunteer, LearningModel.CITIZEN, second, YEAR)
    assert not fresh.newer_version
    assert fresh.definition.version == "2023.1.1" and fresh.definition.by_code["2"].max_score == 20
    with pytest.raises(UserError) as refused:
        answer(volunteer, LearningModel.CITIZEN, second, YEAR, "1", 5)
    assert refused.value.code == "answer.unknown_indicator" and "không có chỉ số 1" in refused.value.message
    answer(volunteer, LearningModel.CITIZEN, second, YEAR, "2", 20)
    create_package(volunteer, tmp_path / "back.sht", to=office.device)
    merge_package(office, tmp_path / "back.sht")
    assert open_form(office, LearningModel.CITIZEN, second, YEAR).definition.version == "2023.1.1"
    assert open_form(office, LearningModel.CITIZEN, first, YEAR).definition.version == "2023.1"
    undone = force_set(
        office,
        next(
            i.uid
            for i in list_versions(office)
            if i.definition.version == "2023.1" and i.definition.key == "citizen.resident"
        ),
    )
    assert undone.moved == 0
    assert force_set(office, uid, moves_forms=True).moved == 1
    create_package(office, tmp_path / "moved.sht", to=volunteer.device)
    merge_package(volunteer, tmp_path / "moved.sht")
    moved = open_form(volunteer, LearningModel.CITIZEN, first, YEAR)
    assert moved.definition.version == "2023.1.1" and moved.answers == {}
    assert moved.verdict.missing and not moved.verdict.complete
