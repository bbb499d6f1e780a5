"""Titles of former years: typed, taken back, counted where they are shown, kept through merging, gone with erasure."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.tables import SHARED
from desktop_app.models.types import LearningModel, RegistrationKind, Uid
from desktop_app.services import history
from desktop_app.services.assessment.registration import register_subjects, registration_counts
from desktop_app.services.context import Context
from desktop_app.services.duplicates.merging import merge_people
from desktop_app.services.duplicates.unmerging import unmerge
from desktop_app.services.errors import UserError
from desktop_app.services.registry.citizen_list import CitizenFilter, citizen_list
from desktop_app.services.registry.details import (
    citizen_detail,
    clan_detail,
    hamlet_detail,
    household_detail,
    organization_detail,
)
from desktop_app.services.registry.details_past import hamlet_past, household_past
from desktop_app.services.registry.former_titles import record_title, remove_title
from desktop_app.services.registry.household_list import HouseholdFilter, household_list
from desktop_app.services.registry.personal import erase_citizen, export_person
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.services.registry.units_edit import save_clan, save_organization
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household, make_register
from tests.services.registry.scores import give_title
from tests.services.sync.machines import make_star, register_state

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_register(tmp_path / "register")


def refused(context: Context, uid: Uid, year: int, model: LearningModel = CITIZEN, **given: str) -> str:
    with pytest.raises(UserError) as error:
        record_title(context, model, uid, year, **given)
    return error.value.code


def last_deed(context: Context) -> Uid:
    return history.operations(context)[0].id


def test_a_title_typed_by_hand_stands_on_the_page_and_goes_by_undo(context: Context) -> None:
    _, (uid,) = add_household(context)
    record_title(context, CITIZEN, uid, 2025, number="12/2025", note="theo sổ cũ của hội")
    record_title(context, CITIZEN, uid, 2023)
    titles = citizen_detail(context, uid).titles
    assert [(title.year, title.number, title.source, title.note, title.stands) for title in titles] == [
        (2025, "12/2025", "ghi tay", "theo sổ cũ của hội", True), (2023, "", "ghi tay", "", True),
    ]  # fmt: skip
    remove_title(context, titles[0].former)
    assert [title.year for title in citizen_detail(context, uid).titles] == [2023]
    context.journal.undo(last_deed(context))
    assert [title.number for title in citizen_detail(context, uid).titles] == ["12/2025", ""]


def test_the_same_year_typed_again_only_completes_it(context: Context) -> None:
    _, (uid,) = add_household(context)
    first = record_title(context, CITIZEN, uid, 2025)
    assert record_title(context, CITIZEN, uid, 2025, number="7") == first
    before = last_deed(context)
    record_title(context, CITIZEN, uid, 2025)
    assert last_deed(context) == before
    (title,) = citizen_detail(context, uid).titles
    assert (title.year, title.number) == (2025, "7")


def test_every_kind_of_subject_can_have_them(context: Context) -> None:
    household, _ = add_household(context)
    clan = save_clan(context, None, {"name": "Họ Nguyễn"}).uid
    unit = save_organization(context, None, {"name": "Trường Tiểu học Phú An", "kind": "school"}).uid
    hamlet = household_detail(context, household).hamlet
    assert clan and unit and hamlet
    for model, uid, read in (
        (FAMILY, household, household_detail), (LearningModel.CLAN, clan, clan_detail),
        (LearningModel.ORGANIZATION, unit, organization_detail), (LearningModel.COMMUNITY, hamlet.uid, hamlet_detail),
    ):  # fmt: skip
        record_title(context, model, uid, 2024)
        assert [(title.model, title.year) for title in read(context, uid).titles] == [(model, 2024)]


def test_a_year_that_cannot_be_or_is_the_rounds_is_refused(context: Context) -> None:
    household, (uid,) = add_household(context)
    assert refused(context, uid, 2026) == "title.in_round"
    assert refused(context, uid, 25) == "title.year"
    assert refused(context, household, 2025) == "record.unknown"
    assert refused(context, uid, 2025, number="9" * 80) == "title.too_long"
    assert citizen_detail(context, uid).titles == ()


def test_a_certificate_of_the_year_has_the_word_also_one_that_was_voided(context: Context) -> None:
    _, (first, second) = add_household(context, members=("Nguyễn Văn Ước", "Lê Thị Ánh"))
    for uid in (first, second):
        record_title(context, CITIZEN, uid, 2025)
    give_title(context, first, 1, model=CITIZEN, year=2025)
    voided = give_title(context, second, 2, model=CITIZEN, year=2025)
    with context.operation("certificate.void", {}) as op:
        row_id = op.writer.references.id("certificate", voided)
        assert row_id
        op.writer.update(SHARED["certificate"].table, row_id, {"status": "voided"})
    assert [(title.stands, bool(title.former)) for title in citizen_detail(context, first).titles] == [
        (True, False), (False, True),
    ]  # fmt: skip
    assert not any(title.stands for title in citizen_detail(context, second).titles)
    assert refused(context, first, 2025) == "title.certified"
    assert citizen_list(context, CitizenFilter(had_title=True)).count() == 1


def test_who_held_the_title_last_year_registers_again(context: Context) -> None:
    _, (first, second, third) = add_household(context, members=("Nguyễn Văn Ước", "Lê Thị Ánh", "Trần Văn Bình"))
    record_title(context, CITIZEN, first, 2025)
    record_title(context, CITIZEN, second, 2024)
    made = register_subjects(context, CITIZEN, 2026, [first, second, third])
    assert (made.renewed, made.new) == (1, 2)
    counted = [row for row in registration_counts(context, 2026) if row.model is CITIZEN]
    assert [(row.new, row.renewed) for row in counted] == [(2, 1)]
    assert RegistrationKind.RENEWAL.value == "renewal"


def test_lists_find_and_count_them_as_the_pages_show_them(context: Context) -> None:
    household, (first, _) = add_household(context, members=("Nguyễn Văn Ước", "Lê Thị Ánh"))
    record_title(context, CITIZEN, first, 2025)
    record_title(context, FAMILY, household, 2025)
    assert [row.name for row in citizen_list(context, CitizenFilter(had_title=True)).rows(0, 9)] == ["Nguyễn Văn Ước"]
    assert [row.name for row in citizen_list(context, CitizenFilter(had_title=False)).rows(0, 9)] == ["Lê Thị Ánh"]
    assert citizen_list(context, CitizenFilter(has_title=True)).count() == 0
    assert household_list(context, HouseholdFilter(had_title=True)).count() == 1
    years = household_past(context, household).titles
    assert [(item.year, item.has_own, item.names) for item in years] == [(2025, True, ("Nguyễn Văn Ước",))]
    hamlet = household_detail(context, household).hamlet
    assert hamlet
    assert [(item.year, item.count) for item in hamlet_past(context, hamlet.uid).families] == [(2025, 1)]
    assert [row.passing_citizens for row in hamlet_list(context).rows(0, 9)] == [0, 0]


def test_merged_records_keep_each_years_title_once_and_parting_gives_them_back(context: Context) -> None:
    _, found = add_household(context, members=("Nguyễn Văn Ước", "Nguyễn Văn Ước"))
    first, second = sorted(found)
    record_title(context, CITIZEN, first, 2025)
    record_title(context, CITIZEN, second, 2025)
    record_title(context, CITIZEN, second, 2024, number="3")
    done = merge_people(context, first, second)
    assert [(title.year, title.number) for title in citizen_detail(context, first).titles] == [(2025, ""), (2024, "3")]
    unmerge(context, done.absorbed)
    assert [title.year for title in citizen_detail(context, second).titles] == [2025, 2024]


def test_erasing_a_person_erases_what_was_noted_of_his_titles(context: Context) -> None:
    _, (_, uid) = add_household(context, members=("Lê Thị Ánh", "Nguyễn Văn Ước"))
    record_title(context, CITIZEN, uid, 2025, number="SO-9", note="Ghi chú riêng của ông Ước")
    remove_title(context, citizen_detail(context, uid).titles[0].former)
    record_title(context, CITIZEN, uid, 2024, note="Bằng khen của ông Ước")
    erase_citizen(context, uid)
    with context.read() as connection:
        kept = " ".join(
            str(row)
            for table in ("former_title", "change_value", "operation")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )
    assert "ông Ước" not in kept


def test_the_sheet_of_a_persons_data_lists_his_titles(context: Context) -> None:
    _, (uid,) = add_household(context)
    record_title(context, CITIZEN, uid, 2025, number="12/2025")
    sections = {section.title: section.rows for section in export_person(context, uid).sections}
    assert sections["Danh hiệu năm trước"] == (("2025", "12/2025", "ghi tay", ""),)


def test_the_history_says_what_was_written_and_taken_back(context: Context) -> None:
    _, (uid,) = add_household(context)
    record_title(context, CITIZEN, uid, 2025)
    assert history.operations(context)[0].sentence == "Ghi 1 danh hiệu năm trước"
    remove_title(context, citizen_detail(context, uid).titles[0].former)
    assert history.operations(context)[0].sentence == "Bỏ 1 danh hiệu năm trước"


def test_titles_travel_between_machines(tmp_path: Path) -> None:
    office, (volunteer, _) = make_star(tmp_path)
    _, (uid,) = add_household(office)
    create_package(office, tmp_path / "1.sht", to=volunteer.device)
    merge_package(volunteer, tmp_path / "1.sht")
    record_title(office, CITIZEN, uid, 2024)
    record_title(volunteer, CITIZEN, uid, 2024, number="8")
    record_title(volunteer, CITIZEN, uid, 2025)
    for number in range(2):
        create_package(volunteer, tmp_path / f"up{number}.sht", to=office.device)
        merge_package(office, tmp_path / f"up{number}.sht")
        create_package(office, tmp_path / f"down{number}.sht", to=volunteer.device)
        merge_package(volunteer, tmp_path / f"down{number}.sht")
    assert [title.year for title in citizen_detail(office, uid).titles] == [2025, 2024]
    assert register_state(office).keys() == register_state(volunteer).keys()
