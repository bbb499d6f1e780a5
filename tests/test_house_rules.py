"""The rules of the house that no linter knows: who makes engines and threads, sizes, first lines, plain text files."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("desktop_app", "installer", "resources", "tests")
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".json", ".csv", ".svg", ".nsi", ".reg", ".c", ".spec", ".lock", ".ini"}
LONGEST_FILE = 800
LONGEST_FUNCTION = 60
THREAD_MAKERS = {
    "Thread", "Timer", "QThread", "QThreadPool", "QRunnable", "ThreadPoolExecutor", "ProcessPoolExecutor", "Process",
}  # fmt: skip
CLOCK_READERS = {"now", "today", "utcnow", "localtime", "time_ns", "monotonic"}
PURE = (
    "desktop_app/services/vietnamese",
    "desktop_app/services/assessment/scoring.py",
    "desktop_app/services/assessment/verdict.py",
)
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|root|work|mnt|Users|opt)/\w")
REGISTRY_HOST = re.compile(
    "|".join((r"py[p]i\.", r"python[h]osted", r"index[-]url", r"deb\.[d]ebian", r"ubuntu\.com/[u]buntu"))
)
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")


def name_of(path: Path) -> str:
    """A file's path from the root, the same on every system."""
    return path.relative_to(ROOT).as_posix()


def files_below(folder: str) -> Iterator[Path]:
    for path in sorted((ROOT / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the tree, the generated and the foreign ones left out."""
    return tuple(path for folder in CODE for path in files_below(folder) if path.suffix == ".py")


@cache
def text_files() -> tuple[tuple[str, str], ...]:
    """Every text file of the tree with its text."""
    at_root = [path for path in sorted(ROOT.iterdir()) if path.is_file()]
    below = [path for folder in (*CODE, ".ci") for path in files_below(folder)]
    chosen = [path for path in (*at_root, *below) if path.suffix in TEXT_SUFFIXES or path.parent.name == ".ci"]
    return tuple((name_of(path), path.read_text(encoding="utf-8")) for path in chosen)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def program_modules() -> list[Path]:
    return [path for path in modules() if name_of(path).startswith("desktop_app/")]


def called_name(node: ast.AST) -> str:
    """Last word of what is called: ``QThread`` in ``QtCore.QThread(self)``."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def makers_in(tree: ast.Module, names: set[str]) -> list[tuple[int, str]]:
    """Lines where one of the names is called, asked for its global instance, or inherited from."""
    found = []
    for node in ast.walk(tree):
        makers: list[ast.expr] = []
        if isinstance(node, ast.ClassDef):
            makers = node.bases
        elif isinstance(node, ast.Call):
            makers = [node.func]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "globalInstance":
                makers = [node.func.value]
        found += [(node.lineno, called_name(each)) for each in makers if called_name(each) in names]
    return found


def used_as_maker(path: Path, names: set[str]) -> list[str]:
    return [f"{name_of(path)}:{line} {name}" for line, name in makers_in(tree_of(path), names)]


def test_only_the_database_room_makes_engines() -> None:
    elsewhere = [path for path in program_modules() if name_of(path) != "desktop_app/models/database.py"]
    assert [place for path in elsewhere for place in used_as_maker(path, {"create_engine"})] == []


def test_only_the_tasks_room_makes_threads() -> None:
    elsewhere = [path for path in program_modules() if name_of(path) != "desktop_app/ui/tasks.py"]
    assert [place for path in elsewhere for place in used_as_maker(path, THREAD_MAKERS)] == []


def test_pure_rooms_do_not_read_the_clock_or_open_files() -> None:
    pure = [path for path in program_modules() if name_of(path).startswith(PURE)]
    assert pure
    assert [place for path in pure for place in used_as_maker(path, CLOCK_READERS | {"open"})] == []


def test_making_a_thread_is_told_from_naming_one() -> None:
    source = """
class Worker(QtCore.QThread): ...
QThreadPool.globalInstance()
threading.Thread(target=work)
QThread.currentThread()
threading.Lock()
"""
    found = [name for _, name in makers_in(ast.parse(source), THREAD_MAKERS)]
    assert sorted(found) == ["QThread", "QThreadPool", "Thread"]


def test_every_module_says_first_what_it_is_for() -> None:
    silent = []
    for path in modules():
        text = path.read_text(encoding="utf-8")
        first = text.splitlines()[0] if text.strip() else ""
        is_packages_marker = path.name == "__init__.py" and (not text.strip() or "tests" in path.parts)
        if not is_packages_marker and not first.startswith(('"""', 'r"""')):
            silent.append(name_of(path))
    assert silent == []


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_page() -> None:
    long = []
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{name_of(path)}:{node.lineno} {node.name} ({length})")
    assert long == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("a path of one machine", MACHINE_PATH), ("the address of a registry", REGISTRY_HOST), ("a leftover", UNFINISHED)],
)
def test_no_text_file_holds_what_belongs_to_one_machine_or_day(what: str, pattern: re.Pattern[str]) -> None:
    here = name_of(Path(__file__))
    found = [
        f"{name}:{number} {what}: {line.strip()[:80]}"
        for name, text in text_files()
        if name != here
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_every_text_file_is_composed_unicode() -> None:
    assert [name for name, text in text_files() if not unicodedata.is_normalized("NFC", text)] == []


def test_every_text_file_ends_its_lines_as_unix_does() -> None:
    crlf = [path for path in modules() if b"\r\n" in path.read_bytes()]
    assert [name_of(path) for path in crlf] == []
