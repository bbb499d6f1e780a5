"""Writing what a plan found: new states, and of the differences those that a person takes.

Invariant: one operation that can be undone; the same plan applied again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from desktop_app.models.types import Uid
from desktop_app.services.assessment.accounts import write_states
from desktop_app.services.assessment.site.planning import SiteFate, SitePlan
from desktop_app.services.context import Context

SOURCE = "Danh sách của trang quốc gia"


def states_to_write(
    plan: SitePlan, *, takes_differences: bool = False, also: frozenset[tuple[str, int]] = frozenset(),
    as_of: dt.date | None = None,
) -> dict[Uid, dict[str, object]]:  # fmt: skip
    """What applying the plan writes: the new states, and of the differences all or those that a person marked.

    Args:
        also: keys of differences that were marked one by one.
        as_of: the list's own date, for lines that give none.
    """
    found: dict[Uid, dict[str, object]] = {}
    for line in plan.lines:
        is_taken = line.fate is SiteFate.NEW or (
            line.fate is SiteFate.DIFFERS and (takes_differences or line.key in also)
        )
        if is_taken and line.person is not None and line.theirs is not None:
            day = line.their_date or (as_of.isoformat() if as_of and line.theirs is not line.ours else line.our_date)
            found[line.person.uid] = {"state": line.theirs.value, "changed_on": day or None, "source": SOURCE}
    return found


def apply_site_list(
    context: Context,
    plan: SitePlan,
    *,
    takes_differences: bool = False,
    also: frozenset[tuple[str, int]] = frozenset(),
    as_of: dt.date | None = None,
) -> int:
    """Write what a plan found as one operation that can be undone; returns how many people changed.

    Raises:
        UserError: ``round.closed``.
    """
    states = states_to_write(plan, takes_differences=takes_differences, also=also, as_of=as_of)
    return write_states(context, plan.year, states, "site.import", {"file": Path(plan.listed.path).name})
