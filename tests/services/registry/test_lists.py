"""Every page of every list in every order is what sorting all of it would give, and filters count what they show."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from desktop_app.models.records import CitizenRow, PageSource, VerdictState
from desktop_app.models.types import CitizenGroup, Poverty, Sex
from desktop_app.services.context import Context
from desktop_app.services.registry import lists
from desktop_app.services.registry.citizen_list import CitizenFilter, CitizenList, Residence, citizen_list
from desktop_app.services.registry.household_list import HouseholdFilter, HouseholdList, household_list
from desktop_app.services.registry.unit_lists import HamletList, hamlet_list
from desktop_app.services.registry.units_edit import save_hamlet
from desktop_app.services.vietnamese import name_sort_key, text_sort_key
from tests.services.registry.crowd import make_crowd


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    context = make_crowd(tmp_path_factory.mktemp("crowd"))
    yield context
    context.close()


def everyone(context: Context) -> list[dict[str, Any]]:
    """The oracle's view: all present people with their household and hamlet."""
    query = """
    SELECT lower(hex(c.uid)) AS uid, c.full_name, c.sex, c.birth, c.cccd, c.citizen_group, c.position, c.id,
           coalesce(c.life_status, 'living') AS life, hh.code, hh.poverty, h.name AS hamlet
    FROM citizen AS c LEFT JOIN household AS hh ON hh.id = c.household_id LEFT JOIN hamlet AS h ON h.id = hh.hamlet_id
    WHERE c.present = 1"""
    with context.read() as connection:
        return [dict(row) for row in connection.exec_driver_sql(query).mappings()]


def current(context: Context) -> list[dict[str, Any]]:
    return [person for person in everyone(context) if person["life"] in ("living", "away")]


def pages(source: PageSource[Any], size: int = 7) -> list[Any]:
    found: list[Any] = []
    for offset in range(0, source.count(), size):
        found.extend(source.rows(offset, size))
    return found


SMALL_STEPS = pytest.mark.parametrize("near", [0, 20, 10_000])
"""Where pages are read by keys, by both ends, and by LIMIT only."""


@SMALL_STEPS
@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("sort", list(CitizenList.sorts))
def test_pages_of_every_order_put_together_are_the_whole_list_once(
    crowd: Context, monkeypatch: pytest.MonkeyPatch, near: int, sort: str, is_descending: bool
) -> None:
    monkeypatch.setattr(lists, "NEAR", near)
    source = citizen_list(crowd).sorted(sort, descending=is_descending)
    rows = pages(source)
    assert len(rows) == source.count() == len(current(crowd))
    whole = citizen_list(crowd).sorted(sort, descending=is_descending)
    assert [row.uid for row in rows] == list(whole.uids())
    assert len({row.uid for row in rows}) == len(rows)
    middle = citizen_list(crowd).sorted(sort, descending=is_descending)
    assert [row.uid for row in middle.rows(100, 9)] == [row.uid for row in rows[100:109]]


def test_names_stand_in_vietnamese_order(crowd: Context) -> None:
    keys = [name_sort_key(row.name) for row in pages(citizen_list(crowd))]
    assert keys == sorted(keys)
    keys = [name_sort_key(row.name) for row in pages(citizen_list(crowd).sorted("name", descending=True))]
    assert keys == sorted(keys, reverse=True)


def test_blanks_stand_last_in_both_directions(crowd: Context) -> None:
    for is_descending in (False, True):
        births = [row.birth for row in pages(citizen_list(crowd).sorted("birth", descending=is_descending))]
        blanks = births.count("")
        assert blanks > 5
        assert all(births[: len(births) - blanks])
        scores = [row.score.total for row in pages(citizen_list(crowd).sorted("score", descending=is_descending))]
        known = [score for score in scores if score is not None]
        assert scores[: len(known)] == sorted(known, reverse=is_descending)


