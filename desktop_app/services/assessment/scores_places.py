"""In which hamlet of the register a row of a scoring list stands; by the rule of all lists (``planning.places``).

Invariant: of two former communes' hamlets of one name none is guessed unseen; a hamlet that ended leads to the living
one for whom or what lies in it, never for the hamlet's own form.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.scores_subjects import Subjects
from desktop_app.services.importing.hamlets import is_vague
from desktop_app.services.importing.planning import places
from desktop_app.services.importing.planning.listed_hamlets import homes_of
from desktop_app.services.importing.planning.matching import KnownPeople
from desktop_app.services.importing.planning.places import AskedCommune, ListedPlaces, Mention, Titles
from desktop_app.services.importing.preview import ParsedSheet, ScoreRow

Models = Mapping[LearningModel, Subjects]


@dataclass(frozen=True)
class ScorePlaces:
    """The hamlets of a scoring list's rows."""

    listed: ListedPlaces
    people: KnownPeople
    units: Models

    @property
    def asked(self) -> tuple[AskedCommune, ...]:
        """Hamlets of which the list does not tell to which former commune they belong."""
        return self.listed.asked

    def of(self, row: ScoreRow) -> str:
        """Key of the hamlet in which a row's subject lies, or of the hamlet itself; without a former commune where that
        is not clear, "" where the row names none."""
        mention = _mention(row, self.people, self.units)
        if not mention.text:
            return ""
        key = self.listed.of(mention) or self.listed.known.plain(mention.text, is_vague=mention.is_vague)
        if row.model is LearningModel.COMMUNITY:
            return key
        return self.listed.known.ends.get(key, (key, ""))[0]

    def ended_into(self, key: str) -> str:
        """Key of the living hamlet into which one was merged; "" for one that lives or is not known."""
        end = self.listed.known.ends.get(key, (key, ""))[0]
        return end if end != key else ""


def load_places(
    connection: Connection,
    sheets: Sequence[ParsedSheet],
    rows: Sequence[ScoreRow] = (),
    people: KnownPeople | None = None,
    units: Models | None = None,
    chosen: Mapping[Titles, str] | None = None,
) -> ScorePlaces:
    """Read the hamlets and settle which of them a list's rows mean.

    Args:
        chosen: titles → the former commune of their hamlets, by somebody's word.
    """
    known = places.load_places(connection)
    people, units = people or KnownPeople(), units or {}
    mentions = [_mention(row, people, units) for row in rows] if known.formers else []
    return ScorePlaces(ListedPlaces(known, sheets, mentions, chosen, is_making=False), people, units)


def _mention(row: ScoreRow, people: KnownPeople, units: Models) -> Mention:
    text = row.name if row.model is LearningModel.COMMUNITY else row.hamlet
    lives_in = partial(homes_of, row, people) if row.model is LearningModel.CITIZEN else partial(_units_of, row, units)
    return Mention(row.sheet, text, is_vague(text) if text else False, lives_in)


def _units_of(row: ScoreRow, units: Models) -> Collection[str]:
    """Keys of the hamlets where the register has families of that code and head; other units' names are not enough."""
    if row.model is not LearningModel.FAMILY or row.model not in units:
        return ()
    return units[row.model].homes_of(row)
