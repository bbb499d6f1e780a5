"""Who stands behind each share: the lists against a plain count in Python of every row, and against the arithmetic."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from desktop_app.models.tables import registry
from desktop_app.models.types import LearningModel, ReviewOutcome, Uid
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.fact_people import (
    LACKING,
    WHOLE,
    CountedFact,
    FactFilter,
    FactPart,
    FactRow,
    Reading,
    fact_hamlets,
    fact_list,
    read_form_facts,
)
from desktop_app.services.assessment.facts import count_facts, held_model, is_counted
from desktop_app.services.assessment.registration import register_subjects
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.rounds import change_round, open_round, round_of
from desktop_app.services.assessment.subjects import NO_HAMLET
from desktop_app.services.context import Context
from desktop_app.services.criteria.facts import FACTS
from desktop_app.services.criteria.office import choose_set, sets_in_use
from desktop_app.services.moves.deeds import record_leaving
from desktop_app.services.moves.hamlet_merge import merge_hamlets
from tests.services.assessment.test_counts_by_hand import dump, invent, is_adult
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_people, add_unit, fill, freeze, row_uid

TABLES = {CITIZEN: "citizen", FAMILY: "household", LearningModel.CLAN: "clan", LearningModel.COMMUNITY: "hamlet",
          LearningModel.ORGANIZATION: "organization", LearningModel.COMMUNE: "commune"}  # fmt: skip
COUNTED_KEYS = tuple(key for key in FACTS if is_counted(key))


def fact_of(context: Context, key: str, subject_id: int, year: int = YEAR) -> CountedFact:
    """A share with its other readings, as a form would ask for it."""
    with context.read() as connection:
        round_ = round_of(connection, year)
        asked: dict[str, dict[str, int]] = {each: {} for each in (key, *FACTS[key].other_readings)}
        values = count_facts(connection, round_, asked, [subject_id])[subject_id]
    return CountedFact(
        key, (), held_model(key), tuple(Reading(each, {}, values[each]) for each in asked), subject_id, round_
    )


def rows_of(context: Context, fact: CountedFact, reading: str = "", wanted: FactFilter | None = None) -> list[FactRow]:
    return list(fact_list(context, fact, reading, wanted).rows(0, 5000))


def denominators(context: Context, subject_id: int) -> dict[str, set[int]]:
    """Whom each reading counts from, worked out in Python from the rows themselves."""
    people = dump(context, "citizen")
    living = [p for p in people if p["life_status"] == "living" and p["birth"]]
    adults = {p["id"]: p for p in living if is_adult(p, 18)}
    grown = {p["id"]: p for p in living if is_adult(p)}
    enrolled = {(r["model"], r["subject_id"]) for r in dump(context, "registration")}
    born = {p["id"]: p for p in living}
    homes = {h["id"]: h for h in dump(context, "household") if h["valid_to"] is None}
    of_clan = {k["household_id"] for k in dump(context, "clan_household") if k["clan_id"] == subject_id} & homes.keys()
    here = {p["id"] for p in people if p["life_status"] in ("living", "away")}
    members = {m["citizen_id"] for m in dump(context, "organization_member") if m["organization_id"] == subject_id}

    def registered(keys: set[int], model: str) -> set[int]:
        return {key for key in keys if (model, key) in enrolled}

    def of(found: dict[int, dict[str, Any]], column: str) -> set[int]:
        return {key for key, row in found.items() if row[column] == subject_id}

    return {
        "family.adults_with_title_share": of(adults, "household_id"),
        "family.citizens_with_title_share": of(grown, "household_id"),
        "clan.families_with_title_share": of_clan,
        "clan.families_registered_with_title_share": registered(of_clan, "family"),
        "community.families_with_title_share": of(homes, "hamlet_id"),
        "community.families_registered_with_title_share": registered(of(homes, "hamlet_id"), "family"),
        "community.citizens_with_title_share": of(grown, "hamlet_id"),
        "community.adults_with_title_share": of(adults, "hamlet_id"),
        "community.registered_with_title_share": registered(of(born, "hamlet_id"), "citizen"),
        "organization.members_with_title_share": members & here,
        "organization.registered_with_title_share": registered(members & here, "citizen"),
        "commune.citizens_with_title_share": set(grown),
        "commune.adults_with_title_share": set(adults),
        "commune.registered_with_title_share": registered(set(born), "citizen"),
        "commune.families_with_title_share": set(homes),
        "commune.families_registered_with_title_share": registered(set(homes), "family"),
        "commune.clans_with_title_share": {c["id"] for c in dump(context, "clan") if c["valid_to"] is None},
        "commune.communities_with_title_share": {h["id"] for h in dump(context, "hamlet") if h["valid_to"] is None},
        "commune.organizations_with_title_share": {
            o["id"] for o in dump(context, "organization") if o["valid_to"] is None
        },
    }


def part_by_hand(form: dict[str, Any] | None) -> FactPart:
    """How a form of the denominator stands."""
    if form is None:
        return FactPart.NOT_STARTED
    if form["passed"] and form["status"] != "returned":
        return FactPart.COUNTED
    if form["status"] == "returned":
        return FactPart.RETURNED
    if not form["answered"]:
        return FactPart.NOT_STARTED
    return FactPart.FAILED if form["is_complete"] else FactPart.UNFINISHED


@pytest.fixture(params=range(4))
def seeded(request: pytest.FixtureRequest, context: Context) -> Context:
    chance = random.Random(request.param + 70)
    invent(context, request.param)
    living = [p["uid"].hex() for p in dump(context, "citizen") if p["life_status"] == "living" and is_adult(p)]
    chosen = chance.sample(living, min(6, len(living)))
    register_subjects(context, CITIZEN, YEAR, chosen)
    for uid in chosen[:2]:
        answer(context, CITIZEN, uid, YEAR, "1", 7)
        leave_form(context)
    done = [a["subject"].hex() for a in dump(context, "assessment") if a["model"] == "citizen" and a["passed"]]
    if done:
        record_review(context, CITIZEN, YEAR, done[:1], ReviewOutcome.RETURNED, reason="Thiếu minh chứng")
    return context


@pytest.mark.parametrize("key", COUNTED_KEYS)
def test_every_list_holds_exactly_whom_a_plain_count_finds(seeded: Context, key: str) -> None:
    held = held_model(key)
    ids = {row["uid"].hex(): row["id"] for row in dump(seeded, TABLES[held])}
    forms = {a["subject_id"]: a for a in dump(seeded, "assessment") if a["model"] == held.value}
    for subject in dump(seeded, TABLES[LearningModel(key.partition(".")[0])]):
        sets = denominators(seeded, subject["id"])
        fact = fact_of(seeded, key, subject["id"])
        for reading in fact.readings:
            source = fact_list(seeded, fact, reading.key)
            rows = list(source.rows(0, 5000))
            here = sets[reading.key]
            others = set().union(*(sets[each.key] for each in fact.readings)) - here
            assert {ids[row.uid]: row.part for row in rows} == {
                **{key: part_by_hand(forms.get(key)) for key in here},
                **dict.fromkeys(others, FactPart.OTHER),
            }
            assert len(rows) == source.count() == len(here | others)
            counts = source.counts()
            assert sum(counts[part] for part in WHOLE) == reading.value.denominator == len(here)
            assert counts[FactPart.COUNTED] == reading.value.numerator
            for row in rows:
                names = {r.value.denominator_name for r in fact.readings if ids[row.uid] in sets[r.key]}
                assert set(row.only_in) == (names if row.part is FactPart.OTHER else set())
            for parts in (WHOLE, LACKING, frozenset({FactPart.COUNTED}), frozenset({FactPart.OTHER})):
                part_list = fact_list(seeded, fact, reading.key, FactFilter(parts))
                found = {row.uid for row in part_list.rows(0, 5000)}
                assert found == {row.uid for row in rows if row.part in parts}
                assert part_list.count() == len(part_list.uids()) == len(found)
                assert part_list.counts() == counts


def test_hamlets_share_the_people_of_the_commune_out_among_them(seeded: Context) -> None:
    fact = fact_of(seeded, "commune.citizens_with_title_share", 1)
    whole = fact_list(seeded, fact).counts()
    places = [row_uid(seeded, "hamlet", name) for name in ("Thôn 1", "Thôn 2")] + [NO_HAMLET]
    parts = [fact_list(seeded, fact, "", FactFilter(hamlet=place)).counts() for place in places]
    assert {part: sum(each[part] for each in parts) for part in FactPart} == whole


def test_a_name_and_another_order_narrow_and_turn_the_list(seeded: Context) -> None:
    add_people(seeded, [{"full_name": "Phạm Thị Quý"}, {"full_name": "Đỗ Quý Hợi"}], code="77-0001")
    fact = fact_of(seeded, "commune.citizens_with_title_share", 1)
    rows = rows_of(seeded, fact)
    assert {row.name for row in rows_of(seeded, fact, "", FactFilter(text="quy thi"))} == {"Phạm Thị Quý"}
    assert fact_list(seeded, fact, "", FactFilter(text="quý")).counts()[FactPart.NOT_STARTED] == 2
    source = fact_list(seeded, fact)
    for column in ("name", "hamlet", "total"):
        turned = source.sorted(column, descending=True)
        assert {row.uid for row in turned.rows(0, 5000)} == {row.uid for row in rows}


def test_the_shares_of_a_form_come_with_their_places_and_readings(context: Context) -> None:
    add_people(context, [{}, {"birth": "2009"}, {"birth": "2012"}])
    found = read_form_facts(context, LearningModel.COMMUNE, row_uid(context, "commune"), YEAR)
    citizens = next(fact for fact in found.facts if fact.key == "commune.citizens_with_title_share")
    assert citizens.used_in
    assert [reading.value.denominator for reading in citizens.readings] == [2, 1, 0]
    assert citizens.status_words
    assert not found.is_frozen


def test_who_left_since_still_stands_behind_a_share_of_the_day_that_has_passed(context: Context) -> None:
    """The list is of the counting day: who moved away after it is counted, in the hamlet of that day."""
    open_round(context, 2025)
    _, people = add_people(context, [{"full_name": "Nguyễn Văn Ở"}, {"full_name": "Nguyễn Văn Đi"}])
    commune = row_uid(context, "commune")
    assert record_leaving(context, people[1], on="01/03/2026").uid
    for year, expected in ((2025, {"Nguyễn Văn Đi", "Nguyễn Văn Ở"}), (YEAR, {"Nguyễn Văn Ở"})):
        form = read_form_facts(context, LearningModel.COMMUNE, commune, year)
        fact = next(fact for fact in form.facts if fact.held is CITIZEN)
        rows = rows_of(context, fact, "", FactFilter(hamlet=row_uid(context, "hamlet", "Thôn 1")))
        assert {row.name for row in rows} == expected
        assert fact.readings[0].value.denominator == len(expected)


@pytest.mark.parametrize("key", COUNTED_KEYS)
def test_lists_of_a_past_day_are_as_long_as_their_arithmetic(seeded: Context, key: str) -> None:
    change_round(seeded, YEAR, counted_on=dt.date(2026, 2, 1))
    for subject in dump(seeded, TABLES[LearningModel(key.partition(".")[0])]):
        fact = fact_of(seeded, key, subject["id"])
        for reading in fact.readings:
            counts = fact_list(seeded, fact, reading.key).counts()
            assert sum(counts[part] for part in WHOLE) == reading.value.denominator
            assert counts[FactPart.COUNTED] == reading.value.numerator
            rows = rows_of(seeded, fact, reading.key, FactFilter(WHOLE))
            assert len(rows) == reading.value.denominator


def test_a_unit_that_keeps_its_title_is_counted_and_says_so(context: Context) -> None:
    _, people = add_people(context, [{}])
    unit = add_unit(context, people)
    chosen = {s.definition.key: s for s in sets_in_use(context)}["organization.tt24"]
    choose_set(context, chosen.uid)
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, LearningModel.ORGANIZATION, unit)
    freeze(context, LearningModel.ORGANIZATION, unit)
    for year, part, is_kept in ((YEAR, FactPart.COUNTED, False), (2027, FactPart.COUNTED, True),
                                (2030, FactPart.NOT_STARTED, False)):  # fmt: skip
        open_round(context, year)
        (row,) = rows_of(context, fact_of(context, "commune.organizations_with_title_share", 1, year))
        assert (row.part, row.is_kept) == (part, is_kept)


def test_the_list_follows_the_register(context: Context) -> None:
    _, people = add_people(context, [{}, {}])
    uid: Uid = row_uid(context, "commune")

    def parts() -> dict[FactPart, int]:
        form = read_form_facts(context, LearningModel.COMMUNE, uid, YEAR)
        found = fact_list(context, next(fact for fact in form.facts if fact.held is CITIZEN)).counts()
        return {part: count for part, count in found.items() if count}

    assert parts() == {FactPart.NOT_STARTED: 2}
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, CITIZEN, people[1], share=0.4)
    assert parts() == {FactPart.COUNTED: 1, FactPart.FAILED: 1}
    record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.RETURNED, reason="Thiếu minh chứng")
    assert parts() == {FactPart.RETURNED: 1, FactPart.FAILED: 1}
    with context.operation("citizen.death", {}) as op:
        died = op.writer.references.id("citizen", people[1])
        assert died is not None
        op.writer.update(registry.citizen, died, {"life_status": "dead"})
    assert parts() == {FactPart.RETURNED: 1}


def test_a_merged_hamlet_is_still_offered_for_the_day_on_which_it_stood(context: Context) -> None:
    open_round(context, 2025)
    first, second = (row_uid(context, "hamlet", name) for name in ("Thôn 1", "Thôn 2"))
    merge_hamlets(context, first, second, on="01/06/2026")
    offered = {
        year: [
            name for _, name in fact_hamlets(context, fact_of(context, "commune.citizens_with_title_share", 1, year))
        ]
        for year in (2025, YEAR)
    }
    assert offered == {2025: ["Thôn 1", "Thôn 2"], YEAR: ["Thôn 2"]}
