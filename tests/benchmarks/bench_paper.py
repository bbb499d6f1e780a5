"""2,000 blank forms with codes as one PDF against bare reportlab pages, segno's matrix and one path: at most 3 x.

Run: ``python -m tests.benchmarks.bench_paper [COUNT]``; prints one JSON object. The floor draws each page's words with
reportlab's own calls, as ``bench_certificates`` does; ``shared`` is a stricter floor that draws them once as a form.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import segno
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from desktop_app.models.types import LearningModel
from desktop_app.services.criteria.loader import get_set
from desktop_app.services.paper.codes import form_code, grouped, qr_text
from desktop_app.services.paper.planning import PrintPlan, make_plan
from desktop_app.services.paper.printing import write_print
from desktop_app.services.paper.request import PaperRequest
from desktop_app.services.paper.rows import LADDER, _text_lines
from desktop_app.services.paper.shapes import FormHead, PaperForm, PreparedSet
from desktop_app.services.resources import resource_path

LIMIT = 3.0
SET = get_set("citizen.resident")
HEAD = FormHead(2026, ("ỦY BAN NHÂN DÂN", "XÃ PHÚ AN"), "Ủy ban nhân dân xã Phú An")


def forms(count: int) -> tuple[PaperForm, ...]:
    """Forms with codes and without names, each of another uid."""
    uids = [f"0190a5c4e1f07b3c8d2e{place * 7919 + 11:012x}" for place in range(count)]
    empty = ("", "", "", "")
    return tuple(
        PaperForm(uid, LearningModel.CITIZEN, 1, "", empty, code=form_code(uid), qr=qr_text(uid, 2026, SET.key))
        for uid in uids
    )


def plan_of(items: tuple[PaperForm, ...]) -> PrintPlan:
    """A print of these forms alone."""
    return make_plan(PaperRequest(2026), HEAD, items, (), {1: PreparedSet(1, SET)}, {})


def bare_lines() -> list[list[str]]:
    """The words of both pages, as many lines as the form has."""
    lines = [
        " ".join(word for word, _ in line.words)
        for item in SET.indicators
        for line in _text_lines(item, LADDER[5], 450)
    ]
    half = len(lines) // 2
    return [lines[:half], lines[half:]]


def write_bare(items: tuple[PaperForm, ...], out: Path, *, is_shared: bool = False) -> None:
    """The floor: words, boxes, code and modules by reportlab's own calls."""
    pdfmetrics.registerFont(TTFont("Bare", str(resource_path("fonts", "LiberationSerif-Regular.ttf"))))
    canvas = Canvas(str(out), pagesize=(595, 842))
    pages = bare_lines()
    if is_shared:
        for number, lines in enumerate(pages):
            canvas.beginForm(f"page{number}", 0, 0, 595, 842)
            _draw_bare_page(canvas, lines)
            canvas.endForm()
    for item in items:
        for number, lines in enumerate(pages):
            if is_shared:
                canvas.doForm(f"page{number}")
            else:
                _draw_bare_page(canvas, lines)
            canvas.setFont("Bare", 12)
            canvas.drawString(40, 26, f"Mã phiếu: {grouped(item.code)}")
            if number == 0:
                _draw_bare_code(canvas, item)
            canvas.showPage()
    canvas.save()


def _draw_bare_page(canvas: Any, lines: list[str]) -> None:
    canvas.setFont("Bare", 13)
    for place, line in enumerate(lines):
        canvas.drawString(40, 760 - 22 * place, line)
    for place in range(5):
        canvas.rect(36, 100 + 120 * place, 520, 110)
        canvas.rect(500, 160 + 120 * place, 40, 30)


def _draw_bare_code(canvas: Any, item: PaperForm) -> None:
    path = canvas.beginPath()
    for row, modules in enumerate(segno.make_qr(item.qr, error="m").matrix):
        for column, is_dark in enumerate(modules):
            if is_dark:
                path.rect(480 + 2.5 * column, 820 - 2.5 * row, 2.5, 2.5)
    canvas.drawPath(path, stroke=0, fill=1)


def measure(count: int = 2000) -> dict[str, float]:
    """Seconds of both, best of three turns taken in turn, and their ratio."""
    items = forms(count)
    taken: dict[str, list[float]] = {"bare": [], "shared": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.pdf"
        write_print(plan_of(items[:5]), out)
        pages = 0
        for _ in range(3):
            for name in taken:
                start = time.perf_counter()
                if name == "ours":
                    pages = write_print(plan_of(items), out)
                else:
                    write_bare(items, out, is_shared=name == "shared")
                taken[name].append(time.perf_counter() - start)
        size = out.stat().st_size
    return {
        "forms": count,
        "pages": pages,
        "bare_seconds": round(min(taken["bare"]), 3),
        "shared_seconds": round(min(taken["shared"]), 3),
        "seconds": round(min(taken["ours"]), 3),
        "ratio": round(min(taken["ours"]) / min(taken["bare"]), 2),
        "ratio_to_shared": round(min(taken["ours"]) / min(taken["shared"]), 2),
        "limit": LIMIT,
        "bytes_per_page": size // max(1, pages),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)))
