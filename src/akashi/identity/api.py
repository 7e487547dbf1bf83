"""JSON API of the two passkey ceremonies: enrolment and sign-in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from akashi.identity.enrolment import begin_enrolment, finish_enrolment
from akashi.identity.model import CHALLENGE_LIFETIME
from akashi.identity.sessions import COOKIE, cookie_name, set_cookie
from akashi.identity.sign_in import CEREMONY_COOKIE, begin_sign_in, finish_sign_in
from akashi.platform.kit.responses import is_local
from akashi.platform.requests import SiteDep
from akashi.platform.site import Site

router = APIRouter(prefix="/api/identity", tags=["identity"])

START = "/"


class SignInAnswer(BaseModel):
    """A passkey's answer to the sign-in question, and the page wanted afterwards."""

    credential: dict[str, Any]
    next: str = Field(START, max_length=2000)


class EnrolmentQuestion(BaseModel):
    """The token of an enrolment link."""

    token: str = Field(max_length=200)


class EnrolmentAnswer(EnrolmentQuestion):
    """The token again, with the new passkey."""

    credential: dict[str, Any]


@router.post("/sign-in/options")
def ask_sign_in(request: Request, site: SiteDep) -> JSONResponse:
    """Return the question that a passkey must answer within two minutes, from this browser."""
    options, browser = begin_sign_in(site, request)
    return _with_ceremony(site, {"publicKey": options}, browser)


@router.post("/sign-in")
def answer_sign_in(request: Request, site: SiteDep, answer: SignInAnswer) -> JSONResponse:
    """Open a session for the owner of the passkey and return where to go."""
    token = finish_sign_in(site, request, answer.credential)
    response = JSONResponse({"next": answer.next if is_local(answer.next) else START})
    set_cookie(response, site.settings, COOKIE, token)
    response.delete_cookie(cookie_name(site.settings, CEREMONY_COOKIE), path="/")
    return response


@router.post("/enrolment/options")
def ask_enrolment(request: Request, site: SiteDep, question: EnrolmentQuestion) -> JSONResponse:
    """Return what a new passkey is made of; the link stays good until the passkey is registered."""
    options, person, browser = begin_enrolment(site, request, question.token)
    return _with_ceremony(site, {"publicKey": options, "name": person.name}, browser)


@router.post("/enrolment")
def answer_enrolment(request: Request, site: SiteDep, answer: EnrolmentAnswer) -> JSONResponse:
    """Register the passkey, use the link up, and return the code for the second administrator."""
    credential = finish_enrolment(site, request, answer.token, answer.credential)
    response = JSONResponse({"code": credential.code})
    response.delete_cookie(cookie_name(site.settings, CEREMONY_COOKIE), path="/")
    return response


def _with_ceremony(site: Site, content: dict[str, Any], browser: str) -> JSONResponse:
    response = JSONResponse(content)
    seconds = int(CHALLENGE_LIFETIME.total_seconds())
    set_cookie(response, site.settings, CEREMONY_COOKIE, browser, seconds)
    return response
