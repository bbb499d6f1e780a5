"""Keeping Python's garbage collector from walking through the hundreds of thousands of things that an import makes.

Invariant: the collector runs again afterwards where it ran before, whatever happened.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """None of an import's new rows is garbage while it runs."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            # Both only relink lists: what was made goes to the oldest generation without being walked through now.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
