"""Kill -9 in the middle of a run over HTTP, then resume: all there once, the chain holds, few asked twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from akashi.core.people import SYSTEM
from akashi.domains.evaluation import report
from akashi.domains.evaluation.model import RunState
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.platform.site import Site
from tests.domains.evaluation.making import (
    completion,
    make_row,
    scripted_server,
    small_plan,
    write_suite,
)

WORKER = Path(__file__).with_name("worker.py")
CASES, CONCURRENCY, KILLS = 300, 7, 4
pytestmark = pytest.mark.full


def slow_answer(_: bytes) -> bytes:
    """Answer a little later, so that a run lasts."""
    time.sleep(0.003)
    return completion("いいえ")


def test_killed_run_loses_nothing_and_repeats_at_most_what_was_under_way(site: Site, tmp_path: Path) -> None:
    rows = [make_row(number, turns=[f"質問{number}番"]) for number in range(CASES)]
    suite = write_suite(tmp_path, rows)
    with scripted_server(slow_answer) as (port, seen):
        hosts = (f"127.0.0.1:{port}",)
        allowed = replace(site, settings=replace(site.settings, allowed_hosts=hosts))
        url = f"http://{hosts[0]}/v1"
        limits = {"concurrency": CONCURRENCY, "pause_ms": 1}
        plan = small_plan(suite, kind="endpoint", url=url, model="m", limits=limits)
        run = start_run(allowed, plan, SYSTEM)
        for number in range(KILLS):
            kill_worker(allowed, run, hosts[0], random.Random(number).uniform(0.05, 0.4))
        assert continue_run(allowed, run, SYSTEM) is RunState.FINISHED
        asked = Counter(
            orjson.loads(one.partition(b"\r\n\r\n")[2])["messages"][-1]["content"] for one in seen
        )
    found = report.describe_run(site, run)
    assert (found["done"], found["suites"][0]["n"], found["chain"]) == (CASES, CASES, True)
    assert len(asked) == CASES
    assert asked.total() <= CASES + KILLS * CONCURRENCY


def kill_worker(site: Site, run: str, host: str, seconds: float) -> None:
    """Let another process go on with the run, and kill it some time after it began."""
    url = site.database.url.render_as_string(hide_password=False)
    arguments = [sys.executable, str(WORKER), url, str(site.settings.home), host, run]
    worker = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "ready"
    time.sleep(seconds)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
