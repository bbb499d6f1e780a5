"""The words of the criteria workbook for what the program keeps as codes, there and back. Pure.

Invariant: the words of one kind differ, also when folded, so that each is read back as what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from desktop_app.models.types import CitizenGroup, LearningModel, SetKind, TextStatus
from desktop_app.services.criteria.compare import ANSWER_WORDS, fact_words
from desktop_app.services.criteria.definition import OFFICE_TEXT, STATUS_TEXT, AnswerType
from desktop_app.services.criteria.facts import FACTS
from desktop_app.services.vietnamese import fold

YES, NO = "Có", "Không"
CRITERION_WORD, INDICATOR_WORD = "Tiêu chí", "Chỉ số"
ROW_KINDS = (CRITERION_WORD, INDICATOR_WORD)
CRITERION_NAMES = ("tieu chi", "dau muc", "muc", "nhom")
INDICATOR_NAMES = ("chi so", "chi tieu", "dong", "noi dung")

MODELS = {
    LearningModel.CITIZEN: "Công dân học tập",
    LearningModel.FAMILY: "Gia đình học tập",
    LearningModel.CLAN: "Dòng họ học tập",
    LearningModel.COMMUNITY: "Cộng đồng học tập (thôn, tổ)",
    LearningModel.ORGANIZATION: "Đơn vị học tập",
    LearningModel.COMMUNE: "Cộng đồng học tập cấp xã",
}
GROUPS = {
    CitizenGroup.RESIDENT: "Người dân",
    CitizenGroup.WORKER: "Người lao động",
    CitizenGroup.OFFICIAL: "Cán bộ, công chức, viên chức",
    CitizenGroup.STUDENT: "Học sinh, sinh viên, học viên",
}
KINDS = {SetKind.POINTS: "Chấm điểm", SetKind.CHECKLIST: "Kiểm đếm"}
ANSWERS: dict[AnswerType, str] = dict(ANSWER_WORDS)
GUIDES = {"help": "Hướng dẫn", "examples": "Ví dụ", "evidence": "Minh chứng"}
FACT_WORDS = {key: fact_words(key) for key in FACTS}

PLAIN_STATUSES = tuple(STATUS_TEXT.values())
_OFFICE = {status: f"{OFFICE_TEXT}, {text[:1].lower()}{text[1:]}" for status, text in STATUS_TEXT.items()}
_OFFICE[TextStatus.SUGGESTED] = OFFICE_TEXT
_OFFICE[TextStatus.OFFICIAL] = f"{OFFICE_TEXT}, theo văn bản"
STATUS_CHOICES = (*PLAIN_STATUSES, OFFICE_TEXT, _OFFICE[TextStatus.OFFICIAL])

_READ = {fold(text): (status, False) for status, text in STATUS_TEXT.items()}
_READ |= {fold(text): (status, True) for status, text in _OFFICE.items()}
_READ |= {
    fold("Tóm tắt"): (TextStatus.SUMMARY, False),
    fold("Suy ra"): (TextStatus.INFERRED, False),
    fold("Gợi ý"): (TextStatus.SUGGESTED, False),
    fold("Chưa đối chiếu"): (TextStatus.MISSING, False),
    fold("Chính thức"): (TextStatus.OFFICIAL, False),
    fold("Theo văn bản"): (TextStatus.OFFICIAL, True),
}

_K = TypeVar("_K")


def status_words(status: TextStatus | None, *, is_changed: bool = False) -> str:
    """A status as the workbook writes it, an office's change included; empty for None."""
    if status is None:
        return ""
    return _OFFICE[status] if is_changed else STATUS_TEXT[status]


def read_status(text: str) -> tuple[TextStatus, bool] | None:
    """Status and whether the office changed it; None for unknown words."""
    return _READ.get(fold(text))


def read_word(table: Mapping[_K, str], text: str) -> _K | None:
    """The code of a word, by its folded form, its code, or the only word that it begins."""
    wanted = fold(text)
    for key, words in table.items():
        if wanted in (fold(words), fold(str(key))):
            return key
    found = [key for key, words in table.items() if fold(words).startswith(wanted)]
    return found[0] if len(found) == 1 else None


def read_yes(text: str) -> bool | None:
    """Có/Không and what people write for them; None for anything else."""
    wanted = fold(text)
    if wanted in ("co", "x", "yes", "true", "1", "dung", "v", "✓", "✔"):
        return True
    return False if wanted in ("khong", "no", "false", "0", "sai", "-", "") else None
