"""The adoption plan 導入計画: what differs here, what is missing, who decides, by when."""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection

from akashi.approvals.store import list_authority, list_routes
from akashi.approvals.views import role_names, route_title
from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.documents.store import list_documents
from akashi.domains.governance import store
from akashi.domains.governance.bundle.adopting import (
    LOCAL_FIELDS,
    Beside,
    compare_bundle,
    open_imported,
    read_imported,
)
from akashi.domains.governance.bundle.contents import face_bundle, read_entry
from akashi.domains.governance.measure import list_missing
from akashi.domains.governance.paper_parts import Facing, register_facts
from akashi.domains.governance.treat import LIVE_KIND, RISKS
from akashi.domains.governance.words import MODES, TIERS
from akashi.language.calendar import add_business_days
from akashi.platform.kit import Translator, mark
from akashi.platform.kit.formats import write_date
from akashi.platform.papers import Block, Bullets, Facts, Heading, Paper, PaperTable, Signatures, Text
from akashi.platform.site import Site
from akashi.register.model import find_kind

A_START = mark(
    "What another institution published is a start, not a proof: every number has to be measured here again."
)
ADOPTED = ("purpose", "audience", "technique", "data_class", "impact", "human", "limits")
STEPS = (
    (mark("Fill in what is local: owner, developer, vendor, contract, target"), 5),
    (mark("Add and approve the local documents"), 20),
    (mark("Set rules and guard policy"), 25),
    (mark("Evaluate the own target with the published suites and own cases"), 30),
    (mark("Independent validation by somebody who does not develop it"), 40),
    (mark("Trial in practice"), 60),
    (mark("Decision on the own route"), 70),
)
"""What is to be done, and within how many business days from the start. Ours, to be moved freely."""


def make_plan(site: Site, digest: str, said: Translator, register_said: Translator) -> Paper:
    """Return the adoption plan of an imported bundle. Raises: NotFoundError: there is none."""
    theirs, ours, beside = compare_bundle(site, digest)
    today = tokyo_day(site.now())
    with site.database.read() as connection:
        imported = read_imported(connection, digest)
        bundle = open_imported(connection, imported.digest)
        facing = face_bundle(bundle, said, register_said)
        decides = _who_decides(connection, facing, said)
        present = {one.title for one in list_documents(connection, (Audience.CUSTOMERS,))}
    listed = read_entry(bundle, "documents.json")
    documents = [str(one["title"]) for one in listed if one["title"] not in present]
    blocks: list[Block] = [
        Text(said(A_START), "strong"),
        Facts(
            (
                (said("Published by"), imported.publisher),
                (said("Fingerprint of the key"), imported.fingerprint),
                (said("Digest of the bundle"), imported.digest),
                (said("Mode"), said(MODES.get(theirs.mode, theirs.mode))),
                (said("Their decision"), str(bundle.manifest.get("decision") or said("none"))),
            )
        ),
        Heading(said("What is adopted")),
        register_facts(facing, ADOPTED),
        Heading(said("Their numbers and ours")),
        beside_table(beside, said),
        *([] if ours else [Text(said("The suites have not been put to a target of ours yet."), "warning")]),
        Heading(said("What is missing here")),
        Bullets(_gaps(facing, said, register_said)),
        Heading(said("Local documents needed")),
        _documents(documents, said),
        Heading(said("Decision")),
        Facts(decides),
        Heading(said("Steps and dates")),
        _steps(today, said),
        Signatures((said("Business owner"), said("Second line"), said("Decision"))),
    ]
    return Paper(
        title=said("Adoption plan"),
        subtitle=imported.title,
        blocks=tuple(blocks),
        day=today,
        language=said.language,
        marking=said("Internal"),
    )


def beside_table(beside: tuple[Beside, ...], said: Translator) -> PaperTable:
    """Return the suites, theirs beside ours; what is not comparable says so."""
    rows = tuple(
        (
            one.title_en if said.language == "en" else one.title_ja,
            f"{one.theirs.failed} / {one.theirs.n}",
            f"{100 * one.theirs.upper:.2f}%",
            f"{one.ours.failed} / {one.ours.n}" if one.ours else "—",
            f"{100 * one.ours.upper:.2f}%" if one.ours else "—",
            said("comparable") if one.is_comparable else said("not comparable"),
        )
        for one in beside
    )
    heads = ("Suite", "Theirs: failed", "Upper bound", "Ours: failed", "Upper bound", "State")
    columns = tuple(said(word) for word in heads)
    return PaperTable(columns, rows, widths=(2.6, 1.7, 1.1, 1.7, 1.1, 1.5), numbers=(1, 2, 3, 4))


def _gaps(facing: Facing, said: Translator, register_said: Translator) -> tuple[str, ...]:
    kind = find_kind(store.KIND)
    standing = facing.case.standing
    missing = list_missing(standing.use_case, standing.tier)
    names = list(dict.fromkeys([*LOCAL_FIELDS, *missing]))
    tier = said("The tier here is: {tier}", tier=said(TIERS[standing.tier][0]))
    labels = [register_said(kind.field(name).label) for name in names]
    return (tier, *(said("To be filled in: {field}", field=label) for label in labels))


def _documents(titles: list[str], said: Translator) -> Block:
    if not titles:
        return Text(said("Every document of the publisher has one of the same title here."))
    rows = tuple((title, said("to be written and approved")) for title in titles)
    return PaperTable((said("The publisher answers from"), said("Here")), rows, widths=(3, 1.5))


def _who_decides(connection: Connection, facing: Facing, said: Translator) -> tuple[tuple[str, str], ...]:
    risk = RISKS[facing.case.standing.tier]
    line = next(
        (one for one in list_authority(connection) if (one.kind, one.risk) == (LIVE_KIND, risk)), None
    )
    if line is None:
        return ((said("Rule to be changed"), said("The authority table does not say who decides this.")),)
    route = next((one for one in list_routes(connection) if one.id == line.route_id), None)
    return (
        (said("Decided by"), role_names(frozenset({line.decider}), said)),
        (said("Route"), route_title(route, said.language) if route else line.route_id),
    )


def _steps(today: date, said: Translator) -> PaperTable:
    days = [(words, add_business_days(today, count)) for words, count in STEPS]
    rows = tuple((said(words), write_date(day, said.language)) for words, day in days)
    return PaperTable((said("Step"), said("By")), rows, widths=(3, 1.5))
