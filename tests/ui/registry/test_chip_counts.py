"""Counts on the chips come from a worker where the register is large, and what an earlier count gives is dropped."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from desktop_app.services.context import Context
from desktop_app.services.registry import lists
from tests.factories import add_household


def test_a_large_register_is_counted_in_a_worker(context: Context, show: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MANY", 1)
    add_household(context, "01-0001", members=("Nguyễn Văn Ước",))
    page = show(context, "citizens")
    threads: list[threading.Thread] = []
    count = page._count_missing

    def noted() -> int:
        threads.append(threading.current_thread())
        return count()

    page.counts.count(noted, page._show_missing)
    assert page.shell.tasks.wait_all()
    assert page.cccd_chip.text() == "Thiếu CCCD: 1"
    assert threads != [threading.main_thread()]


def test_only_the_latest_count_is_shown(context: Context, show: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MANY", 0)
    page = show(context, "households")
    shown: list[int] = []
    page.counts.count(lambda: 1, shown.append)
    page.counts.count(lambda: 2, shown.append)
    assert page.shell.tasks.wait_all()
    assert shown == [2]
