"""Checks that a criteria set can be scored: every rule that the types alone do not say. Pure.

One list of problems serves shipped files, files an office brings, and an office's own changes.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desktop_app.models.types import LearningModel, SetKind
from desktop_app.services.criteria.compare import fact_words, figure
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator, Level
from desktop_app.services.criteria.facts import FACTS

MAX_INDICATORS = 200
LONGEST = 600
"""Months that a title can stand at most."""
OLDEST = 150
"""No age that is asked for goes beyond this."""
_KEY = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the place in the file ("chỉ số 2.1 › max_score") and what is wrong there."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"

    @property
    def words(self) -> str:
        """The place in the words of the screens instead of a file's."""
        return " › ".join(_PLACE_WORDS.get(part, part) for part in self.place.split(" › "))

    @property
    def sentence(self) -> str:
        """Place and fault for the screens; what the fault names itself is not said twice."""
        place, _, last = self.words.rpartition(" › ")
        words = place if place and self.text.startswith(last) else self.words
        said = self.text if self.text.startswith(words) else f"{words}: {self.text}"
        return said[:1].upper() + said[1:]


_PLACE_WORDS = {
    "key": "khóa",
    "version": "phiên bản",
    "group": "nhóm đối tượng",
    "name": "tên",
    "title": "danh hiệu",
    "text": "nội dung",
    "code": "mã",
    "number": "số",
    "heading": "dòng báo ở đầu",
    "indicator_word": "cách gọi chỉ số",
    "indicator_abbreviation": "chữ viết tắt",
    "effective_to": "hết hiệu lực",
    "criteria": "các tiêu chí",
    "indicators": "các chỉ số",
    "prerequisites": "các điều kiện",
    "max_score": "điểm tối đa",
    "max_status": "nguồn của điểm tối đa",
    "floor": "điểm sàn",
    "pass_mark": "điểm đạt",
    "levels": "các mức điểm",
    "bands": "xếp loại",
    "validity": "danh hiệu có giá trị",
    "min": "từ điểm",
    "grades": "mức độ",
    "thresholds": "ngưỡng",
    "fact": "số liệu từ sổ",
    "fact_parameters": "tuổi của số liệu",
    "percent": "tỷ lệ",
    "answer_type": "cách trả lời",
    "issued": "ngày ban hành",
    "in_force_from": "có hiệu lực từ",
}


def find_problems(definition: CriteriaSet) -> list[Problem]:
    """Everything that keeps a set from being scored, in the order of the file; empty when it is sound."""
    rules = _points(definition) if definition.kind is SetKind.POINTS else _checklist(definition)
    return [*_identity(definition), *_rows(definition), *_facts(definition), *rules]


def find_draft_problems(definition: CriteriaSet) -> list[Problem]:
    """What is also asked of a version that is being made: names and numbers by which people tell rows apart."""
    found = find_problems(definition)
    rows: dict[str, Indicator] = {}
    for i in definition.indicators:
        if i.number.strip() and rows.setdefault(i.number.strip(), i) is not i:
            found.append(Problem(f"{_place(i)} › number", f"“{i.number}” là số của hai dòng; hãy đánh số lại"))
    found += _repeated("bands › name", (" ".join(b.name.split()).casefold() for b in definition.bands))
    return found


