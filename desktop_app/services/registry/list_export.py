"""Lists that leave the register: whose they are, and the note in the journal that they left."""

from __future__ import annotations

from desktop_app.services.context import Context
from desktop_app.services.register import home_commune


def office_line(context: Context) -> str:
    """Whose list it is, "UBND Xã Phú An" or the office's own name."""
    from desktop_app.services.settings import load_office

    name = load_office(context).office_name
    return name or f"UBND {home_commune(context).get('name', '')}".strip()


def note_export(context: Context, what: str, count: int, *, on_paper: bool = False) -> None:
    """Write down that a list was taken out, in this file's own stream (Luật 91/2025/QH15: who saw personal data)."""
    kind = "list.print" if on_paper else "list.export"
    with context.operation(kind, {"what": what, "count": count}) as op:
        op.is_kept = True
