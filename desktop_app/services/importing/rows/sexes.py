"""Sexes that a list writes as figures ("1", "2"): by what its heading says of them, else by its own citizen numbers.

Invariant: pure; a figure of which neither says the sex stays unread and is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from desktop_app.models.types import Sex
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.vietnamese import cccd_sex, nfc

_MEANT = re.compile(r"(?<!\d)(\d)\s*(?:[:=.–-]|là)\s*(nam|nữ)\b|\b(nam|nữ)\s*(?:[:=–-]|là)\s*(\d)(?!\d)")
_WORDS = {"nam": Sex.MALE, "nữ": Sex.FEMALE}
_LEAST = 5
"""So many numbers must speak for each figure."""
_FITS = 0.9


def has_figures(values: Collection[CellValue]) -> bool:
    """Whether a column of sexes holds figures at all, told by its distinct values."""
    return any(_figure(value) for value in values)


def figure_sexes(heading: str, values: Sequence[CellValue], numbers: Sequence[str | None]) -> Mapping[str, Sex]:
    """What the figures of a column of sexes mean; nothing where they are words, or it cannot be told.

    Args:
        numbers: citizen numbers of the same rows.
    """
    figures = {_figure(value) for value in set(values)} - {""}
    if not figures or len(figures) > 2:
        return {}
    found = _told(heading)
    return found if figures <= found.keys() else _shown(values, numbers)


def figure_sex(value: CellValue, known: Mapping[str, Sex]) -> Sex | None:
    """The sex of one cell, where it is a known figure."""
    return known.get(_figure(value))


def _figure(value: CellValue) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return text if len(text) == 1 and text.isdigit() else ""


def _told(heading: str) -> dict[str, Sex]:
    """ "Giới tính (1: nam; 2: nữ)"."""
    found: dict[str, Sex] = {}
    for before, word, other, after in _MEANT.findall(nfc(heading).lower()):
        found.setdefault(before or after, _WORDS[word or other])
    return found if len(found) == len(set(found.values())) == len(_WORDS) else {}


def _shown(values: Sequence[CellValue], numbers: Sequence[str | None]) -> dict[str, Sex]:
    counts: dict[str, Counter[Sex]] = defaultdict(Counter)
    for value, number in zip(values, numbers, strict=True):
        sex = cccd_sex(number) if number else None
        if sex is not None and (figure := _figure(value)):
            counts[figure][sex] += 1
    found = {
        figure: sex
        for figure, of in counts.items()
        for sex, count in of.most_common(1)
        if count >= _LEAST and count >= _FITS * of.total()
    }
    return found if len(found) == len(set(found.values())) == len(_WORDS) else {}
