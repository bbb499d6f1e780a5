"""The journal after packages came in: this machine's deeds newest first, under each merge what it brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.journal import broken_links
from desktop_app.models.records import HistoryFilter
from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.history.order import newest_first, place_of
from desktop_app.services.register import open_register
from desktop_app.services.safety.backup import back_up_to
from desktop_app.services.safety.health import doctor
from desktop_app.services.safety.restore import restore_backup
from desktop_app.services.sync.merge import merge_package, withdraw_merge
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star
from tests.services.sync.test_exchange import carry, edit

BROUGHT = ["Thợ mộc", "Giáo viên", "Nông dân"]


def kinds(context: Context) -> list[str]:
    return [item.kind for item in history.operations(context, 100)]


@pytest.fixture
def office_after_merges(tmp_path: Path) -> Context:
    """Two volunteers' packages taken in, with a deed of the office between and after them."""
    office, members = make_star(tmp_path)
    _, (uid,) = add_household(office)
    for member in members:
        carry(office, member, tmp_path)
    for member, works in zip(members, (BROUGHT[:2], BROUGHT[2:]), strict=True):
        for work in works:
            edit(member, uid, occupation=work)
        carry(member, office, tmp_path)
        edit(office, uid, occupation=f"{works[-1]} giỏi")
    return office


def test_a_merge_stands_above_what_it_brought_and_this_machines_newest_deed_first(office_after_merges: Context) -> None:
    found = history.operations(office_after_merges, 100)
    assert [item.kind for item in found[:8]] == [
        "citizen.edit", "merge.package", "citizen.edit", "user.add",
        "citizen.edit", "merge.package", "citizen.edit", "citizen.edit",
    ]  # fmt: skip
    assert [item.is_mine for item in found[:8]] == [True, True, False, False, True, True, False, False]
    brought = [item for item in found if not item.is_mine]
    assert [item.sequence for item in brought[-3:]] == [3, 2, 1]


def test_pages_and_places_agree_with_the_whole_list(office_after_merges: Context) -> None:
    office = office_after_merges
    whole = history.operations(office, 100)
    for size in (1, 2, 3, 7):
        pages, before = [], None
        while page := history.operations(office, size, before):
            pages += page
            before = page[-1].id
        assert pages == whole
    listed = history.operation_list(office)
    assert [*listed.rows(0, 5), *listed.rows(5, 100)] == whole
    assert [listed.position(item.id) for item in whole] == list(range(len(whole)))
    edits = history.operation_list(office, HistoryFilter(kinds=("citizen.edit",)))
    chosen = edits.rows(0, 100)
    assert chosen == [item for item in whole if item.kind == "citizen.edit"]
    assert [edits.position(item.id) for item in chosen] == list(range(len(chosen)))
    assert history.operations(office, 3, "f" * 32) == []


def test_no_page_sorts_the_whole_journal(office_after_merges: Context) -> None:
    with office_after_merges.read() as connection:
        place = place_of(connection, history.operations(office_after_merges, 3)[2].id)
        for query in (newest_first([]), newest_first([], place)):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (50, 0)).all()
            assert not [row for row in plan if "TEMP B-TREE" in row[3]]


def test_what_waits_for_an_earlier_package_stands_under_the_merge_that_brought_it(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    carry(first, office, tmp_path)
    carry(office, first, tmp_path)
    edit(first, uid, occupation="Thợ mộc")
    create_package(first, tmp_path / "one.sht")
    made = merge_package(office, tmp_path / "one.sht")
    assert made.operation
    withdraw_merge(office, made.operation)
    found = history.operations(office, 3)
    assert [(item.kind, item.is_waiting) for item in found] == [
        ("undo.merge.package", False), ("merge.package", False), ("citizen.edit", True),
    ]  # fmt: skip
    merge_package(office, tmp_path / "one.sht")
    assert [(item.kind, item.is_waiting) for item in history.operations(office, 3)] == [
        ("merge.package", False), ("citizen.edit", False), ("undo.merge.package", False),
    ]  # fmt: skip


def test_a_volunteer_who_takes_a_withdrawn_package_in_again_sees_its_deeds_in_force(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    add_household(office)
    create_package(office, tmp_path / "x.sht")
    for _ in range(2):
        made = merge_package(first, tmp_path / "x.sht")
        assert made.operation
        newest = history.operations(first, 2)
        assert [item.kind for item in newest] == ["merge.package", newest[1].kind]
        assert not newest[1].is_mine
        assert not [item for item in history.operations(first, 100) if item.is_waiting]
        withdraw_merge(first, made.operation)
        assert [item.is_waiting for item in history.operations(first, 3)] == [False, False, True]


def test_work_that_waits_for_a_lost_package_leaves_the_register_sound_and_backed_up(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    back_up_to(office, tmp_path / "before.db")
    carry(first, office, tmp_path)
    carry(office, first, tmp_path)
    edit(first, uid, occupation="Thợ mộc")
    folder = office.folder
    office.close()
    restore_backup(folder, tmp_path / "before.db")
    office = open_register(folder)
    carry(first, office, tmp_path)
    waiting = [item for item in history.operations(office, 100) if item.is_waiting]
    assert [item.kind for item in waiting] == ["citizen.edit"]
    with office.read() as connection:
        assert broken_links(connection) == []
    back_up_to(office, tmp_path / "after.db")
    office.close()
    (chain,) = (check for check in doctor(folder).checks if check.name == "journal")
    assert chain.ok
