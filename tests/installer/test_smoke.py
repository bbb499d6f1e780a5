"""The smoke test of a built program: it must pass a demo that did its work and see each way of not doing it."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from installer import smoke

GOOD_DEMO = """
import json, pathlib, sys
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
certificates, screen = out / "giấy công nhận.pdf", out / "tổng quan.png"
page = Canvas(str(certificates))
page.drawString(100, 100, "certificate")
page.save()
picture = Image.linear_gradient("L")
picture.save(screen)
answer = {"files": [str(certificates), str(screen)], "citizens": 30, "assessed": 20, "passed": 9, "certificates": 9}
"""
SAY = "\nsys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode('utf-8'))\n"


@pytest.fixture
def problems_of(tmp_path: Path):
    """What the smoke test says of a demo that does its work and then one thing more."""

    def run(more: str = "", say: str = SAY) -> list[str]:
        script = tmp_path / "program.py"
        script.write_text(GOOD_DEMO + textwrap.dedent(more) + say, encoding="utf-8")
        return smoke.try_program([sys.executable, str(script)], tmp_path / "kết quả")

    return run


def test_a_demo_that_did_its_work_passes(problems_of) -> None:
    assert problems_of() == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("screen.unlink()", "is named but not there"),
        ("certificates.write_bytes(b'')", "is empty"),
        ("certificates.write_bytes(b'%PDF-1.4 broken')", "does not open"),
        ("page = Canvas(str(certificates)); page.showPage(); page.save()", "has no text"),
        ("Image.new('L', (90, 90)).save(screen)", "shows nothing"),
        ("screen.write_bytes(b'GIF89a')", "is not a PNG"),
        ("answer['files'].pop()", "no .png file"),
        ("answer['certificates'] = 8", "9 passed but 8 certificates"),
        ("answer['citizens'] = 0", "no citizens in the answer"),
        ("raise SystemExit('Đĩa đầy')", "Đĩa đầy"),
    ],
)
def test_a_demo_that_failed_is_seen(problems_of, more: str, said: str) -> None:
    found = problems_of("\nsys.stderr.reconfigure(encoding='utf-8')\n" + more)
    assert any(said in problem for problem in found), found


def test_an_answer_with_more_than_one_object_is_refused(problems_of) -> None:
    assert "not one JSON object" in problems_of(say="\nprint('{}')\nprint('{}')\n")[0]
