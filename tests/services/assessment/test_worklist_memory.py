"""A long work list that is kept in memory is the list that SQL would give, of the present round and of a past one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel, LifeStatus
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.round_models import change_part
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.assessment.worklist import AssessmentList, WorkFilter, WorkStatus, work_list
from desktop_app.services.context import Context
from desktop_app.services.moves.deeds import move_member, record_death
from desktop_app.services.moves.hamlet_merge import merge_hamlets
from desktop_app.services.moves.household_deeds import household_leaves, move_household
from desktop_app.services.raw import all_rows
from desktop_app.services.registry import list_memory
from desktop_app.services.registry.citizen_list import citizen_list
from desktop_app.services.registry.household_list import household_list
from desktop_app.services.registry.lists import hamlet_names
from tests.services.registry.crowd import make_crowd

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY
NOW, PAST = 2026, 2020
DAY = "01/03/2021"
TEXTS = (
    "lan",
    "nguyen van",
    "n l",
    "thon 1",
    "thôn 10",
    "01-",
    "1-0",
    "Ước",
    "079",
    "van thon 2",
    "?",
    "-",
    "khong co",
)
_FORMS = """
INSERT INTO assessment (uid, assessment_round_id, model, subject, subject_id, status, answered, total, is_complete,
passed) SELECT randomblob(16), r.id, ?, s.uid, s.id, CASE s.id % 7 WHEN 1 THEN 'returned' WHEN 2 THEN 'recognised'
ELSE 'draft' END, s.id % 4 * 3, CASE s.id % 4 WHEN 0 THEN NULL ELSE s.id % 11 * 10 END, s.id % 4 = 3,
s.id % 4 = 3 AND s.id % 11 >= 8 FROM {table} AS s JOIN assessment_round AS r
WHERE s.id % 5 > 1 AND NOT EXISTS
(SELECT 1 FROM assessment AS a WHERE a.subject = s.uid AND a.assessment_round_id = r.id)
"""
_REGISTRATIONS = """
INSERT INTO registration (uid, assessment_round_id, model, subject, subject_id)
SELECT randomblob(16), r.id, ?, s.uid, s.id FROM {table} AS s JOIN assessment_round AS r WHERE s.id % 3 = 0"""

_FORMLESS = "SELECT lower(hex(uid)) FROM citizen WHERE uid NOT IN (SELECT subject FROM assessment)"


@pytest.fixture(autouse=True)
def every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_memory, "FEW", 1)
    monkeypatch.setattr(list_memory, "_MANY_HITS", 150)


def make_worked(folder: Path) -> Context:
    """The crowd with two rounds, forms of every status and registrations, and who moved or died since the first."""
    context = make_crowd(folder)
    open_round(context, PAST)
    with context.database.write() as connection:
        for model, table in ((CITIZEN, "citizen"), (FAMILY, "household")):
            for statement in (_FORMS, _REGISTRATIONS):
                connection.exec_driver_sql(statement.format(table=table), (model.value,))
    homes = household_list(context).uids()
    living = [row.uid for row in citizen_list(context).rows(0, 400) if row.household and row.life is LifeStatus.LIVING]
    for uid in living[:3]:
        move_member(context, uid, homes[-1], on=DAY)
    record_death(context, living[10], on=DAY)
    first, second, third = (uid for uid, _, _ in hamlet_names(context))
    move_household(context, homes[0], third, on=DAY)
    for home in homes[5:10]:
        household_leaves(context, home, on=DAY)
    merge_hamlets(context, first, second, on="01/06/2021")
    return context


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    context = make_worked(tmp_path_factory.mktemp("worked"))
    yield context
    context.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Context]:
    """A register that a test may change."""
    context = make_worked(tmp_path)
    yield context
    context.close()


def all_hamlets(context: Context) -> list[str]:
    """Also of those that were merged."""
    with context.read() as connection:
        return [row[0] for row in all_rows(connection, "SELECT lower(hex(uid)) FROM hamlet")]


def filters(context: Context, model: LearningModel) -> list[dict[str, Any]]:
    """Each thing that the window offers, alone."""
    groups = CitizenGroup if model is CITIZEN else ()
    return [
        {},
        *({"hamlet": uid} for uid in all_hamlets(context)),
        *({"group": group} for group in groups),
        *({"status": status} for status in WorkStatus),
        {"is_registered": True},
        *({"text": text} for text in TEXTS),
        {"hamlet": "0" * 32},
    ]


def is_for_sql(model: LearningModel, given: dict[str, Any]) -> bool:
    """Signs alone are looked for in the names themselves."""
    return model is CITIZEN and given.get("text") in ("?", "-")


def told(source: AssessmentList) -> list[Any]:
    """All that a list says."""
    whole = source.uids()
    middle = len(whole) // 2
    return [
        source.count(),
        source.counts(),
        whole,
        [row for offset in (0, middle) for row in source.rows(offset, 9)],
        [source.position(uid) for uid in (*whole[:1], *whole[middle : middle + 1], *whole[-1:])],
    ]


def assert_same(
    context: Context, model: LearningModel, year: int, sort: str, descending: bool, given: dict[str, Any]
) -> None:
    def make() -> AssessmentList:
        return work_list(context, model, year, WorkFilter(**given)).sorted(sort, descending)

    make().remember()
    kept = dict(context.memory)
    context.memory.clear()
    by_sql = told(make())
    context.memory.update(kept)
    remembered = make()
    with context.read() as connection:
        assert (remembered.remembered(connection) is None) is is_for_sql(model, given)
    assert told(remembered) == by_sql, (sort, descending, given)
    assert sum(row.uid in by_sql[2] for row in by_sql[3]) == len(by_sql[3])


@pytest.mark.parametrize("year", [NOW, PAST])
@pytest.mark.parametrize("model", [CITIZEN, FAMILY])
@pytest.mark.parametrize("sort", list(AssessmentList.sorts))
def test_a_list_from_memory_is_that_of_sql_under_every_filter_in_every_order(
    worked: Context, model: LearningModel, year: int, sort: str
) -> None:
    for descending in (False, True):
        for given in filters(worked, model):
            assert_same(worked, model, year, sort, descending, given)


def test_several_filters_together_leave_what_sql_leaves(worked: Context) -> None:
    rng = random.Random(5)
    for _ in range(60):
        model = rng.choice([CITIZEN, FAMILY])
        given: dict[str, Any] = {}
        for one in rng.sample([one for one in filters(worked, model) if not is_for_sql(model, one)], 3):
            given |= one
        assert_same(worked, model, rng.choice([NOW, PAST]), rng.choice(list(AssessmentList.sorts)), False, given)


def test_the_crowd_has_every_status_and_differs_between_the_rounds(worked: Context) -> None:
    for model in (CITIZEN, FAMILY):
        assert all(work_list(worked, model, NOW).counts().values())
        now, past = (set(work_list(worked, model, year).uids()) for year in (NOW, PAST))
        assert past - now


def test_an_answer_ends_the_memory_at_once(own: Context) -> None:
    blank = WorkFilter(status=WorkStatus.NOT_STARTED)
    source = work_list(own, CITIZEN, NOW, blank)
    assert source.remember()
    assert not source.is_wanted()
    with own.read() as connection:
        formless = {row[0] for row in all_rows(connection, _FORMLESS)}
    someone = next(row.uid for row in source.rows(0, 500) if row.group is not None and row.uid in formless)
    answer(own, CITIZEN, someone, NOW, "1", 5)
    assert source.is_wanted()
    assert someone not in work_list(own, CITIZEN, NOW, blank).uids()
    assert work_list(own, CITIZEN, NOW, blank).remember()
    assert someone not in work_list(own, CITIZEN, NOW, blank).uids()
    assert_same(own, CITIZEN, NOW, "answered", True, {})


def test_what_is_left_out_of_a_round_is_left_out_of_the_memory(own: Context) -> None:
    change_part(own, NOW, CITIZEN, CitizenGroup.STUDENT, is_taking_part=False)
    assert_same(own, CITIZEN, NOW, "name", False, {})
    assert_same(own, CITIZEN, NOW, "total", True, {"group": CitizenGroup.STUDENT})


def test_the_lists_of_the_register_and_of_the_rounds_work_are_kept_beside_each_other(own: Context) -> None:
    sources = (work_list(own, CITIZEN, NOW), work_list(own, FAMILY, NOW), citizen_list(own), household_list(own))
    for source in sources:
        assert source.is_wanted()
        assert source.remember()
    assert not any(source.is_wanted() for source in sources)
    assert work_list(own, CITIZEN, PAST).remember()
    assert sources[0].is_wanted(), "of one model only the round that is worked in is kept"
    assert not any(source.is_wanted() for source in sources[1:])


def test_lists_that_are_never_long_are_not_kept(own: Context) -> None:
    for model in (LearningModel.CLAN, LearningModel.COMMUNITY, LearningModel.ORGANIZATION, LearningModel.COMMUNE):
        assert not work_list(own, model, NOW).is_wanted()
        assert not work_list(own, model, NOW).remember()
    assert not own.memory
