"""The weekly page of the assistant, its picture and files, and the sample for business owners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from akashi.conversations.words import REASONS
from akashi.core.errors import InputError
from akashi.core.people import Role
from akashi.core.thread import Outcome
from akashi.domains.assistant.console_views import make_case_masker
from akashi.domains.assistant.console_words import OUTCOMES, STEPS, VERDICTS
from akashi.domains.assistant.fitness import judge_fitness, read_sample
from akashi.domains.assistant.weekly import Report, make_report, read_week
from akashi.domains.assistant.weekly_chart import draw_week
from akashi.domains.assistant.weekly_store import Fitness, Place, count_by_day
from akashi.platform.kit import Translator, mark, redirect, render, translator
from akashi.platform.requests import ActorDep, SiteDep
from akashi.platform.sheets import write_csv, write_xlsx

router = APIRouter()

PAGE = "/assistant/weekly"
REPLIES = {
    Outcome.ANSWERED.value: mark("Answered automatically"),
    Outcome.CLARIFY.value: mark("Asked back"),
    Outcome.HAND_OVER.value: mark("Went to a person"),
    Outcome.REFUSED.value: mark("Refused to answer"),
}
FITNESS = {
    Fitness.CORRECT.value: mark("Correct"),
    Fitness.INCOMPLETE.value: mark("Incomplete"),
    Fitness.INCORRECT.value: mark("Incorrect"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/assistant/weekly", include_in_schema=False)
def show_week(request: Request, site: SiteDep, actor: ActorDep, week: str = "") -> Response:
    """Show one week in numbers; no text of a customer stands here."""
    chosen = read_week(week, site.now())
    report = make_report(site, chosen)
    context = {
        "report": report,
        "week": chosen,
        "before": (chosen.first - timedelta(days=7)).isoformat(),
        "after": (chosen.first + timedelta(days=7)).isoformat(),
        "is_now": chosen.until > site.now(),
        "may_judge": actor.has(Role.BUSINESS_OWNER),
        "replies": REPLIES,
        "fitness": FITNESS,
        "verdicts": VERDICTS,
        "reasons": REASONS,
        "outcomes": OUTCOMES,
        "steps": STEPS,
    }
    return render(request, "assistant/weekly.html", context)


@router.get("/assistant/weekly/chart.svg", include_in_schema=False)
def show_chart(request: Request, site: SiteDep, week: str = "") -> Response:
    """Return the questions of each day as a picture."""
    chosen = read_week(week, site.now())
    said = translator(request, "assistant")
    names = {name: said(word) for name, word in REPLIES.items()}
    with site.database.read() as connection:
        counts = count_by_day(connection, chosen.since, chosen.until)
    drawn = draw_week(chosen.days, counts, names, said("Questions by day"))
    return Response(drawn, media_type="image/svg+xml")


@router.get("/assistant/weekly/export", include_in_schema=False)
def export_week(
    request: Request,
    site: SiteDep,
    week: str = "",
    form: Annotated[str, Query(alias="as", pattern="csv|xlsx")] = "csv",
) -> Response:
    """Return every number of the week as CSV or XLSX."""
    chosen = read_week(week, site.now())
    said = translator(request, "assistant")
    rows = [[said("Part"), said("Item"), said("Value")], *_rows(make_report(site, chosen), said)]
    name = f"assistant-weekly-{chosen.first}.{form}"
    content, kind = (
        (write_xlsx(said("Week"), rows), XLSX) if form == "xlsx" else (write_csv(rows), "text/csv")
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


@router.get("/assistant/weekly/sample", include_in_schema=False)
def show_sample(request: Request, site: SiteDep, actor: ActorDep, week: str = "") -> Response:
    """Show a business owner answers to judge."""
    return _render_sample(request, site, actor, week)


@router.post("/assistant/weekly/sample", include_in_schema=False)
def judge(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    conversation_id: Annotated[str, Form()],
    message: Annotated[int, Form(ge=1, le=100_000)],
    fitness: Annotated[Fitness, Form()],
    note: Annotated[str, Form()] = "",
    week: Annotated[str, Form()] = "",
) -> Response:
    """Keep what a business owner says of one answer."""
    try:
        judge_fitness(site, Place(conversation_id, message), fitness, note, actor)
    except InputError as error:
        return _render_sample(request, site, actor, week, error, message)
    return redirect(
        request, f"{PAGE}/sample?week={read_week(week, site.now()).first}", mark("Kept. Thank you.")
    )


def _render_sample(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    week: str,
    error: InputError | None = None,
    message: int = 0,
) -> Response:
    chosen = read_week(week, site.now())
    sample, left = read_sample(site, chosen, actor, lambda: make_case_masker(request, site))
    context = {
        "sample": sample,
        "left": left,
        "week": chosen,
        "fitness": FITNESS,
        "error": error,
        "error_message": message,
    }
    return render(request, "assistant/weekly_sample.html", context, 422 if error else 200)


def _rows(report: Report, said: Translator) -> Iterator[list[str]]:
    week = f"{report.week.first} – {report.week.last}"
    yield [said("Week"), said("Monday to Sunday"), week]
    yield from _counts(said, mark("Questions"), REPLIES, report.outcomes)
    yield [said("Questions"), said("Hand-over rate"), _rate(report.handover_rate)]
    yield [said("Cases"), said("Asked for a person"), str(report.cases.requested)]
    yield [said("Cases"), said("Median wait in seconds"), _number(report.median_wait_seconds)]
    yield [said("Cases"), said("Wants to be called back"), str(report.callbacks)]
    yield from _counts(
        said, mark("Reasons"), {key.value: word for key, word in REASONS.items()}, report.cases.reasons
    )
    yield from _counts(
        said, mark("Steps"), {key.value: word for key, word in STEPS.items()}, report.cases.steps
    )
    yield from _counts(said, mark("Outcome"), OUTCOMES, report.cases.outcomes)
    yield from _counts(
        said, mark("Drafts"), {key: word for key, (word, _) in VERDICTS.items()}, report.drafts.counts
    )
    yield from _draft_rows(report, said)
    yield from _counts(
        said, mark("Customers' opinion"), {"up": mark("Helpful"), "down": mark("Not helpful")}, report.thumbs
    )
    yield from _counts(said, mark("Fit for business"), FITNESS, report.verdicts)
    yield [said("Unanswered"), said("Questions that went to a person"), str(report.unanswered)]
    for topic in report.topics:
        yield [said("Unanswered"), "・".join(topic.words), str(topic.count)]
    for (day, outcome), count in sorted(report.by_day.items()):
        yield [str(day), said(REPLIES.get(outcome, outcome)), str(count)]


def _draft_rows(report: Report, said: Translator) -> Iterator[list[str]]:
    drafts = report.drafts
    part = said("Drafts")
    yield [part, said("Acceptance (sent unchanged or edited)"), _rate(drafts.acceptance)]
    yield [part, said("Share of characters changed"), _rate(drafts.edit_share)]
    yield [part, said("Median edit distance"), _number(drafts.median_distance)]
    yield [part, said("Median seconds with a draft"), _number(drafts.median_seconds)]
    yield [part, said("Seconds without a draft (basis of the estimate)"), _number(drafts.baseline_seconds)]
    yield [part, said("The basis is assumed, not measured"), said("Yes") if drafts.is_assumed else said("No")]
    yield [part, said("Time saved in minutes (estimate)"), _number(drafts.saved_seconds / 60)]


def _counts(said: Translator, part: str, words: Any, counts: Any) -> Iterator[list[str]]:
    for key, word in words.items():
        yield [said(part), said(word), str(counts.get(key, 0))]


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
