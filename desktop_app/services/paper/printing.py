"""Writes a planned print as one PDF: the assignment list, the covers and the forms of each place in turn, then blanks.

Invariant: the file is written whole or not at all; that forms left the register is written down in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.documents.flow import Flow, document
from desktop_app.services.documents.typography import MM
from desktop_app.services.paper.assignment import draw_assignment
from desktop_app.services.paper.cover import draw_cover
from desktop_app.services.paper.forms import FormPrinter
from desktop_app.services.paper.planning import PrintPlan
from desktop_app.services.paper.shapes import PaperForm, Stack
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import number_text

MARGIN = 15 * MM
_STEP = 20


def write_print(plan: PrintPlan, out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Write everything that is planned to ``out``; returns the number of pages.

    Raises:
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: asked to stop; nothing is kept.
    """
    with document(out, f"Phiếu đánh giá năm {plan.head.year}") as flow:
        writer = _Writer(flow, plan, progress)
        writer.draw()
        return writer.pages


def note_print(context: Context, plan: PrintPlan) -> None:
    """Write down that forms with names were printed or saved, in this file's own stream (Luật 91/2025/QH15)."""
    args: dict[str, object] = {"count": len(plan.forms) + len(plan.blanks), "what": plan.what}
    if plan.request.has_covers:
        args["covers"] = covers_of(plan)
    with context.operation("paper.print", args) as op:
        op.is_kept = True


def covers_of(plan: PrintPlan) -> list[list[str]]:
    """What the covers of a print say, for the journal: place, set, codes of their stacks with blanks between."""
    found: dict[tuple[Uid, Uid], list[str]] = {}
    for stack in plan.stacks:
        found.setdefault((stack.forms[0].place_uid, plan.sets[stack.set_id].uid), []).append(stack.code)
    return [[place, of_set, " ".join(codes)] for (place, of_set), codes in found.items()]


class _Writer:
    """Draws the pieces of a plan on one canvas."""

    def __init__(self, flow: Flow, plan: PrintPlan, progress: Progress) -> None:
        self._canvas = flow.canvas
        self._plan = plan
        self._progress = progress
        self._is_two_sided = plan.request.is_two_sided
        self._printer = FormPrinter(flow.canvas, plan.templates, is_two_sided=self._is_two_sided)
        self._sheet_pages = 0
        self._done = 0

    @property
    def pages(self) -> int:
        """Pages so far."""
        return self._printer.pages + self._sheet_pages

    def draw(self) -> None:
        """Everything in the order of handing out."""
        plan, request = self._plan, self._plan.request
        for share in plan.shares:
            if request.has_assignments:
                self._sheet(partial(draw_assignment, share=share, sets=plan.sets, homes=plan.homes, head=plan.head))
            if share.is_stacked:
                for stack in share.stacks:
                    self._cover(stack)
                    self._forms(stack.forms)
            else:
                for stack in share.stacks:
                    self._cover(stack)
                self._forms(share.forms)
        self._forms(plan.blanks)

    def _cover(self, stack: Stack) -> None:
        if self._plan.request.has_covers:
            self._sheet(partial(draw_cover, stack=stack, sets=self._plan.sets, head=self._plan.head))

    def _forms(self, forms: tuple[PaperForm, ...]) -> None:
        if not self._plan.request.has_forms:
            return
        total = self._plan.form_count
        for form in forms:
            self._printer.draw(form)
            self._done += 1
            if self._done % _STEP == 0 or self._done == total:
                self._progress.step(self._done, total, f"Đang tạo phiếu {number_text(self._done)}/{number_text(total)}")

    def _sheet(self, draw: Callable[[Flow], None]) -> None:
        """A cover or list on pages of its own."""
        self._progress.step(self._done, self._plan.form_count, "Đang tạo bìa tập và phiếu giao việc")
        flow = Flow(self._canvas, margin=MARGIN)
        draw(flow)
        flow.close_page()
        if self._is_two_sided and flow.pages % 2:
            self._canvas.showPage()
            flow.pages += 1
        self._sheet_pages += flow.pages
