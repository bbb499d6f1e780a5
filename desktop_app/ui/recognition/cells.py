"""Small things that the lists of recognition share: a header renamed for the model, dates, birth as people read it.

Invariant: no state of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from PySide6.QtCore import Qt

from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui.widgets.data_table import DataTable


def rename_column(table: DataTable, key: str, title: str) -> None:
    """Give one column of a list another heading ("Họ và tên", "Chủ hộ", "Đơn vị")."""
    paged = table.paged
    assert paged is not None
    paged.columns = tuple(replace(c, title=title) if c.key == key else c for c in paged.columns)
    paged.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(paged.columns) - 1)


def date_text(date: dt.date | None) -> str:
    """ "15/11/2026"; empty where there is none."""
    return f"{date:%d/%m/%Y}" if date else ""


def unbroken(text: str) -> str:
    """Register numbers for a label that wraps: their hyphens do not end a line."""
    return text.replace("-", "\N{NON-BREAKING HYPHEN}")


def birth_text(iso: str) -> str:
    """A birth of which perhaps only the year is known."""
    return PartialDate.from_iso(iso).text() if iso else ""


def short_reason(reason: str) -> str:
    """Why somebody is left, beside the chip that says the verdict; how they would pass stands in the panel."""
    said = reason.partition(" Nếu ")[0].removeprefix("Chưa đạt: ")
    return said[:1].upper() + said[1:]
