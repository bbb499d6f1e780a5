"""The queue of second entry: what is to be keyed again by batch, one batch as a blind grid, and its differences.

Invariant: what is given for keying holds nothing of the first entry; first and second stand side by side only for forms
that were compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, SecondEntryStatus, Uid
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.facts import count_facts
from desktop_app.services.assessment.judging import judge_for
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import SOURCES
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator
from desktop_app.services.criteria.facts import FactValue
from desktop_app.services.criteria.office import office_set, read_sets
from desktop_app.services.errors import UserError
from desktop_app.services.keying.second_entries import Entry, first_authors, is_alone, read_entries, user_names
from desktop_app.services.keying.second_piles import Pile, read_piles
from desktop_app.services.keying.second_rates import UNKNOWN, named
from desktop_app.services.keying.second_records import (
    Difference,
    DifferentForm,
    SecondBatch,
    SecondRow,
    SecondSheet,
    Source,
)
from desktop_app.services.paper.codes import form_code, grouped
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import PartialDate, text_sort_key

Facts = Mapping[str, FactValue]


def read_queue(context: Context, year: int) -> tuple[SecondBatch, ...]:
    """The batches of which forms are keyed twice: those with work first, then by name."""
    with context.read() as connection:
        round_of(connection, year)
        found = _lines(connection, read_piles(connection, year))
    return tuple(
        sorted(
            found,
            key=lambda b: (not (b.todo or b.keyed or b.differs), b.batch is None, text_sort_key(b.name), b.set_name),
        )
    )


def read_second(context: Context, year: int, key: str) -> SecondSheet:
    """One line of the queue for blind keying; raises UserError ``second.batch_gone``."""
    with context.read() as connection:
        round_ = round_of(connection, year)
        batch, entries, definition = _one(connection, year, key)
        facts = facts_of(connection, round_, definition, batch.model, [entry.subject for entry in entries])
        people = _people(connection, batch.model, entries)
        authors = first_authors(connection, [entry.assessment_id for entry in entries if entry.is_open])
        rows = tuple(
            _row(entry, definition, people.get(entry.subject, _NOBODY), facts.get(entry.subject, {}),
                 is_same=context.user in {*authors.get(entry.assessment_id, ()), entry.first_by})
            for entry in entries
        )  # fmt: skip
        alone = is_alone(connection)
    return SecondSheet(batch, definition, rows, _closed(round_), alone)


def read_differences(context: Context, year: int, key: str) -> tuple[CriteriaSet, tuple[DifferentForm, ...]]:
    """The compared forms of one line of the queue that differ and are not settled; raises ``second.batch_gone``."""
    with context.read() as connection:
        round_ = round_of(connection, year)
        batch, entries, definition = _one(connection, year, key)
        waiting = [entry for entry in entries if entry.status is SecondEntryStatus.DIFFERS]
        answers = read_answers(connection, [entry.assessment_id for entry in waiting])
        facts = facts_of(connection, round_, definition, batch.model, [entry.subject for entry in waiting])
        people = _people(connection, batch.model, waiting)
        names = user_names(connection)
        closed = _closed(round_)
        return definition, tuple(
            _different(
                entry, answers.get(entry.assessment_id, {}), facts.get(entry.subject, {}),
                people.get(entry.subject, _NOBODY), names, closed,
            )
            for entry in waiting
        )  # fmt: skip


def drawn_in(context: Context, batch: Uid) -> int:
    """How many forms of a batch are to be keyed twice."""
    with context.read() as connection:
        return len(read_entries(connection, batch=batch))


def is_typed(indicator: Indicator, facts: Facts) -> bool:
    """The value comes from the paper and not from the register."""
    if indicator.answer_type is not AnswerType.PERCENT or indicator.fact is None:
        return True
    fact = facts.get(indicator.fact)
    return fact is None or fact.percent is None


def facts_of(
    connection: Connection, round_: RoundRecord, definition: CriteriaSet, model: LearningModel, subjects: Sequence[Uid]
) -> Mapping[Uid, Facts]:
    """What the register counts for these subjects' forms, by uid."""
    asked = judge_for(definition).asked
    if not asked or not subjects:
        return {}
    query = f"SELECT id FROM {subject_table(model)} WHERE uid = ?"
    ids = {uid: all_rows(connection, query, (bytes.fromhex(uid),)) for uid in subjects}
    local = {uid: rows[0][0] for uid, rows in ids.items() if rows}
    counted = count_facts(connection, round_, asked, list(local.values()))
    return {uid: counted.get(row_id, {}) for uid, row_id in local.items()}


# -- inside ------------------------------------------------------------------------------------------------------

_NOBODY = ("(chưa có tên)", "", "")


def _lines(connection: Connection, piles: Sequence[Pile]) -> list[SecondBatch]:
    names = user_names(connection)
    sets = read_sets(connection, {pile.set_id for pile in piles})
    stacks: dict[str, list[Pile]] = {}
    for pile in piles:
        stacks.setdefault(pile.key, []).append(pile)
    made = []
    for stack in stacks.values():
        used = sets.get(stack[0].set_id)
        made.append(_line(stack, names, used.definition.name if used is not None else ""))
    return made


