"""Reads the criteria sets shipped in ``resources/criteria``, once; a set of the office's own is read the same way.

Invariant: what leaves here has passed ``schema.parse_set``; a broken file names itself and its place.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.resources import resource_path

_MODELS = list(LearningModel)
_GROUPS = [None, *CitizenGroup]


def read_set(path: Path) -> CriteriaSet:
    """Read one criteria file.

    Raises:
        EnvironmentProblem: ``criteria.no_file`` when the file cannot be opened.
        UserError: ``criteria.unreadable`` or ``criteria.invalid``, naming file and place.
    """
    from desktop_app.services.criteria.schema import parse_set

    return parse_set(_content(path), path.name)


def read_sets(folder: Path) -> tuple[CriteriaSet, ...]:
    """Read every criteria file of a folder, in the order of models and groups; keys and versions must differ."""
    try:
        paths = sorted(folder.glob("*.json"))
    except OSError as error:
        raise _no_file(folder.name) from error
    if not paths:
        raise _no_file(folder.name)
    found: dict[tuple[str, str], str] = {}
    sets: list[CriteriaSet] = []
    for path in paths:
        item = read_set(path)
        first = found.setdefault((item.key, item.version), path.name)
        if first != path.name:
            raise UserError(
                f"Hai tệp {first} và {path.name} cùng mang khóa “{item.key}” phiên bản “{item.version}”. "
                "Bộ tiêu chí đang dùng vẫn giữ nguyên; hãy bỏ hoặc sửa một tệp.",
                code="criteria.duplicate",
            )
        sets.append(item)
    return tuple(sorted(sets, key=_order))


@cache
def load_sets() -> tuple[CriteriaSet, ...]:
    """The shipped sets, read once: citizen forms first, the default of a model before its others."""
    return read_sets(resource_path("criteria"))


def get_set(key: str, version: str | None = None) -> CriteriaSet:
    """A shipped set by key, the newest version when none is named; raises UserError ``criteria.unknown_set``."""
    found = [s for s in load_sets() if s.key == key and version in (None, s.version)]
    if not found:
        named = f"{key} {version}" if version else key
        raise UserError(
            f"Chương trình không có bộ tiêu chí “{named}”; hãy chọn một bộ trong danh sách.",
            code="criteria.unknown_set",
        )
    return max(found, key=_age)


def sets_for(model: LearningModel, group: CitizenGroup | None = None) -> tuple[CriteriaSet, ...]:
    """The shipped sets of one model (and, for citizens, one group; all four when none is named), defaults first."""
    return tuple(s for s in load_sets() if s.model is model and group in (None, s.group))


def default_set(model: LearningModel, group: CitizenGroup | None = None, on: dt.date | None = None) -> CriteriaSet:
    """The set offered first for a model; for citizens the group decides.

    Args:
        on: a day of the round; sets not yet or no longer in force then are passed over while others are.
    """
    found = sets_for(model, group)
    in_force = [s for s in found if on is None or is_in_force(s, on)] or list(found)
    if not in_force:
        raise UserError(
            "Chương trình không có bộ tiêu chí nào cho mô hình này; hãy cài đặt lại.", code="criteria.unknown_set"
        )
    return in_force[0]


def is_in_force(definition: CriteriaSet, on: dt.date) -> bool:
    """True unless the set says that the day lies outside its time; an unknown date excludes nothing."""
    since, until = definition.effective_from, definition.effective_to
    return (since is None or since <= on) and (until is None or on <= until)


def citizen_group_names() -> dict[CitizenGroup, tuple[str, ...]]:
    """Each group's name, then the names that earlier tool kits and lists give it; for reading lists."""
    sets = [s for s in load_sets() if s.model is LearningModel.CITIZEN]
    return {s.group: (s.group_name, *s.group_aliases) for s in sets if s.group is not None}


def _order(item: CriteriaSet) -> tuple[int, int, bool, str, str]:
    return _MODELS.index(item.model), _GROUPS.index(item.group), not item.is_default, item.key, item.version


def _age(item: CriteriaSet) -> tuple[int, ...]:
    """ "2023.10" is newer than "2023.9"."""
    return tuple(int(part) if part.isdecimal() else 0 for part in item.version.split("."))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _no_file(path.name) from error


def _no_file(name: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"Không mở được {name} của bộ tiêu chí. Dữ liệu của đơn vị không bị ảnh hưởng; "
        "hãy cài đặt lại chương trình hoặc chọn lại tệp.",
        code="criteria.no_file",
    )
