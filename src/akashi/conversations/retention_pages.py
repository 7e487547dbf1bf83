"""The page of retention periods 保存年限: what is in force, and how a period is changed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection
from starlette.responses import Response
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from akashi.conversations.model import REASON_LIMIT, Period
from akashi.conversations.retention import MOST_MONTHS, count_over, list_periods, set_periods
from akashi.core.people import Role
from akashi.platform.kit import Form, FormDep, parse_form, redirect, render, translate, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep

router = APIRouter(include_in_schema=False)
PATH = "/conversations/retention"


class PeriodForm(Form):
    """One period of one use case."""

    use_case = StringField(
        "Use case",
        [
            InputRequired(),
            Length(max=80),
            Regexp(
                r"\A(\*|[a-z][a-z0-9_]*)\Z", message="Use a use case of the list, or * for every other one."
            ),
        ],
        description="The id of a use case, or * for every use case that has no period of its own.",
    )
    months = IntegerField("Months", [InputRequired(), NumberRange(1, MOST_MONTHS)])
    basis = TextAreaField(
        "Ground", [InputRequired(), Length(max=REASON_LIMIT)], description="The rule or decision it rests on."
    )


@router.get(PATH)
def show_periods(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Return the periods in force, with the form for whoever may change them."""
    with site.database.read() as connection:
        return _show(
            request, connection, parse_form(None, PeriodForm, language), actor.has(Role.PRIVACY_OFFICER)
        )


@router.post(PATH)
def change_period(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Set one period; when conversations would be erased by it, ask first and say how many."""
    form = parse_form(posted, PeriodForm, language)
    now = site.now()
    with site.database.write() as connection:
        if not form.validate():
            return _show(request, connection, form, True, 422)
        period = Period(str(form.use_case.data), int(form.months.data or 0), str(form.basis.data).strip())
        periods = {**list_periods(connection), period.use_case: period}
        due = count_over(connection, periods, now)
        if due > count_over(connection, list_periods(connection), now) and posted.get("confirmed") != str(
            due
        ):
            return _ask(request, period, due)
        set_periods(connection, [period], actor.id, now)
    return redirect(request, PATH, "The period was changed.")


def _show(
    request: Request, connection: Connection, form: PeriodForm, may_change: bool, status: int = 200
) -> Response:
    rows = sorted(list_periods(connection).values(), key=lambda period: period.use_case)
    context = {"rows": rows, "form": form, "may_change": may_change}
    return render(request, "conversations/retention.html", context, status)


def _ask(request: Request, period: Period, due: int) -> Response:
    said = translator(request, "conversations")
    context = {
        "question": said("Shorten the retention period?"),
        "consequences": [
            said(
                "{count} conversations are past this period and will be erased for good at once.", count=due
            ),
            said("What is under legal hold stays until the hold ends."),
        ],
        "action": PATH,
        "verb": translate(request, "Change the period"),
        "back": PATH,
        "hidden": {
            "use_case": period.use_case,
            "months": str(period.months),
            "basis": period.basis,
            "confirmed": str(due),
        },
    }
    return render(request, "kit/confirm.html", context)
