"""Keying a drawn form a second time, unseen by who keyed it first, and comparing the two entries.

Invariants: each cell is on the disk before the next is typed; the first values are neither read nor given while a form
is keyed; who keyed it first is refused as its second keyer, unless nobody else works here and that was said. After the
comparison the second entry is not changed any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desktop_app.models.journal import Writer
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import SecondEntryStatus, Uid
from desktop_app.services.assessment.answers import checked_value
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.rounds import require_open, round_of
from desktop_app.services.context import Context, subject_of
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.office import set_by_id
from desktop_app.services.errors import UserError
from desktop_app.services.keying.placing import sitting_args
from desktop_app.services.keying.second_entries import (
    Entry,
    entry_of,
    first_authors,
    read_entries,
    require_other,
)
from desktop_app.services.keying.second_queue import Facts, facts_of, is_stale, is_typed, read_second
from desktop_app.services.keying.second_records import Compared, SecondRow


def save_second(
    context: Context,
    row: SecondRow,
    values: Mapping[str, float | bool | None],
    *,
    allow_same: bool = False,
    today: dt.date | None = None,
) -> SecondRow:
    """Store values of one drawn form as keyed the second time, or take them back with None.

    Args:
        row: as ``read_second`` gave it.
        allow_same: who keyed the form first goes on although, because nobody else works here.

    Raises:
        UserError: ``answer.…`` for the value, ``second.unknown``, ``second.compared``, ``second.locked``,
            ``second.same_person``, ``second.alone``, ``round.closed``; nothing is stored then.
    """
    with context.read() as connection:
        entry = entry_of(connection, row.entry)
    with context.sitting("second.key", sitting_args(entry.model, entry.subject, entry.year)) as op:
        entry = entry_of(op.connection, row.entry)
        require_open(round_of(op.connection, entry.year))
        _require_open(entry, row.name)
        require_other(context, op.connection, entry, allow_same=allow_same)
        definition = set_by_id(op.connection, entry.set_id).definition
        standing = {code: value for code, value in entry.second.items() if code in definition.by_code}
        for code, value in values.items():
            standing[code] = checked_value(definition, code, value)
        kept = {code: value for code, value in standing.items() if value is not None}
        whole = all(i.code in kept or not is_typed(i, row.facts) for i in definition.indicators)
        status = SecondEntryStatus.KEYED if whole else SecondEntryStatus.DRAWN
        changed: dict[str, Any] = {"second_values": kept or None, "status": status.value}
        if kept != entry.second:
            changed |= {"entered_by": context.user, "entered_on": (today or dt.date.today()).isoformat()}
        op.writer.update(tables.second_entry, entry.id, changed)
    return replace(row, values=kept, status=status)


def compare(
    context: Context, year: int, key: str, *, with_blanks: bool = False, today: dt.date | None = None
) -> Compared:
    """Compare the keyed forms of one line of the queue with their first entry, as one deed.

    A form that agrees is done; one that differs waits for the third view. A form that was compared before, and whose
    first answers were changed since, is compared anew.

    Args:
        with_blanks: forms that were keyed in part too: the paper is blank there.

    Raises:
        UserError: ``second.batch_gone``, ``round.closed``.
    """
    sheet = read_second(context, year, key)
    where = (
        subject_of("batch", sheet.batch.batch) if sheet.batch.batch else subject_of("criteria_set", sheet.batch.set_uid)
    )
    found = _Found()
    with context.operation("second.settle", {"subject": where, "year": year}) as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        entries = [e for e in read_entries(op.connection, year, key=key) if not e.locked and not e.is_done]
        answers = read_answers(op.connection, [entry.assessment_id for entry in entries])
        subjects = [entry.subject for entry in entries]
        facts = facts_of(op.connection, round_, sheet.definition, sheet.batch.model, subjects)
        for entry in entries:
            first, counted = answers.get(entry.assessment_id, {}), facts.get(entry.subject, {})
            if not _is_ready(entry, sheet.definition, first, counted, with_blanks=with_blanks):
                if entry.is_open and entry.second:
                    found.unfinished.append(entry.subject)
                continue
            is_same = _compare(op.writer, entry, sheet.definition, first, counted)
            found.agreed, found.differs = found.agreed + is_same, found.differs + (not is_same)
    names = {row.subject: row.name for row in sheet.rows}
    return Compared(found.agreed, found.differs, tuple(names.get(uid, "") for uid in found.unfinished))


@dataclass
class _Found:
    agreed: int = 0
    differs: int = 0
    unfinished: list[Uid] = field(default_factory=list)


def _require_open(entry: Entry, name: str) -> None:
    if not entry.is_open:
        raise UserError(
            f"Phiếu của {name} đã được đối chiếu nên lần nhập thứ hai không sửa nữa; chưa ghi gì. Chỗ khác nhau thì xử "
            "ở màn hình đối chiếu.",
            code="second.compared",
        )
    if entry.locked:
        raise UserError(f"{name}: {entry.locked}", code="second.locked")


def _is_ready(
    entry: Entry, definition: CriteriaSet, first: Mapping[str, float], facts: Facts, *, with_blanks: bool
) -> bool:
    """Whether a form may be compared now: keyed whole, or in part where the paper is blank, or its answers changed."""
    if entry.status is SecondEntryStatus.DIFFERS:
        return is_stale(entry, first)
    if not entry.second:
        return False
    whole = all(entry.second.get(i.code) is not None or not is_typed(i, facts) for i in definition.indicators)
    return whole or with_blanks


def _compare(writer: Writer, entry: Entry, definition: CriteriaSet, first: Mapping[str, float], facts: Facts) -> bool:
    """Write what a comparison of one form found; returns whether the two agree."""
    codes = [i.code for i in definition.indicators if is_typed(i, facts)]
    values = {code: first.get(code) for code in codes}
    agrees = all(entry.second.get(code) == value for code, value in values.items())
    authors = first_authors(writer.connection, [entry.assessment_id]).get(entry.assessment_id, ())
    status = SecondEntryStatus.AGREED if agrees else SecondEntryStatus.DIFFERS
    writer.update(
        tables.second_entry,
        entry.id,
        {
            "status": status.value,
            "first_values": values,
            "first_by": authors[0] if authors else entry.first_by,
            "settled": None,
        },
    )
    return agrees


def leave_second(context: Context) -> None:
    """The row is left: what was keyed in it is one closed deed."""
    context.journal.seal_open()
