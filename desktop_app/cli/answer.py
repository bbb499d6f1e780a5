"""What a command gives back: one JSON object, and the same for a person to read."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
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


class WrongUsage(Exception):
    """Options that do not go together; the message says which (exit status 2)."""


def whole_number(text: str) -> int:
    """An option's whole number, as far as a register can hold one.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        number = int(text)
    except ValueError:
        number = LARGEST + 1
    if abs(number) > LARGEST:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” không phải một số nguyên dùng được")
    return number


def uid_of(text: str) -> str:
    """An ID as people paste it (dashes, capitals); what cannot be one becomes the ID that nothing has."""
    plain = text.strip().replace("-", "").lower()
    is_one = len(plain) == len(NOTHING) and all(letter in "0123456789abcdef" for letter in plain)
    return plain if is_one else NOTHING


LARGEST = 2**53
NOTHING = "0" * 32
