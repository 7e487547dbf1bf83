"""The desk at which people judge what no rule can; a model's word is shown only after one's own."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from akashi.core.errors import InputError, NotFoundError
from akashi.core.people import Actor, Role
from akashi.domains.evaluation import store as runs
from akashi.domains.evaluation import words
from akashi.domains.evaluation.judging import people, store
from akashi.domains.evaluation.model import Verdict
from akashi.domains.evaluation.rescoring import rescore_run
from akashi.identity.store import find_person
from akashi.platform.kit import Form, FormDep, parse_form, redirect, render, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)
JUDGES = (Role.VALIDATOR, Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.PRIVACY_OFFICER)


class OpinionForm(Form):
    """What a person judges of one reply."""

    verdict = RadioField("Judgment", [InputRequired()])
    note = TextAreaField(
        "Why",
        [Length(max=people.MOST_NOTE)],
        description="Needed unless the reply meets the criterion. No personal data, please.",
    )


@router.get("/evaluation/runs/{run}/judge")
def show_desk(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, run: str) -> Response:
    """Show what there is to judge in a run, and the next reply this person may judge."""
    return _show(request, site, actor, language, run)


@router.post("/evaluation/runs/{run}/judge/{place}")
def take_opinion(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    run: str,
    place: int,
    posted: FormDep,
) -> Response:
    """Keep a judgment and show the next reply."""
    form = parse_form(posted, OpinionForm, language, choices=_choices(request))
    if not form.validate():
        return _show(request, site, actor, language, run, form, place)
    try:
        people.judge_unit(site, actor, run, place, Verdict(str(form.verdict.data)), str(form.note.data or ""))
    except InputError as error:
        form.fail(
            error.where if error.where in ("note", "verdict") else "note", error.message, **error.values
        )
        return _show(request, site, actor, language, run, form, place)
    return redirect(request, f"/evaluation/runs/{run}/judge", "The judgment was kept.")


@router.post("/evaluation/runs/{run}/score")
def score_again(request: Request, site: SiteDep, actor: ActorDep, run: str) -> Response:
    """Score the run again with what people judged."""
    rescore_run(site, run, actor)
    return redirect(request, f"/evaluation/runs/{run}", "The run was scored again.")


def _choices(request: Request) -> dict[str, list[tuple[str, str]]]:
    said = translator(request, "evaluation")
    return {"verdict": [(one.value, said(words.CHOICES[one])) for one in people.CHOICES]}


def _show(
    request: Request,
    site: Site,
    actor: Actor,
    language: str,
    run: str,
    form: Form | None = None,
    place: int = 0,
) -> Response:
    desk = people.read_desk(site, run, actor.id)
    may_judge = any(actor.has(role) for role in JUDGES)
    chosen = place or next(iter(desk.waiting), 0)
    with site.database.read() as connection:
        kept = runs.load_run(connection, run)
        judges = store.list_judges(connection, run)
        costs = {one["digest"]: store.sum_votes(connection, run, one["digest"]) for one in judges}
        unit = people.read_judged(connection, run, chosen) if chosen and may_judge else None
    context: dict[str, Any] = {
        "run": kept,
        "desk": desk,
        "unit": unit,
        "may_judge": may_judge,
        "judges": judges,
        "costs": costs,
        "words": words,
        "verdicts": Verdict,
        "form": form or parse_form(None, OpinionForm, language, choices=_choices(request)),
    }
    return render(request, "evaluation/judge.html", context, 422 if form else 200)


def read_said(site: Site, run: str, place: int) -> dict[str, Any]:
    """Return what was said of one unit: people with their names, and the votes of the newest model."""
    with site.database.read() as connection:
        judges = store.list_judges(connection, run)
        votes = store.list_votes(connection, run, judges[0]["digest"], place) if judges else []
        spoken = store.list_people(connection, run).get(place, ())
        names = {one.person: _name(connection, one.person) for one in spoken}
    return {"people": spoken, "names": names, "votes": votes, "judge": judges[0] if judges else None}


def _name(connection: Any, person: str) -> str:
    try:
        found = find_person(connection, person)
    except NotFoundError:
        return person
    return found.name if found else person
