"""What the desk's pages show: values as written, proposals beside their area, sentences with grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.domains.loans.desk_store import Kept
from akashi.domains.loans.desk_words import LACKS, OBSTACLES, ORIGINS
from akashi.domains.loans.measure.case import Case
from akashi.domains.loans.measure.checks import count_complete, is_same
from akashi.domains.loans.measure.drafting import Draft, list_grounds
from akashi.domains.loans.measure.edits import OWN, Edited, mark_difference
from akashi.domains.loans.measure.figures import Lacking
from akashi.domains.loans.measure.formulas import write_formula
from akashi.domains.loans.measure.freezing import thaw_draft
from akashi.domains.loans.measure.grounds import Author
from akashi.domains.loans.measure.writing import write_figure, write_value
from akashi.domains.loans.model import Item, ItemValue, State
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.store import Outline, list_outlines
from akashi.domains.loans.treat import Desk, list_obstacles, load_case
from akashi.domains.loans.upload_store import Proposed, Upload, read_picture
from akashi.identity.store import find_person
from akashi.platform.kit import Translator
from akashi.platform.papers import Bullets, Figure, Heading, Paper, PaperTable, Text
from akashi.platform.papers.html import kind_of, picture_address
from akashi.platform.site import Site
from akashi.register.store import list_entries, list_titles

MARGIN = 0.02
QUEUE = (State.SUBMITTED, State.RETURNED, State.DRAFTED, State.DECIDED)


@dataclass(frozen=True, slots=True)
class Line:
    """An application of the queue: ``there`` of ``needed`` items and papers, ``breaches`` that do not fit."""

    outline: Outline
    title: str
    office: str
    there: int
    needed: int
    breaches: int
    is_erased: bool = False


def list_lines(site: Site, connection: Connection, outlines: Sequence[Outline], language: str) -> list[Line]:
    """Return the lines of a queue; an erased application keeps its number only."""
    titles = list_titles(connection)
    found = []
    for outline in outlines:
        office = titles.get(("office", outline.office), outline.office)
        try:
            case = load_case(site, connection, outline.id)
        except ConflictError:
            found.append(Line(outline, "—", office, 0, 0, 0, is_erased=True))
            continue
        product = case.application.product
        there, needed = count_complete(product, case.known, case.handed_in)
        found.append(Line(outline, product.title[language], office, there, needed, len(case.breaches)))
    return found


def list_queue(connection: Connection, state: str, office: str = "") -> list[Outline]:
    """Return the applications in one state, or all that have been sent; what waits longest comes first.

    ``office`` leaves those of one branch.
    """
    chosen = [State(state)] if state in {one.value for one in QUEUE} else list(QUEUE)
    found = list_outlines(connection, chosen, office)
    order = {State.SUBMITTED: 0, State.RETURNED: 1, State.DRAFTED: 2, State.DECIDED: 3}
    return sorted(found, key=lambda one: (order.get(one.state, 9), one.submitted_at or one.changed_at))


def list_offices(connection: Connection) -> list[tuple[str, str]]:
    """Return the branches at which applications can be made, with their names."""
    entries = list_entries(connection, "office", state="active")
    return [(entry.code, entry.title) for entry in entries if entry.values.get("kind") == "branch"]


def show_values(case: Case, language: str, said: Translator) -> list[dict[str, Any]]:
    """Return every value with its origin, what was said, and what stood there before."""
    earlier: dict[str, list[str]] = {}
    for value in case.application.earlier:
        if value.item in case.items:
            earlier.setdefault(value.item, []).append(
                write_value(case.items[value.item], value.value, language)
            )
    rows = []
    for name, value in case.values.items():
        if name not in case.items:
            continue
        item = case.items[name]
        shown = write_value(item, value.value, language)
        rows.append(
            {
                "label": item.label[language],
                "value": shown,
                "said": "" if value.said in (shown, str(value.value)) else value.said,
                "origin": said(ORIGINS[value.origin]),
                "at": value.at,
                "earlier": earlier.get(name, []),
                "answered": _answered(case, name, language),
            }
        )
    return rows


def _answered(case: Case, name: str, language: str) -> str:
    """Return the applicant's own answer where the paper's value counts instead."""
    own = case.application.values.get(name)
    if own is None or not own.confirmed or own.value == case.values[name].value:
        return ""
    return write_value(case.items[name], own.value, language)


def show_figures(case: Case, language: str) -> list[dict[str, Any]]:
    """Return the key figures with formula and numbers, or with what they lack."""
    grounds = list_grounds(case)
    labels = {name: item.label[language] for name, item in case.items.items()}
    labels |= {one.measure.id: one.measure.label[language] for one in case.figures}
    rows = []
    for one in case.figures:
        row: dict[str, Any] = {
            "label": one.measure.label[language],
            "is_watched": False,
            "worked": "",
            "missing": [],
        }
        if one.measure.formula:
            row["formula"] = write_formula(one.measure.formula, labels)
        else:
            row["formula"] = one.measure.told[language]
        if isinstance(one, Lacking):
            row |= {"value": "—", "missing": [labels.get(name, name) for name in one.missing]}
        else:
            measure = one.measure
            row["value"] = write_figure(one.amount, measure.unit, measure.decimals, language)
            row["worked"] = grounds[measure.id].worked if measure.formula else ""
            row["is_watched"] = one.is_watched
        rows.append(row)
    return rows


def show_terms(case: Case, language: str) -> list[dict[str, Any]]:
    """Return the product's conditions beside the application."""
    rows = []
    for one in case.terms:
        used = sorted(name for name in one.term.condition.items if name in case.known and name in case.items)
        present = "、".join(write_value(case.items[name], case.known[name], language) for name in used)
        rows.append(
            {
                "label": one.term.label[language],
                "text": one.term.text[language],
                "present": present or "—",
                "is_kept": one.is_kept,
                "clause": one.term.clause,
            }
        )
    return rows


