"""Nothing leaves the machine: a hook at the interpreter's own socket calls sees every attempt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WATCH = """
import socket, sys
LOCAL = ("127.", "::1", "localhost")

def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        address = str(arguments[1][0])
        if not address.startswith(LOCAL):
            raise SystemExit(f"outgoing connection to {address}")
    if event == "socket.getaddrinfo" and arguments[0] and not str(arguments[0]).startswith(LOCAL):
        raise SystemExit(f"outgoing look-up of {arguments[0]}")

sys.addaudithook(watch)
"""
PRODUCT = """
import warnings
warnings.simplefilter("ignore")
from starlette.testclient import TestClient
from akashi.cli.demo import open_sample
from akashi.cli.sample import answer_samples
from akashi.cli.doctor import examine
from akashi.platform.duties import run_duties
from akashi.web.app import create_app

site = open_sample()
answer_samples(site)
run_duties(site)
examine(site)
headers = {"accept": "text/html", "origin": "http://localhost:8765", "sec-fetch-site": "same-origin"}
app = create_app(site)
client = TestClient(app, base_url="http://localhost:8765", headers=headers, client=("127.0.0.1", 5))
assert client.get("/").status_code == 200
assert client.post("/ask", data={"question": "通帳をなくした"}).status_code == 200
client.post("/identity/switch", data={"person": "shiraishi_kyoko"})
assert client.get("/dashboard").status_code == 200
print("nothing left the machine")
"""
CONTROL = "\nimport socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)\n"


def run_watched(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AKASHI_HOME": str(home / "home"), "AKASHI_KEY_FILE": str(home / "key")}
    return subprocess.run(
        [sys.executable, "-c", WATCH + code], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.full
def test_whole_path_makes_no_outgoing_connection(tmp_path: Path) -> None:
    done = run_watched(PRODUCT, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.endswith("nothing left the machine\n")


def test_hook_would_have_seen_one(tmp_path: Path) -> None:
    done = run_watched(CONTROL, tmp_path)
    assert done.returncode == 1
    assert "outgoing" in done.stderr
