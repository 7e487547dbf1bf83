"""Canary questions: whether the model is still the one that was decided, asked on a schedule and kept.

An endpoint may put another model behind an unchanged name. What it says of itself (model, fingerprint) and
how it behaves on fixed questions are compared with the run before. A change is a finding; a canary that fails
also lets the extract answer until a new decision.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.people import SYSTEM
from akashi.core.ports import CheckOutput
from akashi.core.thread import Evidence, Finding, Severity, Subject, SubjectKind, digest_of
from akashi.domains.assistant.generating import (
    Dropped,
    Sentence,
    Task,
    build_prompt,
    check_sentence,
    read_sentences,
)
from akashi.domains.assistant.generating_mode import suspend_generative
from akashi.domains.assistant.generating_store import (
    USE_CASE,
    canary_table,
    find_mode,
    generation_table,
)
from akashi.findings.treat import measure_again, open_finding
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.endpoint import Caller, EndpointError, Purpose
from akashi.platform.endpoint_gate import Gate, open_gate
from akashi.platform.ids import new_id
from akashi.platform.site import Site

REQUIREMENT = "programme-evaluate"
SOURCE = "canary"
AFTER_FAULT_HOURS = 1
BEHAVIOUR, MODEL, ANSWERS, FIRST = "behaviour", "model", "answers", "first"
TITLES = {
    BEHAVIOUR: (Severity.HIGH, "モデルが点検の質問に期待どおりに答えない"),
    MODEL: (Severity.MEDIUM, "同じ名前のまま、モデルが変わった"),
    ANSWERS: (Severity.LOW, "点検の質問に対するモデルの答え方が変わった"),
}


@dataclass(frozen=True, slots=True)
class Canary:
    """One question with its excerpts and what a sound model does with them."""

    name: str
    question: str
    excerpts: tuple[str, ...]
    answered: bool
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    cites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run over all canaries. ``results``: name to [passed, digest of the behaviour]."""

    id: str
    at: datetime
    address: str
    model: str
    said_model: str
    fingerprint: str
    fault: str
    results: Mapping[str, Sequence[Any]]
    change: str
    finding_id: str

    @property
    def passed(self) -> int:
        """Return how many canaries behaved as expected."""
        return sum(bool(result[0]) for result in self.results.values())


@cache
def read_canaries() -> tuple[Canary, ...]:
    """Return the canaries of data/canaries.toml."""
    raw = files("akashi.domains.assistant").joinpath("data/canaries.toml").read_text("utf-8")
    return tuple(
        Canary(
            row["name"],
            row["question"],
            tuple(row["excerpts"]),
            row["answered"],
            tuple(row.get("must", ())),
            tuple(row.get("must_not", ())),
            tuple(row.get("cites", ())),
        )
        for row in tomllib.loads(raw)["canary"]
    )


def watch_model(site: Site, now: datetime) -> int:
    """Run the canaries when they are due; return how many runs were made. A duty, safe to repeat."""
    gate, check = open_gate(site), site.ports.check_of(site)
    if gate is None or check is None:
        return 0
    with site.database.read() as connection:
        if not _is_due(connection, gate, now):
            return 0
    run_canaries(site, gate, check)
    return 1


def run_canaries(site: Site, gate: Gate, check: CheckOutput) -> Run:
    """Ask every canary, compare with the run before, and keep what was found."""
    results: dict[str, Sequence[Any]] = {}
    said = ("", "")
    fault, run_id = "", new_id("can")
    for canary in read_canaries():
        try:
            task = Task(canary.question, canary.excerpts)
            caller = Caller(USE_CASE, Purpose.CANARY, run_id)
            end = gate.complete(build_prompt(task, gate.room()), caller)
        except EndpointError as error:
            fault = error.fault.value
            break
        said = (end.model, end.fingerprint)
        results[canary.name] = judge_canary(canary, end.text, check)
    settings, now = gate.settings, site.now()
    with site.database.write() as connection:
        before = find_last_run(connection, settings.url, settings.model)
        change = "" if fault else _name_change(before, said, results)
        run = Run(run_id, now, settings.url, settings.model, *said, fault, results, change, "")
        return _keep(site, connection, run, before)