def test_hamlets_and_households_sort_by_their_own_order(crowd: Context) -> None:
    rows: list[CitizenRow] = pages(citizen_list(crowd).sorted("hamlet"))
    places = [row.hamlet for row in rows if row.hamlet]
    assert places == sorted(places, key=text_sort_key)
    assert list(dict.fromkeys(places)) == ["Thôn 1", "Thôn 2", "Thôn 10"]
    assert all(not row.hamlet for row in rows[len(places) :])
    codes = [row.household_code for row in pages(citizen_list(crowd).sorted("household")) if row.household_code]
    assert codes == sorted(codes, key=text_sort_key)


def test_a_row_shows_what_the_picture_shows(crowd: Context) -> None:
    oracle = {person["uid"]: person for person in everyone(crowd)}
    states = set()
    for row in pages(citizen_list(crowd)):
        person = oracle[row.uid]
        assert row.name == person["full_name"]
        assert row.hamlet == (person["hamlet"] or "")
        assert row.household_code == (person["code"] or "")
        assert row.has_cccd is (person["cccd"] is not None)
        states.add(row.score.state)
    assert states == set(VerdictState)


FILTERS: tuple[tuple[CitizenFilter, Any], ...] = (
    (CitizenFilter(group=CitizenGroup.STUDENT), lambda p: p["citizen_group"] == "student"),
    (CitizenFilter(has_group=False), lambda p: p["citizen_group"] is None),
    (CitizenFilter(has_cccd=False), lambda p: p["cccd"] is None),
    (CitizenFilter(has_cccd=False, has_sex=True, has_phone=False), lambda p: p["cccd"] is None and p["sex"]),
    (CitizenFilter(has_cccd=True, sex=Sex.MALE), lambda p: p["cccd"] is not None and p["sex"] == "male"),
    (CitizenFilter(has_sex=False, has_group=True), lambda p: not p["sex"] and p["citizen_group"]),
    (CitizenFilter(min_age=30, age_on=datetime.date(2026, 1, 1)), lambda p: p["birth"] and p["birth"] <= "1996-01-01"),
    (CitizenFilter(has_birth=False), lambda p: p["birth"] is None),
    (CitizenFilter(poverty=Poverty.NEAR_POOR), lambda p: p["poverty"] == "near_poor"),
    (CitizenFilter(text="lan"), lambda p: "Lan" in p["full_name"] or "Lân" in p["full_name"]),
    (CitizenFilter(text="van nguyen u"), lambda p: p["full_name"].startswith("Nguyễn Văn Ướ")),
)


@pytest.mark.parametrize(("filters", "is_meant"), FILTERS, ids=lambda value: "")
def test_a_filter_shows_those_and_only_those(crowd: Context, filters: CitizenFilter, is_meant: Any) -> None:
    source = citizen_list(crowd, filters)
    wanted = {person["uid"] for person in current(crowd) if is_meant(person)}
    assert wanted
    for sort in CitizenList.sorts:
        assert {row.uid for row in pages(source.sorted(sort))} == wanted
    assert source.count() == len(wanted)


@pytest.mark.parametrize(("filters", "sort", "plan"), [
    (CitizenFilter(min_age=30, max_age=60), "name", "COVERING INDEX ix_citizen_list"),
    (CitizenFilter(min_age=30, max_age=60), "group", "COVERING INDEX ix_citizen_list"),
    (CitizenFilter(min_age=30, max_age=60), "birth", "ix_citizen_birth_list (is_current=? AND birth"),
    (CitizenFilter(has_sex=False), "name", "SCAN c"),
    (CitizenFilter(has_phone=False), "birth", "SCAN c"),
    (CitizenFilter(residence=Residence.AWAY), "name", "SCAN c"),
    (CitizenFilter(), "sex", "SCAN c"),
    (CitizenFilter(), "name", "COVERING INDEX ix_citizen_list"),
    (CitizenFilter(has_sex=False, has_cccd=False), "name", "ix_citizen_no_cccd"),
])  # fmt: skip
def test_a_great_list_is_read_in_the_order_of_the_file_or_of_an_index_that_holds_all(
    crowd: Context, filters: CitizenFilter, sort: str, plan: str
) -> None:
    source = citizen_list(crowd, filters).sorted(sort)
    with crowd.read() as connection:
        statement = f"EXPLAIN QUERY PLAN {source._statement(False)} LIMIT 100"
        steps = [row[3] for row in connection.exec_driver_sql(statement, source._query.parameters)]
    assert plan in steps[0]


