"""A long work list in memory: what of it is kept, which slots a filter leaves, and how many of each status there are.

Invariant: a filter leaves the same subjects as its SQL in ``worklist``; None where it asks for what is not kept. The
round's day decides who is listed and where they lived, so a round whose day has passed is kept in the same way.
"""

from __future__ import annotations

from itertools import chain, compress

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.assessment.shapes import is_registered, subjects_with_forms
from desktop_app.services.assessment.subjects import SOURCES, placed
from desktop_app.services.assessment.worklist import STATUS_CASE, WorkFilter, WorkStatus, is_listed
from desktop_app.services.moves.as_of import past_day
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.citizen_memory import hamlet_marks, in_hamlet
from desktop_app.services.registry.list_memory import Memory, Plan, both, either
from desktop_app.services.registry.lookups import local_id
from desktop_app.services.vietnamese import fold

KEPT_MODELS = (LearningModel.CITIZEN, LearningModel.FAMILY)
"""The others' lists are never long."""
_STATUSES = tuple(sorted(status.value for status in WorkStatus))
"""In the order of the list by status, which is that of these words."""
_HIDDEN = len(_STATUSES)
"""In place of a status: does not stand in the list."""
_GROUPS = tuple(group.value for group in CitizenGroup)
_PEOPLE = "SELECT id AS person, household_id AS key FROM citizen WHERE household_id IS NOT NULL"


def plan_name(model: LearningModel, round_: RoundRecord) -> str:
    """Under which a round's work list is kept; another day may make another list of the same file."""
    return f"work_{subject_table(model)}:{round_.id}:{past_day(round_.counted_on)}"


def work_plan(model: LearningModel, round_: RoundRecord) -> Plan:
    """What is kept of the work list of citizens or households of a round."""
    hamlet = placed(SOURCES[model].hamlet, model, round_)
    is_of_citizens = model is LearningModel.CITIZEN
    return Plan(
        name=plan_name(model, round_),
        source=f"{subjects_with_forms(model, round_)} LEFT JOIN hamlet AS o ON o.id = {hamlet}",
        key="s.id",
        marks={
            "stage": f"iif({is_listed(model, round_)}, {_place(STATUS_CASE, _STATUSES)}, {_HIDDEN})",
            "class": _place("s.citizen_group", _GROUPS) if is_of_citizens else "0",
            "registered": f"iif({is_registered(model, round_)}, 1, 0)",
            **hamlet_marks(hamlet),
        },
        terms={"name": SOURCES[model].sort, "place": "o.sort_key", "total": "a.total", "answered": "a.answered"},
        orders={
            "name": ("name", "id"),
            "hamlet": ("place", "slot"),
            "total": ("total", "slot"),
            "answered": ("answered", "slot"),
        },
        ranks={"status": ("stage", None)},
        own="name",
        people="" if is_of_citizens else _PEOPLE,
    )


def _place(term: str, values: tuple[str, ...]) -> str:
    """SQL: the place of a value, behind the last one where it is none of them."""
    whens = " ".join(f"WHEN '{value}' THEN {place}" for place, value in enumerate(values))
    return f"CASE {term} {whens} ELSE {len(values)} END"


def work_left(connection: Connection, memory: Memory, model: LearningModel, wanted: WorkFilter) -> bytes | None:
    """Whom a filter leaves, a byte a slot."""
    masks = _of_place_and_group(connection, memory, model, wanted)
    if masks is None:
        return None
    if wanted.status is not None:
        masks.append(memory.where("stage", (_STATUSES.index(wanted.status.value),)))
    if wanted.is_registered:
        masks.append(memory.where("registered", (1,)))
    if fold(wanted.text):
        found = memory.found(connection, wanted.text)
        if model is LearningModel.FAMILY:
            by_code = _by_code(connection, memory, wanted.text)
            found = by_code if found is None else either(found, by_code)
        if found is None:  # signs without a letter are looked for in the names themselves
            return None
        masks.append(found)
    return both(masks)


def work_counts(
    connection: Connection, memory: Memory, model: LearningModel, wanted: WorkFilter
) -> dict[WorkStatus, int] | None:
    """How many of each status there are in the filter's hamlet and group."""
    masks = _of_place_and_group(connection, memory, model, wanted)
    if masks is None:
        return None
    stages = memory.marks["stage"]
    if len(masks) > 1:
        stages = bytes(compress(stages, both(masks)))
    return {status: stages.count(1 + _STATUSES.index(status.value)) for status in WorkStatus}


def _of_place_and_group(
    connection: Connection, memory: Memory, model: LearningModel, wanted: WorkFilter
) -> list[bytes] | None:
    masks = [memory.where("stage", range(_HIDDEN))]
    if wanted.hamlet is not None:
        here = in_hamlet(memory, local_id(connection, "hamlet", wanted.hamlet))
        if here is None:
            return None
        masks.append(here)
    if wanted.group is not None and model is LearningModel.CITIZEN:
        masks.append(memory.where("class", (_GROUPS.index(wanted.group.value),)))
    return masks


def _by_code(connection: Connection, memory: Memory, text: str) -> bytes:
    """Households whose code has the text somewhere."""
    rows = all_rows(connection, "SELECT id FROM household WHERE instr(code_fold, ?)", (fold(text),))
    return memory.slots_of(chain.from_iterable(rows)) if rows else bytes(len(memory.ids))
