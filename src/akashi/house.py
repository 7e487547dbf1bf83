"""The house: lists the rooms and lends the functions of one to another.

Importing it is cheap: rooms are described here and loaded when they are first used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from akashi.core.evaluated import (
    EvaluatedRun,
    Evaluations,
    FindRun,
    Played,
    PlayTarget,
    Published,
    PublishRun,
    ReadRuns,
    RepeatRun,
    Setting,
)
from akashi.core.ports import (
    Assistant,
    Checked,
    CheckOutput,
    Given,
    Headed,
    Intake,
    Personal,
    Ports,
    ReadHeadings,
    Screened,
    TalkIntake,
    Written,
)
from akashi.core.spans import Interval
from akashi.core.thread import Question
from akashi.platform.rooms import Room, call_name, load_name, load_rooms

ROOMS: tuple[str, ...] = (
    "akashi.ledger",
    "akashi.identity",
    "akashi.catalogue",
    "akashi.register",
    "akashi.approvals",
    "akashi.documents",
    "akashi.conversations",
    "akashi.findings",
    "akashi.domains.guardrails",
    "akashi.domains.assistant",
    "akashi.domains.vulnerability",
    "akashi.domains.evaluation",
    "akashi.domains.governance",
    "akashi.domains.loans",
)
"""Every room, lowest floor first. A new domain is one folder and one line here."""


@cache
def list_rooms() -> tuple[Room, ...]:
    """Return all rooms, lowest floor first."""
    return load_rooms(ROOMS)


def lend_ports(home: Path | None = None) -> Ports:
    """Return what rooms lend each other; a port stays empty until its room exists.

    ``home`` is the installation's: the guards read its own policies there.
    """
    folder = home / "guard" if home else None
    return Ports(
        screen=partial(_screen, folder),
        note_screened=partial(_note_screened, folder),
        check_output=_check_output,
        bind_check=_bind_check,
        find_personal=_find_personal,
        find_orders=_find_orders,
        assistant=Assistant(
            _ask_assistant, _describe_assistant, _write_assistant, _describe_writing, _mode_of_assistant
        ),
        read_headings=_read_headings,
        evaluations=Evaluations(
            _read_runs, _present_target, _publish_run, _repeat_run, _find_run, _list_settings, _play_target
        ),
        intake=Intake(_talk_intake, _describe_intake, _open_intake),
    )


def _screen(folder: Path | None, text: str, use_case: str = "") -> Screened:
    """Look at a text with the guards, which load on first use."""
    screened: Screened = call_name("akashi.domains.guardrails.guards:screen_for", folder, text, use_case)
    return screened


def _note_screened(folder: Path | None, connection: Any, screened: Screened, **facts: Any) -> None:
    """Keep what the guards found, in the caller's transaction."""
    load_name("akashi.domains.guardrails.events:note_screened")(folder, connection, screened, **facts)


def _check_output(answer: str, sources: Sequence[str], *, secret: Sequence[str] = ()) -> Checked:
    """Compare an answer with its sources; the guards load on first use."""
    check: CheckOutput = load_name("akashi.domains.guardrails.output:check_output")
    return check(answer, sources, secret=secret)


def _bind_check(site: Any) -> CheckOutput:
    """Return the check that also holds the documents for staff of an installation."""
    return partial(_check_answer, site)


def _check_answer(site: Any, answer: str, sources: Sequence[str], *, secret: Sequence[str] = ()) -> Checked:
    """Compare an answer with its sources and with what the house must not tell."""
    check = load_name("akashi.domains.guardrails.internal_texts:check_answer")
    checked: Checked = check(answer, sources, secret=secret, site=site)
    return checked


def _find_personal(text: str) -> tuple[Personal, ...]:
    """Find personal data with the guards, which load on first use."""
    found = call_name("akashi.domains.guardrails.personal:find_personal", text)
    return tuple(Personal(one.span, one.kind.value) for one in found)


def _find_orders(text: str) -> tuple[Interval, ...]:
    """Find what reads like orders to an assistant; the guards load on first use."""
    found: tuple[Interval, ...] = call_name("akashi.domains.guardrails.hijack:find_orders", text)
    return found


