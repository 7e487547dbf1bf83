"""Kill -9 while operators answer, pass on and close: every step has happened whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.conversations.cases import find_case, list_steps
from akashi.conversations.model import Author, StepKind
from akashi.conversations.notes import read_notes
from akashi.conversations.store import conversation_table
from akashi.conversations.talk import find_by_token, list_outline, read_messages
from akashi.domains.assistant.console_store import list_sent_in
from akashi.ledger.store import Filter, count_entries
from akashi.ledger.verify import verify_ledger
from akashi.platform.site import Site

WORKER = Path(__file__).with_name("console_worker.py")
DEEDS = {
    "claimed": StepKind.CLAIMED,
    "transferred": StepKind.TRANSFERRED,
    "recalled": StepKind.RECALLED,
    "closed": StepKind.CLOSED,
}
pytestmark = pytest.mark.full


def run_and_kill(site: Site, name: str, seconds: float) -> list[tuple[str, str]]:
    """Let a worker work for a while, kill it, and return what it said it had committed."""
    url = site.database.url.render_as_string(hide_password=False)
    command = [sys.executable, str(WORKER), url, str(site.settings.home), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        first = worker.stdout.readline()
        assert first == "ready \n", worker.stderr.read()
        time.sleep(seconds)
        os.kill(worker.pid, signal.SIGKILL)
        rest = worker.stdout.read()
    whole = rest.rpartition("\n")[0]
    return [(what, value) for what, _, value in (line.partition(" ") for line in whole.splitlines())]


def check_said(site: Site, said: list[tuple[str, str]]) -> None:
    """Check that whatever was said to be committed is there."""
    with site.database.read() as connection:
        for what, value in said:
            if what == "asked":
                found = read_messages(connection, site.keys, find_by_token(connection, value).id)
                assert [one.author for one in found[:2]] == [Author.CUSTOMER, Author.ASSISTANT]
                continue
            case_id, _, message = value.partition(" ")
            case = find_case(connection, case_id)
            if what == "sent":
                assert int(message) in list_sent_in(connection, case.conversation_id)
            else:
                assert DEEDS[what] in [step.kind for step in list_steps(connection, case_id)]


def check_whole(site: Site) -> None:
    """Check that no step is half done, also those that the killed worker could not tell of."""
    with site.database.read() as connection:
        ids = connection.execute(sa.select(conversation_table.c.id)).scalars().all()
        operator_messages = 0
        for conversation_id in ids:
            read_messages(connection, site.keys, conversation_id)
            read_notes(connection, site.keys, conversation_id)
            outline = list_outline(connection, conversation_id)
            by_operator = {sequence for sequence, author, _ in outline if author is Author.OPERATOR}
            assert by_operator == set(list_sent_in(connection, conversation_id))
            operator_messages += len(by_operator)
        assert count_entries(connection, Filter(kind="assistant.reply_sent")) == operator_messages
    outcome = verify_ledger(site, "system")
    assert outcome.fault is None, outcome.fault


def test_kill_while_answering_passing_on_and_closing_loses_nothing(site: Site) -> None:
    moments, said = random.Random(20261121), []
    for number in range(5):
        said += run_and_kill(site, f"r{number}", moments.uniform(0.5, 3.0))
        check_said(site, said)
        check_whole(site)
    assert {what for what, _ in said} == {"asked", "sent", *DEEDS}
