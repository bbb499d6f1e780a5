"""Making one person of two records, and remembering that two are not one; each is one undoable deed.

Invariants: the older record stays, whichever a person began with, so that two machines that merge the same records
agree; the other one becomes absent and names the survivor (``merged_into``), its fields untouched, so that it can
come back; nothing that hangs on it is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.registry import citizen, distinct_pair
from desktop_app.models.types import LifeStatus, Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.duplicates.forms import Joiner, Side, write_distinct
from desktop_app.services.duplicates.homes import join_heads, leave_homes
from desktop_app.services.errors import UserError
from desktop_app.services.history import row_name
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.vietnamese import fold

HOME, LIFE = "home", "life"
"""Choices that take several columns: where the person lives, and whether."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "full_name": ("full_name", "sort_name"),
    "birth": ("birth",),
    "sex": ("sex",),
    "cccd": ("cccd",),
    "phone": ("phone",),
    HOME: ("household_id", "relation", "position"),
    LIFE: ("life_status", "status_date"),
    "citizen_group": ("citizen_group",),
    "occupation": ("occupation",),
    "workplace": ("workplace",),
    "ethnicity": ("ethnicity",),
    "religion": ("religion",),
    "branch": ("branch_id",),
    "note": ("note",),
}
"""What is chosen from one side or the other → its columns."""
FORM = "form:"
"""Beginning of a choice that is a form of a round: "form:2026"."""


@dataclass(frozen=True)
class Merged:
    """What a merge did.

    Attributes:
        notes: what a person should read: which form stayed, a household left without head.
    """

    survivor: Uid
    absorbed: Uid
    operation: Uid
    notes: tuple[str, ...]


@dataclass(frozen=True)
class MergedMany:
    """What merging many pairs did; ``left`` pairs met a record that another pair of them had taken, or that is gone.

    Attributes:
        notes: what a person should read, each with the person's name.
    """

    merged: int
    left: int
    operation: Uid | None
    notes: tuple[str, ...] = ()


def older_first(first: Uid, second: Uid) -> tuple[Uid, Uid]:
    """(survivor, absorbed): the record made first stays."""
    return (first, second) if first < second else (second, first)


def merge_people(context: Context, first: Uid, second: Uid, take_second: Collection[str] | None = None) -> Merged:
    """Make one person of two records.

    Args:
        take_second: choices (keys of ``COLUMNS``, and ``form:2026`` for the form of a round) that come from the
            younger record; None: as proposed.

    Raises:
        UserError: one of them is gone (``record.gone``), or they are the same record (``merge.same``).
    """
    kept, gone = older_first(first, second)
    args = {"subject": subject_of("citizen", kept), "other": subject_of("citizen", gone)}
    with context.operation("citizen.merge", args) as op:
        notes = _merge(op, kept, gone, take_second)
    return Merged(kept, gone, op.uid, notes)


def merge_many(context: Context, pairs: Sequence[tuple[Uid, Uid]], *, progress: Progress = NO_PROGRESS) -> MergedMany:
    """Merge many pairs as one deed, each as proposed; a record takes part in one pair only.

    Raises:
        Cancelled: nothing was kept.
    """
    taken: set[Uid] = set()
    with context.operation("citizen.merge_many") as op:
        merged: list[list[Any]] = []
        notes: list[str] = []
        for done, pair in enumerate(pairs):
            progress.step(done, len(pairs), "Đang gộp")
            kept, gone = older_first(*pair)
            if taken & {kept, gone} or not _are_present(op.connection, kept, gone):
                continue
            taken |= {kept, gone}
            start = op.writer.changes
            said = _merge(op, kept, gone, None)
            name = row_name(op.connection, "citizen", kept) if said else ""
            notes += [f"{name}: {note}" for note in said]
            merged.append([kept, gone, start, op.writer.changes])
        op.args.update(count=len(merged), pairs=merged)
    return MergedMany(len(merged), len(pairs) - len(merged), op.uid if merged else None, tuple(notes))


def mark_distinct(context: Context, first: Uid, second: Uid) -> Uid:
    """Remember that two records are two people, so that the pair is not shown again; returns the operation's uid.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    kept, other = older_first(first, second)
    args = {"subject": subject_of("citizen", kept), "other": subject_of("citizen", other)}
    with context.operation("citizen.distinct", args) as op:
        sides = [Side(find_row(op.connection, "citizen", uid)["id"], uid) for uid in (kept, other)]
        write_distinct(op, sides[0], sides[1])
    return op.uid


def unmark_distinct(context: Context, first: Uid, second: Uid) -> Uid:
    """Show a pair again that was called two people; returns the operation's uid."""
    kept, other = older_first(first, second)
    args = {"subject": subject_of("citizen", kept), "other": subject_of("citizen", other)}
    with context.operation("citizen.undistinct", args) as op:
        row_id = op.writer.references.id("distinct_pair", natural_uid("distinct_pair", kept, other))
        if row_id is not None:
            op.writer.remove(distinct_pair, row_id)
    return op.uid


