"""A trial follows titles into other models: what it foretells is what coming into force then does."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.drafts import copy_set, load_version, save_draft
from desktop_app.services.criteria.forcing import force_set
from desktop_app.services.criteria.office import change_overrides, choose_set, sets_in_use
from desktop_app.services.criteria.trial import Trial, try_version
from tests.factories import make_register
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_clan, add_people, add_unit, fill, freeze

Passed = dict[tuple[str, str], bool]


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    opened = make_register(tmp_path / "data")
    yield opened
    opened.close()


def uid_of(context: Context, key: str) -> Uid:
    return next(item.uid for item in sets_in_use(context) if item.definition.key == key)


def with_mark(context: Context, key: str, pass_mark: float) -> Uid:
    uid = copy_set(context, uid_of(context, key))
    d = load_version(context, uid).definition
    floor = d.floor.value if d.floor else None
    save_draft(context, uid, edit.change_marks(d, pass_mark=pass_mark, floor=floor, halves=False, is_official=False))
    return uid


def passed(context: Context) -> Passed:
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT model, subject, passed FROM assessment WHERE present").all()
    return {(model, subject.hex()): bool(flag) for model, subject, flag in rows}


def foretold(trial: Trial) -> Passed:
    return {(turn.model.value, turn.uid): turn.after[1] for turn in (*trial.turns, *trial.carried)}


def turned(before: Passed, after: Passed) -> Passed:
    return {key: flag for key, flag in after.items() if flag is not before[key]}


@pytest.mark.parametrize("seed", range(4))
def test_what_a_trial_foretells_is_what_the_version_then_does(context: Context, seed: int) -> None:
    rng = random.Random(seed)
    change_overrides(
        context,
        uid_of(context, "family"),
        {"prerequisites": {"adults_with_title": {"is_enabled": True, "percent": 60}}},
    )
    if seed % 2:
        choose_set(context, uid_of(context, "organization.tt24"))
    households, people = [], []
    for number in range(8):
        household, members = add_people(
            context, [{"citizen_group": "resident"}] * rng.randint(1, 3), code=f"01-{number:04}"
        )
        households.append(household)
        people += members
    clans = [add_clan(context, households[:4], "Họ Một"), add_clan(context, households[4:], "Họ Hai")]
    units = [add_unit(context, people[::2], "Trường một"), add_unit(context, people[1::2], "Trường hai")]
    for uid in people:
        fill(context, CITIZEN, uid, share=rng.choice((0.7, 0.8, 0.9, 1.0)))
    for model, subjects in ((FAMILY, households), (LearningModel.CLAN, clans), (LearningModel.ORGANIZATION, units)):
        for uid in subjects:
            fill(context, model, uid, group=None)
    if passed(context)[("citizen", people[0])]:
        freeze(context, CITIZEN, people[0])
    if seed > 1:
        change_round(context, YEAR, counted_on=dt.date(YEAR, 1, 31))
    uid = with_mark(context, "citizen.resident", rng.choice((70, 90, 95)))
    trial = try_version(context, uid, YEAR)
    before = passed(context)
    force_set(context, uid, moves_forms=True)
    assert foretold(trial) == turned(before, passed(context))
    assert trial.turns


def test_a_lost_title_takes_family_and_clan_along_and_says_why(context: Context) -> None:
    change_overrides(context, uid_of(context, "family"), {"prerequisites": {"adults_with_title": {"is_enabled": True}}})
    household, people = add_people(context, [{"citizen_group": "resident"}])
    clan = add_clan(context, [household])
    fill(context, CITIZEN, people[0], share=0.8)
    fill(context, FAMILY, household, group=None)
    fill(context, LearningModel.CLAN, clan, group=None)
    assert all(passed(context).values())
    trial = try_version(context, with_mark(context, "citizen.resident", 90), YEAR)
    assert [turn.model for turn in trial.turns] == [CITIZEN]
    assert [(turn.model, turn.after[1]) for turn in trial.carried] == [(FAMILY, False), (LearningModel.CLAN, False)]
    assert all(turn.reason for turn in trial.carried)
    assert passed(context) == dict.fromkeys(passed(context), True)