def judge_canary(canary: Canary, text: str, check: CheckOutput) -> tuple[bool, str]:
    """Return whether a reply behaves as expected, and the digest of its behaviour.

    The behaviour is what is cited, which expected characters are there and whether all was supported: not
    the wording, which may differ from run to run in a sound model.
    """
    verdicts = [check_sentence(said, cited, canary.excerpts, check) for said, cited in read_sentences(text)]
    shown = [one for one in verdicts if isinstance(one, Sentence)]
    words = "\n".join(one.text for one in shown)
    cited = sorted({number for one in shown for number in one.cited})
    held = [part in words for part in canary.must]
    avoided = [part not in text for part in canary.must_not]
    passed = bool(shown) is canary.answered and all(held) and all(avoided) and set(canary.cites) <= set(cited)
    unsupported = any(isinstance(one, Dropped) for one in verdicts)
    behaviour: dict[str, Any] = {"cited": cited, "held": held, "avoided": avoided, "unsupported": unsupported}
    behaviour["passed"] = passed
    return passed, digest_of(canonical_json(behaviour))


def find_last_run(connection: Connection, address: str, model: str) -> Run | None:
    """Return the last whole run against this endpoint and model, or None."""
    table = canary_table.c
    query = sa.select(canary_table).where(table.address == address, table.model == model, table.fault == "")
    row = connection.execute(query.order_by(table.at.desc(), table.id.desc())).mappings().first()
    return Run(**row) if row else None


def list_runs(connection: Connection, most: int) -> list[Run]:
    """Return the latest runs, newest first."""
    table = canary_table.c
    query = sa.select(canary_table).order_by(table.at.desc(), table.id.desc()).limit(most)
    return [Run(**row) for row in connection.execute(query).mappings()]


def _name_change(before: Run | None, said: tuple[str, str], results: Mapping[str, Sequence[Any]]) -> str:
    if not all(result[0] for result in results.values()):
        return BEHAVIOUR
    if before is None:
        return FIRST
    if (before.said_model, before.fingerprint) != said:
        return MODEL
    same = {name: result[1] for name, result in before.results.items()}
    return "" if same == {name: result[1] for name, result in results.items()} else ANSWERS


def _keep(site: Site, connection: Connection, run: Run, before: Run | None) -> Run:
    content = canonical_json(json.loads(json.dumps([run.said_model, run.fingerprint, run.results])))
    evidence = Evidence(run.id, digest_of(content), run.at, f"assistant_canary/{run.id}")
    finding_id = ""
    if run.change in TITLES:
        finding_id = open_finding(connection, _finding(run, evidence), SYSTEM, run.at).finding_id
        mode = find_mode(connection, USE_CASE)
        if run.change == BEHAVIOUR and mode is not None and mode.suspended_at is None:
            suspend_generative(connection, mode, site, finding_id, SYSTEM)
    elif not run.fault and before is not None and before.change == BEHAVIOUR:
        measure_again(connection, before.finding_id, evidence, passed=True, actor=SYSTEM, now=run.at)
    values = {item.name: getattr(run, item.name) for item in fields(Run)}
    values |= {"finding_id": finding_id, "results": {name: list(one) for name, one in run.results.items()}}
    connection.execute(sa.insert(canary_table).values(values))
    payload = {"digest": evidence.digest, "change": run.change, "fault": run.fault}
    append(connection, Record("assistant.canary_run", run.id, SYSTEM.id, run.at, payload))
    return Run(**values)


def _finding(run: Run, evidence: Evidence) -> Finding:
    severity, title = TITLES[run.change]
    failed = [name for name, result in run.results.items() if not result[0]]
    detail = f"{run.model} → {run.said_model or '—'}（{run.fingerprint or '—'}）"
    if failed:
        detail += f"　失敗した点検：{'、'.join(failed)}"
    state = [run.change, run.address, run.model, *failed]
    if run.change == MODEL:
        state += [run.said_model, run.fingerprint]
    subject = Subject(SubjectKind.MODEL, run.model)
    key = digest_of(canonical_json(list(state)))
    return Finding("assistant", SOURCE, subject, REQUIREMENT, key, severity, title, detail, (evidence,))


def _is_due(connection: Connection, gate: Gate, now: datetime) -> bool:
    settings, table = gate.settings, canary_table.c
    mine = (table.address == settings.url, table.model == settings.model)
    query = sa.select(canary_table).where(*mine).order_by(table.at.desc(), table.id.desc())
    row = connection.execute(query).mappings().first()
    if row is None:
        return True
    last = Run(**row)
    hours = AFTER_FAULT_HOURS if last.fault else settings.canary_hours
    if now - last.at >= timedelta(hours=hours):
        return True
    return not last.fault and _looks_changed(connection, last)


def _looks_changed(connection: Connection, last: Run) -> bool:
    """Return whether an answer since the last run came from something that calls itself otherwise."""
    table = generation_table.c
    query = (
        sa.select(table.said_model, table.fingerprint)
        .where(table.ended_at > last.at, table.said_model != "", table.model == last.model)
        .order_by(table.ended_at.desc())
    )
    row = connection.execute(query.limit(1)).first()
    return row is not None and (row.said_model, row.fingerprint) != (last.said_model, last.fingerprint)
