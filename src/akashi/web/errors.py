"""Errors become statuses here and only here: a page for people, JSON for machines."""

from __future__ import annotations

import logging
from http import HTTPStatus
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
from akashi.platform.kit import render, translate
from akashi.web.guard import BodyTooLargeError, SignInRequiredError

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[AkashiError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (InputError, 422),
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
    status = 401 if isinstance(error, SignInRequiredError) else status
    if isinstance(error, InputError):
        values = {**error.values, "where": error.where}
        return _answer(request, status, error.message, error.where, error.next_step, values)
    return _answer(request, status, str(error))


def _answer_malformed(request: Request, error: Exception) -> Response:
    fields = error.errors() if isinstance(error, RequestValidationError) else []
    where = ", ".join(str(item["loc"][-1]) for item in fields)
    return _answer(request, 422, "The request is not complete.", where, "Check the fields and send it again.")


def _answer_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = {404: "This page does not exist.", 405: "This page does not take that kind of request."}
    return _answer(request, status, message.get(status, HTTPStatus(status).phrase))


def _answer_too_large(request: Request, error: Exception) -> Response:
    return _answer(request, 413, "The request is too large.")


def _answer_fault(request: Request, error: Exception) -> Response:
    log.error("unhandled error on %s", request.scope.get("path"), exc_info=error)
    return _answer(
        request,
        500,
        "Something went wrong on our side.",
        next_step="Nothing was changed. Please try again later.",
    )


def _answer(
    request: Request,
    status: int,
    message: str,
    where: str = "",
    next_step: str = "",
    values: dict[str, object] | None = None,
) -> Response:
    fields = values or {}
    sentence = translate(request, message, **fields)
    advice = translate(request, next_step, **fields) if next_step else ""
    if _wants_json(request):
        body = {"error": {"message": sentence, "where": where, "next_step": advice}}
        return JSONResponse(body, status)
    context = {"status": status, "message": sentence, "where": where, "next_step": advice}
    return render(request, "kit/error.html", context, status_code=status)


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or (
        "application/json" in accept and "text/html" not in accept
    )
