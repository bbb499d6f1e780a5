"""Whose form comes next: by the form's code, the end of a CCCD, a household code or a name, from one line of typing.

Invariants: people of the batch's hamlet or organization come before the rest of the commune; a sound code that several
share, or a name that several bear, is never decided by the program.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.subjects import SOURCES
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import office_set
from desktop_app.services.errors import UserError
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.paper.codes import find_by_code, looks_like_code, parse_code, require_form, unknown_code
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.search_terms import Word, tier_of, words_of
from desktop_app.services.vietnamese import PartialDate, fold, nfc

LIMIT = 12
SHORTEST_TAIL = 4
"""Digits from which a CCCD is looked for from its end."""

WIDE = 400
"""So many of a place are ranked by their names."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose form it may be.

    Args:
        detail: what tells them from others of the name: birth, hamlet, household.
        is_near: of the batch's own hamlet or organization.
        note: "dòng 5 của tập này", "không còn ở xã"; empty for most.
    """

    subject: Uid
    name: str
    detail: str
    is_near: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a line of typing means.

    Args:
        candidates: the likeliest first.
        sure: the one that can only be meant: the only one of a code, or the only one of the place; None where a person
            must choose.
    """

    candidates: tuple[Candidate, ...]
    sure: Candidate | None = None


def find(context: Context, batch: BatchRecord, text: str, limit: int = LIMIT) -> Found:
    """Who is meant by what was typed or scanned.

    Raises:
        UserError: a form's code with a wrong digit, of another round or another set, or of nobody here
            (``code.…``).
    """
    text = _typed(text)
    if len(text) < 2:
        return Found(())
    with context.read() as connection:
        if looks_like_code(text):
            return _by_code(connection, batch, text)
        words = words_of(text)
        if not words:
            return Found(())
        near = _near(connection, batch, words, text, limit)
        found = list(near)
        if len(near) < limit:
            far = _FAR[batch.cover.model](context, connection, batch, text, limit)
            known = {item.subject for item in near}
            found += [item for item in far if item.subject not in known][: limit - len(near)]
        marked = tuple(_marked(connection, batch, found))
    sure = marked[0] if len(near) == 1 or (not near and len(marked) == 1) else None
    return Found(marked, sure)


def _typed(text: str) -> str:
    """One line; of the code of a CCCD card, which says all of a person, only the number.

    A form's code stays as it came: NFC would change the order of figures that a Vietnamese keyboard made accents of.
    """
    if looks_like_code(text):
        return text
    text = nfc(text)
    head = text.split("|")[0].strip()
    return head if "|" in text and head.isdigit() else text


def _by_code(connection: Connection, batch: BatchRecord, text: str) -> Found:
    code = parse_code(text)
    if not _is_known(connection, code.set_key):
        code = replace(code, set_key=None)
    require_form(code, year=batch.year, set_key=office_set(connection, batch.set_uid).definition.key)
    uids = find_by_code(connection, code, batch.cover.model)
    if not uids:
        raise unknown_code(code, batch.cover.model)
    model = batch.cover.model
    rows = [row for uid in uids for row in _read(connection, model, "s.uid = ?", (bytes.fromhex(uid),), 1)]
    found = tuple(_marked(connection, batch, [candidate_of(model, row, is_near=False) for row in rows]))
    return Found(found, found[0] if len(found) == 1 else None)


def _is_known(connection: Connection, set_key: str | None) -> bool:
    """Some set has this key; a Vietnamese keyboard between scanner and program makes others of "official" or "worker",
    and the digits alone tell whose form it is."""
    keys = all_rows(connection, "SELECT DISTINCT key FROM criteria_set")
    return set_key in {key.lower().replace("_", ".") for (key,) in keys if key}


# -- the batch's own place ---------------------------------------------------------------------------------------


