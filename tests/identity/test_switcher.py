"""The demo switcher: each condition by itself keeps it shut."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request

from akashi.core.errors import ConflictError, ForbiddenError, NotFoundError
from akashi.core.people import NOBODY, Role
from akashi.identity.seed import seed_people
from akashi.identity.sessions import resolve_actor
from akashi.identity.switcher import list_choices, switch_person
from akashi.platform.meta import write_meta
from akashi.platform.site import Site
from tests.identity.conftest import make_request

PEOPLE: list[dict[str, Any]] = [
    {
        "id": "isobe",
        "name": "磯部 澪",
        "kana": "いそべ みお",
        "romaji": "Isobe Mio",
        "office": "call",
        "roles": ["operator"],
    },
    {
        "id": "nagisa",
        "name": "渚 誠",
        "kana": "なぎさ まこと",
        "romaji": "",
        "office": "risk",
        "roles": ["risk_officer"],
    },
    {"id": "admin1", "name": "甲", "kana": "", "romaji": "", "office": "it", "roles": ["administrator"]},
    {"id": "admin2", "name": "乙", "kana": "", "romaji": "", "office": "it", "roles": ["administrator"]},
]


@pytest.fixture
def sample(site: Site) -> Site:
    """The sample institution."""
    with site.database.write() as connection:
        write_meta(connection, "sample", "yes")
        seed_people(connection, PEOPLE, site.now())
    return site


@pytest.fixture
def sqlite_sample(sqlite_site: Site) -> Site:
    """The sample institution on the embedded database only."""
    with sqlite_site.database.write() as connection:
        write_meta(connection, "sample", "yes")
        seed_people(connection, PEOPLE, sqlite_site.now())
    return sqlite_site


def become(site: Site, person_id: str, **place: str) -> Request:
    """Return the next request of a browser that switched to ``person_id``."""
    token = switch_person(site, make_request(**place), person_id)
    return make_request("POST", {"akashi_session": token})


def test_visitor_becomes_distinct_persons_with_their_roles(sample: Site) -> None:
    first = resolve_actor(sample, become(sample, "isobe"))
    second = resolve_actor(sample, become(sample, "nagisa"))
    assert (first.id, first.roles, first.confirmed) == ("isobe", frozenset({Role.OPERATOR}), True)
    assert (second.id, second.roles) == ("nagisa", frozenset({Role.RISK_OFFICER}))


def test_choices_are_the_people_with_roles_and_mark_the_present_one(sample: Site) -> None:
    request = become(sample, "nagisa")
    choices = list_choices(sample, request, resolve_actor(sample, request))
    assert {choice.id for choice in choices} == {"isobe", "nagisa", "admin1", "admin2"}
    assert [choice.id for choice in choices if choice.current] == ["nagisa"]


def test_database_that_is_not_marked_as_sample_refuses(site: Site) -> None:
    with pytest.raises(ForbiddenError, match="only on this machine"):
        switch_person(site, make_request(), "isobe")
    assert list_choices(site, make_request(), NOBODY) == []


def test_server_that_listens_beyond_loopback_refuses(sample: Site) -> None:
    opened = replace(sample, settings=replace(sample.settings, host="0.0.0.0"))
    with pytest.raises(ForbiddenError):
        switch_person(opened, make_request(), "isobe")
    assert list_choices(opened, make_request(), NOBODY) == []


@pytest.mark.parametrize(
    "place",
    [
        {"host": "akashi.shiomi.example"},
        {"host": "192.0.2.7:8765"},
        {"host": "localhost.evil.example:8765"},
        {"host": "[broken"},
        {"client": "192.0.2.7"},
        {"server": "192.0.2.7"},
        {"forwarded": "for=192.0.2.7"},
        {"x_forwarded_for": "127.0.0.1"},
        {"x_forwarded_host": "localhost"},
        {"x_real_ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
    ],
)
def test_request_that_is_not_plainly_from_this_machine_is_refused(
    sqlite_sample: Site, place: dict[str, str]
) -> None:
    with pytest.raises(ForbiddenError):
        switch_person(sqlite_sample, make_request(**place), "isobe")
    assert list_choices(sqlite_sample, make_request(**place), NOBODY) == []


def test_open_demo_session_dies_with_either_condition(sample: Site) -> None:
    request = become(sample, "isobe")
    opened = replace(sample, settings=replace(sample.settings, host="0.0.0.0"))
    assert resolve_actor(opened, request) is NOBODY
    assert resolve_actor(sample, request) is not NOBODY
    with sample.database.write() as connection:
        write_meta(connection, "sample", "no")
    assert resolve_actor(sample, request) is NOBODY


def test_unknown_person_is_not_found(sample: Site) -> None:
    with pytest.raises(NotFoundError):
        switch_person(sample, make_request(), "nobody")


def test_seeding_twice_changes_nothing(sample: Site) -> None:
    with sample.database.write() as connection:
        assert seed_people(connection, PEOPLE, sample.now()) == 0


def test_seeding_a_real_database_is_refused(site: Site) -> None:
    with site.database.write() as connection, pytest.raises(ConflictError, match="marked as sample"):
        seed_people(connection, PEOPLE, site.now())


def test_seeding_roles_that_must_not_meet_is_refused(site: Site) -> None:
    person = {**PEOPLE[0], "roles": ["administrator", "executive"]}
    with site.database.write() as connection:
        write_meta(connection, "sample", "yes")
        with pytest.raises(ConflictError, match="must not be combined"):
            seed_people(connection, [person], site.now())
