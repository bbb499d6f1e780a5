"""Which column means what: by its heading, checked and completed by what stands in it; a person has the last word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from desktop_app.services.importing.fields import (
    FIELD_TITLES,
    REPEATABLE,
    Field,
    field_of_path,
    heading_key,
    plain_number_code,
)
from desktop_app.services.importing.hamlets import parse_hamlet
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.words import (
    ETHNIC_GROUPS,
    SURNAMES,
    is_blank_mark,
    is_ditto,
    is_known_relation,
    is_mark,
    is_total,
    poverty_of,
    sex_of_word,
)
from desktop_app.services.vietnamese import fold, nfc, parse_cccd, parse_date, parse_phone

_LOOK_AT = 4000
_SAMPLE = 150
_FEW = 5
_CONTRADICTS = 0.15
_FITS = 0.7
_NEARLY_ALL = 0.9
CCCD_LENGTH = 12
_SOME_TICKS = 0.25
_CODE = re.compile(r"(?!ho\b)[a-z]+[ ./_-]?\d+(?:[ ./_-]?[a-z\d]+)*|\d{1,4}[./_-]\d{2,6}[a-z]?")
_ADDRESS = re.compile(r"^(?:so (?:nha )?|sn )?\d+[a-z]?(?:/\d+[a-z]?)*,? [a-z]|^(?:duong|hem|ngo|ngach|kiet) |, ")
_JOB = re.compile(
    r"(?:nong dan|lam (?:nong|ruong|ray|vuon)|cong nhan|cong chuc|can bo|vien chuc|giao vien|hoc sinh|sinh vien|"
    r"buon ban|kinh doanh|noi tro|huu tri|gia yeu|tho |lao dong|bo doi|bac si|y ta|y si|con nho|lai xe|tu do)"
)
_WORD_FIRST = re.compile(r"[^\W\d_]{2,}\W+\w")
_OF_MEN = re.compile(r"\bnam\b")
_OF_WOMEN = re.compile(r"\bnữ\b")
_BIRTHS = frozenset({Field.BIRTH, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.BIRTH_YEAR})
_PEOPLE = (Field.NAME, Field.HEAD_NAME)
_SPOUSE = re.compile(r"\b(?:vo|chong)\b")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The meaning of each column of a sheet, by position.

    Args:
        codes: (position, number of the indicator) of the score columns whose indicator a person has chosen.
    """

    fields: tuple[Field, ...]
    codes: tuple[tuple[int, str], ...] = ()

    def with_column(self, index: int, field: Field, code: str = "") -> ColumnMapping:
        """Return the mapping with one column's meaning changed; a column that had it loses it (but repeatable ones).

        Args:
            code: number of the indicator whose scores they are; "" leaves that to the heading.
        """
        fields = [Field.IGNORE if old is field and field not in REPEATABLE else old for old in self.fields]
        fields.extend([Field.IGNORE] * (index + 1 - len(fields)))
        fields[index] = field
        codes = [(at, of) for at, of in self.codes if at != index and of != code]
        return ColumnMapping(tuple(fields), (*codes, (index, code)) if code else tuple(codes))

    def code_of(self, index: int) -> str:
        """The number of the indicator that a person chose for a column; "" where nobody did."""
        return next((code for at, code in self.codes if at == index), "")

    def has(self, *fields: Field) -> bool:
        """Tell whether any of these meanings has a column."""
        return any(field in self.fields for field in fields)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A proposed mapping, and the columns whose heading their content contradicts: (column, what the content is)."""

    mapping: ColumnMapping
    by_content: tuple[tuple[int, Field], ...] = ()


def propose_mapping(paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int) -> Mapped:
    """Propose what each column means.

    Args:
        paths: for each column its heading cells from top to bottom.
        columns: the sheet by columns, clean.
        start: first row below the heading.
    """
    samples = [_sample(column, start, path) for column, path in zip(columns, paths, strict=True)]
    fields: list[Field | None] = [field_of_path(path) for path in paths]
    for index, sample in enumerate(samples):
        fields[index] = _settled(fields[index], sample)
    _name_flat_births(fields, paths)
    _tell_sexed_births(fields, paths)
    _tell_codes(fields, paths, samples)
    _tell_hamlets(fields, samples)
    _tell_poor_marks(fields, paths, samples)
    _number_scores(fields, paths, samples)
    _split_names(fields, paths, samples)
    moved = _swap_contradictions(fields, samples)
    _one_each(fields, samples)
    _fill_by_content(fields, paths, samples)
    mapping = ColumnMapping(tuple(field or Field.IGNORE for field in fields))
    return Mapped(mapping, tuple(moved))


def other_people(
    paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping
) -> tuple[int, ...]:
    """Return columns that hold names of further people, beside the one whom each row is about ("Họ tên vợ").

    A column whose people mostly have rows of their own loses nobody; names of parents or officers are not meant.
    """
    own: set[str] | None = None
    found: list[int] = []
    for index, path in enumerate(paths):
        if mapping.fields[index] is not Field.IGNORE or not path:
            continue
        key = heading_key(" ".join(path))
        if field_of_path(path) not in _PEOPLE and not _SPOUSE.search(key):
            continue
        names = [value for value in columns[index][start:] if _is_full_name(value)]
        if not names:
            continue
        own = _own_people(columns, start, mapping) if own is None else own
        if sum(fold(str(value)) in own for value in names) < len(names) / 2:
            found.append(index)
    return tuple(found)


def _own_people(columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping) -> set[str]:
    """Return the folded names of those whom the rows are about."""
    return {
        fold(str(value))
        for field, column in zip(mapping.fields, columns, strict=False)
        if field in _PEOPLE
        for value in column[start:]
    }


def describe(field: Field) -> str:
    """Return how a meaning is named in sentences."""
    return FIELD_TITLES[field].lower()


def _sample(column: Sequence[CellValue], start: int, path: Sequence[str]) -> list[CellValue]:
    """Return some of a column's filled values, spread over its first thousands of rows, without repeated headings."""
    filled = [value for value in islice(column, start, start + _LOOK_AT) if value != "" and value not in path]
    some = filled[:: max(1, len(filled) // _SAMPLE)]
    return [value for value in some if not (type(value) is str and is_total(value))]


def _settled(field: Field | None, sample: Sequence[CellValue]) -> Field | None:
    """Let the content decide between two meanings that share one heading."""
    if not sample:
        return field
    if field in (Field.MALE_MARK, Field.FEMALE_MARK) and _share(sample, _is_birth) > 0.5:
        return Field.BIRTH_MALE if field is Field.MALE_MARK else Field.BIRTH_FEMALE
    if field in (Field.BIRTH_MALE, Field.BIRTH_FEMALE) and _share(sample, _is_tick) > 0.5:
        return Field.MALE_MARK if field is Field.BIRTH_MALE else Field.FEMALE_MARK
    if field is Field.HEAD_NAME and _share(sample, _is_tick) > _SOME_TICKS:  # names below it may be signatures
        return Field.HEAD_MARK
    if field in (Field.POOR_MARK, Field.NEAR_POOR_MARK) and _share(sample, _says_poverty) > 0.5:
        return Field.POVERTY
    if field is Field.GROUP and _share(sample, _says_poverty) > 0.5:
        return Field.POVERTY
    if field is Field.ORGANIZATION and _share(sample, _is_hamlet) > _FITS:
        return Field.HAMLET
    if field is Field.PHONE and _share(sample, _is_ethnic) > 0.5:
        return Field.ETHNICITY
    if field is Field.ETHNICITY and _share(sample, _is_phone) > 0.5:
        return Field.PHONE
    return field


def _name_flat_births(fields: list[Field | None], paths: Sequence[Sequence[str]]) -> None:
    """Understand "Ngày", "Tháng", "Năm" beside each other, without a heading above, as the parts of the birth."""
    if _BIRTHS & set(fields):
        return
    leaves = [nfc(path[0]).lower() if len(path) == 1 else "" for path in paths]
    for index in range(len(leaves) - 2):
        if tuple(leaves[index : index + 3]) == ("ngày", "tháng", "năm"):
            fields[index : index + 3] = [Field.BIRTH_DAY, Field.BIRTH_MONTH, Field.BIRTH_YEAR]
            return


def _tell_sexed_births(fields: list[Field | None], paths: Sequence[Sequence[str]]) -> None:
    """Understand two columns of births as men's and women's where their headings say so: "Ngày sinh (Nam)"."""
    births = [index for index, field in enumerate(fields) if field is Field.BIRTH]
    shown = {index: nfc(" ".join(paths[index])).lower() for index in births}
    men = [index for index in births if _OF_MEN.search(shown[index])]
    women = [index for index in births if _OF_WOMEN.search(shown[index])]
    if len(men) == len(women) == 1 and men != women:
        fields[men[0]], fields[women[0]] = Field.BIRTH_MALE, Field.BIRTH_FEMALE


def _tell_codes(
    fields: list[Field | None], paths: Sequence[Sequence[str]], samples: Sequence[Sequence[CellValue]]
) -> None:
    """Understand "Hộ số" or "Số hộ" over codes such as TA-001 as the household's code, where no column is it."""
    if Field.HOUSEHOLD_CODE in fields:
        return
    for index, field in enumerate(fields):
        is_vague = field is Field.HOUSEHOLD_NO and heading_key(" ".join(paths[index])) in ("ho so", "so ho", "ho")
        if is_vague and _share(samples[index], _is_code) > _FITS:
            fields[index] = Field.HOUSEHOLD_CODE
            return


def _tell_hamlets(fields: list[Field | None], samples: Sequence[Sequence[CellValue]]) -> None:
    """Of two columns of addresses understand the one that holds settlements only ("Nơi ở (thôn)") as that of hamlets.

    An address alone stays one: its settlements are found in it anyway.
    """
    addresses = [index for index, field in enumerate(fields) if field is Field.ADDRESS and samples[index]]
    if Field.HAMLET in fields or len(addresses) < 2:
        return
    hamlets = [index for index in addresses if _share(samples[index], _is_hamlet) > _NEARLY_ALL]
    if hamlets and len(hamlets) < len(addresses):
        fields[hamlets[0]] = Field.HAMLET


def _tell_poor_marks(
    fields: list[Field | None], paths: Sequence[Sequence[str]], samples: Sequence[Sequence[CellValue]]
) -> None:
    """Understand ticks below "Diện hộ", "Nghèo" as the mark of poor households; the tick itself names no status."""
    if Field.POOR_MARK in fields:
        return
    for index, field in enumerate(fields):
        leaf = heading_key(paths[index][-1]) if field is Field.POVERTY and paths[index] else ""
        if "ngheo" in leaf and "can ngheo" not in leaf and _share(samples[index], _is_tick) > 0.5:
            fields[index] = Field.POOR_MARK
            return


def _number_scores(
    fields: list[Field | None], paths: Sequence[Sequence[str]], samples: Sequence[Sequence[CellValue]]
) -> None:
    """Understand columns headed 1, 2, 3 … over small numbers as scores, where there are several of them."""
    columns = [
        index
        for index, path in enumerate(paths)
        if path and fields[index] in (None, Field.SCORE) and (plain_number_code(path[-1]) or fields[index])
    ]
    if len(columns) >= 3 and all(_share(samples[index], _is_score) > 0.5 for index in columns if samples[index]):
        for index in columns:
            fields[index] = Field.SCORE


def _split_names(
    fields: list[Field | None], paths: Sequence[Sequence[str]], samples: Sequence[Sequence[CellValue]]
) -> None:
    """Understand names kept in two columns: "Họ đệm" and "Tên", or "Họ và tên" merged over both."""
    for index in range(len(fields) - 1):
        if fields[index] is not Field.NAME or not samples[index]:
            continue
        beside, sample = fields[index + 1], samples[index + 1]
        is_merged = beside is Field.NAME and paths[index] == paths[index + 1] and bool(sample)
        is_unnamed = beside is None and not paths[index + 1] and _is_given_column(sample)
        if is_merged or is_unnamed:
            fields[index], fields[index + 1] = Field.FAMILY_NAME, Field.GIVEN_NAME
    if Field.FAMILY_NAME in fields:
        family = fields.index(Field.FAMILY_NAME)
        given = [i for i, field in enumerate(fields) if field is Field.NAME and i > family]
        if given and Field.GIVEN_NAME not in fields:
            fields[given[0]] = Field.GIVEN_NAME
    if Field.MIDDLE_NAME in fields and Field.FAMILY_NAME not in fields:
        fields[fields.index(Field.MIDDLE_NAME)] = Field.IGNORE
    if Field.FAMILY_NAME in fields and Field.GIVEN_NAME not in fields:
        fields[fields.index(Field.FAMILY_NAME)] = Field.NAME if Field.NAME not in fields else Field.IGNORE


def _is_given_column(sample: Sequence[CellValue]) -> bool:
    words = [value for value in sample if isinstance(value, str) and value.isalpha() and value[0].isupper()]
    return len(sample) >= _FEW and len(words) > 0.8 * len(sample)


def _swap_contradictions(fields: list[Field | None], samples: Sequence[Sequence[CellValue]]) -> list[tuple[int, Field]]:
    """Where a column holds nothing of what its heading says, believe what is in it, if that is clear."""
    wrong = [
        index
        for index, field in enumerate(fields)
        if field in _CHECKS and len(samples[index]) >= _FEW and _share(samples[index], _CHECKS[field]) < _CONTRADICTS
    ]
    moved: list[tuple[int, Field]] = []
    for index in wrong:
        content = _content_of(samples[index])
        free = content is not None and all(other in wrong for other, field in enumerate(fields) if field is content)
        if content is not None and free:
            moved.append((index, content))
    for index, content in moved:
        for other, field in enumerate(fields):
            if field is content and other not in {at for at, _ in moved}:
                fields[other] = None
        fields[index] = content
    return moved


def _one_each(fields: list[Field | None], samples: Sequence[Sequence[CellValue]]) -> None:
    """Leave a meaning to one column: the one whose content fits best, then the fullest, then the first."""
    for field in {field for field in fields if field is not None and field not in REPEATABLE}:
        columns = [index for index, other in enumerate(fields) if other is field]
        if len(columns) < 2:
            continue
        check = _CHECKS.get(field)

        def worth(index: int, check: Callable[[CellValue], bool] | None = check) -> tuple[float, int]:
            return (round(_share(samples[index], check), 1) if check else 0.0, min(len(samples[index]), _SAMPLE // 2))

        best = max(columns, key=lambda index: (worth(index), -index))
        if field is Field.CCCD:
            best = max(columns, key=lambda index: (_share(samples[index], _is_long_number), worth(index), -index))
        for index in columns:
            if index != best and field is Field.CCCD and Field.OLD_NUMBER not in fields:
                fields[index] = Field.OLD_NUMBER
            elif index != best:
                fields[index] = Field.HOUSEHOLD_NO if _is_second_number(field, fields, samples[index]) else Field.IGNORE


def _is_second_number(field: Field, fields: Sequence[Field | None], sample: Sequence[CellValue]) -> bool:
    return field is Field.SEQUENCE and bool(sample) and Field.HOUSEHOLD_NO not in fields


def _fill_by_content(
    fields: list[Field | None], paths: Sequence[Sequence[str]], samples: Sequence[Sequence[CellValue]]
) -> None:
    """Give columns without an understood heading the meaning their content shows, where no column has it yet."""
    for index, sample in enumerate(samples):
        if fields[index] is not None or len(sample) < (_FEW if any(paths) else 1):
            continue
        content = _content_of(sample) or (None if any(paths) else _unheaded_content(sample))
        if content is None or content in fields or _has_births(content, fields):
            continue
        if content is Field.NAME and {Field.FAMILY_NAME, Field.HEAD_NAME} & set(fields):
            continue
        if content is Field.HAMLET and not _are_places(sample):
            continue
        fields[index] = content


def _are_places(sample: Sequence[CellValue]) -> bool:
    """Tell settlements from running numbers ("X1", "X2" … under "Mã cũ"): they come again, or are written in words."""
    in_words = sum(isinstance(value, str) and _WORD_FIRST.match(value) is not None for value in sample)
    return 2 * len(set(sample)) <= len(sample) or 2 * in_words > len(sample)


def _has_births(content: Field, fields: Sequence[Field | None]) -> bool:
    births = {Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.BIRTH_YEAR}
    return content is Field.BIRTH and bool(births & set(fields))


def _content_of(sample: Sequence[CellValue]) -> Field | None:
    for field, check in _BY_CONTENT:
        if _share(sample, check) >= _FITS:
            return field
    return None


def _unheaded_content(sample: Sequence[CellValue]) -> Field | None:
    """Return what only a list without any heading is read for: under a heading these could be anything."""
    return next((field for field, check, least in _UNHEADED if _share(sample, check) >= least), None)


def _share(sample: Sequence[CellValue], check: Callable[[CellValue], bool]) -> float:
    told = [value for value in sample if not (isinstance(value, str) and (is_ditto(value) or is_blank_mark(value)))]
    return sum(map(check, told)) / len(told) if told else 0.0


def _is_name(value: CellValue) -> bool:
    if not isinstance(value, str) or any(character.isdigit() for character in value):
        return False
    return 1 <= len(value.split()) <= 8 and len(value) <= 80


def _is_score(value: CellValue) -> bool:
    try:
        return 0 <= float(str(value).replace(",", ".")) <= 100
    except ValueError:
        return False


def _is_full_name(value: CellValue) -> bool:
    if not _is_name(value) or not isinstance(value, str):
        return False
    words = fold(value).replace("'", " ").split()
    return 2 <= len(words) <= 7 and words[0] in SURNAMES and value[:1].isupper()


def _is_birth(value: CellValue) -> bool:
    result = parse_date(value)
    return result.value is not None or result.error == "impossible_date"


def _is_cccd(value: CellValue) -> bool:
    result = parse_cccd(value)
    return result.value is not None or result.error == "digits_lost"


def _is_long_number(value: CellValue) -> bool:
    found = parse_cccd(value).value
    return found is not None and len(found) == CCCD_LENGTH


def _is_phone(value: CellValue) -> bool:
    return parse_phone(value).value is not None


def _is_sex(value: CellValue) -> bool:
    return isinstance(value, str) and sex_of_word(value) is not None


def _is_relation(value: CellValue) -> bool:
    return isinstance(value, str) and is_known_relation(value)


def _is_hamlet(value: CellValue) -> bool:
    if not isinstance(value, str) or len(value) > 40:
        return False
    hamlet = parse_hamlet(value)
    return hamlet is not None and hamlet.word != ""


def _is_code(value: CellValue) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(fold(value)) is not None


def _is_plain_code(value: CellValue) -> bool:
    return _is_code(value) and parse_date(value).value is None and not _is_phone(value)


def _is_address(value: CellValue) -> bool:
    return isinstance(value, str) and "\n" not in value and _ADDRESS.search(fold(value)) is not None


def _is_job(value: CellValue) -> bool:
    return isinstance(value, str) and _JOB.match(fold(value)) is not None


def _is_ethnic(value: CellValue) -> bool:
    return isinstance(value, str) and fold(value).replace("’", "'") in ETHNIC_GROUPS


def _is_tick(value: CellValue) -> bool:
    return is_mark(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))


def _says_poverty(value: CellValue) -> bool:
    return isinstance(value, str) and not is_mark(value) and poverty_of(value) is not None


_CHECKS: dict[Field | None, Callable[[CellValue], bool]] = {
    Field.NAME: _is_name,
    Field.HEAD_NAME: _is_name,
    Field.BIRTH: _is_birth,
    Field.CCCD: _is_cccd,
    Field.PHONE: _is_phone,
    Field.SEX: _is_sex,
    Field.RELATION: _is_relation,
}
_UNHEADED: tuple[tuple[Field, Callable[[CellValue], bool], float], ...] = (
    (Field.HOUSEHOLD_CODE, _is_plain_code, 0.7),
    (Field.ADDRESS, _is_address, 0.7),
    (Field.OCCUPATION, _is_job, 0.5),
)
_BY_CONTENT: tuple[tuple[Field, Callable[[CellValue], bool]], ...] = (
    (Field.SEX, _is_sex),
    (Field.RELATION, _is_relation),
    (Field.ETHNICITY, _is_ethnic),
    (Field.POVERTY, _says_poverty),
    (Field.HAMLET, _is_hamlet),
    (Field.NAME, _is_full_name),
    (Field.CCCD, _is_cccd),
    (Field.PHONE, _is_phone),
    (Field.BIRTH, _is_birth),
)