def test_a_hamlet_filter_works_with_every_other(crowd: Context) -> None:
    place = next(row for row in hamlet_list(crowd).rows(0, 9) if row.name == "Thôn 10")
    rows = pages(citizen_list(crowd, CitizenFilter(hamlet=place.uid, has_cccd=False)))
    wanted = {p["uid"] for p in current(crowd) if p["hamlet"] == "Thôn 10" and p["cccd"] is None}
    assert {row.uid for row in rows} == wanted
    assert place.citizens == citizen_list(crowd, CitizenFilter(hamlet=place.uid)).count()


def test_an_age_counts_complete_years_and_a_bare_year_by_the_year(crowd: Context) -> None:
    from desktop_app.services.vietnamese import PartialDate, age_on

    day = datetime.date(2026, 6, 15)
    rows = pages(citizen_list(crowd, CitizenFilter(min_age=16, max_age=30, age_on=day)))
    wanted = {
        person["uid"]
        for person in current(crowd)
        if person["birth"] and 16 <= age_on(PartialDate.from_iso(person["birth"]), day) <= 30
    }
    assert wanted
    assert {row.uid for row in rows} == wanted


@pytest.mark.parametrize("residence", list(Residence))
def test_who_died_or_left_is_listed_apart(crowd: Context, residence: Residence) -> None:
    meant = {
        Residence.CURRENT: {"living", "away"}, Residence.ALL: {"living", "away", "moved", "dead"},
    }.get(residence, {residence.value})  # fmt: skip
    wanted = {person["uid"] for person in everyone(crowd) if person["life"] in meant}
    source = citizen_list(crowd, CitizenFilter(residence=residence))
    assert {row.uid for row in pages(source)} == wanted
    assert source.count() == len(wanted)


def test_outcomes_divide_the_list_without_a_rest(crowd: Context) -> None:
    parts = [set(citizen_list(crowd, CitizenFilter(outcome=outcome)).uids()) for outcome in VerdictState]
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(current(crowd))
    assert set(citizen_list(crowd, CitizenFilter(is_assessed=False)).uids()) == parts[-1]
    assert citizen_list(crowd, CitizenFilter(is_assessed=True)).count() == sum(map(len, parts[:-1]))
    assert citizen_list(crowd, CitizenFilter(has_title=True, residence=Residence.ALL)).count() == 1


def test_a_record_is_found_again_in_another_order(crowd: Context) -> None:
    row = citizen_list(crowd).rows(33, 1)[0]
    other = citizen_list(crowd).sorted("birth", descending=True)
    place = other.position(row.uid)
    assert place is not None
    assert other.rows(place, 1)[0].uid == row.uid
    assert citizen_list(crowd, CitizenFilter(text="qqq")).position(row.uid) is None


def test_an_unknown_order_is_refused(crowd: Context) -> None:
    with pytest.raises(KeyError):
        citizen_list(crowd).sorted("cccd")


def test_an_empty_list_has_no_rows(crowd: Context) -> None:
    source = citizen_list(crowd, CitizenFilter(text="không ai tên này"))
    assert (source.count(), list(source.rows(0, 50)), source.uids()) == (0, [], ())
    assert list(citizen_list(crowd).rows(1_000_000, 50)) == []


@pytest.mark.parametrize("sort", list(HouseholdList.sorts))
def test_households_come_in_every_order_once(crowd: Context, monkeypatch: pytest.MonkeyPatch, sort: str) -> None:
    monkeypatch.setattr(lists, "NEAR", 10)
    for is_descending in (False, True):
        rows = pages(household_list(crowd).sorted(sort, descending=is_descending))
        assert len({row.uid for row in rows}) == len(rows) == 60
        assert [r.uid for r in rows] == list(household_list(crowd).sorted(sort, descending=is_descending).uids())


