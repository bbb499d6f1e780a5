"""Opening the register for a command, and closing it whatever happens."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from desktop_app.cli.answer import Call
from desktop_app.cli.saying import say
from desktop_app.services.context import Context
from desktop_app.services.progress import Progress


@contextmanager
def opened(call: Call) -> Iterator[Context]:
    """The register of the call's data folder.

    Raises:
        EnvironmentProblem: there is none, or it does not open.
    """
    from desktop_app.services.safety.opening import close_safely, open_safely

    context = open_safely(call.folder)
    try:
        yield context
    finally:
        close_safely(context)


def progress_on_stderr() -> Progress:
    """Counts on stderr, at most twice a second, only where a person looks."""
    stream: TextIO | None = sys.stderr
    if stream is None or not stream.isatty():
        return Progress()
    last = 0.0

    def report(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.5:
            last = now
            say(f"\r{text} {done}/{total}" if total else f"\r{text} {done}", stream)

    return Progress(report)
