"""The two old Vietnamese charsets, TCVN3 (ABC) and VNI, as Windows showed them; Unicode text is never decoded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Charset = Literal["tcvn3", "tcvn3_caps", "vni"]
Guess = Literal["unicode", "tcvn3", "vni"]

_TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}  # fmt: skip
TCVN3 = {chr(start + i): letter for start, run in _TCVN3_RUNS.items() for i, letter in enumerate(run)}
"""Character as Windows-1252 shows it → letter (TCVN 5712:1993, VN3, fonts .Vn…); U+00AD is ư."""
_TCVN3_TABLE = str.maketrans(TCVN3)

_TONE_MARKS = {"": "", "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_ROOF = "\u0302"
_BREVE = "\u0306"
_HAT_MARKS = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BOW_MARKS = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLES = {"ñ": "đ", "ö": "ư", "ô": "ơ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    """Return every VNI sequence of small letters → letter."""
    table = dict(_VNI_SINGLES)
    for base in "aeouyôö":
        for sign, tone in _TONE_MARKS.items():
            if sign:
                table[base + sign] = unicodedata.normalize("NFC", _VNI_SINGLES.get(base, base) + tone)
    for base in "aeo":
        for sign, tone in _HAT_MARKS.items():
            table[base + sign] = unicodedata.normalize("NFC", base + _ROOF + tone)
    for sign, tone in _BOW_MARKS.items():
        table["a" + sign] = unicodedata.normalize("NFC", "a" + _BREVE + tone)
    return table


VNI = _vni_table()
"""VNI-Windows sequence in small letters → letter: a base letter and a mark, or one of nine single letters."""
_VNI_TOKEN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)), re.IGNORECASE)


def decode_legacy(text: str, charset: Charset) -> str:
    """Return the Unicode text of a string typed in an old charset; text that is Unicode already is only normalised."""
    if text.isascii():
        return text.upper() if charset == "tcvn3_caps" else text
    if _is_unicode(text):
        return unicodedata.normalize("NFC", text)
    if charset == "vni":
        return _VNI_TOKEN.sub(_vni_letter, text)
    decoded = text.translate(_TCVN3_TABLE)
    return decoded.upper() if charset == "tcvn3_caps" else decoded


def charset_of_font(font_name: str) -> Charset | None:
    """Return the charset a font's name tells: ".VnTime", ".VnTimeH" (capitals by font), "VNI-Times"; else None."""
    name = font_name.strip().lower()
    if name.startswith(".vn"):
        return "tcvn3_caps" if name.endswith("h") else "tcvn3"
    return "vni" if name.startswith("vni") else None


def guess_charset(texts: Iterable[str]) -> Guess | None:
    """Return the charset of texts by their letters; None when nothing but ASCII is in them."""
    unicode = tcvn3 = vni = 0
    for text in texts:
        if text.isascii():
            continue
        if _is_unicode(text):
            unicode += 1
        elif all(c.isascii() or c in TCVN3 for c in text) and not re.search("[aeouyAEOUY][øùûõïâàáåãä]", text):
            tcvn3 += 1
        else:
            vni += 1
    best = max(unicode, tcvn3, vni)
    if best == 0:
        return None
    if best == unicode:
        return "unicode"
    return "tcvn3" if best == tcvn3 else "vni"


def _is_unicode(text: str) -> bool:
    return any("\u0100" <= c <= "\u01b0" or "\u1ea0" <= c <= "\u1ef9" or "\u0300" <= c <= "\u0323" for c in text)


def _vni_letter(match: re.Match[str]) -> str:
    token = match.group()
    letter = VNI[token.lower()]
    return letter.upper() if token[0].isupper() else letter