def absorbed_by(connection: Connection, uid: Uid) -> tuple[Uid, ...]:
    """Every record that a person absorbed, in any number of steps: what erasing him by law must erase as well."""
    return tuple(sorted(gone for gone, kept in survivors(connection).items() if kept == uid))


# -- finding the survivor ----------------------------------------------------------------------------------------

_MERGED = "SELECT lower(hex(g.uid)), lower(hex(k.uid)), g.cccd, k.present FROM citizen AS g "
_MERGED += "JOIN citizen AS k ON k.id = g.merged_into_id WHERE g.present = 0"


def survivors(connection: Connection) -> dict[Uid, Uid]:
    """Every absorbed record's uid → the present person that it belongs to now, through chains of merges."""
    steps: dict[Uid, Uid] = {}
    ends: set[Uid] = set()
    for gone, kept, _, is_present in all_rows(connection, _MERGED):
        steps[gone] = kept
        if is_present:
            ends.add(kept)
    found = {}
    for gone in steps:
        end, seen = gone, {gone}
        while end in steps and steps[end] not in seen:
            end = steps[end]
            seen.add(end)
        if end in ends:
            found[gone] = end
    return found


def survivor_of(connection: Connection, uid: Uid) -> Uid | None:
    """The present person that an absorbed record belongs to now; None where the record was not absorbed."""
    return survivors(connection).get(uid)


def absorbed_numbers(connection: Connection) -> dict[str, Uid]:
    """CCCD that stood at an absorbed record → the survivor, for lists that still hold the former number.

    Numbers that a present person has are left out: they are his.
    """
    ends = survivors(connection)
    rows = all_rows(connection, _MERGED + " AND g.cccd IS NOT NULL")
    held = {row[0] for row in all_rows(connection, _HELD)}
    return {cccd: ends[gone] for gone, _, cccd, _ in rows if gone in ends and cccd not in held}


_HELD = """
SELECT c.cccd FROM citizen AS g JOIN citizen AS c ON c.cccd = g.cccd AND c.present = 1
WHERE g.present = 0 AND g.merged_into_id IS NOT NULL"""


# -- inside ------------------------------------------------------------------------------------------------------


def _are_present(connection: Connection, *uids: Uid) -> bool:
    query = select(citizen.c.id).where(citizen.c.uid.in_(uids), citizen.c.present)
    return len(connection.execute(query).all()) == len(set(uids)) == len(uids)


def _merge(op: Operation, kept_uid: Uid, gone_uid: Uid, take_second: Collection[str] | None) -> tuple[str, ...]:
    if kept_uid == gone_uid:
        raise UserError("Hai hồ sơ này là một; chưa có gì bị thay đổi.", code="merge.same")
    kept, gone = (find_row(op.connection, "citizen", uid) for uid in (kept_uid, gone_uid))
    taken = proposed(kept, gone) if take_second is None else frozenset(take_second)
    values = {column: gone[column] for name in taken & COLUMNS.keys() for column in COLUMNS[name]}
    forms = None if take_second is None else _years(take_second)
    op.writer.update(citizen, gone["id"], {"present": False, "merged_into_id": kept["id"]})
    notes = join_heads(op, kept, gone, values)
    op.writer.update(citizen, kept["id"], values)
    joiner = Joiner(op, Side(kept["id"], kept_uid), Side(gone["id"], gone_uid), takes_home=HOME in taken, forms=forms)
    left = leave_homes(op, kept, gone, values.get("household_id", kept["household_id"]))
    return (*joiner.run().notes, *notes, *left)


def _years(choices: Collection[str]) -> frozenset[int]:
    return frozenset(int(name.removeprefix(FORM)) for name in choices if name.startswith(FORM))


def proposed(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> frozenset[str]:
    """Which values of the younger record are better: those the older one lacks, and the fuller ones."""
    return frozenset(name for name in COLUMNS if _is_better(name, kept, gone))


def _is_better(name: str, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> bool:
    column = COLUMNS[name][0]
    mine, theirs = kept[column], gone[column]
    if theirs is None or theirs == mine:
        return False
    if name == LIFE:
        return bool(mine != LifeStatus.DEAD.value)  # the later word counts, but nobody comes back from the dead
    if name == HOME and kept["life_status"] == LifeStatus.MOVED.value:
        return bool(gone["life_status"] != LifeStatus.MOVED.value)  # he came back and was entered anew
    if mine is None:
        return True
    if name in ("birth", "cccd"):
        return len(theirs) > len(mine)
    if name == "full_name":
        return bool(fold(mine) == fold(theirs) and mine.lower() == fold(mine))
    return False
