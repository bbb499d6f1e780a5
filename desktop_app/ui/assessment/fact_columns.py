"""How those behind a counted share are shown: the parts beside the list, and the list's columns.

Invariant: a part's share is of the denominator that is looked at; who is not counted says why in a chip with words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.fact_people import LACKING, PART_TEXT, WHOLE, FactPart, FactRow
from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.assessment.inputs import score_text

TONES: Mapping[FactPart, tuple[str, str]] = {
    FactPart.COUNTED: ("passed", "check"),
    FactPart.NOT_STARTED: ("neutral", "minus"),
    FactPart.UNFINISHED: ("attention", "hourglass"),
    FactPart.FAILED: ("failed", "x"),
    FactPart.RETURNED: ("attention", "undo-2"),
    FactPart.OTHER: ("accent", "info"),
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A line beside the list: some of those behind the share, and how many of the denominator they are."""

    name: str
    parts: frozenset[FactPart]
    count: int
    whole: int | None

    @property
    def share(self) -> str:
        """Of the denominator, in words."""
        return percent_text(self.count * 100 / self.whole) if self.whole else "–"


def part_lines(counts: Mapping[FactPart, int], *, has_others: bool) -> list[PartLine]:
    """The denominator, what of it is counted and why the rest is not, and whom only other readings count."""
    whole = sum(counts[part] for part in WHOLE)
    lines = [
        PartLine("Mẫu số: được xét", WHOLE, whole, whole),
        PartLine("Tử số: được tính", frozenset({FactPart.COUNTED}), counts[FactPart.COUNTED], whole),
        PartLine("Chưa được tính", LACKING, sum(counts[part] for part in LACKING), whole),
    ]
    order = (FactPart.NOT_STARTED, FactPart.UNFINISHED, FactPart.FAILED, FactPart.RETURNED)
    lines += [PartLine(f"· {PART_TEXT[part].lower()}", frozenset({part}), counts[part], whole) for part in order]
    if has_others:
        other = FactPart.OTHER
        lines.append(PartLine(PART_TEXT[other], frozenset({other}), counts[other], None))
    return lines


def standing(row: FactRow) -> w.ChipData:
    """How somebody stands to the share, as a chip; the verdict's own words where it was not reached."""
    tone, icon = TONES[row.part]
    says_verdict = row.part in (FactPart.FAILED, FactPart.UNFINISHED) and row.chip
    return w.ChipData(row.chip if says_verdict else PART_TEXT[row.part], tone, icon)


def reason(row: FactRow) -> str:
    """What else is to be said: who is counted by an earlier title, or only where another reading is taken."""
    if row.is_kept:
        return "danh hiệu đợt trước còn hiệu lực"
    if row.part is FactPart.OTHER:
        title = "có danh hiệu" if row.has_title else "chưa có danh hiệu"
        return f"{title}; thuộc: {', '.join(row.only_in)}"
    return PART_TEXT[row.part].lower() if row.part in (FactPart.FAILED, FactPart.UNFINISHED) else ""


def row_words(row: FactRow) -> str:
    """How somebody stands to the share, as the rest of a sentence."""
    words = PART_TEXT[row.part].lower()
    if row.chip and row.part in (FactPart.FAILED, FactPart.UNFINISHED):
        return f"{words} ({row.chip})"
    more = reason(row)
    return f"{words}; {more}" if more else words


PART_COLUMNS = (
    w.Column("name", "Xem", 150, "strong", stretch=1, is_sortable=False),
    w.Column("count", "Số", 68, "number", value=lambda line: number_text(line.count), is_sortable=False),
    w.Column("share", "Tỷ lệ", 70, "number", is_sortable=False, tip="Trên mẫu số đang xem"),
)
_NAME = w.Column("name", "Tên", 190, "strong", stretch=3)
_BIRTH = w.Column("birth", "Sinh", 98, is_sortable=False, gives_way=4)
_HAMLET = w.Column("hamlet", "Thôn", 96, stretch=1, gives_way=2)
_TOTAL = w.Column("total", "Điểm", 66, "number", lambda r: None if r.total is None else score_text(r.total),
                  gives_way=1)  # fmt: skip
_STANDING = w.Column("standing", "Trong tỷ lệ", 150, "chip", standing, is_sortable=False)
_REASON = w.Column("reason", "Vì sao", 150, "quiet", reason, stretch=2, is_sortable=False, gives_way=5)


def list_columns(held: LearningModel) -> tuple[w.Column, ...]:
    """The columns of a list of those whose title is asked."""
    detail = {LearningModel.CITIZEN: "Hộ", LearningModel.FAMILY: "Mã hộ", LearningModel.CLAN: "Trưởng tộc",
              LearningModel.COMMUNITY: "Xã cũ", LearningModel.ORGANIZATION: "Mã"}[held]  # fmt: skip
    what = w.Column("detail", detail, 100, "quiet", is_sortable=False, gives_way=3)
    place = () if held is LearningModel.COMMUNITY else (_HAMLET,)
    birth = (_BIRTH,) if held is LearningModel.CITIZEN else ()
    return (_NAME, *birth, *place, what, _TOTAL, _STANDING, _REASON)
