"""A long list that is kept in memory is the list that SQL would give, as long as the file is what it was."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.database import connect
from desktop_app.models.records import VerdictState
from desktop_app.models.types import CitizenGroup, Poverty, Sex
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.registry import list_memory
from desktop_app.services.registry.citizen_list import CitizenFilter, CitizenList, Residence, citizen_list
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.household_list import HouseholdFilter, HouseholdList, household_list
from desktop_app.services.registry.lists import SqlList, hamlet_names
from tests.services.registry.crowd import make_crowd

DIRECTIONS = (False, True)
TEXTS = ("lan", "nguyen van", "n l", "thon 1", "thôn 10", "01-", "Ước", "079", "1984", "van thon 2", "?", "khong co")


@pytest.fixture(autouse=True)
def every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_memory, "FEW", 1)
    monkeypatch.setattr(list_memory, "_MANY_HITS", 150)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    context = make_crowd(tmp_path_factory.mktemp("crowd"))
    yield context
    context.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Context]:
    """A crowd that a test may change."""
    context = make_crowd(tmp_path)
    yield context
    context.close()


def lists_of(context: Context) -> tuple[SqlList[Any], SqlList[Any]]:
    return citizen_list(context), household_list(context)


def citizen_filters(context: Context) -> list[dict[str, Any]]:
    """Each thing that the window offers, alone."""
    hamlet = hamlet_names(context)[1][0]
    blanks = ("has_group", "has_cccd", "has_birth", "has_sex", "has_phone", "has_household", "is_assessed")
    marks = (*blanks, "has_title", "had_title")
    return [
        {"hamlet": hamlet},
        *({"group": group} for group in CitizenGroup),
        *({"sex": sex} for sex in Sex),
        *({mark: wanted} for mark in marks for wanted in (True, False)),
        *({"min_age": low, "max_age": high} for low, high in ((0, 15), (16, 17), (35, 59), (60, None), (None, 41))),
        *({"residence": residence} for residence in Residence),
        *({"outcome": outcome} for outcome in VerdictState),
        *({"text": text} for text in TEXTS),
    ]


def household_filters(context: Context) -> list[dict[str, Any]]:
    marks = ("has_head", "has_members", "has_title", "had_title", "is_assessed")
    return [
        {"hamlet": hamlet_names(context)[2][0]},
        *({"poverty": poverty} for poverty in Poverty),
        *({mark: wanted} for mark in marks for wanted in (True, False)),
        *({"outcome": outcome} for outcome in VerdictState),
        {"with_former": True},
        *({"text": text} for text in TEXTS),
    ]


def twice(context: Context, source: SqlList[Any]) -> tuple[SqlList[Any], SqlList[Any]]:
    """The same list by SQL and from memory."""
    source.remember()
    kept = dict(context.memory)
    context.memory.clear()
    by_sql = source.sorted(source.sort, descending=not source.descending).sorted(
        source.sort, descending=source.descending
    )
    by_sql.uids()
    context.memory.update(kept)
    remembered = by_sql.sorted(source.sort, descending=not source.descending).sorted(
        source.sort, descending=source.descending
    )
    with context.read() as connection:
        assert remembered.remembered(connection) is not None
    return by_sql, remembered


def assert_same(context: Context, source: SqlList[Any]) -> None:
    by_sql, remembered = twice(context, source)
    whole = by_sql.uids()
    assert remembered.count() == len(whole)
    first = [row.uid for row in remembered.rows(0, 9)]
    if source.sort in ("name", "birth") and not source._query.is_narrowed:  # ties stand as the index has them
        rows = [by_sql.rows(0, 300), remembered.rows(0, 300)]
        keys: list[list[Any]] = [[getattr(row, source.sort) for row in each] for each in rows]
        assert keys[0] == keys[1]
        assert sorted(whole) == sorted(remembered.uids())
        whole = remembered.uids()
    assert remembered.uids() == whole
    assert first == list(whole[:9])
    middle = len(whole) // 2
    assert [row.uid for row in remembered.rows(middle, 7)] == list(whole[middle : middle + 7])
    for place in {0, middle, len(whole) - 1} & set(range(len(whole))):
        assert remembered.position(whole[place]) == place


@pytest.mark.parametrize("is_descending", DIRECTIONS)
@pytest.mark.parametrize("sort", list(CitizenList.sorts))
def test_citizens_from_memory_are_those_of_sql_under_every_filter_in_every_order(
    crowd: Context, sort: str, is_descending: bool
) -> None:
    assert_same(crowd, citizen_list(crowd).sorted(sort, descending=is_descending))
    for given in citizen_filters(crowd):
        assert_same(crowd, citizen_list(crowd, CitizenFilter(**given)).sorted(sort, descending=is_descending))


@pytest.mark.parametrize("is_descending", DIRECTIONS)
@pytest.mark.parametrize("sort", list(HouseholdList.sorts))
def test_households_from_memory_are_those_of_sql_under_every_filter_in_every_order(
    crowd: Context, sort: str, is_descending: bool
) -> None:
    for given in ({}, *household_filters(crowd)):
        assert_same(crowd, household_list(crowd, HouseholdFilter(**given)).sorted(sort, descending=is_descending))


def test_several_filters_together_leave_what_sql_leaves(crowd: Context) -> None:
    rng = random.Random(3)
    for _ in range(40):
        people: dict[str, Any] = {}
        homes: dict[str, Any] = {}
        for filters, found in ((citizen_filters(crowd), people), (household_filters(crowd), homes)):
            for given in rng.sample(filters, 3):
                found.update(given)
        assert_same(crowd, citizen_list(crowd, CitizenFilter(**people)).sorted(rng.choice(list(CitizenList.sorts))))
        assert_same(
            crowd, household_list(crowd, HouseholdFilter(**homes)).sorted(rng.choice(list(HouseholdList.sorts)))
        )


def test_slots_step_over_the_code_points_that_no_text_may_hold(own: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_memory, "_GAP_AT", 31)
    for sort, is_descending in itertools.product(("name", "hamlet", "verdict"), DIRECTIONS):
        assert_same(own, citizen_list(own).sorted(sort, descending=is_descending))
        assert_same(own, citizen_list(own, CitizenFilter(text="lan")).sorted(sort, descending=is_descending))
    assert_same(own, household_list(own, HouseholdFilter(text="van lan")).sorted("head"))


def test_a_filter_of_which_nothing_is_kept_is_read_by_sql(crowd: Context) -> None:
    home = household_list(crowd).rows(0, 1)[0].uid
    asked: Sequence[SqlList[Any]] = (
        citizen_list(crowd, CitizenFilter(household=home)),
        citizen_list(crowd, CitizenFilter(poverty=Poverty.POOR)),
    )
    for source in asked:
        source.remember()
        with crowd.read() as connection:
            assert source.remembered(connection) is None
        assert source.count() == len(source.uids())


def test_what_is_written_ends_the_memory_at_once(own: Context) -> None:
    for source in lists_of(own):
        assert source.remember()
        assert not source.is_wanted()
    someone = citizen_list(own).sorted("score").rows(0, 1)[0]
    assert someone.sex is not None
    save_citizen(own, someone.uid, {"citizen_group": None})
    for source in lists_of(own):
        assert source.is_wanted()
    blank = citizen_list(own, CitizenFilter(has_group=False))
    assert someone.uid in blank.uids()
    assert blank.remember()
    assert someone.uid in citizen_list(own, CitizenFilter(has_group=False)).uids()
    assert_same(own, citizen_list(own, CitizenFilter(has_group=False)).sorted("group"))


def test_what_another_program_writes_ends_the_memory_too(own: Context) -> None:
    source = citizen_list(own)
    assert source.remember()
    raw = connect(own.folder / REGISTER_FILE)
    raw.execute("UPDATE citizen SET is_current = 0 WHERE id = 1")
    raw.close()
    assert source.is_wanted()
    assert citizen_list(own).count() == source.count() == len(citizen_list(own).uids())


def test_what_is_committed_while_the_memory_is_made_leaves_it_old(
    own: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list_memory._made
    uid = citizen_list(own).rows(0, 1)[0].uid

    def write_meanwhile(*given: Any) -> list_memory.Memory:
        memory = made(*given)
        save_citizen(own, uid, {"occupation": "Thợ may"})
        return memory

    monkeypatch.setattr(list_memory, "_made", write_meanwhile)
    citizen_list(own).remember()
    assert citizen_list(own).is_wanted()


def test_an_order_that_is_not_made_yet_is_read_by_sql(own: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    made = list_memory._make_orders
    seen: list[tuple[bool, bool]] = []

    def look_before(connection: Any, plan: Any, memory: list_memory.Memory, progress: Progress) -> None:
        by_score = citizen_list(own, CitizenFilter(has_cccd=True)).sorted("score", descending=True)
        scores = [row.score.total for row in by_score.rows(0, 20) if row.score.total is not None]
        assert scores == sorted(scores, reverse=True)
        with own.read() as other:
            seen.append((citizen_list(own).remembered(other) is None, by_score.remembered(other) is None))
        made(connection, plan, memory, progress)

    monkeypatch.setattr(list_memory, "_make_orders", look_before)
    assert citizen_list(own).remember()
    assert seen == [(False, True)]


def test_a_list_begun_by_sql_goes_on_from_memory_with_every_row_once(crowd: Context) -> None:
    for sort in ("name", "birth", "hamlet", "score"):
        crowd.memory.clear()
        source = citizen_list(crowd).sorted(sort, descending=True)
        begun = [row.uid for row in source.rows(0, 60)]
        assert citizen_list(crowd).remember()
        rest = [row.uid for row in source.rows(60, 500)]
        assert len(begun + rest) == len(set(begun + rest)) == source.count()


def test_a_household_is_found_by_words_that_one_of_its_people_has_all(own: Context) -> None:
    assert household_list(own).remember()
    one, other = (set(household_list(own, HouseholdFilter(text=text)).uids()) for text in ("lan", "uoc"))
    assert one & other, "some household has people of both names"
    assert household_list(own, HouseholdFilter(text="lan uoc")).count() == 0, "and nobody has both"
    assert one >= set(household_list(own, HouseholdFilter(text="van lan")).uids()) != set()


def test_a_short_list_is_not_kept_and_who_asks_to_stop_keeps_nothing(
    own: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        citizen_list(own).remember(stopped)
    assert not own.memory
    monkeypatch.setattr(list_memory, "FEW", 5_000)
    for source in lists_of(own):
        assert not source.is_wanted()
        assert not source.remember()
    assert not own.memory


def test_of_a_closed_register_nothing_is_wanted(tmp_path: Path) -> None:
    context = make_crowd(tmp_path)
    source = citizen_list(context)
    assert source.remember()
    context.close()
    assert context.version() is None
    assert not source.is_wanted()
    assert not source.remember()
