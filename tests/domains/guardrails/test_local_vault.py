"""The vault file of the command line: whole or unchanged, one writer at a time, for its owner alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from akashi.core.errors import InputError
from akashi.domains.guardrails.local_vault import OWN, hold_file, open_sealed, read_file, write_file
from akashi.platform.keys import create_key_file, open_keys

WRITER = """
import sys
from pathlib import Path
from akashi.domains.guardrails.local_vault import write_file
path = Path(sys.argv[1])
print("ready", flush=True)
at = 0
while True:
    write_file(path, str(at % 10) * 3_000_000)
    at += 1
"""


def akashi(home: Path, *words: str, text: str = "") -> subprocess.Popen[str]:
    """Start the command of an installation of its own."""
    environment = {**os.environ, "AKASHI_HOME": str(home), "AKASHI_KEY_FILE": str(home / "key")}
    process = subprocess.Popen(
        [sys.executable, "-m", "akashi", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdin
    process.stdin.write(text)
    process.stdin.close()
    process.stdin = None
    return process


def test_kill_while_writing_leaves_one_whole_vault(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    for wait in (0.05, 0.11, 0.17):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            while not path.exists():
                time.sleep(0.01)
            time.sleep(wait)
            writer.send_signal(signal.SIGKILL)
        kept = read_file(path)
        assert len(kept) == 3_000_000
        assert len(set(kept)) == 1


def test_two_writers_lose_no_value_and_share_no_placeholder(tmp_path: Path) -> None:
    create_key_file(tmp_path / "key")
    vault = tmp_path / "vault"
    phones = [f"090-1234-56{at:02d}" for at in range(4)]
    running = [
        akashi(tmp_path, "guard", "mask", "--vault", str(vault), text=f"電話は{phone}") for phone in phones
    ]
    masked = [one.communicate(timeout=120) for one in running]
    values = open_sealed(open_keys(tmp_path / "key"), read_file(vault), OWN).values
    assert sorted(values.values()) == phones
    assert len({said for said, _ in masked}) == len(phones)
    assert (vault.stat().st_mode & 0o777, sorted(one.name for one in tmp_path.iterdir())) == (
        0o600,
        ["key", "vault"],
    )


def test_vault_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"), hold_file(tmp_path / "no" / "vault"):
        pass
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_file(tmp_path / "folder", "x")


def test_command_line_knows_the_words_and_policies_of_the_installation(tmp_path: Path) -> None:
    folder = tmp_path / "guard"
    folder.mkdir()
    (folder / "terms.txt").write_text("コードミサゴ\n", encoding="utf-8")
    said, _ = akashi(tmp_path, "guard", "check", "--json", text="コードミサゴの件").communicate(timeout=120)
    assert [one["type"] for one in json.loads(said)["spans"]] == ["term"]
    running = akashi(tmp_path, "guard", "check", "--use-case", "general_ai", text="password=Xy7kQ2mP9zL4")
    assert "refuse" in running.communicate(timeout=120)[0]
    (folder / "staff.toml").write_text("[", encoding="utf-8")
    assert "staff.toml" in akashi(tmp_path, "guard", "check", text="一").communicate(timeout=120)[1]
