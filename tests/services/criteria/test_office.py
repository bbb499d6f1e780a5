"""How an office uses criteria sets: its changes, its confirmation, and which set is used."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.journal import UndoRefused
from desktop_app.models.types import CitizenGroup, DeviceRole, LearningModel
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import (
    OfficeSet,
    change_overrides,
    choose_set,
    confirm_set,
    effective_set,
    office_set,
    read_sets,
    set_in_use,
    sets_in_use,
    unconfirm_set,
)
from desktop_app.services.errors import UserError
from desktop_app.services.register import open_register
from tests.factories import make_register


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    make_register(folder).close()
    return folder


@pytest.fixture
def context(template: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(template, tmp_path / "data")
    opened = open_register(tmp_path / "data")
    yield opened
    opened.close()


def found(context: Context, key: str) -> OfficeSet:
    return next(item for item in sets_in_use(context) if item.definition.key == key)


def last_operation(context: Context) -> tuple[str, str, dict[str, object]]:
    with context.read() as connection:
        row = connection.exec_driver_sql("SELECT uid, kind, args FROM operation ORDER BY id DESC LIMIT 1").one()
    return row[0].hex(), row[1], json.loads(row[2])


def test_a_new_register_knows_every_shipped_set_in_order_and_suggested_ones_wait(context: Context) -> None:
    sets = sets_in_use(context)
    assert [s.definition.key for s in sets[:4]] == [
        "citizen.resident", "citizen.worker", "citizen.official", "citizen.student",
    ]  # fmt: skip
    assert {s.definition.model for s in sets} == set(LearningModel)
    for item in sets:
        assert item.is_confirmed == (not item.definition.needs_confirmation)
        assert item.is_in_use and item.revision == 0 and not item.overrides


def test_a_suggested_set_counts_as_confirmed_only_by_a_document(context: Context) -> None:
    family = found(context, "family")
    assert not family.is_confirmed
    confirmed = confirm_set(context, family.uid, " 15/HD-HKH ", dt.date(2026, 3, 5))
    assert confirmed.is_confirmed
    assert (confirmed.confirmed_by, confirmed.confirmed_on, confirmed.document) == (
        context.user,
        "2026-03-05",
        "15/HD-HKH",
    )
    with context.read() as connection:
        assert not effective_set(connection, LearningModel.FAMILY).is_suggestion
    _, kind, args = last_operation(context)
    assert (kind, args["document"]) == ("criteria.confirm", "15/HD-HKH")
    assert str(args["set"]).startswith(family.definition.name)


def test_a_confirmation_can_be_taken_back_and_undone(context: Context) -> None:
    uid = found(context, "family").uid
    confirm_set(context, uid, "15/HD", dt.date(2026, 3, 5))
    context.journal.undo(last_operation(context)[0])
    assert not found(context, "family").is_confirmed
    confirm_set(context, uid, "15/HD", dt.date(2026, 3, 5))
    assert not unconfirm_set(context, uid).is_confirmed
    assert last_operation(context)[1] == "criteria.unconfirm"


def test_confirming_needs_a_document_and_somebody_who_works(context: Context) -> None:
    uid = found(context, "family").uid
    with pytest.raises(UserError) as refused:
        confirm_set(context, uid, "  ", dt.date(2026, 3, 5))
    assert refused.value.code == "criteria.document_missing"
    context.user = None
    with pytest.raises(UserError) as refused:
        confirm_set(context, uid, "15/HD", dt.date(2026, 3, 5))
    assert refused.value.code == "user.missing"
    assert not found(context, "family").is_confirmed


def test_the_offices_numbers_stand_in_the_set_flagged_as_its_own(context: Context) -> None:
    uid = found(context, "family").uid
    changed = change_overrides(
        context, uid, {"pass_mark": 75, "indicators": {"1.1": {"text": "Trẻ em đều đi học", "max_score": 12}}}
    )
    assert changed.revision == 1
    with context.read() as connection:
        definition = effective_set(connection, LearningModel.FAMILY)
    assert definition.pass_mark is not None and definition.pass_mark.value == 75 and definition.pass_mark.is_changed
    first = definition.by_code["1.1"]
    assert (first.text, first.max_score, first.is_changed) == ("Trẻ em đều đi học", 12, True)
    again = change_overrides(context, uid, {})
    assert (again.revision, dict(again.overrides)) == (2, {})
    assert again.definition.by_code["1.1"].max_score == 10


def test_changing_a_confirmed_set_takes_the_confirmation_away(context: Context) -> None:
    uid = found(context, "family").uid
    confirm_set(context, uid, "15/HD", dt.date(2026, 3, 5))
    assert not change_overrides(context, uid, {"pass_mark": 70}).is_confirmed
    context.journal.undo(last_operation(context)[0])
    assert found(context, "family").is_confirmed
    assert change_overrides(context, uid, {}).is_confirmed


@pytest.mark.parametrize(
    "overrides",
    [
        {"pass_mark": 200},
        {"pass_mark": "80"},
        {"unknown": 1},
        {"indicators": {"9.9": {"max_score": 5}}},
        {"indicators": {"1.1": {"max_score": -1}}},
    ],
)
def test_changes_that_could_not_be_scored_are_refused_and_change_nothing(
    context: Context, overrides: dict[str, object]
) -> None:
    before = found(context, "family"), last_operation(context)
    with pytest.raises(UserError) as refused:
        change_overrides(context, before[0].uid, overrides)
    assert refused.value.code == "criteria.override_invalid"
    assert (found(context, "family"), last_operation(context)) == before


def test_the_same_changes_again_leave_no_trace(context: Context) -> None:
    uid = found(context, "family").uid
    change_overrides(context, uid, {"pass_mark": 75})
    before = last_operation(context)
    assert change_overrides(context, uid, {"pass_mark": 75}).revision == 1
    assert last_operation(context) == before


def test_undoing_an_older_change_is_refused_while_a_newer_one_stands(context: Context) -> None:
    uid = found(context, "family").uid
    change_overrides(context, uid, {"pass_mark": 75})
    first = last_operation(context)[0]
    change_overrides(context, uid, {"pass_mark": 70})
    with pytest.raises(UndoRefused):
        context.journal.undo(first)
    context.journal.undo(last_operation(context)[0])
    context.journal.undo(first)
    assert found(context, "family").revision == 0


def test_the_office_chooses_which_set_its_units_are_judged_by(context: Context) -> None:
    with context.read() as connection:
        assert effective_set(connection, LearningModel.ORGANIZATION).key == "organization.tt24"
    choose_set(context, found(context, "organization.tt22").uid)
    with context.read() as connection:
        assert effective_set(connection, LearningModel.ORGANIZATION).key == "organization.tt22"
        assert effective_set(connection, LearningModel.CITIZEN, CitizenGroup.WORKER).key == "citizen.worker"
    assert not found(context, "organization.tt24").is_in_use
    context.journal.undo(last_operation(context)[0])
    with context.read() as connection:
        assert effective_set(connection, LearningModel.ORGANIZATION).key == "organization.tt24"


def test_a_volunteers_machine_changes_no_set(context: Context) -> None:
    uid = found(context, "family").uid
    context.role = DeviceRole.VOLUNTEER
    for deed in (
        lambda: change_overrides(context, uid, {"pass_mark": 70}),
        lambda: confirm_set(context, uid, "15/HD", dt.date(2026, 3, 5)),
        lambda: unconfirm_set(context, uid),
        lambda: choose_set(context, uid),
    ):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "criteria.office_only"


def test_a_set_of_a_newer_program_is_passed_over_and_asked_for_in_words(context: Context) -> None:
    uid = found(context, "family").uid
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE criteria_set SET version = '2099.1' WHERE key = 'family'")
    assert "family" not in {item.definition.key for item in sets_in_use(context)}
    with context.read() as connection:
        assert None in read_sets(connection).values()
        with pytest.raises(UserError) as refused:
            set_in_use(connection, LearningModel.FAMILY)
        assert refused.value.code == "criteria.none_in_use"
        with pytest.raises(UserError) as refused:
            office_set(connection, uid)
        assert refused.value.code == "criteria.unknown_set"


def test_stored_changes_that_no_longer_fit_do_not_stop_the_other_sets(context: Context) -> None:
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE criteria_set SET overrides = '{\"nonsense\": 1}' WHERE key = 'clan'")
    assert "clan" not in {item.definition.key for item in sets_in_use(context)}
    assert found(context, "family").definition.key == "family"
