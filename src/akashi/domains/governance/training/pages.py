"""Pages of quizzes: what is due, one try, its result with the evidence, and the export."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from akashi.core.errors import ForbiddenError, InputError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.domains.governance.training import store
from akashi.domains.governance.training.model import Attempt
from akashi.domains.governance.training.questions import list_courses
from akashi.domains.governance.training.treat import begin_quiz, count_due, hand_in, list_due
from akashi.domains.governance.training.words import COLUMNS, DUES, ROLES
from akashi.findings.views import name_people
from akashi.platform.kit import FormDep, redirect, render, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.sheets import write_csv, write_xlsx
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)
WATCHERS = (Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.EXECUTIVE, Role.AUDITOR)
"""Who sees how everybody stands."""
MOST_SHOWN = 200
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/governance/training")
def show_training(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Show one's own quizzes and, to those who watch over them, how everybody stands."""
    now = site.now()
    may_watch = actor.has(*WATCHERS)
    with site.database.read() as connection:
        due = list_due(connection, now)
        tries = store.list_ended(connection, "" if may_watch else actor.id, MOST_SHOWN)
        names = name_people(connection, language)
    context = {
        "own": [one for one in due if one.person == actor.id],
        "everybody": due if may_watch else [],
        "counts": count_due(due, tokyo_day(now)),
        "tries": tries,
        "names": names,
        "dues": DUES,
        "roles": ROLES,
        "courses": {one.role: one for one in list_courses()},
        "today": tokyo_day(now),
        "may_watch": may_watch,
    }
    return render(request, "governance/training.html", context)


@router.get("/governance/training/export.{form}")
def export_training(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, form: str
) -> Response:
    """Return every result as a table."""
    if form not in FORMS:
        raise NotFoundError("The table is given as csv or xlsx.", where=form)
    said = translator(request, "governance")
    with site.database.read() as connection:
        tries = store.list_ended(connection)
        names = name_people(connection, language)
    rows = [[said(one) for one in COLUMNS]]
    rows += [
        [
            names.get(one.person, one.person),
            said(ROLES[one.role]),
            str(one.number),
            str(one.right),
            str(len(one.quiz.questions)),
            said("Passed") if one.passed else said("Not passed yet"),
            one.ended_at.isoformat(timespec="seconds") if one.ended_at else "",
            one.quiz.digest,
        ]
        for one in tries
    ]
    title = said("Training")
    content = write_csv(rows) if form == "csv" else write_xlsx(title, rows)
    name = quote(f"{title}_{tokyo_day(site.now()):%Y%m%d}.{form}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(content, media_type=FORMS[form], headers=headers)


@router.post("/governance/training/{role}")
def begin(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, role: str) -> Response:
    """Begin a quiz."""
    attempt = begin_quiz(site, actor, role, translator(request, "governance"), language)
    return redirect(request, f"/governance/training/quizzes/{attempt.id}")


@router.get("/governance/training/quizzes/{attempt_id}")
def show_quiz(request: Request, site: SiteDep, actor: ActorDep, attempt_id: str) -> Response:
    """Show the questions, or how they were answered and why."""
    return _show(request, _load(site, actor, attempt_id))


@router.post("/governance/training/quizzes/{attempt_id}")
def take_answers(
    request: Request, site: SiteDep, actor: ActorDep, attempt_id: str, posted: FormDep
) -> Response:
    """Take the answers, once."""
    attempt = _load(site, actor, attempt_id)
    answers = [_read_answer(posted, place) for place in range(len(attempt.quiz.questions))]
    try:
        hand_in(site, actor, attempt_id, answers)
    except InputError as error:
        if type(error) is not InputError:
            raise
        return _show(request, attempt, answers, error.message)
    return redirect(request, f"/governance/training/quizzes/{attempt_id}")


def _read_answer(posted: FormData, place: int) -> int | None:
    text = posted.get(f"q{place}")
    is_number = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 3
    return int(str(text)) if is_number else None


def _load(site: Site, actor: Actor, attempt_id: str) -> Attempt:
    with site.database.read() as connection:
        attempt = store.load_attempt(connection, attempt_id)
    if attempt.person != actor.id:
        raise ForbiddenError("This quiz is somebody else's.")
    return attempt


def _show(
    request: Request, attempt: Attempt, answers: list[int | None] | None = None, problem: str = ""
) -> Response:
    given: list[Any] = list(answers or attempt.answers or [None] * len(attempt.quiz.questions))
    context = {
        "attempt": attempt,
        "answers": given,
        "problem": problem,
        "role": ROLES[attempt.role],
        "course": next(one for one in list_courses() if one.role == attempt.role),
    }
    return render(request, "governance/quiz.html", context, 422 if problem else 200)
