"""The page of what AI use cases cost in a month."""

from __future__ import annotations

import re
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from akashi.domains.governance.spending import Level, present_month, read_month
from akashi.domains.governance.store import list_use_cases
from akashi.platform.kit import mark, render
from akashi.platform.requests import SiteDep

router = APIRouter(include_in_schema=False)
MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
LEVELS = {
    Level.WITHIN: (mark("Within its limit"), "done"),
    Level.NEAR: (mark("Near its limit"), "notice"),
    Level.OVER: (mark("Over its limit"), "alert"),
}
PURPOSES = {
    "answer": mark("Answers to customers"),
    "canary": mark("Canaries"),
    "embedding": mark("Vectors"),
    "other": mark("Evaluations and others"),
}


@router.get("/governance/spending")
def show_spending(request: Request, site: SiteDep) -> Response:
    """Show a month: each use case against plan and limit, and the calls behind it day by day."""
    asked = request.query_params.get("month", "")
    month = asked if MONTH.fullmatch(asked) else present_month(site.now())
    with site.database.read() as connection:
        found = read_month(site, connection, month)
        titles = {one.code: one.title for one in list_use_cases(connection)}
    first = date.fromisoformat(f"{month}-01")
    context = {
        "found": found,
        "titles": titles,
        "levels": LEVELS,
        "purposes": PURPOSES,
        "before": _step(first, -1),
        "after": _step(first, 1) if month < present_month(site.now()) else "",
    }
    return render(request, "governance/spending.html", context)


def _step(first: date, by: int) -> str:
    place = first.year * 12 + first.month - 1 + by
    return f"{place // 12}-{place % 12 + 1:02}"
