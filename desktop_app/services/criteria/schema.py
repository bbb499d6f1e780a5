"""The edge where criteria files become dataclasses: pydantic checks the types, ``checks`` the rules.

Whatever is wrong with a file comes out as one UserError naming the file and the place; nothing half read gets in.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from desktop_app.services.criteria.checks import Problem, find_problems
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.errors import UserError

MAX_BYTES = 2_000_000

_TYPE_TEXT = {
    "missing": "thiếu mục này",
    "unexpected_keyword_argument": "chương trình không biết mục này",
    "extra_forbidden": "chương trình không biết mục này",
    "bool_type": "phải là true hoặc false",
    "float_type": "phải là số",
    "int_type": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "finite_number": "phải là số hữu hạn",
    "string_type": "phải là chữ",
    "tuple_type": "phải là danh sách",
    "list_type": "phải là danh sách",
    "dict_type": "phải là một nhóm mục { … }",
    "mapping_type": "phải là một nhóm mục { … }",
    "dataclass_type": "phải là một nhóm mục { … }",
    "model_type": "phải là một nhóm mục { … }",
    "model_attributes_type": "phải là một nhóm mục { … }",
    "date_parsing": "phải là ngày dạng 2024-02-12",
    "date_type": "phải là ngày dạng 2024-02-12",
    "date_from_datetime_parsing": "phải là ngày dạng 2024-02-12",
    "enum": "là giá trị chương trình không biết",
    "literal_error": "là giá trị chương trình không biết",
}


@cache
def _adapter() -> TypeAdapter[CriteriaSet]:
    return TypeAdapter(CriteriaSet)


def parse_set(content: str | bytes, place: str, *, is_snapshot: bool = False) -> CriteriaSet:
    """Read one criteria set.

    Args:
        content: JSON text, UTF-8 when bytes; brought to NFC here.
        place: the file's name, for the sentence of an error.
        is_snapshot: the text was written by ``dump_set`` on this machine, so a confirmation in it counts; a file from
            elsewhere cannot confirm itself.

    Raises:
        UserError: ``criteria.unreadable`` (not JSON text) or ``criteria.invalid`` (what it says cannot be used).
    """
    definition = parse_loose(content, place)
    if definition.is_confirmed and not is_snapshot:
        raise invalid(place, [Problem("is_confirmed", "chỉ cơ quan xác nhận được, trong Thiết lập")])
    problems = find_problems(definition)
    if problems:
        raise invalid(place, problems)
    return prepared(definition)


def parse_loose(content: str | bytes, place: str) -> CriteriaSet:
    """Read a set that need not be sound yet (a draft): its types are right, its rules are not asked.

    Raises:
        UserError: ``criteria.unreadable`` or ``criteria.invalid``.
    """
    text = json_text(content, place)
    try:
        return _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        raise invalid(place, validation_problems(error)) from error
    except RecursionError as error:
        raise invalid(place, [Problem("đầu tệp", "lồng nhau quá sâu")]) from error


def dump_set(definition: CriteriaSet) -> str:
    """The set as JSON text that ``parse_set(…, is_snapshot=True)`` reads back to an equal set."""
    return _adapter().dump_json(definition, exclude_defaults=True, indent=1).decode("utf-8")


def fingerprint(definition: CriteriaSet) -> str:
    """64 hex digits that change with any word or number of the set; a verdict can be frozen to it."""
    return hashlib.sha256(_adapter().dump_json(definition, exclude_defaults=True)).hexdigest()


def prepared(definition: CriteriaSet) -> CriteriaSet:
    """The set with what its indicators repeat of it (half points) filled in; the set itself when nothing changes."""
    halves = definition.allows_half_points
    if all(i.half_points == halves for i in definition.indicators):
        return definition
    criteria = tuple(
        replace(c, indicators=tuple(replace(i, half_points=halves) for i in c.indicators)) for c in definition.criteria
    )
    return replace(definition, criteria=criteria)


def json_text(content: str | bytes, place: str) -> str:
    """Content as NFC text that is surely JSON without repeated names; raises UserError ``criteria.unreadable``."""
    if len(content) > MAX_BYTES:
        raise _unreadable(place, "tệp quá lớn")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        json.loads(text, object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        raise _unreadable(place, "tệp không phải chữ UTF-8") from error
    except json.JSONDecodeError as error:
        raise _unreadable(place, f"sai ở dòng {error.lineno}, cột {error.colno}") from error
    except _RepeatedNameError as error:
        raise _unreadable(place, f"mục “{error}” ghi hai lần trong một nhóm") from error
    except (RecursionError, ValueError) as error:
        raise _unreadable(place, "tệp lồng nhau quá sâu hoặc có số quá dài") from error
    return unicodedata.normalize("NFC", text)


def validation_problems(error: ValidationError) -> list[Problem]:
    """pydantic's findings as places and Vietnamese words."""
    return [
        Problem(
            " › ".join(str(p + 1) if isinstance(p, int) else p for p in item["loc"]) or "đầu tệp",
            _TYPE_TEXT.get(item["type"], "không đúng dạng"),
        )
        for item in error.errors(include_url=False, include_input=False)
    ]


def invalid(place: str, problems: list[Problem], *, code: str = "criteria.invalid") -> UserError:
    """The refusal of a file that can be read but not used."""
    more = f" (và {len(problems) - 1} chỗ nữa)" if len(problems) > 1 else ""
    return UserError(
        f"Không dùng được {place}: {problems[0]}{more}. "
        "Bộ tiêu chí đang dùng vẫn giữ nguyên; hãy sửa chỗ đó rồi thử lại.",
        code=code,
    )


class _RepeatedNameError(Exception):
    """A name stands twice in one JSON object; the later would silently win."""


def _unique(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _RepeatedNameError(name)
        found[name] = value
    return found


def _unreadable(place: str, why: str) -> UserError:
    return UserError(
        f"Không đọc được {place}: {why}. Bộ tiêu chí đang dùng vẫn giữ nguyên; hãy chọn lại tệp đúng.",
        code="criteria.unreadable",
    )
