"""Commands about criteria sets: a workbook or a signed file in, a workbook or a signed file out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli.answer import Answer, Call, WrongUsage
from desktop_app.cli.opening import opened
from desktop_app.services.errors import UserError

if TYPE_CHECKING:
    from desktop_app.services.context import Context
    from desktop_app.services.criteria.bring import Brought, SetFile
    from desktop_app.services.criteria.definition import CriteriaSet
    from desktop_app.services.criteria.workbook.grid import CellProblem


def add_import(what: Any, shared: argparse.ArgumentParser) -> None:
    """Declare ``import criteria``."""
    load = what.add_parser("criteria", parents=[shared], help="nạp bộ tiêu chí từ Excel hoặc tệp đã ký")
    load.add_argument("file", metavar="FILE", type=Path)
    load.add_argument("--dry-run", action="store_true", help="chỉ xem sẽ làm gì")
    load.add_argument("--set", metavar="SET", help="bộ mà tệp điền vào, khi tệp không tự ghi")
    load.add_argument("--draft", action="store_true", help="để là bản soạn, chưa đưa vào dùng")
    load.add_argument("--use", action="store_true", help="đưa vào dùng ngay cả khi đã có trong sổ, hoặc tệp đã ký")
    load.add_argument("--keep-forms", action="store_true", help="phiếu đã mở giữ bản cũ")
    load.set_defaults(run=run_import_criteria)


def add_export(what: Any, shared: argparse.ArgumentParser) -> None:
    """Declare ``export criteria``."""
    save = what.add_parser("criteria", parents=[shared], help="xuất bộ tiêu chí ra Excel hoặc tệp đã ký")
    save.add_argument("set", metavar="SET", help="khóa (citizen.worker, family …), khóa@phiên bản, hoặc tên")
    save.add_argument("--out", metavar="FILE", type=Path, required=True, help="Excel; đuôi .botieuchi: tệp đã ký")
    save.set_defaults(run=run_export_criteria)


def run_import_criteria(call: Call) -> Answer:
    """Bring a set in: a clean workbook comes into force, a signed file waits, an unsigned one stays a draft."""
    from desktop_app.services.criteria.bring import (
        bring_set,
        bring_workbook,
        is_workbook,
        preview_workbook,
        read_set_file,
    )
    from desktop_app.services.criteria.find import find_version

    options = call.options
    if options.draft and options.use:
        raise WrongUsage("--draft không đi cùng --use")
    with opened(call) as context:
        if not is_workbook(options.file):
            file = read_set_file(context, options.file)
            _require_same(context, options.set, file.definition)
            said = (*_signed(file), *file.warnings)
            if options.dry_run:
                return _previewed(file.definition.key, file.definition.version, said)
            brought = bring_set(context, file)
            return _brought(context, brought, file.signer is not None and options.use, call, said)
        into = find_version(context, options.set).uid if options.set else None
        reading = preview_workbook(context, options.file, into)
        _require_same(context, options.set, reading.definition)
        if reading.definition is None:
            return _refused(reading.file, reading.problems, reading.warnings)
        if options.dry_run:
            return _previewed(reading.definition.key, reading.definition.version, reading.warnings)
        brought = bring_workbook(context, reading)
        return _brought(context, brought, not options.draft, call, reading.warnings)


def _require_same(context: Context, named: str | None, definition: CriteriaSet | None) -> None:
    """Refuse a file of another set than the one that was named."""
    from desktop_app.services.criteria.find import find_version

    if named is None or definition is None:
        return
    wanted = find_version(context, named).definition
    if wanted.key != definition.key:
        raise UserError(
            f"Tệp này là của bộ “{definition.name}”, không phải “{wanted.name}”; chưa có gì thay đổi. Hãy chọn đúng "
            "tệp, hoặc bỏ --set.",
            code="criteria.other_set",
        )


def _signed(file: SetFile) -> tuple[str, ...]:
    if file.signer is None:
        said = (
            "Tệp này không có chữ ký nên chỉ được nạp làm bản soạn; hãy đối chiếu với văn bản trước khi đưa vào dùng."
        )
        return (said,)
    if file.is_trusted:
        return ()
    code = file.signer.code
    return (
        f"Máy “{file.signer.name}” ký tệp này chưa được so mã ở đây; hãy gọi điện so mã {code[:4]} {code[4:]} "
        "trước khi dùng.",
    )


def _brought(context: Context, brought: Brought, is_used: bool, call: Call, warnings: tuple[str, ...]) -> Answer:
    from desktop_app.services.criteria.drafts import load_version
    from desktop_app.services.criteria.forcing import force_set

    moved = 0
    if is_used and (brought.is_new or call.options.use):
        moved = force_set(context, brought.uid, moves_forms=not call.options.keep_forms).moved
    item = load_version(context, brought.uid)
    d = item.definition
    data = {
        "set": d.key,
        "version": d.version,
        "name": d.name,
        "model": d.model.value,
        "group": d.group.value if d.group else None,
        "uid": item.uid,
        "changed": brought.is_new,
        "draft": item.is_draft,
        "in_use": item.is_in_use,
        "moved": moved,
        "signer": item.origin.signer or None,
        "code": item.origin.code or None,
        "warnings": list(warnings),
    }
    if not brought.is_new:
        used = "" if item.is_in_use else " Bản đó chưa được dùng; thêm --use để đưa vào dùng."
        text = f"“{item.label}” giống hệt bản đang có; chưa có gì thay đổi.{used}"
    elif item.is_in_use:
        text = f"Đã nạp “{item.label}” và đưa vào dùng; {moved} phiếu chưa công nhận được chấm lại theo bản này."
    else:
        text = f"Đã nạp “{item.label}”{' làm bản soạn' if item.is_draft else ''}; chưa đưa vào dùng."
    return Answer(data, text, warnings)


def _previewed(key: str, version: str, warnings: tuple[str, ...]) -> Answer:
    data = {"set": key, "version": version, "changed": False, "warnings": list(warnings)}
    return Answer(data, f"Đọc được bộ “{key}” phiên bản {version}; chưa ghi gì.", warnings)


def _refused(file: str, problems: tuple[CellProblem, ...], warnings: tuple[str, ...]) -> Answer:
    from desktop_app.services.criteria.bring import BadCells

    error = BadCells(file, problems)
    data = {
        "error": {"code": error.code, "message": error.message},
        "errors": [{"sheet": p.sheet, "cell": p.cell, "message": p.text} for p in problems],
        "warnings": list(warnings),
    }
    return Answer(data, "\n".join(str(problem) for problem in problems), (error.message,), is_refused=True)


def run_export_criteria(call: Call) -> Answer:
    """Write a set as the workbook, or as a signed file for another office."""
    from desktop_app.services.criteria.bring import SUFFIX, export_set, export_workbook
    from desktop_app.services.criteria.find import find_version

    out: Path = call.options.out
    if out.suffix.lower() in (".xls", ".ods", ".csv"):
        raise WrongUsage(f"--out: chỉ ghi được .xlsx hoặc tệp có chữ ký {SUFFIX}")
    with opened(call) as context:
        item = find_version(context, call.options.set)
        code = None
        if out.suffix.lower() not in (SUFFIX, ".json"):
            export_workbook(context, item.uid, out)
        else:
            code = export_set(context, item.uid, out).code
    d = item.definition
    data = {"set": d.key, "version": d.version, "name": d.name, "file": str(out), "code": code}
    signed = f" Máy này ký, mã {code}." if code else ""
    return Answer(data, f"Đã ghi “{item.label}” ra {out.name}.{signed}")
