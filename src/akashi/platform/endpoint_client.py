"""Talking to an OpenAI-compatible endpoint through its SDK: the only module that loads it.

Loaded by name when an endpoint is configured, so that commands without one start fast. Whatever an
endpoint does ends in a `Completion` or an `EndpointError` with a named fault, before the deadline.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2
import openai

from akashi.platform.endpoint import Completion, EndpointError, Fault, Prompt, Talk, count_tokens
from akashi.platform.endpoint_settings import EndpointSettings
from akashi.platform.endpoint_wire import Transport, Wire

for _name in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

HEAD_BYTES = 65_536
BYTES_PER_TOKEN = 1_000
CHARACTERS_PER_TOKEN = 8
VECTOR_BYTES = 200_000
MODEL_BYTES = 2_000_000
FIRST_PAUSE_SECONDS = 0.25
MOST_PAUSE_SECONDS = 4.0
RETRIED = frozenset({Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.UNREACHABLE})
KNOWN_STATUS = {401: Fault.KEY_REFUSED, 403: Fault.KEY_REFUSED, 429: Fault.RATE_LIMITED}
HEADERS = {
    "Accept-Encoding": "identity",
    "OpenAI-Organization": openai.Omit(),
    "OpenAI-Project": openai.Omit(),
}
"""The SDK would add names from its own environment variables; nothing of them goes out."""
NAME_LIMIT = 200


@dataclass
class _Heard:
    """What has been read of a reply so far."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    finish: str = ""
    model: str = ""
    fingerprint: str = ""
    usage: tuple[object, object] = (None, None)

    def take(self, chunk: object) -> str:
        """Read one chunk, whatever its shape, and return its text."""
        self.model = _name_of(chunk, "model") or self.model
        self.fingerprint = _name_of(chunk, "system_fingerprint") or self.fingerprint
        usage = getattr(chunk, "usage", None)
        if usage is not None:
            self.usage = (getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list) or not choices:
            return ""
        self.finish = _name_of(choices[0], "finish_reason") or self.finish
        text = getattr(getattr(choices[0], "delta", None), "content", None)
        if not isinstance(text, str):
            return ""
        self.pieces.append(text)
        self.length += len(text)
        return text


class Client:
    """One endpoint with its key. Safe for use by several threads: each call has a wire of its own."""

    def __init__(self, settings: EndpointSettings, key: str) -> None:
        self._settings = settings
        self._key = key

    def stream(self, prompt: Prompt) -> Iterator[str | Completion]:
        """Yield the pieces of a reply as they come, then its `Completion`.

        Attempts that fail before the first piece are repeated within the same deadline. Raises:
        EndpointError: named by its fault; what was yielded before it must not be taken for a whole reply.
        """
        body = {
            "model": self._settings.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "temperature": prompt.temperature,
            "seed": 0,
        }
        yield from self.relay(Talk(body, prompt.system + prompt.user, self._settings.answer_tokens))

    def relay(self, talk: Talk) -> Iterator[str | Completion]:
        """Yield the reply to somebody else's conversation, as ``stream`` does. Raises: EndpointError."""
        deadline = time.monotonic() + self._settings.total_seconds
        for attempt in range(self._settings.retries + 1):
            heard = _Heard()
            try:
                yield from self._stream_once(talk, heard, deadline)
                return
            except EndpointError as error:
                is_last = attempt == self._settings.retries
                if heard.pieces or is_last or not self._pause(error, attempt, deadline):
                    raise

    def embed(self, texts: list[str], seconds: float) -> tuple[list[list[float]], int, bool]:
        """Return a vector for each text, the tokens, and whether the endpoint counted them.

        Raises: EndpointError: also where the vectors are not finite numbers of one length.
        """
        limit = HEAD_BYTES + VECTOR_BYTES * len(texts)
        wire = Wire(time.monotonic() + seconds, self._settings.idle_seconds, limit)
        with self._opened(wire) as client, _named(wire):
            answer: Any = client.embeddings.create(
                model=self._settings.embedding_model, input=texts, encoding_format="float"
            )
            vectors = _read_vectors(answer, len(texts))
        tokens, is_reported = count_tokens(
            "".join(texts), getattr(getattr(answer, "usage", None), "prompt_tokens", None)
        )
        return vectors, tokens, is_reported

    def list_models(self) -> list[str]:
        """Return the names of the endpoint's models. Raises: EndpointError."""
        wire = Wire(time.monotonic() + self._settings.total_seconds, self._settings.idle_seconds, MODEL_BYTES)
        with self._opened(wire) as client, _named(wire):
            answer: Any = client.models.list()
            data = getattr(answer, "data", None)
            names = [_name_of(one, "id") for one in data] if isinstance(data, list) else []
        if not any(names):
            raise EndpointError(Fault.MALFORMED, "models")
        return [name for name in names if name]

    def _stream_once(self, talk: Talk, heard: _Heard, deadline: float) -> Iterator[str | Completion]:
        most_characters = CHARACTERS_PER_TOKEN * talk.answer_tokens
        wire = Wire(deadline, self._settings.idle_seconds, HEAD_BYTES + BYTES_PER_TOKEN * talk.answer_tokens)
        ours = {"stream": True, "stream_options": {"include_usage": True}, "max_tokens": talk.answer_tokens}
        with self._opened(wire) as client, _named(wire):
            chunks: Any = client.chat.completions.create(**{**talk.body, **ours})
            for chunk in chunks:
                text = heard.take(chunk)
                if heard.length > most_characters:
                    raise EndpointError(Fault.FLOODED)
                if text:
                    yield text
        yield self._complete(talk.sent, heard)

    def _complete(self, sent: str, heard: _Heard) -> Completion:
        text = "".join(heard.pieces)
        if not text.strip():
            raise EndpointError(Fault.EMPTY)
        tokens_in, is_in = count_tokens(sent, heard.usage[0])
        tokens_out, is_out = count_tokens(text, heard.usage[1])
        return Completion(
            text,
            heard.finish == "stop",
            tokens_in,
            tokens_out,
            is_in and is_out,
            heard.model,
            heard.fingerprint,
        )

    @contextmanager
    def _opened(self, wire: Wire) -> Iterator[openai.OpenAI]:
        with httpx2.Client(
            transport=Transport(wire),
            timeout=httpx2.Timeout(self._settings.idle_seconds, connect=self._settings.connect_seconds),
            follow_redirects=False,
            trust_env=False,
        ) as http:
            client = openai.OpenAI(
                api_key=self._key or "none",
                base_url=self._settings.url,
                max_retries=0,
                http_client=http,
                default_headers=cast("dict[str, str]", HEADERS),
            )
            yield client

    def _pause(self, error: EndpointError, attempt: int, deadline: float) -> bool:
        """Wait before the next attempt; False when it must not or cannot be made."""
        if error.fault not in RETRIED:
            return False
        asked = error.retry_after if isinstance(error, _LaterError) else 0.0
        pause = max(asked, FIRST_PAUSE_SECONDS * 2**attempt * (1 + random.random()))  # noqa: S311
        if pause > MOST_PAUSE_SECONDS or time.monotonic() + pause >= deadline:
            return False
        time.sleep(pause)
        return True


