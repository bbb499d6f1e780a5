"""What the list of citizens offers about one person besides editing: joining two records, the way to who stayed.

Invariant: nothing is merged here; two people are only brought before the screen that compares them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.ui.actions import ActionSpec

if TYPE_CHECKING:
    from desktop_app.models.records import CitizenDetail, SaveResult
    from desktop_app.ui.registry import choices
    from desktop_app.ui.registry.edit_page import EditPage
    from desktop_app.ui.registry.form_pane import FormTask, Values

SCOPE = "Công dân"
DEED_KEYS = "Người đã mất thì ghi nhận đã mất (Ctrl+Shift+D); chuyển đi thì ghi đi khỏi xã (Ctrl+Shift+X)."
"""What is done instead of removing somebody."""
KEPT = "Hồ sơ được giữ để xem lại các năm trước."
MORE_ACTIONS = (
    ActionSpec("citizens.merge", "Gộp với người khác…", "Ctrl+Shift+J", "merge", SCOPE),
    ActionSpec("citizens.held", "Lập phiếu dữ liệu cá nhân", "", "file-down", SCOPE),
    ActionSpec("citizens.paper", "In phiếu giấy", "", "printer", SCOPE),
    ActionSpec("citizens.sheet", "In bảng điểm và lý do", "", "printer", SCOPE),
    ActionSpec("citizens.bulk", "Đổi thôn, chi hội, nhóm cho nhiều người", "Ctrl+Shift+G", "list-checks", SCOPE),
)


def present_uid(context: Any, uid: str) -> str:
    """The person that a link means now: who stayed, where the record was merged into another."""
    from desktop_app.services.duplicates.present import present_record

    return present_record(context, uid)


def merge_task(page: EditPage, record: CitizenDetail) -> FormTask:
    """Ask who else the same person is, then compare the two."""
    from desktop_app.models.records import Issue, SaveResult
    from desktop_app.ui.duplicates.ways import open_duplicates
    from desktop_app.ui.registry import choices
    from desktop_app.ui.registry.form_pane import FormTask
    from desktop_app.ui.widgets.form_spec import Field, FormSpec

    context = page.context
    find = choices.find_citizen(context)

    def others(text: str) -> choices.Choices:
        return [found for found in find(text) if found[0] != record.uid]

    def compare(values: Values) -> SaveResult:
        if values["other"] == record.uid:
            return SaveResult(None, (Issue("other", "merge.same", "Đó là chính người này; hãy chọn người kia."),))
        return SaveResult(record.uid)

    return FormTask(
        f"Gộp {record.name} với người khác",
        FormSpec(
            (
                Field(
                    "other", "Người kia", "search", is_required=True, help=choices.CITIZEN_HELP,
                    find=others, words_of=choices.words_of_citizen(context),
                ),
            )
        ),
        {},
        save=compare,
        on_saved=lambda _result, values: open_duplicates(page, people=(record.uid, values["other"])),
        is_new=True,
        note="Hai hồ sơ được so cạnh nhau trước; chưa có gì thay đổi.",
        save_text="So hai hồ sơ",
    )  # fmt: skip
