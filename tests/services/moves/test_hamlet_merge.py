"""Two hamlets become one, two become a new one, and a former commune's list is taken over; all of it can be undone."""

from __future__ import annotations

import datetime

import pytest

from desktop_app.models.records import SaveResult
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history.reading import operations
from desktop_app.services.history.undoing import undo
from desktop_app.services.moves.as_of import counts_on, household_on
from desktop_app.services.moves.hamlet_merge import merge_hamlets, preview_merge, take_over
from desktop_app.services.moves.household_deeds import household_leaves, household_returns
from desktop_app.services.registry.details import citizen_detail, hamlet_detail
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.services.registry.units_edit import save_branch, save_clan, save_hamlet
from tests.factories import add_household
from tests.services.registry.conftest import TODAY
from tests.services.registry.scores import give_title
from tests.services.sync.machines import register_state

LAST_YEAR = datetime.date(2025, 12, 31)


def hamlet(context: Context, name: str) -> Uid:
    return next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == name)


def codes(result: SaveResult) -> list[str]:
    return [issue.code for issue in result.errors]


@pytest.fixture
def two(context: Context) -> tuple[Uid, Uid]:
    """Thôn 1 with two households, a clan and a branch; Thôn 2 with one."""
    first, second = hamlet(context, "Thôn 1"), hamlet(context, "Thôn 2")
    add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    add_household(context, "01-0002", members=("Lê Văn Hai",))
    add_household(context, "02-0001", hamlet="Thôn 2", members=("Phạm Thị Giang",))
    save_clan(context, None, {"name": "Họ Nguyễn", "hamlet": first}, today=TODAY)
    save_branch(context, None, {"name": "Chi hội thôn 1", "hamlet": first}, today=TODAY)
    return first, second


def test_a_hamlet_goes_into_another_and_last_year_still_has_both(context: Context, two: tuple[Uid, Uid]) -> None:
    first, second = two
    seen = preview_merge(context, first)
    assert (seen.households, seen.citizens, seen.clans, seen.branches) == (2, 3, 1, 1)
    before = register_state(context)
    assert merge_hamlets(context, first, second, on="01/03/2026", today=TODAY).uid == second
    assert operations(context, 1)[0].sentence == "Nhập Thôn 1 vào Thôn 2"
    assert [(row.name, row.households, row.citizens) for row in hamlet_list(context).rows(0, 9)] == [("Thôn 2", 3, 4)]
    ended = hamlet_detail(context, first)
    assert (ended.valid_to, ended.successor.uid if ended.successor else "") == ("01/03/2026", second)
    assert [link.name for link in hamlet_detail(context, second).clans] == ["Họ Nguyễn"]
    assert [(r.hamlet.name, r.households, r.citizens) for r in counts_on(context, LAST_YEAR)] == [
        ("Thôn 1", 2, 3), ("Thôn 2", 1, 1),
    ]  # fmt: skip
    undo(context)
    assert register_state(context) == before
    assert merge_hamlets(context, first, second, on="01/03/2026", today=TODAY).is_saved, "the same again after undo"


def test_two_hamlets_become_a_new_one_and_keep_their_own_names_and_titles(
    context: Context, two: tuple[Uid, Uid]
) -> None:
    first, second = two
    give_title(context, first, 1, model=LearningModel.COMMUNITY)
    made = merge_hamlets(context, first, second, name="thôn bình an", on="01/03/2026", today=TODAY)
    assert made.uid
    assert operations(context, 1)[0].sentence == "Nhập Thôn 1 và Thôn 2 thành Thôn Bình An"
    assert [(row.name, row.households) for row in hamlet_list(context).rows(0, 9)] == [("Thôn Bình An", 3)]
    assert [hamlet_detail(context, uid).name for uid in two] == ["Thôn 1", "Thôn 2"]
    assert len(hamlet_detail(context, first).titles) == 1


def test_a_merge_says_what_is_wrong(context: Context, two: tuple[Uid, Uid]) -> None:
    first, second = two
    assert codes(merge_hamlets(context, first, first, today=TODAY)) == ["hamlet.same"]
    assert codes(merge_hamlets(context, first, second, on="01/12/2026", today=TODAY)) == ["date.in_future"]
    save_hamlet(context, None, {"name": "Thôn 3"}, today=TODAY)
    assert codes(merge_hamlets(context, first, second, name="Thôn 3", today=TODAY)) == ["name.used"]
    assert merge_hamlets(context, first, second, on="01/03/2026", today=TODAY).is_saved
    assert codes(merge_hamlets(context, second, first, today=TODAY)) == ["hamlet.closed"]
    with pytest.raises(UserError):
        preview_merge(context, "0" * 32)


def test_who_left_before_the_merge_comes_back_to_the_hamlet_that_stands(context: Context, two: tuple[Uid, Uid]) -> None:
    first, second = two
    home, members = add_household(context, "01-0003", members=("Võ Thị Hạnh",))
    household_leaves(context, home, on="01/02/2026", today=TODAY)
    merge_hamlets(context, first, second, on="01/03/2026", today=TODAY)
    assert household_returns(context, home, on="01/05/2026", today=TODAY).is_saved
    place = citizen_detail(context, members[0]).hamlet
    assert place is not None
    assert place.name == "Thôn 2"
    then = household_on(context, home, LAST_YEAR).hamlet
    assert then is not None
    assert then.name == "Thôn 1"


def test_a_former_communes_hamlets_are_taken_over_and_namesakes_stay_two(
    context: Context, two: tuple[Uid, Uid]
) -> None:
    before = register_state(context)
    assert take_over(context, "Phú Hữu", [], ["thôn 1", "T2", "Thôn 5"]).is_saved
    assert operations(context, 1)[0].sentence == "Ghi 3 thôn, tổ thuộc xã cũ Phú Hữu"
    assert take_over(context, "Phú An", two).is_saved
    assert [(row.name, row.former_commune) for row in hamlet_list(context).rows(0, 9)] == [
        ("Thôn 1", "Phú An"), ("Thôn 1", "Phú Hữu"), ("Thôn 2", "Phú An"), ("Thôn 2", "Phú Hữu"),
        ("Thôn 5", "Phú Hữu"),
    ]  # fmt: skip
    assert codes(take_over(context, "Phú Hữu", [two[0]])) == ["name.used"]
    assert codes(take_over(context, " ", [])) == ["name.missing", "hamlets.none"]
    undo(context)
    undo(context)
    assert register_state(context) == before
