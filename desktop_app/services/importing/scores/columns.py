"""Which columns of a sheet hold scores, and of which indicator each is: by number, by wording, else by place.

Invariant: a column is a score only where its heading names an indicator and its cells can be scores; a list of people
whose headings are merely numbered stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.fields import (
    Field,
    field_of_heading,
    field_of_path,
    heading_key,
    plain_number_code,
    score_code,
)
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.preview import CellValue, ScoreColumn, column_letter
from desktop_app.services.importing.scores.sides import Sides, one_side
from desktop_app.services.importing.scores.sums import adding_up, is_numeric, without_subtotals
from desktop_app.services.importing.scores.words import (
    VERDICT_HEADINGS,
    is_marked,
    is_short_name,
    is_short_wording,
    is_wording,
    label_code,
    model_of_texts,
    number_code,
    score_of,
)

SUBJECTS = (Field.NAME, Field.FAMILY_NAME, Field.HEAD_NAME, Field.CLAN, Field.ORGANIZATION, Field.HAMLET)
"""A sheet of scores says in one of these columns whom a row is about."""
_NEVER_WORDS = frozenset({*SUBJECTS, Field.BIRTH, Field.CCCD, Field.GROUP, Field.TOTAL, Field.SEQUENCE})
_LOOK_AT = 400
_MOSTLY = 0.6
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The mapping with its columns of scores, and which of several scores of one indicator was taken."""

    mapping: ColumnMapping
    taken: str = ""
    left: tuple[str, ...] = ()


def with_score_columns(
    paths: Sequence[Sequence[str]],
    columns: Sequence[Sequence[CellValue]],
    start: int,
    mapping: ColumnMapping,
    *,
    titles: Sequence[str] = (),
    is_turned: bool = False,
) -> Found:
    """The mapping with every column of scores understood as one; the mapping itself where there are none."""
    mapping = _with_heads(paths, mapping, titles)
    if not is_turned and not mapping.has(*SUBJECTS) and model_of_texts(tuple(titles)) is not LearningModel.COMMUNE:
        return Found(mapping)
    found = _headed(paths, columns, start, mapping)
    if len(found) < 2:
        found = set(adding_up(paths, columns, start, mapping.fields, titles))
    if len(found) < 2:
        return Found(mapping)
    found |= {index for index, field in enumerate(mapping.fields) if field is Field.SCORE}
    codes = {index: _code_of(paths[index]) for index in sorted(found)}
    kept = without_subtotals(codes, columns, start)
    sides = one_side(paths, kept)
    fields = list(mapping.fields)
    lost = {fields[index] for index in found} - {Field.SCORE, Field.IGNORE}
    for index in found:
        fields[index] = Field.SCORE if index in sides.kept else Field.IGNORE
    for field in lost - set(fields):
        again = [
            at for at, path in enumerate(paths)
            if fields[at] is Field.IGNORE and field_of_path(path) is field and not _is_total(path)
        ]  # fmt: skip
        if again:
            fields[again[0]] = field
    if sides.left:
        _take_total(fields, paths, sides)
    return Found(ColumnMapping(tuple(fields)), sides.taken, sides.left)


_HEADS = ("ho gia dinh", "ten ho", "ten ho gia dinh", "gia dinh", "ten gia dinh", "chu gia dinh")


def _with_heads(paths: Sequence[Sequence[str]], mapping: ColumnMapping, titles: Sequence[str]) -> ColumnMapping:
    """A list of families may call its column of heads "Hộ gia đình"."""
    if mapping.has(*SUBJECTS[:3]) or model_of_texts(tuple(titles)) is not LearningModel.FAMILY:
        return mapping
    found = (index for index, path in enumerate(paths) if path and heading_key(path[-1]) in _HEADS)
    index = next(found, None)
    return mapping if index is None else mapping.with_column(index, Field.HEAD_NAME)


def _headed(
    paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping
) -> set[int]:
    """The columns whose headings name indicators, and whose cells can be scores."""
    kinds: dict[str, list[int]] = {"sure": [], "maybe": [], "words": []}
    fields, unknown, odd = mapping.fields, [], []
    for index, path in enumerate(paths):
        kind = _heading_kind(path, fields[index]) if path else ""
        if kind == "words" and not is_short_name(path[-1]) and not is_numeric(columns[index][start:], 0.5):
            continue
        if kind and _holds_scores(columns[index], start, path):
            kinds[kind].append(index)
        elif kind == "sure" and label_code(path[-1]):
            odd.append(index)
        elif fields[index] is Field.IGNORE and (not path or field_of_path(path) is None):
            unknown.append(index)
    maybe, words = kinds["maybe"], kinds["words"]
    if len(maybe) < _FEWEST <= len(kinds["sure"]):
        maybe = [index for index in maybe if is_short_wording(paths[index][-1])]
    elif len(maybe) < _FEWEST or any(of is Field.RELATION for at, of in enumerate(fields) if at not in maybe):
        maybe = []
    if len(words) + len(kinds["sure"]) < _FEWEST:
        words = []
    found = {*kinds["sure"], *maybe, *words}
    if len(kinds["sure"]) >= _FEWEST:  # words where scores are due refuse their rows rather than being left out
        codes = {_code_of(paths[index]) for index in found}
        found.update(index for index in odd if _code_of(paths[index]) not in codes)
    if words:  # what stands among them may be an indicator too: its rows are refused rather than taken in part
        among = [index for index in unknown if min(found) < index < max(found)]
        found |= {index for index in among if is_numeric(columns[index][start:])}
    return found


