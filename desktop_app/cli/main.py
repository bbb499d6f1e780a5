"""Entry of the command line: options, one JSON object on stdout, plain sentences on stderr, exit status 0, 1 or 2.

Invariant: nothing asks questions; stdout under ``--json`` carries exactly one object and nothing else.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from desktop_app.cli.answer import Answer, Call

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """Says in Vietnamese that a command was given wrongly, and shows its usage."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"Lệnh chưa đúng: {message}", file=sys.stderr)
        raise SystemExit(WRONG_USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or open the window when there is none.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        _use_utf8(stream)
    options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    folder = _folder(options)
    if options.command is None:
        from desktop_app.app import run

        return run(folder)
    return _run_command(options, folder)


def _run_command(options: argparse.Namespace, folder: Path) -> int:
    from desktop_app.services.errors import AppError, BugError

    try:
        answer: Answer = options.run(Call(options, folder))
    except AppError as error:
        return _refuse(options, error.code, error.message)
    except Exception:
        logging.getLogger(__name__).exception("command %s failed", options.command)
        bug = BugError("Chương trình gặp lỗi; việc này chưa được thực hiện. Chi tiết nằm trong tệp nhật ký lỗi.")
        return _refuse(options, bug.code, bug.message)
    for warning in answer.warnings:
        print(warning, file=sys.stderr)
    print(json.dumps(answer.data, ensure_ascii=False) if options.json else answer.text)
    return REFUSED if answer.is_refused else DONE


def _refuse(options: argparse.Namespace, code: str, message: str) -> int:
    print(message, file=sys.stderr)
    if options.json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    return REFUSED


def _use_utf8(stream: TextIO | None) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")


def _folder(options: argparse.Namespace) -> Path:
    if options.data is not None:
        return Path(options.data).expanduser().absolute()
    from desktop_app.app import default_folder

    return default_folder()


def _parser() -> argparse.ArgumentParser:
    from desktop_app.cli import exchange, lists, register, work

    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="kết quả là một đối tượng JSON")
    shared.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục dữ liệu")
    parser = _Parser(prog="sohoctap", description="Sổ Học Tập: không kèm lệnh nào thì mở cửa sổ chương trình.")
    parser.add_argument("--json", action="store_true", help="kết quả là một đối tượng JSON")
    parser.add_argument("--data", metavar="DIR", help="thư mục dữ liệu")
    commands = parser.add_subparsers(dest="command", metavar="LỆNH", parser_class=_Parser)
    for room in (register, lists, work, exchange):
        room.add_commands(commands, shared)
    return parser
