"""What checking an input found: errors block, warnings can be kept; each names its field and says why in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop_app.models.types import Uid


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding.

    Attributes:
        field: name of the field as the form's values name it; empty for the whole record.
        code: stable ASCII word for tests, import reports and the command line, e.g. ``"cccd.used"``.
        message: one plain Vietnamese sentence.
        severity: whether it blocks.
        other: uid of the other record that is meant ("đã dùng cho …"), so that the ui can open it.
    """

    field: str
    code: str
    message: str
    severity: Severity = Severity.ERROR
    other: Uid | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What saving a form came to.

    Attributes:
        uid: of the saved record; None when errors blocked it (nothing was written then).
        errors: what blocked it.
        warnings: what was kept all the same.
    """

    uid: Uid | None
    errors: tuple[Issue, ...] = ()
    warnings: tuple[Issue, ...] = ()

    @property
    def is_saved(self) -> bool:
        return self.uid is not None

    def of(self, field: str) -> tuple[Issue, ...]:
        """Findings about one field, errors first."""
        return tuple(issue for issue in (*self.errors, *self.warnings) if issue.field == field)
