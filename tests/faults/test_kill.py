"""Kill -9 at random moments, several writers, a full disk: nothing committed is lost, the ledger verifies."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akashi.approvals.register import seed_routes
from akashi.conversations.talk import find_by_token, read_messages
from akashi.documents.model import VersionState
from akashi.documents.store import list_passages, read_text, read_version
from akashi.identity.seed import seed_people
from akashi.ledger.verify import verify_ledger
from akashi.platform.database import Database
from akashi.platform.meta import write_meta
from akashi.platform.site import Site
from akashi.sample.seed import read_table

WORKER = Path(__file__).with_name("worker.py")
pytestmark = pytest.mark.full


def prepare(site: Site) -> None:
    """Give the empty institution people and routes, so that documents can be approved."""
    with site.database.write() as connection:
        write_meta(connection, "sample", "yes")
        seed_people(connection, read_table("institution.toml")["person"], site.now())
        seed_routes(connection, read_table("routes.toml"), site.now())


def start_worker(site: Site, name: str, limit_bytes: int = 0) -> subprocess.Popen[str]:
    """Start a worker; with ``limit_bytes`` no file of its can grow beyond that, as on a full disk."""

    def limit() -> None:
        if limit_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, resource.RLIM_INFINITY))

    url = site.database.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, str(WORKER), url, str(site.settings.home), name],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,
    )


def kill_after(worker: subprocess.Popen[str], seconds: float) -> list[tuple[str, str]]:
    """Wait until the worker is ready, let it work, kill it, and return what it said it had committed."""
    assert worker.stdout is not None
    first = worker.stdout.readline()
    assert first == "ready \n", worker.stderr.read() if worker.stderr else ""
    time.sleep(seconds)
    os.kill(worker.pid, signal.SIGKILL)
    rest = worker.stdout.read()
    worker.wait()
    for stream in (worker.stdout, worker.stderr):
        if stream is not None:
            stream.close()
    whole = rest if rest.endswith("\n") else rest.rpartition("\n")[0]
    return [(what, value) for what, _, value in (line.partition(" ") for line in whole.splitlines())]


def check_committed(site: Site, said: list[tuple[str, str]]) -> None:
    """Check that everything a worker had committed is there, whole, and that the ledger verifies."""
    with site.database.read() as connection:
        for what, value in said:
            if what == "asked":
                messages = read_messages(connection, site.keys, find_by_token(connection, value).id)
                assert [message.author for message in messages] == ["customer", "assistant"]
                continue
            version = read_version(connection, value)
            assert len(read_text(connection, value)) == version.characters
            assert list_passages(connection, [value])
            if what == "approved":
                assert version.state is VersionState.APPROVED
    outcome = verify_ledger(site, "system")
    assert outcome.fault is None, outcome.fault


def test_kill_at_random_moments_loses_nothing(site: Site) -> None:
    prepare(site)
    moments, said = random.Random(20261120), []
    for round_number in range(6):
        worker = start_worker(site, f"r{round_number}")
        said += kill_after(worker, moments.uniform(0.3, 3.0))
        check_committed(site, said)
    assert {what for what, _ in said} == {"added", "approved", "asked"}


def test_two_writers_wait_for_each_other(site: Site) -> None:
    prepare(site)
    workers = [start_worker(site, name) for name in ("one", "two")]
    said = [entry for worker in workers for entry in kill_after(worker, 4.0)]
    check_committed(site, said)
    assert len([what for what, _ in said if what == "approved"]) >= 2


def test_full_disk_ends_in_an_error_and_loses_nothing(sqlite_site: Site) -> None:
    prepare(sqlite_site)
    path = Path(str(sqlite_site.database.url.database))
    sqlite_site.database.close()
    size = max(part.stat().st_size for part in path.parent.glob("akashi.db*"))
    worker = start_worker(sqlite_site, "brim", size + 600_000)
    output, errors = worker.communicate(timeout=240)
    assert worker.returncode != 0
    assert "disk is full" in errors or "disk I/O" in errors, errors[-500:]
    lines = [line.partition(" ") for line in output.splitlines()[1:]]
    said = [(what, value) for what, _, value in lines]
    assert said
    check_committed(sqlite_site, said)


def test_copy_taken_after_a_kill_opens_elsewhere(sqlite_site: Site, tmp_path: Path) -> None:
    prepare(sqlite_site)
    said = kill_after(start_worker(sqlite_site, "copy"), 2.0)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for part in Path(str(sqlite_site.database.url.database)).parent.glob("akashi.db*"):
        shutil.copy(part, elsewhere / part.name)
    copied = Site(
        sqlite_site.settings,
        Database(f"sqlite:///{elsewhere / 'akashi.db'}"),
        sqlite_site.keys,
        sqlite_site.rooms,
        clock=sqlite_site.clock,
    )
    check_committed(copied, said)
    copied.database.close()
