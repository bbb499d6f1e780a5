"""Which of the four citizen forms a person is proposed for, from age and work; a person always decides. Pure.

The four groups are those of QĐ 324/QĐ-KHVN (25/10/2023); which work belongs to which group is our reading (status
inferred), kept here as a table. Pupils assess themselves from 16 upward, younger ones not at all.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from desktop_app.models.types import CitizenGroup
from desktop_app.services.vietnamese import PartialDate, age_on, fold

YOUNGEST = 16
"""Complete years on the day on which the round counts."""

OCCUPATIONS: tuple[tuple[CitizenGroup, tuple[str, ...]], ...] = (
    (
        CitizenGroup.RESIDENT,
        ("nghi huu", "huu tri", "huu", "mat suc", "gia yeu", "het tuoi lao dong", "noi tro", "o nha", "nghi viec"),
    ),
    (CitizenGroup.STUDENT, ("hoc sinh", "sinh vien", "hoc vien", "hs", "sv", "hssv", "di hoc", "nghien cuu sinh")),
    (
        CitizenGroup.OFFICIAL,
        (
            "cong chuc", "vien chuc", "can bo", "giao vien", "giang vien", "giao su", "y ta", "y si", "y sy", "bac si",
            "bac sy", "duoc si", "duoc sy", "dieu duong", "ho sinh", "nu ho sinh", "cong nhan vien", "nhan vien",
            "ky su", "ke toan", "luat su", "cong an", "bo doi", "quan nhan", "si quan", "bi thu", "chu tich",
            "pho chu tich", "truong thon", "hieu truong", "hieu pho", "giam doc", "pho giam doc", "doanh nhan",
            "chu doanh nghiep", "chu cua hang", "chu co so", "chu cong ty", "chu trang trai", "kinh doanh", "cbcc",
            "cbccvc", "cnvc", "cnv", "cb", "gv",
        ),
    ),
    (
        CitizenGroup.WORKER,
        (
            "cong nhan", "cn", "tho", "lao dong tu do", "lao dong pho thong", "lao dong", "ldtd", "ld tu do", "phu ho",
            "lai xe", "tai xe", "xe om", "bao ve", "giup viec", "lam thue", "lam muon", "boc vac", "dau bep",
            "tieu thu cong", "phu xe", "may mac", "tu do",
        ),
    ),
    (
        CitizenGroup.RESIDENT,
        (
            "nong dan", "nong nghiep", "lam nong", "lam ruong", "lam ray", "lam vuon", "chan nuoi", "trong trot",
            "ngu dan", "danh ca", "nuoi trong thuy san", "lam muoi", "lam rung", "buon ban", "tieu thuong", "ban hang",
        ),
    ),
)  # fmt: skip
"""Group → words of occupations, folded; the first that stands in the occupation as whole words decides."""

_RULES = tuple(
    (group, re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")\b"))
    for group, words in OCCUPATIONS
)
_SCHOOL_LEAVING_AGE = 18


def propose_group(birth: PartialDate | None, occupation: str | None, on_date: datetime.date) -> CitizenGroup | None:
    """The group to propose; None for who is younger than 16 on ``on_date``.

    Without a known occupation: those under 18 are taken for pupils, others for residents, the widest form.

    Args:
        birth: of which only the year may be known; None: taken for an adult.
        occupation: as people write it.
        on_date: the day on which the round counts, 31/12 of its year.
    """
    age = age_on(birth, on_date) if birth is not None else None
    if age is not None and age < YOUNGEST:
        return None
    known = group_of_occupation(occupation or "")
    if known is not None:
        return known
    is_pupil = age is not None and age < _SCHOOL_LEAVING_AGE
    return CitizenGroup.STUDENT if is_pupil else CitizenGroup.RESIDENT


@lru_cache(maxsize=4096)
def group_of_occupation(occupation: str) -> CitizenGroup | None:
    """The group that an occupation's words tell, whatever the age; None for words that tell nothing."""
    folded = fold(occupation)
    return next((group for group, pattern in _RULES if pattern.search(folded)), None)
