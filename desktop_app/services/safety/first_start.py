"""What the first start needs to read: units found by typing, and a list of hamlets as people type or paste it.

Invariant: nothing here writes; a line that is left out is named with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from desktop_app.services.importing.hamlets import hamlet_display, hamlet_key
from desktop_app.services.registry.units import Unit, communes, provinces
from desktop_app.services.vietnamese import fold, nfc

MOST_HITS = 40
MOST_IN_RANGE = 99


def find_provinces(typed: str) -> list[tuple[str, str]]:
    """(code, name) of the provinces that fit what was typed, without accents or with them; all for nothing typed."""
    words = fold(typed).split()
    found = [(p.code, p.name) for p in provinces() if all(word in fold(p.name) for word in words)]
    return sorted(found, key=lambda item: (not _starts(item[1], words), item[0]))


def find_communes(typed: str, province: str | None = None) -> list[tuple[str, str]]:
    """(code, name) of the communes that fit what was typed, at most 40, best first.

    Args:
        typed: words of the name, of the province and the code, in any order, e.g. "phu an an giang".
        province: code to look in, or None for the whole country; then the province stands behind the name.
    """
    words = fold(typed).split()
    hits = [unit for unit, text in _index() if province in (None, unit.province_code) and _fits(words, unit, text)]
    hits.sort(key=lambda unit: (not _is_named(unit.name, words), not _starts(unit.name, words)))
    return [(unit.code, unit.name if province else commune_text(unit)) for unit in hits[:MOST_HITS]]


def commune_text(unit: Unit) -> str:
    """ "Xã Phú An, An Giang"."""
    return f"{unit.name}, {unit.province_name}"


@cache
def _index() -> tuple[tuple[Unit, str], ...]:
    return tuple(
        (unit, f" {_bare(unit.name)} {_bare(province.name)} {unit.code}")
        for province in provinces()
        for unit in communes(province.code)
    )


def _fits(words: Iterable[str], unit: Unit, text: str) -> bool:
    """Each word begins a word of the names, or is a whole word of the unit's kind."""
    kind = fold(unit.kind).split()
    return all(f" {word}" in text or word in kind for word in words)


def _is_named(name: str, words: list[str]) -> bool:
    """Whether the typed words begin with the whole name, with its kind or without."""
    typed = " ".join(words) + " "
    return typed.startswith((_bare(name) + " ", fold(name) + " "))


def _bare(name: str) -> str:
    return re.sub(r"^(xa|phuong|dac khu|tinh|thanh pho) ", "", fold(name))


def _starts(name: str, words: list[str]) -> bool:
    typed = " ".join(words)
    return bool(words) and (_bare(name).startswith(typed) or fold(name).startswith(typed))


@dataclass(frozen=True)
class HamletList:
    """A typed or pasted list, read.

    Attributes:
        names: settlements as they will stand in the register, in order, each once.
        notes: one sentence for each line that is left out or was understood as several.
    """

    names: tuple[str, ...]
    notes: tuple[str, ...]


def read_hamlets(text: str) -> HamletList:
    """Read one settlement a line; ";" and commas part them too, "Thôn 1-12" means twelve.

    Numbering ("1. Thôn Đông") and further columns of a pasted sheet are left out.
    """
    names: dict[str, tuple[str, int]] = {}
    notes: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        for part in _parts(line):
            spread = _spread(part)
            if len(spread) > 1:
                notes.append(f"Dòng {number}: “{part}” là {len(spread)} thôn, tổ.")
            for name in spread:
                display, key = hamlet_display(name), hamlet_key(name)
                if not key:
                    continue
                if key in names:
                    first, where = names[key]
                    notes.append(f"Dòng {number}: “{part}” trùng với {first} ở dòng {where}, chỉ lấy một.")
                else:
                    names[key] = (display, number)
    return HamletList(tuple(display for display, _ in names.values()), tuple(dict.fromkeys(notes)))


def _parts(line: str) -> list[str]:
    cells = [nfc(cell) for cell in line.split("\t")]
    if len(cells) > 1:
        cells = [cell for cell in cells if re.search(r"[^\W\d_]", cell)][:1]
    found = [part for cell in cells for part in re.split(r"[;,](?![^(]*\))", cell)]
    return [part for part in (re.sub(r"^\s*(?:\d{1,3}[.)]|[-+*•])\s+", "", each).strip() for each in found) if part]


_RANGE = re.compile(r"^(?P<word>.*?[^\W\d_].*?)\s*(?P<first>\d{1,2})\s*(?:-|–|—|đến|tới|\.{2,})\s*(?P<last>\d{1,2})$")


def _spread(part: str) -> list[str]:
    """The settlements a part stands for: "Ấp 1-3" → Ấp 1, Ấp 2, Ấp 3."""
    found = _RANGE.match(part)
    if not found:
        return [part]
    first, last = int(found["first"]), int(found["last"])
    if not 0 < first < last <= MOST_IN_RANGE:
        return [part]
    return [f"{found['word']} {number}" for number in range(first, last + 1)]