def _identity(d: CriteriaSet) -> Iterator[Problem]:
    if not _KEY.fullmatch(d.key):
        yield Problem("key", "chỉ gồm chữ thường không dấu, số, dấu chấm")
    if not d.version.strip() or len(d.version) > 40:
        yield Problem("version", "phải có và ngắn hơn 40 chữ")
    if (d.model is LearningModel.CITIZEN) != (d.group is not None):
        yield Problem("group", "bộ tiêu chí công dân phải ghi nhóm đối tượng, các mô hình khác thì không")
    for name in ("name", "title", "indicator_word", "indicator_abbreviation"):
        if not getattr(d, name).strip():
            yield Problem(name, "không được để trống")
    if d.needs_confirmation and not d.heading.strip():
        yield Problem("heading", "bộ tiêu chí chờ xác nhận phải có dòng báo ở đầu")
    if d.effective_from and d.effective_to and d.effective_to < d.effective_from:
        yield Problem("effective_to", "phải sau ngày bắt đầu hiệu lực")
    if d.validity and not (0 < d.validity.months <= LONGEST and 0 <= d.validity.upgrade_after_months <= LONGEST):
        yield Problem("validity", f"số tháng phải từ 1 đến {LONGEST}")
    for n, basis in enumerate(d.legal_basis, 1):
        for name in ("issued", "in_force_from"):
            value = getattr(basis, name)
            if value is not None and not _DATE.fullmatch(value):
                yield Problem(f"legal_basis {n} › {name}", "phải là 2023, 2023-10 hoặc 2023-10-25")


def _rows(d: CriteriaSet) -> Iterator[Problem]:
    if not d.indicators:
        yield Problem("criteria", "phải có ít nhất một chỉ số")
    if len(d.indicators) > MAX_INDICATORS:
        yield Problem("criteria", f"quá {MAX_INDICATORS} chỉ số")
    yield from _repeated("criteria › code", (c.code for c in d.criteria))
    yield from _repeated("indicators › code", (i.code for i in d.indicators))
    yield from _repeated("prerequisites › key", (p.key for p in d.prerequisites))
    for criterion in d.criteria:
        if not criterion.name.strip():
            yield Problem(f"tiêu chí {criterion.code} › name", "không được để trống")
    for indicator in d.indicators:
        for name in ("code", "number", "text"):
            if not getattr(indicator, name).strip():
                yield Problem(f"{_place(indicator)} › {name}", "không được để trống")


def _facts(d: CriteriaSet) -> Iterator[Problem]:
    uses = [(_place(i), i.fact, i.fact_parameters) for i in d.indicators if i.fact]
    uses += [(f"điều kiện {p.key}", p.fact, p.fact_parameters) for p in d.prerequisites]
    seen: dict[str, dict[str, int]] = {}
    for place, fact, parameters in uses:
        if fact not in FACTS:
            yield Problem(f"{place} › fact", f"chương trình không biết số liệu “{fact}”")
            continue
        for name in sorted(set(parameters) - set(FACTS[fact].parameters)):
            yield Problem(
                f"{place} › fact_parameters",
                f"số liệu “{fact_words(fact)}” không nhận {_PARAMETERS.get(name, f'“{name}”')}",
            )
        least, most = parameters.get("min_age", 0), parameters.get("max_age", OLDEST)
        if not 0 <= least <= most <= OLDEST:
            yield Problem(f"{place} › fact_parameters", f"tuổi phải từ 0 đến {OLDEST}, tuổi đầu không quá tuổi cuối")
        if seen.setdefault(fact, dict(parameters)) != dict(parameters):
            yield Problem(f"{place} › fact_parameters", f"“{fact_words(fact)}” được dùng hai lần với tuổi khác nhau")
    for place, fact, _parameters in uses:
        yield from _foreign_fact(d.model, place, fact or "")
    for p in d.prerequisites:
        if not _KEY.fullmatch(p.key.replace("_", "-")):
            yield Problem(f"điều kiện {p.key} › key", "chỉ gồm chữ thường không dấu, số, dấu chấm, gạch dưới")
        if not p.text.strip():
            yield Problem(f"điều kiện {p.key} › text", "không được để trống")
        if not 0 < p.percent <= 100:
            yield Problem(f"điều kiện {p.key} › percent", "phải trên 0 và không quá 100")
        if p.fact in FACTS and not FACTS[p.fact].is_computed:
            yield Problem(f"điều kiện {p.key} › fact", "điều kiện phải tính được từ sổ")


_PARAMETERS = {"min_age": "tuổi từ", "max_age": "tuổi đến"}


