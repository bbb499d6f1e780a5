"""What a round itself says of its criteria: the set chosen for a model (of citizens: a group), and who takes part.

Invariant: a round that says nothing judges by the set in general use, and every model and group takes part in it.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.errors import UserError
from desktop_app.services.raw import one_row
from desktop_app.services.registry.words import GROUP_SHORT, MODEL

_CHOICE = (
    "SELECT criteria_set_id, is_taking_part FROM round_set "
    "WHERE assessment_round_id = ? AND model = ? AND citizen_group IS ? AND present"
)


def set_of_round(
    connection: Connection, round_id: int, model: LearningModel, group: CitizenGroup | None = None
) -> int | None:
    """Local key of the set that the round chose itself; None where it follows the one in general use."""
    row = one_row(connection, _CHOICE, (round_id, model.value, group.value if group else None))
    return row[0] if row else None


def takes_part(connection: Connection, round_id: int, model: LearningModel, group: CitizenGroup | None = None) -> bool:
    """Does the round take registrations and forms of this model (of citizens: of this group)?"""
    row = one_row(connection, _CHOICE, (round_id, model.value, group.value if group else None))
    return row is None or row[1] != 0


def require_taking_part(
    connection: Connection, round_id: int, model: LearningModel, group: CitizenGroup | None = None
) -> None:
    """Refuse new work on what stays out of the round; raises UserError ``round.not_taking_part``."""
    if not takes_part(connection, round_id, model, group):
        words = f"Nhóm “{GROUP_SHORT[group]}”" if group else f"“{MODEL[model]}”"
        raise UserError(
            f"{words} không tham gia đợt này nên chưa ghi gì. Nếu có tham gia, hãy mở màn hình Đợt đánh giá "
            "(Ctrl+Shift+K) và đánh dấu lại.",
            code="round.not_taking_part",
        )


def groups_left_out(connection: Connection, round_id: int) -> frozenset[CitizenGroup]:
    """Groups of citizens that do not take part in the round."""
    return frozenset(
        group for group in CitizenGroup if not takes_part(connection, round_id, LearningModel.CITIZEN, group)
    )
