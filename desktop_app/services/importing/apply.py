"""Carrying out an import as one operation: hamlets, households, people, heads; whole or not at all.

Invariants: the file is the one that was previewed; the same file twice changes nothing; one operation, undone by one
click also after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import SHARED
from desktop_app.models.tables.registry import citizen, commune, hamlet, household
from desktop_app.models.types import CitizenGroup, LifeStatus, Poverty, Sex, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import AppError, UserError
from desktop_app.services.importing.hamlets import hamlet_key, stored_key
from desktop_app.services.importing.planning.alone import remove_left_homes
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import TAKEN, WRITTEN, ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.planning.quiet import collector_paused
from desktop_app.services.importing.preview import Issue, ParsedScores, ParsedWorkbook, Severity
from desktop_app.services.importing.reading.reader import stamp_of
from desktop_app.services.importing.titles.former import CHANGE as TITLE_CHANGE
from desktop_app.services.importing.units.apply import write_units
from desktop_app.services.importing.units.plan import UnitCounts, UnitRowCounts, planned_units, unit_rows_of
from desktop_app.services.importing.words import HEAD
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.register import add_hamlet

_COMPARED = (
    "hamlet", "household", "citizen", "clan", "clan_household", "organization", "organization_member", "branch",
    "former_title", "certificate",
)  # fmt: skip
_APART = ("household_id", "hamlet", "clan", "organization", "branch", TITLE_CHANGE)
"""Changes that are no plain columns."""
_WORDS: dict[Sex | LifeStatus | CitizenGroup | None, str | None] = {
    None: None,
    **{member: member.value for kind in (Sex, LifeStatus, CitizenGroup) for member in kind},
}
"""What is stored of each; looked up, for asking a member for its value takes longer than all else of a person."""
CHUNK = 500
"""So many people are written between two looks at whether the person wants to stop."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did, in rows of the file (one row is one person)."""

    rows: int
    created: int
    updated: int
    unchanged: int
    doubtful: int
    refused: int
    households_created: int
    errors: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    operation: Uid | None
    units: UnitCounts
    unit_rows: UnitRowCounts


def import_citizens(
    context: Context,
    parsed: ParsedWorkbook,
    *,
    is_dry_run: bool = False,
    is_doubtful_new: bool = False,
    is_other_commune: bool = False,
    progress: Progress = NO_PROGRESS,
) -> ImportResult:
    """Compare and apply in one go, for the command line.

    Raises:
        UserError: another commune's list, or the file changed since it was read.
    """
    planned = partial(
        plan_import,
        parsed=parsed,
        is_doubtful_new=is_doubtful_new,
        is_other_commune=is_other_commune,
        progress=progress,
    )
    if is_dry_run:
        with context.read() as connection:
            return result_of(planned(connection), None)
    context.journal.seal_open()
    with context.read() as connection:
        plan = planned(connection)
    return apply_plan(context, plan, progress=progress)


def apply_plan(context: Context, plan: ImportPlan, *, progress: Progress = NO_PROGRESS) -> ImportResult:
    """Write what a plan says, as one operation.

    Raises:
        UserError: the file (``import.file_changed``) or the register (``import.stale``) has changed since the preview.
        Cancelled: nothing was kept.
    """
    refuse_changed_file(plan.parsed)
    args = {"file": Path(plan.parsed.path).name}
    counts = plan.counts()
    count = counts[RowFate.NEW] + counts[RowFate.CHANGED]
    told = plan.unit_counts()
    is_of_units = not count and bool(told[RowFate.NEW] + told[RowFate.CHANGED])
    kind = "import.units" if is_of_units else "import.citizens"
    with collector_paused(), context.operation(kind, args) as op:
        _refuse_stale(op.connection, plan)
        op.args["count"] = told[RowFate.NEW] + told[RowFate.CHANGED] if is_of_units else count
        _Applier(op, plan, progress).run()
        has_changes = op.has_changes
    return result_of(plan, op.uid if has_changes else None)


def refuse_changed_file(parsed: ParsedWorkbook | ParsedScores) -> None:
    """The preview must be of the very file that is imported.

    Raises:
        UserError: it was changed or is gone.
        EnvironmentProblem: another program holds it, so that nobody can tell (``workbook.locked``).
    """
    try:
        digest = stamp_of(Path(parsed.path)).sha256
    except AppError as problem:
        if problem.code == "workbook.locked":
            raise
        digest = ""
    if digest != parsed.stamp.sha256:
        raise UserError(
            f"Tệp {Path(parsed.path).name} đã thay đổi hoặc không còn sau khi xem trước; chưa nhập gì. "
            "Hãy mở lại tệp để xem trước lần nữa.",
            code="import.file_changed",
        )


