"""One exchange with a model through the proxy: out masked, back checked. Read this first of the proxy.

A request is taken apart into what we understand; anything else is refused, because what cannot be read cannot
be screened. Its placeholders live in memory for this one request and open nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from akashi.core.errors import InputError
from akashi.core.ports import Noted
from akashi.domains.guardrails.guards import Guards, Ruling, rule_text
from akashi.domains.guardrails.held_texts import LEAST_RUN
from akashi.domains.guardrails.hijack import screen_hijack
from akashi.domains.guardrails.leaks import find_leaks
from akashi.domains.guardrails.masking import Vault, mask
from akashi.domains.guardrails.personal import find_personal
from akashi.domains.guardrails.policy import Policy, Treatment
from akashi.domains.guardrails.web_places import closed_places
from akashi.platform.endpoint import Completion, Talk
from akashi.platform.kit.catalogs import mark

PASSED_ON = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "seed")
NUMBERS = {"temperature": 2.0, "top_p": 1.0, "presence_penalty": 2.0, "frequency_penalty": 2.0, "seed": 2**53}
WORDED = ("stop", "response_format")
LEFT_OUT = frozenset({"user", "metadata", "store", "safety_identifier", "prompt_cache_key", "service_tier"})
LENGTHS = ("max_tokens", "max_completion_tokens")
OURS = frozenset({"model", "messages", "stream", "stream_options", "n"})
ROLES = ("system", "developer", "user", "assistant")
MOST_MESSAGES = 400
MOST_TURNS_BEFORE = 2
MOST_WORDED = 20_000
MOST_DEPTH = 30
"""Bytes and levels of ``response_format`` and ``stop``. Ours."""

UNSUPPORTED = mark("The proxy does not take the parameter {name}.")
NO_TOOLS = mark("The proxy offers no tools: nothing a model says may cause an action.")
NO_TEXT = mark("Only messages of plain text can be checked.")
BAD_REQUEST = mark("The request has no messages that can be read.")
BAD_VALUE = mark("The parameter {name} has a value that cannot be used.")
TOO_LONG = mark("The messages have {length} characters; this use case takes {most}.")
MODEL_CLOSED = mark("This use case may not use the model {name}.")
NAMED_DATA = mark("A name in the request holds personal data.")


class RequestError(InputError):
    """A request that the proxy does not take; ``parameter`` and ``code`` as the protocol names them."""

    def __init__(self, message: str, parameter: str, code: str, **values: str) -> None:
        super().__init__(message, where=parameter, next_step="", **values)
        self.parameter = parameter
        self.code = code


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request ready to go: masked, with the vault that only its own reply may open.

    ``treatment`` is the strictest over all messages; refuse and hand_over mean that nothing goes.
    """

    talk: Talk
    vault: Vault
    secrets: tuple[str, ...]
    said: tuple[str, ...]
    treatment: Treatment | None
    reasons: tuple[str, ...]
    noted: tuple[Noted, ...]
    is_json: bool
    is_stream: bool
    wants_usage: bool

    @property
    def goes_on(self) -> bool:
        """Return whether the request may go to the model."""
        return self.treatment not in (Treatment.REFUSE, Treatment.HAND_OVER)

    @property
    def messages(self) -> list[dict[str, str]]:
        """Return the masked messages."""
        return list(self.talk.body["messages"])


@dataclass(frozen=True, slots=True)
class Incoming:
    """A reply as it was checked: ``masked`` for the log, ``text`` with this request's placeholders undone.

    Where ``treatment`` is refuse or hand_over, ``text`` is empty.
    """

    masked: str
    text: str
    treatment: Treatment | None
    reasons: tuple[str, ...]
    noted: tuple[Noted, ...]


