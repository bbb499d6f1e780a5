"""The Windows checks from Linux: ``python -m installer.wine prepare | test | build | setup | python``, in .venv.

``test`` runs the suite on Windows binaries, ``build`` makes the program folder there and tries its demo,
``setup`` packs that folder into the setup program and installs, runs and removes it.
"""

from __future__ import annotations

import shutil
import sys

from installer import build, machine, smoke
from installer.wine import installation
from installer.wine.rig import Rig, default_folder

TEST_TIMEOUT = 5400
BUILD_TIMEOUT = 1200
BASE_TEMP = "C:\\Thử nghiệm"
"""Where the tests write: a folder as Vietnamese users have them, with letters and a space."""


def run_tests(rig: Rig, arguments: list[str]) -> int:
    """Run the suite under Wine, without a screen unless ``--screen`` is given; returns pytest's exit status."""
    on_screen = "--screen" in arguments
    arguments = [argument for argument in arguments if argument != "--screen"]
    pytest = ["-m", "pytest", "-p", "no:cacheprovider", f"--basetemp={BASE_TEMP}", *arguments]
    command = [*rig.wine(str(rig.python)), *pytest]
    if on_screen:
        command = rig.on_screen(command)
    ended = rig.run(command, TEST_TIMEOUT, TEST_QPA="windows" if on_screen else "offscreen")
    rig.stop()
    return ended.returncode


def build_program(rig: Rig, arguments: list[str]) -> int:
    """Build the program folder under Wine and try its demo there; returns the exit status."""
    out = rig.folder / "program"
    shutil.rmtree(out, ignore_errors=True)
    paths = [rig.path(path) for path in (out, rig.folder / "program-work", build.SPEC)]
    command = [*build.pyinstaller_command(rig.wine(str(rig.python)), *paths), "--log-level", "ERROR"]
    ended = rig.run([*command, *arguments], BUILD_TIMEOUT)
    program = out / "sohoctap" / "sohoctap.exe"
    if ended.returncode or not program.exists():
        print(f"PyInstaller under Wine ended with status {ended.returncode}")
        return 1
    print(f"Built {program.parent}: {build.folder_size(program.parent) / 1e6:.0f} MB")
    problems = smoke.try_program(
        rig.on_screen(rig.wine(str(program))),
        out / "demo",
        runner=lambda words: rig.run(words, smoke.TIMEOUT, quiet=True),
        as_seen=rig.path,
    )
    rig.stop()
    return smoke.report(problems)


def try_setup(rig: Rig, arguments: list[str]) -> int:
    """Pack the built folder into the setup program and try that; returns the exit status."""
    problems = installation.try_setup(rig, installation.built_program(rig))
    rig.stop()
    for problem in problems:
        print(f"setup: {problem}")
    if not problems:
        print("setup: installed, ran, installed over itself and was removed; the data stayed")
    return 1 if problems else 0


def run_python(rig: Rig, arguments: list[str]) -> int:
    """Run the Windows Python with any arguments, for looking into a failure."""
    code = rig.run([*rig.wine(str(rig.python)), *arguments], TEST_TIMEOUT, TEST_QPA="offscreen").returncode
    rig.stop()
    return code


def main(arguments: list[str]) -> int:
    """Make the rig where needed and do one of its works."""
    machine.use_utf8_console()
    works = {
        "prepare": lambda rig, _: 0,
        "test": run_tests,
        "build": build_program,
        "setup": try_setup,
        "python": run_python,
    }
    if sys.platform != "linux" or not arguments or arguments[0] not in works:
        print(__doc__)
        return 2
    rig = Rig(default_folder())
    try:
        rig.ensure()
        return works[arguments[0]](rig, arguments[1:])
    except machine.SetupError as error:
        machine.say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
