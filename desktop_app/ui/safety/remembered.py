"""What the window remembers between starts (text size, contrast, column widths, its place), in one small file.

Invariant: it is of no weight: a missing, damaged or unwritable file gives defaults and never an error. It stands beside
the register, not in it, so that the first frame has its size before any database is loaded.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

FILE = "window.json"
REST_MS = 1_500
log = logging.getLogger(__name__)


class Remembered(QObject):
    """Values by key, written a moment after the first change that is not: also while changes never rest, so that a
    batch keyed without a pause is taken up after a crash where it was.

    Args:
        folder: the data folder.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path = folder / FILE
        self._values = self._read()
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self.flush)

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def get(self, key: str, default: Any = None) -> Any:
        """A value; the default also where something of another kind stands."""
        value = self._values.get(key, default)
        return default if default is not None and not isinstance(value, type(default)) else value

    def set(self, key: str, value: Any) -> None:
        if self._values.get(key) != value:
            self._values[key] = value
            if not self._timer.isActive():
                self._timer.start()

    def load_text(self, key: str) -> str | None:
        """For ``widgets.state.use_store``."""
        value = self.get("state", {}).get(key)
        return value if isinstance(value, str) else None

    def save_text(self, key: str, value: str) -> None:
        self.set("state", {**self.get("state", {}), key: value})

    def flush(self) -> None:
        """Write now."""
        self._timer.stop()
        part = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(self._values, ensure_ascii=False), encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            log.warning("window state not kept: %s", error.strerror)
