"""What an import of scores says of a row: each remark in one place, with the row and the column that it is about.

Invariant: every sentence says what was found, what was done with the row, and where something can be mended, how.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.assessment.groups import group_name
from desktop_app.services.importing.preview import Issue, ParsedScores, ScoreColumn, ScoreRow, Severity
from desktop_app.services.importing.scores.words import points_text
from desktop_app.services.registry.words import MODEL

_NOUNS = {
    LearningModel.FAMILY: "hộ", LearningModel.CLAN: "dòng họ", LearningModel.ORGANIZATION: "đơn vị",
    LearningModel.COMMUNITY: "thôn, tổ", LearningModel.COMMUNE: "xã",
}  # fmt: skip


def _of(row: ScoreRow, severity: Severity, code: str, text: str) -> Issue:
    return Issue(severity, code, text, row.sheet, row.row, row.column, "")


def _error(row: ScoreRow, code: str, text: str) -> Issue:
    return _of(row, Severity.ERROR, code, text)


def _warning(row: ScoreRow, code: str, text: str) -> Issue:
    return _of(row, Severity.WARNING, code, text)


def _who(row: ScoreRow) -> str:
    return row.name or row.household_code


def unknown(row: ScoreRow) -> Issue:
    """Nobody of the register fits."""
    if row.model is LearningModel.CITIZEN:
        born = " với ngày sinh này" if row.birth is not None else ""
        text = f"Trong sổ không có {row.name}{born} nên phiếu chưa nhập. Hãy thêm người này trước."
    else:
        noun = _NOUNS[row.model]
        text = f"Trong sổ không có {noun} {_who(row)} nên phiếu chưa nhập. Hãy thêm {noun} này trước."
    return _error(row, "person.unknown", text)


def doubtful(row: ScoreRow, reason: str) -> Issue:
    """It is not sure whom the row is about."""
    who = "ai" if row.model is LearningModel.CITIZEN else f"{_NOUNS[row.model]} nào"
    return _warning(
        row, "person.doubtful", f"Chưa chắc {_who(row)} là {who}: {reason}; dòng này chưa nhập, hãy xem lại."
    )


def repeated(row: ScoreRow, kept: ScoreRow, *, is_same: bool) -> Issue:
    """The file holds another form of the same subject, which counts; says whether it is the same."""
    how = "như nhau" if is_same else "khác nhau"
    text = f"{_this(row)} đã có phiếu ở {_at(kept)}, điểm {how}; phiếu ấy được lấy, dòng này bỏ qua."
    return _warning(row, "scores.repeated", text)


def contradicted(row: ScoreRow, other: ScoreRow) -> Issue:
    """The file holds two forms of one subject that say different things."""
    text = f"{_this(row)} có hai phiếu khác nhau: dòng này và {_at(other)}; cả hai chưa nhập. Hãy chọn một phiếu đúng."
    return _warning(row, "scores.contradicted", text)


def changes(row: ScoreRow, pairs: str, *, is_accepted: bool) -> Issue:
    """The form stands with other answers, which the file changes."""
    text = f"Phiếu đã có trong sổ với điểm khác ({pairs}); nhập tệp này thì lấy theo tệp."
    if is_accepted:
        text += " Phiếu đã được duyệt, đổi điểm thì phải duyệt lại."
    return _warning(row, "answer.changes", text)


def _this(row: ScoreRow) -> str:
    return "Người này" if row.model is LearningModel.CITIZEN else f"{_NOUNS[row.model].capitalize()} này"


def _at(row: ScoreRow) -> str:
    return f"dòng {row.row} trang “{row.sheet}”"


def empty(row: ScoreRow) -> Issue:
    """No score at all."""
    return _error(row, "scores.empty", "Dòng này không có điểm nào nên chưa nhập.")


def group_differs(row: ScoreRow, on_form: str, in_register: str) -> Issue:
    """The form is of another group than the register's."""
    text = (
        f"Phiếu ghi nhóm “{on_form}” nhưng sổ ghi “{in_register}”; chấm theo nhóm trên phiếu, nhóm trong sổ giữ nguyên."
    )
    return _warning(row, "group.differs", text)


