"""The difference report for approvers: the page, its files, and the link from the matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.engine import Connection

from akashi.documents.differences import compare_texts
from akashi.domains.assistant.differences import Origin, Report, Row, Said, Shift, What, cached_report
from akashi.domains.assistant.weekly_pages import REPLIES, XLSX
from akashi.platform.kit import Translator, mark, render, translator
from akashi.platform.requests import SiteDep
from akashi.platform.rooms import NavItem
from akashi.platform.sheets import write_csv, write_xlsx

router = APIRouter()

SHIFTS = {
    Shift.LOST.value: (mark("No longer answered"), "alert"),
    Shift.CHANGED.value: (mark("Answered differently"), "notice"),
    Shift.GAINED.value: (mark("Newly answered"), "done"),
}
ORIGINS = {
    Origin.LABELLED: mark("Labelled"),
    Origin.FREQUENT: mark("Frequent"),
    Origin.STATED: mark("Stated by this version"),
}
KINDS = {"document_approval": What.APPROVAL, "document_withdrawal": What.WITHDRAWAL}
TITLE = mark("What customers would read differently")
MOST_SHOWN = 100


@router.get("/assistant/differences/{version_id}", include_in_schema=False)
def show_differences(
    request: Request, site: SiteDep, version_id: str, what: What = What.APPROVAL
) -> Response:
    """Show which questions would be answered differently by this change."""
    report = cached_report(site, version_id, what)
    context = {
        "report": report,
        "rows": report.rows[:MOST_SHOWN],
        "left": max(0, len(report.rows) - MOST_SHOWN),
        "shifts": SHIFTS,
        "replies": REPLIES,
        "kinds": list(Shift),
        "origins": ORIGINS,
        "pairs": pair_lines,
    }
    return render(request, "assistant/differences.html", context)


@router.get("/assistant/differences/{version_id}/export", include_in_schema=False)
def export_differences(
    request: Request,
    site: SiteDep,
    version_id: str,
    what: What = What.APPROVAL,
    form: Annotated[str, Query(alias="as", pattern="csv|xlsx")] = "csv",
) -> Response:
    """Return the whole report as CSV or XLSX."""
    said = translator(request, "assistant")
    rows = list(list_rows(cached_report(site, version_id, what), said))
    content, kind = (
        (write_xlsx(said("Differences"), rows), XLSX) if form == "xlsx" else (write_csv(rows), "text/csv")
    )
    name = quote(f"assistant-differences-{version_id}-{what.value}.{form}")
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )


def list_rows(report: Report, said: Translator) -> Iterator[list[str]]:
    """Yield the header and one row for each question whose answer changes."""
    yield [
        said("Question"),
        said("Source of the question"),
        said("Times asked"),
        said("Change"),
        said("Before"),
        said("Words before"),
        said("Citation before"),
        said("After"),
        said("Words after"),
        said("Citation after"),
    ]
    for row in report.rows:
        yield [
            row.asked.shown,
            said(ORIGINS[row.asked.origin]),
            str(row.asked.count),
            said(SHIFTS[row.shift.value][0]),
            *_cells(row.before, said),
            *_cells(row.after, said),
        ]


def pair_lines(row: Row) -> list[dict[str, Any]]:
    """Return the words before and after side by side, line by line, with the changed characters marked.

    Empty lines, which only keep excerpts apart, are left out.
    """
    return [
        {
            "kind": line.change.value,
            "old": [(piece.text, piece.differs) for piece in line.old],
            "new": [(piece.text, piece.differs) for piece in line.new],
        }
        for line in compare_texts(row.before.text, row.after.text)
        if any(piece.text for piece in (*line.old, *line.new))
    ]


def link_matter(connection: Connection, kind: str, room: str, subject_id: str) -> list[NavItem]:
    """Return the link to the report for matters about a version of a document."""
    what = KINDS.get(kind)
    if what is None or room != "documents":
        return []
    return [NavItem(TITLE, f"/assistant/differences/{quote(subject_id)}?what={what.value}")]


def _cells(side: Said, said: Translator) -> list[str]:
    citation = f"{side.title} 第{side.version_number}版 {side.heading} {side.place}" if side.place else ""
    return [said(REPLIES[side.outcome.value]), side.text, citation]
