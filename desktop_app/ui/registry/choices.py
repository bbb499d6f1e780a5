"""What search fields of forms offer: hamlets, households, people, clans, branches, found by typing.

Invariant: a choice is a uid with the words that tell it from others of the same name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.models.records import CitizenRow, HouseholdRow
    from desktop_app.models.types import Uid

MOST = 30
HOUSEHOLD_HELP = "Gõ mã hộ hoặc tên một người trong hộ."
CITIZEN_HELP = "Gõ tên, năm sinh hoặc số cuối CCCD."
ALL = ("", "tất cả")
"""The first choice of a filter: everything."""
TITLES = (ALL, ("now", "đã có năm nay"), ("none", "chưa có năm nay"), ("before", "đã có năm trước"))
"""Of a filter for titles; the year is that of the newest round."""
Choices = Sequence[tuple[Any, str]]
Find = Callable[[str], Choices]


def household_words(row: HouseholdRow) -> str:
    """ "03-0127 · Nguyễn Văn Ước · Thôn 3"."""
    return " · ".join(part for part in (row.code or "(chưa có mã)", row.head, row.hamlet) if part)


def citizen_words(row: CitizenRow) -> str:
    """ "Nguyễn Thị Lan · 1984 · Thôn 3 · hộ 03-0127"."""
    code = f"hộ {row.household_code}" if row.household_code else ""
    return " · ".join(part for part in (row.name, row.birth, row.hamlet, code) if part)


def hamlets(context: Any) -> Choices:
    """All hamlets in order, with the former commune where two share a name."""
    from desktop_app.services.registry.lists import hamlet_names

    found = hamlet_names(context)
    times = Counter(name for _, name, _ in found)
    return [(uid, _with_former(name, former) if times[name] > 1 else name) for uid, name, former in found]


def _with_former(name: str, former: str) -> str:
    return f"{name} ({former} cũ)" if former else name


def branches(context: Any) -> Choices:
    """All branches of the association, by code and name."""
    from desktop_app.services.registry.unit_lists import branch_list

    return [(row.uid, f"{row.code} {row.name}".strip()) for row in branch_list(context).rows(0, 10_000)]


def organizations(context: Any) -> Choices:
    from desktop_app.services.registry.unit_lists import organization_list

    return [(row.uid, row.name) for row in organization_list(context).rows(0, 10_000)]


def find_household(context: Any) -> Find:
    """Households by code, or by anything that finds one of their people."""
    from desktop_app.services.registry.household_list import HouseholdFilter, household_list

    def find(text: str) -> Choices:
        rows = household_list(context, HouseholdFilter(text=text)).rows(0, MOST)
        return [(row.uid, household_words(row)) for row in rows]

    return find


def find_citizen(context: Any) -> Find:
    """People by name, code, year of birth or the end of a number; the best first."""
    from desktop_app.models.records import HitKind
    from desktop_app.services.registry.citizen_list import citizen_list
    from desktop_app.services.registry.search import search

    def find(text: str) -> Choices:
        if not text.strip():
            return [(row.uid, citizen_words(row)) for row in citizen_list(context).rows(0, MOST)]
        hits = search(context, text, MOST, kinds=(HitKind.CITIZEN,)).results
        return [
            (
                h.uid,
                " · ".join(p for p in (h.name, h.birth, h.hamlet, h.household_code and f"hộ {h.household_code}") if p),
            )
            for h in hits
        ]

    return find


def find_clan(context: Any) -> Find:
    from desktop_app.services.registry.unit_lists import clan_list

    return lambda text: [
        (row.uid, " · ".join(p for p in (row.name, row.hamlet) if p)) for row in clan_list(context, text).rows(0, MOST)
    ]


def words_of_household(context: Any) -> Callable[[Uid], str]:
    """The words of a household that is chosen already."""
    from desktop_app.services.registry.details import household_detail

    def words(uid: Uid) -> str:
        found = household_detail(context, uid)
        head, hamlet = (link.name if link is not None else "" for link in (found.head, found.hamlet))
        return " · ".join(part for part in (found.code or "(chưa có mã)", head, hamlet) if part)

    return words


def words_of_citizen(context: Any) -> Callable[[Uid], str]:
    from desktop_app.services.registry.details import citizen_detail

    def words(uid: Uid) -> str:
        found = citizen_detail(context, uid)
        return " · ".join(part for part in (found.name, found.birth) if part)

    return words


def words_of_clan(context: Any) -> Callable[[Uid], str]:
    from desktop_app.services.registry.details import clan_detail

    return lambda uid: clan_detail(context, uid).name
