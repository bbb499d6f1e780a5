"""Criteria sets as the office uses them: which version, its changes, its confirmation.

Invariant: a shipped set's rows live in resources; ``definition`` holds text only for sets made elsewhere.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, Text

from desktop_app.models.tables.base import shared_table

criteria_set = shared_table(
    20,
    "criteria_set",
    Column("key", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("model", Text),
    Column("citizen_group", Text),
    Column("definition", JSON(none_as_null=True)),  # null: the shipped file of this key and version
    Column("overrides", JSON(none_as_null=True)),  # the office's own wording, maxima, pass mark
    Column("revision", Integer, default=0),  # grows with each change of overrides
    Column("is_in_use", Integer, default=1),
    Column("confirmed_by", Text),
    Column("confirmed_on", Text),
    Column("confirmation_document", Text),
)
