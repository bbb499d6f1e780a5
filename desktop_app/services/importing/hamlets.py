"""Names of settlements below the commune, as offices write them; one settlement has one key however it is written.

"Thôn 1", "thôn 01", "Thôn số 1", "T1" are one; so are "TDP số 2" and "Tổ dân phố 2". A former commune's name kept in
brackets ("Thôn 1 (Phú An cũ)") stays part of the key: two merged communes often have a "Thôn 1" each.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from desktop_app.models.types import HamletKind
from desktop_app.services.vietnamese import fold, name_case, nfc


@dataclass(frozen=True, slots=True)
class Hamlet:
    """A settlement's name in its parts.

    Args:
        word: canonical word of its kind ("Thôn", "Tổ dân phố", "Buôn"); "" when none was written.
        name: what follows, as it is shown ("1", "số 2", "Bình Hòa").
        former: name of the former commune that is kept in brackets; "" without.

    Attributes:
        display: the name as it is shown and stored: "Tổ dân phố số 2".
        key: ASCII text, equal for all ways to write one settlement: "to_dan_pho:2".
    """

    kind: HamletKind
    word: str
    name: str
    former: str = ""
    display: str = field(init=False, compare=False)
    key: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        text = f"{self.word} {self.name}".strip()
        if self.word == "Làng" and (inner := _WITHIN_LANG.fullmatch(fold(self.name))):
            object.__setattr__(self, "key", f"{inner[1]}:{_name_key(inner[2])}")
            object.__setattr__(self, "display", text)
            return
        other = fold(self.word).replace(" ", "_") or HamletKind.OTHER.value
        prefix = self.kind.value if self.kind is not HamletKind.OTHER else other
        key = f"{prefix}:{_name_key(self.name)}"
        object.__setattr__(self, "display", f"{text} ({self.former} cũ)" if self.former else text)
        object.__setattr__(self, "key", f"{key}@{fold(self.former)}" if self.former else key)


# Canonical word, kind, and the folded ways to write it; the last alternatives need a number after them.
_KINDS: tuple[tuple[str, HamletKind, str, str], ...] = (
    ("Tổ dân phố", HamletKind.TO_DAN_PHO, r"to dan pho|to ?dp|t\.? ?d\.? ?p\.?", r"to"),
    ("Khu phố", HamletKind.KHU_PHO, r"khu pho|k\.? ?p\.?", ""),
    ("Khu dân cư", HamletKind.OTHER, r"khu dan cu|k\.?d\.?c\.?", ""),
    ("Tiểu khu", HamletKind.OTHER, r"tieu khu|t\.?k\.?", ""),
    ("Thôn", HamletKind.THON, r"thon", r"th|t"),
    ("Ấp", HamletKind.AP, r"ap", ""),
    ("Khóm", HamletKind.KHOM, r"khom", ""),
    ("Bản", HamletKind.BAN, r"ban", ""),
    ("Buôn", HamletKind.OTHER, r"buon", ""),
    ("Bon", HamletKind.OTHER, r"bon", ""),
    ("Làng", HamletKind.OTHER, r"lang", ""),
    ("Xóm", HamletKind.OTHER, r"xom", r"x"),
    ("Plei", HamletKind.OTHER, r"plei", ""),
    ("Sóc", HamletKind.OTHER, r"soc", ""),
    ("Phum", HamletKind.OTHER, r"phum", ""),
    ("Đội", HamletKind.OTHER, r"doi", ""),
    ("Khu", HamletKind.OTHER, r"khu", r"k"),
)
_WITHIN_LANG = re.compile(r"(plei|buon|bon) (\S.*)")
_NUMBER = r"(?:so )?\d{1,3} ?[a-z]?|(?:so )?[ivx]{1,5}"
_WHOLE = tuple(
    (
        word,
        kind,
        re.compile(
            rf"(?:{full})(?:[ .:-]+|(?=\d))(?P<name>\S.*)"
            + (rf"|(?:{short})[ .:-]*(?P<number>{_NUMBER})" if short else "")
        ),
    )
    for word, kind, full, short in _KINDS
)
_FORMER = re.compile(r"\s*[(,-]\s*(?:thuộc\s+)?(?:(?:xã|phường|thị trấn)\s+)?([^(),]+?)\s+cũ\s*\)?\s*$", re.IGNORECASE)
_IN_COMMUNE = re.compile(r"\s*[,(-]?\s+\(?(?:xã|phường|thị trấn|đặc khu)\s+\S[^)]*\)?$", re.IGNORECASE)
_COMMUNE_KIND = re.compile(r"^(?:xa|phuong|thi tran|dac khu) ")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11,
          "xii": 12, "xiii": 13, "xiv": 14, "xv": 15}  # fmt: skip
_WORD_NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_NUMBER_TOKEN = re.compile(r"0*(\d+) ?([a-z]?)")

# In running text only these words, accents and all, begin a settlement's name: "bản" in "văn bản" does not.
_MENTION = re.compile(
    r"(?<!\w)(tổ dân phố|tdp|khu phố|kp|tiểu khu|khu dân cư|thôn|ấp|khóm|bản|buôn|bon|plei|phum|sóc|làng|xóm|khu|tổ"
    r"|to dan pho|khu pho|thon|khom|xom|buon)(?!\w)\.?\s*(?::\s*)?",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?<!\w)(?:tdp|kp|th|t)\.? ?0*\d{1,2}[a-z]?(?!\w)", re.IGNORECASE)
_STOP = re.compile(
    r"[,;:()\[\]\n–]| - |(?<!\w)(?:năm(?=\s+(?:\d|học)|\s*$)|xã|phường|thị trấn|thị xã|huyện|tỉnh|thành phố|quận"
    r"|đặc khu|tháng(?=\s+\d)|quý(?=\s+(?:\d|[iv]+(?!\w)))|đợt|danh sách|và|trực thuộc|thuộc"
    r"|đạt(?=\s+(?:chuẩn|danh|loại|tiêu|kết|được|gia))|văn hóa|văn hoá|học tập|có|được|theo|của|trong|lập biểu"
    r"|tổng(?=\s+(?:số|hợp|cộng))|gồm|ngày|ủy ban|uỷ ban|ubnd|toàn(?=\s+(?:xã|dân|thể|bộ|huyện|tỉnh|phường))"
    r"|nam(?=\s+\d{4}))(?!\w)",
    re.IGNORECASE,
)
_NOT_FIRST = frozenset(
    ("khai", "sao", "đồ", "kê", "tự", "đăng", "cam", "chức", "trưởng", "phó", "vực", "đội", "mẫu", "chính")
)
_NOT_BEFORE = re.compile(r"(?<!\w)(?:văn|biên|địa|kịch|liên)\s+$", re.IGNORECASE)
# Written without accents these are everyday words or family names ("Ban Mai", "Lang", "Doi"): a number must follow.
_NEEDS_ACCENT = frozenset({"ban", "lang", "soc", "doi", "ap"})
_MAX_WORDS = 4
# An old charset has no capitals for them: "Plei Ốp" comes as "Plei ốp".
_WITHOUT_CAPITAL = frozenset("àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữự")


@lru_cache(maxsize=4096)
def parse_hamlet(text: str, default_word: str = "") -> Hamlet | None:
    """Read a text that is a settlement's name and nothing else (a cell, a sheet's name); None for blank text.

    Args:
        text: "TDP số 2", "T1", "Bình Hòa".
        default_word: word to take when the text has none ("Ấp" where the column is headed so).
    """
    clean = " ".join(nfc(text).split()).strip(" .,;:-")
    if not clean:
        return None
    clean, former = _without_commune(clean)
    folded = fold(clean)
    if len(folded) == len(clean):
        for word, kind, pattern in _WHOLE:
            match = pattern.fullmatch(folded)
            if match and _is_spelt(clean, match.start(match.lastgroup or "name"), word):
                start = match.start(match.lastgroup or "name")
                return Hamlet(kind, word, _shown_name(clean[start:]), former)
    kind = next((kind for word, kind, _, _ in _KINDS if word == default_word), HamletKind.OTHER)
    return Hamlet(kind, default_word, _shown_name(clean), former)


def _is_spelt(text: str, end: int, word: str) -> bool:
    """Tell whether the kind stands there with its own accents, or without any ("thon 1" yes, "Bàn Cờ" no)."""
    written = text[:end].lower().strip(" .:-")
    if not written.isascii():
        return written.removesuffix(" số") in (word.lower(), "tổ", "tổ dp", "đội")
    return written not in _NEEDS_ACCENT or (text.isascii() and text[end:][:1].isdigit()) or written == "ap"


def hamlet_key(text: str) -> str:
    """Return the key of a settlement's name; "" for blank text."""
    hamlet = parse_hamlet(text)
    return hamlet.key if hamlet else ""


