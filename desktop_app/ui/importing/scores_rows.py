"""The rows of the preview of a scoring list: what is shown of a form, and what would become of it.

Invariant: a row's fate is what the trial run said of it, never guessed from its looks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from desktop_app.services.assessment.scores_import import ScoresResult
from desktop_app.services.assessment.scores_standing import Judged
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.importing.preview import Issue, ParsedScores, ScoreRow, Severity
from desktop_app.services.importing.scores.cells import Place
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.words import FATES, birth_text

SEVERAL_CODES = frozenset({"scores.repeated", "scores.contradicted"})
"""The file holds several forms of one person."""
DOUBTFUL_CODES = SEVERAL_CODES | {"person.doubtful"}
TAKEN = ("Sẽ nhập", "passed", "check")
CHANGED = ("Đổi điểm", "attention", "pencil")
SAME = ("Như đã có", "neutral", "minus")


@dataclass(frozen=True)
class ShownForm:
    """A row of a scoring list with all that is said of it; ``fate`` None is one that comes in as a new form.

    Attributes:
        judged: how the form stands afterwards; subject: of whom the register's record is, where the names differ.
        is_typed: a cell of it was typed over.
    """

    row: ScoreRow
    fate: RowFate | None
    issues: tuple[Issue, ...]
    judged: Judged | None = None
    subject: str = ""
    is_typed: bool = False


def _total(item: ShownForm) -> float | None:
    return sum(item.row.scores.values()) if item.row.scores else None


def _remark(item: ShownForm) -> w.ToneText:
    ordered = sorted(item.issues, key=lambda issue: issue.severity is not Severity.ERROR)
    tone = "failed" if item.fate is RowFate.REFUSED else "attention" if ordered else "neutral"
    said = [issue.message for issue in ordered]
    if item.subject:
        said.append(f"là {item.subject} trong sổ")
    if item.is_typed:
        said.append("đã sửa tay")
    return w.ToneText("; ".join(said), tone)


def _chip(item: ShownForm) -> w.ChipData:
    if item.fate is RowFate.CHANGED:
        return w.ChipData(*CHANGED)
    if item.fate is RowFate.UNCHANGED:
        return w.ChipData(*SAME)
    return w.ChipData(*(FATES[item.fate] if item.fate is not None else TAKEN))


def _verdict(item: ShownForm) -> w.ToneText:
    if item.judged is None:
        return w.ToneText("", "neutral")
    if not item.judged.is_complete:
        return w.ToneText("chưa đủ", "attention")
    return w.ToneText("đạt", "passed") if item.judged.passed else w.ToneText("chưa đạt", "neutral")


def _place(item: ShownForm) -> str:
    return f"{item.row.column}{item.row.row}"


COLUMNS = (
    w.Column("row", "Dòng Excel", 96, "number", value=_place, is_sortable=False),
    w.Column("name", "Họ và tên", 216, "strong", value=lambda item: item.row.name or item.row.household_code,
             is_sortable=False),
    w.Column("birth", "Ngày sinh", 104, value=lambda item: birth_text(item.row.birth), is_sortable=False),
    w.Column("group", "Nhóm", 140, value=lambda item: item.row.group_text, stretch=1, is_sortable=False,
             gives_way=2),
    w.Column("answered", "Chỉ số", 72, "number", value=lambda item: len(item.row.scores) + len(item.row.met),
             is_sortable=False, tip="Số chỉ số đã có điểm", gives_way=3),
    w.Column("total", "Tổng", 64, "number", value=_total, is_sortable=False),
    w.Column("verdict", "Kết quả", 84, value=_verdict, is_sortable=False, tip="Theo bộ tiêu chí, sau khi nhập",
             gives_way=1),
    w.Column("fate", "Sẽ làm", 152, "chip", value=_chip, is_sortable=False),
    w.Column("note", "Ghi chú", 190, value=_remark, stretch=4, is_sortable=False),
)  # fmt: skip


def shown_forms(parsed: ParsedScores, outcome: ScoresResult, typed: Collection[Place] = ()) -> list[ShownForm]:
    """Each row with its remarks and its fate by them."""
    rows = {(sheet, row) for sheet, row, _ in typed}
    forms: list[ShownForm] = []
    for row in parsed.rows:
        said = outcome.told.get(row.key, ())
        fate = _fate(said)
        if row.key in outcome.same and fate is not RowFate.REFUSED:
            fate = RowFate.UNCHANGED
        elif fate is None and row.key in outcome.changed:
            fate = RowFate.CHANGED
        unit = outcome.matched.get(row.key)
        name = str(unit.values["full_name"] or "") if unit is not None else ""
        is_other = bool(name) and name.casefold() != row.name.casefold() and bool(row.name)
        subject = f"{name} ({unit.home})" if is_other and unit is not None else ""
        forms.append(ShownForm(row, fate, said, outcome.judged.get(row.key), subject, (row.sheet, row.row) in rows))
    return forms


def _fate(issues: Sequence[Issue]) -> RowFate | None:
    if any(issue.severity is Severity.ERROR for issue in issues):
        return RowFate.REFUSED
    return RowFate.DOUBTFUL if any(issue.code in DOUBTFUL_CODES for issue in issues) else None
