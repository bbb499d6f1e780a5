"""Drawing forms to be keyed twice: a share of each first keyer's forms, and every case near a threshold.

Invariants: only whole forms that may still be changed are drawn; drawing again adds what is missing and never takes
away; two machines that draw the same batch make the same rows. A batch is drawn from in the deed that closes it, so
that taking the closing back takes the draw back too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables import natural_uid
from desktop_app.models.types import SecondEntryStatus, Uid
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.context import Context, subject_of
from desktop_app.services.criteria.office import read_sets
from desktop_app.services.keying.second_entries import entry_of, first_authors
from desktop_app.services.keying.second_rates import shares_of
from desktop_app.services.keying.second_records import SAMPLE, THRESHOLD, DrawReport
from desktop_app.services.keying.second_rules import SecondRules, is_near_threshold, sample_of
from desktop_app.services.keying.second_settings import read_rules
from desktop_app.services.raw import all_rows


def look_at_draw(context: Context, year: int, *, batch: Uid | None = None, hamlet: Uid | None = None) -> DrawReport:
    """What ``draw`` would choose; nothing is written. Raises UserError ``round.unknown``."""
    with context.read() as connection:
        return _plan(connection, round_of(connection, year), batch, hamlet).report


def draw(context: Context, year: int, *, batch: Uid | None = None, hamlet: Uid | None = None) -> DrawReport:
    """Draw from one batch, from the forms of a hamlet, or from the whole round, as one deed.

    Raises:
        UserError: ``round.unknown``, ``round.closed``; nothing is drawn then.
    """
    with context.operation("second.draw", {"year": year}) as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        report = _store(op, _plan(op.connection, round_, batch, hamlet))
        op.args["count"] = report.count
    return report


def draw_into(op: Operation, round_: RoundRecord, batch: Uid) -> DrawReport:
    """Draw from one batch within the deed that closes it."""
    return _store(op, _plan(op.connection, round_, batch, None))


def drop(context: Context, entry_uid: Uid) -> None:
    """Take one form out of second entry (recognised meanwhile, the person is gone, the paper is lost); its answers
    stay. Raises UserError ``second.unknown``."""
    with context.read() as connection:
        entry = entry_of(connection, entry_uid)
    args = {"subject": subject_of("assessment", _assessment_uid(context, entry.assessment_id)), "year": entry.year}
    with context.operation("second.drop", args) as op:
        op.writer.remove(tables.second_entry, entry_of(op.connection, entry_uid).id)


# -- inside ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that may be drawn; ``was_drawn``: it was once, and that was taken back."""

    id: int
    uid: Uid
    subject: Uid
    set_id: int
    batch_id: int | None
    batch: Uid | None
    hamlet: Uid | None
    was_drawn: bool
    first_by: Uid | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    chosen: tuple[tuple[_Form, str], ...]
    report: DrawReport


def _assessment_uid(context: Context, form_id: int) -> Uid:
    with context.read() as connection:
        uid: bytes = all_rows(connection, "SELECT uid FROM assessment WHERE id = ?", (form_id,))[0][0]
    return uid.hex()


def _plan(connection: Connection, round_: RoundRecord, batch: Uid | None, hamlet: Uid | None) -> _Plan:
    rules = read_rules(connection)
    forms, standing, skipped = _forms(connection, round_, batch, hamlet)
    shares = shares_of(connection, rules, {form.first_by for form in forms if form.first_by is not None})
    sampled: set[Uid] = set()
    for (seed, author), stack in _stacks(forms, round_).items():
        share = shares.get(author, rules.base_share) if author is not None else rules.base_share
        by_subject = {form.subject: form for form in stack}
        sampled |= {by_subject[uid].uid for uid in sample_of(seed, list(by_subject), share)}
    near = _near(connection, forms, rules)
    chosen = tuple(
        (form, SAMPLE if form.uid in sampled else THRESHOLD)
        for form in forms
        if form.uid not in standing and (form.uid in sampled or form.uid in near)
    )
    sample = sum(reason == SAMPLE for _, reason in chosen)
    there = sum(form.uid in standing for form in forms)
    return _Plan(chosen, DrawReport(len(forms), sample, len(chosen) - sample, there, skipped))


