"""What is done on the screen of posted lists: post, correct, take objections down, answer them, print.

Invariant: asked for in place, done by a service, told with how to take it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.models.types import LearningModel, ObjectionOutcome, ReviewStage, Uid
from desktop_app.services.assessment.review.objections import (
    ObjectionRecord,
    add_objection,
    answer_objection,
    withdraw_answer,
)
from desktop_app.services.assessment.review.objections import edit_objection as change_objection
from desktop_app.services.assessment.review.papers import posted_list_pdf
from desktop_app.services.assessment.review.postings import PostingRecord, count_for_posting, last_day, post_list
from desktop_app.services.assessment.review.postings import edit_posting as change_posting
from desktop_app.services.assessment.review.recording import today
from desktop_app.services.assessment.review.rules import load_rules
from desktop_app.services.assessment.subjects import UNITS
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.recognition.preview_page import PreviewPage
from desktop_app.ui.registry.choices import hamlets
from desktop_app.ui.review.deeds import SOON
from desktop_app.ui.review.forms import date_of
from desktop_app.ui.review.posting_forms import (
    ALL_WHO_PASS,
    WHOLE_COMMUNE,
    answer_fields,
    find_form,
    objection_fields,
    posting_fields,
    posting_place_fields,
    words_of_form,
)
from desktop_app.ui.review.words import LISTS, SAID, posting_title

if TYPE_CHECKING:
    from desktop_app.ui.review.posting_page import PostingPage


class PostingDeeds:
    """Serves one page; not a widget."""

    def __init__(self, page: PostingPage) -> None:
        self._page = page

    def ask_post(self) -> None:
        """Ctrl+N: which list, where, and for how long."""
        self._page.show_part(LISTS)
        rules = load_rules(self._page.context)
        first = today(self._page.context)
        record = self._page.lists.current()

        def do(values: Mapping[str, Any]) -> bool:
            with self._page.errors():
                self._page.clear_banner()
                model, stage, hamlet = _scope(values)
                posted_on = date_of(values["posted_on"]) or first
                work = partial(
                    post_list,
                    self._page.context,
                    model,
                    self._page.year,
                    stage=stage,
                    hamlet=hamlet,
                    place=values.get("place") or "",
                    posted_on=posted_on,
                    until=date_of(values.get("until")) or last_day(self._page.context, posted_on),
                    note=values.get("note") or "",
                )
                if count_for_posting(self._page.context, model, self._page.year, stage, hamlet) < SOON:
                    self._posted(work())
                else:
                    self._page.run(
                        lambda _progress: work(), self._posted, "Đang niêm yết", is_writing=True, can_cancel=False
                    )
                return True
            return False

        self._page.ask(
            "Niêm yết danh sách",
            f"Danh sách giữ đúng những phiếu đang có lúc này. Nhận ý kiến {rules.posting_days} ngày nếu để trống ngày "
            "cuối (gợi ý; đổi ở Bình xét, thẩm định, nút Cách thẩm định).",
            posting_fields(hamlets(self._page.context), rules.stages),
            "Niêm yết",
            do,
            values={
                "model": record.model if record else LearningModel.CITIZEN,
                "stage": rules.stages[0],
                "hamlet": WHOLE_COMMUNE,
                "posted_on": first.isoformat(),
                "place": record.place if record else "",
            },
        )
        form = self._page.lists.deed.form
        if form is not None:
            form.changed.connect(self._count_posting)
            self._count_posting("model")

    def _posted(self, uid: Uid) -> None:
        self._page.told("Đã niêm yết; nhấn F9 để in danh sách.", uid)

    def _count_posting(self, key: str) -> None:
        """How many forms the list would hold, on its button."""
        form, button = self._page.lists.deed.form, self._page.lists.deed.yes_button
        if form is None or button is None or key not in ("model", "stage", "hamlet"):
            return
        with self._page.errors():
            model, stage, hamlet = _scope(form.values())
            count = count_for_posting(self._page.context, model, self._page.year, stage, hamlet)
            button.setText(
                f"Niêm yết {number_text(count)} {UNITS[model]}" if count else "Chưa có phiếu nào để niêm yết"
            )
            button.setEnabled(bool(count))
            way = "chấp nhận ở Bình xét, thẩm định trước." if stage is not None else "chấm phiếu ở Đánh giá trước."
            none = f"Trong phạm vi này chưa có phiếu {UNITS[model]} nào như vậy; {way}"
            form.field("stage").show_message("" if count else none, "warning")

    def show_paper(self) -> None:
        """F9 or Enter: the posted list as paper."""
        record = self._page.lists.current()
        if record is not None and self._page.shell is not None:
            make = partial(_paper, self._page.context, record.uid)
            name = f"niem_yet_{record.model.value}_{record.posted_on}.pdf"
            self._page.shell.push(PreviewPage(self._page.context, "Danh sách công khai", make, file_name=name))

    def edit_posting(self, record: PostingRecord) -> None:
        def do(values: Mapping[str, Any]) -> bool:
            with self._page.errors():
                self._page.clear_banner()
                first = date_of(values["posted_on"])
                last = date_of(values["until"])
                assert first is not None and last is not None
                change_posting(
                    self._page.context,
                    record.uid,
                    place=values.get("place") or "",
                    posted_on=first,
                    until=last,
                    note=values.get("note") or "",
                )
                self._page.told("Đã sửa nơi và ngày niêm yết.", record.uid)
                return True
            return False

        self._page.ask(
            f"Sửa: {posting_title(record)}",
            "Chỉ sửa nơi, ngày và ghi chú; ai đứng trong danh sách thì giữ nguyên.",
            posting_place_fields(),
            "Cất",
            do,
            values={
                "posted_on": record.posted_on, "until": record.until, "place": record.place, "note": record.note,
            },
        )  # fmt: skip

    def ask_objection(self) -> None:
        """Ctrl+E: about whom, what, by whom, when."""
        record = self._page.lists.current() if self._page.tabs.value == LISTS else None
        self._page.show_part(SAID)

        def do(values: Mapping[str, Any]) -> bool:
            with self._page.errors():
                self._page.clear_banner()
                uid = add_objection(
                    self._page.context,
                    str(values["about"]),
                    values.get("content") or "",
                    raised_by=values.get("raised_by") or "",
                    received_on=date_of(values.get("received_on")),
                )
                self._page.told("Đã ghi ý kiến.", uid)
                return True
            return False

        find = find_form(self._page.context, self._page.year, record.uid if record else None)
        self._page.ask(
            "Ghi ý kiến",
            "Tên người nói có thể để trống. Ý kiến đến sau hạn vẫn nhận, ghi là quá hạn.",
            objection_fields(find, words_of_form(self._page.context)),
            "Cất ý kiến",
            do,
            values={"received_on": today(self._page.context).isoformat()},
        )

    def edit_objection(self, item: ObjectionRecord) -> None:
        def do(values: Mapping[str, Any]) -> bool:
            with self._page.errors():
                self._page.clear_banner()
                change_objection(
                    self._page.context,
                    item.uid,
                    values.get("content") or "",
                    raised_by=values.get("raised_by") or "",
                    received_on=date_of(values.get("received_on")),
                )
                self._page.told("Đã sửa ý kiến.", item.uid)
                return True
            return False

        self._page.ask(
            f"Sửa ý kiến về {item.name}",
            "Sửa chỗ ghi nhầm; câu trả lời (nếu có) giữ nguyên.",
            objection_fields(None, None),
            "Cất ý kiến",
            do,
            values={"content": item.content, "raised_by": item.raised_by, "received_on": item.received_on},
        )

    def ask_answer(self) -> None:
        """Enter or Ctrl+Enter: what was found, and what follows."""
        item = self._page.said.current()
        if self._page.view.side.is_asking:
            self._page.view.deed.submit()
            return
        if self._page.tabs.value != SAID or item is None:
            return

        def do(values: Mapping[str, Any]) -> bool:
            with self._page.errors():
                self._page.clear_banner()
                outcome = ObjectionOutcome(values["outcome"])
                wants = bool(values.get("returns")) and outcome is ObjectionOutcome.UPHELD
                done = answer_objection(
                    self._page.context,
                    item.uid,
                    outcome,
                    values.get("answer") or "",
                    answered_by=values.get("by") or "",
                    answered_on=date_of(values.get("on")),
                    is_form_returned=wants,
                )
                if wants and not done:
                    self._page.show_banner(
                        "Đã trả lời. Phiếu đã được công nhận nên không trả lại được; muốn rút, hãy hủy giấy trước.",
                        "attention",
                    )
                self._page.told("Đã trả lời và trả lại phiếu." if done else "Đã trả lời ý kiến.", item.uid)
                return True
            return False

        self._page.ask(
            f"Trả lời ý kiến về {item.name}",
            item.content,
            answer_fields(),
            "Cất câu trả lời",
            do,
            values={
                "outcome": item.outcome, "answer": item.answer, "by": item.answered_by,
                "on": item.answered_on or today(self._page.context).isoformat(), "returns": True,
            },
        )  # fmt: skip
        form = self._page.said.deed.form
        if form is not None:
            form.set_shown("returns", item.outcome is ObjectionOutcome.UPHELD)
            form.changed.connect(
                lambda key: (
                    form.set_shown("returns", form.values().get("outcome") == ObjectionOutcome.UPHELD)
                    if key == "outcome"
                    else None
                )
            )

    def withdraw(self) -> None:
        """Ctrl+D: the current objection waits again."""
        item = self._page.said.current()
        if self._page.tabs.value == SAID and item is not None and not item.is_open:
            with self._page.errors():
                withdraw_answer(self._page.context, item.uid)
                self._page.told("Đã bỏ câu trả lời; ý kiến lại chờ trả lời.", item.uid)


def _scope(values: Mapping[str, Any]) -> tuple[LearningModel, ReviewStage | None, Uid | None]:
    stage, hamlet = values.get("stage"), values.get("hamlet")
    return (
        LearningModel(values.get("model") or LearningModel.CITIZEN),
        None if stage in (None, ALL_WHO_PASS) else ReviewStage(stage),
        None if hamlet in (None, WHOLE_COMMUNE) else str(hamlet),
    )


def _paper(context: Any, uid: Uid, out: Path, progress: Progress) -> None:
    posted_list_pdf(context, uid, out, progress=progress)
