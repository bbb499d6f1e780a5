"""Two offices of one commune that trust each other: each takes the other's work, each decides its own inbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.services.context import Context
from desktop_app.services.sync.devices import export_device, trust
from desktop_app.services.sync.inbox import conflicts, settle
from desktop_app.services.sync.merge import merge_package, withdraw_merge
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household, make_register
from tests.services.sync.machines import make_star, register_state
from tests.services.sync.test_exchange import carry, edit, value


@pytest.fixture
def offices(tmp_path: Path) -> tuple[Context, Context]:
    made = [make_register(tmp_path / name) for name in ("a", "b")]
    for one, other in (made, made[::-1]):
        card = export_device(one.folder, tmp_path / "card.json", one.role)
        trust(other.folder, other, tmp_path / "card.json", card.code)
    return made[0], made[1]


def both_ways(one: Context, other: Context, folder: Path) -> None:
    carry(one, other, folder)
    carry(other, one, folder)


def test_work_that_does_not_collide_is_the_same_on_both(offices: tuple[Context, Context], tmp_path: Path) -> None:
    one, other = offices
    add_household(one, "01-0001")
    add_household(other, "01-0002")
    both_ways(one, other, tmp_path)
    assert register_state(one) == register_state(other)
    assert conflicts(one) == conflicts(other) == []
    again = merge_package(one, tmp_path / "goi.sht")
    assert (again.applied, again.operation) == (0, None)


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_what_one_decides_for_the_other_closes_the_others_inbox(
    offices: tuple[Context, Context], tmp_path: Path, keep: Any
) -> None:
    one, other = offices
    _, (uid,) = add_household(one)
    both_ways(one, other, tmp_path)
    edit(one, uid, occupation="Nông dân")
    edit(other, uid, occupation="Thợ mộc")
    both_ways(one, other, tmp_path)
    (item,) = conflicts(other)
    settle(other, [item.uid], keep)
    both_ways(one, other, tmp_path)
    left = conflicts(one)
    assert len(left) == (keep == "mine")
    if left:
        settle(one, [left[0].uid], "theirs")
        both_ways(one, other, tmp_path)
    assert conflicts(one) == conflicts(other) == []
    assert register_state(one) == register_state(other)


def test_a_disagreement_that_was_taken_back_is_no_longer_asked(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    edit(office, uid, occupation="Nông dân")
    edit(first, uid, occupation="Thợ mộc")
    carry(first, office, tmp_path)
    edit(first, uid, occupation="Nông dân")
    create_package(first, tmp_path / "same.sht")
    made = merge_package(office, tmp_path / "same.sht")
    assert conflicts(office) == []
    assert made.operation is not None
    withdraw_merge(office, made.operation)
    assert [item.theirs for item in conflicts(office)] == ["Thợ mộc"]
    merge_package(office, tmp_path / "same.sht")
    carry(office, first, tmp_path)
    assert register_state(office) == register_state(first)
    assert value(first, uid, "occupation") == "Nông dân"