def read_request(guards: Guards, use_case: str, body: object) -> Outgoing:
    """Return a client's request masked and judged under the policy of its use case.

    Raises: RequestError: something in it cannot be read, screened or allowed.
    """
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list) or not body["messages"]:
        raise RequestError(BAD_REQUEST, "messages", "invalid_messages")
    policy = guards.policy(use_case)
    _check_names(body)
    texts = [_read_message(one, at) for at, one in enumerate(body["messages"])]
    if len(texts) > MOST_MESSAGES:
        raise RequestError(BAD_REQUEST, "messages", "too_many_messages")
    length = sum(len(text) for _, text in texts)
    most = policy.limits.characters
    if length > most:
        raise RequestError(
            TOO_LONG, "messages", "context_length_exceeded", length=f"{length:,}", most=f"{most:,}"
        )
    rulings = list(_rule_all(guards, use_case, texts))
    vault = rulings[-1].masked.vault
    words, ruled = _rule_leaves(guards, use_case, _read_worded(body), vault)
    vault = ruled[-1].masked.vault if ruled else vault
    rulings += ruled
    messages = [
        {"role": role, "content": ruling.masked.text}
        for (role, _), ruling in zip(texts, rulings, strict=False)
    ]
    options = {name: _number(body, name) for name in PASSED_ON if body.get(name) is not None}
    sent = {"model": _read_model(policy, body.get("model")), "messages": messages, **options, **words}
    said = "".join(one["content"] for one in messages) + orjson.dumps(words).decode()
    return Outgoing(
        Talk(sent, said, _answer_tokens(policy, body)),
        vault,
        tuple(
            one["content"] for one in messages if _is_instruction(one) and len(one["content"]) >= LEAST_RUN
        ),
        tuple(one["content"] for one in messages if not _is_instruction(one)),
        max((one.treatment for one in rulings if one.treatment), key=lambda one: one.rank, default=None),
        tuple(dict.fromkeys(reason for one in rulings for reason in one.reasons)),
        _join(noted for one in rulings for noted in one.noted),
        isinstance(words.get("response_format"), dict) and words["response_format"].get("type") != "text",
        body.get("stream") is True,
        isinstance(body.get("stream_options"), dict) and body["stream_options"].get("include_usage") is True,
    )


def _check_names(body: Mapping[str, Any]) -> None:
    for name, value in body.items():
        if name in ("tools", "functions", "tool_choice", "function_call") and value not in (None, [], "none"):
            raise RequestError(NO_TOOLS, str(name), "tools_not_allowed")
        known = {*PASSED_ON, *WORDED, *LEFT_OUT, *LENGTHS, *OURS, "tools", "functions", "tool_choice"}
        if value is not None and name not in {*known, "function_call"}:
            raise RequestError(UNSUPPORTED, str(name)[:60], "unsupported_parameter", name=str(name)[:60])
    if body.get("n") not in (None, 1):
        raise RequestError(BAD_VALUE, "n", "unsupported_value", name="n")


def _read_message(message: object, at: int) -> tuple[str, str]:
    place = f"messages[{at}]"
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        raise RequestError(NO_TEXT, place, "unsupported_message")
    if message.get("tool_calls") or message.get("function_call") or message.get("audio"):
        raise RequestError(NO_TOOLS, place, "tools_not_allowed")
    content = message.get("content")
    if content is None and message["role"] == "assistant":
        return message["role"], ""
    if isinstance(content, list) and all(_is_text(part) for part in content):
        content = "\n".join(part["text"] for part in content)
    if not isinstance(content, str):
        raise RequestError(NO_TEXT, place, "unsupported_content")
    return message["role"], content


