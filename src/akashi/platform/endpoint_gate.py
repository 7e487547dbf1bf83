"""The gate to the LLM endpoint: whoever needs it passes here, and nobody waits for an endpoint that stalls.

It keeps to the allowed addresses, to the budget, to how many may call at once and to the circuit breaker;
then the client is asked. Each call is booked, whatever became of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol, cast

from akashi.core.errors import SetupError
from akashi.platform.endpoint import (
    OURS,
    UNSENT,
    Caller,
    Completion,
    EndpointError,
    Fault,
    Prompt,
    Talk,
    estimate_tokens,
)
from akashi.platform.endpoint_breaker import Breaker
from akashi.platform.endpoint_settings import EndpointSettings, check_allowed, read_key
from akashi.platform.endpoint_use import Booking, Reservation, book, reserve
from akashi.platform.rooms import load_name
from akashi.platform.site import Site

CACHE = "platform.endpoint"
CLIENT = "akashi.platform.endpoint_client:Client"
HEALTHY = frozenset({Fault.REJECTED, Fault.TOO_LONG})
"""An endpoint that refuses one request is not broken."""


class Client(Protocol):
    """What the gate needs of a client; ``endpoint_client.Client`` is the one."""

    def stream(self, prompt: Prompt) -> Iterator[str | Completion]: ...

    def relay(self, talk: Talk) -> Iterator[str | Completion]: ...

    def list_models(self) -> list[str]: ...

    def embed(self, texts: list[str], seconds: float) -> tuple[list[list[float]], int, bool]: ...


class Gate:
    """The one way of this process to the endpoint."""

    def __init__(self, site: Site, settings: EndpointSettings, client: Client) -> None:
        self.settings = settings
        self.breaker = Breaker()
        self._site = site
        self._client = client
        self._places = threading.BoundedSemaphore(settings.most_at_once)

    def room(self) -> int:
        """Return the tokens that a prompt may have."""
        return self.settings.context_tokens - self.settings.answer_tokens

    def stream(self, prompt: Prompt, caller: Caller) -> Iterator[str | Completion]:
        """Yield the pieces of a reply, then its `Completion`, and book it. Raises: EndpointError."""
        return self._book(self._client.stream(prompt), prompt.tokens, caller)

    def relay(self, talk: Talk, caller: Caller) -> Completion:
        """Return the whole reply to somebody else's conversation, and book it. Raises: EndpointError."""
        for piece in self._book(self._client.relay(talk), talk.tokens, caller):
            if isinstance(piece, Completion):
                return piece
        raise EndpointError(Fault.EMPTY)

    def list_models(self) -> list[str]:
        """Return the names of the endpoint's models; it costs nothing. Raises: EndpointError."""
        if not self._places.acquire(blocking=False):
            raise EndpointError(Fault.BUSY)
        try:
            return self._client.list_models()
        finally:
            self._places.release()

    def _book(
        self, pieces: Iterator[str | Completion], tokens_in: int, caller: Caller
    ) -> Iterator[str | Completion]:
        if tokens_in > self.room():
            raise EndpointError(Fault.TOO_LONG)
        reserved = self._enter(caller, tokens_in)
        heard = 0
        fault: Fault | None = Fault.ABANDONED
        done: Completion | None = None
        try:
            for piece in pieces:
                if isinstance(piece, Completion):
                    done, fault = piece, None
                else:
                    heard += estimate_tokens(piece)
                yield piece
        except EndpointError as error:
            fault = error.fault
            raise
        finally:
            if done is not None:
                booking = Booking(
                    done.tokens_in,
                    done.tokens_out,
                    done.is_reported,
                    done.model,
                    done.fingerprint,
                    "" if done.is_whole else Fault.CUT.value,
                )
            else:
                sent = 0 if fault in UNSENT else tokens_in
                booking = Booking(sent, heard, is_reported=False, fault=fault.value if fault else "")
            self._leave(reserved, booking, fault)

    def complete(self, prompt: Prompt, caller: Caller) -> Completion:
        """Return a whole reply. Raises: EndpointError."""
        for piece in self.stream(prompt, caller):
            if isinstance(piece, Completion):
                return piece
        raise EndpointError(Fault.EMPTY)

    def embed(self, texts: list[str], caller: Caller, seconds: float = 0.0) -> list[list[float]]:
        """Return a vector for each text within ``seconds`` (0: as for a reply). Raises: EndpointError."""
        if not self.settings.embedding_model:
            raise EndpointError(Fault.NOT_CONFIGURED)
        tokens_in = sum(map(estimate_tokens, texts))
        reserved = self._enter(caller, tokens_in)
        booking = Booking(tokens_in, 0, is_reported=False, fault=Fault.ABANDONED.value)
        fault: Fault | None = Fault.ABANDONED
        try:
            vectors, tokens, is_reported = self._client.embed(texts, seconds or self.settings.total_seconds)
            booking, fault = Booking(tokens, 0, is_reported), None
            return vectors
        except EndpointError as error:
            fault = error.fault
            sent = 0 if fault in UNSENT else tokens_in
            booking = Booking(sent, 0, is_reported=False, fault=fault.value)
            raise
        finally:
            self._leave(reserved, booking, fault)

    def is_resting(self) -> bool:
        """Return whether the circuit breaker keeps calls back now."""
        return self.breaker.is_resting(time.monotonic())

    def _enter(self, caller: Caller, tokens_in: int) -> Reservation:
        if not self._places.acquire(blocking=False):
            raise EndpointError(Fault.BUSY)
        if not self.breaker.enter(time.monotonic()):
            self._places.release()
            raise EndpointError(Fault.RESTING)
        with ExitStack() as undo:
            undo.callback(self._places.release)
            undo.callback(lambda: self.breaker.leave(time.monotonic(), is_healthy=None))
            with self._site.database.write() as connection:
                reserved = reserve(connection, self.settings, caller, tokens_in, self._site.now())
            undo.pop_all()
        return reserved

    def _leave(self, reserved: Reservation, booking: Booking, fault: Fault | None) -> None:
        is_silent = fault in OURS or fault is Fault.ABANDONED
        is_healthy = None if is_silent else fault is None or fault in HEALTHY
        self.breaker.leave(time.monotonic(), is_healthy=is_healthy)
        self._places.release()
        with self._site.database.write() as connection:
            book(connection, self.settings, reserved, booking, self._site.now())


def open_gate(site: Site) -> Gate | None:
    """Return this process' gate, or None when no endpoint is configured.

    Raises: SetupError: its address is not allowed, or its key cannot be read.
    """
    settings = site.settings.endpoint
    if settings is None:
        return None
    found = site.caches.get(CACHE)
    if found is None:
        check_allowed(settings, site.settings.allowed_hosts)
        client = cast(Client, load_name(CLIENT)(settings, read_key(settings)))
        found = site.caches.setdefault(CACHE, Gate(site, settings, client))
    if not isinstance(found, Gate):
        raise SetupError(f"{CACHE} holds something else")
    return found
