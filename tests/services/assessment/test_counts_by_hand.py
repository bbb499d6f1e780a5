"""Counts that screens show, held against a plain count in Python of every row of invented registers."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, RegistrationKind, SiteState, Uid
from desktop_app.services.assessment.accounts import (
    AccountFilter,
    account_list,
    hamlet_counts,
    organization_counts,
    record_states,
)
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.overview import read_overview
from desktop_app.services.assessment.registered import registered_counts, registered_list
from desktop_app.services.assessment.registration import register_all, register_subjects
from desktop_app.services.assessment.round_closing import Open, unfinished
from desktop_app.services.assessment.subjects import NO_HAMLET
from desktop_app.services.assessment.worklist import WorkFilter, WorkStatus, work_list
from desktop_app.services.context import Context
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_clan, add_people, add_unit, fill, row_uid

BIRTHS = (None, "1950-02-03", "1980", "1999-07", "2008-12-31", "2010", "2010-12-31", "2011-01-01", "2011", "2015-05-05")
LIVES = ("living",) * 6 + ("away", "dead", "moved")
GROUPS = ("resident", "worker", "official", "student", None)
Rows = list[dict[str, Any]]


def invent(context: Context, seed: int) -> None:
    """Households in two hamlets and in none, a clan, a unit, registrations, forms and accounts, all at random."""
    chance = random.Random(seed)
    people: list[Uid] = []
    homes: list[Uid] = []
    for place in range(9):
        fields = [
            {
                "birth": chance.choice(BIRTHS),
                "life_status": chance.choice(LIVES),
                "citizen_group": chance.choice(GROUPS),
            }
            for _ in range(chance.randint(0, 4))
        ]
        home, members = add_people(context, fields, hamlet=chance.choice(("Thôn 1", "Thôn 2")), code=f"0-{place}")
        homes.append(home)
        people += members
    add_clan(context, chance.sample(homes, 4))
    add_unit(context, chance.sample(people, min(len(people), 6)))
    with context.operation("household.edit", {}) as op:
        over, adrift = chance.sample(homes, 2)
        ended, nowhere = op.writer.references.id("household", over), op.writer.references.id("household", adrift)
        assert ended is not None and nowhere is not None
        op.writer.update(registry.household, ended, {"valid_to": "2026-03-01"})
        op.writer.update(registry.household, nowhere, {"hamlet_id": None})
    register_subjects(context, CITIZEN, YEAR, chance.sample(people, len(people) // 2))
    register_all(context, FAMILY, YEAR, hamlet=row_uid(context, "hamlet", "Thôn 2"))
    able = {row.uid for row in work_list(context, CITIZEN, YEAR).rows(0, 500)}
    for uid in chance.sample(sorted(able), min(4, len(able))):
        group = next(row.group for row in work_list(context, CITIZEN, YEAR).rows(0, 500) if row.uid == uid)
        if group is not None:
            fill(context, CITIZEN, uid, share=chance.choice((0.4, 0.9)), group=CitizenGroup(group))
    fill(context, FAMILY, next(home for home in homes if home != over), share=0.9)
    for uid in chance.sample(people, len(people) // 2):
        record_states(context, YEAR, [uid], chance.choice(list(SiteState)))
    with context.operation("registration.remove", {}) as op:
        gone = op.connection.exec_driver_sql("SELECT id FROM registration WHERE model = 'citizen' LIMIT 1").scalar_one()
        op.writer.update(tables.registration, gone, {"present": False})
    with context.operation("citizen.death", {}) as op:
        died = op.writer.references.id("citizen", chance.choice(people))
        assert died is not None
        op.writer.update(registry.citizen, died, {"life_status": "dead"})


def dump(context: Context, table: str) -> Rows:
    with context.read() as connection:
        return [dict(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}" WHERE present').mappings()]


def is_adult(person: dict[str, Any], age: int = 16) -> bool:
    """By the day where it is known, by the year where it is not."""
    born = person["birth"]
    return bool(born) and (int(born[:4]) <= YEAR - age)


def assessed(context: Context) -> Rows:
    return [p for p in dump(context, "citizen") if p["life_status"] == "living" and is_adult(p)]


@pytest.fixture(params=range(4))
def seeded(request: pytest.FixtureRequest, context: Context) -> Context:
    invent(context, request.param)
    return context


def test_registrations_are_counted_right(seeded: Context) -> None:
    whole = assessed(seeded)
    citizens = {p["uid"]: p for p in dump(seeded, "citizen")}
    made = [r for r in dump(seeded, "registration") if r["model"] == "citizen" and r["subject"] in citizens]
    lines = registered_counts(seeded, CITIZEN, YEAR)
    assert (lines[0].eligible, lines[0].registered) == (len(whole), len(made))
    assert lines[0].renewed == sum(r["kind"] == RegistrationKind.RENEWAL.value for r in made)
    eligible = Counter(p["hamlet_id"] for p in whole)
    registered = Counter(citizens[r["subject"]]["hamlet_id"] for r in made)
    names = {h["id"]: h["name"] for h in dump(seeded, "hamlet")} | {None: "Chưa rõ thôn"}
    shown = {line.name: (line.eligible, line.registered) for line in lines[1:]}
    for key in eligible.keys() | registered.keys():
        assert shown[names[key]] == (eligible[key], registered[key])
    assert registered_list(seeded, CITIZEN, YEAR).count() == len(made)
    for line in lines[1:]:
        assert registered_list(seeded, CITIZEN, YEAR, hamlet=line.uid or NO_HAMLET).count() == line.registered
    homes = [h for h in dump(seeded, "household") if h["valid_to"] is None]
    assert registered_counts(seeded, FAMILY, YEAR)[0].eligible == len(homes)


def test_accounts_are_counted_right(seeded: Context) -> None:
    states = {row["citizen_id"]: row["state"] for row in dump(seeded, "site_account")}
    order = [state.value for state in SiteState]

    def reached(person: dict[str, Any], state: SiteState) -> bool:
        return order.index(states.get(person["id"], "none")) >= order.index(state.value)

    whole = assessed(seeded)
    by_hamlet = {line.name: line for line in hamlet_counts(seeded, YEAR)}
    names = {h["id"]: h["name"] for h in dump(seeded, "hamlet")} | {None: "Chưa rõ thôn"}
    for key, name in names.items():
        there = [p for p in whole if p["hamlet_id"] == key]
        line = by_hamlet.get(name)
        found = (line.people, line.accounts, line.assessed, line.recognised) if line else (0, 0, 0, 0)
        assert found == (len(there), *(sum(reached(p, s) for p in there) for s in list(SiteState)[1:]))
    listed = account_list(seeded, YEAR)
    assert listed.count() == len(whole) == sum(listed.counts().values())
    people = {p["id"]: p for p in dump(seeded, "citizen")}
    members = [people[m["citizen_id"]] for m in dump(seeded, "organization_member") if m["citizen_id"] in people]
    staff = [p for p in members if p["life_status"] in ("living", "away") and (p["birth"] is None or is_adult(p))]
    for line in by_hamlet.values():
        there_listed = account_list(seeded, YEAR, AccountFilter(hamlet=line.uid or NO_HAMLET))
        lacking = account_list(seeded, YEAR, AccountFilter(SiteState.NONE, hamlet=line.uid or NO_HAMLET))
        assert (there_listed.count(), lacking.count()) == (line.people, line.people - line.accounts)
    (unit,) = organization_counts(seeded, YEAR)
    assert account_list(seeded, YEAR, AccountFilter(organization=unit.uid)).count() == unit.people
    assert (unit.people, unit.accounts) == (len(staff), sum(reached(p, SiteState.REGISTERED) for p in staff))


def test_work_and_what_is_unfinished_are_counted_right(seeded: Context) -> None:
    whole = {p["id"] for p in assessed(seeded)}
    forms = {a["subject_id"]: a for a in dump(seeded, "assessment") if a["model"] == "citizen"}
    begun = {key for key, form in forms.items() if form["answered"]}
    registered = {r["subject_id"] for r in dump(seeded, "registration") if r["model"] == "citizen"}
    lines = {(line.kind, line.model): line.count for line in unfinished(seeded, YEAR)}
    assert lines.get((Open.NOT_STARTED, CITIZEN), 0) == len((registered & whole) - begun)
    passed = {key for key in whole & begun if forms[key]["passed"]}
    assert lines.get((Open.NOT_RECOGNISED, CITIZEN), 0) == len(passed)
    tally = read_overview(seeded, YEAR).of(CITIZEN).tally
    assert (tally.eligible, tally.registered, tally.started, tally.passed) == (
        len(whole), len(registered & whole), len(whole & begun), len(passed),
    )  # fmt: skip
    waiting = work_list(seeded, CITIZEN, YEAR, WorkFilter(status=WorkStatus.NOT_STARTED))
    assert waiting.count() == len(whole - begun) == len(list(waiting.uids()))


def test_facts_are_counted_right(seeded: Context) -> None:
    people, homes = dump(seeded, "citizen"), [h for h in dump(seeded, "household") if h["valid_to"] is None]
    titled = {
        (a["model"], a["subject_id"]) for a in dump(seeded, "assessment") if a["passed"] and a["status"] != "returned"
    }
    hamlet = next(h for h in dump(seeded, "hamlet") if h["name"] == "Thôn 1")
    facts = open_form(seeded, LearningModel.COMMUNITY, hamlet["uid"].hex(), YEAR).facts
    there = [h["id"] for h in homes if h["hamlet_id"] == hamlet["id"]]
    share = facts["community.families_with_title_share"]
    assert (share.numerator, share.denominator) == (sum(("family", h) in titled for h in there), len(there))
    adults = [
        p["id"] for p in people if p["hamlet_id"] == hamlet["id"] and p["life_status"] == "living" and is_adult(p)
    ]
    share = facts["community.citizens_with_title_share"]
    assert (share.numerator, share.denominator) == (sum(("citizen", p) in titled for p in adults), len(adults))
    (clan,) = dump(seeded, "clan")
    state = open_form(seeded, LearningModel.CLAN, clan["uid"].hex(), YEAR)
    mine = {k["household_id"] for k in dump(seeded, "clan_household")} & {h["id"] for h in homes}
    share = state.facts["clan.families_with_title_share"]
    assert (share.numerator, share.denominator) == (sum(("family", h) in titled for h in mine), len(mine))
    assert (state.members.count, state.members.with_title) == (share.denominator, share.numerator)
    (unit,) = dump(seeded, "organization")
    state = open_form(seeded, LearningModel.ORGANIZATION, unit["uid"].hex(), YEAR)
    share = state.facts["organization.members_with_title_share"]
    assert (state.members.count, state.members.with_title) == (share.denominator, share.numerator)
    commune = row_uid(seeded, "commune")
    share = open_form(seeded, LearningModel.COMMUNE, commune, YEAR).facts["commune.citizens_with_title_share"]
    whole = assessed(seeded)
    assert (share.numerator, share.denominator) == (sum(("citizen", p["id"]) in titled for p in whole), len(whole))
