"""Commands about the register as a whole: init, demo, history, undo, backup, restore, doctor."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from desktop_app.cli.answer import Answer, Call, WrongUsage, uid_of, whole_number
from desktop_app.cli.opening import opened, progress_on_stderr
from desktop_app.services.context import REGISTER_FILE


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Declare this room's commands."""
    init = commands.add_parser("init", parents=[shared], help="lập sổ mới")
    source = init.add_mutually_exclusive_group(required=True)
    source.add_argument("--commune", metavar="CODE", help="mã xã, phường (danh mục 2025)")
    source.add_argument("--from", dest="package", metavar="PACKAGE", type=Path, help="gói giao việc của máy xã")
    init.add_argument("--role", choices=["volunteer"], help="vai trò của máy khi lập từ gói")
    init.add_argument("--name", metavar="TEXT", default="", help="tên xã khác với danh mục")
    init.add_argument("--hamlet", metavar="NAME", nargs="+", action="extend", default=[], help="thôn, tổ dân phố")
    init.add_argument("--year", metavar="Y", type=whole_number, default=None, help="năm của đợt đầu tiên")
    init.set_defaults(run=run_init)

    demo = commands.add_parser("demo", parents=[shared], help="làm trọn công việc trên dữ liệu mẫu")
    demo.add_argument("--out", metavar="DIR", type=Path, required=True)
    demo.set_defaults(run=run_demo)

    history = commands.add_parser("history", parents=[shared], help="nhật ký thao tác, mới nhất trước")
    history.add_argument("--limit", metavar="N", type=whole_number, default=50)
    history.set_defaults(run=run_history)

    undo = commands.add_parser("undo", parents=[shared], help="hoàn tác một thao tác")
    undo.add_argument("id", metavar="ID", nargs="?", help="mặc định: thao tác mới nhất chưa hoàn tác")
    undo.set_defaults(run=run_undo)

    backup = commands.add_parser("backup", parents=[shared], help="sao lưu sổ")
    backup.add_argument("--out", metavar="FILE", type=Path, required=True)
    backup.set_defaults(run=run_backup)

    restore = commands.add_parser("restore", parents=[shared], help="khôi phục sổ từ bản sao lưu")
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.set_defaults(run=run_restore)

    doctor = commands.add_parser("doctor", parents=[shared], help="kiểm tra sổ")
    doctor.set_defaults(run=run_doctor)


def run_init(call: Call) -> Answer:
    """Make a register, from a commune's code or from the office's package."""
    from desktop_app.services.register import home_commune

    options = call.options
    if options.package is not None:
        from desktop_app.services.sync.receive import receive_register

        context = receive_register(call.folder, options.package, progress=progress_on_stderr())
    elif options.role is not None:
        raise WrongUsage("--role volunteer chỉ đi cùng --from")
    else:
        from desktop_app.services.register import RegisterPlan, create_register

        year = options.year if options.year is not None else dt.date.today().year
        plan = RegisterPlan(options.commune, year, name=options.name, hamlets=tuple(options.hamlet))
        context = create_register(call.folder, plan)
    try:
        home = home_commune(context)
        data = {
            "commune": home,
            "database": str(call.folder / REGISTER_FILE),
            "device": context.device,
            "role": context.role.value,
        }
    finally:
        context.close()
    return Answer(data, f"Đã lập sổ {home['name']}, {home['province']}, tại {call.folder}.")


def run_demo(call: Call) -> Answer:
    """The whole job on the shipped sample, in a folder of its own."""
    from desktop_app.demo import run

    result = run(call.options.out, progress_on_stderr())
    lines = "\n".join(f"  {name}" for name in result["files"])
    text = (
        f"Đã làm trọn công việc trên dữ liệu mẫu: {result['citizens']} công dân, {result['assessed']} phiếu, "
        f"{result['passed']} đạt, {result['certificates']} giấy công nhận. Các tệp để xem:\n{lines}"
    )
    return Answer(result, text)


def run_history(call: Call) -> Answer:
    """The journal, newest first."""
    from desktop_app.services.history import operations

    with opened(call) as context:
        found = operations(context, limit=max(call.options.limit, 0))
    data = [
        {
            "id": item.id,
            "sequence": item.sequence,
            "kind": item.kind,
            "sentence": item.sentence,
            "user": item.user,
            "at": item.at.isoformat(timespec="milliseconds"),
            "undone_by": item.undone_by,
        }
        for item in found
    ]
    return Answer({"operations": data}, "\n".join(f"{item['at']}  {item['sentence']}" for item in data))


def run_undo(call: Call) -> Answer:
    """Take one operation back."""
    from desktop_app.services.history import undo

    with opened(call) as context:
        wanted = uid_of(call.options.id) if call.options.id is not None else None
        done = undo(context, wanted, progress=progress_on_stderr())
    return Answer({"undone": done.undone, "operation": done.operation}, f"Đã hoàn tác: {done.sentence}")


def run_backup(call: Call) -> Answer:
    """A verified backup in one file."""
    from desktop_app.services.safety.backup import back_up_to

    with opened(call) as context:
        info = back_up_to(context, call.options.out)
    return Answer(_backup_data(info), f"Đã sao lưu và kiểm tra: {call.options.out}")


def run_restore(call: Call) -> Answer:
    """Put a backup in the register's place; the present file is kept aside."""
    from desktop_app.services.safety.restore import restore_backup

    info = restore_backup(call.folder, call.options.file)
    return Answer(_backup_data(info), f"Đã khôi phục sổ: {info.households} hộ, {info.citizens} công dân.")


def _backup_data(info: Any) -> dict[str, Any]:
    return {
        "households": info.households,
        "citizens": info.citizens,
        "last_change": info.last_change,
        "verified": info.verified,
    }


def run_doctor(call: Call) -> Answer:
    """Look whether the register is sound."""
    from desktop_app.services.safety.health import doctor

    report = doctor(call.folder)
    checks = [{"name": item.name, "ok": item.ok, "detail": item.detail} for item in report.checks]
    lines = [f"{'✓' if item['ok'] else '✗'} {item['name']}: {item['detail']}" for item in checks]
    data: dict[str, Any] = {"ok": report.ok, "checks": checks}
    if report.ok:
        return Answer(data, "\n".join(lines))
    wrong = [item for item in report.checks if not item.ok]
    others = f" (và {len(wrong) - 1} chỗ khác)" if len(wrong) > 1 else ""
    sentence = f"Sổ có chỗ chưa ổn; chưa có gì thay đổi. {wrong[0].title}: {wrong[0].detail}{others}"
    sentence = " ".join(sentence.split())
    data["error"] = {"code": f"doctor.{wrong[0].name}", "message": sentence}
    return Answer(data, "\n".join(lines), (sentence,), is_refused=True)
