"""What the assistant lends to whoever tests it: the customer's answer, and what exactly gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from akashi.core.errors import SetupError
from akashi.core.moments import tokyo_day
from akashi.core.ports import Given, Written
from akashi.core.thread import Audience, Outcome, Question, digest_of
from akashi.documents.answerable import list_answerable
from akashi.domains.assistant.answering import ask, check_question
from akashi.domains.assistant.generating import PROMPT_DIGEST, generate, make_task
from akashi.domains.assistant.generating_mode import GENERATIVE, Ready, find_means
from akashi.domains.assistant.generating_store import USE_CASE, find_mode
from akashi.domains.assistant.model import Reply
from akashi.platform.endpoint import Caller, Purpose
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site

_PARTS = ("akashi.domains.assistant", "akashi.domains.guardrails", "akashi.language")
_KINDS = frozenset({".py", ".toml", ".npz", ".csv", ".crfsuite"})


def ask_tested(site: Site, question: Question) -> Given:
    """Return the answer of the extractive mode with the version of each excerpt. Raises: InputError."""
    return _give(ask(site, question))


def write_tested(site: Site, question: Question) -> Written:
    """Return what the generative mode, decided or not, would show a customer; nothing of it is kept.

    Only what the extract answers is given to the model, masked and with the excerpts, as for customers.

    Raises: InputError: the question cannot be used; SetupError: endpoint or guards are missing.
    """
    ready = find_means(site)
    if not isinstance(ready, Ready):
        raise SetupError(ready)
    screened = ready.screen(check_question(question.text), USE_CASE)
    reply = ask(site, question)
    given = _give(reply)
    if reply.answer.outcome is not Outcome.ANSWERED or screened.refused or screened.handed_over:
        return Written(given)
    task = make_task(screened.text, reply.sources)
    said = generate(ready.gate, ready.check, task, Caller(USE_CASE, Purpose.OTHER), lambda _: None)
    return Written(
        given,
        was_asked=True,
        sentences=tuple(one.text for one in said.sentences),
        dropped=len(said.dropped),
        fault=said.fault,
        model=said.said_model or ready.gate.settings.model,
        fingerprint=said.fingerprint,
        tokens_in=said.tokens_in,
        tokens_out=said.tokens_out,
        microyen=ready.gate.settings.microyen(said.tokens_in, said.tokens_out),
    )


def mode_in_operation(site: Site) -> str:
    """Return which mode answers customers: generative once decided, until it is ended or suspended."""
    with site.database.read() as connection:
        mode = find_mode(connection, USE_CASE)
    return GENERATIVE if mode is not None and mode.suspended_at is None else "extractive"


def describe_writing(site: Site) -> Mapping[str, Any]:
    """Return what exactly would write: endpoint, model, instruction, limits, code, corpus and guards.

    Raises: SetupError: no endpoint is configured.
    """
    endpoint = site.settings.endpoint
    if endpoint is None:
        raise SetupError("No endpoint is configured.")
    return {
        **describe_tested(site),
        "mode": GENERATIVE,
        "url": endpoint.url,
        "model": endpoint.model,
        "embedding_model": endpoint.embedding_model,
        "prompt": PROMPT_DIGEST,
        "answer_tokens": endpoint.answer_tokens,
        "context_tokens": endpoint.context_tokens,
        "temperature": 0,
    }


def _give(reply: Reply) -> Given:
    shown = reply.sources[: len(reply.answer.excerpts)]
    return Given(reply.answer, tuple(source.version_id for source in shown))


def describe_tested(site: Site) -> Mapping[str, Any]:
    """Return mode, code, guards and approved texts of the extractive mode, as digests."""
    with site.database.read() as connection:
        versions = list_answerable(connection, Audience.CUSTOMERS, tokyo_day(site.now()))
    texts = sorted({version.text_digest for version in versions.values()})
    code = b"".join(line for part in _PARTS for line in _list_code(package_folder(part)))
    policy = b"".join(_list_code(site.settings.home / "guard"))
    return {
        "kind": "assistant",
        "mode": "extractive",
        "code": digest_of(code),
        "policy": digest_of(policy),
        "texts": digest_of("\n".join(texts).encode()),
        "versions": len(texts),
    }


def _list_code(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in _KINDS and path.is_file():
            yield f"{path.relative_to(folder)}:{digest_of(path.read_bytes())}\n".encode()