def _stacks(forms: Iterable[_Form], round_: RoundRecord) -> dict[tuple[str, Uid | None], list[_Form]]:
    """Forms by what seeds their sample (their batch; of loose ones hamlet and set) and by who keyed them."""
    found: dict[tuple[str, Uid | None], list[_Form]] = {}
    for form in forms:
        seed = form.batch or f"{round_.uid}:{form.hamlet or ''}:{form.set_id}"
        found.setdefault((seed, form.first_by), []).append(form)
    return found


def _near(connection: Connection, forms: Sequence[_Form], rules: SecondRules) -> frozenset[Uid]:
    sets = read_sets(connection, {form.set_id for form in forms})
    answers = read_answers(connection, [form.id for form in forms])
    found = set()
    for form in forms:
        used = sets.get(form.set_id)
        if used is not None and is_near_threshold(used.definition, answers.get(form.id, {}), rules):
            found.add(form.uid)
    return frozenset(found)


_FORMS = """
SELECT a.id, a.uid, a.subject, a.criteria_set_id, b.id, b.uid, v.uid,
       a.is_complete AND a.frozen IS NULL AND a.status NOT IN ('recognised', 'returned')
         AND coalesce(p.life_status, 'living') NOT IN ('dead', 'moved'),
       coalesce(e.present, 0), e.id IS NOT NULL
FROM assessment a LEFT JOIN batch b ON b.id = a.batch_id AND b.present
LEFT JOIN citizen p ON p.uid = a.subject AND a.model = 'citizen'
LEFT JOIN household f ON f.uid = a.subject AND a.model = 'family'
LEFT JOIN hamlet v ON v.id = coalesce(b.hamlet_id, p.hamlet_id, f.hamlet_id)
LEFT JOIN second_entry e ON e.assessment_id = a.id
WHERE a.assessment_round_id = ? AND a.present AND a.criteria_set_id IS NOT NULL AND a.answered"""


def _forms(
    connection: Connection, round_: RoundRecord, batch: Uid | None, hamlet: Uid | None
) -> tuple[list[_Form], frozenset[Uid], int]:
    """The forms that may be keyed twice, which of them are drawn already, and how many others there are."""
    where = ""
    values: list[object] = [round_.id]
    for column, uid in (("b.uid", batch), ("v.uid", hamlet)):
        if uid is not None:
            where, values = f"{where} AND {column} = ?", [*values, bytes.fromhex(uid)]
    rows = all_rows(connection, f"{_FORMS}{where} ORDER BY a.batch_id, a.batch_order, a.id", values)
    taken = [row for row in rows if row[7]]
    authors = first_authors(connection, [row[0] for row in taken])
    forms = [_form(row, authors.get(row[0], ())) for row in taken]
    standing = frozenset(row[1].hex() for row in taken if row[8])
    return forms, standing, len(rows) - len(taken)


def _form(row: tuple[Any, ...], authors: Sequence[Uid | None]) -> _Form:
    form_id, uid, subject, set_id, batch_id, batch, hamlet = row[:7]
    return _Form(
        form_id,
        uid.hex(),
        subject.hex(),
        set_id,
        batch_id,
        batch.hex() if batch else None,
        hamlet.hex() if hamlet else None,
        bool(row[9]),
        authors[0] if authors else None,
    )


def _store(op: Operation, plan: _Plan) -> DrawReport:
    rows: list[tuple[Uid, dict[str, Any]]] = []
    for form, reason in plan.chosen:
        op.writer.references.learn("assessment", form.id, form.uid)
        if form.batch_id is not None and form.batch is not None:
            op.writer.references.learn("batch", form.batch_id, form.batch)
        values = {
            **_EMPTY,
            "assessment_id": form.id,
            "batch_id": form.batch_id,
            "status": SecondEntryStatus.DRAWN.value,
            "reason": reason,
            "first_by": form.first_by,
        }
        uid = natural_uid("second_entry", form.uid)
        if form.was_drawn:
            op.writer.insert(tables.second_entry, values, uid=uid)
        else:
            rows.append((uid, values))
    op.writer.insert_many(tables.second_entry, [row for _, row in rows], uids=[uid for uid, _ in rows])
    return plan.report


_EMPTY: dict[str, Any] = dict.fromkeys(
    ("entered_by", "entered_on", "second_values", "first_values", "settled_by", "settled_on", "settled")
)
"""A form that was drawn once, and is drawn again after that was taken back, starts anew."""
