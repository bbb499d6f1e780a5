"""What the national site asks and how it words things, read from ``resources/reference/national_site.json``.

Invariant: columns and words are data with their status; nothing of the site's shape stands in the code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from desktop_app.models.types import SiteState, TextStatus
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.resources import resource_path
from desktop_app.services.vietnamese import fold


@dataclass(frozen=True, slots=True)
class SiteColumn:
    """One column of the lists that the site's officers enter or upload.

    Args:
        field: cccd, name, sex, birth_year, ethnicity, religion, province, commune, work or branch.
        is_required: the site takes nobody without it.
    """

    field: str
    title: str
    width: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The site as data; ``states`` has folded words of its lists."""

    name: str
    status: TextStatus
    columns: tuple[SiteColumn, ...]
    state_headings: tuple[str, ...]
    date_headings: tuple[str, ...]
    states: Mapping[str, SiteState]


@cache
def load_site() -> SiteWords:
    """Read once.

    Raises:
        EnvironmentProblem: ``site.no_file`` when the file is missing or cannot be read.
    """
    path = resource_path("reference", "national_site.json")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        required = set(content["required"])
        return SiteWords(
            str(content["name"]),
            TextStatus(content["status"]),
            tuple(
                SiteColumn(item["field"], item["title"], int(item["width"]), item["field"] in required)
                for item in content["columns"]
            ),
            tuple(content["state_headings"]),
            tuple(content["date_headings"]),
            {word: SiteState(state) for state, words in content["states"].items() for word in words},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvironmentProblem(
            f"Không đọc được {path.name} nên chưa biết các cột của trang quốc gia. Dữ liệu không bị ảnh hưởng; "
            "hãy cài đặt lại chương trình.",
            code="site.no_file",
        ) from error


def plain(text: object) -> str:
    """Folded, without punctuation, as headings and states are compared."""
    return re.sub(r"[^a-z0-9]+", " ", fold(str(text or ""))).strip()


def state_of(text: object) -> SiteState | None:
    """The state that a cell of their list names; None where it is not understood."""
    return _state_of(str(text or ""))


@lru_cache(maxsize=4096)
def _state_of(text: str) -> SiteState | None:
    """Kept, for a list says the same few words in every row."""
    found = plain(text)
    states = load_site().states
    if found in states:
        return states[found]
    bare = " ".join(word for word in found.split() if not word.isdecimal() and word != "diem")
    if bare in states:  # "Đạt (85/100)", "85 điểm - Đạt"
        return states[bare]
    longest = max((word for word in states if len(word.split()) > 1 and word in found), key=len, default=None)
    return states[longest] if longest is not None and _is_whole(longest, found) else None


def _is_whole(word: str, text: str) -> bool:
    """A longer cell may end what a state says ("đã đăng ký ngày 3/2"), but a "chưa" before it turns it round."""
    before, _, after = f" {text} ".partition(f" {word} ")
    return before.strip() == "" and bool(after or before == "")
