"""The shapes of the OpenAI protocol: whole replies, streamed replies, and refusals its clients understand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from akashi.core.errors import AkashiError
from akashi.platform.endpoint import Completion, Fault
from akashi.platform.kit.catalogs import mark

PIECE = 40
"""Characters of one streamed piece; what is streamed has been checked as a whole."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than a reply: HTTP status, the protocol's type and code, a message id."""

    status: int
    type: str
    code: str
    message: str
    parameter: str = ""
    values: Mapping[str, object] | None = None
    retry_after: int = 0

    def describe(self, said: str) -> dict[str, Any]:
        """Return the body of the answer; ``said`` is the message in the reader's language."""
        error = {"message": said, "type": self.type, "param": self.parameter or None, "code": self.code}
        return {"error": error}


class RefusedError(AkashiError):
    """A request gets ``refusal`` for its answer."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


NO_KEY = Refusal(401, "invalid_request_error", "invalid_api_key", mark("This key does not open the proxy."))
NO_GUARD = Refusal(
    503, "server_error", "guard_not_ready", mark("A guard cannot work; nothing passes until it does.")
)
STOPPED = Refusal(503, "server_error", "stopped", mark("The use of this model has been stopped."))
NOT_FOUND = Refusal(404, "invalid_request_error", "unknown_url", mark("The proxy has no such address."))
BAD_JSON = Refusal(400, "invalid_request_error", "invalid_json", mark("The request is not JSON."))
TOO_LARGE = Refusal(413, "invalid_request_error", "request_too_large", mark("The request is too large."))
TOO_SLOW = Refusal(408, "invalid_request_error", "request_too_slow", mark("The request came too slowly."))
PACKED = Refusal(
    415, "invalid_request_error", "unsupported_encoding", mark("The proxy takes no compressed requests.")
)
NO_TOKENS = Refusal(
    429, "insufficient_quota", "insufficient_quota", mark("The tokens of this key for today are used up.")
)
REFUSED_IN = mark("Not sent to the model: {reason}")
PERSON_IN = mark("Not sent to the model; a person looks at it first: {reason}")
REFUSED_OUT = mark("The reply is withheld: {reason}")


def too_many(seconds: float) -> Refusal:
    """Return the answer to a caller who asks too often."""
    wait = max(1, round(seconds + 0.5))
    words = mark("Too many requests. Wait {seconds} seconds.")
    return Refusal(429, "requests", "rate_limit_exceeded", words, values={"seconds": wait}, retry_after=wait)


UPSTREAM: Mapping[Fault, tuple[int, str]] = {
    Fault.BUSY: (503, "upstream_busy"),
    Fault.RESTING: (503, "upstream_resting"),
    Fault.BUDGET: (429, "insufficient_quota"),
    Fault.TOO_LONG: (400, "context_length_exceeded"),
    Fault.TIMEOUT: (504, "upstream_timeout"),
    Fault.RATE_LIMITED: (429, "upstream_rate_limited"),
    Fault.REJECTED: (400, "upstream_rejected"),
}


NO_REPLY = mark("The model gave no usable reply.")
FAULTS: Mapping[Fault, str] = {
    Fault.BUSY: mark("All places at the model are taken. Try again in a moment."),
    Fault.RESTING: mark("The model failed several times and is left alone for a while."),
    Fault.BUDGET: mark("The tokens of all callers for this month are used up."),
    Fault.TOO_LONG: mark("The request is too long for the model."),
    Fault.UNREACHABLE: mark("The model cannot be reached."),
    Fault.TIMEOUT: mark("The model did not reply in time."),
    Fault.RATE_LIMITED: mark("The model takes no more requests for the moment."),
    Fault.KEY_REFUSED: mark("The model refuses the key of the proxy. Tell an administrator."),
    Fault.REJECTED: mark("The model refuses this request."),
    Fault.EMPTY: mark("The model replied without a word."),
    Fault.CUT: mark("The model broke off in the middle of its reply."),
    Fault.FLOODED: mark("The model sent more than the proxy takes."),
}


def upstream_failed(fault: Fault) -> Refusal:
    """Return the answer when the model gave nothing usable; its own words are not passed on."""
    status, code = UPSTREAM.get(fault, (502, "upstream_failed"))
    kind = "invalid_request_error" if status == 400 else "server_error"
    return Refusal(status, kind, code, FAULTS.get(fault, NO_REPLY))


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in the protocol's terms; ``refusal`` stands in place of the text where it was withheld."""

    id: str
    created: int
    model: str
    text: str
    refusal: str
    finish: str
    tokens_in: int
    tokens_out: int

    def whole(self) -> dict[str, Any]:
        """Return the reply as one object."""
        message = {
            "role": "assistant",
            "content": None if self.refusal else self.text,
            "refusal": self.refusal or None,
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage()}

    def events(self, *, with_usage: bool) -> Iterator[bytes]:
        """Yield the reply as server-sent events."""
        yield self._event({"role": "assistant", "content": "" if not self.refusal else None})
        if self.refusal:
            yield self._event({"refusal": self.refusal})
        for at in range(0, len(self.text), PIECE):
            yield self._event({"content": self.text[at : at + PIECE]})
        yield self._event({}, self.finish)
        if with_usage:
            whole = {**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()}
            yield to_event(whole)
        yield DONE

    def _event(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return to_event({**self._head("chat.completion.chunk"), "choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _usage(self) -> dict[str, int]:
        total = self.tokens_in + self.tokens_out
        return {
            "prompt_tokens": self.tokens_in,
            "completion_tokens": self.tokens_out,
            "total_tokens": total,
        }


def finish_of(completion: Completion) -> str:
    """Return how a reply ended, in the protocol's word."""
    return "stop" if completion.is_whole else "length"


DONE = b"data: [DONE]\n\n"
WAITING = b": the reply is being checked\n\n"


def to_event(value: dict[str, Any]) -> bytes:
    """Return one server-sent event."""
    return b"data: " + orjson.dumps(value) + b"\n\n"
