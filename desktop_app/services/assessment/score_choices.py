"""Which indicators a person may choose for a column of scores whose heading does not name one.

Invariant: a choice is the number of an indicator in a set that is in use, so that it means the same in every group.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import sets_in_use
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


def indicator_choices(context: Context, models: Collection[LearningModel]) -> tuple[IndicatorChoice, ...]:
    """The indicators of the sets in use for some models, by number.

    The wording stands beside a number only where all these sets begin it alike.
    """
    texts: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for item in sets_in_use(context):
        if not item.is_in_use or item.definition.model not in models:
            continue
        for indicator in item.definition.indicators:
            texts.setdefault(indicator.code, []).append(indicator.text)
            words.setdefault(indicator.code, f"{item.definition.indicator_word.capitalize()} {indicator.number}")
    return tuple(
        IndicatorChoice(code, f"{words[code]}{_beginning(texts[code])}") for code in sorted(texts, key=text_sort_key)
    )


def _beginning(texts: list[str]) -> str:
    if len({fold(text)[:_ALIKE] for text in texts}) > 1:
        return ""
    text = texts[0]
    return f": {text}" if len(text) <= _SHOWN else f": {text[:_SHOWN].rsplit(' ', 1)[0]}…"
