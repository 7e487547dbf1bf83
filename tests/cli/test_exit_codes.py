"""Exit codes: 0 done, 1 findings, 2 bad input, 3 our fault; each with one clear sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FAULT = "import sys, akashi.cli.main as m\nm.app = lambda **_: 1 / 0\nm.run()\n"


def akashi(home: Path, *arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line with a home of its own."""
    environment = {
        **os.environ,
        "AKASHI_HOME": str(home / "home"),
        "AKASHI_KEY_FILE": str(home / "master.key"),
    }
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "akashi", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_command_without_installation_says_what_to_run(tmp_path: Path) -> None:
    done = akashi(tmp_path, "doctor")
    assert done.returncode == 2
    assert "akashi init" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_command_is_bad_input(tmp_path: Path) -> None:
    assert akashi(tmp_path, "fly").returncode == 2


def test_unforeseen_error_is_our_fault(tmp_path: Path) -> None:
    done = akashi(tmp_path, code=FAULT)
    assert done.returncode == 3
    assert "Something went wrong on our side (ZeroDivisionError" in done.stderr


def test_bad_port_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKASHI_PORT", "ninety")
    done = akashi(tmp_path, "init")
    assert done.returncode == 2
    assert "ninety" in done.stderr


def test_version_is_printed(tmp_path: Path) -> None:
    assert akashi(tmp_path, "--version").stdout.startswith("akashi ")
