"""A few cells far below a list (a blank typed in Excel's last row) are left unread: nothing is built up to them.

Invariant: only a few rows below thousands of empty ones are left, fewer than stand above; which ones is said.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from desktop_app.services.importing.preview import CellValue

GAP = 10_000
"""So many empty rows end a list."""
FEW = 20
"""So many rows below them are taken for slips; more are read, however far."""
_NUMBERED = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')


def cut_after(numbers: Sequence[int], count: int) -> int | None:
    """The last row before a list's end, if only slips stand below it.

    Args:
        numbers: the last rows of a sheet, as Excel counts, at most FEW + 1 of them, ascending.
        count: how many rows there are in all.
    """
    cut = None
    for place in range(len(numbers) - 1, 0, -1):
        far = len(numbers) - place
        if far > FEW or far >= count - far:
            break
        if numbers[place] - numbers[place - 1] > GAP:
            cut = numbers[place - 1]
    return cut


def cut_rows(rows: list[list[CellValue]]) -> tuple[int, ...]:
    """Cut the slips off a sheet's rows; returns which they were, as Excel counts."""
    if len(rows) <= GAP:
        return ()
    found: list[int] = []
    for number in range(len(rows), 0, -1):
        if any(value != "" for value in rows[number - 1]):
            found.append(number)
            if len(found) > FEW:
                break
    found.reverse()
    above = sum(any(value != "" for value in row) for row in rows[: found[0] - 1][:FEW]) if found else 0
    cut = cut_after(found, len(found) + above)
    if cut is None:
        return ()
    del rows[cut:]
    return tuple(number for number in found if number > cut)


def without_far(archive: zipfile.ZipFile, part: str, xml: Iterable[bytes], last: int) -> tuple[bytes, tuple[int, ...]]:
    """A workbook's bytes with a sheet that ends with a row, and the rows that it lacks.

    Args:
        part: name of the sheet's entry; xml: its bytes.
        last: the last row to keep.
    """
    whole = b"".join(xml)
    begins = next((match for match in _NUMBERED.finditer(whole) if int(match[1]) > last), None)
    ends = whole.rfind(b"</sheetData>")
    if begins is None or ends < begins.start():
        return b"", ()
    far = tuple(int(match[1]) for match in _NUMBERED.finditer(whole, begins.start(), ends))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as copy:
        for entry in archive.infolist():
            is_sheet = entry.filename == part
            if is_sheet:
                copy.writestr(part, whole[: begins.start()] + whole[ends:])
            elif entry.filename.endswith((".xml", ".rels")) and not entry.filename.startswith("xl/worksheets/"):
                copy.writestr(entry.filename, archive.read(entry))
    return made.getvalue(), far
