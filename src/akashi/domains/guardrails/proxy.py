"""``akashi guard serve``: an OpenAI-compatible address in front of a model, guarded in both directions.

A reply is checked as a whole before its first character is passed on, also where it is streamed: a leak that
is half shown is a leak. Until then a streaming client gets comments, which keep its connection open.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from akashi.core.errors import InputError, SetupError
from akashi.core.moments import tokyo_day
from akashi.domains.guardrails.callers import (
    Caller,
    find_caller,
    reserve_tokens,
    settle_tokens,
    take_request,
)
from akashi.domains.guardrails.events import FATES, Direction, Passing, note_passing
from akashi.domains.guardrails.exchange import (
    Incoming,
    Outgoing,
    RequestError,
    read_reply,
    read_request,
)
from akashi.domains.guardrails.exchange_log import (
    DONE as EXCHANGE_DONE,
)
from akashi.domains.guardrails.exchange_log import (
    FAILED,
    STOPPED_OUT,
    begin_exchange,
    end_exchange,
)
from akashi.domains.guardrails.guards import Guards, guard_folder, open_guards
from akashi.domains.guardrails.policy import Treatment
from akashi.domains.guardrails.proxy_shapes import (
    BAD_JSON,
    NO_GUARD,
    NO_KEY,
    NO_TOKENS,
    NOT_FOUND,
    PACKED,
    PERSON_IN,
    REFUSED_IN,
    REFUSED_OUT,
    STOPPED,
    TOO_LARGE,
    TOO_SLOW,
    WAITING,
    Refusal,
    RefusedError,
    Reply,
    finish_of,
    to_event,
    too_many,
    upstream_failed,
)
from akashi.domains.guardrails.treat import is_stopped
from akashi.platform.endpoint import Caller as Account
from akashi.platform.endpoint import Completion, EndpointError, Purpose
from akashi.platform.endpoint_gate import Gate
from akashi.platform.kit.catalogs import Catalogs, Translator
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site

DOOR = "proxy"
MOST_BYTES = 4_000_000
QUICK_SECONDS = 1.0
"""A streamed request that is refused within this time gets a proper HTTP status."""
PATIENCE_SECONDS = 5.0
BODY_SECONDS = 60.0
MOST_AT_ONCE = 16

log = logging.getLogger(__name__)


@dataclass
class Proxy:
    """The proxy of one installation in front of one model endpoint."""

    site: Site
    gate: Gate
    places: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(MOST_AT_ONCE)
    )
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MOST_AT_ONCE))

    @cached_property
    def said(self) -> Translator:
        """Return who speaks the installation's language."""
        packages = ("akashi.domains.guardrails", "akashi.platform.kit")
        folders = [(name.rsplit(".", 1)[-1], package_folder(name)) for name in packages]
        return Catalogs(folders).translator(self.site.settings.default_language, "guardrails")

    def admit(self, header: str) -> tuple[Guards, Caller]:
        """Return guards and caller of a request. Raises: RefusedError: no guard, no key, or too often."""
        scheme, _, secret = header.partition(" ")
        try:
            guards = open_guards(guard_folder(self.site))
        except SetupError as error:
            log.critical("%s", error)
            raise RefusedError(NO_GUARD) from None
        caller = find_caller(self.site, guards, secret.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            raise RefusedError(NO_KEY)
        with self.site.database.read() as connection:
            if is_stopped(connection, caller.use_case):
                raise RefusedError(STOPPED)
        wait = take_request(self.site, caller, guards.policy(caller.use_case).limits.requests_per_minute)
        if wait:
            raise RefusedError(too_many(wait))
        return guards, caller

    def list_models(self, header: str) -> list[str]:
        """Return the models that a caller may use. Raises: RefusedError."""
        guards, caller = self.admit(header)
        try:
            names = self.gate.list_models()
        except EndpointError as error:
            raise RefusedError(upstream_failed(error.fault)) from None
        allowed = guards.policy(caller.use_case).models
        return [name for name in names if not allowed or name in allowed]

    def is_ready(self) -> bool:
        """Return whether the guards can be read now."""
        try:
            open_guards(guard_folder(self.site))
        except SetupError:
            return False
        return True

    def prepare(self, guards: Guards, caller: Caller, body: bytes) -> Outgoing:
        """Return a request ready to be judged. Raises: RefusedError: it is not taken."""
        try:
            return read_request(guards, caller.use_case, orjson.loads(body))
        except orjson.JSONDecodeError:
            raise RefusedError(BAD_JSON) from None
        except RequestError as error:
            values = {str(name): value for name, value in error.values.items()}
            refusal = Refusal(
                400, "invalid_request_error", error.code, error.message, error.parameter, values
            )
            raise RefusedError(refusal) from None
        except InputError as error:
            refusal = Refusal(
                400, "invalid_request_error", "request_too_long", error.message, "messages", error.values
            )
            raise RefusedError(refusal) from None

    def answer(self, guards: Guards, caller: Caller, outgoing: Outgoing) -> Reply:
        """Return the checked reply to a request; all of it is in the log before it is returned.

        Raises: RefusedError: the request does not go out, or nothing usable came back.
        """
        exchange_id = self._log_request(guards, caller, outgoing)
        if not outgoing.goes_on:
            words = REFUSED_IN if outgoing.treatment is Treatment.REFUSE else PERSON_IN
            values = {"reason": self._speak(outgoing.reasons)}
            raise RefusedError(
                Refusal(400, "invalid_request_error", "content_filter", words, "messages", values)
            )
        started, day = time.monotonic(), tokyo_day(self.site.now())
        reserved = outgoing.talk.tokens + outgoing.talk.answer_tokens
        most = guards.policy(caller.use_case).limits.tokens_per_day
        with self.site.database.write() as connection:
            is_free = reserve_tokens(connection, caller, day, reserved, most)
        if not is_free:
            self._end(exchange_id, FAILED, outgoing, None, 0, started)
            raise RefusedError(NO_TOKENS)
        completion: Completion | None = None
        try:
            account = Account(caller.use_case, Purpose.OTHER, exchange_id)
            completion = self.gate.relay(outgoing.talk, account)
            reply = read_reply(guards, caller.use_case, outgoing, completion)
        except EndpointError as error:
            self._end(exchange_id, FAILED, outgoing, None, 0, started)
            raise RefusedError(upstream_failed(error.fault)) from None
        finally:
            used = completion.tokens_in + completion.tokens_out if completion else 0
            with self.site.database.write() as connection:
                settle_tokens(connection, caller, day, reserved, used)
        self._log_reply(guards, caller, exchange_id, outgoing, reply, used, started)
        return self._shape(exchange_id, outgoing, reply, completion)

    def _log_request(self, guards: Guards, caller: Caller, outgoing: Outgoing) -> str:
        now, policy = self.site.now(), guards.policy(caller.use_case)
        with self.site.database.write() as connection:
            exchange_id = begin_exchange(connection, self.site.keys, caller, outgoing, policy.keep_days, now)
            passing = Passing(caller.use_case, DOOR, Direction.IN, exchange_id)
            fate = FATES[outgoing.treatment]
            note_passing(connection, passing, fate, outgoing.noted, outgoing.reasons, policy.sample, now)
        return exchange_id

    def _log_reply(
        self,
        guards: Guards,
        caller: Caller,
        exchange_id: str,
        outgoing: Outgoing,
        reply: Incoming,
        tokens: int,
        started: float,
    ) -> None:
        now, policy = self.site.now(), guards.policy(caller.use_case)
        is_stopped = reply.treatment in (Treatment.REFUSE, Treatment.HAND_OVER)
        self._end(
            exchange_id,
            STOPPED_OUT if is_stopped else EXCHANGE_DONE,
            outgoing,
            reply,
            tokens,
            started,
        )
        with self.site.database.write() as connection:
            passing = Passing(caller.use_case, DOOR, Direction.OUT, exchange_id)
            fate = FATES[reply.treatment]
            note_passing(connection, passing, fate, reply.noted, reply.reasons, policy.sample, now)

    def _end(
        self,
        exchange_id: str,
        outcome: str,
        outgoing: Outgoing,
        reply: Incoming | None,
        tokens: int,
        started: float,
    ) -> None:
        took = round((time.monotonic() - started) * 1000)
        with self.site.database.write() as connection:
            end_exchange(connection, self.site.keys, exchange_id, outcome, outgoing, reply, tokens, took)

    def _shape(self, exchange_id: str, outgoing: Outgoing, reply: Incoming, completion: Completion) -> Reply:
        is_stopped = reply.treatment in (Treatment.REFUSE, Treatment.HAND_OVER)
        refusal = self.said(REFUSED_OUT, reason=self._speak(reply.reasons)) if is_stopped else ""
        return Reply(
            exchange_id,
            int(self.site.now().timestamp()),
            str(outgoing.talk.body["model"]),
            reply.text,
            refusal,
            "content_filter" if is_stopped else finish_of(completion),
            completion.tokens_in,
            completion.tokens_out,
        )

    def _speak(self, reasons: tuple[str, ...]) -> str:
        return " ".join(self.said(reason) for reason in reasons)


def create_proxy(proxy: Proxy) -> Starlette:
    """Return the proxy as an ASGI application."""

    async def chat(request: Request) -> Response:
        try:
            # Who may not use the proxy does not get a byte of his body read either.
            guards, caller = await run_in_threadpool(proxy.admit, request.headers.get("authorization", ""))
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read_body(request)
            outgoing = await run_in_threadpool(proxy.prepare, guards, caller, body)
        except RefusedError as error:
            return _refuse(proxy, error.refusal)
        except TimeoutError:
            return _refuse(proxy, TOO_SLOW)
        return await _chat(proxy, guards, caller, outgoing)

    async def models(request: Request) -> Response:
        header = request.headers.get("authorization", "")
        try:
            names = await run_in_threadpool(proxy.list_models, header)
        except RefusedError as error:
            return _refuse(proxy, error.refusal)
        wanted = request.path_params.get("name")
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "upstream"} for name in names]
        if wanted is None:
            return _json({"object": "list", "data": rows})
        found = next((row for row in rows if row["id"] == wanted), None)
        return _json(found) if found else _refuse(proxy, NOT_FOUND)

    async def health(_: Request) -> Response:
        return _json({"status": "ok"}) if proxy.is_ready() else _refuse(proxy, NO_GUARD)

    async def elsewhere(_: Request) -> Response:
        return _refuse(proxy, NOT_FOUND)

    every = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return Starlette(
        routes=[
            Route("/v1/chat/completions", chat, methods=["POST"]),
            Route("/v1/models", models, methods=["GET"]),
            Route("/v1/models/{name:path}", models, methods=["GET"]),
            Route("/health", health, methods=["GET"]),
            Route("/{rest:path}", elsewhere, methods=every),
        ]
    )


