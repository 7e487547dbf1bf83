"""Errors become statuses here and only here: a page for people, JSON for machines."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from akashi.core.errors import (
    AkashiError,
    ConflictError,
    ForbiddenError,
    InputError,
    NotFoundError,
    SetupError,
)
from akashi.identity.limits import LimitedError
from akashi.platform.kit import render_error, translate
from akashi.platform.kit.errors import TROUBLES
from akashi.web.guard import BodyTooLargeError, SignInRequiredError

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[AkashiError], int], ...] = (
    (LimitedError, 429),
    (NotFoundError, 404),
    (ConflictError, 409),
    (InputError, 422),
    (SignInRequiredError, 401),
    (ForbiddenError, 403),
    (SetupError, 503),
)


def install_handlers(app: FastAPI) -> None:
    """Make ``app`` answer every error of ours with the right status and one clear sentence."""
    app.add_exception_handler(AkashiError, _answer_akashi_error)
    app.add_exception_handler(RequestValidationError, _answer_malformed)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(BodyTooLargeError, _answer_too_large)
    app.add_exception_handler(Exception, _answer_fault)


def _answer_akashi_error(request: Request, error: Exception) -> Response:
    if isinstance(error, SignInRequiredError) and request.method == "GET" and not _wants_json(request):
        target = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        return RedirectResponse(f"/identity/sign-in?next={target}", status_code=303)
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    if not isinstance(error, InputError):
        return _answer(request, status, str(error) if status < 500 else "")
    message = translate(request, error.message, **error.values)
    next_step = translate(request, error.next_step, **error.values)
    response = _answer(request, status, message, error.where, next_step)
    if isinstance(error, LimitedError):
        response.headers["Retry-After"] = str(error.values["seconds"])
    return response


def _answer_malformed(request: Request, error: Exception) -> Response:
    fields = error.errors() if isinstance(error, RequestValidationError) else []
    return _answer(request, 422, where=", ".join(str(item["loc"][-1]) for item in fields))


def _answer_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    response = _answer(request, status)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _answer_too_large(request: Request, _error: Exception) -> Response:
    return _answer(request, 413)


def _answer_fault(request: Request, error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.error("unforeseen error %s on %s", reference, request.scope.get("path"), exc_info=error)
    return _answer(request, 500, reference=reference)


def _answer(
    request: Request,
    status: int,
    message: str = "",
    where: str = "",
    next_step: str = "",
    reference: str = "",
) -> Response:
    if not _wants_json(request):
        return render_error(request, status, message, where, next_step, reference)
    trouble = TROUBLES.get(status) or TROUBLES[500 if status >= 500 else 400]
    said = {
        "message": translate(request, message or trouble.what),
        "where": where,
        "next_step": translate(request, next_step or trouble.next_step),
    }
    return JSONResponse({**said, **({"reference": reference} if reference else {})}, status)


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or (
        "application/json" in accept and "text/html" not in accept
    )
