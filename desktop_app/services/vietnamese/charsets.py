"""The two old Vietnamese charsets, TCVN3 (ABC) and VNI, as Windows showed them; Unicode text is never decoded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from desktop_app.services.vietnamese.syllables import is_syllable

Charset = Literal["tcvn3", "tcvn3_caps", "vni"]
Guess = Literal["unicode", "tcvn3", "vni"]

_TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}  # fmt: skip
TCVN3 = {chr(start + i): letter for start, run in _TCVN3_RUNS.items() for i, letter in enumerate(run)}
"""Character as Windows-1252 shows it → letter (TCVN 5712:1993, VN3, fonts .Vn…); U+00AD is ư."""
_TCVN3_TABLE = str.maketrans(TCVN3)
# The charset has capitals for ă â ê ô ơ ư đ only; a vowel with a tone is the same byte in "Hà" and in "HÀ".
_CASELESS = frozenset(c for c in TCVN3.values() if c.islower() and c not in "ăâêôơưđ")

_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HAT = "\u0302"
_HAT_AND_TONE = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = "\u0306"
_BREVE_AND_TONE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLES = {"ñ": "đ", "ö": "ư", "ô": "ơ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLES)
    for base in "aeouyôö":
        table |= {base + mark: _VNI_SINGLES.get(base, base) + tone for mark, tone in _TONES.items()}
    for base in "aeo":
        table |= {base + mark: base + _HAT + tone for mark, tone in _HAT_AND_TONE.items()}
    table |= {"a" + mark: "a" + _BREVE + tone for mark, tone in _BREVE_AND_TONE.items()}
    return {sequence: unicodedata.normalize("NFC", letter) for sequence, letter in table.items()}


VNI = _vni_table()
"""VNI-Windows sequence in small letters → letter: a base letter and its mark, or one of nine single letters."""
_VNI_TOKEN = re.compile("|".join(sorted(VNI, key=len, reverse=True)), re.IGNORECASE)
_SURE_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]|[A-Za-zÀ-ÿ][\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]")
_LETTER_OF_CODE_PAGE = re.compile("[À-ÖØ-öø-ÿ]")
_FONT_STYLES = re.compile(r"(?:[ ,-]+(?:bold|italic|regular|normal|oblique|đậm|nghiêng))+$")
_WORD = re.compile("[^\x00-@\\[-`{-\xa0\u2010-\u203a]+")


def decode_legacy(text: str, charset: Charset) -> str:
    """Return the Unicode text (NFC) of a string typed in an old charset.

    A text that is not of that charset (it holds Vietnamese letters of Unicode, or letters the charset has not, or more
    of its words are syllables as it stands than when decoded) is given back normalised and otherwise as it is, so that
    a list corrected here and there in Unicode is not decoded twice. TCVN3 has no capitals with tones, so words in
    capitals ("NGUYÔN") and the initials of names ("NguyÔn Thanh ý") get theirs from the letters around.
    Decode before `nfc`: there the soft hyphen, TCVN3's ư, is an invisible character.
    """
    if text.isascii():
        return text.upper() if charset == "tcvn3_caps" else text
    is_vni = charset == "vni"
    if not (_may_be_vni(text) if is_vni else _may_be_tcvn3(text)) or _reads_better_as_unicode(text, is_vni=is_vni):
        return unicodedata.normalize("NFC", text)
    if is_vni:
        return " ".join([_decode_vni_word(word) for word in text.split(" ")])
    decoded = text.translate(_TCVN3_TABLE)
    return decoded.upper() if charset == "tcvn3_caps" else _with_capitals(decoded)


def charset_of_font(font_name: str | None) -> Charset | None:
    """Return the charset a font's name tells: ".VnTime", ".VnTimeH" (capitals by font), "VNI-Times"; else None."""
    name = _FONT_STYLES.sub("", (font_name or "").strip().lower())
    if name.startswith(".vn"):
        return "tcvn3_caps" if name.endswith("h") else "tcvn3"
    return "vni" if name.startswith("vni") else None


