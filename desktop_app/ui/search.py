"""F3 from any screen: what the search of the whole register finds, as hits of the header's popup, the best first.

Invariant: a hit names the page that shows it; a name found many times is told apart by birth, hamlet and household.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from desktop_app.models.records import HitKind
from desktop_app.models.records import SearchHit as Found
from desktop_app.services.registry.words import HIT_KIND
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.registry.target import ListTarget
from desktop_app.ui.widgets.search_popup import SearchHit

SHOWN = 20
HOMES: dict[HitKind, tuple[str, str]] = {
    HitKind.CITIZEN: ("citizens", "user-round"),
    HitKind.HOUSEHOLD: ("households", "house"),
    HitKind.HAMLET: ("hamlets", "map-pin"),
    HitKind.CLAN: ("clans", "network"),
    HitKind.ORGANIZATION: ("organizations", "building-2"),
}
"""Kind → key of the page that shows it, icon. Branches have no page in the navigation; their hamlet shows them."""


def find_hits(context: Any, text: str) -> list[SearchHit]:
    """The best hits for what was typed so far; a last line leads to all of them when there are more."""
    from desktop_app.services.registry.search import search

    found = search(context, text, SHOWN, kinds=tuple(HOMES))
    hits = [_hit(item) for item in found.results]
    if found.total > len(hits):
        every = f"Xem cả {number_text(found.total)} kết quả trong danh sách công dân"
        hits.append(SearchHit(every, "cùng những chữ đang gõ", "list", "citizens", ListTarget(text=text)))
    return hits


def finder(context: Any) -> Callable[[str], Sequence[SearchHit]]:
    """For ``MainWindow.set_search``."""
    return lambda text: find_hits(context, text)


def _hit(item: Found) -> SearchHit:
    page_key, icon = HOMES[item.kind]
    name = f"Hộ {item.name or item.household_code}" if item.kind is HitKind.HOUSEHOLD else item.name
    code = item.household_code and f"hộ {item.household_code}"
    kind = "" if item.kind in (HitKind.CITIZEN, HitKind.HOUSEHOLD) else HIT_KIND[item.kind]
    gone = "" if item.is_current else "không còn ở xã"
    detail = " · ".join(part for part in (kind, item.birth, item.hamlet, code, gone) if part)
    return SearchHit(name, detail, icon, page_key, item.uid)
