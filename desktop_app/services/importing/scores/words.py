"""How scoring lists write indicators, scores and results: "CS1: …", "I.2", "8,5 điểm", "60%", "x", "K đạt"; pure.

Invariant: a text that can mean two things means neither: it is told and asked about, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.fields import plain_number_code
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.words import is_blank_mark
from desktop_app.services.vietnamese import fold, number_text

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_LABEL = re.compile(
    r"\(?(?:diem )?(?P<word>chi so|c\.? ?so|chi tieu|tieu chi|tieu chuan|noi dung|ky nang|cs|tc|ct|nd|muc|cau|diem|c"
    r"|d(?=\d+\W*(?:\(|$)))?[.\- ]*(?:so |(?<=[a-z] )thu )?"
    r"(?:(?P<roman>viii|vii|vi|iv|v|iii|ii|i)[.\- ]+)?0*(?P<code>[1-9]\d?(?:\.\d{1,2})?)(?P<rest>\W.*)?"
)
_DOTTED = re.compile(r"\(?(\d{1,2})\.(\d{1,2})\)?\.?")
_NO_LABEL = re.compile(r"(?:diem|d|nguoi|tuoi|nam|ho|khau|con|lop|thang|tieu chi|chi so|chi tieu|cs|tc)\b")
_NAME = re.compile(r"(?:[^\W\d_]\S*\s+){1,5}[^\W\d_]\S*")
_NUMBERED = re.compile(r"^\W*(?:(?:cs|tc|ct|chi so|chi tieu|tieu chi|muc|cau|noi dung)\W*)?[\divx.]*\d[.:)\- ]+")
_SKILL = "ky nang "
_CUT = "…"
_SHORT = 16
"""So many letters of a wording are enough to know it by."""
_LONGEST_PHRASE = 60
_NUMBER = re.compile(r"(\d{1,5}(?:[.,]\d+)?)[.,]?\s*(%|điểm|đ|diem)?\.?", re.IGNORECASE)
_OF_MAXIMUM = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*/\s*(\d{1,3})(?:\s*(?:điểm|đ))?", re.IGNORECASE)
_DECIMALS = 6
"""What Excel computes is exact to so many decimals."""
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_SPOKEN = re.compile(
    rf"(?:(?P<figure>\d{{1,2}}(?:[.,]\d)?) ?(?:điểm|đ)? )?(?P<word>{'|'.join(_DIGITS[1:])})(?: điểm)?(?P<half> rưỡi)?"
)
_NOT_YET = frozenset({"chua cham", "chua co diem", "chua co"})
_DASHES = re.compile(r"[-–—−]+")
_MET = frozenset({"x", "✓", "✔", "√", "v", "dat", "co", "dung", "yes", "d", "da dat", "hoan thanh", "true"})
_NOT_MET = frozenset({"khong dat", "chua dat", "k dat", "ko dat", "khong", "kd", "k", "o", "no", "cd", "chua", "false"})
_PASSED = frozenset({"dat", "d", "dat danh hieu", "x", "cong nhan", "de nghi cong nhan", "du dieu kien", "dat chuan",
                     "cong dan hoc tap", "dat cdht", "dat cong dan hoc tap", "cdht"})  # fmt: skip
_FAILED = frozenset({"khong dat", "k dat", "ko dat", "kd", "chua dat", "k", "cd", "khong du dieu kien", "khong",
                     "khong cong nhan", "khong dat danh hieu", "hong", "chua du dieu kien"})  # fmt: skip
VERDICT_HEADINGS = frozenset(
    {"ket qua", "xep loai", "dat", "danh gia", "ket luan", "dat khong dat", "dat chua dat", "kq", "de nghi",
     "ket qua danh gia", "ket qua xep loai", "dat k dat", "danh hieu", "ket qua dat khong dat", "ghi nhan"}
)  # fmt: skip
MAXIMA = re.compile(r"(?:so )?diem (?:toi da|chuan|cao nhat)|thang diem|toi da|diem quy dinh|max")
_MODELS: tuple[tuple[re.Pattern[str], LearningModel], ...] = tuple(
    (re.compile(pattern), model)
    for pattern, model in (
        (r"cong dong hoc tap cap xa|cong dong hoc tap (?:cua )?(?:xa|phuong|thi tran)\b", LearningModel.COMMUNE),
        (r"gia dinh hoc tap|\bgdht\b", LearningModel.FAMILY),
        (r"dong (?:ho|toc) hoc tap|\bdhht\b", LearningModel.CLAN),
        (r"cong dong hoc tap|\bcdght\b|thon hoc tap|to dan pho hoc tap|ap hoc tap", LearningModel.COMMUNITY),
        (r"don vi hoc tap|\bdvht\b", LearningModel.ORGANIZATION),
        (r"cong dan hoc tap|\bcdht\b", LearningModel.CITIZEN),
    )
)


@dataclass(frozen=True, slots=True)
class Score:
    """What one cell of a score says.

    Args:
        value: the number, None where there is none. ``is_percent``: it was written with "%".
        is_met: of a tick or a word.
        problem: code of what is wrong, "" for nothing; ``is_dash``: a dash, which says neither 0 nor nothing.
        maximum: out of how many points the cell says it is ("8/10"), None where it does not say.
    """

    value: float | None = None
    is_percent: bool = False
    is_met: bool | None = None
    problem: str = ""
    is_dash: bool = False
    maximum: float | None = None


BLANK = Score()


def score_of(value: CellValue) -> Score:
    """Read a cell of a score column; nothing is mended that could be meant otherwise."""
    if isinstance(value, bool):
        return Score(is_met=value)
    if isinstance(value, int | float):
        return _of_number(float(value))
    if not isinstance(value, str):
        return Score(problem="score.is_date")
    text = value.strip()
    if not text:
        return BLANK
    found = _NUMBER.fullmatch(text)
    if found:
        return _of_number(float(found[1].replace(",", ".")), is_percent=found[2] == "%")
    of = _OF_MAXIMUM.fullmatch(text)
    if of and float(of[1].replace(",", ".")) <= float(of[2]):
        return replace(_of_number(float(of[1].replace(",", "."))), maximum=float(of[2]))
    return _of_word(text)


def _of_number(value: float, *, is_percent: bool = False) -> Score:
    if value != value or abs(value) > 10_000:
        return Score(problem="score.not_number")
    value = round(value, _DECIMALS)
    return Score(value, is_percent) if value >= 0 else Score(problem="score.negative")


@lru_cache(maxsize=512)
def _of_word(text: str) -> Score:
    if _DASHES.fullmatch(text):
        return Score(is_dash=True)
    if text.startswith("-") and _NUMBER.fullmatch(text[1:].strip()):
        return Score(problem="score.negative")
    key = fold(text).strip(" .()")
    if (spoken := _spoken(text)) is not None:
        return Score(spoken)
    if key in _MET or key in _NOT_MET:
        return Score(is_met=key in _MET)
    return BLANK if is_blank_mark(text) or key in _NOT_YET else Score(problem="score.not_number")


def _spoken(text: str) -> float | None:
    """A score in words, perhaps beside its figure: "tám", "tám điểm rưỡi", "8 (tám)"; None where they differ."""
    found = _SPOKEN.fullmatch(" ".join(text.lower().replace("(", " ").replace(")", " ").split()))
    if found is None:
        return None
    value = _DIGITS.index(found["word"]) + 0.5 * bool(found["half"])
    figure = float(found["figure"].replace(",", ".")) if found["figure"] else value
    return value if figure == value else None


def points_text(value: float) -> str:
    """A score as people write it: 8 · 8,5 · 80,25."""
    return number_text(value, next(d for d in (0, 1, 2) if d == 2 or abs(round(value, d) - value) < 1e-9))


@lru_cache(maxsize=512)
def verdict_of(value: CellValue) -> bool | None:
    """What a result column says of a form: passed or not; None for what says neither."""
    key = fold(str(value)).strip(" .()")
    return True if key in _PASSED else False if key in _FAILED else None


def is_marked(value: CellValue) -> bool:
    """Whether a cell says anything as a result."""
    return value != "" and verdict_of(value) is not None


@lru_cache(maxsize=4096)
def label_code(text: str) -> str | None:
    """The number of the indicator that a heading or a label names ("CS1: Kỹ năng…", "1. Kỹ năng", "II.5"), or None.

    A number alone names none: it counts rows and columns as well.
    """
    folded = " ".join(fold(text).split())
    found = _LABEL.fullmatch(folded)
    if found is None:
        return None
    word, rest = found["word"], (found["rest"] or "").strip()
    if not word and not found["roman"] and not _speaks(text, found["rest"] or ""):
        return None
    code = found["code"]
    if not word and _NO_LABEL.match(rest.lstrip(" .:)-")):
        return None
    if found["roman"] and "." not in code:
        return f"{_ROMAN[found['roman']]}.{code}"
    return ".".join(str(int(part)) for part in code.split("."))


def _speaks(text: str, rest: str) -> bool:
    """Whether words follow a bare number, set off from it, that are no person's name."""
    if not rest or rest[0] not in ".:)-–" or not any(map(str.isalpha, rest)):
        return False
    words = text.lstrip("(0123456789. :)-–").strip()
    return not (_NAME.fullmatch(words) and words.title() == words)