@lru_cache(maxsize=4096)
def stored_key(name: str, former_commune: str) -> str:
    """Return the key of a register's settlement: with the former commune that is written beside its name, if any."""
    key = hamlet_key(name)
    bare = bare_commune(former_commune)
    return f"{key}@{bare}" if key and bare and "@" not in key else key


@lru_cache(maxsize=256)
def bare_commune(name: str) -> str:
    """Return a commune's name folded and without its kind: "Xã Phú Hòa" → "phu hoa"."""
    return _COMMUNE_KIND.sub("", fold(name))


def within_commune(key: str) -> str:
    """Return a settlement's key without the former commune: "thon:1@phu hoa" → "thon:1"."""
    return key.partition("@")[0]


def is_other_commune(listed: str, stored: str) -> bool:
    """Whether a list names a former commune and the register another: a household's code is none of both then."""
    return "@" in listed and "@" in stored and listed.partition("@")[2] != stored.partition("@")[2]


def known_key(key: str, known: Collection[str], *, is_vague: bool) -> str:
    """Return the key that a register has for a settlement, where only the word of its kind differs or lacks.

    Args:
        known: keys of the register's settlements.
        is_vague: the list did not say of what kind the settlement is ("1", "Bình Hòa").
    """
    if not key or key in known:
        return key
    name = key.partition(":")[2]
    same = [other for other in known if other.partition(":")[2] == name]
    if len(same) == 1 and (is_vague or same[0].startswith(f"{HamletKind.OTHER.value}:")):
        return same[0]
    return key


