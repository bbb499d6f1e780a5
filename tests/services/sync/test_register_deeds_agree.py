"""An office and two volunteers do the register's own deeds in any order; after a last exchange all hold the same.

Moves, deaths and coming back, splits and joins of households, merged and unmerged people, former titles, changes of
many, among plain edits, undo, withdrawn merges and restored backups; packages late, repeated, lost and out of order.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.duplicates.merging import mark_distinct, merge_people
from desktop_app.services.duplicates.unmerging import unmerge
from desktop_app.services.errors import UserError
from desktop_app.services.moves import bulk
from desktop_app.services.moves.deeds import (
    add_newcomer,
    come_back,
    move_member,
    record_away,
    record_death,
    record_leaving,
)
from desktop_app.services.moves.hamlet_merge import merge_hamlets
from desktop_app.services.moves.household_deeds import (
    SplitPlan,
    change_head,
    household_leaves,
    household_returns,
    join_households,
    move_household,
    split_household,
)
from desktop_app.services.moves.mend import broken_households
from desktop_app.services.registry.former_titles import record_title, remove_title
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star
from tests.services.sync.test_machines_agree import OFFICE, Machines

TODAY = datetime.date(2027, 6, 1)
machines = st.integers(0, 2)
people = st.integers(0, 11)
homes = st.integers(0, 6)
days = st.integers(0, 300)
GROUPS = ("worker", "student", bulk.PROPOSED)


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office and two volunteers with three households in two hamlets; copied for each example."""
    folder = tmp_path_factory.mktemp("star")
    office, members = make_star(folder)
    add_household(office, "01-0001", members=("Nguyễn Văn An", "Trần Thị Bình", "Nguyễn Văn Cường"))
    add_household(office, "01-0002", members=("Lê Văn Dũng", "Nguyen Van An"))
    add_household(office, "02-0001", hamlet="Thôn 2", members=("Phạm Thị Giang",))
    for index, member in enumerate(members):
        create_package(office, folder / "x.sht", to=member.device)
        merge_package(member, folder / "x.sht")
        member.close()
        member.folder.rename(folder / f"machine{index + 1}")
    office.close()
    office.folder.rename(folder / f"machine{OFFICE}")
    return folder


def rows(context: Context, table: str, where: str = "1") -> list[str]:
    """Uids of the present records of a table, in an order that all machines share."""
    query = f"SELECT lower(hex(uid)) FROM {table} WHERE present = 1 AND {where} ORDER BY uid"
    with context.read() as connection:
        return [row[0] for row in connection.exec_driver_sql(query)]


def pick(found: list[str], index: int) -> str | None:
    return found[index % len(found)] if found else None


