"""Frozen dataclasses: all that crosses from services to the ui. Nothing here knows the database.

Invariant: a name's module is loaded when the name is first asked for, so that starting the program makes only the
classes that the first screen shows.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.models.records.checks import Issue, SaveResult, Severity
    from desktop_app.models.records.details import (
        BranchDetail,
        CitizenDetail,
        ClanDetail,
        ClanHousehold,
        ErasurePreview,
        ExportSection,
        HamletDetail,
        HouseholdDetail,
        Link,
        Member,
        Membership,
        OrganizationDetail,
        PersonExport,
        Title,
        YearResult,
    )
    from desktop_app.models.records.history import FieldChange, HistoryFilter, OperationRecord, RecordHistory, RowChange
    from desktop_app.models.records.lists import (
        NOT_ASSESSED,
        BranchRow,
        CitizenRow,
        ClanRow,
        HamletRow,
        HitKind,
        HouseholdRow,
        OrganizationRow,
        Score,
        SearchHit,
        SearchResults,
        VerdictState,
    )
    from desktop_app.models.records.paging import PageSource
    from desktop_app.models.records.users import PinCheck, UserRecord

_HOMES = {
    "checks": (
        "Issue",
        "SaveResult",
        "Severity",
    ),
    "details": (
        "BranchDetail",
        "CitizenDetail",
        "ClanDetail",
        "ClanHousehold",
        "ErasurePreview",
        "ExportSection",
        "HamletDetail",
        "HouseholdDetail",
        "Link",
        "Member",
        "Membership",
        "OrganizationDetail",
        "PersonExport",
        "Title",
        "YearResult",
    ),
    "history": (
        "FieldChange",
        "HistoryFilter",
        "OperationRecord",
        "RecordHistory",
        "RowChange",
    ),
    "lists": (
        "BranchRow",
        "CitizenRow",
        "ClanRow",
        "HamletRow",
        "HitKind",
        "HouseholdRow",
        "NOT_ASSESSED",
        "OrganizationRow",
        "Score",
        "SearchHit",
        "SearchResults",
        "VerdictState",
    ),
    "paging": ("PageSource",),
    "users": (
        "PinCheck",
        "UserRecord",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the module that a name lives in."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


__all__ = [
    "NOT_ASSESSED",
    "BranchDetail",
    "BranchRow",
    "CitizenDetail",
    "CitizenRow",
    "ClanDetail",
    "ClanHousehold",
    "ClanRow",
    "ErasurePreview",
    "ExportSection",
    "FieldChange",
    "HamletDetail",
    "HamletRow",
    "HistoryFilter",
    "HitKind",
    "HouseholdDetail",
    "HouseholdRow",
    "Issue",
    "Link",
    "Member",
    "Membership",
    "OperationRecord",
    "OrganizationDetail",
    "OrganizationRow",
    "PageSource",
    "PersonExport",
    "PinCheck",
    "RecordHistory",
    "RowChange",
    "SaveResult",
    "Score",
    "SearchHit",
    "SearchResults",
    "Severity",
    "Title",
    "UserRecord",
    "VerdictState",
    "YearResult",
]
