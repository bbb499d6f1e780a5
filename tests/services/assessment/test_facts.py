"""Facts: who stands in the denominator, who in the numerator, and that both ways of counting agree."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, ReviewOutcome
from desktop_app.services.assessment import facts as facts_module
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.facts import asked_facts, count_facts, denominator_name, is_counted
from desktop_app.services.assessment.registration import register_subjects
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.rounds import change_round, open_round, round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.facts import FACTS
from desktop_app.services.criteria.loader import load_sets
from desktop_app.services.criteria.office import choose_set, sets_in_use
from tests.services.assessment.world import (
    CITIZEN,
    FAMILY,
    YEAR,
    add_clan,
    add_people,
    add_unit,
    fill,
    freeze,
    row_uid,
    set_birth,
)

COMMUNE = "commune.citizens_with_title_share"


def counted(context: Context, key: str, table: str, uid: str, year: int = YEAR, **parameters: int) -> tuple[int, int]:
    with context.read() as connection:
        query = f"SELECT id FROM {table} WHERE uid = ?"
        subject = connection.exec_driver_sql(query, (bytes.fromhex(uid),)).scalar_one()
        value = count_facts(connection, round_of(connection, year), {key: parameters}, [subject])[subject][key]
    return value.numerator, value.denominator


def test_every_computed_fact_that_a_shipped_set_names_can_be_counted() -> None:
    named = {i.fact for s in load_sets() for i in s.indicators if i.fact}
    named |= {p.fact for s in load_sets() for p in s.prerequisites}
    assert named
    for key, spec in FACTS.items():
        assert is_counted(key) == spec.is_computed, key


def test_citizens_are_counted_when_present_living_and_sixteen_on_the_counting_day(context: Context) -> None:
    add_people(
        context,
        [
            {"birth": "2010-12-31"},
            {"birth": "2011-01-01"},
            {"birth": "2010"},
            {"birth": "2010-12"},
            {"birth": None},
            {"life_status": "away"},
            {"life_status": "moved"},
            {"life_status": "dead"},
            {"birth": "1930-05"},
        ],
    )
    commune = row_uid(context, "commune")
    assert counted(context, COMMUNE, "commune", commune) == (0, 4)
    assert counted(context, COMMUNE, "commune", commune, min_age=18) == (0, 1)
    assert counted(context, COMMUNE, "commune", commune, min_age=0) == (0, 5)


def test_another_counting_day_moves_the_age(context: Context) -> None:
    add_people(context, [{"birth": "2010-06-30"}, {"birth": "2010-07-01"}, {"birth": "2010"}])
    change_round(context, YEAR, counted_on=dt.date(2026, 6, 30))
    assert counted(context, COMMUNE, "commune", row_uid(context, "commune")) == (0, 2)


def test_ages_of_a_family_go_from_and_to(context: Context) -> None:
    household, people = add_people(context, [{"birth": b} for b in ("2007", "2008", "1966", "1965-12-31")])
    fill(context, CITIZEN, people[2], share=0.9)
    key = "family.adults_with_title_share"
    assert counted(context, key, "household", household, min_age=19, max_age=60) == (1, 2)
    assert counted(context, key, "household", household) == (1, 4)


def test_a_title_is_a_passed_form_that_was_not_returned(context: Context) -> None:
    _, people = add_people(context, [{}, {}, {}])
    commune = row_uid(context, "commune")
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, CITIZEN, people[1], share=0.5)
    assert counted(context, COMMUNE, "commune", commune) == (1, 3)
    record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.RETURNED, reason="Thiếu minh chứng")
    assert counted(context, COMMUNE, "commune", commune) == (0, 3)
    answer(context, CITIZEN, people[0], YEAR, "1", 10)
    assert counted(context, COMMUNE, "commune", commune) == (1, 3)
    freeze(context, CITIZEN, people[0])
    assert counted(context, COMMUNE, "commune", commune) == (1, 3)


def test_families_of_a_clan_and_of_a_hamlet(context: Context) -> None:
    households = [add_people(context, [{}], code=f"01-000{n}")[0] for n in range(4)]
    other, _ = add_people(context, [{}], hamlet="Thôn 2", code="02-0001")
    clan = add_clan(context, [households[0], households[1], other])
    for household in (households[0], households[3]):
        fill(context, FAMILY, household)
    assert counted(context, "clan.families_with_title_share", "clan", clan) == (1, 3)
    hamlet = row_uid(context, "hamlet", "Thôn 1")
    assert counted(context, "community.families_with_title_share", "hamlet", hamlet) == (2, 4)
    assert counted(context, "community.citizens_with_title_share", "hamlet", hamlet) == (0, 4)
    assert counted(context, "commune.families_with_title_share", "commune", row_uid(context, "commune")) == (2, 5)
    with context.operation("household.edit", {}) as op:
        row_id = op.writer.references.id("household", households[3])
        assert row_id is not None
        op.writer.update(registry.household, row_id, {"valid_to": "2026-06-01"})
    assert counted(context, "community.families_with_title_share", "hamlet", hamlet) == (1, 3)


def test_members_of_a_unit_and_those_of_them_who_registered(context: Context) -> None:
    _, people = add_people(context, [{}, {"life_status": "away"}, {"life_status": "dead"}, {"birth": None}])
    unit = add_unit(context, people)
    fill(context, CITIZEN, people[1], share=0.9)
    assert counted(context, "organization.members_with_title_share", "organization", unit) == (1, 3)
    assert counted(context, "organization.registered_with_title_share", "organization", unit) == (1, 1)
    register_subjects(context, CITIZEN, YEAR, people[:1])
    assert counted(context, "organization.registered_with_title_share", "organization", unit) == (1, 2)


def test_a_unit_recognised_by_a_set_that_keeps_titles_counts_three_years_more(context: Context) -> None:
    _, people = add_people(context, [{}])
    unit = add_unit(context, people)
    chosen = {s.definition.key: s for s in sets_in_use(context)}["organization.tt24"]
    choose_set(context, chosen.uid)
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, LearningModel.ORGANIZATION, unit)
    freeze(context, LearningModel.ORGANIZATION, unit)
    key, commune = "commune.organizations_with_title_share", row_uid(context, "commune")
    assert counted(context, key, "commune", commune) == (1, 1)
    for year in (2027, 2029, 2030):
        open_round(context, year)
    assert [counted(context, key, "commune", commune, year) for year in (2027, 2029, 2030)] == [(1, 1), (1, 1), (0, 1)]


def test_a_denominator_names_its_ages() -> None:
    assert denominator_name(COMMUNE, {}) == "công dân có mặt trong xã từ 16 tuổi"
    assert denominator_name("family.adults_with_title_share", {"min_age": 19, "max_age": 60}).endswith(
        "từ 19 đến 60 tuổi"
    )
    assert denominator_name("commune.clans_with_title_share", {}) == "dòng họ trong xã"


def test_help_facts_and_other_readings_are_asked_only_for_the_screen() -> None:
    tt22 = next(s for s in load_sets() if s.key == "organization.tt22")
    assert asked_facts(tt22) == {}
    shown = asked_facts(tt22, with_help=True)
    assert {"organization.members_with_title_share", "organization.registered_with_title_share"} <= shown.keys()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(st.tuples(st.integers(1940, 2015), st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_counting_one_subject_and_many_at_once_agree(context: Context, people: list[tuple[int, bool, bool]]) -> None:
    lives = [{"life_status": "living" if here else "away"} for _, here, _ in people]
    household, uids = add_people(context, lives, hamlet="Thôn 2", code="02-0009")
    for uid, (year, _, passes) in zip(uids, people, strict=True):
        if passes:
            fill(context, CITIZEN, uid, share=0.9, group=CitizenGroup.RESIDENT)
        set_birth(context, uid, str(year))
    fill(context, FAMILY, household, share=1.0 if people[0][2] else 0.5)
    with context.read() as connection:
        round_ = round_of(connection, YEAR)
        for table, key in (
            ("household", "family.adults_with_title_share"),
            ("hamlet", "community.citizens_with_title_share"),
            ("hamlet", "community.families_with_title_share"),
        ):
            ids = list(connection.exec_driver_sql(f"SELECT id FROM {table}").scalars())
            one_by_one = {i: count_facts(connection, round_, {key: {}}, [i])[i] for i in ids}
            padded = ids + [-n for n in range(1, facts_module._FEW + 2)]
            assert {i: v for i, v in count_facts(connection, round_, {key: {}}, padded).items() if i > 0} == one_by_one


def test_who_is_counted_as_holding_a_title_is_always_among_those_counted(context: Context) -> None:
    _, people = add_people(context, [{}, {}])
    for person in people:
        for number in range(1, 11):
            answer(context, CITIZEN, person, YEAR, str(number), 9)
    set_birth(context, people[0], "2015")
    assert counted(context, COMMUNE, "commune", row_uid(context, "commune")) == (1, 1)


@pytest.mark.parametrize("subjects", [[], [1]])
def test_nobody_to_count_is_nothing_of_nothing(context: Context, subjects: list[int]) -> None:
    with context.read() as connection:
        found = count_facts(connection, round_of(connection, YEAR), {"clan.families_with_title_share": {}}, subjects)
    assert list(found) == subjects
    assert all(value["clan.families_with_title_share"].percent is None for value in found.values())


def test_another_reading_counts_only_families_that_registered(context: Context) -> None:
    first, _ = add_people(context, [{}], code="01-0001")
    second, _ = add_people(context, [{}], code="01-0002")
    clan, hamlet = add_clan(context, [first, second]), row_uid(context, "hamlet", "Thôn 1")
    fill(context, FAMILY, first, group=None)
    register_subjects(context, FAMILY, YEAR, [first])
    assert counted(context, "clan.families_with_title_share", "clan", clan) == (1, 2)
    assert counted(context, "clan.families_registered_with_title_share", "clan", clan) == (1, 1)
    assert counted(context, "community.families_registered_with_title_share", "hamlet", hamlet) == (1, 1)
    commune = row_uid(context, "commune")
    assert counted(context, "commune.families_registered_with_title_share", "commune", commune) == (1, 1)


def test_every_inferred_denominator_says_so_and_most_have_another_reading_beside() -> None:
    shipped = {key for item in load_sets() for key in asked_facts(item, with_help=True)}
    for spec in FACTS.values():
        assert set(spec.other_readings) <= FACTS.keys()
        assert all(FACTS[other].key.partition(".")[0] == spec.key.partition(".")[0] for other in spec.other_readings)
    asked = {p.fact for item in load_sets() for p in item.prerequisites} & shipped
    assert all(FACTS[key].other_readings for key in asked)
    assert "suy ra" in FACTS[COMMUNE].status_words and not FACTS["clan.families_with_title_share"].status_words
