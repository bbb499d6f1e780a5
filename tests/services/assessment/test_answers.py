"""Saving answers: what one answer writes, what is refused, and what a sitting is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.journal import SUBJECT_TABLES, broken_links
from desktop_app.models.tables import SHARED
from desktop_app.models.types import CitizenGroup, LearningModel, RoundStatus
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import answer, clear_answer, clear_form, leave_form
from desktop_app.services.assessment.next_round import start_next_round
from desktop_app.services.assessment.registration import register_subjects
from desktop_app.services.assessment.regroup import choose_group
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.assessment.scoring import evaluate
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import change_overrides, effective_set, set_in_use
from desktop_app.services.errors import UserError
from tests.services.assessment.world import (
    CITIZEN,
    FAMILY,
    YEAR,
    add_clan,
    add_people,
    add_unit,
    codes_of,
    figures,
    fill,
    freeze,
    operations,
    row_uid,
)


def rows(context: Context, table: str) -> int:
    with context.read() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE present").scalar_one())


def test_the_first_answer_registers_makes_the_form_and_says_the_verdict(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    saved = answer(context, CITIZEN, person, YEAR, "1", 8)
    assert saved.sentence.startswith("Chưa đủ: 8/80 điểm")
    assert (saved.total, saved.answered, saved.short) == (8, 1, "còn 9")
    assert isinstance(saved.saved_at, dt.datetime)
    assert (rows(context, "registration"), rows(context, "assessment"), rows(context, "answer")) == (1, 1, 1)
    stored = figures(context, CITIZEN, person)
    assert (stored["total"], stored["answered"], stored["is_complete"], stored["passed"]) == (8, 1, 0, 0)
    assert stored["uid"].hex() == keys.assessment_uid(YEAR, CITIZEN, person)


def test_ten_answers_of_one_sitting_are_one_operation_until_the_form_is_left(context: Context) -> None:
    _, (first, second) = add_people(context, [{}, {}])
    before = len(operations(context))
    for code in range(1, 11):
        answer(context, CITIZEN, first, YEAR, str(code), 8)
    assert operations(context)[before:] == ["answer.form"]
    leave_form(context)
    answer(context, CITIZEN, first, YEAR, "1", 9)
    answer(context, CITIZEN, second, YEAR, "1", 9)
    assert operations(context)[before:] == ["answer.form"] * 3
    leave_form(context)
    with context.read() as connection:
        assert broken_links(connection) == []


def test_eighty_with_all_at_least_five_passes_and_ninety_five_with_one_four_does_not(context: Context) -> None:
    _, (first, second) = add_people(context, [{}, {}])
    for code, value in enumerate((5, 5, 10, 10, 10, 10, 10, 10, 5, 5), 1):
        saved = answer(context, CITIZEN, first, YEAR, str(code), value)
    assert saved.verdict.passed and saved.sentence.startswith("Đạt: 80/100")
    for code, value in enumerate((10, 10, 10, 10, 10, 4, 10, 10, 10, 10), 1):
        saved = answer(context, CITIZEN, second, YEAR, str(code), value)
    assert not saved.verdict.passed and "chỉ số 6 được 4" in saved.sentence
    assert (figures(context, CITIZEN, first)["passed"], figures(context, CITIZEN, second)["passed"]) == (1, 0)


@pytest.mark.parametrize(
    ("indicator", "value", "code"),
    [
        ("1", 11, "answer.out_of_range"),
        ("1", -1, "answer.out_of_range"),
        ("1", 7.5, "answer.wrong_step"),
        ("1", float("nan"), "answer.not_number"),
        ("1", True, "answer.not_number"),
        ("11", 5, "answer.unknown_indicator"),
        ("", 5, "answer.unknown_indicator"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_and_leaves_no_trace(
    context: Context, indicator: str, value: float, code: str
) -> None:
    _, (person,) = add_people(context, [{}])
    before = operations(context)
    with pytest.raises(UserError) as refused:
        answer(context, CITIZEN, person, YEAR, indicator, value)
    assert refused.value.code == code
    assert operations(context) == before
    assert (rows(context, "registration"), rows(context, "assessment"), rows(context, "answer")) == (0, 0, 0)


def test_a_refused_answer_leaves_the_sitting_and_its_answers_as_they_were(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    answer(context, CITIZEN, person, YEAR, "1", 8)
    count = len(operations(context))
    with pytest.raises(UserError):
        answer(context, CITIZEN, person, YEAR, "2", 99)
    saved = answer(context, CITIZEN, person, YEAR, "2", 9)
    assert saved.total == 17
    assert len(operations(context)) == count


def test_the_same_answer_again_writes_nothing(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    answer(context, CITIZEN, person, YEAR, "1", 8)
    leave_form(context)
    before = operations(context)
    assert answer(context, CITIZEN, person, YEAR, "1", 8).total == 8
    assert clear_answer(context, CITIZEN, person, YEAR, "2").total == 8
    assert operations(context) == before


def test_an_answer_is_taken_back_and_given_again(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    saved = clear_answer(context, CITIZEN, person, YEAR, "3")
    assert (saved.total, saved.answered, saved.verdict.missing) == (81, 9, ("3",))
    assert figures(context, CITIZEN, person)["is_complete"] == 0
    assert answer(context, CITIZEN, person, YEAR, "3", 9).verdict.passed
    assert rows(context, "answer") == 10


def test_half_points_are_taken_only_where_the_office_allows_them(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    with context.read() as connection:
        uid = set_in_use(connection, CITIZEN, CitizenGroup.RESIDENT).uid
    change_overrides(context, uid, {"allows_half_points": True})
    assert answer(context, CITIZEN, person, YEAR, "1", 7.5).total == 7.5
    with pytest.raises(UserError):
        answer(context, CITIZEN, person, YEAR, "1", 7.25)


def test_a_closed_round_takes_no_answers(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    answer(context, CITIZEN, person, YEAR, "1", 8)
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    with pytest.raises(UserError) as refused:
        answer(context, CITIZEN, person, YEAR, "2", 8)
    assert refused.value.code == "round.closed"
    assert figures(context, CITIZEN, person)["total"] == 8


@pytest.mark.parametrize("life", ["dead", "moved"])
def test_who_is_dead_or_moved_away_gets_no_new_answers(context: Context, life: str) -> None:
    _, (person, other) = add_people(context, [{"life_status": life}, {"life_status": "away"}])
    with pytest.raises(UserError) as refused:
        answer(context, CITIZEN, person, YEAR, "1", 8)
    assert refused.value.code == "subject.gone"
    assert answer(context, CITIZEN, other, YEAR, "1", 8).total == 8


def test_who_is_under_sixteen_on_the_counted_day_gets_no_answers_and_nothing_is_saved(context: Context) -> None:
    _, (child, youngest, unknown) = add_people(context, [{"birth": "2011-01-01"}, {"birth": "2010"}, {"birth": None}])
    before = operations(context)
    with pytest.raises(UserError) as refused:
        answer(context, CITIZEN, child, YEAR, "1", 8)
    assert refused.value.code == "answer.too_young"
    assert str(refused.value).startswith("Người này chưa đủ 16 tuổi trong đợt này nên không ghi vào phiếu")
    assert operations(context) == before
    assert (rows(context, "registration"), rows(context, "assessment"), rows(context, "answer")) == (0, 0, 0)
    assert answer(context, CITIZEN, youngest, YEAR, "1", 8).total == 8
    assert answer(context, CITIZEN, unknown, YEAR, "1", 8).total == 8


def test_the_counted_day_of_the_round_decides_who_is_too_young(context: Context) -> None:
    _, (person,) = add_people(context, [{"birth": "2010-07-01"}])
    assert answer(context, CITIZEN, person, YEAR, "1", 8).total == 8
    change_round(context, YEAR, counted_on=dt.date(YEAR, 6, 30))
    with pytest.raises(UserError) as refused:
        answer(context, CITIZEN, person, YEAR, "1", 9)
    assert refused.value.code == "answer.too_young"
    assert figures(context, CITIZEN, person)["total"] == 8


def test_a_year_without_a_round_and_a_stranger_are_refused(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    with pytest.raises(UserError) as refused:
        answer(context, CITIZEN, person, 2031, "1", 8)
    assert refused.value.code == "round.unknown"
    with pytest.raises(UserError) as refused:
        answer(context, CITIZEN, "0" * 32, YEAR, "1", 8)
    assert refused.value.code == "subject.unknown"


def test_a_recognised_form_is_not_changed(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    freeze(context, CITIZEN, person)
    for deed in (
        lambda: answer(context, CITIZEN, person, YEAR, "1", 5),
        lambda: clear_form(context, CITIZEN, person, YEAR),
        lambda: choose_group(context, person, YEAR, CitizenGroup.WORKER),
    ):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "answer.recognised"
    assert figures(context, CITIZEN, person)["total"] == 90


def test_undoing_a_form_takes_its_answers_away_and_answering_again_brings_it_back(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
    context.journal.undo(uid)
    assert (rows(context, "registration"), rows(context, "assessment"), rows(context, "answer")) == (0, 0, 0)
    saved = answer(context, CITIZEN, person, YEAR, "2", 6)
    assert (saved.total, saved.answered) == (6, 1)
    stored = figures(context, CITIZEN, person)
    assert (stored["total"], stored["answered"], stored["present"]) == (6, 1, 1)
    assert (rows(context, "registration"), rows(context, "assessment"), rows(context, "answer")) == (1, 1, 1)


def test_emptying_a_form_is_one_deed_and_can_be_undone(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    clear_form(context, CITIZEN, person, YEAR)
    assert figures(context, CITIZEN, person)["answered"] == 0
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
    context.journal.undo(uid)
    stored = figures(context, CITIZEN, person)
    assert (stored["total"], stored["passed"]) == (90, 1)


def test_the_group_decides_the_set_and_choosing_another_keeps_the_answers(context: Context) -> None:
    _, (person,) = add_people(context, [{"occupation": "Công nhân"}])
    fill(context, CITIZEN, person, share=0.9, group=CitizenGroup.WORKER)
    with context.read() as connection:
        sets = {g: set_in_use(connection, CITIZEN, g).id for g in CitizenGroup}
    assert figures(context, CITIZEN, person)["criteria_set_id"] == sets[CitizenGroup.WORKER]
    choose_group(context, person, YEAR, CitizenGroup.OFFICIAL)
    stored = figures(context, CITIZEN, person)
    assert (stored["criteria_set_id"], stored["total"]) == (sets[CitizenGroup.OFFICIAL], 90)


def test_every_model_is_answered_through_the_same_service(context: Context) -> None:
    household, people = add_people(context, [{}, {}])
    clan, unit = add_clan(context, [household]), add_unit(context, people)
    subjects = {
        LearningModel.FAMILY: household,
        LearningModel.CLAN: clan,
        LearningModel.COMMUNITY: row_uid(context, "hamlet", "Thôn 1"),
        LearningModel.ORGANIZATION: unit,
        LearningModel.COMMUNE: row_uid(context, "commune"),
    }
    for model, subject in subjects.items():
        fill(context, model, subject)
        stored = figures(context, model, subject)
        assert stored["answered"] > 0 and stored["subject_id"] is not None
        assert stored["is_complete"] == 1, model
    assert figures(context, FAMILY, household)["passed"] == 1
    assert figures(context, LearningModel.CLAN, clan)["passed"] == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_stored_is_always_what_the_engine_says_of_the_answers(context: Context, data: st.DataObject) -> None:
    with context.read() as connection:
        known = connection.exec_driver_sql("SELECT uid FROM citizen").scalars().first()
    person = known.hex() if known else add_people(context, [{"citizen_group": "resident"}])[1][0]
    with context.read() as connection:
        definition = effective_set(connection, CITIZEN, CitizenGroup.RESIDENT)
    deeds = data.draw(
        st.lists(st.tuples(st.sampled_from(list(definition.by_code)), st.none() | st.integers(0, 10)), max_size=8)
    )
    for code, value in deeds:
        saved = answer(context, CITIZEN, person, YEAR, code, value)
        with context.read() as connection:
            query = "SELECT indicator, value FROM answer WHERE present AND value IS NOT NULL"
            stored = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
        verdict = evaluate(definition, stored)
        assert (saved.verdict, saved.answered) == (verdict, len(stored))
        if stored:
            row = figures(context, CITIZEN, person)
            assert (row["total"], row["answered"], bool(row["is_complete"]), bool(row["passed"])) == (
                verdict.total,
                len(stored),
                verdict.complete,
                verdict.passed,
            )


@pytest.mark.parametrize("model", [LearningModel.FAMILY, LearningModel.CLAN, LearningModel.ORGANIZATION])
def test_a_family_or_unit_that_has_ended_is_neither_assessed_nor_registered(
    context: Context, model: LearningModel
) -> None:
    home, people = add_people(context, [{}])
    subject = {LearningModel.FAMILY: home}.get(model) or (
        add_clan(context, [home]) if model is LearningModel.CLAN else add_unit(context, people)
    )
    table = SHARED[SUBJECT_TABLES[model]].table
    code = codes_of(context, model)[0]
    start_next_round(context, YEAR)

    def end(day: str | None) -> None:
        with context.operation("household.edit", {}) as op:
            row_id = op.writer.references.id(table.name, subject)
            assert row_id is not None
            op.writer.update(table, row_id, {"valid_to": day})

    end("2026-05-04")
    with pytest.raises(UserError) as refused:
        answer(context, model, subject, YEAR, code, 1)
    assert refused.value.code == "subject.gone"
    assert "đã ngừng từ 04/05/2026" in refused.value.message
    assert register_subjects(context, model, YEAR, [subject]).unfit == 1
    end("2027-02-01")
    answer(context, model, subject, YEAR, code, 1)
    with pytest.raises(UserError):
        answer(context, model, subject, YEAR + 1, code, 1)
    end(None)
    assert register_subjects(context, model, YEAR + 1, [subject]).count == 1
