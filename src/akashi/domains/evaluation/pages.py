"""Runs, what may be said of them, their cases, and two runs beside each other; JSON beside the pages."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from akashi.catalogue.load import shipped_catalogue
from akashi.core.moments import TOKYO
from akashi.domains.evaluation import report, store, views, words
from akashi.domains.evaluation.chart import draw_suites
from akashi.domains.evaluation.judging.pages import read_said
from akashi.domains.evaluation.judging.pages import router as judging_router
from akashi.domains.evaluation.method import make_method_paper
from akashi.domains.evaluation.model import RunState
from akashi.domains.evaluation.records import load_response
from akashi.domains.evaluation.register.cases import read_case
from akashi.domains.evaluation.store import Kept
from akashi.domains.evaluation.treat import list_options
from akashi.domains.evaluation.watch import list_watches
from akashi.platform.kit import Page, read_page_number, render, translator
from akashi.platform.papers.answers import answer_paper
from akashi.platform.requests import LanguageDep, SiteDep

router = APIRouter()
router.include_router(judging_router)


@router.get("/evaluation", include_in_schema=False)
def show_runs(request: Request, site: SiteDep) -> Response:
    """Show the runs, newest first."""
    number = read_page_number(request)
    with site.database.read() as connection:
        total = store.count_runs(connection)
        runs = store.list_runs(connection, views.PAGE, (number - 1) * views.PAGE)
        watches = list_watches(connection)
    context = {
        "page": Page(runs, number, total),
        "words": words,
        "watches": watches,
        "finished": [one for one in runs if one.state is RunState.FINISHED],
    }
    return render(request, "evaluation/runs.html", context)


@router.get("/evaluation/runs/{run}", include_in_schema=False)
def show_run(request: Request, site: SiteDep, language: LanguageDep, run: str) -> Response:
    """Show what may be said of a run."""
    page = views.read_run_page(site, run)
    with site.database.read() as connection:
        judged_count = store.count_kind(connection, run, "judged")
        others = [
            one for one in store.list_runs(connection, 20) if one.id != run and one.state is RunState.FINISHED
        ]
    context = {
        "page": page,
        "run": page.kept,
        "titles": _titles(page.kept, language),
        "requirements": {
            one.id: one.en if language == "en" else one.ja for one in shipped_catalogue().entries
        },
        "words": words,
        "others": others,
        "judged_count": judged_count,
        "failing": [one for one in page.judged if not one.is_kept],
        "options": list_options([one for one in page.judged if not one.is_kept]),
    }
    return render(request, "evaluation/run.html", context)


@router.get("/evaluation/runs/{run}/chart.svg", include_in_schema=False)
def show_chart(site: SiteDep, language: LanguageDep, run: str) -> Response:
    """Return rate and bounds of every suite as a picture."""
    page = views.read_run_page(site, run)
    return Response(draw_suites(page.judged, language), media_type="image/svg+xml")


@router.get("/evaluation/runs/{run}/cases", include_in_schema=False)
def show_cases(request: Request, site: SiteDep, language: LanguageDep, run: str) -> Response:
    """Show the judged units of a run that the filters leave."""
    asked = request.query_params
    wanted = views.Wanted(
        asked.get("suite", "")[:200],
        asked.get("verdict", "")[:20],
        asked.get("q", "")[:200].replace("\0", ""),
    )
    with site.database.read() as connection:
        kept = store.load_run(connection, run)
    page = views.read_case_page(site, run, wanted, read_after(request))
    speak = translator(request, "evaluation")
    rows = [
        {
            **row,
            "questions": read_case(orjson.loads(row["body"])).questions,
            "reply": load_response(row["given"]).text[:300],
        }
        for row in page.rows
    ]
    titles = _titles(kept, language)
    context = {
        "run": kept,
        "page": page,
        "rows": rows,
        "titles": titles,
        "words": words,
        "options": {
            "suite": list(titles.items()),
            "verdict": [(key.value, speak(word)) for key, word in words.VERDICTS.items()],
        },
    }
    return render(request, "evaluation/cases.html", context)


def _titles(kept: Kept, language: str) -> dict[str, str]:
    """Return the names of a run's suites as people read them."""
    return {one["name"]: one["title_en" if language == "en" else "title_ja"] for one in kept.suites}


def read_after(request: Request) -> int:
    """Return behind which place the page begins; 0 when the address says nothing sensible."""
    text = request.query_params.get("after", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@router.get("/evaluation/runs/{run}/cases/{place}", include_in_schema=False)
def show_case(request: Request, site: SiteDep, run: str, place: int) -> Response:
    """Show everything that is kept of one unit: what was asked, what came back, what was judged and why."""
    unit = views.read_unit(site, run, place)
    said = read_said(site, run, place)
    context = {"unit": unit, "run": unit.kept, "words": words, "said": said}
    return render(request, "evaluation/case.html", context)


@router.get("/evaluation/compare", include_in_schema=False)
def show_comparison(
    request: Request, site: SiteDep, language: LanguageDep, before: str = "", after: str = ""
) -> Response:
    """Show two runs beside each other, paired case by case."""
    with site.database.read() as connection:
        runs = [one for one in store.list_runs(connection, 100) if one.state is RunState.FINISHED]
    found = report.describe_comparison(site, before, after) if before and after else None
    choices = [(one.id, f"{one.created_at.astimezone(TOKYO):%m-%d %H:%M} {one.title}") for one in runs]
    titles = {name: title for one in runs for name, title in _titles(one, language).items()}
    context = {"found": found, "choices": choices, "titles": titles, "words": words}
    return render(request, "evaluation/compare.html", context)


@router.get("/evaluation/runs/{run}/method", include_in_schema=False)
def give_method(site: SiteDep, language: LanguageDep, run: str, form: str = "pdf") -> Response:
    """Return the method and results of a run as a paper for the validator."""
    return answer_paper(make_method_paper(site, run, language), form, f"evaluation-{run}")


@router.get("/api/evaluation/runs")
def list_runs(site: SiteDep) -> list[dict[str, Any]]:
    """Return the newest runs."""
    return report.list_summaries(site)


@router.get("/api/evaluation/runs/{run}")
def describe_run(site: SiteDep, run: str) -> dict[str, Any]:
    """Return what may be said of a run."""
    return report.describe_run(site, run)


@router.get("/api/evaluation/comparison")
def describe_comparison(site: SiteDep, before: str, after: str) -> dict[str, Any]:
    """Return the paired comparison of two runs."""
    return report.describe_comparison(site, before, after)
