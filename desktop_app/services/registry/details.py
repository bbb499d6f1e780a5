"""One record with all that hangs on it, for its page or the panel beside the list.

Invariant: CCCD and phone leave this module masked; ``personal.reveal_cccd`` shows a number and writes that down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.records import (
    BranchDetail,
    CitizenDetail,
    ClanDetail,
    ClanHousehold,
    HamletDetail,
    HouseholdDetail,
    Link,
    Member,
    Membership,
    OrganizationDetail,
)
from desktop_app.models.types import (
    CitizenGroup,
    HamletKind,
    LearningModel,
    LifeStatus,
    OrganizationKind,
    Poverty,
    Sex,
    Uid,
)
from desktop_app.services.context import Context
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.detail_parts import (
    any_row,
    branch_members,
    household_members,
    link,
    links,
    organization_members,
    texts,
    titles,
    years,
)
from desktop_app.services.registry.groups import propose_group
from desktop_app.services.registry.lists import SCORE_COLUMNS, passing_subjects, score_join, score_of
from desktop_app.services.registry.rounds import RoundKey, counting_day, round_key
from desktop_app.services.registry.validation import birth_of
from desktop_app.services.vietnamese import mask_cccd, mask_phone


def citizen_detail(context: Context, uid: Uid, *, round: Uid | None = None) -> CitizenDetail:
    """A person with household, memberships, titles and results by year; also one who was removed.

    Args:
        round: whose scores stand beside the members' names; the newest when None.

    Raises:
        UserError: this file never had the person (``record.unknown``).
    """
    with context.read() as connection:
        key = round_key(connection, round)
        row = any_row(connection, "citizen", uid)
        home = _household_of(connection, row["household_id"])
        return CitizenDetail(
            **texts(row, "sort_name", "ethnicity", "religion", "occupation", "workplace", "relation", "note"),
            uid=uid,
            name=row["full_name"] or "",
            sex=Sex(row["sex"]) if row["sex"] else None,
            birth=birth_text(row["birth"]),
            birth_iso=row["birth"] or "",
            cccd=mask_cccd(row["cccd"]),
            phone=mask_phone(row["phone"]),
            group=CitizenGroup(row["citizen_group"]) if row["citizen_group"] else None,
            proposed_group=_proposed(connection, row, key),
            household=link(connection, "household", row["household_id"]),
            hamlet=link(connection, "hamlet", row["hamlet_id"]),
            address=home[1],
            is_head=home[0] == row["id"],
            life=LifeStatus(row["life_status"] or "living"),
            status_date=birth_text(row["status_date"]),
            branch=link(connection, "branch", row["branch_id"]),
            is_present=bool(row["present"]),
            members=household_members(connection, row["household_id"], home[0], key) if row["household_id"] else (),
            memberships=memberships(connection, row["id"]),
            titles=titles(connection, "citizen", uid),
            years=years(connection, "citizen", uid),
        )


def household_detail(context: Context, uid: Uid, *, round: Uid | None = None) -> HouseholdDetail:
    """A household with its people, clans, titles and results by year.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        key = round_key(connection, round)
        row = any_row(connection, "household", uid)
        return HouseholdDetail(
            **texts(row, "code", "address", "note"),
            uid=uid,
            hamlet=link(connection, "hamlet", row["hamlet_id"]),
            poverty=Poverty(row["poverty"] or "none"),
            head=link(connection, "citizen", row["head_id"]),
            split_from=link(connection, "household", row["split_from_id"]),
            valid_from=birth_text(row["valid_from"]),
            valid_to=birth_text(row["valid_to"]),
            is_present=bool(row["present"]),
            members=household_members(connection, row["id"], row["head_id"], key),
            clans=links(connection, _CLANS_OF_HOUSEHOLD, row["id"]),
            titles=titles(connection, "household", uid),
            years=years(connection, "household", uid),
        )


