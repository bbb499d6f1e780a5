"""Tables of scores that stand beside each other on one sheet, under the same headings; read one after the other.

Invariant: headings must repeat word for word; a row counts in a table only where it has scores there.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.services.importing.fields import field_of_heading, heading_key, plain_number_code, score_code
from desktop_app.services.importing.headings.headers import Header
from desktop_app.services.importing.reading.table import Table
from desktop_app.services.importing.scores.turned import FIELDS, Form, Turned, turned_table
from desktop_app.services.importing.scores.words import label_code, number_code

_NAMES = ("ho va ten", "ho ten")
_FEWEST = 3


def beside(table: Table, header: Header) -> Turned | None:
    """The tables of a sheet one below the other, or None where there is only one."""
    leaves = [path[-1] if path else "" for path in header.paths]
    names = [at for at, leaf in enumerate(leaves) if heading_key(leaf) in _NAMES] if header.is_found else []
    if len(names) < 2:
        return None
    width = names[1] - names[0]
    first = names[0]
    while first > 0 and leaves[first - 1] and leaves[first - 1] == leaves[first - 1 + width]:
        first -= 1
    block = [at for at in range(first, first + width) if leaves[at]]
    starts = [name - names[0] for name in names]
    if any(leaves[at] != _at(leaves, at + start) for start in starts for at in block):
        return None
    scores = [at for at in block if _is_numbered(leaves[at])]
    if len(scores) < _FEWEST:
        return None
    forms = [
        _form(table, leaves, block, row, start, names[0])
        for start in starts
        for row in range(header.data, table.height)
        if any(table.columns[at + start][row] != "" for at in scores)
    ]
    return turned_table(table, forms, "", (), note="sheet.beside") if forms else None


def _at(leaves: Sequence[str], index: int) -> str:
    return leaves[index] if index < len(leaves) else ""


def _is_numbered(leaf: str) -> bool:
    return bool(score_code(leaf) or plain_number_code(leaf) or label_code(leaf) or number_code(leaf))


def _form(table: Table, leaves: Sequence[str], block: Sequence[int], row: int, start: int, name: int) -> Form:
    form = Form((row, name + start))
    for at in block:
        meant = field_of_heading(leaves[at])
        heading = FIELDS[meant] if meant in FIELDS else leaves[at]
        form.values.setdefault(heading, (table.columns[at + start][row], (row, at + start)))
    return form
