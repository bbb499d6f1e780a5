"""Deeds in any order: each undone gives back the first state, and every past day is told as it was lived."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from desktop_app.models.records import SaveResult
from desktop_app.services.context import Context
from desktop_app.services.moves.as_of import counts_on, members_on, place_on
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
from desktop_app.services.register import open_register
from tests.factories import add_household, make_register
from tests.services.sync.machines import register_state

FIRST = datetime.date(2026, 1, 1)
LAST = datetime.date(2026, 12, 31)
TODAY = datetime.date(2027, 6, 1)
OUT = "outside"

people = st.integers(0, 9)
homes = st.integers(0, 5)
steps = st.integers(-6, 9)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places") / "register"
    folder.mkdir()
    context = make_register(folder)
    add_household(context, "01-0001", members=("Nguyễn Văn An", "Trần Thị Bình", "Nguyễn Văn Cường"))
    add_household(context, "01-0002", members=("Lê Văn Dũng", "Lê Thị Én"))
    add_household(context, "02-0001", hamlet="Thôn 2", members=("Phạm Thị Giang",))
    context.close()
    return folder


class Commune(RuleBasedStateMachine):
    """The register beside a plain record of who lived where from which day on."""

    template: Path

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder / "register")
        self.context: Context = open_register(self.folder / "register")
        self.day = FIRST
        self.undoable: list[tuple[str, Any, dict[str, list[tuple[str, str]]]]] = []
        self.lives: dict[str, list[tuple[str, str]]] = {}
        for uid, home, _ in self.present():
            self.lives[uid] = [("", home)]

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- reading -------------------------------------------------------------------------------------------------

    def present(self) -> list[tuple[str, str, str]]:
        """(person, household, life) of everybody of the register."""
        query = """SELECT lower(hex(c.uid)), lower(hex(h.uid)), c.life_status FROM citizen AS c
        LEFT JOIN household AS h ON h.id = c.household_id WHERE c.present = 1 ORDER BY c.id"""
        with self.context.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def households(self) -> list[tuple[str, bool]]:
        with self.context.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT lower(hex(uid)), valid_to IS NULL FROM household WHERE present = 1 ORDER BY id"
            )
            return [(row[0], bool(row[1])) for row in rows]

    def hamlets(self) -> list[str]:
        with self.context.read() as connection:
            rows = connection.exec_driver_sql("SELECT lower(hex(uid)) FROM hamlet WHERE present = 1 ORDER BY id")
            return [row[0] for row in rows]

    def person(self, index: int, *lives: str) -> tuple[str, str, str]:
        """Somebody of these lives, else anybody."""
        everybody = self.present()
        found = [item for item in everybody if item[2] in lives] or everybody
        return found[index % len(found)]

    def home(self, index: int, besides: str = "", *, is_open: bool = True) -> str:
        """A household that is open or closed, another one than ``besides``, where there is such a one."""
        everything = self.households()
        found = [uid for uid, stands in everything if stands is is_open and uid != besides]
        return (found or [uid for uid, _ in everything])[index % (len(found) or len(everything))]

    def stayers(self, home: str, *leaving: str) -> list[str]:
        return [u for u, h, life in self.present() if h == home and life in ("living", "away") and u not in leaving]

    # -- deeds ---------------------------------------------------------------------------------------------------

    def deed(self, step: int, carry_out: Any) -> SaveResult:
        """Carry a deed out some days after the last one, or before it; note what it did to whom."""
        self.day = max(FIRST, min(LAST, self.day + datetime.timedelta(days=step)))
        before, lives = register_state(self.context), {uid: list(life) for uid, life in self.lives.items()}
        result: SaveResult = carry_out(on=self.day, today=TODAY)
        if not result.is_saved:
            assert register_state(self.context) == before, "what was refused left no trace"
            return result
        with self.context.read() as connection:
            operation = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar()
        self.undoable.append((operation.hex(), before, lives))
        for uid, home, life in self.present():
            now = home if life in ("living", "away") else OUT
            told = self.lives.setdefault(uid, [("", OUT)])
            if told[-1][1] != now:
                told.append((self.day.isoformat(), now))
        return result

    @rule(who=people, where=homes, step=steps)
    def move(self, who: int, where: int, step: int) -> None:
        uid, home, _ = self.person(who, "living", "away")
        heir = (self.stayers(home, uid) or [None])[-1]
        target = self.home(where, home)
        self.deed(step, lambda **day: move_member(self.context, uid, target, new_head=heir, **day))

    @rule(who=people, step=steps, is_elsewhere=st.booleans())
    def die(self, who: int, step: int, is_elsewhere: bool) -> None:
        uid, home, _ = self.person(who, "moved") if is_elsewhere else self.person(who, "living", "away")
        heir = (self.stayers(home, uid) or [None])[0]
        self.deed(step, lambda **day: record_death(self.context, uid, new_head=heir, **day))

    @rule(who=people, step=steps)
    def leave(self, who: int, step: int) -> None:
        uid, home, _ = self.person(who, "living", "away")
        heir = (self.stayers(home, uid) or [None])[0]
        self.deed(step, lambda **day: record_leaving(self.context, uid, new_head=heir, place="Cần Thơ", **day))

    @rule(who=people, step=steps)
    def go_away(self, who: int, step: int) -> None:
        self.deed(step, lambda **day: record_away(self.context, self.person(who, "living")[0], **day))

    @rule(who=people, where=homes, step=steps, is_elsewhere=st.booleans())
    def return_(self, who: int, where: int, step: int, is_elsewhere: bool) -> None:
        target = self.home(where) if is_elsewhere else None
        uid = self.person(who, "moved", "away")[0]
        self.deed(step, lambda **day: come_back(self.context, uid, target=target, **day))

    @rule(where=homes, step=steps)
    def arrive(self, where: int, step: int) -> None:
        values = {"full_name": "Võ Thị Hạnh", "birth": "1990"}
        self.deed(step, lambda **day: add_newcomer(self.context, self.home(where), values, place="Cà Mau", **day))

    @rule(where=homes, step=steps, count=st.integers(1, 3), keeps=st.integers(0, 2))
    def split(self, where: int, step: int, count: int, keeps: int) -> None:
        large = [uid for uid, _ in self.households() if len(self.stayers(uid)) > 1] or [self.home(where)]
        home = large[where % len(large)]
        members = self.stayers(home)
        going = (members[keeps:] + members[:keeps])[: min(count, len(members) - 1) or 1]
        rest = self.stayers(home, *going)
        if going:
            plan = SplitPlan(going, going[0], new_head=rest[0] if rest else None)
            self.deed(step, lambda **day: split_household(self.context, home, plan, **day))

    @rule(first=homes, second=homes, step=steps)
    def join(self, first: int, second: int, step: int) -> None:
        source = self.home(first)
        target = self.home(second, source)
        self.deed(step, lambda **day: join_households(self.context, source, target, **day))

    @rule(who=people, step=steps)
    def head(self, who: int, step: int) -> None:
        _, home, _ = self.person(who, "living", "away")
        members = self.stayers(home) or [self.person(who)[0]]
        uid = members[-1 - who % len(members)]
        self.deed(step, lambda **day: change_head(self.context, home, uid, **day))

    @rule(where=homes, hamlet=st.integers(0, 1), step=steps)
    def change_hamlet(self, where: int, hamlet: int, step: int) -> None:
        self.deed(  # half of them ask for the hamlet where the household is
            step, lambda **day: move_household(self.context, self.home(where), self.hamlets()[hamlet], **day)
        )

    @rule(where=homes, step=steps)
    def household_out(self, where: int, step: int) -> None:
        self.deed(step, lambda **day: household_leaves(self.context, self.home(where), **day))

    @rule(where=homes, step=steps)
    def household_back(self, where: int, step: int) -> None:
        self.deed(step, lambda **day: household_returns(self.context, self.home(where, is_open=False), **day))

    @rule(count=st.integers(1, 3))
    def undo(self, count: int) -> None:
        for _ in range(min(count, len(self.undoable))):
            operation, before, lives = self.undoable.pop()
            self.context.journal.undo(operation)
            assert register_state(self.context) == before
            self.lives = lives

    # -- what must hold ------------------------------------------------------------------------------------------

    @invariant()
    def heads_are_members_and_closed_households_are_empty(self) -> None:
        if not hasattr(self, "context"):
            return
        with self.context.read() as connection:
            stray = connection.exec_driver_sql(
                "SELECT count(*) FROM household AS h JOIN citizen AS c ON c.id = h.head_id "
                "WHERE h.present = 1 AND (c.household_id IS NOT h.id OR c.present = 0)"
            ).scalar()
            living_in_closed = connection.exec_driver_sql(
                "SELECT count(*) FROM citizen AS c JOIN household AS h ON h.id = c.household_id "
                "WHERE c.is_current = 1 AND h.valid_to IS NOT NULL"
            ).scalar()
            empty_open = connection.exec_driver_sql(
                "SELECT count(*) FROM household AS h WHERE h.present = 1 AND h.valid_to IS NULL "
                "AND NOT EXISTS (SELECT 1 FROM citizen AS c WHERE c.household_id = h.id AND c.is_current = 1)"
            ).scalar()
        assert (stray, living_in_closed, empty_open) == (0, 0, 0)

    @rule(back=st.integers(0, 400))
    def past_days_are_told_as_they_were_lived(self, back: int) -> None:
        day = TODAY - datetime.timedelta(days=150 + back)
        expected = {uid: where_on(life, day.isoformat()) for uid, life in self.lives.items()}
        told = {}
        for uid in expected:
            place = place_on(self.context, uid, day)
            told[uid] = place.household.uid if place.household is not None and place.lived_here else OUT
        assert told == expected
        listed = {m.uid: home for home, _ in self.households() for m in members_on(self.context, home, day)}
        assert listed == {uid: home for uid, home in expected.items() if home != OUT}
        for home, _ in self.households():
            members = members_on(self.context, home, day)
            assert sum(member.is_head for member in members) <= 1
        assert sum(row.citizens for row in counts_on(self.context, day)) == len(listed)


def where_on(life: list[tuple[str, str]], day: str) -> str:
    return [home for since, home in life if since <= day][-1]


def _run(template: Path, examples: int, steps_each: int) -> None:
    machine = type("PlacedCommune", (Commune,), {"template": template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps_each,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            derandomize=True,
            print_blob=True,
        ),
    )


def test_any_order_of_deeds_is_undone_exactly_and_remembered(template: Path) -> None:
    _run(template, 25, 25)


@pytest.mark.full
def test_many_orders_of_deeds_are_undone_exactly_and_remembered(template: Path) -> None:
    _run(template, 300, 40)
