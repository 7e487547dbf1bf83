"""Several processes write at once, or are killed: no gap, no fork, nothing committed is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akashi.ledger.verify import verify_ledger
from akashi.platform.site import Site

WRITER = """
import sys
from datetime import UTC, datetime
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.database import Database
database, name, count = Database(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    with database.write() as connection:
        entry = append(connection, Record("test.written", name, "p1", datetime.now(UTC), {"n": number}))
    print(entry.sequence, entry.digest, flush=True)
"""


def start_writer(site: Site, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that appends and prints each entry once it is committed."""
    url = site.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WRITER, url, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def read_stored(site: Site) -> list[tuple[int, str]]:
    """Return sequence and digest of every entry, after the chain has been verified."""
    outcome = verify_ledger(site, "p1")
    assert outcome.fault is None
    with site.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT sequence, digest FROM ledger_entry ORDER BY sequence").all()
    assert len(rows) == outcome.entries
    return [(row[0], row[1]) for row in rows]


def read_told(writer: subprocess.Popen[str]) -> list[tuple[int, str]]:
    """Return what a writer said it had committed; a last line that was cut by its death does not count."""
    text, _ = writer.communicate()
    lines = text.splitlines(keepends=True)
    return [(int(line.split()[0]), line.split()[1]) for line in lines if line.endswith("\n")]


def write_at_once(site: Site, writers: int, count: int) -> None:
    """Let ``writers`` processes append ``count`` entries each, and compare."""
    processes = [start_writer(site, f"writer{number}", count) for number in range(writers)]
    told = sorted(entry for process in processes for entry in read_told(process))
    assert [process.returncode for process in processes] == [0] * writers
    assert told == read_stored(site)
    assert [sequence for sequence, _digest in told] == list(range(1, writers * count + 1))


@pytest.mark.full
def test_eight_processes_write_one_chain(site: Site) -> None:
    write_at_once(site, 8, 20)


@pytest.mark.full
def test_eight_processes_write_one_long_chain(site: Site) -> None:
    write_at_once(site, 8, 500)


def kill_writers(site: Site, rounds: int) -> None:
    """Kill a writer beside another one again and again; what it had told must be there."""
    chance = random.Random(20261120)
    for _round in range(rounds):
        victim, survivor = start_writer(site, "victim", 100_000), start_writer(site, "survivor", 30)
        assert victim.stdout is not None
        first = victim.stdout.readline()
        time.sleep(chance.uniform(0, 0.3))
        os.kill(victim.pid, signal.SIGKILL)
        told = [(int(first.split()[0]), first.split()[1]), *read_told(victim), *read_told(survivor)]
        assert survivor.returncode == 0
        assert set(told) <= set(read_stored(site))


def test_nothing_committed_is_lost_when_a_writer_is_killed(site: Site) -> None:
    kill_writers(site, 1)


@pytest.mark.full
def test_nothing_committed_is_lost_when_writers_are_killed_at_random_points(site: Site) -> None:
    kill_writers(site, 6)


def test_full_disk_refuses_the_entry_and_keeps_the_chain(sqlite_site: Site, tmp_path: Path) -> None:
    with sqlite_site.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    code = WRITER.replace(
        "database, name",
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({pages * 4096 + 200_000}, {pages * 4096 + 200_000}))\n"
        "database, name",
    )
    command = [sys.executable, "-c", code, str(sqlite_site.database.url), "writer", "100000"]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    text, errors = writer.communicate()
    assert writer.returncode != 0
    assert "full" in errors or "disk I/O" in errors
    told = [(int(line.split()[0]), line.split()[1]) for line in text.splitlines()]
    assert told
    assert set(told) <= set(read_stored(sqlite_site))