def _read_headings(name: str, content: bytes) -> tuple[Headed, ...]:
    """Read a document by its headings, in the documents room's sandbox."""
    read: ReadHeadings = load_name("akashi.documents.headings:read_headings")
    return read(name, content)


def _ask_assistant(site: Any, question: Question) -> Given:
    """Ask the assistant as a customer would, for whoever tests it."""
    given: Given = call_name("akashi.domains.assistant.tested:ask_tested", site, question)
    return given


def _describe_assistant(site: Any) -> Mapping[str, Any]:
    """Say what exactly would answer."""
    details: Mapping[str, Any] = call_name("akashi.domains.assistant.tested:describe_tested", site)
    return details


def _write_assistant(site: Any, question: Question) -> Written:
    """Ask the assistant's generative mode, for whoever tests it."""
    written: Written = call_name("akashi.domains.assistant.tested:write_tested", site, question)
    return written


def _describe_writing(site: Any) -> Mapping[str, Any]:
    """Say what exactly would write."""
    details: Mapping[str, Any] = call_name("akashi.domains.assistant.tested:describe_writing", site)
    return details


def _mode_of_assistant(site: Any) -> str:
    """Say which mode answers customers now."""
    mode: str = call_name("akashi.domains.assistant.tested:mode_in_operation", site)
    return mode


def _find_run(connection: Any, mode: str, target_digest: str) -> EvaluatedRun | None:
    """Return the newest whole, valid run of exactly this mode and target digest."""
    find: FindRun = load_name("akashi.domains.evaluation.lending:find_run")
    return find(connection, mode, target_digest)


def _read_runs(connection: Any, use_case: str) -> Sequence[EvaluatedRun]:
    """Return the evaluation runs about a use case."""
    read: ReadRuns = load_name("akashi.domains.evaluation.lending:read_runs")
    return read(connection, use_case)


def _talk_intake(
    site: Any, product: str, language: str, sentences: Sequence[str], papers: Sequence[str]
) -> tuple[str, ...]:
    """Play sentences to the loan conversation; the room loads on first use."""
    talk: TalkIntake = load_name("akashi.domains.loans.lending:talk_intake")
    return talk(site, product, language, sentences, papers)


def _describe_intake(site: Any) -> Mapping[str, Any]:
    """Return what the loan conversation is made of."""
    described: Mapping[str, Any] = call_name("akashi.domains.loans.lending:describe_intake", site)
    return described


def _open_intake(site: Any, language: str) -> Sequence[Setting]:
    """Return the loan products with their first words."""
    openings: Sequence[Setting] = call_name("akashi.domains.loans.lending:open_intake", site, language)
    return openings


def _list_settings(site: Any, target: str, language: str) -> Sequence[Setting]:
    """Return what staff can play on a target."""
    found: Sequence[Setting] = call_name(
        "akashi.domains.evaluation.playing:list_settings", site, target, language
    )
    return found


def _play_target(site: Any, target: str, setting: str, language: str, sentences: Sequence[str]) -> Played:
    """Put the sentences of staff who play a customer to a target."""
    play: PlayTarget = load_name("akashi.domains.evaluation.playing:play_target")
    return play(site, target, setting, language, sentences)


def _present_target(site: Any, target: str) -> tuple[str, str] | None:
    """Return mode and digest of what a target's name stands for now."""
    present: tuple[str, str] | None = call_name(
        "akashi.domains.evaluation.lending:present_target", site, target
    )
    return present


def _publish_run(connection: Any, run: str) -> Published:
    """Return a run for publication."""
    publish: PublishRun = load_name("akashi.domains.evaluation.lending:publish_run")
    return publish(connection, run)


def _repeat_run(site: Any, actor: Any, **facts: Any) -> str:
    """Put suites to a target of this installation to the end."""
    repeat: RepeatRun = load_name("akashi.domains.evaluation.lending:repeat_run")
    return repeat(site, actor, **facts)
