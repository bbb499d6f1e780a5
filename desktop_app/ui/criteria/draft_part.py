"""One form of the editor and its fields of numbers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.ui.safety.section import number_check, read_number
from desktop_app.ui.widgets.form_spec import Field, FormSpec

Values = Mapping[str, Any]
MOST = 1000
"""The most points of one row."""
MOST_OF_ALL = 200_000
"""The most points of a whole set: as many rows as a set may have, each of the most."""


@dataclass(frozen=True)
class Part:
    """One form of a row.

    Args:
        title: above the form.
        spec, values: what is asked and what stands there.
        apply: the draft with the answers in it.
    """

    title: str
    spec: FormSpec
    values: dict[str, Any]
    apply: Callable[[Values], CriteriaSet]


def number(
    key: str, label: str, most: float = MOST, *, help: str = "", required: bool = False, section: str = ""
) -> Field:
    """A field of a number with decimals."""
    return Field(key, label, check=number_check(0, most), help=help, is_required=required, width=120, section=section)


def value_of(raw: Any) -> float | None:
    """A number as ``number`` fields give it."""
    return read_number(raw) if raw not in (None, "") else None
