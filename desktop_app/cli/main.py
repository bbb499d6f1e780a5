"""Entry of the command line: options, one JSON object on stdout, plain sentences on stderr, exit status 0, 1 or 2.

Invariant: nothing asks questions; stdout under ``--json`` carries exactly one object and nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from desktop_app.cli.answer import Answer, Call, WrongUsage
from desktop_app.cli.saying import say

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """Says in Vietnamese that a command was given wrongly, and shows its usage; takes no shortened options."""

    is_json = False
    """Whether the command line at hand asked for JSON; a wrong one is not parsed far enough to know."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        sentence = f"Lệnh chưa đúng: {in_vietnamese(message)}"
        say(f"{sentence}\n", sys.stderr)
        if _Parser.is_json:
            _say_error("usage", sentence)
        raise SystemExit(WRONG_USAGE)

    def _print_message(self, message: str, file: Any = None) -> None:
        say(message, sys.stderr if file is None else file)


_USAGE = (
    (r"the following arguments are required: (.+)", r"thiếu \1"),
    (r"one of the arguments (.+) is required", r"cần một trong các tùy chọn \1"),
    (r"argument (.+): invalid choice: (.+?) \(choose from (.+)\)", r"\1: không có giá trị \2 (chọn một trong \3)"),
    (r"argument (.+): expected (?:one|at least one) argument", r"\1 cần một giá trị"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 không đi cùng \2"),
    (r"argument (.+): ignored explicit argument (.+)", r"\1 không nhận giá trị \2"),
    (r"unrecognized arguments: (.+)", r"không hiểu: \1"),
)


def in_vietnamese(message: str) -> str:
    """What argparse says of a wrong command, in Vietnamese; words of our own stay as they are."""
    for pattern, words in _USAGE:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, words, message)
    return re.sub(r"^argument (\S+): ", r"\1: ", message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or open the window when there is none.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        _use_utf8(stream)
    words = list(sys.argv[1:] if arguments is None else arguments)
    _Parser.is_json = "--json" in words
    parser = _parser()
    options = parser.parse_args(words)
    folder = _folder(options)
    if options.command is None:
        from desktop_app.app import run

        return run(folder)
    try:
        return _run_command(options, folder)
    except WrongUsage as error:
        parser.error(str(error))


def _run_command(options: argparse.Namespace, folder: Path) -> int:
    from desktop_app.services.errors import AppError, BugError

    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        _check_out(options, folder)
        answer: Answer = options.run(Call(options, folder))
    except WrongUsage:
        raise
    except AppError as error:
        if isinstance(error, BugError):
            _log(folder, options)
        return _refuse(options, error.code, error.message)
    except UnicodeEncodeError:
        return _refuse(options, "text.bad", "Lệnh có chữ không đọc được nên chưa làm gì. Hãy gõ lại bằng Unicode.")
    except Exception:
        _log(folder if options.command != "demo" else options.out, options)
        bug = BugError("Chương trình gặp lỗi; việc này chưa được thực hiện. Chi tiết nằm trong tệp nhật ký lỗi.")
        return _refuse(options, bug.code, bug.message)
    return _tell(answer, options.json)


def _tell(answer: Answer, is_json: bool) -> int:
    for warning in answer.warnings:
        say(f"{warning}\n", sys.stderr)
    words = json.dumps(answer.data, ensure_ascii=False) if is_json else answer.text
    if not say(f"{words}\n", sys.stdout):
        say("Việc đã làm xong nhưng không ghi được kết quả ra; hãy xem lại chỗ trống trên đĩa.\n", sys.stderr)
        return REFUSED
    return REFUSED if answer.is_refused else DONE


def _check_out(options: argparse.Namespace, folder: Path) -> None:
    """No command writes its file over one of the register's own files, or over anything that stands among them.

    Raises:
        UserError: ``out.taken``.
    """
    from desktop_app.services.errors import UserError

    out: Path | None = getattr(options, "out", None)
    if out is None or options.command == "demo":
        return
    if _is_folder(out) or _is_own(out.resolve(), folder.resolve()):
        raise UserError(
            f"Không ghi vào {out} được: đó là một thư mục hoặc tệp của chính sổ; chưa có gì thay đổi. "
            "Hãy đặt một tên tệp khác.",
            code="out.taken",
        )


_OWN_STARTS = ("sohoctap.db", "device.", "journal.", "trusted.", "window.")


def _is_own(out: Path, folder: Path) -> bool:
    """Whether a file is one of the data folder's, or stands there already; Windows does not tell capitals apart."""
    if out.parent == folder and out.name.casefold().startswith(_OWN_STARTS):
        return True
    return folder in out.parents and out.exists()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _log(folder: Path, options: argparse.Namespace) -> None:
    """Keep the trace of a fault in the data folder's log, never on stderr."""
    from desktop_app.services.safety.logs import start_log, stop_log

    with contextlib.redirect_stderr(io.StringIO()):
        if start_log(folder) is None:
            return
    logging.getLogger(__name__).exception("command %s failed", options.command)
    stop_log(folder)


def _refuse(options: argparse.Namespace, code: str, message: str) -> int:
    say(f"{message}\n", sys.stderr)
    if options.json:
        _say_error(code, message)
    return REFUSED


def _say_error(code: str, message: str) -> None:
    error = {"error": {"code": code, "message": message}}
    say(json.dumps(error, ensure_ascii=False) + "\n", sys.stdout)


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

    shared = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="kết quả là một đối tượng JSON")
    shared.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục dữ liệu")
    parser = _Parser(prog="sohoctap", description="Sổ Học Tập: không kèm lệnh nào thì mở cửa sổ chương trình.")
    parser.add_argument("--json", action="store_true", help="kết quả là một đối tượng JSON")
    parser.add_argument("--data", metavar="DIR", help="thư mục dữ liệu")
    commands = parser.add_subparsers(dest="command", metavar="LỆNH", parser_class=_Parser)
    for room in (register, lists, work, exchange):
        room.add_commands(commands, shared)
    return parser