_HELD = {
    "citizens": LearningModel.CITIZEN,
    "adults": LearningModel.CITIZEN,
    "members": LearningModel.CITIZEN,
    "registered": LearningModel.CITIZEN,
    "families": LearningModel.FAMILY,
    "clans": LearningModel.CLAN,
    "communities": LearningModel.COMMUNITY,
    "organizations": LearningModel.ORGANIZATION,
}
"""Whose title a fact asks for, by the word after the dot."""


def _foreign_fact(model: LearningModel, place: str, fact: str) -> Iterator[Problem]:
    """A fact of another model cannot be counted for these subjects, and may go round in a circle.

    Facts of a set's own model only ask for titles of models below it, so that no circle can arise from them.
    """
    owner, _, rest = fact.partition(".")
    if fact not in FACTS or owner == model.value or owner not in {m.value for m in LearningModel}:
        return
    if _HELD.get(rest.partition("_")[0]) is model:
        yield Problem(f"{place} › fact", f"vòng tròn: danh hiệu này lại được tính từ chính nó qua “{fact_words(fact)}”")
    else:
        yield Problem(f"{place} › fact", f"“{fact_words(fact)}” là số liệu của mô hình khác, không tính được ở bộ này")


def _points(d: CriteriaSet) -> Iterator[Problem]:
    step = 0.5 if d.allows_half_points else 1
    if d.floor is not None and (d.floor.value < 0 or d.floor.value % step):
        yield Problem("floor", "phải từ 0 trở lên và theo đúng bước điểm của bộ")
    for i in d.indicators:
        yield from _points_row(i, step, d.floor.value if d.floor else 0)
    for c in d.criteria:
        total = sum(i.max_score or 0 for i in c.indicators)
        if c.max_score is not None and c.max_score != total:
            yield Problem(
                f"tiêu chí {c.code} › max_score",
                f"ghi {figure(c.max_score)} nhưng các dòng cộng lại là {figure(total)}",
            )
    if d.grades:
        yield Problem("grades", "mức độ chỉ dùng cho bộ tiêu chí kiểm đếm")
    if d.pass_mark is None:
        yield Problem("pass_mark", "bộ tiêu chí chấm điểm phải có điểm đạt")
    elif 0 < d.pass_mark.value < min(1, d.max_total):
        share = figure(round(100 * d.pass_mark.value, 2))
        yield Problem("pass_mark", f"đang là {figure(d.pass_mark.value)} điểm; muốn ghi {share}% thì ghi thành số điểm")
    elif not 0 < d.pass_mark.value <= d.max_total:
        yield Problem("pass_mark", f"phải trên 0 và không quá tổng điểm tối đa {figure(d.max_total)}")
    yield from _bands(d)


_MOST = {
    1: "phải là số nguyên từ 1 đến 1000; muốn có nửa điểm thì bộ phải cho nửa điểm",
    0.5: "phải từ 0,5 đến 1000, lẻ thì chỉ lẻ nửa điểm",
}


def _points_row(i: Indicator, step: float, floor: float) -> Iterator[Problem]:
    place = _place(i)
    if i.answer_type is not AnswerType.POINTS:
        yield Problem(f"{place} › answer_type", "bộ tiêu chí chấm điểm thì mọi dòng trả lời bằng điểm")
    elif i.max_score is None or i.max_score <= 0 or i.max_score % step or i.max_score > 1000:
        yield Problem(f"{place} › max_score", _MOST[step])
    elif i.max_status is None:
        yield Problem(f"{place} › max_status", "điểm tối đa phải ghi rõ lấy từ đâu")
    elif floor > i.max_score:
        yield Problem(
            f"{place} › floor", f"điểm sàn {figure(floor)} cao hơn điểm tối đa {figure(i.max_score)} của dòng này"
        )
    elif i.levels:
        yield from _levels(place, i.levels, i.max_score)