def number_code(value: CellValue) -> str | None:
    """The number that a cell beside a label, or a heading, consists of: 1, "01", "(3)", "1.2", 1.2; or None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = value.strip() if isinstance(value, str) else f"{value:g}"
    plain = plain_number_code(text)
    if plain:
        return plain
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        return f"{int(dotted[1])}.{int(dotted[2])}"
    roman = re.fullmatch(r"(viii|vii|vi|iv|v|iii|ii|i)[.\- ]+(\d{1,2})", text.lower())
    return f"{_ROMAN[roman[1]]}.{int(roman[2])}" if roman else None


@cache
def _wordings() -> dict[str, list[str]]:
    """All wordings that the program ships, folded, by their beginnings."""
    from desktop_app.services.criteria.loader import load_sets

    found: dict[str, list[str]] = {}
    for text in {wording_key(i.text) for item in load_sets() for i in item.indicators}:
        if len(text) >= _SHORT:
            found.setdefault(text[:_SHORT], []).append(text)
    return found


def wording_key(text: str) -> str:
    """A wording to compare: folded, without its number and without punctuation."""
    return _bare(_NUMBERED.sub("", fold(text)))


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


@lru_cache(maxsize=4096)
def is_wording(text: str) -> bool:
    """Whether a text is, or begins as, the wording of an indicator that the program knows."""
    if len(text) < _SHORT:
        return False
    key = wording_key(text)
    ways = (key, f"{_SKILL}{key}") if len(key) >= _SHORT else (key,)
    return any(same_wording(way, known) for way in ways for known in _wordings().get(way[:_SHORT], ()))


_ABBREVIATIONS = {"cntt": "cong nghe thong tin", "htsd": "hoc tap suot doi"}
_FEW_LETTERS = 7
_JUDGES = frozenset({"ca nhan", "gia dinh", "co quan", "doan the", "cong dong", "dong nghiep", "xa hoi"})
"""Words of wordings that also say whose scores a column holds: they stand for no indicator."""


@lru_cache(maxsize=4096)
def phrase_key(text: str) -> str:
    """The few words that stand for an indicator, to be looked for in wordings; empty where they are too few.

    What breaks off ("sử dụng ngoại ngữ theo yêu c…") ends with the mark of it.
    """
    key = wording_key(text)
    key = _ABBREVIATIONS.get(key.removeprefix(_SKILL), key)
    cut = _CUT if text.rstrip().endswith((_CUT, "..")) else ""
    return f"{key}{cut}" if len(key) >= _FEW_LETTERS and " " in key and key not in _JUDGES else ""


@lru_cache(maxsize=4096)
def is_short_wording(text: str) -> bool:
    """Whether a text is a few words of the wording of an indicator that the program knows."""
    key = phrase_key(text) if len(text) <= _LONGEST_PHRASE else ""
    return bool(key) and (key in _short_names() or is_phrase_of_wording(key))


def is_short_name(text: str) -> bool:
    """Whether a text is just what the program calls an indicator in its own lists."""
    return phrase_key(text) in _short_names()


@cache
def _short_names() -> frozenset[str]:
    """The short names by which the program shows indicators: its own lists come back with them."""
    from desktop_app.services.criteria.loader import load_sets

    return frozenset(phrase_key(i.short) for item in load_sets() for i in item.indicators if i.short) - {""}


@lru_cache(maxsize=4096)
def is_phrase_of_wording(key: str) -> bool:
    """Whether a phrase stands in a wording that the program knows."""
    return any(holds_phrase(known, key) for each in _wordings().values() for known in each)


def holds_phrase(wording: str, phrase: str) -> bool:
    """Whether a wording (by ``wording_key``) has these words in this order, whole but for the last of a cut phrase."""
    if phrase.endswith(_CUT):
        return f" {phrase.removesuffix(_CUT)}" in f" {wording}"
    return f" {phrase} " in f" {wording} "


def same_wording(left: str, right: str) -> bool:
    """Whether one wording (by ``wording_key``) is the beginning of the other, be "Kỹ năng" before it or not."""
    return _begins(left, right) or _begins(left.removeprefix(_SKILL), right.removeprefix(_SKILL))


def _begins(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    return len(short) >= _SHORT and long.startswith(short)


def model_of_texts(texts: tuple[str, ...]) -> LearningModel | None:
    """The model that titles name; None where they name none, or several."""
    found: dict[LearningModel, None] = {}
    for text in texts:
        model = next((model for pattern, model in _MODELS if pattern.search(fold(text))), None)
        if model is not None:
            found[model] = None
    return next(iter(found)) if len(found) == 1 else None


_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DECREE = re.compile(r"(?:20\d\d\s*[-/]|[-/.]\s*20\d\d|(?:ngày|tháng|số|qđ|tt)[^,;]{0,25}20\d\d)", re.IGNORECASE)


def years_of_texts(texts: tuple[str, ...]) -> tuple[int, ...]:
    """The years that titles are about, each once; days and numbers of documents are not meant."""
    found: dict[int, None] = {}
    for text in texts:
        found.update(dict.fromkeys(int(year) for year in _YEAR.findall(_DECREE.sub(" ", text))))
    return tuple(found)
