"""Derived columns: many forms at once, titles that carry on, and frozen verdicts that nothing moves."""

from __future__ import annotations

import random

import pytest

from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, RoundStatus
from desktop_app.services.assessment.answers import answer, clear_answer
from desktop_app.services.assessment.bulk import FilledForm, write_forms
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.judging import Judge, figures_of
from desktop_app.services.assessment.rounds import change_round, round_of
from desktop_app.services.assessment.scoring import evaluate
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.loader import load_sets
from desktop_app.services.criteria.office import change_overrides, choose_set, set_in_use, sets_in_use
from tests.services.assessment.world import (
    CITIZEN,
    FAMILY,
    YEAR,
    add_clan,
    add_people,
    add_unit,
    figures,
    fill,
    freeze,
    row_uid,
)


def set_uid(context: Context, key: str) -> str:
    return next(item.uid for item in sets_in_use(context) if item.definition.key == key)


def last_operation(context: Context) -> str:
    with context.read() as connection:
        uid: bytes = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one()
    return uid.hex()


@pytest.mark.parametrize("definition", load_sets(), ids=lambda d: d.key)
def test_quick_figures_agree_with_the_whole_verdict_for_random_answers(definition: CriteriaSet) -> None:
    judge = Judge(definition)
    rng = random.Random(definition.key)
    for _ in range(200):
        answers: dict[str, float] = {}
        for indicator in definition.indicators:
            top = indicator.max_score or (100 if indicator.answer_type.value == "percent" else 1)
            if rng.random() < 0.9:
                answers[indicator.code] = float(rng.choice([top, top, rng.randint(0, int(top)), top + 1, 0.5]))
        assert judge.figures(answers) == figures_of(definition, answers, evaluate(definition, answers))


def test_many_forms_written_at_once_are_judged_like_single_ones(context: Context) -> None:
    rng = random.Random(7)
    _, people = add_people(context, [{"citizen_group": "resident"} for _ in range(60)])
    forms = {uid: {str(n): rng.randint(3, 10) for n in range(1, rng.choice((8, 11, 11, 11)))} for uid in people}
    with context.operation("import.scores", {"count": 60, "file": "x.xlsx"}) as op:
        used = set_in_use(op.connection, CITIZEN, CitizenGroup.RESIDENT)
        items = [FilledForm(uid, used.id, answers) for uid, answers in forms.items()]
        counts = write_forms(op.writer, round_of(op.connection, YEAR), CITIZEN, items)
    assert (counts.created, counts.updated, counts.unchanged) == (60, 0, 0)
    for uid, answers in forms.items():
        verdict = evaluate(used.definition, answers)
        row = figures(context, CITIZEN, uid)
        assert (row["total"], row["answered"], bool(row["passed"])) == (verdict.total, len(answers), verdict.passed)
        assert row["subject_id"] is not None


def test_a_family_that_passes_carries_its_clan_and_the_commune_along(context: Context) -> None:
    households = [add_people(context, [{}], code=f"01-000{n}")[0] for n in range(2)]
    clan, commune = add_clan(context, households), row_uid(context, "commune")
    fill(context, LearningModel.CLAN, clan)
    fill(context, LearningModel.COMMUNE, commune)
    assert figures(context, LearningModel.CLAN, clan)["passed"] == 0
    before = figures(context, LearningModel.COMMUNE, commune)["total"]
    fill(context, FAMILY, households[0])
    assert figures(context, LearningModel.CLAN, clan)["passed"] == 1
    fill(context, FAMILY, households[1])
    assert figures(context, LearningModel.COMMUNE, commune)["total"] == before + 1
    clear_answer(context, FAMILY, households[0], YEAR, "1.1")
    clear_answer(context, FAMILY, households[1], YEAR, "1.1")
    assert figures(context, LearningModel.CLAN, clan)["passed"] == 0
    assert figures(context, LearningModel.COMMUNE, commune)["total"] == before


def test_citizens_carry_their_unit_whichever_way_the_register_changes(context: Context) -> None:
    choose_set(context, set_uid(context, "organization.tt24"))
    _, people = add_people(context, [{} for _ in range(10)])
    unit = add_unit(context, people)
    fill(context, LearningModel.ORGANIZATION, unit)
    for person in people[:8]:
        fill(context, CITIZEN, person, share=0.9)
    assert figures(context, LearningModel.ORGANIZATION, unit)["passed"] == 0
    fill(context, CITIZEN, people[8], share=0.9)
    assert figures(context, LearningModel.ORGANIZATION, unit)["passed"] == 1
    with context.operation("citizen.edit", {}) as op:
        row_id = op.writer.references.id("citizen", people[0])
        assert row_id is not None
        op.writer.update(registry.citizen, row_id, {"life_status": "moved"})
    assert figures(context, LearningModel.ORGANIZATION, unit)["passed"] == 0
    context.journal.undo(last_operation(context))
    assert figures(context, LearningModel.ORGANIZATION, unit)["passed"] == 1


