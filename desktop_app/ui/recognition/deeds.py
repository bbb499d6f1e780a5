"""What is done with certificates: print, sign, hand over, void, issue again; asked for, done by a service, told.

Invariant: numbers and prints are recorded before anything leaves; what can be undone says so where it is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from desktop_app.models.types import CertificateStatus, LearningModel, Uid
from desktop_app.services.errors import UserError
from desktop_app.services.progress import Progress
from desktop_app.services.recognition.handling import (
    hand_over,
    mark_printed,
    mark_signed,
    reissue,
    void_certificates,
)
from desktop_app.services.recognition.letters import decision_pdf, handover_list_pdf, register_book_pdf
from desktop_app.services.recognition.papers import certificates_pdf
from desktop_app.services.recognition.records import CertificateRecord, DecisionRecord, PrintedCertificate
from desktop_app.services.vietnamese import PartialDate, number_text
from desktop_app.ui.page import Page
from desktop_app.ui.recognition import questions
from desktop_app.ui.recognition.cells import unbroken
from desktop_app.ui.recognition.certificates_view import CertificatesView, today
from desktop_app.ui.recognition.deed_form import reason_fields, reason_of
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.recognition.words import REISSUE_REASONS, VOID_REASONS, counted
from desktop_app.ui.widgets.form_spec import Field

CHANGED = ("certificate", "decision", "assessment")


class CertificateDeeds:
    """Deeds of one page on its certificates view.

    Args:
        page: shows banners and knows the window.
        view: what is selected, and where a deed is asked for.
    """

    def __init__(self, page: Page, view: CertificatesView) -> None:
        self.page = page
        self.view = view

    # -- papers --------------------------------------------------------------------------------------------------

    def preview(self, uids: Sequence[Uid] | None = None) -> None:
        """Show certificates as they will be printed: these, or what the header is about."""
        chosen = tuple(uids) if uids is not None else self.view.picked_uids()
        if not chosen:
            self.page.show_banner("Chưa có giấy nào trong danh sách để xem hoặc in.", "neutral")
            return
        pages: list[PrintedCertificate] = []
        context, year, model = self.view.context, self.view.year, self.view.model

        def make(out: Path, progress: Progress) -> None:
            made = certificates_pdf(context, year, model, out, only=chosen, progress=progress)
            pages[:] = made.certificates

        title = f"Giấy công nhận · {number_text(len(chosen))} giấy" if len(chosen) > 1 else "Giấy công nhận"
        self._push(
            PreviewPage(
                context,
                title,
                make,
                file_name=f"giay_cong_nhan_{model.value}_{year}.pdf",
                record=lambda first, last: self.record(pages[first - 1 : last]),
                mark=lambda: self.record(pages),
                prints_one_first=len(chosen) > 1,
            )
        )

    def record(self, pages: Sequence[PrintedCertificate]) -> bool:
        """Record that these go to the printer; asks why where one was printed before. False: do not print."""
        uids = [page.certificate for page in pages]
        front = self._front()
        try:
            mark_printed(self.view.context, uids)
        except UserError as error:
            if error.code != "certificate.reprint_reason":
                front.show_banner(error.message, "attention")
                return False
            reason = questions.ask_reprint_reason(front, len(uids))
            if not reason:
                return False
            with front.errors():
                mark_printed(self.view.context, uids, reason)
        self._tell(f"Đã ghi {number_text(len(uids))} giấy là đã in")
        return True

    def decision_paper(self, decision: DecisionRecord) -> None:
        """Show a decision with its list."""
        make = partial(_decision, self.view.context, decision.uid)
        name = f"quyet_dinh_{decision.number.split('/')[0]}_{decision.year}.pdf"
        self._push(PreviewPage(self.view.context, f"Quyết định {decision.number}", make, file_name=name))

    def handover_list(self) -> None:
        """Show the list to sign, of what the header is about."""
        only = self.view.picked_uids()
        context, year, model = self.view.context, self.view.year, self.view.model
        make = partial(_handover, context, year, model, only)
        self._push(PreviewPage(context, "Sổ ký nhận", make, file_name=f"so_ky_nhan_{model.value}_{year}.pdf"))

    def register_book(self, year: int, model: LearningModel) -> None:
        """Show the register book as it is printed."""
        make = partial(_book, self.view.context, year, model)
        name = f"so_theo_doi_{model.value}_{year}.pdf"
        self._push(PreviewPage(self.view.context, "Sổ theo dõi cấp giấy", make, file_name=name))

    # -- queues --------------------------------------------------------------------------------------------------

    def sign(self, uids: Sequence[Uid] | None = None) -> None:
        """Record that papers are signed: these, or what the header is about."""
        chosen = tuple(uids) if uids is not None else self.view.picked_uids()
        with self.page.errors():
            count = mark_signed(self.view.context, chosen)
            self._tell(f"Đã ghi {number_text(count)} giấy là đã ký", can_undo=True)

    def ask_hand_over(self, uids: Sequence[Uid] | None = None) -> None:
        """Ask when and to whom, then record it."""
        chosen = tuple(uids) if uids is not None else self.view.picked_uids()
        if not chosen:
            return
        fields = (
            Field("date", "Ngày trao", "date", is_required=True, check=_whole_day),
            Field(
                "to_whom",
                "Người nhận",
                max_length=80,
                help="Để trống nếu chính người được công nhận ký nhận." if len(chosen) == 1 else _EACH,
            ),
        )

        def do(values: Mapping[str, Any]) -> bool:
            with self.page.errors():
                day: PartialDate = values["date"]
                on = dt.date(day.year, day.month or 1, day.day or 1)
                count = hand_over(self.view.context, chosen, on, values["to_whom"] or "")
                self._tell(f"Đã ghi trao {number_text(count)} giấy", can_undo=True)
                return True
            return False

        many = number_text(len(chosen))
        self.view.ask(
            f"Trao {many} giấy",
            "Ghi vào sổ theo dõi ngày trao và người ký nhận. Ghi nhầm thì hoàn tác được (Ctrl+Z).",
            fields,
            f"Ghi đã trao {many} giấy",
            do,
            values={"date": today(self.view.context).isoformat(), "to_whom": ""},
        )

    # -- voiding -------------------------------------------------------------------------------------------------

    def ask_void(self) -> None:
        """Ask why, then void the selected certificates."""
        chosen = self.view.selected_uids()
        row = self.view.current()
        if not chosen or row is None:
            return
        one = len(chosen) == 1
        what = f"giấy số {unbroken(row.number)}" if one else f"{number_text(len(chosen))} giấy"

        def do(values: Mapping[str, Any]) -> bool:
            with self.page.errors():
                count = void_certificates(self.view.context, chosen, reason_of(values))
                self._tell(f"Đã hủy {number_text(count)} giấy")
                return True
            return False

        self.view.ask(
            f"Hủy {what}?",
            "Việc công nhận được rút lại và phiếu mở ra để sửa, công nhận lại bằng quyết định khác. Số vẫn nằm trong "
            "sổ, không cấp cho ai nữa. Không hoàn tác được.",
            reason_fields(VOID_REASONS),
            "Hủy giấy này" if one else f"Hủy {what}",
            do,
            is_danger=True,
        )

    def ask_reissue(self) -> None:
        """Ask why, then issue the current certificate again under the next number."""
        row = self.view.current()
        if row is None or self.view.is_picking:
            return

        def do(values: Mapping[str, Any]) -> bool:
            with self.page.errors():
                made = reissue(self.view.context, row.uid, reason_of(values))
                self._tell(f"Đã cấp lại: số mới {made.number}")
                self.view.show_certificate(made.uid)
                return True
            return False

        self.view.ask(
            f"Cấp lại giấy số {unbroken(row.number)}?",
            f"{row.recipient} nhận giấy mới mang số kế tiếp, với tên và địa chỉ đang ghi trong sổ. Giấy số "
            f"{row.number} bị hủy nhưng số vẫn giữ trong sổ. Việc công nhận không đổi. Không hoàn tác được.",
            reason_fields(REISSUE_REASONS),
            "Cấp lại giấy",
            do,
        )

    # -- inside --------------------------------------------------------------------------------------------------

    def _push(self, page: PreviewPage) -> None:
        assert self.page.shell is not None
        self.page.shell.push(page)

    def _front(self) -> Page:
        shell = self.page.shell
        front = getattr(shell, "current_page", None)
        return front if isinstance(front, Page) else self.page

    def _tell(self, text: str, *, can_undo: bool = False) -> None:
        shell = self.page.shell
        assert shell is not None
        shell.announce_change(*CHANGED)
        shell.notify(text, can_undo=can_undo)


def told(model: LearningModel, count: int, decision: DecisionRecord) -> str:
    """What is said after a recognition."""
    first, last = decision.first_number, decision.last_number
    span = first if first == last else f"{first} đến {last}"
    return (
        f"Đã công nhận {counted(count, model)} theo Quyết định {decision.label}, số vào sổ {span}. "
        "Tiếp theo: in giấy, hoặc xem quyết định kèm danh sách."
    )


def can_sign(row: CertificateRecord) -> bool:
    return row.status is CertificateStatus.PRINTED


def can_hand_over(row: CertificateRecord) -> bool:
    return row.status in (CertificateStatus.PRINTED, CertificateStatus.SIGNED)


_EACH = "Để trống nếu mỗi người tự ký nhận; ghi tên nếu một người nhận thay cho tất cả."


def _whole_day(value: PartialDate) -> str | None:
    return None if value.day and value.month else "Cần đủ ngày, tháng, năm, ví dụ 20/11/2026."


def _decision(context: Any, uid: Uid, out: Path, progress: Progress) -> None:
    decision_pdf(context, uid, out, progress=progress)


def _handover(
    context: Any, year: int, model: LearningModel, only: Sequence[Uid], out: Path, progress: Progress
) -> None:
    handover_list_pdf(context, year, model, out, only, progress=progress)


def _book(context: Any, year: int, model: LearningModel, out: Path, progress: Progress) -> None:
    register_book_pdf(context, year, model, out, progress=progress)
