"""The window: sees services and frozen records, never a database. Importing it makes PySide6 safe on Python 3.11."""

from __future__ import annotations

import sys


def keep_none_alive() -> None:
    """Give ``None`` so many references that PySide6 6.12 cannot use them up.

    PySide6 6.12.0 is built as if ``None`` were immortal, which it is from Python 3.12 on. On 3.11 each Qt call that
    returns nothing takes one reference away, and after some five thousand calls the interpreter aborts with
    "deallocating None". PySide6 6.11.3 counts rightly; elsewhere the extra references do no harm.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    if sys.getrefcount(None) > 1 << 32:
        return
    import ctypes

    ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40


keep_none_alive()
