"""Words of a command to stdout and stderr, whatever became of their reader.

Invariant: a reader that has gone (``sohoctap … | head``) ends nothing and leaves no trace: what the command did
stands, and so does its exit status.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import TextIO

_READER_GONE = (errno.EPIPE, errno.EINVAL)
"""How a pipe without a reader shows: the second on Windows."""


def say(text: str, stream: TextIO | None) -> bool:
    """Write a text and send it off at once.

    Args:
        text: ends with its own line break.
        stream: None where the program was started without a console.

    Returns:
        False where it was to be kept and could not be, as on a full disk.
    """
    if stream is None:
        return True
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        _let_go(stream)
        return error.errno in _READER_GONE
    return True


def _let_go(stream: TextIO) -> None:
    """Let what is still held for a stream run into nothing, so that the end of Python does not complain of it."""
    with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), stream.fileno())
