"""The person of a printed form, by the lines "Họ và tên: …" above its table.

Invariant: a label is known by its own words; what stands between two labels belongs to the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_app.services.importing.fields import field_of_heading
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.scores.turned import FIELDS, WHO, Form
from desktop_app.services.vietnamese import fold

_PAIR = re.compile(r"([^\W\d_][^:;.]{1,40}?)\s*:\s*")
_LEADS = ("so", "ma", "ma so", "so the")
DOTS = re.compile(r"[.…_]{3,}")


def printed_form(columns: Sequence[Sequence[CellValue]], rows: Sequence[int]) -> Form | None:
    """The form whose person stands in some rows; None where they name nobody."""
    form = Form((rows[0] if len(rows) else 0, 0))
    for row in rows:
        cells = [(index, c[row]) for index, c in enumerate(columns) if c[row] != ""]
        for at, (index, value) in enumerate(cells):
            for label, text in _pairs(value):
                meant = field_of_heading(label)
                if meant not in FIELDS or FIELDS[meant] in form.values:
                    continue
                place = (row, index)
                shown: CellValue = text
                if not text and at + 1 < len(cells) and not _pairs(cells[at + 1][1]):
                    shown, place = cells[at + 1][1], (row, cells[at + 1][0])
                if shown != "" and not (type(shown) is str and DOTS.fullmatch(shown.replace(" ", ""))):
                    form.values[FIELDS[meant]] = (shown, place)
    who = next((form.values[FIELDS[meant]] for meant in WHO if FIELDS[meant] in form.values), None)
    if who is None:
        return None
    form.place = who[1]
    return form


def _pairs(value: CellValue) -> list[tuple[str, str]]:
    """The pairs "Họ và tên: …" of a cell; a cell may hold several of them."""
    if type(value) is not str:
        return []
    starts = list(_PAIR.finditer(value))
    if not starts and field_of_heading(value) in FIELDS and len(value) < 30:
        return [(value, "")]
    if not starts:
        return []
    labels = [_last_label(found) for found in starts]
    ends = [begin for _, begin in labels[1:]] + [len(value)]
    return [
        (label, value[found.end() : end].strip(" ;,.…_"))
        for (label, _), found, end in zip(labels, starts, ends, strict=True)
    ]


def _last_label(found: re.Match[str]) -> tuple[str, int]:
    """What is the label of "Nguyễn Văn An Ngày sinh": its longest end that names something, and where it begins.

    Only a label's first word is written with a capital, or all its letters are.
    """
    words = list(re.finditer(r"\S+", found[1]))
    for at, word in enumerate(words):
        label = found[1][word.start() :]
        if any(other[0][:1].isupper() and not other[0].isupper() for other in words[at + 1 :]):
            continue
        if field_of_heading(label) in FIELDS:
            start = words[at - 1].start() if at and fold(words[at - 1][0]) in _LEADS else word.start()
            return label, found.start() + start
    return found[1], found.start()
