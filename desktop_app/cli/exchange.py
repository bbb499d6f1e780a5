"""Commands between machines: package, device, conflicts."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli.answer import Answer, Call, uid_of
from desktop_app.cli.opening import opened, progress_on_stderr
from desktop_app.services.register import has_register

if TYPE_CHECKING:
    from desktop_app.services.sync.wording import ConflictText


NO_REGISTER_YET = (
    "Máy này chưa có sổ nên tệp ghi là máy cộng tác viên. Nếu đây sẽ là máy của xã, hãy lập sổ rồi xuất lại tệp; "
    "mã 8 chữ số không đổi."
)


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Declare this room's commands."""
    package = commands.add_parser("package", parents=[shared], help="gói đồng bộ")
    what = package.add_subparsers(dest="what", required=True, metavar="VIỆC")
    create = what.add_parser("create", parents=[shared], help="đóng gói")
    create.add_argument("--out", metavar="FILE", type=Path, required=True)
    create.add_argument("--to", metavar="DEVICE", help="máy nhận; mặc định: mọi máy đã tin cậy")
    create.add_argument("--snapshot", action="store_true", help="gói đầy đủ, dùng để lập sổ trên máy mới")
    create.set_defaults(run=run_create)
    inspect = what.add_parser("inspect", parents=[shared], help="xem nhãn của gói")
    inspect.add_argument("file", metavar="FILE", type=Path)
    inspect.set_defaults(run=run_inspect)
    merge = what.add_parser("merge", parents=[shared], help="nhận gói")
    merge.add_argument("file", metavar="FILE", type=Path)
    merge.add_argument("--dry-run", action="store_true")
    merge.set_defaults(run=run_merge)

    device = commands.add_parser("device", parents=[shared], help="máy này và các máy tin cậy")
    what = device.add_subparsers(dest="what", required=True, metavar="VIỆC")
    export = what.add_parser("export", parents=[shared], help="ghi tệp giới thiệu máy này")
    export.add_argument("--out", metavar="FILE", type=Path, required=True)
    export.set_defaults(run=run_export)
    trust = what.add_parser("trust", parents=[shared], help="tin cậy một máy khác")
    trust.add_argument("file", metavar="FILE", type=Path)
    trust.add_argument("--code", metavar="CODE", help="8 chữ số đọc trên máy kia")
    trust.set_defaults(run=run_trust)

    conflicts = commands.add_parser("conflicts", parents=[shared], help="hộp xung đột")
    what = conflicts.add_subparsers(dest="what", metavar="VIỆC")
    conflicts.set_defaults(run=run_conflicts)
    settle = what.add_parser("settle", parents=[shared], help="phân xử")
    settle.add_argument("id", metavar="ID")
    settle.add_argument("--keep", choices=["mine", "theirs"], required=True)
    settle.set_defaults(run=run_settle)


def run_create(call: Call) -> Answer:
    """Write a sealed package."""
    from desktop_app.services.sync.writer import create_package

    options = call.options
    with opened(call) as context:
        made = create_package(
            context, options.out, to=options.to, is_snapshot=options.snapshot, progress=progress_on_stderr()
        )
    data = {
        "operations": made.operations,
        "records": made.records,
        "file": str(made.path),
        "uid": made.uid,
        "number": made.number,
        "receivers": list(made.receivers),
    }
    return Answer(data, f"Đã đóng gói {made.operations} thao tác gửi {', '.join(made.receivers)}: {made.path}")


def run_inspect(call: Call) -> Answer:
    """Show a package's label."""
    from desktop_app.services.sync.merge import inspect_package

    manifest = asdict(inspect_package(call.folder, call.options.file))
    text = f"Gói số {manifest['number']} của {manifest['sender_name']}: {manifest['operations']} thao tác"
    return Answer(manifest, text)


def run_merge(call: Call) -> Answer:
    """Take a package in."""
    from desktop_app.services.sync.merge import merge_package

    with opened(call) as context:
        result = merge_package(
            context, call.options.file, is_dry_run=call.options.dry_run, progress=progress_on_stderr()
        )
    data = asdict(result)
    if call.options.dry_run:
        data["operation"] = None
    text = (
        f"Gói số {result.number} của {result.sender}: nhận {result.applied} thao tác, đã có {result.already}, "
        f"{result.conflicts} chỗ khác nhau, {result.waiting} đang chờ."
    )
    return Answer(data, text)


def run_export(call: Call) -> Answer:
    """Write this machine's device file; needs no register."""
    from desktop_app.models.types import DeviceRole
    from desktop_app.services.sync.devices import export_device

    role, warnings = DeviceRole.VOLUNTEER, [NO_REGISTER_YET]
    if has_register(call.folder):
        with opened(call) as context:
            role, warnings = context.role, []
    card = export_device(call.folder, call.options.out, role)
    data = {
        "device": card.uid,
        "code": card.code,
        "name": card.name,
        "role": card.role.value,
        "file": str(call.options.out),
    }
    text = f"Máy {card.name}, mã so: {card.code[:4]} {card.code[4:]}. Tệp: {call.options.out}"
    return Answer(data, text, tuple(warnings))


def run_trust(call: Call) -> Answer:
    """Take another machine up among the trusted; works before there is a register."""
    from desktop_app.services.sync.devices import ROLE_WORDS, trust

    options = call.options
    if has_register(call.folder):
        with opened(call) as context:
            card = trust(call.folder, context, options.file, options.code)
    else:
        card = trust(call.folder, None, options.file, options.code)
    warnings = () if options.code else (f"Chưa so mã. Máy {card.name} phải đọc ra mã {card.code}.",)
    data = {"device": card.uid, "code": card.code, "name": card.name, "role": card.role.value}
    return Answer(data, f"Đã tin cậy máy {card.name} ({ROLE_WORDS[card.role]}).", warnings)


def run_conflicts(call: Call) -> Answer:
    """List the open disagreements: raw values for programs, and the same in words, CCCD and phone masked."""
    from desktop_app.services.sync.inbox import conflicts
    from desktop_app.services.sync.wording import described

    with opened(call) as context:
        found = conflicts(context)
        words = described(context, found)
    data = [{"id": item.uid, **asdict(item), "words": _words(text)} for item, text in zip(found, words, strict=True)]
    lines = [line for item in words for line in _conflict_lines(item)]
    return Answer({"conflicts": data, "total": len(data)}, "\n".join(lines) or "Hộp xung đột trống.")


def _words(text: ConflictText) -> dict[str, str]:
    names = ("what", "subject", "label", "before", "mine", "theirs", "author", "note")
    return {name: getattr(text, name) for name in names}


def _conflict_lines(item: ConflictText) -> list[str]:
    """One disagreement as people read it, with the id that ``settle`` wants."""
    who = f"{item.device_name}, {item.author}" if item.author else item.device_name
    lines = [
        f"{item.uid}  {item.what} {item.subject}, {item.label}: "
        f"ở đây “{item.mine}”, ở máy kia ({who}) “{item.theirs}”, trước đó “{item.before}”"
    ]
    return [*lines, f"  {item.note}"] if item.note else lines


def run_settle(call: Call) -> Answer:
    """Settle one disagreement."""
    from desktop_app.services.sync.inbox import settle

    uid = uid_of(call.options.id)
    with opened(call) as context:
        operation = settle(context, [uid], call.options.keep)
    return Answer({"settled": uid, "operation": operation}, "Đã phân xử.")
