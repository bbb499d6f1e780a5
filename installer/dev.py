"""The README's two commands, ``run`` and ``test``; each sets up all it needs by itself, from a bare Python on.

python3 installer/dev.py run [arguments of the program]
python3 installer/dev.py test [--full] [arguments of pytest]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
try:
    from installer import machine
except ImportError as error:
    sys.exit(f"This Python is not complete ({error}). On Debian or Ubuntu: sudo apt-get install python3")

DEMO_FOLDER = machine.ROOT / "build" / "demo"
BENCHMARKS = "tests/benchmarks"


class Step:
    """One check: its name, its command, and after it ran its exit status, its last line and its seconds."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.code = 1
        self.closing = ""
        self.seconds = 0.0

    def run(self) -> None:
        """Run the command, showing its output as it comes and keeping the last line that says something."""
        print(f"\n== {self.name}", flush=True)
        started = time.monotonic()
        environment = dict(os.environ, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8")
        process = subprocess.Popen(
            self.command,
            cwd=machine.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                print(line, end="", flush=True)
                self.closing = line.strip() or self.closing
        self.code = process.wait()
        self.seconds = time.monotonic() - started

    def summary(self) -> str:
        """One line for the closing table."""
        result = "ok" if self.code == 0 else f"FAILED ({self.code})"
        return f"  {self.name:<28} {result:<12} {self.seconds:7.1f} s   {self.closing[:100]}"


def run_program(arguments: list[str]) -> int:
    """Start the program; where no window could be seen, say so and run the demo, naming its files."""
    machine.ensure_qt_libraries()
    python = str(machine.ensure_environment([machine.RUNTIME_LOCK]))
    if machine.has_display() or _names_a_command(arguments):
        return subprocess.run([python, "-m", "desktop_app", *arguments], cwd=machine.ROOT).returncode
    machine.say("No display was found, so no window can be shown. Running the demo instead.")
    shutil.rmtree(DEMO_FOLDER, ignore_errors=True)
    DEMO_FOLDER.mkdir(parents=True)
    command = [python, "-m", "desktop_app", *arguments, "demo", "--out", str(DEMO_FOLDER)]
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    code = subprocess.run(command, cwd=machine.ROOT, env=environment).returncode
    if code == 0:
        print("\nLook at these files:")
        for path in sorted(path for path in DEMO_FOLDER.rglob("*") if path.is_file()):
            print(f"  {path.relative_to(machine.ROOT)}")
    return code


def _names_a_command(arguments: list[str]) -> bool:
    """Whether the arguments ask for work without a window: a word besides ``--data DIR``, or help."""
    words = list(arguments)
    if words[:1] == ["--data"]:
        words = words[2:]
    return any(not word.startswith("--data=") for word in words)


def run_checks(arguments: list[str]) -> int:
    """Run all that CI checks (with ``--full`` all that a release checks) and sum it up; 0 when all passed."""
    machine.ensure_qt_libraries()
    python = machine.ensure_environment([machine.RUNTIME_LOCK, machine.DEV_LOCK])
    full = "--full" in arguments
    if full:
        machine.ensure_full_tools()
    steps = checks(str(python), full, [argument for argument in arguments if argument != "--full"])
    for step in steps:
        step.run()
    print("\n== What ran")
    for step in steps:
        print(step.summary())
    if not full:
        print("  (the slow checks, Windows under Wine and the built program run with --full)")
    print(next(step.closing for step in steps if step.name == "pytest"), flush=True)
    return 1 if any(step.code for step in steps) else 0


def checks(python: str, full: bool, pytest_arguments: list[str]) -> list[Step]:
    """The steps in the order in which they say most for their time."""
    pytest = [python, "-m", "pytest"]
    steps = [
        Step("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        Step("ruff", [python, "-m", "ruff", "check", "."]),
        Step("mypy", [python, "-m", "mypy"]),
        Step("import-linter", [str(machine.venv_script("lint-imports")), "--no-logo"]),
    ]
    if not full:
        return [*steps, Step("pytest", [*pytest, *_workers(pytest_arguments), *pytest_arguments])]
    steps.append(
        Step(
            "pytest",
            [*pytest, "--full", *_workers(pytest_arguments), f"--ignore={BENCHMARKS}", *pytest_arguments],
        )
    )
    if not pytest_arguments:
        steps.append(Step("benchmarks, alone", [*pytest, "--full", BENCHMARKS]))
    steps.append(Step("built program", [python, "-m", "installer.build", "--smoke"]))
    if sys.platform == "linux":
        steps.append(Step("Windows suite under Wine", [python, "-m", "installer.wine", "test", *_workers([])]))
        steps.append(Step("Windows program under Wine", [python, "-m", "installer.wine", "build"]))
        steps.append(Step("Windows setup under Wine", [python, "-m", "installer.wine", "setup"]))
    return steps


def _workers(arguments: list[str]) -> list[str]:
    """Share the tests among the processors, unless the person asked for something that needs one process."""
    alone = {"-s", "--pdb", "--trace", "-n", "--collect-only", "--co"}
    processors = min(4, os.cpu_count() or 1)
    if processors == 1 or any(argument in alone or argument.startswith("-n") for argument in arguments):
        return []
    return ["-n", str(processors)]


def main(arguments: list[str]) -> int:
    """Do one of the two commands; returns the exit status."""
    machine.use_utf8_console()
    commands = {"run": run_program, "test": run_checks}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        return commands[arguments[0]](arguments[1:])
    except machine.SetupError as error:
        machine.say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