def show_missing(case: Case, language: str, said: Translator) -> list[dict[str, str]]:
    """Return what lacks, each with why and the clause that asks for it."""
    return [
        {
            "label": one.label[language],
            "why": said(LACKS[one.lack], have=one.have, need=one.need),
            "clause": one.clause,
        }
        for one in case.missing
    ]


def show_breaches(case: Case, language: str) -> list[dict[str, Any]]:
    """Return what does not fit, with the values it is about."""
    names = {one.id: one.name for one in case.uploads}
    rows = []
    for breach in case.breaches:
        values = [
            (case.items[name].label[language], write_value(case.items[name], case.known[name], language))
            for name in breach.items
            if name in case.items and name in case.known
        ]
        reading = breach.reading
        row: dict[str, Any] = {"reason": breach.reason[language], "values": values, "paper": None}
        if reading is not None:
            shown = write_value(case.items[reading.item], reading.value, language)
            row["paper"] = (names.get(reading.upload, ""), reading.page, shown)
        row["is_thousandfold"] = breach.looks_thousandfold
        rows.append(row)
    return rows


def show_proposals(
    proposals: Sequence[Proposed],
    uploads: Sequence[Upload],
    items: Mapping[str, Item],
    sizes: Mapping[tuple[str, int], tuple[int, int]],
    language: str,
    address: str,
    known: Mapping[str, ItemValue],
) -> list[dict[str, Any]]:
    """Return open proposals, the cut of their page as an SVG view box, and what is known already."""
    names = {one.id: one.name for one in uploads}
    rows = []
    for one in proposals:
        size = sizes.get((one.upload, one.proposal.page))
        if one.state != "open" or one.proposal.item not in items or size is None:
            continue
        width, height = size
        left, top, right, bottom = one.proposal.area
        item, stated = items[one.proposal.item], known.get(one.proposal.item)
        above, below = max(0.0, top - MARGIN), min(1.0, bottom + MARGIN)
        rows.append(
            {
                "id": one.id,
                "label": items[one.proposal.item].label[language],
                "value": write_value(items[one.proposal.item], one.proposal.value, language),
                "agrees": stated is not None and is_same(item, stated, one.proposal.value),
                "answered": "" if stated is None else write_value(item, stated, language),
                "said": one.proposal.said,
                "unit": one.proposal.unit,
                "page": one.proposal.page,
                "name": names.get(one.upload, ""),
                "picture": f"{address}/{one.upload}/{one.proposal.page}.png",
                "size": size,
                "view": f"0 {above * height:.1f} {width} {(below - above) * height:.1f}",
                "mark": [
                    f"{side:.1f}"
                    for side in (
                        left * width - 3,
                        top * height - 3,
                        (right - left) * width + 6,
                        (bottom - top) * height + 6,
                    )
                ],
            }
        )
    return rows


