"""Commands about lists: import, export, search."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli.answer import Answer, Call, WrongUsage, whole_number
from desktop_app.cli.criteria import add_export, add_import
from desktop_app.cli.opening import opened, progress_on_stderr

if TYPE_CHECKING:
    from desktop_app.services.importing.apply import ImportResult
    from desktop_app.services.importing.preview import Issue

_TOLD = 20
"""So many remarks of an import are said in words."""


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Declare this room's commands."""
    load = commands.add_parser("import", parents=[shared], help="nhập danh sách hoặc phiếu chấm từ Excel")
    what = load.add_subparsers(dest="what", required=True, metavar="VIỆC")
    citizens = what.add_parser("citizens", parents=[shared], help="nhập danh sách công dân")
    citizens.add_argument("file", metavar="FILE", type=Path)
    citizens.add_argument("--sheet", metavar="NAME", action="append", help="chỉ nhập trang này")
    citizens.add_argument("--dry-run", action="store_true", help="chỉ xem sẽ làm gì")
    citizens.add_argument("--doubtful", choices=["skip", "new"], default="skip", help="dòng ngờ trùng: bỏ hay là mới")
    citizens.add_argument("--other-commune", action="store_true", help="nhập dù danh sách ghi tên xã khác")
    citizens.add_argument(
        "--name-case",
        action="store_true",
        help="tên viết HOA toàn bộ: đổi thành chữ hoa đầu từ (LÊ VĂN AN → Lê Văn An)",
    )
    citizens.set_defaults(run=run_import_citizens)
    scores = what.add_parser("scores", parents=[shared], help="nhập phiếu chấm")
    scores.add_argument("file", metavar="FILE", type=Path)
    scores.add_argument("--year", metavar="Y", type=whole_number, required=True)
    scores.add_argument("--dry-run", action="store_true", help="chỉ xem sẽ làm gì")
    scores.set_defaults(run=run_import_scores)
    add_import(what, shared)

    save = commands.add_parser("export", parents=[shared], help="xuất danh sách")
    what = save.add_subparsers(dest="what", required=True, metavar="VIỆC")
    citizens = what.add_parser("citizens", parents=[shared], help="xuất danh sách công dân")
    citizens.add_argument("--out", metavar="FILE.xlsx", type=Path)
    citizens.add_argument("--template", action="store_true", help="ghi mẫu để sửa trong Excel rồi nhập lại (cần --out)")
    citizens.add_argument("--empty", action="store_true", help="mẫu trống, không có người nào (với --template)")
    citizens.add_argument("--hamlet", metavar="NAME", help="mẫu chỉ có người của thôn này (với --template)")
    citizens.set_defaults(run=run_export_citizens)
    add_export(what, shared)

    search = commands.add_parser("search", parents=[shared], help="tìm người")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", metavar="N", type=whole_number, default=50)
    search.set_defaults(run=run_search)


def run_import_citizens(call: Call) -> Answer:
    """Bring a list of people in."""
    from desktop_app.services.importing.apply import import_citizens
    from desktop_app.services.importing.headings.remembered import mappings
    from desktop_app.services.importing.parse import ParseOptions, parse_workbook

    options = call.options
    progress = progress_on_stderr()
    with opened(call) as context:
        parsed = parse_workbook(
            options.file,
            sheets=options.sheet,
            mapping=mappings(context),
            options=ParseOptions(name_case=options.name_case),
            progress=progress,
        )
        result = import_citizens(
            context,
            parsed,
            is_dry_run=options.dry_run,
            is_doubtful_new=options.doubtful == "new",
            is_other_commune=options.other_commune,
            progress=progress,
        )
    return _imported_citizens(result)


def _imported_citizens(result: ImportResult) -> Answer:
    data = {
        "rows": result.rows,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "doubtful": result.doubtful,
        "refused": result.refused,
        "households_created": result.households_created,
        **asdict(result.units),
        "unit_rows": asdict(result.unit_rows),
        "errors": issues_data(result.errors),
        "warnings": issues_data(result.warnings),
        "operation": result.operation,
    }
    text = (
        f"{result.rows} người trong tệp: thêm {result.created}, sửa {result.updated}, như cũ {result.unchanged}, "
        f"ngờ trùng {result.doubtful}, không nhận {result.refused}; thêm {result.households_created} hộ, "
        f"{result.units.clans_created} dòng họ, "
        f"{result.units.organizations_created} đơn vị, {result.units.branches_created} chi hội, "
        f"{result.units.titles_recorded} danh hiệu năm trước."
    )
    told = result.unit_rows
    if told.rows:
        text += (
            f" {told.rows} dòng về dòng họ, đơn vị, chi hội, thôn: thêm {told.created}, sửa {told.updated}, "
            f"như cũ {told.unchanged}, không nhận {told.refused}."
        )
    return Answer(data, text, issue_lines((*result.errors, *result.warnings)))


