"""What is done on the review screen: accept, return, the meeting, the minutes, the office's rules.

Invariant: asked for in place, done by a service, told with how to take it back; nothing is written by a preview.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.models.types import LearningModel, ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.review.listing import review_list
from desktop_app.services.assessment.review.meetings import Meeting, households_of, load_meeting, save_meeting
from desktop_app.services.assessment.review.papers import minutes_pdf
from desktop_app.services.assessment.review.recording import (
    Hindrance,
    ReviewPlan,
    ReviewResult,
    preview_review,
    recent_reasons,
    record_review,
    today,
)
from desktop_app.services.assessment.review.rules import load_rules, save_rules
from desktop_app.services.assessment.review.standing import ReviewState
from desktop_app.services.progress import Progress
from desktop_app.services.registry.users import list_users
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.recognition.deed_form import reason_of
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.review.forms import (
    date_of,
    meeting_fields,
    read_meeting,
    read_rules,
    review_fields,
    rules_fields,
    rules_values,
)
from desktop_app.ui.review.words import STAGES

if TYPE_CHECKING:
    from desktop_app.services.context import Context
    from desktop_app.ui.review.page import ReviewPage

SOON = 200
"""From so many forms on the deed runs in the background with its count."""
MOST_NAMED = 3


class ReviewDeeds:
    """Serves one review page; not a widget."""

    def __init__(self, page: ReviewPage) -> None:
        self._page = page

    # -- accepting -----------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Enter: the current form at once; several only after saying what is left out; Ctrl+Enter then does it."""
        if self._page.side.is_asking:
            self._page.deed.submit()
            return
        uids = self._page.selected_uids()
        if len(uids) == 1:
            self._accept_one(uids[0])
        elif uids:
            self._plan(uids, ReviewOutcome.ACCEPTED, self._ask_accept)

    def accept_all(self) -> None:
        """Ctrl+G: everything that the list shows."""
        page = self._page
        if page.source is not None and page.source.count():
            self._plan(page.source.uids(), ReviewOutcome.ACCEPTED, self._ask_accept)

    def _accept_one(self, uid: Uid) -> None:
        page = self._page
        row = page.current()
        with page.errors():
            page.clear_banner()
            meeting = self._meeting()
            shown = page.table.paged.source if page.table.paged is not None else None
            after = shown.next_to_review(uid) if shown is not None and hasattr(shown, "next_to_review") else None
            result = record_review(
                page.context,
                page.model,
                page.year,
                [uid],
                ReviewOutcome.ACCEPTED,
                stage=page.stage,
                reviewer=meeting.chair,
                reviewed_on=meeting.day,
            )
            if not result.count:
                left = result.left_out[0]
                page.show_banner(f"Chưa chấp nhận {left.name}: {left.reason}", "attention")
                return
            name = row.name if row is not None else ""
            self._tell(f"{STAGES[page.stage]}: đã chấp nhận {name}.")
            page.reread(after or uid)

    def _ask_accept(self, uids: Sequence[Uid], plan: ReviewPlan) -> None:
        page = self._page
        if not plan.count:
            page.show_banner(f"Chưa chấp nhận phiếu nào: {plan.words}.", "attention")
            return
        meeting = self._meeting()

        def do(values: Mapping[str, Any]) -> bool:
            self._record(uids, ReviewOutcome.ACCEPTED, "", values)
            return True

        count = number_text(plan.count)
        page.ask(
            f"{STAGES[page.stage]}: chấp nhận {count} phiếu",
            f"{self._left_words(plan)}\nGhi thành một việc, hoàn tác được (Ctrl+Z).",
            review_fields(None),
            f"Chấp nhận {count} phiếu",
            do,
            values=self._first(meeting),
        )

    # -- returning -----------------------------------------------------------------------------------------------

    def ask_return(self) -> None:
        """Ctrl+T: ask why, then return the selected forms."""
        uids = self._page.selected_uids()
        if uids:
            self._plan(uids, ReviewOutcome.RETURNED, self._ask_return)

    def _ask_return(self, uids: Sequence[Uid], plan: ReviewPlan) -> None:
        page = self._page
        if not plan.count:
            page.show_banner(f"Chưa trả lại phiếu nào: {plan.words}.", "attention")
            return
        row = page.current()

        def do(values: Mapping[str, Any]) -> bool:
            reason = reason_of(values)
            if not reason:
                if page.deed.form is not None:
                    page.deed.form.set_errors({"more": "Chưa ghi lý do; hãy ghi để người chấm biết phải sửa gì."})
                return False
            self._record(uids, ReviewOutcome.RETURNED, reason, values)
            return True

        one = plan.count == 1 and len(uids) == 1 and row is not None
        what = f"phiếu của {row.name}" if one and row is not None else f"{number_text(plan.count)} phiếu"
        page.ask(
            f"{STAGES[page.stage]}: trả lại {what}",
            f"{self._left_words(plan)}\nPhiếu bị trả lại không được công nhận cho đến khi sửa điểm hoặc được chấp nhận "
            "lại. Hoàn tác được (Ctrl+Z).",
            review_fields(recent_reasons(page.context, page.year)),
            f"Trả lại {what}" if not one else "Trả lại phiếu này",
            do,
            values=self._first(self._meeting()),
        )

    # -- both ----------------------------------------------------------------------------------------------------

    def _plan(self, uids: Sequence[Uid], outcome: ReviewOutcome, then: Any) -> None:
        """Find out what would be left out, in the background where there are many."""
        page = self._page
        page.clear_banner()
        work = partial(
            preview_review,
            page.context,
            page.model,
            page.year,
            uids,
            outcome,
            stage=page.stage,
            keeps_returned=self._keeps_returned(uids),
        )
        if len(uids) < SOON:
            with page.errors():
                then(uids, work())
            return
        page.run(
            lambda progress: work(progress=progress),
            lambda plan: then(uids, plan),
            f"Đang xem {number_text(len(uids))} phiếu",
            stopped="Đã dừng; chưa ghi gì.",
        )

    def _keeps_returned(self, uids: Sequence[Uid]) -> bool:
        """What this stage returned is accepted again one by one, or where only the returned ones are shown."""
        return len(uids) > 1 and self._page.filters.filter("").state is not ReviewState.RETURNED

    def _record(self, uids: Sequence[Uid], outcome: ReviewOutcome, reason: str, values: Mapping[str, Any]) -> None:
        page = self._page
        stage = page.stage
        work = partial(
            record_review,
            page.context,
            page.model,
            page.year,
            uids,
            outcome,
            stage=stage,
            reason=reason,
            reviewer=values.get("by") or "",
            reviewed_on=date_of(values.get("on")),
            keeps_returned=self._keeps_returned(uids),
        )
        if len(uids) < SOON:
            with page.errors():
                self._done(outcome, stage, work())
            return
        page.run(
            lambda progress: work(progress=progress),
            partial(self._done, outcome, stage),
            f"Đang ghi kết quả {number_text(len(uids))} phiếu",
            stopped="Đã dừng; chưa ghi phiếu nào.",
            is_writing=True,
        )

    def _done(self, outcome: ReviewOutcome, stage: ReviewStage, result: ReviewResult) -> None:
        page = self._page
        what = "chấp nhận" if outcome is ReviewOutcome.ACCEPTED else "trả lại"
        self._tell(f"{STAGES[stage]}: đã {what} {number_text(result.count)} phiếu.")
        if result.left_out:
            plan = ReviewPlan(result.count, result.left_out)
            page.show_banner(f"Đã {what} {number_text(result.count)} phiếu; để lại: {plan.words}.", "neutral")
        page.reread(page.current_uid())
        page.focus_list()

    def _left_words(self, plan: ReviewPlan) -> str:
        if not plan.left_out:
            return "Không phiếu nào phải để lại." if plan.count > 1 else "Phiếu này sẽ về lại người chấm."
        told = [item for item in plan.left_out if item.hindrance is not Hindrance.ALREADY]
        lines = [f"– {item.name or 'Không tên'}: {item.reason}" for item in told[:MOST_NAMED]]
        if len(told) > MOST_NAMED:
            lines.append(f"– … và {number_text(len(told) - MOST_NAMED)} phiếu nữa")
        return "\n".join((f"Để lại {number_text(len(plan.left_out))}: {plan.words}.", *lines))

    def _tell(self, text: str) -> None:
        shell = self._page.shell
        if shell is not None:
            shell.announce_change("assessment", "review")
            shell.notify(text, can_undo=True)
            self._page.is_stale = False

    # -- the meeting ---------------------------------------------------------------------------------------------

    def _meeting(self) -> Meeting:
        """The meeting whose results are recorded now; an empty one at the commune's stage."""
        page = self._page
        if page.stage is ReviewStage.COMMUNE:
            return Meeting()
        return load_meeting(page.context, page.year, page.stage, page.filters.hamlet)

    def _first(self, meeting: Meeting) -> dict[str, Any]:
        on = meeting.day or today(self._page.context)
        return {"on": on.isoformat(), "by": meeting.chair}

    def _place(self) -> str:
        chip = self._page.filters.hamlet_chip
        return chip.text().partition(": ")[2] if self._page.filters.hamlet else "toàn xã"

    def ask_meeting(self) -> None:
        """Ctrl+M: the meeting of the chosen hamlet at this stage, written down once."""
        page = self._page
        year, stage, hamlet = page.year, page.stage, page.filters.hamlet

        def do(values: Mapping[str, Any]) -> bool:
            with page.errors():
                kept = save_meeting(page.context, year, stage, hamlet, read_meeting(values))
                households = households_of(page.context, hamlet)
                came = (kept.came or 0) + (kept.stayed_away or 0)
                if kept.came is not None and kept.stayed_away is not None and households and came != households:
                    page.show_banner(
                        f"Đã lưu. Có mặt và vắng cộng lại {number_text(came)} hộ, còn sổ có {number_text(households)} "
                        "hộ; hãy xem lại nếu ghi nhầm.",
                        "attention",
                    )
                if page.shell is not None:
                    page.shell.notify(f"Đã ghi buổi họp {self._place()}.", can_undo=True)
                return True
            return False

        with page.errors():
            page.ask(
                f"Buổi họp {self._place()} · {STAGES[stage].lower()}",
                "Ghi một lần, in trong biên bản; ngày họp và chủ trì được ghi kèm từng kết quả. Mục để trống in thành "
                "dòng chấm để viết tay." + ("" if hamlet else " Muốn ghi cho một thôn, hãy chọn thôn ở bộ lọc trước."),
                meeting_fields(households_of(page.context, hamlet)),
                "Cất buổi họp",
                do,
                values=asdict(load_meeting(page.context, year, stage, hamlet)),
            )

    def show_minutes(self) -> None:
        """F9: the minutes of the chosen hamlet's meeting, on every model that has forms there."""
        page = self._page
        if page.shell is None or page.round is None:
            return
        with page.errors():
            year, stage, hamlet = page.year, page.stage, page.filters.hamlet
            models = [model for model in _models_of(page.model) if self._has_reviews(model)]
            make = partial(_minutes, page.context, year, stage, hamlet, models or [page.model])
            page.shell.push(PreviewPage(page.context, "Biên bản họp bình xét", make, file_name=f"bien_ban_{year}.pdf"))

    def _has_reviews(self, model: LearningModel) -> bool:
        page = self._page
        if model is page.model:
            return True
        found = review_list(page.context, model, page.year, page.stage, page.filters.filter(""))
        return any(row.state.value != "waiting" for row in found.sorted("state").rows(0, 1))

    # -- the rules -----------------------------------------------------------------------------------------------

    def ask_rules(self) -> None:
        """How this office reviews: stages, order, who, days of a posting."""
        page = self._page
        before = load_rules(page.context)

        def do(values: Mapping[str, Any]) -> bool:
            with page.errors():
                save_rules(page.context, read_rules(values, before))
                if page.shell is not None:
                    page.shell.notify("Đã đổi cách thẩm định.", can_undo=True)
                page.refresh()
                return True
            return False

        page.ask(
            "Cách thẩm định của cơ quan",
            "Áp dụng cho mọi máy của xã. Mặc định: ai cũng ghi được, chỉ bước của xã là bắt buộc có.",
            rules_fields(list_users(page.context)),
            "Cất cách thẩm định",
            do,
            values=rules_values(before),
        )


def _models_of(first: LearningModel) -> list[LearningModel]:
    return [first, *(model for model in LearningModel if model is not first and model is not LearningModel.COMMUNE)]


def _minutes(
    context: Context,
    year: int,
    stage: ReviewStage,
    hamlet: Uid | None,
    models: Sequence[LearningModel],
    out: Path,
    progress: Progress,
) -> None:
    minutes_pdf(context, year, stage, hamlet, models, out, progress=progress)
