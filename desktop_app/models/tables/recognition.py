"""Decisions, certificates and the register book.

Invariant: a number, once given for a model and year, is never given again; a void keeps its number.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Text, text

from desktop_app.models.tables.base import UidType, derived, named_ref, ref, shared_table

decision = shared_table(
    50,
    "decision",
    ref("assessment_round", nullable=False),
    Column("model", Text),
    Column("number", Text),
    Column("decided_on", Text),
    Column("authority", Text),
    Column("signer_title", Text),
    Column("signer_name", Text),
    Column("submission_number", Text),  # tờ trình
    Column("note", Text),
)

certificate = shared_table(
    51,
    "certificate",
    ref("decision", nullable=False),
    ref("assessment"),
    Column("model", Text),
    Column("year", Integer),
    Column("subject", UidType),
    Column("sequence", Integer),  # running number of the register book for this model and year
    Column("number", Text),  # as printed, e.g. 0412/2026-CD
    Column("recipient", Text),
    Column("honorific", Text),
    Column("birth", Text),
    Column("address", Text),
    Column("issued_on", Text),
    Column("status", Text, default="issued"),
    Column("printed_count", Integer, default=0),
    Column("handed_over_on", Text),
    Column("handed_over_to", Text),
    Column("voided_on", Text),
    Column("void_reason", Text),
    named_ref("reissue_of_id", "certificate"),
    derived("subject_id", Integer),
    Index("uq_certificate_number", "model", "year", "sequence", unique=True, sqlite_where=text("sequence IS NOT NULL")),
    Index("ix_certificate_subject", "subject"),
)
