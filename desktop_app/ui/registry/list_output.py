"""What a list shows, as a workbook or on paper: its chosen columns, its filter, its order.

Invariants: the rows are read again from the list's source in a worker, page by page, and no widget is asked there; that
a list of people left the register is written down in the journal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from desktop_app.services.documents.shown_list import (
    Cell,
    ShownColumn,
    ShownList,
    made_on,
    write_shown_pdf,
    write_shown_workbook,
)
from desktop_app.services.progress import Progress
from desktop_app.services.registry.list_export import note_export, office_line
from desktop_app.ui.registry.cells import count_words
from desktop_app.ui.widgets.paged_model import Column, PageSource, cell_text

if TYPE_CHECKING:
    from desktop_app.ui.registry.list_page import ListPage

READ_ROWS = 500


def shown_list(page: ListPage) -> ShownList:
    """The list of a page as it stands on the screen now."""
    assert page.list.paged is not None and page.list.paged.source is not None
    source = page.list.paged.source
    columns = page.list.shown_columns()
    count = source.count()
    note = made_on(dt.date.today(), page.filter_words(), count_words(count, page.unit))
    shown = tuple(ShownColumn(c.title, c.width, c.kind == "number", c.decimals) for c in columns)
    title = f"Danh sách {page.title_text.lower()}"
    return ShownList(office_line(page.context), title, note, shown, shown_cells(source, columns), count)


def shown_cells(source: PageSource, columns: tuple[Column, ...]) -> Iterator[tuple[Cell, ...]]:
    """Every row of a list as its columns show it, read page by page; figures stay figures."""
    offset = 0
    while rows := source.rows(offset, READ_ROWS):
        for row in rows:
            yield tuple(_cell(column, row) for column in columns)
        offset += len(rows)


def _cell(column: Column, row: Any) -> Cell:
    value = column.whole(row) if column.whole is not None else column.cell(row)
    if column.kind == "number":
        return value if isinstance(value, int | float) else _as_number(value)
    return cell_text(column, value)


def _as_number(value: Any) -> Cell:
    """A figure that the column words itself ("86,5") as a number again, so that Excel adds it up."""
    text = "" if value is None else str(value)
    try:
        return float(text.replace(".", "").replace(",", "."))
    except ValueError:
        return text or None


def export_list(page: ListPage) -> None:
    """Ask where to, and write the workbook in a worker."""
    from desktop_app.ui.widgets import dialogs

    assert page.shell is not None
    name = f"{page.title_text} {dt.date.today():%Y-%m-%d}.xlsx"
    path = dialogs.ask_save_file(page, "Xuất danh sách", "Bảng tính Excel (*.xlsx)", name=name, suffix="xlsx")
    if path is None:
        return
    shown = shown_list(page)

    def write(progress: Progress) -> Path:
        write_shown_workbook(shown, path, progress=progress)
        note_export(page.context, page.title_text, shown.count)
        return path

    shell = page.shell
    shell.tasks.run(
        write,
        lambda made: shell.notify(f"Đã xuất {count_words(shown.count, page.unit)} ra {made.name}."),
        title="Đang xuất danh sách",
    )


def output_menu(page: ListPage) -> QMenu:
    """All that can be done with the list; gone when it closes."""
    menu = QMenu(page)
    menu.addActions(list(page.output_actions()))
    if page.can_import:
        menu.addSeparator()
        _add_templates(page, menu)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _add_templates(page: ListPage, menu: QMenu) -> None:
    """The workbook to be filled in: empty, or with the people of the commune or of one hamlet, for mending in Excel."""
    from desktop_app.services.importing.template import template_scopes
    from desktop_app.ui.importing.template_card import save_template

    filled = menu.addMenu("Tải mẫu danh sách (điền sẵn)")
    for scope in template_scopes(page.context):
        words = f"{scope.name} ({count_words(scope.people, 'người')})…"
        filled.addAction(words).triggered.connect(lambda _checked=False, chosen=scope: save_template(page, chosen))
    filled.menuAction().setVisible(bool(filled.actions()))
    menu.addAction("Tải mẫu trống…").triggered.connect(lambda _checked=False: save_template(page, None))


def print_list(page: ListPage) -> None:
    """Show the list as it will leave the printer; written down once there is a paper, not where it was stopped."""
    from desktop_app.ui.recognition.preview_page import PreviewPage

    assert page.shell is not None and page.list.paged is not None and page.list.paged.source is not None
    shown, source, columns = shown_list(page), page.list.paged.source, page.list.shown_columns()
    name = page.title_text
    noted: list[bool] = []

    def make(out: Path, progress: Progress) -> int:
        pages = write_shown_pdf(replace(shown, rows=shown_cells(source, columns)), out, progress=progress)
        if not noted:
            note_export(page.context, name, shown.count, on_paper=True)
            noted.append(True)
        return pages

    page.shell.push(PreviewPage(page.context, f"In danh sách {name.lower()}", make, file_name=f"{name}.pdf"))
