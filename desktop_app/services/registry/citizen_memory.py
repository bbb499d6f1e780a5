"""The list of citizens in memory: what of it is kept, and which slots a filter leaves.

Invariant: a filter leaves the same people as its SQL in ``citizen_list``; None where it asks for what is not kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from desktop_app.models.records import VerdictState
from desktop_app.models.types import CitizenGroup, LearningModel, LifeStatus, Sex
from desktop_app.services.registry.former_titles import held_subjects
from desktop_app.services.registry.list_memory import Memory, Plan, both, either
from desktop_app.services.registry.lists import STATE_RANK, score_join
from desktop_app.services.registry.rounds import RoundKey, counting_day

if TYPE_CHECKING:
    from desktop_app.services.registry.citizen_list import CitizenFilter
    from desktop_app.services.registry.household_list import HouseholdFilter

_FIRST_YEAR, _LAST_YEAR = 1870, 2118
_GROUPS = tuple(group.value for group in CitizenGroup)
_SEXES = tuple(sorted(sex.value for sex in Sex))
_LIVES = tuple(life.value for life in LifeStatus)
_HERE = 100
"""Added to the mark of ``life`` of those who live here or are away for a time."""
HAMLETS = 250
"""A hamlet's key is kept as two marks, its quotient and its remainder."""
TITLE_NOW, TITLE_BEFORE = 1, 2
ANSWERED, PASSED, COMPLETE = 1, 2, 4
BITS = (
    "iif(coalesce(a.answered, 0) > 0, 1, 0) + iif(coalesce(a.passed, 0), 2, 0) + iif(coalesce(a.is_complete, 0), 4, 0)"
)
SCORE = "CASE WHEN a.answered > 0 THEN a.total END"


def citizen_plan(key: RoundKey) -> Plan:
    """What is kept of the citizens of a round."""
    missing = " + ".join(
        f"iif(c.{column} IS NULL, {1 << place}, 0)" for place, column in enumerate(("cccd", "phone", "household_id"))
    )
    return Plan(
        name=f"citizen:{key.id}:{key.year}",
        source="citizen AS c LEFT JOIN hamlet AS h ON h.id = c.hamlet_id "
        "LEFT JOIN household AS hh ON hh.id = c.household_id "
        f"{score_join('c', key, LearningModel.CITIZEN)} WHERE c.present = 1",
        key="c.id",
        marks={
            "life": f"{_placed('c.life_status', _LIVES)} + iif(c.is_current, {_HERE}, 0)",
            "class": _placed("c.citizen_group", _GROUPS),
            "gender": _placed("c.sex", _SEXES),
            "missing": missing,
            "born_in": f"iif(c.birth IS NULL, 0, min(max(c.birth_year, {_FIRST_YEAR}), {_LAST_YEAR}) - "
            f"{_FIRST_YEAR - 1})",
            "born_month": "coalesce(CAST(substr(c.birth, 6, 2) AS INTEGER), 0)",
            "born_day": "coalesce(CAST(substr(c.birth, 9, 2) AS INTEGER), 0)",
            **hamlet_marks("c.hamlet_id"),
            "result": BITS,
            "state": STATE_RANK,
            "titles": title_mark("c", "citizen", LearningModel.CITIZEN, key),
        },
        terms={
            "name": "c.sort_key", "birth": "c.birth", "place": "h.sort_key", "home": "hh.sort_key",
            "home_id": "hh.id", "position": "c.position", "score": SCORE,
        },
        orders={
            "name": ("name", "id"), "birth": ("birth", "id"), "hamlet": ("place", "slot"),
            "household": ("home", "home_id", "position", "id"), "score": ("score", "slot"),
        },
        ranks={"group": ("class", len(_GROUPS)), "sex": ("gender", len(_SEXES)), "verdict": ("state", None)},
        own="name",
    )  # fmt: skip


def hamlet_marks(column: str) -> dict[str, str]:
    """A hamlet's key as two marks."""
    return {
        "hamlet_high": f"min(coalesce({column}, 0) / {HAMLETS}, {HAMLETS})",
        "hamlet_low": f"coalesce({column}, 0) % {HAMLETS}",
    }


def title_mark(alias: str, table: str, model: LearningModel, key: RoundKey) -> str:
    """SQL: whether the title of the round's year is held, and that of the year before."""
    held = (
        f"iif({alias}.id IN (SELECT s.id FROM ({held_subjects(model, year)}) AS x JOIN {table} AS s "
        f"ON s.uid = x.subject), {bit}, 0)"
        for year, bit in ((key.year, TITLE_NOW), (key.year - 1, TITLE_BEFORE))
    )
    return " + ".join(held)


def _placed(column: str, values: tuple[str, ...]) -> str:
    """SQL: the place of a value; behind the last one where it is none of them, one more where it is unknown."""
    whens = " ".join(f"WHEN '{value}' THEN {place}" for place, value in enumerate(values))
    return f"CASE {column} {whens} ELSE iif({column} IS NULL, {len(values)}, {len(values) + 1}) END"


