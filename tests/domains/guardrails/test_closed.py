"""Fail closed, in real processes: a guard that cannot work stops the service; nothing passes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

BROKEN = {"hijack.npz": b"PK\x03\x04 broken", "assistant.toml": b"use_case = 3", "terms.txt": b"x"}


def akashi(home: Path, *arguments: str, port: int = 0) -> subprocess.Popen[str]:
    """Start the command line with a home of its own."""
    environment = {
        **os.environ,
        "AKASHI_HOME": str(home),
        "AKASHI_KEY_FILE": str(home.parent / "master.key"),
        "AKASHI_PORT": str(port),
    }
    command = [sys.executable, "-m", "akashi", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def run(home: Path, *arguments: str) -> tuple[int, str]:
    """Run the command line to its end."""
    process = akashi(home, *arguments)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty installation."""
    folder = tmp_path_factory.mktemp("closed") / "home"
    code, said = run(folder, "init")
    assert code == 0, said
    return folder


def break_file(home: Path, name: str) -> None:
    """Break one file of the guards, and only that one."""
    folder = home / "guard"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    (folder / name).write_bytes(BROKEN[name])


@pytest.mark.full
def test_doctor_says_so_and_fails(home: Path) -> None:
    break_file(home, "assistant.toml")
    code, said = run(home, "doctor", "--json")
    assert code == 1
    checks = {one["name"]: one for one in json.loads(said)["checks"]}
    assert checks["guardrails"]["health"] == "failed"


@pytest.mark.full
def test_server_ends_and_answers_no_question_before(home: Path) -> None:
    break_file(home, "hijack.npz")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    process = akashi(home, "serve", port=port)
    statuses = set()
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        statuses.add(ask(port))
        time.sleep(0.2)
    said, _ = process.communicate(timeout=10)
    assert process.returncode is not None
    assert process.returncode != 0, said
    assert statuses <= {0, 503}
    assert "A room cannot be loaded" in said


@pytest.mark.full
def test_proxy_does_not_even_begin(home: Path) -> None:
    break_file(home, "terms.txt")
    code, said = run(home, "guard", "serve", "--upstream", "http://127.0.0.1:9/v1", "--port", "0")
    assert code == 2
    assert "Traceback" not in said


def ask(port: int) -> int:
    """Ask as a customer and return the status, 0 when nobody answers."""
    headers = {
        "Origin": f"http://localhost:{port}",
        "Sec-Fetch-Site": "same-origin",
        "Host": f"localhost:{port}",
    }
    url = f"http://127.0.0.1:{port}/ask"
    request = urllib.request.Request(url, "question=通帳をなくした".encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
