"""Packages that lie on plugged sticks, newest first, so that nobody must look for a file.

Invariant: looking writes nothing and looks no deeper than one folder below a stick's root.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop_app.services.safety.sticks import Drive
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.texts import PACKAGE_SUFFIX, size_text

MOST = 30
MOST_ENTRIES = 2000


@dataclass(frozen=True)
class FoundPackage:
    """A file that is named like a package."""

    path: Path
    place: str
    written: dt.datetime
    size: int


COLUMNS = (
    w.Column("name", "Tệp", 260, "strong", value=lambda row: row.path.name, stretch=1, is_sortable=False),
    w.Column("place", "Nơi", 140, "quiet", is_sortable=False),
    w.Column("written", "Ghi lúc", 150, value=lambda row: f"{row.written:%d/%m/%Y %H:%M}", is_sortable=False),
    w.Column("size", "Cỡ", 80, "quiet", value=lambda row: size_text(row.size), is_sortable=False),
)


def packages_on(drives: Iterable[Drive]) -> list[FoundPackage]:
    """The packages on sticks, newest first; a stick that cannot be read is passed over."""
    found: list[FoundPackage] = []
    for drive in drives:
        for pattern in (f"*{PACKAGE_SUFFIX}", f"*/*{PACKAGE_SUFFIX}"):
            try:
                paths = list(islice(drive.path.glob(pattern), MOST_ENTRIES))
            except OSError:
                continue
            found += [item for path in paths if (item := _found(path, drive.name)) is not None]
    return sorted(found, key=lambda item: item.written, reverse=True)[:MOST]


def _found(path: Path, place: str) -> FoundPackage | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return FoundPackage(path, place, dt.datetime.fromtimestamp(facts.st_mtime), facts.st_size)


class FoundDialog(w.Dialog):
    """Asks which package to look at; ``path`` is None when another file is wanted."""

    def __init__(self, parent: QWidget | None, packages: Sequence[FoundPackage]) -> None:
        super().__init__(parent, "Gói thấy trên USB", icon="usb", width=680)
        self.path: Path | None = None
        self.table = w.DataTable("sync.found", COLUMNS, single=True)
        self.table.set_source(w.ListSource(list(packages)))
        self.table.show_rows(min(max(len(packages), 2), 8))
        self.table.row_opened.connect(lambda _row: self._take())
        self.body.addWidget(self.table)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        self.other = self.add_button(w.QuietButton("Chọn tệp khác…"), accepts=True)
        self.yes = self.add_button(w.PrimaryButton("Xem gói này"))
        self.yes.clicked.connect(self._take)
        self.table.setFocus()

    def _take(self) -> None:
        row = self.table.current()
        if isinstance(row, FoundPackage):
            self.path = row.path
            self.accept()
