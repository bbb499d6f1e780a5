"""Finding a form of the round by the name of whom it is about, for objections.

Invariant: a choice is the form's uid with words that tell it from others of the same name.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.review.listing import text_condition
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import SOURCES, TITLES, placed
from desktop_app.services.context import Context
from desktop_app.services.history.rendering import Names
from desktop_app.services.raw import all_rows, one_row

MOST = 30


def find_forms(context: Context, year: int, text: str, *, posting: Uid | None = None) -> list[tuple[Uid, str]]:
    """Forms whose subject's name has these words: (uid, words), those on the posting first, at most ``MOST``.

    Raises:
        UserError: ``round.unknown``.
    """
    found: list[tuple[bool, Uid, str]] = []
    with context.read() as connection:
        round_ = round_of(connection, year)
        for model in LearningModel:
            found += _of_model(connection, round_, model, text, posting)
    found.sort(key=lambda item: item[0])
    return [(uid, words) for _, uid, words in found[:MOST]]


def form_words(context: Context, assessment: Uid) -> str:
    """The words of a form that is chosen already."""
    with context.read() as connection:
        query = "SELECT model, subject FROM assessment WHERE uid = ?"
        row = one_row(connection, query, (bytes.fromhex(assessment),))
        if row is None:
            return ""
        return f"{Names(connection).subject(row[0], row[1].hex())} · {TITLES[LearningModel(row[0])]}"


def _of_model(
    connection: Connection, round_: RoundRecord, model: LearningModel, text: str, posting: Uid | None
) -> list[tuple[bool, Uid, str]]:
    source = SOURCES[model]
    condition, words = ("1", []) if model is LearningModel.COMMUNE else text_condition(model, text)
    birth = "substr(s.birth, 1, 4)" if model is LearningModel.CITIZEN else "''"
    on_list = (
        "lower(hex(a.uid)) NOT IN (SELECT j.value FROM posting AS p, json_each(p.subjects) AS j WHERE p.uid = ?)"
        if posting
        else "1"
    )
    values: list[Any] = [bytes.fromhex(posting)] if posting else []
    rows = all_rows(
        connection,
        f"SELECT {on_list} AS rank, a.uid, {source.name}, {birth}, v.name, {source.detail} "
        f"FROM {subject_table(model)} AS s JOIN assessment AS a ON a.assessment_round_id = {round_.id} "
        f"AND a.model = '{model.value}' AND a.subject_id = s.id AND a.present AND a.answered > 0 "
        f"{placed(source.joins, model, round_)} WHERE s.present AND {condition} "
        f"ORDER BY rank, {source.sort}, s.id LIMIT {MOST}",
        (*values, *words),
    )
    return [
        (bool(rank), uid.hex(), " · ".join(part for part in (name, year, hamlet, detail, TITLES[model]) if part))
        for rank, uid, name, year, hamlet, detail in rows
    ]
