"""Choices of the print that this machine remembers: order, sides, covers, lists.

Invariant: only choices, no names and no places; what cannot be read is forgotten.
"""

from __future__ import annotations

import json
from typing import Any

from desktop_app.services.paper.request import PaperOrder
from desktop_app.ui.widgets import state

_KEPT = ("order", "has_covers", "stack_size", "has_assignments", "is_two_sided", "has_all_levels")
_MEMORY = "paper.answers"


def remembered() -> dict[str, Any]:
    """What was chosen last; empty on a new machine."""
    try:
        kept = json.loads(state.recall(_MEMORY, "{}"))
        found = {key: kept[key] for key in _KEPT if key in kept}
        found["order"] = PaperOrder(found["order"])
        found["stack_size"] = int(found["stack_size"])
    except (ValueError, KeyError, TypeError):
        return {}
    return found


def remember(answers: dict[str, Any]) -> None:
    """Keep the choices among the answers, once all of them can be read."""
    if all(answers.get(key) is not None for key in _KEPT):
        state.remember(_MEMORY, json.dumps({key: answers[key] for key in _KEPT}))