def test_a_household_row_counts_who_lives_there_and_names_its_title_years(crowd: Context) -> None:
    rows = pages(household_list(crowd))
    assert sum(row.members for row in rows) == sum(1 for person in current(crowd) if person["code"])
    assert [row.title_years for row in rows if row.title_years] == [(2025, 2026)]
    assert household_list(crowd, HouseholdFilter(has_title=True)).count() == 1
    assert household_list(crowd, HouseholdFilter(has_title=False)).count() == 59


def test_households_are_found_by_code_or_by_anyone_in_them(crowd: Context) -> None:
    code = pages(household_list(crowd))[5].code
    assert code in {row.code for row in pages(household_list(crowd, HouseholdFilter(text=code)))}
    found = set(household_list(crowd, HouseholdFilter(text="ôn văn")).uids())
    with crowd.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT lower(hex(h.uid)) FROM citizen AS c JOIN household AS h ON h.id = c.household_id "
            "WHERE c.full_name LIKE 'Ôn Văn%'"
        ).all()
    assert found == {row[0] for row in rows}


@pytest.mark.parametrize("sort", list(HamletList.sorts))
def test_hamlets_sort_by_every_column(crowd: Context, sort: str) -> None:
    assert {row.name for row in hamlet_list(crowd).sorted(sort).rows(0, 9)} == {"Thôn 1", "Thôn 2", "Thôn 10"}
    assert [row.name for row in hamlet_list(crowd).rows(0, 9)] == ["Thôn 1", "Thôn 2", "Thôn 10"]
    assert hamlet_list(crowd, "thon 1").count() == 2


def test_households_that_words_find_are_looked_up_once(crowd: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = lists.all_rows

    def noted(connection: Any, query: str, parameters: Any = ()) -> Any:
        asked.append(query)
        return real(connection, query, parameters)

    monkeypatch.setattr(lists, "all_rows", noted)
    source = household_list(crowd, HouseholdFilter(text="van"))
    count = source.count()
    rows = source.rows(0, 5)
    assert count >= len(rows) > 1
    assert source.position(rows[1].uid) == 1
    assert sum("MATCH" in query for query in asked) == 1


def test_units_in_another_order_or_under_other_words_are_read_once_until_something_is_written(
    crowd: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = lists.all_rows

    def noted(connection: Any, query: str, parameters: Any = ()) -> Any:
        asked.append(query)
        return real(connection, query, parameters)

    monkeypatch.setattr(lists, "all_rows", noted)
    crowd.memory.clear()
    source = hamlet_list(crowd)
    for sort in HamletList.sorts:
        for is_descending in (False, True):
            assert source.sorted(sort, descending=is_descending).count() == 3
    people = [row.citizens for row in source.sorted("citizens", descending=True).rows(0, 9)]
    assert people == sorted(people, reverse=True)
    assert [row.name for row in source.sorted("name", descending=True).rows(0, 9)] == ["Thôn 10", "Thôn 2", "Thôn 1"]
    assert [row.name for row in source.sorted("leader", descending=True).rows(0, 9)] == ["Thôn 1", "Thôn 2", "Thôn 10"]
    assert [row.name for row in hamlet_list(crowd, "thon 10").rows(0, 9)] == ["Thôn 10"]
    assert len(asked) == 1
    place = source.rows(0, 1)[0].uid
    save_hamlet(crowd, place, {"leader": "Trần Văn Hà"})
    assert hamlet_list(crowd).sorted("leader").rows(0, 1)[0].leader == "Trần Văn Hà"
    assert hamlet_list(crowd).sorted("leader", descending=True).rows(0, 1)[0].leader == "Trần Văn Hà"
    assert len(asked) == 2
