"""What other screens may ask of a list of the register, besides one record by its uid.

Invariant: plain data, so that any screen may name a target without importing a widget.
"""

from __future__ import annotations

from dataclasses import dataclass

_HAMLET = "hamlet:"


@dataclass(frozen=True, slots=True)
class ListTarget:
    """A list, narrowed.

    Args:
        hamlet: uid of a hamlet; empty for all.
        text: words as typed into the search box.
    """

    hamlet: str = ""
    text: str = ""


def hamlet_link(uid: str) -> str:
    """The people or households of a hamlet, as a link's address."""
    return _HAMLET + uid


def target_of(link: str) -> str | ListTarget:
    """A link's address as a target."""
    return ListTarget(hamlet=link.removeprefix(_HAMLET)) if link.startswith(_HAMLET) else link