def not_taking_part(row: ScoreRow, group: CitizenGroup | None) -> Issue:
    """The round leaves the model or group out."""
    what = f"nhóm “{group_name(group)}”" if group else f"“{MODEL[row.model]}”"
    text = f"Đợt này không đánh giá {what} nên phiếu chưa nhập. Nếu cần, hãy chọn lại ở “Đợt đánh giá”."
    return _error(row, "round.not_taking_part", text)


def gone(row: ScoreRow, how: str) -> Issue:
    """Dead or moved away."""
    return _error(row, "subject.gone", f"{row.name} {how} theo sổ nên phiếu chưa nhập.")


def recognised(row: ScoreRow) -> Issue:
    """The form stands under a recognition."""
    text = f"Phiếu của {_who(row)} đã được công nhận nên không đổi điểm; điểm cũ giữ nguyên."
    return _error(row, "answer.recognised", text)


def too_young(row: ScoreRow) -> Issue:
    """Not old enough in this round."""
    text = f"{row.name} chưa đủ {DEFAULT_MIN_AGE} tuổi trong đợt này theo sổ nên phiếu chưa nhập."
    return _error(row, "answer.too_young", text)


def verdict_differs(row: ScoreRow, *, claimed: bool, total: float | None) -> Issue:
    """The file's result is another one than the set's."""
    words = {True: "đạt", False: "chưa đạt"}
    points = f" ({points_text(total)} điểm)" if total is not None else ""
    text = (
        f"Tệp ghi kết quả “{words[claimed]}” nhưng theo bộ tiêu chí là {words[not claimed]}{points}; "
        "kết quả lấy theo bộ tiêu chí, hãy xem lại điểm."
    )
    return _warning(row, "score.verdict_differs", text)


def group_unknown(row: ScoreRow, issue: Issue, used: str) -> Issue:
    """The form's word for its group is not understood; says by which group it is judged."""
    text = (
        f"Nhóm “{row.group_text}” không hiểu được; phiếu được chấm theo nhóm “{used}”. Nếu không đúng, hãy sửa ô nhóm."
    )
    return replace(issue, message=text)


def no_such(word: str, code: str, column: ScoreColumn | None) -> str:
    """The set has no indicator of that number, or it cannot be told which one a column is."""
    if not code.startswith("#"):
        return f"Bộ tiêu chí không có {word} {code} nên phiếu chưa nhập."
    title = f" “{column.title}”" if column is not None and column.title else f" điểm thứ {code[1:]}"
    return (
        f"Cột{title} không rõ là {word} nào, hoặc có cột khác cùng ghi như vậy, nên phiếu chưa nhập. "
        f"Hãy chọn {word} cho cột ấy ở bước Ghép cột."
    )


def column_of(parsed: ParsedScores, row: ScoreRow, code: str) -> ScoreColumn | None:
    """The column of the file that gave a row's score."""
    return next((each for each in parsed.columns.get(row.sheet, ()) if each.code == code), None)


def of_column(parsed: ParsedScores, row: ScoreRow, code: str, issue: str, text: str) -> Issue:
    """An error in one column of a row."""
    column = column_of(parsed, row, code)
    letter = row.column or (column.letter if column else "")
    return Issue(Severity.ERROR, issue, text, row.sheet, row.row, letter, column.title if column else "")


def by_place(sheet: str, word: str) -> Issue:
    """The columns were taken in the set's order."""
    text = (
        f"Tiêu đề các cột điểm của trang “{sheet}” không ghi số {word} như trong bộ tiêu chí; đã hiểu lần lượt theo "
        f"thứ tự của bộ tiêu chí. Nếu không phải, hãy chọn {word} cho từng cột ở bước Ghép cột."
    )
    return Issue(Severity.WARNING, "score.by_place", text, sheet)


def other_years(parsed: ParsedScores, year: int) -> Iterable[Issue]:
    """The file's titles are about another year than the round's."""
    if parsed.years and year not in parsed.years:
        shown = ", ".join(map(str, parsed.years))
        text = f"Tiêu đề của tệp ghi năm {shown} nhưng phiếu được nhập vào đợt {year}; hãy xem lại có đúng đợt không."
        sheet = parsed.sheets[0].name if parsed.sheets else ""
        yield Issue(Severity.WARNING, "scores.other_year", text, sheet)