class Register(Machines):
    """Besides what any machine does: the deeds of the register, each as its screen does it."""

    change_head = None
    """Plain edits of heads belong to the other test: here each household keeps what its deeds keep."""

    def last_exchange(self) -> None:
        super().last_exchange()
        for machine in self.machines:
            with machine.read() as connection:
                assert broken_households(connection) == ([], [])

    def try_out(self, who: int, deed: Any, *wanted: str | None, **more: Any) -> None:
        """Carry a deed out where those whom it is about are there; what the register refuses is refused."""
        if None not in wanted:
            with contextlib.suppress(UserError):
                deed(self.machines[who], *wanted, **more)

    def day(self, offset: int) -> dict[str, datetime.date]:
        return {"on": datetime.date(2026, 1, 1) + datetime.timedelta(days=offset), "today": TODAY}

    def stayer(self, who: int, home: str | None, besides: str | None) -> str | None:
        if home is None:
            return None
        mine = f"is_current = 1 AND household_id = (SELECT id FROM household WHERE uid = x'{home}')"
        return pick([uid for uid in rows(self.machines[who], "citizen", mine) if uid != besides], 0)

    def home_of(self, who: int, person: str | None) -> str | None:
        if person is None:
            return None
        where = f"id = (SELECT household_id FROM citizen WHERE uid = x'{person}')"
        return pick(rows(self.machines[who], "household", where), 0)

    def heir(self, who: int, person: str | None) -> str | None:
        return self.stayer(who, self.home_of(who, person), person)

    def living(self, who: int, index: int) -> str | None:
        return pick(rows(self.machines[who], "citizen", "is_current = 1"), index)

    def open_home(self, who: int, index: int) -> str | None:
        return pick(rows(self.machines[who], "household", "valid_to IS NULL"), index)

    @rule(who=machines, person=people, home=homes, day=days)
    def move(self, who: int, person: int, home: int, day: int) -> None:
        uid = self.living(who, person)
        more = {"new_head": self.heir(who, uid), **self.day(day)}
        self.try_out(who, move_member, uid, self.open_home(who, home), **more)

    @rule(who=machines, person=people, day=days, deed=st.sampled_from((record_death, record_leaving)))
    def go(self, who: int, person: int, day: int, deed: Any) -> None:
        uid = self.living(who, person)
        self.try_out(who, deed, uid, new_head=self.heir(who, uid), **self.day(day))

    @rule(who=machines, person=people, day=days)
    def stay_away(self, who: int, person: int, day: int) -> None:
        self.try_out(who, record_away, self.living(who, person), **self.day(day))

    @rule(who=machines, person=people, home=homes, day=days)
    def return_(self, who: int, person: int, home: int, day: int) -> None:
        uid = pick(rows(self.machines[who], "citizen", "life_status IN ('moved', 'away')"), person)
        self.try_out(who, come_back, uid, target=self.open_home(who, home) if home % 2 else None, **self.day(day))

    @rule(who=machines, home=homes, day=days)
    def arrive(self, who: int, home: int, day: int) -> None:
        values = {"full_name": "Nguyễn Văn An", "birth": "1990"}
        target = self.open_home(who, home)
        if target is not None:
            self.try_out(who, lambda c, h: add_newcomer(c, h, values, place="Cà Mau", **self.day(day)), target)

    @rule(who=machines, home=homes, day=days)
    def split(self, who: int, home: int, day: int) -> None:
        uid = self.open_home(who, home)
        rest = self.stayer(who, uid, None)
        going = self.stayer(who, uid, rest)
        if going is not None:
            self.try_out(who, split_household, uid, SplitPlan([going], going, new_head=rest), **self.day(day))  # type: ignore[arg-type]

    @rule(who=machines, first=homes, second=homes, day=days)
    def join(self, who: int, first: int, second: int, day: int) -> None:
        self.try_out(who, join_households, self.open_home(who, first), self.open_home(who, second), **self.day(day))

    @rule(who=machines, home=homes, day=days)
    def new_head(self, who: int, home: int, day: int) -> None:
        uid = self.open_home(who, home)
        first = self.stayer(who, uid, None)
        self.try_out(who, change_head, uid, self.stayer(who, uid, first) or first, **self.day(day))

    @rule(who=machines, home=homes, hamlet=st.integers(0, 1), day=days)
    def change_hamlet(self, who: int, home: int, hamlet: int, day: int) -> None:
        goal = pick(rows(self.machines[who], "hamlet"), hamlet)
        self.try_out(who, move_household, self.open_home(who, home), goal, **self.day(day))

    @rule(who=machines, home=homes, day=days, is_back=st.booleans())
    def household_out(self, who: int, home: int, day: int, is_back: bool) -> None:
        gone = pick(rows(self.machines[who], "household", "valid_to IS NOT NULL"), home)
        uid, deed = (gone, household_returns) if is_back else (self.open_home(who, home), household_leaves)
        self.try_out(who, deed, uid, **self.day(day))

    @rule(who=machines, first=people, second=people, is_distinct=st.booleans())
    def settle_pair(self, who: int, first: int, second: int, is_distinct: bool) -> None:
        found = rows(self.machines[who], "citizen")
        self.try_out(who, mark_distinct if is_distinct else merge_people, pick(found, first), pick(found, second))

    @rule(who=machines, person=people, are_two=st.booleans())
    def take_apart(self, who: int, person: int, are_two: bool) -> None:
        query = "SELECT lower(hex(uid)) FROM citizen WHERE present = 0 AND merged_into_id IS NOT NULL ORDER BY uid"
        with self.machines[who].read() as connection:
            gone = [row[0] for row in connection.exec_driver_sql(query)]
        if not gone:
            self.settle_pair(who, person, person + 1, False)
            return
        self.try_out(who, unmerge, pick(gone, person), are_two=are_two)

    @rule(who=machines, person=people, year=st.integers(2022, 2025), is_removed=st.booleans())
    def former_title(self, who: int, person: int, year: int, is_removed: bool) -> None:
        held = pick(rows(self.machines[who], "former_title"), person)
        if is_removed:
            self.try_out(who, remove_title, held)
            return
        uid = pick(rows(self.machines[who], "citizen"), person)
        if uid is not None:
            self.try_out(who, lambda c, u: record_title(c, LearningModel.CITIZEN, u, year, number=f"{who}"), uid)

    @rule(who=machines, first=homes, count=st.integers(1, 3), hamlet=st.integers(0, 1), group=st.sampled_from(GROUPS),
          field=st.sampled_from(list(bulk.BulkField)))  # fmt: skip
    def many(self, who: int, first: int, count: int, hamlet: int, group: str, field: bulk.BulkField) -> None:
        machine = self.machines[who]
        found = rows(machine, "household")
        chosen = list(itertools.islice(itertools.cycle(found), first, first + count)) if found else []
        values = {bulk.BulkField.HAMLET: pick(rows(machine, "hamlet"), hamlet), bulk.BulkField.GROUP: group}
        change = bulk.BulkChange(field, "household", values.get(field), on="01/02/2027")
        if chosen and (field is bulk.BulkField.BRANCH or change.value is not None):
            self.try_out(who, lambda c: bulk.apply(c, change, chosen, today=TODAY))

    @rule(who=machines, first=st.integers(0, 1))
    def unite_hamlets(self, who: int, first: int) -> None:
        found = rows(self.machines[who], "hamlet", "valid_to IS NULL")
        self.try_out(who, merge_hamlets, pick(found, first), pick(found, first + 1), on="01/03/2027", today=TODAY)


def _run(star: Path, examples: int, steps: int) -> None:
    machine = type("StarRegister", (Register,), {"template": star})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            report_multiple_bugs=False,
            phases=(Phase.generate,),
            derandomize=True,
        ),
    )


def test_registers_agree_after_any_deeds(star: Path) -> None:
    _run(star, 6, 25)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_registers_agree_after_many_more_deeds(star: Path) -> None:
    _run(star, 300, 50)
