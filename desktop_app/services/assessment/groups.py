"""Which of the four citizen forms applies where the register does not say: a proposal from occupation and age.

Invariant: a proposal is never stored by itself; it is shown as one until a person, or a scoring list, has chosen.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from desktop_app.models.types import CitizenGroup
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.vietnamese import fold

STUDENT_AGE = 19
"""Below it somebody without a known occupation is proposed as a pupil (pupils assess themselves from 16 on)."""

_RULES: tuple[tuple[re.Pattern[str], CitizenGroup], ...] = tuple(
    (re.compile(pattern), group)
    for pattern, group in (
        (r"\b(hoc sinh|sinh vien|hoc vien|hs|sv|hssv)\b", CitizenGroup.STUDENT),
        (
            r"\b(can bo|cong chuc|vien chuc|giao vien|giang vien|bac si|y ta|y si|dieu duong|bo doi|cong an|quan nhan|"
            r"ke toan|ky su|nhan vien|doanh nhan|giam doc|cong nhan vien)\b",
            CitizenGroup.OFFICIAL,
        ),
        (r"\b(cong nhan|tho|lai xe|tai xe|lao dong|phu ho|may|boc vac|bao ve)\b", CitizenGroup.WORKER),
    )
)


def proposed_group(occupation: str | None, birth: str | None, round_: RoundRecord) -> CitizenGroup:
    """The form that probably fits; residents where nothing speaks for another."""
    found = _by_occupation(occupation or "")
    if found is not None:
        return found
    if not occupation and birth and birth > round_.born_by(STUDENT_AGE):
        return CitizenGroup.STUDENT
    return CitizenGroup.RESIDENT


@lru_cache(maxsize=1024)
def _by_occupation(occupation: str) -> CitizenGroup | None:
    folded = fold(occupation)
    return next((group for pattern, group in _RULES if pattern.search(folded)), None)


@cache
def _names() -> dict[CitizenGroup, str]:
    from desktop_app.services.criteria.loader import citizen_group_names

    return {group: names[0] for group, names in citizen_group_names().items()}


def group_name(group: CitizenGroup | None) -> str:
    """The group as people know it ("Người dân trong xã"); empty for None."""
    return _names().get(group, "") if group else ""
