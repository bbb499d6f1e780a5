"""What the workers of the screen do: plan with the first pages, write the file, note in the journal that it was made.

Invariant: touches no widget; a print is noted once it can leave, before its first page does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from desktop_app.services.context import Context
from desktop_app.services.paper.planning import PrintPlan, plan_print, preview
from desktop_app.services.paper.printing import note_print, write_print
from desktop_app.services.paper.request import PaperRequest
from desktop_app.services.progress import Progress


def planned(context: Context, asked: PaperRequest, progress: Progress, *, with_sample: bool) -> tuple[PrintPlan, bytes]:
    """A print counted, and its first pages where they are shown."""
    plan = plan_print(context, asked)
    if not with_sample:
        return plan, b""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "xem_truoc.pdf"
        write_print(preview(plan), out, progress=progress)
        return plan, out.read_bytes()


def written(context: Context, asked: PaperRequest, path: Path, progress: Progress) -> PrintPlan:
    """A print planned anew and kept as one file."""
    plan = plan_print(context, asked)
    write_print(plan, path, progress=progress)
    note_print(context, plan)
    return plan


def note(context: Context, made: list[PrintPlan]) -> None:
    """Write down that what was made leaves the register."""
    if made:
        note_print(context, made[0])


def recorder(context: Context, made: list[PrintPlan]) -> Callable[[int, int], bool]:
    """Notes the print when its pages go to the printer."""

    def record(_first: int, _last: int) -> bool:
        note(context, made)
        return True

    return record
