"""What a bundle carries: the record of the use case, its runs and suites, and what its papers are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson

from akashi.core.errors import ConflictError, InputError
from akashi.core.evaluated import EvaluatedRun, EvaluatedSuite
from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience, digest_of
from akashi.documents.store import list_documents, list_versions
from akashi.domains.governance.bundle.container import Entry
from akashi.domains.governance.bundle.manifest import Bundle, seal_bundle
from akashi.domains.governance.measure import Standing, measure_tier
from akashi.domains.governance.model import Deed, Event, Kpi, TrialFigures, UseCase
from akashi.domains.governance.paper_parts import Facing
from akashi.domains.governance.papers import face
from akashi.domains.governance.remaining import pack_told, unpack_told
from akashi.domains.governance.treat import Case
from akashi.ledger.store import read_link
from akashi.platform.canonical import Json, canonical_json
from akashi.platform.kit import Translator
from akashi.platform.site import Site

KEPT_WORDS = ("method", "assumptions", "limits", "uncertainty", "conclusion", "number")
"""What of an event leaves the house: the validator's words and decision numbers, never who or why."""
TRIAL = ("samples", "corrected", "useless", "seconds_saved")


def write_bundle(
    site: Site, case: Case, said: Translator, register_said: Translator, withheld: Sequence[str] = ()
) -> bytes:
    """Return the signed bundle of a use case. People's names stay; ``withheld`` suites go as digests.

    Raises: ConflictError: there is no valid run of what it is now; InputError: no such suite to withhold.
    """
    run = case.standing.run
    evaluations = site.ports.evaluations
    if run is None or evaluations is None:
        raise ConflictError(
            "Only a use case with a valid run of exactly its target can be published.",
            next_step="Evaluate it first.",
        )
    facing = face(site, case, said, register_said)
    with site.database.read() as connection:
        published = evaluations.publish(connection, run.id)
        sequence, head = read_link(connection)
        documents = _list_documents(connection)
    unknown = [name for name in withheld if name not in published.suites]
    if unknown:
        raise InputError("The run has no suite {name}.", where="withhold", name=unknown[0])
    one = case.standing.use_case
    decided = [event for event in case.standing.events if event.deed in (Deed.WENT_LIVE, Deed.RESUMED)]
    facts: dict[str, Json] = {
        "use_case": one.code,
        "title": one.title,
        "publisher": facing.institution,
        "published_on": tokyo_day(site.now()).isoformat(),
        "mode": run.mode,
        "target_digest": run.target_digest,
        "run": run.id,
        "run_digest": run.digest,
        "decision": str(decided[-1].content.get("number", "")) if decided else "",
        "ledger": {"sequence": sequence, "digest": head},
        "withheld": [
            {
                "suite": name,
                "sha256": digest_of(published.suites[name]),
                "cases": published.suites[name].count(b"\n"),
            }
            for name in sorted(withheld)
        ],
    }
    entries = [
        Entry(
            "use_case.json",
            canonical_json(
                {"code": one.code, "title": one.title, "version": one.version, "values": dict(one.values)}
            ),
        ),
        Entry("papers.json", canonical_json(_tell_papers(facing, case))),
        Entry("documents.json", canonical_json(documents)),
        Entry("run.json", canonical_json(published.record)),
        *(
            Entry(f"suites/{name}.jsonl", content)
            for name, content in published.suites.items()
            if name not in withheld
        ),
    ]
    return seal_bundle(facts, entries, site.keys)


def face_bundle(bundle: Bundle, said: Translator, register_said: Translator) -> Facing:
    """Return what the papers are written from, out of a bundle: every report is rendered here again.

    Raises: InputError: an entry is not what this version reads.
    """
    told, record = read_entry(bundle, "use_case.json"), read_entry(bundle, "run.json")
    papers = read_entry(bundle, "papers.json")
    try:
        use_case = UseCase(
            str(told["code"]), str(told["title"]), int(told["version"]), True, dict(told["values"])
        )
        run = read_run(record)
        events = tuple(_read_event(place, one) for place, one in enumerate(papers["events"], 1))
        trial = TrialFigures(
            *(int(papers["trial"][name]) for name in ("samples", "corrected", "useless", "seconds_saved"))
        )
        standing = Standing(use_case, measure_tier(use_case)[0], events, run, str(papers["digest"]), trial, 0)
        findings = tuple(unpack_told(one) for one in papers["findings"])
        kpis = tuple(Kpi(**one) for one in papers["kpis"])
        titles = {(str(kind), str(code)): str(title) for kind, code, title in papers["titles"]}
        day = date.fromisoformat(str(bundle.manifest["published_on"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("The bundle's content is not what this version reads.", where=str(error)) from error
    case = Case(standing, (run,), (run.mode, run.target_digest))
    publisher = str(bundle.manifest.get("publisher", ""))
    return Facing(case, said, register_said, titles, {}, findings, kpis, publisher, day)


def read_entry(bundle: Bundle, name: str) -> Any:
    """Return the JSON of one entry. Raises: InputError: it is missing or not JSON."""
    try:
        return orjson.loads(bundle.entries[name])
    except (KeyError, orjson.JSONDecodeError) as error:
        raise InputError("The bundle has no readable {name}.", where="bundle", name=name) from error


def read_run(record: Mapping[str, Any]) -> EvaluatedRun:
    """Return the publisher's run. Raises: KeyError, TypeError, ValueError: it is not one."""
    ended = record["ended_at"]
    return EvaluatedRun(
        id=str(record["id"]),
        title=str(record["title"]),
        target=str(record["target"]),
        mode=str(record["mode"]),
        target_digest=str(record["target_digest"]),
        is_valid=True,
        ended_at=datetime.fromisoformat(ended) if ended else None,
        digest=str(record["digest"]),
        actor="",
        suites=tuple(EvaluatedSuite(**one) for one in record["suites"]),
    )


def _read_event(place: int, one: Mapping[str, Any]) -> Event:
    at = datetime.fromisoformat(str(one["at"]))
    return Event(place, Deed(one["deed"]), "", at, str(one["digest"]), dict(one["content"]))


def _tell_papers(facing: Facing, case: Case) -> dict[str, Any]:
    one, trial = case.standing.use_case, case.standing.trial
    used = {str(value) for value in one.values.values() if isinstance(value, str)}
    return {
        "digest": case.standing.digest,
        "events": [
            {
                "deed": event.deed.value,
                "at": event.at.astimezone(UTC).isoformat(),
                "digest": event.subject_digest,
                "content": {name: str(event.content[name]) for name in KEPT_WORDS if event.content.get(name)},
            }
            for event in case.standing.events
        ],
        "trial": {name: getattr(trial, name) for name in TRIAL},
        "findings": [pack_told(one) for one in facing.findings],
        "kpis": [
            {
                "use_case": kpi.use_case,
                "name": kpi.name,
                "month": kpi.month,
                "plan": kpi.plan,
                "actual": kpi.actual,
                "unit": kpi.unit,
            }
            for kpi in facing.kpis
        ],
        "titles": sorted(
            [kind, code, title] for (kind, code), title in facing.titles.items() if code in used
        ),
    }


def _list_documents(connection: Any) -> list[dict[str, str]]:
    """Return titles and digests of what customers are answered from; the documents themselves stay."""
    documents = list_documents(connection, (Audience.CUSTOMERS,))
    versions = {
        version.document_id: version for version in list_versions(connection, [one.id for one in documents])
    }
    return [
        {"title": one.title, "digest": versions[one.id].text_digest}
        for one in documents
        if one.id in versions
    ]