def _near(
    connection: Connection, batch: BatchRecord, words: tuple[Word, ...], text: str, limit: int
) -> tuple[Candidate, ...]:
    """The people of the batch's hamlet or organization, ranked by their names."""
    model, cover = batch.cover.model, batch.cover
    if cover.hamlet is not None:
        column = "s.id" if model is LearningModel.COMMUNITY else "s.hamlet_id"
        where, values = f"{column} = (SELECT id FROM hamlet WHERE uid = ?)", [bytes.fromhex(cover.hamlet)]
    elif cover.organization is not None and model is LearningModel.CITIZEN:
        where = (
            "s.id IN (SELECT m.citizen_id FROM organization_member m JOIN organization u ON u.id = m.organization_id "
            "WHERE u.uid = ? AND m.present AND m.until IS NULL)"
        )
        values = [bytes.fromhex(cover.organization)]
    elif model in (LearningModel.CITIZEN, LearningModel.FAMILY):
        return ()
    else:
        where, values = "1", []
    if model in (LearningModel.CITIZEN, LearningModel.FAMILY):
        conditions, more = _conditions(model, words)
        rows = _read(connection, model, f"{where} AND {conditions}", (*values, *more), WIDE)
    else:
        rows = [row for row in _read(connection, model, where, tuple(values), 5_000) if _is_named(row, words)]
    has_digits = any(word.has_digits for word in words)
    best = heapq.nsmallest(
        limit, enumerate(rows), key=lambda item: (0 if has_digits else tier_of(words, item[1][1] or ""), item[0])
    )
    return tuple(candidate_of(model, row, is_near=True) for _, row in best)


def _conditions(model: LearningModel, words: tuple[Word, ...]) -> tuple[str, list[Any]]:
    """SQL that every word is found in a person (of a household: in its head, one of its people, or its code)."""
    parts: list[str] = []
    values: list[Any] = []
    for word in words:
        own, more = _word_condition(word, "s" if model is LearningModel.CITIZEN else "p")
        if model is LearningModel.CITIZEN:
            parts.append(f"({own} OR h.code_fold LIKE ? ESCAPE '!')")
            values += [*more, _pattern(word, ends_too=True)]
        else:
            people = f"EXISTS (SELECT 1 FROM citizen p WHERE p.household_id = s.id AND p.is_current AND {own})"
            parts.append(f"({people} OR s.code_fold LIKE ? ESCAPE '!')")
            values += [*more, _pattern(word, ends_too=True)]
    return " AND ".join(parts), values


def _word_condition(word: Word, alias: str) -> tuple[str, list[Any]]:
    """A word is the beginning of a word of the name; digits the end of a CCCD or the year of birth."""
    if word.folded.isdigit():
        tail = f"%{word.folded}" if len(word.folded) >= SHORTEST_TAIL else "-"
        return f"({alias}.cccd LIKE ? OR {alias}.birth_year = ?)", [tail, int(word.folded[:9])]
    return f"' ' || {alias}.name_fold LIKE ? ESCAPE '!'", [f"% {_escaped(word.folded)}%"]


def _pattern(word: Word, *, ends_too: bool) -> str:
    """A household's code by its beginning, or (figures) by its end."""
    text = _escaped(word.folded)
    return f"%{text}" if ends_too and word.folded.isdigit() else f"{text}%"


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _is_named(row: Sequence[Any], words: tuple[Word, ...]) -> bool:
    """Every word begins a word of the unit's name, or stands in its code or leader."""
    text = f" {fold(row[1] or '')} {fold(row[3] or '')}"
    return all(f" {word.folded}" in text for word in words)


# -- the rest of the commune -------------------------------------------------------------------------------------


def _far_citizens(
    context: Context, connection: Connection, batch: BatchRecord, text: str, limit: int
) -> list[Candidate]:
    from desktop_app.models.records import HitKind
    from desktop_app.services.registry.search import search

    found = []
    for hit in search(context, text, limit * 2, kinds=(HitKind.CITIZEN,)).results:
        code = f"hộ {hit.household_code}" if hit.household_code else ""
        detail = " · ".join(part for part in (hit.birth, hit.hamlet, code) if part)
        found.append(Candidate(hit.uid, hit.name, detail, False, "" if hit.is_current else "không còn ở xã"))
    return found