def _is_text(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def _is_instruction(message: Mapping[str, str]) -> bool:
    return message["role"] in ("system", "developer")


def _rule_all(guards: Guards, use_case: str, texts: Sequence[tuple[str, str]]) -> Iterator[Ruling]:
    """Yield the ruling on each message; one vault goes through all, so that a person keeps one name."""
    vault = Vault()
    turns: list[str] = []
    for role, text in texts:
        before = turns[-MOST_TURNS_BEFORE:] if role == "user" else ()
        is_trusted = role in ("system", "developer")
        ruling = rule_text(guards, use_case, text, vault, before, is_trusted=is_trusted)
        vault = ruling.masked.vault
        if role == "user":
            turns.append(text)
        yield ruling


def _read_worded(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that hold words. Raises: RequestError: one is too large or too deep to read."""
    worded = {name: body[name] for name in WORDED if body.get(name) is not None}
    for name, value in worded.items():
        if _is_deep(value) or len(orjson.dumps(value)) > MOST_WORDED:
            raise RequestError(BAD_VALUE, name, "invalid_value", name=name)
    return worded


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            each
            for one in level
            if isinstance(one, dict | list)
            for each in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def _rule_leaves(
    guards: Guards, use_case: str, value: dict[str, Any], vault: Vault
) -> tuple[dict[str, Any], list[Ruling]]:
    """Return ``value`` with every text in it masked, and the rulings on them in order.

    Raises: RequestError: a key holds personal data or an internal word.
    """
    if find_personal(" \n ".join(_keys_of(value)), guards.terms):
        raise RequestError(NAMED_DATA, "response_format", "unsupported_value")
    ruled: list[Ruling] = []

    def walk(one: Any) -> Any:
        if isinstance(one, str):
            held = ruled[-1].masked.vault if ruled else vault
            ruled.append(rule_text(guards, use_case, one, held, is_trusted=True))
            return ruled[-1].masked.text
        if isinstance(one, list):
            return [walk(each) for each in one]
        return {key: walk(each) for key, each in one.items()} if isinstance(one, dict) else one

    return {name: walk(one) for name, one in value.items()}, ruled


def _keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _keys_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from _keys_of(one)


_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,119}")


def _read_model(policy: Policy, name: object) -> str:
    if not isinstance(name, str) or not _MODEL.fullmatch(name) or find_personal(name):
        raise RequestError(BAD_VALUE, "model", "invalid_model", name="model")
    if policy.models and name not in policy.models:
        raise RequestError(MODEL_CLOSED, "model", "model_not_found", name=name)
    return name


def _number(body: Mapping[str, Any], name: str) -> float:
    value = body[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > NUMBERS[name]:
        raise RequestError(BAD_VALUE, name, "invalid_value", name=name)
    return value


def _answer_tokens(policy: Policy, body: Mapping[str, Any]) -> int:
    most = policy.limits.output_tokens
    for name in LENGTHS:
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise RequestError(BAD_VALUE, name, "invalid_value", name=name)
        most = min(most, value)
    return most


def _join(noted: Iterator[Noted]) -> tuple[Noted, ...]:
    counts: dict[tuple[str, str], int] = {}
    for one in noted:
        counts[one.what, one.treatment] = counts.get((one.what, one.treatment), 0) + one.count
    return tuple(Noted(what, treatment, count) for (what, treatment), count in counts.items())


_SOMEBODY = "〇〇"


def read_reply(guards: Guards, use_case: str, outgoing: Outgoing, completion: Completion) -> Incoming:
    """Return a model's reply as it may be shown: checked first, then opened with this request's vault."""
    policy = guards.policy(use_case)
    text = completion.text
    noted: list[Noted] = []
    reasons: list[str] = []
    leaks = find_leaks(text, outgoing.said, outgoing.secrets)
    if leaks:
        noted.append(Noted("leak", policy.leak.value, len(leaks)))
        reasons.append(leaks[0].reason)
    # A placeholder's letters are random: what they look like says nothing.
    hijack = screen_hijack(outgoing.vault.pattern().sub(_SOMEBODY, text), guards.model)
    if hijack.flagged:
        noted.append(Noted("hijack", policy.out_hijack.value, 1))
        reasons += [hijack.reason] if policy.out_hijack is not Treatment.RECORD else []
    strangers = find_personal(text, guards.terms)
    if strangers:
        noted.append(Noted("personal", policy.out_personal.value, len(strangers)))
        reasons += [STRANGERS] if policy.out_personal is not Treatment.RECORD else []
    strictest = max((Treatment(one.treatment) for one in noted), key=lambda one: one.rank, default=None)
    masked = mask(text, Vault(), lambda _: strangers).text
    if strictest in (Treatment.REFUSE, Treatment.HAND_OVER):
        return Incoming(masked, "", strictest, tuple(reasons), tuple(noted))
    shown = open_reply(text, outgoing.vault, is_json=outgoing.is_json)
    return Incoming(masked, shown, strictest, tuple(reasons), tuple(noted))


STRANGERS = mark("The reply holds personal data that nobody asked about.")


def open_reply(text: str, vault: Vault, *, is_json: bool = False) -> str:
    """Return ``text`` with this request's placeholders undone, except in web addresses and links.

    An address with a customer's data in it would carry them away as soon as it is opened or drawn.

    >>> vault = Vault({"[PHONE-1-xyz]": "090-1234-5678"}, "xyz")
    >>> open_reply("[PHONE-1-xyz] https://a.example/?q=[PHONE-1-xyz]", vault)
    '090-1234-5678 https://a.example/?q=[PHONE-1-xyz]'
    """
    pattern = vault.pattern()
    closed = closed_places(text, pattern)

    def undo(found: re.Match[str]) -> str:
        value = vault.values.get(found.group())
        if value is None or any(start <= found.start() < end for start, end in closed):
            return found.group()
        return orjson.dumps(value).decode()[1:-1] if is_json else value

    return pattern.sub(undo, text)
