"""Shipped files are found in a checkout and in a frozen build."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.services.resources import resource_path


def test_a_shipped_file_is_found_in_the_checkout() -> None:
    assert resource_path("reference", "units_2025.csv").is_file()


def test_a_frozen_build_looks_in_its_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource_path("criteria", "a.json") == tmp_path / "resources" / "criteria" / "a.json"
