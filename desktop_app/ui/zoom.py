"""Text from 90 to 200 percent, everywhere at once: the one place that changes the size and has it remembered.

Invariant: the percent is always one of ``STEPS``.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from desktop_app.ui import theme

STEPS = (90, 100, 110, 125, 150, 175, 200)


def nearest_step(percent: int) -> int:
    """The step closest to any number, e.g. one read from settings."""
    return min(STEPS, key=lambda step: abs(step - percent))


class Zoom(QObject):
    """Ctrl +, Ctrl -, Ctrl 0.

    Signals:
        changed(int): the new percent, after everything has its new size.

    Args:
        persist: called with the new percent so that the next start has it.
    """

    changed = Signal(int)

    def __init__(self, app: QApplication, persist: Callable[[int], object] | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._persist = persist

    @property
    def percent(self) -> int:
        return theme.percent()

    def zoom_in(self) -> None:
        self.set_percent(next((s for s in STEPS if s > self.percent), STEPS[-1]))

    def zoom_out(self) -> None:
        self.set_percent(next((s for s in reversed(STEPS) if s < self.percent), STEPS[0]))

    def reset(self) -> None:
        self.set_percent(100)

    def set_percent(self, percent: int) -> None:
        step = nearest_step(percent)
        if step == self.percent:
            return
        theme.apply(self._app, percent=step)
        if self._persist is not None:
            self._persist(step)
        self.changed.emit(step)
