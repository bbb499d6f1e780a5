"""What stands above a table in words: which commune and which settlement it speaks of. Pure; guesses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop_app.services.importing.hamlets import Hamlet, find_hamlet
from desktop_app.services.vietnamese import name_case, nfc

_COMMUNE = re.compile(r"(?<!\w)(xã|phường|thị trấn|đặc khu)(?!\w)\s*:?\s*", re.IGNORECASE)
_NOT_AFTER = re.compile(r"(?:hợp tác|thị|cấp|liên)\s+$", re.IGNORECASE)
_END = re.compile(
    r"[,;:()\[\]\n–]| - |(?<!\w)(?:năm(?=\s+\d|\s*$)|huyện|tỉnh|thành phố|tp|quận|thị xã|đặc khu|thôn|ấp|khóm|"
    r"tổ dân phố|tdp|"
    r"khu phố|xóm|buôn|danh sách|cũ|và|tháng|quý|đợt|có|đạt|được|theo|về|của|là|hộ|biểu|mẫu|cộng hòa|cộng hoà|độc lập|"
    r"số|ngày|nam(?=\s+\d{4})|ubnd|hội)(?!\w)",
    re.IGNORECASE,
)
_MAX_WORDS = 5


def find_communes(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the communes that texts name, each once, in reading order: ("Xã Phú An",).

    "Hợp tác xã", "thị xã", "công chức xã" name none; neither does "xã" without a name after it.
    """
    found: dict[str, None] = {}
    for raw in texts:
        text = " ".join(nfc(raw).split())
        for match in _COMMUNE.finditer(text):
            name = _name_after(text, match)
            if name and not _NOT_AFTER.search(text[: match.start()]):
                kind = match[1].lower()
                found.setdefault(f"{kind[0].upper()}{kind[1:]} {name}")
    return tuple(found)


def hamlet_of_titles(texts: Iterable[str]) -> Hamlet | None:
    """Return the one settlement that titles name; None for none, or when they name different ones."""
    found = {hamlet.key: hamlet for hamlet in map(find_hamlet, texts) if hamlet}
    return next(iter(found.values())) if len(found) == 1 else None


def _name_after(text: str, match: re.Match[str]) -> str:
    rest = text[match.end() :]
    end = _END.search(rest)
    if end and end.start() == 0:
        return ""
    lower_text = text == text.lower()
    words: list[str] = []
    for word in (rest[: end.start()] if end else rest).split():
        proper = word[0].isupper() or lower_text or (word[0].isdigit() and not words)
        if not proper or len(words) == _MAX_WORDS or re.fullmatch(r"\d{3,}", word):
            break
        words.append(word)
    name = " ".join(words).strip(" .-")
    return name_case(name) if name.isupper() or name.islower() else name
