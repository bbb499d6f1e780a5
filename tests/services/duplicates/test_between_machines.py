"""Merges of records travel: machines that did not know of one another's come to the same register."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from desktop_app.models.tables import assessment, registry
from desktop_app.models.tables.sync import conflict
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.duplicates.carrying import carry_over
from desktop_app.services.duplicates.merging import mark_distinct, merge_people
from desktop_app.services.duplicates.unmerging import unmerge
from tests.factories import make_register
from tests.services.duplicates.test_merging import rows_of, two
from tests.services.recognition.people import PASS, fill
from tests.services.sync.machines import make_star, register_state
from tests.services.sync.test_exchange import carry

CITIZEN = LearningModel.CITIZEN


def started(folder: Path) -> tuple[Context, Context, Uid, Uid]:
    """An office and a volunteer who both know a person entered twice."""
    office, (volunteer,) = make_star(folder, 1)
    first, second = two(office, phone="0912345678")
    carry(office, volunteer, folder)
    return office, volunteer, first, second


def open_conflicts(context: Context) -> int:
    with context.read() as connection:
        query = select(func.count()).select_from(conflict).where(conflict.c.status == "open")
        return int(connection.execute(query).scalar_one())


def agree(office: Context, volunteer: Context, folder: Path) -> None:
    """Exchange until both have heard of everything, and find them equal."""
    for _ in range(2):
        carry(volunteer, office, folder)
        carry_over(office)
        carry(office, volunteer, folder)
    assert register_state(office) == register_state(volunteer)
    assert open_conflicts(office) == 0


def test_a_merge_and_taking_it_apart_again_reach_the_other_machine(tmp_path: Path) -> None:
    office, volunteer, first, second = started(tmp_path)
    fill(office, CITIZEN, {second: PASS})
    merge_people(office, first, second)
    agree(office, volunteer, tmp_path)
    assert [form["subject"] for form in rows_of(volunteer, assessment.assessment)] == [first]
    unmerge(volunteer, second)
    agree(office, volunteer, tmp_path)
    assert [form["subject"] for form in rows_of(office, assessment.assessment)] == [second]


def test_a_form_that_a_volunteer_filled_for_an_absorbed_record_reaches_the_survivor(tmp_path: Path) -> None:
    office, volunteer, first, second = started(tmp_path)
    merge_people(office, first, second)
    fill(volunteer, CITIZEN, {second: PASS})
    agree(office, volunteer, tmp_path)
    for machine in (office, volunteer):
        (form,) = rows_of(machine, assessment.assessment)
        assert (form["subject"], form["passed"]) == (first, True)
        assert len(rows_of(machine, registry.citizen)) == 1


def test_two_machines_that_merge_the_same_records_agree_without_a_question(tmp_path: Path) -> None:
    office, volunteer, first, second = started(tmp_path)
    merge_people(office, first, second)
    merge_people(volunteer, second, first)
    agree(office, volunteer, tmp_path)
    assert [person["uid"] for person in rows_of(office, registry.citizen)] == [first]


def test_pairs_called_two_people_on_two_machines_are_one_row(tmp_path: Path) -> None:
    office, volunteer, first, second = started(tmp_path)
    mark_distinct(office, first, second)
    mark_distinct(volunteer, second, first)
    agree(office, volunteer, tmp_path)
    assert len(rows_of(office, registry.distinct_pair)) == 1


def test_two_machines_that_merge_the_same_records_make_the_same_rows(tmp_path: Path) -> None:
    made = make_register(tmp_path / "a")
    first, second = two(made)
    fill(made, CITIZEN, {second: PASS})
    uids = []
    for pair in ((first, second), (second, first)):
        merged = merge_people(made, *pair)
        uids.append([(item["uid"], item["subject"]) for item in rows_of(made, assessment.assessment)])
        history.undo(made, merged.operation)
    made.close()
    assert uids[0] == uids[1]