def is_vague(text: str) -> bool:
    """Tell whether a text names a settlement without the word of its kind: "1", "số 3", "Bình Hòa"."""
    hamlet = parse_hamlet(text)
    return hamlet is not None and not hamlet.word


def hamlet_kind(text: str) -> HamletKind:
    """Return the kind that a settlement's name tells; OTHER when it tells none."""
    hamlet = parse_hamlet(text)
    return hamlet.kind if hamlet else HamletKind.OTHER


def hamlet_display(text: str) -> str:
    """Return the full form of a settlement's name: "TDP số 2" → "Tổ dân phố số 2"."""
    hamlet = parse_hamlet(text)
    return hamlet.display if hamlet else ""


def words_of_heading(heading: str) -> list[str]:
    """Return the words of all kinds that a heading names: "Thôn/TDP" → ["Thôn", "Tổ dân phố"], in reading order."""
    plain = nfc(heading).lower()
    letters = re.findall(r"[^\W\d_]+", fold(heading) if plain.isascii() else plain)
    text = f" {' '.join(letters)} "
    places = {word: text.find(f" {match[1]} ") for word, _, full, _ in _KINDS
              if (match := re.search(rf" ({word.lower()}|{full}) ", text))}  # fmt: skip
    return sorted(places, key=lambda word: places[word])


def word_of_heading(heading: str) -> str:
    """Return the kind's word when a heading names exactly one kind ("Ấp"), else "" ("Thôn/TDP", "Địa bàn")."""
    plain = nfc(heading).lower()
    letters = re.findall(r"[^\W\d_]+", fold(heading) if plain.isascii() else plain)
    padded = f" {' '.join(letters)} "
    found = [word for word, _, full, _ in _KINDS if re.search(rf" (?:{word.lower()}|{full}) ", padded)]
    inner = {other for word in found for other in found if other != word and other.lower() in word.lower()}
    left = [word for word in found if word not in inner]
    if not found and letters in (["tổ"], ["to"]):
        return "Tổ dân phố"
    return left[0] if len(left) == 1 else ""


def find_hamlet(text: str, *, short_forms: bool = False) -> Hamlet | None:
    """Return the one settlement a running text names (a title, a section's heading); None for none or several.

    Args:
        text: "DANH SÁCH HỘ GIA ĐÌNH VÀ NHÂN KHẨU Thôn 1 NĂM 2026".
        short_forms: also take "T1", "KP3": in sheets' names, not in sentences.
    """
    clean = " ".join(nfc(text).split())
    found = {hamlet.key: hamlet for hamlet in reversed(_mentions(clean))}
    if short_forms and not found:
        for match in _GLUED.finditer(clean):
            hamlet = parse_hamlet(match.group())
            if hamlet and hamlet.word:
                found.setdefault(hamlet.key, hamlet)
    return next(iter(found.values())) if len(found) == 1 else None


