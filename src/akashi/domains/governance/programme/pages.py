"""The page of the demonstration programme, its forms and its paper."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from akashi.core.errors import InputError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.domains.governance.programme import words
from akashi.domains.governance.programme.measure import own_name, read_programme
from akashi.domains.governance.programme.model import ItemKind
from akashi.domains.governance.programme.paper import write_programme
from akashi.domains.governance.programme.store import list_items
from akashi.domains.governance.programme.treat import MOST_TEXT, add_item, finish_milestone, take_out
from akashi.domains.governance.words import MODES
from akashi.platform.kit import Form, FormDep, parse_form, redirect, render, translator
from akashi.platform.papers.answers import answer_paper
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)
PAGE = "/governance/programme"
WRITERS = (Role.BUSINESS_OWNER, Role.RISK_OFFICER)


class ThemeForm(Form):
    """What is tried out, and by which use cases."""

    title = StringField("Theme", [InputRequired(), Length(max=200)])
    purpose = TextAreaField("Purpose", [InputRequired(), Length(max=MOST_TEXT)])
    use_cases = StringField(
        "Use cases", [Length(max=MOST_TEXT)], description="Their codes in the register, with blanks between."
    )


class PartyForm(Form):
    """Who takes part."""

    title = StringField("Party", [InputRequired(), Length(max=200)])
    role = SelectField("Kind", [InputRequired()])
    part = TextAreaField("Part in it", [InputRequired(), Length(max=MOST_TEXT)])


class MilestoneForm(Form):
    """What is to be reached by when."""

    title = StringField("Milestone", [InputRequired(), Length(max=200)])
    due_on = DateField("Due", [InputRequired()])


class FigureForm(Form):
    """What is aimed at in numbers."""

    title = StringField("Figure", [InputRequired(), Length(max=200)])
    target = StringField("Aimed at", [InputRequired(), Length(max=16)])
    actual = StringField("Actual", [Optional(), Length(max=16)])
    unit = StringField("Unit", [Length(max=16)])


class DoneForm(Form):
    """By what a milestone is shown to be reached."""

    item = SelectField("Milestone", [InputRequired()])
    evidence = StringField("Evidence", [InputRequired(), Length(max=MOST_TEXT)])


FORMS: dict[ItemKind, type[Form]] = {
    ItemKind.THEME: ThemeForm,
    ItemKind.PARTY: PartyForm,
    ItemKind.MILESTONE: MilestoneForm,
    ItemKind.FIGURE: FigureForm,
}


@router.get(PAGE)
def show_programme(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Show the programme."""
    return _show(request, site, actor, language)


@router.get(PAGE + "/paper.{form}")
def give_paper(request: Request, site: SiteDep, language: LanguageDep, form: str) -> Response:
    """Return the programme as HTML, PDF or DOCX."""
    with site.database.read() as connection:
        name = own_name(connection)
    said = translator(request, "governance")
    paper = write_programme(read_programme(site), said, language, name, tokyo_day(site.now()))
    return answer_paper(paper, form, "programme")


@router.post(PAGE + "/done")
def finish(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Keep that a milestone is reached."""
    form = parse_form(posted, DoneForm, language, choices=_open_milestones(site))
    if not form.validate():
        return _show(request, site, actor, language, {}, form)
    finish_milestone(site, actor, str(form.item.data), str(form.evidence.data or ""))
    return redirect(request, f"{PAGE}#milestone", "The milestone is reached.")


@router.post(PAGE + "/{kind}")
def take_item(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, kind: str, posted: FormDep
) -> Response:
    """Keep a part of the programme."""
    if kind not in set(ItemKind):
        raise NotFoundError("There is no such part of the programme.", where=kind)
    chosen = ItemKind(kind)
    form = parse_form(posted, FORMS[chosen], language, choices=_choices(request, chosen))
    if not form.validate():
        return _show(request, site, actor, language, {chosen: form})
    values = {field.name: _text(field.data) for field in form}
    try:
        add_item(site, actor, chosen, values.pop("title"), values)
    except InputError as error:
        if type(error) is not InputError:
            raise
        form.fail(error.where if error.where in form else "title", error.message, **error.values)
        return _show(request, site, actor, language, {chosen: form})
    return redirect(request, f"{PAGE}#{kind}", "It was kept.")


@router.post(PAGE + "/items/{item_id}/remove")
def remove(request: Request, site: SiteDep, actor: ActorDep, item_id: str) -> Response:
    """Take a part out."""
    take_out(site, actor, item_id)
    return redirect(request, PAGE, "It was taken out.")


def _open_milestones(site: Site) -> dict[str, list[tuple[str, str]]]:
    with site.database.read() as connection:
        milestones = list_items(connection)[ItemKind.MILESTONE]
    return {"item": [(one.id, one.title) for one in milestones if not one.values.get("done_on")]}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _choices(request: Request, kind: ItemKind) -> dict[str, list[tuple[str, str]]]:
    if kind is not ItemKind.PARTY:
        return {}
    said = translator(request, "governance")
    return {"role": [(name, said(title)) for name, title in words.PARTIES.items()]}


def _show(
    request: Request,
    site: Site,
    actor: Actor,
    language: str,
    faulty: dict[ItemKind, Form] | None = None,
    done: Form | None = None,
) -> Response:
    forms = {
        kind: parse_form(None, form, language, choices=_choices(request, kind))
        for kind, form in FORMS.items()
    }
    context = {
        "programme": read_programme(site),
        "forms": {**forms, **(faulty or {})},
        "done": done or parse_form(None, DoneForm, language, choices=_open_milestones(site)),
        "kinds": ItemKind,
        "words": words,
        "modes": MODES,
        "may_write": actor.has(*WRITERS),
        "today": tokyo_day(site.now()),
        "fields": {kind: [field.name for field in form] for kind, form in forms.items()},
    }
    return render(request, "governance/programme.html", context, 422 if faulty or done else 200)
