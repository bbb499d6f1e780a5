"""Rounds, registrations, assessments with answers and evidence, batches and reviews.

Invariants: one assessment a subject, model and round; one answer an assessment and indicator; totals and verdict
columns are derived from the answers until ``frozen`` holds the verdict that was recognised.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, Text

from desktop_app.models.tables.base import UidType, derived, ref, shared_table

assessment_round = shared_table(
    30,
    "assessment_round",
    Column("year", Integer, nullable=False),
    Column("name", Text),
    Column("status", Text, default="open"),
    Column("starts_on", Text),
    Column("ends_on", Text),
    Column("counted_on", Text),  # ISO date on which age and residence are counted, 31/12 of the year
)

target = shared_table(
    31,
    "target",
    ref("assessment_round", nullable=False),
    Column("model", Text),
    Column("citizen_group", Text),
    Column("percent", Float),
    Column("denominator", Text),
    Column("source", Text),
    Column("status", Text),
)

registration = shared_table(
    32,
    "registration",
    ref("assessment_round", nullable=False, index=False),
    Column("model", Text),
    Column("subject", UidType),
    Column("kind", Text),
    Column("registered_on", Text),
    Column("note", Text),
    derived("subject_id", Integer),
    Index("ix_registration_subject", "assessment_round_id", "model", "subject_id"),
    Index("ix_registration_uid", "subject"),
)

assessment = shared_table(
    33,
    "assessment",
    ref("assessment_round", nullable=False, index=False),
    Column("model", Text),
    Column("subject", UidType),
    ref("criteria_set"),
    Column("status", Text, default="draft"),
    Column("assessed_on", Text),
    Column("assessor", Text),
    Column("note", Text),
    ref("batch"),
    Column("frozen", JSON(none_as_null=True)),  # the verdict as recognised: total, passed, sentence, set revision
    derived("subject_id", Integer),
    derived("total", Float),
    derived("answered", Integer),
    derived("is_complete", Boolean),
    derived("passed", Boolean),
    derived("grade", Text),
    Column("batch_order", Integer),  # place in the stack, from 1
    Index("ix_assessment_subject", "assessment_round_id", "model", "subject_id"),
    Index("ix_assessment_uid", "subject"),
)

answer = shared_table(
    34,
    "answer",
    ref("assessment", nullable=False, index=False),
    Column("indicator", Text, nullable=False),
    Column("value", Float),  # points; 1 or 0 for met or not; percent for percent rows
    Column("note", Text),
    Index("uq_answer_indicator", "assessment_id", "indicator", unique=True),
)

evidence = shared_table(
    35,
    "evidence",
    ref("assessment", nullable=False),
    Column("indicator", Text),
    Column("file_name", Text),
    Column("sha256", Text),
    Column("size", Integer),  # bytes
    Column("media_type", Text),
    Column("note", Text),
)

review = shared_table(
    36,
    "review",
    ref("assessment", nullable=False),
    Column("stage", Text),
    Column("outcome", Text),
    Column("reason", Text),
    Column("reviewed_on", Text),
    Column("reviewer", Text),
)

batch = shared_table(
    37,
    "batch",
    ref("assessment_round", nullable=False),
    ref("hamlet"),
    Column("name", Text),
    Column("collector", Text),
    Column("collected_on", Text),
    Column("form_count", Integer),
    Column("score_sum", Float),
    Column("status", Text, default="open"),  # open, closed
    Column("model", Text),
    Column("citizen_group", Text),
    ref("organization"),
    ref("criteria_set"),
    Column("code", Text),  # printed on the cover sheet
    Column("closed_on", Text),
    Column("note", Text),
)

round_set = shared_table(  # the criteria set by which a model (of citizens: a group) is judged in one round
    38,
    "round_set",
    ref("assessment_round", nullable=False),
    Column("model", Text, nullable=False),
    Column("citizen_group", Text),
    ref("criteria_set"),
    Column("is_taking_part", Boolean),
)

second_entry = shared_table(  # a paper form keyed once more, unseen by who keyed it first
    39,
    "second_entry",
    ref("assessment", nullable=False),
    ref("batch"),
    Column("status", Text),  # drawn, keyed, agreed, differs, settled
    Column("reason", Text),  # sample or threshold: why it was drawn
    Column("entered_by", UidType),
    Column("entered_on", Text),
    Column("second_values", JSON(none_as_null=True)),  # indicator → value as keyed the second time
    Column("first_by", UidType),
    Column("first_values", JSON(none_as_null=True)),  # indicator → value when the two were compared
    Column("settled_by", UidType),
    Column("settled_on", Text),
    Column("settled", JSON(none_as_null=True)),  # indicator → {"value", "from": first, second or again}
)

posting = shared_table(  # a list posted publicly, with the days in which objections are taken
    40,
    "posting",
    ref("assessment_round", nullable=False),
    ref("hamlet"),
    Column("model", Text),
    Column("stage", Text),
    Column("place", Text),
    Column("posted_on", Text),
    Column("until", Text),
    Column("subjects", JSON(none_as_null=True)),  # uids of the assessments that stood on the list
    Column("note", Text),
    Column("results", JSON(none_as_null=True)),  # the subjects' totals and verdicts as they were posted
)

objection = shared_table(
    41,
    "objection",
    ref("assessment", nullable=False),
    ref("posting"),
    Column("raised_by", Text),
    Column("content", Text),
    Column("received_on", Text),
    Column("outcome", Text),  # none: not answered yet; upheld, rejected
    Column("answer", Text),
    Column("answered_by", Text),
    Column("answered_on", Text),
)

site_account = shared_table(  # where a citizen stands on the national site in one round
    42,
    "site_account",
    ref("assessment_round", nullable=False),
    ref("citizen", nullable=False),
    Column("state", Text),  # none, registered, self_assessed, recognised
    Column("changed_on", Text),
    Column("source", Text),
    Column("note", Text),
)

follow_up = shared_table(  # who sees to the accounts of one hamlet or organization, and when they were last reminded
    43,
    "follow_up",
    ref("assessment_round", nullable=False),
    ref("hamlet"),
    ref("organization"),
    Column("person", Text),
    Column("reminded_on", Text),
    Column("note", Text),
)

meeting = shared_table(  # the meeting at which a hamlet, a branch or the commune reviews; one a round, stage and hamlet
    44,
    "meeting",
    ref("assessment_round", nullable=False),
    ref("hamlet"),
    Column("stage", Text),
    Column("held_on", Text),
    Column("began", Text),
    Column("ended", Text),
    Column("place", Text),
    Column("chair", Text),
    Column("secretary", Text),
    Column("came", Integer),  # households represented
    Column("stayed_away", Integer),
    Column("votes_for", Integer),
    Column("votes_against", Integer),
    Column("content", Text),
)