def test_a_clan_that_gains_families_is_judged_anew(context: Context) -> None:
    first, _ = add_people(context, [{}], code="01-0001")
    others = [add_people(context, [{}], code=f"01-001{n}")[0] for n in range(2)]
    clan = add_clan(context, [first])
    fill(context, FAMILY, first)
    fill(context, LearningModel.CLAN, clan)
    assert figures(context, LearningModel.CLAN, clan)["passed"] == 1
    with context.operation("clan.edit", {}) as op:
        clan_id = op.writer.references.id("clan", clan)
        for uid in others:
            household = op.writer.references.id("household", uid)
            op.writer.insert(registry.clan_household, {"clan_id": clan_id, "household_id": household})
    assert figures(context, LearningModel.CLAN, clan)["passed"] == 0


def test_changing_the_pass_mark_judges_every_open_form_anew(context: Context) -> None:
    _, people = add_people(context, [{"citizen_group": "resident"} for _ in range(3)])
    for person, share in zip(people, (0.9, 0.8, 0.7), strict=True):
        fill(context, CITIZEN, person, share=share)
    change_overrides(context, set_uid(context, "citizen.resident"), {"pass_mark": 90})
    assert [figures(context, CITIZEN, p)["passed"] for p in people] == [1, 0, 0]
    context.journal.undo(last_operation(context))
    assert [figures(context, CITIZEN, p)["passed"] for p in people] == [1, 1, 0]


def test_an_answer_above_a_lowered_maximum_counts_as_missing(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    fill(context, CITIZEN, person, share=0.9)
    change_overrides(
        context, set_uid(context, "citizen.resident"), {"indicators": {"1": {"max_score": 8}}, "pass_mark": 70}
    )
    row = figures(context, CITIZEN, person)
    assert (row["total"], row["answered"], row["is_complete"], row["passed"]) == (81, 9, 0, 0)


def test_a_frozen_verdict_is_moved_by_nothing(context: Context) -> None:
    household, (person,) = add_people(context, [{"citizen_group": "resident"}])
    clan = add_clan(context, [household])
    fill(context, FAMILY, household)
    fill(context, LearningModel.CLAN, clan)
    fill(context, CITIZEN, person, share=0.8)
    freeze(context, CITIZEN, person)
    freeze(context, LearningModel.CLAN, clan)
    change_overrides(context, set_uid(context, "citizen.resident"), {"pass_mark": 95})
    clear_answer(context, FAMILY, household, YEAR, "1.1")
    row, of_clan = figures(context, CITIZEN, person), figures(context, LearningModel.CLAN, clan)
    assert (row["total"], row["passed"], of_clan["passed"]) == (80, 1, 1)
    kept = read_frozen(row["frozen"])
    assert (kept.total, kept.passed, kept.set_key, kept.set_revision) == (80, True, "citizen.resident", 0)
    assert kept.sentence.startswith("Đạt: 80/100")


def test_a_closed_round_is_not_judged_anew_by_a_changed_set(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    fill(context, CITIZEN, person, share=0.8)
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    change_overrides(context, set_uid(context, "citizen.resident"), {"pass_mark": 95})
    assert figures(context, CITIZEN, person)["passed"] == 1


def test_the_optional_prerequisite_of_families_follows_their_adults(context: Context) -> None:
    household, people = add_people(context, [{}, {}])
    fill(context, FAMILY, household)
    assert figures(context, FAMILY, household)["passed"] == 1
    wanted = {"prerequisites": {"adults_with_title": {"is_enabled": True, "percent": 100}}}
    change_overrides(context, set_uid(context, "family"), wanted)
    assert figures(context, FAMILY, household)["passed"] == 0
    for person in people:
        fill(context, CITIZEN, person, share=0.9)
    assert figures(context, FAMILY, household)["passed"] == 1
    answer(context, CITIZEN, people[0], YEAR, "1", 0)
    assert figures(context, FAMILY, household)["passed"] == 0


def test_a_set_of_a_newer_program_leaves_its_forms_unjudged_but_stops_nothing(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    fill(context, CITIZEN, person, share=0.8)
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE criteria_set SET version = '2099.1' WHERE key = 'citizen.resident'")
    with context.operation("citizen.edit", {}) as op:
        row_id = op.writer.references.id("citizen", person)
        assert row_id is not None
        op.writer.update(registry.citizen, row_id, {"occupation": "Nông dân"})
    assert figures(context, CITIZEN, person)["total"] == 80
