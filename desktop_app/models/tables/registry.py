"""Communes, hamlets, households, citizens, clans, organizations and branches, and where they were before.

Invariants: one head a household (a field of the household); at most one present citizen for a CCCD; a CCCD is
text and may be missing; birth is ISO text of whatever is known (``1984``, ``1984-05``, ``1984-05-08``). The present
place of a person is ``citizen.household_id`` and of a household ``household.hamlet_id``; ``residence`` and
``household_place`` hold former places only, as half-open spans of days: ``since`` (or always) up to, not including,
``until``.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Text, text

from desktop_app.models.tables.base import UidType, derived, named_ref, ref, shared_table

commune = shared_table(
    1,
    "commune",
    Column("code", Text, nullable=False),  # code of the national statistics office, 5 digits
    Column("name", Text, nullable=False),
    Column("kind", Text),  # xã, phường, đặc khu
    Column("province_code", Text),
    Column("province", Text),
    Column("valid_from", Text),
    Column("valid_to", Text),
    named_ref("successor_id", "commune"),  # merged into
)

hamlet = shared_table(
    2,
    "hamlet",
    ref("commune"),
    Column("name", Text),
    Column("kind", Text),
    Column("code", Text),
    Column("former_commune", Text),  # name of the commune it belonged to before a merger
    Column("valid_from", Text),
    Column("valid_to", Text),
    named_ref("successor_id", "hamlet"),
    Column("leader", Text),
    Column("phone", Text),
    Column("note", Text),
    derived("name_fold", Text),
    derived("sort_key", Text),
)

household = shared_table(
    3,
    "household",
    Column("code", Text),
    ref("hamlet", index=False),
    Column("address", Text),
    Column("poverty", Text, default="none"),
    named_ref("head_id", "citizen"),
    named_ref("split_from_id", "household"),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Column("note", Text),
    derived("code_fold", Text, index=True),
    derived("sort_key", Text),
    Index("ix_household_list", "hamlet_id", "sort_key", "id"),
    Index("ix_household_code_list", "present", "sort_key"),
)

citizen = shared_table(
    4,
    "citizen",
    Column("full_name", Text),
    Column("sort_name", Text),  # corrected order of names that are not họ – đệm – tên
    Column("sex", Text),
    Column("birth", Text),
    Column("cccd", Text),
    Column("phone", Text),
    Column("ethnicity", Text),
    Column("religion", Text),
    Column("occupation", Text),
    Column("workplace", Text),
    Column("citizen_group", Text),
    ref("household", index=False),
    Column("relation", Text),
    Column("position", Integer),  # place in the household, from 1
    Column("life_status", Text, default="living"),  # living, away, moved, dead
    Column("status_date", Text),
    ref("branch"),
    Column("note", Text),
    derived("name_fold", Text),
    derived("sort_key", Text),
    derived("birth_year", Integer),
    derived("is_current", Boolean),  # present, and living here or away for a time: what lists and counts show
    derived("hamlet_id", Integer),
    derived("search_rowid", Integer),  # its row in citizen_search: first letters of the sort key, then the id
    named_ref("merged_into_id", "citizen", index=False),  # the record that took over an absent duplicate
    Index("ix_citizen_household_position", "household_id", "position", "is_current"),
    Index("ix_citizen_name", "name_fold"),
    Index("ix_citizen_list", "is_current", "sort_key", "hamlet_id", "citizen_group", "birth"),
    Index("ix_citizen_hamlet_list", "hamlet_id", "is_current", "sort_key"),
    Index("ix_citizen_birth_list", "is_current", "birth"),
    Index(  # who is to be assessed: counted for every percentage
        "ix_citizen_counted",
        "hamlet_id",
        "citizen_group",
        "birth",
        sqlite_where=text("present = 1 AND life_status = 'living'"),
    ),
    Index("ix_citizen_no_cccd", "sort_key", sqlite_where=text("cccd IS NULL AND is_current = 1")),
    Index("ix_citizen_merged_into", "merged_into_id", sqlite_where=text("merged_into_id IS NOT NULL")),
    Index("uq_citizen_cccd", "cccd", unique=True, sqlite_where=text("cccd IS NOT NULL AND present = 1")),
)

clan = shared_table(
    5,
    "clan",
    Column("name", Text),
    Column("surname", Text),
    ref("hamlet"),
    Column("leader", Text),
    Column("phone", Text),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Column("note", Text),
    derived("name_fold", Text),
    derived("sort_key", Text),
)

clan_household = shared_table(
    6,
    "clan_household",
    ref("clan", nullable=False),
    ref("household", nullable=False),
    Column("since", Text),
    Column("until", Text),
)

organization = shared_table(
    7,
    "organization",
    Column("name", Text),
    Column("kind", Text),
    Column("code", Text),
    Column("address", Text),
    ref("hamlet"),
    Column("leader", Text),
    Column("phone", Text),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Column("note", Text),
    derived("name_fold", Text),
    derived("sort_key", Text),
)

organization_member = shared_table(
    8,
    "organization_member",
    ref("organization", nullable=False),
    ref("citizen", nullable=False),
    Column("role", Text),
    Column("since", Text),
    Column("until", Text),
)

branch = shared_table(
    9,
    "branch",
    Column("code", Text),
    Column("name", Text),
    ref("hamlet"),
    ref("organization"),
    Column("leader", Text),
    Column("phone", Text),
    derived("name_fold", Text),
    derived("sort_key", Text),
)

residence = shared_table(
    10,
    "residence",
    ref("citizen"),
    ref("household"),  # none: outside the commune
    Column("relation", Text),
    Column("since", Text),
    Column("until", Text),
    Column("reason", Text),  # split, join, move, away, moved
    Column("place", Text),  # where to or from, in words, outside the commune
    Column("note", Text),
)

household_place = shared_table(
    11,
    "household_place",
    ref("household"),
    ref("hamlet"),  # none: outside the commune
    Column("address", Text),
    Column("since", Text),
    Column("until", Text),
    Column("reason", Text),  # move, merge, moved
    Column("note", Text),
)

distinct_pair = shared_table(  # two people who look alike and are not the same
    12,
    "distinct_pair",
    named_ref("first_id", "citizen"),
    named_ref("second_id", "citizen"),
    Column("note", Text),
)

former_title = shared_table(  # a title of a year before the program was used, from the office's own lists
    13,
    "former_title",
    Column("model", Text, nullable=False),
    Column("subject", UidType, nullable=False),
    Column("year", Integer, nullable=False),
    Column("source", Text),  # the list it was read from, or who typed it
    Column("number", Text),  # number of the certificate or decision, where the list gives it
    Column("note", Text),
    derived("subject_id", Integer),
    Index("ix_former_title_subject", "model", "subject_id", "year"),
    Index("ix_former_title_uid", "subject"),
)