def guess_charset(texts: Iterable[str]) -> Guess | None:
    """Return the charset of texts by their letters; None when no word tells.

    Each word with letters beyond ASCII is read in the three charsets and votes for those in which it is a Vietnamese
    syllable. An old charset wins only with more votes than Unicode, and with half of these words.
    """
    unicode = tcvn3 = vni = words = 0
    for text in texts:
        if not text.isascii():
            for votes in _votes_of(text):
                unicode, tcvn3, vni, words = unicode + votes[0], tcvn3 + votes[1], vni + votes[2], words + 1
    best = max(tcvn3, vni)
    if best > unicode and best * 2 >= words and tcvn3 != vni:
        return "tcvn3" if tcvn3 > vni else "vni"
    return "unicode" if unicode else None


def _votes_of(text: str) -> list[tuple[bool, bool, bool]]:
    """Return the votes of the words that have letters beyond ASCII; a single letter tells nothing."""
    return [_votes(word) for word in _WORD.findall(text) if len(word) > 1 and not word.isascii()]


@lru_cache(maxsize=16384)
def _votes(word: str) -> tuple[bool, bool, bool]:
    """Return whether a word may be Unicode, TCVN3, VNI."""
    if _SURE_UNICODE.search(word):
        return True, False, False
    as_tcvn3 = _may_be_tcvn3(word) and is_syllable(word.translate(_TCVN3_TABLE))
    as_vni = _may_be_vni(word) and is_syllable(_decode_vni_word(word))
    return is_syllable(word), as_tcvn3, as_vni


def _reads_better_as_unicode(text: str, *, is_vni: bool) -> bool:
    votes = _votes_of(text)
    return sum(vote[0] for vote in votes) > sum(vote[2 if is_vni else 1] for vote in votes)


def _may_be_tcvn3(text: str) -> bool:
    return not _SURE_UNICODE.search(text) and all(c in TCVN3 for c in _LETTER_OF_CODE_PAGE.findall(text))


def _may_be_vni(text: str) -> bool:
    """Tell whether every letter beyond ASCII is one of VNI's, each mark on a letter that can carry it."""
    return not _SURE_UNICODE.search(text) and not _LETTER_OF_CODE_PAGE.search(_VNI_TOKEN.sub("", text))


@lru_cache(maxsize=16384)
def _decode_vni_word(word: str) -> str:
    return _VNI_TOKEN.sub(_vni_letter, word)


def _vni_letter(match: re.Match[str]) -> str:
    token = match.group()
    letter = VNI[token.lower()]
    return letter.upper() if token[0].isupper() else letter


def _with_capitals(text: str) -> str:
    """Return decoded TCVN3 with the capitals its bytes cannot tell, judged by the letters that can."""
    words = text.split(" ")
    shapes = [_shape(word) for word in words]
    capitals = [word for word, shape in zip(words, shapes, strict=True) if shape == "CAPITALS"]
    if capitals:
        # One word in capitals may be an abbreviation ("Số CCCD"); two, or one with accents, are a heading.
        is_heading = len(capitals) > 1 or not capitals[0].isascii()
        for i, shape in enumerate(shapes):
            if shape == "CAPITALS" or (shape == "short" and is_heading and _stands_in_capitals(shapes, i)):
                words[i] = words[i].upper()
    elif "small" not in shapes and sum(word[:1].isupper() for word in words) > 1:
        words = [word[:1].upper() + word[1:] for word in words]
    return " ".join(words)


def _shape(word: str) -> str:
    """Return "CAPITALS", "small", "Title" (or an unknown initial), "short" (cannot tell), or "" (no letter)."""
    letters = [c for c in word if c.isalpha()]
    sure = [c for c in letters if c not in _CASELESS]
    if any(c.islower() for c in sure):
        return "small" if letters[0] in sure and letters[0].islower() else "Title"
    if len(sure) > 1:
        return "CAPITALS"
    return "short" if letters else ""


def _stands_in_capitals(shapes: list[str], i: int) -> bool:
    """Tell whether the nearest words before and after that can tell are in capitals."""
    before = next((shape for shape in reversed(shapes[:i]) if shape not in ("", "short")), None)
    after = next((shape for shape in shapes[i + 1 :] if shape not in ("", "short")), None)
    return {before, after} <= {"CAPITALS", None}
