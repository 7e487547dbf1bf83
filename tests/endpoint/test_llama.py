"""The real protocol peer: the server of llama.cpp with a tiny model of our own. Its text means nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from akashi.domains.assistant.generating_talk import ask_in_mode
from akashi.platform.endpoint import Caller, Completion, Prompt, Purpose
from akashi.platform.endpoint_gate import open_gate
from akashi.platform.site import Site
from tests.endpoint.generative import GUARDS, MARRIED, begin_mode, generations_of
from tests.endpoint.peer import Peer, with_endpoint
from tests.endpoint.tiny_model import write_model


@contextmanager
def opened_llama(folder: Path, *options: str) -> Iterator[Peer]:
    model = folder / "tiny.gguf"
    write_model(model)
    program = str(Path(__file__).with_name("llama_server.py"))
    command = [sys.executable, program, str(model), *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert process.stdin
        line = next(one for one in process.stdout if one.startswith("port "))
        yield Peer(int(line.split()[1]))
        process.stdin.close()
        process.wait(20)


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """The server, once for this module."""
    with opened_llama(tmp_path_factory.mktemp("llama")) as peer:
        yield peer


def test_real_server_is_understood(sqlite_site: Site, llama: Peer) -> None:
    site = with_endpoint(sqlite_site, llama, total_seconds=20, idle_seconds=10, answer_tokens=32)
    gate = open_gate(site)
    assert gate is not None
    prompt = Prompt("指示", '{"question": "こんにちは"}')
    *pieces, end = gate.stream(prompt, Caller("assistant", Purpose.OTHER))
    assert isinstance(end, Completion)
    assert pieces
    assert end.is_reported
    assert end.tokens_out <= 32
    assert end.fingerprint
    assert end.tokens_in <= prompt.tokens * 3


def test_meaningless_text_never_reaches_a_customer(sample_site: Site, llama: Peer) -> None:
    site = replace(with_endpoint(sample_site, llama, total_seconds=20, answer_tokens=64), ports=GUARDS)
    begin_mode(site)
    asked = ask_in_mode(site, "", MARRIED, "ja")
    assert asked.run is not None
    assert asked.run.done.wait(30)
    (generation,) = generations_of(site)
    assert generation.shown == 0
    assert generation.said_model.endswith("tiny.gguf")


def test_real_vectors_are_understood(sqlite_site: Site, tmp_path: Path) -> None:
    with opened_llama(tmp_path, "--embedding") as peer:
        site = with_endpoint(sqlite_site, peer, embedding_model="tiny", total_seconds=20)
        gate = open_gate(site)
        assert gate is not None
        vectors = gate.embed(["通帳", "印鑑をなくした"], Caller("assistant", Purpose.EMBEDDING))
    assert [len(vector) for vector in vectors] == [32, 32]
