"""What a start loads: the frame before any database, and nothing that the first screen does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FRAME = "import sys, desktop_app.app; print(*sys.modules)"
OPENED = """
import sys
from pathlib import Path
from types import ModuleType
from PySide6.QtWidgets import QApplication
from desktop_app import app
from desktop_app.ui.page import Page
plain = ModuleType("desktop_app.ui.plain_page")
plain.PlainPage = Page
sys.modules[plain.__name__] = plain
app.ENTRIES = tuple(app.Entry(key, key, "house", "plain_page:PlainPage") for key in ("plain", "sync", "settings"))
qt = QApplication([])
program = app.Program(qt, Path(sys.argv[1]))
program.start()
while program.session is None:
    qt.processEvents()
print(*sys.modules)
"""
NEVER = {
    "alembic", "pydantic", "cryptography", "pyrage", "reportlab", "openpyxl", "python_calamine", "argon2", "segno",
    "xlrd", "rapidfuzz", "desktop_app.cli", "desktop_app.services.criteria.schema", "PySide6.QtPdf",
}  # fmt: skip


def loaded(code: str, *arguments: str) -> set[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, check=True, timeout=120)
    return set(done.stdout.decode("utf-8").split())


def test_the_frame_needs_no_database() -> None:
    assert loaded(FRAME) & {*NEVER, "sqlalchemy", "sqlcipher3", "filelock", "desktop_app.models.tables"} == set()


def test_an_opened_register_loads_nothing_that_waits_for_its_use(ready_register: Path) -> None:
    assert loaded(OPENED, str(ready_register)) & NEVER == set()
