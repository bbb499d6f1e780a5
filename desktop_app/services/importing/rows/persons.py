"""The persons of one sheet as columns: every list has one value per person, with issues beside them.

They stay columns until the whole workbook has been checked; only then are PersonRow made of them (rows.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from desktop_app.models.types import CitizenGroup, LifeStatus, Poverty, Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.hamlets import Hamlet
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.preview import Issue, Severity
from desktop_app.services.importing.rows.households import Household
from desktop_app.services.vietnamese import PartialDate


class Teller(Protocol):
    """Takes what is to be told of a row, by its position among the chosen rows."""

    def tell(self, at: int, code: str, of: Field | None = None, **values: object) -> None: ...


@dataclass(slots=True)
class PersonColumns:
    """The persons of one sheet.

    Args:
        rows: 0-based rows in the sheet.
        hamlets: settlement of each person; `hamlet_texts` is what was written beside him.
        where: field → (column letter, heading), for issues.
        issues: position of a person → what is to be told of him.
    """

    sheet: str
    rows: list[int]
    where: Mapping[Field, tuple[str, str]]
    households: list[Household | None]
    hamlets: list[Hamlet | None]
    hamlet_texts: list[str]
    addresses: list[str]
    poverty: list[Poverty | None]
    names: list[str]
    relations: list[str]
    sexes: list[Sex | None]
    births: list[PartialDate | None]
    cccds: list[str | None]
    ethnicities: list[str]
    religions: list[str]
    occupations: list[str]
    phones: list[str]
    groups: list[CitizenGroup | None]
    notes: list[str]
    lives: list[tuple[LifeStatus, PartialDate | None] | None]
    uids: list[str]
    extras: list[tuple[tuple[str, str], ...]]
    issues: dict[int, list[Issue]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def is_refused(self, at: int) -> bool:
        """Whether an error has been told of a person."""
        return any(issue.severity is Severity.ERROR for issue in self.issues.get(at, ()))

    def tell(self, at: int, code: str, of: Field | None = None, **values: object) -> None:
        """Add an issue to a person; `of` names the field it is about."""
        letter, title = self.where.get(of, ("", "")) if of is not None else ("", "")
        issue = make_issue(code, self.sheet, self.rows[at] + 1, letter, title, **values)
        self.issues.setdefault(at, []).append(issue)
