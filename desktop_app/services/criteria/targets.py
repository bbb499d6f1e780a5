"""The years' targets (QĐ 387/QĐ-TTg, QĐ 677/QĐ-TTg, provinces' own) as data: parsed once, never changed here.

Invariant: a target always names what its percentage is of, and how sure that denominator is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.models.types import LearningModel, TextStatus
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.resources import resource_path

COUNTRY = "Cả nước"


@dataclass(frozen=True, slots=True)
class Target:
    """One share to be reached by the end of one year in one area.

    Args:
        key: what is measured ("family.recognised", "citizen.digital_skills", …).
        model: the learning model, None where the target is about the work itself.
        area: "Cả nước" or a province's name.
        percent: to reach, 0–100.
        growth_min, growth_max: points a year that a province asks for, None where it asks none.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "allow_inf_nan": False}
    key: str
    name: str
    year: int
    percent: float
    denominator_name: str
    denominator_status: TextStatus
    status: TextStatus
    model: LearningModel | None = None
    area: str = COUNTRY
    growth_min: float | None = None
    growth_max: float | None = None
    note: str = ""
    source: str = ""


@cache
def load_targets() -> tuple[Target, ...]:
    """The shipped targets, read once."""
    return read_targets(resource_path("reference", "targets.json"))


def read_targets(path: Path) -> tuple[Target, ...]:
    """Read a targets file; raises EnvironmentProblem ``targets.no_file`` or UserError ``targets.invalid``."""
    from pydantic import TypeAdapter, ValidationError

    from desktop_app.services.criteria.checks import Problem
    from desktop_app.services.criteria.schema import invalid, json_text, validation_problems

    try:
        content = path.read_bytes()
    except OSError as error:
        raise EnvironmentProblem(
            f"Không mở được {path.name}. Dữ liệu không bị ảnh hưởng; hãy cài đặt lại chương trình.",
            code="targets.no_file",
        ) from error
    try:
        targets = TypeAdapter(tuple[Target, ...]).validate_json(json_text(content, path.name), strict=True)
    except ValidationError as error:
        raise invalid(path.name, validation_problems(error), code="targets.invalid") from error
    for n, target in enumerate(targets, 1):
        if not 0 <= target.percent <= 100 or not 2000 <= target.year <= 2100 or not target.denominator_name:
            problem = Problem(f"mục {n}", "tỷ lệ phải từ 0 đến 100, năm có bốn chữ số, có tên mẫu số")
            raise invalid(path.name, [problem], code="targets.invalid")
    return targets


def find_target(targets: Iterable[Target], key: str, year: int, area: str = COUNTRY) -> Target | None:
    """The target that a year works towards: the first due in or after it, else the last one that was due.

    A province's own targets go before the country's; where it has none for this key the country's hold.
    """
    fitting = [t for t in targets if t.key == key and t.area in (area, COUNTRY)]
    own = [t for t in fitting if t.area == area] or fitting
    ahead = [t for t in own if t.year >= year]
    if ahead:
        return min(ahead, key=lambda t: t.year)
    return max(own, key=lambda t: t.year, default=None)
