"""What is said of runs, as values for pages, commands and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from akashi.core.errors import ConflictError, NotFoundError
from akashi.domains.evaluation import store
from akashi.domains.evaluation.findings import Judged, judge_suites
from akashi.domains.evaluation.measure.compare import compare_runs, is_improved
from akashi.domains.evaluation.model import Comparison, Measurement, Risk, RunState, Verdict
from akashi.domains.evaluation.records import GENESIS, chain_digest
from akashi.domains.evaluation.register.suites import Source, crowded_templates, describe_suite
from akashi.domains.evaluation.scorers import open_scorers
from akashi.domains.evaluation.store import Kept
from akashi.platform.site import Site

SHOWN_DISCORDANT = 200


def find_run(site: Site, run: str) -> str:
    """Return the id of a run; ``last`` is the newest. Raises: NotFoundError: there is none."""
    with site.database.read() as connection:
        if run == "last":
            found = store.list_runs(connection, 1)
            if not found:
                raise NotFoundError("There is no evaluation run yet.", where="run")
            return found[0].id
        return store.load_run(connection, run).id


def list_summaries(site: Site, limit: int = 100) -> list[dict[str, Any]]:
    """Return the newest runs in a few words each."""
    with site.database.read() as connection:
        return [_summarise(kept) for kept in store.list_runs(connection, limit)]


def describe_run(site: Site, run: str) -> dict[str, Any]:
    """Return what may be said of a run. The chain is walked again: ``chain`` is whether it holds."""
    with site.database.read() as connection:
        kept = store.load_run(connection, run)
        scoring = store.last_scoring(connection, run)
        done = store.sum_results(connection, run)[0]
        measurements = store.read_measurements(scoring) if scoring else ()
    return {
        **_summarise(kept),
        "done": done,
        "target_details": kept.target_details,
        "plan_digest": kept.plan.digest,
        "suites": [_describe_judged(one) for one in judge_suites(kept, measurements)],
        "requirements": [asdict(one) for one in measurements if ":" in one.name],
        "controls": kept.controls,
        "scoring": int(scoring["number"]) if scoring else 0,
        "digest": scoring["digest"] if scoring else "",
        "scorers": list(scoring["scorers"]) if scoring else [],
        "chain": verify_results(site, run, kept.head) if kept.state is RunState.FINISHED else None,
    }


def verify_results(site: Site, run: str, head: str) -> bool:
    """Return whether every stored reply is the one whose digest the run ended with."""
    digest = GENESIS
    with site.database.read() as connection:
        for place, case_body, body, kept in store.stream_chain(connection, run):
            digest = chain_digest(digest, place, case_body, body)
            if digest != kept:
                return False
    return digest == head


def describe_comparison(site: Site, before: str, after: str) -> dict[str, Any]:
    """Return the paired comparison of two finished runs, suite by suite.

    Raises: ConflictError: one of them is not finished, or they have no suite in the same edition.
    """
    with site.database.read() as connection:
        runs = [store.load_run(connection, one) for one in (before, after)]
        for kept in runs:
            if kept.state is not RunState.FINISHED:
                raise ConflictError("Only finished, valid runs can be compared.", where=kept.id)
        verdicts = [read_verdicts(connection, kept) for kept in runs]
    shared = _shared_suites(*runs)
    if not shared:
        raise ConflictError(
            "The runs have no suite in the same edition.",
            where=after,
            next_step="Choose two runs that played the same suites.",
        )
    compared = {
        name: compare_runs(name, verdicts[0].get(name, {}), verdicts[1].get(name, {})) for name in shared
    }
    refusal = next((compared[name] for name, risk in shared.items() if risk == Risk.OVER_REFUSAL), None)
    return {
        "before": _summarise(runs[0]),
        "after": _summarise(runs[1]),
        "is_same_target": runs[0].target_digest == runs[1].target_digest,
        "suites": [_describe_comparison(one, shared[name], refusal) for name, one in compared.items()],
    }


def read_verdicts(connection: Any, kept: Kept) -> dict[str, dict[str, Verdict]]:
    """Return the newest verdict of every unit, by suite."""
    scoring = store.last_scoring(connection, kept.id)
    found: dict[str, dict[str, Verdict]] = {}
    for suite, unit, verdict in store.list_unit_verdicts(
        connection, kept.id, scoring["number"] if scoring else 1
    ):
        found.setdefault(suite, {})[unit] = verdict
    return found


def check_file(site: Site, path: Path) -> dict[str, Any]:
    """Return what a file of cases holds. Raises: InputError: a line cannot be used."""
    source = Source(path.stem, path, {})
    suite = describe_suite(source, "all", open_scorers(site.ports.check_output))
    warnings = [
        f"template {name}: {count} units, at most 5 should come from one template"
        for name, count in sorted(crowded_templates(source).items())
    ]
    return {
        "suite": suite.name,
        "cases": suite.cases,
        "units": suite.units,
        "templates": suite.templates,
        "digest": suite.digest,
        "warnings": warnings,
    }


def write_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a person reads of a described run."""
    yield f"{found['id']}  {found['title']}"
    yield f"{found['target']} ({found['mode']}), {found['state']} {found['reason']}".rstrip()
    yield f"{found['done']} of {found['cases']} cases; target {found['target_digest'][:12]}"
    if found["suites"]:
        yield f"{'suite':16}{'n':>6}{'failed':>8}{'unscored':>10}{'rate':>9}{'<=':>9}{'accepted':>10}"
    for one in found["suites"]:
        mark = "" if one["kept"] else "  above what is accepted"
        yield (
            f"{one['name']:16}{one['n']:6}{one['failed']:8}{one['unscored']:10}{one['rate']:9.2%}"
            f"{one['worst_upper']:9.2%}{one['accepted']:10.2%}{mark}"
        )
    for one in found["controls"]:
        if one["caught"] != one["positives"] or one["cleared"] != one["negatives"]:
            yield f"controls of {one['scorer']['name']}: {one['caught']}/{one['positives']} caught, "
            yield f"  {one['cleared']}/{one['negatives']} cleared"
    if found["chain"] is False:
        yield "The stored replies are not what they were when the run ended."


