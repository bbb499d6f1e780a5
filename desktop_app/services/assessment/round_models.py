"""Which models and groups take part in a round, and by which criteria set each is judged there.

Invariants: what the round says holds for forms that are begun from now on, a begun form stays with its set; a round
that says nothing follows the sets in general use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.tables.assessment import round_set
from desktop_app.models.types import CitizenGroup, DeviceRole, LearningModel, Uid
from desktop_app.services.assessment.keys import round_set_uid
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import OfficeSet, read_sets
from desktop_app.services.criteria.round_sets import set_of_round, takes_part
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.words import GROUP_SHORT, MODEL

PARTS: tuple[tuple[LearningModel, CitizenGroup | None], ...] = (
    *((LearningModel.CITIZEN, group) for group in CitizenGroup),
    *((model, None) for model in LearningModel if model is not LearningModel.CITIZEN),
)
"""What a round is made of: the four citizen forms and the other models."""


@dataclass(frozen=True, slots=True)
class SetChoice:
    """A set that can be chosen for a model or group."""

    uid: Uid
    label: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class RoundPart:
    """One model (of citizens: one group) in a round.

    Args:
        name: "Gia đình học tập", "Công dân học tập: người lao động".
        own: the set that the round chose itself, None where it follows the general choice.
        used: the set that new forms get; None where none is in use.
        choices: every set of the model and group that could be chosen.
        begun: forms of the round that are begun, ``other`` of them by another set than ``used``.
    """

    model: LearningModel
    group: CitizenGroup | None
    name: str
    is_taking_part: bool
    own: Uid | None
    used: SetChoice | None
    choices: tuple[SetChoice, ...]
    begun: int
    other: int


def part_name(model: LearningModel, group: CitizenGroup | None) -> str:
    """What people call a model or group."""
    return MODEL[model] if group is None else f"{MODEL[model]}: {GROUP_SHORT[group].lower()}"


def list_parts(context: Context, year: int) -> tuple[RoundPart, ...]:
    """Every model and group with what the round says of it.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        sets = {row_id: item for row_id, item in read_sets(connection).items() if item is not None}
        begun = _begun(connection, round_)
        return tuple(_part(connection, round_, sets, begun, model, group) for model, group in PARTS)


def _part(
    connection: Connection,
    round_: RoundRecord,
    sets: dict[int, OfficeSet],
    begun: dict[int, int],
    model: LearningModel,
    group: CitizenGroup | None,
) -> RoundPart:
    fitting = {k: item for k, item in sets.items() if (item.definition.model, item.definition.group) == (model, group)}
    own = set_of_round(connection, round_.id, model, group)
    used = fitting.get(own) if own is not None else None
    if used is None:
        own, used = None, _general(fitting.values())
    forms = sum(begun.get(row_id, 0) for row_id in fitting)
    return RoundPart(
        model,
        group,
        part_name(model, group),
        takes_part(connection, round_.id, model, group),
        used.uid if used is not None and own is not None else None,
        _choice(used) if used is not None else None,
        tuple(_choice(item) for item in fitting.values()),
        forms,
        forms - (begun.get(used.id, 0) if used is not None else 0),
    )


def _general(fitting: Iterable[OfficeSet]) -> OfficeSet | None:
    """The one in general use; of several that a merge left, the same that ``set_in_use`` takes."""
    in_use = [item for item in fitting if item.is_in_use]
    return max(in_use, key=lambda item: (item.definition.is_default, _numbers(item.definition.version)), default=None)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(piece) if piece.isdecimal() else 0 for piece in version.split("."))


def _choice(item: OfficeSet) -> SetChoice:
    return SetChoice(item.uid, item.label, item.is_confirmed)


def _begun(connection: Connection, round_: RoundRecord) -> dict[int, int]:
    rows = all_rows(
        connection,
        "SELECT criteria_set_id, count(*) FROM assessment WHERE assessment_round_id = ? AND present "
        "AND criteria_set_id IS NOT NULL GROUP BY 1",
        (round_.id,),
    )
    return {int(set_id): int(count) for set_id, count in rows}


def change_part(
    context: Context,
    year: int,
    model: LearningModel,
    group: CitizenGroup | None = None,
    *,
    set_uid: Uid | None = None,
    is_taking_part: bool = True,
) -> None:
    """Say whether a model or group takes part, and by which set it is judged in this round. Undoable.

    Args:
        set_uid: None follows the set in general use.

    Raises:
        UserError: ``round.unknown``, ``round.closed``, ``round.wrong_set`` (of another model, or a draft),
            ``criteria.office_only`` on a volunteer's machine.
    """
    if context.role is DeviceRole.VOLUNTEER:
        raise UserError(
            "Chỉ máy của xã chọn được mô hình và bộ tiêu chí của đợt; chưa có gì bị thay đổi. Hãy báo cán bộ xã.",
            code="criteria.office_only",
        )
    with context.operation("round.sets", {"year": year}) as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        chosen = _fitting_set(op.connection, model, group, set_uid) if set_uid is not None else None
        values = {
            "assessment_round_id": round_.id,
            "model": model.value,
            "citizen_group": group.value if group else None,
            "criteria_set_id": chosen,
            "is_taking_part": is_taking_part,
        }
        op.writer.insert(round_set, values, uid=round_set_uid(year, model, group.value if group else None))


def _fitting_set(connection: Connection, model: LearningModel, group: CitizenGroup | None, set_uid: Uid) -> int:
    for row_id, item in read_sets(connection).items():
        if item is not None and item.uid == set_uid:
            if (item.definition.model, item.definition.group) == (model, group):
                return row_id
            break
    raise UserError(
        f"Bộ tiêu chí đã chọn không dùng được cho {part_name(model, group).lower()}; chưa đổi gì. Hãy chọn bộ khác.",
        code="round.wrong_set",
    )