def in_hamlet(memory: Memory, hamlet: int | None) -> bytes | None:
    """Those of a hamlet; None where its key is too great to be kept."""
    if hamlet is None or hamlet // HAMLETS >= HAMLETS:
        return None
    return both((memory.where("hamlet_low", (hamlet % HAMLETS,)), memory.where("hamlet_high", (hamlet // HAMLETS,))))


def by_round(memory: Memory, chosen: CitizenFilter | HouseholdFilter) -> list[bytes]:
    """What a filter asks of their form and titles, as ``outcome_condition`` and ``title_condition`` have it."""
    masks = []
    outcome, is_assessed = chosen.outcome, chosen.is_assessed
    if outcome is not None:
        masks.append(memory.where("result", (bits for bits in range(8) if _is_so(bits, outcome))))
    if is_assessed is not None:
        masks.append(memory.where("result", (bits for bits in range(8) if bool(bits & ANSWERED) is is_assessed)))
    for wanted, bit in ((chosen.has_title, TITLE_NOW), (chosen.had_title, TITLE_BEFORE)):
        if wanted is not None:
            masks.append(memory.where("titles", [held for held in range(4) if bool(held & bit) is wanted]))
    return masks


def _is_so(bits: int, outcome: VerdictState) -> bool:
    if outcome is VerdictState.NONE:
        return not bits & ANSWERED
    if outcome is VerdictState.PASSED:
        return bool(bits & ANSWERED and bits & PASSED)
    if outcome is VerdictState.FAILED:
        return bool(bits & ANSWERED and bits & COMPLETE and not bits & PASSED)
    return bool(bits & ANSWERED and not bits & COMPLETE)


def citizens_left(connection: Connection, memory: Memory, chosen: CitizenFilter, hamlet: int | None) -> bytes | None:
    """Whom a filter leaves, a byte a slot.

    Args:
        hamlet: local key of the chosen hamlet.
    """
    if (chosen.household, chosen.branch, chosen.organization, chosen.clan, chosen.poverty) != (None,) * 5:
        return None
    masks = [_by_residence(memory, chosen)]
    if chosen.hamlet is not None:
        here = in_hamlet(memory, hamlet)
        if here is None:
            return None
        masks.append(here)
    masks += _by_missing(memory, chosen)
    masks += _by_age(connection, memory, chosen)
    if chosen.group is not None:
        masks.append(memory.where("class", (_GROUPS.index(chosen.group.value),)))
    if chosen.sex is not None:
        masks.append(memory.where("gender", (_SEXES.index(chosen.sex.value),)))
    masks += by_round(memory, chosen)
    found = memory.found(connection, chosen.text)
    if found is not None:
        masks.append(found)
    return both(masks)


def _by_residence(memory: Memory, chosen: CitizenFilter) -> bytes:
    name = chosen.residence.value
    codes = range(len(_LIVES) + 2)
    if name == "current":
        return memory.where("life", (_HERE + code for code in codes))
    if name == "all":
        return memory.where("life", (*codes, *(_HERE + code for code in codes)))
    code = _LIVES.index(name)
    return memory.where("life", (_HERE + code,) if name == "away" else (code, _HERE + code))


def _by_missing(memory: Memory, chosen: CitizenFilter) -> Iterator[bytes]:
    for place, wanted in enumerate((chosen.has_cccd, chosen.has_phone, chosen.has_household)):
        if wanted is not None:
            yield memory.where("missing", (bits for bits in range(8) if bool(bits >> place & 1) is not wanted))
    for wanted, mark, blank in (
        (chosen.has_group, "class", len(_GROUPS)),
        (chosen.has_sex, "gender", len(_SEXES)),
        (chosen.has_birth, "born_in", 0),
    ):
        if wanted is not None:
            yield memory.where(mark, (code for code in range(251) if (code == blank) is not wanted))


def _by_age(connection: Connection, memory: Memory, chosen: CitizenFilter) -> Iterator[bytes]:
    """As ``citizen_list`` has it: a bare year stands before every day of that year."""
    if chosen.min_age is None and chosen.max_age is None:
        return
    day = chosen.age_on or counting_day(connection, chosen.round)
    if chosen.min_age is not None:
        yield _born(memory, day, day.year - chosen.min_age, is_before=True)
    if chosen.max_age is not None:
        yield _born(memory, day, day.year - chosen.max_age - 1, is_before=False)


def _born(memory: Memory, day: datetime.date, year: int, *, is_before: bool) -> bytes:
    """Born up to a day, or after it."""
    code = min(max(year - _FIRST_YEAR + 1, 0), 250)
    below = memory.where("born_in", range(1, code)), memory.where("born_month", range(day.month))
    above = memory.where("born_in", range(code + 1, 251)), memory.where("born_month", range(day.month + 1, 251))
    years, months = below if is_before else above
    days = range(day.day + 1) if is_before else range(day.day + 1, 251)
    in_year = memory.where("born_in", (code,)) if code else bytes(len(memory.ids))
    in_month = both((memory.where("born_month", (day.month,)), memory.where("born_day", days)))
    return either(years, both((in_year, either(months, in_month))))
