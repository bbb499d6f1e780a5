"""The log: a rotating UTF-8 file in the data folder.

Invariant: no personal numbers reach the file: 9 to 12 digits in a row are masked, also inside tracebacks.
"""

from __future__ import annotations

import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from desktop_app.services.folders import LOG_FOLDER

LOG_FILE = "sohoctap.log"
LOG_BYTES = 1_000_000
LOG_KEPT = 5

_NUMBER = re.compile(r"(?<![\da-fA-F])(?:\d[ .]?){8,11}\d(?![\da-fA-F])")


def mask_numbers(text: str) -> str:
    """Hide CCCD, CMND and telephone numbers; the last three digits stay, as on the screen.

    >>> mask_numbers("CCCD 001084012319")
    'CCCD •••319'
    """
    return _NUMBER.sub(lambda found: "•••" + re.sub(r"\D", "", found.group())[-3:], text)


class MaskingFormatter(logging.Formatter):
    """Formats a record, then masks the whole of it, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_numbers(super().format(record))


def start_log(folder: Path) -> Path | None:
    """Write the program's log under ``folder``; a folder that cannot be written leaves the program without one.

    Returns:
        The file, or None.
    """
    path = folder / LOG_FOLDER / LOG_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_KEPT, encoding="utf-8", delay=True)
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"Không ghi được nhật ký chương trình: {error.strerror}\n")
        return None
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return path


def stop_log(folder: Path) -> None:
    """Close the log file of ``folder``; for tests and for moving the data folder."""
    wanted = folder / LOG_FOLDER / LOG_FILE
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, RotatingFileHandler) and Path(handler.baseFilename) == wanted.absolute():
            root.removeHandler(handler)
            handler.close()
