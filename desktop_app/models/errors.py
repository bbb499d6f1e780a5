"""The program's errors: each says in one plain Vietnamese sentence what happened, what was kept, what to do.

``UserError``: the user can mend it. ``EnvironmentProblem``: disk, rights, locks, devices. ``BugError``: ours.
"""

from __future__ import annotations


class AppError(Exception):
    """Base of every error that a person may read.

    Args:
        message: one plain Vietnamese sentence or two.
        code: stable ASCII word for the command line and tests, e.g. ``"workbook.encrypted"``.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class UserError(AppError):
    """The user's input or choice cannot be taken as it is; the message says how to mend it."""

    code = "user"


class EnvironmentProblem(AppError):
    """Disk full, no rights, file locked, device off: the surroundings, not the input."""

    code = "environment"


class BugError(AppError):
    """A fault of the program itself; details are in the log."""

    code = "bug"
