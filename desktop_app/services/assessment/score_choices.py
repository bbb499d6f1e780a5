"""Which indicators a person may choose for a column of scores whose heading does not name one.

Invariant: a choice is the number of an indicator in a set by which the round's forms are filled, so that it means the
same in every group of it.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.round_models import PARTS
from desktop_app.services.assessment.rounds import current_round, list_rounds, round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.criteria.round_sets import takes_part
from desktop_app.services.errors import UserError
from desktop_app.services.importing.understanding import Understood
from desktop_app.services.vietnamese import fold, text_sort_key

_SHOWN = 48
_ALIKE = 24


@dataclass(frozen=True, slots=True)
class IndicatorChoice:
    """One indicator: its number as headings write it, and the words that a person chooses it by."""

    code: str
    words: str


def models_of(book: Understood) -> frozenset[LearningModel]:
    """The models whose forms a file holds; citizens where none was read yet."""
    found = frozenset(row.model for row in book.scores.rows) if book.scores is not None else frozenset()
    return found or frozenset({LearningModel.CITIZEN})


def proposed_year(context: Context, book: Understood) -> int:
    """The round that a file of scores goes into: the open one that it names, else the one that people work in; 0 where
    there is none."""
    rounds = {item.year for item in list_rounds(context) if not item.is_closed}
    named = book.scores.years if book.scores is not None else ()
    found = next((year for year in named if year in rounds), 0)
    with suppress(UserError):
        return found or current_round(context).year
    return 0


def indicator_choices(context: Context, models: Collection[LearningModel], year: int) -> tuple[IndicatorChoice, ...]:
    """The indicators of the sets by which a round's new forms of some models are filled, by number.

    A round's own choice of set goes before the one in general use; models and groups that it leaves out offer nothing.
    The wording stands beside a number only where all these sets begin it alike.

    Args:
        year: of the round; 0 for the sets in general use.

    Raises:
        UserError: ``round.unknown``.
    """
    texts: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for definition in _sets_of_round(context, models, year):
        for indicator in definition.indicators:
            texts.setdefault(indicator.code, []).append(indicator.text)
            words.setdefault(indicator.code, f"{definition.indicator_word.capitalize()} {indicator.number}")
    return tuple(
        IndicatorChoice(code, f"{words[code]}{_beginning(texts[code])}") for code in sorted(texts, key=text_sort_key)
    )


def _sets_of_round(context: Context, models: Collection[LearningModel], year: int) -> list[CriteriaSet]:
    found: list[CriteriaSet] = []
    with context.read() as connection:
        round_id = round_of(connection, year).id if year else None
        for model, group in PARTS:
            if model in models and (round_id is None or takes_part(connection, round_id, model, group)):
                with suppress(UserError):
                    found.append(set_in_use(connection, model, group, round_id=round_id).definition)
    return found


def _beginning(texts: list[str]) -> str:
    if len({fold(text)[:_ALIKE] for text in texts}) > 1:
        return ""
    text = texts[0]
    return f": {text}" if len(text) <= _SHOWN else f": {text[:_SHOWN].rsplit(' ', 1)[0]}…"