def list_sizes(
    site: Site, connection: Connection, application_id: str, proposals: Sequence[Proposed]
) -> dict[tuple[str, int], tuple[int, int]]:
    """Return width and height of every page that an open proposal stands on."""
    wanted = {(one.upload, one.proposal.page) for one in proposals if one.state == "open"}
    return {
        (upload, page): size_of_png(read_picture(connection, site.keys, application_id, upload, page))
        for upload, page in wanted
    }


def size_of_png(picture: bytes) -> tuple[int, int]:
    """Return width and height as the head of a PNG says them; nothing of the picture is decoded."""
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")


def show_draft(edited: Edited) -> list[dict[str, Any]]:
    """Return the chapters of a draft with each sentence, its grounds and what an officer changed."""
    changes = {one.sentence: one for one in edited.changes}
    chapters = []
    for section in edited.draft.sections:
        sentences = [
            {
                "id": one.id,
                "text": one.text,
                "author": one.author.value,
                "is_own": one.author is Author.OFFICER,
                "is_smoothed": one.author is Author.ENDPOINT,
                "grounds": [
                    edited.draft.grounds[name] for name in one.grounds if name in edited.draft.grounds
                ],
                "is_stale": one.id in changes and changes[one.id].is_stale,
            }
            for one in section.sentences
        ]
        chapters.append(
            {"id": section.id, "title": section.title, "sentences": sentences, "own": f"{section.id}.{OWN}"}
        )
    return chapters


def show_changes(edited: Edited) -> list[dict[str, Any]]:
    """Return the differences between what the rules say and what stands in the paper."""
    return [
        {
            "sentence": one.sentence,
            "pieces": mark_difference(one.before, one.after),
            "name": one.edit.name,
            "at": one.edit.at,
            "basis": one.edit.basis,
            "is_stale": one.is_stale,
            "base": one.edit.base,
        }
        for one in edited.changes
    ]


def show_obstacles(desk: Desk, said: Translator) -> list[str]:
    """Return in words what keeps the paper from being handed in."""
    return [said(OBSTACLES[name.partition(":")[0]], count=count) for name, count in list_obstacles(desk)]


def read_draft(desk: Desk) -> Draft:
    """Return the draft that a reader of the paper sees: as handed in while it goes its way or is decided."""
    if desk.handed_in is not None and not desk.is_open:
        return thaw_draft(desk.handed_in.content["draft"])
    return desk.edited.draft


def desk_items(case: Case) -> list[Item]:
    """Return what the officer may enter for this application."""
    product = case.application.product
    own = list(read_desk().items_for(product))
    known = case.application.known
    return [*own, *(item for item in product.due_items(known) if not item.required and _is_open(item, known))]


def _is_open(item: Item, known: Mapping[str, Any]) -> bool:
    return item.id not in known and item.kind.value in ("amount", "rate", "choice")


def show_blocks(paper: Paper) -> list[dict[str, Any]]:
    """Return a paper's blocks as the page shows them; boxes for seals are for the printed one."""
    shown: list[dict[str, Any]] = []
    for block in paper.blocks:
        row: dict[str, Any] = {"kind": kind_of(block), "table": None, "caption": ""}
        if isinstance(block, PaperTable):
            row["table"] = block
        elif isinstance(block, Figure):
            row |= {
                "source": picture_address(block.svg),
                "alt": block.alt,
                "caption": block.caption,
                "table": block.table,
            }
        elif isinstance(block, Heading | Text):
            row |= {"text": block.text, "tone": block.tone if isinstance(block, Text) else ""}
        elif isinstance(block, Bullets):
            row["items"] = block.items
        else:
            continue
        shown.append(row)
    return shown


def name_person(connection: Connection, person: str) -> str:
    """Return a person's name."""
    found = find_person(connection, person)
    return found.name if found else person


def name_house(connection: Connection) -> str:
    """Return the institution's name."""
    companies = list_entries(connection, "company")
    return next((one.title for one in companies if one.values.get("relation") == "institution"), "")


def paper_day(kept: Kept | None, now: datetime) -> date:
    """Return the day that a paper bears: that of its handing in, else today."""
    return tokyo_day(kept.at if kept else now)