def _refuse_stale(connection: Connection, plan: ImportPlan) -> None:
    """What was written to people, households or hamlets since the preview could be doubled or overwritten unseen."""
    codes = ", ".join(str(SHARED[name].code) for name in _COMPARED)
    query = f"SELECT 1 FROM change WHERE id > ? AND table_code IN ({codes}) LIMIT 1"
    if connection.exec_driver_sql(query, (plan.mark,)).first() is not None:
        raise UserError(
            "Sổ đã thay đổi sau khi xem trước; chưa nhập gì. Hãy xem trước lại rồi nhập.", code="import.stale"
        )


def result_of(plan: ImportPlan, operation: Uid | None) -> ImportResult:
    """Counts and remarks of a plan."""
    counts = plan.counts()
    units = planned_units(plan)
    issues = [*plan.issues(), *units.issues(plan.parsed.first_sheet)]
    used = {row.household for row in plan.rows if row.household is not None and row.fate in WRITTEN}
    return ImportResult(
        rows=len(plan.rows),
        created=counts[RowFate.NEW],
        updated=counts[RowFate.CHANGED],
        unchanged=counts[RowFate.UNCHANGED],
        doubtful=counts[RowFate.DOUBTFUL],
        refused=counts[RowFate.REFUSED],
        households_created=sum(plan.households[index].id is None for index in used),
        errors=tuple(issue for issue in issues if issue.severity is Severity.ERROR),
        warnings=tuple(issue for issue in issues if issue.severity is Severity.WARNING),
        operation=operation,
        units=units.counts(),
        unit_rows=unit_rows_of(plan),
    )


