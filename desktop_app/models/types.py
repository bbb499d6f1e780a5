"""Enums and ids shared by all rooms; values are stored and exported, so they never change meaning.

Names follow the glossary. This module imports nothing of the program.
"""

from __future__ import annotations

from enum import StrEnum

Uid = str
"""Identity outside this file: 32 lower-case hex digits (a UUID without hyphens)."""


class LearningModel(StrEnum):
    """The five learning models and the commune itself (QĐ 387/QĐ-TTg; TT 25/2023)."""

    CITIZEN = "citizen"
    FAMILY = "family"
    CLAN = "clan"
    COMMUNITY = "community"
    ORGANIZATION = "organization"
    COMMUNE = "commune"


class CitizenGroup(StrEnum):
    """Nhóm đối tượng: which of the four citizen forms of QĐ 324 applies."""

    RESIDENT = "resident"
    WORKER = "worker"
    OFFICIAL = "official"
    STUDENT = "student"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Poverty(StrEnum):
    NONE = "none"
    POOR = "poor"
    NEAR_POOR = "near_poor"


class LifeStatus(StrEnum):
    """Whether a citizen lives here: now, away for a time, moved to another place, or dead."""

    LIVING = "living"
    AWAY = "away"
    MOVED = "moved"
    DEAD = "dead"


class MoveReason(StrEnum):
    """What ended a former place of a person or a household; ``away`` is a time away without leaving the household."""

    SPLIT = "split"
    JOIN = "join"
    MOVE = "move"
    HEAD = "head"  # the head changed, and with him the relations
    AWAY = "away"
    MOVED = "moved"  # out of the commune, or back into it
    MERGE = "merge"  # the hamlet was merged into another
    CLOSED = "closed"  # nobody lived in the household any more


class HamletKind(StrEnum):
    """Kinds of settlement below the commune; the value is the kind's ASCII short name."""

    THON = "thon"
    BAN = "ban"
    AP = "ap"
    KHOM = "khom"
    TO_DAN_PHO = "to_dan_pho"
    KHU_PHO = "khu_pho"
    OTHER = "other"


class OrganizationKind(StrEnum):
    SCHOOL = "school"
    AGENCY = "agency"
    ENTERPRISE = "enterprise"
    COOPERATIVE = "cooperative"
    OTHER = "other"


class DeviceRole(StrEnum):
    OFFICE = "office"
    VOLUNTEER = "volunteer"
    PROVINCE = "province"


class SetKind(StrEnum):
    """How a criteria set is judged."""

    POINTS = "points"
    CHECKLIST = "checklist"


class TextStatus(StrEnum):
    """How sure the wording or number of a criteria row is (domain/criteria)."""

    OFFICIAL = "official"
    SUMMARY = "summary"
    INFERRED = "inferred"
    MISSING = "missing"
    SUGGESTED = "suggested"


class RoundStatus(StrEnum):
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


class RegistrationKind(StrEnum):
    NEW = "new"
    RENEWAL = "renewal"


class AssessmentStatus(StrEnum):
    """Where an assessment stands on its way to recognition."""

    DRAFT = "draft"
    COMPLETE = "complete"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    RECOGNISED = "recognised"


class SiteState(StrEnum):
    """Where a citizen stands on the national site (congdanhoctap.vn)."""

    NONE = "none"
    REGISTERED = "registered"
    SELF_ASSESSED = "self_assessed"
    RECOGNISED = "recognised"


class SecondEntryStatus(StrEnum):
    """Where the second keying of one paper form stands."""

    DRAWN = "drawn"
    KEYED = "keyed"
    AGREED = "agreed"
    DIFFERS = "differs"
    SETTLED = "settled"


class ObjectionOutcome(StrEnum):
    UPHELD = "upheld"
    REJECTED = "rejected"


class ReviewStage(StrEnum):
    HAMLET = "hamlet"
    BRANCH = "branch"
    COMMUNE = "commune"


class ReviewOutcome(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


class CertificateStatus(StrEnum):
    ISSUED = "issued"
    PRINTED = "printed"
    SIGNED = "signed"
    HANDED_OVER = "handed_over"
    VOIDED = "voided"


class OperationState(StrEnum):
    """State of an operation in this file's journal."""

    OPEN = "open"  # a form being filled: answers are committed, the operation not yet sealed
    APPLIED = "applied"
    WAITING = "waiting"  # arrived before its predecessors, or its merge was withdrawn


class UndoClass(StrEnum):
    """How an operation may be taken back."""

    UNDOABLE = "undoable"
    WITHDRAWN = "withdrawn"
    VOIDED_ONLY = "voided_only"
