"""What the assistant lends to whoever tests it: the customer's answer, and what exactly gave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from akashi.core.moments import tokyo_day
from akashi.core.ports import Given
from akashi.core.thread import Audience, Question, digest_of
from akashi.documents.answerable import list_answerable
from akashi.domains.assistant.answering import ask
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site

_PARTS = ("akashi.domains.assistant", "akashi.domains.guardrails", "akashi.language")
_KINDS = frozenset({".py", ".toml", ".npz", ".csv", ".crfsuite"})


def ask_tested(site: Site, question: Question) -> Given:
    """Return the answer of the extractive mode with the version of each excerpt. Raises: InputError."""
    reply = ask(site, question)
    return Given(
        reply.answer, tuple(source.version_id for source in reply.sources[: len(reply.answer.excerpts)])
    )


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
