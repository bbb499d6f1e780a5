"""The titles of former years that the register has, as planning an import needs them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.models.types import LearningModel

Subject = tuple[str, int]
"""("known", local key) or ("planned", index of the row for a person, of the household for a family)."""
TitleKey = tuple[LearningModel, Subject, int]
"""Model, whose title, year."""


@dataclass(frozen=True)
class KnownTitles:
    """Titles by model, local key of the subject and year.

    Attributes:
        latest: the year before the newest round; None where there is no round.
        former: titles of former years → number, "" for none.
        own: those for which the program made a certificate, also one that was voided.
    """

    latest: int | None = None
    former: Mapping[tuple[LearningModel, int, int], str] = field(default_factory=dict)
    own: frozenset[tuple[LearningModel, int, int]] = frozenset()

    def number_of(self, key: TitleKey) -> str | None:
        """The number of a known former title, "" where it has none; None where the title is not known."""
        model, (kind, subject), year = key
        return self.former.get((model, subject, year)) if kind == "known" else None

    def is_own(self, key: TitleKey) -> bool:
        """Whether the program itself has the word on a title."""
        model, (kind, subject), year = key
        return kind == "known" and (model, subject, year) in self.own


NO_TITLES = KnownTitles()
