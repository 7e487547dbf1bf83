"""From a closed case to a draft of questions and answers."""

from __future__ import annotations

import wtforms
from fastapi import APIRouter, Request, Response
from wtforms.validators import InputRequired, Length

from akashi.core.errors import InputError
from akashi.domains.assistant.case_faq import (
    MAX_ANSWER,
    MAX_QUESTION,
    Entry,
    draft_entry,
    propose_entry,
)
from akashi.domains.assistant.console_views import make_case_masker
from akashi.platform.kit import Form as KitForm
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep

router = APIRouter()


class EntryForm(KitForm):
    """A question that could be anybody's, and its answer."""

    question = wtforms.TextAreaField(
        "Question as anybody could ask it",
        [InputRequired(), Length(max=MAX_QUESTION)],
        description="Without names, numbers or circumstances of this customer.",
    )
    answer = wtforms.TextAreaField("Answer", [InputRequired(), Length(max=MAX_ANSWER)])


@router.get("/assistant/console/{case_id}/faq", include_in_schema=False)
def show_entry(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, case_id: str
) -> Response:
    """Show the last question and answer of a case, to be made a general entry."""
    entry = propose_entry(site, case_id, actor, make_case_masker(request, site))
    data = {"question": entry.question, "answer": entry.answer}
    return _render(request, case_id, parse_form(None, EntryForm, language, data))


@router.post("/assistant/console/{case_id}/faq", include_in_schema=False)
def add_entry(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, case_id: str, posted: FormDep
) -> Response:
    """Hand the entry in for approval."""
    form = parse_form(posted, EntryForm, language)
    if not form.validate():
        return _render(request, case_id, form)
    entry = Entry(form.question.data or "", form.answer.data or "")
    try:
        matter = draft_entry(site, case_id, actor, entry)
    except InputError as error:
        form.fail_with(error)
        return _render(request, case_id, form)
    said = mark("Handed in for approval. Customers read it only when it is decided.")
    return redirect(request, f"/approvals/matters/{matter.id}", said)


def _render(request: Request, case_id: str, form: EntryForm) -> Response:
    status = 422 if form.errors else 200
    return render(request, "assistant/console_faq.html", {"form": form, "case_id": case_id}, status)