def _levels(place: str, levels: tuple[Level, ...], top: float) -> Iterator[Problem]:
    yield from _repeated(f"{place} › levels", (level.key for level in levels))
    for level in levels:
        if level.max > top:
            yield Problem(
                f"{place} › levels › {level.key}", f"đến {figure(level.max)} là vượt quá điểm tối đa {figure(top)}"
            )
        if not level.key.strip() or not level.name.strip():
            yield Problem(f"{place} › levels › {level.key}", "phải có ký hiệu và tên")
    ordered = sorted(levels, key=lambda level: (level.min, level.max))
    if ordered[0].min != 0 or ordered[-1].max < top:
        yield Problem(f"{place} › levels", f"các mức phải phủ từ 0 đến {figure(top)}")
    for low, high in itertools.pairwise(ordered):
        if not low.max < high.min <= low.max + 1:
            yield Problem(f"{place} › levels", f"mức {low.key} và mức {high.key} chồng nhau hoặc hở")
    for level in levels:
        if level.min > level.max:
            yield Problem(f"{place} › levels › {level.key}", "điểm đầu mức lớn hơn điểm cuối mức")


def _bands(d: CriteriaSet) -> Iterator[Problem]:
    if not d.bands:
        return
    for band in d.bands:
        if not _KEY.fullmatch(band.key) or not band.name.strip():
            yield Problem(f"bands › {band.key}", "phải có tên, khóa chỉ gồm chữ thường không dấu và số")
    yield from _repeated("bands › key", (b.key for b in d.bands))
    yield from _repeated("bands › min", (f"{b.min:g}" for b in d.bands))
    if d.pass_mark and min(b.min for b in d.bands) > d.pass_mark.value:
        yield Problem("bands", "mức xếp loại thấp nhất phải bắt đầu từ điểm đạt")
    if max(b.min for b in d.bands) > d.max_total:
        yield Problem("bands", "có mức xếp loại cao hơn tổng điểm tối đa")


def _checklist(d: CriteriaSet) -> Iterator[Problem]:
    numbers = [g.number for g in d.grades]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        yield Problem("grades", "phải có các mức độ 1, 2, … theo thứ tự")
    if d.pass_mark or d.floor or d.bands or d.allows_half_points:
        yield Problem("pass_mark", "bộ tiêu chí kiểm đếm không có điểm đạt, điểm sàn, xếp loại hay nửa điểm")
    for i in d.indicators:
        if i.answer_type is AnswerType.POINTS or i.max_score is not None:
            yield Problem(
                f"{_place(i)} › answer_type",
                "bộ tiêu chí kiểm đếm không chấm điểm: trả lời đạt hay chưa, hoặc tỷ lệ",
            )
        elif i.answer_type is AnswerType.PERCENT:
            yield from _thresholds(i, set(numbers))
        elif i.thresholds:
            yield Problem(f"{_place(i)} › thresholds", "chỉ tiêu trả lời có hoặc không thì không có ngưỡng")


def _thresholds(i: Indicator, grades: set[int]) -> Iterator[Problem]:
    place = f"{_place(i)} › thresholds"
    yield from _repeated(place, (str(t.grade) for t in i.thresholds))
    ordered = sorted(i.thresholds, key=lambda t: t.grade)
    if not ordered or ordered[0].grade != 1 or not {t.grade for t in ordered} <= grades:
        yield Problem(place, "phải có ngưỡng của mức độ 1, và chỉ của các mức độ có trong bộ")
    if any(not 0 < t.percent <= 100 for t in ordered):
        yield Problem(place, "ngưỡng phải trên 0 và không quá 100")
    if any(a.percent > b.percent for a, b in itertools.pairwise(ordered)):
        yield Problem(place, "mức độ cao không được đòi ít hơn mức độ thấp")
    if not i.fact:
        yield Problem(f"{_place(i)} › fact", "tỷ lệ phải nói rõ tính trên ai")


def _repeated(place: str, values: Iterable[str]) -> Iterator[Problem]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Problem(place, f"“{value}” lặp lại")


def _place(indicator: Indicator) -> str:
    return f"chỉ số {indicator.code}"
