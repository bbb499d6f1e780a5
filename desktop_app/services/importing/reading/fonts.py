"""Finds and undoes the two old charsets, column by column; Unicode is never decoded, nothing is decoded twice.

The letters decide wherever they can: some letters only Unicode has, some only the old charsets make. The fonts of the
file are asked (a slow second look) only where letters leave a doubt: both kinds in one column, or small letters that
a capitals font (.VnTimeH) may show as capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.services.importing.preview import CellValue
from desktop_app.services.vietnamese import Charset, decode_legacy, nfc

FontLookup = Callable[[Collection[int]], Mapping[tuple[int, int], Charset]]
"""Given columns, returns (row, column) → charset of the font, for cells in an old font."""

_UNICODE_ONLY = re.compile("[\u0100-\u01b0\u1ea0-\u1ef9\u0300-\u0323]")
_OLD_ONLY = re.compile("[¡-¿\xadÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ]")
_WORD = re.compile(r"[^\W\d_]+(?:[¡-¿×÷\xad][^\W\d_]*)*|[¡-¿×÷\xad][^\W\d_]*")
_OLD_WORD = re.compile("[A-Za-z¡-ÿ]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_MARKS = frozenset("\u0302\u0306\u031b")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?|gi"
)
_POINTS = ("đ", "Đ")
"""The short form of "điểm" and "đồng" ("8đ") is no syllable, but Vietnamese."""
_SAMPLE = 300
_ENOUGH = 0.6
_CLEARLY = 0.1
_FEW = 3
_OWN_OPINION = 5
_SHOWN_SAMPLES = 3
_CHARSETS: tuple[Charset, ...] = ("tcvn3", "vni")


@dataclass(slots=True)
class ColumnCharset:
    """What was found about one column.

    Args:
        charset: the old charset its texts were in; None for Unicode.
        by: "letters" or "font".
        samples: pairs (in the file, as understood).
    """

    charset: Charset | None = None
    by: str = ""
    samples: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Letters:
    """A column's distinct texts by what their letters prove."""

    unicode: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    either: list[str] = field(default_factory=list)


