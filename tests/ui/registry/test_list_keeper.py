"""A long list is brought into memory behind the window, once it is at rest, and again after something was written."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.registry import list_memory
from desktop_app.services.registry.citizen_list import citizen_list
from desktop_app.services.registry.citizens import save_citizen


def looked(page: Any) -> None:
    """The keeper's next look, and what it has done."""
    page.keeper.look()
    page.shell.tasks.wait_all()


@pytest.mark.parametrize("key", ["citizens", "households"])
def test_a_long_list_is_kept_in_memory_and_made_anew_after_a_deed_came_to_rest(
    sample: Context, show: Any, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(list_memory, "FEW", 1)
    page = show(sample, key)
    looked(page)
    looked(page)
    assert not page.list.paged.source.is_wanted()
    shown = [page.list.paged.row_at(row).uid for row in range(20)]
    page.list.view.sortByColumn(page.columns.index(page.columns[0]), Qt.SortOrder.AscendingOrder)
    assert [page.list.paged.row_at(row).uid for row in range(20)] == shown
    save_citizen(sample, citizen_list(sample).rows(0, 1)[0].uid, {"occupation": "Thợ mộc"})
    page.keeper.look()
    assert not page.shell.tasks.is_busy, "who is still writing is left alone"
    looked(page)
    assert not page.list.paged.source.is_wanted()


def test_a_short_list_is_never_kept(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    looked(page)
    looked(page)
    assert not sample.memory


def test_a_list_that_cannot_be_kept_is_not_tried_again_until_something_is_written(
    sample: Context, show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    greatest = citizen_list(sample).count()
    with sample.database.write() as connection:  # keys go on behind those of people who are gone
        connection.exec_driver_sql("UPDATE citizen SET present = 0, is_current = 0 WHERE id % 2 = 0")
    monkeypatch.setattr(list_memory, "FEW", greatest - 20)
    page = show(sample, "citizens")
    tries: list[int] = []
    made = type(page.list.paged.source).remember

    def counted(source: Any, progress: Any) -> bool:
        tries.append(1)
        return made(source, progress)

    monkeypatch.setattr(type(page.list.paged.source), "remember", counted)
    for _ in range(5):
        looked(page)
    assert len(tries) == 1
    save_citizen(sample, citizen_list(sample).rows(0, 1)[0].uid, {"occupation": "Thợ mộc"})
    for _ in range(5):
        looked(page)
    assert len(tries) == 2