async def _read_body(request: Request) -> bytes:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise RefusedError(PACKED)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise RefusedError(TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


async def _chat(proxy: Proxy, guards: Guards, caller: Caller, outgoing: Outgoing) -> Response:
    if not proxy.places.acquire(blocking=False):
        return _refuse(proxy, too_many(1.0))
    # The work goes on to its end even when the client goes away: the log must be whole.
    work = proxy.workers.submit(proxy.answer, guards, caller, outgoing)
    work.add_done_callback(lambda _: proxy.places.release())
    waiting = asyncio.wrap_future(work)
    seconds = QUICK_SECONDS if outgoing.is_stream else None
    try:
        done, _ = await asyncio.wait([waiting], timeout=seconds)
        if outgoing.is_stream and not done:
            return _stream(_wait_for(proxy, waiting, with_usage=outgoing.wants_usage))
        reply = await waiting
    except RefusedError as error:
        return _refuse(proxy, error.refusal)
    if outgoing.is_stream:
        return _stream(_pass_on(reply, with_usage=outgoing.wants_usage))
    return _json(reply.whole())


async def _wait_for(
    proxy: Proxy, waiting: asyncio.Future[Reply], *, with_usage: bool
) -> AsyncIterator[bytes]:
    while True:
        yield WAITING
        done, _ = await asyncio.wait([waiting], timeout=PATIENCE_SECONDS)
        if done:
            break
    try:
        reply = await waiting
    except RefusedError as error:
        refusal = error.refusal
        yield to_event(refusal.describe(proxy.said(refusal.message, **(refusal.values or {}))))
        return
    for event in reply.events(with_usage=with_usage):
        yield event


async def _pass_on(reply: Reply, *, with_usage: bool) -> AsyncIterator[bytes]:
    for event in reply.events(with_usage=with_usage):
        yield event


def _stream(events: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(events, headers=HEADERS, media_type="text/event-stream")


def _refuse(proxy: Proxy, refusal: Refusal) -> Response:
    said = proxy.said(refusal.message, **(refusal.values or {}))
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    return JSONResponse(refusal.describe(said), refusal.status, {**HEADERS, **headers})


def _json(value: object) -> Response:
    return JSONResponse(value, headers=HEADERS)


HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
