"""What a sheet is a list of, by its columns and titles: people, heads of household, members of an organization, titles…

Pure; it only names the kind. People of every kind are read alike; what a kind tells besides stands in their extras.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from enum import StrEnum

from desktop_app.services.importing.fields import TITLES, Field
from desktop_app.services.vietnamese import fold


class ListKind(StrEnum):
    """What one row of a list is about."""

    CITIZENS = "citizens"
    HEADS = "heads"
    CLANS = "clans"
    ORGANIZATIONS = "organizations"
    MEMBERS = "members"
    BRANCHES = "branches"
    HAMLETS = "hamlets"
    TITLES = "titles"
    SCORES = "scores"
    UNKNOWN = "unknown"


KIND_TITLES: dict[ListKind, str] = {
    ListKind.CITIZENS: "danh sách nhân khẩu",
    ListKind.HEADS: "danh sách hộ theo chủ hộ",
    ListKind.CLANS: "danh sách dòng họ",
    ListKind.ORGANIZATIONS: "danh sách đơn vị",
    ListKind.MEMBERS: "danh sách người của đơn vị",
    ListKind.BRANCHES: "danh sách chi hội",
    ListKind.HAMLETS: "danh sách thôn, tổ dân phố",
    ListKind.TITLES: "danh sách danh hiệu",
    ListKind.SCORES: "bảng chấm điểm",
    ListKind.UNKNOWN: "chưa rõ là danh sách gì",
}
"""Kind → how it is named in sentences."""

_NAMES = frozenset({Field.NAME, Field.FAMILY_NAME})
_OF_PERSON = frozenset({Field.BIRTH, Field.BIRTH_YEAR, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.CCCD, Field.SEX})
_SCORES = 2
UNIT_LISTS = (ListKind.CLANS, ListKind.ORGANIZATIONS, ListKind.BRANCHES, ListKind.HAMLETS)
"""What one row of such a list is about is no person."""
_OF_UNIT = frozenset(
    {Field.HAMLET, Field.LEADER, Field.PHONE, Field.UNIT_PHONE, Field.UNIT_CODE, Field.UNIT_ADDRESS, Field.ADDRESS,
     Field.HOUSEHOLD_NO, Field.MEMBER_COUNT, Field.POVERTY, Field.POOR_MARK, Field.NEAR_POOR_MARK, Field.TOTAL,
     Field.BIRTH, Field.BIRTH_YEAR, Field.CCCD, Field.SEX, Field.MALE_MARK, Field.FEMALE_MARK}
)  # fmt: skip
"""What a list of hamlets may tell of them and of who leads them."""
_HAMLETS = r"(?:thon|to dan pho|to|tdp|ap|ban|khom|khu pho|khu|xom|buon|lang|bon)"
_TITLES: tuple[tuple[re.Pattern[str], ListKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"danh sach .*(dat|duoc cong nhan|de nghi cong nhan).*(danh hieu|hoc tap)", ListKind.TITLES),
        (r"danh sach (?:cac )?(?:cong dan|(?:ho )?gia dinh) hoc tap\b", ListKind.TITLES),
        (rf"danh sach .*?(?:\btruong {_HAMLETS}|\bto truong)\b", ListKind.HAMLETS),
        (r"danh sach (?:cac )?(?:dong ho|dong toc|truong (?:dong )?ho|truong toc|toc truong)\b", ListKind.CLANS),
        (r"danh sach (?:cac )?(?:chi hoi|truong chi hoi)\b", ListKind.BRANCHES),
        (r"danh sach (?:cac )?(?:don vi|co quan|to chuc|truong|doanh nghiep|hop tac xa)\b", ListKind.ORGANIZATIONS),
        (
            r"danh sach (?:can bo|giao vien|cong nhan|nhan vien|vien chuc|cong chuc|nguoi lao dong|hoc sinh|sinh vien|"
            r"hoi vien)\b",
            ListKind.MEMBERS,
        ),
        (r"danh sach (?:cac )?(?:chu ho|ho (?:can )?ngheo)\b", ListKind.HEADS),
    )
)


def kind_of_list(fields: Iterable[Field], titles: Iterable[str]) -> ListKind:
    """Return what a sheet lists.

    Args:
        fields: the meanings of its columns.
        titles: the texts above them.
    """
    meanings = list(fields)
    known = frozenset(meanings) - {Field.IGNORE, Field.SEQUENCE, Field.NOTE}
    if meanings.count(Field.SCORE) >= _SCORES:
        return ListKind.SCORES
    told = next((kind for title in titles for pattern, kind in _TITLES if pattern.search(fold(title))), None)
    by_columns = _by_columns(known)
    if told is None or by_columns is ListKind.UNKNOWN:
        return by_columns
    if told is ListKind.TITLES and by_columns in UNIT_LISTS:
        return by_columns
    lists_people = bool(known & _NAMES) and bool(known & _OF_PERSON)
    if told in UNIT_LISTS and lists_people:
        return by_columns
    if told is ListKind.HAMLETS and (by_columns in UNIT_LISTS or Field.HAMLET not in known):
        return by_columns
    return told if Field.RELATION not in known or told is ListKind.TITLES else by_columns


def _by_columns(known: Set[Field]) -> ListKind:
    has_names = bool(known & _NAMES)
    if not has_names and Field.HEAD_NAME not in known:
        return _without_people(known)
    if known & set(TITLES) and not known & {Field.RELATION, Field.HOUSEHOLD_CODE, Field.HOUSEHOLD_NO}:
        return ListKind.TITLES
    if Field.ORGANIZATION in known and not known & {Field.RELATION, Field.HOUSEHOLD_CODE}:
        return ListKind.MEMBERS
    if Field.HEAD_NAME in known and not has_names:
        return ListKind.CLANS if Field.CLAN in known else ListKind.HEADS
    if Field.MEMBER_COUNT in known and Field.RELATION not in known:
        return ListKind.HEADS
    return ListKind.CITIZENS


def _without_people(known: Set[Field]) -> ListKind:
    by_field = {
        Field.BRANCH_CODE: ListKind.BRANCHES, Field.BRANCH_NAME: ListKind.BRANCHES, Field.CLAN: ListKind.CLANS,
        Field.ORGANIZATION: ListKind.ORGANIZATIONS,
    }  # fmt: skip
    found = [kind for field, kind in by_field.items() if field in known]
    if found:
        return found[0] if {Field.CLAN, Field.ORGANIZATION} - known else ListKind.UNKNOWN
    is_hamlets = Field.HAMLET in known and known <= _OF_UNIT and len(known) > 1
    return ListKind.HAMLETS if is_hamlets and known & {Field.LEADER, Field.HOUSEHOLD_NO} else ListKind.UNKNOWN
