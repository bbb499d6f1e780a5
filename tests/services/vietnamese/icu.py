"""ICU's collation for locale vi, from the library that Qt's wheel, the system or Windows brings; tests only."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import PySide6

SortKey = Callable[[str], bytes]
MISSING = "no ICU library: neither PySide6/Qt/lib/libicui18n.so.*, the system's libicui18n, nor Windows' icu.dll"


def vietnamese_sort_key(*, numeric: bool = False) -> SortKey | None:
    """Return ICU's sort key function for vi at its default strength, or None where no library can be loaded."""
    for path in _libraries():
        try:
            library = ctypes.CDLL(path)
        except OSError:
            continue
        suffix = _version_suffix(library, path)
        if suffix is not None:
            return _sort_key_function(library, suffix, numeric)
    return None


def _libraries() -> Iterator[str]:
    if sys.platform == "win32":
        yield from ("icu.dll", "icuin.dll")
        return
    folder = Path(PySide6.__file__).parent / "Qt" / "lib"
    for name in ("libicudata.so.*", "libicuuc.so.*"):
        for path in folder.glob(name):
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    yield from (str(path) for path in sorted(folder.glob("libicui18n.so.*")))
    found = ctypes.util.find_library("icui18n")
    if found:
        yield found


def _version_suffix(library: ctypes.CDLL, path: str) -> str | None:
    """ICU names its functions with its version (ucol_open_73), Windows' own copy without."""
    for version in re.findall(r"\.so\.(\d+)", path):
        if hasattr(library, f"ucol_open_{version}"):
            return f"_{version}"
    return "" if hasattr(library, "ucol_open") else None


_NUMERIC, _ON = 7, 17


def _sort_key_function(library: ctypes.CDLL, suffix: str, numeric: bool) -> SortKey | None:
    open_ = getattr(library, f"ucol_open{suffix}")
    open_.restype = ctypes.c_void_p
    open_.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    get_key = getattr(library, f"ucol_getSortKey{suffix}")
    get_key.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32]
    get_key.restype = ctypes.c_int32
    status = ctypes.c_int(0)
    collator = open_(b"vi", ctypes.byref(status))
    if not collator or status.value > 0:
        return None
    if numeric:
        set_attribute = getattr(library, f"ucol_setAttribute{suffix}")
        set_attribute.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]
        set_attribute(collator, _NUMERIC, _ON, ctypes.byref(status))

    def sort_key(text: str) -> bytes:
        units = text.encode("utf-16-le")
        buffer = ctypes.create_string_buffer(len(units) * 16 + 64)
        length = get_key(collator, units, len(units) // 2, buffer, len(buffer))
        assert 0 < length <= len(buffer)
        return buffer.raw[:length]

    return sort_key
