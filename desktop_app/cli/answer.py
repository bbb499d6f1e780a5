"""What a command gives back: one JSON object, and the same for a person to read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answer:
    """The result of a command.

    Attributes:
        data: what ``--json`` prints, one object.
        text: lines for a person.
        warnings: sentences for stderr.
        is_refused: the work was done as far as it goes, but the command as a whole failed (exit status 1).
    """

    data: Mapping[str, Any]
    text: str
    warnings: tuple[str, ...] = ()
    is_refused: bool = False


@dataclass(frozen=True)
class Call:
    """A command as it was given: its options and the data folder."""

    options: argparse.Namespace
    folder: Path


Command = Callable[[Call], Answer]