def _far_households(
    context: Context, connection: Connection, batch: BatchRecord, text: str, limit: int
) -> list[Candidate]:
    from desktop_app.services.registry.household_list import HouseholdFilter, household_list

    hits = household_list(context, HouseholdFilter(text=text)).rows(0, limit * 2)
    rows = [row for hit in hits for row in _by_uid(connection, LearningModel.FAMILY, hit.uid)]
    return [candidate_of(LearningModel.FAMILY, row, is_near=False) for row in rows]


def _far_units(context: Context, connection: Connection, batch: BatchRecord, text: str, limit: int) -> list[Candidate]:
    model, words = batch.cover.model, words_of(text)
    rows = [row for row in _read(connection, model, "1", (), 5_000) if _is_named(row, words)]
    return [candidate_of(model, row, is_near=False) for row in rows[: limit * 2]]


_Far = Callable[[Context, Connection, BatchRecord, str, int], list[Candidate]]
_FAR: dict[LearningModel, _Far] = dict.fromkeys(LearningModel, _far_units)
_FAR[LearningModel.CITIZEN] = _far_citizens
_FAR[LearningModel.FAMILY] = _far_households


# -- rows --------------------------------------------------------------------------------------------------------


def _read(
    connection: Connection, model: LearningModel, where: str, values: Sequence[Any], limit: int
) -> list[tuple[Any, ...]]:
    """uid, name, hamlet, detail, birth, how they live, in the order of lists."""
    source = SOURCES[model]
    own = "s.birth, s.life_status" if model is LearningModel.CITIZEN else "NULL, NULL"
    return all_rows(
        connection,
        f"SELECT s.uid, {source.name}, v.name, {source.detail}, {own} FROM {subject_table(model)} s {source.joins} "
        f"WHERE s.present = 1 AND {where} ORDER BY {source.sort}, s.id LIMIT {int(limit)}",
        values,
    )


def _by_uid(connection: Connection, model: LearningModel, uid: Uid) -> list[tuple[Any, ...]]:
    return _read(connection, model, "s.uid = ?", (bytes.fromhex(uid),), 1)


def candidate_of(model: LearningModel, row: Sequence[Any], *, is_near: bool) -> Candidate:
    """A row of uid, name, hamlet, detail, birth and how they live, as a match."""
    uid, name, hamlet, detail, birth, life = row
    code = f"hộ {detail}" if detail and model in (LearningModel.CITIZEN, LearningModel.FAMILY) else detail
    place = hamlet if model is not LearningModel.COMMUNITY else ""
    parts = (PartialDate.from_iso(birth).text() if birth else "", place, code)
    note = {"dead": "đã mất", "moved": "đã chuyển đi"}.get(life or "", "")
    return Candidate(uid.hex(), name or "(chưa có tên)", " · ".join(p for p in parts if p), is_near, note)


_IN_BATCH = """
SELECT a.subject, row_number() OVER (ORDER BY a.batch_order, a.id) FROM assessment a JOIN batch b ON b.id = a.batch_id
WHERE b.uid = ? AND a.present"""


def _marked(connection: Connection, batch: BatchRecord, found: Sequence[Candidate]) -> list[Candidate]:
    """Who stands in this batch already says on which line."""
    lines = {uid.hex(): line for uid, line in all_rows(connection, _IN_BATCH, (bytes.fromhex(batch.uid),))}
    return [
        replace(item, note=f"dòng {lines[item.subject]} của tập này") if item.subject in lines else item
        for item in found
    ]


def nobody(batch: BatchRecord, text: str) -> UserError:
    """The sentence where nobody fits."""
    where = f"{batch.place} cũng như cả xã" if batch.place else "cả xã"
    return UserError(f"Không thấy “{_typed(text)}” trong {where}.", code="find.nobody")
