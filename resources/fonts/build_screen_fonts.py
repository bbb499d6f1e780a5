"""Makes the small NotoSans-*.ttf of this folder from the full Noto fonts; run by hand when they are renewed.

Usage: ``python build_screen_fonts.py FOLDER_OF_FULL_NOTO_FONTS`` (needs fonttools). What is kept, and why, is in
README.md. The symbols Noto Sans lacks (arrows, ticks, signs of comparison) are copied in from its sister fonts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
STYLES = ("Regular", "Italic", "SemiBold", "Bold")
RANGES = (
    (0x20, 0x7E),  # Basic Latin
    (0xA0, 0x17F),  # Latin-1, Latin Extended-A (ă đ ĩ ũ)
    (0x180, 0x181),
    (0x1A0, 0x1A1),  # ơ
    (0x1AF, 0x1B0),  # ư
    (0x250, 0x25F),  # ɓ ɖ ɗ of minority names
    (0x2B0, 0x2DD),
    (0x300, 0x32E),  # combining marks: decomposed text, ơ̆ ư̆ ê̆ of Jarai and Ê Đê
    (0x1E00, 0x1EFF),  # Latin Extended Additional: the rest of Vietnamese
    (0x2010, 0x205E),
    (0x2070, 0x209C),
    (0x20AB, 0x20AC),
    (0x2116, 0x2122),
    (0x2139, 0x2139),
    (0x2150, 0x215E),
)
BORROWED = "←↑→↓↔↕↖↗↘↙↵⇒⇔⇤⇥⇧⌘⌫⏎−≈≠≤≥≡±∑∆∞√■□▲△▶▼▽◀◆◇○●★☆☐☑☒⚠✓✔✕✗✘"
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "case", "tnum", "lnum", "pnum", "frac")


def shrink(source: Path) -> TTFont:
    """The font with only the letters of ``RANGES`` and the layout rules that the screen uses."""
    options = subset.Options()
    options.layout_features = list(FEATURES)
    options.name_IDs = ["*"]
    options.drop_tables += ["DSIG"]
    font = TTFont(source)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    return font


def borrow(font: TTFont, lenders: list[TTFont]) -> None:
    """Copy the outlines of ``BORROWED`` out of the first lender that has each of them."""
    for letter in BORROWED:
        lender = next((one for one in lenders if ord(letter) in one.getBestCmap()), None)
        if ord(letter) in font.getBestCmap() or lender is None:
            continue
        name = f"uni{ord(letter):04X}"
        glyphs = lender.getGlyphSet()
        outline = DecomposingRecordingPen(glyphs)
        glyphs[lender.getBestCmap()[ord(letter)]].draw(outline)
        pen = TTGlyphPen(None)
        outline.replay(pen)
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = lender["hmtx"][lender.getBestCmap()[ord(letter)]]
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(letter)] = name


def main(folder: Path) -> None:
    for style in STYLES:
        font = shrink(folder / f"NotoSans-{style}.ttf")
        weighted = folder / f"NotoSansSymbols-{style}.ttf"
        names = [weighted] if weighted.exists() else []
        names += [folder / f"{name}-Regular.ttf" for name in ("NotoSansSymbols", "NotoSansMath", "NotoSansSymbols2")]
        borrow(font, [TTFont(name) for name in names])
        font.save(HERE / f"NotoSans-{style}.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