@lru_cache(maxsize=4096)
def hamlets_of_address(text: str) -> tuple[Hamlet, ...]:
    """Return the settlements that an address names, the greatest first: "Xóm Đình, Thôn 1" lies in Thôn 1."""
    return tuple(reversed(_mentions(" ".join(nfc(text).split()))))


def _mentions(clean: str) -> list[Hamlet]:
    found: list[Hamlet] = []
    taken = 0
    for match in _MENTION.finditer(clean):
        hamlet = _mention(clean, match) if match.start() >= taken else None
        if hamlet:
            taken = match.end() + len(hamlet.name)
            found.append(hamlet)
    return found


def hamlet_of_sheet_name(name: str) -> Hamlet | None:
    """Return the settlement a sheet's name tells ("Thôn 1", "T1 (2)", "DS Ấp Bình Hòa"); None for "Sheet1", "1"."""
    clean = re.sub(r"\s*\(\d+\)$", "", nfc(name).replace("_", " "))
    whole = parse_hamlet(clean)
    if whole and whole.word:
        return whole
    return find_hamlet(clean, short_forms=True)


def hamlet_of_file_name(stem: str) -> Hamlet | None:
    """Return the settlement a file's name tells in words ("DS_Thon3", "Ấp Bình Hòa"); "T1" may be a month there."""
    clean = re.sub(r"(?<=[^\W\d_])(?=\d)", " ", nfc(stem).replace("_", " "))
    return find_hamlet(clean)


def _mention(text: str, match: re.Match[str]) -> Hamlet | None:
    if _NOT_BEFORE.search(text[: match.start()]):
        return None
    rest = text[match.end() :]
    stop = _STOP.search(rest)
    lower_text = text == text.lower()
    words: list[str] = []
    for word in (rest[: stop.start()] if stop else rest).split():
        lower = word.lower().strip(".")
        if len(words) >= _MAX_WORDS + (words[:1] == ["số"]) or re.fullmatch(r"\d{4}", lower):
            break
        lost_capital = word[0] in _WITHOUT_CAPITAL and lower != "ở"
        if not (lower_text or lost_capital or word[0].isupper() or word[0].isdigit() or (lower == "số" and not words)):
            break
        if not words and lower in _NOT_FIRST:
            break
        words.append(word if lower != "số" or words else "số")
        if re.fullmatch(r"\d{1,3}[a-z]?|[ivx]{1,5}", lower) and (len(words) == 1 or words[0] == "số"):
            break
    if not words or words == ["số"]:
        return None
    hamlet = parse_hamlet(f"{match[1]} {' '.join(words)}")
    return hamlet if hamlet and hamlet.word else None


def _without_commune(text: str) -> tuple[str, str]:
    former = _FORMER.search(text)
    if former and former.start() > 0:
        return text[: former.start()].rstrip(" ,-("), _place_case(former[1])
    return _IN_COMMUNE.sub("", text) or text, ""


def _shown_name(name: str) -> str:
    name = name.strip(" .,;:-")
    name = re.sub(r"^(?:số|so)\s+", "số ", name, flags=re.IGNORECASE)
    name = re.sub(r"(?<!\d)0+(?=\d)", "", name)
    return name if name.startswith("số ") else _place_case(name)


def _place_case(name: str) -> str:
    """Give letters their case where all are capitals or all small; numbers and "1A" stay."""
    letters = [c for c in name if c.isalpha()]
    if len(letters) < 2 or re.fullmatch(r"[IVX]+", name) or not (name.isupper() or name.islower()):
        return name.upper() if len(letters) == 1 and name.islower() else name
    return name_case(name)


def _name_key(name: str) -> str:
    folded = re.sub(r"[^a-z0-9' ]+", " ", fold(name)).strip()
    folded = " ".join(folded.removeprefix("so ").split())
    whole = _NUMBER_TOKEN.fullmatch(folded)
    if whole:
        return whole[1] + whole[2]
    if name.lower() in _WORD_NUMBERS:
        return str(_WORD_NUMBERS[name.lower()])
    *before, last = folded.split() or [""]
    number = _NUMBER_TOKEN.fullmatch(last)
    if number:
        last = number[1] + number[2]
    elif last in _ROMAN and (before or name.isupper()):
        last = str(_ROMAN[last])
    return " ".join([*before, last])