def hamlet_detail(context: Context, uid: Uid) -> HamletDetail:
    """A hamlet with its counts and what lies in it.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        row = any_row(connection, "hamlet", uid)
        here = row["id"]
        poverty = connection.exec_driver_sql(_POVERTY, (here,)).all()
        groups = connection.exec_driver_sql(_GROUPS, (here,)).all()
        return HamletDetail(
            **texts(row, "name", "code", "former_commune", "leader", "note"),
            uid=uid,
            kind=HamletKind(row["kind"] or "other"),
            phone=mask_phone(row["phone"]),
            valid_from=birth_text(row["valid_from"]),
            valid_to=birth_text(row["valid_to"]),
            successor=link(connection, "hamlet", row["successor_id"]),
            is_present=bool(row["present"]),
            households=sum(count for _, count in poverty),
            citizens=sum(count for _, count in groups),
            by_poverty=tuple((Poverty(value), count) for value, count in poverty),
            by_group=tuple((CitizenGroup(value) if value else None, count) for value, count in groups),
            clans=links(connection, _IN_HAMLET.format(table="clan"), here),
            organizations=links(connection, _IN_HAMLET.format(table="organization"), here),
            branches=links(connection, _IN_HAMLET.format(table="branch"), here),
            titles=titles(connection, "hamlet", uid),
            years=years(connection, "hamlet", uid),
        )


def clan_detail(context: Context, uid: Uid, *, round: Uid | None = None) -> ClanDetail:
    """A clan with its households and which of them hold the title of the round's year.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        key = round_key(connection, round)
        row = any_row(connection, "clan", uid)
        return ClanDetail(
            **texts(row, "name", "surname", "leader", "note"),
            uid=uid,
            hamlet=link(connection, "hamlet", row["hamlet_id"]),
            phone=mask_phone(row["phone"]),
            is_present=bool(row["present"]),
            households=_clan_households(connection, row["id"], key),
            titles=titles(connection, "clan", uid),
            years=years(connection, "clan", uid),
        )


def organization_detail(context: Context, uid: Uid, *, round: Uid | None = None) -> OrganizationDetail:
    """An organization with its people and their scores in the round.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        key = round_key(connection, round)
        row = any_row(connection, "organization", uid)
        return OrganizationDetail(
            **texts(row, "name", "code", "address", "leader", "note"),
            uid=uid,
            kind=OrganizationKind(row["kind"] or "other"),
            hamlet=link(connection, "hamlet", row["hamlet_id"]),
            phone=mask_phone(row["phone"]),
            is_present=bool(row["present"]),
            members=organization_members(connection, row["id"], key),
            branches=links(connection, _BRANCHES_OF_ORGANIZATION, row["id"]),
            titles=titles(connection, "organization", uid),
            years=years(connection, "organization", uid),
        )


def branch_detail(context: Context, uid: Uid) -> BranchDetail:
    """A branch of the association.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        row = any_row(connection, "branch", uid)
        members = connection.exec_driver_sql(
            "SELECT count(*) FROM citizen WHERE branch_id = ? AND is_current = 1", (row["id"],)
        ).scalar_one()
        return BranchDetail(
            **texts(row, "code", "name", "leader"),
            uid=uid,
            hamlet=link(connection, "hamlet", row["hamlet_id"]),
            organization=link(connection, "organization", row["organization_id"]),
            phone=mask_phone(row["phone"]),
            is_present=bool(row["present"]),
            members=members,
        )


SHOWN_PEOPLE = 300
"""Most people of a branch that its page names; their number is told whole."""


