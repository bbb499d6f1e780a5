"""The two questions that must stop everything: before numbers are given, and before a paper is printed again.

Invariant: Esc and the focused button are the harmless answer. Tests replace these functions, so call them through the
module.
"""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.recognition.records import NumberRange
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.recognition.deed_form import reason_fields, reason_of
from desktop_app.ui.recognition.words import REPRINT_REASONS, counted
from desktop_app.ui.widgets.basics import PrimaryButton, QuietButton, label
from desktop_app.ui.widgets.dialogs import Dialog
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import FormSpec
from desktop_app.ui.widgets.layouts import hbox, rule, sized


def confirm_recognition(
    parent: QWidget | None,
    model: LearningModel,
    numbers: NumberRange,
    decision: str,
    date: dt.date,
    left_out: int,
    hanging: str = "",
) -> bool:
    """Say plainly what will happen and ask; the harmless answer has the focus.

    Args:
        hanging: which posted lists still take objections on the day of the decision; empty for none.
    """
    count = counted(numbers.count, model)
    dialog = Dialog(parent, f"Công nhận {count}?", icon="award", width=520)
    rows = (
        ("Quyết định", f"số {decision} ngày {date:%d/%m/%Y}"),
        ("Số vào sổ", numbers.first if numbers.count == 1 else f"{numbers.first} đến {numbers.last}"),
        ("Để lại", f"{counted(left_out, model)} chưa công nhận lần này" if left_out else "không ai"),
    )
    for name, value in (*rows, *((("Niêm yết", hanging),) if hanging else ())):
        line = hbox(spacing=12)
        line.addWidget(sized(label(name, "quiet"), width=96))
        line.addWidget(label(value, "strong", wrap=True), 1)
        holder = QWidget()
        holder.setLayout(line)
        dialog.body.addWidget(holder)
    dialog.body.addWidget(rule())
    dialog.body.addWidget(label(_FOR_EVER, wrap=True))
    dialog.add_button(QuietButton("Chưa công nhận"), rejects=True, focus=True)
    dialog.add_button(PrimaryButton(f"Công nhận {count}", icon="award"), accepts=True)
    answer = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return answer


_FOR_EVER = (
    "Số đã cấp không hoàn tác được. Nếu sai, chỉ hủy được từng giấy kèm lý do; số đã hủy vẫn nằm trong sổ và không cấp "
    "lại cho ai khác. Phiếu đã công nhận không sửa điểm được nữa."
)


def ask_reprint_reason(parent: QWidget | None, count: int) -> str:
    """Why papers are printed again; empty when the person thinks better of it."""
    dialog = Dialog(
        parent,
        "In lại giấy đã in?",
        f"{number_text(count)} giấy đã in rồi. Số vào sổ giữ nguyên; lý do in lại ghi vào nhật ký.",
        icon="printer",
    )
    form = FormView(FormSpec(reason_fields(REPRINT_REASONS)), {"usual": REPRINT_REASONS[0], "more": ""})
    dialog.body.addWidget(form)
    dialog.add_button(QuietButton("Không in"), rejects=True)
    yes = dialog.add_button(PrimaryButton("In lại", icon="printer"), accepts=True)
    form.submitted.connect(lambda: yes.setFocus())
    form.focus_first()
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    reason = reason_of(form.values()) if accepted else ""
    dialog.deleteLater()
    return reason
