"""Shared by all tests: Qt without a screen, the --full switch, and small helpers. Everything else is a factory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

if os.environ.get("TEST_QPA"):
    os.environ["QT_QPA_PLATFORM"] = os.environ["TEST_QPA"]
else:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SAMPLES = Path(__file__).parent / "samples"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the slow checks too")


def pytest_configure(config: pytest.Config) -> None:
    """No example fails for being slow. The quick suite tries the same examples every time, ``--full`` others."""
    settings.register_profile("quick", deadline=None, derandomize=True, database=None)
    settings.register_profile("full", deadline=None, print_blob=True)
    settings.load_profile("full" if config.getoption("--full") else "quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--full"):
        return
    skip = pytest.mark.skip(reason="runs with --full")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(skip)


@pytest.fixture
def samples() -> Path:
    """Folder of the invented commune's workbooks and their expected.json."""
    return SAMPLES
