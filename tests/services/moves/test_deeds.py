"""What happens to people and their households: guards in words, heads, days, endings, and the way back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from desktop_app.models.records import SaveResult
from desktop_app.models.types import LifeStatus, MoveReason, Uid
from desktop_app.services.context import Context
from desktop_app.services.history.reading import operations
from desktop_app.services.moves.as_of import counts_on, household_on, members_on, past_day, place_on
from desktop_app.services.moves.deeds import (
    add_newcomer,
    come_back,
    move_member,
    record_away,
    record_death,
    record_leaving,
)
from desktop_app.services.moves.household_deeds import (
    SplitPlan,
    change_head,
    household_leaves,
    household_returns,
    join_households,
    move_household,
    split_household,
)
from desktop_app.services.moves.household_parts import propose_relations
from desktop_app.services.moves.residence import former_places
from desktop_app.services.registry.citizens import remove_citizen, save_citizen
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.services.registry.units_edit import save_clan
from desktop_app.services.registry.usage import why_not_remove
from tests.factories import add_household
from tests.services.registry.conftest import TODAY

LAST_YEAR = datetime.date(2025, 12, 31)
Family = tuple[Uid, list[Uid]]


@pytest.fixture
def home(context: Context) -> Family:
    """Ước with his wife Ánh (1962) and their son Đạt (1963, for the sake of the factory)."""
    household, members = add_household(
        context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt")
    )
    for uid, sex, relation in zip(members, ("male", "female", "male"), ("Chủ hộ", "Vợ", "Con"), strict=True):
        assert save_citizen(context, uid, {"sex": sex, "relation": relation}, today=TODAY).is_saved
    return household, members


@pytest.fixture
def other(context: Context) -> Family:
    return add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))


def codes(result: SaveResult) -> list[str]:
    return [issue.code for issue in result.errors]


def last_sentence(context: Context) -> str:
    return operations(context, 1)[0].sentence


def hamlet(context: Context, name: str) -> Uid:
    return next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == name)


def names(context: Context, household: Uid, day: datetime.date) -> list[str]:
    return [member.name for member in members_on(context, household, day)]


def test_a_person_moves_and_last_year_still_shows_the_old_household(
    context: Context, home: Family, other: Family
) -> None:
    household, (_, _, son) = home
    result = move_member(context, son, other[0], relation="con rể", on="01/03/2026", today=TODAY)
    assert result.is_saved
    assert last_sentence(context) == "Chuyển Nguyễn Minh Đạt sang hộ 02-0001 (Lê Văn Bình)"
    assert citizen_detail(context, son).relation == "Con rể"
    assert names(context, household, LAST_YEAR) == ["Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"]
    assert names(context, household, datetime.date(2026, 3, 1)) == ["Nguyễn Văn Ước", "Trần Thị Ánh"]
    before, after = (place_on(context, son, day) for day in (datetime.date(2026, 2, 28), datetime.date(2026, 3, 1)))
    assert [p.hamlet.name for p in (before, after) if p.hamlet] == ["Thôn 1", "Thôn 2"]
    assert [(row.hamlet.name, row.citizens) for row in counts_on(context, LAST_YEAR)] == [("Thôn 1", 3), ("Thôn 2", 1)]


def test_a_head_who_leaves_others_behind_names_a_new_head(context: Context, home: Family, other: Family) -> None:
    household, (head, wife, _) = home
    refused = move_member(context, head, other[0], today=TODAY)
    assert codes(refused) == ["head.leaves"]
    assert refused.errors[0].message == "Hộ còn 2 người; hãy chọn chủ hộ mới trong số ở lại."
    assert codes(record_death(context, head, new_head=other[1][0], today=TODAY)) == ["head.not_member"]
    saved = record_death(context, head, on="15/05/2026", new_head=wife, today=TODAY)
    assert [issue.code for issue in saved.warnings] == ["relation.review"]
    detail = household_detail(context, household)
    assert detail.head is not None
    assert (detail.head.name, citizen_detail(context, wife).relation) == ("Trần Thị Ánh", "Chủ hộ")
    assert citizen_detail(context, head).life is LifeStatus.DEAD
    then = household_on(context, household, LAST_YEAR)
    assert then.head is not None
    assert then.head.name == "Nguyễn Văn Ước"
    assert [m.relation for m in then.members] == ["Chủ hộ", "Vợ", "Con"]


def test_days_are_neither_ahead_nor_before_birth_nor_before_the_last_move(
    context: Context, home: Family, other: Family
) -> None:
    son = home[1][2]
    assert codes(move_member(context, son, other[0], on="01/12/2026", today=TODAY)) == ["date.in_future"]
    assert codes(move_member(context, son, other[0], on="1950", today=TODAY)) == ["date.before_birth"]
    assert codes(move_member(context, son, other[0], on="hôm kia", today=TODAY)) == ["date.not_a_date"]
    assert move_member(context, son, other[0], on="01/03/2026", today=TODAY).is_saved
    again = move_member(context, son, home[0], on="28/02/2026", today=TODAY)
    assert codes(again) == ["date.before_last"]
    assert "ngày 01/03/2026" in again.errors[0].message
    assert record_death(context, son, on="2026", today=TODAY).is_saved, "only the year is known: it may be later"


def test_who_died_or_left_does_not_move_and_nobody_moves_into_a_closed_household(
    context: Context, home: Family, other: Family
) -> None:
    alone = other[1][0]
    assert record_leaving(context, alone, place="Cần Thơ", on="01/04/2026", today=TODAY).is_saved
    assert household_detail(context, other[0]).valid_to == "01/04/2026", "nobody lives there any more"
    assert codes(move_member(context, alone, home[0], today=TODAY)) == ["person.moved"]
    assert codes(move_member(context, home[1][2], other[0], today=TODAY)) == ["household.closed"]
    assert codes(record_leaving(context, alone, today=TODAY)) == ["person.moved"]
    assert [row.households for row in hamlet_list(context).rows(0, 9)] == [1, 0]


def test_who_comes_back_opens_the_closed_household_again_and_the_gap_stays_known(
    context: Context, other: Family
) -> None:
    alone = other[1][0]
    record_leaving(context, alone, place="Cần Thơ", on="01/02/2026", today=TODAY)
    assert codes(come_back(context, alone, on="15/01/2026", today=TODAY))[0] == "date.before_last"
    assert come_back(context, alone, on="01/05/2026", today=TODAY).is_saved
    assert last_sentence(context) == "Ghi Lê Văn Bình trở về"
    detail = household_detail(context, other[0])
    assert (detail.valid_to, detail.head.name if detail.head else "") == ("", "Lê Văn Bình")
    assert not household_on(context, other[0], datetime.date(2026, 3, 1)).existed
    assert household_on(context, other[0], datetime.date(2026, 1, 1)).existed
    assert place_on(context, alone, datetime.date(2026, 3, 1)).life is LifeStatus.MOVED
    with context.read() as connection:
        told = former_places(connection, 1)
    assert [(place.where is None, place.words, place.until) for place in told] == [
        (True, "", "01/05/2026"), (False, "Cần Thơ", "01/02/2026"),
    ]  # fmt: skip


def test_a_time_away_keeps_the_place_and_the_headship(context: Context, home: Family) -> None:
    head = home[1][0]
    assert record_away(context, head, place="Đồng Nai", on="01/02/2026", today=TODAY).is_saved
    assert household_detail(context, home[0]).head is not None
    assert codes(record_away(context, head, today=TODAY)) == ["person.away"]
    assert come_back(context, head, on="01/04/2026", today=TODAY).is_saved
    assert codes(come_back(context, head, today=TODAY)) == ["person.here"]
    lives = [place_on(context, head, datetime.date(2026, month, 15)).life for month in (1, 3, 5)]
    assert lives == [LifeStatus.LIVING, LifeStatus.AWAY, LifeStatus.LIVING]


def test_a_son_founds_a_household_with_his_wife(context: Context, home: Family, other: Family) -> None:
    household, (head, wife, son) = home
    bride = other[1][0]
    assert move_member(context, bride, household, relation="con dâu", on="01/02/2026", today=TODAY).is_saved
    clan = save_clan(context, None, {"name": "Họ Nguyễn", "surname": "Nguyễn"}, [household], today=TODAY).uid
    plan = SplitPlan([bride, son], son, {bride: "vợ"}, code="01-0002")
    made = split_household(context, household, plan, on="01/03/2026", today=TODAY)
    assert made.uid
    assert made.warnings == ()
    assert last_sentence(context) == ("Tách 2 người của hộ 01-0001 (Nguyễn Văn Ước) ra hộ 01-0002 (Nguyễn Minh Đạt)")
    detail = household_detail(context, made.uid)
    assert [(m.name, m.relation) for m in detail.members] == [("Nguyễn Minh Đạt", "Chủ hộ"), ("Lê Văn Bình", "Vợ")]
    assert (detail.valid_from, detail.split_from.uid if detail.split_from else "") == ("01/03/2026", household)
    assert [link.uid for link in detail.clans] == [clan]
    assert not household_on(context, made.uid, datetime.date(2026, 2, 1)).existed
    assert names(context, household, datetime.date(2026, 2, 15)) == [
        "Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt", "Lê Văn Bình",
    ]  # fmt: skip
    assert {head, wife} == {m.uid for m in household_detail(context, household).members}


def test_a_split_says_what_is_missing(context: Context, home: Family, other: Family) -> None:
    household, (head, wife, son) = home

    def split(members: Sequence[Uid], chosen: Uid, **more: object) -> list[str]:
        plan = SplitPlan(members, chosen, **more)  # type: ignore[arg-type]
        return codes(split_household(context, household, plan, today=TODAY))

    assert split([], son) == ["members.none"]
    assert split([head, wife, son], son) == ["members.all"]
    assert split([other[1][0]], other[1][0]) == ["members.not_here"]
    assert split([son], wife) == ["head.not_member"]
    assert split([son], son, code="02-0001") == ["code.used"]
    assert split([head, son], son) == ["head.leaves"]
    assert split([head, son], son, relations={head: "chủ hộ"}, new_head=wife) == ["relation.head"]


def test_joining_closes_the_emptied_household_and_asks_for_relations(
    context: Context, home: Family, other: Family
) -> None:
    joined = join_households(context, other[0], home[0], relations={other[1][0]: "em vợ"}, today=TODAY)
    assert joined.uid == home[0]
    assert joined.warnings == ()
    assert last_sentence(context).startswith("Nhập hộ 02-0001")
    closed = household_detail(context, other[0])
    assert (closed.valid_to, closed.head, closed.members) == ("01/06/2026", None, ())
    assert names(context, other[0], LAST_YEAR) == ["Lê Văn Bình"]
    assert codes(join_households(context, other[0], home[0], today=TODAY)) == ["household.empty"]
    assert codes(join_households(context, home[0], home[0], today=TODAY)) == ["household.same"]


def test_relations_to_a_new_head_are_proposed_where_they_are_sure(context: Context, home: Family) -> None:
    household, (head, wife, son) = home
    assert propose_relations(context, household, wife) == {head: "Chồng", son: "Con"}
    assert propose_relations(context, household, son) == {head: "Bố", wife: "Mẹ"}
    proposed = propose_relations(context, household, son)
    saved = change_head(context, household, son, relations=proposed, on="2026-05-01", today=TODAY)
    assert saved.warnings == ()
    assert {m.name: m.relation for m in household_detail(context, household).members} == {
        "Nguyễn Minh Đạt": "Chủ hộ", "Nguyễn Văn Ước": "Bố", "Trần Thị Ánh": "Mẹ",
    }  # fmt: skip
    assert [m.relation for m in members_on(context, household, LAST_YEAR)] == ["Chủ hộ", "Vợ", "Con"]
    assert codes(change_head(context, household, son, today=TODAY)) == ["head.same"]


def test_a_household_moves_to_another_hamlet_and_back_out_of_the_past(context: Context, home: Family) -> None:
    goal = hamlet(context, "Thôn 2")
    moved = move_household(context, home[0], goal, address="Số 5", on="01/03/2026", today=TODAY)
    assert moved.is_saved
    assert last_sentence(context) == "Chuyển hộ 01-0001 (Nguyễn Văn Ước) sang Thôn 2"
    before, now = (household_on(context, home[0], day) for day in (LAST_YEAR, TODAY))
    assert [h.hamlet.name for h in (before, now) if h.hamlet] == ["Thôn 1", "Thôn 2"]
    assert (before.address, now.address) == ("", "Số 5")
    assert [row.citizens for row in counts_on(context, LAST_YEAR)] == [3, 0]
    assert [row.citizens for row in counts_on(context, TODAY)] == [0, 3]
    assert codes(move_household(context, home[0], goal, today=TODAY)) == ["hamlet.same"]
    back = move_household(context, home[0], hamlet(context, "Thôn 1"), on="01/02/2026", today=TODAY)
    assert codes(back) == ["date.before_last"]


def test_a_whole_household_leaves_and_comes_back_with_its_relations(context: Context, home: Family) -> None:
    assert household_leaves(context, home[0], place="Đồng Nai", on="01/02/2026", today=TODAY).is_saved
    assert last_sentence(context) == "Ghi cả hộ 01-0001 (Nguyễn Văn Ước) chuyển khỏi xã"
    assert household_detail(context, home[0]).valid_to == "01/02/2026"
    assert {m.life for m in household_detail(context, home[0]).members} == {LifeStatus.MOVED}
    assert codes(household_leaves(context, home[0], today=TODAY)) == ["household.closed"]
    back = household_returns(context, home[0], hamlet=hamlet(context, "Thôn 2"), on="01/05/2026", today=TODAY)
    assert back.is_saved
    assert last_sentence(context) == "Ghi hộ 01-0001 (Nguyễn Văn Ước) trở về Thôn 2"
    assert [m.relation for m in household_detail(context, home[0]).members] == ["Chủ hộ", "Vợ", "Con"]
    counted = [sum(r.citizens for r in counts_on(context, datetime.date(2026, month, 15))) for month in (1, 3, 5)]
    assert counted == [3, 0, 3]
    assert codes(household_returns(context, home[0], today=TODAY))[0] == "household.open"


def test_a_newborn_and_a_newcomer_were_not_there_before(context: Context, home: Family) -> None:
    born = add_newcomer(
        context, home[0], {"full_name": "Nguyễn Thị Bé", "relation": "cháu"}, on="10/04/2026", is_born_here=True,
        today=TODAY,
    )  # fmt: skip
    assert born.uid
    assert last_sentence(context).startswith("Thêm Nguyễn Thị Bé mới sinh ở hộ 01-0001")
    assert citizen_detail(context, born.uid).birth == "10/04/2026"
    came = add_newcomer(
        context, home[0], {"full_name": "Võ Thị Hạnh", "birth": "1990", "relation": "con dâu"}, on="01/03/2026",
        place="Cà Mau", today=TODAY,
    )  # fmt: skip
    assert came.uid
    assert len(names(context, home[0], LAST_YEAR)) == 3
    assert len(names(context, home[0], TODAY)) == 5
    early = add_newcomer(context, home[0], {"full_name": "Võ Văn A", "birth": "05/2026"}, on="2025", today=TODAY)
    assert codes(early) == ["date.before_birth"]


def test_a_corrected_mistake_leaves_no_former_place(context: Context, home: Family, other: Family) -> None:
    son = home[1][2]
    assert save_citizen(context, son, {"household": other[0]}, today=TODAY).is_saved
    assert names(context, other[0], LAST_YEAR) == ["Lê Văn Bình", "Nguyễn Minh Đạt"]


def test_a_round_is_past_once_its_counting_day_is(context: Context) -> None:
    assert past_day("2025-12-31", TODAY) == "2025-12-31"
    assert past_day("2026-12-31", TODAY) is None
    assert past_day("2025", TODAY) is None


def test_former_places_name_the_reason(context: Context, home: Family, other: Family) -> None:
    son = home[1][2]
    change_head(context, home[0], son, on="01/02/2026", today=TODAY)
    move_member(context, son, other[0], on="01/03/2026", new_head=home[1][0], today=TODAY)
    with context.read() as connection:
        key = connection.exec_driver_sql("SELECT id FROM citizen WHERE uid = ?", (bytes.fromhex(son),)).scalar_one()
        told = former_places(connection, key)
    assert [(place.reason, place.since, place.until, place.relation) for place in told] == [
        (MoveReason.MOVE, "", "01/03/2026", "Chủ hộ")
    ]


def test_what_the_past_stands_on_is_not_removed(context: Context, home: Family, other: Family) -> None:
    join_households(context, other[0], home[0], today=TODAY)
    assert why_not_remove(context, "household", other[0]) == (
        "Từng có 1 người ở hộ này; hộ được giữ để xem lại các năm trước.",
    )
    move_household(context, home[0], hamlet(context, "Thôn 2"), today=TODAY)
    told = why_not_remove(context, "hamlet", hamlet(context, "Thôn 1"))
    assert told == ("Từng có 1 hộ ở đây; thôn, tổ được giữ để xem lại các năm trước.",)
    remove_citizen(context, other[1][0])
    assert why_not_remove(context, "household", other[0]) == (), "a person removed by mistake takes his places along"


def test_of_a_dead_person_one_sentence_is_said_however_much_else_is_wrong(
    context: Context, home: Family, other: Family
) -> None:
    _, (head, wife, _son) = home
    assert record_death(context, head, new_head=wife, today=TODAY).is_saved
    found = move_member(context, head, home[0], relation="Chủ hộ", on="1950", today=TODAY)
    assert codes(found) == ["person.dead"]
    assert not found.warnings
    assert codes(record_away(context, head, on="1950", today=TODAY)) == ["person.dead"]