def branch_people(context: Context, uid: Uid, *, round: Uid | None = None) -> tuple[Member, ...]:
    """The first people of a branch by name, with their scores of the round.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        row = any_row(connection, "branch", uid)
        return branch_members(connection, row["id"], round_key(connection, round), SHOWN_PEOPLE)


def _proposed(connection: Connection, row: Mapping[str, Any], key: RoundKey) -> CitizenGroup | None:
    return propose_group(birth_of(row["birth"]), row["occupation"], counting_day(connection, key.uid))


_CLANS_OF_HOUSEHOLD = """
SELECT t.uid, t.name FROM clan_household AS k JOIN clan AS t ON t.id = k.clan_id
WHERE k.household_id = ? AND k.present = 1 AND t.present = 1 ORDER BY t.sort_key"""
_BRANCHES_OF_ORGANIZATION = """
SELECT uid, trim(coalesce(code, '') || ' ' || coalesce(name, '')) FROM branch
WHERE organization_id = ? AND present = 1 ORDER BY sort_key"""
_IN_HAMLET = 'SELECT uid, name FROM "{table}" WHERE hamlet_id = ? AND present = 1 ORDER BY sort_key'
_POVERTY = """
SELECT coalesce(poverty, 'none'), count(*) FROM household WHERE hamlet_id = ? AND present = 1 AND valid_to IS NULL
GROUP BY 1 ORDER BY CASE coalesce(poverty, 'none') WHEN 'poor' THEN 1 WHEN 'near_poor' THEN 2 ELSE 3 END"""
_GROUPS = """
SELECT citizen_group, count(*) FROM citizen WHERE hamlet_id = ? AND is_current = 1
GROUP BY 1 ORDER BY citizen_group IS NULL, CASE citizen_group WHEN 'resident' THEN 1 WHEN 'worker' THEN 2
WHEN 'official' THEN 3 ELSE 4 END"""
_MEMBERSHIPS = """
SELECT o.uid, o.name, m.role, m.since, m.until FROM organization_member AS m
JOIN organization AS o ON o.id = m.organization_id
WHERE m.citizen_id = ? AND m.present = 1 AND o.present = 1 ORDER BY m.until IS NOT NULL, o.sort_key"""


def memberships(connection: Connection, citizen_id: int) -> tuple[Membership, ...]:
    """The organizations to which a person belongs or belonged."""
    return tuple(
        Membership(Link(row[0].hex(), row[1] or ""), row[2] or "", birth_text(row[3]), birth_text(row[4]))
        for row in connection.exec_driver_sql(_MEMBERSHIPS, (citizen_id,))
    )


def _household_of(connection: Connection, household_id: int | None) -> tuple[int | None, str]:
    """Local key of the head, and the address."""
    row = connection.exec_driver_sql("SELECT head_id, address FROM household WHERE id = ?", (household_id,)).first()
    return (None, "") if row is None else (row[0], row[1] or "")


def _clan_households(connection: Connection, clan_id: int, key: RoundKey) -> tuple[ClanHousehold, ...]:
    query = f"""
    SELECT s.uid, s.code, c.full_name, h.name, k.since,
           EXISTS (SELECT 1 FROM certificate AS t WHERE t.subject = s.uid AND t.model = 'family' AND t.year = {key.year}
                   AND t.present = 1 AND t.status <> 'voided'),
           EXISTS ({passing_subjects(LearningModel.FAMILY, key)} AND t.subject_id = s.id), {SCORE_COLUMNS}
    FROM clan_household AS k JOIN household AS s ON s.id = k.household_id
    LEFT JOIN citizen AS c ON c.id = s.head_id LEFT JOIN hamlet AS h ON h.id = s.hamlet_id
    {score_join("s", key, LearningModel.FAMILY)}
    WHERE k.clan_id = ? AND k.present = 1 AND k.until IS NULL AND s.present = 1 AND s.valid_to IS NULL
    ORDER BY s.sort_key, s.id"""
    return tuple(
        ClanHousehold(
            Link(row[0].hex(), row[1] or ""), row[2] or "", row[3] or "", birth_text(row[4]), bool(row[5]),
            bool(row[6]), score_of(row[7:]),
        )
        for row in connection.exec_driver_sql(query, (clan_id,))
    )  # fmt: skip