def issue_lines(issues: Sequence[Issue]) -> tuple[str, ...]:
    """Remarks as sentences for who reads no JSON: those about whole sheets first, and how many more there are."""
    ranked = sorted(issues, key=lambda item: item.row is not None)
    lines = [
        ", ".join(part for part in (item.sheet, f"dòng {item.row}" if item.row else "") if part) + f": {item.message}"
        for item in ranked[:_TOLD]
    ]
    if len(ranked) > _TOLD:
        lines.append(f"Còn {len(ranked) - _TOLD} điều nữa; --json cho biết tất cả.")
    return tuple(line.removeprefix(": ") for line in lines)


def issues_data(issues: Iterable[Any]) -> list[dict[str, Any]]:
    """Remarks as the contract gives them."""
    return [
        {"sheet": item.sheet, "row": item.row, "column": item.column, "code": item.code, "message": item.message}
        for item in issues
    ]


def run_import_scores(call: Call) -> Answer:
    """Bring a workbook of scores in."""
    from desktop_app.services.assessment.scores_import import import_scores
    from desktop_app.services.importing.parse import parse_scores

    options = call.options
    progress = progress_on_stderr()
    with opened(call) as context:
        parsed = parse_scores(options.file, progress=progress)
        result = import_scores(context, parsed, options.year, is_dry_run=options.dry_run, progress=progress)
    data = {
        "rows": result.rows,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "doubtful": result.doubtful,
        "refused": result.refused,
        "households_created": 0,
        "assessed": result.assessed,
        "passed": result.passed,
        "errors": issues_data(result.errors),
        "warnings": issues_data(result.warnings),
        "operation": result.operation,
    }
    text = (
        f"{result.rows} phiếu trong tệp: đã chấm {result.assessed}, đạt {result.passed}, không nhận {result.refused}."
    )
    return Answer(data, text, issue_lines((*result.errors, *result.warnings)))


def run_export_citizens(call: Call) -> Answer:
    """Give the whole register as a list."""
    from desktop_app.services.registry.export import as_rows, exported_citizens, write_workbook

    if call.options.template or call.options.empty or call.options.hamlet:
        return _write_template(call)
    with opened(call) as context:
        rows = exported_citizens(context)
    if call.options.out is not None:
        write_workbook(rows, call.options.out)
    data: dict[str, Any] = {"rows": as_rows(rows)}
    text = f"{len(rows)} công dân."
    if call.options.out is not None:
        data["file"] = str(call.options.out)
        text = f"Đã xuất {len(rows)} công dân: {call.options.out}"
    return Answer(data, text)


def _write_template(call: Call) -> Answer:
    """Give a template, empty or filled, as a workbook."""
    from desktop_app.services.importing.template import find_hamlet, write_template

    options = call.options
    if options.out is None or not options.template:
        raise WrongUsage("mẫu cần --template và --out TỆP.xlsx")
    with opened(call) as context:
        hamlet = find_hamlet(context, options.hamlet) if options.hamlet else None
        count = write_template(
            context, options.out, hamlet=hamlet, is_empty=options.empty, progress=progress_on_stderr()
        )
    text = f"Đã ghi mẫu {'trống' if options.empty else f'có {count} người'}: {options.out}"
    return Answer({"file": str(options.out), "people": count}, text)


def run_search(call: Call) -> Answer:
    """Find people, best first."""
    from desktop_app.models.records import HitKind
    from desktop_app.services.registry.search import search

    with opened(call) as context:
        found = search(context, call.options.text, max(call.options.limit, 0), kinds=(HitKind.CITIZEN,))
    data = [
        {
            "uid": item.uid,
            "name": item.name,
            "birth": item.birth_iso or None,
            "hamlet": item.hamlet,
            "household_code": item.household_code,
        }
        for item in found.results
    ]
    lines = [
        f"{item['name']}  {item['birth'] or ''}  {item['hamlet'] or ''}  {item['household_code'] or ''}"
        for item in data
    ]
    return Answer({"results": data, "total": found.total}, "\n".join(lines) or "Không tìm thấy ai.")
