"""What the records say of the programme: its aims reached or not, and results across institutions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.engine import Connection

from akashi.core.evaluated import EvaluatedRun
from akashi.domains.governance.bundle.adopting import Imported, compare_bundle, list_imported
from akashi.domains.governance.model import Deed, Event, Phase
from akashi.domains.governance.programme.model import Programme, Reached, Result
from akashi.domains.governance.programme.store import list_items
from akashi.domains.governance.report import Line, list_lines
from akashi.domains.governance.store import events_by_use_case, list_use_cases
from akashi.domains.governance.treat import read_case
from akashi.platform.kit import mark
from akashi.platform.site import Site
from akashi.register.store import list_entries

TWO = 2
"""「ユースケースを2件以上創出」. Source: document 001, 5 ①."""
CREATED = mark("AI use cases created and evaluated")
CREATED_RULE = mark("A valid run exists of what the use case is now.")
DECIDED = mark("Use cases decided to live")
DECIDED_RULE = mark("Live by a decision on a route, not stopped.")
RECEIVED = mark("Use cases of other institutions verified and imported")
RECEIVED_RULE = mark("Signed bundles whose every byte is as published.")
AGAIN = mark("Of these, measured again here")
AGAIN_RULE = mark("The published suites were put to a target of our own.")
SPREAD = mark("Of these, adopted as a draft of our own")
SPREAD_RULE = mark("Nothing goes live by it: evaluation, validation and decision follow.")


def read_programme(site: Site) -> Programme:
    """Return themes, parties, milestones and figures with what the records say of them."""
    lines = list_lines(site)
    with site.database.read() as connection:
        items = list_items(connection)
        bundles = list_imported(connection)
        events = events_by_use_case(connection)
        titles = {one.code: one.title for one in list_use_cases(connection)}
    results = (*_own_results(site, lines), *_other_results(site, bundles))
    return Programme(items, measure_aims(lines, bundles, events), results, titles)


def measure_aims(
    lines: Sequence[Line], bundles: Sequence[Imported], events: Mapping[str, Sequence[Event]]
) -> tuple[Reached, ...]:
    """Return the aims that follow from records, each with the rule by which it is counted."""
    created = sum(line.tested_at is not None for line in lines)
    live = sum(
        line.phase is Phase.LIVE and any(one.deed is Deed.WENT_LIVE for one in events.get(line.code, ()))
        for line in lines
    )
    counted = (
        (CREATED, TWO, created, "/governance", CREATED_RULE),
        (DECIDED, TWO, live, "/governance", DECIDED_RULE),
        (RECEIVED, 1, len(bundles), "/governance/bundles", RECEIVED_RULE),
        (AGAIN, 1, sum(bool(one.run) for one in bundles), "/governance/bundles", AGAIN_RULE),
        (SPREAD, 1, sum(bool(one.adopted) for one in bundles), "/governance/bundles", SPREAD_RULE),
    )
    return tuple(Reached(*one) for one in counted)


def _own_results(site: Site, lines: Sequence[Line]) -> Iterator[Result]:
    with site.database.read() as connection:
        name = own_name(connection)
    for line in lines:
        if line.tested_at is None:
            continue
        run = read_case(site, line.code).standing.run
        if run is not None:
            yield from _rows(name, line.title, run, f"/governance/{line.code}")


def _rows(institution: str, use_case: str, run: EvaluatedRun, path: str) -> Iterator[Result]:
    for suite in run.suites:
        yield Result(
            institution,
            use_case,
            run.mode,
            suite.title_ja,
            suite.title_en,
            suite.n,
            suite.failed,
            suite.upper,
            suite.accepted,
            None,
            True,
            True,
            path,
        )


def _other_results(site: Site, bundles: Sequence[Imported]) -> Iterator[Result]:
    for one in bundles:
        theirs, _, beside = compare_bundle(site, one.digest)
        for row in beside:
            yield Result(
                one.publisher,
                one.title,
                theirs.mode,
                row.title_ja,
                row.title_en,
                row.theirs.n,
                row.theirs.failed,
                row.theirs.upper,
                row.theirs.accepted,
                row.ours.upper if row.ours else None,
                False,
                row.is_comparable,
                f"/governance/bundles/{one.digest}",
            )


def own_name(connection: Connection) -> str:
    """Return the name of the institution itself, empty where the register does not say it."""
    companies = list_entries(connection, "company")
    return next((one.title for one in companies if one.values.get("relation") == "institution"), "")
