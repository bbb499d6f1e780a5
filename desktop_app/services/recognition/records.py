"""What crosses from recognition to the ui and the command line: candidates, decisions, certificates, counts.

Invariant: frozen; a sentence beside a state is the one that people read, whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.models.types import CertificateStatus, LearningModel, Uid


class CandidateState(StrEnum):
    """Whether a subject can be recognised now, and what stands in the way."""

    READY = "ready"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    NOT_ASSESSED = "not_assessed"  # registered, no answer yet
    RETURNED = "returned"  # by a review
    OBJECTED = "objected"  # an objection that nobody has answered
    UNACCEPTED = "unaccepted"  # the office recognises only what the commune has accepted
    UNCONFIRMED = "unconfirmed"  # the office has not confirmed a suggested set
    UNREADABLE = "unreadable"  # judged by a set that this program cannot read
    DISPUTED = "disputed"  # two machines disagree and nobody has settled it
    NAMELESS = "nameless"  # nothing to write on the certificate
    DEAD = "dead"
    MOVED = "moved"
    ENDED = "ended"  # household, clan, hamlet or unit that is no more
    ABSENT = "absent"  # removed from the register
    RECOGNISED = "recognised"  # already, in this round


@dataclass(frozen=True, slots=True)
class Candidate:
    """One subject of a round that has a form or is registered.

    Attributes:
        uid: of the subject.
        assessment: uid of the form; None where there is none.
        name: as lists show it; a family by its head.
        birth: as people read it; citizens only.
        detail: code of the household, or what tells it from others of that name.
        total: points, or indicators met; None without a form.
        result: "86 điểm", "Loại Tốt", "Mức độ 1"; empty where nothing is judged.
        reason: one Vietnamese sentence: why it is left out, or the verdict when it can be recognised.
    """

    uid: Uid
    assessment: Uid | None
    name: str
    birth: str
    hamlet: str
    detail: str
    total: float | None
    result: str
    state: CandidateState
    reason: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everybody of a round and model, in the order of the list: hamlet, household code, place in the household."""

    ready: tuple[Candidate, ...]
    left_out: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class CandidateCounts:
    """How many stand where; ``hamlets`` are (uid, name, how many are ready)."""

    states: Mapping[CandidateState, int]
    hamlets: tuple[tuple[Uid, str, int], ...]

    @property
    def ready(self) -> int:
        return self.states.get(CandidateState.READY, 0)

    @property
    def left_out(self) -> int:
        return sum(self.states.values()) - self.ready

    @property
    def total(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """Which candidates a list shows; what is not set does not matter.

    Attributes:
        is_ready: True only those who can be recognised, False only those left out.
        hamlet: uid.
        text: words of the name in any order, without regard to case and accents.
        state: only these.
    """

    is_ready: bool | None = None
    hamlet: Uid | None = None
    text: str = ""
    state: CandidateState | None = None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One decision.

    Attributes:
        number: with its symbol, "112/QĐ-UBND".
        authority: who decided, "Chủ tịch Ủy ban nhân dân xã Phú An".
        certificates: how many were issued under it, voided and reissued ones among them.
        standing: how many of them stand.
        first_number, last_number: of the register book; empty without certificates.
    """

    uid: Uid
    year: int
    model: LearningModel
    number: str
    date: dt.date
    authority: str
    signer_title: str
    signer_name: str
    submission_number: str
    note: str
    certificates: int
    standing: int
    first_number: str
    last_number: str

    @property
    def label(self) -> str:
        """ "112/QĐ-UBND ngày 15/11/2026"."""
        return f"{self.number} ngày {self.date:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """One certificate as the register book holds it.

    Attributes:
        subject: uid of who is recognised.
        recipient: the name printed; ``honorific`` stands before it.
        birth: ISO text of what was known when the number was given.
        result: "86 điểm", "Mức độ 1".
        printed_count: how many times a page left for the printer.
        reissue_of, reissued_as: numbers of the certificate that this one replaces, and that replaces it.
    """

    uid: Uid
    number: str
    sequence: int
    year: int
    model: LearningModel
    subject: Uid
    recipient: str
    honorific: str
    birth: str
    address: str
    hamlet: str
    result: str
    decision: Uid
    decision_number: str
    decision_date: dt.date
    issued_on: dt.date | None
    status: CertificateStatus
    printed_count: int
    handed_over_on: dt.date | None
    handed_over_to: str
    voided_on: dt.date | None
    void_reason: str
    reissue_of: str
    reissued_as: str

    @property
    def is_voided(self) -> bool:
        return self.status is CertificateStatus.VOIDED

    @property
    def remark(self) -> str:
        """What the register book's last column says; empty for an ordinary certificate."""
        parts = []
        if self.reissue_of:
            parts.append(f"Cấp lại thay giấy số {self.reissue_of}")
        if self.is_voided:
            on = f" ngày {self.voided_on:%d/%m/%Y}" if self.voided_on else ""
            instead = f", thay bằng giấy số {self.reissued_as}" if self.reissued_as else ""
            parts.append(f"Đã hủy{on}{instead}: {self.void_reason}" if self.void_reason else f"Đã hủy{on}{instead}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class CertificateFilter:
    """Which certificates a list shows; what is not set does not matter.

    Attributes:
        text: words of the name in any order, a part of the number, or the content of the QR code.
    """

    status: CertificateStatus | None = None
    decision: Uid | None = None
    hamlet: Uid | None = None
    text: str = ""
    is_standing: bool = False


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The register numbers that a recognition would give: "0413/2026-CD" to "0622/2026-CD"."""

    first: str
    last: str
    count: int


@dataclass(frozen=True, slots=True)
class Recognition:
    """What ``recognise`` did.

    Attributes:
        decision: None when nobody could be recognised; nothing was written then.
        recognised: how many got a certificate.
    """

    decision: DecisionRecord | None
    recognised: int
    left_out: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class PrintedCertificate:
    """One page of a file of certificates; ``uid`` is the subject's, ``certificate`` the paper's own."""

    number: str
    uid: Uid
    name: str
    certificate: Uid


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """What was written to a file of certificates."""

    certificates: tuple[PrintedCertificate, ...]
    pages: int