def _take_total(fields: list[Field], paths: Sequence[Sequence[str]], sides: Sides) -> None:
    """The total that belongs to the scores that were taken: headed as they are, else the next to their right."""
    totals = [index for index, path in enumerate(paths) if _is_total(path)]
    named = [index for index in totals if sides.taken and sides.taken in paths[index]]
    after = [index for index in totals if index > max(sides.kept)]
    if chosen := (named or after)[:1]:
        for index in totals:
            fields[index] = Field.TOTAL if index in chosen else Field.IGNORE


def _is_total(path: Sequence[str]) -> bool:
    return any(field_of_heading(part) is Field.TOTAL for part in path)


def _heading_kind(path: Sequence[str], field: Field) -> str:
    leaf = path[-1]
    if is_wording(leaf) or score_code(leaf):
        return "sure"
    code = label_code(leaf)
    if code and not leaf.strip()[0].isdigit() and leaf.strip()[0] != "(":
        return "sure"
    if number_code(leaf):
        return "maybe"
    if code and field in (Field.IGNORE, Field.SCORE):
        return "maybe"
    if field in (Field.IGNORE, Field.SCORE, Field.HAMLET) and any(score_code(part) for part in path[:-1]):
        return "sure"
    is_result = heading_key(leaf) in VERDICT_HEADINGS
    return "words" if field not in _NEVER_WORDS and not is_result and is_short_wording(leaf) else ""


def _holds_scores(column: Sequence[CellValue], start: int, path: Sequence[str]) -> bool:
    filled = [value for value in islice(column, start, start + _LOOK_AT) if value != "" and value not in path]
    if not filled:
        return True
    fitting = sum(
        (found := score_of(value)).is_met is not None or found.is_dash or _is_low(found.value) for value in filled
    )
    return fitting >= _MOSTLY * len(filled)


def _is_low(value: float | None) -> bool:
    return value is not None and value <= 100


def score_columns(
    paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping
) -> tuple[ScoreColumn, ...]:
    """The score columns with their codes; places instead where two would have one code.

    An indicator that a person chose for a column is no other column's, whatever the headings say.
    """
    found = [index for index, field in enumerate(mapping.fields) if field is Field.SCORE and index < len(columns)]
    chosen = dict(mapping.codes)
    codes = [_code_of(paths[index] if index < len(paths) else ()) for index in found]
    taken = set(chosen.values())
    codes = [chosen.get(index) or (None if code in taken else code) for index, code in zip(found, codes, strict=True)]
    numbered = [code for code in codes if code]
    is_clear = len(set(numbered)) == len(numbered)
    titles = [paths[index][-1] if index < len(paths) and paths[index] else "" for index in found]
    return tuple(
        ScoreColumn(
            index, code if code and (is_clear or index in chosen) else f"#{place}", title, column_letter(index),
            _is_share(columns[index][start:]), index in chosen,
        )
        for place, (index, code, title) in enumerate(zip(found, codes, titles, strict=True), start=1)
    )  # fmt: skip


def _code_of(path: Sequence[str]) -> str | None:
    """The number of a column's indicator: in its own heading, else, where that names none, in the one above."""
    if not path:
        return None
    leaf = path[-1]
    code = score_code(leaf) or plain_number_code(leaf) or label_code(leaf) or number_code(leaf)
    if code or is_wording(leaf) or is_short_wording(leaf):
        return code
    above = next((code for part in reversed(path[:-1]) if (code := score_code(part) or label_code(part))), None)
    return above or score_code(" ".join(path))


def _is_share(column: Sequence[CellValue]) -> bool:
    numbers = [float(value) for value in column if isinstance(value, int | float) and not isinstance(value, bool)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < value < 1 for value in numbers)


def verdict_column(
    paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping
) -> int | None:
    """The column that says of each form whether it passed, or None."""
    for index in range(len(mapping.fields) - 1, -1, -1):
        if index >= len(paths) or not paths[index] or mapping.fields[index] not in (Field.IGNORE, Field.LAST_TITLE):
            continue
        if heading_key(paths[index][-1]) in VERDICT_HEADINGS:
            filled = [value for value in islice(columns[index], start, start + _LOOK_AT) if value != ""]
            if filled and sum(map(is_marked, filled)) >= _MOSTLY * len(filled):
                return index
    return None
