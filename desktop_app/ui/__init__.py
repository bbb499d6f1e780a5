"""The window: sees services and frozen records, never a database. Importing it makes PySide6 safe on Python 3.11."""

from __future__ import annotations

import sys


def keep_singletons_alive() -> None:
    """Give None, True, False and their like so many references that PySide6 6.12 cannot use them up.

    PySide6 6.12.0 is built as if these objects were immortal, which they are from Python 3.12 on. On 3.11 each Qt call
    that returns nothing takes one reference of None away, and after some five thousand calls the interpreter aborts
    with "deallocating None"; True and False go the same way at exit. PySide6 6.11.3 counts rightly; elsewhere the
    extra references do no harm.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    import ctypes

    for one in (None, True, False, NotImplemented, ...):
        if sys.getrefcount(one) < 1 << 32:
            ctypes.c_ssize_t.from_address(id(one)).value += 1 << 40


keep_singletons_alive()
