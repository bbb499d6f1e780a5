"""What pages of this room ask of the composition root: opening registers, restoring, changing the look.

Invariant: only the host closes and opens registers; a page that calls it may be gone afterwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol


class Host(Protocol):
    """The composition root, as pages see it.

    Attributes:
        folder: data folder of the office's register.
        is_sample: the sample commune is open.
        is_contrast: high contrast is on.
    """

    folder: Path
    is_sample: bool

    @property
    def open_folder(self) -> Path:
        """Data folder of the register that is open: the office's or the sample's."""

    @property
    def is_contrast(self) -> bool: ...
    def set_contrast(self, on: bool) -> None: ...
    def adopt(self, context: Any) -> None:
        """A register was made or received: open the main window over it."""

    def open_sample(self) -> None:
        """Open the sample commune, making it at first."""

    def leave_sample(self) -> None:
        """Back to the office's own register, or to the first start where there is none."""

    def try_again(self) -> None:
        """Open the register once more, after it did not open."""

    def restore_from(self, path: Path) -> None:
        """Close the register, put a backup in its place, open the main window anew."""

    def user_changed(self) -> None:
        """Another person works now, or the present one has another name."""

    def place_changed(self) -> None:
        """The commune's name or the round is another one."""

    def backed_up(self) -> None:
        """A backup was made: say so in the status line."""
