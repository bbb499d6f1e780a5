"""Cleaning and folding of text; whatever comes in, NFC without invisible characters comes out."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = "’‘ʼʻ`´＇ʹ′"
_HIDDEN_CATEGORIES = ("Cc", "Cf")
_SPACE_CATEGORIES = ("Zs", "Zl", "Zp")
_BREAKS = "\t\n\v\f\r\x85"

# One class for every character nfc() changes on its own, so that clean text is passed through after one search.
_ODD = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\u3164\ufeff\ufff9-\ufffb]"
)
_ODD_BUT_LINES = re.compile(_ODD.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")


def nfc(text: str) -> str:
    """Return `text` in NFC, odd spaces and line breaks as spaces, without invisible characters, stripped.

    Inner runs of spaces are kept. The soft hyphen is removed with the other invisible characters: text in an old
    charset (where it is a letter) goes through `decode_legacy` before it comes here.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _ODD.search(text):
        text = unicodedata.normalize("NFC", _ODD.sub(_odd_character, text))
    return text.strip(" ")


def nfc_lines(text: str) -> str:
    """Like `nfc`, but keep line breaks as LF: for notes and minutes of several lines."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    if _ODD_BUT_LINES.search(text):
        text = unicodedata.normalize("NFC", _ODD_BUT_LINES.sub(_odd_character, text))
    return text.strip(" \n")


def fold(text: str) -> str:
    """Return `text` for searching: lower case, no accents, đ as d, spaces collapsed.

    "Nguyễn Văn  Ước" → "nguyen van uoc". Case, accents and typographic apostrophes never matter in a search.
    """
    folded = text.lower() if text.isascii() and text.isprintable() else text.translate(_FOLD)
    return " ".join(folded.split())


def _odd_character(match: re.Match[str]) -> str:
    character = match.group()
    if character in _BREAKS or unicodedata.category(character) in _SPACE_CATEGORIES:
        return " "
    return ""


class _FoldTable(dict[int, str]):
    """Code point → folded text; a character is worked out when first met, then remembered."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _BREAKS or unicodedata.category(character) in _SPACE_CATEGORIES:
        return " "
    if character in _APOSTROPHES:
        return "'"
    if character in "đĐðÐ":
        return "d"
    letters = unicodedata.normalize("NFKD", character).lower()
    return "".join(
        _STROKED.get(c, c)
        for c in letters
        if unicodedata.category(c) not in _HIDDEN_CATEGORIES and not unicodedata.combining(c)
    )


_STROKED = {"ƀ": "b", "ł": "l", "ø": "o", "ħ": "h", "–": "-", "—": "-", "‐": "-", "‑": "-", "“": '"', "”": '"'}
_FOLD = _FoldTable({code: _fold_character(chr(code)) for code in range(128)})
