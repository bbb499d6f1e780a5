"""Small things a screen remembers between starts: column widths, filters, the split of a window.

Invariant: values are short texts; where they are kept is the composition root's business (``use_store``). Until then,
and in tests, they live in memory.
"""

from __future__ import annotations

from collections.abc import Callable

_memory: dict[str, str] = {}
_load: Callable[[str], str | None] = _memory.get
_save: Callable[[str, str], object] = _memory.__setitem__


def use_store(load: Callable[[str], str | None], save: Callable[[str, str], object]) -> None:
    """Keep remembered values elsewhere, e.g. in the settings file."""
    global _load, _save
    _load, _save = load, save


def forget_store() -> None:
    """Back to an empty memory; for tests."""
    _memory.clear()
    use_store(_memory.get, _memory.__setitem__)


def recall(key: str, default: str = "") -> str:
    value = _load(key)
    return default if value is None else value


def remember(key: str, value: str) -> None:
    if recall(key, "\0") != value:
        _save(key, value)
