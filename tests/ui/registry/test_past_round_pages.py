"""While people work in a past round, pages of households, clans, hamlets and units show what that round counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLabel

from desktop_app.services.assessment.rounds import open_round, work_in
from desktop_app.services.context import Context
from desktop_app.services.moves.deeds import move_member
from desktop_app.services.moves.household_deeds import household_leaves
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.ui.registry.row_list import RowList
from tests.factories import add_household
from tests.services.assessment.world import FAMILY, add_clan, add_unit, fill
from tests.ui.conftest import settle
from tests.ui.registry.conftest import Home

PAST = 2025
HEAD = "Đợt 2025 tính theo sổ ngày 31/12/2025"


def said(page: Any, uid: str) -> str:
    """All words of a record's panel but its rows."""
    page.want(uid)
    settle()
    return "\n".join(label.text() for label in page.panel.findChildren(QLabel) if not label.isHidden())


def rows(page: Any, name: str) -> list[str]:
    """What a short list of the panel says, row by row."""
    found = next(item for item in page.panel.findChildren(RowList) if item.accessibleName() == name)
    return [found.item(place).text() for place in range(found.count())]


def home_with_changes(context: Context) -> tuple[Home, Home]:
    first = add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Nguyễn Minh Đạt"))
    second = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))
    move_member(context, first[1][1], second[0], on="01/03/2026")
    return first, second


def test_a_household_shows_its_people_of_the_rounds_day_beside_those_of_today(
    context: Context, show: Callable[[Context, str], Any]
) -> None:
    (home, _), _ = home_with_changes(context)
    page = show(context, "households")
    assert HEAD not in said(page, home)
    open_round(context, PAST)
    work_in(context, PAST)
    words = said(page, home)
    assert "Thành viên (1 người)" in words
    assert HEAD in words
    assert [row.partition(",")[0] for row in rows(page, "Người tính trong đợt")] == [
        "Nguyễn Văn Ước",
        "Nguyễn Minh Đạt",
    ]
    work_in(context, None)


def test_a_clan_and_a_hamlet_give_the_share_of_the_rounds_day(
    context: Context, show: Callable[[Context, str], Any]
) -> None:
    (home, _), (other, _) = home_with_changes(context)
    clan = add_clan(context, [home, other])
    open_round(context, PAST)
    fill(context, FAMILY, home, year=PAST)
    household_leaves(context, home, on="01/04/2026")
    work_in(context, PAST)
    words = said(show(context, "clans"), clan)
    assert HEAD in words
    assert "2 hộ; 1 đạt Gia đình học tập (50%)" in words
    assert "Các hộ hôm nay (1)" in words
    assert "cần từ 50%" not in words, "today's households are not held against a past round"
    place = next(row.uid for row in hamlet_list(context).rows(0, 9) if row.name == "Thôn 1")
    words = said(show(context, "hamlets"), place)
    assert "1 hộ; 1 đạt Gia đình học tập (100%)" in words
    assert "2 người; 0 đạt Công dân học tập (0%)" in words


def test_a_unit_counts_today_without_the_dead_and_the_rounds_day_with_who_was_there(
    context: Context, show: Callable[[Context, str], Any]
) -> None:
    (_, people), (other, more) = home_with_changes(context)
    unit = add_unit(context, [*people, *more])
    household_leaves(context, other, on="01/04/2026")
    page = show(context, "organizations")
    assert "Người của đơn vị (1)" in said(page, unit)
    open_round(context, PAST)
    work_in(context, PAST)
    assert "3 người; 0 đạt Công dân học tập (0%)" in said(page, unit)


def test_a_later_year_is_not_called_an_earlier_one(context: Context, show: Callable[[Context, str], Any]) -> None:
    (home, _), _ = home_with_changes(context)
    fill(context, FAMILY, home)
    open_round(context, PAST)
    fill(context, FAMILY, home, year=PAST)
    page = show(context, "households")
    assert "Những năm trước: 2025:" in said(page, home)
    work_in(context, PAST)
    assert "Những năm khác: 2026:" in said(page, home)