class _Applier:
    """Writes a plan's hamlets, households, people and heads in that order."""

    def __init__(self, op: Operation, plan: ImportPlan, progress: Progress) -> None:
        self._op = op
        self._writer = op.writer
        self._connection: Connection = op.connection
        self._plan = plan
        self._progress = progress
        self._total = 0
        self._household_ids: dict[int, int] = {}
        self._new_households: list[int] = []
        self._left: set[int] = set()

    def run(self) -> None:
        self._total = sum(row.fate in WRITTEN for row in self._plan.rows)
        self._step(0)
        hamlets = self._make_hamlets()
        self._make_households(hamlets)
        self._update_households(hamlets)
        done = self._update_people()
        created = self._make_people(done)
        remove_left_homes(self._connection, self._writer, self._left)
        self._set_heads(created)
        self._write_units(created, hamlets)
        self._step(self._total)

    def _write_units(self, created: list[tuple[RowPlan, int]], hamlets: Mapping[str, int]) -> None:
        ids = iter(created)
        people: dict[int, int] = {}
        for place, row in enumerate(self._plan.rows):
            if row.fate is RowFate.NEW:
                people[place] = next(ids)[1]
            elif row.person is not None:
                people[place] = row.person.id
        write_units(self._op, self._plan, self._household_ids, people, hamlets)

    def _step(self, done: int) -> None:
        self._progress.step(done, self._total, "Đang ghi vào sổ")

    def _rows(self, *fates: RowFate) -> list[RowPlan]:
        return [row for row in self._plan.rows if row.fate in fates]

    def _make_hamlets(self) -> dict[str, int]:
        home = self._connection.execute(select(commune).where(commune.c.present).order_by(commune.c.id)).first()
        assert home is not None
        made = {
            key: add_hamlet(self._writer, home.id, home.uid, name) for key, name in self._plan.wanted_hamlets().items()
        }
        rows = self._connection.execute(
            select(hamlet.c.id, hamlet.c.name, hamlet.c.former_commune)
            .where(hamlet.c.present, hamlet.c.valid_to.is_(None))
            .order_by(hamlet.c.former_commune.is_(None), hamlet.c.id.desc())
        ).all()
        named = {hamlet_key(row.name): row.id for row in rows if row.name}
        return made | named | {stored_key(row.name, row.former_commune or ""): row.id for row in rows if row.name}

    def _make_households(self, hamlets: Mapping[str, int]) -> None:
        wanted = sorted(
            {
                row.household
                for row in self._rows(*WRITTEN)
                if row.household is not None and self._plan.households[row.household].id is None
            }
        )
        rows = []
        for index in wanted:
            item = self._plan.households[index]
            rows.append(
                {
                    "code": item.code or None,
                    "hamlet_id": hamlets.get(item.hamlet_key),
                    "address": item.address or None,
                    "poverty": (item.poverty or Poverty.NONE).value,
                }
            )
        ids = self._writer.insert_many(household, rows)
        self._household_ids.update(zip(wanted, ids, strict=True))
        self._new_households = ids
        for index, item in enumerate(self._plan.households):
            if item.id is not None:
                self._household_ids[index] = item.id

    def _update_households(self, hamlets: Mapping[str, int]) -> None:
        changes: dict[int, dict[str, Any]] = {}
        taken = {row.household for row in self._rows(*TAKEN)}
        for index, item in enumerate(self._plan.households):
            if item.id is None or not item.changes or index not in taken:
                continue
            values = {name: after for name, (_, after) in item.changes.items() if name not in _APART}
            if "hamlet" in item.changes and item.hamlet_key in hamlets:
                values["hamlet_id"] = hamlets[item.hamlet_key]
            changes[item.id] = values
        self._writer.update_many(household, changes)

    def _update_people(self) -> int:
        changes: dict[int, dict[str, Any]] = {}
        for row in self._rows(RowFate.CHANGED):
            values = {name: after for name, (_, after) in row.changes.items() if name not in _APART}
            if "household_id" in row.changes and row.household is not None:
                values["household_id"] = self._household_ids[row.household]
                self._left.add(row.changes["household_id"][0] or 0)
            if row.person is not None and values:
                changes[row.person.id] = values
        keys = list(changes)
        for start in range(0, len(keys), CHUNK):
            self._step(start)
            self._writer.update_many(citizen, {key: changes[key] for key in keys[start : start + CHUNK]})
        return len(keys)

    def _make_people(self, done: int) -> list[tuple[RowPlan, int]]:
        planned = self._rows(RowFate.NEW)
        places = self._places()
        ids: list[int] = []
        for start in range(0, len(planned), CHUNK):
            self._step(done + start)
            rows = []
            for item in planned[start : start + CHUNK]:
                home = self._household_ids[item.household] if item.household is not None else None
                place = None
                if home is not None:
                    place = places[home] = places.get(home, 0) + 1
                rows.append(_person_values(item, home, place))
            ids += self._writer.insert_many(citizen, rows)
        return list(zip(planned, ids, strict=True))

    def _places(self) -> dict[int, int]:
        known = [item.id for item in self._plan.households if item.id is not None]
        places: dict[int, int] = {}
        for start in range(0, len(known), 500):
            chunk = known[start : start + 500]
            for home, place in self._connection.execute(
                select(citizen.c.household_id, citizen.c.position).where(citizen.c.household_id.in_(chunk))
            ):
                places[home] = max(places.get(home, 0), place or 0)
        return places

    def _set_heads(self, created: list[tuple[RowPlan, int]]) -> None:
        """The head is who the list calls so; a household that has one keeps it."""
        heads: dict[int, int] = {}
        first: dict[int, int] = {}
        known = [(row, row.person.id) for row in self._plan.rows if row.person is not None]
        for row, person_id in [*created, *known]:
            if row.household is None:
                continue
            home = self._household_ids.get(row.household)
            if home is None:
                continue
            first.setdefault(home, person_id)
            if row.row.relation == HEAD:
                heads.setdefault(home, person_id)
        new = set(self._new_households)
        for home in new:
            if home in first:
                heads.setdefault(home, first[home])
        headless = self._headless([home for home in heads if home not in new]) | new
        self._writer.update_many(household, {home: {"head_id": heads[home]} for home in heads if home in headless})

    def _headless(self, homes: list[int]) -> set[int]:
        """Households without a head, or with one who only stands in because no list has told the head yet."""
        found: set[int] = set()
        for start in range(0, len(homes), 500):
            chunk = homes[start : start + 500]
            found.update(
                self._connection.execute(
                    select(household.c.id)
                    .outerjoin(citizen, citizen.c.id == household.c.head_id)
                    .where(household.c.id.in_(chunk), func.coalesce(citizen.c.relation, "") != HEAD)
                ).scalars()
            )
        return found


def _person_values(item: RowPlan, home: int | None, place: int | None) -> dict[str, Any]:
    row = item.row
    return {
        "full_name": row.name,
        "sex": _WORDS[row.sex],
        "birth": row.birth.iso() if row.birth else None,
        "cccd": row.cccd,
        "phone": row.phone or None,
        "ethnicity": row.ethnicity or None,
        "religion": row.religion or None,
        "occupation": row.occupation or None,
        "life_status": _WORDS[row.life or LifeStatus.LIVING],
        "status_date": row.life_date.iso() if row.life_date else None,
        "citizen_group": _WORDS[row.group],
        "relation": row.relation or None,
        "note": row.note or None,
        "household_id": home,
        "position": place,
    }
