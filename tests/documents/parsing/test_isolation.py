"""What a process started by the sandbox can see, and that nothing of it outlives its time."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from akashi.documents.parsing import sandbox

SEEN = """
import json, os, sys
print(json.dumps({
    "environment": sorted(os.environ), "folder": os.getcwd(), "leader": os.getsid(0) == os.getpid(),
    "files": sorted(os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")[:-1]),
    "path": [entry for entry in sys.path if not entry.startswith(sys.base_prefix)],
}))
"""
SPAWN = """
import subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
time.sleep(60)
"""


def run(code: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> tuple[int | None, str]:
    """Return exit status and output of ``code`` run as the sandbox runs its child."""
    monkeypatch.setattr(sandbox, "_COMMAND", (sys.executable, "-I", "-X", "utf8", "-c", code))
    with (
        tempfile.TemporaryFile() as request,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as errors,
    ):
        status = sandbox._run_child(request, answer, errors, seconds)
        answer.seek(0)
        return status, answer.read().decode()


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_child_has_no_environment_no_open_files_and_a_session_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AKASHI_SECRET", "x")
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "open.txt").open("w") as inherited:
        os.set_inheritable(inherited.fileno(), True)
        status, output = run(SEEN, 10.0, monkeypatch)
    seen = json.loads(output)
    assert status == 0
    assert set(seen["environment"]) <= {"LC_CTYPE"}
    assert (seen["folder"], seen["leader"]) == ("/", True)
    assert not any("open.txt" in name for name in seen["files"])
    assert str(tmp_path) not in seen["path"]


def test_whole_group_is_ended_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    started = time.monotonic()
    status, output = run(SPAWN, 1.0, monkeypatch)
    assert status is None
    assert time.monotonic() - started < 4.0
    time.sleep(0.1)
    assert not is_running(int(output))


def test_process_left_behind_is_ended_when_the_child_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    status, output = run(SPAWN.replace("time.sleep(60)", ""), 10.0, monkeypatch)
    assert status == 0
    time.sleep(0.1)
    assert not is_running(int(output))
