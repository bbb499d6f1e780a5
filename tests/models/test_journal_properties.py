"""Random deeds: undo of everything gives the first state, undo in any order is exact or refused, the chain is whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from desktop_app.models.journal import broken_links
from desktop_app.models.journal.chain import changes_of_rows
from desktop_app.models.journal.pack import unpack
from desktop_app.models.tables.system import change, change_value, operation
from desktop_app.services.errors import UserError
from desktop_app.services.registry.personal import erase_citizen
from tests.models.journal_world import DEEDS, World, make_template

Deed = tuple[int, int, int, int]
deeds = st.tuples(st.integers(0, len(DEEDS) - 1), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
orders = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=10)
quick = settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
thorough = settings(quick, max_examples=150)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    template = tmp_path_factory.mktemp("template") / "sổ"
    make_template(template)
    yield Worlds(template, tmp_path_factory.mktemp("worlds"))


class Worlds:
    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._folder, self._count = template, folder, itertools.count()

    def new(self) -> World:
        return World(self._template, self._folder / str(next(self._count)))


def undo_of_everything(worlds: Worlds, steps: list[Deed]) -> None:
    world = worlds.new()
    try:
        for step in steps:
            world.do(*step)
        world.check()
        world.undo_all()
        assert world.state() == world.first
        world.check()
    finally:
        world.close()


@quick
@given(steps=st.lists(deeds, min_size=1, max_size=14))
def test_undo_of_everything_newest_first_gives_back_the_first_state(worlds: Worlds, steps: list[Deed]) -> None:
    undo_of_everything(worlds, steps)


@pytest.mark.full
@thorough
@given(steps=st.lists(deeds, min_size=1, max_size=40))
def test_undo_of_everything_gives_back_the_first_state_after_long_work(worlds: Worlds, steps: list[Deed]) -> None:
    undo_of_everything(worlds, steps)


@quick
@given(
    steps=st.lists(deeds, min_size=2, max_size=10),
    order=st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=10),
)
def test_undo_in_any_order_is_exact_or_refused(
    worlds: Worlds, steps: list[Deed], order: list[tuple[int, bool]]
) -> None:
    world = worlds.new()
    try:
        for step in steps:
            world.do(*step)
        for number, is_redone in order:
            world.undo_some(number, 0, int(is_redone))
        world.check()
    finally:
        world.close()


@quick
@given(steps=st.lists(deeds, min_size=3, max_size=8), at=st.integers(0, 1000), how=st.integers(0, 4))
def test_a_changed_record_shows_in_the_chain(worlds: Worlds, steps: list[Deed], at: int, how: int) -> None:
    world = worlds.new()
    try:
        for step in steps:
            world.do(*step)
        world.context.journal.seal_open()
        with world.context.database.write() as connection:
            owners = connection.execute(select(change.c.id, change.c.operation_id).order_by(change.c.id)).all()
            row = owners[at % len(owners)]
            own = operation.c.id == row.operation_id
            uid = connection.execute(select(operation.c.uid).where(own)).scalar()
            unpack(connection, row.operation_id)
            value = change_value.c.change_id == row.id
            payload = connection.execute(select(change_value.c.payload).where(value)).scalar_one()
            statement = (
                update(change_value).where(value).values(payload=payload + " "),
                update(change_value).where(value).values(salt=b"\0" * 16),
                update(change).where(change.c.id == row.id).values(row_uid=b"\1" * 16),
                update(operation).where(own).values(at=1),
                update(operation).where(own).values(args={"count": 999_999}),
            )[how]
            assert broken_links(connection) == []
            connection.execute(statement)
            assert uid in broken_links(connection)
    finally:
        world.close()


@quick
@given(steps=st.lists(deeds, min_size=2, max_size=10), who=st.integers(0, 40), later=st.lists(deeds, max_size=6))
def test_erasing_anybody_at_any_time_keeps_the_chain_and_undo_exact(
    worlds: Worlds, steps: list[Deed], who: int, later: list[Deed]
) -> None:
    from desktop_app.models.tables import registry

    world = worlds.new()
    try:
        for step in steps:
            world.do(*step)
        uid = world.pick(registry.citizen, who)
        if uid is not None:
            try:
                erase_citizen(world.context, uid)
            except UserError as refusal:
                assert refusal.code == "erase.refused"
            else:
                with world.context.read() as connection:
                    own = [item for _, item in changes_of_rows(connection, [bytes.fromhex(uid)])]
                assert all(item.payload is None for item in own if item.fields().keys() != {"present"})
                assert ("citizen", uid) not in world.state()
        for step in later:
            world.do(*step)
        for number in range(6):
            world.undo_some(number, 0, 1)
        world.check()
    finally:
        world.close()


def test_what_an_undo_of_an_undo_of_an_undo_took_back_is_not_offered_again(worlds: Worlds) -> None:
    world = worlds.new()
    try:
        world.do(0, 0, 0, 0)
        [added] = world.standing()
        last = added.uid
        for _ in range(3):
            last = world.context.journal.undo(last)
        assert [row.uid for row in world.standing() if row.undoes is None] == []
        last = world.context.journal.undo(last)
        assert [row.uid for row in world.standing() if row.undoes is None] == [added.uid]
    finally:
        world.close()
