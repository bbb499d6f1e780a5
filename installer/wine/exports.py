"""Reads which functions a Windows DLL offers and writes the linker's definition files from them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

PE32_PLUS = 0x20B
DATA_SECTIONS = (b".data", b".rdata", b"PyRuntim")


@dataclass(frozen=True)
class Section:
    """Where a part of a DLL lies in memory and in the file."""

    name: bytes
    memory_size: int
    address: int
    file_size: int
    offset: int

    def holds(self, address: int) -> bool:
        return self.address <= address < self.address + max(self.memory_size, self.file_size)


def read_exports(dll: Path) -> dict[str, bool]:
    """Names that a 64-bit DLL exports, each with whether it is data rather than code."""
    content = dll.read_bytes()
    head = struct.unpack_from("<I", content, 0x3C)[0]
    count, optional_size = struct.unpack_from("<H12xH", content, head + 6)
    optional = head + 24
    if struct.unpack_from("<H", content, optional)[0] != PE32_PLUS:
        raise ValueError(f"{dll.name} is not a 64-bit DLL")
    sections = [
        Section(*struct.unpack_from("<8sIIII", content, optional + optional_size + 40 * index))
        for index in range(count)
    ]

    def section_of(address: int) -> Section:
        return next(section for section in sections if section.holds(address))

    def offset_of(address: int) -> int:
        section = section_of(address)
        return address - section.address + section.offset

    table = offset_of(struct.unpack_from("<I", content, optional + 112)[0])
    names, functions, name_table, ordinals = struct.unpack_from("<4I", content, table + 24)
    exports = {}
    for index in range(names):
        start = offset_of(struct.unpack_from("<I", content, offset_of(name_table) + 4 * index)[0])
        ordinal = struct.unpack_from("<H", content, offset_of(ordinals) + 2 * index)[0]
        address = struct.unpack_from("<I", content, offset_of(functions) + 4 * ordinal)[0]
        name = content[start : content.index(b"\0", start)].decode("ascii")
        exports[name] = section_of(address).name.startswith(DATA_SECTIONS)
    return exports


def import_definition(library: str, exports: dict[str, bool]) -> str:
    """Definition of an import library for ``library``.dll."""
    lines = [f"  {name}{' DATA' if is_data else ''}" for name, is_data in exports.items()]
    return "\n".join([f"LIBRARY {library}.dll", "EXPORTS", *lines, ""])


def forwarding_definition(library: str, target: str, exports: dict[str, bool]) -> str:
    """Definition of a DLL that offers the same names and hands each on to ``target``.dll."""
    lines = [f"  {name}={target}.{name}{' DATA' if is_data else ''}" for name, is_data in exports.items()]
    return "\n".join([f"LIBRARY {library}.dll", "EXPORTS", *lines, ""])
