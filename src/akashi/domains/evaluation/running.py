"""One run from its plan to its measurements: start, go on, judge, say what may be said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

import orjson
from sqlalchemy.exc import IntegrityError

from akashi.core.errors import ConflictError
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.domains.evaluation import store
from akashi.domains.evaluation.booking import book_responses
from akashi.domains.evaluation.control import run_controls
from akashi.domains.evaluation.findings import report_findings
from akashi.domains.evaluation.interfaces import Scorer
from akashi.domains.evaluation.measure.count import Tally
from akashi.domains.evaluation.model import (
    Case,
    ControlResult,
    Judgment,
    Measurement,
    Response,
    RunState,
    Suite,
    Trial,
)
from akashi.domains.evaluation.plans import Plan, describe_plan
from akashi.domains.evaluation.records import chain_digest, dump_response
from akashi.domains.evaluation.register.cases import read_case
from akashi.domains.evaluation.register.suites import SuiteCount, find_suite
from akashi.domains.evaluation.runner import Runner, Spent
from akashi.domains.evaluation.scorers import open_scorers
from akashi.domains.evaluation.scoring import judge_unit
from akashi.domains.evaluation.store import Kept, Stored
from akashi.domains.evaluation.targets import open_target
from akashi.domains.evaluation.transforms import transform_cases
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.ids import new_id
from akashi.platform.site import Site

FIRST = 1
WRITES = "generative"
PROGRESS_SECONDS = 1.0


@dataclass(slots=True)
class Progress:
    """Where a run stands: results so far, and the counts of each suite."""

    run: str
    cases: int
    done: int = 0
    spent: Spent = field(default_factory=Spent)
    tallies: dict[str, Tally] = field(default_factory=dict)


Watch = Callable[[Progress], None]


def start_run(site: Site, plan: Plan, actor: Actor) -> str:
    """Return the id of a new run, kept with all its cases; nothing has been asked yet.

    Raises: InputError: a suite, an expectation or the target cannot be used; nothing is kept.
    """
    scorers = open_scorers(site.ports.check_output)
    sources = [find_suite(name) for name in plan.suites]
    counts = [SuiteCount(source, plan.split, plan.share) for source in sources]
    target = open_target(site, plan)
    cases = (case for count in counts for case in count.stream(scorers))
    run, now = new_id("run"), site.now()
    values = {
        "id": run,
        "title": plan.title,
        "subject": plan.subject,
        "state": RunState.RUNNING.value,
        "reason": "",
        "plan": describe_plan(plan),
        "suites": [],
        "target": target.mark.name,
        "mode": target.mark.mode,
        "target_digest": target.mark.digest,
        "target_details": dict(target.mark.details),
        "controls": [],
        "cases": 0,
        "progress": {},
        "head": "",
        "actor": actor.id,
        "created_at": now,
        "ended_at": None,
    }
    with site.database.write() as connection:
        store.insert_run(connection, values)
        total = store.insert_cases(connection, run, transform_cases(cases, plan.transforms))
        suites = [_describe(count.describe()) for count in counts]
        store.update_run(connection, run, cases=total, suites=suites)
        payload: dict[str, JsonValue] = {
            "plan": plan.digest,
            "target": target.mark.digest,
            "mode": target.mark.mode,
            "cases": total,
        }
        append(connection, Record("evaluation.started", run, actor.id, now, payload))
    return run


def continue_run(site: Site, run: str, actor: Actor, watch: Watch | None = None) -> RunState:
    """Play what a run has not played yet, then judge and measure it. Returns its state.

    Raises: ConflictError: it is finished, its target is not what it was, or another process goes on with it.
    """
    with site.database.read() as connection:
        kept = store.load_run(connection, run)
    if kept.state in (RunState.FINISHED, RunState.INVALID):
        raise ConflictError("The run is finished.", where=run, next_step="Start a new one.")
    target = open_target(site, kept.plan)
    if target.mark.digest != kept.target_digest:
        raise ConflictError("The target is not what it was.", where=run, next_step="Start a new run.")
    scorers = open_scorers(site.ports.check_output)
    keeper = _Keeper(site, kept, scorers, watch)
    runner = Runner(
        target, kept.plan.limits, keeper.save, keeper.progress.spent, kept.plan.target.answer_tokens
    )
    keeper.runner = runner
    try:
        ended = asyncio.run(runner.run(_stream_open(site, run)))
    except IntegrityError as error:
        raise ConflictError("Another process goes on with this run.", where=run) from error
    if ended.reason != "done":
        with site.database.write() as connection:
            store.update_run(
                connection, run, state=RunState.STOPPED.value, reason=ended.reason, progress=keeper.describe()
            )
            append(
                connection, Record("evaluation.stopped", run, actor.id, site.now(), {"reason": ended.reason})
            )
        return RunState.STOPPED
    return finish_run(site, kept, scorers, actor)


def finish_run(site: Site, kept: Kept, scorers: dict[str, Scorer], actor: Actor) -> RunState:
    """Judge the groups, measure everything, open or close findings, and end the run, at once.

    A rule that is wrong on its own controls makes the run invalid: it is neither green nor red. So does a
    generative mode whose model was never heard: then only extracts were measured.
    """
    with site.database.read() as connection:
        controls = run_controls(scorers, store.list_kinds(connection, kept.id))
        is_silent = kept.plan.target.kind == WRITES and not store.has_model(connection, kept.id)
    reason = "" if all(one.is_good for one in controls) else "controls"
    reason = reason or ("silent" if is_silent else "")
    state = RunState.INVALID if reason else RunState.FINISHED
    now = site.now()
    with site.database.write() as connection:
        rows = [
            store.verdict_row(kept.id, FIRST, place, judge_unit(trials, scorers))
            for place, trials in store.stream_units(connection, kept.id, grouped=True)
        ]
        store.insert_verdicts(connection, rows)
        measurements = measure_run(connection, kept, FIRST)
        _, head = store.read_link(connection, kept.id)
        values = describe_scoring(kept, head, scorers, measurements, controls)
        store.insert_scoring(
            connection, kept.id, FIRST, {"at": now, "actor": actor.id, "changed": [], **values}, measurements
        )
        store.update_run(
            connection,
            kept.id,
            state=state.value,
            reason=reason,
            controls=[asdict(one) for one in controls],
            head=head,
            ended_at=now,
        )
        if state is RunState.FINISHED:
            report_findings(connection, kept, measurements, values["digest"], actor, now)
        payload = {
            "state": state.value,
            "head": head,
            "scoring": values["digest"],
            "target": kept.target_digest,
        }
        append(connection, Record("evaluation.finished", kept.id, actor.id, now, payload))
    return state


def measure_run(connection: Any, kept: Kept, scoring: int) -> tuple[Measurement, ...]:
    """Return the measurements of one scoring: each suite, then each requirement within its suite.

    A requirement is named ``suite:requirement``.
    """
    tallies: dict[str, Tally] = {suite["name"]: Tally() for suite in kept.suites}
    for group in store.count_groups(connection, kept.id, scoring):
        template = f"{group.suite}/{group.template}"
        tallies[group.suite].add(group.verdict, template, group.units)
        for requirement in group.requirements:
            name = f"{group.suite}:{requirement}"
            tallies.setdefault(name, Tally()).add(group.verdict, template, group.units)
    return tuple(tally.measure(name) for name, tally in tallies.items())


def describe_scoring(
    kept: Kept,
    head: str,
    scorers: Mapping[str, Scorer],
    measurements: Sequence[Measurement],
    controls: Sequence[ControlResult],
) -> dict[str, Any]:
    """Return scorers and digest of a scoring; the digest covers results, scorers, controls and figures."""
    marks = [asdict(scorers[name].mark) for name in sorted(scorers)]
    said: dict[str, Any] = {
        "run": kept.id,
        "plan": kept.plan.digest,
        "target": kept.target_digest,
        "head": head,
        "scorers": marks,
        "controls": [asdict(one) for one in controls],
        "measurements": [asdict(one) for one in measurements],
    }
    return {"scorers": marks, "digest": digest_of(canonical_json(said))}


def _stream_open(site: Site, run: str) -> Iterator[Stored]:
    after = 0
    while True:
        with site.database.read() as connection:
            found = store.list_open(connection, run, after)
        if not found:
            return
        for place, body in found:  # one by one: whoever waits for an answer is not held up by a page of cases
            yield Stored(place, body, read_case(orjson.loads(body)))
        after = found[-1][0]


def _describe(suite: Suite) -> dict[str, Any]:
    return {**asdict(suite), "risk": suite.risk.value}


class _Keeper:
    """Makes batches of results durable, each linked to the one before it, and counts them."""

    def __init__(self, site: Site, kept: Kept, scorers: dict[str, Scorer], watch: Watch | None) -> None:
        self._site, self._kept, self._scorers, self._watch = site, kept, scorers, watch
        self.runner: Runner | None = None
        with site.database.read() as connection:
            self._sequence, self._digest = store.read_link(connection, kept.id)
            done, tokens, microyen = store.sum_results(connection, kept.id)
            known = store.count_verdicts(connection, kept.id, FIRST)
        self.progress = Progress(kept.id, kept.cases, done, Spent(tokens, microyen))
        for suite, counts in known.items():
            for verdict, times in counts.items():
                self.progress.tallies.setdefault(suite, Tally()).add(verdict, "", times)
        self._told = 0.0

    def save(self, batch: Sequence[tuple[Stored, Response]]) -> None:
        """Commit a batch; called in a thread, one call at a time.

        A commit survives the death of this process. Once a second, and at the end, it waits for the disk
        too: after a power cut at most the last second is asked again.
        """
        now, results, verdicts = self._site.now(), [], []
        sequence, digest = self._sequence, self._digest
        for stored, response in batch:
            body = dump_response(response)
            digest = chain_digest(digest, stored.place, stored.body, body)
            sequence += 1
            results.append(
                {
                    "run": self._kept.id,
                    "place": stored.place,
                    "sequence": sequence,
                    "at": now,
                    "tokens": response.tokens_in + response.tokens_out,
                    "microyen": response.microyen,
                    "body": body,
                    "digest": digest,
                }
            )
            if "group" not in stored.case.expectation.values:
                judgment = judge_unit((Trial(stored.case, response),), self._scorers)
                verdicts.append(store.verdict_row(self._kept.id, FIRST, stored.place, judgment))
                self._count(stored.case, judgment)
        is_due = self._is_due(len(batch))
        database = self._site.database
        with database.write() if is_due else database.write_soon() as connection:
            store.insert_results(connection, results, verdicts)
            self.progress.done += len(batch)
            if is_due:
                store.update_run(connection, self._kept.id, progress=self.describe())
        self._sequence, self._digest = sequence, digest
        target, subject = self._kept.plan.target, self._kept.subject
        is_within = book_responses(
            self._site, target, subject, self._kept.id, [response for _, response in batch]
        )
        if not is_within and self.runner is not None:
            self.runner.stop("budget")
        if self._watch is not None:
            self._watch(self.progress)

    def _count(self, case: Case, judgment: Judgment) -> None:
        self.progress.tallies.setdefault(case.suite, Tally()).add(judgment.verdict, "")

    def _is_due(self, more: int) -> bool:
        now = monotonic()
        if now - self._told < PROGRESS_SECONDS and self.progress.done + more < self._kept.cases:
            return False
        self._told = now
        return True

    def describe(self) -> dict[str, Any]:
        """Return where the run stands as JSON values."""
        spent = self.progress.spent
        suites = {
            name: [tally.n, tally.failed, tally.unscored] for name, tally in self.progress.tallies.items()
        }
        return {
            "done": self.progress.done,
            "tokens": spent.tokens,
            "microyen": spent.microyen,
            "suites": suites,
        }
