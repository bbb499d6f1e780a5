"""Reads from a TrueType file what reportlab leaves out: kerning pairs and the box of each glyph; no state."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FontMetrics:
    """Kerning and glyph boxes of one font, in thousandths of the em.

    Args:
        kerning: (left glyph, right glyph) → change of distance.
        boxes: glyph → (left, bottom, right, top) of its ink; empty glyphs are absent.
    """

    kerning: dict[tuple[int, int], float] = field(default_factory=dict)
    boxes: dict[int, tuple[float, float, float, float]] = field(default_factory=dict)


def read_metrics(data: bytes) -> FontMetrics:
    """Kerning (table ``kern``, format 0) and boxes (``loca``, ``glyf``) of a TrueType file's bytes."""
    tables = _tables(data)
    head = tables["head"]
    scale = 1000 / struct.unpack_from(">H", data, head + 18)[0]
    is_long = struct.unpack_from(">h", data, head + 50)[0] == 1
    glyphs = struct.unpack_from(">H", data, tables["maxp"] + 4)[0]
    pairs = _kerning(data, tables["kern"]) if "kern" in tables else {}
    return FontMetrics(
        kerning={pair: value * scale for pair, value in pairs.items()},
        boxes={
            glyph: (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)
            for glyph, box in _boxes(data, tables, glyphs, is_long).items()
        },
    )


def _tables(data: bytes) -> dict[str, int]:
    count = struct.unpack_from(">H", data, 4)[0]
    entries = (struct.unpack_from(">4sLLL", data, 12 + 16 * i) for i in range(count))
    return {tag.decode("latin-1").strip(): offset for tag, _, offset, _ in entries}


def _kerning(data: bytes, at: int) -> dict[tuple[int, int], int]:
    pairs: dict[tuple[int, int], int] = {}
    count = struct.unpack_from(">H", data, at + 2)[0]
    at += 4
    for _ in range(count):
        _, length, coverage = struct.unpack_from(">HHH", data, at)
        if coverage == 1:  # horizontal, format 0
            entries = struct.unpack_from(">H", data, at + 6)[0]
            for left, right, value in struct.iter_unpack(">HHh", data[at + 14 : at + 14 + 6 * entries]):
                pairs[left, right] = value
        at += length
    return pairs


def _boxes(data: bytes, tables: dict[str, int], glyphs: int, is_long: bool) -> dict[int, Box]:
    if is_long:
        offsets = struct.unpack_from(f">{glyphs + 1}L", data, tables["loca"])
    else:
        offsets = tuple(2 * half for half in struct.unpack_from(f">{glyphs + 1}H", data, tables["loca"]))
    glyf = tables["glyf"]
    return {
        glyph: struct.unpack_from(">hhhh", data, glyf + start + 2)
        for glyph, (start, end) in enumerate(itertools.pairwise(offsets))
        if end > start
    }
