"""What a heading and its cells say of titles of former years: which model, which years, by which number. Pure.

Invariants: a cell that is not understood says nothing; what was only registered, proposed or refused is no title; a
year that nobody wrote is never made up here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.models.types import LearningModel
from desktop_app.services.vietnamese import fold, nfc

FIRST_YEAR = 1990
LAST_YEAR = 2099

_WORDS: tuple[tuple[LearningModel, str], ...] = (
    (LearningModel.FAMILY, r"(?:ho )?gia dinh(?: hoc tap| ht)|g\.? ?d\.? ?(?:hoc tap|h\.? ?t)|ho hoc tap"),
    (LearningModel.CLAN, r"dong (?:ho|toc)(?: hoc tap| ht)|d\.? ?h\.? ?h\.? ?t"),
    (LearningModel.ORGANIZATION, r"don vi(?: hoc tap| ht)|d\.? ?v\.? ?(?:hoc tap|h\.? ?t)"),
    (LearningModel.COMMUNITY, r"cong dong(?: hoc tap| ht)"),
    (LearningModel.CITIZEN, r"cong dan(?: hoc tap| ht)|c\.? ?d\.? ?(?:hoc tap|h\.? ?t)"),
)
_MODEL = re.compile("|".join(rf"\b(?P<{model.value}>{words})\b" for model, words in _WORDS))
_COMMUNITY_SHORT = re.compile(r"c\.? ?đ\.? ?(?:học tập|h\.? ?t)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)(?![\d/])")
_LIST_YEAR = re.compile(r"(?<!thang \d )(?<!thang \d\d )(?<!\d )nam ((?:19|20)\d\d)\b")
_SCHOOL_YEAR = re.compile(r"\b(?:19|20)\d\d ?[-–/] ?(?:19|20)?\d\d\b")
_BEFORE = re.compile(r"\bnam (?:truoc|ngoai|lien truoc|lien ke)\b")
_WISH = re.compile(r"\b(?:dang ky|tai dang ky|dk|de nghi|de xuat|phan dau|muc tieu|du kien)\b")
_WISH_ABOVE = re.compile(r"\bdanh sach (?:\w+ ){0,7}?(?:dang ky|de nghi|de xuat|du kien)\b")
_REFUSED = re.compile(
    r"\b(?:khong|ko|chua|hong|rot|truot|k)\b(?: (?:dat|duoc|co|cong nhan))*|\b(?:chua|khong) (?:co )?danh hieu\b"
)
_NUMBER = re.compile(
    r"(?:\b(?:so(?: vao so| giay| gcn| qd| quyet dinh)?|gcn|qd|quyet dinh|giay cong nhan)\b[ .:]*(?:so\b)?[ .:]*)"
    r"([a-z0-9]*\d[a-z0-9]*(?:[/.-][a-z0-9-]+)*)"
)
_FILLER = re.compile(
    r"\b(?:da|dat|co|duoc|cong nhan|danh hieu|mo hinh|nam|va|tu|den|lien tuc|cac|x|v|yes|ok|1|ht|roi|giu vung|"
    r"theo|cua|tot|hoan thanh)\b|[^\w]+|[✓✔√]"
)
_OF_SCHOOL = re.compile(r"\bnam hoc\b(?! tap)")
_MARKS = frozenset({"x", "v", "1", "✓", "✔", "√", "+", "*", "co", "yes", "true", "y", "(x)", "ü", "dat", "d"})
_NOTHING = frozenset({"", "0", "-", "–", "—", "...", "…", "/", "o", "k", "no", "false", "kd", "n"})
_OTHER = re.compile(r"\b(?:van hoa|tien tien|thi dua|hieu hoc|tieu bieu|xuat sac|khen|lao dong|the thao)\b")


@dataclass(frozen=True, slots=True)
class TitleHeading:
    """What a heading, or what stands above a table, says of a title.

    Args:
        models: models that it names, each once.
        year: the one year that it names; None for none or several.
        is_before: speaks of "năm trước".
        is_wish: speaks of what is registered or proposed only.
        is_other: speaks of a title that is not of the learning models.
        has_years: names several years.
    """

    models: tuple[LearningModel, ...] = ()
    year: int | None = None
    is_before: bool = False
    is_wish: bool = False
    is_other: bool = False
    has_years: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """One title that a cell tells: model and year are None where only the column can say."""

    model: LearningModel | None
    year: int | None


@dataclass(frozen=True, slots=True)
class TitleCell:
    """What a cell says.

    Args:
        held: the titles; none for a blank cell and for "không đạt".
        number: of the certificate or decision; "" where the cell gives none.
        is_refused: says plainly that there is no title.
        is_unclear: says something that was not understood.
    """

    held: tuple[Held, ...] = ()
    number: str = ""
    is_refused: bool = False
    is_unclear: bool = False


@lru_cache(maxsize=1024)
def heading_of(text: str) -> TitleHeading:
    """Understand a heading: "GĐ HT 2025", "Đạt CDHT 2024", "Kết quả năm trước"."""
    folded = fold(text)
    years = tuple(dict.fromkeys(int(found) for found in _YEAR.findall(folded)))
    is_school = bool(_SCHOOL_YEAR.search(folded))
    models = tuple(dict.fromkeys(model for model, _, _ in _models(text)))
    return TitleHeading(
        models,
        years[0] if len(years) == 1 and not is_school else None,
        bool(_BEFORE.search(folded)),
        bool(_WISH.search(folded)),
        bool(_OTHER.search(folded)) and not models,
        len(years) > 1 or is_school,
    )


def above_of(titles: Iterable[str]) -> TitleHeading:
    """Understand the texts above a table together; the days of decisions are no years of a list."""
    texts = [nfc(text) for text in titles]
    folded = [fold(text) for text in texts]
    years = tuple(dict.fromkeys(int(year) for text in folded for year in _LIST_YEAR.findall(text)))
    models = tuple(dict.fromkeys(model for text in texts for model, _, _ in _models(text)))
    whole = " ".join(folded)
    return TitleHeading(
        models, years[0] if len(years) == 1 else None, bool(_BEFORE.search(whole)), bool(_WISH_ABOVE.search(whole)),
        bool(_OTHER.search(whole)) and not models, len(years) > 1,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def cell_of(text: str) -> TitleCell:
    """Understand a cell: "Đạt", "x", "2025", "Công dân học tập 2023, 2024; GĐHT 2025", "Không đạt", "Đạt, QĐ 12/QĐ"."""
    shown = nfc(text)
    folded = " ".join(fold(shown).split())
    bare = folded.strip(" .,;:()")
    if folded in _NOTHING or bare in _NOTHING or not bare.strip("-–—_…./ "):
        return TitleCell(is_refused=bare not in ("", "-", "–", "—"))
    if folded in _MARKS or bare in _MARKS:
        return TitleCell((Held(None, None),))
    if _REFUSED.search(folded) or _WISH.search(folded):
        others = _says_held(_REFUSED.sub(" ", folded))
        return TitleCell(is_refused=not others, is_unclear=others)
    if _OF_SCHOOL.search(folded):
        return TitleCell(is_unclear=True)
    number, rest = _number_of(shown, folded)
    held = _held(shown if rest == folded else rest)
    left = _FILLER.sub("", _MODEL.sub(" ", _without_years(_short_community(shown, rest))))
    if left or (not held and not _says_held(rest)):
        return TitleCell(is_unclear=True)
    return TitleCell(held or (Held(None, None),), number)


def year_of_cell(text: str) -> int | None:
    """The one year that a cell of years gives; None for none or several."""
    found = {int(year) for year in _YEAR.findall(fold(text))}
    return found.pop() if len(found) == 1 else None


def _models(text: str) -> list[tuple[LearningModel, int, int]]:
    shown = nfc(text)
    folded = _short_community(shown, fold(shown))
    return [(LearningModel(str(match.lastgroup)), match.start(), match.end()) for match in _MODEL.finditer(folded)]


def _short_community(shown: str, folded: str) -> str:
    """The folded text where "CĐHT" reads as what it says: folding would make "CDHT" of it."""
    return (
        re.sub(r"\bc\.? ?d\.? ?(?:hoc tap|h\.? ?t)\b", "cong dong hoc tap", folded) if _is_community(shown) else folded
    )


def _is_community(shown: str) -> bool:
    return bool(_COMMUNITY_SHORT.search(shown)) and not re.search(r"c\.? ?d\.? ?(?:học tập|h\.? ?t)\b", shown.lower())


def _number_of(shown: str, folded: str) -> tuple[str, str]:
    """The number of a paper in a cell as it is written there, and the folded text without it."""
    match = _NUMBER.search(folded)
    if match is None or _YEAR.fullmatch(match[1]):
        return "", folded
    rest = f"{folded[: match.start()]} {folded[match.end() :]}".strip()
    plain = " ".join(shown.split())
    same = len(plain) == len(folded)
    return (plain[match.start(1) : match.end(1)] if same else match[1].upper()), rest


def _held(text: str) -> tuple[Held, ...]:
    """Models and years from left to right: what is named first begins a group, "CDHT 2024, GĐHT 2025"."""
    folded = _short_community(text, fold(text))
    marks = [(match.start(), LearningModel(str(match.lastgroup))) for match in _MODEL.finditer(folded)]
    years: list[tuple[int, LearningModel | int]] = [(at, year) for at, year in _years_in(folded)]
    found = [item for _, item in sorted([*marks, *years], key=lambda item: item[0])]
    groups: list[list[LearningModel | int]] = []
    for item in found:
        begins = isinstance(item, LearningModel) == isinstance(found[0], LearningModel)
        if not groups or (begins and isinstance(groups[-1][-1], LearningModel) != isinstance(item, LearningModel)):
            groups.append([])
        groups[-1].append(item)
    held = [held for group in groups for held in _of_group(group)]
    return tuple(dict.fromkeys(held))


def _of_group(group: list[LearningModel | int]) -> list[Held]:
    models: list[LearningModel | None] = [item for item in group if isinstance(item, LearningModel)]
    years: list[int | None] = [item for item in group if not isinstance(item, LearningModel)]
    return [Held(model, year) for model in models or [None] for year in years or [None]]


def _years_in(folded: str) -> list[tuple[int, int]]:
    found = [(match.start(), int(match[1])) for match in re.finditer(r"(?<!\d)((?:19|20)\d\d)(?!\d)", folded)]
    spans = re.search(r"(?<!\d)((?:19|20)\d\d) ?(?:-|–|den) ?((?:19|20)\d\d)(?!\d)", folded)
    if spans is not None and 1 < int(spans[2]) - int(spans[1]) < 20:
        between = range(int(spans[1]) + 1, int(spans[2]))
        found += [(spans.start(), year) for year in between]
    return sorted(found)


def _without_years(folded: str) -> str:
    return re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", " ", folded)


def _says_held(folded: str) -> bool:
    return bool(re.search(r"\b(?:dat|co|duoc cong nhan|cong nhan|x|v)\b", folded))