def share_of_syllables(text: str) -> float:
    """Return which part of the words with letters beyond ASCII are possible Vietnamese syllables (0 without such)."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 0.0
    return sum(_is_syllable(word) for word in words) / len(words)


def _is_syllable(word: str) -> bool:
    if word in _POINTS:
        return True
    letters: list[str] = []
    tones = 0
    for character in unicodedata.normalize("NFD", word.lower().replace("đ", "d")):
        if character in _TONES:
            tones += 1
        elif character not in _MARKS:
            letters.append(character)
    return tones <= 1 and bool(_SYLLABLE.fullmatch("".join(letters)))


def decode_columns(
    columns: list[list[CellValue]], texts: Sequence[Sequence[str]], joined: Sequence[str], fonts: FontLookup
) -> list[ColumnCharset]:
    """Decode old text in place, column by column, and say what was found.

    Args:
        columns: the sheet by columns, headings and titles included; a column with old text is replaced.
        texts: the distinct texts of each column; `joined` are the same in one string.
        fonts: asked at most once, for the doubtful columns together.
    """
    found = [ColumnCharset() for _ in columns]
    if not any(_OLD_ONLY.search(column) for column in joined if not column.isascii()):
        return found
    letters = [_sort(column) for column in texts]
    old = [text for column in letters for text in column.old]
    has_unicode = any(column.unicode for column in letters)
    usual = _charset_of(old) if len(old) >= (_FEW if has_unicode else 1) else None
    if usual is None:
        return found
    doubtful: list[int] = []
    for index, column in enumerate(letters):
        charset = _column_charset(column, usual, has_unicode=has_unicode)
        if charset is None:
            continue
        found[index] = ColumnCharset(charset, "letters")
        if (column.unicode and column.either) or _may_be_capitals(column, charset):
            doubtful.append(index)
    by_font = fonts(doubtful) if doubtful else {}
    for index, report in enumerate(found):
        if report.charset is not None:
            columns[index] = _decoded(
                columns[index], index, letters[index], report, by_font if index in doubtful else {}
            )
    return found


def _column_charset(column: _Letters, usual: Charset, *, has_unicode: bool) -> Charset | None:
    if not column.old:
        return usual if column.either and not has_unicode else None
    charset = usual
    own = _charset_of(column.old) if len(column.old) >= _OWN_OPINION else None
    if own is not None and _share(column.old, own) > _share(column.old, usual) + _CLEARLY:
        charset = own
    if column.unicode and (len(column.old) < _FEW or not _plausible(column.old, charset)):
        return None
    return charset


def _sort(texts: Sequence[str]) -> _Letters:
    letters = _Letters()
    for value in texts:
        if value.isascii():
            continue
        if _UNICODE_ONLY.search(value):
            letters.unicode.append(value)
        elif _OLD_ONLY.search(value):
            letters.old.append(value)
        else:
            letters.either.append(value)
    return letters


def _charset_of(texts: Sequence[str]) -> Charset | None:
    """Return the charset that makes Vietnamese of texts which cannot be Unicode, or None."""
    if not texts:
        return None
    sample = sorted(texts)[:: max(1, len(texts) // _SAMPLE)]
    shares = {
        charset: share_of_syllables("\n".join(_decode(text, charset) for text in sample)) for charset in _CHARSETS
    }
    best = max(_CHARSETS, key=lambda charset: shares[charset])
    return best if shares[best] >= _ENOUGH and shares[best] > share_of_syllables("\n".join(sample)) else None


def _share(texts: Sequence[str], charset: Charset) -> float:
    sample = sorted(texts)[:: max(1, len(texts) // _SAMPLE)]
    return share_of_syllables("\n".join(_decode(text, charset) for text in sample))


def _plausible(texts: Sequence[str], charset: Charset) -> bool:
    return bool(texts) and share_of_syllables("\n".join(_decode(text, charset) for text in texts)) >= _ENOUGH


def _may_be_capitals(column: _Letters, charset: Charset) -> bool:
    """Tell whether most texts begin with small letters, as they do in a file whose font shows capitals."""
    texts = column.old + column.either
    if charset != "tcvn3" or len(texts) < 3:
        return False
    return sum(_decode(text, charset)[:1].islower() for text in texts) * 2 > len(texts)


def _decode(text: str, charset: Charset) -> str:
    decoded = decode_legacy(text, charset)
    if charset == "tcvn3" and _typed_in_capitals(text):
        return decoded.upper()
    return decoded


def _typed_in_capitals(text: str) -> bool:
    """Tell whether a TCVN3 text is in capitals but for its accented letters, of which TCVN3 has no capitals."""
    if any("a" <= character <= "z" for character in text):
        return False
    return any(not word.isascii() and sum("A" <= c <= "Z" for c in word) >= 2 for word in _OLD_WORD.findall(text))


def _decoded(
    column: Sequence[CellValue],
    index: int,
    letters: _Letters,
    report: ColumnCharset,
    by_font: Mapping[tuple[int, int], Charset],
) -> list[CellValue]:
    """Return a column in Unicode, and complete its report."""
    charset = report.charset
    assert charset is not None
    table = {text: _decode(text, charset) for text in letters.old if not letters.unicode or _plausible([text], charset)}
    either = frozenset(letters.either)
    if not letters.unicode:
        table.update((text, _decode(text, charset)) for text in either)
    result: list[CellValue] = [table.get(value, value) if type(value) is str else value for value in column]
    fonts = {row: font for (row, at), font in by_font.items() if at == index}
    if fonts:
        report.by = "font"
        _decode_by_font(column, result, fonts, frozenset(letters.unicode), report)
    elif letters.unicode and either:
        _decode_by_neighbours(column, result, either, table, charset)
    pairs = ((before, after) for before, after in zip(column, result, strict=True) if before != after)
    report.samples = tuple(dict.fromkeys(_first_pairs(pairs)))
    return result


def _first_pairs(pairs: Iterable[tuple[CellValue, CellValue]]) -> list[tuple[str, str]]:
    first: dict[tuple[str, str], None] = {}
    for before, after in pairs:
        first.setdefault((str(before), nfc(str(after))))
        if len(first) == _SHOWN_SAMPLES + 2:
            break
    return list(first)[-_SHOWN_SAMPLES:]


def _decode_by_font(
    column: Sequence[CellValue],
    result: list[CellValue],
    fonts: Mapping[int, Charset],
    unicode: frozenset[str],
    report: ColumnCharset,
) -> None:
    """Let the font decide for each cell whose letters do not prove Unicode."""
    for row, charset in fonts.items():
        if row >= len(column):
            continue
        value = column[row]
        if type(value) is str and value not in unicode and (charset == "tcvn3_caps" or not value.isascii()):
            result[row] = decode_legacy(value, charset) if charset == "tcvn3_caps" else _decode(value, charset)
            report.charset = charset


def _decode_by_neighbours(
    column: Sequence[CellValue],
    result: list[CellValue],
    either: frozenset[str],
    table: Mapping[str, str],
    charset: Charset,
) -> None:
    """Read doubtful texts like the last text above them whose letters prove something: pasted lists come in blocks."""
    is_old = False
    for row, value in enumerate(column):
        if type(value) is not str or value.isascii():
            continue
        if value in either:
            if is_old:
                result[row] = _decode(value, charset)
        else:
            is_old = value in table
