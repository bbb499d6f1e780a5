"""The words that decisions, certificates and books share: authority, signer, titles, counted nouns.

Reference wordings of the product (no official form text was found); pure, filled from the office's settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.subjects import TITLES
from desktop_app.services.criteria.definition import LegalBasis
from desktop_app.services.documents.listing import COUNTED
from desktop_app.services.settings import OfficeSettings
from desktop_app.services.vietnamese import number_text

PEOPLES_COMMITTEE = "Ủy ban nhân dân"
_UNIT = re.compile(r"\s+(?=(?:xã|phường|thị trấn|đặc khu|huyện|tỉnh|thành phố)\s)", re.IGNORECASE)


def authority_of(office: OfficeSettings) -> str:
    """Who decides: the chairman of a people's committee, else the office itself."""
    name = office.office_name
    return f"Chủ tịch {name}" if name.startswith(PEOPLES_COMMITTEE) else name


def authority_lines(office_name: str) -> tuple[str, ...]:
    """The office in capitals, broken before the unit: ("ỦY BAN NHÂN DÂN", "XÃ PHÚ AN")."""
    return tuple(part.upper() for part in _UNIT.split(office_name.strip(), maxsplit=1) if part)


def title_lines(signer_title: str) -> tuple[str, ...]:
    """The signer's title as it stands above the name: "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH" is two lines."""
    lines = (line.strip().upper() for line in re.split(r"[\n/|]", signer_title))
    return tuple(line for line in lines if line)


def lead(authority: str) -> str:
    """The certificate's line above the name."""
    return f"{authority} công nhận" if authority else "Công nhận"


def counted(model: LearningModel, count: int) -> str:
    """ "1.204 công dân"."""
    return f"{number_text(count)} {COUNTED[model]}"


def subject_line(model: LearningModel, title: str, year: int) -> str:
    """Summary of a decision."""
    return f"Về việc công nhận danh hiệu “{title or TITLES[model]}” năm {year}"


def bases(office: OfficeSettings, legal: Iterable[LegalBasis]) -> tuple[str, ...]:
    """Lines of "Căn cứ …": the office's own, else what its criteria sets rest on, else dots to be filled in."""
    if office.legal_bases:
        return tuple(_closed(line) for line in office.legal_bases if line.strip())
    found = dict.fromkeys(_basis(item) for item in legal if not item.note)
    return (*found, "Căn cứ ……;") if found else ("Căn cứ ……;",)


def _closed(line: str) -> str:
    text = line.strip().rstrip(";.,")
    return f"{text};" if text[:6].casefold() == "căn cứ" else f"Căn cứ {text};"


def _basis(item: LegalBasis) -> str:
    kind = "Thông tư" if "/TT-" in item.number else "Quyết định" if "/QĐ" in item.number else "văn bản"
    issued = "/".join(reversed(item.issued.split("-"))) if item.issued else ""
    when = "" if not issued else f" ngày {issued}" if issued.count("/") == 2 else f" năm {issued[-4:]}"
    return f"Căn cứ {kind} số {item.number}{when} ({item.title});"


def request_line(proposer: str, submission_number: str) -> str:
    """ "Xét đề nghị của … tại Tờ trình số …"."""
    where = f"{submission_number}." if submission_number else "……"
    return f"Xét đề nghị của {proposer} tại Tờ trình số {where}"


def association(office: OfficeSettings) -> str:
    """The association for promoting learning of the same commune: "Hội Khuyến học xã Phú An"."""
    parts = _UNIT.split(office.office_name.strip(), maxsplit=1)
    return f"Hội Khuyến học {parts[1]}" if len(parts) == 2 else "Hội Khuyến học"


def kind_of_unit(office: OfficeSettings) -> str:
    """ "xã", "phường" or "đặc khu"."""
    parts = _UNIT.split(office.office_name.strip(), maxsplit=1)
    words = parts[1].split() if len(parts) == 2 else []
    if words[:2] and words[0].casefold() in ("đặc", "thành"):
        return " ".join(words[:2]).lower()
    return words[0].lower() if words else "xã"