def _line(stack: Sequence[Pile], names: dict[Uid, str], set_name: str) -> SecondBatch:
    one = stack[0]
    total = sum(pile.count for pile in stack)

    def count(*statuses: SecondEntryStatus) -> int:
        return sum(pile.count for pile in stack if pile.is_live and pile.status in statuses)

    return SecondBatch(
        one.key,
        one.year,
        one.model,
        one.batch,
        one.set_uid,
        set_name,
        one.batch_name,
        one.collector,
        named(names, (pile.first_by for pile in stack)),
        named(names, (pile.entered_by for pile in stack if pile.is_begun)),
        total=total,
        todo=count(SecondEntryStatus.DRAWN),
        keyed=count(SecondEntryStatus.KEYED),
        differs=count(SecondEntryStatus.DIFFERS),
        done=count(SecondEntryStatus.AGREED, SecondEntryStatus.SETTLED),
        shut=sum(pile.count for pile in stack if not pile.is_live),
        shut_differs=sum(pile.count for pile in stack if pile.locked and pile.status is SecondEntryStatus.DIFFERS),
    )


def _one(connection: Connection, year: int, key: str) -> tuple[SecondBatch, list[Entry], CriteriaSet]:
    entries = read_entries(connection, year, key=key)
    if not entries:
        raise UserError(
            "Tập này không còn phiếu nào để nhập lần hai (đã hoàn tác việc chọn, hoặc phiếu chuyển sang bộ tiêu chí "
            "khác); chưa có gì được ghi. Hãy quay lại danh sách.",
            code="second.batch_gone",
        )
    line = _lines(connection, read_piles(connection, year, key=key))[0]
    return line, entries, office_set(connection, entries[0].set_uid).definition


def _closed(round_: RoundRecord) -> str:
    if not round_.is_closed:
        return ""
    return f"Đợt {round_.year} đã khóa nên không nhập hay đối chiếu nữa; những gì đã ghi vẫn giữ nguyên."


def _people(connection: Connection, model: LearningModel, entries: Iterable[Entry]) -> dict[Uid, tuple[str, str, str]]:
    """Subject → name, birth, what else tells people apart."""
    source = SOURCES[model]
    birth = "s.birth" if model is LearningModel.CITIZEN else "NULL"
    query = (
        f"SELECT {source.name}, {birth}, {source.detail} FROM {subject_table(model)} s {source.joins} WHERE s.uid = ?"
    )
    found: dict[Uid, tuple[str, str, str]] = {}
    for entry in entries:
        for name, born, detail in all_rows(connection, query, (bytes.fromhex(entry.subject),)):
            found[entry.subject] = (name or _NOBODY[0], PartialDate.from_iso(born).text() if born else "", detail or "")
    return found


def _row(
    entry: Entry, definition: CriteriaSet, person: tuple[str, str, str], facts: Facts, *, is_same: bool
) -> SecondRow:
    name, birth, detail = person
    household = f"hộ {detail}" if detail and entry.model in (LearningModel.CITIZEN, LearningModel.FAMILY) else detail
    place = f"phiếu thứ {entry.order} của tập" if entry.order else ""
    return SecondRow(
        entry=entry.uid,
        subject=entry.subject,
        order=entry.order,
        code=grouped(form_code(entry.subject)),
        name=name,
        birth=birth,
        detail=" · ".join(part for part in (place, household) if part),
        status=entry.status,
        values={
            code: value for code, value in entry.second.items() if code in definition.by_code and value is not None
        },
        facts=facts,
        is_same_person=is_same,
        locked=entry.locked,
    )


def _different(
    entry: Entry,
    answers: Mapping[str, float],
    facts: Facts,
    person: tuple[str, str, str],
    names: dict[Uid, str],
    closed: str,
) -> DifferentForm:
    name, birth, detail = person
    if detail and entry.model in (LearningModel.CITIZEN, LearningModel.FAMILY):
        detail = f"hộ {detail}"
    return DifferentForm(
        entry=entry.uid,
        subject=entry.subject,
        order=entry.order,
        code=grouped(form_code(entry.subject)),
        name=name,
        detail=" · ".join(part for part in (birth, detail) if part),
        first_by=names.get(entry.first_by or "") or UNKNOWN,
        second_by=names.get(entry.entered_by or "") or UNKNOWN,
        answers=answers,
        facts=facts,
        differences=tuple(_difference(entry, code) for code in entry.differing),
        is_stale=is_stale(entry, answers),
        is_same_person=entry.first_by is not None and entry.first_by == entry.entered_by,
        locked=closed or entry.locked,
    )


def _difference(entry: Entry, code: str) -> Difference:
    item: Mapping[str, Any] | None = entry.settled.get(code)
    sources = {source.value: source for source in Source}
    source = sources.get(str(item.get("from"))) if item is not None else None
    chosen = item.get("value") if item is not None and source is not None else None
    return Difference(code, entry.first.get(code), entry.second.get(code), chosen, source)


def is_stale(entry: Entry, answers: Mapping[str, float]) -> bool:
    """The first values were changed after they were compared."""
    return any(answers.get(code) != value for code, value in entry.first.items())
