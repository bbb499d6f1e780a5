"""What the documents show, as plain frozen records; whoever prints fills them, nothing here reads the register.

Wordings are the product's own reference texts (no official form text was found) and may all be replaced by the office.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.models.types import LearningModel, TextStatus


class Paper(StrEnum):
    """Paper of a certificate, always landscape."""

    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True, slots=True)
class CertificateWording:
    """The words of a certificate that an office may change.

    Args:
        heading: upper case name of the paper, "GIẤY CÔNG NHẬN" or "GIẤY CHỨNG NHẬN".
        lead: who recognises, e.g. "Chủ tịch Ủy ban nhân dân xã Phú An công nhận"; empty prints "Công nhận".
        award: words before the title.
        year: words below the title; ``{year}`` is replaced.
        decision: words before the decision's number.
        register: words before the register number.
    """

    heading: str = "GIẤY CÔNG NHẬN"
    lead: str = ""
    award: str = "đạt danh hiệu"
    year: str = "năm {year}"
    decision: str = "Quyết định số"
    register: str = "Số vào sổ:"


@dataclass(frozen=True, slots=True)
class CertificateData:
    """One certificate of one of the five titles, or of the commune.

    Args:
        honorific: "Ông", "Bà" or "" when the sex is not known.
        recipient: name of the citizen, head of family, clan, hamlet, unit or commune. "Gia đình ông …" and
            "Dòng họ …" are put before it by the model, unless it already begins so.
        birth_text: "1984", "05/1984", "08/05/1984" (``PartialDate.text()``); printed for citizens only.
        address: hamlet, commune and province in one line.
        decision_date, issue_date: ``None`` prints dots to be filled in by hand.
        register_number: "0412/2026-CD"; stands in the paper and under the QR code.
        authority_lines: issuing authority, upper case, the last line in bold.
        qr_content: short text of the QR code, usually the register number; empty prints none.
        is_reference_form: print "Mẫu tham khảo" small at the foot.
        is_draft: print "BẢN XEM TRƯỚC" across the page.
    """

    model: LearningModel
    recipient: str
    title: str
    year: int
    honorific: str = ""
    birth_text: str = ""
    address: str = ""
    decision_number: str = ""
    decision_date: datetime.date | None = None
    register_number: str = ""
    place: str = ""
    issue_date: datetime.date | None = None
    authority_lines: tuple[str, ...] = ()
    signer_title_lines: tuple[str, ...] = ("CHỦ TỊCH",)
    signer_name: str = ""
    wording: CertificateWording = field(default_factory=CertificateWording)
    qr_content: str = ""
    is_reference_form: bool = True
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """Head of an administrative document (NĐ 30/2020/NĐ-CP, Phụ lục I).

    Args:
        authority_lines: agency above (if any) first, the issuing agency last (bold).
        number: number and symbol, "112/QĐ-UBND"; empty prints dots.
        place: place of issue, "Phú An"; ``date`` None prints dots for day and month of ``year``.
    """

    authority_lines: tuple[str, ...]
    place: str
    year: int
    number: str = ""
    date: datetime.date | None = None
    is_reference_form: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """One signer: title lines in bold capitals, room to sign (and seal) in millimetres, the full name."""

    title_lines: tuple[str, ...]
    name: str = ""
    note: str = ""
    room: float = 25.0


@dataclass(frozen=True, slots=True)
class ListedSubject:
    """One line of a list: of a decision, a proposal, the register book or the handing over.

    Args:
        hamlet: name of the hamlet; lists put a heading before each run of the same hamlet when ``by_hamlet``.
        detail: what the list's third column shows, e.g. the group of the citizen.
        score: "86" or "Mức độ 1"; decision: "112/QĐ-UBND ngày 15/11/2026".
    """

    name: str
    birth_text: str = ""
    address: str = ""
    hamlet: str = ""
    detail: str = ""
    score: str = ""
    register_number: str = ""
    title: str = ""
    decision: str = ""
    issue_date: datetime.date | None = None
    handed_over: datetime.date | None = None
    receiver: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionData:
    """Quyết định công nhận with its list.

    Args:
        subject: summary below the type, "Về việc công nhận danh hiệu “Công dân học tập” năm 2026".
        issuer: upper case, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ PHÚ AN"; ``issuer_in_text`` the same inside a sentence,
            for the line below the list's title.
        bases: legal bases and "Xét đề nghị …", one paragraph each, as the office worded them.
        articles: text of each Điều without its number; see ``decision.reference_articles``.
        list_title: "DANH SÁCH CÔNG DÂN ĐƯỢC CÔNG NHẬN …".
    """

    head: DocumentHead
    subject: str
    issuer: str
    bases: tuple[str, ...]
    articles: tuple[str, ...]
    signature: Signature
    recipients: tuple[str, ...] = ("Như Điều 3;", "Lưu: VT.")
    list_title: str = "DANH SÁCH ĐƯỢC CÔNG NHẬN"
    subjects: tuple[ListedSubject, ...] = ()
    model: LearningModel = LearningModel.CITIZEN
    by_hamlet: bool = True
    issuer_in_text: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionLetterData:
    """Tờ trình that asks for recognition, with the list of those proposed."""

    head: DocumentHead
    subject: str
    addressee: str
    paragraphs: tuple[str, ...]
    signature: Signature
    recipients: tuple[str, ...] = ("Như trên;", "Lưu: VT.")
    list_title: str = "DANH SÁCH ĐỀ NGHỊ CÔNG NHẬN"
    subjects: tuple[ListedSubject, ...] = ()
    model: LearningModel = LearningModel.CITIZEN
    by_hamlet: bool = True


@dataclass(frozen=True, slots=True)
class RegisterBookData:
    """Sổ theo dõi cấp giấy công nhận, or (without dates) the list for handing over."""

    head: DocumentHead
    subtitle: str
    subjects: tuple[ListedSubject, ...]
    signatures: tuple[Signature, ...] = ()
    model: LearningModel = LearningModel.CITIZEN
    by_hamlet: bool = False


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One row of a filled form: an indicator, or a criterion's heading when ``is_heading``."""

    number: str
    text: str
    max_score: str = ""
    score: str = ""
    note: str = ""
    status: TextStatus = TextStatus.OFFICIAL
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class VerdictSheetData:
    """One assessment's filled form with its verdict sentence.

    Args:
        form_title: "PHIẾU ĐÁNH GIÁ CÔNG DÂN HỌC TẬP NĂM 2026".
        set_text: criteria set, version and legal basis in one line.
        facts: (label, value) pairs on who is assessed: name, birth, address, group.
        total: "78/100"; verdict: the engine's sentence, unchanged.
        warning: printed below the table when the set is not official ("Bản gợi ý, không phải văn bản").
    """

    head: DocumentHead
    form_title: str
    set_text: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[VerdictRow, ...]
    total: str
    verdict: str
    is_passed: bool
    warning: str = ""
    score_label: str = "Điểm"
    signatures: tuple[Signature, ...] = ()
