"""Several people act at the same moment, on both databases, in real threads and processes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest

from akashi.approvals import store
from akashi.approvals.matters import act, read_matter
from akashi.approvals.model import Action, EventKind, Phase, Risk
from akashi.core.errors import ConflictError
from tests.approvals.conftest import Bank, actor

DECIDE_IN_PROCESS = """
import sys
from datetime import UTC, datetime
from akashi.approvals.matters import act
from akashi.approvals.model import Action
from akashi.core.errors import ConflictError
from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.database import Database
url, matter, who = sys.argv[1:]
person = Actor(who, ActorKind.PERSON, frozenset({Role.COMPLIANCE_OFFICER}))
database = Database(url)
print("ready", flush=True)
sys.stdin.readline()
try:
    with database.write() as connection:
        act(connection, matter, Action.DECIDE, person, datetime(2026, 11, 20, 1, tzinfo=UTC))
    print("won")
except ConflictError:
    print("late")
"""


def test_of_simultaneous_deciders_exactly_one_wins(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    together = Barrier(6)

    def decide(who: str) -> bool:
        together.wait()
        try:
            with bank.database.write() as connection:
                act(connection, matter.id, Action.DECIDE, actor(who), bank.site.now())
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        wins = list(threads.map(decide, ["ito", "hayashi"] * 3))
    assert sum(wins) == 1
    with bank.database.read() as connection:
        kinds = [event.kind for event in read_matter(connection, matter.id).events]
    assert kinds == [EventKind.OPENED, EventKind.DECIDED]


def start_decider(stack: ExitStack, url: str, matter: str, who: str) -> subprocess.Popen[str]:
    """Start a process that is ready to decide on a word."""
    command = [sys.executable, "-c", DECIDE_IN_PROCESS, url, matter, who]
    pipe = subprocess.PIPE
    run = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    return run


@pytest.mark.full
def test_of_two_deciding_processes_exactly_one_wins(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    url = bank.database.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        runs = [start_decider(stack, url, matter.id, who) for who in ("ito", "hayashi")]
        for run in runs:
            assert run.stdin is not None
            run.stdin.write("go\n")
            run.stdin.flush()
        results = [run.communicate(timeout=60)[0].strip() for run in runs]
    assert sorted(results) == ["late", "won"]


def test_numbers_taken_at_the_same_moment_have_no_gap(bank: Bank) -> None:
    matters = [bank.open(risk=Risk.LOW) for _ in range(8)]
    together = Barrier(8)

    def decide(matter_id: str) -> str:
        together.wait()
        with bank.database.write() as connection:
            return act(connection, matter_id, Action.DECIDE, actor("ito"), bank.site.now()).state.number

    with ThreadPoolExecutor(8) as threads:
        numbers = sorted(threads.map(decide, [matter.id for matter in matters]))
    assert numbers == [f"2026-決-{count:05d}" for count in range(1, 9)]
    with bank.database.read() as connection:
        assert len(store.list_matters(connection, phases=[Phase.DECIDED])) == 8
