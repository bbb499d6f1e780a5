"""Whom a row of a scoring list may be about, looked for by a person who knows better than the list.

Invariant: only what is present in the register is offered, with where it lives, so that it can be told apart.
"""

from __future__ import annotations

from desktop_app.models.records import HitKind
from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.scores_subjects import load_subjects
from desktop_app.services.context import Context
from desktop_app.services.importing.planning.matching import Known, load_people
from desktop_app.services.registry.search import search
from desktop_app.services.vietnamese import fold

MOST = 3


def find_subjects(
    context: Context, model: LearningModel, text: str, limit: int = MOST
) -> tuple[tuple[Known, ...], int]:
    """Who fits what was typed (a name, a code, the end of a CCCD), best first, and how many there are."""
    if model is LearningModel.CITIZEN:
        found = search(context, text, limit, kinds=(HitKind.CITIZEN,))
        with context.read() as connection:
            people = load_people(connection)
        known = [people.by_uid[hit.uid] for hit in found.results if hit.uid in people.by_uid]
        return tuple(known), found.total
    words = fold(text).split()
    with context.read() as connection:
        units = load_subjects(connection, model).everyone
    fitting = [unit for unit in units if words and all(word in f"{unit.name} {fold(unit.home)}" for word in words)]
    return tuple(fitting[:limit]), len(fitting)
