"""How the subjects of each model are named, ordered and searched when they are recognised: SQL, one shape a model.

Invariant: the order is total and the same on every machine: hamlet, household code, place in the household, then the
name in Vietnamese order and the uid; numbers are given in it. ``s`` is the subject's table, ``v`` its hamlet.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.models.types import LearningModel

_HAMLET_ORDER = "v.id IS NULL, v.sort_key, coalesce(v.former_commune, ''), v.uid"

FAMILY_HEAD = """coalesce(
(SELECT x.id FROM citizen x WHERE x.id = s.head_id AND x.is_current),
(SELECT x.id FROM citizen x WHERE x.household_id = s.id AND x.is_current ORDER BY x.position IS NULL, x.position, x.id
 LIMIT 1),
s.head_id)"""
"""Who a family's certificate is addressed to: the head; where the head is dead or gone, the first who lives there."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One model's subjects in SQL.

    Args:
        table: the subject's table.
        joins: what follows ``FROM <table> s``.
        name, fold, sort, detail, birth, hamlet: expressions; ``fold`` is searched, ``sort`` orders by name.
        order: of lists and numbers.
        gone: WHEN … THEN … of a CASE: states of those who are no more; ``{counted}`` is true of who is to be assessed.
    """

    table: str
    joins: str
    name: str
    fold: str
    sort: str
    detail: str
    order: str
    gone: str = "WHEN s.valid_to IS NOT NULL AND NOT ({counted}) THEN 'ended'"
    birth: str = "NULL"
    hamlet: str = "v.id"


SHAPES: dict[LearningModel, Shape] = {
    LearningModel.CITIZEN: Shape(
        "citizen",
        "LEFT JOIN household h ON h.id = s.household_id LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        "s.full_name",
        "s.name_fold",
        "s.sort_key",
        "h.code",
        f"{_HAMLET_ORDER}, h.id IS NULL, h.sort_key, h.uid, s.position IS NULL, s.position, s.sort_key, s.uid",
        "WHEN s.life_status = 'dead' THEN 'dead' WHEN s.life_status = 'moved' AND NOT ({counted}) THEN 'moved'",
        "s.birth",
    ),
    LearningModel.FAMILY: Shape(
        "household",
        f"LEFT JOIN hamlet v ON v.id = s.hamlet_id LEFT JOIN citizen p ON p.id = {FAMILY_HEAD}",
        "p.full_name",
        "coalesce(p.name_fold, '') || ' ' || coalesce(s.code_fold, '')",
        "p.sort_key",
        "s.code",
        f"{_HAMLET_ORDER}, s.sort_key, s.uid",
    ),
    LearningModel.CLAN: Shape(
        "clan",
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        "s.name",
        "s.name_fold",
        "s.sort_key",
        "s.leader",
        f"{_HAMLET_ORDER}, s.sort_key, s.uid",
    ),
    LearningModel.COMMUNITY: Shape(
        "hamlet",
        "LEFT JOIN hamlet v ON v.id = s.id",
        "s.name",
        "s.name_fold",
        "s.sort_key",
        "s.former_commune",
        _HAMLET_ORDER,
    ),
    LearningModel.ORGANIZATION: Shape(
        "organization",
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        "s.name",
        "s.name_fold",
        "s.sort_key",
        "s.code",
        f"{_HAMLET_ORDER}, s.sort_key, s.uid",
    ),
    LearningModel.COMMUNE: Shape(
        "commune",
        "LEFT JOIN hamlet v ON v.id IS NULL AND 0",
        "s.name",
        "lower(s.name)",
        "s.name",
        "s.province",
        "s.code, s.uid",
    ),
}


def words_in(expression: str, text: str) -> tuple[str, dict[str, str]]:
    """SQL that every word of a text stands somewhere in a folded expression, and its parameters."""
    from desktop_app.services.vietnamese import fold

    parameters = {}
    for place, word in enumerate(fold(text).split()):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parameters[f"word{place}"] = f"%{escaped}%"
    condition = " AND ".join(f"{expression} LIKE :{name} ESCAPE '\\'" for name in parameters)
    return condition or "1", parameters
