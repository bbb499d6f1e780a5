"""Tries a built program: its demo must do the whole job, and every file it names must be what its name says.

Usage: ``python -m installer.smoke PROGRAM [WORD …] --out FOLDER``. The demo's answer is held against its files.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

TIMEOUT = 600
PNG_HEAD = b"\x89PNG\r\n\x1a\n"

Runner = Callable[[list[str]], "subprocess.CompletedProcess[bytes]"]


def run_here(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a program of this system without a screen, from a foreign folder, as a user's shortcut would."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run(
        command,
        cwd=Path.home(),
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
    )


def try_program(
    program: list[str], out: Path, runner: Runner = run_here, as_seen: Callable[[Path], str] = str
) -> list[str]:
    """Run ``program demo --json`` into a fresh folder and check what it left.

    Args:
        out: the folder, emptied first.
        runner: runs a command and catches its output; under Wine another one than here.
        as_seen: the folder's path in the words of the system that the program runs on.

    Returns:
        What is wrong, one sentence each; empty when all is well.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    try:
        ended = runner([*program, "demo", "--out", as_seen(out), "--json"])
    except subprocess.TimeoutExpired:
        return [f"the demo did not end within {TIMEOUT} s"]
    if ended.returncode:
        tail = ended.stderr.decode("utf-8", "replace").strip()[-2000:]
        return [f"the demo ended with status {ended.returncode}: {tail}"]
    try:
        answer = json.loads(ended.stdout.decode("utf-8"))
    except ValueError:
        return [f"the demo's answer is not one JSON object: {ended.stdout[:300]!r}"]
    return check_answer(answer) + check_files(answer.get("files", []), out)


def check_answer(answer: dict[str, object]) -> list[str]:
    """Hold the demo's counts against one another: it recognises all who pass, so as many certificates."""
    problems = [f"no {name} in the answer" for name in ("citizens", "assessed", "passed", "certificates")
                if not isinstance(answer.get(name), int) or not answer[name]]  # fmt: skip
    if not problems and answer["passed"] != answer["certificates"]:
        problems.append(f"{answer['passed']} passed but {answer['certificates']} certificates")
    return problems


def check_files(named: list[str], out: Path) -> list[str]:
    """Check each file that the demo names (by its last part, as systems differ) by what is in it."""
    found = {path.name: path for path in out.rglob("*") if path.is_file()}
    names = [name.replace("\\", "/").rsplit("/", 1)[-1] for name in named]
    problems = [f"{name} is named but not there" for name in names if name not in found]
    problems += [f"no {suffix} file" for suffix in (".pdf", ".png") if not any(name.endswith(suffix) for name in names)]
    for name in names:
        if name in found:
            problem = check_file(found[name])
            problems += [f"{name}: {problem}"] if problem else []
    return problems


def check_file(path: Path) -> str:
    """What is wrong with one file, or an empty text."""
    if path.stat().st_size == 0:
        return "is empty"
    checks = {".pdf": check_pdf, ".png": check_png, ".xlsx": check_workbook}
    check = checks.get(path.suffix.lower())
    return check(path) if check else ""


def check_pdf(path: Path) -> str:
    """A PDF must open, have pages, and carry text that can be found again."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            text = document[0].get_textpage().get_text_range() if len(document) else ""
    except pypdfium2.PdfiumError as error:
        return f"does not open: {error}"
    return "" if text.strip() else "has no text on its first page"


def check_png(path: Path) -> str:
    """A picture must open and show more than one colour."""
    from PIL import Image

    if not path.read_bytes().startswith(PNG_HEAD):
        return "is not a PNG"
    with Image.open(path) as picture:
        colours = picture.convert("RGB").getcolors(maxcolors=256)
    return "shows nothing" if colours is not None and len(colours) < 8 else ""


def check_workbook(path: Path) -> str:
    """A workbook must be a sound archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return f"is damaged at {archive.testzip()}" if archive.testzip() else ""
    except zipfile.BadZipFile:
        return "is not a workbook"


def report(problems: list[str]) -> int:
    """Print what is wrong, or that nothing is; returns the exit status."""
    for problem in problems:
        print(f"smoke: {problem}")
    if not problems:
        print("smoke: the demo ran and every file is what its name says")
    return 1 if problems else 0


def main() -> int:
    """Try the program named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    return report(try_program(options.program, options.out.resolve()))


if __name__ == "__main__":
    sys.exit(main())
