"""Papers before a decision: the tờ trình with its list, and drafts of the certificates that would be given.

Invariant: made from those who would be recognised now; no number is given by looking.
"""

from __future__ import annotations

from pathlib import Path

from desktop_app.services.progress import Progress
from desktop_app.services.recognition.letters import submission_letter_pdf
from desktop_app.services.recognition.papers import draft_certificates_pdf
from desktop_app.ui.page import Page
from desktop_app.ui.recognition.candidates_view import CandidatesView
from desktop_app.ui.recognition.decision_form import draft_date
from desktop_app.ui.recognition.preview_page import PreviewPage


class ProposalPapers:
    """Shows them on top of the page.

    Args:
        page: knows the window.
        view: who would be recognised, and what stands in the decision's form.
    """

    def __init__(self, page: Page, view: CandidatesView) -> None:
        self.page = page
        self.view = view

    def letter(self) -> None:
        """The tờ trình."""
        context, year, model = self.view.context, self.view.shown.year, self.view.shown.model
        subjects = self.view.chosen().subjects

        def make(out: Path, progress: Progress) -> None:
            submission_letter_pdf(context, year, model, out, subjects=subjects, progress=progress)

        self._push("Tờ trình đề nghị công nhận", make, f"to_trinh_{model.value}_{year}.pdf")

    def drafts(self) -> None:
        """The first certificates, marked as drafts."""
        context, year, model = self.view.context, self.view.shown.year, self.view.shown.model
        chosen, values = self.view.chosen(), self.view.form.read().values
        if not chosen.count:
            return
        subjects = chosen.subjects
        number, signer = str(values.get("number") or ""), str(values.get("signer_name") or "")
        date = draft_date(values.get("date"))

        def make(out: Path, progress: Progress) -> None:
            draft_certificates_pdf(
                context, year, model, out, number=number, date=date, signer_name=signer, subjects=subjects
            )

        self._push("Xem trước giấy công nhận", make, f"xem_truoc_{model.value}_{year}.pdf")

    def _push(self, title: str, make: object, file_name: str) -> None:
        assert self.page.shell is not None and callable(make)
        self.page.shell.push(PreviewPage(self.view.context, title, make, file_name=file_name))
