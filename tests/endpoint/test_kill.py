"""kill -9 while the model is writing loses neither the question nor the answer nor the account."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.core.moments import tokyo_day
from akashi.domains.assistant.generating_store import State
from akashi.domains.assistant.generating_talk import recover_generations
from akashi.domains.assistant.reading import read_talk
from akashi.ledger.verify import verify_ledger
from akashi.platform.endpoint_use import call_table, read_spending
from akashi.platform.site import Site
from tests.conftest import FrozenClock
from tests.endpoint.generative import MARRIED, generations_of, with_generative
from tests.endpoint.peer import Peer


@pytest.mark.full
def test_killed_generation_is_answered_with_the_extract(
    sample_site: Site, peer: Peer, clock: FrozenClock
) -> None:
    site = with_generative(sample_site, peer)
    peer.script("stall_midway")
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.endpoint.dying", str(site.settings.home), str(peer.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout
        token = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGKILL)
    assert generations_of(site)[0].state is State.OPEN
    with site.database.read() as connection:
        (call,) = connection.execute(sa.select(call_table)).mappings()
        spent, _ = read_spending(connection, tokyo_day(site.now()))
    assert call["ended_at"] is None
    assert spent == call["tokens_in"] + call["tokens_out"] > 600
    clock.advance(timedelta(minutes=2))
    assert recover_generations(site, site.now()) == 1
    talk = read_talk(site, token)
    assert talk is not None
    question, answer = talk.turns
    assert question.message.text == MARRIED
    assert answer.outcome == "answered"
    assert verify_ledger(site, "test").fault is None