def _summarise(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id,
        "title": kept.title,
        "subject": kept.subject,
        "state": kept.state.value,
        "reason": kept.reason,
        "target": kept.target,
        "mode": kept.mode,
        "target_digest": kept.target_digest,
        "cases": kept.cases,
        "created_at": kept.created_at.isoformat(),
        "ended_at": kept.ended_at.isoformat() if kept.ended_at else None,
        "head": kept.head,
    }


def _describe_judged(one: Judged) -> dict[str, Any]:
    return {
        **asdict(one.measurement),
        "title_ja": one.suite["title_ja"],
        "title_en": one.suite["title_en"],
        "digest": one.suite["digest"],
        "risk": one.suite["risk"],
        "accepted": one.tolerance.accepted,
        "human": one.tolerance.human,
        "human_source": one.tolerance.source,
        "kept": one.is_kept,
        "severity": "" if one.is_kept else one.severity.value,
    }


def _shared_suites(before: Kept, after: Kept) -> dict[str, str]:
    """Return name and risk of the suites that both runs played in the same edition and split."""
    known = {(one["name"], one["digest"]) for one in before.suites}
    if before.plan.split != after.plan.split:
        return {}
    return {one["name"]: one["risk"] for one in after.suites if (one["name"], one["digest"]) in known}


def _describe_comparison(one: Comparison, risk: str, refusal: Comparison | None) -> dict[str, Any]:
    if risk == Risk.OVER_REFUSAL:
        said = "worse" if one.broken > one.fixed else "not worse"
    elif is_improved(one, refusal):
        said = "improved"
    elif one.is_better:
        said = "fewer failures, but not shown to be improved: over-refusal"
    else:
        said = "worse" if one.is_worse else "no difference shown"
    table = {**asdict(one), "risk": risk, "said": said}
    return {**table, "discordant": table["discordant"][:SHOWN_DISCORDANT]}


def measured(found: Mapping[str, Any], name: str) -> Measurement | None:
    """Return the measurement of a suite in a described run, or None."""
    row = next((one for one in found["suites"] if one["name"] == name), None)
    return Measurement(**{key: row[key] for key in Measurement.__slots__}) if row else None
