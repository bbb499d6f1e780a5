"""The list of households in memory: what of it is kept, and which slots a filter leaves.

Invariant: a filter leaves the same households as its SQL in ``household_list``; None where it asks for what is not
kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Poverty
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.citizen_memory import (
    BITS,
    SCORE,
    by_round,
    hamlet_marks,
    in_hamlet,
    title_mark,
)
from desktop_app.services.registry.list_memory import Memory, Plan, both, either
from desktop_app.services.registry.lists import STATE_RANK, score_join
from desktop_app.services.registry.rounds import RoundKey
from desktop_app.services.vietnamese import fold

if TYPE_CHECKING:
    from desktop_app.services.registry.household_list import HouseholdFilter

_POVERTY = (Poverty.POOR.value, Poverty.NEAR_POOR.value, Poverty.NONE.value)
"""In the order of the list."""
_MEMBERS = "(SELECT count(*) FROM citizen AS m WHERE m.household_id = h.id AND m.is_current = 1)"


def household_plan(key: RoundKey) -> Plan:
    """What is kept of the households of a round."""
    poor = " ".join(f"WHEN '{value}' THEN {place}" for place, value in enumerate(_POVERTY))
    return Plan(
        name=f"household:{key.id}:{key.year}",
        source="household AS h LEFT JOIN citizen AS head ON head.id = h.head_id "
        "LEFT JOIN hamlet AS hm ON hm.id = h.hamlet_id "
        f"{score_join('h', key, LearningModel.FAMILY)} WHERE h.present = 1",
        key="h.id",
        marks={
            "closed": "h.valid_to IS NOT NULL",
            "poor": f"CASE coalesce(h.poverty, 'none') {poor} ELSE {len(_POVERTY)} END",
            "headed": "h.head_id IS NOT NULL",
            "inhabited": f"{_MEMBERS} > 0",
            **hamlet_marks("h.hamlet_id"),
            "result": BITS,
            "state": STATE_RANK,
            "titles": title_mark("h", "household", LearningModel.FAMILY, key),
        },
        terms={
            "code": "h.sort_key", "head": "head.sort_key", "place": "hm.sort_key", "size": _MEMBERS, "score": SCORE,
            "need": "CASE h.poverty WHEN 'poor' THEN 1 WHEN 'near_poor' THEN 2 ELSE 3 END",
        },
        orders={
            "code": ("code", "id"), "head": ("head", "slot"), "hamlet": ("place", "slot"), "members": ("size", "slot"),
            "poverty": ("need", "slot"), "score": ("score", "slot"),
        },
        ranks={"verdict": ("state", None)},
        own="code",
        people="SELECT id AS person, household_id AS key FROM citizen WHERE household_id IS NOT NULL",
    )  # fmt: skip


def households_left(
    connection: Connection, memory: Memory, chosen: HouseholdFilter, hamlet: int | None
) -> bytes | None:
    """Which households a filter leaves, a byte a slot.

    Args:
        hamlet: local key of the chosen hamlet.
    """
    if chosen.clan is not None:
        return None
    masks = [memory.where("closed", (0, 1) if chosen.with_former else (0,))]
    if chosen.hamlet is not None:
        here = in_hamlet(memory, hamlet)
        if here is None:
            return None
        masks.append(here)
    if chosen.poverty is not None:
        masks.append(memory.where("poor", (_POVERTY.index(chosen.poverty.value),)))
    for wanted, mark in ((chosen.has_head, "headed"), (chosen.has_members, "inhabited")):
        if wanted is not None:
            masks.append(memory.where(mark, (int(wanted),)))
    masks += by_round(memory, chosen)
    found = memory.found(connection, chosen.text)
    if found is not None:
        masks.append(either(found, _by_code(connection, memory, chosen.text)))
    return both(masks)


def _by_code(connection: Connection, memory: Memory, text: str) -> bytes:
    """Households whose code begins with the text."""
    code = fold(text)
    query = "SELECT id FROM household WHERE code_fold >= ? AND code_fold < ?"
    rows = all_rows(connection, query, (code, code + "\U0010ffff"))
    return memory.slots_of(row[0] for row in rows) if rows else bytes(len(memory.ids))
