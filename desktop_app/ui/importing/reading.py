"""Reading a file for the wizard: in a worker, once more as another kind of list, and the one file that is dropped.

Invariant: nothing is written; a file of two kinds is said to be so, and either can be gone on with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData

from desktop_app.services.context import Context
from desktop_app.services.importing.headings.remembered import Recalled, understand_with_memory
from desktop_app.services.importing.kinds import ListKind
from desktop_app.services.importing.preview import WorkbookKind
from desktop_app.services.importing.understanding import Understood, understand_workbook
from desktop_app.services.progress import Progress

_OF_PEOPLE = (ListKind.CITIZENS, ListKind.HEADS, ListKind.MEMBERS, ListKind.TITLES)


@dataclass(frozen=True)
class OtherKind:
    """Sheets of a file that are of another kind than what is being imported.

    Attributes:
        kind: what they can be imported as; sentence and button say so.
    """

    kind: WorkbookKind
    sentence: str
    button: str


def read_file(context: Context, path: Path, progress: Progress) -> Recalled:
    """Read a file, with the columns as they were named the last time."""
    return understand_with_memory(context, path, progress=progress)


def read_again(path: Path, progress: Progress, **given: Any) -> Understood:
    """Read a file with what a person has said of it."""
    return understand_workbook(path, progress=progress, **given)


def other_kind(book: Understood) -> OtherKind | None:
    """What else the file holds: scores beside lists of people, or people beside scores; None for nothing."""
    if book.refusal:
        return None
    if book.kind is WorkbookKind.SCORES:
        names = [sheet.name for sheet in book.sheets if not sheet.persons and sheet.kind in _OF_PEOPLE]
        what, button, kind = "danh sách người", "Nhập danh sách người", WorkbookKind.CITIZENS
    else:
        names = [sheet.name for sheet in book.sheets if any(item.code == "sheet.is_scores" for item in sheet.issues)]
        what, button, kind = "phiếu chấm", "Nhập phiếu chấm", WorkbookKind.SCORES
    if not names:
        return None
    shown = ", ".join(f"“{name}”" for name in names[:3]) + ("…" if len(names) > 3 else "")
    return OtherKind(kind, f"Trang {shown} là {what}, phải nhập riêng.", button)


def dropped_file(data: QMimeData) -> Path | None:
    """The one file that is dragged, if it is one."""
    urls = [url for url in data.urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None
