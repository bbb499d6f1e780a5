"""Two machines move the same people: afterwards a head is a member, and all registers agree."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.models.journal.undo import UndoRefused
from desktop_app.models.records import SaveResult
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.moves.deeds import move_member, record_death, record_leaving
from desktop_app.services.moves.household_deeds import SplitPlan, change_head, join_households, split_household
from desktop_app.services.moves.mend import broken_households
from desktop_app.services.register import open_register
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.sync.inbox import conflicts, settle
from desktop_app.services.sync.merge import merge_package, withdraw_merge
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star, register_state

TODAY = datetime.date(2026, 6, 1)
Deed = Callable[[Context, list[Uid], list[Uid]], SaveResult]
"""(machine, people, households) → what came of it."""


def become_head(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return change_head(machine, homes[0], people[1], today=TODAY)


def move_away(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return move_member(machine, people[1], homes[1], today=TODAY)


def move_head(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return move_member(machine, people[0], homes[1], new_head=people[2], today=TODAY)


def found_own(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return split_household(machine, homes[0], SplitPlan([people[1], people[2]], people[1]), today=TODAY)


def join_other(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return join_households(machine, homes[0], homes[1], today=TODAY)


def join_here(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return join_households(machine, homes[1], homes[0], today=TODAY)


def die(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return record_death(machine, people[0], new_head=people[1], today=TODAY)


def leave(machine: Context, people: list[Uid], homes: list[Uid]) -> SaveResult:
    return record_leaving(machine, people[1], place="Cần Thơ", today=TODAY)


def exchange(office: Context, member: Context, path: Path) -> None:
    create_package(member, path, to=office.device)
    merge_package(office, path)
    create_package(office, path, to=member.device)
    merge_package(member, path)


PAIRS = (
    (become_head, move_away), (become_head, leave), (become_head, join_other), (become_head, found_own),
    (move_head, die), (move_head, move_away), (found_own, move_away), (join_other, join_here), (die, join_here),
    (join_other, found_own), (leave, found_own),
)  # fmt: skip


Star = tuple[Context, Context, list[Uid], list[Uid]]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Uid], list[Uid]]:
    """An office and a volunteer with two households, everything exchanged, closed; copied for each test."""
    folder = tmp_path_factory.mktemp("moves")
    office, (member,) = make_star(folder, 1)
    first, people = add_household(office, "01-0001", members=("Nguyễn Văn An", "Trần Thị Bình", "Nguyễn Văn Cường"))
    second, _ = add_household(office, "01-0002", members=("Lê Văn Dũng",))
    exchange(office, member, folder / "first.sht")
    for machine in (office, member):
        machine.close()
    return folder, people, [first, second]


@pytest.fixture
def star(template: tuple[Path, list[Uid], list[Uid]], tmp_path: Path) -> Iterator[Star]:
    folder, people, homes = template
    shutil.copytree(folder, tmp_path / "star")
    office, member = (open_register(tmp_path / "star" / name) for name in ("office", "volunteer0"))
    yield office, member, people, homes
    office.close()
    member.close()


@pytest.mark.parametrize("swapped", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-".join(deed.__name__ for deed in pair))
def test_heads_stay_members_whatever_two_machines_do(
    star: Star, pair: tuple[Deed, Deed], swapped: bool, tmp_path: Path
) -> None:
    office, member, people, homes = star
    mine, theirs = reversed(pair) if swapped else pair
    assert mine(office, people, homes).is_saved
    assert theirs(member, people, homes).is_saved
    for turn in range(4):
        exchange(office, member, tmp_path / f"{turn}.sht")
        for item in conflicts(office):
            settle(office, [item.uid], "theirs" if turn % 2 else "mine")
        for machine in (office, member):
            with machine.read() as connection:
                assert broken_households(connection) == ([], [])
    assert conflicts(office) == []
    assert register_state(office) == register_state(member)
    for home in homes:
        detail = household_detail(office, home)
        if detail.head is not None:
            owner = citizen_detail(office, detail.head.uid).household
            assert owner is not None
            assert owner.uid == home


def test_a_merge_that_was_mended_can_still_be_withdrawn(star: Star, tmp_path: Path) -> None:
    office, member, people, homes = star
    assert become_head(member, people, homes).is_saved
    assert move_away(office, people, homes).is_saved
    before = register_state(office)
    create_package(member, tmp_path / "one.sht", to=office.device)
    merged = merge_package(office, tmp_path / "one.sht").operation
    assert merged
    assert household_detail(office, homes[0]).head is None, "the new head lives elsewhere"
    withdraw_merge(office, merged)
    assert register_state(office) == before


def test_a_withdrawal_that_is_refused_leaves_what_was_mended(star: Star, tmp_path: Path) -> None:
    office, member, people, homes = star
    assert become_head(member, people, homes).is_saved
    assert move_away(office, people, homes).is_saved
    create_package(member, tmp_path / "one.sht", to=office.device)
    merged = merge_package(office, tmp_path / "one.sht").operation
    assert merged
    assert move_member(office, people[1], homes[0], today=TODAY).is_saved, "with her back, nothing calls for the mend"
    create_package(office, tmp_path / "two.sht", to=member.device)
    before = register_state(office)
    with pytest.raises(UndoRefused):
        withdraw_merge(office, merged)
    assert register_state(office) == before


def test_an_older_merge_of_a_machine_is_not_withdrawn_under_a_newer_one(star: Star, tmp_path: Path) -> None:
    office, member, people, _ = star
    merges = []
    for number, work in enumerate(("Thợ mộc", "Thợ may")):
        assert save_citizen(member, people[number], {"occupation": work}).is_saved
        create_package(member, tmp_path / f"{number}.sht", to=office.device)
        merges.append(merge_package(office, tmp_path / f"{number}.sht").operation)
    before = register_state(office)
    assert merges[0] and merges[1]
    with pytest.raises(UndoRefused) as refused:
        withdraw_merge(office, merges[0])
    assert refused.value.code == "undo.not_newest"
    assert register_state(office) == before
    withdraw_merge(office, merges[1])
    withdraw_merge(office, merges[0])
    assert merge_package(office, tmp_path / "1.sht").applied == 2, "both wait and come in again"
    assert register_state(office) == before
