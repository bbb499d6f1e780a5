"""What an import did, put into words and figures for the last step."""

from __future__ import annotations

from desktop_app.services.assessment.scores_import import ScoresResult
from desktop_app.services.importing.apply import ImportResult
from desktop_app.ui.importing.done_view import Outcome
from desktop_app.ui.importing.words import grouped_issues


def people_outcome(result: ImportResult, name: str) -> Outcome:
    """A list of citizens that came in."""
    told = result.unit_rows
    refused = result.refused + told.refused
    figures = [
        (result.created, "người mới", "passed"),
        (result.updated, "người có thay đổi", "attention"),
        (result.unchanged, "người như cũ", "ink"),
        (result.households_created, "hộ mới", "passed"),
        (sum(issue.code == "hamlet.new" for issue in result.warnings), "thôn, tổ mới", "passed"),
        (result.units.clans_created, "dòng họ mới", "passed"),
        (result.units.organizations_created, "đơn vị mới", "passed"),
        (result.units.branches_created, "chi hội mới", "passed"),
        (result.units.titles_recorded, "danh hiệu năm trước", "passed"),
        (result.units.units_updated, "dòng họ, đơn vị, chi hội, thôn có thay đổi", "attention"),
        (told.unchanged, "dòng họ, đơn vị, chi hội, thôn như cũ", "ink"),
        (result.doubtful, "ngờ trùng, để lại", "attention"),
        (refused, "dòng không nhận", "failed"),
    ]
    if told.rows and not result.rows:
        figures = [item for item in figures if item[0]]
    has_written = result.operation is not None
    said = [issue for issue in (*result.errors, *result.warnings) if not issue.code.endswith(".new")]
    title = f"Đã nhập {name} vào sổ." if has_written else f"{name} không có gì mới; sổ vẫn như cũ."
    return Outcome(title, _shown(figures), grouped_issues(said), has_written, bool(refused))


def scores_outcome(result: ScoresResult, name: str, year: int) -> Outcome:
    """A scoring list that came in."""
    figures = [
        (result.created, "phiếu mới", "passed"),
        (result.updated, "phiếu thay đổi", "attention"),
        (result.unchanged, "phiếu như cũ", "ink"),
        (result.assessed, "phiếu chấm đủ", "ink"),
        (result.passed, "phiếu đạt", "passed"),
        (result.doubtful, "ngờ trùng, để lại", "attention"),
        (result.refused, "dòng không nhận", "failed"),
    ]
    has_written = result.operation is not None
    title = f"Đã nhập {name} vào đợt {year}." if has_written else f"{name} không có điểm nào mới; sổ vẫn như cũ."
    remarks = grouped_issues((*result.errors, *result.warnings))
    return Outcome(title, _shown(figures), remarks, has_written, bool(result.refused))


def _shown(figures: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """The first always, of the others those that are not zero."""
    return [item for place, item in enumerate(figures) if place == 0 or item[0]]
