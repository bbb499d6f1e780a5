"""The window: sees services and frozen records, never a database. Importing it makes PySide6 safe and quick."""

from __future__ import annotations

import builtins
import sys

import PySide6.QtCore  # noqa: F401  what follows is about it


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


def import_plainly() -> None:
    """Take PySide6's hook off ``import``.

    PySide6 6.12 reads the source of each module that is imported after it, looking for ``from __feature__ import …``,
    which this program does not use: a quarter of the time of importing SQLAlchemy, and the sources stay in memory.
    """
    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None:
        builtins.__import__ = plain


keep_singletons_alive()
import_plainly()
