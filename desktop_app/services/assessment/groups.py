"""Which of the four citizen forms a person is judged by where the register does not say, and the groups' names.

Invariant: a proposal is never stored by itself; it is shown as one until a person, or a scoring list, has chosen.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from desktop_app.models.types import CitizenGroup
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.registry.groups import propose_group
from desktop_app.services.vietnamese import PartialDate


def proposed_group(occupation: str | None, birth: str | None, round_: RoundRecord) -> CitizenGroup:
    """The form that probably fits; the pupils' one for who is too young to be assessed at all."""
    born = PartialDate.from_iso(birth) if birth else None
    found = propose_group(born, occupation, dt.date.fromisoformat(round_.counted_on))
    return found or CitizenGroup.STUDENT


@cache
def _names() -> dict[CitizenGroup, str]:
    from desktop_app.services.criteria.loader import citizen_group_names

    return {group: names[0] for group, names in citizen_group_names().items()}


def group_name(group: CitizenGroup | None) -> str:
    """The group as people know it ("Người dân trong xã"); empty for None."""
    return _names().get(group, "") if group else ""
