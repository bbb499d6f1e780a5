"""Every ``bench_*.py`` beside this file, run alone in a process of its own and held to the limit that it states.

A benchmark prints JSON objects, one a line, each with ``ratio`` and ``limit``; a ratio is measured in one run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SCRIPTS = sorted(HERE.glob("bench_*.py"))


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("script", SCRIPTS, ids=[script.stem for script in SCRIPTS])
def test_a_benchmark_stays_within_its_limit(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = dict(os.environ, PYTHONPATH=str(HERE.parents[1]), PYTHONIOENCODING="utf-8")
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, encoding="utf-8", env=environment, cwd=HERE.parents[1]
    )
    assert ended.returncode == 0, ended.stderr
    measured = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    with capsys.disabled():
        print("\n".join(["", *(f"  {script.stem}: {json.dumps(each, ensure_ascii=False)}" for each in measured)]))
    assert measured
    assert [each for each in measured if each["ratio"] > each["limit"]] == []
