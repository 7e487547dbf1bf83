"""A case passed on to an office lies there: its people take it, or an operator brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient

from akashi.conversations.cases import find_case
from akashi.domains.assistant.console import open_case
from akashi.domains.assistant.reach import list_offices
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in
from tests.domains.assistant.test_console import MIO, UNANSWERED, wait_for_person

QUEUE = "/assistant/console"
NOTE = "固定金利のご相談。ご来店を希望"
MINATO, URAKI = "minato_haruka", "uraki_shingo"


@pytest.fixture
def passed(sample_site: Site) -> tuple[str, str]:
    """A case that an operator has passed on to the branch of Shirasuna: its path and the customer's token."""
    token, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    path = f"{QUEUE}/{case.id}"
    with open_client(sample_site) as client:
        sign_in(client, MIO.id)
        data = {"target": "office:shirasuna", "briefing": NOTE}
        assert "引き継ぎました" in client.post(f"{path}/transfer", data=data).text
    return path, token


@pytest.fixture
def windows(sample_site: Site) -> Iterator[dict[str, TestClient]]:
    """A window for each of four people."""
    with ExitStack() as stack:
        opened = {}
        for person in (MIO.id, "hamada_sota", MINATO, URAKI):
            opened[person] = stack.enter_context(open_client(sample_site))
            sign_in(opened[person], person)
        yield opened


def test_only_offices_with_people_are_offered(sample_site: Site) -> None:
    offered = {code: people for code, _, people in list_offices(sample_site)}
    assert offered == {"call_center": 3, "shirasuna": 1, "head_office": 1}


def test_people_of_the_office_take_it_with_its_note(
    passed: tuple[str, str], windows: dict[str, TestClient], sample_site: Site
) -> None:
    path, _ = passed
    assert f"{path}/claim" in windows[MINATO].get(QUEUE).text
    desk = windows[MINATO].post(f"{path}/claim").text
    assert NOTE in desk
    assert UNANSWERED in desk
    windows[MINATO].post(f"{path}/send", data={"text": "白砂支店の湊です。"})
    windows[MINATO].post(f"{path}/close", data={"outcome": "solved"})
    with sample_site.database.read() as connection:
        assert find_case(connection, path.rpartition("/")[2]).closed_by == MINATO


def test_another_office_neither_sees_nor_takes_it(
    passed: tuple[str, str], windows: dict[str, TestClient]
) -> None:
    path, _ = passed
    assert path not in windows[URAKI].get(QUEUE).text
    assert windows[URAKI].get(path).status_code == 403
    assert windows[URAKI].post(f"{path}/claim").url.path == QUEUE
    assert windows[URAKI].post(f"{path}/recall").status_code == 403


def test_loan_officers_take_nothing_that_was_not_passed_on(
    sample_site: Site, windows: dict[str, TestClient]
) -> None:
    _, case = wait_for_person(sample_site)
    assert case.id not in windows[MINATO].get(QUEUE).text
    windows[MINATO].post(f"{QUEUE}/{case.id}/claim")
    with sample_site.database.read() as connection:
        assert find_case(connection, case.id).taken_by is None


def test_operators_see_where_it_lies_and_bring_it_back(
    passed: tuple[str, str], windows: dict[str, TestClient]
) -> None:
    path, _ = passed
    operator = windows["hamada_sota"]
    page = operator.get(QUEUE).text
    assert "白砂支店に引継ぎ済み" in page
    assert f"{path}/claim" not in page
    operator.post(f"{path}/claim")
    assert UNANSWERED not in operator.get(path).text
    assert f"{path}/claim" in operator.post(f"{path}/recall").text
    assert UNANSWERED in operator.post(f"{path}/claim").text
    assert "引継ぎ先から引き取った" in operator.get(path).text


def test_customer_reads_where_the_question_is(passed: tuple[str, str], sample_site: Site) -> None:
    with open_client(sample_site) as customer:
        customer.cookies.set("akashi_talk", passed[1])
        page = customer.get("/").text
    assert "ご質問を白砂支店に引き継ぎました" in page
    assert NOTE not in page


@pytest.mark.parametrize("target", ["office:board_office", "office:nowhere", "person:shiraishi_kyoko", ""])
def test_nobody_is_no_target(sample_site: Site, windows: dict[str, TestClient], target: str) -> None:
    _, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    data = {"target": target, "briefing": NOTE}
    assert windows[MIO.id].post(f"{QUEUE}/{case.id}/transfer", data=data).status_code == 422
