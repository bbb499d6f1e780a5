"""Search as you type over people, households, hamlets, clans, organizations and branches; the best first.

Any order of words, without accents or with them, by beginnings of names, ends of CCCD and phone, household code,
hamlet and year of birth. Invariant: a search reads only what it shows: the index gives its hits in the order of the
list (see ``derive``), better tiers before wider ones, so even one letter is ranked whole within a frame.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.records import HitKind, SearchHit, SearchResults
from desktop_app.services.context import Context
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.derive import SEARCH_ID_BITS
from desktop_app.services.registry.lists import as_json
from desktop_app.services.registry.search_terms import Word, match_all, tier_of, tiers, words_of

FEW = 300
"""So many hits are fetched and ranked by their names; more are ranked by asking the index tier by tier."""
OTHERS_FIRST = 5
"""Households, hamlets and the like that stand before the people; what is left of them comes after."""

_ID = (1 << SEARCH_ID_BITS) - 1
_COUNT = "SELECT count(*) FROM citizen_search WHERE citizen_search MATCH ?"
_HITS = "SELECT rowid FROM citizen_search WHERE citizen_search MATCH ? ORDER BY rowid LIMIT ?"
_ROWS = """
SELECT c.uid, c.full_name, c.birth, h.name, hh.code, c.is_current
FROM json_each(?) AS k CROSS JOIN citizen AS c ON c.id = k.value
LEFT JOIN household AS hh ON hh.id = c.household_id LEFT JOIN hamlet AS h ON h.id = c.hamlet_id ORDER BY k.key"""


def search(
    context: Context, text: str, limit: int = 50, *, kinds: Collection[HitKind] = tuple(HitKind)
) -> SearchResults:
    """Find records.

    Args:
        text: as typed so far.
        limit: how many to give back; ``total`` counts all.
        kinds: which kinds of records; all by default.
    """
    words = words_of(text)
    if not words:
        return SearchResults((), 0)
    limit = max(limit, 0)
    with context.read() as connection:
        people, total = _citizens(connection, words, limit) if HitKind.CITIZEN in kinds else ((), 0)
        others = _others(connection, words, kinds)
    first, rest = others[:OTHERS_FIRST], others[OTHERS_FIRST:]
    results = (*first, *people, *rest)[:limit]
    return SearchResults(results, total + len(others))


def _citizens(connection: Connection, words: tuple[Word, ...], limit: int) -> tuple[tuple[SearchHit, ...], int]:
    whole = match_all(words)
    total = all_rows(connection, _COUNT, (whole,))[0][0]
    if not total:
        return (), 0
    if total <= FEW and not any(word.has_digits for word in words):
        return _ranked_by_name(connection, words, whole, limit), total
    keys = _ranked_by_tier(connection, words, limit)
    return tuple(_hit(row) for row in all_rows(connection, _ROWS, (as_json(keys),))), total


def _ranked_by_name(
    connection: Connection, words: tuple[Word, ...], expression: str, limit: int
) -> tuple[SearchHit, ...]:
    keys = [row[0] & _ID for row in all_rows(connection, _HITS, (expression, FEW))]
    rows = all_rows(connection, _ROWS, (as_json(keys),))
    best = heapq.nsmallest(limit, enumerate(rows), key=lambda item: (tier_of(words, item[1][1] or ""), item[0]))
    return tuple(_hit(row) for _, row in best)


def _ranked_by_tier(connection: Connection, words: tuple[Word, ...], limit: int) -> list[int]:
    found: dict[int, None] = {}
    for expression in tiers(words):
        for row in all_rows(connection, _HITS, (expression, limit + len(found))):
            found.setdefault(row[0] & _ID)
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _hit(row: Sequence[Any]) -> SearchHit:
    uid, name, birth, hamlet, code, is_current = row
    return SearchHit(
        uid.hex(), HitKind.CITIZEN, name or "", birth_text(birth), hamlet or "", code or "", bool(is_current),
        birth or "",
    )  # fmt: skip


_NAMED = """
SELECT '{kind}' AS kind, t.uid AS uid, t.name AS name, {hamlet} AS hamlet, '' AS code, t.name_fold = ? AS is_whole,
       t.sort_key AS sort_key
FROM "{kind}" AS t {join} WHERE t.present = 1 AND {words}"""
_HOUSEHOLD = """
SELECT 'household', t.uid, coalesce(c.full_name, ''), h.name, coalesce(t.code, ''), t.code_fold = ?, t.sort_key
FROM household AS t LEFT JOIN citizen AS c ON c.id = t.head_id LEFT JOIN hamlet AS h ON h.id = t.hamlet_id
WHERE +t.present = 1 AND t.code_fold >= ? AND t.code_fold < ?"""
_PLACED = "LEFT JOIN hamlet AS h ON h.id = t.hamlet_id"
_RANKS = tuple(
    kind.value for kind in (HitKind.HAMLET, HitKind.HOUSEHOLD, HitKind.CLAN, HitKind.ORGANIZATION, HitKind.BRANCH)
)


def _others(connection: Connection, words: tuple[Word, ...], kinds: Collection[HitKind]) -> tuple[SearchHit, ...]:
    folded = " ".join(word.folded for word in words)
    parts: list[str] = []
    parameters: list[str] = []
    for kind in (HitKind.HAMLET, HitKind.CLAN, HitKind.ORGANIZATION, HitKind.BRANCH):
        if kind in kinds:
            parts.append(_named(kind, len(words)))
            parameters += [folded, *(f" {word.folded}" for word in words)]
    if HitKind.HOUSEHOLD in kinds and len(words) == 1 and words[0].has_digits:
        parts.append(_HOUSEHOLD)
        parameters += [folded, folded, folded + "\U0010ffff"]
    if not parts:
        return ()
    order = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(_RANKS))
    query = f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY is_whole DESC, CASE kind {order} END, sort_key"
    return tuple(_other(row) for row in all_rows(connection, query, parameters))


def _named(kind: HitKind, count: int) -> str:
    text = "' ' || t.name_fold"
    if kind is HitKind.BRANCH:
        text += " || ' ' || lower(coalesce(t.code, ''))"
    conditions = " AND ".join([f"instr({text}, ?) > 0"] * count)
    if kind is HitKind.HAMLET:
        return _NAMED.format(kind=kind.value, hamlet="coalesce(t.former_commune, '')", join="", words=conditions)
    return _NAMED.format(kind=kind.value, hamlet="h.name", join=_PLACED, words=conditions)


def _other(row: Sequence[Any]) -> SearchHit:
    kind, uid, name, hamlet, code, *_ = row
    return SearchHit(uid.hex(), HitKind(kind), name or "", "", hamlet or "", code or "")