class _LaterError(EndpointError):
    """An endpoint that asks to come back after some seconds."""

    def __init__(self, fault: Fault, detail: str, retry_after: float) -> None:
        super().__init__(fault, detail)
        self.retry_after = retry_after


@contextmanager
def _named(wire: Wire) -> Iterator[None]:
    """Turn whatever the SDK raises into an `EndpointError`, without its text (what was sent)."""
    try:
        yield
    except openai.APIStatusError as error:
        raise _name_status(error) from None
    except openai.APIConnectionError as error:
        is_late = wire.is_late or isinstance(error, openai.APITimeoutError)
        raise EndpointError(_name_break(wire, is_late=is_late, error=error)) from None
    except openai.APIResponseValidationError:
        raise EndpointError(Fault.MALFORMED) from None
    except openai.APIError:
        raise EndpointError(Fault.SERVER_ERROR, "an error in the stream") from None
    except httpx2.HTTPError as error:
        raise EndpointError(_name_break(wire, is_late=wire.is_late, error=error)) from None
    except (openai.OpenAIError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise EndpointError(Fault.MALFORMED) from None


def _name_break(wire: Wire, *, is_late: bool, error: Exception) -> Fault:
    if wire.is_flooded:
        return Fault.FLOODED
    if is_late:
        return Fault.TIMEOUT
    causes: list[BaseException] = [error]
    while causes[-1].__cause__ is not None and len(causes) < 10:
        causes.append(causes[-1].__cause__)
    if any(isinstance(cause, httpx2.ConnectError) for cause in causes):
        return Fault.UNREACHABLE
    if any(isinstance(cause, httpx2.TimeoutException) for cause in causes):
        return Fault.TIMEOUT
    return Fault.CUT


def _name_status(error: openai.APIStatusError) -> EndpointError:
    status = error.status_code
    fault = KNOWN_STATUS.get(status, Fault.SERVER_ERROR if status >= 500 else Fault.REJECTED)
    return _LaterError(fault, f"HTTP {status}", _retry_after(error.response.headers))


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        seconds = float(headers.get("retry-after", "0"))
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def _name_of(value: object, name: str) -> str:
    found = getattr(value, name, None)
    return found[:NAME_LIMIT] if isinstance(found, str) else ""


def _read_vectors(answer: Any, count: int) -> list[list[float]]:
    data = getattr(answer, "data", None)
    rows = [getattr(row, "embedding", None) for row in data] if isinstance(data, list) else []
    order = [getattr(row, "index", None) for row in data] if isinstance(data, list) else []
    vectors = [row for row in rows if isinstance(row, list) and row]
    is_one_length = len({len(row) for row in vectors}) == 1
    if len(vectors) != count or order != list(range(count)) or not is_one_length:
        raise EndpointError(Fault.MALFORMED, "vectors")
    if not all(isinstance(one, int | float) and math.isfinite(one) for row in vectors for one in row):
        raise EndpointError(Fault.MALFORMED, "vectors")
    return [[float(one) for one in row] for row in vectors]
